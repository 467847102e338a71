import Foundation
import GemModel
import Testing

/// A gemd of its own for one test: the built program, a fresh state, a private socket.
final class TestDaemon: @unchecked Sendable {
    // Sendable: `process` is replaced only by `start()`, which tests call one after the other.
    let directory: String
    var state: String { directory + "/state" }
    var socket: String { directory + "/gemd.sock" }
    private(set) var process = Process()
    private(set) var publicPort = 0
    private var log = Pipe()

    static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    static var gemd: String { products.appendingPathComponent("gemd").path }

    init(
        publicURL: String = "https://gems.example", arguments: [String] = [], environment: [String: String] = [:],
        in parent: String = NSTemporaryDirectory(), database: String? = nil
    ) throws {
        directory = "\(parent)/gemd-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let made = try Self.run(
            Self.gemd,
            ["init", "--state", state, "--issuer", "GGAPCP", "--name", "Gem Council", "--public-url", publicURL]
                + (database.map { ["--database", $0] } ?? []))
        guard made.status == 0 else { throw Failure("gemd init: \(made.error)") }
        try start(arguments, environment: environment)
    }

    deinit {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        // A left-over directory harms no test; the system clears it.
        try? FileManager.default.removeItem(atPath: directory)
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// Starts and waits until both listeners say they are ready.
    func start(_ arguments: [String] = [], environment: [String: String] = [:]) throws {
        process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        log = Pipe()
        process.executableURL = URL(fileURLWithPath: Self.gemd)
        process.arguments = ["serve", "--state", state, "--socket", socket, "--public", "127.0.0.1:0"] + arguments
        process.standardError = log
        // One that outlives the tests must not hold their output open: whoever reads it waits for its end.
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !(text.contains("listener=control") && text.contains("listener=public")) {
            let data = log.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure("gemd did not start: \(text)") }
            text += String(decoding: data, as: UTF8.self)
        }
        if let range = text.range(of: "address=127.0.0.1:") {
            publicPort = Int(text[range.upperBound...].prefix { $0.isNumber }) ?? 0
        }
        // Keep the pipe empty, so that a chatty daemon never waits for us.
        log.fileHandleForReading.readabilityHandler = { handle in _ = handle.availableData }
    }

    func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationStatus
    }

    static func run(
        _ program: String, _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, error: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.hasPrefix("/") ? program : "/usr/bin/env")
        process.arguments = program.hasPrefix("/") ? arguments : [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, error, stdin) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        process.standardInput = stdin
        try process.run()
        if let input { stdin.fileHandleForWriting.write(Data(input.utf8)) }
        try stdin.fileHandleForWriting.close()
        let out = output.fileHandleForReading.readDataToEndOfFile()
        let err = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: out, as: UTF8.self), String(decoding: err, as: UTF8.self))
    }

    // MARK: - Requests

    func request(
        _ method: String, _ path: String, _ body: JSON? = nil, headers: [String: String] = [:], token: String? = nil
    ) throws -> Response {
        var headers = headers
        if body != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        return try request(method, path, bytes: body?.bytes, headers: headers, token: token)
    }

    func request(
        _ method: String, _ path: String, bytes: [UInt8]?, headers: [String: String], token: String? = nil
    ) throws -> Response {
        let connection = try Wire(unix: socket)
        return try connection.request(method, path, bytes: bytes, headers: headers, token: token)
    }

    /// From the public listener.
    func visit(_ path: String) throws -> Response {
        try Wire(port: publicPort).request("GET", path, bytes: nil, headers: [:], token: nil)
    }

    /// A member with a token; made by the administrator, who is whoever runs the tests.
    func member(of party: String, roles: [String]) throws -> String {
        let member = try request(
            "POST", "/v1/parties/\(party)/members",
            .object(["name": .string("test " + roles.joined()), "roles": .array(roles.map(JSON.string))]))
        let id = try #require(member.json["id"]?.string, "\(member.text)")
        let token = try request("POST", "/v1/members/\(id)/tokens", .object([]))
        return try #require(token.json["secret"]?.string, "\(token.text)")
    }

    /// A party of its own with one member who has all its usual roles.
    func dealer(_ name: String, code: String) throws -> (party: String, token: String) {
        let party = try request(
            "POST", "/v1/parties", .object(["kind": "dealer", "name": .string(name), "code": .string(code)]))
        let id = try #require(party.json["id"]?.string, "\(party.text)")
        return (id, try member(of: id, roles: ["dealer", "exporter"]))
    }
}

