#if PostgreSQL
import Foundation

/// The one session that writes, and the lock that it is the one.
///
/// The lock is the session's own (an advisory lock, which only PostgreSQL has; no query of the inventory knows of
/// it): what cannot write without the session cannot outlive the lock, so no clock and no lease time is needed.
/// Beside it the table `gemd_writer` counts who came (`generation`) and what was committed (`batch`). After a lost
/// connection they tell whether a commit went through, whether somebody else wrote meanwhile, and whether the
/// database is an older one, as after a failover that lost commits.
///
/// Sendable because only the write combiner's queue uses it once it is made.
final class PostgresWriter: @unchecked Sendable {
    private let endpoint: PostgresEndpoint
    private let onTakeover: @Sendable (String) -> Never
    private var connection: PostgresConnection?
    /// The session as the server knows it, to be told apart from another gemd's.
    private var session: (pid: Int64, began: String)?
    private var generation: Int64 = 0
    /// The number of the last transaction known to be committed.
    private var batch: Int64 = 0
    /// A later one was sent, and the connection was lost before the answer.
    private var isInDoubt = false

    /// Commits that are still to be made without hope, after one in which a row's key was taken.
    private var doubts = 0

    /// Of every transaction here, migrations too. Nobody else writes: the lock sees to that, which is taken before the
    /// first snapshot is, and in commits the row of `gemd_writer` does. So nothing has to be found out between writers,
    /// which SERIALIZABLE would pay for at every row read; a row that an administrator changed meanwhile is a conflict
    /// here too.
    private static let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"
    private static let attempts = 10
    private static let mostDoubts = 64
    /// How long a server may be away before a commit is given up: a restart takes less, a failover more.
    private static let patience = Duration.seconds(10)

    init(_ endpoint: PostgresEndpoint, onTakeover: @escaping @Sendable (String) -> Never) throws {
        self.endpoint = endpoint
        self.onTakeover = onTakeover
        let connection = try Self.lock(endpoint)
        try Self.mustBeDurable(connection)
        let transaction = PostgresTransaction(connection: connection)
        do {
            try connection.begin(Self.begin)
            try Schema.migrate(transaction)
            try transaction.run(
                """
                CREATE TABLE IF NOT EXISTS gemd_writer (
                    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1), generation BIGINT NOT NULL, batch BIGINT NOT NULL)
                """)
            let row = try transaction.row(
                """
                INSERT INTO gemd_writer (one, generation, batch) VALUES (1, 1, 0)
                ON CONFLICT (one) DO UPDATE SET generation = gemd_writer.generation + 1 RETURNING generation, batch
                """)
            try connection.commit()
            guard let row else { throw InventoryError.store("the writer's row was not stored") }
            (generation, batch) = (row.int(0), row.int(1))
        } catch {
            connection.rollBack()
            throw error
        }
        self.connection = connection
        session = try Self.session(of: connection)
    }

