/// Text a person wrote, bounded and free of characters that hide or reorder others.
///
/// Refused by name: control characters, U+2028/2029, and the bidi controls of
/// UAX #9 (U+202A–202E, U+2066–2069), with which a printed weight can be made to
/// read backwards. Urdu needs none of them.
public protocol BoundedText: Codable, Hashable, Sendable, CustomStringConvertible {
    static var maxBytes: Int { get }
    static var allowsLineBreaks: Bool { get }
    var text: String { get }
    init(unchecked text: String)
}

extension BoundedText {
    public var description: String { text }

    public init(_ text: String) throws(InvalidInput) {
        guard text.utf8.count <= Self.maxBytes else {
            throw InvalidInput(
                "the text is \(text.utf8.count) bytes long, \(text.utf8.count - Self.maxBytes) too many",
                hint: "shorten it to at most \(Self.maxBytes) bytes; an Urdu letter takes two")
        }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D:
                if Self.allowsLineBreaks { continue }
                fallthrough
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF:
                let hex = String(scalar.value, radix: 16, uppercase: true)
                let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
                throw InvalidInput(
                    "the text holds the invisible character \(name)", hint: "take it out and type the text again")
            default: continue
            }
        }
        self.init(unchecked: text)
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}

/// One line: a name, a title, a term.
public struct Line: BoundedText {
    public static let maxBytes = 600
    public static let allowsLineBreaks = false
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// Running text: a description, a note.
public struct Prose: BoundedText {
    public static let maxBytes = 20_000
    public static let allowsLineBreaks = true
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// A dealer's own number of a piece: 3–32 of A–Z a–z 0–9 `- . _ /`, beginning and
/// ending alphanumeric. Unique per dealer without regard to case (Cutwise, RapNet).
public struct StockNumber: Codable, Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) throws(InvalidInput) {
        let bytes = Array(text.utf8)
        func alphanumeric(_ byte: UInt8) -> Bool {
            byte &- 0x30 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
        }
        guard (3...32).contains(bytes.count), alphanumeric(bytes[0]), alphanumeric(bytes[bytes.count - 1]),
            bytes.allSatisfy({ alphanumeric($0) || "-._/".utf8.contains($0) })
        else {
            throw InvalidInput(
                "\"\(text.prefix(40))\" cannot be a stock number",
                hint: "use 3 to 32 of A–Z a–z 0–9 - . _ /, beginning and ending with a letter or digit")
        }
        self.text = text
    }

    /// What uniqueness is judged by.
    public var folded: String { text.lowercased() }
    public var description: String { text }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}
