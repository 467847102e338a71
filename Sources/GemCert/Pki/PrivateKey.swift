import COpenSSL
package import GemCrypto

/// A signing key, P-256 or Ed25519: the one owner of its EVP_PKEY, freed when it goes out of scope.
///
/// Safe to share between threads: an EVP_PKEY does not change once it is made, its reference count is
/// atomic, and every operation below has a context of its own.
package struct PrivateKey: ~Copyable, @unchecked Sendable {
    enum Kind: String {
        case p256 = "P-256"
        case ed25519 = "ED25519"
    }

    let raw: OpaquePointer
    /// Ready to sign, and only copied: making one looks up the same algorithms each time.
    private let context: OpaquePointer

    private init(owning raw: OpaquePointer) throws(OpenSSLError) {
        let digest = EVP_PKEY_get_id(raw) == EVP_PKEY_ED25519 ? nil : EVP_sha256()
        guard let context = EVP_MD_CTX_new() else {
            EVP_PKEY_free(raw)
            throw OpenSSLError("EVP_MD_CTX_new")
        }
        guard EVP_DigestSignInit(context, nil, digest, nil, raw) == 1 else {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(raw)
            throw OpenSSLError("EVP_DigestSignInit")
        }
        self.raw = raw
        self.context = context
    }

    /// A fresh key from OpenSSL's random generator.
    init(generating kind: Kind) throws(OpenSSLError) {
        let made = kind == .p256 ? gem_EVP_EC_gen(kind.rawValue) : gem_EVP_PKEY_Q_keygen(kind.rawValue)
        guard let made else { throw OpenSSLError("EVP_PKEY_Q_keygen") }
        try self.init(owning: made)
    }

    /// Reads PKCS#8 PEM. Throws as well when a passphrase is missing or wrong; OpenSSL never asks on a terminal.
    package init(pem: [UInt8], passphrase: String? = nil) throws(OpenSSLError) {
        let bio = try MemoryBIO(pem)
        // With no callback, OpenSSL takes the last argument as the passphrase; a null one would prompt.
        let read = (passphrase ?? "").withCString {
            PEM_read_bio_PrivateKey(bio.raw, nil, nil, UnsafeMutableRawPointer(mutating: $0))
        }
        guard let read else { throw OpenSSLError("PEM_read_bio_PrivateKey") }
        try self.init(owning: read)
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_PKEY_free(raw)
    }

    /// PKCS#8 PEM; under a passphrase PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256.
    package borrowing func pem(passphrase: String? = nil) throws(OpenSSLError) -> [UInt8] {
        let bio = try MemoryBIO()
        guard let passphrase else {
            guard PEM_write_bio_PKCS8PrivateKey(bio.raw, raw, nil, nil, 0, nil, nil) == 1 else {
                throw OpenSSLError("PEM_write_bio_PKCS8PrivateKey")
            }
            return bio.bytes
        }
        guard let plain = EVP_PKEY2PKCS8(raw) else { throw OpenSSLError("EVP_PKEY2PKCS8") }
        defer { PKCS8_PRIV_KEY_INFO_free(plain) }
        guard
            let sealed = PKCS8_encrypt(
                -1, EVP_aes_256_cbc(), passphrase, Int32(passphrase.utf8.count), nil, 0, Self.pbkdf2Rounds, plain)
        else { throw OpenSSLError("PKCS8_encrypt") }
        defer { X509_SIG_free(sealed) }
        guard PEM_write_bio_PKCS8(bio.raw, sealed) == 1 else { throw OpenSSLError("PEM_write_bio_PKCS8") }
        return bio.bytes
    }

    /// About 50 ms for each key opened. Passphrases we make have 150 bits and would need none of it.
    private static let pbkdf2Rounds: Int32 = 100_000

    /// The same key as one that only verifies. It shares the EVP_PKEY, since reading its DER anew costs ten signatures.
    package var publicKey: PublicKey {
        borrowing get {
            EVP_PKEY_up_ref(raw)
            return PublicKey(owning: raw)
        }
    }

    /// Ed25519: the 64 bytes of RFC 8032 §5.1.6. P-256: ECDSA over SHA-256 in DER.
    package borrowing func sign(_ message: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        guard let copy = EVP_MD_CTX_new() else { throw OpenSSLError("EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(copy) }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(raw)))
        var count = signature.count
        guard EVP_MD_CTX_copy_ex(copy, context) == 1,
            EVP_DigestSign(copy, &signature, &count, message, message.count) == 1
        else { throw OpenSSLError("EVP_DigestSign") }
        return Array(signature.prefix(count))
    }
}
