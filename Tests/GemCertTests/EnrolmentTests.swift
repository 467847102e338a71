import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("enrolments")
struct EnrolmentTests {
    private let council = Council.usual
    private var issuing: [UInt8] { council.ceremony.file("issuing.pem") }

    private func key() throws -> PrivateKey { try council.ceremony.key("issuing") }

    private func enrolment(
        _ member: String = "asma", name: String = "Asma Khan", party: String = "GGAPLAB",
        _ role: Enrolment.Role = .examiner, key: ApprovalKey
    ) -> Enrolment {
        Enrolment(member: member, name: name, party: party, role: role, key: key, at: Council.founded)
    }

    @Test("a file is read back as it was written, retirements too")
    func file() throws {
        var ring = Laboratory.usual.ring
        let first = ring.enrolments[0]
        let line = try ring.retire(
            member: "asma", role: .examiner, key: first.key, at: Council.issued, key: key(), issuing: issuing)

        let read = try EnrolmentRing(parsing: ring.bytes, issuing: issuing)

        #expect(read == ring)
        #expect(ring.bytes.suffix(line.count) == line[...])
        #expect(read.enrolments.count == 5)
        #expect(read.enrolments[0].retiredAt == Council.issued)
        #expect(try EnrolmentRing(parsing: [], issuing: issuing).enrolments.isEmpty)
    }

    @Test("a line that the issuing key did not sign adds nobody")
    func forged() throws {
        let outsider = try Approver()
        var ring = EnrolmentRing()
        // Signed by the signer's key, by another council's issuing key, and not at all.
        let theirs = try Council()
        let byOther = try ring.enrol(
            enrolment(key: outsider.publicKey), key: theirs.ceremony.key("issuing"),
            issuing: theirs.ceremony.file("issuing.pem"))
        let entry = String(decoding: try enrolment(key: outsider.publicKey).bytes, as: UTF8.self)
        let bySigner = Base64.encode(
            try council.ceremony.key("signer").sign(Array("gemd enrolment 1\n".utf8) + Array(entry.utf8)))
        let lines = [
            byOther, Array(#"{"enrolment":\#(entry),"signature":"\#(bySigner)"}"#.utf8) + [0x0A],
            Array(#"{"enrolment":\#(entry),"signature":""}"#.utf8) + [0x0A],
        ]

        for line in lines {
            #expect(throws: EnrolmentRing.Refusal.line(6, "it is not signed by the issuing key")) {
                try EnrolmentRing(parsing: Laboratory.usual.ring.bytes + line, issuing: issuing)
            }
        }
        #expect(throws: EnrolmentRing.Refusal.notTheIssuingKey) {
            try ring.enrol(
                enrolment(key: outsider.publicKey), key: theirs.ceremony.key("issuing"), issuing: issuing)
        }
    }

    @Test("a bit changed anywhere in a line is noticed")
    func everyByte() throws {
        var ring = EnrolmentRing()
        let line = try ring.enrol(enrolment(key: Approver().publicKey), key: key(), issuing: issuing)
        for i in line.indices {
            var changed = line
            changed[i] ^= 1 << (i % 8)
            let read = try? EnrolmentRing(parsing: changed, issuing: issuing)
            #expect(read == nil, "byte \(i)")
        }
        #expect(throws: EnrolmentRing.Refusal.line(1, "it is cut short")) {
            try EnrolmentRing(parsing: line.dropLast(), issuing: issuing)
        }
    }

    @Test("one key is one person; a person keeps name and party; nothing is enrolled or retired twice")
    func people() throws {
        var ring = EnrolmentRing()
        let approver = try Approver()
        let publicKey = try approver.publicKey
        _ = try ring.enrol(enrolment(key: publicKey), key: key(), issuing: issuing)

        #expect(throws: EnrolmentRing.Refusal.keyOfAnother(member: "asma")) {
            try ring.enrol(enrolment("zar", key: publicKey), key: key(), issuing: issuing)
        }
        #expect(throws: EnrolmentRing.Refusal.otherPerson(name: "Asma Khan", party: "GGAPLAB")) {
            try ring.enrol(enrolment(party: "SWATGEMS", .approver, key: publicKey), key: key(), issuing: issuing)
        }
        #expect(throws: EnrolmentRing.Refusal.alreadyEnrolled) {
            try ring.enrol(enrolment(key: publicKey), key: key(), issuing: issuing)
        }
        #expect(throws: EnrolmentRing.Refusal.notEnrolled) {
            try ring.retire(
                member: "asma", role: .approver, key: publicKey, at: Council.issued, key: key(), issuing: issuing)
        }
        func retire() throws {
            _ = try ring.retire(
                member: "asma", role: .examiner, key: publicKey, at: Council.issued, key: key(), issuing: issuing)
        }
        try retire()
        #expect(throws: EnrolmentRing.Refusal.retired, performing: retire)
        _ = try ring.enrol(
            enrolment(name: "Asma Afridi", key: Approver().publicKey), key: key(), issuing: issuing)
        #expect(ring.enrolments.count == 2)
    }
}

