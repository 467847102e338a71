import COpenSSL
import GemCrypto

/// The one owner of a memory BIO, OpenSSL's stream over bytes in memory.
struct MemoryBIO: ~Copyable {
    let raw: OpaquePointer

    /// An empty one, to write to.
    init() throws(OpenSSLError) {
        guard let raw = BIO_new(BIO_s_mem()) else { throw OpenSSLError("BIO_new") }
        self.raw = raw
    }

    /// One that reads a copy of `bytes`.
    init(_ bytes: [UInt8]) throws(OpenSSLError) {
        guard let raw = BIO_new(BIO_s_mem()) else { throw OpenSSLError("BIO_new") }
        var written = 0
        guard bytes.isEmpty || BIO_write_ex(raw, bytes, bytes.count, &written) == 1, written == bytes.count else {
            BIO_free_all(raw)
            throw OpenSSLError("BIO_write_ex")
        }
        self.raw = raw
    }

    deinit { BIO_free_all(raw) }

    /// What was written and not yet read.
    var bytes: [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        let count = gem_BIO_get_mem_data(raw, &start)
        guard count > 0, let start else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// The DER of any OpenSSL structure, through its `i2d_` function.
func derBytes(
    _ call: String, _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) throws(OpenSSLError) -> [UInt8] {
    var out: UnsafeMutablePointer<UInt8>?
    let count = encode(&out)
    guard count > 0, let out else { throw OpenSSLError(call) }
    defer { gem_OPENSSL_free(out) }
    return Array(UnsafeRawBufferPointer(start: out, count: Int(count)))
}
