import Foundation
import GemModel
import Testing

/// A backup older than its anchor, accepted as such: the old log is closed, a new one begins.
@Suite("Gap")
struct GapTests {
    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    var anchor: String { daemon.state + "-anchor/log" }
    static let reason = "the disk was lost, the newest backup is a day old"

    func issue() throws -> String {
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let answer = try daemon.declare(piece, token: dealer.token)
        guard answer.status == 201 else { throw TestDaemon.Failure(answer.text) }
        return answer.number
    }

    func backup(_ name: String = "backup") throws -> String {
        let file = "\(daemon.directory)/\(name).tar"
        let made = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])
        guard made.status == 0 else { throw TestDaemon.Failure(made.error) }
        return file
    }

    /// The state is gone, its keys are in the safe, and the backup comes back.
    func restore(_ file: String, _ arguments: [String], putKeysBack: Bool = true) throws -> (
        status: Int32, output: String, error: String
    ) {
        if daemon.process.isRunning { _ = daemon.stop() }
        let safe = daemon.directory + "/safe"
        if !FileManager.default.fileExists(atPath: safe) {
            try FileManager.default.copyItem(atPath: daemon.state + "/keys", toPath: safe)
        }
        try FileManager.default.removeItem(atPath: daemon.state)
        let restored = try TestDaemon.run(
            TestDaemon.gemd, ["restore", "--from", file, "--state", daemon.state] + arguments)
        if restored.status == 0, putKeysBack {
            try FileManager.default.copyItem(atPath: safe, toPath: daemon.state + "/keys")
        }
        return restored
    }

    func accept(_ file: String, putKeysBack: Bool = true) throws -> (status: Int32, output: String, error: String) {
        try restore(file, ["--accept-gap", "--reason", Self.reason], putKeysBack: putKeysBack)
    }

    /// One kept and two lost certificates, restored and started with the gap accepted.
    func lose() throws -> (kept: String, lost: [String]) {
        let kept = try issue()
        let file = try backup()
        let lost = [try issue(), try issue()]
        let restored = try accept(file)
        guard restored.status == 0 else { throw TestDaemon.Failure(restored.error) }
        try daemon.start()
        return (kept, lost)
    }

    func serial(_ number: String) -> Int { Int(number.split(separator: "-")[2])! }

    /// The verdict on a certificate as its buyer holds it.
    func verdict(_ number: String) throws -> JSON {
        let boundary = "part"
        var form: [UInt8] = []
        for (name, end) in [("json", "json"), ("p7s", "p7s"), ("proof", "tlog-proof")] {
            let file = try daemon.visit("/c/\(number).\(end)")
            form += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8)
            form += file.body + Array("\r\n".utf8)
        }
        form += Array("--\(boundary)--\r\n".utf8)
        return try daemon.request(
            "POST", "/v1/verify", bytes: form, headers: ["Content-Type": "multipart/form-data; boundary=\(boundary)"]
        ).json
    }

    func step(_ name: String, of verdict: JSON) -> String? {
        verdict["steps"]?.elements?.first { $0["name"]?.string == name }?["result"]?.string
    }

    func firstLine(_ path: String) throws -> String {
        String(try daemon.visit(path).text.split(separator: "\n").first ?? "")
    }

    @Test("after an accepted gap no number comes twice, and certificates of both logs verify")
    func bothLogs() throws {
        let (kept, lost) = try lose()

        let fresh = try issue()

        #expect(serial(fresh) > lost.map(serial).max()!)
        let (old, new) = (try verdict(kept), try verdict(fresh))
        #expect(old["verdict"]?.string == "genuine" && step("log", of: old) == "met", "\(old.text)")
        #expect(new["verdict"]?.string == "genuine" && step("log", of: new) == "met", "\(new.text)")
        let statement = try daemon.visit("/c/\(fresh).json").json
        #expect(statement["log"]?["origin"]?.string == "gems.example/log/2")
        #expect(try daemon.visit("/c/\(fresh).tlog-proof").text.contains("\n\ngems.example/log/2\n2\n"))
        #expect(try daemon.visit("/c/\(kept).tlog-proof").text.contains("\n\ngems.example/log\n1\n"))
        #expect(try daemon.visit("/c/\(lost[0])").status == 404)
        #expect(try daemon.visit("/c/\(kept)").text.contains("Authentic dealer declaration"))
    }

    @Test("the new log's first entry says in public what was lost, between which sizes and why")
    func gapEntry() throws {
        _ = try lose()

        let bundle = try daemon.visit("/tile/entries/000.p/1")
        let entry = try JSON(parsing: Array(bundle.body.dropFirst(2)))

        let gap = entry["gap"]
        #expect(entry["kind"]?.string == "gap" && entry["serial"]?.string == "gems.example/log")
        #expect(gap?["backup"]?["origin"]?.string == "gems.example/log" && gap?["backup"]?["size"]?.integer == 1)
        #expect(gap?["anchor"]?["size"]?.integer == 3 && gap?["reason"]?.string == Self.reason)
        let series = try #require(gap?["series"]?.elements?.first)
        #expect(series["first"]?.integer == 2 && series["last"]?.integer == 3 && series["next"]?.integer == 10_004)
        #expect(series["series"]?.string?.hasPrefix("GGAPCP-") == true)
        #expect(entry.bytes == Array(bundle.body.dropFirst(2)))
        #expect(try entry.canonical() == entry.bytes)
        // The closed log stays readable under its own path.
        #expect(try firstLine("/checkpoint") == "gems.example/log/2")
        #expect(try firstLine("/log/2/checkpoint") == "gems.example/log/2")
        #expect(try firstLine("/log/1/checkpoint") == "gems.example/log")
        let old = try daemon.visit("/log/1/tile/entries/000.p/1")
        #expect(old.status == 200 && old.text.contains("\"kind\":\"issue\""))
        #expect(try daemon.visit("/log/3/checkpoint").status == 404)
    }

    @Test("log.vkey and keys.json name the keys of both logs, which differ")
    func publicKeys() throws {
        let before = try daemon.visit("/pki/log.vkey").text
        _ = try lose()

        let keys = try daemon.visit("/pki/log.vkey").text
        let set = try daemon.visit("/keys.json").json

        let lines = keys.split(separator: "\n")
        #expect(keys.hasPrefix(before) && lines.count == 2)
        #expect(lines.last?.hasPrefix("gems.example/log/2+") == true)
        #expect(lines.first?.suffix(40) != lines.last?.suffix(40))
        #expect(set["logs"]?.elements?.compactMap { $0["vkey"]?.string } == lines.map(String.init))
        #expect(set["keys"]?.elements?.count == 1)
    }

    @Test("a second start changes nothing, and check finds the state sound before and after")
    func secondStart() throws {
        let kept = try issue()
        let file = try backup()
        _ = try issue()
        let restored = try accept(file)
        let waiting = try daemon.check()
        try daemon.start()
        _ = daemon.stop()
        let opened = try daemon.check()
        let states = try daemon.sql("SELECT log, origin, size, root FROM log_state ORDER BY log")
        let known = try Data(contentsOf: URL(fileURLWithPath: anchor))

        try daemon.start()
        let fresh = try issue()
        let online = try daemon.request("GET", "/v1/admin/check").json

        #expect(restored.status == 0 && restored.error.contains("gems.example/log/2"), "\(restored.error)")
        #expect(waiting.status == 0 && waiting.error.contains("a gap was accepted"), "\(waiting.output)")
        #expect(opened.status == 0 && opened.error.isEmpty, "\(opened.output)\(opened.error)")
        #expect(states.map { $0[1] } == ["gems.example/log", "gems.example/log/2"])
        #expect(String(decoding: known, as: UTF8.self).contains("closed"))
        #expect(try daemon.sql("SELECT size FROM log_state ORDER BY log") == [["1"], ["2"]])
        #expect(online["sound"] == .bool(true), "\(online.text)")
        #expect(kept != fresh)
    }

    @Test("until the keys are back nothing is issued, and what the backup holds is served")
    func withoutKeys() throws {
        let kept = try issue()
        let file = try backup()
        _ = try issue()
        let restored = try accept(file, putKeysBack: false)
        try daemon.start()

        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let refused = try daemon.declare(piece, token: dealer.token)
        let served = try verdict(kept)

        #expect(restored.status == 0)
        #expect(refused.status == 503 && refused.problem == "unavailable")
        #expect(served["verdict"]?.string == "genuine")
        #expect(try firstLine("/checkpoint") == "gems.example/log")
    }

    @Test("an opening that broke off before its commit is done again with the same key, and after it is finished")
    func crashes() throws {
        _ = try issue()
        let file = try backup()
        _ = try issue()
        _ = try accept(file)
        let before = daemon.directory + "/before"
        let oldAnchor = daemon.directory + "/old-anchor"
        try FileManager.default.copyItem(atPath: daemon.state, toPath: before)
        try FileManager.default.copyItem(atPath: anchor, toPath: oldAnchor)
        try daemon.start()
        let vkeys = try daemon.visit("/pki/log.vkey").text
        _ = daemon.stop()

        // Everything but the anchor was written.
        try FileManager.default.removeItem(atPath: anchor)
        try FileManager.default.copyItem(atPath: oldAnchor, toPath: anchor)
        try daemon.start()
        let finished = try firstLine("/checkpoint")
        _ = daemon.stop()
        // Only key and public files were written.
        for name in ["keys", "pki"] {
            try FileManager.default.removeItem(atPath: "\(before)/\(name)")
            try FileManager.default.copyItem(atPath: "\(daemon.state)/\(name)", toPath: "\(before)/\(name)")
        }
        try FileManager.default.removeItem(atPath: daemon.state)
        try FileManager.default.moveItem(atPath: before, toPath: daemon.state)
        try FileManager.default.removeItem(atPath: anchor)
        try FileManager.default.copyItem(atPath: oldAnchor, toPath: anchor)
        try daemon.start()
        let again = try firstLine("/checkpoint")
        let fresh = try verdict(try issue())

        #expect(finished == "gems.example/log/2" && again == "gems.example/log/2")
        #expect(try daemon.visit("/pki/log.vkey").text == vkeys)
        #expect(step("log", of: fresh) == "met")
    }

    @Test("a certificate that was half done in the backup is given up, and its piece can be certified anew")
    func unfinished() throws {
        _ = try issue()
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let number = try daemon.declare(piece, token: dealer.token, key: "k1").number
        // As the backup would have found it between the reservation and the signature.
        _ = daemon.stop()
        try daemon.sql(
            """
            UPDATE certificate SET state = 'reserved', signature = NULL, log = NULL, log_index = NULL
            WHERE number = '\(number)'
            """)
        for statement in [
            "DELETE FROM log_entry WHERE idx = 1", "DELETE FROM log_checkpoint WHERE size = 2",
            "UPDATE log_tile SET hashes = (SELECT leaf FROM log_entry WHERE idx = 0)",
            "UPDATE log_state SET size = 1, root = (SELECT root FROM log_checkpoint WHERE size = 1)",
            "UPDATE idempotency SET answer = NULL",
        ] { try daemon.sql(statement) }
        let restored = try accept(try backup())
        try daemon.start()

        let anew = try daemon.declare(piece, token: dealer.token, key: "k1")
        let entry = try daemon.visit("/tile/entries/000.p/1").text

        #expect(restored.status == 0, "\(restored.error)")
        #expect(anew.status == 201 && anew.number != number, "\(anew.text)")
        #expect(entry.contains("\"unfinished\":[\"\(number.dropLast(6))\"]"), "\(entry)")
        #expect(try daemon.visit("/c/\(number)").status == 404)
    }

    @Test("the same old backup once more opens a third log, never the second again")
    func again() throws {
        let kept = try issue()
        let file = try backup()
        let lost = try issue()
        _ = try accept(file)
        try daemon.start()
        let second = try issue()
        let plain = try restore(file, [])
        try FileManager.default.createDirectory(atPath: daemon.state, withIntermediateDirectories: true)
        let accepted = try accept(file)
        try daemon.start()

        let third = try issue()

        #expect(plain.status == 78 && plain.error.contains("older than its anchor"), "\(plain.error)")
        #expect(accepted.status == 0, "\(accepted.error)")
        #expect(try firstLine("/checkpoint") == "gems.example/log/3")
        #expect(serial(third) > serial(second) && serial(second) > serial(lost))
        #expect(try verdict(kept)["verdict"]?.string == "genuine")
        #expect(try daemon.request("GET", "/v1/admin/check").json["sound"] == .bool(true))
    }

    @Test("without a reason, or with a reason alone, the restore is refused and nothing is left behind")
    func reason() throws {
        _ = try issue()
        let file = try backup()
        _ = try issue()

        let without = try restore(file, ["--accept-gap"])
        try FileManager.default.createDirectory(atPath: daemon.state, withIntermediateDirectories: true)
        let empty = try restore(file, ["--accept-gap", "--reason", " "])
        try FileManager.default.createDirectory(atPath: daemon.state, withIntermediateDirectories: true)
        let alone = try restore(file, ["--reason", Self.reason])

        #expect(without.status == 78 && without.error.contains("--reason is missing"), "\(without.error)")
        #expect(empty.status == 78 && empty.error.contains("--reason is missing"), "\(empty.error)")
        #expect(alone.status == 78 && alone.error.contains("--reason belongs to --accept-gap"), "\(alone.error)")
    }

    @Test("a backup that is not behind its anchor has no gap to accept")
    func noGap() throws {
        _ = try issue()

        let refused = try accept(try backup())

        #expect(refused.status == 78 && refused.error.contains("there is no gap"), "\(refused.error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.state) == [])
    }

    @Test("an anchor that moved on after the gap was accepted stops the opening")
    func movedAnchor() throws {
        _ = try issue()
        let file = try backup()
        _ = try issue()
        let behind = daemon.directory + "/behind"
        try FileManager.default.copyItem(atPath: anchor, toPath: behind)
        _ = try issue()
        let ahead = daemon.directory + "/ahead"
        try FileManager.default.copyItem(atPath: anchor, toPath: ahead)
        try FileManager.default.removeItem(atPath: anchor)
        try FileManager.default.copyItem(atPath: behind, toPath: anchor)
        _ = try accept(file)
        try FileManager.default.removeItem(atPath: anchor)
        try FileManager.default.copyItem(atPath: ahead, toPath: anchor)

        let refused = try TestDaemon.run(
            "timeout",
            ["20", TestDaemon.gemd, "serve", "--state", daemon.state, "--socket", daemon.directory + "/2.sock"])

        #expect(refused.status == 78 && refused.error.contains("not the one for which the gap was accepted"))
    }
}
