import Foundation
import GemModel
import HTTPTypes
import Testing

@testable import gemd

/// Who may do what. The expectations come twice: from the daemon's own table, and from the
/// roles paragraph of docs/protocol.md, written out here by hand.
@Suite("Rights")
struct RightsTests {
    // MARK: - Every route, every role

    @Test("a role is let in exactly where its row of the table names it", arguments: Role.allCases)
    func everyRoute(role: Role) throws {
        let daemon = try TestDaemon()
        let token = try daemon.token(for: role)

        let wrong = try Routes.all.compactMap { route -> String? in
            let status = try daemon.probe(route, token: token).status
            let mayEnter =
                switch route.permission {
                case .anyone, .member: true
                case .roles(let roles): roles.contains(role)
                }
            let fits = mayEnter ? status != 401 && status != 403 && status < 500 : status == 403
            return fits ? nil : "\(route.method) \(route.path): \(status)"
        }

        #expect(wrong == [])
    }

    @Test("a token that is not valid is refused everywhere", arguments: BadToken.allCases)
    func badToken(kind: BadToken) throws {
        let daemon = try TestDaemon()
        let token = try daemon.badToken(kind)

        let wrong = try Routes.all.compactMap { route -> String? in
            let status = try daemon.probe(route, token: token).status
            return status == 401 ? nil : "\(route.method) \(route.path): \(status)"
        }

        #expect(wrong == [])
    }

    @Test("a stranger's login gets only what anybody may have", .enabled(if: isRoot, "another uid needs root"))
    func strangerByPeer() throws {
        let daemon = try TestDaemon()
        try daemon.openToAll()

        let statuses = try daemon.statuses(asUser: nobody, Routes.all.map { ($0.method.rawValue, $0.example) })

        let wrong = zip(Routes.all, statuses).filter { route, status in
            route.permission == .anyone ? status == 401 || status == 403 : status != 401
        }.map { "\($0.method) \($0.path): \($1)" }
        #expect(wrong == [])
    }

