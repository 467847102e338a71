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
    /// Runs one statement and returns its rows.
    func rows(_ sql: SQL) throws -> [Row]
    /// Runs one statement and hands over its rows one by one; for answers of any length.
    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Void) throws
    /// Runs one statement that gives no rows.
    /// - Returns: how many rows it inserted, updated or deleted.
    func change(_ sql: SQL) throws -> Int
}

extension Transaction {
    package func row(_ sql: SQL) throws -> Row? { try rows(sql).first }
    package func run(_ sql: SQL) throws { _ = try change(sql) }
}
