import GemModel
import Testing

@Suite("JSON, read strictly")
struct JSONTests {
    @Test(
        "texts that two readers could understand differently are refused",
        arguments: [
            #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #""\ud800""#, #""\udc00\ud800""#, "[1,]", "{\"a\":}", "01", "1.",
            ".5", "+1",
            "1e", "nul", "[1 2]", "\"\u{1}\"", "{} {}", "", "\u{FEFF}{}", "'a'", "{a:1}", "[", "\"", #""\x""#, "NaN",
            "--1",
        ])
    func refused(text: String) { #expect(throws: JSONError.self) { try JSON(parsing: text) } }

    @Test(
        "invalid UTF-8 is refused",
        arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) { #expect(throws: JSONError.self) { try JSON(parsing: bytes) } }

    @Test("depth is limited")
    func depth() throws {
        let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }

        #expect(throws: JSONError.self) { try JSON(parsing: deep(65)) }
        _ = try JSON(parsing: deep(64))
    }

    @Test("the canonical form is that of RFC 8785 §3.2.3")
    func canonical() throws {
        let text =
            #"{"€":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew","1":"One","\ud83d\ude00":"Smiley","\u0080":"Control","ö":"o"}"#
        let sorted = try JSON(parsing: text).canonical()

        let names = try #require(JSON(parsing: sorted).members).map(\.value.string)
        #expect(names == ["Carriage Return", "One", "Control", "o", "Euro Sign", "Smiley", "Hebrew"])
    }

    @Test("a text is read as canonical when it would be written so, and only then")
    func readAsCanonical() throws {
        var random = Seeded(state: 8785)
        let texts = [
            #"{"a":[1,-20,true,null,{"b":"","é":{}}],"b":"x\"\\\n\u0001","é":"zurück — اردو","\ufb33":[],"😀":0}"#,
            #"["\u0000","\t",9007199254740991]"#, "0", #""text""#,
        ].map { Array($0.utf8) }
        var (read, refused) = (0, 0)
        for round in 0..<40_000 {
            var bytes = texts[round % texts.count]
            if round >= texts.count {
                // One byte more, one less, or another; most of them marks that JSON knows.
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = Array(#"{}[]:,"\ 0123456789-.eEu/tfnab"#.utf8).randomElement(using: &random)!
                switch round % 3 {
                case 0: bytes.insert(byte, at: place)
                case 1: bytes.remove(at: place)
                default: bytes[place] = byte
                }
            }
            // What cannot be read, or has no canonical form, was not written so.
            let json = try? JSON(parsing: bytes, maxDepth: 8)
            let isCanonical = (try? json?.canonical()) == bytes
            #expect(
                JSON(canonical: bytes, maxDepth: 8) == (isCanonical ? json : nil),
                "\(String(decoding: bytes, as: UTF8.self))")
            if isCanonical { read += 1 } else { refused += 1 }
        }
        #expect(read > 1000 && refused > 1000)
        #expect(JSON(canonical: Array("[[1]]".utf8), maxDepth: 1) == nil)
    }

    @Test(
        "numbers that a double would change have no canonical form",
        arguments: ["9007199254740993", "1e21", "-0", "1.0", "-0.0"])
    func numbers(text: String) throws {
        let json = try JSON(parsing: text)

        #expect(throws: JSONError.self) { try json.canonical() }
    }

    @Test(
        "a merge patch is that of RFC 7396, appendix A",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
            (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func mergePatch(target: String, patch: String, result: String) throws {
        #expect(try JSON(parsing: target).merging(JSON(parsing: patch)).text == result)
    }
}
