import Foundation
import GemModel
import Testing

@testable import gemd

/// What becomes of certificates after they were issued (docs/protocol.md, "Status of certificates").
@Suite("Status of certificates")
struct StatusTests {
    /// A daemon with a dealer and an approver of the council.
    struct Stage {
        let daemon: TestDaemon
        let dealer: (party: String, token: String)
        let approver: String

        init(_ engine: DaemonEngine = .sqlite) throws {
            daemon = try engine.start()
            dealer = try daemon.dealer("Dealer", code: "DEALER")
            approver = try daemon.member(of: try daemon.council, roles: ["approver"])
        }

        func certified(_ stock: String? = nil, class name: String = "declaration") throws -> (
            piece: String, number: String
        ) {
            let piece = try daemon.register(Samples.emerald(stock), token: dealer.token)["id"]!.string!
            return (piece, try daemon.declare(piece, token: dealer.token).number)
        }

        func change(
            _ number: String, _ change: String, _ body: JSON, key: String? = nil, token: String? = nil
        ) throws -> Response {
            try daemon.request(
                "POST", "/v1/certificates/\(number)/\(change)", body,
                headers: key.map { ["Idempotency-Key": $0] } ?? [:], token: token ?? approver)
        }

        func post(_ piece: String, _ what: String, _ body: JSON = .object([])) throws -> Response {
            try daemon.request("POST", "/v1/pieces/\(piece)/\(what)", body, token: dealer.token)
        }

        func show(_ number: String) throws -> JSON { try daemon.request("GET", "/v1/certificates/\(number)").json }

        func status(_ number: String) throws -> String? { try show(number)["status"]?.string }

        /// The kinds of the log's entries, from the public listener.
        func logged() throws -> [JSON] { try StatusTests.logged(daemon) }
    }

    static func logged(_ daemon: TestDaemon) throws -> [JSON] {
        let size = Int(try daemon.visit("/checkpoint").text.split(separator: "\n")[1])!
        guard size > 0 else { return [] }
        var bytes = try daemon.visit("/tile/entries/000.p/\(size)").body[...]
        var entries: [JSON] = []
        while bytes.count > 2 {
            let length = Int(bytes[bytes.startIndex]) << 8 | Int(bytes[bytes.startIndex + 1])
            entries.append(try JSON(parsing: Array(bytes.dropFirst(2).prefix(length))))
            bytes = bytes.dropFirst(2 + length)
        }
        return entries
    }

    @Test(
        "an approver suspends, reinstates and withdraws; each is in the log when it is answered",
        arguments: DaemonEngine.allCases)
    func byHand(engine: DaemonEngine) throws {
        let stage = try Stage(engine)
        let (piece, number) = try stage.certified()

        let suspended = try stage.change(
            number, "suspend", .object(["reason": "fraud_suspected", "text": "two papers"]))
        let shown = try stage.show(number)
        let reinstated = try stage.change(number, "reinstate", .object(["reason": "re_examined"]))
        let withdrawn = try stage.change(number, "withdraw", .object(["reason": "treatment_found"]))
        let log = try stage.logged()
        let listed = try stage.daemon.request("GET", "/v1/pieces/\(piece)", token: stage.dealer.token).json

        #expect(statuses(suspended, reinstated, withdrawn) == [200, 200, 200], "\(suspended.text)")
        #expect(suspended.json["status"] == "suspended" && suspended.json["logIndex"]?.integer == 1)
        #expect(shown["status"] == "suspended" && shown["reason"] == "fraud_suspected")
        #expect(!shown.text.contains("two papers"))
        #expect(log.map { $0["kind"]?.string } == ["issue", "suspend", "reinstate", "withdraw"])
        #expect(log.allSatisfy { $0["serial"]?.string == String(number.dropLast(6)) })
        let changes = try stage.show(number)["changes"]?.elements
        #expect(changes?.map { $0["logIndex"]?.integer } == [1, 2, 3])
        #expect(changes?.map { $0["sha256"]?.string } == log.dropFirst().map { $0["sha256"]?.string })
        #expect(listed["certificates"]?.elements?.first?["status"] == "withdrawn")
        _ = stage.daemon.stop()
        #expect(try stage.daemon.check().status == 0)
    }

