/// One JSON text (RFC 8259), read as strictly as I-JSON (RFC 7493) asks.
///
/// Duplicate member names, lone surrogates, invalid UTF-8, a byte-order mark and
/// anything after the value are refused: two readers of a signed text must never
/// see two different things. Numbers keep their spelling, so nothing is rounded.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    /// A name and its value; names in one object are unique, order is as written.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The member of that name; nil when absent or when this is no object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    public var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

    /// A whole number within ±(2^53 − 1), the range every JSON reader keeps exactly.
    public static func integer(_ value: Int) -> JSON { .number(String(value)) }

    public var integer: Int? {
        guard case .number(let text) = self, Self.isSafeInteger(text) else { return nil }
        return Int(text)
    }

    /// Strings, in order, with absent ones left out.
    public static func object(_ pairs: KeyValuePairs<String, JSON?>) -> JSON {
        .object(pairs.compactMap { name, value in value.map { Member(name, $0) } })
    }

    static func isSafeInteger(_ text: String) -> Bool {
        guard let value = Int(text), String(value) == text else { return false }
        return value.magnitude < 1 << 53
    }
}

/// Why a text is not the JSON we read, and at which byte.
public struct JSONError: Error, Hashable, CustomStringConvertible {
    public var reason: String
    public var offset: Int

    public var description: String { "\(reason) at byte \(offset)" }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

// MARK: - Reading

extension JSON {
    /// Reads one whole text. Depth counts open arrays and objects.
    public init(parsing bytes: [UInt8], maxDepth: Int = 64) throws(JSONError) {
        let result = bytes.withUnsafeBufferPointer { buffer in
            var reader = Reader(bytes: buffer, maxDepth: maxDepth)
            return Result { () throws(JSONError) in try reader.text() }
        }
        self = try result.get()
    }

    public init(parsing bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int = 64) throws(JSONError) {
        var reader = Reader(bytes: bytes, maxDepth: maxDepth)
        self = try reader.text()
    }

    public init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }

    /// Reads a text only as ``canonical()`` writes it; nil for every other, whose fault ``init(parsing:maxDepth:)`` may tell.
    ///
    /// What it reads it need not write again to be sure.
    public init?(canonical bytes: [UInt8], maxDepth: Int) {
        let read = bytes.withUnsafeBufferPointer { buffer in
            var reader = Reader(bytes: buffer, maxDepth: maxDepth, onlyCanonical: true)
            return try? reader.text()
        }
        guard let read else { return nil }
        self = read
    }

    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        let maxDepth: Int
        let onlyCanonical: Bool
        var at = 0
        var depth = 0

        init(bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int, onlyCanonical: Bool = false) {
            self.bytes = bytes
            self.maxDepth = maxDepth
            self.onlyCanonical = onlyCanonical
        }

        func fail(_ reason: String) -> JSONError { JSONError(reason: reason, offset: at) }

        mutating func text() throws(JSONError) -> JSON {
            let value = try value()
            skipSpace()
            guard at == bytes.count else { throw fail("something follows the JSON value") }
            return value
        }

        mutating func skipSpace() {
            // In a canonical text none stands, and the next mark is missing.
            while !onlyCanonical, at < bytes.count {
                switch bytes[at] {
                case 0x20, 0x0A, 0x0D, 0x09: at += 1
                default: return
                }
            }
        }

