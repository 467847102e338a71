import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("statements")
struct StatementTests {
    @Test("the bytes are canonical JSON with the members of the contract, and pass the linter")
    func bytes() throws {
        let bytes = try Council.statement().bytes
        let json = try JSON(parsing: bytes)

        #expect(try json.canonical() == bytes)
        #expect(
            json.members?.map(\.name) == [
                "@type", "class", "declarant", "disclosure", "images", "issuedAt", "issuer", "limits", "log", "nonce",
                "number", "piece", "status", "timestamp", "verify",
            ])
        #expect(json["issuedAt"] == "2026-11-21T09:30:00.250Z")
        #expect(json["timestamp"] == "none")
        let facts = try StatementLinter.check(bytes)
        #expect(facts.number == Council.number())
        #expect(facts.certificateClass == .declaration)
        #expect(facts.issuedAt == Council.issued)
        #expect(facts.statusIndex == 4172)
        #expect(facts.logOrigin == "gems.example/log")
    }

    @Test("a superseded certificate is named with its hash")
    func supersedes() throws {
        var statement = Council.statement()
        statement.supersedes = .init(number: Council.number(12), sha256: SHA256.hash([3]))

        let json = try JSON(parsing: statement.bytes)

        #expect(json["supersedes"]?["number"]?.string == Council.number(12).description)
        _ = try StatementLinter.check(statement.bytes)
    }

    @Test("texts typed decomposed are composed, absent facts are left out")
    func composed() throws {
        var statement = Council.statement()
        statement.piece = .object(["title": "e\u{301}meraude \u{627}\u{653}", "cut": .null])

        let bytes = try statement.bytes

        #expect(String(decoding: bytes, as: UTF8.self).contains(#""piece":{"title":"émeraude آ"}"#))
        #expect(bytes.contains(Array("\u{E9}meraude \u{622}".utf8)))
        _ = try StatementLinter.check(bytes)
    }

    @Test("a number that canonical JSON cannot carry is refused")
    func number() {
        var statement = Council.statement()
        statement.piece = .object(["weightCt": .number("1.58")])

        #expect(throws: JSONError.self) { try statement.bytes }
    }
}

@Suite("the statement linter")
struct StatementLinterTests {
    private let good = String(decoding: try! Council.statement().bytes, as: UTF8.self)

    private func path(_ text: String) -> String? {
        do {
            _ = try StatementLinter.check(Array(text.utf8))
            return nil
        } catch {
            return error.path
        }
    }

    @Test("a good statement passes")
    func control() {
        #expect(path(good) == nil)
    }

