import FoundationEssentials
import GemCrypto
import Testing

@testable import GemCert

@Suite("checkpoints")
struct CheckpointTests {
    let key: NoteKey
    let note: [UInt8]

    init() throws {
        let privateKey = try PrivateKey(generating: .ed25519)
        key = try NoteKey(name: "gems.example/log", publicKey: privateKey.publicKey)
        note = try Checkpoint(origin: "gems.example/log", size: 7, root: SHA256.hash([1])).signed(by: privateKey)
    }

    /// The key and note that Go's golang.org/x/mod/sumdb/note documents, so another implementation's bytes.
    static let foreignKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test("a verifier key of another implementation reads, and writes itself back")
    func foreignKey() throws {
        let key = try #require(NoteKey(text: Self.foreignKey))

        #expect(key.name == "PeterNeumann")
        #expect(key.text == Self.foreignKey)
        #expect(NoteKey(text: Self.foreignKey + "\n")?.text == Self.foreignKey)
    }

    @Test("a note signed by another implementation verifies")
    func foreignSignature() throws {
        let key = try #require(NoteKey(text: Self.foreignKey))
        let text =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
        let signature = try #require(
            Base64.decode(
                "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="))

        #expect(Array(signature.prefix(4)) == key.id)
        #expect(key.publicKey.verifies(signature.dropFirst(4), of: Array(text.utf8)))
    }

    @Test("a checkpoint is signed, published and read back")
    func roundTrip() throws {
        let read = try Checkpoint(note: note, verifiedBy: key)

        #expect(read == Checkpoint(origin: "gems.example/log", size: 7, root: SHA256.hash([1])))
        let lines = String(decoding: note, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 6)
        #expect(lines[1] == "7")
        #expect(lines[4].hasPrefix("— gems.example/log "))
    }

    @Test("signatures of keys we do not know are ignored, before and after ours")
    func witnesses() throws {
        let text = String(decoding: note, as: UTF8.self)
        let foreign = "— witness.example \(Base64.encode([9, 9, 9, 9] + [UInt8](repeating: 1, count: 72)))\n"
        let before = text.replacing("\n\n", with: "\n\n\(foreign)")

        #expect(try Checkpoint(note: Array((text + foreign).utf8), verifiedBy: key).size == 7)
        #expect(try Checkpoint(note: Array(before.utf8), verifiedBy: key).size == 7)
    }

    @Test("a second signature under our key's name and id must hold too")
    func falseTwin() throws {
        let twin = "— gems.example/log \(Base64.encode(key.id + [UInt8](repeating: 1, count: 64)))\n"

        #expect(throws: Checkpoint.Refusal.badSignature) {
            try Checkpoint(note: note + Array(twin.utf8), verifiedBy: key)
        }
    }

    @Test("another key of the same name is unknown")
    func otherKey() throws {
        let other = try PrivateKey(generating: .ed25519)
        let otherKey = try NoteKey(name: "gems.example/log", publicKey: other.publicKey)

        #expect(throws: Checkpoint.Refusal.unknownKey) { try Checkpoint(note: note, verifiedBy: otherKey) }
    }

    @Test("every flipped bit is refused")
    func bits() {
        for bit in 0..<note.count * 8 {
            var copy = note
            copy[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: Checkpoint.Refusal.self) { try Checkpoint(note: copy, verifiedBy: key) }
        }
    }

    @Test("a checkpoint for another origin, though our key signed it, is refused")
    func otherOrigin() throws {
        let privateKey = try PrivateKey(generating: .ed25519)
        let key = try NoteKey(name: "gems.example/log", publicKey: privateKey.publicKey)
        let text = Checkpoint(origin: "other.example/log", size: 7, root: SHA256.hash([1])).text
        let signature = try privateKey.sign(Array(text.utf8))
        let note = Array("\(text)\n— gems.example/log \(Base64.encode(key.id + signature))\n".utf8)

        #expect(throws: Checkpoint.Refusal.otherOrigin("other.example/log")) {
            try Checkpoint(note: note, verifiedBy: key)
        }
    }

    @Test(
        "what is no note is refused",
        arguments: [
            "", "\n", "\n\n", "a\n1\nb\n", "a\n\n", "\n\n— a b\n", "a\n1\nAA==\n\n— a AAAAAAA=",
            "a\r\n\r\n— a AAAAAAA=\r\n",
        ])
    func noNote(text: String) {
        #expect(throws: Checkpoint.Refusal.self) { try Checkpoint(note: Array(text.utf8), verifiedBy: key) }
    }

    @Test(
        "a signed body that is no tree head is refused",
        arguments: [
            "gems.example/log\n07\n4vLwnKgvVF1mUN6qWp3PXqUfhvnM1SFbBYvNvG0rmRQ=\n", "gems.example/log\n7\nAAAA\n",
            "gems.example/log\n-7\n4vLwnKgvVF1mUN6qWp3PXqUfhvnM1SFbBYvNvG0rmRQ=\n", "gems.example/log\n7\n",
            "gems.example/log\n99999999999999999999\n4vLwnKgvVF1mUN6qWp3PXqUfhvnM1SFbBYvNvG0rmRQ=\n",
        ])
    func body(text: String) throws {
        let privateKey = try PrivateKey(generating: .ed25519)
        let key = try NoteKey(name: "gems.example/log", publicKey: privateKey.publicKey)
        let signature = try privateKey.sign(Array(text.utf8))
        let note = Array("\(text)\n— gems.example/log \(Base64.encode(key.id + signature))\n".utf8)

        #expect(throws: Checkpoint.Refusal.self) { try Checkpoint(note: note, verifiedBy: key) }
    }

    @Test(
        "a malformed verifier key is refused",
        arguments: [
            "", "PeterNeumann", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+AhpcQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "+c74f20a3+AQ==",
        ])
    func malformedKey(text: String) {
        #expect(NoteKey(text: text) == nil)
    }
}

