package import GemCrypto

/// The log's signed word on its size and root (C2SP tlog-checkpoint, a signed note).
package struct Checkpoint: Hashable, Sendable {
    /// The log's name, which is also the name of its key.
    package let origin: String
    package let size: Int
    package let root: [UInt8]

    package init(origin: String, size: Int, root: [UInt8]) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed: three lines.
    package var text: String { "\(origin)\n\(size)\n\(Base64.encode(root))\n" }

    /// The signed note, as it is published. `key` is Ed25519.
    package func signed(by key: borrowing PrivateKey) throws(OpenSSLError) -> [UInt8] {
        let id = try NoteKey(name: origin, publicKey: key.publicKey).id
        let signature = try key.sign(Array(text.utf8))
        return Array("\(text)\n\u{2014} \(origin) \(Base64.encode(id + signature))\n".utf8)
    }

    package enum Refusal: Error, Hashable {
        /// Not the format, with what is wrong.
        case malformed(String)
        /// No signature by the key we know; those of other keys are ignored.
        case unknownKey
        case badSignature
        /// Signed by our key, but for a log of another name.
        case otherOrigin(String)
    }

    /// Reads a published note and believes it only when `key` signed it. Extension lines are allowed and ignored.
    package init(note: [UInt8], verifiedBy key: NoteKey) throws(Refusal) {
        let (text, signatures) = try Self.split(note)
        let known = signatures.filter { $0.name == key.name && $0.id == key.id }
        guard !known.isEmpty else { throw .unknownKey }
        guard known.allSatisfy({ key.publicKey.verifies($0.signature, of: Array(text.utf8)) }) else {
            throw .badSignature
        }
        try self.init(text: text)
        guard origin == key.name else { throw .otherOrigin(origin) }
    }

    /// The same where there are several logs: the one it names must have signed it.
    package init(note: [UInt8], verifiedByOneOf keys: [NoteKey]) throws(Refusal) {
        let origin = String(decoding: note.prefix { $0 != 0x0A }, as: UTF8.self)
        guard let key = keys.first(where: { $0.name == origin }) ?? keys.last else { throw .unknownKey }
        try self.init(note: note, verifiedBy: key)
    }

    /// C2SP asks readers for at least 16; we bound the note's bytes, not the lines.
    static let longestNote = 64 * 1024

    private struct Signature {
        let name: String
        let id: [UInt8]
        let signature: [UInt8]
    }

    private static func split(_ note: [UInt8]) throws(Refusal) -> (text: String, signatures: [Signature]) {
        guard note.count <= longestNote else { throw .malformed("longer than \(longestNote) bytes") }
        guard let whole = String(validating: note, as: UTF8.self), whole.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A })
        else { throw .malformed("not plain text") }
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        // The last empty line parts text and signatures; the piece after the final newline is empty too.
        guard lines.last?.isEmpty == true, let gap = lines.dropLast().lastIndex(where: \.isEmpty), gap > 0 else {
            throw .malformed("no empty line before the signatures")
        }
        let signatureLines = lines[(gap + 1)...].dropLast()
        guard !signatureLines.isEmpty else { throw .malformed("no signature") }
        var signatures: [Signature] = []
        for line in signatureLines {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "\u{2014}", NoteKey.isName(parts[1]),
                let bytes = Base64.decode(parts[2]), bytes.count > 4
            else { throw .malformed("a signature line cannot be read") }
            signatures.append(
                Signature(name: String(parts[1]), id: Array(bytes.prefix(4)), signature: Array(bytes.dropFirst(4))))
        }
        return (lines[..<gap].joined(separator: "\n") + "\n", signatures)
    }

    private init(text: String) throws(Refusal) {
        let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }) else { throw .malformed("fewer than three lines") }
        guard let size = Int(lines[1]), size >= 0, String(size) == lines[1] else {
            throw .malformed("the size is no number")
        }
        guard let root = Base64.decode(lines[2]), root.count == SHA256.byteCount else {
            throw .malformed("the root is no hash")
        }
        self.init(origin: String(lines[0]), size: size, root: root)
    }
}
