import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// What `make fuzz`, and the largest files that our readers take, brought to light; each stays here.
@Suite("what the fuzzer found", .timeLimit(.minutes(1)))
struct FuzzFindings {
    private let council = Council.usual
    /// Marks that have to be put in order, below one letter.
    private static let marks = String(repeating: "\u{301}\u{323}\u{328}", count: 10_000)

    /// Whether this took no more than a second, on a machine that builds beside it.
    private func costsLittle(
        _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) rethrows {
        let begin = ContinuousClock.now
        try body()
        let spent = ContinuousClock.now - begin
        #expect(spent < .seconds(3), sourceLocation: location)
    }

    @Test("a letter with thousands of marks is refused before anybody compares it")
    func marks() throws {
        let names = "{\"x\(Self.marks)a\":1,"
        let many = (0..<17).map { "\"\($0)\":1" }.joined(separator: ",")
        for text in [
            names + many + "}", names + "\"x\(Self.marks)b\":2}", "[\"\(Self.marks)\"]", "{\"a\\n\(Self.marks)\":1}",
        ] {
            costsLittle { #expect(throws: JSONError.self) { try JSON(parsing: text) } }
        }
        let thirty = String(repeating: "\u{301}", count: 30)
        #expect(try JSON(parsing: "[\"e\(thirty)\"]").elements?.first?.string == "e" + thirty)
        #expect(throws: JSONError.self) { try JSON(parsing: "[\"e\(thirty)\u{301}\"]") }
        // Urdu with all its vowel signs, and Vietnamese, stay far below it.
        for text in ["زُمُرُّدِ سَوَات", "ngọc lục bảo", "e\u{301}\u{323}"] {
            #expect(try JSON(parsing: JSON.string(text).bytes).string == text)
        }
    }

    @Test("a certificate with such a letter is refused in words, and costs little")
    func certificate() throws {
        let text = String(decoding: council.json, as: UTF8.self)
        let json = Array(text.replacing("Swat emerald", with: "S\(Self.marks)").utf8.prefix(65_536))

        try costsLittle {
            let verdict = try council.verify(json: json)
            #expect(verdict.outcome == .notGenuine)
            #expect(verdict.failed.contains(.canonical))
        }
    }

    @Test("a status list of any length, and of nothing but dots, is refused at once")
    func lists() {
        for bytes in [
            [UInt8](repeating: UInt8(ascii: "."), count: 16 << 20),
            [UInt8](repeating: UInt8(ascii: "a"), count: 5 << 20),
            [UInt8](repeating: UInt8(ascii: "."), count: 4 << 20),
            [UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20),
        ] {
            costsLittle { #expect(throws: StatusList.Malformed.self) { try StatusList(bytes) } }
        }
    }

    @Test("unpadded base 64 of every length reads back, and has one spelling")
    func base64() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 251) }
            #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
        }
        for text in ["A", "AAAAA", "AB=", "AA==", "A+AA", "A/AA", "AB", "AAB", "A A", "Aé"] {
            #expect(Base64.decodeURL(text) == nil, "\(text)")
        }
    }
}
