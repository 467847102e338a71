import Foundation
import GemModel
import Testing

@testable import gemd

/// Crashes, old copies, damaged disks, full disks, and the service manager.
@Suite("Recovery")
struct RecoveryTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    var anchor: String { daemon.state + "-anchor/log" }

    @discardableResult
    func issue(_ daemon: TestDaemon? = nil) throws -> String {
        let daemon = daemon ?? self.daemon
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let answer = try daemon.declare(piece, token: dealer.token)
        guard answer.status == 201 else { throw TestDaemon.Failure(answer.text) }
        return answer.number
    }

    func copy(_ source: String, to target: String) throws {
        _ = try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.copyItem(atPath: source, toPath: target)
    }

    /// A start that is expected to be refused; one that is not ends by itself.
    func refusedStart(_ arguments: [String] = []) throws -> (status: Int32, output: String, error: String) {
        try TestDaemon.run(
            "timeout",
            ["20", TestDaemon.gemd, "serve", "--state", daemon.state, "--socket", daemon.directory + "/2.sock"]
                + arguments)
    }

    // MARK: - Who may start

    @Test("a second daemon on the same state ends with 75 and leaves the first alone")
    func secondDaemon() throws {
        let second = try refusedStart()
        let check = try daemon.check()

        #expect(second.status == 75 && second.error.contains("another gemd holds"))
        #expect(check.status == 75)
        #expect(try daemon.request("GET", "/v1").status == 200)
    }

    @Test("a database that was set back is refused, and both sizes are named")
    func rollback() throws {
        try issue()
        _ = daemon.stop()
        let old = daemon.directory + "/old"
        try copy(daemon.state, to: old)
        try daemon.start()
        try issue()
        try issue()
        _ = daemon.stop()
        try copy(old, to: daemon.state)

        let refused = try refusedStart()

        #expect(refused.status == 78)
        #expect(refused.error.contains("older than its anchor"), "\(refused.error)")
        #expect(refused.error.contains("holds 1 log entries") && refused.error.contains("3"))
    }

    @Test("a write-ahead log that was deleted is no silent loss")
    func deletedLog() throws {
        try issue()
        _ = daemon.stop(SIGKILL)
        try FileManager.default.removeItem(atPath: daemon.state + "/gemd.db-wal")

        #expect(try refusedStart().status == 78)
    }

    @Test("two logs of one size are called a fork")
    func fork() throws {
        try issue()
        _ = daemon.stop()
        let (old, oldAnchor) = (daemon.directory + "/old", daemon.directory + "/old-log")
        try copy(daemon.state, to: old)
        try copy(anchor, to: oldAnchor)
        try daemon.start()
        try issue()
        _ = daemon.stop()
        let newer = daemon.directory + "/newer-log"
        try copy(anchor, to: newer)
        try copy(old, to: daemon.state)
        try copy(oldAnchor, to: anchor)
        try daemon.start()
        try issue()
        _ = daemon.stop()
        try copy(newer, to: anchor)

        let refused = try refusedStart()

        #expect(refused.status == 78 && refused.error.contains("fork"), "\(refused.error)")
    }

    @Test("a missing anchor is refused once something was issued")
    func missingAnchor() throws {
        try issue()
        _ = daemon.stop()
        try FileManager.default.removeItem(atPath: anchor)

        let refused = try refusedStart()

        #expect(refused.status == 78 && refused.error.contains("is missing"), "\(refused.error)")
    }

    @Test("a damaged half of the anchor hides no rollback, and harms nothing where a crash left it")
    func damagedHalf() throws {
        try issue()
        _ = daemon.stop()
        let (old, whole) = (daemon.directory + "/old", daemon.directory + "/whole")
        try copy(daemon.state, to: old)
        try daemon.start()
        try issue()
        _ = daemon.stop()
        try copy(anchor, to: whole)
        // A bit of the half that tells of two entries.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: anchor))
        let newer = try #require(bytes.firstRange(of: Data(#""size":2"#.utf8))).lowerBound
        bytes[newer + 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: anchor))
        let damaged = daemon.directory + "/damaged"
        try copy(anchor, to: damaged)

        // The database has the batch whose half was spoilt: as after a power cut.
        try daemon.start()
        _ = daemon.stop()
        let mended = try Data(contentsOf: URL(fileURLWithPath: anchor))
        try copy(old, to: daemon.state)
        try copy(damaged, to: anchor)
        let refused = try refusedStart()

        #expect(try mended == Data(contentsOf: URL(fileURLWithPath: whole)))
        #expect(refused.status == 78 && refused.error.contains("is damaged"), "\(refused.error)")
    }

    @Test("an older copy of the anchor is written over while gemd runs, and a later one stops it")
    func changedAnchor() throws {
        try issue()
        let (first, third, older, later) = (
            daemon.directory + "/first", daemon.directory + "/third", daemon.directory + "/older",
            daemon.directory + "/later"
        )
        try copy(anchor, to: first)
        try issue()
        try copy(first, to: anchor)
        try issue()
        _ = daemon.stop()
        try copy(anchor, to: third)
        try copy(daemon.state, to: older)
        // A log that goes on elsewhere.
        try daemon.start()
        try issue()
        try issue()
        _ = daemon.stop()
        try copy(anchor, to: later)
        try copy(older, to: daemon.state)
        try copy(third, to: anchor)
        try daemon.start()
        try copy(later, to: anchor)
        let piece = try daemon.register(Samples.emerald("LATE"), token: dealer.token)["id"]!.string!

        // gemd ends, and may be gone before it has answered.
        let answer = try? daemon.declare(piece, token: dealer.token)
        daemon.process.waitUntilExit()

        #expect(
            answer.map { $0.status == 503 && $0.text.contains("look at it before you ask again") } ?? true,
            "\(answer?.text ?? "")")
        #expect(daemon.process.terminationStatus != 0)
        // Not written over.
        #expect(try Data(contentsOf: URL(fileURLWithPath: anchor)) == Data(contentsOf: URL(fileURLWithPath: later)))
    }

    @Test("an anchor that is one batch behind is brought forward, as after a crash; two are refused")
    func anchorBehind() throws {
        try issue()
        let behind = daemon.directory + "/behind"
        try copy(anchor, to: behind)
        try issue()
        _ = daemon.stop()
        let latest = try Data(contentsOf: URL(fileURLWithPath: anchor))
        try copy(behind, to: anchor)
        try daemon.start()
        let repaired = try Data(contentsOf: URL(fileURLWithPath: anchor))
        try issue()
        _ = daemon.stop()
        try copy(behind, to: anchor)

        let refused = try refusedStart()

        #expect(repaired == latest)
        #expect(refused.status == 78 && refused.error.contains("more than one batch behind"), "\(refused.error)")
    }

    @Test("an anchor inside the state directory is refused by init")
    func anchorInside() throws {
        let state = daemon.directory + "/other"

        let made = try TestDaemon.run(
            TestDaemon.gemd, ["init", "--state", state, "--issuer", "AB", "--anchor", state + "/log"])

        #expect(made.status == 78 && made.error.contains("--anchor"))
        #expect(!FileManager.default.fileExists(atPath: state))
    }

    @Test(
        "an unknown configuration key is refused with the nearest one, and a wrong value with what is possible",
        arguments: [
            ("[limits]\nheader_second = 5", "did you mean limits.header_seconds"),
            ("sockt = \"/x\"", "did you mean socket"), ("[limits]\nheader_seconds = 0", "not between 1 and 300"),
            ("[limits]\nheader_seconds = \"5\"", "limits.header_seconds"), ("socket = ", "gemd.toml"),
            ("log_level = \"loud\"", "loud"),
        ])
    func configuration(text: String, words: String) throws {
        let path = daemon.directory + "/gemd.toml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)

        let refused = try refusedStart(["--config", path])

        #expect(refused.status == 78 && refused.error.contains(words), "\(refused.error)")
    }

    // MARK: - The socket's file

    @Test("a socket left by a killed daemon is replaced")
    func staleSocket() throws {
        _ = daemon.stop(SIGKILL)
        let isLeft = FileManager.default.fileExists(atPath: daemon.socket)

        try daemon.start()

        #expect(isLeft)
        #expect(try daemon.request("GET", "/v1").status == 200)
    }

    @Test("a socket that answers is left alone")
    func liveSocket() throws {
        let other = try TestDaemon()
        _ = daemon.stop()

        let refused = try refusedStart(["--socket", other.socket])

        #expect(refused.status == 78 && refused.error.contains("another program answers"), "\(refused.error)")
        #expect(try other.request("GET", "/v1").status == 200)
    }

    @Test("a file that is no socket is left alone")
    func notASocket() throws {
        let path = daemon.directory + "/precious"
        try "precious".write(toFile: path, atomically: true, encoding: .utf8)
        _ = daemon.stop()

        let refused = try refusedStart(["--socket", path])

        #expect(refused.status == 78 && refused.error.contains("is no socket"), "\(refused.error)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test("a clean stop takes the socket away")
    func socketGoes() {
        let status = daemon.stop()

        #expect(status == 0)
        #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    }

    // MARK: - Backup and restore

    @Test("a backup made while others write restores to a sound state, keys apart")
    func backup() throws {
        let number = try issue()
        let piece = try daemon.register(Samples.emerald("R-1"), token: dealer.token)["id"]!.string!
        let photograph = try daemon.photograph(piece, token: dealer.token).json["sha256"]!.string!
        let file = daemon.directory + "/backup.tar"
        let line = BulkTests.line
        let body = (0..<3000).map { line("B-\($0)x", "Natural emerald") + "\n" }.joined()
        let writer = try Wire(unix: daemon.socket)
        try writer.send(
            """
            POST /v1/pieces HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
            """)

        let made = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])
        let written = try writer.response().lines.last
        let restored = daemon.directory + "/restored"
        let restore = try TestDaemon.run(TestDaemon.gemd, ["restore", "--from", file, "--state", restored])
        let listing = try TestDaemon.run("tar", ["tf", file]).output
        let unkeyed = try daemon.check(state: restored)
        try copy(daemon.state + "/keys", to: restored + "/keys")
        let check = try daemon.check(state: restored)

        #expect(made.status == 0, "\(made.error)")
        #expect(written?["created"]?.integer == 3000)
        #expect(restore.status == 0 && restore.error.contains("there was no anchor"), "\(restore.error)")
        #expect(!listing.contains(".key\n") && listing.contains(photograph))
        #expect(unkeyed.status == 0 && unkeyed.error.contains("keys"))
        #expect(check.status == 0, "\(check.output)")
        let numbers = try daemon.sql("SELECT number FROM certificate", state: restored)
        #expect(numbers == [[number]])
    }

    @Test("a backup that is older than the anchor is refused and leaves nothing behind")
    func oldBackup() throws {
        try issue()
        let file = daemon.directory + "/backup.tar"
        let made = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])
        try issue()
        _ = daemon.stop()
        try FileManager.default.removeItem(atPath: daemon.state)

        let refused = try TestDaemon.run(TestDaemon.gemd, ["restore", "--from", file, "--state", daemon.state])

        #expect(made.status == 0)
        #expect(refused.status == 78 && refused.error.contains("older than its anchor"), "\(refused.error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.state) == [])
    }

    @Test("a restore into a directory that holds something is refused")
    func restoreOverSomething() throws {
        let file = daemon.directory + "/backup.tar"
        _ = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])

        let refused = try TestDaemon.run(TestDaemon.gemd, ["restore", "--from", file, "--state", daemon.state])

        #expect(refused.status == 78 && refused.error.contains("not empty"))
        #expect(try daemon.request("GET", "/v1").status == 200)
    }

    @Test("a backup never writes over a file")
    func backupOverSomething() throws {
        let file = daemon.directory + "/backup.tar"
        try "precious".write(toFile: file, atomically: true, encoding: .utf8)

        let refused = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])

        #expect(refused.status == 78)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
    }

    // MARK: - What check finds

    @Test("a state that was only used is sound")
    func sound() throws {
        try issue()
        _ = daemon.stop()

        let check = try daemon.check()

        #expect(check.status == 0 && check.output.contains("is sound"), "\(check.output)")
    }

    static let damages: [(what: String, sql: String, finding: String)] = [
        (
            "a statement",
            "UPDATE certificate SET statement = CAST(replace(CAST(statement AS TEXT), '1.58', '2.58') AS BLOB)",
            "its bytes were changed"
        ),
        ("an event", "UPDATE event SET data = replace(data, 'piece-registered', 'piece-invented')", "does not follow"),
        ("an event in the middle", "DELETE FROM event WHERE seq = 2", "number 2 is missing"),
        (
            "a piece's document", "UPDATE piece SET doc = replace(doc, '1.58', '2.58')",
            "not the one its last event recorded"
        ),
        ("a log entry", "UPDATE log_entry SET data = CAST('{}' AS BLOB)", "entry 0 was changed"),
        ("the log's root", "UPDATE log_state SET root = zeroblob(32)", "signed"),
        ("a certificate's entry", "UPDATE log_entry SET serial = 'GGAPCP-26D-000009'", "not in the log"),
        (
            "the checkpoint",
            "UPDATE log_checkpoint SET note = CAST(replace(CAST(note AS TEXT), 'gems', 'gemz') AS BLOB)", "checkpoint"
        ),
        ("a signature", "UPDATE certificate SET signature = zeroblob(2000)", "certificate"),
    ]

    @Test("check finds what was changed behind the daemon's back", arguments: damages)
    func damage(what: String, sql: String, finding: String) throws {
        try issue()
        _ = daemon.stop()
        try daemon.sql(sql)

        let check = try daemon.check()

        #expect(check.status == 1)
        #expect(check.output.contains(finding), "\(check.output)")
    }

    @Test("check finds that a piece is gone")
    func goneWithoutEvent() throws {
        _ = try daemon.register(Samples.emerald(), token: dealer.token)
        _ = daemon.stop()
        try daemon.sql("DELETE FROM piece")

        #expect(try daemon.check().status == 1)
    }

    @Test("check finds that the last event is gone")
    func lastEvent() throws {
        _ = daemon.stop()
        try daemon.sql("DELETE FROM event WHERE party_id = '\(dealer.party)' AND seq = 3")

        let check = try daemon.check()

        // The last link of a chain can only be missed by something outside it: the daily root of all chains'
        // heads, which comes with the log's own issue.
        withKnownIssue("nothing outside the chain says how long it was") { #expect(check.status == 1) }
    }

    @Test("check finds a photograph of which one byte was changed, and one that is gone", arguments: [true, false])
    func damagedBlob(isChanged: Bool) throws {
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let sha256 = try daemon.photograph(piece, token: dealer.token).json["sha256"]!.string!
        _ = daemon.stop()
        let path = "\(daemon.state)/blobs/\(sha256.prefix(2))/\(sha256.dropFirst(2).prefix(2))/\(sha256)"
        if isChanged {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
        } else {
            try FileManager.default.removeItem(atPath: path)
        }

        let check = try daemon.check()

        #expect(check.status == 1)
        #expect(check.output.contains("blob \(sha256)"), "\(check.output)")
    }

    @Test("check finds a broken page of the database")
    func brokenPage() throws {
        for _ in 0..<20 { try issue() }
        _ = daemon.stop()
        try daemon.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: daemon.state + "/gemd.db"))
        try handle.seek(toOffset: 4096 * 10)
        try handle.write(contentsOf: [UInt8](repeating: 0xA5, count: 4096 * 8))
        try handle.close()

        let check = try daemon.check()

        #expect(check.status == 1)
        #expect(check.output.contains("database: "), "\(check.error)")
    }

    // MARK: - Stopping

    @Test("a request that has begun is answered before the daemon ends")
    func drain() throws {
        let wire = try Wire(unix: daemon.socket)
        let body = Samples.emerald("R-1").text
        try wire.send(
            """
            POST /v1/pieces HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body.prefix(20))
            """)
        // Answered on another connection: by then the daemon has read the beginning of ours.
        _ = try daemon.request("GET", "/v1")
        kill(daemon.process.processIdentifier, SIGTERM)
        // New connections are refused from here on.
        while (try? Wire(unix: daemon.socket)) != nil {}

        try wire.send(String(body.dropFirst(20)))
        let answer = try wire.response()
        daemon.process.waitUntilExit()

        #expect(answer.status == 201)
        #expect(daemon.process.terminationStatus == 0)
    }

    @Test("a certificate asked for just before the end is issued or refused, never forgotten")
    func drainIssuing() throws {
        let pieces = try (0..<8).map { _ in
            try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        }
        let body = #"{"class":"declaration"}"#
        let wires = try pieces.map { piece in
            let wire = try Wire(unix: daemon.socket)
            try wire.send(
                """
                POST /v1/pieces/\(piece)/certificates HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(dealer.token)\r\n\
                Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
                """)
            return wire
        }
        _ = try daemon.request("GET", "/v1")

        let status = daemon.stop()
        let answers = wires.map { try? $0.response() }
        try daemon.start()

        #expect(status == 0)
        let promised = answers.compactMap { $0?.status == 201 ? $0?.number : nil }
        let forgotten = try promised.filter { try daemon.visit("/c/\($0)").status != 200 }
        #expect(forgotten == [])
        #expect(answers.allSatisfy { $0.map { [201, 503].contains($0.status) } ?? true })
    }

    @Test("an idle connection does not hold up the end")
    func idleAtTheEnd() throws {
        let wire = try Wire(unix: daemon.socket)
        _ = try wire.request("GET", "/v1", bytes: nil, headers: [:], token: nil)

        let status = daemon.stop()

        #expect(status == 0)
        #expect(wire.rest() == [])
    }

    // MARK: - What a crash leaves

    @Test("an upload that was cut by a crash leaves no file for ever")
    func leftovers() throws {
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let wire = try Wire(unix: daemon.socket)
        try wire.send(
            """
            POST /v1/pieces/\(piece)/images HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: image/jpeg\r\nContent-Length: 100000\r\n\r\nxxxx
            """)
        let folder = daemon.state + "/blobs/tmp"
        while try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty {}
        _ = daemon.stop(SIGKILL)

        try daemon.start()

        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left == [])
    }

    // MARK: - The service manager

    @Test("readiness, watchdog and the end are told to the service manager")
    func notify() throws {
        let path = daemon.directory + "/notify"
        let manager = try Datagrams(path: path)
        _ = daemon.stop()

        try daemon.start(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "100000"])
        var heard = [try manager.next(), try manager.next(), try manager.next()]
        let status = daemon.stop()
        while heard.last?.contains("STOPPING=1") == false { heard.append(try manager.next()) }

        #expect(status == 0)
        #expect(heard.contains { $0.hasPrefix("READY=1") })
        #expect(heard.filter { $0 == "WATCHDOG=1" }.count >= 1)
    }

    @Test("sockets inherited from the service manager are served, also for who came before the daemon")
    func inherited() throws {
        _ = daemon.stop()
        let (path, listener) = try Self.listen(daemon.directory + "/inherited.sock")
        let early = try Wire(unix: path)
        try early.send("GET /v1/whoami HTTP/1.1\r\nHost: a\r\n\r\n")

        let process = try Self.spawn(
            [TestDaemon.gemd, "serve", "--state", daemon.state], listener: listener, names: "control")
        let answer = try early.response()
        kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)

        #expect(answer.status == 200 && answer.json["via"]?.string == "peer")
        #expect(status == 0)
        #expect(FileManager.default.fileExists(atPath: path), "the manager's socket is the manager's to remove")
    }

    private static func listen(_ path: String) throws -> (path: String, descriptor: Int32) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try Datagrams.bind(descriptor, path)
        guard Foundation.listen(descriptor, 8) == 0 else { throw TestDaemon.Failure("listen") }
        return (path, descriptor)
    }

    /// Starts a program with `listener` as descriptor 3, as sd_listen_fds(3) has it.
    private static func spawn(_ command: [String], listener: Int32, names: String) throws -> pid_t {
        let high = fcntl(listener, F_DUPFD_CLOEXEC, 10)
        close(listener)
        defer { close(high) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, high, 3)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        // Only the new process knows its own number.
        let script = "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=\(names) exec \"$@\""
        var arguments = (["sh", "-c", script, "sh"] + command).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        guard posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ) == 0 else {
            throw TestDaemon.Failure("spawn")
        }
        return process
    }
}