    /// docs/protocol.md, "Roles" and the table of resources: the cells where a mistake would hurt.
    static let written: [(method: String, path: String, roles: Set<Role>)] = [
        ("POST", "/v1/parties", [.admin, .registrar]),
        ("GET", "/v1/parties", [.admin, .registrar]),
        ("PATCH", "/v1/parties/{party}", [.admin, .registrar]),
        ("PUT", "/v1/parties/{party}/markets/{market}", [.exporter, .dealer]),
        ("POST", "/v1/parties/{party}/members", [.admin, .registrar]),
        ("POST", "/v1/members/{member}/tokens", [.admin, .registrar]),
        ("GET", "/v1/members/{member}/tokens", [.admin, .registrar]),
        ("DELETE", "/v1/tokens/{token}", [.admin, .registrar]),
        ("POST", "/v1/imports", [.dealer, .registrar, .admin]),
        ("GET", "/v1/imports", [.dealer, .registrar, .admin, .auditor]),
        ("GET", "/v1/imports/{import}", [.dealer, .registrar, .admin, .auditor]),
        ("GET", "/v1/imports/{import}/refused", [.dealer, .registrar, .admin]),
        ("DELETE", "/v1/imports/{import}", [.dealer, .registrar, .admin]),
        ("POST", "/v1/pieces", [.dealer, .registrar]),
        ("GET", "/v1/pieces", [.dealer, .registrar, .exporter, .auditor]),
        ("GET", "/v1/pieces/{piece}", [.dealer, .registrar, .exporter, .auditor, .examiner, .approver]),
        ("GET", "/v1/pieces/{piece}/disclosure", [.dealer, .registrar, .exporter, .auditor]),
        ("PATCH", "/v1/pieces/{piece}", [.dealer, .registrar]),
        ("DELETE", "/v1/pieces/{piece}", [.dealer, .registrar]),
        ("POST", "/v1/pieces/{piece}/images", [.dealer, .registrar]),
        ("POST", "/v1/pieces/{piece}/hold", [.dealer]),
        ("POST", "/v1/pieces/{piece}/memo", [.dealer]),
        ("POST", "/v1/pieces/{piece}/return", [.dealer]),
        ("POST", "/v1/pieces/{piece}/transfer", [.dealer]),
        ("POST", "/v1/pieces/{piece}/transfer/accept", [.dealer]),
        ("POST", "/v1/pieces/{piece}/sell", [.dealer]),
        ("POST", "/v1/pieces/{piece}/report-stolen", [.dealer]),
        ("POST", "/v1/pieces/{piece}/split", [.dealer]),
        ("POST", "/v1/pieces/{piece}/merge", [.dealer]),
        ("POST", "/v1/pieces/{piece}/recut", [.dealer]),
        ("POST", "/v1/pieces/{piece}/assemble", [.dealer]),
        ("POST", "/v1/pieces/{piece}/disassemble", [.dealer]),
        ("GET", "/v1/pieces/{piece}/lineage", [.dealer, .registrar, .auditor]),
        ("PUT", "/v1/rates/{date}", [.exporter, .registrar]),
        ("GET", "/v1/pieces/{piece}/quote", [.dealer, .registrar, .exporter, .auditor]),
        ("GET", "/v1/events", [.dealer, .registrar, .auditor]), ("GET", "/v1/audit", [.auditor, .admin]),
        ("GET", "/v1/candidates", [.registrar, .auditor]),
        ("GET", "/v1/cases", [.registrar, .auditor, .dealer]),
        ("GET", "/v1/cases/{case}", [.registrar, .auditor, .dealer]),
        ("POST", "/v1/cases/{case}/close", [.registrar]),
        ("POST", "/v1/pieces/{piece}/consents", [.dealer]),
        ("DELETE", "/v1/pieces/{piece}/consents", [.dealer]),
        ("POST", "/v1/lots", [.dealer, .exporter]),
        ("GET", "/v1/lots/{lot}", [.dealer, .exporter]),
        ("PATCH", "/v1/lots/{lot}", [.dealer, .exporter]),
        ("PUT", "/v1/lots/{lot}/pieces/{piece}", [.dealer, .exporter]),
        ("DELETE", "/v1/lots/{lot}/pieces/{piece}", [.dealer, .exporter]),
        ("POST", "/v1/lots/{lot}/exports", [.exporter, .dealer]),
        ("GET", "/v1/exports/{export}", [.exporter, .dealer]),
        ("GET", "/v1/exports/{export}/file", [.exporter, .dealer]),
        ("DELETE", "/v1/members/{member}", [.admin, .registrar]),
        ("POST", "/v1/certificates/bulk", [.dealer]),
        ("GET", "/v1/certificates", [.dealer, .examiner, .approver]),
        ("POST", "/v1/certificates/{number}/examinations", [.examiner]),
        ("POST", "/v1/certificates/{number}/claim", [.approver]),
        ("POST", "/v1/certificates/{number}/approve", [.examiner, .approver]),
        ("POST", "/v1/certificates/{number}/cancel", [.dealer, .examiner, .approver]),
        ("POST", "/v1/certificates/{number}/suspend", [.approver]),
        ("POST", "/v1/certificates/{number}/reinstate", [.approver]),
        ("POST", "/v1/certificates/{number}/withdraw", [.approver]),
        ("POST", "/v1/certificates/{number}/supersede", [.approver]),
        ("POST", "/v1/certificates/{number}/prints", [.dealer, .examiner, .approver, .registrar]),
        ("POST", "/v1/admin/backup", [.admin]),
        ("GET", "/v1/admin/check", [.admin]),
    ]

    @Test("the table says what the protocol says", arguments: written)
    func protocolTable(method: String, path: String, roles: Set<Role>) throws {
        let route = Routes.all.first { $0.method.rawValue == method && $0.path == path }

        #expect(try #require(route, "there is no such route").permission == .roles(roles))
    }

