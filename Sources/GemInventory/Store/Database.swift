/// What the inventory needs from an SQL engine, and nothing more.
///
/// `write` is serializable and durable when it returns; writers that wait together
/// may share one commit, each in a savepoint of its own, so one that throws undoes
/// only itself. `read` sees one snapshot. Bodies run on the engine's own thread, so
/// they are plain synchronous code; they may run again after a serialization
/// failure and must not act on anything outside the transaction.
///
/// Conformers pass `DatabaseTests`, throw ``InventoryError`` for a full disk and
/// for a passed deadline, and end the process when a sync to disk fails: after
/// that nobody knows what is on the disk, and trying again would hide it.
package protocol Database: Sendable {
    func read<T: Sendable>(
        deadline: Duration?, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T
    /// A few rows by key, on the caller's own thread: a look-up takes less time than handing it to
    /// another thread. Each statement sees what is committed when it begins. Never a search, a scan or
    /// anything that grows with the stock.
    func lookUp<T: Sendable>(_ body: (any Transaction) throws -> T) async throws -> T
    func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
}

extension Database {
    package func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await read(deadline: nil, body)
    }
}

/// Lives only inside a `read` or `write` body.
package protocol Transaction {
    /// Runs one statement and returns its rows.
    func rows(_ sql: SQL) throws -> [Row]
    /// Runs one statement and hands over its rows one by one; for answers of any length.
    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Void) throws
}

extension Transaction {
    package func row(_ sql: SQL) throws -> Row? { try rows(sql).first }
    package func run(_ sql: SQL) throws { _ = try rows(sql) }
}