        mutating func value() throws(JSONError) -> JSON {
            skipSpace()
            guard at < bytes.count else { throw fail("the JSON ends too early") }
            switch bytes[at] {
            case UInt8(ascii: "{"): return try object()
            case UInt8(ascii: "["): return try array()
            case UInt8(ascii: "\""): return .string(try string())
            case UInt8(ascii: "t"): return try word("true", .bool(true))
            case UInt8(ascii: "f"): return try word("false", .bool(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
            default: throw fail("no JSON value begins")
            }
        }

        mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
            for index in 0..<word.utf8CodeUnitCount {
                guard at < bytes.count, bytes[at] == word.utf8Start[index] else { throw fail("no JSON value begins") }
                at += 1
            }
            return value
        }

        mutating func enter() throws(JSONError) {
            at += 1
            depth += 1
            guard depth <= maxDepth else { throw fail("nested deeper than \(maxDepth)") }
            skipSpace()
        }

        mutating func object() throws(JSONError) -> JSON {
            try enter()
            var members: [Member] = []
            if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
                at += 1
                depth -= 1
                return .object(members)
            }
            members.reserveCapacity(12)
            while true {
                skipSpace()
                guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fail("a member name is missing") }
                let name = try string()
                if onlyCanonical, let last = members.last, !JSON.precedes(last.name, name) {
                    throw fail("members are out of order")
                }
                skipSpace()
                guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw fail("':' is missing") }
                at += 1
                members.append(Member(name, try value()))
                skipSpace()
                guard at < bytes.count else { throw fail("the JSON ends too early") }
                let mark = bytes[at]
                at += 1
                if mark == UInt8(ascii: ",") { continue }
                guard mark == UInt8(ascii: "}") else { throw fail("',' or '}' is missing") }
                break
            }
            // In order, two names in ASCII are two names.
            if !onlyCanonical || !members.allSatisfy({ $0.name.utf8.allSatisfy { $0 < 0x80 } }) {
                try refuseDuplicates(members)
            }
            depth -= 1
            return .object(members)
        }

        func refuseDuplicates(_ members: [Member]) throws(JSONError) {
            if members.count <= 16 {
                for index in members.indices {
                    for earlier in 0..<index where members[earlier].name == members[index].name {
                        throw fail("member \"\(members[index].name)\" stands twice")
                    }
                }
            } else {
                var seen: Set<String> = []
                for member in members where !seen.insert(member.name).inserted {
                    throw fail("member \"\(member.name)\" stands twice")
                }
            }
        }

        mutating func array() throws(JSONError) -> JSON {
            try enter()
            var elements: [JSON] = []
            if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
                at += 1
                depth -= 1
                return .array(elements)
            }
            while true {
                elements.append(try value())
                skipSpace()
                guard at < bytes.count else { throw fail("the JSON ends too early") }
                let mark = bytes[at]
                at += 1
                if mark == UInt8(ascii: ",") { continue }
                guard mark == UInt8(ascii: "]") else { throw fail("',' or ']' is missing") }
                break
            }
            depth -= 1
            return .array(elements)
        }

        mutating func number() throws(JSONError) -> String {
            let start = at
            func digit() -> Bool { at < bytes.count && bytes[at] &- 0x30 < 10 }
            if bytes[at] == UInt8(ascii: "-") { at += 1 }
            guard digit() else { throw fail("a number has no digits") }
            if bytes[at] == 0x30 {
                at += 1
                guard !digit() else { throw fail("a number begins with 0") }
            } else {
                while digit() { at += 1 }
            }
            if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
                at += 1
                guard digit() else { throw fail("a number ends in '.'") }
                while digit() { at += 1 }
            }
            if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
                at += 1
                if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
                guard digit() else { throw fail("an exponent has no digits") }
                while digit() { at += 1 }
            }
            let text = String(decoding: bytes[start..<at], as: UTF8.self)
            guard !onlyCanonical || JSON.isSafeInteger(text) else { throw fail("a number is no whole number") }
            return text
        }

        mutating func string() throws(JSONError) -> String {
            at += 1
            let start = at
            var allBits: UInt8 = 0
            while at < bytes.count {
                let byte = bytes[at]
                if byte == UInt8(ascii: "\"") {
                    let piece = UnsafeBufferPointer(rebasing: bytes[start..<at])
                    at += 1
                    // ASCII is always well formed.
                    if allBits < 0x80 { return String(decoding: piece, as: UTF8.self) }
                    guard let text = String(validating: piece, as: UTF8.self) else {
                        at -= 1
                        throw fail("a string is not UTF-8")
                    }
                    return try streamSafe(text)
                }
                allBits |= byte
                if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
                guard byte >= 0x20 else { throw fail("a control character stands unescaped in a string") }
                at += 1
            }
            throw fail("a string does not end")
        }

        /// The slow road, taken only by strings that hold an escape.
        mutating func escapedString(from start: Int) throws(JSONError) -> String {
            var out = Array(bytes[start..<at])
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                switch byte {
                case UInt8(ascii: "\""):
                    guard let text = String(validating: out, as: UTF8.self) else { throw fail("a string is not UTF-8") }
                    if onlyCanonical {
                        var written: [UInt8] = []
                        JSON.write(text, to: &written)
                        guard written.elementsEqual(bytes[start - 1..<at]) else { throw fail("an escape is too long") }
                    }
                    return try streamSafe(text)
                case UInt8(ascii: "\\"):
                    guard at < bytes.count else { throw fail("a string does not end") }
                    let mark = bytes[at]
                    at += 1
                    switch mark {
                    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(mark)
                    case UInt8(ascii: "b"): out.append(0x08)
                    case UInt8(ascii: "f"): out.append(0x0C)
                    case UInt8(ascii: "n"): out.append(0x0A)
                    case UInt8(ascii: "r"): out.append(0x0D)
                    case UInt8(ascii: "t"): out.append(0x09)
                    case UInt8(ascii: "u"): out.append(contentsOf: Array(String(try scalar()).utf8))
                    default: throw fail("an unknown escape stands in a string")
                    }
                default:
                    guard byte >= 0x20 else { throw fail("a control character stands unescaped in a string") }
                    out.append(byte)
                }
            }
            throw fail("a string does not end")
        }

        /// At most 30 marks on a letter, as UAX #15 has it for streams. No script needs more, and the library sorts them
        /// by insertion before it compares or hashes a text: a name of 120 kB would keep a processor for 20 seconds.
        func streamSafe(_ text: String) throws(JSONError) -> String {
            var marks = 0
            for scalar in text.unicodeScalars {
                if scalar.value < 0x300 || scalar.properties.canonicalCombiningClass == .notReordered {
                    marks = 0
                } else {
                    marks += 1
                    guard marks <= 30 else { throw fail("a letter carries more than 30 marks") }
                }
            }
            return text
        }

        mutating func scalar() throws(JSONError) -> Unicode.Scalar {
            let high = try hex4()
            if high & 0xFC00 == 0xD800 {
                guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
                    throw fail("a surrogate stands alone")
                }
                at += 2
                let low = try hex4()
                guard low & 0xFC00 == 0xDC00 else { throw fail("a surrogate stands alone") }
                return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + low & 0x3FF)!
            }
            guard let scalar = Unicode.Scalar(high) else { throw fail("a surrogate stands alone") }
            return scalar
        }

        mutating func hex4() throws(JSONError) -> UInt32 {
            var value: UInt32 = 0
            for _ in 0..<4 {
                guard at < bytes.count, let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue,
                    bytes[at] < 0x80
                else { throw fail("\\u needs four hex digits") }
                value = value << 4 | UInt32(digit)
                at += 1
            }
            return value
        }
    }
}

