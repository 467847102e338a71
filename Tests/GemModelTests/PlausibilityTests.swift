import Foundation
import GemModel
import Testing

@Suite("What looks odd about a piece")
struct PlausibilityTests {
    static func findings(_ text: String) throws -> [Finding] { try KindTests.piece(#"{"kind":\#(text)}"#).findings }

    static func stone(_ members: String) throws -> [Finding] { try findings(#""stone","stone":{\#(members)}"#) }

    @Test(
        "readings are judged by the typical range, the envelope and the instrument's error",
        arguments: [
            (#""species":"topaz","tests":{"ri":["1.619","1.627"],"sg":"3.53"}"#, []),
            // Katlang topaz is rich in OH: within the envelope.
            (#""species":"topaz","tests":{"ri":["1.629","1.637"]}"#, ["ri note"]),
            (#""species":"topaz","tests":{"ri":["1.638","1.646"]}"#, ["ri unusual"]),
            (#""species":"topaz","tests":{"ri":["1.544","1.553"],"sg":"2.65"}"#, ["ri implausible", "sg implausible"]),
            (#""species":"beryl","tests":{"ri":["1.577","1.583"],"sg":"2.74"}"#, []),
            (#""species":"quartz","tests":{"sg":"2.70"}"#, ["sg unusual"]),
            (#""species":"quartz","weightCt":"0.50","tests":{"sg":"2.77"}"#, ["sg unusual"]),
            (#""species":"quartz","weightCt":"5.00","tests":{"sg":"2.77"}"#, ["sg implausible"]),
            (#""species":"quartz","tests":{"hardness":"7"}"#, []),
            (#""species":"quartz","tests":{"hardness":"9"}"#, ["hardness implausible"]),
            (#""species":"spinel","tests":{"opticCharacter":"biaxial +"}"#, ["optic-character unusual"]),
            (#""species":"quartz","tests":{"opticCharacter":"Uniaxial -"}"#, ["optic-character note"]),
            (#""species":"quartz","tests":{"opticCharacter":"uniaxial positive"}"#, []),
            (#""species":"turquoise","tests":{"opticCharacter":"AGG"}"#, []),
            (#""species":"tourmaline","tests":{"birefringence":"0.018"}"#, []),
            (#""species":"tourmaline","tests":{"birefringence":"0.020"}"#, ["birefringence note"]),
            (#""species":"tourmaline","tests":{"birefringence":"0.040"}"#, ["birefringence implausible"]),
            // Two readings of one side of the stone say less than its whole birefringence.
            (#""species":"tourmaline","tests":{"ri":["1.622","1.624"]}"#, []),
            (#""species":"pearl","tests":{"spotRi":"1.40"}"#, []),
            (#""species":"beryl","nature":"imitation","tests":{"ri":["1.50","1.50"]}"#, []),
            (#""species":"topaz","tests":{"airWeightCt":"10.00","waterWeightCt":"7.16"}"#, []),
            (
                #""species":"topaz","tests":{"sg":"3.53","airWeightCt":"10.00","waterWeightCt":"6.23"}"#,
                ["hydrostatic implausible"]
            ),
            (
                #""species":"topaz","tests":{"airWeightCt":"10.00","waterWeightCt":"10.00"}"#,
                ["hydrostatic implausible"]
            ),
        ])
    func readings(members: String, expected: [String]) throws {
        #expect(try Self.stone(members).map { "\($0.code) \($0.severity.rawValue)" } == expected)
    }

    @Test("a quartz sold as topaz is told what its readings fit")
    func candidates() throws {
        let finding = try #require(
            try Self.stone(#""species":"topaz","tests":{"ri":["1.544","1.553"],"sg":"2.65"}"#).first)

        #expect(finding.message.contains("1.544–1.553 / 2.65 fits quartz"))
        #expect(finding.message.hasSuffix("not topaz"))
        #expect(finding.candidates?.count == 5)
        #expect(finding.candidates?.first?.species == "quartz")
        #expect(finding.candidates?.first?.fit == 100)
        #expect(finding.candidates?.contains { $0.species == "synthetic-quartz-hydrothermal" } == true)
        #expect(finding.candidates?.map(\.fit) == finding.candidates?.map(\.fit).sorted(by: >))
    }

    @Test(
        "other contradictions are found, none refuses",
        arguments: [
            (#""stone","stone":{"species":"quartz","variety":"emerald"}"#, ["variety-species implausible"]),
            (#""stone","stone":{"species":"corundum","variety":"pigeon's blood"}"#, ["trade-term note"]),
            (#""stone","stone":{"nature":"laboratory_grown","species":"beryl"}"#, ["growth-method-missing note"]),
            (#""stone","stone":{"treatments":[{"code":"HT","degree":"significant"}]}"#, ["treatment-degree note"]),
            (#""stone","stone":{"treatments":[{"code":"OIL","degree":"minor"}]}"#, []),
            (#""stone","stone":{"species":"corundum","variety":"padparadscha"}"#, ["padparadscha-stability note"]),
            (
                #""stone","stone":{"weightCt":"2.00"},"price":{"total":{"amount":"200.00","currency":"USD"},"perCarat":{"amount":"100.00","currency":"USD"}}"#,
                []
            ),
            (
                #""stone","stone":{"weightCt":"2.00"},"price":{"total":{"amount":"202.00","currency":"USD"},"perCarat":{"amount":"100.00","currency":"USD"}}"#,
                ["price-total unusual"]
            ),
            (
                #""stone","stone":{"nature":"natural","species":"beryl","variety":"emerald"},"hs":"7103.99""#,
                ["hs-heading note"]
            ),
            (#""stone","stone":{"nature":"natural","species":"beryl","variety":"emerald"},"hs":"7103.91.00""#, []),
            (#""parcel","parcel":{"pieces":100,"averageWeightCt":"0.25","totalWeightCt":"25.3"}"#, []),
            (
                #""parcel","parcel":{"pieces":100,"averageWeightCt":"0.25","totalWeightCt":"36.40"}"#,
                ["parcel-total unusual"]
            ),
            (
                #""pair","pair":{"stones":[{"species":"beryl","weightCt":"1.00"},{"species":"beryl","weightCt":"1.06"}]}"#,
                ["pair-weight unusual"]
            ),
            (#""pair","pair":{"stones":[{"species":"beryl"},{"species":"quartz"}]}"#, ["pair-species unusual"]),
            (
                #""set","set":{"totalWeightCt":"3.00","stones":[{"weightCt":"1.00"},{"weightCt":"1.50"}]}"#,
                ["stones-total unusual"]
            ),
            (#""pearl","pearl":{"identification":"natural"}"#, ["pearl-natural-unproven unusual"]),
            (#""pearl","pearl":{"identification":{"value":"natural","basis":"external"}}"#, []),
            (#""rough","rough":{"species":"diamond","nature":"natural"}"#, ["kimberley-missing note"]),
            (
                #""rough","rough":{"species":"diamond","nature":"natural","kimberley":{"number":"ZA 12","issuingCountry":"NA"}}"#,
                ["kimberley-number unusual"]
            ),
            (#""rough","rough":{"weightCt":"50.0","weightG":"10.0"}"#, []),
            (#""rough","rough":{"weightCt":"50.0","weightG":"11.0"}"#, ["weight-twice unusual"]),
            (
                #""jewellery","jewellery":{"grossWeightG":"5.000","metals":[{"metal":"gold","karat":18,"weightG":"4.780"}],"stones":[{"weightCt":"1.10"}]}"#,
                []
            ),
            (
                #""jewellery","jewellery":{"grossWeightG":"5.000","metals":[{"metal":"gold","karat":18,"weightG":"4.000"}],"stones":[{"weightCt":"1.10"}]}"#,
                ["net-metal implausible"]
            ),
            (
                #""jewellery","jewellery":{"grossWeightG":"0.100","stones":[{"weightCt":"1.10"}]}"#,
                ["net-metal implausible"]
            ),
            (
                #""jewellery","jewellery":{"metals":[{"metal":"gold","karat":14}],"hallmarks":[{"type":"fineness","text":"750"}]}"#,
                ["hallmark-fineness unusual"]
            ),
            (#""jewellery","jewellery":{"metals":[{"metal":"gold","karat":8}]}"#, ["fineness-low note"]),
        ])
    func contradictions(text: String, expected: [String]) throws {
        #expect(try Self.findings(text).map { "\($0.code) \($0.severity.rawValue)" } == expected)
    }

    @Test(
        "the fill factor's limits follow the shape and the cut",
        arguments: [
            // 8 × 6 × 4 mm of beryl (2.725): .3523 is 0.922 ct.
            (#""shape":"OV","weightCt":"0.92""#, nil), (#""shape":"OV","weightCt":"1.14""#, nil),
            (#""shape":"OV","weightCt":"1.17""#, Finding.Severity.unusual),
            (#""shape":"OV","weightCt":"1.70""#, .implausible),
            // A dome: .5236 is 1.37 ct.
            (#""shape":"OV","cut":"cabochon","weightCt":"1.85""#, nil),
            (#""shape":"OV","cut":"cabochon","weightCt":"2.00""#, .unusual),
            // A step cut of 1.33 : 1 takes .500, that is 1.31 ct.
            (#""shape":"EM","weightCt":"1.60""#, nil), (#""shape":"EM","weightCt":"1.70""#, .unusual),
            (#""shape":"ROU","weightCt":"9""#, nil), (#""shape":"OV","cut":"carved","weightCt":"9""#, nil),
        ])
    func fillFactor(members: String, severity: Finding.Severity?) throws {
        let findings = try Self.stone(
            #""species":"beryl","measurementsMm":{"length":"8","width":"6","depth":"4"},\#(members)"#)

        #expect(findings.first { $0.code == "fill-factor" }?.severity == severity)
    }
}

/// Real stones of other people, which stay where they are.
enum SharedDiamonds {
    static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data/diamonds.csv").standardized
    static var isThere: Bool { FileManager.default.fileExists(atPath: file.path) }
}

@Suite("53,940 round diamonds", .enabled(if: SharedDiamonds.isThere, "the shared data are not at hand"))
struct DiamondsTests {
    /// Computed here from the documented limits alone, with whole numbers where a limit may be met exactly.
    static func expected(_ row: [String]) -> [String] {
        func hundredths(_ text: String) -> Int { Int((Double(text)! * 100).rounded()) }
        let (carat, depthPct) = (Double(row[0])!, Int((Double(row[4])! * 10).rounded()))
        let (x, y, z) = (hundredths(row[7]), hundredths(row[8]), hundredths(row[9]))
        var codes: [String] = []
        if abs(x - y) * 100 > 5 * max(x, y) { codes.append("out-of-round unusual") }
        let factor = carat / (0.005 * 3.52 * Double(x * y * z) / 1e6)
        let away = abs(factor / 0.3476 - 1)
        if away > 0.08 {
            codes.append("fill-factor " + (away > 0.45 ? "implausible" : away > 0.15 ? "unusual" : "note"))
        }
        // depth ÷ mean diameter in tenths of a percent: 2000 z ÷ (x + y).
        let gap = abs(2000 * z - depthPct * (x + y))
        if gap > 3 * (x + y) {
            codes.append(
                "depth-percent " + (gap > 30 * (x + y) ? "implausible" : gap > 10 * (x + y) ? "unusual" : "note"))
        }
        return codes
    }

    @Test("are flagged exactly beyond the documented limits, and zero dimensions are refused")
    func flags() throws {
        let lines = try String(contentsOf: SharedDiamonds.file, encoding: .utf8).split(separator: "\n").dropFirst()
        var (rows, refused, unusual) = (0, 0, 0)
        var wrong: [String] = []
        for line in lines {
            rows += 1
            let row = line.split(separator: ",").map(String.init)
            let document = """
                {"kind":"stone","stone":{"species":"diamond","shape":"R","weightCt":"\(row[0])",\
                "measurementsMm":{"length":"\(row[7])","width":"\(row[8])","depth":"\(row[9])"},\
                "diamond":{"depthPct":"\(row[4])"}}}
                """
            guard let piece = try? KindTests.piece(document) else {
                refused += 1
                if ![row[7], row[8], row[9]].contains(where: { Double($0) == 0 }) { wrong.append("refused: \(line)") }
                continue
            }
            let found = piece.findings.map { "\($0.code) \($0.severity.rawValue)" }
            if found.contains(where: { $0.hasPrefix("fill-factor") && !$0.hasSuffix("note") }) { unusual += 1 }
            if found != Self.expected(row) { wrong.append("\(line): \(found)") }
        }

        #expect(rows == 53_940)
        #expect(refused == 20)
        #expect(unusual == 40)
        #expect(wrong == [])
    }
}
