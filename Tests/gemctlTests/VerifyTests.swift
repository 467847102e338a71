import FoundationEssentials
import GemCert
import GemCrypto
import GemModel
import Glibc
import Testing

@testable import gemctl

/// `gemctl verify --root`, without a daemon; the daemon's side is in ClientTests.
@Suite struct VerifyTests {
    /// A council's public files and one declaration with its signature, in a directory of their own.
    private struct Files {
        let directory = temporaryDirectory()
        var json: String { directory + "/N.json" }
        /// The certificate's QR code.
        let code: QRText
        private let codeKey: [UInt8]

        init() throws {
            let now = Date()
            let ceremony = try Ceremony(
                Ceremony.Request(
                    code: "GGAPCP", name: "Council", country: "PK", publicURL: "https://gems.example", passphrase: nil,
                    rootPassphrase: "root", now: now))
            for file in ceremony.publicFiles { try write(file.bytes, to: directory + "/" + file.name) }
            func file(_ name: String) -> [UInt8] {
                (ceremony.publicFiles + ceremony.secretFiles).first { $0.name == name }?.bytes ?? []
            }
            let number = try #require(
                (UInt8(0)..<32).lazy.compactMap { last in
                    CertificateNumber(issuer: "GGAPCP", year: 26, certificateClass: .declaration, sequence: 1) { _ in
                        [7, 22, 27, last]
                    }
                }.first)
            let statement = Statement(
                number: number, issuedAt: now, nonce: [UInt8](repeating: 1, count: 16),
                issuer: .init(code: "GGAPCP", name: "Council", country: "PK"),
                piece: try JSON(parsing: #"{"kind":"stone","stone":{"species":"beryl","weightCt":"1.58"}}"#),
                statusList: "https://gems.example/status/1", statusIndex: 1, logOrigin: "gems.example/log",
                disclosure: "None known.",
                limits: "A dealer's declaration.", verify: "https://gems.example/c/\(number)",
                body: .declaration(.init(party: "ALI", name: "Ali Gems")))
            let issuer = try Issuer(
                key: file("signer.key"), passphrase: nil, certificate: file("signer.pem"), issuing: file("issuing.pem"))
            let bytes = try statement.bytes
            codeKey = file("cose.key")
            code = QRText(
                publicURL: "https://gems.example",
                try COSESign1(
                    signing: SlimStatement(of: JSON(parsing: bytes), bytes: SHA256.hash(bytes)),
                    with: PrivateKey(pem: codeKey)))
            try write(bytes, to: json)
            try write(try issuer.sign(bytes), to: json + ".p7s")
        }

        /// Saves a status list; the certificate's place in it is 1.
        func saveList(_ changed: [Int: CertificateStatus], address: String = "https://gems.example/status/1") throws
            -> String
        {
            let path = directory + "/status.jwt"
            try write(
                StatusList.sign(
                    changed, address: address, issuer: "GGAPCP", at: Date(), with: PrivateKey(pem: codeKey)), to: path)
            return path
        }

        func remove() { try? FileManager.default.removeItem(atPath: directory) }  // only a test's leftovers
    }

    @Test("a certificate is checked under the council's root without a daemon, and a changed one is found")
    func offline() async throws {
        let files = try Files()
        let root = files.directory + "/root.pem"

        let good = await gemctl(
            "verify", files.json, "--root", root, "--log-key", files.directory + "/log.vkey", "--crl",
            files.directory + "/issuing.crl",
            "--crl", files.directory + "/root.crl", socket: "/nonexistent")
        let json = await gemctl(
            "verify", files.json, "--root", files.directory + "/root-and-crls.pem", "-o", "json", socket: "/nonexistent"
        )
        var bytes = try FileReader.bytes(of: files.json, limit: 1 << 20)
        let at = try #require(bytes.firstRange(of: Array("1.58".utf8))?.lowerBound)
        bytes[at] = UInt8(ascii: "8")
        try write(bytes, to: files.json)
        let changed = await gemctl("verify", files.json, "--root", root, socket: "/nonexistent")

        #expect(good.outcome == .ok, "\(good)")
        #expect(good.out.hasPrefix("GENUINE  \(files.json)\n"))
        #expect(good.out.contains("✓ signature"))
        #expect(good.out.contains("✓ revocation"))
        #expect(good.out.contains("– log"))
        #expect(try JSON(parsing: String(json.out.dropLast()))["verdict"] == "genuine")
        #expect(json.out.contains(#"{"name":"revocation","result":"met"}"#))
        #expect(changed.outcome == .notGenuine)
        #expect(changed.out.hasPrefix("NOT GENUINE"))
        #expect(changed.out.contains("✗ signature"))
        files.remove()
    }

