import COpenSSL
import FoundationEssentials
import GemCrypto
import GemModel

@testable import GemCert

// The lines about time, revocation, status, time stamps, the log and the QR code.

extension NegativeCase {
    private static let council = Council.usual
    private static let report = Report.usual
    private static let unknown = "; current status not checked"

    private static func day(_ text: String) -> Date { CivilTime(text: text + "T12:00:00.000Z")!.date }

    /// The lists with one certificate taken back.
    private static func taken(_ name: String, at text: String, reason: Int = 1) throws -> [[UInt8]] {
        [
            council.ceremony.file("root.crl"),
            try RevocationList.make(
                issuer: council.ceremony.certificate("issuing"), key: council.ceremony.key("issuing"),
                revoked: [
                    .init(
                        serialNumber: council.ceremony.certificate(name).serialNumber!,
                        revokedAt: CivilTime(text: text)!.date, reason: reason)
                ],
                thisUpdate: Council.today.addingTimeInterval(-60), nextUpdate: Council.today.addingTimeInterval(86_400)
            ).der,
        ]
    }

    // MARK: time and revocation

    /// A report signed by a certificate that ended a month after the council was founded.
    private static func ended(stampedAt time: Date = Council.issued, isLogged: Bool = false, now: Date) throws
        -> Verdict
    {
        let signature = try Signer.make(council, notAfterMonths: 1).sign(report.json)
        let token = try council.ceremony.timestampAuthority().token(
            over: SHA256.hash(DetachedSignature(signature).signature), now: time)
        return try report.verify(signature: CMS.stamping(signature, with: token), isLogged: isLogged, now: now)
    }

    static let times: [NegativeCase] = {
        var list: [NegativeCase] = []
        let later = day("2027-06-01")
        let onlyTheLog = "; only the log proof can show that this was signed before"
        list.add(
            "signer expired, no token, no log", .cannotTell,
            "Cannot tell: the signing certificate ended on 2026-12-01" + onlyTheLog
        ) {
            try council.verify(
                signature: Signer.make(council, notAfterMonths: 1).sign(council.json), isLogged: false, now: later)
        }
        list.add("signer expired, no token, logged", .genuine, declaration) {
            try council.verify(signature: Signer.make(council, notAfterMonths: 1).sign(council.json), now: later)
        }
        list.add("signer expired, stamped before", .genuine, examination) { try ended(now: later) }
        list.add(
            "signer expired, stamped after", .notGenuine,
            "Not genuine: it was time-stamped on 2026-12-15, but the signing key was in use from 2026-11-01 to "
                + "2026-12-01"
        ) { try ended(stampedAt: day("2026-12-15"), now: later) }
        list.add(
            "issued before the council was founded", .notGenuine,
            "Not genuine: it says that it was issued on 2026-10-01, but the signing certificate was valid from "
                + "2026-11-01 to 2056-11-01"
        ) {
            let early = day("2026-10-01")
            let json = try Council.statement(issuedAt: early).bytes
            return try council.verify(
                json: json, signature: council.ceremony.signUnlinted(json, at: early), isLogged: false)
        }
        list.add(
            "signed at another time than it says", .notGenuine,
            "Not genuine: the certificate and its signature give different times of issue"
        ) {
            try council.verify(
                signature: council.ceremony.signUnlinted(council.json, at: Council.issued.addingTimeInterval(1)))
        }
        list.add(
            "issued tomorrow", .cannotTell,
            "Cannot tell: it says that it was issued on 2026-11-21, which by this computer's clock is still to come"
        ) { try council.verify(now: Council.issued.addingTimeInterval(-3600)) }

        let before = "2026-11-20T20:00:00.000Z"
        let after = "2026-11-21T20:00:00.000Z"
        list.add(
            "signer revoked before the issue", .notGenuine,
            "Not genuine: the signing certificate was taken back on 2026-11-20, before this was issued"
        ) { try council.verify(lists: taken("signer", at: before)) }
        list.add(
            "signer revoked after the issue, no token, no log", .cannotTell,
            "Cannot tell: the signing certificate was taken back on 2026-11-21" + onlyTheLog
        ) { try council.verify(isLogged: false, lists: taken("signer", at: after)) }
        list.add("signer revoked after the issue, logged", .genuine, declaration) {
            try council.verify(lists: taken("signer", at: after))
        }
        list.add(
            "signer revoked before the token's time", .notGenuine,
            "Not genuine: the signing certificate was taken back on 2026-11-21, before this was time-stamped"
        ) { try report.verify(lists: taken("signer", at: "2026-11-21T09:30:00.000Z")) }
        list.add("signer revoked after the token's time", .genuine, examination) {
            try report.verify(isLogged: false, lists: taken("signer", at: "2026-11-21T09:30:02.000Z"))
        }
        list.add(
            "stamping key revoked before it stamped", .notGenuine,
            "Not genuine: the time-stamping certificate was taken back on 2026-11-20, before it stamped this"
        ) { try report.verify(lists: taken("tsa", at: before)) }
        list.add(
            "stamping key lost after it stamped, no log", .cannotTell,
            "Cannot tell: the time-stamping certificate was taken back on 2026-11-21" + onlyTheLog
        ) { try report.verify(isLogged: false, lists: taken("tsa", at: after)) }
        list.add(
            "CRL missing", .genuine, declaration, "revocation: no revocation list of the authority was handed in"
        ) { try council.verify(lists: []) }
        list.add(
            "CRL expired", .genuine, declaration, "revocation: the revocation list is out of date since 2026-12-01"
        ) { try council.verify(now: later) }
        list.add(
            "CRL of another CA of the same name", .genuine, declaration,
            "revocation: no revocation list of the authority was handed in"
        ) {
            let forger = try Council()
            return try council.verify(
                lists: [forger.ceremony.file("root.crl"), forger.ceremony.file("issuing.crl")])
        }
        return list
    }()

