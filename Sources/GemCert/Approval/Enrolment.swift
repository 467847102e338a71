package import FoundationEssentials
import GemCrypto
package import GemModel

/// That a person may approve with a key: who, for which party, as what, since when.
///
/// It counts only with a signature by the issuing key, which is opened at a ceremony and with its passphrase:
/// whoever can merely write to the database, or to the file, can enrol nobody.
package struct Enrolment: Hashable, Sendable {
    package typealias Role = Approval.Role

    /// The code of the person, one for life; who holds two roles has two enrolments under one code.
    package var member: String
    package var name: String
    /// The code of the party the person belongs to, whose pieces they may not approve.
    package var party: String
    package var role: Role
    package var key: ApprovalKey
    /// To the millisecond.
    package var at: Date
    /// From then on the key approves nothing more.
    package var retiredAt: Date?

    package init(
        member: String, name: String, party: String, role: Role, key: ApprovalKey, at: Date, retiredAt: Date? = nil
    ) {
        self.member = member
        self.name = name
        self.party = party
        self.role = role
        self.key = key
        self.at = at
        self.retiredAt = retiredAt
    }

    package static let type = "gemd/enrolment/1"

    package var json: JSON {
        .object([
            "@type": .string(Self.type), "member": .string(member), "name": .string(name), "party": .string(party),
            "role": .string(role.rawValue), "key": .string(key.description), "at": .string(CivilTime(at).text),
            "retiredAt": retiredAt.map { .string(CivilTime($0).text) },
        ])
    }

    /// The canonical bytes. The log's entry (`enrol` or `retire`) holds their SHA-256.
    package var bytes: [UInt8] {
        get throws(JSONError) { try json.composed.canonical() }
    }

    package struct Malformed: Error, Hashable {
        package let reason: String
    }

    package init(_ json: JSON) throws(Malformed) {
        let names: Set<String> = ["@type", "member", "name", "party", "role", "key", "at", "retiredAt"]
        guard json["@type"]?.string == Self.type, let members = json.members,
            members.allSatisfy({ names.contains($0.name) })
        else { throw Malformed(reason: "it is no enrolment of a kind known here") }
        func text(_ name: String) throws(Malformed) -> String {
            guard let text = json[name]?.string, !text.isEmpty,
                !text.unicodeScalars.contains(where: { $0.value < 0x20 })
            else { throw Malformed(reason: "its \(name) is missing") }
            return text
        }
        func time(_ name: String) throws(Malformed) -> Date {
            guard let time = CivilTime(text: try text(name)) else { throw Malformed(reason: "its \(name) is no time") }
            return time.date
        }
        guard let role = Role(rawValue: try text("role")) else { throw Malformed(reason: "its role is unknown") }
        let line = try text("key")
        let key: ApprovalKey
        do { key = try ApprovalKey(line: line) } catch { throw Malformed(reason: error.reason) }
        guard key.description == line else { throw Malformed(reason: "its key is spelled in another way") }
        self.init(
            member: try text("member"), name: try text("name"), party: try text("party"), role: role, key: key,
            at: try time("at"), retiredAt: json["retiredAt"] == nil ? nil : try time("retiredAt"))
        if let retiredAt, retiredAt < at { throw Malformed(reason: "it ended before it began") }
    }

    /// Whether approvals count that are used at that moment.
    func isInForce(at moment: Date) -> Bool {
        at <= moment && retiredAt.map { moment < $0 } ?? true
    }
}

