import COpenSSL

/// Bytes from OpenSSL's generator, fit for keys and nonces.
///
/// A process whose generator fails must not go on, so this traps instead of throwing.
package func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { out, made in
        guard count == 0 || RAND_bytes(out.baseAddress, Int32(count)) == 1 else {
            preconditionFailure("\(OpenSSLError("RAND_bytes"))")
        }
        made = count
    }
}
