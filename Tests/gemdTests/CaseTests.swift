import Foundation
import GemModel
import Testing

/// Two parties and the council, as their clients see a conflict.
@Suite("Conflict cases over the socket")
struct CaseRouteTests {
    let daemon: TestDaemon
    let first: (party: String, token: String)
    let second: (party: String, token: String)
    let registrar: String

    init() throws {
        daemon = try TestDaemon()
        first = try daemon.dealer("Namak Mandi Gems", code: "NAMAK")
        second = try daemon.dealer("Sarafa Shop", code: "SARAFA")
        registrar = try daemon.token(for: .registrar)
    }

    private static func report(_ scheme: String = "GIA", _ number: String = "2141438171") -> JSON {
        .object(["externalIds": .array([.object(["scheme": .string(scheme), "id": .string(number)])])])
    }

    private func get(_ path: String, _ token: String) throws -> Response {
        try daemon.request("GET", path, token: token)
    }

    private func findings(_ piece: String, _ token: String) throws -> [String] {
        try get("/v1/pieces/\(piece)", token).json["findings"]?.elements?.compactMap { $0["code"]?.string } ?? []
    }

    @Test("each side is told of a case and nothing else; the council sees both")
    func told() throws {
        let one = try daemon.register(Samples.emerald("SECRET-1", with: Self.report()), token: first.token)
        let two = try daemon.register(
            Samples.emerald("OTHER-2", with: Self.report("gia report", "2141-438-171")), token: second.token)

        let finding = try #require(two["findings"]?.elements?.first)
        #expect(finding["code"] == "live-elsewhere" && finding["severity"] == "unusual")
        #expect(finding["message"] == "the report number is already live elsewhere, case 1")
        #expect(finding["field"] == "externalIds[0]" && two["version"]?.integer == 1)
        #expect(one["findings"]?.elements == [])
        #expect(try findings(one["id"]!.string!, first.token) == ["live-elsewhere"])
        for (token, own, foreign) in [
            (first.token, "SECRET-1", "OTHER-2"), (second.token, "OTHER-2", "SECRET-1"),
        ] {
            let number = own == "SECRET-1" ? one["id"]!.string! : two["id"]!.string!
            let seen = try [
                get("/v1/cases", token), get("/v1/cases/1", token), get("/v1/pieces", token),
                get("/v1/pieces/\(number)/events", token), get("/v1/pieces?facets=status&total=exact", token),
            ].map(\.text).joined()
            #expect(seen.contains(own) && !seen.contains(foreign))
            let (otherParty, otherPiece) =
                own == "SECRET-1" ? (second.party, two["id"]!.string!) : (first.party, one["id"]!.string!)
            #expect(!seen.contains(otherParty) && !seen.contains(otherPiece))
        }
        let all = try get("/v1/cases?state=open", registrar).json["items"]?.elements ?? []
        #expect(all.count == 1 && all[0]["pieces"]?.elements?.count == 2)
        #expect(all[0]["pieces"]?.elements?.compactMap { $0["dealer"]?.string } == ["NAMAK", "SARAFA"])
        #expect(all[0]["keys"]?.elements?.first?["value"] == "gia:2141438171")
        #expect(!all[0].text.contains("4200"))
    }

    @Test("while a case is open neither piece goes to a market, and closing it frees both")
    func held() throws {
        var lots: [(token: String, lot: String)] = []
        for (who, stock) in [(first, "A-1"), (second, "B-1")] {
            let piece = try daemon.register(Samples.emerald(stock, with: Self.report()), token: who.token)["id"]!
                .string!
            _ = try daemon.photograph(piece, token: who.token, grey: stock == "A-1" ? 100 : 140)
            let lot = try daemon.request("POST", "/v1/lots", .object(["name": "spring"]), token: who.token).id
            _ = try daemon.request("PUT", "/v1/lots/\(lot)/pieces/\(piece)", token: who.token)
            lots.append((who.token, lot))
        }
        func codes(_ lot: (token: String, lot: String)) throws -> [String] {
            let readiness = try get("/v1/lots/\(lot.lot)/readiness", lot.token).json
            let pieces = readiness["markets"]?.elements?.first?["pieces"]?.elements ?? []
            return pieces.flatMap { $0["findings"]?.elements ?? [] }.filter { $0["severity"] == "blocker" }
                .compactMap { $0["code"]?.string }
        }

        #expect(try lots.map(codes) == [["conflict-case"], ["conflict-case"]])
        let exported = try daemon.request(
            "POST", "/v1/lots/\(lots[0].lot)/exports", .object(["market": "google"]), token: lots[0].token)
        #expect(exported.json["held"]?.elements?.count == 1 && exported.json["pieces"]?.integer == 0)

        let form = JSON.object(["outcome": "different_pieces", "note": "safe-word-note"])
        let closed = try daemon.request("POST", "/v1/cases/1/close", form, token: registrar)
        #expect(closed.status == 200 && closed.json["state"] == "closed", "\(closed.text)")
        #expect(try lots.map(codes) == [[], []])
        let seen = try get("/v1/cases/1", first.token)
        #expect(seen.json["outcome"] == "different_pieces" && !seen.text.contains("safe-word"))
        #expect(try daemon.request("POST", "/v1/cases/1/close", form, token: registrar).problem == "state")
        _ = daemon.stop()
        let checked = try daemon.check()
        #expect(checked.status == 0, "\(checked.output)\(checked.error)")
    }