// MARK: - Writing

extension JSON {
    /// Compact text, members in the order they stand here.
    public func write(to out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): out.append(contentsOf: text.utf8)
        case .string(let text): Self.write(text, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512)
        write(to: &out)
        return out
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A string as RFC 8785 §3.2.2.2 writes it: only `"`, `\` and controls are escaped.
    public static func write(_ text: String, to out: inout [UInt8]) {
        let hex = StaticString("0123456789abcdef")
        out.append(UInt8(ascii: "\""))
        // Nearly every text stands as it is, and is taken whole.
        let isTaken = text.utf8.withContiguousStorageIfAvailable { bytes in
            let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            if isPlain { out.append(contentsOf: bytes) }
            return isPlain
        }
        guard isTaken != true else { return out.append(UInt8(ascii: "\"")) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x08: out.append(contentsOf: "\\b".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0C: out.append(contentsOf: "\\f".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(hex.utf8Start[Int(byte >> 4)])
                out.append(hex.utf8Start[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// The one canonical text of this value (RFC 8785).
    ///
    /// Members are sorted by their UTF-16 code units (§3.2.3). Numbers other than
    /// safe integers are refused: our formats carry decimals as strings, so the
    /// floating-point rules of §3.2.2.3 are never needed.
    public func canonical() throws(JSONError) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512)
        try writeCanonical(to: &out)
        return out
    }

    /// Appends ``canonical()``. What was appended when it throws is no JSON.
    public func writeCanonical(to out: inout [UInt8]) throws(JSONError) {
        switch self {
        case .null, .bool, .string: write(to: &out)
        case .number(let text):
            guard Self.isSafeInteger(text) else {
                throw JSONError(reason: "the number \(text) is not a whole number within ±2^53", offset: 0)
            }
            write(to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                try element.writeCanonical(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(var members):
            // Most that is read is in order.
            if !zip(members, members.dropFirst()).allSatisfy({ Self.precedes($0.name, $1.name) }) {
                members.sort { Self.precedes($0.name, $1.name) }
            }
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                try member.value.writeCanonical(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// Names in the order of their UTF-16 code units. Below U+E000 that is the order of their UTF-8.
    public static func precedes(_ one: String, _ other: String) -> Bool {
        for (a, b) in zip(one.utf8, other.utf8) where a != b {
            return a < 0xEE && b < 0xEE ? a < b : one.utf16.lexicographicallyPrecedes(other.utf16)
        }
        return one.utf8.count < other.utf8.count
    }
}

// MARK: - Merge patch

extension JSON {
    /// RFC 7396: objects merge, null removes, all else replaces.
    public func merging(_ patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members = self.members ?? []
        for change in changes {
            let index = members.firstIndex { $0.name == change.name }
            switch (change.value, index) {
            case (.null, let index?): members.remove(at: index)
            case (.null, nil): break
            case (let value, let index?): members[index].value = members[index].value.merging(value)
            case (let value, nil): members.append(Member(change.name, JSON.null.merging(value)))
            }
        }
        return .object(members)
    }

    /// Without members that are null, at any depth: in a POST a null member is absent.
    public var withoutNulls: JSON {
        // Most documents have none, and are not made anew.
        guard holdsNull else { return self }
        return switch self {
        case .array(let elements): .array(elements.map(\.withoutNulls))
        case .object(let members):
            .object(members.compactMap { $0.value == .null ? nil : Member($0.name, $0.value.withoutNulls) })
        default: self
        }
    }

    private var holdsNull: Bool {
        switch self {
        case .null: true
        case .array(let elements): elements.contains(where: \.holdsNull)
        case .object(let members): members.contains { $0.value.holdsNull }
        case .bool, .number, .string: false
        }
    }
}

extension JSON {
    /// This object with one member set or added at the end.
    public func setting(_ name: String, to value: JSON) -> JSON {
        var members = self.members ?? []
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index].value = value
        } else {
            members.append(Member(name, value))
        }
        return .object(members)
    }
}
