import Glibc
import Testing

@testable import gemctl

@Suite struct DialTests {
    /// The three descriptors `join` works on and our ends of them.
    private struct Wires: Sendable {
        var input: (read: CInt, write: CInt)
        var output: (read: CInt, write: CInt)
        var socket: (dial: CInt, daemon: CInt)

        init() {
            input = pairOfEnds()
            output = pairOfEnds()
            socket = pairOfEnds()
        }

        /// Joins on a thread of its own; the stream ends when `join` returns.
        func start() -> AsyncStream<Never> {
            let (input, output, socket) = (input.read, output.write, socket.dial)
            let (stream, end) = AsyncStream.makeStream(of: Never.self)
            Thread.start {
                Dial.join(input: input, output: output, socket: socket)
                end.finish()
            }
            return stream
        }
    }

    /// Waits on a thread of its own: the tests have few, and share them.
    private func readAll(_ descriptor: CInt) async -> [UInt8] {
        await withCheckedContinuation { done in
            Thread.start {
                var bytes: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = read(descriptor, &piece, piece.count)
                    guard count > 0 else { return done.resume(returning: bytes) }
                    bytes += piece[..<count]
                }
            }
        }
    }

    private func writeAll(_ bytes: [UInt8], to descriptor: CInt) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }

    @Test("the end of the input reaches the daemon, and its answer still comes")
    func inputEndsFirst() async {
        let wires = Wires()
        let joined = wires.start()

        writeAll(Array("question".utf8), to: wires.input.write)
        close(wires.input.write)
        #expect(await readAll(wires.socket.daemon) == Array("question".utf8))
        writeAll(Array("answer".utf8), to: wires.socket.daemon)
        close(wires.socket.daemon)

        #expect(await readAll(wires.output.read) == Array("answer".utf8))
        for await _ in joined {}
    }

    @Test("the end of the daemon's answers reaches the reader, and the input still flows")
    func daemonEndsFirst() async {
        let wires = Wires()
        let joined = wires.start()

        writeAll(Array("early".utf8), to: wires.socket.daemon)
        shutdown(wires.socket.daemon, CInt(SHUT_WR))
        #expect(await readAll(wires.output.read) == Array("early".utf8))
        writeAll(Array("late".utf8), to: wires.input.write)
        close(wires.input.write)

        #expect(await readAll(wires.socket.daemon) == Array("late".utf8))
        close(wires.socket.daemon)
        for await _ in joined {}
    }

    @Test("a daemon that has gone ends the waiting for input")
    func daemonGone() async {
        let wires = Wires()
        let joined = wires.start()

        close(wires.socket.daemon)

        for await _ in joined {}
        #expect(await readAll(wires.output.read).isEmpty)
        close(wires.input.write)
    }

    @Test("megabytes pass both ways at once")
    func both() async {
        let wires = Wires()
        let joined = wires.start()
        let bytes = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

        // The daemon answers everything back as it comes.
        let daemon = wires.socket.daemon
        Thread.start {
            var piece = [UInt8](repeating: 0, count: 10_000)
            while true {
                let count = read(daemon, &piece, piece.count)
                guard count > 0 else { break }
                writeAll(Array(piece[..<count]), to: daemon)
            }
            close(daemon)
        }
        let input = wires.input.write
        Thread.start {
            writeAll(bytes, to: input)
            close(input)
        }

        #expect(await readAll(wires.output.read) == bytes)
        for await _ in joined {}
    }

    @Test("requests go through ssh, several over one login; the token is not in its environment")
    func ssh() async throws {
        let server = StubServer { peer, _ in
            while let request = peer.request() {
                peer.answer(#"{"name":"gemd","version":"9","line":"\#(request.line)"}"#)
            }
        }
        let directory = temporaryDirectory()
        let binary = Self.binary()
        // Stands for ssh: notes its words, then runs what the other machine would.
        try write(
            Array(
                """
                echo "$@" token=$GEMD_TOKEN >> \(directory)/calls
                while [ "$1" != gemctl ]; do shift; done
                shift
                exec \(binary) "$@" --socket \(server.path)
                """.utf8), to: directory + "/ssh")

        let run = await gemctl(
            "--host", "ssh://ali@gems.example:2222", "version", "--json", socket: "/unused",
            settings: ["GEMD_SSH": "/bin/sh \(directory)/ssh -o BatchMode=yes", "GEMD_TOKEN": "gemd_secret"])

        #expect(run.outcome == .ok)
        #expect(run.out.contains(#""gemd":"9""#))
        #expect(
            String(decoding: try FileReader.bytes(of: directory + "/calls", limit: 10_000), as: UTF8.self)
                == "-o BatchMode=yes -p 2222 -T ali@gems.example gemctl dial-stdio token=\n")
        unlink(directory + "/ssh")
        unlink(directory + "/calls")
        rmdir(directory)
    }

    @Test(
        "what ssh died of is told",
        arguments: [
            (127, "there is no gemctl on gems"), (255, "ssh to gems failed"), (9, "gemd on gems cannot be reached"),
        ])
    func sshFails(status: Int, words: String) async throws {
        let directory = temporaryDirectory()
        try write(Array("exit \(status)\n".utf8), to: directory + "/ssh")

        let run = await gemctl(
            "--host", "ssh://gems", "whoami", socket: "/unused", settings: ["GEMD_SSH": "/bin/sh \(directory)/ssh"])

        #expect(run.outcome == .unreachable)
        #expect(run.err.contains("gemctl: error: \(words)"))
        unlink(directory + "/ssh")
        rmdir(directory)
    }

    /// The built program stands beside the test bundle.
    private static func binary() -> String {
        var link = [CChar](repeating: 0, count: 4096)
        readlink("/proc/self/exe", &link, link.count - 1)
        let path = String(decoding: link.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/gemctl"
    }
}
