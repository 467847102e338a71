import Foundation
import GemModel
import Testing

@testable import gemd

/// Clients that are broken, slow or hostile (docs/protocol.md, "Limits"). After each of them the
/// daemon answers the next.
@Suite("On the wire")
struct WireTests {
    let daemon: TestDaemon
    private let configuration: URL

    init() throws {
        configuration = FileManager.default.temporaryDirectory.appendingPathComponent("gemd-\(UUID()).toml")
        try """
        [limits]
        header_seconds = 1
        body_grace_seconds = 1
        """.write(to: configuration, atomically: true, encoding: .utf8)
        daemon = try TestDaemon(arguments: ["--config", configuration.path])
    }

    /// Everything the daemon says to these bytes until it closes.
    func conversation(_ bytes: String) throws -> String {
        let wire = try Wire(unix: daemon.socket)
        wire.limit(seconds: 20)
        try wire.send(bytes)
        return String(decoding: wire.rest(), as: UTF8.self)
    }

    /// The status codes in what was said.
    static func codes(_ text: String) -> [Int] {
        text.matches(of: /HTTP\/1\.1 ([0-9]{3})/).compactMap { Int($0.1) }
    }

    func stillAnswers() throws -> Bool { try daemon.request("GET", "/v1").status == 200 }

    // MARK: - Requests that two readers could read differently

