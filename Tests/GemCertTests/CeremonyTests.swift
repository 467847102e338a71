import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("the key ceremony")
struct CeremonyTests {
    let ceremony = Council.usual.ceremony

    private static func request(
        code: String = "GGAPCP", name: String = "A council", country: String? = "PK",
        publicURL: String = "https://gems.example", passphrase: String? = nil
    ) -> Ceremony.Request {
        .init(
            code: code, name: name, country: country, publicURL: publicURL, passphrase: passphrase,
            rootPassphrase: "root", now: Council.founded)
    }

    @Test("it makes these files and no other")
    func files() {
        #expect(
            ceremony.publicFiles.map(\.name).sorted() == [
                "cose.pem", "issuing.crl", "issuing.pem", "keys.json", "log.vkey", "root-and-crls.pem", "root.crl",
                "root.pem", "signer.pem", "tsa.pem",
            ])
        #expect(
            ceremony.secretFiles.map(\.name).sorted() == [
                "cose.key", "issuing.key", "log.key", "signer.key", "tsa.key",
            ])
        #expect(ceremony.fingerprints.map(\.name) == ["root", "issuing", "signer", "cose", "tsa", "log"])
        #expect(ceremony.origin == "gems.example/log")
    }

    @Test("no secret stands in a public file")
    func secrets() {
        for file in ceremony.publicFiles {
            #expect(!String(decoding: file.bytes, as: UTF8.self).contains("PRIVATE"))
        }
    }

    @Test(
        "certificates and keys last as long as the contract says",
        arguments: [
            ("root", "2061-11-01", nil), ("issuing", "2056-11-01", nil), ("signer", "2056-11-01", "2027-12-01"),
            ("cose", "2056-11-01", "2027-12-01"), ("tsa", "2056-11-01", "2027-12-01"),
        ])
    func lifetimes(name: String, end: String, keyEnd: String?) throws {
        let certificate = try ceremony.certificate(name)
        let notAfter = certificate.notAfter
        let period = certificate.privateKeyUsagePeriod

        #expect(notAfter.map { CivilTime($0).dayText } == end)
        #expect(period.map { CivilTime($0.upperBound).dayText } == keyEnd)
        #expect(period == nil || period?.lowerBound == Council.founded)
    }

    @Test("the root's list lasts 13 months, the issuing authority's 30 days")
    func lists() throws {
        let root = try RevocationList(ceremony.file("root.crl")).nextUpdate
        let issuing = try RevocationList(ceremony.file("issuing.crl")).nextUpdate

        #expect(root.map { CivilTime($0).dayText } == "2027-12-01")
        #expect(issuing.map { CivilTime($0).dayText } == "2026-12-01")
    }

    @Test("each key fits its certificate")
    func pairs() throws {
        for name in ["issuing", "signer", "cose", "tsa"] {
            let key = try ceremony.key(name).publicKey.subjectPublicKeyInfo
            #expect(try key == ceremony.certificate(name).publicKey.subjectPublicKeyInfo)
        }
        let root = try PrivateKey(pem: ceremony.rootKey, passphrase: "root").publicKey.subjectPublicKeyInfo
        #expect(try root == ceremony.certificate("root").publicKey.subjectPublicKeyInfo)
    }

    @Test("the log's key is in log.vkey under the log's name")
    func logKey() throws {
        let key = ceremony.logKey
        let secret = try ceremony.key("log").publicKey.ed25519Bytes

        #expect(key.name == ceremony.origin)
        #expect(try key.publicKey.ed25519Bytes == secret)
        #expect(ceremony.fingerprints.last?.text == key.text)
    }

    @Test("keys.json holds the QR key alone, named by the hash of its public key")
    func keySet() throws {
        let set = try JSON(parsing: ceremony.file("keys.json"))
        let key = try #require(set["keys"]?.elements?.first)
        let certificate = try ceremony.certificate("cose")

        #expect(set["keys"]?.elements?.count == 1)
        #expect(key["kty"] == "EC" && key["crv"] == "P-256" && key["alg"] == "ES256" && key["use"] == "sig")
        #expect(
            try key["kid"]?.string
                == Base64.encodeURL(SHA256.hash(certificate.publicKey.subjectPublicKeyInfo).prefix(8)))
        let point = try certificate.publicKey.p256Point
        #expect(key["x"]?.string == Base64.encodeURL(point.prefix(32)))
        #expect(key["y"]?.string == Base64.encodeURL(point.suffix(32)))
        #expect(key["nbf"]?.integer == Int(Council.founded.timeIntervalSince1970))
        let der = try certificate.der
        #expect(key["x5c"]?.elements?.first?.string.flatMap { Base64.decode($0) } == der)
        #expect(key["x5c"]?.elements?.count == 2)
    }

    @Test("with a passphrase every key file is encrypted and opens with it alone")
    func passphrase() throws {
        let sealed = try Ceremony(Self.request(passphrase: "open sesame"))

        for file in sealed.secretFiles {
            #expect(String(decoding: file.bytes, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
            _ = try PrivateKey(pem: file.bytes, passphrase: "open sesame")
            #expect(throws: OpenSSLError.self) { _ = try PrivateKey(pem: file.bytes, passphrase: "wrong") }
            #expect(throws: OpenSSLError.self) { _ = try PrivateKey(pem: file.bytes) }
        }
    }

    @Test("two ceremonies share nothing")
    func fresh() throws {
        let other = try Ceremony(Self.request())

        #expect(Set(other.fingerprints.map(\.text)).isDisjoint(with: ceremony.fingerprints.map(\.text)))
        #expect(other.rootKey != ceremony.rootKey)
    }

    @Test("a name in Urdu is kept")
    func urdu() throws {
        let made = try Ceremony(Self.request(name: "کونسل برائے جواہرات"))
        let verifier = try made.verifier()

        #expect(verifier.verify(.init(json: nil), now: Council.today).outcome == .cannotTell)
    }

    @Test("what cannot go into certificates is refused before any key is made")
    func refused() {
        #expect(throws: Ceremony.Refusal.issuerCode("gg")) { try Ceremony(Self.request(code: "gg")) }
        #expect(throws: Ceremony.Refusal.nameLength(65)) {
            try Ceremony(Self.request(name: String(repeating: "a", count: 65)))
        }
        #expect(throws: Ceremony.Refusal.nameLength(0)) { try Ceremony(Self.request(name: "")) }
        #expect(throws: Ceremony.Refusal.country("Pakistan")) { try Ceremony(Self.request(country: "Pakistan")) }
        for url in [
            "", "http://gems.example", "https://", "https://gems.example/", "https://gems.example/x",
            "https://gems example", "https://gems.example,URI:x", "https://GEMS.example", "https://a+b",
        ] {
            #expect(throws: Ceremony.Refusal.publicURL(url)) { try Ceremony(Self.request(publicURL: url)) }
        }
    }

    @Test("a port belongs to the log's name")
    func port() throws {
        #expect(try Ceremony(Self.request(publicURL: "https://gems.example:8443")).origin == "gems.example:8443/log")
    }

    @Test("fresh passphrases have six groups of five, never twice the same")
    func freshPassphrase() {
        let one = Ceremony.freshPassphrase()

        #expect(one.wholeMatch(of: /([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}/) != nil)
        #expect(one != Ceremony.freshPassphrase())
        #expect(Ceremony.freshPassphrase { [UInt8](repeating: 31, count: $0) } == "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ")
    }
}