    // MARK: status

    private static func told(
        _ list: [UInt8], json: [UInt8] = council.json, signature: [UInt8] = council.signature,
        now: Date = Council.today,
        lastSeen: Date? = nil, lists: [[UInt8]]? = nil
    ) throws -> Seen {
        let verifier = try council.ceremony.verifier(lists: lists)
        let found = verifier.status(in: list, of: json, keys: QRTests.keys, now: now, lastSeen: lastSeen)
        return Seen(
            verifier.verify(.init(json: json, signature: signature), now: now, status: found.status), found.problem)
    }

    static let status: [NegativeCase] = {
        var list: [NegativeCase] = []
        for (status, words) in [
            (CertificateStatus.withdrawn, "Cancelled: issued by this council, but withdrawn since"),
            (.suspended, "Cancelled for now: this certificate is suspended"),
            (.superseded, "Cancelled: a newer certificate has taken this one's place"),
            (.lost, "Cancelled: this piece was reported lost"), (.stolen, "Cancelled: this piece was reported stolen"),
            (.destroyed, "Cancelled: the piece described no longer exists"),
        ] {
            list.addList("\(status)", .cancelled, words) { try told(QRTests.list([4172: status])) }
        }
        list.addList("a neighbour's place says lost", .genuine, declaration) {
            try told(QRTests.list([4171: .lost, 4173: .stolen]))
        }
        func silent(
            _ name: String, _ problem: String, make: @escaping @Sendable () throws -> Seen
        ) { list.addList(name, .genuine, declaration + unknown, "list: " + problem, make: make) }
        silent("status index past the end", "the status list ends before the certificate's place") {
            var statement = Council.statement()
            statement.statusIndex = StatusList.places
            let json = try statement.bytes
            return try told(QRTests.list([:]), json: json, signature: council.ceremony.issuer().sign(json))
        }
        silent("status list of another issuer", "the status list is another one than the certificate names") {
            try told(QRTests.list([4172: .valid], issuer: "OTHER"))
        }
        silent("status list of another address", "the status list is another one than the certificate names") {
            try told(QRTests.list([:], address: "https://gems.example/status/2"))
        }
        silent("status list expired", "the status list has been out of date since 2026-11-29") {
            try told(QRTests.list([4172: .stolen]), now: Council.today.addingTimeInterval(StatusList.lifetime + 1))
        }
        silent("status list rolled back", "the status list is older than one seen before") {
            try told(QRTests.list([:]), lastSeen: Council.today.addingTimeInterval(1))
        }
        silent("status list from the future", "by this computer's clock the status list is from the future") {
            try told(QRTests.list([:]), now: Council.today.addingTimeInterval(-3600))
        }
        silent("status list of a council of the same name", "the key of the status list is not known here") {
            let forger = try Council()
            return try told(
                StatusList.sign(
                    [:], address: "https://gems.example/status/1", issuer: "GGAPCP", at: Council.today,
                    with: forger.ceremony.key("cose")))
        }
        silent("status list with a bit changed", "the status list is not signed by the council") {
            var bytes = try QRTests.list([4172: .stolen])
            bytes[bytes.count - 5] = bytes[bytes.count - 5] == 0x41 ? 0x42 : 0x41
            return try told(bytes)
        }
        silent(
            "status list by a key that was taken back", "the key of the status list was taken back on 2026-11-20"
        ) { try told(QRTests.list([:]), lists: taken("cose", at: "2026-11-20T20:00:00.000Z")) }
        silent("no status list", "this is no status list") { try told(Array("a.b.c".utf8)) }
        return list
    }()

