import Testing

@testable import GemModel

@Suite("What only one live piece may carry")
struct UniqueKeyTests {
    static func keys(_ members: String) throws -> [String] {
        try Piece(document: JSON(parsing: #"{"kind":"stone",\#(members)}"#)).uniqueKeys.map { key in
            "\(key.kind) \(key.value) \(key.field)"
        }
    }

    static func external(_ scheme: String, _ id: String) throws -> [String] {
        try keys(#""stone":{},"externalIds":[{"scheme":"\#(scheme)","id":"\#(id)"}]"#)
    }

    static func inscribed(_ text: String) throws -> [String] {
        try keys(#""stone":{"species":"diamond","diamond":{"inscriptions":["\#(text)"]}}"#)
    }

    @Test(
        "a report's number is one number however it is written",
        arguments: [
            ("GIA", "2141438171"), ("gia", "2141 438 171"), ("GIA-Report", "2141-438-171"),
            ("GIA report no.", "2141438171"), ("Gia Certificate Number", " 2141438171"), ("ＧＩＡ", "２１４１４３８１７１"),
            ("GIA", "۲۱۴۱۴۳۸۱۷۱"),
        ])
    func report(scheme: String, id: String) throws {
        #expect(try Self.external(scheme, id) == ["report gia:2141438171 externalIds[0]"])
    }

    @Test("accents say nothing, whether written as one character or two")
    func accents() throws {
        let forms = try ["Gübelin", "Gu\u{308}belin", "GUEBELIN", "Gubelin"].map { try Self.external($0, "G-123É") }

        #expect(Set(forms) == [["report gubelin:g123e externalIds[0]"]])
    }

    @Test(
        "a laboratory unknown to gemd counts when it is called one; other numbers are no keys",
        arguments: [
            ("Peshawar Lab report", "A 77-1", ["report peshawarlab:a771 externalIds[0]"]),
            ("supplier", "2141438171", []), ("GTIN", "4006381333931", []), ("sku", "R-1700", []),
            ("report", "2141438171", []),
            ("GIA", "n/a", []), ("GIA", "000000", []), ("GIA", "-", []), ("IGI", "12", []),
            ("RFID", "E2 80:11-60", ["tag e2801160 externalIds[0]"]),
            ("EPC", "urn:epc:id:sgtin:0614141.112345.400", ["tag urnepcidsgtin0614141.112345.400 externalIds[0]"]),
            ("NFC UID", "04:A2:2B:1A", ["tag 04a22b1a externalIds[0]"]), ("tag", "0000", []),
        ])
    func schemes(scheme: String, id: String, expected: [String]) throws {
        #expect(try Self.external(scheme, id) == expected)
    }

    @Test(
        "an inscription counts when it tells one stone from another, and as the report it names",
        arguments: [
            ("GIA 2141438171", ["report gia:2141438171 stone.diamond.inscriptions[0]"]),
            ("LG-123 456 78", ["inscription lg12345678 stone.diamond.inscriptions[0]"]),
            ("2141438171", ["inscription 2141438171 stone.diamond.inscriptions[0]"]),
            ("LAB GROWN", []), ("I love you", []), ("GIA", []), ("J+K 24", []), ("CVD", []), ("محبت", []),
        ])
    func inscriptions(text: String, expected: [String]) throws {
        #expect(try Self.inscribed(text) == expected)
    }

    @Test("a piece says a key once, and one without has none")
    func once() throws {
        let both =
            #""stone":{"species":"diamond","diamond":{"inscriptions":["GIA 2141438171"]}},"#
            + #""externalIds":[{"scheme":"GIA","id":"2141438171"}]"#

        #expect(try Self.keys(both) == ["report gia:2141438171 externalIds[0]"])
        #expect(try Self.keys(#""stone":{"species":"beryl"}"#) == [])
    }

    /// Folded keys and words are stored: a store of an earlier version must still find its own.
    @Test("every character is folded as it was when the first store was written")
    func unchanged() {
        func checksum(_ fold: (String) -> String) -> UInt64 {
            var sum: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
            for scalar in (UInt32(0)...0x1FFFF).compactMap(Unicode.Scalar.init) {
                for byte in (fold("a\(scalar)b") + "\n").utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
            }
            return sum
        }

        #expect(checksum { UniqueKey.folded($0) } == 0x8541_4409_a1eb_0cea)
        #expect(checksum { FoldedWords($0).text } == 0xcd72_4b21_c139_196b)
    }

    @Test(
        "a column's name is found with any digits, accents and letters", arguments: ["٪ ٹیبل ۲", "% ٹیبل 2", "%ٹیبل２"])
    func column(name: String) { #expect(ColumnName.fold(name).hasSuffix("ٹیبل2")) }
}
