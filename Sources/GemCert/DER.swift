import FoundationEssentials

/// Reads ASN.1 in the distinguished encoding (X.690 §10) and nothing else: definite lengths in their
/// shortest form, low tag numbers, and every byte accounted for.
///
/// Our own and not OpenSSL's, because OpenSSL reads BER too and forgets what it skipped.
struct DERReader {
    struct Malformed: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }
    var nextTag: UInt8? { rest.first }

    /// The contents of the next element, which must carry this tag.
    mutating func read(_ tag: UInt8) throws(Malformed) -> ArraySlice<UInt8> {
        try next(tag).contents
    }

    /// The next element with its tag and length.
    mutating func readWhole(_ tag: UInt8) throws(Malformed) -> ArraySlice<UInt8> {
        try next(tag).whole
    }

    mutating func readInside(_ tag: UInt8) throws(Malformed) -> DERReader {
        DERReader(try read(tag))
    }

    /// The next element must be exactly these bytes.
    mutating func expect(_ element: [UInt8]) throws(Malformed) {
        guard rest.starts(with: element) else { throw Malformed() }
        rest = rest.dropFirst(element.count)
    }

    /// The next element when it carries this tag; nil, and nothing is read, when it does not.
    mutating func readIfPresent(_ tag: UInt8) throws(Malformed) -> ArraySlice<UInt8>? {
        nextTag == tag ? try read(tag) : nil
    }

    func end() throws(Malformed) {
        guard rest.isEmpty else { throw Malformed() }
    }

    private mutating func next(
        _ tag: UInt8
    ) throws(Malformed) -> (whole: ArraySlice<UInt8>, contents: ArraySlice<UInt8>) {
        let bytes = rest
        guard bytes.first == tag, tag & 0x1F != 0x1F, bytes.count >= 2 else { throw Malformed() }
        let first = bytes[bytes.startIndex + 1]
        var length = Int(first)
        var header = 2
        if first >= 0x80 {
            // 0x80 is BER's indefinite length; more than three bytes would exceed every bound we have.
            let count = Int(first & 0x7F)
            guard 1...3 ~= count, bytes.count >= 2 + count else { throw Malformed() }
            header += count
            length = bytes.dropFirst(2).prefix(count).reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80, count == 1 || length >> (8 * (count - 1)) != 0 else { throw Malformed() }
        }
        guard bytes.count - header >= length else { throw Malformed() }
        let contents = bytes.dropFirst(header).prefix(length)
        rest = bytes.dropFirst(header + length)
        return (bytes.prefix(header + length), contents)
    }
}

/// Writes ASN.1 in the distinguished encoding, element by element.
enum DERWriter {
    static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        if contents.count < 0x80 { return [tag, UInt8(contents.count)] + contents }
        let length = withUnsafeBytes(of: contents.count.bigEndian) { Array($0.drop { $0 == 0 }) }
        return [tag, 0x80 | UInt8(length.count)] + length + contents
    }

    static func sequence(_ contents: [UInt8]) -> [UInt8] { element(DERReader.sequence, contents) }

    /// The INTEGER 1, as versions write it.
    static let version1 = element(DERReader.integer, [1])

    /// A SET OF: its elements in the order of their encodings (X.690 §11.6).
    static func set(of elements: [[UInt8]], as tag: UInt8 = DERReader.set) -> [UInt8] {
        element(tag, Array(elements.sorted { $0.lexicographicallyPrecedes($1) }.joined()))
    }

    /// UTCTime to 2049, GeneralizedTime after (RFC 5652 §11.3), cut to the second.
    static func time(_ date: Date) -> [UInt8] {
        let time = CivilTime(date)
        let digits = Array(time.generalizedText.utf8)
        // UTCTime leaves out the century.
        return 1950...2049 ~= time.year
            ? element(DERReader.utcTime, Array(digits.dropFirst(2))) : element(DERReader.generalizedTime, digits)
    }

    /// A positive INTEGER from its bytes, the highest first.
    static func positive(_ number: [UInt8]) -> [UInt8] {
        let shortest = Array(number.drop { $0 == 0 })
        let padded = shortest.first.map { $0 >= 0x80 } ?? true ? [0] + shortest : shortest
        return element(DERReader.integer, padded)
    }
}

extension DERReader {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let utf8String: UInt8 = 0x0C
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    /// `[0]`, constructed.
    static let context0: UInt8 = 0xA0
    static let context1: UInt8 = 0xA1
}