    @Test("what the protocol opens to anyone is open, and nothing else")
    func openToAnyone() {
        let open = Routes.all.filter { $0.listener == .control && $0.permission == .anyone }.map {
            "\($0.method.rawValue) \($0.path)"
        }

        let allowed: Set = [
            "GET /v1", "GET /v1/health/live", "GET /v1/health/ready", "GET /v1/codes", "GET /v1/certificates/{number}",
            "GET /v1/certificates/{number}.json", "GET /v1/certificates/{number}.p7s",
            "GET /v1/certificates/{number}.pdf", "GET /v1/certificates/{number}.tlog-proof",
            "GET /v1/certificates/{number}.qr.svg", "GET /v1/certificates/{number}.qr.txt", "POST /v1/verify",
            "POST /v1/verify/{number}/match",
        ]
        #expect(Set(open).subtracting(allowed) == [])
    }

    @Test("the public listener is only for reading and only for anyone")
    func publicRows() {
        let wrong = Routes.all.filter { $0.listener == .public && ($0.method != .get || $0.permission != .anyone) }

        #expect(wrong.map(\.path) == [])
    }

    // MARK: - Tenants

    @Test("what belongs to another party is not there, never forbidden")
    func foreignIsAbsent() throws {
        let daemon = try TestDaemon()
        let owner = try daemon.dealer("Owner", code: "OWNER")
        let other = try daemon.dealer("Other", code: "OTHER")
        let piece = try daemon.register(Samples.emerald("R-17"), token: owner.token)["id"]!.string!
        let image = try daemon.photograph(piece, token: owner.token).json["sha256"]!.string!
        let lot = try daemon.request("POST", "/v1/lots", .object(["name": "spring"]), token: owner.token).id
        _ = try daemon.request("PUT", "/v1/lots/\(lot)/pieces/\(piece)", token: owner.token)
        let export = try daemon.request(
            "POST", "/v1/lots/\(lot)/exports", .object(["market": "google"]), token: owner.token
        ).id
        let ownLot = try daemon.request("POST", "/v1/lots", .object(["name": "mine"]), token: other.token).id
        let match = ["If-Match": "\"1\""]
        let requests: [(String, String, JSON?, [String: String])] = [
            ("GET", "/v1/pieces/\(piece)", nil, [:]), ("GET", "/v1/pieces/stock:R-17", nil, [:]),
            ("GET", "/v1/pieces/\(piece)/events", nil, [:]),
            ("PATCH", "/v1/pieces/\(piece)", .object(["title": "mine"]), match),
            ("DELETE", "/v1/pieces/\(piece)", nil, match),
            ("POST", "/v1/pieces/\(piece)/certificates", .object(["class": "declaration"]), [:]),
            ("POST", "/v1/pieces/\(piece)/hold", .object(["until": "2099-01-01"]), [:]),
            ("POST", "/v1/pieces/\(piece)/memo", .object(["to": "GGAPCP", "due": "2099-01-01"]), [:]),
            ("POST", "/v1/pieces/\(piece)/transfer/accept", nil, [:]), ("POST", "/v1/pieces/\(piece)/sell", nil, [:]),
            ("POST", "/v1/pieces/\(piece)/return", nil, [:]), ("POST", "/v1/pieces/\(piece)/report-lost", nil, [:]),
            ("POST", "/v1/pieces/\(piece)/consents", .object(["to": "GGAPCP", "markets": ["google"]]), [:]),
            ("GET", "/v1/pieces/\(piece)/consents", nil, [:]), ("GET", "/v1/pieces/\(piece)/quote", nil, [:]),
            ("GET", "/v1/pieces/\(piece)/lineage", nil, [:]),
            ("POST", "/v1/pieces/\(piece)/split", .object(["into": .array([.object(["weightCt": "1"])])]), [:]),
            ("POST", "/v1/pieces/\(piece)/merge", .object(["from": .array(["stock:R-1"])]), [:]),
            ("POST", "/v1/pieces/\(piece)/recut", .object(["weightCt": "1"]), [:]),
            (
                "POST", "/v1/pieces/\(piece)/assemble", .object(["stones": .array([.object(["piece": "stock:R-1"])])]),
                [:]
            ),
            ("POST", "/v1/pieces/\(piece)/disassemble", nil, [:]),
            ("DELETE", "/v1/pieces/\(piece)/consents?to=GGAPCP", nil, [:]),
            ("GET", "/v1/images/\(image)", nil, [:]), ("GET", "/v1/images/\(image)?edge=160", nil, [:]),
            ("GET", "/v1/lots/\(lot)", nil, [:]), ("PATCH", "/v1/lots/\(lot)", .object(["name": "mine"]), match),
            ("PUT", "/v1/lots/\(ownLot)/pieces/\(piece)", nil, [:]),
            ("PUT", "/v1/lots/\(lot)/pieces/\(piece)", nil, [:]),
            ("DELETE", "/v1/lots/\(lot)/pieces/\(piece)", nil, [:]),
            ("GET", "/v1/lots/\(lot)/readiness", nil, [:]),
            ("POST", "/v1/lots/\(lot)/exports", .object(["market": "google"]), [:]),
            ("GET", "/v1/exports/\(export)", nil, [:]), ("GET", "/v1/exports/\(export)/file", nil, [:]),
            ("PUT", "/v1/parties/\(owner.party)/markets/google", .object(["brand": "mine"]), [:]),
            ("POST", "/v1/pieces?party=OWNER", Samples.emerald("R-18"), [:]),
            ("GET", "/v1/pieces?party=OWNER", nil, [:]),
        ]

        let wrong = try requests.compactMap { method, path, body, headers -> String? in
            let answer = try daemon.request(method, path, body, headers: headers, token: other.token)
            return answer.status == 404 && answer.problem == "not-found" ? nil : "\(method) \(path): \(answer.status)"
        }

        #expect(wrong == [])
        let after = try daemon.request("GET", "/v1/pieces/\(piece)", token: owner.token)
        #expect(after.json["title"]?.string == "Natural emerald, oval")
    }

