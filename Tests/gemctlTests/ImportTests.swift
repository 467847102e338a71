import GemModel
import Glibc
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import gemctl

@Suite struct ImportTests {
    static let rows = 8_000

    /// Almost 2 MB, far beyond what sockets buffer.
    static func file() throws -> String {
        let path = temporaryDirectory() + "/stock.ndjson"
        var text = ""
        for row in 1...rows {
            text +=
                #"{"kind":"stone","stockNumber":"R-\#(row)","title":"\#(String(repeating: "x", count: 160))"}"# + "\n"
        }
        try write(Array(text.utf8), to: path)
        return path
    }

    /// An answer as long as a row, so that a client that does not read stops the server.
    static func answer(_ line: Int) -> String {
        line % 1000 == 0
            ? #"{"line":\#(line),"status":422,"problem":{"title":"no weight","hint":"weigh it","field":"stone.weightCt","status":422}}"#
                + "\n"
            : #"{"line":\#(line),"status":201,"id":"\#(line)","note":"\#(String(repeating: "y", count: 160))"}"# + "\n"
    }

    static let done = #"{"done":true,"lines":8000,"created":7992,"unchanged":0,"refused":8}"# + "\n"

    enum Manner: CaseIterable, Sendable {
        /// Answers each line before it reads the next: stops unless the client reads while it sends.
        case lineByLine
        /// Reads all, then answers.
        case readsAllFirst
        /// Not even a head before all was read, then everything at once.
        case silentUntilTheEnd
    }

    @Test("a bulk import ends well however the server paces itself", arguments: Manner.allCases)
    func duplex(manner: Manner) async throws {
        let path = try Self.file()
        let server = StubServer { peer, _ in
            guard let (_, headers) = peer.head(), headers["idempotency-key"] == nil else { return }
            if manner != .silentUntilTheEnd { peer.beginChunked() }
            var answers: [String] = []
            for line in 1...Self.rows {
                _ = peer.line(ending: "\n")
                if manner == .lineByLine { peer.chunk(Self.answer(line)) } else { answers.append(Self.answer(line)) }
            }
            if manner == .silentUntilTheEnd { peer.beginChunked() }
            if !answers.isEmpty { peer.chunk(answers.joined()) }
            peer.chunk(Self.done)
            peer.send("0\r\n\r\n")
        }

        let run = await gemctl("piece", "import", path, "--refused", path + ".refused", socket: server.path)

        #expect(run.outcome == .partly)
        #expect(run.out.contains("line 1000: stone.weightCt: no weight\n"))
        #expect(run.out.hasSuffix("7992 new · 0 already there · 8 refused → \(path).refused\n"))
        let refused = try FileReader.bytes(of: path + ".refused", limit: 1 << 20).split(separator: 10).map {
            try JSON(parsing: Array($0))
        }
        #expect(refused.count == 8)
        #expect(refused.first?["line"] == .integer(1000))
        #expect(refused.first?["row"]?["stockNumber"] == "R-1000")
        #expect(refused.last?["row"]?["stockNumber"] == "R-8000")
        #expect(refused.last?["title"] == "no weight")
        unlink(path)
        unlink(path + ".refused")
        rmdir(String(path.dropLast("/stock.ndjson".count)))
    }

    @Test("a line is answered before the next is written")
    func interleaved() async throws {
        let (reading, writing) = pairOfEnds()
        let first = #"{"kind":"stone","stockNumber":"A"}"# + "\n"
        let second = #"not json"# + "\n"
        _ = first.withCString { Glibc.write(writing, $0, strlen($0)) }
        let server = StubServer { peer, _ in
            guard let (line, headers) = peer.head(), line.contains("dryRun=true"),
                headers["transfer-encoding"] == "chunked"
            else { return }
            peer.beginChunked()
            _ = peer.chunk()
            peer.chunk(#"{"line":1,"status":201}"# + "\n")
            // Only now does the second line come to be.
            _ = second.withCString { Glibc.write(writing, $0, strlen($0)) }
            close(writing)
            while peer.chunk() != nil {}
            peer.chunk(
                #"{"line":2,"status":400,"problem":{"title":"no JSON"}}"# + "\n" + #"{"done":true,"lines":2}"# + "\n")
            peer.send("0\r\n\r\n")
        }
        let refused = server.directory + "/refused"

        let run = await gemctl(
            "piece", "import", "-", "--dry-run", "--refused", refused, socket: server.path, input: reading)

        #expect(run.outcome == .partly)
        #expect(
            run.out
                == "line 2: no JSON\n1 new · 0 already there · 1 refused → \(refused) (nothing was stored: --dry-run)\n"
        )
        #expect(
            String(decoding: try FileReader.bytes(of: refused, limit: 1000), as: UTF8.self)
                == #"{"line":2,"status":400,"title":"no JSON","row":"not json"}"# + "\n")
        unlink(refused)
        close(reading)
    }

    @Test("an answer that breaks off is told with the count that is safe")
    func cutOff() async throws {
        let path = try Self.file()
        let server = StubServer { peer, _ in
            _ = peer.head()
            peer.beginChunked()
            for line in 1...5 { peer.chunk(Self.answer(line)) }
        }

        let run = await gemctl("piece", "import", path, socket: server.path)

        #expect(run.outcome == .failed)
        #expect(run.err.contains("after 5 answered lines (5 new, 0 already there, 0 refused)"))
        #expect(run.err.contains("run the same import again"))
        unlink(path)
        rmdir(String(path.dropLast("/stock.ndjson".count)))
    }

    @Test("a refusal at once ends an import that waits for input")
    func refusedAtOnce() async throws {
        let (reading, writing) = pairOfEnds()
        let server = StubServer { peer, _ in
            _ = peer.head()
            peer.answer(
                "403 Forbidden", type: "application/problem+json",
                #"{"type":"urn:gemd:not-allowed","title":"you lack the role dealer"}"#)
        }

        let run = await gemctl("piece", "import", "-", socket: server.path, input: reading)

        #expect(run.outcome == .notAllowed)
        #expect(run.err == "gemctl: error: you lack the role dealer\n")
        close(reading)
        close(writing)
    }

    @Test("a file that grows meanwhile is sent as it was when it was opened")
    func growing() async throws {
        let path = temporaryDirectory() + "/stock.ndjson"
        try write(Array("{}\n".utf8), to: path)
        let reader = try FileReader(path: path)
        try write(Array("{}\n{}\n".utf8), to: path)

        let first = try await reader.next()
        let second = try await reader.next()

        #expect(first?.readableBytes == 3)
        #expect(second == nil)
        unlink(path)
        rmdir(String(path.dropLast("/stock.ndjson".count)))
    }

    @Test("programs get the answer lines as they came")
    func json() async throws {
        let path = temporaryDirectory() + "/stock.ndjson"
        try write(Array("{}\n".utf8), to: path)
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.beginChunked()
            peer.chunk("{\"line\":1, \"status\":201}\n{\"done\":true,\"lines\":1}\n")
            peer.send("0\r\n\r\n")
        }

        let run = await gemctl("piece", "import", path, "-o", "json", socket: server.path)

        #expect(run.outcome == .ok)
        #expect(run.out == "{\"line\":1, \"status\":201}\n{\"done\":true,\"lines\":1}\n")
        unlink(path)
        rmdir(String(path.dropLast("/stock.ndjson".count)))
    }
}