@Suite("the rule of different people")
struct ApprovalRuleTests {
    private let lab = Laboratory.usual

    private func rule(_ statement: Statement) throws -> ApprovalRule {
        let bytes = try statement.bytes
        return try ApprovalRule(bytes, try StatementLinter.check(bytes).certificateClass)
    }

    @Test(
        "all approved by enrolled keys holds",
        arguments: [.examination(Laboratory.examination), .check(Laboratory.check)] as [Statement.Body])
    func holds(body: Statement.Body) throws {
        let rule = try rule(lab.approved(Laboratory.statement(body)))

        try rule.check(against: lab.ring, owner: "SWATGEMS", at: Council.issued)
        #expect(throws: ApprovalRule.Broken(reason: "the examiner asma is of the owner's party")) {
            try rule.check(against: lab.ring, owner: "GGAPLAB", at: Council.issued)
        }
        #expect(throws: ApprovalRule.Broken(reason: "the key of the examiner asma is not enrolled for it at this time"))
        {
            try rule.check(against: EnrolmentRing(), owner: "SWATGEMS", at: Council.issued)
        }
        #expect(throws: ApprovalRule.Broken.self) {
            try rule.check(against: lab.ring, owner: "SWATGEMS", at: Council.founded.addingTimeInterval(-1))
        }
    }

    @Test("an approval of other words does not count")
    func otherWords() throws {
        var statement = try lab.approved(Laboratory.statement(.examination(Laboratory.examination)))
        statement.disclosure += " "

        #expect(throws: ApprovalRule.Broken(reason: "the examiner asma did not approve these words")) {
            try rule(statement)
        }
    }

    @Test("one person signing for two, with one key, does not count")
    func oneKey() throws {
        var statement = Laboratory.statement(.examination(Laboratory.examination))
        let draft = try statement.draft
        statement.approvals = [
            try lab.first.approver.approval(draft, as: "asma", .examiner),
            try lab.first.approver.approval(draft, as: "bilal", .examiner),
            try lab.third.approver.approval(draft, as: "chaman", .approver),
        ]

        #expect(throws: ApprovalRule.Broken(reason: "one key approved it twice, so one person did")) {
            try rule(statement)
        }
    }

    @Test("one person with two fresh keys signs for nobody who is enrolled")
    func freshKey() throws {
        var statement = Laboratory.statement(.examination(Laboratory.examination))
        let draft = try statement.draft
        statement.approvals = [
            try lab.first.approver.approval(draft, as: "asma", .examiner),
            try Approver().approval(draft, as: "bilal", .examiner),
            try lab.third.approver.approval(draft, as: "chaman", .approver),
        ]

        let rule = try rule(statement)
        #expect(
            throws: ApprovalRule.Broken(reason: "the key of the examiner bilal is not enrolled for it at this time")
        ) {
            try rule.check(against: lab.ring, owner: "SWATGEMS", at: Council.issued)
        }
    }

    @Test("a role or a name that the person does not have does not count")
    func role() throws {
        var examination = Laboratory.examination
        examination.approver = .init(member: "asma", name: "Asma Khan")
        examination.examiners[0] = .init(member: "chaman", name: "Chaman Gul")
        var statement = Laboratory.statement(.examination(examination))
        let draft = try statement.draft
        statement.approvals = [
            try lab.third.approver.approval(draft, as: "chaman", .examiner),
            try lab.second.approver.approval(draft, as: "bilal", .examiner),
            try lab.first.approver.approval(draft, as: "asma", .approver),
        ]
        #expect(throws: ApprovalRule.Broken(reason: "the key of the approver asma is not enrolled for it at this time"))
        {
            try rule(statement).check(against: lab.ring, owner: "SWATGEMS", at: Council.issued)
        }

        examination = Laboratory.examination
        examination.examiners[0].name = "Dr. Asma Khan"
        let named = try lab.approved(Laboratory.statement(.examination(examination)))
        #expect(throws: ApprovalRule.Broken(reason: "the examiner asma is enrolled under another name")) {
            try rule(named).check(against: lab.ring, owner: "SWATGEMS", at: Council.issued)
        }
    }

    @Test("a retired key approves nothing more")
    func retired() throws {
        var ring = lab.ring
        _ = try ring.retire(
            member: "bilal", role: .examiner, key: lab.second.approver.publicKey,
            at: Council.issued.addingTimeInterval(-1), key: lab.council.ceremony.key("issuing"),
            issuing: lab.council.ceremony.file("issuing.pem"))
        let rule = try rule(lab.approved(Laboratory.statement(.examination(Laboratory.examination))))

        #expect(
            throws: ApprovalRule.Broken(reason: "the key of the examiner bilal is not enrolled for it at this time")
        ) {
            try rule.check(against: ring, owner: "SWATGEMS", at: Council.issued)
        }
    }
}
