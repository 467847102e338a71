import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("the verifier")
struct VerifierTests {
    let council = Council.usual

    @Test("certificate, signature and proof together are genuine, and every step says so")
    func genuine() throws {
        let verdict = try council.verify()

        #expect(verdict.outcome == .genuine)
        #expect(verdict.certificateClass == .declaration)
        #expect(verdict.headline == "Authentic dealer declaration: no laboratory examined this stone")
        #expect(verdict.steps.map(\.step) == Verdict.Step.allCases)
        #expect(verdict.failed.isEmpty)
        #expect(verdict.notChecked == [.attachments])
    }

    @Test("with no word on today's status the headline says so")
    func unknownStatus() throws {
        let verdict = try council.verify(status: nil)

        #expect(verdict.outcome == .genuine)
        #expect(
            verdict.headline
                == "Authentic dealer declaration: no laboratory examined this stone; current status not checked")
        #expect(verdict.notChecked == [.status, .attachments])
    }

    @Test("JSON alone: nobody can tell")
    func jsonAlone() throws {
        let verdict = try council.ceremony.verifier().verify(.init(json: council.json), now: Council.today)

        #expect(verdict.outcome == .cannotTell)
        #expect(verdict.certificateClass == nil)
        #expect(verdict.failed.isEmpty)
        #expect(verdict[.signature] == .notChecked("the signature file (.p7s) was not handed in"))
    }

    @Test("a signature alone, or nothing at all: nobody can tell")
    func nothing() throws {
        let verifier = try council.ceremony.verifier()

        #expect(
            verifier.verify(.init(json: nil, signature: council.signature), now: Council.today).outcome == .cannotTell)
        #expect(verifier.verify(.init(json: nil), now: Council.today).outcome == .cannotTell)
    }

    @Test("without a log proof a certificate is genuine and the log step is open")
    func noProof() throws {
        let verdict = try council.ceremony.verifier().verify(
            .init(json: council.json, signature: council.signature), now: Council.today)

        #expect(verdict.outcome == .genuine)
        #expect(verdict.notChecked == [.log, .status, .attachments])
    }

    @Test("the JSON shape is that of POST /v1/verify")
    func json() throws {
        let verdict = try council.ceremony.verifier().verify(.init(json: Array("{}".utf8)), now: Council.today)

        let json = verdict.json

        #expect(json["verdict"] == "notGenuine")
        #expect(json["class"] == nil)
        #expect(
            json["steps"]?.elements?.compactMap { $0["name"]?.string } == [
                "form", "canonical", "signature", "chain", "purpose", "time", "revocation", "log", "status",
                "attachments",
            ])
        #expect(json["steps"]?.elements?[0]["result"] == "failed")
        #expect(json["steps"]?.elements?[1] == .object(["name": "canonical", "result": "met"]))
    }

    @Test(
        "what became of it since cancels it, in words of its own",
        arguments: CertificateStatus.allCases.filter { $0 != .valid })
    func cancelled(status: CertificateStatus) throws {
        let verdict = try council.verify(status: status)

        #expect(verdict.outcome == .cancelled)
        #expect(verdict.failed == [.status])
        #expect(verdict.certificateClass == .declaration)
        #expect(verdict.headline.hasPrefix("Cancelled"))
    }

    @Test("a forged certificate is not genuine, whatever its status")
    func forgedAndCancelled() throws {
        let verdict = try council.verify(json: council.json + [0x0A], status: .withdrawn)

        #expect(verdict.outcome == .notGenuine)
    }

    @Test("a bit changed in any byte of the JSON is noticed, and the headline says that the file was changed")
    func everyByte() throws {
        let verifier = try council.ceremony.verifier()
        for i in council.json.indices {
            var json = council.json
            json[i] ^= 1 << (i % 8)

            let verdict = verifier.verify(
                .init(json: json, signature: council.signature, proof: council.proof.bytes), now: Council.today,
                status: .valid)

            #expect(verdict.outcome == .notGenuine)
            #expect(verdict.failed.contains(.signature))
            #expect(verdict.headline.contains("this file was changed after signing"))
        }
    }

    @Test("a line feed at the end, a byte-order mark at the front: changed")
    func edges() throws {
        for json in [council.json + [0x0A], council.json + [0x20], [0xEF, 0xBB, 0xBF] + council.json] {
            let verdict = try council.verify(json: json)

            #expect(verdict.outcome == .notGenuine)
            #expect(verdict.failed.contains(.signature))
        }
        let lineFeed = try council.verify(json: council.json + [0x0A])
        #expect(lineFeed.failed == [.canonical, .signature])
    }

    @Test("files beyond their bounds are refused unread")
    func bounds() throws {
        let long = try council.verify(json: [UInt8](repeating: UInt8(ascii: "{"), count: 65_537))
        let deep = try council.verify(json: Array(String(repeating: "{\"a\":", count: 9000).utf8))
        let signature = try council.verify(signature: [UInt8](repeating: 0x30, count: 65_537))
        let proof = try council.verify(proof: [UInt8](repeating: 0x0A, count: 65_537))

        #expect(long.failed.contains(.form))
        #expect(deep.failed.contains(.canonical))
        #expect(signature.failed == [.form])
        #expect(proof.failed == [.log])
        for each in [long, deep, signature, proof] { #expect(each.outcome == .notGenuine) }
    }
}

