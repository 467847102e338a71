import COpenSSL

/// SHA-256 (FIPS 180-4): 32 bytes for any input.
///
/// Nothing here throws: OpenSSL's digest fails only when its default provider or memory is missing,
/// and then the process cannot go on.
package enum SHA256 {
    package static let byteCount = 32

    package static func hash(_ bytes: some ContiguousBytes) -> [UInt8] {
        bytes.withContiguousBytes { hash($0) }
    }

    package static func hash(_ buffer: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { out, count in
            guard EVP_Digest(buffer.baseAddress, buffer.count, out.baseAddress, nil, algorithm, nil) == 1 else {
                preconditionFailure("\(OpenSSLError("EVP_Digest"))")
            }
            count = byteCount
        }
    }

    /// Fetched once: a fetch by name costs as much as hashing a short message.
    /// Safe to share: an EVP_MD is immutable after the fetch and lives as long as the process.
    nonisolated(unsafe) fileprivate static let algorithm: OpaquePointer = {
        guard let fetched = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("\(OpenSSLError("EVP_MD_fetch"))")
        }
        return fetched
    }()
}

/// SHA-256 of bytes that come in parts. Its context is reused: after `finish` it hashes the next message.
package struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("\(OpenSSLError("EVP_MD_CTX_new"))") }
        self.context = context
        start()
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: some ContiguousBytes) {
        bytes.withContiguousBytes { update($0) }
    }

    package mutating func update(_ buffer: UnsafeRawBufferPointer) {
        guard EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1 else {
            preconditionFailure("\(OpenSSLError("EVP_DigestUpdate"))")
        }
    }

    /// The digest of everything since the last `finish`.
    package mutating func finish() -> [UInt8] {
        let digest = [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { out, count in
            guard EVP_DigestFinal_ex(context, out.baseAddress, nil) == 1 else {
                preconditionFailure("\(OpenSSLError("EVP_DigestFinal_ex"))")
            }
            count = SHA256.byteCount
        }
        start()
        return digest
    }

    private func start() {
        guard EVP_DigestInit_ex2(context, SHA256.algorithm, nil) == 1 else {
            preconditionFailure("\(OpenSSLError("EVP_DigestInit_ex2"))")
        }
    }
}
