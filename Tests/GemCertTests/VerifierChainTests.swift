import COpenSSL
import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("the verifier: chain and purpose")
struct VerifierChainTests {
    let council = Council.usual

    /// The statement signed by a new key whose certificate has these extensions.
    private func verify(
        _ extensions: [(nid: Int32, value: String)], by issuerName: String = "issuing",
        keyMonths: Int? = 13, at issued: Date = Council.issued, notAfterMonths: Int = 360
    ) throws -> Verdict {
        let key = try PrivateKey(generating: .p256)
        let issuing = try council.ceremony.certificate("issuing")
        let signer = try X509Certificate.make(
            subject: .init(country: "PK", organization: "Gold and Gem Art Promotion Council", commonName: "A signer"),
            key: key, extensions: extensions, notBefore: Council.founded,
            notAfter: CivilTime(Council.founded).adding(months: notAfterMonths).date,
            keyUsedUntil: keyMonths.map { CivilTime(Council.founded).adding(months: $0).date },
            serial: randomBytes(16), issuer: issuing, issuerKey: council.ceremony.key("issuing"))
        let chain = try CertificateStack()
        try chain.push(issuing)
        let json = try Council.statement(issuedAt: issued).bytes
        return try council.verify(
            json: json, signature: CMS.sign(json, at: issued, key: key, certificate: signer, chain: chain),
            isLogged: false)
    }

    private let good = CertificateProfile.signer.extensions(crlURL: nil)

    private func changed(_ nid: Int32, _ value: String?) -> [(nid: Int32, value: String)] {
        good.compactMap { $0.nid == nid ? value.map { (nid, $0) } : $0 }
    }

    @Test("a certificate of the right profile passes")
    func control() throws {
        #expect(try verify(good).outcome == .genuine)
    }

