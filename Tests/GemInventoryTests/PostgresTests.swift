#if PostgreSQL
import Foundation
import GemModel
import PostgresCluster
import Synchronization
import Testing

@testable import GemInventory

/// What only a server can do to us: restart, lose connections, let two in, be set up to lose data.
@Suite("PostgreSQL", .enabled(if: Engine.postgresIsMissing == nil, "PostgreSQL is not there"))
struct PostgresTests {
    private struct Unexpected: Error {}

    /// What writers were promised, and whether they have written enough.
    private final class Progress: Sendable {
        let stop = Atomic(false)
        let answered = Mutex<[Int]>([])
    }

    private func cluster() throws -> PostgresCluster { try PostgresCluster.shared.get() }

    private func open(_ url: String, password: String? = nil) throws -> PostgresDatabase {
        try PostgresDatabase(url: url, password: password, onTakeover: { fatalError($0) })
    }

    /// The reason of a refusal to open.
    private func refusal(_ url: String, password: String? = nil) throws -> String {
        do { _ = try open(url, password: password) } catch InventoryError.store(let reason) {
            return reason
        } catch InventoryError.unreachable(let reason) { return reason } catch InventoryError.inUse(let reason) {
            return reason
        }
        throw Unexpected()
    }

    @Test("a second writer is refused while the first is there, and let in when it is gone")
    func oneWriter() async throws {
        let cluster = try cluster()
        let url = cluster.url(schema: try cluster.makeSchema())
        var first: PostgresDatabase? = try open(url)

        let refused = try refusal(url)
        try await first?.write { try $0.run("INSERT INTO meta (name, value) VALUES ('a', 'b')") }
        first = nil
        let second = try open(url)

        #expect(refused == "another gemd writes to this database")
        #expect(try await second.read { try $0.rows("SELECT name FROM meta").count } == 1)
    }

