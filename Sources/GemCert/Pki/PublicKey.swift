import COpenSSL
package import GemCrypto

/// A key that verifies, P-256 or Ed25519.
///
/// A class, because a verifier keeps it with a chain it has checked before. Safe to share between threads
/// for the same reasons as `PrivateKey`.
package final class PublicKey: @unchecked Sendable {
    private let raw: OpaquePointer

    /// Reads the DER of RFC 5280 §4.1.2.7, the form whose SHA-256 names a key.
    package init(subjectPublicKeyInfo der: [UInt8]) throws(OpenSSLError) {
        let read = der.withUnsafeBufferPointer {
            var at = $0.baseAddress
            return d2i_PUBKEY(nil, &at, der.count)
        }
        guard let read else { throw OpenSSLError("d2i_PUBKEY") }
        raw = read
    }

    /// Reads the 32 bytes of RFC 8032 §5.1.5.
    package init(ed25519 bytes: [UInt8]) throws(OpenSSLError) {
        guard let read = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
            throw OpenSSLError("EVP_PKEY_new_raw_public_key")
        }
        raw = read
    }

    /// Reads an uncompressed point of P-256, 0x04 ‖ x ‖ y (SEC 1 §2.3.3); refuses one that is not on the curve.
    ///
    /// Not as `subjectPublicKeyInfo`, whose decoders OpenSSL chooses anew each time: that took as long as two signatures.
    init(p256 point: [UInt8]) throws(OpenSSLError) {
        guard point.count == 65, point[0] == 4, let made = EVP_PKEY_new() else { throw OpenSSLError("EVP_PKEY_new") }
        guard EVP_PKEY_copy_parameters(made, Self.curve) == 1,
            EVP_PKEY_set1_encoded_public_key(made, point, point.count) == 1
        else {
            EVP_PKEY_free(made)
            throw OpenSSLError("EVP_PKEY_set1_encoded_public_key")
        }
        raw = made
    }

    /// P-256 without a point. Safe to share: it is only copied from, and lives as long as the process.
    nonisolated(unsafe) private static let curve: OpaquePointer = {
        var made: OpaquePointer?
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else {
            preconditionFailure("\(OpenSSLError("EVP_PKEY_CTX_new_from_name"))")
        }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_paramgen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "prime256v1") == 1,
            EVP_PKEY_paramgen(context, &made) == 1, let made
        else { preconditionFailure("\(OpenSSLError("EVP_PKEY_paramgen"))") }
        return made
    }()

    /// Takes ownership of a key OpenSSL handed out.
    init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    deinit { EVP_PKEY_free(raw) }

    package func verifies(_ signature: some Collection<UInt8>, of message: [UInt8]) -> Bool {
        verifies(signature, of: message, hashed: .sha256)
    }

    /// RSA keys of outside time-stamping authorities sign by PKCS #1 v1.5, over any of these.
    func verifies(_ signature: some Collection<UInt8>, of message: [UInt8], hashed: Digest) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        let digest = EVP_PKEY_get_id(raw) == EVP_PKEY_ED25519 ? nil : hashed.algorithm
        let signature = Array(signature)
        let holds =
            EVP_DigestVerifyInit(context, nil, digest, nil, raw) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        if !holds { OpenSSLError.clear() }
        return holds
    }

    package var subjectPublicKeyInfo: [UInt8] {
        get throws(OpenSSLError) { try derBytes("i2d_PUBKEY") { i2d_PUBKEY(raw, $0) } }
    }

    /// The 32 bytes of an Ed25519 key.
    package var ed25519Bytes: [UInt8] {
        get throws(OpenSSLError) {
            var bytes = [UInt8](repeating: 0, count: 32)
            var count = bytes.count
            guard EVP_PKEY_get_raw_public_key(raw, &bytes, &count) == 1, count == 32 else {
                throw OpenSSLError("EVP_PKEY_get_raw_public_key")
            }
            return bytes
        }
    }

    /// x ‖ y of a P-256 key, 32 bytes each.
    package var p256Point: [UInt8] {
        get throws(OpenSSLError) {
            // SEC 1 §2.3.3: 0x04 ‖ x ‖ y.
            var bytes = [UInt8](repeating: 0, count: 65)
            var count = 0
            guard
                EVP_PKEY_get_octet_string_param(raw, "encoded-pub-key", &bytes, bytes.count, &count) == 1,
                count == 65, bytes[0] == 4
            else { throw OpenSSLError("EVP_PKEY_get_octet_string_param") }
            return Array(bytes.dropFirst())
        }
    }

    /// Whether this is a P-256 key, the only kind that signs a certificate.
    var isP256: Bool {
        var name = [CChar](repeating: 0, count: 32)
        var count = 0
        guard EVP_PKEY_get_group_name(raw, &name, name.count, &count) == 1 else {
            OpenSSLError.clear()
            return false
        }
        return name.prefix(count).elementsEqual("prime256v1".utf8.map { CChar($0) })
    }
}

/// The hashes that we read; what we write is SHA-256.
enum Digest: Hashable, Sendable {
    case sha256, sha384, sha512

    fileprivate var algorithm: OpaquePointer {
        switch self {
        case .sha256: Self.fetched.sha256
        case .sha384: Self.fetched.sha384
        case .sha512: Self.fetched.sha512
        }
    }

    /// Fetched once, as `SHA256` does. Safe to share: an EVP_MD is immutable and lives as long as the process.
    nonisolated(unsafe) private static let fetched = (
        sha256: fetch("SHA256"), sha384: fetch("SHA384"), sha512: fetch("SHA512")
    )

    private static func fetch(_ name: String) -> OpaquePointer {
        guard let fetched = EVP_MD_fetch(nil, name, nil) else {
            preconditionFailure("\(OpenSSLError("EVP_MD_fetch"))")
        }
        return fetched
    }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 64)
        var count: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &out, &count, algorithm, nil) == 1 else {
            preconditionFailure("\(OpenSSLError("EVP_Digest"))")
        }
        return Array(out.prefix(Int(count)))
    }
}