    @Test("without its signature nobody can tell")
    func unsigned() async throws {
        let files = try Files()
        unlink(files.json + ".p7s")

        let run = await gemctl("verify", files.json, "--root", files.directory + "/root.pem", socket: "/nonexistent")

        #expect(run.outcome == .cannotTell)
        #expect(run.out.hasPrefix("CANNOT TELL"))
        files.remove()
    }

    @Test("a QR code's text is checked without a daemon, itself or in a file")
    func code() async throws {
        let files = try Files()
        let path = files.directory + "/code.txt"
        try write(Array((files.code.text + "\n").utf8), to: path)
        let other = files.code.digits.last == "1" ? "2" : "1"
        let changed = "\(files.code.address)#\(files.code.digits.dropLast())\(other)"
        func verify(_ argument: String) async -> Run {
            await gemctl(
                "verify", argument, "--root", files.directory + "/root.pem", "--keys", files.directory + "/keys.json",
                socket: "/nonexistent")
        }

        let good = await verify(files.code.text)
        let filed = await verify(path)
        let bad = await verify(changed)
        let cut = await verify(files.code.address)
        let keyless = await gemctl(
            "verify", files.code.text, "--root", files.directory + "/root.pem", socket: "/nonexistent")

        #expect(good.outcome == .ok, "\(good)")
        #expect(good.out.hasPrefix("GENUINE  \(files.code.address)\n"))
        #expect(good.out.contains("; current status not checked"))
        #expect(filed.outcome == .ok && filed.out.hasPrefix("GENUINE  \(path)\n"), "\(filed)")
        #expect(bad.outcome == .notGenuine, "\(bad)")
        #expect(cut.outcome == .cannotTell, "\(cut)")
        #expect(keyless.outcome == .cannotTell && keyless.err.contains("hint: give --keys keys.json too"), "\(keyless)")
        files.remove()
    }

    @Test("a saved status list tells the status as of its own hour, one of another address tells nothing")
    func savedStatus() async throws {
        let files = try Files()
        func verify(_ list: String) async -> Run {
            await gemctl(
                "verify", files.json, "--root", files.directory + "/root.pem", "--keys", files.directory + "/keys.json",
                "--status", list, socket: "/nonexistent")
        }

        let good = await verify(try files.saveList([2: .withdrawn]))
        let withdrawn = await verify(try files.saveList([1: .withdrawn]))
        let other = await verify(try files.saveList([:], address: "https://gems.example/status/2"))

        #expect(good.outcome == .ok && good.out.contains("status as of 2"), "\(good)")
        #expect(good.out.contains("✓ status"))
        #expect(withdrawn.outcome == .cancelled && withdrawn.out.hasPrefix("CANCELLED"), "\(withdrawn)")
        #expect(other.outcome == .ok && other.out.contains("current status not checked"), "\(other)")
        #expect(other.out.contains("another one than the certificate names"))
        files.remove()
    }

    @Test("another council's root is not trusted")
    func otherRoot() async throws {
        let files = try Files()
        let others = try Files()

        let run = await gemctl("verify", files.json, "--root", others.directory + "/root.pem", socket: "/nonexistent")

        #expect(run.outcome == .notGenuine)
        #expect(run.out.contains("✗ chain"))
        files.remove()
        others.remove()
    }

    @Test("a root that is none, and a daemon that is not there, say what to do")
    func hints() async throws {
        let files = try Files()

        let wrong = await gemctl("verify", files.json, "--root", files.json, socket: "/nonexistent")
        let alone = await gemctl("verify", files.json, socket: "/nonexistent")

        #expect(wrong.outcome == .failed)
        #expect(wrong.err.contains("hint: --root takes the council's root.pem"))
        #expect(alone.outcome == .unreachable)
        #expect(alone.err.contains("hint: check it without a daemon: --root root.pem"))
        files.remove()
    }
}
