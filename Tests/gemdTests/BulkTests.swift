import Foundation
import GemModel
import Testing

@testable import gemd

/// Many pieces in one request: a line in, a line out (docs/protocol.md, "Bulk").
@Suite("Bulk registration")
struct BulkTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    func bulk(_ lines: [String], query: String = "", headers: [String: String] = [:]) throws -> Response {
        try daemon.request(
            "POST", "/v1/pieces" + query, bytes: Array((lines.joined(separator: "\n") + "\n").utf8),
            headers: headers.merging(["Content-Type": "application/x-ndjson"]) { $1 }, token: dealer.token)
    }

    func total() throws -> Int? {
        try daemon.request("GET", "/v1/pieces?total=exact&limit=1", token: dealer.token).json["total"]?["value"]?
            .integer
    }

    /// The head of a bulk request whose body comes in chunks.
    func open() throws -> Wire {
        let wire = try Wire(unix: daemon.socket)
        try wire.send(
            """
            POST /v1/pieces HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n
            """)
        return wire
    }

    static func chunk(_ text: String) -> String { String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n" }

    static func line(_ stockNumber: String, title: String = "Natural emerald") -> String {
        """
        {"kind":"stone","stockNumber":"\(stockNumber)","title":"\(title)","stone":{"nature":"natural",\
        "species":"beryl","variety":"emerald","weightCt":"1.58"}}
        """
    }

    // MARK: - A line in, a line out

    @Test("each line is answered by itself, in order, and the last line counts them")
    func mixed() throws {
        let answer = try bulk([
            Self.line("R-1"), "", Self.line("R-1"), Self.line("R-1", title: "another"), #"{"kind":"stone"}"#, "{",
            "   ", Self.line("R-2"),
        ])

        #expect(answer.status == 200 && answer.headers["content-type"] == "application/x-ndjson")
        let lines = answer.lines
        #expect(lines.dropLast().map { $0["line"]?.integer } == [1, 3, 4, 5, 6, 8])
        #expect(lines.dropLast().map { $0["status"]?.integer } == [201, 200, 409, 422, 400, 201])
        #expect(lines[0]["id"] == lines[1]["id"] && lines[0]["stockNumber"]?.string == "R-1")
        #expect(lines[2]["problem"]?["type"]?.string == "urn:gemd:duplicate")
        #expect(lines[3]["problem"]?["field"]?.string == "stone")
        #expect(
            lines.last == Samples.json(#"{"done":true,"lines":6,"created":2,"unchanged":1,"refused":3}"#))
    }

    @Test("one line is answered before the next is sent")
    func conversation() throws {
        let wire = try open()
        wire.limit(seconds: 20)

        try wire.send(Self.chunk(Self.line("R-1") + "\n"))
        let head = try wire.head()
        let first = try wire.chunk()
        try wire.send(Self.chunk(Self.line("R-2") + "\n"))
        let second = try wire.chunk()
        try wire.send("0\r\n\r\n")
        let last = try wire.chunk()

        #expect(head.status == 200)
        let lines = [first, second, last].map { try? JSON(parsing: $0?.dropLast().map { $0 } ?? []) }
        #expect(lines[0]?["line"]?.integer == 1 && lines[1]?["line"]?.integer == 2)
        #expect(lines[2]?["done"] == .bool(true))
    }

    @Test("a line that comes in two parts is one line")
    func splitLine() throws {
        let wire = try open()
        let line = Array(Self.line("R-1"))

        try wire.send(Self.chunk(String(line.prefix(40))) + Self.chunk(String(line.dropFirst(40))) + "0\r\n\r\n")

        #expect(try wire.response().lines.map { $0["status"]?.integer } == [201, nil])
    }

    @Test("lines end in LF or CRLF, and the last may end without")
    func lineEnds() throws {
        let answer = try daemon.request(
            "POST", "/v1/pieces", bytes: Array((Self.line("R-1") + "\r\n" + Self.line("R-2")).utf8),
            headers: ["Content-Type": "application/x-ndjson"], token: dealer.token)

        #expect(answer.lines.last?["created"]?.integer == 2)
    }

    @Test("a line longer than 64 KB is refused, the longest is not, and those around it stand")
    func longLine() throws {
        let fill = { (length: Int) in
            let line = Self.line("R-\(length)")
            return line + String(repeating: " ", count: length - line.utf8.count)
        }

        let answer = try bulk([Self.line("R-1"), fill(65_537), fill(65_536), Self.line("R-2")])

        #expect(answer.lines.dropLast().map { $0["status"]?.integer } == [201, 413, 201, 201])
        #expect(answer.lines[1]["problem"]?["type"]?.string == "urn:gemd:too-large")
    }

    @Test("a body that breaks off is answered without the line that says done")
    func brokenBody() throws {
        let wire = try open()

        try wire.send(Self.chunk(Self.line("R-1") + "\n"))
        _ = try wire.head()
        _ = try wire.chunk()
        try wire.send(Self.chunk(Self.line("R-2") + "\n") + "not a size\r\n")
        let rest = String(decoding: wire.rest(), as: UTF8.self)

        #expect(!rest.contains("\"done\""))
        #expect(!rest.contains("HTTP/1.1 200"))
        #expect(try daemon.request("GET", "/v1/pieces/stock:R-1", token: dealer.token).status == 200)
    }

    @Test("a client that hangs up in the middle keeps what was answered")
    func hangUp() throws {
        do {
            let wire = try open()
            try wire.send(Self.chunk(Self.line("R-1") + "\n"))
            _ = try wire.head()
            _ = try wire.chunk()
        }

        #expect(try daemon.request("GET", "/v1/pieces/stock:R-1", token: dealer.token).status == 200)
    }

    @Test("a dry run answers as if, and changes nothing")
    func dryRun() throws {
        let answer = try bulk([Self.line("R-1"), Self.line("R-1"), "{"], query: "?dryRun=true")

        #expect(answer.lines.dropLast().map { $0["status"]?.integer } == [201, 200, 400])
        #expect(answer.lines.last?["created"]?.integer == 1)
        #expect(try total() == 0)
        #expect(try daemon.sql("SELECT count(*) FROM event WHERE data LIKE '%piece-registered%'") == [["0"]])
    }

    @Test("a bulk request takes no Idempotency-Key")
    func idempotencyKey() throws {
        let answer = try bulk([Self.line("R-1")], headers: ["Idempotency-Key": "k-1"])

        #expect(answer.status == 400)
        #expect(try total() == 0)
    }

    @Test("an empty body is answered with nothing done")
    func empty() throws {
        let answer = try bulk([])

        #expect(answer.lines == [Samples.json(#"{"done":true,"lines":0,"created":0,"unchanged":0,"refused":0}"#)])
    }

    @Test("the registrar fills another party's stock, a dealer does not")
    func otherParty() throws {
        let registrar = try daemon.token(for: .registrar)
        let headers = ["Content-Type": "application/x-ndjson"]
        let body = Array((Self.line("R-1") + "\n").utf8)

        let theirs = try daemon.request(
            "POST", "/v1/pieces?party=DEALER", bytes: body, headers: headers, token: registrar)
        let foreign = try daemon.request(
            "POST", "/v1/pieces?party=GGAPCP", bytes: body, headers: headers, token: dealer.token)

        #expect(theirs.lines.last?["created"]?.integer == 1 && foreign.status == 404)
        #expect(try total() == 1)
    }

    // MARK: - Many

    @Test("sixteen clients that send the same lines at once make each piece once")
    func parallel() throws {
        let body = (0..<200).map { Self.line("R-\($0)x") + "\n" }.joined()
        let request =
            """
            POST /v1/pieces HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n
            """
        let wires = try (0..<16).map { _ in try Wire(unix: daemon.socket) }

        for wire in wires { try wire.send(request + body) }
        let answers = try wires.map { try $0.response().lines }

        #expect(answers.allSatisfy { $0.count == 201 && $0.last?["refused"]?.integer == 0 })
        #expect(answers.compactMap { $0.last?["created"]?.integer }.reduce(0, +) == 200)
        #expect(try total() == 200)
    }

    @Test("a client that sends everything before it reads anything gets every answer", .timeLimit(.minutes(3)))
    func sendsFirst() throws {
        #if DEBUG
        let count = 20_000
        #else
        let count = 60_000
        #endif
        let body = (0..<count).map { Self.line("R-\($0)x") + "\n" }.joined()
        let wire = try Wire(unix: daemon.socket)
        wire.limit(seconds: 120)

        try wire.send(
            """
            POST /v1/pieces HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n
            """)
        try wire.send(body)
        let answer = try wire.response()

        let lines = answer.body.split(separator: 10)
        #expect(lines.count == count + 1)
        #expect(lines.last.map { String(decoding: $0, as: UTF8.self).contains("\"created\":\(count)") } == true)
        let inOrder = lines.dropLast().enumerated().allSatisfy { $1.starts(with: "{\"line\":\($0 + 1),".utf8) }
        #expect(inOrder)
    }

    @Test(
        "the 53,940 diamonds: twenty are refused by line and reason, a second run creates nothing",
        .enabled(if: Diamonds.areThere, "the data set \(Diamonds.path) is not there"), .timeLimit(.minutes(5)))
    func diamonds() throws {
        let diamonds = try Diamonds()
        let wire = try Wire(unix: daemon.socket)
        wire.limit(seconds: 240)
        func run() throws -> [JSON] {
            try wire.request(
                "POST", "/v1/pieces", bytes: Array(diamonds.lines.utf8),
                headers: ["Content-Type": "application/x-ndjson"], token: dealer.token
            ).lines
        }

        let first = try run()
        let second = try run()

        #expect(diamonds.impossible.count == 20)
        let refused = first.dropLast().filter { $0["status"]?.integer != 201 }
        #expect(refused.map { $0["line"]!.integer! } == diamonds.impossible)
        let fields = Set(refused.map { $0["problem"]?["field"]?.string?.hasPrefix("stone.measurementsMm.") })
        #expect(fields == [true])
        #expect(
            first.last == Samples.json(#"{"done":true,"lines":53940,"created":53920,"unchanged":0,"refused":20}"#))
        #expect(
            second.last == Samples.json(#"{"done":true,"lines":53940,"created":0,"unchanged":53920,"refused":20}"#))
        let list = try wire.request(
            "GET", "/v1/pieces?total=exact&facets=clarity&limit=1", bytes: nil, headers: [:], token: dealer.token)
        #expect(list.json["total"]?["value"]?.integer == 53_920)
        let counts = list.json["facets"]!["clarity"]!.members!.map { ($0.name, $0.value.integer!) }
        #expect(Dictionary(uniqueKeysWithValues: counts) == diamonds.clarities)
    }
}

/// A public data set of sold diamonds, as a dealer would send it.
private struct Diamonds {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data/diamonds.csv").path
    static var areThere: Bool { FileManager.default.fileExists(atPath: path) }

    var lines = ""
    /// Lines with a side of zero.
    var impossible: [Int] = []
    /// How many of the others have each clarity.
    var clarities: [String: Int] = [:]

    init() throws {
        let rows = try String(contentsOfFile: Self.path, encoding: .utf8).split(separator: "\n").dropFirst()
        for (index, row) in rows.enumerated() {
            let cells = row.split(separator: ",")
            if cells[7...9].contains(where: { Double($0) == 0 }) {
                impossible.append(index + 1)
            } else {
                clarities[String(cells[3]), default: 0] += 1
            }
            lines += """
                {"kind":"stone","stockNumber":"D-\(100_000 + index)","stone":{"nature":"natural","species":"diamond",\
                "weightCt":"\(cells[0])","shape":"R","measurementsMm":{"length":"\(cells[7])","width":"\(cells[8])",\
                "depth":"\(cells[9])"},"diamond":{"colour":"\(cells[2])","clarity":"\(cells[3])","cut":"\(cells[1])",\
                "depthPct":"\(cells[4])","tablePct":"\(cells[5])"}},"price":{"total":{"amount":"\(cells[6])",\
                "currency":"USD"}}}

                """
        }
    }
}