    @Test("withdrawn is final, and words say why a change is not possible", arguments: DaemonEngine.allCases)
    func refusals(engine: DaemonEngine) throws {
        let stage = try Stage(engine)
        let (_, number) = try stage.certified()

        let notSuspended = try stage.change(number, "reinstate", .object(["reason": "re_examined"]))
        let notGiven = try stage.change(number, "suspend", .object(["reason": "reported_stolen"]))
        let unknown = try stage.change(number, "suspend", .object(["reason": "because"]))
        let alone = try stage.change(number, "supersede", .object(["reason": "re_examined"]))
        let itself = try stage.change(number, "supersede", .object(["reason": "re_examined", "by": .string(number)]))
        _ = try stage.change(number, "withdraw", .object(["reason": "fraud_confirmed"]))
        let again = try stage.change(number, "suspend", .object(["reason": "fraud_suspected"]))

        #expect(notSuspended.status == 409 && notSuspended.problem == "state", "\(notSuspended.text)")
        #expect(notGiven.status == 422 && notGiven.json["field"] == "reason")
        #expect(unknown.status == 422 && alone.status == 422 && itself.status == 422, "\(unknown.text)")
        #expect(itself.json["field"] == "by")
        #expect(again.status == 409 && again.json["title"]?.string?.contains("final") == true)
        #expect(try stage.logged().count == 2)
    }

    @Test("only the council's approver changes a declaration; its dealer and another laboratory do not")
    func rights() throws {
        let stage = try Stage()
        let (_, number) = try stage.certified()
        let body = JSON.object(["reason": "administrative_error"])
        let elsewhere = try stage.daemon.token(for: .approver)

        let refused = try [stage.dealer.token, elsewhere].map {
            try stage.change(number, "suspend", body, token: $0).status
        }

        #expect(refused == [403, 403])
        #expect(try stage.status(number) == "valid")
    }

    @Test("the same key changes a status once, also after a crash", arguments: DaemonEngine.allCases)
    func repeated(engine: DaemonEngine) throws {
        let stage = try Stage(engine)
        let (_, number) = try stage.certified()
        let body = JSON.object(["reason": "fraud_suspected"])

        let first = try stage.change(number, "suspend", body, key: "k-1")
        _ = stage.daemon.stop(SIGKILL)
        try stage.daemon.start()
        let second = try stage.change(number, "suspend", body, key: "k-1")

        #expect(first.status == 200 && second.body == first.body, "\(second.text)")
        #expect(try stage.logged().map { $0["kind"]?.string } == ["issue", "suspend"])
    }

    @Test("a change that was stored but not logged is logged at the next start", arguments: 0..<5)
    func killedWhileChanging(round: Int) throws {
        let stage = try Stage()
        let (piece, number) = try stage.certified()
        let wire = try Wire(unix: stage.daemon.socket)
        try wire.send(
            """
            POST /v1/pieces/\(piece)/report-stolen HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(stage.dealer.token)\r\n\
            Content-Length: 0\r\n\r\n
            """)
        for _ in 0..<round * 2 { _ = try stage.daemon.visit("/checkpoint") }
        _ = stage.daemon.stop(SIGKILL)
        try stage.daemon.start()

        let isStolen = try stage.status(number) == "stolen"
        let kinds = try stage.logged().map { $0["kind"]?.string }
        _ = stage.daemon.stop()

        #expect(kinds == (isStolen ? ["issue", "stolen"] : ["issue"]))
        #expect(try stage.daemon.sql("SELECT count(*) FROM certificate_change WHERE log IS NULL") == [["0"]])
        #expect(try stage.daemon.check().status == 0)
    }

    @Test(
        "a theft is on record also without keys, and in the log as soon as they are back",
        arguments: DaemonEngine.allCases)
    func withoutKeys(engine: DaemonEngine) throws {
        let stage = try Stage(engine)
        let (piece, number) = try stage.certified()
        _ = stage.daemon.stop()
        let (keys, away) = (stage.daemon.state + "/keys", stage.daemon.directory + "/keys")
        try FileManager.default.moveItem(atPath: keys, toPath: away)
        try stage.daemon.start()

        let stolen = try stage.post(piece, "report-stolen")
        let byHand = try stage.change(number, "suspend", .object(["reason": "fraud_suspected"]))
        let waiting = try stage.show(number)
        _ = stage.daemon.stop()
        try FileManager.default.moveItem(atPath: away, toPath: keys)
        try stage.daemon.start()

        #expect(stolen.status == 201 && byHand.status == 503, "\(byHand.text)")
        #expect(waiting["status"] == "stolen" && waiting["changes"]?.elements?.first?["logIndex"] == nil)
        #expect(try stage.show(number)["changes"]?.elements?.first?["logIndex"]?.integer == 1)
        #expect(try stage.logged().map { $0["kind"]?.string } == ["issue", "stolen"])
    }

