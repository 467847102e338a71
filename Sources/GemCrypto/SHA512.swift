import COpenSSL

/// SHA-512 (FIPS 180-4): 64 bytes. Only what others sign needs it; our own digests are SHA-256.
package enum SHA512 {
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 64) { out, count in
            guard EVP_Digest(bytes, bytes.count, out.baseAddress, nil, EVP_sha512(), nil) == 1 else {
                preconditionFailure("\(OpenSSLError("EVP_Digest"))")
            }
            count = 64
        }
    }
}
