import Foundation
import Testing

@testable import GemInventory

@Suite("Every engine")
struct DatabaseTests {
    private struct Undo: Error {}

    @Test("keeps what a write returned, also when opened again", arguments: Engine.allCases)
    func durable(engine: Engine) async throws {
        let store = try engine.open()
        try await store.database.write { try $0.run("INSERT INTO meta (name, value) VALUES ('a', 'b')") }

        let value = try await store.reopened().read { try $0.row("SELECT value FROM meta WHERE name = 'a'")?.text(0) }

        #expect(value == "b")
    }

    @Test("gives back every kind of value as it was", arguments: Engine.allCases)
    func values(engine: Engine) async throws {
        let store = try engine.open()
        let bytes: [UInt8] = [0, 255, 39, 0]
        let text = "زمرد '); DROP TABLE meta; -- \u{1F48E}"

        let row = try await store.database.read {
            try $0.row("SELECT \(Int64.min), \(text), \(bytes), \(String?.none), \(""), \([UInt8]())")
        }

        #expect(row?.values == [.int(.min), .text(text), .blob(bytes), .null, .text(""), .blob([])])
    }

    @Test("SQLite's log begins anew while writers go on")
    func logBeginsAnew() async throws {
        let store = try Engine.sqlite.open()
        let database = store.database

        await withThrowingTaskGroup(of: Void.self) { group in
            for tile in 0..<4 {
                group.addTask {
                    for write in 0..<128 {
                        let hashes = [UInt8](repeating: UInt8(write), count: 256 << 10)
                        try await database.write {
                            try $0.run(
                                """
                                INSERT INTO log_tile (log, level, n, hashes) VALUES (1, 0, \(tile), \(hashes))
                                ON CONFLICT (log, level, n) DO UPDATE SET hashes = excluded.hashes
                                """)
                        }
                    }
                }
            }
        }

        // The file never shrinks: never begun anew, it would hold all 128 MB and more.
        let file = try FileManager.default.attributesOfItem(atPath: store.directory + "/gemd.db-wal")
        let size = try #require(file[.size] as? Int)
        #expect(16 << 20...96 << 20 ~= size)
        #expect(try await store.reopened().read { try $0.rows("SELECT n FROM log_tile").count } == 4)
    }

