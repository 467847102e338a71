import GemModel
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1

/// Asks the daemon, one request after the other over one connection.
///
/// A connection lost before the answer began is made again once, and the request repeated, if that
/// is safe (``Request/repeats``); the person is told.
final class Client {
    /// Answers taken whole into memory; lists are at most 500 pieces.
    static let maxAnswerBytes = 64 << 20

    let endpoint: Endpoint
    private let token: String?
    private let language: Language?
    private let timeoutSeconds: Int
    /// Whether what finds no link is kept for later.
    let keepsOutbox: Bool
    private let note: (Message) -> Void
    private var connection: Connection?

    init(
        endpoint: Endpoint, token: String?, language: Language?, timeoutSeconds: Int, keepsOutbox: Bool = false,
        note: @escaping (Message) -> Void
    ) {
        self.keepsOutbox = keepsOutbox
        self.endpoint = endpoint
        self.token = token
        self.language = language
        self.timeoutSeconds = timeoutSeconds
        self.note = note
    }

    /// The whole answer of a request that succeeded; throws ``Failure`` for any other.
    func send(_ request: Request) async throws -> Answer {
        var retried = false
        for _ in 0..<20 {
            do {
                return try await exchange(request, whole: true, retried: &retried) { body in
                    Answer(
                        etag: body.head.headers.first(name: "ETag"),
                        isLines: body.head.headers.first(name: "Content-Type")?.contains("ndjson") == true,
                        body: try await body.bytes(limit: Self.maxAnswerBytes))
                }
            } catch let failure as Failure where retried && failure.code == "in-flight" {
                // The first asking still runs; its answer will be kept under the key.
                try await Task.sleep(for: .milliseconds(500))
            }
        }
        throw Failure(
            .conflict, "the daemon is still busy with the first asking",
            hint: "look whether it was done before asking again")
    }

    func get(_ segments: String..., query: [(String, String?)] = []) async throws -> Answer {
        try await send(Request(.GET, segments, query: query))
    }

    /// Streams an answer: `receive` gets the body as it comes, while the request's body is still being sent.
    func exchange<Value>(_ request: Request, _ receive: (AnswerBody) async throws -> Value) async throws -> Value {
        var retried = false
        return try await exchange(request, whole: false, retried: &retried, receive)
    }

    func close() async {
        await connection?.close()
        connection = nil
    }

    /// `whole`: nothing of the answer is used before its end, so it may be asked for again until then.
    private func exchange<Value>(
        _ request: Request, whole: Bool, retried: inout Bool, _ receive: (AnswerBody) async throws -> Value
    ) async throws -> Value {
        while true {
            var begun = false
            do {
                return try await attempt(request) { body in
                    begun = true
                    return try await receive(body)
                }
            } catch let lost as ConnectionLost {
                let reason = await connection?.close()
                connection = nil
                if let reason { throw reason }
                guard request.repeats, whole || !begun, !retried, !lost.timedOut else {
                    throw words(for: lost, request)
                }
                retried = true
                note("the connection was lost; asking once more (nothing is done twice)")
            }
        }
    }

    private func words(for lost: ConnectionLost, _ request: Request) -> Failure {
        if lost.timedOut {
            return Failure(
                .failed, "gemd has been silent for \(timeoutSeconds) seconds",
                hint: "look whether the work was done; allow more with --timeout", code: "timeout")
        }
        return Failure(
            .failed, "gemd closed the connection before its answer was complete",
            hint: request.repeats
                ? "check `systemctl status gemd`, then ask again" : "look how far it came before asking again",
            code: "connection-lost")
    }