    @Test("a foreign piece and one that never was get the same answer")
    func foreignLooksAbsent() throws {
        let daemon = try TestDaemon()
        let owner = try daemon.dealer("Owner", code: "OWNER")
        let other = try daemon.dealer("Other", code: "OTHER")
        let piece = try daemon.register(Samples.emerald(), token: owner.token)["id"]!.string!

        let foreign = try daemon.request("GET", "/v1/pieces/\(piece)", token: other.token)
        let absent = try daemon.request("GET", "/v1/pieces/\(Samples.clientID())", token: other.token)

        let blank = { (json: JSON) in json.setting("requestId", to: .null) }
        #expect(blank(foreign.json) == blank(absent.json))
    }

    @Test("another party's list holds nothing of mine")
    func foreignList() throws {
        let daemon = try TestDaemon()
        let owner = try daemon.dealer("Owner", code: "OWNER")
        let other = try daemon.dealer("Other", code: "OTHER")
        _ = try daemon.register(Samples.emerald(), token: owner.token)

        let list = try daemon.request("GET", "/v1/pieces?total=exact&facets=species", token: other.token)

        #expect(list.json["items"]?.elements == [])
        #expect(list.json["total"]?["value"]?.integer == 0)
        #expect(list.json["facets"]?["species"]?.members == [])
    }

    // MARK: - Members and tokens

    @Test("a revoked token fails on the next request of the same connection")
    func revokedAtOnce() throws {
        let daemon = try TestDaemon()
        let party = try daemon.dealer("Dealer", code: "DEALER").party
        let member = try daemon.request(
            "POST", "/v1/parties/\(party)/members", .object(["name": "one", "roles": ["dealer"]])
        ).id
        let token = try daemon.request("POST", "/v1/members/\(member)/tokens", .object([])).json
        let secret = token["secret"]!.string!
        let wire = try Wire(unix: daemon.socket)
        let before = try wire.request("GET", "/v1/whoami", bytes: nil, headers: [:], token: secret)

        _ = try daemon.request("DELETE", "/v1/tokens/\(token["id"]!.string!)")
        let after = try wire.request("GET", "/v1/whoami", bytes: nil, headers: [:], token: secret)

        #expect(statuses(before, after) == [200, 401])
    }

