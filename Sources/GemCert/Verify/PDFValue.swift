/// A value of a PDF (ISO 32000-1 §7.3), as far as what may be added to a signed paper needs one.
indirect enum PDFValue: Hashable {
    case null
    case bool(Bool)
    /// As it was written: `1.0` is another than `1`.
    case number(String)
    case name(String)
    case string([UInt8])
    case array([PDFValue])
    case dictionary([String: PDFValue])
    case reference(Int)

    var dictionary: [String: PDFValue]? {
        if case .dictionary(let entries) = self { return entries }
        return nil
    }

    var integer: Int? {
        if case .number(let text) = self { return Int(text) }
        return nil
    }

    var isString: Bool {
        if case .string = self { return true }
        return false
    }
}

/// Reads a PDF's tokens forwards, strictly: no comments, no number of an object's generation but 0, nothing deep.
struct PDFScanner {
    /// What is read here is none of the forms that are known.
    struct Unknown: Error {}

    let bytes: [UInt8]
    var position: Int

    private static let deepest = 12
    /// Values that may still be read. Each takes many times the memory of its bytes; evidence has some thousands.
    private var left = 50_000

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    static func isSpace(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x0A, 0x0D, 0x09, 0x0C, 0: true
        default: false
        }
    }

    private static func isRegular(_ byte: UInt8) -> Bool {
        !isSpace(byte) && !"()<>[]{}/%".utf8.contains(byte)
    }

    mutating func skipSpace() {
        while let byte = next, Self.isSpace(byte) { position += 1 }
    }

    /// Whether the text stands here; then it is passed over.
    mutating func take(_ text: StaticString) -> Bool {
        let matches = text.withUTF8Buffer { pattern in
            position <= bytes.count && bytes.count - position >= pattern.count
                && bytes[position..<position + pattern.count].elementsEqual(pattern)
        }
        if matches { position += text.utf8CodeUnitCount }
        return matches
    }

    /// A word of the language, and not the beginning of a longer one.
    mutating func word(_ text: StaticString) throws(Unknown) {
        skipSpace()
        guard take(text), next.map({ !Self.isRegular($0) }) ?? true else { throw Unknown() }
    }

    /// Up to ten digits, and nothing else.
    mutating func whole() throws(Unknown) -> Int {
        skipSpace()
        let text = regular()
        guard (1...10).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(String(decoding: text, as: UTF8.self))
        else { throw Unknown() }
        return value
    }

    private mutating func regular() -> ArraySlice<UInt8> {
        let start = min(position, bytes.count)
        while let byte = next, Self.isRegular(byte) { position += 1 }
        return bytes[start..<max(start, position)]
    }

    mutating func value(depth: Int = 0) throws(Unknown) -> PDFValue {
        skipSpace()
        left -= 1
        guard depth < Self.deepest, left > 0, let byte = next else { throw Unknown() }
        switch byte {
        case UInt8(ascii: "/"): return .name(try name())
        case UInt8(ascii: "("): return .string(try literal())
        case UInt8(ascii: "["):
            position += 1
            var elements: [PDFValue] = []
            while true {
                skipSpace()
                if take("]") { return .array(elements) }
                elements.append(try value(depth: depth + 1))
            }
        case UInt8(ascii: "<"):
            if take("<<") { return try entries(depth: depth) }
            return .string(try hex())
        default: return try word()
        }
    }

    private mutating func entries(depth: Int) throws(Unknown) -> PDFValue {
        var entries: [String: PDFValue] = [:]
        while true {
            skipSpace()
            if take(">>") { return .dictionary(entries) }
            let key = try name()
            // A second entry of one name is read differently by different programs.
            guard entries.updateValue(try value(depth: depth + 1), forKey: key) == nil else { throw Unknown() }
        }
    }

    /// `#2F` is undone, so that names that are the same compare so. All that may be here are short and of ASCII: two
    /// spellings of one letter are never the same name, and a letter with a million marks is not compared with another.
    private mutating func name() throws(Unknown) -> String {
        guard take("/") else { throw Unknown() }
        var out: [UInt8] = []
        var rest = regular()
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "#") else {
                out.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Self.digit), let low = rest.popFirst().flatMap(Self.digit) else {
                throw Unknown()
            }
            out.append(high << 4 | low)
        }
        guard 1...127 ~= out.count, out.allSatisfy({ 0x21..<0x7F ~= $0 }) else { throw Unknown() }
        return String(decoding: out, as: UTF8.self)
    }

    /// A number, a reference `12 0 R`, true, false or null.
    private mutating func word() throws(Unknown) -> PDFValue {
        let text = String(decoding: regular(), as: UTF8.self)
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default: break
        }
        guard !text.isEmpty, text.utf8.count < 20, text.utf8.allSatisfy({ "+-.0123456789".utf8.contains($0) }) else {
            throw Unknown()
        }
        let after = position
        if let number = Int(text), number >= 0 {
            var ahead = self
            if (try? ahead.whole()) == 0, (try? ahead.word("R")) != nil {
                self = ahead
                return .reference(number)
            }
            position = after
        }
        return .number(text)
    }

    private mutating func literal() throws(Unknown) -> [UInt8] {
        position += 1
        var out: [UInt8] = []
        var open = 1
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\\"):
                guard let escaped = next else { throw Unknown() }
                position += 1
                switch escaped {
                case UInt8(ascii: "n"): out.append(0x0A)
                case UInt8(ascii: "r"): out.append(0x0D)
                case UInt8(ascii: "t"): out.append(0x09)
                case UInt8(ascii: "b"): out.append(0x08)
                case UInt8(ascii: "f"): out.append(0x0C)
                case 0x0A: break
                case 0x30...0x37:
                    var value = Int(escaped - 0x30)
                    for _ in 0..<2 {
                        guard let digit = next, (0x30...0x37).contains(digit) else { break }
                        value = value * 8 + Int(digit - 0x30)
                        position += 1
                    }
                    out.append(UInt8(truncatingIfNeeded: value))
                default: out.append(escaped)
                }
            case UInt8(ascii: "("):
                open += 1
                out.append(byte)
            case UInt8(ascii: ")"):
                open -= 1
                if open == 0 { return out }
                out.append(byte)
            default: out.append(byte)
            }
        }
        throw Unknown()
    }

    private mutating func hex() throws(Unknown) -> [UInt8] {
        position += 1
        var digits: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: ">") {
                if digits.count % 2 == 1 { digits.append(0) }
                return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
            }
            if Self.isSpace(byte) { continue }
            guard let digit = Self.digit(byte) else { throw Unknown() }
            digits.append(digit)
        }
        throw Unknown()
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
