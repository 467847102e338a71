import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// A council with its keys, a log and one declaration, at a fixed hour: what most tests begin with.
final class Council: Sendable {
    static let founded = CivilTime(text: "2026-11-01T08:00:00.000Z")!.date
    static let issued = CivilTime(text: "2026-11-21T09:30:00.250Z")!.date
    static let today = CivilTime(text: "2026-11-22T12:00:00.000Z")!.date

    /// Made once: five key pairs a test would be the slowest part of it.
    static let usual = try! Council()

    let ceremony: Ceremony
    let number: CertificateNumber
    let json: [UInt8]
    let signature: [UInt8]
    let proof: TlogProof

    init(founded: Date = founded, issued: Date = issued) throws {
        ceremony = try Ceremony(
            Ceremony.Request(
                code: "GGAPCP", name: "Gold and Gem Art Promotion Council", country: "PK",
                publicURL: "https://gems.example", passphrase: nil, rootPassphrase: "root", now: founded))
        number = Self.number(year: CivilTime(issued).year % 100)
        json = try Self.statement(issuedAt: issued, number: number).bytes
        signature = try ceremony.issuer().sign(json)
        proof = try Self.log(json, at: issued, number: number, key: ceremony.key("log"))
    }

    static func number(
        _ sequence: Int = 417, _ certificateClass: CertificateClass = .declaration, year: Int = 26
    ) -> CertificateNumber {
        // 7QXK, and the next where that would give a check character that is not allowed.
        var last: UInt8 = 17
        return CertificateNumber(issuer: "GGAPCP", year: year, certificateClass: certificateClass, sequence: sequence) {
            _ in
            last += 1
            return [7, 22, 27, last]
        }!
    }

    static func statement(issuedAt: Date = issued, number: CertificateNumber = number()) -> Statement {
        var statement = Statement(
            number: number, issuedAt: issuedAt, nonce: [UInt8](repeating: 0xA5, count: 16),
            issuer: .init(code: "GGAPCP", name: "Gold and Gem Art Promotion Council", country: "PK"),
            piece: piece, statusList: "https://gems.example/status/1", statusIndex: 4172,
            logOrigin: "gems.example/log", disclosure: "Oil or resin in fissures: minor. Avoid ultrasonic cleaning.",
            limits: "A dealer's declaration. No laboratory examined this stone.",
            verify: "https://gems.example/c/\(number)",
            body: .declaration(.init(party: "SWATGEMS", name: "Swat Gems, Mingora")))
        statement.images = [
            .init(
                role: "face_up", mediaType: "image/jpeg", width: 2400, height: 1800, sha256: SHA256.hash([1]),
                publicSha256: SHA256.hash([2]))
        ]
        return statement
    }

    static let piece = try! JSON(
        parsing: Array(
            """
            {"kind":"stone","title":"Swat emerald, oval","stone":{"nature":"natural","species":"beryl",
            "variety":"emerald","varietyUr":"زمرد","weightCt":{"value":"1.58","basis":"measured"},
            "measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"},"shape":"OV",
            "treatments":[{"code":"OIL","degree":"minor","basis":"declared"}],
            "origin":{"country":"PK","region":"Swat","basis":"declared"}}}
            """.utf8))

    /// A log of ten leaves with the certificate at index 6.
    static func log(
        _ json: [UInt8], at: Date, number: CertificateNumber, key: borrowing PrivateKey,
        origin: String = "gems.example/log"
    ) throws -> TlogProof {
        var leaves = NaiveTree.leaves(10)
        leaves[6] = LogEntry(at: at, kind: .issue, serial: number.serial, sha256: SHA256.hash(json)).leafHash
        let checkpoint = Checkpoint(origin: origin, size: 10, root: NaiveTree.root(leaves[...]))
        return TlogProof(
            index: 6, hashes: try Merkle.inclusionProof(index: 6, size: 10, NaiveTree.subtrees(leaves)),
            checkpoint: try checkpoint.signed(by: key))
    }

    func verify(
        json: [UInt8]? = nil, signature: [UInt8]? = nil, proof: [UInt8]? = nil, isLogged: Bool = true,
        now: Date = today, status: CertificateStatus? = .valid, lists: [[UInt8]]? = nil
    ) throws -> Verdict {
        try ceremony.verifier(lists: lists).verify(
            .init(
                json: json ?? self.json, signature: signature ?? self.signature,
                proof: isLogged ? proof ?? self.proof.bytes : nil),
            now: now, status: status)
    }
}

extension Ceremony {
    func file(_ name: String) -> [UInt8] {
        (publicFiles + secretFiles).first { $0.name == name }!.bytes
    }

    func key(_ name: String) throws -> PrivateKey { try PrivateKey(pem: file("\(name).key")) }

    func certificate(_ name: String) throws -> X509Certificate { try X509Certificate(pem: file("\(name).pem")) }

    func issuer() throws -> Issuer {
        try Issuer(
            key: file("signer.key"), passphrase: nil, certificate: file("signer.pem"), issuing: file("issuing.pem"))
    }

    var logKey: NoteKey { NoteKey(text: String(decoding: file("log.vkey"), as: UTF8.self))! }

    func verifier(lists: [[UInt8]]? = nil, timestampAuthorities: [[UInt8]] = []) throws -> Verifier {
        try Verifier(
            root: file("root.pem"), revocationLists: lists ?? [file("root.crl"), file("issuing.crl")],
            logKeys: [logKey],
            timestampAuthorities: timestampAuthorities)
    }
}

extension Verdict {
    /// The steps that failed.
    var failed: [Step] {
        steps.compactMap { if case .failed = $0.result { $0.step } else { nil } }
    }

    var notChecked: [Step] {
        steps.compactMap { if case .notChecked = $0.result { $0.step } else { nil } }
    }
}

extension CMS {
    /// With a chain that no ceremony made.
    static func sign(
        _ content: [UInt8], at time: Date, key: borrowing PrivateKey, certificate: borrowing X509Certificate,
        chain: borrowing CertificateStack
    ) throws -> [UInt8] {
        let others = try (0..<chain.count).map { try chain[$0].der }
        return try Signer(certificate: certificate, chain: others).sign(content, at: time, with: key)
    }
}