@Suite("the verifier: JSON that can be read in two ways, though it was signed")
struct VerifierCanonicalTests {
    /// Signed past the linter, as by a thief of the key.
    private func verify(_ text: String) throws -> Verdict {
        let council = Council.usual
        let json = Array(text.utf8)
        return try council.verify(json: json, signature: council.ceremony.signUnlinted(json), isLogged: false)
    }

    private let good = String(decoding: Council.usual.json, as: UTF8.self)

    @Test("the same signature over the good text would pass")
    func control() throws {
        #expect(try verify(good).outcome == .genuine)
    }

    @Test(
        "one text, one reading",
        arguments: [
            ("duplicate names", #""kind":"stone""#, #""kind":"stone","kind":"pearl""#),
            ("duplicate names hidden by an escape", #""kind":"stone""#, #""kind":"stone","k\u0069nd":"pearl""#),
            ("a needless escape", #""kind":"stone""#, #""kind":"st\u006fne""#),
            ("a lone surrogate", #""kind":"stone""#, #""kind":"\ud800""#),
            ("letters not composed", "Swat emerald", "Swat e\u{301}merald"),
            ("2^53 + 1", #""index":4172"#, #""index":9007199254740993"#),
            ("1e21", #""index":4172"#, #""index":1e21"#),
            ("a fraction", #""index":4172"#, #""index":4172.0"#),
            ("minus zero", #""index":4172"#, #""index":-0.0"#),
            ("minus zero, whole", #""index":4172"#, #""index":-0"#),
            ("NaN", #""index":4172"#, #""index":NaN"#),
            ("a space", #""index":4172"#, #""index": 4172"#),
            (
                "members out of order", #""index":4172,"list":"https://gems.example/status/1""#,
                #""list":"https://gems.example/status/1","index":4172"#
            ),
        ])
    func canonical(what: String, good part: String, bad: String) throws {
        #expect(good.contains(part))

        let verdict = try verify(good.replacing(part, with: bad))

        #expect(verdict.outcome == .notGenuine, "\(what)")
        #expect(verdict.failed == [.canonical], "\(what)")
    }

    @Test(
        "canonical, but not what a certificate may say",
        arguments: [
            ("a text that runs backwards", "Swat emerald", "Swat \u{202E}emerald"),
            ("an unknown member", #""class":"#, #""clasp":"gold","class":"#),
            ("null", #""kind":"stone""#, #""kind":null"#),
            ("a price", #""kind":"stone""#, #""kind":"stone","price":"12""#),
            ("no treatment", #""code":"OIL""#, #""code":"NONE""#),
            ("another class", #""class":"declaration""#, #""class":"examination""#),
            ("another number in the address", "/c/GGAPCP-26D-000417", "/c/GGAPCP-26D-000418"),
        ])
    func form(what: String, good part: String, bad: String) throws {
        #expect(good.contains(part))

        let verdict = try verify(good.replacing(part, with: bad))

        #expect(verdict.outcome == .notGenuine, "\(what)")
        #expect(verdict.failed == [.form], "\(what)")
    }
}

extension Ceremony {
    func signUnlinted(_ json: [UInt8], at time: Date = Council.issued) throws -> [UInt8] {
        let chain = try CertificateStack()
        try chain.push(certificate("issuing"))
        return try CMS.sign(json, at: time, key: key("signer"), certificate: certificate("signer"), chain: chain)
    }
}
