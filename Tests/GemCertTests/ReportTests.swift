import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("who signs a report")
struct ReportIssuerTests {
    private let lab = Laboratory.usual

    private func refusal(
        _ statement: Statement, ring: EnrolmentRing? = nil, owner: String = "SWATGEMS"
    ) throws -> Issuer.Refusal? {
        let linted = try StatementLinter.Linted(statement.bytes)
        do {
            _ = try lab.council.ceremony.issuer().sign(
                linted, approvedBy: ring ?? lab.ring, owner: owner,
                stampedBy: lab.council.ceremony.timestampAuthority(), now: Council.issued)
            return nil
        } catch let refusal as Issuer.Refusal { return refusal }
    }

    private func examination() throws -> Statement {
        try lab.approved(Laboratory.statement(.examination(Laboratory.examination)))
    }

    @Test("an examination or a check is signed with approvals and no other way")
    func approvals() throws {
        for body in [Statement.Body.examination(Laboratory.examination), .check(Laboratory.check)] {
            let statement = try lab.approved(Laboratory.statement(body))
            #expect(try refusal(statement) == nil)
            #expect(throws: Issuer.Refusal.needsApprovals) {
                try lab.council.ceremony.issuer().sign(statement.bytes)
            }
        }
        #expect(try refusal(Council.statement()) == .needsNoTimestamp)
        #expect(try refusal(Laboratory.statement(.external(Laboratory.external))) == .needsNoTimestamp)
    }

    @Test("one person alone, with any rows a database may hold, gets no examination signed")
    func alone() throws {
        // Asma alone, who can write what she likes but sign only with her own enrolled key or with fresh ones.
        var statement = try examination()
        let draft = try statement.draft
        let own = try lab.first.approver.approval(draft, as: "asma", .examiner)
        let asBilal = try lab.first.approver.approval(draft, as: "bilal", .examiner)
        let asChaman = try lab.first.approver.approval(draft, as: "chaman", .approver)
        statement.approvals = [own, asBilal, asChaman]
        #expect(try refusal(statement) == .approvals("one key approved it twice, so one person did"))

        statement.approvals = [
            own, try Approver().approval(draft, as: "bilal", .examiner),
            try Approver(isP256: true).approval(draft, as: "chaman", .approver),
        ]
        #expect(
            try refusal(statement) == .approvals("the key of the examiner bilal is not enrolled for it at this time"))

        // The others' approvals of an earlier draft, played again.
        var other = try examination()
        other.piece = other.piece.merging(.object([.init("title", "Colombian emerald")]))
        other.approvals[0] = try lab.first.approver.approval(other.draft, as: "asma", .examiner)
        #expect(try refusal(other) == .approvals("the examiner bilal did not approve these words"))
    }

    @Test("a ring that somebody without the issuing key made is never read, so it enrols nobody")
    func forgedRing() throws {
        let mallory = try Council()
        let theirs = try Laboratory(mallory)

        #expect(throws: EnrolmentRing.Refusal.line(1, "it is not signed by the issuing key")) {
            try EnrolmentRing(parsing: theirs.ring.bytes, issuing: lab.council.ceremony.file("issuing.pem"))
        }
        #expect(
            try refusal(theirs.approved(Laboratory.statement(.examination(Laboratory.examination))))
                == .approvals("the key of the examiner asma is not enrolled for it at this time"))
    }

    @Test("nobody of the owner's party, and nobody retired")
    func owner() throws {
        #expect(try refusal(examination(), owner: "GGAPLAB") == .approvals("the examiner asma is of the owner's party"))
        var ring = lab.ring
        _ = try ring.retire(
            member: "chaman", role: .approver, key: lab.third.approver.publicKey, at: Council.founded,
            key: lab.council.ceremony.key("issuing"), issuing: lab.council.ceremony.file("issuing.pem"))
        #expect(
            try refusal(examination(), ring: ring)
                == .approvals("the key of the approver chaman is not enrolled for it at this time"))
    }

    @Test("a third examiner, asked when two differed, approves as well")
    func third() throws {
        var examination = Laboratory.examination
        examination.examiners.append(.init(member: "dilawar", name: "Dilawar Jan"))
        let approver = try Approver()
        var ring = lab.ring
        _ = try ring.enrol(
            Enrolment(
                member: "dilawar", name: "Dilawar Jan", party: "GGAPLAB", role: .examiner, key: approver.publicKey,
                at: Council.founded),
            key: lab.council.ceremony.key("issuing"), issuing: lab.council.ceremony.file("issuing.pem"))
        var statement = try lab.approved(Laboratory.statement(.examination(examination)))
        #expect(throws: StatementLinter.Finding.self) { try StatementLinter.check(statement.bytes) }

        statement.approvals.append(try approver.approval(statement.draft, as: "dilawar", .examiner))

        #expect(try refusal(statement, ring: ring) == nil)
        #expect(
            try refusal(statement) == .approvals("the key of the examiner dilawar is not enrolled for it at this time"))
    }
}

