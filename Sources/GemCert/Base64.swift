/// Base 64 (RFC 4648 §4 and §5), read strictly: padded, without white space, unused bits zero,
/// so that equal bytes have one spelling.
package enum Base64 {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        encode(bytes, alphabet, padded: true)
    }

    /// The URL alphabet, unpadded, as JOSE writes it.
    static func encodeURL(_ bytes: some Sequence<UInt8>) -> String {
        encode(bytes, urlAlphabet, padded: false)
    }

    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let text = Array(text.utf8)
        guard text.count.isMultiple(of: 4) else { return nil }
        let body = text.prefix { $0 != pad }
        let padding = text.count - body.count
        guard padding <= 2, text.suffix(padding).allSatisfy({ $0 == pad }) else { return nil }
        return decode(body, value)
    }

    /// The URL alphabet, unpadded.
    static func decodeURL(_ text: some StringProtocol) -> [UInt8]? { decodeURL(Array(text.utf8)[...]) }

    static func decodeURL(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        return decode(text) { character in
            switch character {
            case UInt8(ascii: "-"): 62
            case UInt8(ascii: "_"): 63
            case UInt8(ascii: "+"), UInt8(ascii: "/"): nil
            default: value(character)
            }
        }
    }

    private static func decode(_ body: ArraySlice<UInt8>, _ value: (UInt8) -> UInt8?) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count / 4 * 3 + 3)
        var held: UInt32 = 0
        var bits = 0
        for character in body {
            guard let value = value(character) else { return nil }
            held = (held << 6 | UInt32(value)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
            }
        }
        guard held & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let pad = UInt8(ascii: "=")

    private static func encode(_ bytes: some Sequence<UInt8>, _ alphabet: [UInt8], padded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.underestimatedCount + 2) / 3 * 4)
        var held: UInt32 = 0
        var bits = 0
        for byte in bytes {
            held = (held << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(held >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(held << UInt32(6 - bits) & 63)]) }
        while padded && !text.count.isMultiple(of: 4) { text.append(pad) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
