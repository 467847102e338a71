import Foundation
import GemModel
import Testing

/// Holds, memos, transfers, sales and losses, as a dealer's client sends them.
@Suite("Movements over the socket")
struct MovementRouteTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)
    let other: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Namak Mandi Gems", code: "NAMAK")
        other = try daemon.dealer("Sarafa Shop", code: "SARAFA")
    }

    private func register(_ stock: String, with more: JSON = .object([])) throws -> String {
        try #require(
            try daemon.register(Samples.emerald(stock, with: more), token: dealer.token)["id"]?.string)
    }

    private func post(
        _ piece: String, _ verb: String, _ body: JSON? = .object([]), as who: (party: String, token: String)? = nil,
        key: String? = nil
    ) throws -> Response {
        try daemon.request(
            "POST", "/v1/pieces/\(piece)/\(verb)", body, headers: key.map { ["Idempotency-Key": $0] } ?? [:],
            token: (who ?? dealer).token)
    }

    private func status(_ piece: String, as who: (party: String, token: String)? = nil) throws -> String? {
        try daemon.request("GET", "/v1/pieces/\(piece)", token: (who ?? dealer).token).json["status"]?.string
    }

    private static let later: JSON = "2099-12-31"

    @Test("a hold keeps a piece from others until it is let go, and whoever it is for may buy it")
    func hold() throws {
        let piece = try register("R-17")

        let held = try post(piece, "hold", .object(["until": Self.later, "for": "Dubai Gems"]))
        #expect(held.status == 201 && held.json["kind"]?.string == "hold", "\(held.text)")
        #expect(held.json["to"]?["name"]?.string == "Dubai Gems")
        #expect(try status(piece) == "on_hold")
        let again = try post(piece, "memo", .object(["to": "SARAFA", "due": Self.later]))
        #expect(again.status == 409 && again.problem == "promised")
        #expect(again.text.contains("R-17: it is on hold for Dubai Gems until 2099-12-31"))
        let sold = try post(piece, "sell", .object(["to": "dubai gems"]))
        #expect(sold.status == 201, "\(sold.text)")
        #expect(sold.json["price"]?["total"]?["amount"]?.string == "4200.00")
        #expect(try status(piece) == "sold")
        #expect(try post(piece, "unhold").problem == "state")
    }

    @Test("a hold whose time has come lets the piece go by itself")
    func lapse() throws {
        let piece = try register("R-17")
        _ = try post(piece, "hold", .object(["until": Self.later]))
        try daemon.sql("UPDATE movement SET until = 1")

        let memo = try post(piece, "memo", .object(["to": "SARAFA", "due": Self.later]))

        #expect(memo.status == 201, "\(memo.text)")
        let all = try daemon.request("GET", "/v1/movements?piece=stock:R-17", token: dealer.token).json["items"]
        #expect(all?.elements?.map { $0["outcome"]?.string } == ["lapsed", nil])
    }

    @Test("a memo of many pieces goes out whole, comes back in part, and the rest is sold where it is")
    func memo() throws {
        for number in 1...3 { _ = try register("R-\(number)00") }
        let pieces: JSON = .array((1...3).map { .string("stock:R-\($0)00") })
        let form = JSON.object([
            "to": "SARAFA", "due": Self.later, "terms": "14 days", "note": "safe-word-note", "pieces": pieces,
        ])

        let out = try daemon.request("POST", "/v1/memos", form, token: dealer.token)
        #expect(out.status == 201 && out.json["movements"]?.elements?.count == 3, "\(out.text)")
        #expect(try daemon.request("POST", "/v1/memos", form, token: dealer.token).problem == "promised")
        let seen = try daemon.request("GET", "/v1/movements?direction=in&open=true", token: other.token)
        let numbers = Set(seen.json["items"]?.elements?.compactMap { $0["stockNumber"]?.string } ?? [])
        #expect(numbers == ["R-100", "R-200", "R-300"])
        #expect(seen.text.contains("14 days") && !seen.text.contains("safe-word"))
        let mine = try daemon.request("GET", "/v1/movements", token: dealer.token)
        #expect(mine.text.contains("safe-word-note"))
        let back = try daemon.request(
            "POST", "/v1/returns", .object(["pieces": .array(["stock:R-100", "stock:R-200", "stock:NONE"])]),
            token: dealer.token)
        #expect(back.json["returned"]?.integer == 2 && back.json["refused"]?.integer == 1, "\(back.text)")
        let sold = try post("stock:R-300", "sell", .object([]))
        #expect(sold.json["to"]?["party"]?.string == other.party, "\(sold.text)")
        #expect(try status("stock:R-100") == "in_stock")
        #expect(try status("stock:R-300") == "sold")
    }

    @Test("one refused piece keeps a whole memo at home")
    func wholeOrNothing() throws {
        let first = try register("R-100")
        let second = try register("R-200")
        _ = try post(second, "hold", .object(["until": Self.later]))

        let out = try daemon.request(
            "POST", "/v1/memos",
            .object(["to": "SARAFA", "due": Self.later, "pieces": .array([.string(first), .string(second)])]),
            token: dealer.token)

        #expect(out.problem == "promised")
        #expect(try status(first) == "in_stock")
    }

    @Test("a memo past its day is overdue until it is extended")
    func overdue() throws {
        let piece = try register("R-17")
        _ = try post(piece, "memo", .object(["to": "SARAFA", "due": Self.later]))
        try daemon.sql("UPDATE movement SET until = 1")
        func overdue() throws -> Int? {
            try daemon.request("GET", "/v1/movements?overdue=true", token: dealer.token).json["items"]?.elements?.count
        }

        #expect(try overdue() == 1)
        #expect(try post(piece, "extend", .object(["due": Self.later])).status == 200)
        #expect(try overdue() == 0)
    }

    @Test("ownership passes when the other party accepts, without what only the giver may know")
    func ownership() throws {
        let piece = try register("R-17", with: Samples.secrets)
        _ = try daemon.photograph(piece, token: dealer.token)
        _ = try daemon.register(Samples.emerald("R-17"), token: other.token)

        let offered = try post(
            piece, "transfer", .object(["to": "SARAFA", "kind": "ownership", "note": "safe-word-note"]))
        #expect(offered.status == 201 && offered.json["state"]?.string == "pending", "\(offered.text)")
        #expect(try status(piece) == "in_transit")
        #expect(try post(piece, "sell").problem == "promised")
        #expect(try post(piece, "transfer/accept").status == 404)
        let accepted = try post(piece, "transfer/accept", nil, as: other, key: "k1")
        #expect(accepted.status == 201 && !accepted.text.contains("safe-word"), "\(accepted.text)")
        #expect(try post(piece, "transfer/accept", nil, as: other, key: "k1").body == accepted.body)

        let mine = try daemon.request("GET", "/v1/pieces/\(piece)", token: other.token)
        #expect(mine.json["status"]?.string == "in_stock")
        #expect(mine.json["stockNumber"]?.string == "P-000001")
        #expect(!mine.text.contains("safe-word") && !mine.text.contains("1234.56") && !mine.text.contains("4200"))
        #expect(mine.json["images"]?.elements?.count == 1)
        #expect(try status(piece) == "transferred")
        #expect(try post(piece, "sell").problem == "state")
        #expect(try TestDaemon.run(TestDaemon.gemd, ["check", "--state", daemon.state]).status == 75)
        _ = daemon.stop()
        let checked = try TestDaemon.run(TestDaemon.gemd, ["check", "--state", daemon.state])
        #expect(checked.status == 0, "\(checked.output)\(checked.error)")
    }

    @Test("a declined transfer leaves everything as it was")
    func declined() throws {
        let piece = try register("R-17")
        _ = try post(piece, "transfer", .object(["to": "SARAFA", "kind": "custody"]))

        #expect(try post(piece, "transfer/decline", nil, as: other).status == 201)

        #expect(try status(piece) == "in_stock")
        #expect(try status(piece, as: other) == nil)
    }

    @Test("a sold or stolen piece leaves the council's feed with its consent")
    func consent() throws {
        let piece = try register("R-17")
        _ = try post(piece, "consents", .object(["to": "GGAPCP", "markets": .array(["google"])]))

        _ = try post(piece, "report-stolen", .object(["note": "taken from the shop", "report": "FIR 12/2026"]))

        let consents = try daemon.request("GET", "/v1/pieces/\(piece)/consents", token: dealer.token)
        #expect(consents.json["items"]?.elements?.first?["revokedAt"] != nil)
        #expect(try status(piece) == "stolen")
        #expect(try post(piece, "return").json["outcome"]?.string == "found")
        #expect(try status(piece) == "in_stock")
    }

    static let refusals: [(verb: String, body: String, field: String?, problem: String)] = [
        ("hold", "{}", "until", "invalid-value"),
        ("hold", #"{"until":"2001-01-01"}"#, "until", "invalid-value"),
        ("hold", #"{"until":"soon"}"#, "until", "invalid-value"),
        ("memo", #"{"to":"SARAFFA","due":"2099-01-01"}"#, "to", "invalid-value"),
        ("memo", #"{"to":"NAMAK","due":"2099-01-01"}"#, "to", "invalid-value"),
        ("memo", #"{"to":"SARAFA","due":"2099-02-30"}"#, "due", "invalid-value"),
        ("memo", #"{"to":"SARAFA","due":"2099-01-01","dues":"x"}"#, "dues", "unknown-member"),
        ("transfer", #"{"to":"Somebody Else","kind":"custody"}"#, "to", "invalid-value"),
        ("transfer", #"{"to":"SARAFA","kind":"gift"}"#, "kind", "invalid-value"),
        ("return", "{}", nil, "state"), ("unhold", "{}", nil, "state"),
        ("extend", #"{"due":"2099-01-01"}"#, nil, "state"),
    ]

    @Test("what cannot be is refused by its field and changes nothing", arguments: refusals)
    func refused(verb: String, body: String, field: String?, problem: String) throws {
        let piece = try register("R-17")
        let before = try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token).body

        let answer = try post(piece, verb, try JSON(parsing: body))

        #expect(answer.problem == problem && answer.json["field"]?.string == field, "\(answer.text)")
        #expect(try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token).body == before)
    }
}