    // MARK: time stamps

    /// The report's signature with this token in the place of its own.
    private static func stamped(_ token: [UInt8]) throws -> Verdict {
        var node = DERNode(report.signature)
        node[1, 0, 4, 0, 6, 0, 1].children = [DERNode(token)]
        return try report.verify(signature: node.bytes)
    }

    private static func imprint() throws -> [UInt8] { SHA256.hash(try DetachedSignature(report.signature).signature) }

    /// By a fresh key whose certificate has this extended key usage.
    private static func token(_ extendedKeyUsage: String?) throws -> [UInt8] {
        let key = try PrivateKey(generating: .p256)
        let certificate = try X509Certificate.make(
            subject: .init(country: "PK", organization: "Council", commonName: "Stamps"), key: key,
            extensions: CertificateProfile.timestamping.extensions(crlURL: nil).compactMap {
                $0.nid == NID_ext_key_usage ? extendedKeyUsage.map { (NID_ext_key_usage, $0) } : $0
            },
            notBefore: Council.founded, notAfter: CivilTime(Council.founded).adding(months: 360).date,
            keyUsedUntil: CivilTime(Council.founded).adding(months: 13).date, serial: randomBytes(16),
            issuer: council.ceremony.certificate("issuing"), issuerKey: council.ceremony.key("issuing"))
        return try StampForge(key: key, certificate: certificate, issuing: council.ceremony.certificate("issuing").der)
            .token(over: imprint(), at: Council.issued.addingTimeInterval(1))
    }

    static let stamps: [NegativeCase] = {
        var list: [NegativeCase] = []
        func unusable(_ reason: String) -> String { "Not genuine: the signature file cannot be used: \(reason)" }
        list.add("a stripped token", .notGenuine, unusable("its time stamp was taken away")) {
            var node = DERNode(report.signature)
            node[1, 0, 4, 0].children.removeLast()
            return try report.verify(signature: node.bytes)
        }
        list.add(
            "a token on a declaration", .notGenuine, unusable("it has a time stamp, which a declaration never has")
        ) {
            let imprint = SHA256.hash(try DetachedSignature(council.signature).signature)
            return try council.verify(
                signature: CMS.stamping(
                    council.signature,
                    with: council.ceremony.timestampAuthority().token(over: imprint, now: Council.issued)))
        }
        let other = "Not genuine: the time stamp was made for another signature"
        list.add("a token over another signature", .notGenuine, other) {
            try stamped(
                council.ceremony.timestampAuthority().token(over: SHA256.hash([1]), now: Council.issued))
        }
        list.add("a report's s malleated under its token", .notGenuine, other) {
            var node = DERNode(report.signature)
            node[1, 0, 4, 0, 5].value = DERNode(node[1, 0, 4, 0, 5].value).mirroredS.bytes
            return try report.verify(signature: node.bytes)
        }
        list.add("control: a fresh stamping key", .genuine, examination) { try stamped(token("critical,timeStamping")) }
        let purpose = "Not genuine: the time stamp was made with a key that is not for time stamps alone"
        list.add("TSA EKU not critical", .notGenuine, purpose) { try stamped(token("timeStamping")) }
        list.add("TSA EKU none", .notGenuine, purpose) { try stamped(token(nil)) }
        list.add("TSA EKU and another", .notGenuine, purpose) {
            try stamped(token("critical,timeStamping,emailProtection"))
        }
        list.add(
            "a token by another council's authority", .notGenuine,
            "Not genuine: the time stamp was not made under the council's root key"
        ) {
            let forger = try Council()
            return try stamped(forger.ceremony.timestampAuthority().token(over: imprint(), now: Council.issued))
        }
        list.add(
            "a token of the day before", .notGenuine,
            "Not genuine: its time stamp is older than the certificate says it is itself"
        ) {
            try stamped(
                council.ceremony.timestampAuthority().token(
                    over: imprint(), now: Council.issued.addingTimeInterval(-86_400)))
        }
        list.add(
            "a bit in the token", .notGenuine,
            "Not genuine: the time stamp is false: the key it names did not make it"
        ) {
            var node = DERNode(try council.ceremony.timestampAuthority().token(over: imprint(), now: Council.issued))
            node[1, 0, 4, 0, 5].value[20] ^= 1
            return try stamped(node.bytes)
        }
        return list
    }()

