#if PostgreSQL
import Dispatch
import Synchronization

/// PostgreSQL through libpq: one writing session with group commit, a few reading ones with snapshots.
///
/// Every session blocks, so each has a thread of its own; neither the event loops nor the cooperative pool ever
/// wait for the server. Only the writing session writes, and it holds the database's one writer's lock: two
/// daemons cannot both write, on whatever machines they are.
package final class PostgresDatabase: Database {
    private let readers: PostgresReaders
    private let glancers: PostgresReaders
    private let writer: PostgresWriter?
    private let combiner: WriteCombiner

    /// Who opens it: a daemon alone may write; whoever copies it while that daemon serves only reads.
    package enum Access: Sendable {
        case writing, reading
    }

    /// Connects, brings the schema up to date and asserts that commits are durable.
    /// `onTakeover` is called when another daemon took the database over, or the database went back in time,
    /// so that what this process remembers is no longer true; must end the process.
    package init(
        url: String, password: String? = nil, access: Access = .writing, readers count: Int = 8,
        onTakeover: @escaping @Sendable (String) -> Never
    ) throws {
        let endpoint = try PostgresEndpoint(url: url, password: password)
        readers = PostgresReaders(endpoint, count: count)
        glancers = PostgresReaders(endpoint, count: max(1, count / 2), settings: Self.shortStatements)
        do {
            switch access {
            case .writing:
                let writer = try PostgresWriter(endpoint, onTakeover: onTakeover)
                self.writer = writer
                combiner = WriteCombiner { writer.commit($0) }
            case .reading:
                writer = nil
                combiner = WriteCombiner { jobs in
                    for job in jobs { job.settle(InventoryError.store("the database was opened for reading")) }
                }
                try Schema.mustBePresent(PostgresTransaction(connection: PostgresConnection(endpoint)))
            }
        } catch let error as PostgresError {
            throw error.isPassing ? InventoryError.unreachable(error.message) : InventoryError.store(error.message)
        }
    }

    package func read<T: Sendable>(
        deadline: Duration?, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        try await readers.run { connection in
            do {
                try connection.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", deadline: deadline)
                let value = try body(PostgresTransaction(connection: connection))
                try connection.finish()
                return value
            } catch {
                connection.rollBack()
                throw error
            }
        }
    }

    package func lookUp<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await readers.run { try body(PostgresTransaction(connection: $0)) }
    }

    package func glance<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T? {
        do { return try await glancers.run { try body(PostgresTransaction(connection: $0)) } } catch InventoryError
            .tooCostly
        { return nil }
    }

    /// Of sessions of its own: a limit that came and went with a statement would be three more for each. A page of fifty
    /// rows takes a tenth of it.
    private static let shortStatements = "SET statement_timeout = 10"

    package func enqueue(_ job: WriteCombiner.Job) { combiner.submit(job) }

    package var commits: CommitSignal { combiner.commits }

    /// What the server itself holds for unsound. Its pages are its own to check: `pg_amcheck`, data checksums.
    package func integrityFindings() async throws -> [String] {
        try await read { tx in
            try tx.rows(
                """
                SELECT CAST(i.indexrelid::regclass AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready) ORDER BY 1
                """
            ).map { "index \($0.text(0)) is not valid; run REINDEX" }
        }
    }
}

/// Sessions for reading, opened when first needed. Work that finds none idle waits its turn.
private final class PostgresReaders: Sendable {
    private typealias Work = @Sendable (Reader) -> Void

    private struct State {
        var idle: [Reader] = []
        var opened = 0
        var waiting: [Work] = []
        var head = 0
    }

    private let endpoint: PostgresEndpoint
    private let count: Int
    private let settings: String?
    private let state = Mutex(State())

    /// `settings` are statements that each session begins with.
    init(_ endpoint: PostgresEndpoint, count: Int, settings: String? = nil) {
        self.endpoint = endpoint
        self.count = count
        self.settings = settings
    }

    func run<T: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { done in
            submit { reader in done.resume(with: Result { try reader.perform(body) }) }
        }
    }

    private func submit(_ work: @escaping Work) {
        let reader: Reader? = state.withLock { state in
            if let idle = state.idle.popLast() { return idle }
            if state.opened < count {
                state.opened += 1
                return Reader(endpoint, settings, number: state.opened)
            }
            state.waiting.append(work)
            return nil
        }
        guard let reader else { return }
        reader.queue.async {
            work(reader)
            while let next = self.next(for: reader) { next(reader) }
        }
    }

    private func next(for reader: Reader) -> Work? {
        state.withLock { state in
            guard state.head < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.head = 0
                state.idle.append(reader)
                return nil
            }
            defer { state.head += 1 }
            return state.waiting[state.head]
        }
    }

    /// One thread and its session. Sendable because `connection` is touched on `queue` only.
    private final class Reader: @unchecked Sendable {
        let queue: DispatchQueue
        private let endpoint: PostgresEndpoint
        private let settings: String?
        private var connection: PostgresConnection?

        init(_ endpoint: PostgresEndpoint, _ settings: String?, number: Int) {
            self.endpoint = endpoint
            self.settings = settings
            queue = DispatchQueue(label: "gemd.reader.\(number)", qos: .userInitiated)
        }

        private func open() throws -> PostgresConnection {
            let connection = try PostgresConnection(endpoint)
            if let settings { try connection.control(settings) }
            return connection
        }

        /// A session that was lost while it lay idle is replaced once, unseen by the caller.
        func perform<T>(_ body: (PostgresConnection) throws -> T) throws -> T {
            while true {
                let isFresh = connection == nil
                do {
                    let connection = try self.connection ?? open()
                    self.connection = connection
                    return try body(connection)
                } catch {
                    if connection?.isLost ?? true {
                        connection = nil
                        if !isFresh { continue }
                    }
                    throw PostgresError.translate(error)
                }
            }
        }
    }
}
#endif
