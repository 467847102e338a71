import COpenSSL

/// HMAC with SHA-256 (RFC 2104): 32 bytes only a holder of the key can make.
package enum HMACSHA256 {
    package static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { out, count in
            // A null key means "the key of before" to OpenSSL, so an empty key is passed as a pointer too.
            let made = key.withUnsafeBytes { keyBytes in
                withUnsafeBytes(of: UInt8(0)) { none in
                    HMAC(
                        EVP_sha256(), keyBytes.baseAddress ?? none.baseAddress, Int32(key.count), message,
                        message.count, out.baseAddress, nil)
                }
            }
            guard made != nil else { preconditionFailure("\(OpenSSLError("HMAC"))") }
            count = SHA256.byteCount
        }
    }

    /// Takes as long for a near miss as for a wild guess.
    package static func verifies(_ code: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
        constantTimeEqual(code, authenticate(message, key: key))
    }
}

/// Equality of secrets: the time taken tells nothing about where they differ, only whether their lengths do.
package func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}
