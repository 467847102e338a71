import FoundationEssentials
import GemCrypto
import GemModel

@testable import GemCert

/// A person with a key of their own, who signs as `ssh-keygen -Y sign` does.
struct Approver: ~Copyable {
    let key: PrivateKey
    let isP256: Bool

    init(isP256: Bool = false) throws {
        key = try PrivateKey(generating: isP256 ? .p256 : .ed25519)
        self.isP256 = isP256
    }

    var publicKey: ApprovalKey { get throws { try ApprovalKey(blob: blob) } }

    private var name: String { isP256 ? "ecdsa-sha2-nistp256" : "ssh-ed25519" }

    var blob: [UInt8] {
        get throws {
            let publicKey = key.publicKey
            return isP256
                ? SSH.string(name) + SSH.string("nistp256") + SSH.string(try [4] + publicKey.p256Point)
                : SSH.string(name) + SSH.string(try publicKey.ed25519Bytes)
        }
    }

    func sign(
        _ message: [UInt8], namespace: String = "gemd-approval", digest: String = "sha512", reserved: String = "",
        version: UInt8 = 1, tail: [UInt8] = []
    ) throws -> String {
        let hash = digest == "sha512" ? Digest.sha512.hash(message) : SHA256.hash(message)
        let signed =
            Array("SSHSIG".utf8) + SSH.string(namespace) + SSH.string(reserved) + SSH.string(digest) + SSH.string(hash)
        var value = try key.sign(signed)
        if isP256 {
            let node = DERNode(value)
            value = SSH.string(node[0].value) + SSH.string(node[1].value)
        }
        let blob =
            Array("SSHSIG".utf8) + [0, 0, 0, version] + SSH.string(try blob) + SSH.string(namespace)
            + SSH.string(reserved) + SSH.string(digest) + SSH.string(SSH.string(name) + SSH.string(value)) + tail
        return SSH.armour(blob)
    }

    func approval(_ draft: Draft, as member: String, _ role: Approval.Role) throws -> Approval {
        Approval(member: member, role: role, signature: try SSHSignature(armoured: sign(Array(draft.hash.utf8))))
    }
}

enum SSH {
    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

    static func string(_ bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
    }

    static func armour(_ blob: [UInt8], width: Int = 70) -> String {
        var rest = Array(Base64.encode(blob).utf8)[...]
        var text = "-----BEGIN SSH SIGNATURE-----\n"
        while !rest.isEmpty {
            text += String(decoding: rest.prefix(width), as: UTF8.self) + "\n"
            rest = rest.dropFirst(width)
        }
        return text + "-----END SSH SIGNATURE-----\n"
    }

    static func dearmour(_ text: String) -> [UInt8] {
        Base64.decode(text.split(separator: "\n").dropFirst().dropLast().joined())!
    }
}

/// A laboratory's people, enrolled under the usual council: two examiners, one of whom may approve too, and an approver.
final class Laboratory: Sendable {
    static let usual = try! Laboratory(Council.usual)

    let council: Council
    let first: PrivateKeyBox
    let second: PrivateKeyBox
    let third: PrivateKeyBox
    let ring: EnrolmentRing

    /// `Approver` cannot be shared, so that its key is shared in a box.
    final class PrivateKeyBox: Sendable {
        let approver: Approver

        init(_ approver: consuming Approver) { self.approver = approver }
    }

    init(_ council: Council) throws {
        self.council = council
        first = PrivateKeyBox(try Approver())
        second = PrivateKeyBox(try Approver(isP256: true))
        third = PrivateKeyBox(try Approver())
        var ring = EnrolmentRing()
        for (member, name, role, box) in [
            ("asma", "Asma Khan", Approval.Role.examiner, first), ("bilal", "Bilal Shah", .examiner, second),
            ("bilal", "Bilal Shah", .approver, second), ("chaman", "Chaman Gul", .approver, third),
            ("chaman", "Chaman Gul", .examiner, third),
        ] {
            _ = try ring.enrol(
                Enrolment(
                    member: member, name: name, party: "GGAPLAB", role: role, key: box.approver.publicKey,
                    at: Council.founded),
                key: council.ceremony.key("issuing"), issuing: council.ceremony.file("issuing.pem"))
        }
        self.ring = ring
    }

