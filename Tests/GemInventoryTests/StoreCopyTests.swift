import Foundation
import GemModel
import PostgresCluster
import Testing

@testable import GemInventory

@Suite("A copy of a store")
struct StoreCopyTests {
    @Test("has the same rows and hashes, from each engine into each", arguments: Engine.allCases, Engine.allCases)
    func roundTrip(from: Engine, to: Engine) async throws {
        let first = try from.open()
        try await first.fill()
        let second = try to.open()
        let third = try from.open()

        let there = try await StoreCopy(from: first.database, to: second.database).run { _, _ in }
        let back = try await StoreCopy(from: second.database, to: third.database).run { _, _ in }

        #expect(there.source == there.target)
        #expect(back.source == there.source && back.target == there.source)
        let counts = Dictionary(uniqueKeysWithValues: there.source.map { ($0.table, $0.rows) })
        #expect(counts.filter { $0.value == 0 } == [:], "every table takes part")
    }

    @Test("of more rows than a batch holds is whole", arguments: Engine.allCases)
    func manyBatches(engine: Engine) async throws {
        let source = try engine.open()
        try await source.database.write { tx in
            for number in 0..<2345 {
                try tx.run(
                    "INSERT INTO meta (name, value) VALUES (\(String(number)), \(String(repeating: "ع", count: 400)))")
            }
        }
        let target = try Engine.sqlite.open()

        let digests = try await StoreCopy(from: source.database, to: target.database).run { _, _ in }

        #expect(digests.source == digests.target)
        #expect(digests.target.first { $0.table == "meta" }?.rows == 2345)
    }

    @Test("into a store that holds a row is refused", arguments: Engine.allCases)
    func notEmpty(engine: Engine) async throws {
        let source = try Engine.sqlite.open()
        let target = try engine.open()
        try await target.database.write { try $0.run("INSERT INTO series (name, next) VALUES ('n', 1)") }

        await #expect(throws: InventoryError.state("the target holds rows already")) {
            try await StoreCopy(from: source.database, to: target.database).run { _, _ in }
        }
    }

    @Test("one changed value changes its table's hash", arguments: Engine.allCases)
    func changed(engine: Engine) async throws {
        let store = try engine.open()
        try await store.fill()
        let before = try await StoreCopy.digests(of: store.database)
        try await store.database.write { try $0.run("UPDATE event SET data = 'other' WHERE seq = 1") }

        let after = try await StoreCopy.digests(of: store.database)

        #expect(zip(before, after).filter { $0 != $1 }.map(\.0.table) == ["event"])
    }

    @Test("a target that refuses rows ends it with the reason")
    func refused() async throws {
        let source = try Engine.sqlite.open()
        try await source.fill()
        let target = try Engine.sqlite.open()
        try await target.database.write { try $0.run("DROP TABLE lot") }

        await #expect(throws: (any Error).self) {
            try await StoreCopy(from: source.database, to: target.database).run { _, _ in }
        }
    }

    @Test("knows every table and column that the migrations make")
    func complete() async throws {
        let store = try Engine.sqlite.open()

        let made = try await store.database.read { tx in
            let tables = try tx.rows(
                """
                SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_version'
                    AND name NOT GLOB 'piece_text*' ORDER BY name
                """)
            return try tables.map { table in
                let columns = try tx.rows("SELECT name FROM pragma_table_info(\(table.text(0))) ORDER BY cid")
                return "\(table.text(0)): \(columns.map { $0.text(0) }.joined(separator: ", "))"
            }
        }

        #expect(Schema.tables.map { "\($0.name.text): \($0.columns.text)" }.sorted() == made)
    }
}