    @Test("who opened it for reading beside the writer cannot write")
    func reading() async throws {
        let store = try Engine.postgres.open()
        let reader = try store.reopened()

        await #expect(throws: InventoryError.store("the database was opened for reading")) {
            try await reader.write { try $0.run("INSERT INTO meta (name, value) VALUES ('a', 'b')") }
        }
    }

    @Test(
        "a server that may lose what it acknowledged is refused by the setting's name",
        arguments: ["fsync", "full_page_writes"])
    func unsafe(setting: String) throws {
        let cluster = try PostgresCluster(settings: ["\(setting) = off"])

        #expect(try refusal(cluster.url(schema: "public")) == "PostgreSQL has \(setting) = off, gemd needs on")
    }

    @Test("a commit waits for the disk also where the server's default is not to")
    func synchronousCommit() async throws {
        let cluster = try PostgresCluster(settings: ["synchronous_commit = off"])
        let database = try open(cluster.url(schema: "public"))

        let value = try await database.write {
            try $0.row("SELECT current_setting('synchronous_commit')")?.text(0)
        }

        #expect(value == "on")
    }

    @Test("after the server crashed and came back, what was answered is there and writing goes on")
    func crash() async throws {
        let cluster = try PostgresCluster()
        let database = try open(cluster.url(schema: "public"))
        let progress = Progress()

        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var number = 0
                    while !progress.stop.load(ordering: .relaxed) {
                        number += 1
                        let name = writer * 1_000_000 + number
                        do {
                            try await database.write { tx in
                                try tx.run("INSERT INTO meta (name, value) VALUES (\(String(name)), 'x')")
                            }
                            progress.answered.withLock { $0.append(name) }
                        } catch {
                            // While the server is away: busy, and nothing else.
                            if error as? InventoryError != .busy { Issue.record(error) }
                            await Task.yield()
                        }
                    }
                }
            }
            group.addTask {
                for _ in 0..<3 {
                    let count = progress.answered.withLock { $0.count }
                    while progress.answered.withLock({ $0.count }) < count + 50 { await Task.yield() }
                    do { try cluster.crash() } catch { Issue.record(error) }
                }
                let count = progress.answered.withLock { $0.count }
                while progress.answered.withLock({ $0.count }) < count + 50 { await Task.yield() }
                progress.stop.store(true, ordering: .relaxed)
            }
        }

        let stored = Set(
            try await database.read { try $0.rows("SELECT name FROM meta").compactMap { Int($0.text(0)) } })
        let promised = progress.answered.withLock { Set($0) }
        #expect(promised.isSubset(of: stored))
        #expect(promised.count > 150)
    }

    @Test("a connection that is cut while nothing runs is replaced unseen")
    func idleLoss() async throws {
        let cluster = try PostgresCluster()
        let database = try open(cluster.url(schema: "public"))
        _ = try await database.read { try $0.rows("SELECT 1") }

        try cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gemd'")
        try await database.write { try $0.run("INSERT INTO meta (name, value) VALUES ('a', 'b')") }
        let count = try await database.lookUp { try $0.row("SELECT count(*) FROM meta")?.int(0) }

        #expect(count == 1)
    }

    @Test("a commit whose answer was lost is answered once it is known to be there, and not run again")
    func lostAnswer() async throws {
        let cluster = try PostgresCluster(settings: ["wal_level = replica", "max_wal_senders = 1"])
        let database = try open(cluster.url(schema: "public"))
        // From here on a commit is durable at once, but answered only when a standby has it; there is none. The
        // checkpointer tells the others of it: a new session shows that it was told, and a checkpoint that it heard.
        try cluster.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        try cluster.sql("SELECT pg_reload_conf()")
        while try cluster.sql("SHOW synchronous_standby_names") != "nobody" { await Task.yield() }
        try cluster.sql("CHECKPOINT")
        let runs = Atomic(0)
        let isWritten = Atomic(false)

        async let written: Void = {
            defer { isWritten.store(true, ordering: .relaxed) }
            try await database.write { tx in
                runs.add(1, ordering: .relaxed)
                try tx.run("INSERT INTO series (name, next) VALUES ('n', 1)")
            }
        }()
        var cut = ""
        while cut != "t" {
            let hasNotWaited = isWritten.load(ordering: .relaxed)
            try #require(hasNotWaited == false, "the commit did not wait for a standby")
            cut = try cluster.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' LIMIT 1")
            await Task.yield()
        }
        try cluster.sql("ALTER SYSTEM RESET synchronous_standby_names")
        try cluster.sql("SELECT pg_reload_conf()")
        try await written

        #expect(try await database.read { try $0.row("SELECT next FROM series")?.int(0) } == 1)
        #expect(runs.load(ordering: .relaxed) == 1)
    }

    @Test("a commit that was cut before it was durable is run again")
    func cutCommit() async throws {
        let cluster = try PostgresCluster()
        let database = try open(cluster.url(schema: "public"))
        // The server ends the session while it checks the transaction at its end.
        try cluster.sql(
            """
            CREATE TABLE cut (n BIGINT);
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON cut DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION cut()
            """)
        let runs = Atomic(0)

        try await database.write { tx in
            // The first attempt is cut at its commit, the second is not.
            if runs.add(1, ordering: .relaxed).newValue == 1 { try tx.run("INSERT INTO cut (n) VALUES (1)") }
            try tx.run("INSERT INTO series (name, next) VALUES ('n', 1)")
        }

        #expect(try await database.read { try $0.row("SELECT next FROM series")?.int(0) } == 1)
        #expect(runs.load(ordering: .relaxed) == 2)
    }

    @Test("hundreds of keys are looked up by their index, also where the server has no statistics yet")
    func manyKeys() async throws {
        let database = try open(cluster().url(schema: cluster().makeSchema()))
        let keys = (0..<256).map { SQL.Value.text(String($0)) }

        let plan = try await database.write { tx in
            try tx.rows("EXPLAIN SELECT id FROM party WHERE phone IN (\(list: keys))").map { $0.text(0) }
        }

        #expect(plan.contains { $0.contains("Index Scan") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Seq Scan") }, "\(plan)")
    }

    @Test("a conflict with somebody else's transaction is run again until it passes")
    func conflict() async throws {
        let cluster = try cluster()
        let schema = try cluster.makeSchema()
        let database = try open(cluster.url(schema: schema))
        try await database.write { try $0.run("INSERT INTO series (name, next) VALUES ('n', 0)") }
        let runs = Atomic(0)

        try await database.write { tx in
            let next = try tx.row("SELECT next FROM series WHERE name = 'n'")!.int(0)
            // An administrator changes the row between our reading and our writing it.
            if runs.add(1, ordering: .relaxed).newValue == 1 {
                try cluster.sql("UPDATE \(schema).series SET next = 40 WHERE name = 'n'")
            }
            try tx.run("UPDATE series SET next = \(next + 2) WHERE name = 'n'")
        }

        #expect(try await database.read { try $0.row("SELECT next FROM series")?.int(0) } == 42)
        #expect(runs.load(ordering: .relaxed) == 2)
    }

    @Test("statements inside a loop over a long answer see it to its end")
    func nested() async throws {
        let store = try Engine.postgres.open()
        try await store.database.write { tx in
            for number in 0..<700 {
                try tx.run("INSERT INTO meta (name, value) VALUES (\(String(number)), 'x')")
            }
        }

        let sum = try await store.database.read { tx in
            var sum: Int64 = 0
            try tx.forEachRow("SELECT name FROM meta WHERE value = \("x")") { row in
                try tx.forEachRow("SELECT value FROM meta WHERE name = \(row.text(0))") { _ in sum += 1 }
            }
            return sum
        }

        #expect(sum == 700)
    }

    @Test("one statement takes NULL and a number in turn")
    func types() async throws {
        let store = try Engine.postgres.open()
        let values: [Int64?] = [nil, 5, nil, .max]

        for (index, value) in values.enumerated() {
            try await store.database.write {
                try $0.run("INSERT INTO image VALUES (\(String(index)), 1, 1, 1, 0, 1, \(value))")
            }
        }
        let stored = try await store.database.read {
            try $0.rows("SELECT published FROM image ORDER BY sha256").map { $0.optionalInt(0) }
        }

        #expect(stored == values)
        // The same text, its type unknown at first.
        let echoes = try await store.database.read { tx in
            try [SQL.Value.null, .int(7), .text("7"), .blob([7])].map { try tx.row("SELECT \($0)")!.values[0] }
        }
        #expect(echoes == [.null, .int(7), .text("7"), .blob([7])])
    }

    @Test("the password comes from the credential or the file, and no message repeats it")
    func password() throws {
        let cluster = try PostgresCluster()
        try cluster.sql("CREATE ROLE keyed LOGIN PASSWORD 'open-sesame'; GRANT ALL ON SCHEMA public TO keyed")
        let url = cluster.url(schema: "public", user: "keyed")

        let wrong = try refusal(url, password: "wrong-password")
        let inside = try refusal(url.replacing("keyed@", with: "keyed:wrong-password@"))
        let garbled = try refusal(url.replacing("keyed@", with: "keyed:wrong-password%zz@"))
        let missing = try refusal(url)
        _ = try open(url, password: "open-sesame")

        #expect(wrong.contains("authentication failed"))
        #expect(missing.contains("no password supplied"))
        #expect(![wrong, inside, garbled, missing].contains { $0.contains("wrong-password") })
        #expect(
            try StoreLocation.server(url: url.replacing("keyed@", with: "keyed:x@"), password: nil).hasPasswordInside())
        #expect(try !StoreLocation.server(url: url, password: nil).hasPasswordInside())
    }

    @Test("a schema that does not exist is refused in words")
    func noSchema() throws {
        #expect(try refusal(cluster().url(schema: "nowhere")).contains("no schema of the search path"))
    }

    @Test("columns of text sort by code point, all of them")
    func collations() async throws {
        let store = try Engine.postgres.open()

        let others = try await store.database.read {
            try $0.rows(
                """
                SELECT CAST(table_name AS TEXT) FROM information_schema.columns
                WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                """)
        }

        #expect(others.isEmpty)
    }
}
#endif
