import GemModel
import Testing

@Suite("Reading a piece")
struct PieceTests {
    static func stone(_ members: String) throws -> Piece {
        try Piece(document: JSON(parsing: #"{"kind":"stone","stone":{\#(members)}}"#))
    }

    @Test("decimals keep their spelling through reading and writing")
    func decimals() throws {
        let text = #"{"kind":"stone","stone":{"weightCt":"2.50","measurementsMm":{"length":"9.1","width":"7.050"}}}"#

        let piece = try Piece(document: JSON(parsing: text))

        #expect(piece.json.text == text)
    }

    @Test(
        "a decimal that is none is refused by its path",
        arguments: ["1,58", "+1", "-1", "1e3", "01.5", ".5", "5.", "", "1.234567", "٣", "NaN", "99999999999999999999"])
    func badDecimal(text: String) {
        let refusal = #expect(throws: InvalidInput.self) { try Self.stone(#""weightCt":"\#(text)""#) }
        #expect(refusal?.field == "stone.weightCt")
        #expect(refusal?.hint.isEmpty == false)
    }

    @Test("an unknown member is refused by name, at any depth")
    func unknownMember() {
        let refusal = #expect(throws: InvalidInput.self) {
            try Self.stone(#""species":"beryl","origin":{"countri":"PK"}"#)
        }
        #expect(refusal?.kind == .unknownMember)
        #expect(refusal?.field == "stone.origin.countri")
    }

    @Test("a zero dimension is refused")
    func zeroDimension() {
        let refusal = #expect(throws: InvalidInput.self) { try Self.stone(#""measurementsMm":{"depth":"0.0"}"#) }
        #expect(refusal?.field == "stone.measurementsMm.depth")
    }

    @Test("a value may carry its basis")
    func basis() throws {
        let piece = try Self.stone(#""weightCt":{"value":"1.58","basis":"measured"}"#)

        #expect(piece.stone?.weightCt?.basis == .measured)
        #expect(piece.json["stone"]?["weightCt"]?["value"] == "1.58")
    }

    @Test(
        "a weight in another unit becomes carats",
        arguments: [
            ("684 mg", "3.42"), ("0.684g", "3.42"), ("342 points", "3.42"), ("2 ratti_stone_pakki", "1.8225"),
            ("1 tola_10g", "50"), ("3.420ct", "3.420"),
        ])
    func units(text: String, carats: String) throws {
        let piece = try Self.stone(#""weight":"\#(text)""#)

        #expect(piece.weight?.description == carats)
    }

    @Test(
        "a bare ratti or tola is refused and the hint quotes both readings",
        arguments: [
            ("2 ratti", "121.5", "182.25"), ("1 tola", "11.664", "10 g"),
        ])
    func ambiguousUnit(text: String, one: String, other: String) {
        let refusal = #expect(throws: InvalidInput.self) { try Self.stone(#""weight":"\#(text)""#) }
        #expect(refusal?.hint.contains(one) == true)
        #expect(refusal?.hint.contains(other) == true)
        #expect(refusal?.field == "stone.weight")
    }

    @Test(
        "money has the decimals of its currency",
        arguments: [("JPY", "1250", "1250"), ("USD", "1250.5", "1250.50"), ("KWD", "1.250", "1.250")])
    func money(currency: String, given: String, kept: String) throws {
        let piece = try Piece(
            document: JSON(
                parsing: """
                    {"kind":"stone","stone":{},"price":{"total":{"amount":"\(given)","currency":"\(currency)"}}}
                    """))

        #expect(piece.price?.total?.amount == kept)
    }

    @Test("karat and fineness must agree")
    func fineness() {
        let refusal = #expect(throws: InvalidInput.self) {
            try Piece(
                document: JSON(
                    parsing:
                        #"{"kind":"jewellery","jewellery":{"metals":[{"metal":"gold","karat":22,"finenessPermille":"750"}]}}"#
                ))
        }
        #expect(refusal?.field == "jewellery.metals[0].finenessPermille")
    }

    @Test("text that could reorder a printed weight is refused", arguments: ["\u{202E}", "\u{2066}", "\u{7}"])
    func hiddenCharacters(character: String) {
        let refusal = #expect(throws: InvalidInput.self) {
            try Piece(
                document: .object([
                    "kind": "stone", "title": .string("ruby " + character), "stone": .object([]),
                ]))
        }
        #expect(refusal?.field == "title")
    }

    @Test(
        "the fill factor of a round diamond is judged as documented",
        arguments: [
            ("1.00", nil), ("1.10", Finding.Severity.note), ("1.25", .unusual), ("1.70", .implausible),
        ])
    func fillFactor(weight: String, severity: Finding.Severity?) throws {
        // 6.43 × 6.40 × 3.97 mm at f = .3476 is 0.9995 ct.
        let piece = try Self.stone(
            #"""
            "species":"diamond","shape":"R","weightCt":"\#(weight)","measurementsMm":{"length":"6.43","width":"6.40","depth":"3.97"}
            """#)

        #expect(piece.findings.first?.severity == severity)
    }
}