    @Test("a stolen piece seen again is a case for its owner and the council; whoever has it learns a number")
    func stolen() throws {
        let document = Samples.emerald("A-1", with: Self.report("RFID", "E280 1160"))
        let piece = try daemon.register(document, token: first.token)["id"]!.string!
        _ = try daemon.photograph(piece, token: first.token)
        _ = try daemon.request("POST", "/v1/pieces/\(piece)/report-stolen", .object([]), token: first.token)

        let other = try daemon.register(Samples.emerald("B-1"), token: second.token)["id"]!.string!
        #expect(try findings(other, second.token) == [])
        _ = try daemon.photograph(other, token: second.token)

        let shown = try get("/v1/pieces/\(other)", second.token)
        #expect(
            shown.json["findings"]?.elements?.first?["message"]
                == "the photograph is already live elsewhere, case 1")
        #expect(!(try get("/v1/cases/1", second.token)).text.contains("stolen"))
        let own = try get("/v1/pieces/\(piece)", first.token).json["findings"]?.elements?.first
        #expect(own?["code"] == "seen-again")
        #expect(own?["message"] == "the photograph was seen again, case 1: the council knows where")
        #expect(try get("/v1/cases/1", registrar).json["stolen"] == true)
        // The tag as well: still one case.
        let patched = try daemon.request(
            "PATCH", "/v1/pieces/\(other)", Self.report("NFC", "e2801160"), headers: ["If-Match": "\"2\""],
            token: second.token)
        #expect(patched.status == 200, "\(patched.text)")
        #expect(try get("/v1/cases", registrar).json["items"]?.elements?.map { $0["keys"]?.elements?.count } == [2])

        _ = try daemon.request("POST", "/v1/pieces/\(piece)/return", .object([]), token: first.token)

        #expect(try findings(piece, first.token) == ["live-elsewhere", "live-elsewhere"])
        #expect(try get("/v1/cases/1", registrar).json["stolen"] == nil)
    }

    @Test("a bulk line tells of the case too, and a dry run opens none")
    func bulk() throws {
        _ = try daemon.register(Samples.emerald("A-1", with: Self.report()), token: first.token)
        let line = Samples.emerald("B-1", with: Self.report()).bytes + [10]
        func send(_ query: String) throws -> [JSON] {
            try daemon.request(
                "POST", "/v1/pieces" + query, bytes: line, headers: ["Content-Type": "application/x-ndjson"],
                token: second.token
            ).lines
        }

        _ = try send("?dryRun=true")
        #expect(try get("/v1/cases", registrar).json["items"]?.elements == [])
        #expect(try send("").first?["findings"]?.elements?.first?["code"] == "live-elsewhere")
        #expect(try get("/v1/cases", registrar).json["items"]?.elements?.count == 1)
    }

    @Test("only the council looks at candidates, one piece's or all; what is asked wrongly is refused by name")
    func candidates() throws {
        let size = Samples.json(#"{"stone":{"measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"}}}"#)
        let one = try daemon.register(Samples.emerald("A-1", with: size), token: first.token)["id"]!.string!
        let two = try daemon.register(Samples.emerald("B-1", with: size), token: second.token)["id"]!.string!

        let found = try get("/v1/candidates?piece=\(one)", registrar)
        #expect(found.json["items"]?.elements?.map { $0["match"]?.string } == ["repeats"], "\(found.text)")
        #expect(found.text.contains(two) && !found.text.contains("4200"))
        let all = try get("/v1/candidates?kind=measurements", registrar).json
        #expect(
            all["items"]?.elements?.first?["pieces"]?.elements?.compactMap { $0["dealer"]?.string } == [
                "NAMAK", "SARAFA",
            ])
        #expect(all["next"] == .null)
        #expect(try get("/v1/candidates?kind=photograph", registrar).json["items"]?.elements == [])
        #expect(try get("/v1/candidates?piece=\(one)", first.token).status == 403)
        #expect(try findings(one, first.token) == [])
        for (query, status) in [
            ("", 422), ("?kind=colour", 422), ("?kind=measurements&after=x", 422), ("?piece=x", 404),
            ("?piece=\(one)&kind=photograph", 422), ("?limit=501&kind=photograph", 422), ("?party=NAMAK", 400),
        ] {
            #expect(try get("/v1/candidates" + query, registrar).status == status, "\(query)")
        }
    }

    static let refusals: [(path: String, body: String, status: Int)] = [
        ("/v1/cases/2/close", #"{"outcome":"agreed"}"#, 404), ("/v1/cases/x/close", #"{"outcome":"agreed"}"#, 404),
        ("/v1/cases/1/close", "{}", 422), ("/v1/cases/1/close", #"{"outcome":"settled"}"#, 422),
        ("/v1/cases/1/close", #"{"outcome":"guilty"}"#, 422),
        ("/v1/cases/1/close", #"{"outcome":"agreed","who":"x"}"#, 400),
        ("/v1/cases/9223372036854775808/close", #"{"outcome":"agreed"}"#, 404),
    ]

    @Test("what cannot be is refused and closes nothing", arguments: refusals)
    func refused(path: String, body: String, status: Int) throws {
        for who in [first, second] { _ = try daemon.register(Samples.emerald(with: Self.report()), token: who.token) }

        #expect(try daemon.request("POST", path, JSON(parsing: body), token: registrar).status == status)
        #expect(try daemon.request("POST", path, JSON(parsing: body), token: first.token).status == 403)
        #expect(try get("/v1/cases?state=half", registrar).status == 422)
        #expect(try get("/v1/cases?status=open", registrar).status == 400)
        #expect(try get("/v1/cases/1", registrar).json["state"] == "open")
        let third = try daemon.dealer("Third", code: "THIRD")
        #expect(try get("/v1/cases/1", third.token).status == 404)
        #expect(try get("/v1/cases", third.token).json["items"]?.elements == [])
    }
}