    // MARK: the log

    private static func proof(
        _ index: Int? = nil, _ hashes: [[UInt8]]? = nil, checkpoint: [UInt8]? = nil
    ) throws -> Verdict {
        try council.verify(
            proof: TlogProof(
                index: index ?? council.proof.index, hashes: hashes ?? council.proof.hashes,
                checkpoint: checkpoint ?? council.proof.checkpoint
            ).bytes)
    }

    static let log: [NegativeCase] = {
        var list: [NegativeCase] = []
        let elsewhere = "Not genuine: the log proof does not lead to this certificate"
        func damaged(_ reason: String) -> String { "Not genuine: the log proof is damaged: \(reason)" }
        let hashes = council.proof.hashes
        list.add("proof for another leaf", .notGenuine, elsewhere) { try council.verify(proof: report.proof) }
        list.add("proof with another index", .notGenuine, elsewhere) { try proof(7) }
        list.add("proof with another size", .notGenuine, elsewhere) {
            let head = try Checkpoint(note: council.proof.checkpoint, verifiedBy: council.ceremony.logKey)
            return try proof(
                checkpoint: Checkpoint(origin: head.origin, size: 400, root: head.root).signed(
                    by: council.ceremony.key("log")))
        }
        list.add(
            "proof of another origin", .notGenuine,
            "Not genuine: the certificate names another log, other.example/log"
        ) {
            var statement = Council.statement()
            statement.logOrigin = "other.example/log"
            let json = try statement.bytes
            return try council.verify(
                json: json, signature: council.ceremony.issuer().sign(json),
                proof: Council.log(
                    json, at: Council.issued, number: council.number, key: council.ceremony.key("log")
                ).bytes)
        }
        list.add(
            "proof by an unknown key of the same name", .notGenuine,
            "Not genuine: the log proof is not signed by the council's log"
        ) {
            try council.verify(
                proof: Council.log(
                    council.json, at: Council.issued, number: council.number, key: PrivateKey(generating: .ed25519)
                ).bytes)
        }
        list.add(
            "proof with a false signature", .notGenuine, "Not genuine: the log's signature in the proof is false"
        ) {
            var note = council.proof.checkpoint
            let at = note.count - 10
            note[at] = note[at] == 0x41 ? 0x42 : 0x41
            return try proof(checkpoint: note)
        }
        list.add("proof with a hash more", .notGenuine, elsewhere) { try proof(nil, hashes + [hashes[0]]) }
        list.add("proof with a hash less", .notGenuine, elsewhere) { try proof(nil, hashes.dropLast()) }
        list.add("proof with a short hash", .notGenuine, damaged("a hash is broken")) {
            try proof(nil, [Array(hashes[0].dropLast())] + hashes.dropFirst())
        }
        list.add(
            "proof with an index past the end", .notGenuine,
            "Not genuine: the log proof points past the end of the log"
        ) { try proof(10) }
        // The same words would be signed twice; whoever kept the first checkpoint sees that they differ.
        list.add("two roots of one size", .notGenuine, elsewhere) {
            var leaves = NaiveTree.leaves(10)
            leaves[3] = Merkle.leafHash([0])
            let other = Checkpoint(origin: "gems.example/log", size: 10, root: NaiveTree.root(leaves[...]))
            return try proof(checkpoint: other.signed(by: council.ceremony.key("log")))
        }
        list.add("no proof but other words", .notGenuine, damaged("no empty line before the checkpoint")) {
            try council.verify(proof: Array("hello".utf8))
        }
        list.add("proof left out", .genuine, declaration, "log: the log proof (.tlog-proof) was not handed in") {
            try council.verify(isLogged: false)
        }
        return list
    }()
}