    @Test("a token is shown once and only its hash is kept")
    func secretIsNotKept() throws {
        let daemon = try TestDaemon()
        let party = try daemon.dealer("Dealer", code: "DEALER").party
        let member = try daemon.request(
            "POST", "/v1/parties/\(party)/members", .object(["name": "one", "roles": ["dealer"]])
        ).id
        let made = try daemon.request("POST", "/v1/members/\(member)/tokens", .object([]))
        let secret = made.json["secret"]!.string!

        let listed = try daemon.request("GET", "/v1/members/\(member)/tokens")
        let kept = try daemon.sql("SELECT group_concat(data) FROM event")

        #expect(secret.hasPrefix("gemd_") && secret.utf8.count >= 5 + 64)
        #expect(!listed.text.contains(secret) && !kept[0][0].contains(secret))
    }

    @Test("a shared login needs a token", .enabled(if: isRoot, "another uid needs root"))
    func forwarder() throws {
        let daemon = try TestDaemon()
        try daemon.openToAll()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let made = try daemon.request(
            "POST", "/v1/parties/\(dealer.party)/members",
            .object(["name": "ssh", "roles": ["dealer"], "uid": .integer(Int(nobody)), "forwarder": true]))

        let bare = try daemon.statuses(asUser: nobody, [("GET", "/v1/whoami"), ("GET", "/v1/pieces")])
        let withToken = try daemon.statuses(asUser: nobody, [("GET", "/v1/whoami")], token: dealer.token)

        #expect(made.status == 201)
        #expect(bare == [401, 401])
        #expect(withToken == [200])
    }

    @Test("a member's own login needs no token", .enabled(if: isRoot, "another uid needs root"))
    func memberByPeer() throws {
        let daemon = try TestDaemon()
        try daemon.openToAll()
        let party = try daemon.dealer("Dealer", code: "DEALER").party
        _ = try daemon.request(
            "POST", "/v1/parties/\(party)/members",
            .object(["name": "Gul", "roles": ["dealer"], "uid": .integer(Int(nobody))]))

        let statuses = try daemon.statuses(
            asUser: nobody, [("GET", "/v1/whoami"), ("GET", "/v1/pieces"), ("GET", "/v1/parties")])

        #expect(statuses == [200, 200, 403])
    }

    @Test("only an administrator makes administrators and auditors", arguments: ["admin", "auditor"])
    func registrarMakesNoStaff(role: String) throws {
        let daemon = try TestDaemon()
        let registrar = try daemon.token(for: .registrar)
        let council = try daemon.council

        let answer = try daemon.request(
            "POST", "/v1/parties/\(council)/members", .object(["name": "x", "roles": [.string(role)]]),
            token: registrar)

        #expect(answer.status == 403)
    }

    @Test(
        "a dealer's party has no registrars, auditors or administrators", arguments: ["registrar", "auditor", "admin"])
    func staffBelongToTheCouncil(role: String) throws {
        let daemon = try TestDaemon()
        let party = try daemon.dealer("Dealer", code: "DEALER").party

        let answer = try daemon.request(
            "POST", "/v1/parties/\(party)/members", .object(["name": "x", "roles": [.string(role)]]))

        #expect(answer.status == 422)
        #expect(answer.json["field"]?.string == "roles")
    }

    @Test("an administrator has no other role")
    func administratorAlone() throws {
        let daemon = try TestDaemon()
        let council = try daemon.council

        let answer = try daemon.request(
            "POST", "/v1/parties/\(council)/members", .object(["name": "x", "roles": ["admin", "exporter"]]))

        #expect(answer.status == 422)
    }

    // MARK: - What the council sees

