#if PostgreSQL
import Foundation
import GemModel
import PostgresCluster
import Testing

@testable import gemd

/// A state whose rows are on a server, from init to backup, and the way between the engines.
@Suite("A state on PostgreSQL", .enabled(if: PostgresCluster.programs != nil, "PostgreSQL is not installed"))
struct PostgresStateTests {
    private func daemon() throws -> (daemon: TestDaemon, cluster: PostgresCluster, schema: String) {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        return (try TestDaemon(database: cluster.url(schema: schema)), cluster, schema)
    }

    private func issue(_ daemon: TestDaemon, token: String) throws -> String {
        let piece = try daemon.register(Samples.emerald(), token: token)["id"]!.string!
        _ = try daemon.photograph(piece, token: token)
        let answer = try daemon.declare(piece, token: token)
        guard answer.status == 201 else { throw TestDaemon.Failure(answer.text) }
        return answer.number
    }

    @Test("registers, certifies, stops, is sound, and starts again")
    func whole() throws {
        let (daemon, _, _) = try daemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let number = try issue(daemon, token: dealer.token)

        let status = daemon.stop()
        let check = try daemon.check()
        try daemon.start()

        #expect(status == 0)
        #expect(check.status == 0, "\(check.output)\(check.error)")
        #expect(!FileManager.default.fileExists(atPath: daemon.state + "/gemd.db"))
        #expect(try daemon.visit("/c/\(number)").status == 200)
        #expect(try daemon.request("GET", "/v1/pieces?speciesx=a", token: dealer.token).status == 400)
        #expect(try daemon.request("GET", "/v1/pieces?species=a%00b", token: dealer.token).status == 422)
    }

    @Test("is refused to a second state, to a second daemon and to a check beside it")
    func inUse() throws {
        let (daemon, cluster, schema) = try daemon()
        let other = daemon.directory + "/other"

        let second = try TestDaemon.run(
            TestDaemon.gemd, ["init", "--state", other, "--issuer", "AB", "--database", cluster.url(schema: schema)])
        // As on another machine: the same state without its lock.
        let copy = daemon.directory + "/copy"
        try FileManager.default.copyItem(atPath: daemon.state, toPath: copy)
        let foreign = try TestDaemon.run(
            "timeout", ["20", TestDaemon.gemd, "serve", "--state", copy, "--socket", daemon.directory + "/2.sock"])
        _ = daemon.stop()
        let full = try TestDaemon.run(
            TestDaemon.gemd, ["init", "--state", other, "--issuer", "AB", "--database", cluster.url(schema: schema)])

        #expect(second.status == 75 && second.error.contains("another gemd writes to this database"), "\(second.error)")
        #expect(foreign.status == 75, "\(foreign.error)")
        #expect(full.status == 78 && full.error.contains("holds rows of a gemd already"), "\(full.error)")
        #expect(!FileManager.default.fileExists(atPath: other))
    }

    @Test("a daemon that is alive when the server comes back goes on, certificates too")
    func serverRestarts() throws {
        let cluster = try PostgresCluster()
        let daemon = try TestDaemon(database: cluster.url(schema: "public"))
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        _ = try issue(daemon, token: dealer.token)

        try cluster.crash()
        let number = try issue(daemon, token: dealer.token)
        let status = daemon.stop()
        let check = try daemon.check()

        #expect(number.hasPrefix("GGAPCP-"))
        #expect(status == 0)
        #expect(check.status == 0, "\(check.output)\(check.error)")
    }

    @Test("a URL with a password is refused and not repeated; a server that is not there is named")
    func refusedURLs() throws {
        let state = NSTemporaryDirectory() + "gemd-none-" + UUID().uuidString
        func refusal(_ url: String) throws -> (status: Int32, output: String, error: String) {
            try TestDaemon.run(TestDaemon.gemd, ["init", "--state", state, "--issuer", "AB", "--database", url])
        }

        let password = try refusal("postgres://gemd:open-sesame@db.invalid/gemd")
        let away = try refusal("postgres://gemd@%2Fnowhere/gemd")
        let nonsense = try refusal("mysql://gemd:open-sesame@db/gemd")

        #expect(password.status == 78 && password.error.contains("database-password"), "\(password.error)")
        #expect(away.status == 69 && away.error.contains("/nowhere"), "\(away.error)")
        #expect(nonsense.status == 78)
        #expect(![password, nonsense].contains { ($0.error + $0.output).contains("sesame") })
        #expect(!FileManager.default.fileExists(atPath: state))
    }

    @Test("a backup made while it serves restores to a sound state in a file")
    func backup() throws {
        let (daemon, _, _) = try daemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let number = try issue(daemon, token: dealer.token)
        let (file, restored) = (daemon.directory + "/backup.tar", daemon.directory + "/restored")

        let made = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])
        let restore = try TestDaemon.run(TestDaemon.gemd, ["restore", "--from", file, "--state", restored])
        try FileManager.default.copyItem(atPath: daemon.state + "/keys", toPath: restored + "/keys")
        let check = try daemon.check(state: restored)

        #expect(made.status == 0, "\(made.error)")
        #expect(restore.status == 0, "\(restore.error)")
        #expect(check.status == 0, "\(check.output)")
        #expect(try daemon.sql("SELECT number FROM certificate", state: restored) == [[number]])
    }

    @Test("a state goes to the server and back, equal each time, and serves from each")
    func thereAndBack() throws {
        let cluster = try PostgresCluster.shared.get()
        let url = cluster.url(schema: try cluster.makeSchema())
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let first = try issue(daemon, token: dealer.token)
        func copy(_ arguments: String...) throws -> (status: Int32, output: String, error: String) {
            try TestDaemon.run(TestDaemon.gemd, ["copy", "--state", daemon.state] + arguments)
        }

        let early = try copy("--to", url, "--switch")
        _ = daemon.stop()
        let there = try copy("--to", url, "--switch")
        try daemon.start()
        let second = try issue(daemon, token: dealer.token)
        _ = daemon.stop()
        let onServer = try daemon.check()
        let again = try copy("--to", url)
        let back = try copy("--to", daemon.state + "/gemd.db", "--switch")
        let inFile = try daemon.check()
        try daemon.start()

        #expect(early.status == 75)
        #expect(there.status == 0 && there.output.contains("certificate: 1 rows"), "\(there.output)\(there.error)")
        #expect(onServer.status == 0, "\(onServer.output)\(onServer.error)")
        #expect(again.status == 78 && again.error.contains("holds rows already"), "\(again.error)")
        #expect(back.status == 0 && back.output.contains("certificate: 2 rows"), "\(back.output)\(back.error)")
        #expect(inFile.status == 0, "\(inFile.output)\(inFile.error)")
        #expect(try [first, second].map { try daemon.visit("/c/\($0)").status } == [200, 200])
    }
}
#endif
