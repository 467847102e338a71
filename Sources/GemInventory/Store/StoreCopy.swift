import Dispatch
import GemCrypto
import Synchronization

/// Everything from one store into another, whatever their engines are.
package struct StoreCopy: Sendable {
    private let source: any Database
    private let target: any Database

    package init(from source: any Database, to target: any Database) {
        self.source = source
        self.target = target
    }

    /// One table's rows in the order of its key, as a number and a hash: equal on two stores if the rows are.
    package struct Digest: Hashable, Sendable {
        package var table: String
        package var rows: Int64
        package var sha256: [UInt8]
    }

    /// A batch ends at whichever comes first, so that memory is bounded by what one row may hold.
    private static let mostRows = 1000
    private static let mostBytes = 1 << 20
    /// Rows of one INSERT. Always the same number, so that one statement is prepared a table.
    private static let rowsOfOneInsert = 40

    package static func isEmpty(_ database: any Database) async throws -> Bool {
        try await database.read { tx in
            try Schema.tables.allSatisfy { try tx.row("SELECT 1 FROM \($0.name) LIMIT 1") == nil }
        }
    }

    /// Copies all tables from one snapshot, one durable batch after the other, then reads the copy again.
    ///
    /// `progress` is told the table and the rows copied so far, on the engine's thread. The target must be empty;
    /// after a failure it holds a part, and is to be emptied by whoever made it.
    /// - Returns: the digests of both sides, table by table. It is the caller who compares them.
    package func run(
        progress: @escaping @Sendable (String, Int64) -> Void
    ) async throws -> (source: [Digest], target: [Digest]) {
        guard try await Self.isEmpty(target) else { throw InventoryError.state("the target holds rows already") }
        let before = try await source.read { [target] tx in
            let outlet = Outlet(target)
            let digests = try Schema.tables.map { table in
                var batch: [Row] = []
                var bytes = 0
                var rows: Int64 = 0
                let digest = try Self.digest(of: table, tx: tx) { row in
                    batch.append(row)
                    bytes += row.byteCount
                    rows += 1
                    if batch.count == Self.mostRows || bytes > Self.mostBytes {
                        try outlet.put(batch, into: table)
                        (batch, bytes) = ([], 0)
                        progress(table.name.text, rows)
                    }
                }
                try outlet.put(batch, into: table)
                progress(table.name.text, rows)
                return digest
            }
            try outlet.end()
            return digests
        }
        try await target.write { try TextIndex.rebuild($0) }
        return (before, try await Self.digests(of: target))
    }

    /// Of every table, in one snapshot.
    package static func digests(of database: any Database) async throws -> [Digest] {
        try await database.read { tx in try Schema.tables.map { try digest(of: $0, tx: tx) { _ in } } }
    }

    private static func digest(
        of table: Schema.Table, tx: any Transaction, _ body: (Row) throws -> Void
    ) throws -> Digest {
        var hasher = SHA256Hasher()
        var rows: Int64 = 0
        var line: [UInt8] = []
        try tx.forEachRow("SELECT \(table.columns) FROM \(table.name) ORDER BY \(table.key)") { row in
            line.removeAll(keepingCapacity: true)
            for value in row.values { value.appendUnambiguously(to: &line) }
            hasher.update(line)
            rows += 1
            try body(row)
        }
        return Digest(table: table.name.text, rows: rows, sha256: hasher.finish())
    }

    /// Writes batches behind the reader's back: one is being written while the next is read, never more.
    private final class Outlet: Sendable {
        private let target: any Database
        private let room = DispatchSemaphore(value: 1)
        private let failure = Mutex<(any Error)?>(nil)

        init(_ target: any Database) { self.target = target }

        /// Called on the source engine's own thread, which may wait.
        func put(_ rows: [Row], into table: Schema.Table) throws {
            guard !rows.isEmpty else { return }
            try wait()
            target.enqueue(
                WriteCombiner.Job(
                    run: { tx in
                        var rest = rows[...]
                        while !rest.isEmpty {
                            let some = rest.count < StoreCopy.rowsOfOneInsert ? 1 : StoreCopy.rowsOfOneInsert
                            try tx.run(
                                "INSERT INTO \(table.name) (\(table.columns)) VALUES \(rows: rest.prefix(some))")
                            rest = rest.dropFirst(some)
                        }
                    },
                    settle: { [self] error in
                        if let error { failure.withLock { $0 = $0 ?? error } }
                        room.signal()
                    }))
        }

        /// Returns when the last batch is durable.
        func end() throws {
            try wait()
            room.signal()
        }

        private func wait() throws {
            room.wait()
            if let error = failure.withLock({ $0 }) {
                room.signal()
                throw error
            }
        }
    }
}

extension Row {
    fileprivate var byteCount: Int {
        values.reduce(0) { sum, value in
            switch value {
            case .null, .int: sum + 8
            case .text(let text): sum + text.utf8.count
            case .blob(let bytes): sum + bytes.count
            }
        }
    }
}

extension SQL.Value {
    /// Kind, length, bytes: no two rows of different values give the same bytes.
    fileprivate func appendUnambiguously(to line: inout [UInt8]) {
        func append(_ kind: UInt8, _ bytes: some Collection<UInt8>) {
            line.append(kind)
            withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { line.append(contentsOf: $0) }
            line.append(contentsOf: bytes)
        }
        switch self {
        case .null: append(0, [])
        case .int(let value): withUnsafeBytes(of: value.bigEndian) { append(1, $0) }
        case .text(let text): append(2, text.utf8)
        case .blob(let bytes): append(3, bytes)
        }
    }
}
