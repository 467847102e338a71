import Foundation
import Testing

@testable import GemModel
@testable import GemPrint

/// What stands on a paper: the trade's words in both languages, whole, and each in a place of its own.
@Suite("Words of a paper") struct PaperWordsTests {
    struct Sample: CustomTestStringConvertible {
        var name: String
        var statement: JSON
        /// In its English text, line breaks apart.
        var words: [String]
        /// Codes and member names that must have become words.
        var raw: [String]
        var testDescription: String { name }
    }

    static let samples: [Sample] = {
        func statement(_ piece: String, _ letter: String, _ extra: String) -> JSON {
            try! PressTests.statement(piece, letter: letter, extra: extra)
        }
        let examined = """
            ,"lab":{"code":"GGL","name":"Gemstone laboratory","place":"Namak Mandi, Peshawar"},"condition":"loose, clean",
            "receivedOn":"2026-11-18","examinedOn":"2026-11-20","examiners":[{"member":"m-1","name":"Ayesha Khan"},
            {"member":"m-2","name":"Bilal Ahmed"}],"approver":{"member":"m-3","name":"Zahra Malik"},"methods":["microscopy","FTIR"],
            "uncertainty":"weight ± 0.002 ct (k = 2)","instruments":[{"name":"Balance MSE","calibratedOn":"2026-10-01","dueOn":"2027-10-01"}],
            "scope":"The results relate only to the item examined.","opinions":["stone.origin","stone.clarity","stone.colour.text"]
            """
        return [
            Sample(
                name: "a coloured stone", statement: statement(PressTests.emerald, "D", PressTests.declared),
                words: [
                    "Emerald", "Natural beryl", "3.274 ct", "9.42 × 7.88 × 5.61 mm", "emerald cut", "step cut",
                    "Fissures filled with colourless oil or wax · minor", "Consistent with Mingora, Swat, Pakistan",
                    "Declared by the dealer, unless said otherwise", "Swat Gems, Mingora", "measured",
                ], raw: ["PK", "OIL", "EM", "moderately_included", "consistent_with", "swatgems"]),
            Sample(
                name: "a diamond",
                statement: statement(
                    """
                    {"id":"p5","kind":"stone","basis":"declared","title":"Round brilliant diamond","stone":{"nature":"natural","species":"diamond",
                    "weightCt":"1.01","measurementsMm":{"length":"6.45","width":"6.42","depth":"3.98"},"shape":"R","cut":"brilliant",
                    "treatments":[{"code":"NT"}],"diamond":{"colour":"F","clarity":"VS1","cut":"EX","polish":"EX","symmetry":"VG",
                    "fluorescence":"FNT","fluorescenceColour":"blue","tablePct":"57","crownAngle":"34.5","girdle":"MED-STK",
                    "girdleCondition":"faceted","culet":"NON","eyeClean":true,"blackInclusions":["BT0","BC1"],
                    "inscriptions":["GIA 2141438171"],"keyToSymbols":[{"order":1,"characteristic":"crystal","position":"table"}]}}}
                    """, "D", PressTests.declared),
                words: [
                    "Diamond", "VS1 (very slightly included)", "F · VS1", "excellent", "very good", "faint", "57 %",
                    "34.5°",
                    "medium to slightly thick", "Clean to the eye", "yes", "Not tested for treatment",
                    "crystal (table)",
                    "GIA 2141438171",
                ], raw: ["EX", "VG", "FNT", "MED-STK", "NON", "BT0", "BC1", "NT", "tablePct", "Pct"]),
            Sample(
                name: "a parcel",
                statement: statement(
                    """
                    {"id":"p2","kind":"parcel","basis":"declared","title":"Pink tourmaline, Paprok","parcel":{"nature":"natural",
                    "species":"tourmaline","variety":"rubellite","pieces":48,"totalWeightCt":"62.40","averageWeightCt":"1.30","shape":"OV",
                    "sizeRange":{"min":"6.0","max":"8.5"},"sealNumber":"S-118","treatments":[{"code":"NT"}],
                    "origin":{"country":"AF","region":"Nuristan"}}}
                    """, "D", PressTests.declared),
                words: [
                    "Rubellite", "Parcel of 48, natural tourmaline", "Total weight", "62.40 ct", "6.0–8.5 mm",
                    "Nuristan, Afghanistan", "Seal",
                ], raw: ["OV", "AF", "NT", "totalWeightCt", "min", "max"]),
            Sample(
                name: "a ring",
                statement: statement(
                    """
                    {"id":"p3","kind":"jewellery","basis":"declared","title":"Ring with ruby","jewellery":{"type":"ring",
                    "size":{"system":"US","value":"7"},"grossWeightG":"7.85","metals":[{"metal":"gold","karat":22,"testedHow":"XRF"}],
                    "hallmarks":[{"type":"fineness","text":"916"}],"handmade":true,"stones":[{"role":"centre","species":"corundum",
                    "variety":"ruby","nature":"natural","shape":"OV","weightCt":"1.52","treatments":[{"code":"HT","degree":"TE"}]},
                    {"role":"side","count":12,"species":"diamond","nature":"natural","shape":"R","weightCt":"0.36"}]}}
                    """, "D", PressTests.declared),
                words: [
                    "Ring", "Gold, 22 karat", "ruby 1.52 ct, 12 × diamond 0.36 ct", "7 · United States",
                    "X-ray fluorescence",
                    "fineness mark · 916", "centre stone", "Heated · indications of heating", "Made by hand",
                ], raw: ["HT", "TE", "XRF", "US", "OV", "grossWeightG"]),
            Sample(
                name: "an examination",
                statement: statement(
                    """
                    {"id":"p1","kind":"stone","basis":"measured","stone":{"nature":"natural","species":"corundum","variety":"sapphire",
                    "weightCt":"4.118","measurementsMm":{"length":"10.21","width":"8.36","depth":"5.40"},"shape":"CU","cut":"mixed",
                    "colour":{"text":{"value":"medium blue","basis":"graded"},"hue":"vB","tone":6},
                    "clarity":{"value":"eye_clean","basis":"graded"},"tests":{"ri":["1.762","1.770"],"opticCharacter":"uniaxial -",
                    "sg":"4.00","uvLong":"inert","pleochroism":["blue","greenish blue"],"analyses":[{"method":"FTIR","result":"no band"}]},
                    "treatments":[{"code":"HT","degree":"TE"},{"code":"DI","element":"Be","extent":"deep"}],
                    "origin":{"country":"LK","confidence":"consistent_with","basis":"graded"}}}
                    """, "E", examined),
                words: [
                    "LABORATORY REPORT", "Sapphire", "Measured, unless said otherwise", "graded", "1.762–1.770",
                    "uniaxial, negative", "violetish blue", "Consistent with Sri Lanka",
                    "Heated · indications of heating",
                    "Element: Be", "Ayesha Khan", "Zahra Malik", "weight ± 0.002 ct (k = 2)",
                    "calibrated on 2026-10-01, next by 2027-10-01", "Origin, clarity, colour", "2026-11-18",
                    "infrared spectroscopy (FTIR) · no band",
                ],
                raw: [
                    "vB", "CU", "eye_clean", "HT", "TE", "DI", "LK", "m-1", "uvLong", "stone.origin", "opticCharacter",
                ]),
            Sample(
                name: "a check that finds another stone",
                statement: statement(
                    PressTests.emerald, "C",
                    """
                    ,"compared":{"number":"GGAPCP-26E-000101-3MWKX"},"result":"mismatch","checkedOn":"2026-11-20","methods":["microscopy"],
                    "examiners":[{"member":"m-1","name":"Ayesha Khan"}],"approver":{"member":"m-3","name":"Zahra Malik"}
                    """),
                words: [
                    "It does not match the earlier record", "It does not match the record", "GGAPCP-26E-000101-3MWKX",
                    "Result", "It does not match", "Checked on", "Zahra Malik",
                ], raw: ["mismatch", "m-3", "consistent_with"]),
            Sample(
                name: "another laboratory's report",
                statement: statement(
                    PressTests.diamond, "X",
                    """
                    ,"report":{"lab":"GIA","number":"2141438171","fields":{"Carat Weight":"1.01","Color Grade":"F"},"checkedOn":"2026-11-19"},
                    "recordedBy":{"party":"SWAT","name":"Swat Gems, Mingora"}
                    """),
                words: [
                    "Copy of a report by another laboratory", "Not vouched for by the issuer", "Copied from",
                    "GIA 2141438171",
                    "Carat Weight", "Last checked", "Recorded by", "Swat Gems, Mingora",
                ], raw: ["SWAT", "VG"]),
        ]
    }()

