import GemCrypto
import Testing

@Suite("HMAC-SHA-256")
struct HMACTests {
    @Test("known answers of RFC 4231, cases 1, 2 and 6")
    func knownAnswers() {
        let one = HMACSHA256.authenticate(Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20))
        let two = HMACSHA256.authenticate(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        let six = HMACSHA256.authenticate(
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            key: [UInt8](repeating: 0xaa, count: 131))

        #expect(Hex.encode(one) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(Hex.encode(two) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(Hex.encode(six) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("an empty key and an empty message are allowed")
    func empty() {
        let code = HMACSHA256.authenticate([], key: [])

        #expect(Hex.encode(code) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("a code verifies; one flipped bit and a shorter code do not")
    func verifies() {
        var code = HMACSHA256.authenticate([1], key: [2])

        #expect(HMACSHA256.verifies(code, of: [1], key: [2]))
        #expect(!HMACSHA256.verifies(code.dropLast(), of: [1], key: [2]))
        code[31] ^= 1
        #expect(!HMACSHA256.verifies(code, of: [1], key: [2]))
    }
}