    @Test("the registrar and the auditor see a piece without its cost", arguments: [Role.registrar, .auditor])
    func staffView(role: Role) throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let staff = try daemon.token(for: role)
        let piece = try daemon.register(Samples.emerald(with: Samples.secrets), token: dealer.token)["id"]!.string!

        let own = try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token)
        let seen = try daemon.request("GET", "/v1/pieces/\(piece)", token: staff)
        let listed = try daemon.request("GET", "/v1/pieces", token: staff)

        #expect(own.text.contains("1234.56"))
        #expect(seen.status == 200 && listed.json["items"]?.elements?.count == 1)
        #expect(!seen.text.contains("1234.56") && !listed.text.contains("1234.56"))
    }

    @Test("when and with what a photograph was taken is its owner's; a role or time that is none is refused by name")
    func photographTaking() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let staff = try daemon.token(for: .registrar)
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        func upload(_ query: String) throws -> Response {
            try daemon.request(
                "POST", "/v1/pieces/\(piece)/images?\(query)", bytes: Samples.photograph(),
                headers: ["Content-Type": "image/jpeg"], token: dealer.token)
        }

        for (query, field) in [("role=face", "role"), ("takenAt=yesterday", "takenAt"), ("device=a%07b", "device")] {
            let refused = try upload(query)
            #expect(refused.status == 422 && refused.json["field"]?.string == field, "\(refused.text)")
        }
        #expect(try upload("role=face").json["hint"]?.string?.contains("face_up") == true)
        let taken = try upload("role=hallmark&takenAt=2026-11-21T09:30:00Z&device=Camera%20R5")
        #expect(taken.status == 201 && taken.json["device"] == "Camera R5", "\(taken.text)")
        #expect(try upload("role=hallmark").json["takenAt"] == "2026-11-21T09:30:00Z")

        let own = try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token)
        let seen = try daemon.request("GET", "/v1/pieces/\(piece)", token: staff)
        #expect(own.json["images"]?.elements?.first?["takenAt"] == "2026-11-21T09:30:00Z")
        #expect(seen.json["images"]?.elements?.first?["role"] == "hallmark")
        #expect(!seen.text.contains("Camera R5") && !seen.text.contains("takenAt"))
    }

    @Test("a piece's events tell the council's staff no cost", arguments: [Role.registrar, .auditor])
    func staffEvents(role: Role) throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let staff = try daemon.token(for: role)
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let changed = try daemon.request(
            "PATCH", "/v1/pieces/\(piece)", Samples.secrets, headers: ["If-Match": "\"1\""], token: dealer.token)

        let events = try daemon.request("GET", "/v1/pieces/\(piece)/events", token: staff)

        #expect(changed.status == 200)
        #expect(!events.text.contains("1234.56"))
    }

    @Test("a registrar's `stock:` name is never another party's piece")
    func stockNameIsOnesOwn() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let registrar = try daemon.token(for: .registrar)
        _ = try daemon.register(Samples.emerald("R-17"), token: dealer.token)

        let answer = try daemon.request(
            "PATCH", "/v1/pieces/stock:R-17", .object(["title": "changed"]), headers: ["If-Match": "\"1\""],
            token: registrar)

        #expect(answer.status == 404)
    }

    @Test("an auditor's reading is an event")
    func auditorIsRecorded() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let auditor = try daemon.token(for: .auditor)
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let before = try daemon.sql("SELECT count(*) FROM event")

        let seen = try daemon.request("GET", "/v1/pieces/\(piece)", token: auditor)

        #expect(seen.status == 200)
        let after = try daemon.sql("SELECT count(*) FROM event")
        #expect(after != before)
    }

    @Test("a registrar makes no token for an auditor")
    func registrarMakesNoAuditorToken() throws {
        let daemon = try TestDaemon()
        let registrar = try daemon.token(for: .registrar)
        let auditor = try daemon.request(
            "POST", "/v1/parties/\(try daemon.council)/members", .object(["name": "x", "roles": ["auditor"]])
        ).id

        let answer = try daemon.request("POST", "/v1/members/\(auditor)/tokens", .object([]), token: registrar)

        #expect(answer.status == 403)
    }
}

