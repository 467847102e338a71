import Foundation
import GemModel
import Testing

@testable import gemd

/// From consent to feed: lots over several dealers, and what leaves the market again.
@Suite("Lots and exports")
struct LotTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)
    /// The council's exporter.
    let exporter: String
    let lot: String

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("First Dealer", code: "FIRST")
        exporter = try daemon.member(of: try daemon.council, roles: ["exporter"])
        lot = try daemon.request("POST", "/v1/lots", .object(["name": "spring"]), token: exporter).id
    }

    /// A piece a market takes: with a photograph and a description.
    func piece(_ stockNumber: String, token: String, grey: UInt8 = 100) throws -> String {
        let more = Samples.secrets.setting("description", to: "A natural emerald of Swat, oiled.")
        let id = try daemon.register(Samples.emerald(stockNumber, with: more), token: token)["id"]!.string!
        let photograph = try daemon.request(
            "POST", "/v1/pieces/\(id)/images?role=face_up",
            bytes: Samples.photograph(grey: grey, width: 800, height: 800), headers: ["Content-Type": "image/jpeg"],
            token: token)
        guard photograph.status == 201 else { throw TestDaemon.Failure(photograph.text) }
        return id
    }

    func consent(_ piece: String, token: String, markets: JSON = ["google"], until: String? = nil) throws -> Response {
        try daemon.request(
            "POST", "/v1/pieces/\(piece)/consents",
            .object(["to": "GGAPCP", "markets": markets, "until": until.map(JSON.string)]), token: token)
    }

    func put(_ piece: String) throws -> Response {
        try daemon.request("PUT", "/v1/lots/\(lot)/pieces/\(piece)", token: exporter)
    }

    func export() throws -> JSON {
        let answer = try daemon.request(
            "POST", "/v1/lots/\(lot)/exports", .object(["market": "google"]), token: exporter)
        guard answer.status == 201 else { throw TestDaemon.Failure("export: \(answer.text)") }
        return answer.json
    }

    func file(_ export: JSON) throws -> Response {
        try daemon.request("GET", "/v1/exports/\(export["id"]!.string!)/file", token: exporter)
    }

    // MARK: - Consent

    @Test("a consented piece may be put into the council's lot, another may not")
    func consentOpensTheLot() throws {
        let piece = try piece("R-1", token: dealer.token)

        let before = try put(piece)
        let consented = try consent(piece, token: dealer.token)
        let after = try put(piece)

        #expect(statuses(before, consented, after) == [404, 201, 200])
        #expect(after.json["pieces"]?.elements == [.string(piece)])
    }

    @Test("who was given consent sees the piece without cost, place and private notes")
    func consentedView() throws {
        let piece = try piece("R-1", token: dealer.token)
        _ = try consent(piece, token: dealer.token)

        let seen = try daemon.request("GET", "/v1/pieces/\(piece)", token: exporter)

        #expect(seen.status == 200 && seen.json["stockNumber"]?.string == "R-1")
        #expect(seen.json["notes"]?["public"]?.string == "seen by all")
        let found = ["1234.56", "safe-word-location", "safe-word-private"].filter(seen.text.contains)
        #expect(found == [])
    }

    @Test("consent does not open a piece's events to the other party")
    func consentedEvents() throws {
        let piece = try daemon.register(Samples.emerald("R-1"), token: dealer.token)["id"]!.string!
        _ = try consent(piece, token: dealer.token)
        _ = try daemon.request(
            "PATCH", "/v1/pieces/\(piece)", Samples.secrets, headers: ["If-Match": "\"1\""], token: dealer.token)

        let events = try daemon.request("GET", "/v1/pieces/\(piece)/events", token: exporter)

        #expect(!events.text.contains("safe-word"))
    }

    @Test("consent lets nobody change, certify or photograph the piece")
    func consentIsForReading() throws {
        let piece = try piece("R-1", token: dealer.token)
        _ = try consent(piece, token: dealer.token)
        let other = try daemon.member(of: try daemon.council, roles: ["dealer", "exporter"])

        let change = try daemon.request(
            "PATCH", "/v1/pieces/\(piece)", .object(["title": "x"]), headers: ["If-Match": "\"2\""], token: other)
        let declare = try daemon.declare(piece, token: other)
        let photograph = try daemon.photograph(piece, token: other)

        #expect(statuses(change, declare, photograph) == [404, 404, 404])
    }

    @Test("a consent that has ended opens nothing")
    func endedConsent() throws {
        let piece = try piece("R-1", token: dealer.token)
        _ = try consent(piece, token: dealer.token, until: "2020-01-01T00:00:00Z")

        let seen = try daemon.request("GET", "/v1/pieces/\(piece)", token: exporter)
        let put = try put(piece)

        #expect(statuses(seen, put) == [404, 404])
    }

    // MARK: - Export

    @Test("a lot over two dealers is exported, and two exports are the same file byte for byte")
    func twoDealers() throws {
        let second = try daemon.dealer("Second Dealer", code: "SECOND")
        let pieces = [try piece("R-1", token: dealer.token), try piece("R-1", token: second.token, grey: 150)]
        _ = try consent(pieces[0], token: dealer.token)
        _ = try consent(pieces[1], token: second.token)
        for piece in pieces { _ = try put(piece) }

        let ready = try daemon.request("GET", "/v1/lots/\(lot)/readiness?market=google", token: exporter)
        let first = try export()
        let again = try export()
        let files = [try file(first), try file(again)]

        #expect(ready.json["markets"]?.elements?.first?["ready"]?.integer == 2, "\(ready.text)")
        #expect(first["pieces"]?.integer == 2 && first["held"]?.elements == [], "\(first.text)")
        #expect(first["sha256"] == again["sha256"])
        #expect(files[0].status == 200 && !files[0].body.isEmpty && files[0].body == files[1].body)
        #expect(files[0].text.contains("FIRST") && files[0].text.contains("SECOND"))
    }

    @Test("every link of the feed answers on the public listener")
    func links() throws {
        let piece = try piece("R-1/a", token: dealer.token)
        _ = try daemon.declare(piece, token: dealer.token)
        _ = try consent(piece, token: dealer.token)
        _ = try put(piece)

        let feed = try file(try export()).text

        let paths = feed.matches(of: /https:\/\/gems\.example(\/[^<"\s]+)/).map {
            String($0.1).replacing("&amp;", with: "&")
        }
        #expect(paths.contains { $0.hasPrefix("/img/") } && paths.contains { $0.hasPrefix("/p/FIRST/") })
        let dead = try paths.filter { try daemon.visit($0).status != 200 }
        #expect(dead == [])
    }

    @Test("a feed and its page hold no cost, place or private notes")
    func nothingPrivate() throws {
        let piece = try piece("R-1", token: dealer.token)
        _ = try consent(piece, token: dealer.token)
        _ = try put(piece)

        let feed = try file(try export()).text
        let page = try daemon.visit("/p/FIRST/R-1")

        #expect(page.status == 200)
        let found = ["1234.56", "safe-word"].filter { feed.contains($0) || page.text.contains($0) }
        #expect(found == [])
    }

    @Test("a piece that lacks something is held, by name and reason, and nothing is exported when all must be ready")
    func held() throws {
        let bare = try daemon.register(Samples.emerald("R-1"), token: dealer.token)["id"]!.string!
        _ = try consent(bare, token: dealer.token)
        _ = try put(bare)

        let some = try export()
        let all = try daemon.request(
            "POST", "/v1/lots/\(lot)/exports", .object(["market": "google", "readyOnly": false]), token: exporter)

        #expect(some["pieces"]?.integer == 0)
        #expect(some["held"]?.elements?.first?["piece"]?.string == bare)
        #expect(some["held"]?.elements?.first?["findings"]?.elements?.isEmpty == false)
        #expect(all.status == 409 && all.problem == "not-ready")
    }

    @Test("consent taken back takes the piece out of the next export, and its page is gone")
    func consentTakenBack() throws {
        let pieces = [try piece("R-1", token: dealer.token), try piece("R-2", token: dealer.token, grey: 150)]
        for piece in pieces {
            _ = try consent(piece, token: dealer.token)
            _ = try put(piece)
        }
        _ = try export()
        let page = try daemon.visit("/p/FIRST/R-1").status

        _ = try daemon.request("DELETE", "/v1/pieces/\(pieces[0])/consents?to=GGAPCP", token: dealer.token)
        let next = try export()
        let feed = try file(next).text

        #expect(page == 200)
        #expect(next["pieces"]?.integer == 1)
        #expect(next["withdrawn"]?.elements?.map { $0["piece"]?.string } == [pieces[0]])
        #expect(!feed.contains("R-1<") && !feed.contains("/p/FIRST/R-1"))
        #expect(try daemon.visit("/p/FIRST/R-1").status == 404)
        #expect(try daemon.visit("/p/FIRST/R-2").status == 200)
    }

    @Test("the page is gone as soon as the consent is")
    func pageGoesAtOnce() throws {
        let piece = try piece("R-1", token: dealer.token)
        _ = try consent(piece, token: dealer.token)
        _ = try put(piece)
        _ = try export()

        _ = try daemon.request("DELETE", "/v1/pieces/\(piece)/consents?to=GGAPCP", token: dealer.token)

        let page = try daemon.visit("/p/FIRST/R-1").status
        #expect(page == 404)
    }

    @Test("a piece taken out of the lot leaves the market with the next export")
    func takenOut() throws {
        let piece = try piece("R-1", token: dealer.token)
        _ = try consent(piece, token: dealer.token)
        _ = try put(piece)
        _ = try export()

        _ = try daemon.request("DELETE", "/v1/lots/\(lot)/pieces/\(piece)", token: exporter)
        let next = try export()

        #expect(next["pieces"]?.integer == 0)
        #expect(next["withdrawn"]?.elements?.map { $0["piece"]?.string } == [piece])
    }

    @Test("nothing is exported while the public address is not set")
    func noAddress() throws {
        let daemon = try TestDaemon(publicURL: "https://ggapcp.invalid")
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let lot = try daemon.request("POST", "/v1/lots", .object(["name": "spring"]), token: dealer.token).id

        let answer = try daemon.request(
            "POST", "/v1/lots/\(lot)/exports", .object(["market": "google"]), token: dealer.token)

        #expect(answer.status == 409 && answer.problem == "public-url-not-set")
    }

    @Test("a market nobody knows is refused with those that are known")
    func unknownMarket() throws {
        let answer = try daemon.request(
            "POST", "/v1/lots/\(lot)/exports", .object(["market": "gogle"]), token: exporter)

        #expect(answer.status == 422 && answer.json["field"]?.string == "market")
        #expect(answer.json["hint"]?.string?.contains("google") == true)
    }

    @Test("a lot is changed only with the version that was seen")
    func lotVersion() throws {
        let blind = try daemon.request("PATCH", "/v1/lots/\(lot)", .object(["name": "a"]), token: exporter)
        let good = try daemon.request(
            "PATCH", "/v1/lots/\(lot)", .object(["name": "b"]), headers: ["If-Match": "\"1\""], token: exporter)
        let stale = try daemon.request(
            "PATCH", "/v1/lots/\(lot)", .object(["name": "c"]), headers: ["If-Match": "\"1\""], token: exporter)

        #expect(statuses(blind, good, stale) == [428, 200, 412])
        #expect(try daemon.request("GET", "/v1/lots/\(lot)", token: exporter).json["name"]?.string == "b")
    }
}
