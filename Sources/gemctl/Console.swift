import Glibc

/// Where a command writes and finds its settings: the process's own streams and environment, or a test's.
struct Console: Sendable {
    /// The environment variable of that name; empty counts as unset.
    var setting: @Sendable (String) -> String?
    var write: @Sendable ([UInt8]) -> Void
    var writeError: @Sendable ([UInt8]) -> Void
    /// The descriptor commands read `-` from.
    var input: CInt = 0
    var outputIsTerminal = false
    var errorIsTerminal = false

    @TaskLocal static var current = Console.process

    static let process = Console(
        setting: { name in
            guard let value = getenv(name), value.pointee != 0 else { return nil }
            return String(cString: value)
        },
        write: { writeAll($0, to: 1) }, writeError: { writeAll($0, to: 2) },
        outputIsTerminal: isatty(1) == 1, errorIsTerminal: isatty(2) == 1)

    func print(_ line: String) { write(Array((line + "\n").utf8)) }
    func printError(_ line: String) { writeError(Array((line + "\n").utf8)) }

    private static func writeAll(_ bytes: [UInt8], to descriptor: CInt) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                // The reader left (`gemctl piece list | head`). NIO ignores SIGPIPE, so end as any other tool would.
                signal(SIGPIPE, SIG_DFL)
                raise(SIGPIPE)
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                // A full disk behind a redirection must not look like success.
                if descriptor == 1 {
                    writeAll(
                        Array((Message("gemctl: error: cannot write the output: \(systemError())").text + "\n").utf8),
                        to: 2)
                }
                exit(Outcome.failed.rawValue)
            }
        }
    }
}

/// The words of `errno`, lower case.
func systemError(_ code: CInt = errno) -> Message { Message(key: String(cString: strerror(code)).lowercased()) }

/// What can fail with a file.
enum FileVerb {
    case open, read, write, sync, remove, rename, make

    func failed(_ path: String, _ reason: Message) -> Message {
        switch self {
        case .open: "open \"\(path)\": \(reason)"
        case .read: "read \"\(path)\": \(reason)"
        case .write: "write \"\(path)\": \(reason)"
        case .sync: "sync \"\(path)\": \(reason)"
        case .remove: "remove \"\(path)\": \(reason)"
        case .rename: "rename \"\(path)\": \(reason)"
        case .make: "make \"\(path)\": \(reason)"
        }
    }
}