    static func text(_ pdf: [UInt8], _ options: String = "") throws -> String? {
        guard SignedPaperTests.has("pdftotext") else { return nil }
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("words-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data(pdf).write(to: directory.appendingPathComponent("p.pdf"))
        return try SignedPaperTests.run("pdftotext \(options) p.pdf -", in: directory).output
    }

    /// One blank between words, as they are read.
    static func flat(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    @Test("says in words what is coded, and shows no code and no member name", arguments: samples)
    func words(sample: Sample) throws {
        let pdf = try Press().print(PressTests.paper(sample.statement), form: .a4, language: .english)
        guard let raw = try Self.text(pdf) else { return }
        let (text, laid) = (Self.flat(raw), Self.flat(try Self.text(pdf, "-layout") ?? ""))
        for word in sample.words { #expect(text.contains(word) || laid.contains(word), "\(word): \(text)") }
        let shown = Set(text.split { !($0.isLetter || $0.isNumber || "_-.".contains($0)) }.map(String.init))
        let number = sample.statement["number"]!.string!
        for code in sample.raw { #expect(!shown.contains(code), "\(code) in \(text)") }
        for member in MemberNames.all where member.contains(where: \.isUppercase) {
            #expect(!shown.contains(member), "\(member)")
        }
        #expect(shown.contains(number) && text.contains("End of document"))
    }

    @Test("the Urdu paper names every row in Urdu, and every code that has an Urdu word", arguments: samples)
    func urdu(sample: Sample) throws {
        let facts = Facts(statement: sample.statement, language: .urdu)
        #expect(facts.rows.count > 8)
        for row in facts.rows {
            let latin = row.name.ur.filter { $0.isASCII && $0.isLetter }
            #expect(latin.isEmpty, "\(row.name.ur)")
            for code in sample.raw where code.count > 2 { #expect(!row.value.contains(code), "\(row.value)") }
        }
        let card = try Press().print(PressTests.paper(sample.statement), form: .card, language: .urdu)
        #expect(card.count > 4000)
    }

    /// Never part of a certificate (Piece.certifiedFacts), or no row of its own.
    static let never: Set<String> = [
        "amount", "at", "authority", "basis", "brand", "bullets", "buyer", "by", "cost", "currency", "department",
        "description", "expiresOn", "exporter", "externalIds", "gtin", "hs", "importer", "instrument", "issuedOn",
        "issuingCountry", "keywords", "kimberley", "landedCost", "leadTimeDays", "location", "makingCharge",
        "memoPrice",
        "metalLinked", "minimumPrice", "mixedOrigin", "moq", "originCountry", "packagingText", "packed", "perCarat",
        "price", "priceBasis", "prices", "private", "public", "stockNumber", "stonesValue", "suggestedPrice", "tiers",
        "total", "validation",
    ]

    @Test("every member of the data dictionary that a certificate may hold has words in both languages")
    func everyMember() {
        for member in MemberNames.all where !Self.never.contains(member) {
            let words = FactWords.of(member)
            #expect(words != nil, "\(member)")
            #expect(words?.names.ur.contains { $0.unicodeScalars.first!.value > 0x600 } == true, "\(member)")
            if let list = words?.list { #expect(CodeList.named(list) != nil, "\(member): \(list)") }
        }
    }

    @Test("every word lies on the page, and none upon another", arguments: samples)
    func layout(sample: Sample) throws {
        for form in Paper.Form.allCases {
            let pdf = try Press().print(PressTests.paper(sample.statement), form: form, language: .english)
            guard let pages = try Self.text(pdf, "-bbox") else { return }
            let (width, height) = form == .a4 ? (595.3, 841.9) : (242.7, 153.1)
            for page in pages.components(separatedBy: "<page ").dropFirst() {
                var boxes: [(box: [Double], word: String)] = []
                for line in page.split(separator: "\n") where line.contains("<word ") {
                    let numbers = line.split(separator: "\"").compactMap { Double($0) }
                    guard numbers.count == 4 else { continue }
                    boxes.append((numbers, String(line.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" })))
                }
                #expect(boxes.count > 5)
                let edge = form == .a4 ? 40.0 : 6.0
                for (box, word) in boxes {
                    #expect(box[0] > edge && box[2] < width - edge, "\(word) \(box)")
                    #expect(box[1] > 2 && box[3] < height - 2, "\(word) \(box)")
                }
                for (index, one) in boxes.enumerated() {
                    for other in boxes.dropFirst(index + 1) {
                        // The middle of the letters: boxes of lines beneath each other may touch.
                        let a = one.box[1] * 0.7 + one.box[3] * 0.3...one.box[1] * 0.3 + one.box[3] * 0.7
                        let b = other.box[1] * 0.7 + other.box[3] * 0.3...other.box[1] * 0.3 + other.box[3] * 0.7
                        let across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
                        #expect(!(a.overlaps(b) && across > 1), "\(one) lies upon \(other)")
                    }
                }
            }
        }
    }

    @Test("the photograph's hash stands whole on its line, as it must be compared")
    func hash() throws {
        let hash = "3f9a0c5b7e21d48a6c0b92e7f15d3a8c4b6e7d90a1f2c3b4d5e6f708192a3b4c"
        let statement = Self.samples[0].statement.setting(
            "images", to: .array([.object(["role": "face_up", "publicSha256": .string(hash)])]))
        for language in [Disclosure.Language.english, .urdu] {
            let pdf = try Press().print(PressTests.paper(statement), form: .a4, language: language)
            guard let text = try Self.text(pdf) else { return }
            #expect(text.contains(hash), "\(text)")
        }
    }

    @Test("a declaration of one stone fits on one page, and the longest paper ends with its mark")
    func pages() throws {
        let one = try Press().print(
            PressTests.paper(Self.samples[0].statement), form: .a4, language: .english)
        guard let text = try Self.text(one) else { return }
        #expect(text.contains("Page 1 of 1"))
        let long = try PressTests.statement(
            PressTests.emerald.replacing("Emerald from Mingora", with: String(repeating: "long words ", count: 2000)),
            extra: PressTests.declared)
        let pdf = try Press().print(PressTests.paper(long), form: .a4, language: .english)
        let many = try #require(try Self.text(pdf))
        #expect(many.components(separatedBy: "End of document").count == 2)
        #expect(many.components(separatedBy: "long words").count == 2001)
    }
}
