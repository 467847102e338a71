package import GemModel
import Synchronization

/// All that gemd remembers. A value: copies share one store, every method is one
/// transaction (or says so), and any task may call any of them.
///
/// Invariants, each held by the database or by one function here:
/// - A row that belongs to a party has `party_id` in its key; queries take a ``Scope``.
/// - Whatever changes a piece raises its version and appends one event in the same transaction.
/// - Events of a party form a hash chain: `hash = SHA-256(previous hash ‖ data)`.
/// - An image row exists only after its files are durable; a certificate row is committed,
///   with the exact bytes to be signed, before anything is signed.
/// - A certificate number comes from a committed `series` row and is never used again.
package struct Inventory: Sendable {
    let database: any Database
    package let blobs: LocalBlobs
    let now: @Sendable () -> Timestamp
    let random: @Sendable (Int) -> [UInt8]
    /// Whether changes of certificates may wait for the log.
    package let unlogged = Unlogged()

    package init(
        database: any Database, blobs: LocalBlobs, now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.database = database
        self.blobs = blobs
        self.now = now
        self.random = random
    }

    package var time: Timestamp { now() }

    func newID() -> String {
        UUIDv7(milliseconds: now().microseconds / 1000, random: random(10)).description
    }

    package func setting(_ name: String) async throws -> String? {
        try await database.read { try $0.row("SELECT value FROM meta WHERE name = \(name)")?.text(0) }
    }

    package func set(_ name: String, to value: String) async throws {
        try await database.write { tx in
            try tx.run(
                "INSERT INTO meta (name, value) VALUES (\(name), \(value)) ON CONFLICT (name) DO UPDATE SET value = \(value)"
            )
        }
    }

    /// How much there is of each, for whoever checks it.
    package func counts() async throws -> [(what: String, count: Int)] {
        try await database.read { tx in
            func count(_ sql: SQL) throws -> Int { Int(try tx.row(sql)?.int(0) ?? 0) }
            return [
                ("parties", try count("SELECT count(*) FROM party")),
                ("pieces", try count("SELECT count(*) FROM piece")),
                ("certificates", try count("SELECT count(*) FROM certificate WHERE state = 'issued'")),
                ("photographs", try count("SELECT count(*) FROM image")),
                ("events", try count("SELECT count(*) FROM event")),
                ("logs", try count("SELECT count(*) FROM log_state")),
                ("logEntries", try count("SELECT count(*) FROM log_entry")),
            ]
        }
    }

    /// Proves that the store answers; for readiness.
    package func ping() async throws { _ = try await database.read { try $0.rows("SELECT 1") } }
}

/// How many changes of status were written, and how many of them are in the log and anchored; so whoever answers for
/// one waits for it. Begins as if there were one, since a crash may have left some.
package final class Unlogged: Sendable {
    private let counts = Mutex((noted: 1, settled: 0))

    /// Counted by the writer, so what is counted when a batch reads the changes is among them, or was undone.
    func note() { counts.withLock { $0.noted += 1 } }
    var noted: Int { counts.withLock { $0.noted } }

    package var isDue: Bool { counts.withLock { $0.settled < $0.noted } }

    /// Which changes a look at the store that begins now will see; the same again means that nothing changed since.
    /// Nil while one is under way: then nobody knows yet.
    package var version: Int? { counts.withLock { $0.settled < $0.noted ? nil : $0.noted } }

    package func settle(_ count: Int) { counts.withLock { $0.settled = max($0.settled, count) } }
}

/// Who does something: written into every event.
package struct Actor: Hashable, Sendable {
    package var party: String
    /// The member's id, or `gemd` for what the daemon does by itself.
    package var member: String

    package init(party: String, member: String) {
        self.party = party
        self.member = member
    }
}