    @Test(
        "a signer made for something else fails its purpose",
        arguments: [
            nil, "serverAuth", "emailProtection", "1.3.6.1.5.5.7.3.36", "critical,timeStamping", "anyExtendedKeyUsage",
            "emailProtection,1.3.6.1.5.5.7.3.36,serverAuth",
        ])
    func extendedKeyUsage(value: String?) throws {
        let verdict = try verify(changed(NID_ext_key_usage, value))

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.purpose])
    }

    @Test(
        "key usage without non-repudiation, or missing, fails its purpose",
        arguments: [nil, "critical,digitalSignature"])
    func keyUsage(value: String?) throws {
        let verdict = try verify(changed(NID_key_usage, value))

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.purpose])
    }

    @Test("an authority's certificate as signer fails, its purpose and the path length above it")
    func authority() throws {
        let verdict = try verify(changed(NID_basic_constraints, "critical,CA:TRUE"))

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed.contains(.purpose))
    }

    @Test("the issuing authority itself cannot sign a gem's certificate")
    func issuingAsSigner() throws {
        let issuing = try council.ceremony.certificate("issuing")
        let signature = try CMS.sign(
            council.json, at: Council.issued, key: council.ceremony.key("issuing"), certificate: issuing,
            chain: CertificateStack())

        let verdict = try council.verify(signature: signature)

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.purpose, .time])
    }

    @Test("the QR key and the time-stamping key cannot sign a gem's certificate", arguments: ["cose", "tsa"])
    func siblings(name: String) throws {
        let chain = try CertificateStack()
        try chain.push(council.ceremony.certificate("issuing"))
        let signature = try CMS.sign(
            council.json, at: Council.issued, key: council.ceremony.key(name),
            certificate: council.ceremony.certificate(name), chain: chain)

        let verdict = try council.verify(signature: signature)

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.purpose])
    }

    @Test("another council of the same name, with a root of its own, is not this one")
    func sameName() throws {
        let forger = try Council()

        let verdict = try council.verify(json: forger.json, signature: forger.signature, proof: forger.proof.bytes)

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.chain, .log])
        #expect(verdict.headline.contains("root key"))
    }

    @Test("a root that travels inside the signature file proves nothing")
    func rootInside() throws {
        let forger = try Council()
        var node = DERNode(forger.signature)
        node[1, 0, 3].children.append(DERNode(try forger.ceremony.certificate("root").der))
        node[1, 0, 3].children.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }

        let verdict = try council.verify(json: forger.json, signature: node.bytes, isLogged: false)

        #expect(verdict.failed == [.chain])
    }

    @Test("a chain through a second authority breaks the issuing authority's path length")
    func pathLength() throws {
        let middleKey = try PrivateKey(generating: .p256)
        let middle = try X509Certificate.make(
            subject: .init(country: nil, organization: "Middle", commonName: "Middle"), key: middleKey,
            extensions: CertificateProfile.issuing.extensions(crlURL: nil), notBefore: Council.founded,
            notAfter: CivilTime(Council.founded).adding(months: 300).date, keyUsedUntil: nil, serial: randomBytes(16),
            issuer: council.ceremony.certificate("issuing"), issuerKey: council.ceremony.key("issuing"))
        let key = try PrivateKey(generating: .p256)
        let signer = try X509Certificate.make(
            subject: .init(country: nil, organization: "Signer", commonName: "Signer"), key: key, extensions: good,
            notBefore: Council.founded, notAfter: CivilTime(Council.founded).adding(months: 300).date,
            keyUsedUntil: CivilTime(Council.founded).adding(months: 13).date, serial: randomBytes(16), issuer: middle,
            issuerKey: middleKey)
        let chain = try CertificateStack()
        try chain.push(middle)
        try chain.push(council.ceremony.certificate("issuing"))

        let verdict = try council.verify(
            signature: CMS.sign(council.json, at: Council.issued, key: key, certificate: signer, chain: chain))

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.chain])
    }

    @Test("the signer's certificate exchanged for another of the same key is noticed")
    func exchanged() throws {
        // Same key, name and number, so everything but the hash in the signed attributes still fits.
        let node = DERNode(council.signature)
        let old = try council.ceremony.certificate("signer")
        let serial = try #require(Self.serial(of: old.der))
        let twin = try X509Certificate.make(
            subject: .init(
                country: "PK", organization: "Gold and Gem Art Promotion Council",
                commonName: "GGAPCP Certificate Signer"),
            key: council.ceremony.key("signer"), extensions: good, notBefore: Council.founded,
            notAfter: CivilTime(Council.founded).adding(months: 360).date,
            keyUsedUntil: CivilTime(Council.founded).adding(months: 130).date, serial: serial,
            issuer: council.ceremony.certificate("issuing"), issuerKey: council.ceremony.key("issuing"))
        var swapped = node
        let oldBytes = try old.der
        swapped[1, 0, 3].children.removeAll { $0.bytes == oldBytes }
        swapped[1, 0, 3].children.append(DERNode(try twin.der))
        swapped[1, 0, 3].children.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }

        let verdict = try council.verify(signature: swapped.bytes)

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.signature])
        #expect(verdict.headline.contains("exchanged"))
    }

    @Test("a signer without a key period, or used after it, fails the time")
    func keyPeriod() throws {
        let none = try verify(good, keyMonths: nil)
        let late = try verify(good, at: CivilTime(text: "2026-12-15T00:00:00.000Z")!.date, notAfterMonths: 1)
        let retired = try verify(good, keyMonths: 0)

        for verdict in [none, late, retired] {
            #expect(verdict.outcome == .notGenuine)
            #expect(verdict.failed == [.time])
        }
    }

    @Test("a root is asked for in every verifier: broken PEM is refused")
    func brokenRoot() {
        #expect(throws: OpenSSLError.self) {
            try Verifier(root: Array("-----BEGIN CERTIFICATE-----".utf8), revocationLists: [], logKeys: [])
        }
    }

    private static func serial(of certificate: [UInt8]) -> [UInt8]? {
        DERNode(certificate).children[0].children[1].value
    }
}

@Suite("the verifier: time and revocation")
struct VerifierTimeTests {
    let council = Council.usual

    private func list(_ entries: [RevocationList.Entry], by name: String = "issuing", days: Double = 30) throws
        -> [UInt8]
    {
        let key =
            name == "root"
            ? try PrivateKey(pem: council.ceremony.rootKey, passphrase: "root") : try council.ceremony.key(name)
        return try RevocationList.make(
            issuer: council.ceremony.certificate(name), key: key, revoked: entries,
            thisUpdate: Council.today.addingTimeInterval(-60),
            nextUpdate: Council.today.addingTimeInterval(days * 86_400)
        ).der
    }

