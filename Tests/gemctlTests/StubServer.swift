import Dispatch
import Glibc
import NIOConcurrencyHelpers

@testable import gemctl

/// A daemon of a few lines on a Unix socket of its own: each connection is handled by `handle` on its own thread.
final class StubServer: Sendable {
    let directory: String
    var path: String { directory + "/gemd.sock" }
    private let listener: CInt

    /// `handle` gets the connection and its number, from 0.
    init(_ handle: @escaping @Sendable (Peer, Int) -> Void) {
        directory = temporaryDirectory()
        let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = directory + "/gemd.sock"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(bound == 0 && listen(listener, 8) == 0, "cannot listen at \(path)")
        Thread.start {
            var number = 0
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                let count = number
                Thread.start {
                    let peer = Peer(descriptor: descriptor)
                    handle(peer, count)
                    peer.close()
                }
                number += 1
            }
        }
    }

    deinit {
        shutdown(listener, CInt(SHUT_RDWR))
        close(listener)
        unlink(path)
        rmdir(directory)
    }
}

enum Thread {
    static func start(_ body: @escaping @Sendable () -> Void) { DispatchQueue(label: "stub").async(execute: body) }
}

/// Two connected sockets of this process alone: a copy in another test's child would keep a reader from ever seeing
/// the end.
func pairOfEnds() -> (CInt, CInt) {
    var pair: [CInt] = [-1, -1]
    precondition(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
    return (pair[0], pair[1])
}

func temporaryDirectory() -> String {
    var name = Array("/tmp/gemctl-test.XXXXXX".utf8CString)
    precondition(mkdtemp(&name) != nil)
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// One connection as the stub sees it; used by one thread.
final class Peer {
    private let descriptor: CInt
    private var buffer: ArraySlice<UInt8> = []

    init(descriptor: CInt) { self.descriptor = descriptor }

    func close() { Glibc.close(descriptor) }

    /// Request line and headers, lower-cased names; nil when the client has gone.
    func head() -> (line: String, headers: [String: String])? {
        var lines: [String] = []
        while let line = line(ending: "\r\n") {
            if line.isEmpty {
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
                }
                return (lines.first ?? "", headers)
            }
            lines.append(line)
        }
        return nil
    }

    func request() -> (line: String, headers: [String: String], body: [UInt8])? {
        guard let (line, headers) = head() else { return nil }
        var body: [UInt8] = []
        if let length = headers["content-length"] {
            body = bytes(Int(length)!)
        } else if headers["transfer-encoding"] == "chunked" {
            while let chunk = chunk() { body += chunk }
        }
        return (line, headers, body)
    }

    /// The next chunk of a chunked body; nil after the last.
    func chunk() -> [UInt8]? {
        guard let size = line(ending: "\r\n").flatMap({ Int($0, radix: 16) }) else { return nil }
        let chunk = bytes(size)
        _ = bytes(2)
        return size == 0 ? nil : chunk
    }

    func bytes(_ count: Int) -> [UInt8] {
        while buffer.count < count { guard fill() else { break } }
        defer { buffer = buffer.dropFirst(count) }
        return Array(buffer.prefix(count))
    }

    func line(ending: String) -> String? {
        let mark = UInt8(ascii: "\n")
        while true {
            if let end = buffer.firstIndex(of: mark) {
                var line = Array(buffer[..<end])
                if ending == "\r\n", line.last == UInt8(ascii: "\r") { line.removeLast() }
                buffer = buffer[(end + 1)...]
                return String(decoding: line, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func answer(_ body: String, headers: String = "") { answer("200 OK", body, headers: headers) }

    func answer(_ status: String, type: String = "application/json", _ body: String, headers: String = "") {
        send(
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
        )
    }

    func answer(_ body: [UInt8], type: String) {
        send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n")
        send(body)
    }

    func beginChunked(type: String = "application/x-ndjson") {
        send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    func chunk(_ text: String) { send(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n") }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &piece, piece.count)
        guard count > 0 else { return false }
        buffer = ArraySlice(Array(buffer) + piece[..<count])
        return true
    }
}

/// What a command wrote and how it ended.
struct Run: Sendable {
    var outcome: Outcome
    var out: String
    var err: String
}

/// Runs a command line in this process against a socket.
func gemctl(_ arguments: String..., socket: String? = nil, input: CInt = 0, settings: [String: String] = [:]) async
    -> Run
{
    await gemctl(arguments: arguments, socket: socket, input: input, settings: settings)
}

func gemctl(
    arguments: [String], socket: String? = nil, input: CInt = 0, settings: [String: String] = [:]
) async -> Run {
    let out = Box()
    let err = Box()
    let console = Console(
        setting: { $0 == "GEMD_SOCKET" ? socket : settings[$0] }, write: out.add, writeError: err.add, input: input)
    let outcome = await Console.$current.withValue(console) { await Gemctl.run(arguments) }
    return Run(outcome: outcome, out: out.text, err: err.text)
}

/// Text that several tasks add to.
final class Box: Sendable {
    private let bytes = NIOLockedValueBox([UInt8]())

    var text: String { String(decoding: bytes.withLockedValue { $0 }, as: UTF8.self) }

    @Sendable func add(_ more: [UInt8]) { bytes.withLockedValue { $0 += more } }
}