/// A daemon on a disk that is too small.
@Suite("A full disk", .enabled(if: getuid() == 0, "mounting a small disk needs root"))
struct FullDiskTests {
    @Test("when the disk is full writes are refused, reads go on, and after that writes do too")
    func full() throws {
        let disk = try SmallDisk(kilobytes: 12 << 10)
        let daemon = try TestDaemon(in: disk.path)
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let piece = try daemon.register(Samples.emerald("R-1"), token: dealer.token)["id"]!.string!

        try disk.fill()
        var refused = try daemon.request("POST", "/v1/pieces", Samples.emerald(), token: dealer.token)
        for _ in 0..<2000 where refused.status == 201 {
            refused = try daemon.request("POST", "/v1/pieces", Samples.emerald(), token: dealer.token)
        }
        let photograph = try daemon.photograph(piece, token: dealer.token)
        let read = try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token)
        try disk.makeRoom()
        let after = try daemon.register(Samples.emerald("R-2"), token: dealer.token)["stockNumber"]?.string
        let photographAfter = try daemon.photograph(piece, token: dealer.token)

        #expect(statuses(refused, photograph, read, photographAfter) == [507, 507, 200, 201])
        #expect(refused.problem == "disk-full")
        #expect(after == "R-2")
        #expect(daemon.stop() == 0)
        let check = try daemon.check()
        #expect(check.status == 0, "\(check.output)")
    }

    @Test("a certificate refused by a full disk is issued once there is room")
    func issuing() throws {
        let disk = try SmallDisk(kilobytes: 12 << 10)
        let daemon = try TestDaemon(in: disk.path)
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let pieces = try (0..<60).map { _ in
            try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        }
        try disk.fill()
        var refused: (piece: String, answer: Response)?
        for piece in pieces where refused == nil {
            guard let answer = try? daemon.declare(piece, token: dealer.token, key: piece) else { break }
            if answer.status != 201 { refused = (piece, answer) }
        }
        let isRunning = daemon.process.isRunning
        try disk.makeRoom()
        let again = try? daemon.declare(refused?.piece ?? pieces[59], token: dealer.token, key: refused?.piece)

        #expect(isRunning)
        #expect(refused?.answer.status == 507)
        #expect(again?.status == 201, "\(again?.text ?? "no answer")")
    }

    @Test("a full disk under the anchor holds nothing up: it is written in its own place")
    func anchorDisk() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let anchor = try Data(contentsOf: URL(fileURLWithPath: daemon.state + "-anchor/log"))
        let disk = try SmallDisk(kilobytes: 64, at: daemon.state + "-anchor")
        try anchor.write(to: URL(fileURLWithPath: disk.path + "/log"))

        try disk.fill()
        let first = try? daemon.declare(piece, token: dealer.token, key: "k-1")
        let reading = try? daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token)
        try disk.makeRoom()
        let again = try? daemon.declare(piece, token: dealer.token, key: "k-1")

        #expect(first?.status == 201)
        #expect(reading?.status == 200)
        #expect(again?.status == 201)
        // Whatever it answered, it must start again and have kept its word.
        _ = daemon.stop()
        try daemon.start()
        let last = try daemon.declare(piece, token: dealer.token, key: "k-1")
        #expect(last.status == 201, "\(last.text)")
        _ = daemon.stop()
    }
}

/// A small file system of its own, unmounted at the end.
private final class SmallDisk {
    let path: String

    init(
        kilobytes: Int, at path: String = NSTemporaryDirectory() + "gemd-disk-" + UUID().uuidString.prefix(8)
    ) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mounted = try TestDaemon.run("mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
        guard mounted.status == 0 else { throw TestDaemon.Failure("mount: \(mounted.error)") }
    }

    deinit {
        // Lazily: a daemon that is just ending may still hold it.
        _ = try? TestDaemon.run("umount", ["-l", path])
        rmdir(path)
    }

    func fill() throws {
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        close(descriptor)
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}

/// The receiving end of sd_notify(3).
private final class Datagrams {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try Self.bind(descriptor, path)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    static func bind(_ descriptor: Int32, _ path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw TestDaemon.Failure("bind \(path): \(String(cString: strerror(errno)))") }
    }

    func next() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { throw TestDaemon.Failure("nothing was told to the service manager") }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
