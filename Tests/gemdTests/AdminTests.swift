import Foundation
import GemModel
import Testing

/// Backup and check by the running daemon.
@Suite("Backup and check, online")
struct AdminTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    func gemctl(_ arguments: [String]) throws -> (status: Int32, output: String, error: String) {
        try TestDaemon.run(
            TestDaemon.products.appendingPathComponent("gemctl").path, ["--socket", daemon.socket] + arguments)
    }

    @Test("a backup taken while others write restores to a sound state, without keys")
    func backupWhileWriting() throws {
        let piece = try daemon.register(Samples.emerald("R-1"), token: dealer.token)["id"]!.string!
        let photograph = try daemon.photograph(piece, token: dealer.token).json["sha256"]!.string!
        let number = try daemon.declare(piece, token: dealer.token).number
        let line = BulkTests.line
        let body = (0..<3000).map { line("B-\($0)x", "Natural emerald") + "\n" }.joined()
        let writer = try Wire(unix: daemon.socket)
        try writer.send(
            """
            POST /v1/pieces HTTP/1.1\r\nHost: gemd\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Content-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
            """)
        let file = daemon.directory + "/online.tar"

        let made = try gemctl(["backup", "--to", file])
        let written = try writer.response().lines.last
        let restored = daemon.directory + "/restored"
        let restore = try TestDaemon.run(TestDaemon.gemd, ["restore", "--from", file, "--state", restored])
        let listing = try TestDaemon.run("tar", ["tvf", file])
        try FileManager.default.copyItem(atPath: daemon.state + "/keys", toPath: restored + "/keys")
        let check = try daemon.check(state: restored)

        #expect(made.status == 0 && made.output.contains("SHA-256"), "\(made.error)")
        #expect(written?["created"]?.integer == 3000)
        #expect(restore.status == 0, "\(restore.error)")
        #expect(listing.status == 0 && !listing.output.contains(".key\n") && listing.output.contains(photograph))
        #expect(check.status == 0, "\(check.output)")
        #expect(try daemon.sql("SELECT number FROM certificate", state: restored) == [[number]])
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let left = try FileManager.default.contentsOfDirectory(atPath: daemon.directory)
        #expect(!left.contains { $0.hasSuffix(".part") })
    }

    @Test("the answer is the archive, its size is told before and its digest after, and nothing stays behind")
    func archive() throws {
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        _ = try daemon.photograph(piece, token: dealer.token)

        let answer = try daemon.request("POST", "/v1/admin/backup")

        #expect(answer.status == 200 && answer.headers["content-type"] == "application/x-tar")
        #expect(answer.headers["gemd-archive-bytes"] == String(answer.body.count))
        let sum = try TestDaemon.run("bash", ["-c", "openssl dgst -sha256 -binary \"$0\" | base64", try write(answer)])
        #expect(answer.headers["repr-digest"] == "sha-256=:\(sum.output.dropLast()):")
        let left = try FileManager.default.contentsOfDirectory(atPath: daemon.state + "/blobs/tmp")
        #expect(left == [])
    }

    func write(_ answer: Response) throws -> String {
        let path = daemon.directory + "/answer.tar"
        try Data(answer.body).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("backup and check are the administrator's alone")
    func rights() throws {
        let backup = try daemon.request("POST", "/v1/admin/backup", token: dealer.token)
        let check = try daemon.request("GET", "/v1/admin/check", token: dealer.token)

        #expect(statuses(backup, check) == [403, 403])
    }

    @Test("gemctl writes over nothing and asks the daemon for nothing then")
    func precious() throws {
        let file = daemon.directory + "/backup.tar"
        try "precious".write(toFile: file, atomically: true, encoding: .utf8)

        let refused = try gemctl(["backup", "--to", file])

        #expect(refused.status == 1 && refused.error.contains("is there already"), "\(refused.error)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
    }

    @Test("a second backup beside one that is being fetched is refused, and possible after it")
    func oneAtATime() throws {
        // Megabytes, so that it cannot lie whole in the socket's buffers.
        let line = BulkTests.line
        let body = (0..<3000).map { line("B-\($0)x", "Natural emerald") + "\n" }.joined()
        _ = try daemon.request(
            "POST", "/v1/pieces", bytes: Array(body.utf8), headers: ["Content-Type": "application/x-ndjson"],
            token: dealer.token)
        let slow = try Wire(unix: daemon.socket)
        try slow.send("POST /v1/admin/backup HTTP/1.1\r\nHost: gemd\r\nContent-Length: 0\r\n\r\n")
        let head = try slow.head()

        let refused = try daemon.request("POST", "/v1/admin/backup")
        while try slow.chunk() != nil {}
        let after = try daemon.request("POST", "/v1/admin/backup")

        #expect(head.status == 200)
        #expect(refused.status == 409 && refused.problem == "state")
        #expect(after.status == 200)
    }

    @Test("a check finds a daemon that only worked to be sound, while certificates are issued")
    func soundWhileIssuing() throws {
        let pieces = try (0..<12).map { _ in
            try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        }
        let asked = try Wire(unix: daemon.socket)
        try asked.send("GET /v1/admin/check HTTP/1.1\r\nHost: gemd\r\n\r\n")
        for piece in pieces { #expect(try daemon.declare(piece, token: dealer.token).status == 201) }

        let answer = try asked.response()
        let later = try daemon.request("GET", "/v1/admin/check")
        let told = try gemctl(["check"])

        #expect(answer.status == 200 && answer.json["sound"] == .bool(true), "\(answer.text)")
        #expect(later.json["findings"]?.elements == [] && later.json["counts"]?["certificates"]?.integer == 12)
        #expect(told.status == 0 && told.output.contains("certificates 12"), "\(told.output) \(told.error)")
    }

    @Test("a check names a damaged photograph and a changed entry; gemctl ends with 1")
    func findings() throws {
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let sha256 = try daemon.photograph(piece, token: dealer.token).json["sha256"]!.string!
        _ = try daemon.declare(piece, token: dealer.token)
        let path = "\(daemon.state)/blobs/\(sha256.prefix(2))/\(sha256.dropFirst(2).prefix(2))/\(sha256)"
        try Data("other".utf8).write(to: URL(fileURLWithPath: path))
        try daemon.sql("UPDATE log_entry SET data = CAST('{}' AS BLOB)")

        let answer = try daemon.request("GET", "/v1/admin/check")
        let told = try gemctl(["check", "-o", "json"])

        #expect(answer.json["sound"] == .bool(false))
        #expect(answer.text.contains("blob \(sha256)") && answer.text.contains("entry 0 was changed"), "\(answer.text)")
        #expect(told.status == 1)
        #expect(try JSON(parsing: told.output.trimmingCharacters(in: .whitespacesAndNewlines)) == answer.json)
    }
}