    private static func session(of connection: PostgresConnection) throws -> (pid: Int64, began: String)? {
        try PostgresTransaction(connection: connection).row(
            "SELECT CAST(pid AS BIGINT), CAST(backend_start AS TEXT) FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        ).map { ($0.int(0), $0.text(1)) }
    }

    /// A session that holds the lock. Waits a little for one that was just given up: the server notices
    /// the end of a killed process only when it reads from it.
    private static func lock(_ endpoint: PostgresEndpoint) throws -> PostgresConnection {
        let connection = try PostgresConnection(endpoint)
        guard try PostgresTransaction(connection: connection).row("SELECT current_schema()")?.optionalText(0) != nil
        else { throw InventoryError.store("no schema of the search path exists in the database") }
        do {
            try connection.control(
                """
                SET lock_timeout = '3s'; SELECT pg_advisory_lock(1734700388, hashtext(current_schema())); SET lock_timeout = 0
                """)
        } catch let error as PostgresError where error.state == "55P03" {
            throw InventoryError.inUse("another gemd writes to this database")
        }
        // A writer looks things up by their keys. Of a table that just grew the server has no statistics: it would take
        // hundreds of keys for most of the rows, and read them all, each time.
        try connection.control("SET enable_seqscan = off; SET max_parallel_workers_per_gather = 0")
        return connection
    }

    /// - Throws: `.store` naming the setting under which the server could lose what it acknowledged.
    private static func mustBeDurable(_ connection: PostgresConnection) throws {
        // `on` waits for a synchronous standby too; only what waits for more is left as the server has it.
        try connection.control(
            """
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> 'remote_apply'
            """)
        let settings = try PostgresTransaction(connection: connection).rows(
            """
            SELECT name, setting FROM pg_settings
            WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding') ORDER BY name
            """)
        for row in settings {
            let (name, value) = (row.text(0), row.text(1))
            let expected =
                switch name {
                case "server_encoding": ["UTF8"]
                case "synchronous_commit": ["on", "remote_apply"]
                default: ["on"]
                }
            guard expected.contains(value) else {
                throw InventoryError.store("PostgreSQL has \(name) = \(value), gemd needs \(expected[0])")
            }
        }
        guard settings.count == 4 else { throw InventoryError.store("PostgreSQL does not tell its settings") }
    }

    // MARK: - Committing

    /// One transaction for all jobs; settles each of them.
    func commit(_ jobs: [WriteCombiner.Job]) {
        do {
            let refusals = try committing(jobs)
            for (job, refusal) in zip(jobs, refusals) { job.settle(refusal) }
        } catch {
            let failure = PostgresError.translate(error)
            for job in jobs { job.settle(failure) }
        }
    }

    /// - Returns: for each job nil, or what it threw and was undone for.
    private func committing(_ jobs: [WriteCombiner.Job]) throws -> [(any Error)?] {
        var attempt = 0
        // Each costs two statements, so first all run without: most jobs succeed, and those that refuse mostly do so
        // before they write.
        var inSavepoints = false
        while true {
            attempt += 1
            let isFresh = connection == nil
            let connection = try connected()
            var refusals: [(any Error)?] = []
            do {
                refusals = try run(jobs, inSavepoints: inSavepoints, on: connection)
                // Alone in its transaction: what was refused is undone with it, and nothing is left to commit.
                guard jobs.count > 1 || refusals[0] == nil else {
                    connection.rollBack()
                    return refusals
                }
                isInDoubt = true
                try connection.commit()
                isInDoubt = false
                batch += 1
                doubts = max(0, doubts - 1)
                return refusals
            } catch {
                if connection.isLost {
                    self.connection = nil
                    if isInDoubt {
                        let before = batch
                        _ = try connected(within: Self.patience)
                        // Now it is known; and the bodies ran, so their answers are the committed ones.
                        if batch > before { return refusals }
                    }
                    // A session that was lost while it lay idle is replaced, unseen by the callers.
                    if attempt < Self.attempts, !isFresh { continue }
                    throw error
                }
                isInDoubt = false
                connection.rollBack()
                guard connection.conflict != nil else {
                    guard jobs.count > 1, !inSavepoints else { throw error }
                    inSavepoints = true
                    doubts = Self.mostDoubts
                    continue
                }
                guard attempt < Self.attempts else { throw error }
                // Apart from each other, or the same two meet again.
                usleep(.random(in: 500...(2_000 << UInt32(min(attempt, 6)))))
            }
        }
    }

    /// - Throws: without savepoints also what a job threw after it had written; everything must be undone then.
    private func run(
        _ jobs: [WriteCombiner.Job], inSavepoints: Bool, on connection: PostgresConnection
    ) throws -> [(any Error)?] {
        let notes = WriterNotes()
        // One alone has nobody to be run again with, and nothing to gain.
        let transaction = PostgresTransaction(
            connection: connection, notes: notes, isHopeful: jobs.count > 1 && !inSavepoints && doubts == 0)
        try connection.begin(Self.begin)
        // Our own number in our own generation: the row that another writer would have changed.
        try transaction.run("UPDATE gemd_writer SET batch = \(batch + 1) WHERE generation = \(generation)")
        var refusals = [(any Error)?](repeating: nil, count: jobs.count)
        for (index, job) in jobs.enumerated() {
            if inSavepoints { try connection.control("SAVEPOINT job") }
            let writes = connection.writes
            do {
                try job.run(transaction)
                // In a savepoint of its own, what it put off must fail in it too.
                if inSavepoints { try connection.settle() }
                if let conflict = connection.conflict { throw conflict }
                if connection.isAborted { throw PostgresError(state: "25P02", message: "a failure was passed over") }
            } catch {
                if connection.isLost { throw error }
                if let conflict = connection.conflict { throw conflict }
                refusals[index] = PostgresError.translate(error)
                if inSavepoints {
                    notes.forget()
                    try connection.control("ROLLBACK TO job")
                } else if jobs.count > 1, connection.isAborted || connection.writes != writes {
                    throw error
                }
            }
            if inSavepoints { try connection.control("RELEASE job") }
        }
        return refusals
    }

    // MARK: - The way back

    private func connected(within patience: Duration = .zero) throws -> PostgresConnection {
        if let connection { return connection }
        let end = ContinuousClock.now + patience
        while true {
            do { return try reconnect() } catch {
                guard let passing = error as? PostgresError, passing.isPassing, .now < end else { throw error }
                usleep(.random(in: 50_000...150_000))
            }
        }
    }

    private func reconnect() throws -> PostgresConnection {
        if let (pid, began) = session {
            // A server that has not noticed yet that our old session is gone would take us for another gemd.
            try PostgresTransaction(connection: PostgresConnection(endpoint)).run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE pid = \(pid) AND CAST(backend_start AS TEXT) = \(began)
                """)
        }
        let connection: PostgresConnection
        do { connection = try Self.lock(endpoint) } catch InventoryError.inUse {
            onTakeover("another gemd took the database over")
        }
        try Self.mustBeDurable(connection)
        guard
            let row = try PostgresTransaction(connection: connection).row(
                "SELECT generation, batch FROM gemd_writer WHERE one = 1")
        else { onTakeover("the database is another one") }
        guard row.int(0) == generation else { onTakeover("another gemd wrote to the database meanwhile") }
        switch row.int(1) {
        case batch: break
        case batch + 1 where isInDoubt: batch += 1
        default: onTakeover("the database went back in time: commits that were acknowledged are gone")
        }
        isInDoubt = false
        session = try Self.session(of: connection)
        self.connection = connection
        return connection
    }
}
#endif