@Suite("the verifier: reports")
struct ReportVerifierTests {
    private let report = Report.usual

    /// Signed and stamped past linter and rule, as by a thief of both keys.
    private func stolen(_ statement: Statement) throws -> Verdict {
        let ceremony = report.lab.council.ceremony
        let json = try statement.bytes
        let signature = try ceremony.signUnlinted(json)
        let token = try ceremony.timestampAuthority().token(
            over: SHA256.hash(DetachedSignature(signature).signature), now: Council.issued)
        return try report.verify(json: json, signature: CMS.stamping(signature, with: token), isLogged: false)
    }

    private func refused(_ statement: Statement, _ words: String) throws {
        let verdict = try stolen(statement)
        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.form])
        #expect(verdict.headline.contains(words), "\(verdict.headline)")
    }

    @Test("approvals that do not hold are seen by a stranger, whoever signed the report")
    func approvals() throws {
        let lab = report.lab
        #expect(try stolen(report.statement).outcome == .genuine)

        var statement = report.statement
        statement.disclosure = "None."
        try refused(statement, "the examiner asma did not approve these words")
        statement = report.statement
        statement.approvals[1] = try lab.first.approver.approval(statement.draft, as: "bilal", .examiner)
        try refused(statement, "one key approved it twice, so one person did")
        statement = report.statement
        statement.approvals.removeLast()
        try refused(statement, "approvals: are not all there")
        statement = report.statement
        statement.approvals.swapAt(0, 1)
        #expect(try stolen(statement).outcome == .genuine)
    }

    @Test("an approval spelled in another way is refused: one certificate is one text")
    func spelling() throws {
        let good = String(decoding: report.json, as: UTF8.self)
        for (part, bad) in [
            (#"-----END SSH SIGNATURE-----\n"}"#, #"-----END SSH SIGNATURE-----"}"#),
            (#""key":"ssh-ed25519 "#, #""key":"ssh-ed25519  "#),
        ] {
            #expect(good.contains(part))
            #expect(throws: ApprovalRule.Broken.self) {
                try ApprovalRule(Array(good.replacing(part, with: bad).utf8), .examination)
            }
        }
    }

    @Test("a bit changed in any byte of the JSON is noticed, and the headline says that the file was changed")
    func everyByte() throws {
        let verifier = try report.lab.council.ceremony.verifier()
        for i in stride(from: 0, to: report.json.count, by: 5) {
            var json = report.json
            json[i] ^= 1 << (i % 7)

            let verdict = verifier.verify(
                .init(json: json, signature: report.signature, proof: report.proof), now: Council.today, status: .valid)

            #expect(verdict.outcome == .notGenuine, "byte \(i)")
            #expect(verdict.headline.contains("changed after signing"), "byte \(i): \(verdict.headline)")
        }
    }

    @Test("of a check that found another stone the headline says so")
    func mismatch() throws {
        var check = Laboratory.check
        check.result = .mismatch

        let verdict = try Report(body: .check(check)).verify()

        #expect(verdict.outcome == .genuine)
        #expect(verdict.headline == "Genuine check: this stone does not match the earlier record")
    }

    @Test("after thirty years signer and stamp are both over: the log proof tells, and without it nobody can")
    func decades() throws {
        let later = CivilTime(text: "2057-11-22T12:00:00.000Z")!.date

        #expect(try report.verify(now: later).outcome == .genuine)
        let unlogged = try report.verify(isLogged: false, now: later)
        #expect(unlogged.outcome == .cannotTell)
        #expect(unlogged.failed == [.time])
    }

    @Test("without revocation lists a report is genuine and the step is open")
    func noLists() throws {
        let verdict = try report.verify(lists: [])

        #expect(verdict.outcome == .genuine)
        #expect(verdict.notChecked == [.revocation, .attachments])
    }

    @Test("hostile statements cost little: many opinions, deep pieces, long approvals", .timeLimit(.minutes(1)))
    func cost() throws {
        let json = try JSON(parsing: report.json)
        let many = JSON.array((0..<5000).map { .string("stone.x\($0)") })
        let long = String(repeating: "A", count: 50_000)
        let approval = JSON.object([
            "member": "asma", "role": "examiner", "key": .string("ssh-ed25519 \(long)"), "signature": .string(long),
        ])
        for (name, value) in [("opinions", many), ("approvals", .array([approval, approval, approval]))] {
            let bytes = try json.setting(name, to: value).canonical()
            let begin = ContinuousClock.now
            let verdict = try report.verify(json: bytes)
            let spent = ContinuousClock.now - begin
            #expect(verdict.outcome == .notGenuine)
            #expect(spent < .seconds(5), "\(name): \(spent)")
        }
    }
}
