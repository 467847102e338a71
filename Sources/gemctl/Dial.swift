import ArgumentParser
import Dispatch
import Glibc

struct DialCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dial-stdio", abstract: "Join standard input and output to the daemon's socket.",
        discussion: """
            What `gemctl --host ssh://…` runs on the other machine. Nothing else is written to standard output.

            EXAMPLES
              ssh ali@gems.example gemctl dial-stdio
            """, shouldDisplay: false)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        guard
            case .unix(let path) = try Endpoint(
                socket: global.socket, host: global.host, setting: Console.current.setting)
        else {
            throw Failure(.usage, "dial-stdio joins a socket on this machine", hint: "leave out --host")
        }
        let socket = try Dial.connect(path)
        Dial.join(input: 0, output: 1, socket: socket)
    }
}

/// Copies bytes both ways between a pair of descriptors and a socket.
enum Dial {
    static let pieceBytes = 65_536

    static func connect(_ path: String) throws(Failure) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { space in
            guard path.utf8.count < space.count else { return false }
            space.copyBytes(from: path.utf8)
            return true
        }
        guard fits else {
            throw Failure(.usage, "the socket's path is longer than 107 bytes: \(path)", hint: "name a shorter one")
        }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Endpoint.failure(path: path, errno: code)
        }
        return descriptor
    }

    /// Returns when both directions have ended; closes `socket` and `output`.
    ///
    /// The end of the input becomes the end of what the daemon reads, and the other way round;
    /// the opposite direction goes on. When the daemon has gone for good, waiting for input ends.
    static func join(input: CInt, output: CInt, socket: CInt) {
        signal(SIGPIPE, SIG_IGN)
        let upload = DispatchQueue(label: "gemctl.dial.upload")
        let uploaded = DispatchGroup()
        upload.async(group: uploaded) {
            copy(from: input, to: socket, whileAlive: socket)
            shutdown(socket, CInt(SHUT_WR))
        }
        copy(from: socket, to: output, whileAlive: nil)
        // The reader sees the end at once, even while the upload still runs.
        close(output)
        uploaded.wait()
        close(socket)
    }

    private static func copy(from source: CInt, to target: CInt, whileAlive socket: CInt?) {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 16)
        defer { space.deallocate() }
        while true {
            if let socket, !isReadable(source, whileAlive: socket) { return }
            let count = read(source, space.baseAddress, pieceBytes)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return }
            var sent = 0
            while sent < count {
                let written = write(target, space.baseAddress! + sent, count - sent)
                if written < 0, errno == EINTR { continue }
                if written < 0, errno == EAGAIN {
                    var wait = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
                    poll(&wait, 1, -1)
                    continue
                }
                guard written > 0 else { return }
                sent += written
            }
        }
    }

    /// Waits for input; false when the socket's other end has closed both directions.
    private static func isReadable(_ source: CInt, whileAlive socket: CInt) -> Bool {
        var waits = [pollfd(fd: source, events: Int16(POLLIN), revents: 0), pollfd(fd: socket, events: 0, revents: 0)]
        while poll(&waits, 2, -1) < 0 { guard errno == EINTR else { return false } }
        return waits[1].revents & Int16(POLLHUP | POLLERR) == 0
    }
}