    private func revoked(_ name: String, at text: String, reason: Int = 1) throws -> RevocationList.Entry {
        let serialNumber = try council.ceremony.certificate(name).serialNumber
        return .init(
            serialNumber: try #require(serialNumber), revokedAt: try #require(CivilTime(text: text)).date,
            reason: reason)
    }

    private var rootList: [UInt8] { council.ceremony.file("root.crl") }
    private let after = "2026-11-21T20:00:00.000Z"
    private let before = "2026-11-20T20:00:00.000Z"

    @Test("taken back before the issue: not genuine, with or without the log")
    func revokedBefore() throws {
        let lists = try [rootList, list([revoked("signer", at: before)])]

        for isLogged in [true, false] {
            let verdict = try council.verify(isLogged: isLogged, lists: lists)
            #expect(verdict.outcome == .notGenuine)
            #expect(verdict.failed == [.revocation])
            #expect(verdict.headline.contains("2026-11-20"))
        }
    }

    @Test("taken back after the issue: the log proof saves it, and without one nobody can tell")
    func revokedAfter() throws {
        let lists = try [rootList, list([revoked("signer", at: after)])]

        let logged = try council.verify(lists: lists)
        let unlogged = try council.verify(isLogged: false, lists: lists)

        #expect(logged.outcome == .genuine)
        #expect(unlogged.outcome == .cannotTell)
        #expect(unlogged.failed == [.revocation])
    }

    @Test("the issuing authority's own certificate taken back counts as well")
    func issuingRevoked() throws {
        let lists = try [list([revoked("issuing", at: before)], by: "root"), council.ceremony.file("issuing.crl")]

        let verdict = try council.verify(lists: lists)

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.revocation])
    }

    @Test("another certificate on the list harms nobody")
    func otherRevoked() throws {
        #expect(try council.verify(lists: [rootList, list([revoked("cose", at: before)])]).outcome == .genuine)
    }

    @Test("the newest list counts, whatever the order")
    func newest() throws {
        let older = council.ceremony.file("issuing.crl")
        let newer = try list([revoked("signer", at: before)])

        for lists in [[rootList, older, newer], [newer, older, rootList]] {
            #expect(try council.verify(lists: lists).failed == [.revocation])
        }
    }

    @Test("a list that is missing, out of date or of another authority leaves the step open, not met")
    func noList() throws {
        let stale = try list([], days: 0)
        let forger = try Council()
        let later = Council.today.addingTimeInterval(1)

        for lists in [[], [rootList], [rootList, stale], [rootList, forger.ceremony.file("issuing.crl")]] {
            let verdict = try council.verify(now: later, lists: lists)
            #expect(verdict.outcome == .genuine)
            #expect(verdict.notChecked == [.revocation, .attachments])
        }
    }

    @Test("a list out of date that names the signer is still believed")
    func staleButRevoked() throws {
        let lists = try [rootList, list([revoked("signer", at: before)], days: 0)]

        #expect(try council.verify(now: Council.today.addingTimeInterval(1e6), lists: lists).failed == [.revocation])
    }

    @Test("a list read from PEM is as good as one in DER")
    func pem() throws {
        let list = try RevocationList(list([revoked("signer", at: before)]))

        #expect(try council.verify(lists: [rootList, list.pem]).failed == [.revocation])
    }

    @Test("thirty-one years on: the log proof shows that the signature is old, without it nobody can tell")
    func decades() throws {
        let later = CivilTime(text: "2057-11-22T12:00:00.000Z")!.date

        let logged = try council.verify(now: later)
        let unlogged = try council.verify(isLogged: false, now: later)

        #expect(logged.outcome == .genuine)
        #expect(logged.notChecked == [.revocation, .attachments])
        #expect(unlogged.outcome == .cannotTell)
        #expect(unlogged.failed == [.time])
    }

    @Test("in twenty years the signer's certificate holds, though its key retired long before")
    func retiredKey() throws {
        let later = CivilTime(text: "2046-11-22T12:00:00.000Z")!.date

        #expect(try council.verify(isLogged: false, now: later, lists: []).outcome == .genuine)
    }

    @Test("a certificate from the future: this computer's clock may be wrong, so nobody can tell")
    func future() throws {
        let verdict = try council.verify(now: Council.issued.addingTimeInterval(-3600))

        #expect(verdict.outcome == .cannotTell)
        #expect(verdict.failed == [.time])
    }

    @Test("issued before the council was founded, or a day off the signature's time: not genuine")
    func times() throws {
        let early = CivilTime(text: "2026-10-01T00:00:00.000Z")!.date
        let old = try Council.statement(issuedAt: early).bytes

        let founded = try council.verify(
            json: old, signature: council.ceremony.signUnlinted(old, at: early), isLogged: false)
        let apart = try council.verify(
            signature: council.ceremony.signUnlinted(council.json, at: Council.issued.addingTimeInterval(1)))

        for verdict in [founded, apart] {
            #expect(verdict.outcome == .notGenuine)
            #expect(verdict.failed == [.time])
        }
    }
}

