/// A version 7 UUID (RFC 9562 §5.7): 48 bits of Unix milliseconds, then randomness.
///
/// Made by the client or by gemd; sorts by time of making. Text is lower case.
public struct UUIDv7: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let description: String

    /// `random` is ten bytes, of which six bits are overwritten.
    public init(milliseconds: Int64, random: [UInt8]) {
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * $0)) } + random.prefix(10)
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        let hex = StaticString("0123456789abcdef")
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(hex.utf8Start[Int(byte >> 4)])
            text.append(hex.utf8Start[Int(byte & 15)])
        }
        description = String(decoding: text, as: UTF8.self)
    }

    /// Reads the 36-character form, either case; nil for other versions and variants.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36, bytes[14] == UInt8(ascii: "7"), "89abAB".utf8.contains(bytes[19]) else { return nil }
        for (index, byte) in bytes.enumerated() {
            let isDash = byte == UInt8(ascii: "-")
            guard [8, 13, 18, 23].contains(index) == isDash else { return nil }
            guard isDash || byte &- 0x30 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6 else { return nil }
        }
        description = bytes.contains { $0 &- 0x41 < 26 } ? text.lowercased() : text
    }

    public static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}
