import Glibc

/// `ssh … gemctl dial-stdio`, whose standard input and output are one end of a socket pair.
struct SSH: Sendable {
    let destination: String
    let pid: pid_t
    /// Our end; whoever takes it closes it.
    let descriptor: CInt

    /// `command` is `ssh`, or the words of GEMD_SSH separated by spaces.
    static func start(destination: String, port: Int?, command: String) throws -> SSH {
        var words = command.split(separator: " ").map(String.init)
        if let port { words += ["-p", String(port)] }
        words += ["-T", destination, "gemctl", "dial-stdio"]

        var pair: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw Failure(.unreachable, "make a socket pair: \(systemError())")
        }
        defer { close(pair[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pair[1], 0)
        posix_spawn_file_actions_adddup2(&actions, pair[1], 1)
        // A signal that this thread holds back would never reach it, also not the one that ends it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        var environment: [UnsafeMutablePointer<CChar>?] = Self.environment().map { strdup($0) } + [nil]
        defer { for setting in environment { free(setting) } }
        let code = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &environment)
        guard code == 0 else {
            close(pair[0])
            throw Failure(
                .unreachable, "run \(words[0]): \(systemError(code))",
                hint: "install openssh-client, or check GEMD_SSH",
                code: "unreachable")
        }
        return SSH(destination: destination, pid: pid, descriptor: pair[0])
    }

    /// Waits for the end of ssh and says, when it failed, whose fault that was.
    func finish() -> Failure? {
        var status: CInt = 0
        for _ in 0..<300 {
            if waitpid(pid, &status, WNOHANG) != 0 { return judge(status) }
            usleep(10_000)
        }
        // It has had three seconds since its input ended.
        kill(pid, SIGTERM)
        waitpid(pid, &status, 0)
        return nil
    }

    private func judge(_ status: CInt) -> Failure? {
        guard status & 0x7F == 0 else {
            return Failure(.unreachable, "ssh to \(destination) was ended by a signal", code: "unreachable")
        }
        switch status >> 8 & 0xFF {
        case 0: return nil
        case 127:
            return Failure(
                .unreachable, "there is no gemctl on \(destination)",
                hint: "install gemd there, or put gemctl on the PATH of ssh",
                code: "unreachable")
        case Outcome.unreachable.rawValue:
            return Failure(
                .unreachable, "gemd on \(destination) cannot be reached",
                hint: "the lines above say why; try `ssh \(destination) gemctl status`",
                code: "unreachable")
        default:
            return Failure(
                .unreachable, "ssh to \(destination) failed", hint: "try `ssh \(destination) gemctl status`",
                code: "unreachable")
        }
    }

    /// This process's environment without the token: that travels inside the connection only.
    private static func environment() -> [String] {
        // Glibc's `environ` is a mutable global, which Swift 6 rightly refuses.
        // Without /proc, ssh starts with an empty environment and asks for what it needs.
        let bytes = (try? FileReader.bytes(of: "/proc/self/environ", limit: 1 << 22)) ?? []
        let settings = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return settings.filter { !$0.hasPrefix("GEMD_TOKEN=") }
    }
}