    static let examination = Statement.Examination(
        lab: .init(code: "GGAPLAB", name: "GGAPC Gemmological Laboratory", place: "Peshawar, PK"),
        condition: "loose, clean, undamaged", receivedOn: "2026-11-19", examinedOn: "2026-11-20",
        examiners: [.init(member: "asma", name: "Asma Khan"), .init(member: "bilal", name: "Bilal Shah")],
        approver: .init(member: "chaman", name: "Chaman Gul"),
        methods: ["refractometer", "hydrostatic weighing", "microscope", "FTIR 400–4000 cm⁻¹"],
        uncertainty: "weight ± 0.005 ct, lengths ± 0.02 mm, RI ± 0.002 (k = 2)",
        instruments: [.init(name: "balance Sartorius Secura 225D", calibratedOn: "2026-08-01", dueOn: "2027-08-01")],
        scope: "The results relate only to the item examined.", opinions: ["stone.origin"])

    static let check = Statement.Check(
        compared: .certificate(Council.number(12, .examination)), result: .match, checkedOn: "2026-11-20",
        methods: ["weight, measures and inclusions against the photographs"],
        examiners: [.init(member: "asma", name: "Asma Khan")], approver: .init(member: "chaman", name: "Chaman Gul"))

    static let external = Statement.External(
        report: .init(
            lab: "SSEF", number: "085123", fields: .object(["identification": "emerald", "comment": "no oil"]),
            checkedOn: "2026-11-20"),
        recordedBy: .init(party: "SWATGEMS", name: "Swat Gems, Mingora"))

    static func statement(_ body: Statement.Body, sequence: Int = 417, issuedAt: Date = Council.issued) -> Statement {
        var statement = Council.statement(
            issuedAt: issuedAt,
            number: Council.number(sequence, body.certificateClass, year: CivilTime(issuedAt).year % 100))
        statement.body = body
        statement.piece = piece
        if case .external = body { statement.piece = .object(["kind": "stone", "basis": "external"]) }
        statement.limits = "An opinion at its date. A stone can be treated later."
        return statement
    }

    static let piece = try! JSON(
        parsing: Array(
            """
            {"kind":"stone","title":"Swat emerald, oval","stone":{"nature":"natural","species":"beryl",
            "variety":"emerald","weightCt":{"value":"1.58","basis":"measured"},
            "measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"},"shape":"OV",
            "treatments":[{"code":"OIL","degree":"minor","basis":"measured"}],
            "origin":{"country":"PK","region":"Swat","basis":"estimated"}}}
            """.utf8))

    /// With everybody's approval.
    func approved(_ statement: Statement) throws -> Statement {
        var statement = statement
        let draft = try statement.draft
        statement.approvals =
            switch statement.body {
            case .examination:
                [
                    try first.approver.approval(draft, as: "asma", .examiner),
                    try second.approver.approval(draft, as: "bilal", .examiner),
                    try third.approver.approval(draft, as: "chaman", .approver),
                ]
            case .check:
                [
                    try first.approver.approval(draft, as: "asma", .examiner),
                    try third.approver.approval(draft, as: "chaman", .approver),
                ]
            case .declaration, .external: []
            }
        return statement
    }
}

/// An examination as it is issued: its three files, under the usual council.
struct Report: Sendable {
    static let usual = try! Report()

    let lab: Laboratory
    let statement: Statement
    let json: [UInt8]
    let signature: [UInt8]
    let proof: [UInt8]

    init(
        _ lab: Laboratory = .usual, body: Statement.Body = .examination(Laboratory.examination),
        issued: Date = Council.issued, stamped: Date? = nil, authority: TimestampAuthority? = nil
    ) throws {
        self.lab = lab
        statement = try lab.approved(Laboratory.statement(body, issuedAt: issued))
        json = try statement.bytes
        let ceremony = lab.council.ceremony
        signature = try ceremony.issuer().sign(
            StatementLinter.Linted(json), approvedBy: lab.ring, owner: "SWATGEMS",
            stampedBy: authority ?? ceremony.timestampAuthority(),
            now: stamped ?? issued.addingTimeInterval(1))
        proof = try Council.log(json, at: issued, number: statement.number, key: ceremony.key("log"))
            .bytes
    }

    func verify(
        json: [UInt8]? = nil, signature: [UInt8]? = nil, isLogged: Bool = true,
        now: Date = Council.today,
        lists: [[UInt8]]? = nil, timestampAuthorities: [[UInt8]] = []
    ) throws -> Verdict {
        try lab.council.ceremony.verifier(lists: lists, timestampAuthorities: timestampAuthorities)
            .verify(
                .init(
                    json: json ?? self.json, signature: signature ?? self.signature,
                    proof: isLogged ? proof : nil),
                now: now, status: .valid)
    }
}

extension Ceremony {
    func timestampAuthority() throws -> TimestampAuthority {
        try TimestampAuthority(
            key: file("tsa.key"), passphrase: nil, certificate: file("tsa.pem"),
            issuing: file("issuing.pem"))
    }
}