// MARK: - Tools

enum BadToken: CaseIterable {
    case revoked, expired, unknown, empty, notOurs
}

private let isRoot = getuid() == 0
/// A login that is nobody's on every Debian.
private let nobody: UInt32 = 65_534

extension Route {
    /// The path with every parameter filled in so that it names nothing.
    var example: String {
        let names = [
            "{piece}": "0198c000-0000-7000-8000-000000000000", "{sha256}": String(repeating: "0", count: 64),
            "{path...}": "0/000", "{market}": "google",
        ]
        guard path != "/" else { return path }
        return path.split(separator: "/").map { part in
            guard let start = part.firstIndex(of: "{"), let end = part.firstIndex(of: "}") else { return String(part) }
            let value = names[String(part[start...end])] ?? "none"
            return part[..<start] + value + part[part.index(after: end)...]
        }.reduce("") { $0 + "/" + $1 }
    }
}

extension TestDaemon {
    var council: String {
        get throws { try request("GET", "/v1/parties/GGAPCP").id }
    }

    /// A member who has this role and no other, in a party where it belongs.
    func token(for role: Role) throws -> String {
        let party: String
        switch role {
        case .registrar, .auditor, .admin: party = try council
        case .examiner, .approver:
            party = try request("POST", "/v1/parties", .object(["kind": "lab", "name": "Lab"])).id
        case .dealer, .exporter:
            party = try request("POST", "/v1/parties", .object(["kind": "dealer", "name": "D"])).id
        }
        return try member(of: party, roles: [role.rawValue])
    }

    fileprivate func badToken(_ kind: BadToken) throws -> String {
        let party = try council
        let member = try request("POST", "/v1/parties/\(party)/members", .object(["name": "x", "roles": ["admin"]])).id
        let token = try request("POST", "/v1/members/\(member)/tokens", .object([])).json
        let (id, secret) = (token["id"]!.string!, token["secret"]!.string!)
        switch kind {
        case .revoked:
            _ = try request("DELETE", "/v1/tokens/\(id)")
            return secret
        case .expired:
            try sql("UPDATE token SET expires = 1000000 WHERE id = '\(id)'")
            return secret
        case .unknown: return "gemd_" + String(repeating: "0", count: 64)
        case .empty: return "gemd_"
        case .notOurs: return "ghp_" + String(repeating: "0", count: 36)
        }
    }

    /// A request that means nothing, so that only the right to make it shows.
    fileprivate func probe(_ route: Route, token: String) throws -> Response {
        let hasBody = route.method == .post || route.method == .put || route.method == .patch
        return try request(
            route.method.rawValue, route.example, hasBody ? .object([]) : nil,
            headers: route.method == .patch || route.method == .delete ? ["If-Match": "\"1\""] : [:], token: token)
    }

    /// Lets every login connect; who may do what is then up to the daemon alone.
    fileprivate func openToAll() throws {
        for (path, mode) in [(directory, 0o755), (socket, 0o666)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
    }

    /// The statuses that another login of this machine gets.
    fileprivate func statuses(
        asUser uid: UInt32, _ requests: [(method: String, path: String)], token: String? = nil
    ) throws -> [Int] {
        var arguments = ["--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "curl", "-s"]
        for (index, request) in requests.enumerated() {
            if index > 0 { arguments.append("--next") }
            arguments += ["--unix-socket", socket, "-o", "/dev/null", "-w", "%{http_code}\\n", "-X", request.method]
            if let token { arguments += ["-H", "Authorization: Bearer \(token)"] }
            if ["POST", "PUT", "PATCH"].contains(request.method) {
                arguments += ["-H", "Content-Type: application/json", "-d", "{}"]
            }
            arguments.append("http://gemd\(request.path)")
        }
        let result = try Self.run("setpriv", arguments)
        return result.output.split(separator: "\n").compactMap { Int($0) }
    }
}