/// One answer.
struct Response {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    /// Null when the body is none.
    var json: JSON { (try? JSON(parsing: body)) ?? .null }
    var problem: String? { json["type"]?.string.map { String($0.dropFirst("urn:gemd:".count)) } }
    var lines: [JSON] { body.split(separator: 10).compactMap { try? JSON(parsing: Array($0)) } }
}

/// A bare connection: what is sent is exactly what the test says.
final class Wire {
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var trailers: [String: String] = [:]

    init(unix path: String) throws {
        descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw TestDaemon.Failure("connect \(path): \(String(cString: strerror(errno)))") }
        limitWaiting()
    }

    init(port: Int) throws {
        descriptor = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw TestDaemon.Failure("connect to port \(port): \(String(cString: strerror(errno)))")
        }
        limitWaiting()
    }

    deinit { close(descriptor) }

    /// A daemon that never answers fails the test instead of holding it up.
    private func limitWaiting() { limit(seconds: 60) }

    func send(_ bytes: some Sequence<UInt8>) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw TestDaemon.Failure("send: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(sent)
        }
    }

    func send(_ text: String) throws { try send(text.utf8) }

    func request(
        _ method: String, _ path: String, bytes: [UInt8]?, headers: [String: String], token: String?
    ) throws -> Response {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: gemd\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let bytes, headers["Content-Length"] == nil { head += "Content-Length: \(bytes.count)\r\n" }
        try send(Array((head + "\r\n").utf8) + (bytes ?? []))
        return try response(toHead: method == "HEAD")
    }

    /// Nil at the end of the stream.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw TestDaemon.Failure("receive: \(String(cString: strerror(errno)))") }
        buffer += chunk.prefix(count)
        return count > 0
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { guard try fill() else { throw TestDaemon.Failure("the answer is cut off") } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = try take(end + 1)
                return String(decoding: line.dropLast(line.dropLast().last == 13 ? 2 : 1), as: UTF8.self)
            }
            guard try fill() else { throw TestDaemon.Failure("the connection was closed without an answer") }
        }
    }

    func response(toHead: Bool = false) throws -> Response {
        var (status, headers) = try head()
        var body: [UInt8] = []
        if toHead || status == 204 || status == 304 {
        } else if headers["transfer-encoding"] == "chunked" {
            while let chunk = try chunk() { body += chunk }
            headers.merge(trailers) { $1 }
        } else {
            body = try take(headers["content-length"].flatMap { Int($0) } ?? 0)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Status line and header of an answer whose body is read bit by bit.
    func head() throws -> (status: Int, headers: [String: String]) {
        let statusLine = try line()
        guard let status = Int(statusLine.split(separator: " ")[1]) else { throw TestDaemon.Failure(statusLine) }
        return (status, try fields())
    }

    /// The header, or the trailers, up to the empty line.
    private func fields() throws -> [String: String] {
        var fields: [String: String] = [:]
        while case let text = try line(), !text.isEmpty {
            let parts = text.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return fields
    }

    /// The next chunk of a chunked body; nil after the last, when `trailers` are known.
    func chunk() throws -> [UInt8]? {
        guard let size = Int(try line(), radix: 16) else { throw TestDaemon.Failure("no chunk") }
        guard size > 0 else {
            trailers = try fields()
            return nil
        }
        let bytes = try take(size)
        _ = try line()
        return bytes
    }

    /// All that still comes until the peer closes; a reset ends it too.
    func rest() -> [UInt8] {
        do { while try fill() {} } catch {}  // a reset is an end
        defer { buffer = [] }
        return buffer
    }

    /// How long one send or one receive may take.
    func limit(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Says that nothing more will be sent; answers are still read.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Whether the peer closes the connection without sending anything more.
    func isClosedByPeer() throws -> Bool { buffer.isEmpty ? try !fill() : false }
}
