import Foundation
import GemCrypto
import GemModel
import Testing

@Suite("The change feed and the audit")
struct EventRouteTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Namak Mandi Gems", code: "NAMAK")
    }

    private func feed(_ query: String = "", _ token: String? = nil) throws -> Response {
        try daemon.request("GET", "/v1/events" + query, token: token ?? dealer.token)
    }

    private func audit(_ query: String = "", _ token: String) throws -> [JSON] {
        let answer = try daemon.request("GET", "/v1/audit" + query, token: token)
        #expect(answer.status == 200 && answer.headers["content-type"] == "application/x-ndjson", "\(answer.text)")
        return answer.lines
    }

    @Test("a party reads its own events, and can make every hash itself")
    func chain() throws {
        let other = try daemon.dealer("Other", code: "OTHER")
        _ = try daemon.register(Samples.emerald("R-1"), token: dealer.token)
        _ = try daemon.register(Samples.emerald("SECRET"), token: other.token)
        for number in 2...250 { _ = try daemon.register(Samples.emerald("R-\(number)"), token: dealer.token) }

        let all = try feed()

        #expect(all.status == 200 && all.headers["content-type"] == "application/x-ndjson")
        #expect(all.lines.compactMap { $0["seq"]?.integer } == Array(1...all.lines.count))
        #expect(all.lines.filter { $0["kind"] == "piece-registered" }.count == 250)
        #expect(!all.text.contains(other.party))
        var hash: [UInt8] = []
        for line in all.body.split(separator: 10) {
            let mark = Array(#","hash":""#.utf8)
            let at = try #require(line.ranges(of: mark).last?.lowerBound)
            hash = SHA256.hash(hash + Array(line[..<at]) + Array("}".utf8))
            #expect(line[at...].elementsEqual(mark + Array("\(Hex.encode(hash))\"}".utf8)))
        }
        let rest = try feed("?after=\(all.lines.count - 2)")
        #expect(rest.lines.count == 2 && rest.lines.last == all.lines.last)
        #expect(try feed("?after=\(all.lines.count)").body.isEmpty)
        #expect(try feed("?after=-1").status == 422 && feed("?since=1").status == 400)
    }

    @Test("whoever follows gets each event when it is committed, others' stay away, and a stop ends it")
    func follow() throws {
        let wire = try Wire(unix: daemon.socket)
        let other = try daemon.dealer("Other", code: "OTHER")
        try wire.send(
            "GET /v1/events?after=99 HTTP/1.1\r\nHost: gemd\r\nAccept: text/event-stream\r\n"
                + "Last-Event-ID: 1\r\nAuthorization: Bearer \(dealer.token)\r\n\r\n")
        let (status, headers) = try wire.head()
        #expect(status == 200 && headers["content-type"] == "text/event-stream")
        #expect(try wire.chunk().map { String(decoding: $0, as: UTF8.self) } == ": gemd\n\n")
        // 99 is past the end: what comes first is number 100.
        _ = try daemon.request("PATCH", "/v1/pieces/stock:NONE", .object([]), token: dealer.token)
        var last = 0
        while last < 100 {
            let id = try daemon.register(Samples.emerald(nil), token: dealer.token)["id"]
            _ = try daemon.register(Samples.emerald(nil), token: other.token)
            last = try #require(feed().lines.last?["seq"]?.integer)
            guard last >= 100 else { continue }
            let text = try #require(try wire.chunk().map { String(decoding: $0, as: UTF8.self) })
            #expect(text.hasPrefix("id: 100\ndata: {") && text.hasSuffix("\"}\n\n"), "\(text)")
            #expect(text.contains(id?.string ?? "none"))
        }

        #expect(daemon.stop() == 0)
        #expect(try wire.chunk() == nil)
    }

    @Test("a follower that reads nothing and one that is gone hold nobody up")
    func slow() throws {
        let wires = try (0..<20).map { _ in try Wire(unix: daemon.socket) }
        for wire in wires {
            try wire.send(
                "GET /v1/events HTTP/1.1\r\nHost: gemd\r\nAccept: text/event-stream\r\n"
                    + "Authorization: Bearer \(dealer.token)\r\n\r\n")
        }
        for wire in wires.prefix(10) { shutdown(wire.descriptor, Int32(SHUT_RDWR)) }

        for number in 1...50 { _ = try daemon.register(Samples.emerald("R-\(number)"), token: dealer.token) }

        #expect(try feed().lines.filter { $0["kind"] == "piece-registered" }.count == 50)
        #expect(daemon.stop() == 0)
    }

    @Test("the auditor reads all chains without cost, the administrator without what was written, each once on record")
    func audited() throws {
        let auditor = try daemon.token(for: .auditor)
        let admin = try daemon.token(for: .admin)
        let piece = try daemon.register(Samples.emerald("R-17"), token: dealer.token)["id"]!.string!
        _ = try daemon.request(
            "PATCH", "/v1/pieces/\(piece)", Samples.secrets, headers: ["If-Match": "\"1\""], token: dealer.token)

        let lines = try audit("", auditor)

        let council = try daemon.council
        let parties = lines.compactMap { $0["party"]?.string }
        #expect(parties.contains(council) && parties.contains(dealer.party))
        let change = try #require(lines.first { $0["kind"] == "piece-changed" })
        #expect(
            change["withheld"] == ["patch.cost", "patch.landedCost", "patch.memoPrice", "patch.minimumPrice"]
                && change["patch"]?["location"] != nil)
        #expect(!lines.map(\.text).joined().contains("1234.56"))
        #expect(lines.first { $0["kind"] == "piece-registered" }?["withheld"] == nil)
        let seen = try audit("", admin).map(\.text).joined()
        #expect(!seen.contains("1234.56") && !seen.contains("safe-word"))
        #expect(try audit("?party=NAMAK", auditor).allSatisfy { $0["party"]?.string == dealer.party })
        let after = try #require(lines.last.map { "\($0["party"]!.string!)/\($0["seq"]!.integer!)" })
        #expect(try audit("?after=\(after)", auditor).count < lines.count)
        #expect(try daemon.request("GET", "/v1/audit?after=1", token: auditor).status == 422)
        #expect(try daemon.request("GET", "/v1/audit?party=NONE", token: auditor).status == 404)
    }

    @Test("reading the audit over and over is on record once")
    func noEcho() throws {
        let auditor = try daemon.token(for: .auditor)
        _ = try audit("?party=GGAPCP", auditor)
        func readings() throws -> [JSON] {
            try audit("?party=GGAPCP", auditor).filter { $0["kind"] == "read" && $0["subject"] == "audit" }
        }
        let council = try daemon.council
        let last = try #require(try readings().last?["seq"]?.integer)

        for _ in 0..<5 { #expect(try audit("?party=GGAPCP&after=\(council)/\(last - 1)", auditor).count <= 2) }

        #expect(try readings().count <= 3)
    }
}