    static let ambiguous: [(name: String, request: String)] = [
        (
            "Content-Length with Transfer-Encoding",
            "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "Transfer-Encoding with Content-Length",
            "POST /v1/verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
        ),
        (
            "two lengths that differ",
            "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} "
        ),
        (
            "two lengths that agree",
            "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}"
        ),
        ("a list of lengths", "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\n{}"),
        ("a length with a plus", "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}"),
        ("a length with a minus", "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n{}"),
        ("a length in hexadecimal", "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\n{}"),
        ("an empty length", "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n"),
        (
            "a length beyond all numbers",
            "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n{}"
        ),
        ("bare line feeds", "GET /v1 HTTP/1.1\nHost: a\n\n"),
        ("one bare line feed", "GET /v1 HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
        ("a bare carriage return", "GET /v1 HTTP/1.1\r\nHost: a\rX: y\r\n\r\n"),
        ("a folded header", "GET /v1 HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"),
        ("a space before the colon", "GET /v1 HTTP/1.1\r\nHost : a\r\n\r\n"),
        ("a NUL in a header", "GET /v1 HTTP/1.1\r\nHost: a\r\nX: y\u{0}z\r\n\r\n"),
        (
            "chunked that is not last",
            "POST /v1/verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"
        ),
        ("no version", "GET /v1\r\n\r\n"),
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    ]

    @Test(
        "a request that two readers could read differently is refused once and the connection closed",
        arguments: ambiguous)
    func ambiguity(name: String, request: String) throws {
        let said = try conversation(request + "GET /v1 HTTP/1.1\r\nHost: smuggled\r\n\r\n")

        #expect(Self.codes(said) == [400], "\(said)")
        #expect(try stillAnswers())
    }

    @Test(
        "a chunk size that is none ends the connection",
        arguments: ["zz", "-1", "+1", "0x1", "fffffffffffffffff", " 1"])
    func badChunk(size: String) throws {
        let said = try conversation(
            """
            POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
            \(size)\r\n{\r\n0\r\n\r\nGET /v1 HTTP/1.1\r\nHost: smuggled\r\n\r\n
            """)

        #expect(!said.contains("\"gemd\""), "\(said)")
        #expect(try stillAnswers())
    }

    @Test("after an encoding that is not chunked nothing more is read as a request")
    func otherEncoding() throws {
        let said = try conversation(
            """
            POST /v1/verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n\
            GET /v1 HTTP/1.1\r\nHost: smuggled\r\n\r\n
            """)

        #expect(!said.contains("\"gemd\"") && Self.codes(said).last == 400, "\(said)")
        #expect(try stillAnswers())
    }

    // MARK: - Limits

    @Test(
        "a header larger than 16 KB, or of more than 100 fields, is refused",
        arguments: [
            "X: " + String(repeating: "y", count: 17 << 10) + "\r\n",
            (0..<20).map { "X\($0): " + String(repeating: "y", count: 1000) + "\r\n" }.joined(),
            (0..<101).map { "X\($0): y\r\n" }.joined(),
        ])
    func largeHeader(fields: String) throws {
        let said = try conversation("GET /v1 HTTP/1.1\r\n\(fields)\r\nGET /v1 HTTP/1.1\r\n\r\n")

        #expect(Self.codes(said) == [400] || Self.codes(said) == [431], "\(said.prefix(300))")
        #expect(try stillAnswers())
    }

    @Test("a header that stays below the limits is taken")
    func fittingHeader() throws {
        let fields = (0..<90).map { "X\($0): " + String(repeating: "y", count: 150) + "\r\n" }.joined()

        let said = try conversation("GET /v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n")

        #expect(Self.codes(said) == [200])
    }

    @Test("a header that does not end in time costs the connection")
    func slowHeader() throws {
        let said = try conversation("GET /v1 HTTP/1.1\r\nHost: a\r\n")

        #expect(Self.codes(said).filter { $0 < 400 } == [])
        #expect(try stillAnswers())
    }

    @Test("a body that stops coming costs the connection")
    func slowBody() throws {
        let said = try conversation(
            "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{}")

        #expect(Self.codes(said).filter { $0 < 400 } == [])
        #expect(try stillAnswers())
    }

    @Test("a second header that does not end in time costs the connection too")
    func slowSecondHeader() throws {
        let wire = try Wire(unix: daemon.socket)
        wire.limit(seconds: 20)
        let first = try wire.request("GET", "/v1", bytes: nil, headers: [:], token: nil)

        try wire.send("GET /v1 HT")

        #expect(first.status == 200)
        #expect(wire.rest() == [])
    }

    @Test("a JSON body larger than 1 MB is refused, with a length or without", arguments: [true, false])
    func largeJSON(hasLength: Bool) throws {
        let body = "{\"a\":\"" + String(repeating: "x", count: 1 << 20) + "\"}"
        let wire = try Wire(unix: daemon.socket)
        let framed = hasLength ? body : BulkTests.chunk(body) + "0\r\n\r\n"
        let field = hasLength ? "Content-Length: \(body.utf8.count)" : "Transfer-Encoding: chunked"

        try wire.send(
            "POST /v1/parties HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(field)\r\n\r\n\(framed)")
        let answer = try wire.response()
        let next = try wire.request("GET", "/v1", bytes: nil, headers: [:], token: nil)

        #expect(statuses(answer, next) == [413, 200])
        #expect(answer.problem == "too-large")
    }

    @Test(
        "a photograph of 26 MB is refused with an answer that a client which sends first can read",
        arguments: [true, false])
    func largeUpload(hasLength: Bool) throws {
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let wire = try Wire(unix: daemon.socket)
        let part = [UInt8](repeating: 0x55, count: 1 << 20)
        let field = hasLength ? "Content-Length: \(26 << 20)" : "Transfer-Encoding: chunked"

        try wire.send(
            """
            POST /v1/pieces/\(piece)/images HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: image/jpeg\r\n\(field)\r\n\r\n
            """)
        for _ in 0..<26 {
            if hasLength {
                try wire.send(part)
            } else {
                try wire.send(Array("100000\r\n".utf8) + part + Array("\r\n".utf8))
            }
        }
        if !hasLength { try wire.send("0\r\n\r\n") }
        let answer = try wire.response()

        #expect(answer.status == 413 && answer.problem == "too-large")
        #expect(try stillAnswers())
        // Once it has ended, nothing of the upload may be left.
        _ = daemon.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.state + "/blobs/tmp") == [])
    }

    @Test("JSON nested 65 deep is refused, 64 deep is only not a piece")
    func depth() throws {
        func post(_ depth: Int) throws -> Response {
            let text = String(repeating: "{\"a\":", count: depth - 1) + "{}" + String(repeating: "}", count: depth - 1)
            return try daemon.request(
                "POST", "/v1/pieces", bytes: Array(text.utf8), headers: ["Content-Type": "application/json"],
                token: try daemon.token(for: .dealer))
        }

        let deep = try post(65)
        let allowed = try post(64)

        #expect(deep.status == 400 && deep.problem == "bad-json")
        #expect(allowed.problem != "bad-json")
    }

    @Test("a compressed body is refused", arguments: ["gzip", "br", "identity, gzip"])
    func compressed(encoding: String) throws {
        let answer = try daemon.request(
            "POST", "/v1/parties", .object([]), headers: ["Content-Encoding": encoding])

        #expect(answer.status == 415 && answer.problem == "media-type")
    }

    @Test("a body of another type is refused", arguments: ["text/plain", "application/x-www-form-urlencoded", ""])
    func otherType(type: String) throws {
        let answer = try daemon.request("POST", "/v1/parties", .object([]), headers: ["Content-Type": type])

        #expect(answer.status == 415)
    }

    // MARK: - Order and ends

    @Test("requests sent at once are answered in their order")
    func pipelined() throws {
        let wire = try Wire(unix: daemon.socket)

        try wire.send(
            (0..<50).map { "GET /v1/\($0 % 2 == 0 ? "whoami" : "nothing-\($0)") HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        let answers = try (0..<50).map { _ in try wire.response() }

        #expect(answers.map(\.status) == (0..<50).map { $0 % 2 == 0 ? 200 : 404 })
        #expect(answers[49].json["title"]?.string?.contains("nothing-49") == true)
    }

    @Test("a refused body does not become the next request")
    func refusedBodyIsSkipped() throws {
        let wire = try Wire(unix: daemon.socket)
        let body = "GET /v1 HTTP/1.1\r\nHost: smuggled\r\n\r\n"

        try wire.send("POST /v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let refused = try wire.response()
        let next = try wire.request("GET", "/v1/whoami", bytes: nil, headers: [:], token: nil)

        #expect(statuses(refused, next) == [404, 200])
        #expect(next.json["via"]?.string == "peer")
    }

    @Test("a client that has finished sending still gets its answer")
    func halfClosed() throws {
        let wire = try Wire(unix: daemon.socket)

        try wire.send("GET /v1 HTTP/1.1\r\nHost: a\r\n\r\n")
        wire.finishSending()
        let answer = try wire.response()

        #expect(answer.status == 200)
        #expect(wire.rest() == [])
    }

    @Test("a client that ends in the middle of its body changes nothing")
    func cutBody() throws {
        let wire = try Wire(unix: daemon.socket)
        wire.limit(seconds: 20)
        let body = Samples.json(#"{"kind":"dealer","name":"Cut","code":"CUT"}"#).text

        try wire.send(
            """
            POST /v1/parties HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
            Content-Length: \(body.utf8.count + 1)\r\n\r\n\(body)
            """)
        wire.finishSending()
        let said = String(decoding: wire.rest(), as: UTF8.self)

        #expect(Self.codes(said).filter { $0 < 400 } == [])
        #expect(try daemon.request("GET", "/v1/parties/CUT").status == 404)
    }

    @Test("a client that waits for 100 Continue is told to go on, or is answered")
    func expectContinue() throws {
        let wire = try Wire(unix: daemon.socket)
        wire.limit(seconds: 2)
        let body = Samples.json(#"{"kind":"dealer","name":"Patient","code":"PATIENT"}"#).text

        try wire.send(
            """
            POST /v1/parties HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n\
            Content-Length: \(body.utf8.count)\r\n\r\n
            """)
        let interim = try? wire.head().status

        #expect(interim == 100)
    }

    @Test("a client of HTTP/1.0 is answered and let go")
    func oldClient() throws {
        let said = try conversation("GET /v1 HTTP/1.0\r\n\r\n")

        #expect(said.contains(" 200 ") && said.contains("\"gemd\""))
    }

    @Test("`Connection: close` is honoured")
    func connectionClose() throws {
        let said = try conversation("GET /v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

        #expect(Self.codes(said) == [200])
    }

    // MARK: - Methods and targets

    @Test(
        "a method that is not possible is refused",
        arguments: ["BREW", "TRACE", "CONNECT", "OPTIONS", "DELETE", "PROPFIND"])
    func method(name: String) throws {
        let said = try conversation("\(name) /v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

        let status = try #require(Self.codes(said).first, "\(said)")
        #expect([400, 405, 501].contains(status))
        #expect(try stillAnswers())
    }

    @Test("a refused method comes with those that are allowed")
    func allowed() throws {
        let answer = try daemon.request("DELETE", "/v1/parties")

        #expect(answer.status == 405)
        #expect(answer.headers["allow"]?.contains("POST") == true)
    }

    static let targets = [
        "/v1%2Fparties", "/v1/pieces/%00", "/v1/pieces/stock:R%00", "/v1/pieces/stock:%2e%2e%2f", "/v1/pieces/%FF",
        "/v1/pieces/%", "/v1/pieces/", "/v1//pieces", "/v1/pieces/..", "/pki/..%2fkeys%2flog.key",
        "/pki/%2e%2e/keys/log.key",
        "/pki/../keys/log.key", "/pki/log.key", "/img/..%2f..%2fgemd.db.jpg", "/img/%00.jpg", "/tile/../../gemd.db",
        "/tile/0/x000/000", "/tile/-1/000", "/tile/0/00", "/tile/9999999999999999999/000", "/tile/0/000.p/0",
        "/tile/0/000.p/256", "/tile/entries/000.p/-1", "/c/%2e%2e", "/p/%2e%2e/%2f", "/v1/lots/%00", "/v1/parties/%00",
        "/v1/certificates/%00.json", "/v1/images/" + String(repeating: "a", count: 64),
        "/" + String(repeating: "a", count: 9000),
    ]

    @Test("an address that means nothing is 404 and nothing else", arguments: targets)
    func target(path: String) throws {
        let answer = try daemon.request("GET", path, token: try daemon.token(for: .dealer))

        #expect(answer.status == 404 || path.hasPrefix("/v1/parties") && answer.status == 403, "\(answer.text)")
    }

    @Test(
        "a target of another form is no way in",
        arguments: ["http://gemd/v1", "*", "v1", "//v1", "gemd:80", "/v1#x", "/v1 x"])
    func targetForm(target: String) throws {
        let said = try conversation("GET \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

        let status = try #require(Self.codes(said).first, "\(said)")
        #expect(target == "http://gemd/v1" || target == "/v1#x" || (400..<500).contains(status))
        #expect(status < 500)
        #expect(try stillAnswers())
    }
}
