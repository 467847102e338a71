import GemCrypto

/// A person's public key as OpenSSH writes it, `ssh-ed25519 AAAA…` or `ecdsa-sha2-nistp256 AAAA…`.
///
/// Read strictly, so that a key has one spelling and its fingerprint names it.
package struct ApprovalKey: Hashable, Sendable, CustomStringConvertible {
    enum Algorithm: String {
        case ed25519 = "ssh-ed25519"
        case p256 = "ecdsa-sha2-nistp256"
    }

    let algorithm: Algorithm
    /// RFC 4253 §6.6, RFC 8709 §4, RFC 5656 §3.1.
    package let blob: [UInt8]
    let publicKey: PublicKey

    package struct Refusal: Error, Hashable {
        package let reason: String
    }

    /// One line of a `.pub` file; a comment behind the key is dropped, a newline at the end allowed.
    package init(line: String) throws(Refusal) {
        var text = line[...]
        if text.utf8.last == UInt8(ascii: "\n") { text.removeLast() }
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard line.utf8.count <= 4096, !text.utf8.contains(where: { $0 < 0x20 }), parts.count >= 2 else {
            throw Refusal(reason: "this is no line of an OpenSSH public key (.pub)")
        }
        guard Algorithm(rawValue: String(parts[0])) != nil else {
            throw Refusal(reason: "a key must be ssh-ed25519 or ecdsa-sha2-nistp256")
        }
        guard let blob = Base64.decode(parts[1]) else { throw Refusal(reason: "the key is not whole Base64") }
        try self.init(blob: blob)
        guard algorithm.rawValue == parts[0] else { throw Refusal(reason: "the key is of another kind than it says") }
    }

    init(blob: [UInt8]) throws(Refusal) {
        var reader = SSHReader(blob)
        guard let name = reader.text(), let algorithm = Algorithm(rawValue: name) else {
            throw Refusal(reason: "a key must be ssh-ed25519 or ecdsa-sha2-nistp256")
        }
        let damaged = Refusal(reason: "the key is damaged")
        if algorithm == .p256 { guard reader.text() == "nistp256" else { throw damaged } }
        guard let point = reader.string(), reader.isAtEnd else { throw damaged }
        switch algorithm {
        case .ed25519:
            guard point.count == 32 else { throw damaged }
            guard !Self.isOfSmallOrder(point) else {
                throw Refusal(reason: "this key would accept anybody's signature")
            }
        case .p256: guard point.count == 65, point[0] == 4 else { throw damaged }
        }
        self.algorithm = algorithm
        self.blob = blob
        // Also tells whether the point lies on the curve.
        do {
            publicKey =
                switch algorithm {
                case .ed25519: try PublicKey(ed25519: point)
                case .p256: try PublicKey(p256: point)
                }
        } catch { throw damaged }
    }

    /// A key has one blob, and the blob is all there is to it.
    package static func == (one: Self, other: Self) -> Bool { one.blob == other.blob }

    package func hash(into hasher: inout Hasher) { hasher.combine(blob) }

    /// Without a comment.
    package var description: String { "\(algorithm.rawValue) \(Base64.encode(blob))" }

    /// As `ssh-keygen -l` prints it: `SHA256:` and 43 characters.
    package var fingerprint: String {
        "SHA256:" + Base64.encode(SHA256.hash(blob)).prefix { $0 != "=" }
    }

    /// The eight points under which a signature can be made without a secret, in all their encodings (y alone:
    /// the sign bit is masked away). OpenSSL takes them for keys.
    private static func isOfSmallOrder(_ point: [UInt8]) -> Bool {
        var y = point
        y[31] &= 0x7F
        return smallOrder.contains(y)
    }

    private static let smallOrder: Set<[UInt8]> = [
        [UInt8](repeating: 0, count: 32),
        [1] + [UInt8](repeating: 0, count: 31),
        Hex.decode("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")!,
        Hex.decode("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")!,
        // p − 1, p and p + 1, where p = 2^255 − 19.
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    ]
}

/// Reads the length-prefixed strings of RFC 4251 §5.
struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) {
        rest = Array(bytes)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func uint32() -> Int? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func string() -> [UInt8]? {
        guard let count = uint32() else { return nil }
        return bytes(count)
    }

    /// Of printable ASCII, as all names are.
    mutating func text() -> String? {
        guard let bytes = string(), bytes.allSatisfy({ 0x21..<0x7F ~= $0 }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A positive number of at most 32 bytes, without its sign byte; nil unless in its shortest form.
    mutating func scalar() -> [UInt8]? {
        guard var bytes = string(), let first = bytes.first, first < 0x80 else { return nil }
        if first == 0 {
            guard bytes.count > 1, bytes[1] >= 0x80 else { return nil }
            bytes.removeFirst()
        }
        return bytes.count <= 32 ? bytes : nil
    }
}