@Suite("the verifier: the log")
struct VerifierLogTests {
    let council = Council.usual

    private func refused(_ proof: TlogProof, _ words: String) throws {
        try refused(proof.bytes, words)
    }

    private func refused(_ proof: [UInt8], _ words: String) throws {
        let verdict = try council.verify(proof: proof)
        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.log])
        #expect(verdict.headline.contains(words))
    }

    @Test("a proof for another leaf")
    func otherLeaf() throws {
        let other = Council.number(418)
        let json = try Council.statement(number: other).bytes

        try refused(
            Council.log(json, at: Council.issued, number: other, key: council.ceremony.key("log")),
            "does not lead to this certificate")
    }

    @Test("a proof at another index, past the end, with a hash more, less, changed or short")
    func otherPath() throws {
        let good = council.proof
        func with(_ index: Int, _ hashes: [[UInt8]]) -> TlogProof {
            TlogProof(index: index, hashes: hashes, checkpoint: good.checkpoint)
        }
        var changed = good.hashes
        changed[0][0] ^= 1

        try refused(with(7, good.hashes), "does not lead")
        try refused(with(10, good.hashes), "past the end")
        try refused(with(6, good.hashes + [good.hashes[0]]), "does not lead")
        try refused(with(6, good.hashes.dropLast()), "does not lead")
        try refused(with(6, changed), "does not lead")
        try refused(with(6, [Array(good.hashes[0].dropLast())] + good.hashes.dropFirst()), "damaged")
    }

    @Test("a checkpoint of another size, resigned, does not fit the path")
    func otherSize() throws {
        let checkpoint = try Checkpoint(note: council.proof.checkpoint, verifiedBy: council.ceremony.logKey)
        let larger = try Checkpoint(origin: checkpoint.origin, size: 400, root: checkpoint.root)
            .signed(by: council.ceremony.key("log"))

        try refused(TlogProof(index: 6, hashes: council.proof.hashes, checkpoint: larger), "does not lead")
    }

    @Test("a log with another key, under the same name")
    func unknownKey() throws {
        try refused(
            Council.log(
                council.json, at: Council.issued, number: council.number, key: PrivateKey(generating: .ed25519)),
            "not signed by the council's log")
    }

    @Test("a certificate that names another log than the pinned one")
    func otherOrigin() throws {
        var statement = Council.statement()
        statement.logOrigin = "other.example/log"
        let json = try statement.bytes

        let verdict = try council.verify(
            json: json, signature: council.ceremony.issuer().sign(json),
            proof: Council.log(json, at: Council.issued, number: council.number, key: council.ceremony.key("log")).bytes
        )

        #expect(verdict.failed == [.log])
        #expect(verdict.headline.contains("names another log"))
    }

    @Test("a damaged proof, and one whose checkpoint's signature is false")
    func damaged() throws {
        try refused([], "damaged")
        try refused(Array("hello".utf8), "damaged")
        var note = council.proof.checkpoint
        note[note.count - 10] ^= 1
        let verdict = try council.verify(
            proof: TlogProof(index: 6, hashes: council.proof.hashes, checkpoint: note).bytes)
        #expect(verdict.failed == [.log])
    }

    @Test("without the log's key the step is open")
    func noKey() throws {
        let verifier = try Verifier(
            root: council.ceremony.file("root.pem"),
            revocationLists: [council.ceremony.file("root.crl"), council.ceremony.file("issuing.crl")], logKeys: [])

        let verdict = verifier.verify(
            .init(json: council.json, signature: council.signature, proof: council.proof.bytes), now: Council.today,
            status: .valid)

        #expect(verdict.outcome == .genuine)
        #expect(verdict.notChecked == [.log, .attachments])
    }
}
