import Foundation
import GemModel
import Testing

@testable import gemd

/// What a party may keep, and what a caller may ask at once.
@Suite("Quotas")
struct QuotaTests {
    private func daemon(_ settings: String, on engine: DaemonEngine = .sqlite) throws -> TestDaemon {
        let file = NSTemporaryDirectory() + "gemd-quota-\(UUID().uuidString).toml"
        try settings.write(toFile: file, atomically: true, encoding: .utf8)
        return try engine.start(["--config", file])
    }

    private func used(_ daemon: TestDaemon, _ token: String, _ what: String = "pieces") throws -> Int? {
        try daemon.request("GET", "/v1/quota", token: token).json[what]?["used"]?.integer
    }

    private func bulk(_ daemon: TestDaemon, _ stocks: [String], token: String, query: String = "") throws -> Response {
        try daemon.request(
            "POST", "/v1/pieces" + query, bytes: Array(stocks.map { BulkTests.line($0) + "\n" }.joined().utf8),
            headers: ["Content-Type": "application/x-ndjson"], token: token)
    }

    @Test("a party with as many pieces as it may keep gets no more, and what is there is still answered")
    func pieces() throws {
        let daemon = try daemon("[quotas]\npieces_per_party = 3")
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let other = try daemon.dealer("Other", code: "OTHER")
        let id = Samples.clientID()
        func post(_ document: JSON, key: String? = nil) throws -> Response {
            try daemon.request(
                "POST", "/v1/pieces", document, headers: key.map { ["Idempotency-Key": $0] } ?? [:],
                token: dealer.token)
        }
        let named = Samples.emerald("R-100").setting("id", to: .string(id))

        #expect(try used(daemon, dealer.token) == 0)
        #expect(try post(named).status == 201)
        let keyed = try post(Samples.emerald(), key: "k1")
        #expect(try post(Samples.emerald("R-100")).status == 409)
        #expect(try used(daemon, dealer.token) == 2)
        #expect(try post(Samples.emerald("R-300")).status == 201)

        let full = try post(Samples.emerald("R-400"))
        #expect(full.status == 429 && full.problem == "quota" && full.headers["retry-after"] == nil, "\(full.text)")
        #expect(full.json["hint"]?.string?.contains("/v1/quota") == true)
        #expect(try post(named).status == 200)
        #expect(try post(Samples.emerald("R-300")).problem == "duplicate")
        #expect(try post(Samples.emerald(), key: "k1").body == keyed.body)
        #expect(try used(daemon, dealer.token) == 3)
        #expect(try daemon.register(Samples.emerald("R-400"), token: other.token)["id"] != nil)

        #expect(
            try daemon.request(
                "DELETE", "/v1/pieces/stock:R-300", headers: ["If-Match": "\"1\""], token: dealer.token
            ).status == 204)
        #expect(try used(daemon, dealer.token) == 2)
        #expect(try post(Samples.emerald("R-400")).status == 201)
        _ = daemon.stop()
        try daemon.start()
        #expect(try used(daemon, dealer.token) == 3)
    }

    @Test("a bulk upload is counted as it goes, on each engine", arguments: DaemonEngine.allCases)
    func bulk(engine: DaemonEngine) throws {
        let daemon = try daemon("[quotas]\npieces_per_party = 5", on: engine)
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let stocks = (1...8).map { "R-\($0)00" }

        let dry = try bulk(daemon, stocks, token: dealer.token, query: "?dryRun=true")
        let first = try bulk(daemon, stocks, token: dealer.token)
        let again = try bulk(daemon, stocks, token: dealer.token)

        #expect(first.lines.last?["created"]?.integer == 5 && first.lines.last?["refused"]?.integer == 3)
        #expect(dry.lines.last?["created"]?.integer == 5 && dry.lines.last?["refused"]?.integer == 3)
        #expect(first.lines.map { $0["status"]?.integer ?? 0 } == [201, 201, 201, 201, 201, 429, 429, 429, 0])
        #expect(first.lines[5]["problem"]?["type"] == "urn:gemd:quota")
        #expect(again.lines.map { $0["status"]?.integer ?? 0 } == [200, 200, 200, 200, 200, 429, 429, 429, 0])
        #expect(try used(daemon, dealer.token) == 5)
    }

    @Test("an import stops at the quota row by row, and goes on when there is room", arguments: DaemonEngine.allCases)
    func imports(engine: DaemonEngine) throws {
        let daemon = try daemon("[quotas]\npieces_per_party = 3", on: engine)
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        _ = try daemon.register(Samples.emerald("R-300"), token: dealer.token)
        let csv = "stock number,species,weight (ct)\n" + (1...5).map { "R-\($0)00,beryl,1.58\n" }.joined()
        func run(_ text: String, dry: Bool = false) throws -> Response {
            try daemon.request(
                "POST", "/v1/imports?kind=pieces" + (dry ? "&dryRun=true" : ""), bytes: Array(text.utf8),
                headers: ["Content-Type": "text/csv"], token: dealer.token)
        }
        func statuses(_ response: Response) -> [Int] { response.lines.compactMap { $0["status"]?.integer } }

        let dry = try run(csv, dry: true)
        // R-300 is there already and says the same: that is told, not the quota.
        #expect(statuses(dry) == [201, 201, 200, 429, 429], "\(dry.text)")
        let first = try run(csv)
        #expect(statuses(first) == [201, 201, 200, 429, 429], "\(first.text)")
        #expect(first.lines.last?["created"]?.integer == 2 && first.lines.last?["refused"]?.integer == 2)
        let refused = first.lines.first { $0["status"]?.integer == 429 }?["problem"]
        #expect(refused?["type"] == "urn:gemd:quota" && refused?["hint"]?.string?.contains("/v1/quota") == true)
        #expect(try used(daemon, dealer.token) == 3)
        #expect(statuses(try run(csv)) == [200, 200, 200, 429, 429])
        #expect(
            try daemon.request(
                "DELETE", "/v1/pieces/stock:R-300", headers: ["If-Match": "\"1\""], token: dealer.token
            ).status == 204)
        #expect(statuses(try run(csv)) == [200, 200, 201, 429, 429])
        #expect(try used(daemon, dealer.token) == 3)
    }

    @Test("many who register at once get exactly the room there is")
    func together() throws {
        let daemon = try daemon("[quotas]\npieces_per_party = 10")
        let dealer = try daemon.dealer("Dealer", code: "DEALER")

        let answers = try daemon.together(32, "POST", token: dealer.token) { number in
            ("/v1/pieces", Samples.emerald("R-\(number)00"), nil)
        }

        #expect(answers.filter { $0.status == 201 }.count == 10)
        #expect(answers.filter { $0.problem == "quota" }.count == 22)
        #expect(try used(daemon, dealer.token) == 10)
    }

    @Test("photographs are counted as they come, and once only")
    func photographs() throws {
        let daemon = try daemon("[quotas]\nphotograph_megabytes_per_party = 1")
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let piece = try daemon.register(Samples.emerald("R-17"), token: dealer.token)["id"]!.string!
        // What follows the picture's end is kept with it.
        let tail = [UInt8](repeating: 0, count: 200_000)
        let photographs = (0..<6).map { Samples.photograph(grey: UInt8(60 + 20 * $0)) + tail }
        let room = 1_000_000 / photographs[0].count
        func upload(_ photograph: [UInt8], chunked: Bool = false) throws -> Response {
            let path = "/v1/pieces/\(piece)/images"
            guard chunked else {
                return try daemon.request(
                    "POST", path, bytes: photograph, headers: ["Content-Type": "image/jpeg"], token: dealer.token)
            }
            let wire = try Wire(unix: daemon.socket)
            try wire.send(
                """
                POST \(path) HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
                Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n
                """ + String(photograph.count, radix: 16) + "\r\n")
            try wire.send(photograph + Array("\r\n0\r\n\r\n".utf8))
            return try wire.response()
        }

        for number in 0..<room { #expect(try upload(photographs[number], chunked: number == 0).status == 201) }
        let before = try used(daemon, dealer.token, "photographBytes")
        #expect(before == photographs.prefix(room).map(\.count).reduce(0, +))
        let over = try upload(photographs[room])
        #expect(over.status == 429 && over.problem == "quota", "\(over.text)")
        #expect(try upload(photographs[room], chunked: true).problem == "quota")
        #expect(try upload(Array("no picture".utf8)).problem == "image")
        #expect(try used(daemon, dealer.token, "photographBytes") == before)
        let other = try daemon.dealer("Other", code: "OTHER")
        let another = try daemon.register(Samples.emerald("R-17"), token: other.token)["id"]!.string!
        #expect(try daemon.photograph(another, token: other.token).status == 201)
        #expect(try daemon.photograph(another, token: other.token).status == 201)
        #expect(try used(daemon, other.token, "photographBytes") == Samples.photograph().count)
    }

    @Test("requests beyond those one caller may have under way wait, then are refused; others go on")
    func requests() throws {
        let daemon = try daemon("[limits]\nrequests_per_uid = 2")
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let other = try daemon.dealer("Other", code: "OTHER")
        let streams = try (0..<2).map { number in
            let wire = try Wire(unix: daemon.socket)
            try wire.send(
                """
                POST /v1/pieces HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
                Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n
                """ + BulkTests.chunk(BulkTests.line("S-\(number)") + "\n"))
            _ = try wire.head()
            return wire
        }

        let refused = try daemon.request("GET", "/v1/whoami", token: dealer.token)
        #expect(refused.status == 429 && refused.problem == "quota" && refused.headers["retry-after"] == "2")
        #expect(try daemon.request("GET", "/v1/whoami", token: other.token).status == 200)
        let waiting = try Wire(unix: daemon.socket)
        try waiting.send("GET /v1/whoami HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\r\n")
        try streams[0].send("0\r\n\r\n")
        #expect(try waiting.response().status == 200)
        try streams[1].send("0\r\n\r\n")
        while try streams[1].chunk() != nil {}
        #expect(try daemon.request("GET", "/v1/whoami", token: dealer.token).status == 200)
    }

    @Test("Urdu and hint are there for a refused request")
    func words() throws {
        let daemon = try daemon("[quotas]\npieces_per_party = 1")
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        _ = try daemon.register(Samples.emerald("R-17"), token: dealer.token)

        let full = try daemon.request(
            "POST", "/v1/pieces", Samples.emerald("R-18"), headers: ["Accept-Language": "ur"], token: dealer.token)

        #expect(full.json["title"]?.string?.hasPrefix("حد پوری ہو گئی") == true)
        #expect(full.json["hint"]?.string?.isEmpty == false)
    }
}
