import GemCrypto
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "known answers of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func knownAnswers(message: String, digest: String) {
        #expect(Hex.encode(SHA256.hash(Array(message.utf8))) == digest)
    }

    @Test("bytes in parts hash as in one piece, and the hasher starts afresh after finish")
    func parts() {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var hasher = SHA256Hasher()

        hasher.update(message[..<7])
        hasher.update([UInt8]())
        hasher.update(message[7...])
        let first = hasher.finish()
        let second = hasher.finish()

        #expect(first == SHA256.hash(message))
        #expect(second == SHA256.hash([UInt8]()))
    }

    @Test("a raw buffer hashes as its bytes")
    func rawBuffer() {
        let message: [UInt8] = [1, 2, 3]

        let digest = message.withUnsafeBytes { SHA256.hash($0) }

        #expect(digest == SHA256.hash(message))
    }
}