    private func attempt<Value>(_ request: Request, _ receive: (AnswerBody) async throws -> Value) async throws -> Value
    {
        let connection = try await connected()
        let head = head(of: request)
        let chunks: @Sendable () async throws -> ByteBuffer? =
            switch request.body {
            case .none: { nil }
            case .bytes(let bytes, _): Self.once(ByteBuffer(bytes: bytes))
            case .stream(_, _, let open): try open()
            }
        return try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            group.addTask { await connection.send(head, chunks) }
            let result: Result<Value, any Error>
            do {
                result = .success(try await Self.answer(over: connection, receive))
            } catch {
                result = .failure(error)
            }
            // An early answer, such as 403, comes while we still send: the rest is not wanted,
            // and input that does not come must not be waited for.
            if await !connection.isIdle {
                await connection.hangUp()
                group.cancelAll()
            }
            if let failure = try await group.next() ?? nil { throw failure }
            return try result.get()
        }
    }

    private static func answer<Value>(
        over connection: Connection, _ receive: (AnswerBody) async throws -> Value
    ) async throws -> Value {
        guard case .head(let head) = try await connection.next() else { throw ConnectionLost(timedOut: false) }
        let body = AnswerBody(head: head, connection: connection)
        guard (200..<300).contains(head.status.code) else {
            throw Failure(status: Int(head.status.code), body: try await body.bytes(limit: 1 << 20))
        }
        let value = try await receive(body)
        while try await body.next() != nil {}
        return value
    }

    private func connected() async throws -> Connection {
        if let connection {
            if await connection.isIdle { return connection }
            await connection.close()
        }
        let opened = try await Connection.open(
            endpoint, timeoutSeconds: timeoutSeconds, sshCommand: Console.current.setting("GEMD_SSH") ?? "ssh")
        connection = opened
        return opened
    }

    private func head(of request: Request) -> HTTPRequestHead {
        var headers = HTTPHeaders([("Host", "gemd"), ("User-Agent", "gemctl/\(VersionCommand.version)")])
        if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let language { headers.add(name: "Accept-Language", value: language.rawValue) }
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        switch request.body {
        case .none:
            if request.method != .GET { headers.add(name: "Content-Length", value: "0") }
        case .bytes(let bytes, let type):
            headers.add(name: "Content-Type", value: type)
            headers.add(name: "Content-Length", value: String(bytes.count))
        case .stream(let type, let length, _):
            headers.add(name: "Content-Type", value: type)
            headers.add(
                name: length == nil ? "Transfer-Encoding" : "Content-Length",
                value: length.map(String.init) ?? "chunked")
        }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: request.target,
            headers: headers)
    }

    private static func once(_ buffer: ByteBuffer) -> @Sendable () async throws -> ByteBuffer? {
        let rest = NIOLockedValueBox<ByteBuffer?>(buffer)
        return {
            rest.withLockedValue { rest in
                defer { rest = nil }
                return rest
            }
        }
    }
}

/// The body of one answer, read forward once.
final class AnswerBody {
    let head: HTTPResponseHead
    private let connection: Connection
    private var ended = false
    /// Header fields that came after the body; known once it has ended.
    private(set) var trailers: HTTPHeaders?

    init(head: HTTPResponseHead, connection: Connection) {
        self.head = head
        self.connection = connection
    }

    /// Nil after the last byte. Throws ``ConnectionLost`` when the end never came.
    func next() async throws -> ByteBuffer? {
        while !ended {
            switch try await connection.next() {
            case .body(let buffer): return buffer
            case .end(let trailers):
                ended = true
                self.trailers = trailers
            case .head: throw ConnectionLost(timedOut: false)
            }
        }
        return nil
    }

    func bytes(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try await next() {
            guard bytes.count + buffer.readableBytes <= limit else {
                throw Failure(
                    .failed, "the daemon's answer is longer than \(limit) bytes",
                    hint: "ask for less, such as --limit 100")
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    /// The lines of an NDJSON body, each of at most `limit` bytes.
    func lines(limit: Int = 1 << 20, _ line: ([UInt8]) async throws -> Void) async throws {
        var rest: [UInt8] = []
        while let buffer = try await next() {
            var view = buffer.readableBytesView[...]
            while let end = view.firstIndex(of: UInt8(ascii: "\n")) {
                rest.append(contentsOf: view[..<end])
                if !rest.isEmpty { try await line(rest) }
                rest.removeAll(keepingCapacity: true)
                view = view[view.index(after: end)...]
            }
            rest.append(contentsOf: view)
            guard rest.count <= limit else {
                throw Failure(.failed, "a line of the daemon's answer is longer than \(limit) bytes")
            }
        }
        if !rest.isEmpty { try await line(rest) }
    }
}
