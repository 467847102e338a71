/// Concise binary objects (RFC 8949) in the deterministic encoding of §4.2.1 and no other: shortest lengths, definite
/// ones only, a map's keys in the order of their bytes.
///
/// Only the kinds that a COSE_Sign1 over whole numbers, texts and hashes needs; floats and simple values are refused.
indirect enum CBOR: Hashable {
    case unsigned(UInt64)
    /// −1 − n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    case map([Pair])
    case tagged(UInt64, CBOR)

    struct Pair: Hashable {
        var key: CBOR
        var value: CBOR
    }

    struct Malformed: Error, Hashable {
        let reason: String
    }

    static func integer(_ value: Int64) -> CBOR {
        value < 0 ? .negative(UInt64(bitPattern: -1 - value)) : .unsigned(UInt64(value))
    }

    /// A map's value; nil when there is no such key, or this is no map.
    subscript(key: Int64) -> CBOR? {
        guard case .map(let pairs) = self else { return nil }
        let key = CBOR.integer(key)
        return pairs.first { $0.key == key }?.value
    }

    // MARK: - Writing

    var encoded: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .unsigned(let value): Self.head(0, value, &out)
        case .negative(let value): Self.head(1, value, &out)
        case .bytes(let bytes):
            Self.head(2, UInt64(bytes.count), &out)
            out += bytes
        case .text(let text):
            Self.head(3, UInt64(text.utf8.count), &out)
            out.append(contentsOf: text.utf8)
        case .array(let items):
            Self.head(4, UInt64(items.count), &out)
            for item in items { item.write(to: &out) }
        case .map(let pairs):
            Self.head(5, UInt64(pairs.count), &out)
            // Most stand in the order of their keys' bytes already, and need no keys of their own.
            let isInOrder = zip(pairs, pairs.dropFirst()).allSatisfy { one, other in
                switch (one.key, other.key) {
                case (.unsigned(let one), .unsigned(let other)), (.negative(let one), .negative(let other)): one < other
                case (.unsigned, .negative): true
                default: false
                }
            }
            guard !isInOrder else {
                for pair in pairs {
                    pair.key.write(to: &out)
                    pair.value.write(to: &out)
                }
                return
            }
            let encoded = pairs.map { ($0.key.encoded, $0.value) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
            for (key, value) in encoded {
                out += key
                value.write(to: &out)
            }
        case .tagged(let tag, let value):
            Self.head(6, tag, &out)
            value.write(to: &out)
        }
    }

    private static func head(_ major: UInt8, _ value: UInt64, _ out: inout [UInt8]) {
        func put(_ additional: UInt8, bytes count: Int) {
            out.append(major << 5 | additional)
            for shift in (0..<count).reversed() { out.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * shift))) }
        }
        switch value {
        case 0..<24: put(UInt8(value), bytes: 0)
        case 24...0xFF: put(24, bytes: 1)
        case 0x100...0xFFFF: put(25, bytes: 2)
        case 0x1_0000...0xFFFF_FFFF: put(26, bytes: 4)
        default: put(27, bytes: 8)
        }
    }

    // MARK: - Reading

    private static let deepest = 8

    /// Reads exactly one object, which must be spelled as ``encoded`` would.
    init(_ bytes: [UInt8]) throws(Malformed) {
        var rest = bytes[...]
        self = try Self.item(&rest, depth: 0)
        guard rest.isEmpty else { throw Malformed(reason: "bytes trail behind it") }
        // Kills long spellings and keys out of order in one stroke; two equal keys are refused below.
        guard encoded == bytes else { throw Malformed(reason: "it is not in its one deterministic spelling") }
    }

    private static func item(_ rest: inout ArraySlice<UInt8>, depth: Int) throws(Malformed) -> CBOR {
        guard depth <= deepest else { throw Malformed(reason: "it is nested too deeply") }
        guard let first = rest.popFirst() else { throw Malformed(reason: "it is cut short") }
        let additional = first & 0x1F
        let value: UInt64
        switch additional {
        case 0..<24: value = UInt64(additional)
        case 24...27:
            let count = 1 << Int(additional - 24)
            guard rest.count >= count else { throw Malformed(reason: "it is cut short") }
            value = rest.prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(count)
        case 31: throw Malformed(reason: "it has a length that is not told")
        default: throw Malformed(reason: "it holds a kind that no certificate has")
        }
        func taken() throws(Malformed) -> [UInt8] {
            guard value <= UInt64(rest.count) else { throw Malformed(reason: "it is cut short") }
            defer { rest = rest.dropFirst(Int(value)) }
            return Array(rest.prefix(Int(value)))
        }
        // Each item takes a byte at least: no count can claim more memory than the bytes that are there.
        func count(_ each: Int) throws(Malformed) -> Int {
            guard value <= UInt64(rest.count / each) else { throw Malformed(reason: "it is cut short") }
            return Int(value)
        }
        switch first >> 5 {
        case 0: return .unsigned(value)
        case 1: return .negative(value)
        case 2: return .bytes(try taken())
        case 3:
            guard let text = String(validating: try taken(), as: UTF8.self) else {
                throw Malformed(reason: "a text is not UTF-8")
            }
            return .text(text)
        case 4:
            var items: [CBOR] = []
            for _ in 0..<(try count(1)) { items.append(try item(&rest, depth: depth + 1)) }
            return .array(items)
        case 5:
            var pairs: [Pair] = []
            for _ in 0..<(try count(2)) {
                let key = try item(&rest, depth: depth + 1)
                guard !pairs.contains(where: { $0.key == key }) else { throw Malformed(reason: "a key stands twice") }
                pairs.append(Pair(key: key, value: try item(&rest, depth: depth + 1)))
            }
            return .map(pairs)
        case 6: return .tagged(value, try item(&rest, depth: depth + 1))
        default: throw Malformed(reason: "it holds a kind that no certificate has")
        }
    }
}
