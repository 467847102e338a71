package import FoundationEssentials
import GemCrypto
package import GemModel

/// What people approve: a statement without what only comes with its issue, as canonical bytes.
///
/// They sign before there is a number, and the issuing code takes the very same text out of the finished
/// statement again; so nobody can slip in a word between approval and signature.
package struct Draft: Hashable, Sendable {
    package let bytes: [UInt8]
    /// The same, member by member, so that what the issue adds is put in between.
    private let members: [CanonicalMember]

    /// Left out of a draft. `verify` with them, since it carries the number.
    package static let issueMembers: Set<String> = [
        "number", "issuedAt", "nonce", "status", "log", "approvals", "verify",
    ]

    /// Of a statement's finished bytes; a draft's own come out as they went in.
    package init(of statement: [UInt8]) throws(JSONError) {
        try self.init(of: JSON(parsing: statement, maxDepth: Statement.deepest))
    }

    init(of json: JSON) throws(JSONError) {
        // What is no object has no members to leave out.
        guard let members = json.members else {
            self.init(bytes: try json.canonical(), members: [])
            return
        }
        try self.init(canonical: members.filter { !Self.issueMembers.contains($0.name) })
    }

    private init(canonical members: [JSON.Member]) throws(JSONError) {
        let members = try CanonicalMember.sorted(members)
        self.init(bytes: CanonicalMember.object(members), members: members)
    }

    private init(bytes: [UInt8], members: [CanonicalMember]) {
        self.bytes = bytes
        self.members = members
    }

    /// Of the draft in a statement; nil of what is no statement.
    package static func sha256(of statement: [UInt8]) -> [UInt8]? {
        // Whoever asks compares it with what is stored, and nil is not that.
        (try? Draft(of: statement)).map { SHA256.hash($0.bytes) }
    }

    /// A fresh one. Texts are composed and null members left out, as `Statement.bytes` says.
    package init(
        issuer: Statement.Issuer, piece: JSON, images: [Statement.Image], disclosure: String, limits: String,
        body: Statement.Body, supersedes: Statement.Superseded? = nil, expiresAt: Date? = nil
    ) throws(JSONError) {
        try self.init(
            members: Self.members(
                issuer: issuer, piece: piece, images: images, disclosure: disclosure, limits: limits, body: body,
                supersedes: supersedes, expiresAt: expiresAt))
    }

    init(members: [JSON.Member]) throws(JSONError) {
        try self.init(canonical: members.map { JSON.Member($0.name.composed, $0.value.composed) })
    }

    static func members(
        issuer: Statement.Issuer, piece: JSON, images: [Statement.Image], disclosure: String, limits: String,
        body: Statement.Body, supersedes: Statement.Superseded?, expiresAt: Date?
    ) -> [JSON.Member] {
        let certificateClass = body.certificateClass
        var members: [JSON.Member] = [
            .init("@type", .string(Statement.type)),
            .init("class", .string(certificateClass.rawValue)),
            .init(
                "issuer",
                .object([
                    "code": .string(issuer.code), "name": .string(issuer.name),
                    "country": .string(issuer.country),
                ])),
            .init("piece", piece.withoutNulls),
            .init("images", .array(images.map(\.json))),
            .init("timestamp", .string(certificateClass.needsTimestamp ? "required" : "none")),
            .init("disclosure", .string(disclosure)),
            .init("limits", .string(limits)),
        ]
        members += body.members
        if let supersedes {
            members.append(
                .init(
                    "supersedes",
                    .object([
                        "number": .string(supersedes.number.description),
                        "sha256": .string(Hex.encode(supersedes.sha256)),
                    ])))
        }
        if let expiresAt { members.append(.init("expiresAt", .string(CivilTime(expiresAt).text))) }
        return members
    }

    /// 64 lower-case hexadecimal digits. Their ASCII bytes, without a newline, are the message that people sign:
    /// `printf %s HASH > f; ssh-keygen -Y sign -n gemd-approval -f KEY f`.
    package var hash: String { Hex.encode(SHA256.hash(bytes)) }

    /// The finished statement: these very bytes with what the issue adds.
    package func issued(_ issue: Statement.Issue) throws(JSONError) -> [UInt8] {
        CanonicalMember.object(
            (members + (try CanonicalMember.sorted(issue.members))).sorted(by: CanonicalMember.precedes))
    }
}

/// A member of an object in its canonical form (RFC 8785): members sorted by name, separated by commas, are the object.
private struct CanonicalMember: Hashable, Sendable {
    let name: String
    /// With the name and its colon.
    let bytes: [UInt8]

    static func sorted(_ members: [JSON.Member]) throws(JSONError) -> [Self] {
        var made: [Self] = []
        for member in members {
            var bytes: [UInt8] = []
            JSON.write(member.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            try member.value.writeCanonical(to: &bytes)
            made.append(Self(name: member.name, bytes: bytes))
        }
        return made.sorted(by: precedes)
    }

    /// §3.2.3: by UTF-16 code units.
    static func precedes(_ one: Self, _ other: Self) -> Bool { JSON.precedes(one.name, other.name) }

    static func object(_ members: [Self]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(members.reduce(2) { $0 + $1.bytes.count + 1 })
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += member.bytes
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension Statement {
    /// What only comes with the issue, after the approvals.
    package struct Issue: Sendable {
        package var number: CertificateNumber
        package var issuedAt: Date
        package var nonce: [UInt8]
        package var statusList: String
        package var statusIndex: Int
        package var logOrigin: String
        package var verify: String
        package var approvals: [Approval]

        package init(
            number: CertificateNumber, issuedAt: Date, nonce: [UInt8], statusList: String, statusIndex: Int,
            logOrigin: String, verify: String, approvals: [Approval]
        ) {
            self.number = number
            self.issuedAt = issuedAt
            self.nonce = nonce
            self.statusList = statusList
            self.statusIndex = statusIndex
            self.logOrigin = logOrigin
            self.verify = verify
            self.approvals = approvals
        }

        var members: [JSON.Member] {
            var members: [JSON.Member] = [
                .init("number", .string(number.description)),
                .init("issuedAt", .string(CivilTime(issuedAt).text)),
                .init("nonce", .string(Hex.encode(nonce))),
                .init("status", .object(["list": .string(statusList), "index": .integer(statusIndex)])),
                .init("log", .object(["origin": .string(logOrigin)])),
                .init("verify", .string(verify)),
            ]
            if number.certificateClass.needsApprovals {
                members.append(.init("approvals", .array(approvals.map(\.json))))
            }
            return members
        }
    }
}
