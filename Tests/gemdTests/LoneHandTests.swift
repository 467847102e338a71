import Foundation
import GemModel
import Testing

/// One person alone, who may write what he likes into the database, gets no examination signed.
@Suite("One person alone")
struct LoneHandTests {
    typealias Lab = LaboratoryTests.Lab

    /// Runs statements on the stopped daemon's database past every rule that it holds itself.
    private func forge(_ daemon: TestDaemon, _ statements: String) throws {
        let program = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
            store.execute("PRAGMA foreign_keys=OFF")
            store.execute("PRAGMA ignore_check_constraints=ON")
            store.executescript(sys.argv[2])
            """
        let run = try TestDaemon.run("python3", ["-c", program, daemon.state + "/gemd.db", statements])
        guard run.status == 0 else { throw TestDaemon.Failure(run.error) }
    }

    private func issued(_ daemon: TestDaemon) throws -> Int {
        Int(try daemon.sql("SELECT count(*) FROM certificate WHERE state = 'issued'")[0][0])!
    }

    /// An examination that was issued and withdrawn since; its approvals are there for all to read.
    private func withdrawn(_ lab: Lab) throws -> (piece: String, draft: String, number: String) {
        let (piece, draft) = try lab.approvedByExaminers()
        let answer = try lab.approve(draft, as: "dara")
        guard answer.status == 201 else { throw TestDaemon.Failure(answer.text) }
        let approver = try lab.daemon.member(of: lab.daemon.council, roles: ["approver"])
        let withdrawn = try lab.daemon.request(
            "POST", "/v1/certificates/\(answer.number)/withdraw", .object(["reason": "treatment_found"]),
            token: approver)
        guard withdrawn.status == 200 else { throw TestDaemon.Failure(withdrawn.text) }
        return (piece, draft, answer.number)
    }

    /// A row, as it would stand between reservation and signature, with another number over the published approvals.
    private func twin(of number: String, in daemon: TestDaemon) throws -> (number: String, sql: String) {
        let old = try #require(CertificateNumber(number))
        let fresh = try #require(
            (UInt8(0)..<32).lazy.compactMap { last in
                CertificateNumber(issuer: "GGAPCP", year: old.year, certificateClass: .examination, sequence: 77) { _ in
                    [7, 22, 27, last]
                }
            }.first)
        var statement = try JSON(parsing: daemon.visit("/c/\(number).json").body)
        for (name, value) in [
            ("number", JSON.string(fresh.description)),
            ("verify", .string("https://gems.example/c/\(fresh)")),
            ("nonce", .string(String(repeating: "ab", count: 16))),
        ] { statement = statement.setting(name, to: value) }
        let bytes = try statement.canonical()
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return (
            fresh.description,
            """
            INSERT INTO certificate (party_id, piece_id, number, serial, class, state, status, status_index, reserved,
                actor, statement, sha256, live, lab, draft_sha256)
            SELECT party_id, piece_id, '\(fresh)', '\(fresh.serial)', class, 'reserved', 0, 4711, reserved, actor,
                X'\(hex)', sha256, 0, lab, DRAFT FROM certificate WHERE number = '\(number)';
            """
        )
    }

    // MARK: - Approvals used again

    @Test("the approvals of a withdrawn report, put under another number in the database, are not signed again")
    func publishedApprovals() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let number = try withdrawn(lab).number
        let (fresh, sql) = try twin(of: number, in: daemon)
        _ = daemon.stop()
        try forge(daemon, sql.replacing("DRAFT", with: "NULL"))
        try daemon.start()

        let first = try daemon.request("GET", "/v1/certificates/\(fresh)").status
        let count = try issued(daemon)
        _ = daemon.stop()
        // The binding moved over from the old row, which the database itself would not have twice.
        #expect(throws: TestDaemon.Failure.self) {
            try forge(
                daemon,
                """
                UPDATE certificate SET draft_sha256 = (SELECT draft_sha256 FROM certificate WHERE number = '\(number)')
                WHERE number = '\(fresh)'
                """)
        }
        try forge(
            daemon,
            """
            CREATE TABLE t AS SELECT draft_sha256 FROM certificate WHERE number = '\(number)';
            UPDATE certificate SET draft_sha256 = NULL WHERE number = '\(number)';
            UPDATE certificate SET draft_sha256 = (SELECT draft_sha256 FROM t) WHERE number = '\(fresh)';
            DROP TABLE t;
            """)
        let check = try daemon.check()

        #expect(first == 404 && count == 1)
        #expect(check.status != 0)
        #expect(check.output.contains("certificate \(number): its approvals are not bound to it"), "\(check.output)")
    }

    @Test("a report that an older version issued is no finding, and is said to be one; two with the same approvals are")
    func olderVersion() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let (_, draft) = try lab.approvedByExaminers()
        let number = try lab.approve(draft, as: "dara").number
        let (fresh, sql) = try twin(of: number, in: daemon)
        _ = daemon.stop()
        try forge(daemon, "UPDATE certificate SET draft_sha256 = NULL WHERE number = '\(number)';")

        let old = try daemon.check()
        try forge(
            daemon,
            sql.replacing("DRAFT", with: "NULL").replacing("'reserved'", with: "'issued'")
                + "UPDATE certificate SET signature = (SELECT signature FROM certificate WHERE number = '\(number)') "
                + "WHERE number = '\(fresh)';")
        let twice = try daemon.check()

        #expect(old.status == 0, "\(old)")
        #expect(old.error.contains("note: \(number) was issued by an older version of gemd"), "\(old)")
        #expect(twice.status != 0 && twice.output.contains("its approvals are not bound to it"), "\(twice)")
    }

    @Test("approvals copied from one request to another of the same piece issue nothing")
    func copiedApprovals() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let (piece, old, _) = try withdrawn(lab)
        let asked = try daemon.request(
            "POST", "/v1/pieces/\(piece)/certificates", .object(["class": "examination", "lab": "LAB"]),
            token: lab.dealer.token)
        _ = daemon.stop()
        try forge(
            daemon,
            """
            INSERT INTO draft_person (draft_id, owner_id, party_id, member_id, role, seq, name, examination, examined,
                key, signature, approved)
            SELECT '\(asked.id)', owner_id, party_id, member_id, role, seq, name, examination, examined, key, signature,
                approved FROM draft_person WHERE draft_id = '\(old)';
            UPDATE draft SET state = 'approving', statement = (SELECT statement FROM draft WHERE id = '\(old)')
            WHERE id = '\(asked.id)';
            """)
        try daemon.start()

        let answer = try lab.approve(asked.id, as: "dara")

        #expect(asked.status == 201)
        #expect(answer.status == 409, "\(answer.text)")
        #expect(answer.text.contains("approved these words before"), "\(answer.text)")
        #expect(try issued(daemon) == 1)
    }

    @Test("approvals of an examination of long ago count no longer")
    func oldApprovals() throws {
        let lab = try Lab()
        let (_, draft) = try lab.request()
        let examination = Lab.examination()
        for name in ["asma", "bilal"] {
            _ = try lab.post(draft, "examinations", examination, as: name)
        }
        let today = String(Date().ISO8601Format().prefix(10))
        let before = String(Date(timeIntervalSinceNow: -34 * 86_400).ISO8601Format().prefix(10))
        _ = lab.daemon.stop()
        // The draft as it would have been fixed then: its people approve it all the same.
        try lab.daemon.sql(
            """
            UPDATE draft SET statement = CAST(replace(CAST(statement AS TEXT), '"\(today)"', '"\(before)"') AS BLOB)
            WHERE id = '\(draft)'
            """)
        try lab.daemon.start()
        let examiners = try ["asma", "bilal"].map { try lab.approve(draft, as: $0).status }

        let answer = try lab.approve(draft, as: "dara")

        #expect(examiners == [200, 200])
        #expect(answer.status == 409 && answer.text.contains("more than a month ago"), "\(answer.text)")
        #expect(try issued(lab.daemon) == 0)
    }

    // MARK: - Keys

    @Test("two members cannot have one key, and one who got it in the database is still one person")
    func sharedKey() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let line = try String(contentsOfFile: lab.key("asma") + ".pub", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        let twice = try daemon.request(
            "POST", "/v1/parties/\(lab.party)/members",
            .object(["name": "Asma again", "roles": ["examiner"], "approvalKey": .string(line)]))
        let (_, draft) = try lab.examined()
        _ = try lab.approve(draft, as: "asma")
        _ = daemon.stop()
        let key = line.split(separator: " ").prefix(2).joined(separator: " ")
        try forge(
            daemon,
            """
            DROP INDEX member_approval_key;
            UPDATE member SET approval_key = '\(key)' WHERE id = '\(lab.people["bilal"]!.id)';
            """)
        try daemon.start()

        let asBilal = try lab.approve(draft, as: "bilal", key: "asma")
        let asDara = try lab.approve(draft, as: "dara", key: "asma")

        #expect([409, 422].contains(twice.status), "\(twice.text)")
        #expect(asBilal.status == 403 && asDara.status == 403, "\(asBilal.text)")
        #expect(try issued(daemon) == 0)
    }

    @Test("a retired key approves nothing, whatever the database says of its member")
    func retiredKey() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let (_, draft) = try lab.approvedByExaminers()
        let removed = try daemon.request("DELETE", "/v1/members/\(lab.people["dara"]!.id)")
        let sha256 = try lab.get(draft, as: "asma").json["sha256"]!.string!
        _ = daemon.stop()
        try forge(daemon, "UPDATE member SET revoked = NULL; UPDATE token SET revoked = NULL;")
        try daemon.start()

        let answer = try lab.post(
            draft, "approve", .object(["approval": .string(lab.sign(sha256, as: "dara"))]), as: "dara")

        #expect(removed.status == 204)
        #expect(answer.status == 403 && answer.text.contains("not enrolled for you"), "\(answer.text)")
        #expect(try issued(daemon) == 0)
    }

    @Test("an enrolment file that was set back, so that a retired key would count again, stops the start")
    func fileSetBack() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let path = daemon.state + "/pki/enrolled.jsonl"
        let before = try String(contentsOfFile: path, encoding: .utf8)
        _ = try daemon.request("DELETE", "/v1/members/\(lab.people["dara"]!.id)")
        _ = daemon.stop()
        func start(with text: String) throws -> (status: Int32, output: String, error: String) {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try TestDaemon.run(
                "timeout",
                ["20", TestDaemon.gemd, "serve", "--state", daemon.state, "--socket", daemon.directory + "/2.sock"])
        }
        let after = try String(contentsOfFile: path, encoding: .utf8)

        let older = try start(with: before)
        let gone = try start(with: "")
        try after.write(toFile: path, atomically: true, encoding: .utf8)
        try daemon.start()

        #expect(after.hasPrefix(before) && after != before)
        for refused in [older, gone] {
            #expect(refused.status == 78, "\(refused.error)")
            #expect(refused.error.contains("enrolled.jsonl lacks an enrolment or a retirement"), "\(refused.error)")
        }
    }

    // MARK: - Parts

    @Test("an examiner who was made approver in the database approves nothing")
    func changedRole() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let (_, draft) = try lab.approvedByExaminers()
        let chaman = lab.people["chaman"]!.id
        _ = daemon.stop()
        try forge(
            daemon,
            """
            UPDATE member SET roles = replace(roles, 'examiner', 'approver') WHERE id = '\(chaman)';
            UPDATE draft_person SET member_id = '\(chaman)', name = 'Chaman' WHERE draft_id = '\(draft)'
                AND role = 'approver';
            """)
        try daemon.start()
        let same = try lab.approve(draft, as: "chaman")
        _ = daemon.stop()
        // And with the words changed to his name, which the examiners did not approve.
        let dara = lab.people["dara"]!.id
        try forge(
            daemon,
            """
            UPDATE draft SET statement = CAST(replace(replace(CAST(statement AS TEXT), '\(dara)', '\(chaman)'),
                '"Dara"', '"Chaman"') AS BLOB) WHERE id = '\(draft)';
            """)
        try daemon.start()
        let renamed = try lab.approve(draft, as: "chaman")

        #expect(same.status == 403 && renamed.status == 403, "\(same.text) \(renamed.text)")
        #expect(try issued(daemon) == 0)
    }

    @Test("one account of this machine is one member, of whatever party")
    func secondMembership() throws {
        let lab = try Lab()
        func member(of party: String, _ roles: [JSON]) throws -> Response {
            try lab.daemon.request(
                "POST", "/v1/parties/\(party)/members",
                .object(["name": "Ali", "uid": .integer(54_321), "roles": .array(roles)]))
        }

        let first = try member(of: lab.dealer.party, ["dealer"])
        let second = try member(of: lab.party, ["examiner"])

        #expect(first.status == 201)
        #expect([409, 422].contains(second.status), "\(second.text)")
    }

    @Test("a piece moved to the laboratory's own party, past the database's rules, is not signed for it")
    func ownPiece() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let (piece, draft) = try lab.approvedByExaminers()
        _ = daemon.stop()
        try forge(
            daemon,
            """
            UPDATE piece SET party_id = '\(lab.party)' WHERE id = '\(piece)';
            UPDATE draft SET party_id = '\(lab.party)' WHERE id = '\(draft)';
            UPDATE draft_person SET owner_id = '\(lab.party)' WHERE draft_id = '\(draft)';
            """)
        try daemon.start()

        let answer = try lab.approve(draft, as: "dara")

        #expect(answer.status == 409 && answer.text.contains("of the owner's party"), "\(answer.text)")
        #expect(try issued(daemon) == 0)
    }

    @Test("a signature made for Git, for a file, or for a namespace that only begins like ours is no approval")
    func namespaces() throws {
        let lab = try Lab()
        let (_, draft) = try lab.examined()
        let sha256 = try lab.get(draft, as: "asma").json["sha256"]!.string!

        for namespace in ["git", "file", "gemd-approval2", "gemd", "GEMD-APPROVAL"] {
            let signature = try lab.sign(sha256, as: "asma", namespace: namespace)
            let answer = try lab.post(draft, "approve", .object(["approval": .string(signature)]), as: "asma")
            #expect(answer.status == 422 && answer.text.contains("made for another purpose"), "\(answer.text)")
        }
    }
}
