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

        init(issued now: Date = Date()) throws {
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
                piece: try JSON(
                    parsing: #"""
                        {"kind":"stone","stone":{"species":"beryl","weightCt":"1.58",\#
                        "measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"}}}
                        """#),
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
        func saveList(
            _ changed: [Int: CertificateStatus], address: String = "https://gems.example/status/1",
            at time: Date = Date()
        ) throws -> String {
            let path = directory + "/status.jwt"
            try write(
                StatusList.sign(
                    changed, address: address, issuer: "GGAPCP", at: time, with: PrivateKey(pem: codeKey)), to: path)
            return path
        }

        /// Checks the certificate with a saved list, remembering in this directory.
        func verify(_ list: String, _ more: String..., remembering place: String? = nil) async -> Run {
            await gemctl(
                arguments: [
                    "verify", json, "--root", directory + "/root.pem", "--keys", directory + "/keys.json",
                    "--status", list,
                ] + more, socket: "/nonexistent",
                settings: ["XDG_STATE_HOME": place ?? directory + "/state"])
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

    @Test("a file that is named after another certificate is not taken for it")
    func renamed() async throws {
        let files = try Files()
        let other = files.directory + "/GGAPCP-26D-000001-7M541"
        for end in [".json", ".json.p7s"] {
            let own = files.json.hasSuffix(".json") ? String(files.json.dropLast(5)) : files.json
            try FileManager.default.copyItem(atPath: own + end, toPath: other + end)
        }

        let renamed = await gemctl(
            "verify", other + ".json", "--root", files.directory + "/root.pem", socket: "/nonexistent")

        #expect(
            renamed.outcome == .notGenuine && renamed.err.contains("is named after GGAPCP-26D-000001-7M541"),
            "\(renamed)")
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
        #expect(good.out.contains("authentic as issued on "))
        #expect(filed.outcome == .ok && filed.out.hasPrefix("GENUINE  \(path)\n"), "\(filed)")
        #expect(bad.outcome == .notGenuine, "\(bad)")
        #expect(cut.outcome == .cannotTell, "\(cut)")
        #expect(keyless.outcome == .cannotTell && keyless.err.contains("hint: give --keys keys.json too"), "\(keyless)")
        files.remove()
    }

    @Test("a saved status list tells the status as of its own hour and its age, one of another address tells nothing")
    func savedStatus() async throws {
        let files = try Files(issued: Date() - 10_000)

        let none = await gemctl("verify", files.json, "--root", files.directory + "/root.pem", socket: "/nonexistent")
        let good = await files.verify(try files.saveList([2: .withdrawn], at: Date() - 8000))
        let withdrawn = await files.verify(try files.saveList([1: .withdrawn]))
        let other = await files.verify(try files.saveList([:], address: "https://gems.example/status/2"))
        let stale = await files.verify(try files.saveList([:], at: Date() - 8 * 86_400))

        let day = CivilTime(Date() - 10_000).dayText
        #expect(none.out.contains("\nauthentic as issued on \(day); current status not checked\n"), "\(none)")
        #expect(good.outcome == .ok && good.out.contains("\nnot withdrawn as of 2"), "\(good)")
        #expect(good.out.contains(" UTC, by the saved status list (2 hours old)\n"))
        #expect(good.out.contains("✓ status") && !good.out.contains("valid"))
        #expect(withdrawn.outcome == .cancelled && withdrawn.out.hasPrefix("CANCELLED"), "\(withdrawn)")
        #expect(withdrawn.out.contains("\nas of 2"))
        for useless in [other, stale] {
            #expect(useless.outcome == .cannotTell && useless.out.hasPrefix("GENUINE"), "\(useless)")
            #expect(useless.out.contains("current status not checked"))
        }
        #expect(other.out.contains("another one than the certificate names"))
        files.remove()
    }

    @Test("a status list older than one seen before is refused, also in the next run")
    func rolledBack() async throws {
        let files = try Files(issued: Date() - 10_000)
        let later = Date()

        let newer = await files.verify(try files.saveList([1: .withdrawn], at: later))
        let older = await files.verify(try files.saveList([:], at: later - 60))
        let again = await files.verify(try files.saveList([1: .withdrawn], at: later))
        let elsewhere = await files.verify(
            try files.saveList([:], at: later - 60), remembering: files.directory + "/other")

        #expect(newer.outcome == .cancelled)
        #expect(older.outcome == .cannotTell, "\(older)")
        #expect(older.out.contains("the status list is older than one seen before"))
        #expect(again.outcome == .cancelled)
        #expect(elsewhere.outcome == .ok, "\(elsewhere)")
        files.remove()
    }

    @Test("a list that does not hold, or is another council's, is not remembered; a damaged memory is told")
    func whatIsRemembered() async throws {
        let files = try Files(issued: Date() - 10_000)
        let others = try Files(issued: Date() - 10_000)
        let memory = files.directory + "/state/gemctl/status-lists.json"

        let forged = await files.verify(try others.saveList([:], at: Date()))
        _ = await others.verify(try others.saveList([:], at: Date()), remembering: files.directory + "/state")
        let own = await files.verify(try files.saveList([:], at: Date() - 3000))
        try write(Array("{".utf8), to: memory)
        let damaged = await files.verify(try files.saveList([:], at: Date() - 4000))
        let unwritable = await files.verify(try files.saveList([:], at: Date() - 2000), remembering: files.json)

        #expect(forged.outcome == .cannotTell && forged.out.contains("not known here"), "\(forged)")
        #expect(own.outcome == .ok, "\(own)")
        #expect(damaged.outcome == .ok && damaged.err.contains("is damaged"), "\(damaged)")
        #expect(unwritable.outcome == .ok && unwritable.err.contains("not remembered"), "\(unwritable)")
        files.remove()
        others.remove()
    }

    @Test("a QR code and a status list: the code does not say its place in it")
    func codeWithList() async throws {
        let files = try Files()

        let run = await gemctl(
            "verify", files.code.text, "--root", files.directory + "/root.pem", "--keys",
            files.directory + "/keys.json", "--status", try files.saveList([:]), socket: "/nonexistent")

        #expect(run.outcome == .cannotTell && run.out.contains("does not say its certificate's place"), "\(run)")
        files.remove()
    }

    @Test(
        "a stone is compared with the certificate by the daemon's rule",
        arguments: [
            (["--weight", "1.58ct", "--size", "9.12x7.05x4.88"], Outcome.ok, "THE STONE FITS"),
            (["--weight", "1.59"], .ok, "✓ weight: 1.59 ct, the certificate says 1.58 ct"),
            (["--weight", "316mg"], .ok, "THE STONE FITS"),
            (["--size", "7.05x9.12x4.88"], .ok, "THE STONE FITS"),
            (["--weight", "1.61"], .cannotTell, "MEASURE AGAIN"),
            (["--weight", "1.62"], .notGenuine, "NOT THE STONE"),
            (["--weight", "1.58", "--size", "9.12x7.05x5.00"], .notGenuine, "✗ depth: 5.00 mm"),
            (["--weight", "1.90", "--size", "9.12x7.05", "--mounted"], .ok, "THE STONE FITS"),
            (["--weight", "1.58", "--mounted"], .cannotTell, "compare the photograph"),
            (["--weight", "heavy"], .usage, ""), (["--weight", "0"], .usage, ""), (["--size", "9"], .usage, ""),
            (["--mounted"], .usage, ""),
        ])
    func stone(options: [String], outcome: Outcome, words: String) async throws {
        let files = try Files()

        let run = await gemctl(
            arguments: ["verify", files.json, "--root", files.directory + "/root.pem"] + options,
            socket: "/nonexistent")

        #expect(run.outcome == outcome, "\(run)")
        #expect(run.out.contains(words) || words.isEmpty, "\(run)")
        files.remove()
    }

    @Test("a code's own measures are compared too; of a changed certificate no stone is compared")
    func stoneOfOthers() async throws {
        let files = try Files()
        let code = await gemctl(
            "verify", files.code.text, "--root", files.directory + "/root.pem", "--keys",
            files.directory + "/keys.json", "--weight", "1.62", "-o", "json", socket: "/nonexistent")
        var bytes = try FileReader.bytes(of: files.json, limit: 1 << 20)
        bytes[try #require(bytes.firstRange(of: Array("1.58".utf8))?.lowerBound)] = UInt8(ascii: "8")
        try write(bytes, to: files.json)

        let changed = await gemctl(
            "verify", files.json, "--root", files.directory + "/root.pem", "--weight", "8.58", socket: "/nonexistent")

        #expect(code.outcome == .notGenuine)
        #expect(try JSON(parsing: String(code.out.dropLast()))["stone"]?["match"] == "mismatch")
        #expect(changed.outcome == .notGenuine && !changed.out.contains("FITS"), "\(changed)")
        files.remove()
    }

    @Test("a number is its file in this folder, else the daemon's; with a root its files are checked here")
    func number() async throws {
        let files = try Files()
        let number = files.code.number.description
        let signature = try FileReader.bytes(of: files.json + ".p7s", limit: 1 << 16)
        let json = try FileReader.bytes(of: files.json, limit: 1 << 16)
        let server = StubServer { peer, _ in
            while let request = peer.request() {
                switch request.line.split(separator: " ")[1] {
                case "/v1/certificates/\(number).json": peer.answer(json, type: "application/json")
                case "/v1/certificates/\(number).p7s": peer.answer(signature, type: "application/pkcs7-signature")
                case "/v1/verify": peer.answer(#"{"verdict":"genuine","headline":"by the daemon","steps":[]}"#)
                default: peer.answer(Array("no proof\n".utf8), type: "text/plain")
                }
            }
        }

        let here = await gemctl(
            "verify", number.lowercased(), "--root", files.directory + "/root.pem", "--weight", "1.58",
            socket: server.path)
        let there = await gemctl("verify", number, "--weight", "1.62", socket: server.path)

        #expect(here.outcome == .ok && here.out.hasPrefix("GENUINE  \(number)\n"), "\(here)")
        #expect(here.out.contains("✓ signature") && here.out.contains("THE STONE FITS"))
        #expect(there.outcome == .notGenuine && there.out.contains("by the daemon"), "\(there)")
        #expect(there.out.contains("NOT THE STONE"))
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
