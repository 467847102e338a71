/// A text that XML 1.0 can carry.
///
/// The only way into an ``XMLWriter``, so nothing reaches a file unescaped or unreadable.
struct XMLText: Hashable, Sendable {
    let text: String

    /// A character no XML 1.0 document may hold, escaped or not (§2.2).
    struct Illegal: Error, Hashable {
        var scalar: Unicode.Scalar

        /// `U+0000`.
        var name: String {
            let hex = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        }
    }

    /// Lone surrogates cannot be in a Swift string, so the controls and the two non-characters remain.
    init(_ text: String) throws(Illegal) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: continue
            case 0..<0x20, 0xFFFE, 0xFFFF: throw Illegal(scalar: scalar)
            default: continue
            }
        }
        self.text = text
    }

    /// For names and words of our own.
    init(own text: StaticString) { self.text = "\(text)" }
}

/// Writes elements as UTF-8. Names are ours, content is ``XMLText``.
struct XMLWriter {
    private(set) var bytes: [UInt8] = []

    mutating func declaration() { write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }

    mutating func open(_ tag: StaticString) { write("<", tag, ">\n") }
    mutating func close(_ name: StaticString) { write("</", name, ">\n") }

    mutating func element(_ name: StaticString, _ content: XMLText) {
        write("<", name, ">")
        escape(content)
        write("</", name, ">\n")
    }

    private mutating func write(_ parts: StaticString...) {
        for part in parts { part.withUTF8Buffer { bytes.append(contentsOf: $0) } }
    }

    private mutating func escape(_ content: XMLText) {
        for byte in content.text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            // "]]>" may not stand in text.
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&apos;".utf8
            // A reader turns a bare carriage return into a line feed (§2.11).
            case 0x0D: bytes += "&#13;".utf8
            default: bytes.append(byte)
            }
        }
    }
}