@Suite("log proofs")
struct TlogProofTests {
    let proof = TlogProof(
        index: 5, hashes: [SHA256.hash([1]), SHA256.hash([2])], checkpoint: Array("o\n7\nr\n\n— o s\n".utf8))

    @Test("the text is that of C2SP tlog-proof, and reads back")
    func roundTrip() throws {
        let text = String(decoding: proof.bytes, as: UTF8.self)

        #expect(text.hasPrefix("c2sp.org/tlog-proof@v1\nindex 5\nS/USLzRFVMU73i67"))
        #expect(text.hasSuffix("=\n\no\n7\nr\n\n— o s\n"))
        #expect(try TlogProof(parsing: proof.bytes) == proof)
    }

    @Test("a tree of one leaf needs no hash")
    func single() throws {
        let single = TlogProof(index: 0, hashes: [], checkpoint: Array("c\n".utf8))

        #expect(single.bytes == Array("c2sp.org/tlog-proof@v1\nindex 0\n\nc\n".utf8))
        #expect(try TlogProof(parsing: single.bytes) == single)
    }

    @Test("extra data is allowed and ignored")
    func extra() throws {
        let bytes = Array("c2sp.org/tlog-proof@v1\nextra YWJj\nindex 0\n\nc\n".utf8)

        #expect(try TlogProof(parsing: bytes).index == 0)
    }

    @Test(
        "malformed proofs are refused",
        arguments: [
            "", "\n\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nc", "c2sp.org/tlog-proof@v1\nindex 00\n\nc",
            "c2sp.org/tlog-proof@v1\nindex -1\n\nc", "c2sp.org/tlog-proof@v1\nindex +1\n\nc",
            "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nc", "c2sp.org/tlog-proof@v1\nindex 0",
            "c2sp.org/tlog-proof@v1\n\nc",
            "c2sp.org/tlog-proof@v1\nindex 0\nextra YWJj\n\nc", "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nc",
            "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nc", "c2sp.org/tlog-proof@v1\nindex 99999999999999999999\n\nc",
        ])
    func malformed(text: String) {
        #expect(throws: TlogProof.Malformed.self) { try TlogProof(parsing: Array(text.utf8)) }
    }

    @Test("more hashes than any tree has are refused")
    func tooMany() {
        let line = Base64.encode(SHA256.hash([1])) + "\n"
        let text = "c2sp.org/tlog-proof@v1\nindex 0\n" + String(repeating: line, count: 65) + "\nc\n"

        #expect(throws: TlogProof.Malformed(reason: "too many hashes")) { try TlogProof(parsing: Array(text.utf8)) }
    }
}

@Suite("log entries")
struct LogEntryTests {
    @Test("an entry is canonical JSON with the members of the contract")
    func bytes() {
        let entry = LogEntry(
            at: Date(timeIntervalSince1970: 1_795_253_400.25), kind: .issue, serial: "GGAPCP-26D-000417",
            sha256: SHA256.hash([UInt8]()))

        #expect(
            String(decoding: entry.bytes, as: UTF8.self)
                == #"{"at":"2026-11-21T09:30:00.250Z","kind":"issue","serial":"GGAPCP-26D-000417","#
                + #""sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","v":1}"#)
    }
}