    @Test("its dealer cannot replace what was suspended for fraud")
    func adverse() throws {
        let stage = try Stage()
        let (piece, number) = try stage.certified()
        _ = try stage.change(number, "suspend", .object(["reason": "fraud_suspected"]))

        let again = try stage.post(
            piece, "certificates", .object(["class": "declaration", "supersedes": .string(number)]))

        #expect(
            again.status == 409 && again.json["title"]?.string?.contains("fraud_suspected") == true, "\(again.text)")
    }

    // MARK: - What follows from the piece

    @Test(
        "lost, found, stolen, found and destroyed are followed by the certificate and the log",
        arguments: DaemonEngine.allCases)
    func lostAndFound(engine: DaemonEngine) throws {
        let stage = try Stage(engine)
        let (piece, number) = try stage.certified()
        var seen: [String?] = []

        for step in ["report-lost", "return", "report-stolen", "return", "report-destroyed"] {
            let answer = try stage.post(piece, step)
            #expect(answer.status < 300, "\(step): \(answer.text)")
            seen.append(try stage.status(number))
        }

        #expect(seen == ["lost", "valid", "stolen", "valid", "destroyed"])
        let kinds = try stage.logged().map { $0["kind"]?.string }
        #expect(kinds == ["issue", "lost", "reinstate", "stolen", "reinstate", "destroyed"])
        let page = try stage.daemon.visit("/c/\(number)").text
        #expect(page.contains("Reported destroyed") && page.contains("cancelled"))
    }

    @Test("a piece that was suspended before it was lost is suspended when it is found")
    func suspendedBefore() throws {
        let stage = try Stage()
        let (piece, number) = try stage.certified()
        _ = try stage.change(number, "suspend", .object(["reason": "fraud_suspected"]))
        _ = try stage.post(piece, "report-lost")

        _ = try stage.post(piece, "return")

        #expect(try stage.status(number) == "suspended")
    }

    @Test(
        "a recut stone's certificate is suspended, and a new declaration takes its place",
        arguments: DaemonEngine.allCases)
    func recut(engine: DaemonEngine) throws {
        let stage = try Stage(engine)
        let (piece, number) = try stage.certified()

        let cut = try stage.post(piece, "recut", Samples.json(#"{"weightCt":"1.40"}"#))
        let after = try stage.show(number)
        let new = try stage.post(
            piece, "certificates",
            .object(["class": "declaration", "supersedes": .string(number), "reason": "recut_repolished"]))

        #expect(cut.status < 300 && after["status"] == "suspended" && after["reason"] == "recut_repolished")
        #expect(new.status == 201, "\(new.text)")
        #expect(try stage.show(number)["supersededBy"]?.string == new.number)
    }

    @Test("a change within the tolerance leaves the certificate, one beyond suspends it")
    func tolerance() throws {
        let stage = try Stage()
        let (piece, number) = try stage.certified()
        func weigh(_ carats: String) throws -> Response {
            let version = try stage.daemon.request("GET", "/v1/pieces/\(piece)", token: stage.dealer.token)
            return try stage.daemon.request(
                "PATCH", "/v1/pieces/\(piece)", .object(["stone": .object(["weightCt": .string(carats)])]),
                headers: ["If-Match": version.headers["etag"]!], token: stage.dealer.token)
        }

        _ = try weigh("1.585")
        let within = try stage.status(number)
        _ = try weigh("1.56")
        let beyond = try stage.show(number)

        #expect(within == "valid")
        #expect(beyond["status"] == "suspended" && beyond["reason"] == "measures_changed")
    }

    @Test(
        "who was given a piece reports it stolen, and its giver's certificate is cancelled; a namesake's report is not")
    func otherParties() throws {
        let stage = try Stage()
        let daemon = stage.daemon
        let (piece, number) = try stage.certified()
        let buyer = try daemon.dealer("Buyer", code: "BUYER")
        let rogue = try daemon.dealer("Rogue", code: "ROGUE")
        let namesake = try daemon.request(
            "POST", "/v1/pieces", Samples.emerald().setting("id", to: .string(piece)), token: rogue.token)
        _ = try daemon.request("POST", "/v1/pieces/\(piece)/report-stolen", .object([]), token: rogue.token)
        let afterRogue = try stage.status(number)
        _ = try stage.post(piece, "transfer", .object(["to": "BUYER", "kind": "ownership"]))
        _ = try daemon.request("POST", "/v1/pieces/\(piece)/transfer/accept", .object([]), token: buyer.token)

        let stolen = try daemon.request("POST", "/v1/pieces/\(piece)/report-stolen", .object([]), token: buyer.token)

        #expect(namesake.status == 201 && afterRogue == "valid")
        #expect(stolen.status == 201)
        #expect(try stage.status(number) == "stolen")
        let events = try daemon.request("GET", "/v1/pieces/\(piece)/events", token: stage.dealer.token).text
        #expect(events.contains("certificate-stolen"))
    }

    // MARK: - Reissue

    @Test(
        "a new certificate takes the place of the old in the same batch; both name each other",
        arguments: DaemonEngine.allCases)
    func reissue(engine: DaemonEngine) throws {
        let stage = try Stage(engine)
        let (piece, number) = try stage.certified()

        let new = try stage.post(
            piece, "certificates", .object(["class": "declaration", "supersedes": .string(number)]))
        let again = try stage.post(
            piece, "certificates", .object(["class": "declaration", "supersedes": .string(number)]))
        let (old, page) = (try stage.show(number), try stage.daemon.visit("/c/\(number)").text)
        let statement = try stage.daemon.visit("/c/\(number).json").body

        #expect(new.status == 201, "\(new.text)")
        #expect(again.status == 409)
        #expect(new.json["statement"]?["supersedes"]?["number"]?.string == number)
        #expect(
            old["status"] == "superseded" && old["supersededBy"]?.string == new.number && old["reason"] == "reissued")
        #expect(page.contains("/c/\(new.number)"))
        #expect(try stage.logged().map { $0["kind"]?.string } == ["issue", "issue", "supersede"])
        let verdict = try stage.daemon.request(
            "POST", "/v1/verify", bytes: multipart(statement, try stage.daemon.visit("/c/\(number).p7s").body),
            headers: ["Content-Type": "multipart/form-data; boundary=b"])
        #expect(verdict.json["verdict"] == "cancelled" && verdict.json["supersededBy"]?.string == new.number)
        let listed = try stage.daemon.request("GET", "/v1/pieces/\(piece)", token: stage.dealer.token).json
        #expect(listed["certificates"]?.elements?.map { $0["status"]?.string } == ["superseded", "valid"])
        _ = stage.daemon.stop()
        #expect(try stage.daemon.check().status == 0)
    }

    func multipart(_ json: [UInt8], _ p7s: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        for (name, bytes) in [("json", json), ("p7s", p7s)] {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"f\"\r\n\r\n".utf8)
            body += bytes + Array("\r\n".utf8)
        }
        return body + Array("--b--\r\n".utf8)
    }

    @Test("an approver names the successor of the same piece and class; another is refused")
    func successor() throws {
        let stage = try Stage()
        let (piece, number) = try stage.certified()
        let other = try stage.certified().number
        _ = try stage.post(piece, "recut", Samples.json(#"{"weightCt":"1.40"}"#))
        let new = try stage.daemon.declare(piece, token: stage.dealer.token).number

        let wrong = try stage.change(
            number, "supersede", .object(["reason": "recut_repolished", "by": .string(other)]))
        let right = try stage.change(number, "supersede", .object(["reason": "recut_repolished", "by": .string(new)]))

        #expect(wrong.status == 422 && right.status == 200, "\(right.text)")
        #expect(right.json["supersededBy"]?.string == new)
    }

    @Test("another piece's certificate is not replaced")
    func foreignReissue() throws {
        let stage = try Stage()
        let (piece, _) = try stage.certified()
        let other = try stage.certified().number

        let answer = try stage.post(
            piece, "certificates", .object(["class": "declaration", "supersedes": .string(other)]))

        #expect(answer.status == 422 && answer.json["field"] == "supersedes")
    }

    @Test("a piece with a withdrawn certificate is held back from markets until another of its class is there")
    func feeds() throws {
        let stage = try Stage()
        let daemon = stage.daemon
        let piece = try daemon.register(Samples.emerald("R-1"), token: stage.dealer.token)["id"]!.string!
        _ = try daemon.photograph(piece, token: stage.dealer.token)
        let number = try daemon.declare(piece, token: stage.dealer.token).number
        let lot = try daemon.request("POST", "/v1/lots", .object(["name": "one"]), token: stage.dealer.token).id
        _ = try daemon.request("PUT", "/v1/lots/\(lot)/pieces/\(piece)", token: stage.dealer.token)
        func isBlocked() throws -> Bool {
            try daemon.request("GET", "/v1/lots/\(lot)/readiness?market=google", token: stage.dealer.token).text
                .contains("certificate-cancelled")
        }

        let before = try isBlocked()
        _ = try stage.change(number, "withdraw", .object(["reason": "fraud_confirmed"]))
        let after = try isBlocked()
        _ = try daemon.declare(piece, token: stage.dealer.token)

        #expect(!before && after)
        #expect(try !isBlocked())
    }
}
