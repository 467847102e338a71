@_spi(_Unicode) import Swift

/// Words as search compares them: lower case, without accents and Arabic vowel signs, Arabic letters as Urdu writes
/// them, digits as ASCII, an English plural as its singular, American spelling as British.
///
/// The pieces' words and the searcher's go through the same folding, so a fold that is wrong for some word is
/// wrong on both sides and does no harm.
public struct FoldedWords: Sendable {
    /// UTF-8, each word followed by a space.
    public private(set) var bytes: [UInt8] = []
    public private(set) var count = 0
    private var start = 0
    private var isPlain = true

    /// Longer words are cut on both sides.
    static let longestWord = 64

    public init() {}

    public init(_ text: String) { add(text) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public var list: [String] {
        bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Splits a text at whatever is neither letter nor digit, and adds its words.
    ///
    /// `asBeginning` leaves the last word as it was typed: it may be the beginning of a longer one.
    public mutating func add(_ text: String, asBeginning: Bool = false) {
        var text = text
        let isASCII = text.withUTF8 { utf8 in
            guard utf8.allSatisfy({ $0 < 0x80 }) else { return false }
            for byte in utf8 { add(ascii: byte) }
            return true
        }
        if !isASCII { for scalar in text._nfd { add(scalar) } }
        if asBeginning, start < bytes.count { isPlain = false }
        endWord()
    }

    /// Adds a word that only gemd writes and reads, such as a code for a filter: the letters of `name` and `text` as one.
    public mutating func add(term name: StaticString, _ text: String) {
        let folded = FoldedWords(text)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: folded.bytes.lazy.filter { $0 != UInt8(ascii: " ") })
        isPlain = false
        endWord()
    }

    /// The word ``add(term:_:)`` writes.
    public static func term(_ name: StaticString, _ text: String) -> String {
        var words = FoldedWords()
        words.add(term: name, text)
        return words.list.first ?? ""
    }

    private mutating func add(ascii byte: UInt8) {
        switch FoldedCharacter.ascii(byte) {
        case .letter(let letter): bytes.append(UInt8(letter.value))
        case .digit(let digit): add(digit: digit)
        case .mark, .sign("'"): break
        case .sign: endWord()
        }
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        guard !scalar.isASCII else { return add(ascii: UInt8(scalar.value)) }
        switch FoldedCharacter(scalar) {
        // Hamza, which many leave out.
        case .letter("\u{0621}"), .mark, .sign("'"): break
        case .letter(let letter) where letter.isASCII: bytes.append(UInt8(letter.value))
        case .letter(let letter):
            isPlain = false
            if let urdu = FoldedCharacter.urdu(letter) {
                append(urdu)
            } else {
                for lower in FoldedCharacter.lower(letter) { append(lower) }
            }
        case .digit(let digit): add(digit: digit)
        case .sign: endWord()
        }
    }

    private mutating func add(digit: UInt8) {
        isPlain = false
        bytes.append(digit)
    }

    private mutating func append(_ scalar: Unicode.Scalar) { bytes.append(contentsOf: String(scalar).utf8) }

    private mutating func endWord() {
        defer {
            start = bytes.count
            isPlain = true
        }
        guard bytes.count > start else { return }
        if isPlain {
            foldPlural()
            foldSpelling()
        }
        if bytes.count - start > Self.longestWord {
            var end = start + Self.longestWord
            // Between two characters, never within one.
            while bytes[end] & 0xC0 == 0x80 { end -= 1 }
            bytes.removeLast(bytes.count - end)
        }
        bytes.append(UInt8(ascii: " "))
        count += 1
    }

    /// rubies, emeralds → ruby, emerald; glass, lotus, iris stay.
    private mutating func foldPlural() {
        let length = bytes.count - start
        guard length > 3, bytes[bytes.count - 1] == UInt8(ascii: "s"), !"sui".utf8.contains(bytes[bytes.count - 2])
        else { return }
        bytes.removeLast()
        if length > 4, bytes.suffix(2).elementsEqual("ie".utf8) {
            bytes.removeLast(2)
            bytes.append(UInt8(ascii: "y"))
        }
    }

    private mutating func foldSpelling() {
        guard (4...7).contains(bytes.count - start) else { return }
        for (american, british) in Self.spellings where bytes[start...].elementsEqual(american.utf8) {
            bytes.removeLast(bytes.count - start)
            bytes.append(contentsOf: british.utf8)
            return
        }
    }

    private static let spellings: [(String, String)] = [
        ("color", "colour"), ("gray", "grey"), ("jewelry", "jewellery"), ("luster", "lustre"), ("center", "centre"),
    ]
}
