import GemCrypto

/// A proof that an entry is in the log, good offline and for ever (C2SP tlog-proof, `NUMBER.tlog-proof`).
package struct TlogProof: Hashable, Sendable {
    package let index: Int
    /// From the leaf's sibling up to the root's child.
    package let hashes: [[UInt8]]
    /// The signed note, verbatim; not yet believed.
    package let checkpoint: [UInt8]

    package init(index: Int, hashes: [[UInt8]], checkpoint: [UInt8]) {
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    private static let firstLine = "c2sp.org/tlog-proof@v1"

    package var bytes: [UInt8] {
        let lines = [Self.firstLine, "index \(index)"] + hashes.map { Base64.encode($0) }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + checkpoint
    }

    package struct Malformed: Error, Hashable {
        package let reason: String
    }

    /// Reads the text. An `extra` line is allowed, as C2SP has it, and ignored: nothing authenticates it.
    package init(parsing bytes: [UInt8]) throws(Malformed) {
        guard bytes.count <= Self.longest else { throw Malformed(reason: "longer than \(Self.longest) bytes") }
        guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }) else {
            throw Malformed(reason: "no empty line before the checkpoint")
        }
        guard let head = String(validating: bytes[..<gap], as: UTF8.self) else { throw Malformed(reason: "not text") }
        var lines = head.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst().map(String.init) == Self.firstLine else {
            throw Malformed(reason: "it does not begin with \(Self.firstLine)")
        }
        if let extra = lines.first, extra.hasPrefix("extra ") {
            guard Base64.decode(extra.dropFirst(6)) != nil else { throw Malformed(reason: "the extra line is broken") }
            lines = lines.dropFirst()
        }
        guard let line = lines.popFirst(), line.hasPrefix("index "),
            let index = Int(line.dropFirst(6)), index >= 0, line == "index \(index)"
        else { throw Malformed(reason: "the index line is broken") }
        guard lines.count < Int.bitWidth else { throw Malformed(reason: "too many hashes") }
        var hashes: [[UInt8]] = []
        for line in lines {
            guard let hash = Base64.decode(line), hash.count == SHA256.byteCount else {
                throw Malformed(reason: "a hash is broken")
            }
            hashes.append(hash)
        }
        self.init(index: index, hashes: hashes, checkpoint: Array(bytes[(gap + 2)...]))
    }

    static let longest = 64 * 1024
}
