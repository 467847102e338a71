import Glibc

/// Where the daemon is: a socket here, or one reached through ssh.
enum Endpoint: Hashable, Sendable, CustomStringConvertible {
    case unix(path: String)
    /// `destination` is `[user@]host`; neither part can be taken for an option of ssh.
    case ssh(destination: String, port: Int?)

    static let defaultSocket = "/run/gemd/gemd.sock"

    /// As `--host` takes it.
    var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .ssh(let destination, let port): "ssh://\(destination)" + (port.map { ":\($0)" } ?? "")
        }
    }

    /// Options win over the environment, and there a host over a socket.
    init(socket: String?, host: String?, setting: (String) -> String?) throws(Failure) {
        if socket != nil, host != nil {
            throw Failure(.usage, "--socket and --host name two daemons", hint: "keep one of them")
        }
        if let socket {
            self = .unix(path: socket)
        } else if let host = host ?? setting("GEMD_HOST") {
            self = try Self(host: host)
        } else {
            self = .unix(path: setting("GEMD_SOCKET") ?? Self.defaultSocket)
        }
    }

    init(host text: String) throws(Failure) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/") else {
                throw Failure(.usage, "\"\(text)\" has no absolute path", hint: "write unix:///run/gemd/gemd.sock")
            }
            self = .unix(path: path)
            return
        }
        let refused = Failure(
            .usage, "\"\(text)\" is no address gemctl knows", hint: "write ssh://user@host or unix:///path")
        guard text.hasPrefix("ssh://") else { throw refused }
        var destination = text.dropFirst("ssh://".count)
        if destination.last == "/" { destination = destination.dropLast() }
        var port: Int?
        if let colon = destination.lastIndex(of: ":"), destination[colon...].firstIndex(of: "]") == nil {
            guard let number = Int(destination[destination.index(after: colon)...]), (1...65535).contains(number) else {
                throw refused
            }
            port = number
            destination = destination[..<colon]
        }
        // "ssh://-oProxyCommand=…" would be an option of ssh, not a host.
        let parts = destination.split(separator: "@", omittingEmptySubsequences: false)
        let allowed = { (byte: UInt8) in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || ".-_:[]%".utf8.contains(byte)
        }
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix("-") && $0.utf8.allSatisfy(allowed) })
        else {
            throw refused
        }
        self = .ssh(destination: String(destination.filter { $0 != "[" && $0 != "]" }), port: port)
    }

    /// Why a connection to a socket failed, and what its owner can do.
    static func failure(path: String, errno code: CInt) -> Failure {
        let group = group(of: path)
        let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
        switch code {
        case EACCES, EPERM:
            return Failure(
                .unreachable,
                group.map { "you may not use the socket \(path) (group \($0); you are \(user))" }
                    ?? "you may not use the socket \(path)",
                hint: "`sudo adduser \(user) \(group ?? "gemd")`, then log in again", code: "unreachable")
        case ENOENT, ENOTDIR:
            return Failure(
                .unreachable, "gemd is not running: there is no socket at \(path)",
                hint: "start it with `systemctl start gemd`, or name its socket with --socket or GEMD_SOCKET",
                code: "unreachable")
        case ECONNREFUSED:
            return Failure(
                .unreachable, "gemd is not running: nobody answers at \(path)",
                hint: "start it with `systemctl start gemd`; its users are in the group \(group ?? "gemd")",
                code: "unreachable")
        default:
            return Failure(
                .unreachable, "gemd cannot be reached at \(path): \(systemError(code))",
                hint: "check `systemctl status gemd`", code: "unreachable")
        }
    }

    private static func group(of path: String) -> String? {
        var facts = stat()
        guard stat(path, &facts) == 0, let group = getgrgid(facts.st_gid) else { return nil }
        return String(cString: group.pointee.gr_name)
    }
}