    @Test("undoes one writer that throws, and only that one", arguments: Engine.allCases)
    func savepoints(engine: Engine) async throws {
        let store = try engine.open()
        let database = store.database

        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    // The odd ones throw after they have written.
                    try? await database.write { tx in
                        try tx.run("INSERT INTO meta (name, value) VALUES (\(String(number)), 'x')")
                        if number % 2 == 1 { throw Undo() }
                    }
                }
            }
        }

        let names = try await database.read { try $0.rows("SELECT name FROM meta").map { Int($0.text(0))! } }
        #expect(Set(names) == Set(stride(from: 0, to: 200, by: 2)))
    }

    @Test("a statement that nobody waited for fails its own writer, and only that one", arguments: Engine.allCases)
    func putOff(engine: Engine) async throws {
        let store = try engine.open()
        let database = store.database
        try await database.write { try $0.run("INSERT INTO meta (name, value) VALUES ('taken', 'x')") }

        let refused = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        try await database.write { tx in
                            try tx.run("INSERT INTO meta (name, value) VALUES (\(String(number)), 'x')")
                            // The last that the odd ones do, so that nothing of theirs meets the failure.
                            if number % 2 == 1 { try tx.run("INSERT INTO meta (name, value) VALUES ('taken', 'y')") }
                        }
                        return nil
                    } catch { return number }
                }
            }
            return await group.reduce(into: Set<Int>()) { if let number = $1 { $0.insert(number) } }
        }

        let names = try await database.read { try $0.rows("SELECT name FROM meta").compactMap { Int($0.text(0)) } }
        #expect(refused == Set(stride(from: 1, to: 100, by: 2)))
        #expect(Set(names) == Set(stride(from: 0, to: 100, by: 2)))
    }

    @Test("a statement that nobody waited for fails a writer that is alone", arguments: Engine.allCases)
    func putOffAlone(engine: Engine) async throws {
        let store = try engine.open()

        await #expect(throws: (any Error).self) {
            try await store.database.write { tx in
                try tx.run("INSERT INTO meta (name, value) VALUES ('a', 'x')")
                try tx.run("INSERT INTO meta (name, value) VALUES ('a', 'y')")
            }
        }
        // The session is whole, and nothing of it was kept.
        try await store.database.write { try $0.run("INSERT INTO meta (name, value) VALUES ('b', 'x')") }
        #expect(try await store.database.read { try $0.rows("SELECT name FROM meta").map { $0.text(0) } } == ["b"])
    }

    @Test("what is put off is seen by the next statement, in its order", arguments: Engine.allCases)
    func order(engine: Engine) async throws {
        let store = try engine.open()

        let (counts, value) = try await store.database.write { tx in
            try tx.run("INSERT INTO meta (name, value) VALUES ('b', 'first')")
            let counts = try tx.change(
                "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                each: ["a", "b", "c", "a"].map { [.text($0), .text("second")] })
            try tx.run("UPDATE meta SET value = 'third' WHERE name = 'c'")
            try tx.run("DELETE FROM meta WHERE name = 'a'")
            return (counts, try tx.rows("SELECT name, value FROM meta ORDER BY name").map { $0.text(0) + $0.text(1) })
        }

        #expect(counts == [1, 0, 1, 0])
        #expect(value == ["bfirst", "cthird"])
    }

    @Test("lets writers that wait together add up without losing one", arguments: Engine.allCases)
    func serializable(engine: Engine) async throws {
        let store = try engine.open()
        let database = store.database
        try await database.write { try $0.run("INSERT INTO series (name, next) VALUES ('n', 0)") }

        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<300 {
                group.addTask {
                    try? await database.write { tx in
                        let next = try tx.row("SELECT next FROM series WHERE name = 'n'")!.int(0)
                        try tx.run("UPDATE series SET next = \(next + 1) WHERE name = 'n'")
                    }
                }
            }
        }

        let next = try await database.read { try $0.row("SELECT next FROM series WHERE name = 'n'")?.int(0) }
        #expect(next == 300)
    }

    @Test("a read sees one snapshot while others write", arguments: Engine.allCases)
    func snapshot(engine: Engine) async throws {
        let store = try engine.open()
        let database = store.database
        let gate = DispatchSemaphore(value: 0)
        let counted = DispatchSemaphore(value: 0)

        async let counts = database.read { tx in
            let first = try tx.row("SELECT count(*) FROM meta")!.int(0)
            counted.signal()
            gate.wait()
            return (first, try tx.row("SELECT count(*) FROM meta")!.int(0))
        }
        await withCheckedContinuation { done in
            DispatchQueue.global().async {
                counted.wait()
                done.resume()
            }
        }
        try await database.write { try $0.run("INSERT INTO meta (name, value) VALUES ('a', 'b')") }
        gate.signal()

        let (first, second) = try await counts
        #expect(first == second)
    }

    @Test("a look-up sees what was written before it", arguments: Engine.allCases)
    func lookUp(engine: Engine) async throws {
        let store = try engine.open()
        for number in 0..<50 {
            try await store.database.write {
                try $0.run("INSERT INTO meta (name, value) VALUES (\(String(number)), 'x')")
            }
            let count = try await store.database.lookUp { try $0.row("SELECT count(*) FROM meta")?.int(0) }
            #expect(count == Int64(number + 1))
        }
    }

    @Test("ends a read at its deadline", arguments: Engine.allCases)
    func deadline(engine: Engine) async throws {
        let store = try engine.open()

        await #expect(throws: InventoryError.tooCostly) {
            try await store.database.read(deadline: .milliseconds(50)) { tx in
                try tx.rows(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
                    SELECT count(*) FROM n
                    """)
            }
        }
    }

    @Test("a spliced statement keeps its arguments in order", arguments: Engine.allCases)
    func splicing(engine: Engine) async throws {
        let store = try engine.open()
        let part: SQL = "\(1) + \(20)"
        let scope = Scope.party("p")

        let row = try await store.database.read { tx in
            try tx.row("SELECT \(100) + \(part) + \(3000), \("x") WHERE \(scope, "'p'") AND \(Scope.all, "1")")
        }

        #expect(row?.values == [.int(3121), .text("x")])
    }
}
