import GemCrypto
import Testing

@Suite("AES-256-GCM")
struct AESGCMTests {
    let key = [UInt8](repeating: 7, count: 32)

    @Test("known answers of the GCM specification, cases 13 to 15")
    func knownAnswers() throws {
        let nothing = try #require(AESGCM(key: [UInt8](repeating: 0, count: 32)))
        let empty = try nothing.seal([], nonce: [UInt8](repeating: 0, count: 12))
        let block = try nothing.seal([UInt8](repeating: 0, count: 16), nonce: [UInt8](repeating: 0, count: 12))

        #expect(Hex.encode(empty.dropFirst(12)) == "530f8afbc74536b9a963b4f1c4cb738b")
        #expect(
            Hex.encode(block.dropFirst(12)) == "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919")
    }

    @Test("what was sealed opens, with its own context only")
    func roundTrip() throws {
        let cipher = try #require(AESGCM(key: key))
        let box = try cipher.seal(Array("a secret".utf8), context: Array("token 1".utf8))

        #expect(try cipher.open(box, context: Array("token 1".utf8)) == Array("a secret".utf8))
        #expect(try cipher.open(box, context: Array("token 2".utf8)) == nil)
        #expect(try cipher.open(box) == nil)
    }

    @Test("a box with any byte changed, cut or added does not open")
    func changed() throws {
        let cipher = try #require(AESGCM(key: key))
        let box = try cipher.seal([1, 2, 3, 4])

        for i in box.indices {
            var copy = box
            copy[i] ^= 0x80
            #expect(try cipher.open(copy) == nil)
        }
        #expect(try cipher.open(box.dropLast()) == nil)
        #expect(try cipher.open(box + [0]) == nil)
        #expect(try cipher.open([]) == nil)
    }

    @Test("keys of another length are refused", arguments: [0, 16, 31, 33])
    func keyLength(count: Int) {
        #expect(AESGCM(key: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test("the same message sealed twice gives two boxes")
    func freshNonce() throws {
        let cipher = try #require(AESGCM(key: key))

        #expect(try cipher.seal([1]) != cipher.seal([1]))
    }
}

@Suite("random bytes")
struct RandomTests {
    @Test("the count asked for, never twice the same")
    func counts() {
        #expect(randomBytes(0).isEmpty)
        #expect(randomBytes(33).count == 33)
        #expect(randomBytes(16) != randomBytes(16))
    }
}
