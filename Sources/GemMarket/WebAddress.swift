/// Why a text cannot stand as a public address in a feed: RFC 3986, ASCII, https, a host the world can reach.
enum WebAddress {
    /// The complaint, or nil when there is none.
    static func fault(in text: String, scheme: String = "https", longest: Int = 2000) -> String? {
        guard text.utf8.count <= longest else {
            return "is \(text.utf8.count) characters long, \(text.utf8.count - longest) too many"
        }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return "holds letters outside ASCII" }
        guard text.hasPrefix(scheme + "://") else { return "does not begin with \(scheme)://" }
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, bytes[index + 1].isHexDigit, bytes[index + 2].isHexDigit else {
                    return "holds a % that is no escape"
                }
            } else if !byte.isURLCharacter {
                return "holds a character that no address may hold"
            }
        }
        let host = text.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
        let name =
            host.split(separator: "@", omittingEmptySubsequences: false).last.map { $0.prefix { $0 != ":" } } ?? ""
        guard !name.isEmpty, !host.contains("@") else { return "names no host" }
        guard name.contains("."), !name.hasSuffix(".invalid"), !name.hasSuffix(".local") else {
            return "cannot be reached by the public"
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool { self &- 0x30 < 10 || (self | 0x20) &- UInt8(ascii: "a") < 6 }

    /// Unreserved, reserved and `%` of RFC 3986 §2.
    fileprivate var isURLCharacter: Bool {
        self &- 0x30 < 10 || (self | 0x20) &- UInt8(ascii: "a") < 26 || "-._~:/?#[]@!$&'()*+,;=".utf8.contains(self)
    }
}
