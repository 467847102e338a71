import COpenSSL
import GemCrypto

/// A signature of `ssh-keygen -Y sign` (OpenSSH's PROTOCOL.sshsig), by a key of `ApprovalKey`'s kinds.
///
/// Only the namespace `gemd-approval`: a signature made for Git or for a file says nothing about a stone.
package struct SSHSignature: Hashable, Sendable {
    package static let namespace = "gemd-approval"

    package let key: ApprovalKey
    private let digestName: String
    private let digest: Digest
    /// Ed25519: 64 bytes. P-256: ECDSA-Sig-Value in DER.
    private let value: [UInt8]
    private let blob: [UInt8]

    private static let digests: [String: Digest] = ["sha256": .sha256, "sha512": .sha512]

    package struct Refusal: Error, Hashable {
        package let reason: String
    }

    /// The armoured text, as ssh-keygen writes it; it may have come over a system that ends lines with CR LF,
    /// and may lack the last newline.
    package init(armoured text: String) throws(Refusal) {
        guard text.utf8.count <= Self.longest else { throw Refusal(reason: "it is longer than an approval can be") }
        // By bytes: CR LF is one Character.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        guard lines.count >= 3, lines.first == Self.header, lines.last == Self.footer else {
            throw Refusal(reason: "it does not begin and end as an SSH signature does")
        }
        let body = lines.dropFirst().dropLast()
        guard body.allSatisfy({ 1...76 ~= $0.utf8.count }), let blob = Base64.decode(body.joined()) else {
            throw Refusal(reason: "it is not whole Base64")
        }
        try self.init(blob: blob)
    }

    private init(blob: [UInt8]) throws(Refusal) {
        let damaged = Refusal(reason: "it is damaged")
        var reader = SSHReader(blob)
        guard reader.bytes(6) == Array("SSHSIG".utf8) else { throw Refusal(reason: "it is no SSH signature") }
        guard reader.uint32() == 1 else { throw Refusal(reason: "it is of an unknown version") }
        guard let keyBlob = reader.string() else { throw damaged }
        do { key = try ApprovalKey(blob: keyBlob) } catch { throw Refusal(reason: error.reason) }
        guard let namespace = reader.string(), let reserved = reader.string(), let name = reader.text(),
            let signature = reader.string(), reader.isAtEnd
        else { throw damaged }
        guard namespace == Array(Self.namespace.utf8) else {
            throw Refusal(reason: "it was made for another purpose: sign with -n \(Self.namespace)")
        }
        guard reserved.isEmpty else { throw damaged }
        guard let digest = Self.digests[name] else {
            throw Refusal(reason: "its hash is neither SHA-256 nor SHA-512")
        }
        digestName = name
        self.digest = digest
        var inner = SSHReader(signature)
        guard inner.text() == key.algorithm.rawValue, let raw = inner.string(), inner.isAtEnd else { throw damaged }
        switch key.algorithm {
        case .ed25519:
            guard raw.count == 64 else { throw damaged }
            value = raw
        case .p256:
            var numbers = SSHReader(raw)
            guard let r = numbers.scalar(), let s = numbers.scalar(), numbers.isAtEnd else { throw damaged }
            value = Self.ecdsaValue(r, s)
        }
        self.blob = blob
    }

    /// The one spelling: 70 characters a line, a newline at the end. What stands in a statement.
    package var armoured: String {
        var text = Array((Self.header + "\n").utf8)
        let body = Array(Base64.encode(blob).utf8)
        for start in stride(from: 0, to: body.count, by: 70) {
            text += body[start..<min(start + 70, body.count)]
            text.append(UInt8(ascii: "\n"))
        }
        text += (Self.footer + "\n").utf8
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the key in it signed this message. That the key is somebody's is not known here.
    package func verifies(_ message: [UInt8]) -> Bool {
        key.publicKey.verifies(value, of: signedBytes(message))
    }

    /// The `gemd-approval` of a draft: its message is the hash's 64 hexadecimal characters.
    package func approves(_ draft: Draft) -> Bool { verifies(Array(draft.hash.utf8)) }

    private func signedBytes(_ message: [UInt8]) -> [UInt8] {
        var bytes = Array("SSHSIG".utf8)
        for part in [Array(Self.namespace.utf8), [], Array(digestName.utf8), digest.hash(message)] {
            bytes += withUnsafeBytes(of: UInt32(part.count).bigEndian) { Array($0) } + part
        }
        return bytes
    }

    /// `r` and `s` without sign bytes.
    private static func ecdsaValue(_ r: [UInt8], _ s: [UInt8]) -> [UInt8] {
        DERWriter.sequence(DERWriter.positive(r) + DERWriter.positive(s))
    }

    private static let header = "-----BEGIN SSH SIGNATURE-----"
    private static let footer = "-----END SSH SIGNATURE-----"
    private static let longest = 4096
}
