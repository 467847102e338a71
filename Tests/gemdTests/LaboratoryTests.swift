import Foundation
import GemModel
import Testing

@testable import gemd

/// Examinations and checks, from the request to the approver's signature (docs/protocol.md, "Laboratories").
@Suite("Laboratories")
struct LaboratoryTests {
    /// A daemon with a dealer, a laboratory, three examiners and an approver, each with a key of their own.
    struct Lab {
        let daemon: TestDaemon
        let dealer: (party: String, token: String)
        let party: String
        var people: [String: (id: String, token: String)] = [:]

        init(_ engine: DaemonEngine = .sqlite, enrolled: Bool = true) throws {
            daemon = try engine.start()
            dealer = try daemon.dealer("Dealer", code: "DEALER")
            party = try daemon.request(
                "POST", "/v1/parties",
                .object(["kind": "lab", "name": "Gem Lab", "code": "LAB", "address": "Namak Mandi, Peshawar"])
            ).id
            for (name, role) in [
                ("asma", "examiner"), ("bilal", "examiner"), ("chaman", "examiner"), ("dara", "approver"),
            ] {
                people[name] = try person(name, of: party, roles: [role])
            }
        }

        func key(_ name: String) throws -> String {
            let path = daemon.directory + "/" + name
            if !FileManager.default.fileExists(atPath: path) {
                let made = try TestDaemon.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path])
                guard made.status == 0 else { throw TestDaemon.Failure(made.error) }
            }
            return path
        }

        func person(_ name: String, of party: String, roles: [String]) throws -> (id: String, token: String) {
            let line = try String(contentsOfFile: key(name) + ".pub", encoding: .utf8)
            let member = try daemon.request(
                "POST", "/v1/parties/\(party)/members",
                .object([
                    "name": .string(name.capitalized), "roles": .array(roles.map(JSON.string)),
                    "approvalKey": .string(line.trimmingCharacters(in: .newlines)),
                ]))
            guard member.status == 201 else { throw TestDaemon.Failure(member.text) }
            let token = try daemon.request("POST", "/v1/members/\(member.id)/tokens", .object([]))
            return (member.id, token.json["secret"]!.string!)
        }

        /// The signature that ssh-keygen makes over the draft's hash.
        func sign(_ sha256: String, as name: String, namespace: String = "gemd-approval") throws -> String {
            let file = daemon.directory + "/draft-\(UUID().uuidString)"
            try sha256.write(toFile: file, atomically: true, encoding: .utf8)
            let made = try TestDaemon.run("ssh-keygen", ["-q", "-Y", "sign", "-n", namespace, "-f", key(name), file])
            guard made.status == 0 else { throw TestDaemon.Failure(made.error) }
            return try String(contentsOfFile: file + ".sig", encoding: .utf8)
        }

        func post(_ draft: String, _ what: String, _ body: JSON, as name: String) throws -> Response {
            try daemon.request("POST", "/v1/certificates/\(draft)/\(what)", body, token: people[name]!.token)
        }

        func get(_ draft: String, as name: String) throws -> Response {
            try daemon.request("GET", "/v1/certificates/\(draft)", token: people[name]!.token)
        }

        func request(
            _ stock: String? = nil, _ more: JSON = .object([])
        ) throws -> (piece: String, draft: String) {
            let piece = try daemon.register(Samples.emerald(stock, with: Samples.secrets), token: dealer.token)["id"]!
                .string!
            let answer = try daemon.request(
                "POST", "/v1/pieces/\(piece)/certificates",
                .object(["class": "examination", "lab": "LAB"]).merging(more), token: dealer.token)
            guard answer.status == 201 else { throw TestDaemon.Failure(answer.text) }
            return (piece, answer.id)
        }

        static func examination(_ patch: String = "{}") -> JSON {
            let today = Date().ISO8601Format().prefix(10)
            return Samples.json(
                """
                {"stone":{"nature":"natural","species":"beryl","variety":"emerald","weightCt":"1.58",
                  "measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"},"shape":"OV","clarity":"moderately_included",
                  "tests":{"ri":["1.577","1.584"],"sg":"2.74"},"treatments":[{"code":"OIL","degree":"minor"}],
                  "origin":{"country":"PK","region":"Swat","confidence":"consistent_with","basis":"measured"}},
                 "instruments":[{"name":"refractometer","calibratedOn":"\(today)"}],"uncertainty":"weight ± 0.005 ct (k = 2)"}
                """
            ).merging(Samples.json(patch))
        }

        func approve(_ draft: String, as name: String, key: String? = nil) throws -> Response {
            let sha256 = try get(draft, as: name).json["sha256"]?.string ?? ""
            return try post(draft, "approve", .object(["approval": .string(sign(sha256, as: key ?? name))]), as: name)
        }

        /// Up to the fixed draft.
        func examined(_ stock: String? = nil) throws -> (piece: String, draft: String) {
            let (piece, draft) = try request(stock)
            for name in ["asma", "bilal"] {
                let answer = try post(draft, "examinations", Self.examination(), as: name)
                guard answer.status == 201 else { throw TestDaemon.Failure(answer.text) }
            }
            return (piece, draft)
        }

        /// Up to the approver's signature.
        func approvedByExaminers(_ stock: String? = nil) throws -> (piece: String, draft: String) {
            let (piece, draft) = try examined(stock)
            for name in ["asma", "bilal"] {
                let answer = try approve(draft, as: name)
                guard answer.status == 200 else { throw TestDaemon.Failure(answer.text) }
            }
            return (piece, draft)
        }
    }

    // MARK: - The whole path

    @Test("two examiners, each blind to the other, and an approver issue a report", arguments: DaemonEngine.allCases)
    func wholePath(engine: DaemonEngine) throws {
        let lab = try Lab(engine)
        let (piece, draft) = try lab.approvedByExaminers()

        let shown = try lab.get(draft, as: "dara")
        let issued = try lab.approve(draft, as: "dara")
        let number = issued.number
        let statement = try JSON(parsing: lab.daemon.visit("/c/\(number).json").body)

        #expect(shown.json["state"] == "approving" && shown.json["approvals"]?.elements?.count == 2, "\(shown.text)")
        #expect(issued.status == 201, "\(issued.text)")
        #expect(number.wholeMatch(of: /GGAPCP-[0-9]{2}E-000001-[0-9A-Z]{5}/) != nil)
        #expect(statement["examiners"]?.elements?.map { $0["name"]?.string } == ["Asma", "Bilal"])
        #expect(statement["approver"]?["name"] == "Dara" && statement["lab"]?["code"] == "LAB")
        #expect(statement["approvals"]?.elements?.count == 3 && statement["timestamp"] == "required")
        #expect(!statement.text.contains("1234.56") && !statement.text.contains("DEALER"))
        #expect(try lab.daemon.request("GET", "/v1/certificates/\(number)").json["status"] == "valid")
        let listed = try lab.daemon.request("GET", "/v1/pieces/\(piece)", token: lab.dealer.token).json
        #expect(listed["certificates"]?.elements?.map { $0["class"]?.string } == ["examination"])
        #expect(try lab.get(draft, as: "asma").json["number"]?.string == number)
        _ = lab.daemon.stop()
        let check = try lab.daemon.check()
        #expect(check.status == 0, "\(check.output)")
    }

    @Test("the approvals in a report are what ssh-keygen verifies")
    func sshKeygenVerifies() throws {
        let lab = try Lab()
        let (_, draft) = try lab.approvedByExaminers()
        let sha256 = try lab.get(draft, as: "dara").json["sha256"]!.string!
        let issued = try lab.approve(draft, as: "dara")
        let folder = lab.daemon.directory

        let statuses = try issued.json["statement"]?["approvals"]?.elements?.map { approval -> Int32 in
            let member = approval["member"]!.string!
            try "\(member) \(approval["key"]!.string!)\n".write(
                toFile: folder + "/signers", atomically: true, encoding: .utf8)
            try approval["signature"]!.string!.write(toFile: folder + "/one.sig", atomically: true, encoding: .utf8)
            return try TestDaemon.run(
                "ssh-keygen",
                [
                    "-q", "-Y", "verify", "-f", folder + "/signers", "-I", member, "-n", "gemd-approval", "-s",
                    folder + "/one.sig",
                ], input: sha256
            ).status
        }

        #expect(statuses == [0, 0, 0], "\(issued.text)")
    }

    // MARK: - Blindness

    @Test("nobody who may still examine learns what another found", arguments: DaemonEngine.allCases)
    func blind(engine: DaemonEngine) throws {
        let lab = try Lab(engine)
        let (piece, draft) = try lab.request("R-SECRET")
        _ = try lab.post(draft, "examinations", Lab.examination(#"{"comments":"first-examiners-words"}"#), as: "asma")

        let own = try lab.get(draft, as: "asma").text
        let seen = try ["bilal", "chaman", "dara"].map { try lab.get(draft, as: $0).text }
        let lists = try ["bilal", "dara"].map {
            try lab.daemon.request("GET", "/v1/certificates", token: lab.people[$0]!.token).text
        }
        let shownPiece = try lab.daemon.request("GET", "/v1/pieces/\(piece)", token: lab.people["bilal"]!.token)
        let events = try lab.daemon.request("GET", "/v1/events", token: lab.people["bilal"]!.token)
        let second = try lab.post(draft, "examinations", Lab.examination(), as: "bilal")

        #expect(own.contains("first-examiners-words"))
        #expect((seen + lists).allSatisfy { !$0.contains("first-examiners-words") && !$0.contains("Asma") })
        #expect(shownPiece.status == 200 && shownPiece.json["stone"]?["species"] == "beryl")
        for secret in ["1234.56", "4200", "safe-word", "R-SECRET", "Dealer", "DEALER", lab.dealer.party] {
            #expect(!shownPiece.text.contains(secret), "\(secret)")
            #expect(!seen[0].contains(secret), "\(secret)")
        }
        #expect(events.status == 403)
        #expect(second.status == 201 && second.text.contains("first-examiners-words"))
    }

    @Test("another laboratory and another dealer do not see a request; its dealer sees no findings")
    func foreign() throws {
        let lab = try Lab()
        let (piece, draft) = try lab.request()
        _ = try lab.post(draft, "examinations", Lab.examination(#"{"comments":"first-examiners-words"}"#), as: "asma")
        let other = try lab.daemon.token(for: .examiner)
        let dealer = try lab.daemon.dealer("Other", code: "OTHER").token

        let statuses = try [other, dealer].map {
            try lab.daemon.request("GET", "/v1/certificates/\(draft)", token: $0).status
        }
        let visitor = try lab.daemon.visit("/c/\(draft)").status
        let own = try lab.daemon.request("GET", "/v1/certificates/\(draft)", token: lab.dealer.token)
        let foreignPiece = try lab.daemon.request("GET", "/v1/pieces/\(piece)", token: other).status

        #expect(statuses == [404, 404] && visitor == 404 && foreignPiece == 404)
        #expect(own.status == 200 && !own.text.contains("first-examiners-words"))
    }

    // MARK: - Differing examiners

    @Test(
        "when two differ a third decides, blind to both; the outvoted one is not named",
        arguments: DaemonEngine.allCases)
    func third(engine: DaemonEngine) throws {
        let lab = try Lab(engine)
        let (_, draft) = try lab.request()
        _ = try lab.post(draft, "examinations", Lab.examination(), as: "asma")
        _ = try lab.post(draft, "examinations", Lab.examination(#"{"stone":{"weightCt":"1.62"}}"#), as: "bilal")

        let toThird = try lab.get(draft, as: "chaman").json["state"]
        let toFirst = try lab.get(draft, as: "asma").json["state"]
        let early = try lab.approve(draft, as: "dara")
        _ = try lab.post(draft, "examinations", Lab.examination(), as: "chaman")
        let fixed = try lab.get(draft, as: "dara").json
        let outvoted = try lab.approve(draft, as: "bilal")
        for name in ["asma", "chaman"] { _ = try lab.approve(draft, as: name) }
        let issued = try lab.approve(draft, as: "dara")

        #expect(toThird == "open" && toFirst == "differ")
        #expect(early.status == 409)
        #expect(fixed["draft"]?["examiners"]?.elements?.map { $0["name"]?.string } == ["Asma", "Chaman"])
        #expect(issued.status == 201, "\(outvoted.text) \(issued.text)")
    }

    @Test("when no two of three agree nothing is issued, and the request may be cancelled and made anew")
    func undecided() throws {
        let lab = try Lab()
        let (piece, draft) = try lab.request()
        for (name, weight) in [("asma", "1.58"), ("bilal", "1.62"), ("chaman", "1.66")] {
            _ = try lab.post(
                draft, "examinations", Lab.examination("{\"stone\":{\"weightCt\":\"\(weight)\"}}"), as: name)
        }

        let state = try lab.get(draft, as: "dara").json["state"]
        let again = try lab.daemon.request(
            "POST", "/v1/pieces/\(piece)/certificates", .object(["class": "examination", "lab": "LAB"]),
            token: lab.dealer.token)

        #expect(state == "undecided" && again.status == 201)
    }

    // MARK: - What may not be handed in

    @Test("an examination that cannot be is refused by name")
    func badExaminations() throws {
        let lab = try Lab()
        let (_, draft) = try lab.request()
        let cases: [(patch: String, field: String)] = [
            (#"{"instruments":[{"name":"a","calibratedOn":"2099-01-01"}]}"#, "instruments[0].calibratedOn"),
            (#"{"instruments":[{"name":"a","calibratedOn":"2020-01-01"}]}"#, "instruments[0].calibratedOn"),
            (#"{"instruments":[]}"#, "instruments"), (#"{"uncertainty":null}"#, "uncertainty"),
            (#"{"stone":null}"#, "stone"), (#"{"stone":{"species":"kryptonite"}}"#, "stone.species"),
            (#"{"stone":{"tests":{"ri":["2.90","2.91"]}}}"#, "stone.tests.ri"), (#"{"result":"match"}"#, "result"),
            (#"{"price":"5"}"#, "price"),
            // Otherwise only the approver's signature would show it.
            (#"{"stone":{"comments":"clean\u200b"}}"#, "stone.comments"),
        ]

        for (patch, field) in cases {
            let answer = try lab.post(draft, "examinations", Lab.examination(patch), as: "asma")
            #expect([400, 422].contains(answer.status), "\(patch): \(answer.text)")
            #expect(answer.json["field"]?.string?.hasPrefix(field.prefix(11)) == true, "\(patch): \(answer.text)")
        }
        let explained = try lab.post(
            draft, "examinations",
            Lab.examination(
                #"{"stone":{"tests":{"ri":["2.90","2.91"],"notes":"inert"}},"reason":"read twice on two instruments"}"#),
            as: "asma")
        #expect(explained.status == 201, "\(explained.text)")
    }

    @Test("an examination is handed in once and never changed")
    func immutable() throws {
        let lab = try Lab()
        let (_, draft) = try lab.request()
        _ = try lab.post(draft, "examinations", Lab.examination(), as: "asma")

        let again = try lab.post(draft, "examinations", Lab.examination(), as: "asma")

        #expect(again.status == 409)
        #expect(try lab.daemon.sql("SELECT count(*) FROM draft_person") == [["1"]])
    }

    // MARK: - One person alone

    @Test("the owner's party is no laboratory for its own piece, and the database says so too")
    func ownParty() throws {
        let lab = try Lab()
        let mixed = try lab.daemon.member(of: lab.party, roles: ["dealer"])
        let piece = try lab.daemon.register(Samples.emerald(), token: mixed)["id"]!.string!

        let answer = try lab.daemon.request(
            "POST", "/v1/pieces/\(piece)/certificates", .object(["class": "examination", "lab": "LAB"]), token: mixed)

        #expect(answer.status == 422 && answer.json["field"] == "lab")
        #expect(throws: (any Error).self) {
            try lab.daemon.sql(
                """
                INSERT INTO draft (id, party_id, piece_id, class, lab, state, created, updated, actor, doc)
                VALUES ('x', '\(lab.party)', '\(piece)', 'examination', '\(lab.party)', 'open', 0, 0, '', '{}')
                """)
        }
    }

    @Test("who examined it does not approve it, and the database has room for one part a person")
    func examinerApproves() throws {
        let lab = try Lab()
        var people = lab
        people.people["both"] = try lab.person("both", of: lab.party, roles: ["examiner", "approver"])
        let (_, draft) = try people.request()
        _ = try people.post(draft, "examinations", Lab.examination(), as: "asma")
        _ = try people.post(draft, "examinations", Lab.examination(), as: "both")

        let fixed = try people.get(draft, as: "both").json
        let answer = try people.post(draft, "claim", .object([]), as: "both")

        #expect(fixed["approver"]?["name"] == "Dara")
        #expect(answer.status == 409)
        #expect(throws: (any Error).self) {
            try lab.daemon.sql(
                """
                INSERT INTO draft_person (draft_id, owner_id, party_id, member_id, role, seq, name)
                VALUES ('\(draft)', '\(lab.dealer.party)', '\(lab.party)', '\(people.people["both"]!.id)', 'approver', 8, 'x')
                """)
        }
    }

    @Test("a signature by another's key, over other words, or in another namespace is refused with words")
    func badSignatures() throws {
        let lab = try Lab()
        let (_, draft) = try lab.examined()
        let sha256 = try lab.get(draft, as: "asma").json["sha256"]!.string!
        func approve(_ signature: String, as name: String = "asma") throws -> Response {
            try lab.post(draft, "approve", .object(["approval": .string(signature)]), as: name)
        }

        let others = try approve(try lab.sign(sha256, as: "bilal"))
        let words = try approve(try lab.sign(String(sha256.reversed()), as: "asma"))
        let namespace = try approve(try lab.sign(sha256, as: "asma", namespace: "file"))
        let garbage = try approve("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n")
        let tooEarly = try approve(try lab.sign(sha256, as: "dara"), as: "dara")
        let stranger = try approve(try lab.sign(sha256, as: "chaman"), as: "chaman")

        #expect(others.status == 403 && others.json["title"]?.string?.contains("not enrolled for you") == true)
        #expect([words, namespace, garbage].allSatisfy { $0.status == 422 && $0.json["field"] == "approval" })
        #expect(tooEarly.status == 409 && stranger.status == 403, "\(tooEarly.text)")
        #expect(try lab.daemon.sql("SELECT count(*) FROM certificate") == [["0"]])
    }

    static let forgeries: [(what: String, sql: @Sendable (Lab, String) -> String)] = [
        (
            "one examiner's approval under the other's name",
            { lab, draft in
                """
                UPDATE draft_person SET signature = (SELECT signature FROM draft_person WHERE member_id = '\(lab.people["asma"]!.id)'),
                    approved = 1 WHERE draft_id = '\(draft)' AND member_id = '\(lab.people["bilal"]!.id)'
                """
            }
        ),
        (
            "an examiner who is somebody else",
            { lab, draft in
                """
                UPDATE draft_person SET member_id = '\(lab.people["chaman"]!.id)', approved = 1, signature = (
                    SELECT signature FROM draft_person WHERE member_id = '\(lab.people["asma"]!.id)')
                WHERE draft_id = '\(draft)' AND member_id = '\(lab.people["bilal"]!.id)'
                """
            }
        ),
        (
            "a draft with other words",
            { _, draft in
                """
                UPDATE draft SET statement = CAST(replace(CAST(statement AS TEXT), '"minor"', '"none"') AS BLOB) WHERE id = '\(draft)'
                """
            }
        ),
        (
            "an examination that nobody approved",
            { lab, draft in
                "DELETE FROM draft_person WHERE draft_id = '\(draft)' AND member_id = '\(lab.people["bilal"]!.id)'"
            }
        ),
    ]

    @Test("rows that were changed in the database get nothing signed", arguments: 0..<4)
    func forgedRows(index: Int) throws {
        let (what, sql) = Self.forgeries[index]
        let lab = try Lab()
        let (_, draft) = try lab.examined()
        _ = try lab.approve(draft, as: "asma")
        if index == 2 { _ = try lab.approve(draft, as: "bilal") }
        let sha256 = try lab.get(draft, as: "dara").json["sha256"]!.string!
        _ = lab.daemon.stop()
        try lab.daemon.sql(sql(lab, draft))
        try lab.daemon.start()

        let before = try lab.post(
            draft, "approve", .object(["approval": .string(lab.sign(sha256, as: "dara"))]), as: "dara")
        let now = try lab.approve(draft, as: "dara")

        #expect(
            [403, 409, 422].contains(before.status) && [403, 409, 422].contains(now.status), "\(what): \(now.text)")
        #expect(try lab.daemon.sql("SELECT count(*) FROM certificate") == [["0"]], "\(what)")
    }

    @Test("a key that was only written into the database, or into the file, approves nothing")
    func forgedEnrolment() throws {
        let lab = try Lab()
        let (_, draft) = try lab.approvedByExaminers()
        _ = try lab.key("mallory")
        let line = try String(contentsOfFile: lab.daemon.directory + "/mallory.pub", encoding: .utf8)
            .split(separator: " ").prefix(2).joined(separator: " ")
        _ = lab.daemon.stop()
        try lab.daemon.sql(
            "UPDATE member SET approval_key = '\(line)' WHERE id = '\(lab.people["dara"]!.id)'")
        try lab.daemon.start()

        let forged = try lab.approve(draft, as: "dara", key: "mallory")
        _ = lab.daemon.stop()
        let ring = lab.daemon.state + "/pki/enrolled.jsonl"
        let text = try String(contentsOfFile: ring, encoding: .utf8)
        let key = try String(contentsOfFile: lab.daemon.directory + "/dara.pub", encoding: .utf8).split(separator: " ")[
            1]
        try text.replacing(key, with: line.split(separator: " ")[1]).write(
            toFile: ring, atomically: true, encoding: .utf8)
        let start = try TestDaemon.run(
            "timeout",
            ["20", TestDaemon.gemd, "serve", "--state", lab.daemon.state, "--socket", lab.daemon.directory + "/2.sock"])

        #expect(forged.status == 403)
        #expect(start.status == 78 && start.error.contains("enrolled.jsonl"), "\(start.error)")
    }

    // MARK: - Crashes

    @Test(
        "a kill while the approver signs loses nothing: one certificate, or none and the draft is as before",
        arguments: 0..<4)
    func killed(round: Int) throws {
        let lab = try Lab()
        let (_, draft) = try lab.approvedByExaminers()
        let sha256 = try lab.get(draft, as: "dara").json["sha256"]!.string!
        let body = JSON.object(["approval": .string(try lab.sign(sha256, as: "dara"))]).bytes
        let wire = try Wire(unix: lab.daemon.socket)
        try wire.send(
            Array(
                """
                POST /v1/certificates/\(draft)/approve HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(lab.people["dara"]!.token)\r\n\
                Idempotency-Key: k-1\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n
                """.utf8) + body)
        for _ in 0..<round * 3 { _ = try lab.daemon.visit("/checkpoint") }
        _ = lab.daemon.stop(SIGKILL)
        try lab.daemon.start()

        let first = try lab.daemon.request(
            "POST", "/v1/certificates/\(draft)/approve", bytes: body,
            headers: ["Idempotency-Key": "k-1", "Content-Type": "application/json"], token: lab.people["dara"]!.token)

        #expect(first.status == 201, "\(first.text)")
        #expect(try lab.daemon.sql("SELECT count(*) FROM certificate") == [["1"]])
        #expect(try lab.daemon.sql("SELECT state FROM draft") == [["issued"]])
        _ = lab.daemon.stop()
        #expect(try lab.daemon.check().status == 0)
    }

    // MARK: - Checks

    @Test("a check that does not match suspends the paper and opens a case", arguments: DaemonEngine.allCases)
    func mismatch(engine: DaemonEngine) throws {
        var lab = try Lab(engine)
        let daemon = lab.daemon
        let council = try daemon.council
        lab.people["examiner"] = try lab.person("examiner", of: council, roles: ["examiner"])
        lab.people["approver"] = try lab.person("approver", of: council, roles: ["approver"])
        let piece = try daemon.register(Samples.emerald(), token: lab.dealer.token)["id"]!.string!
        let number = try daemon.declare(piece, token: lab.dealer.token).number
        let asked = try daemon.request(
            "POST", "/v1/pieces/\(piece)/certificates",
            .object(["class": "check", "lab": "GGAPCP", "compares": .object(["number": .string(number)])]),
            token: lab.dealer.token)
        let examined = try lab.post(
            asked.id, "examinations",
            Samples.json(#"{"result":"mismatch","methods":["weight and photographs"]}"#), as: "examiner")
        let signed = try lab.approve(asked.id, as: "examiner")

        let issued = try lab.approve(asked.id, as: "approver")
        let old = try daemon.request("GET", "/v1/certificates/\(number)").json
        let registrar = try daemon.token(for: .registrar)
        let cases = try daemon.request("GET", "/v1/cases", token: registrar).json["items"]?.elements

        #expect(asked.status == 201 && examined.status == 201 && signed.status == 200, "\(asked.text) \(examined.text)")
        #expect(issued.status == 201 && issued.json["class"] == "check", "\(issued.text)")
        #expect(issued.json["statement"]?["result"] == "mismatch")
        #expect(old["status"] == "suspended" && old["reason"] == "check_mismatch")
        #expect(cases?.count == 1 && cases?.first?["check"]?.string == issued.number)
        _ = daemon.stop()
        let check = try daemon.check()
        #expect(check.status == 0, "\(check.output)")
    }

    // MARK: - Enrolment

    @Test("an administrator by the socket enrols at once where the key is plain; a token never does")
    func enrolment() throws {
        let lab = try Lab()
        let admin = try lab.daemon.member(of: try lab.daemon.council, roles: ["admin"])
        _ = try lab.key("later")
        let line = try String(contentsOfFile: lab.daemon.directory + "/later.pub", encoding: .utf8)
        let added = try lab.daemon.request(
            "POST", "/v1/parties/\(lab.party)/members",
            .object([
                "name": "Later", "roles": ["approver"], "approvalKey": .string(line.trimmingCharacters(in: .newlines)),
            ]), token: admin)
        func standing() throws -> [String] {
            try lab.daemon.request("GET", "/v1/parties/LAB/members").json["items"]!.elements!.map {
                "\($0["name"]!.string!) \($0["enrolment"]?.string ?? "-")"
            }
        }

        let before = try standing()
        let running = try TestDaemon.run(
            TestDaemon.gemd, ["enrol", "--state", lab.daemon.state, "--member", added.id])
        _ = lab.daemon.stop()
        let enrolled = try TestDaemon.run(
            TestDaemon.gemd, ["enrol", "--state", lab.daemon.state, "--member", added.id])
        try lab.daemon.start()
        let after = try standing()
        let kinds = try StatusTests.logged(lab.daemon).map { $0["kind"]?.string }

        #expect(added.status == 201 && before.contains("Later pending") && before.contains("Dara enrolled"))
        #expect(running.status == 75)
        #expect(enrolled.status == 0 && enrolled.output.contains("SHA256:"), "\(enrolled.error)")
        #expect(after.contains("Later enrolled"))
        #expect(kinds == [String?](repeating: "enrol", count: 5))
    }

    @Test("under a passphrase nobody is enrolled but by who knows it")
    func passphrase() throws {
        let folder = NSTemporaryDirectory() + "gemd-credentials-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // a left-over harms nothing
        try "correct horse".write(toFile: folder + "/key-passphrase", atomically: true, encoding: .utf8)
        let state = folder + "/state"
        let environment = ["CREDENTIALS_DIRECTORY": folder]
        let made = try TestDaemon.run(
            TestDaemon.gemd, ["init", "--state", state, "--issuer", "AB", "--public-url", "https://gems.example"],
            environment: environment)

        let without = try TestDaemon.run(TestDaemon.gemd, ["enrol", "--state", state, "--member", "x", "--retire"])
        let unknown = try TestDaemon.run(
            TestDaemon.gemd, ["enrol", "--state", state, "--member", "x"], environment: environment)

        #expect(made.status == 0 && made.output.contains("can enrol people"), "\(made.output)")
        #expect(without.status == 0)
        #expect(unknown.status == 78 && unknown.error.contains("no member"))
    }

    @Test("a removed member has no token and no key any more")
    func removal() throws {
        let lab = try Lab()
        let (_, draft) = try lab.approvedByExaminers()
        let signature = try lab.sign(lab.get(draft, as: "dara").json["sha256"]!.string!, as: "dara")

        let removed = try lab.daemon.request("DELETE", "/v1/members/\(lab.people["dara"]!.id)")
        let answer = try lab.post(draft, "approve", .object(["approval": .string(signature)]), as: "dara")
        let admin = try lab.daemon.request("GET", "/v1/whoami").json["member"]!
        let last = try lab.daemon.request("DELETE", "/v1/members/\(admin["id"]?.string ?? admin.string ?? "?")")
        let kinds = try StatusTests.logged(lab.daemon).map { $0["kind"]?.string }

        #expect(removed.status == 204 && answer.status == 401)
        #expect(last.status == 409)
        #expect(kinds.last == "retire")
    }

    // MARK: - Copies of reports, and many at once

    @Test(
        "a copy of a report is issued at once and says that only its laboratory vouches for it",
        arguments: DaemonEngine.allCases)
    func external(engine: DaemonEngine) throws {
        let daemon = try engine.start()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let report =
            #"{"lab":"gia","number":"2141438171","checkedOn":"2026-11-20","fields":{"identification":"natural emerald"}}"#
        func ask(_ report: String) throws -> Response {
            try daemon.request(
                "POST", "/v1/pieces/\(piece)/certificates", Samples.json(#"{"class":"external","report":\#(report)}"#),
                token: dealer.token)
        }

        let strange = try ask(report.replacing("identification", with: "identifcation"))
        let empty = try ask(#"{"lab":"GIA","number":"1","checkedOn":"2026-11-20","fields":{}}"#)
        let issued = try ask(report)

        #expect(
            strange.status == 400 && strange.json["hint"]?.string?.contains("identification") == true, "\(strange.text)"
        )
        #expect(empty.status == 422)
        #expect(issued.status == 201 && issued.json["statement"]?["report"]?["lab"] == "GIA", "\(issued.text)")
        #expect(issued.number.contains("X-000001"))
        let page = try daemon.visit("/c/\(issued.number)").text
        #expect(page.contains("that laboratory vouches"), "\(page)")
    }

    @Test(
        "many declarations in one request share the log's batches, each with its answer",
        arguments: DaemonEngine.allCases)
    func bulk(engine: DaemonEngine) throws {
        let daemon = try engine.start()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        for index in 0..<40 { _ = try daemon.register(Samples.emerald("B-\(index)"), token: dealer.token) }
        let lines = (0..<40).map { #"{"piece":"stock:B-\#($0)","class":"declaration"}"# }
        let body = Array(
            (lines + [
                #"{"piece":"stock:NONE","class":"declaration"}"#, "nonsense",
                #"{"piece":"stock:B-0","class":"declaration","supersedes":"DEALER-26D-000001-X"}"#,
            ]).joined(separator: "\n").utf8)
        func send() throws -> [JSON] {
            try daemon.request(
                "POST", "/v1/certificates/bulk", bytes: body, headers: ["Content-Type": "application/x-ndjson"],
                token: dealer.token
            ).lines
        }

        let first = try send()
        let again = try send()

        #expect(first.prefix(40).allSatisfy { $0["status"]?.integer == 201 && $0["number"] != nil }, "\(first)")
        #expect(first.map { $0["line"]?.integer }.dropLast() == (1...43).map { Optional($0) }[...])
        #expect(first[40]["status"]?.integer == 404 && first[41]["status"]?.integer == 400)
        // Passed over in silence, the certificate to be replaced would stay valid.
        #expect(first[42]["problem"]?["field"] == "supersedes", "\(first[42])")
        #expect(first.last?["created"]?.integer == 40 && first.last?["refused"]?.integer == 3)
        #expect(again.last?["unchanged"]?.integer == 40)
        #expect(zip(first, again).prefix(40).allSatisfy { $0["number"] == $1["number"] })
        if engine == .sqlite {
            let batches = Int(try daemon.sql("SELECT count(*) FROM log_checkpoint")[0][0])!
            #expect(batches < 20, "\(batches) checkpoints for 40 declarations")
        }
    }
}
