import COpenSSL

/// AES-256-GCM (NIST SP 800-38D): a box that shows whether anybody touched it.
///
/// A box is nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes).
/// With random nonces one key must not seal more than 2³² boxes.
package struct AESGCM: Sendable {
    package static let keyByteCount = 32
    package static let nonceByteCount = 12
    package static let tagByteCount = 16

    private let key: [UInt8]

    /// Nil unless the key has 32 bytes.
    package init?(key: [UInt8]) {
        guard key.count == Self.keyByteCount else { return nil }
        self.key = key
    }

    /// `context` is not in the box but must be the same when it is opened.
    package func seal(
        _ message: [UInt8], context: [UInt8] = [], nonce: [UInt8] = randomBytes(nonceByteCount)
    ) throws(OpenSSLError) -> [UInt8] {
        precondition(nonce.count == Self.nonceByteCount)
        let cipher = try Cipher()
        guard EVP_EncryptInit_ex2(cipher.raw, EVP_aes_256_gcm(), key, nonce, nil) == 1 else {
            throw OpenSSLError("EVP_EncryptInit_ex2")
        }
        var length: Int32 = 0
        guard context.isEmpty || EVP_EncryptUpdate(cipher.raw, nil, &length, context, Int32(context.count)) == 1
        else { throw OpenSSLError("EVP_EncryptUpdate") }
        var sealed = [UInt8](repeating: 0, count: message.count)
        guard EVP_EncryptUpdate(cipher.raw, &sealed, &length, message, Int32(message.count)) == 1,
            EVP_EncryptFinal_ex(cipher.raw, nil, &length) == 1
        else { throw OpenSSLError("EVP_EncryptUpdate") }
        var tag = [UInt8](repeating: 0, count: Self.tagByteCount)
        guard EVP_CIPHER_CTX_ctrl(cipher.raw, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1 else {
            throw OpenSSLError("EVP_CTRL_AEAD_GET_TAG")
        }
        return nonce + sealed + tag
    }

    /// Nil when the box was not sealed with this key and context, or was changed since.
    package func open(_ box: [UInt8], context: [UInt8] = []) throws(OpenSSLError) -> [UInt8]? {
        guard box.count >= Self.nonceByteCount + Self.tagByteCount else { return nil }
        let nonce = Array(box.prefix(Self.nonceByteCount))
        let sealed = Array(box.dropFirst(Self.nonceByteCount).dropLast(Self.tagByteCount))
        var tag = Array(box.suffix(Self.tagByteCount))
        let cipher = try Cipher()
        guard EVP_DecryptInit_ex2(cipher.raw, EVP_aes_256_gcm(), key, nonce, nil) == 1,
            EVP_CIPHER_CTX_ctrl(cipher.raw, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
        else { throw OpenSSLError("EVP_DecryptInit_ex2") }
        var length: Int32 = 0
        guard context.isEmpty || EVP_DecryptUpdate(cipher.raw, nil, &length, context, Int32(context.count)) == 1
        else { throw OpenSSLError("EVP_DecryptUpdate") }
        var message = [UInt8](repeating: 0, count: sealed.count)
        guard EVP_DecryptUpdate(cipher.raw, &message, &length, sealed, Int32(sealed.count)) == 1 else {
            throw OpenSSLError("EVP_DecryptUpdate")
        }
        guard EVP_DecryptFinal_ex(cipher.raw, nil, &length) == 1 else {
            OpenSSLError.clear()
            return nil
        }
        return message
    }
}

/// The one owner of an EVP_CIPHER_CTX.
private struct Cipher: ~Copyable {
    let raw: OpaquePointer

    init() throws(OpenSSLError) {
        guard let raw = EVP_CIPHER_CTX_new() else { throw OpenSSLError("EVP_CIPHER_CTX_new") }
        self.raw = raw
    }

    deinit { EVP_CIPHER_CTX_free(raw) }
}
