import GemModel
import Testing

@testable import gemctl

@Suite struct OutputTests {
    @Test(
        "width counts columns, not characters",
        arguments: [
            ("emerald", 7), ("زمرد", 4), ("زُمُرُّد", 4), ("翡翠", 4), ("한글", 4), ("ｱ", 1), ("Ａ", 2), ("e\u{301}", 1),
            ("💎", 2), ("👩‍🔬", 2), ("", 0), ("–", 1),
        ])
    func width(text: String, columns: Int) { #expect(text.displayWidth == columns) }

    @Test("columns align whatever their script")
    func table() {
        let lines = Table.lines(
            headers: ["NAME", "WEIGHT"], alignments: [.left, .right],
            rows: [["زمرد", "1.58 ct"], ["翡翠", "12.40 ct"], ["ruby", "2 ct"]],
            cutting: false)

        #expect(lines == ["NAME    WEIGHT", "زمرد   1.58 ct", "翡翠  12.40 ct", "ruby      2 ct"])
    }

    @Test("a long cell is cut for a person, not for a file")
    func cut() {
        let long = String(repeating: "x", count: 60)
        let cell = { (cutting: Bool) in
            Table.lines(headers: ["A"], alignments: [.left], rows: [[long]], cutting: cutting)[1]
        }

        #expect(cell(true) == String(repeating: "x", count: 43) + "…")
        #expect(cell(false) == long)
        #expect("翡翠翡翠".cut(toWidth: 4) == "翡…")
    }

    @Test("nothing that moves the cursor or reorders text reaches the terminal")
    func printable() {
        #expect("a\u{1B}[2Jb\nc\u{202E}d\u{9B}e".printable == "a\u{FFFD}[2Jb c\u{FFFD}d\u{FFFD}e")
        #expect("زمرد 💎".printable == "زمرد 💎")
    }

    @Test(
        "csv quotes as RFC 4180 and disarms formulas",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("=1+2", "'=1+2"),
            ("+92 91", "'+92 91"), ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("=a,b", "\"'=a,b\""), ("", ""),
            ("two\nlines", "\"two\nlines\""),
            ("\r\n=x", "\"'\r\n=x\""),
        ])
    func csv(text: String, cell: String) { #expect(CSV.cell(text) == cell) }

    @Test("rows end in CR LF")
    func row() { #expect(CSV.row(["a", "b"]) == "a,b\r\n") }

    @Test("a card shows blocks indented, facts with their basis, money and sizes in one line")
    func card() throws {
        let json = try JSON(
            parsing:
                #"{"id":"1","stone":{"weightCt":{"value":"1.58","basis":"measured"},"measurementsMm":{"length":"9.12","width":"7.05"},"#
                + #""treatments":[{"code":"OIL","degree":"minor"}]},"price":{"total":{"amount":"4200.00","currency":"USD"}},"empty":[],"images":[{"role":"face_up"}]}"#
        )

        #expect(
            Card.lines(json) == [
                "id              1", "stone", "  weight        1.58 ct (measured)", "  measurements  9.12 × 7.05 mm",
                "  treatments    fissures filled with colourless oil or wax (OIL, AGTA O), minor",
                "price", "  total         4200.00 USD", "images 1", "  role          face up",
            ])
    }

    @Test(
        "a card says members and codes in words",
        arguments: [
            (
                #"{"stone":{"shape":"OV","clarity":{"value":"eye_clean","basis":"not_tested"},"cut":"mixed"}}"#,
                ["stone", "  shape    oval (OV)", "  clarity  eye clean (not tested)", "  cut      mixed cut (mixed)"]
            ),
            (
                #"{"pearl":{"shape":"near_round","lustre":"VG"}}"#,
                ["pearl", "  shape   near round", "  lustre  very good (VG)"]
            ),
            (
                #"{"diamond":{"colour":"F","clarity":"VS1","depthPct":"61.5"}}"#,
                ["diamond", "  colour   F", "  clarity  very slightly included 1 (VS1)", "  depth    61.5 %"]
            ),
            (
                #"{"tests":{"ri":["1.577","1.584"],"sg":{"value":"2.74","basis":"measured","by":"Aslam"}}}"#,
                ["tests", "  refractive index  1.577, 1.584", "  specific gravity  2.74 (measured, Aslam)"]
            ),
            (
                #"{"parcel":{"pieces":120,"totalWeightCt":"36.40","sizeRange":{"min":"2","max":"2.5"}}}"#,
                ["parcel", "  pieces        120", "  total weight  36.40 ct", "  size range    2–2.5 mm"]
            ),
            (#"{"origin":{"country":"PK"}}"#, ["origin", "  country  Pakistan (PK)"]),
        ])
    func words(json: String, lines: [String]) throws { #expect(Card.lines(try JSON(parsing: json)) == lines) }

    @Test(
        "a piece of any kind in one line",
        arguments: [
            (
                #"{"stockNumber":"B-4","kind":"parcel","parcel":{"species":"corundum","pieces":120,"totalWeightCt":"36.40"}}"#,
                "B-4  corundum 36.40 ct, 120 pieces"
            ),
            (
                #"{"stockNumber":"S-1","kind":"specimen","specimen":{"species":"topaz","weightG":"410"}}"#,
                "S-1  topaz 410 g"
            ),
            (
                #"{"stockNumber":"J-1","kind":"jewellery","jewellery":{"type":"bangle","grossWeightG":"9.1"}}"#,
                "J-1  bangle, 9.1 g"
            ),
        ])
    func sentences(json: String, sentence: String) throws { #expect(try JSON(parsing: json).pieceSentence == sentence) }

    @Test("a piece in one line")
    func sentence() throws {
        let json = try JSON(
            parsing:
                #"{"stockNumber":"R-17","stone":{"species":"beryl","variety":"emerald","weightCt":"1.58","shape":"OV","measurementsMm":{"length":"9.12","width":"7.05"}}}"#
        )

        #expect(json.pieceSentence == "R-17  emerald 1.58 ct, OV, 9.12 × 7.05 mm")
    }
}