/// The people whose approvals count: the file of signed enrolments that the issuing side keeps, read and verified.
///
/// One line each, only added to: canonical JSON `{"enrolment":{…},"signature":"<Base64>"}`. The signature is the
/// issuing key's, ECDSA with SHA-256 over `gemd enrolment 1`, a line feed, and the enrolment's canonical bytes.
/// A retirement is the same enrolment again, with `retiredAt`.
package struct EnrolmentRing: Hashable, Sendable {
    /// The last word on each, in the order they were enrolled.
    package private(set) var enrolments: [Enrolment] = []
    /// The file's.
    package private(set) var bytes: [UInt8] = []

    package enum Refusal: Error, Hashable {
        /// Counted from 1.
        case line(Int, String)
        /// The key belongs to another person.
        case keyOfAnother(member: String)
        case alreadyEnrolled
        case notEnrolled
        /// A retirement is for ever; a new key may be enrolled.
        case retired
        /// The code is enrolled under this name or party.
        case otherPerson(name: String, party: String)
        case notTheIssuingKey
    }

    /// Nobody yet.
    package init() {}

    /// Reads a file; every line must be signed under this issuing certificate (PEM).
    package init(parsing bytes: [UInt8], issuing: [UInt8]) throws {
        guard bytes.count <= Self.longest else { throw Refusal.line(0, "the file is longer than 4 MB") }
        let key = try X509Certificate(pem: issuing).publicKey
        var rest = bytes[...]
        var number = 0
        while !rest.isEmpty {
            number += 1
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                throw Refusal.line(number, "it is cut short")
            }
            let line = Array(rest[..<end])
            rest = rest[(end + 1)...]
            do { try take(Self.verified(line, key)) } catch let refusal as Refusal {
                throw Refusal.line(number, "\(refusal)")
            } catch let malformed as Enrolment.Malformed {
                throw Refusal.line(number, malformed.reason)
            }
        }
        self.bytes = bytes
    }

    private static func verified(_ line: [UInt8], _ key: PublicKey) throws(Enrolment.Malformed) -> Enrolment {
        guard let json = try? JSON(parsing: line, maxDepth: 4), (try? json.canonical()) == line,
            json.members?.map(\.name) == ["enrolment", "signature"], let entry = json["enrolment"],
            let signature = json["signature"]?.string.flatMap({ Base64.decode($0) })
        else { throw Enrolment.Malformed(reason: "it is no signed enrolment in canonical JSON") }
        let enrolment = try Enrolment(entry)
        guard let bytes = try? enrolment.bytes, bytes == (try? entry.canonical()) else {
            throw Enrolment.Malformed(reason: "its texts are not composed")
        }
        guard key.verifies(signature, of: message(bytes)) else {
            throw Enrolment.Malformed(reason: "it is not signed by the issuing key")
        }
        return enrolment
    }

    /// Begins as no certificate or list does that the issuing key signs as well.
    private static func message(_ enrolment: [UInt8]) -> [UInt8] { Array("gemd enrolment 1\n".utf8) + enrolment }

    private static let longest = 4 << 20

    /// Signs an enrolment and adds it; the line added is what the caller appends to the file.
    package mutating func enrol(
        _ enrolment: Enrolment, key: borrowing PrivateKey, issuing: [UInt8]
    ) throws -> [UInt8] {
        try add(enrolment, key: key, issuing: issuing)
    }

    /// Ends an enrolment for ever.
    package mutating func retire(
        member: String, role: Enrolment.Role, key approvalKey: ApprovalKey, at: Date, key: borrowing PrivateKey,
        issuing: [UInt8]
    ) throws -> [UInt8] {
        guard
            var enrolment = enrolments.first(where: {
                $0.member == member && $0.role == role && $0.key == approvalKey
            })
        else { throw Refusal.notEnrolled }
        enrolment.retiredAt = at
        return try add(enrolment, key: key, issuing: issuing)
    }

    private mutating func add(_ enrolment: Enrolment, key: borrowing PrivateKey, issuing: [UInt8]) throws -> [UInt8] {
        let certificate = try X509Certificate(pem: issuing)
        guard try key.publicKey.subjectPublicKeyInfo == certificate.publicKey.subjectPublicKeyInfo else {
            throw Refusal.notTheIssuingKey
        }
        // As it will be read again: to the millisecond and composed.
        let entry = try JSON(parsing: enrolment.bytes)
        let enrolment = try Enrolment(entry)
        var after = self
        try after.take(enrolment)
        let line =
            try JSON.object([
                "enrolment": entry,
                "signature": .string(Base64.encode(try key.sign(Self.message(enrolment.bytes)))),
            ]).canonical() + [UInt8(ascii: "\n")]
        after.bytes += line
        self = after
        return line
    }

    private mutating func take(_ new: Enrolment) throws(Refusal) {
        for other in enrolments {
            if other.key == new.key, other.member != new.member { throw .keyOfAnother(member: other.member) }
            // A new name or party comes with a new key, after the old one has ended.
            if other.member == new.member, other.retiredAt == nil, other.name != new.name || other.party != new.party {
                throw .otherPerson(name: other.name, party: other.party)
            }
        }
        let place = enrolments.firstIndex { $0.member == new.member && $0.role == new.role && $0.key == new.key }
        if let place {
            guard enrolments[place].retiredAt == nil else { throw .retired }
            guard new.retiredAt != nil, new.at == enrolments[place].at else { throw .alreadyEnrolled }
            enrolments[place] = new
        } else {
            guard new.retiredAt == nil else { throw .notEnrolled }
            enrolments.append(new)
        }
    }

    /// The enrolment under which that key approves as that person and role at that moment.
    func find(_ approval: Approval, at moment: Date) -> Enrolment? {
        enrolments.first {
            $0.member == approval.member && $0.role == approval.role && $0.key == approval.key
                && $0.isInForce(at: moment)
        }
    }
}