    @Test(
        "each fault is found where it is",
        arguments: [
            (#""@type":"gemd/certificate/1""#, #""@type":"gemd/certificate/2""#, "@type"),
            (#""class":"declaration""#, #""class":"examination""#, "class"),
            (#""number":"GGAPCP-26D-000417"#, #""number":"GGAPCP-26E-000417"#, "number"),
            (#""issuedAt":"2026-11-21T09:30:00.250Z""#, #""issuedAt":"2026-11-21T09:30:00Z""#, "issuedAt"),
            (#""issuedAt":"2026-11-21T09:30:00.250Z""#, #""issuedAt":"2026-11-31T09:30:00.250Z""#, "issuedAt"),
            (#""issuedAt":"2026-11-21T09:30:00.250Z""#, #""issuedAt":"2025-11-21T09:30:00.250Z""#, "issuedAt"),
            (#""nonce":"a5"#, #""nonce":"A5"#, "nonce"),
            (#""nonce":"a5"#, #""nonce":""#, "nonce"),
            (#""code":"GGAPCP""#, #""code":"SSEF""#, "issuer.code"),
            (#""country":"PK","name":"Gold"#, #""country":"pk","name":"Gold"#, "issuer.country"),
            (#""name":"Gold and Gem Art Promotion Council""#, #""name":" ""#, "issuer.name"),
            (#""height":1800"#, #""height":0"#, "images[0].height"),
            (#""mediaType":"image/jpeg""#, #""mediaType":"text/html""#, "images[0].mediaType"),
            (#""role":"face_up""#, #""role":"""#, "images[0].role"),
            (#""publicSha256":""#, #""publicSha256":"z"#, "images[0].publicSha256"),
            (#""width":2400}"#, #""width":2400,"x":1}"#, "images[0].x"),
            (#""index":4172"#, #""index":-1"#, "status.index"),
            (#""list":"https:"#, #""list":"http:"#, "status.list"),
            (#""origin":"gems.example/log""#, #""origin":"""#, "log.origin"),
            (#""timestamp":"none""#, #""timestamp":"required""#, "timestamp"),
            (#""verify":"https://gems"#, #""verify":"javascript://gems"#, "verify"),
            ("/c/GGAPCP-26D-000417", "/c/GGAPCP-26D-000418", "verify"),
            (#""party":"SWATGEMS""#, #""party":"""#, "declarant.party"),
            (#""disclosure":"Oil"#, #""discl":"Oil"#, "discl"),
            (#""kind":"stone""#, #""kind":null"#, "piece.kind"),
            (#""kind":"stone""#, #""kind":"stone","location":"safe/2""#, "piece.location"),
            (#""kind":"stone""#, #""kind":"stone","purchasePrice":"1""#, "piece.purchasePrice"),
            (#""shape":"OV""#, #""ownerName":"x","shape":"OV""#, "piece.stone.ownerName"),
            (#""measurementsMm":{"#, #""cost":{"amount":"1"},"measurementsMm":{"#, "piece.stone.cost"),
            (#""code":"OIL""#, #""code":"NONE""#, "piece.stone.treatments[0].code"),
            (#""code":"OIL""#, #""code":{"basis":"measured","value":"none"}"#, "piece.stone.treatments[0].code"),
            (#"[{"basis":"declared","code":"OIL","degree":"minor"}]"#, "[]", "piece.stone.treatments"),
            (#"[{"basis":"declared","code":"OIL","degree":"minor"}]"#, #"["NONE"]"#, "piece.stone.treatments[0].code"),
            (#""basis":"declared","country""#, #""basis":"measured","country""#, "piece.stone.origin.basis"),
            (#""basis":"declared","code""#, #""basis":"graded","code""#, "piece.stone.treatments[0].basis"),
            ("Swat emerald", "Swat\\u0007 emerald", "piece.title"),
            ("Swat emerald", "Swat\u{202E} emerald", "piece.title"),
            ("Swat emerald", "Swat\u{2066} emerald", "piece.title"),
            ("Swat emerald", "Swat\u{FEFF} emerald", "piece.title"),
            ("Swat emerald", "Swat\u{9F} emerald", "piece.title"),
            ("Swat emerald", "Swat e\u{301}merald", "piece.title"),
            (#""declarant":{"name":"Swat Gems, Mingora","party":"SWATGEMS"},"#, "", "declarant"),
        ])
    func faults(part: String, bad: String, at expected: String) {
        #expect(good.contains(part), "\(part)")

        #expect(path(good.replacing(part, with: bad)) == expected)
    }

    @Test("members that only another class has are refused", arguments: ["approver", "recordedBy", "result"])
    func otherClass(name: String) throws {
        var json = try JSON(parsing: good)
        json = json.merging(.object([.init(name, "x")]))

        #expect(try path(String(decoding: json.canonical(), as: UTF8.self)) == name)
    }

    @Test("Urdu with its marks of direction passes")
    func urdu() throws {
        #expect(path(good.replacing("Swat emerald", with: "\u{200F}زمرد سوات\u{200E}")) == nil)
    }

    @Test("deeper than 16 or longer than 64 kB is refused")
    func bounds() throws {
        let deep = String(repeating: #"{"a":"#, count: 14) + "1" + String(repeating: "}", count: 14)
        let deeper = String(repeating: #"{"a":"#, count: 15) + "1" + String(repeating: "}", count: 15)

        #expect(path(good.replacing(#""kind":"stone""#, with: #""kind":\#(deep)"#)) == nil)
        #expect(path(good.replacing(#""kind":"stone""#, with: #""kind":\#(deeper)"#)) == "")
        #expect(path(good.replacing("Swat emerald", with: String(repeating: "a", count: 65_536))) == "")
    }

    @Test("a certificate does not supersede itself, nor end before it begins")
    func itself() throws {
        let hash = Hex.encode(SHA256.hash([1]))
        let json = try JSON(parsing: good)
        func with(_ member: JSON.Member) throws -> String? {
            try path(String(decoding: json.merging(.object([member])).canonical(), as: UTF8.self))
        }

        #expect(
            try with(.init("supersedes", .object(["number": json["number"], "sha256": .string(hash)])))
                == "supersedes.number")
        #expect(try with(.init("expiresAt", json["issuedAt"]!)) == "expiresAt")
        #expect(try with(.init("expiresAt", "2027-11-21T09:30:00.250Z")) == nil)
    }
}
