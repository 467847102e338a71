/// What the inventory needs from an SQL engine, and nothing more.
///
/// `write` is serializable and durable when it returns; writers that wait together
/// may share one commit, each in a savepoint of its own, so one that throws undoes
/// only itself. `read` sees one snapshot. Bodies run on the engine's own thread, so
/// they are plain synchronous code; they may run again after a serialization
/// failure and must not act on anything outside the transaction.
///
/// Conformers pass `DatabaseTests`, throw ``InventoryError`` for a full disk, for a
/// passed deadline and for a text with U+0000, which not every engine can keep, and
/// end the process when a sync to disk fails: after that nobody knows what is on the
/// disk, and trying again would hide it.
package protocol Database: Sendable {
    func read<T: Sendable>(
        deadline: Duration?, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T
    /// A few rows by key, by the shortest way the engine has: SQLite's is the caller's own thread, since a
    /// look-up takes less time than handing it to another. Each statement sees what is committed when it
    /// begins. Never a search, a scan or anything that grows with the stock.
    func lookUp<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
    /// One short statement by the same way as a look-up, given up as soon as it turns out not to be short: then nil,
    /// and the caller asks again with `read`.
    func glance<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T?
    /// Takes one writer into the queue and returns at once; `write` is how to wait for it.
    func enqueue(_ job: WriteCombiner.Job)
    /// Rings after each commit of this process's writers.
    var commits: CommitSignal { get }
    /// What the engine's own check of its pages and indexes finds; empty when sound.
    func integrityFindings() async throws -> [String]
}

extension Database {
    package func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await read(deadline: nil, body)
    }

    package func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { done in
            let answer = WriteAnswer<T>()
            enqueue(
                WriteCombiner.Job(
                    run: { answer.value = try body($0) },
                    settle: { failure in
                        if let failure { done.resume(throwing: failure) } else { done.resume(returning: answer.value!) }
                    }))
        }
    }
}

/// Written by the writer's queue in `run` and read by the same queue in `settle`, nowhere else.
private final class WriteAnswer<T: Sendable>: @unchecked Sendable {
    var value: T?
}

/// Lives only inside a `read` or `write` body.
package protocol Transaction {
    /// For the few things the engines spell differently.
    var dialect: Schema.Dialect { get }
    /// What the writers of one commit have learned of it; nil for readers, and where an engine keeps none.
    var notes: WriterNotes? { get }
    /// Runs one statement and returns its rows.
    func rows(_ sql: SQL) throws -> [Row]
    /// Runs one statement and hands over its rows one by one; for answers of any length.
    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Void) throws
    /// The same without a copy of the row: its columns as the engine holds them.
    func forEachRowView(_ sql: SQL, _ body: (any RowView) throws -> Void) throws
    /// Runs one statement that gives no rows.
    /// - Returns: how many rows it inserted, updated or deleted.
    func change(_ sql: SQL) throws -> Int
    /// The same where nobody asks how many. An engine may put it off until another statement is waited for, or the
    /// commit; what it meets is thrown then.
    func run(_ sql: SQL) throws
    /// Runs one statement once for each list of arguments.
    /// - Returns: how many rows it inserted, updated or deleted each time.
    func change(_ text: StaticString, each arguments: [[SQL.Value]]) throws -> [Int]
    /// Adds one row by an `INSERT … ON CONFLICT DO NOTHING`. An engine to which the way is long may trust that nothing
    /// is in the way of the row; when something is, it undoes the transaction and runs it again without that trust.
    /// - Returns: false when a key of the row is taken, and nothing was added.
    func add(_ insertion: StaticString, _ values: [SQL.Value]) throws -> Bool
}

/// A row where it lies. Only for the body it is given to.
package protocol RowView {
    func value(_ column: Int) -> SQL.Value
    /// Appends the UTF-8 of a text column; of NULL nothing.
    func append(_ column: Int, to text: inout [UInt8])
}

extension Row: RowView {
    package func value(_ column: Int) -> SQL.Value { values[column] }
    package func append(_ column: Int, to text: inout [UInt8]) {
        if case .text(let value) = values[column] { text.append(contentsOf: value.utf8) }
    }
}

/// Ends that each writer of a commit would look up anew. Whoever moves an end writes it here too; what is undone
/// takes all notes with it. Used by the writer's thread alone.
package final class WriterNotes {
    /// The last event of a party's chain.
    var chains: [String: (seq: Int64, hash: [UInt8])] = [:]
    var lastPiece: Int64?

    func forget() {
        chains = [:]
        lastPiece = nil
    }
}

extension Transaction {
    package var notes: WriterNotes? { nil }
    package func row(_ sql: SQL) throws -> Row? { try rows(sql).first }
    package func run(_ sql: SQL) throws { _ = try change(sql) }
    package func change(_ text: StaticString, each arguments: [[SQL.Value]]) throws -> [Int] {
        try arguments.map { try change(SQL(text, $0)) }
    }
    package func add(_ insertion: StaticString, _ values: [SQL.Value]) throws -> Bool {
        try change(SQL(insertion, values)) == 1
    }
}
