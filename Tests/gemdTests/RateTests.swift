import Foundation
import GemModel
import Testing

/// Rates as the council enters them, and prices reckoned with them.
@Suite("Rates and quotes over the socket")
struct RateRouteTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)
    let exporter: String

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Sarafa Shop", code: "SARAFA")
        exporter = try daemon.member(of: daemon.council, roles: ["exporter"])
    }

    static func gold(_ amount: String, dollar: String = "281.40") -> JSON {
        Samples.json(
            """
            {"currencies":{"USD":"\(dollar)"},
             "metals":{"gold":{"amount":"\(amount)","currency":"PKR","per":"tola_11.664","finenessPermille":"999"}}}
            """)
    }

    /// A 22 karat bangle of a tola, by the day's rate and 12,000 for the work.
    static let bangle = Samples.json(
        """
        {"kind":"jewellery","stockNumber":"B-22","title":"22K gold bangle","price":{"metalLinked":true},
         "jewellery":{"type":"bangle","grossWeightG":"11.664","condition":"new",
                      "metals":[{"metal":"gold","karat":22,"weightG":"11.664"}],
                      "makingCharge":{"amount":"12000.00","currency":"PKR"}}}
        """)

    private func put(_ day: String, _ rates: JSON, version: Int? = nil, token: String? = nil) throws -> Response {
        try daemon.request(
            "PUT", "/v1/rates/\(day)", rates, headers: version.map { ["If-Match": "\"\($0)\""] } ?? [:],
            token: token ?? exporter)
    }

    private func get(_ path: String) throws -> Response { try daemon.request("GET", path, token: dealer.token) }

    @Test("the council enters a day, everybody reads it, and a change needs the version it changes")
    func enter() throws {
        let entered = try put("2026-01-05", Self.gold("432100"))
        #expect(entered.status == 201 && entered.headers["etag"] == "\"1\"", "\(entered.text)")
        #expect(try put("2026-01-05", Self.gold("432100")).status == 200)
        let blind = try put("2026-01-05", Self.gold("432200"))
        #expect(blind.status == 428 && blind.problem == "if-match-required")
        #expect(try put("2026-01-05", Self.gold("432200"), version: 7).status == 412)
        let changed = try put("2026-01-05", Self.gold("432200"), version: 1)
        #expect(changed.status == 200 && changed.json["version"]?.integer == 2, "\(changed.text)")
        #expect(try put("2026-01-06", Self.gold("1"), version: 3).status == 412)

        let read = try get("/v1/rates/2026-01-09")
        #expect(read.json["date"]?.string == "2026-01-05" && read.headers["etag"] == nil)
        #expect(read.json["metals"]?["gold"]?["amount"]?.string == "432200")
        #expect(try get("/v1/rates/2026-01-04").status == 404)
        #expect(try get("/v1/rates/latest").headers["etag"] == "\"2\"")
        let events = try daemon.sql(
            "SELECT data FROM event e JOIN party p ON p.id = e.party_id WHERE p.kind = 'council' AND subject = '2026-01-05'"
        )
        #expect(events.count == 2 && events.allSatisfy { $0[0].contains("rates-set") })
    }

    @Test("days are listed newest first, page by page")
    func list() throws {
        for day in 1...5 { _ = try put("2026-01-0\(day)", Self.gold("43210\(day)")) }

        let first = try get("/v1/rates?limit=2&to=2026-01-04")
        let next = try #require(first.json["next"]?.string)
        let second = try get("/v1/rates?limit=2&to=2026-01-04&after=\(next)")

        let days = [first, second].map { $0.json["items"]?.elements?.compactMap { $0["date"]?.string } }
        #expect(days == [["2026-01-04", "2026-01-03"], ["2026-01-02", "2026-01-01"]])
        #expect(second.json["next"] == .null)
    }

    @Test("a rate that moved by more than a fifth is kept with a finding")
    func jump() throws {
        _ = try put("2026-01-05", Self.gold("432100"))

        let wrong = try put("2026-01-06", Self.gold("4321000"))

        #expect(wrong.status == 201)
        #expect(wrong.json["findings"]?.elements?.map { $0["code"]?.string } == ["rate-jump"])
        #expect(wrong.json["findings"]?.elements?.first?["field"]?.string == "metals.gold")
    }

    @Test("who is not of the council enters nothing, nor does anybody for a day to come or of figures that cannot be")
    func refused() throws {
        let registrar = try daemon.token(for: .registrar)
        let bare = Samples.json(
            #"{"metals":{"gold":{"amount":"432100","currency":"PKR","per":"tola","finenessPermille":"999"}}}"#)

        #expect(try put("2026-01-05", Self.gold("1"), token: dealer.token).problem == "not-allowed")
        #expect(try put("2026-01-05", Self.gold("432100"), token: registrar).status == 201)
        #expect(try put("2099-01-05", Self.gold("432100")).json["field"]?.string == "date")
        #expect(try put("2026-02-30", Self.gold("432100")).json["field"]?.string == "date")
        let zero = try put("2026-01-07", Self.gold("0"))
        #expect(zero.status == 422 && zero.json["field"]?.string == "metals.gold.amount")
        let tola = try put("2026-01-07", bare)
        #expect(tola.json["field"]?.string == "metals.gold.per" && tola.text.contains("tola_10g"), "\(tola.text)")
        #expect(try put("2026-01-07", .object(["rates": .integer(1)])).problem == "unknown-member")
        #expect(try get("/v1/rates/2026-01-09").json["date"]?.string == "2026-01-05")
    }

    @Test("a quote shows every factor, at the day it is asked for, in the currency it is asked in")
    func quote() throws {
        _ = try put("2026-01-05", Self.gold("432100"))
        _ = try put("2026-01-06", Self.gold("440000"))
        let piece = try #require(try daemon.register(Self.bangle, token: dealer.token)["id"]?.string)

        let quote = try get("/v1/pieces/\(piece)/quote?currency=USD&date=2026-01-05")

        #expect(quote.json["price"]?["total"]?["amount"]?.string == "1450.63", "\(quote.text)")
        let gold = quote.json["metals"]?.elements?.first
        #expect(gold?["weightG"]?.string == "11.664" && gold?["finenessPermille"]?.string == "916")
        #expect(gold?["rate"]?["date"]?.string == "2026-01-05" && gold?["rate"]?["amount"]?.string == "432100")
        #expect(quote.json["makingCharge"]?["amount"]?.string == "12000.00")
        #expect(quote.json["exchange"]?.elements?.first?["rate"]?.string == "281.40")
        let now = try get("/v1/pieces/stock:B-22/quote")
        #expect(now.json["price"]?["total"]?["currency"]?.string == "PKR")
        #expect(now.json["metals"]?.elements?.first?["rate"]?["date"]?.string == "2026-01-06")
        let early = try get("/v1/pieces/\(piece)/quote?date=2026-01-01")
        #expect(early.status == 422 && early.text.contains("no rate for gold on or before 2026-01-01"))
        #expect(try get("/v1/pieces/\(piece)/quote?currency=usd").json["field"]?.string == "currency")
        #expect(try get("/v1/pieces/\(piece)/quote?carat=1").problem == "unknown-query")
    }

    @Test("a sale at the day's rate keeps its figures when the rate is corrected")
    func sale() throws {
        _ = try put("2026-01-05", Self.gold("432100"))
        let piece = try #require(try daemon.register(Self.bangle, token: dealer.token)["id"]?.string)

        let sold = try daemon.request(
            "POST", "/v1/pieces/\(piece)/sell", .object(["to": "Haji Aslam"]), token: dealer.token)
        _ = try put("2026-01-05", Self.gold("500000"), version: 1)

        #expect(sold.status == 201, "\(sold.text)")
        let kept = try get("/v1/movements?piece=\(piece)").json["items"]?.elements?.first
        #expect(kept?["price"]?["total"]?["amount"]?.string == "408206.46")
        #expect(kept?["rates"]?.elements?.first?["amount"]?.string == "432100")
        #expect(kept?["rates"]?.elements?.first?["date"]?.string == "2026-01-05")
        #expect(kept?["quote"]?["makingCharge"]?["amount"]?.string == "12000.00")
    }

    @Test("a sale that was agreed in dollars keeps the dollar's rate, and one that cannot be quoted changes nothing")
    func agreed() throws {
        let piece = try #require(try daemon.register(Self.bangle, token: dealer.token)["id"]?.string)
        let sell = { (body: String) in
            try daemon.request("POST", "/v1/pieces/\(piece)/sell", JSON(parsing: body), token: dealer.token)
        }

        let unquoted = try sell("{}")
        #expect(unquoted.status == 422 && unquoted.text.contains("no rate for gold"), "\(unquoted.text)")
        #expect(try get("/v1/pieces/\(piece)").json["status"]?.string == "in_stock")
        _ = try put("2026-01-05", Self.gold("432100"))
        #expect(try sell(#"{"price":{"metalLinked":true}}"#).json["field"]?.string == "price.metalLinked")
        #expect(try sell(#"{"currency":"RS"}"#).json["field"]?.string == "currency")
        let sold = try sell(#"{"price":{"total":{"amount":"1400.00","currency":"USD"}}}"#)

        #expect(sold.status == 201 && sold.json["quote"] == nil)
        #expect(sold.json["rates"]?.elements?.first?["rate"]?.string == "281.40", "\(sold.text)")
    }

    @Test("a price in dollars is sold for rupees at the day's rate, and one per carat keeps its total")
    func converted() throws {
        _ = try put("2026-01-05", Self.gold("432100"))
        let pieces = try ["R-1", "R-2"].map { try daemon.register(Samples.emerald($0), token: dealer.token) }
        func sell(_ piece: JSON, _ body: String) throws -> JSON {
            let id = try #require(piece["id"]?.string)
            return try daemon.request("POST", "/v1/pieces/\(id)/sell", JSON(parsing: body), token: dealer.token).json
        }

        let rupees = try sell(pieces[0], #"{"currency":"PKR"}"#)
        let carats = try sell(pieces[1], #"{"price":{"perCarat":{"amount":"2500.00","currency":"USD"}}}"#)

        #expect(rupees["price"]?["total"]?["amount"]?.string == "1181880.00", "\(rupees.text)")
        #expect(rupees["quote"]?["basis"]?.string == "converted")
        #expect(rupees["quote"]?["stated"]?["amount"]?.string == "4200.00")
        #expect(carats["price"]?["total"]?["amount"]?.string == "3950.00", "\(carats.text)")
    }

    @Test("a feed carries the quoted price, and its export keeps the rates it was made at")
    func export() throws {
        let piece = try #require(try daemon.register(Self.bangle, token: dealer.token)["id"]?.string)
        _ = try daemon.request(
            "POST", "/v1/pieces/\(piece)/images", bytes: Samples.photograph(width: 800, height: 800),
            headers: ["Content-Type": "image/jpeg"], token: dealer.token)
        let lot = try daemon.request("POST", "/v1/lots", .object(["name": "spring"]), token: dealer.token).id
        _ = try daemon.request("PUT", "/v1/lots/\(lot)/pieces/\(piece)", token: dealer.token)
        _ = try daemon.request(
            "PUT", "/v1/parties/\(dealer.party)/markets/google", .object(["currency": "USD"]), token: dealer.token)
        let export = {
            try daemon.request("POST", "/v1/lots/\(lot)/exports", .object(["market": "google"]), token: dealer.token)
        }

        let without = try export()
        _ = try put("2026-01-05", Self.gold("432100"))
        let with = try export()

        let codes =
            without.json["held"]?.elements?.first?["findings"]?.elements?.compactMap { $0["code"]?.string } ?? []
        #expect(codes.contains("price-unquoted"), "\(without.text)")
        let listed = with.json["listed"]?.elements?.first
        #expect(listed?["price"]?["total"]?["amount"]?.string == "1450.63", "\(with.text)")
        #expect(with.json["rates"]?.elements?.count == 2)
        #expect(try get("/v1/exports/\(with.id)/file").text.contains("<g:price>1450.63 USD</g:price>"))
    }
}