@Suite("the issuer")
struct IssuerTests {
    let council = Council.usual

    @Test("a statement that the linter refuses is not signed")
    func lints() throws {
        var statement = Council.statement()
        statement.piece = try JSON(parsing: #"{"kind":"stone","price":"12"}"#)

        #expect(
            throws: Issuer.Refusal.statement(.init(path: "piece.price", reason: "must not stand in a certificate"))
        ) { try council.ceremony.issuer().sign(statement.bytes) }
    }

    @Test("what was noted at a test is a finding, and what was noted of the piece is not")
    func notes() throws {
        var statement = Council.statement()
        statement.piece = try JSON(parsing: #"{"kind":"stone","stone":{"tests":{"notes":"inert in long waves"}}}"#)
        _ = try council.ceremony.issuer().sign(statement.bytes)

        for piece in [
            #"{"notes":{"private":"x"}}"#, #"{"stone":{"tests":{"a":{"notes":"x"}}}}"#, #"{"stone":{"notes":"x"}}"#,
        ] {
            statement.piece = try JSON(parsing: piece)
            #expect(throws: Issuer.Refusal.self) { try council.ceremony.issuer().sign(statement.bytes) }
        }
    }

    @Test(
        "what is drawn as nothing is not signed, but for what Urdu needs",
        arguments: [0xAD, 0x1160, 0x200B, 0x2060, 0x3164, 0xFEFF, 0xE0041, 0x200C, 0x200D] as [UInt32])
    func hidden(code: UInt32) throws {
        var statement = Council.statement()
        let title = "نیلم\(Unicode.Scalar(code)!)"
        statement.piece = .object(["kind": "stone", "title": .string(title)])

        if [0x200C, 0x200D].contains(code) {
            _ = try council.ceremony.issuer().sign(statement.bytes)
        } else {
            let finding = StatementLinter.Finding(
                path: "piece.title", reason: "it holds the hidden character U+\(String(code, radix: 16).uppercased())")
            #expect(throws: Issuer.Refusal.statement(finding)) { try council.ceremony.issuer().sign(statement.bytes) }
        }
    }

    @Test("after the key's 13 months nothing is signed")
    func keyPeriod() throws {
        let issuer = try council.ceremony.issuer()
        let late = CivilTime(text: "2027-12-02T00:00:00.000Z")!.date
        let number = CertificateNumber("GGAPCP-27D-000001-0000G")
        let json = try Council.statement(
            issuedAt: late,
            number: number
                ?? CertificateNumber(issuer: "GGAPCP", year: 27, certificateClass: .declaration, sequence: 1) {
                    randomBytes($0)
                }!
        ).bytes

        #expect(throws: Issuer.Refusal.outsideKeyPeriod(issuer.keyPeriod)) { try issuer.sign(json) }
    }

    @Test("a key of another certificate is refused at once")
    func otherKey() {
        #expect(throws: Issuer.Refusal.keyDoesNotFitCertificate) {
            try Issuer(
                key: council.ceremony.file("cose.key"), passphrase: nil,
                certificate: council.ceremony.file("signer.pem"),
                issuing: council.ceremony.file("issuing.pem"))
        }
        #expect(throws: Issuer.Refusal.certificateWithoutKeyPeriod) {
            try Issuer(
                key: council.ceremony.file("issuing.key"), passphrase: nil,
                certificate: council.ceremony.file("issuing.pem"), issuing: council.ceremony.file("issuing.pem"))
        }
    }

    @Test("many tasks sign with one issuer at a time, and all of it verifies")
    func concurrent() async throws {
        let issuer = try council.ceremony.issuer()
        let verifier = try council.ceremony.verifier()
        let json = council.json

        let outcomes = try await withThrowingTaskGroup(of: Verdict.Outcome.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    let signature = try issuer.sign(json)
                    return verifier.verify(.init(json: json, signature: signature), now: Council.today).outcome
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(outcomes == [Verdict.Outcome](repeating: .genuine, count: 64))
    }
}
