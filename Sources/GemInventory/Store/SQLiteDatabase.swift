import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// SQLite through GRDB: one writer with group commit, snapshot readers (WAL).
package final class SQLiteDatabase: Database {
    private let pool: DatabasePool
    private let combiner: WriteCombiner
    private let lookUps: LookUpConnections

    /// Opens or makes the file, brings its schema up to date and asserts that commits are durable.
    /// `onSyncFailure` is called when the disk refuses a sync; must end the process.
    package init(
        path: String, synchronous: Synchronous = .full, onSyncFailure: @escaping @Sendable (String) -> Never
    ) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.readonly = false
        configuration.label = "gemd"
        configuration.prepareDatabase { db in
            for pragma in Self.hardening { try db.execute(sql: pragma) }
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // DatabasePool sets NORMAL after prepareDatabase has run, which loses commits at a
        // power cut: set it on the writer itself and read it back.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)")
            guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == synchronous.rawValue,
                try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal"
            else { throw InventoryError.store("SQLite did not take WAL with synchronous=FULL") }
        }
        self.pool = pool
        lookUps = LookUpConnections(path: path)
        let keeper = try LogKeeper(path: path, configuration: configuration)
        pool.writeWithoutTransaction { keeper.watch($0) }
        combiner = WriteCombiner { jobs in
            pool.writeWithoutTransaction { db in
                Self.commit(jobs, in: db, onSyncFailure: onSyncFailure)
                keeper.tidy(db)
            }
        }
        try pool.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                try Schema.migrate(SQLiteTransaction(db: db))
                return .commit
            }
        }
    }

    /// `PRAGMA synchronous`. Only tests that must see loss use `off`.
    package enum Synchronous: Int, Sendable {
        case off = 0
        case full = 2
    }

    /// SQLite's own advice for files that may have been tampered with, and no surprise from memory maps.
    private static let hardening = [
        "PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0",
        "PRAGMA foreign_keys = ON",
        "PRAGMA cache_size = -8192", "PRAGMA temp_store = FILE",
        // What is deleted is overwritten where the page is written anyhow; Debian's default also rewrites whole pages
        // that were given up, at each merge of the full text.
        "PRAGMA secure_delete = FAST",
        // The log is moved into the file by the ``LogKeeper``.
        "PRAGMA wal_autocheckpoint = 0",
    ]

    // MARK: - Reading

    package func read<T: Sendable>(
        deadline: Duration?, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        try await pool.read { db in
            guard let deadline else { return try Self.translating { try body(SQLiteTransaction(db: db)) } }
            let watch = Deadline(ContinuousClock.now + deadline)
            return try withExtendedLifetime(watch) {
                let context = Unmanaged.passUnretained(watch).toOpaque()
                sqlite3_progress_handler(
                    db.sqliteConnection, 2000,
                    { Unmanaged<Deadline>.fromOpaque($0!).takeUnretainedValue().hasPassed ? 1 : 0 }, context)
                defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
                return try Self.translating { try body(SQLiteTransaction(db: db)) }
            }
        }
    }

    package func lookUp<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        let connection = try lookUps.take()
        defer { lookUps.give(connection) }
        return try Self.translating { try connection.read(body) }
    }

    package func glance<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T? {
        let connection = try lookUps.take()
        defer { lookUps.give(connection) }
        do {
            return try Self.translating { try connection.read(steps: Self.shortStatement, body) }
        } catch InventoryError.tooCostly { return nil }
    }

    /// In instructions of SQLite's machine: about half a millisecond. A page of fifty rows takes some two thousand.
    private static let shortStatement: CInt = 16_000

    private final class Deadline: Sendable {
        let instant: ContinuousClock.Instant
        init(_ instant: ContinuousClock.Instant) { self.instant = instant }
        var hasPassed: Bool { ContinuousClock.now > instant }
    }

    // MARK: - Writing

    package func enqueue(_ job: WriteCombiner.Job) { combiner.submit(job) }

    package var commits: CommitSignal { combiner.commits }

    private static func commit(
        _ jobs: [WriteCombiner.Job], in db: GRDB.Database, onSyncFailure: @Sendable (String) -> Never
    ) {
        do {
            let refusals = try run(jobs, inSavepoints: false, in: db) ?? run(jobs, inSavepoints: true, in: db) ?? []
            for (job, refusal) in zip(jobs, refusals) { job.settle(refusal) }
        } catch {
            let failure = translate(error)
            if case .syncFailed(let reason) = failure as? InventoryError { onSyncFailure(reason) }
            // SQLite may have rolled back by itself; then there is nothing to undo and this may fail.
            try? control("ROLLBACK", db)
            for job in jobs { job.settle(failure) }
        }
    }

    /// All jobs in one transaction.
    ///
    /// A savepoint copies each page that is changed after it and makes the full text write out what it has gathered,
    /// so first they run without: most jobs succeed, and those that refuse mostly do so before they write.
    /// - Returns: for each job nil, or what it threw; nil for all when one without a savepoint threw after it had
    ///   written, and everything was undone.
    private static func run(
        _ jobs: [WriteCombiner.Job], inSavepoints: Bool, in db: GRDB.Database
    ) throws -> [(any Error)?]? {
        let notes = WriterNotes()
        let transaction = SQLiteTransaction(db: db, notes: notes)
        var refusals = [(any Error)?](repeating: nil, count: jobs.count)
        try control("BEGIN IMMEDIATE", db)
        for (index, job) in jobs.enumerated() {
            if inSavepoints { try control("SAVEPOINT job", db) }
            let changes = sqlite3_total_changes(db.sqliteConnection)
            do { try job.run(transaction) } catch {
                // A full or broken disk makes SQLite roll back everything, the other jobs too.
                guard sqlite3_get_autocommit(db.sqliteConnection) == 0 else { throw error }
                refusals[index] = translate(error)
                if inSavepoints {
                    notes.forget()
                    try control("ROLLBACK TO job", db)
                } else if sqlite3_total_changes(db.sqliteConnection) != changes {
                    try control("ROLLBACK", db)
                    return nil
                }
            }
            if inSavepoints { try control("RELEASE job", db) }
        }
        try control("COMMIT", db)
        return refusals
    }

    private static func control(_ statement: StaticString, _ db: GRDB.Database) throws {
        let prepared = try db.cachedStatement(sql: statement.description).sqliteStatement
        defer { sqlite3_reset(prepared) }
        guard sqlite3_step(prepared) == SQLITE_DONE else { throw SQLiteTransaction(db: db).failure() }
    }

    // MARK: - Care

    /// A consistent copy of the whole database as one new file.
    package func copy(to path: String) throws {
        try Self.translating {
            try pool.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        }
    }

    /// SQLite's own check of pages, indexes and foreign keys; empty when sound.
    package func integrityFindings() async throws -> [String] {
        try await pool.read { db in
            let lines = try String.fetchAll(db, sql: "PRAGMA integrity_check")
            return lines == ["ok"] ? [] : lines
        }
    }

    static func translating<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw translate(error) }
    }

    private static func translate(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_FULL: return InventoryError.diskFull
        case .SQLITE_INTERRUPT: return InventoryError.tooCostly
        case .SQLITE_BUSY, .SQLITE_LOCKED: return InventoryError.busy
        case .SQLITE_IOERR: return InventoryError.syncFailed(error.description)
        default: return error
        }
    }
}

/// Moves the write-ahead log into the database file: most of it off the writers' path, and what came meanwhile between
/// two commits, because SQLite begins the log anew only when it finds all of it moved.
private final class LogKeeper: Sendable {
    private struct State {
        /// Pages in the log after the last commit.
        var pages = 0
        /// How many there were when they were last moved.
        var moved = 0
        var isBusy = false
        /// Most was moved just now, off the writers' path.
        var awaitsRest = false
    }

    /// 16 MB: a page that many commits changed is moved once.
    private static let most = 4096
    /// 2 MB: so much a writer may move between two commits, and nobody notices. With more it waits for another turn off
    /// its path, until the log has 64 MB.
    private static let little = 512
    private static let longest = 16_384

    private let connection: DatabaseQueue
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "gemd.checkpoint", qos: .utility)

    init(path: String, configuration: Configuration) throws {
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Counts the pages of the writer's commits. Takes the place of SQLite's own moving of the log.
    func watch(_ writer: GRDB.Database) {
        sqlite3_wal_hook(
            writer.sqliteConnection,
            { keeper, _, _, pages in
                Unmanaged<LogKeeper>.fromOpaque(keeper!).takeUnretainedValue().state.withLock { $0.pages = Int(pages) }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private enum Step { case none, most, rest }

    /// Called by the writer after each commit; nearly always it returns at once.
    func tidy(_ writer: GRDB.Database) {
        let step = state.withLock { state -> Step in
            // The log has begun anew.
            if state.pages < state.moved { state.moved = 0 }
            if state.isBusy { return .none }
            let left = state.pages - state.moved
            guard state.awaitsRest || left > Self.most else { return .none }
            state.moved = state.pages
            if state.awaitsRest, left <= Self.little || state.pages > Self.longest {
                state.awaitsRest = false
                return .rest
            }
            state.isBusy = true
            return .most
        }
        switch step {
        case .none: break
        case .rest: Self.move(writer)
        case .most:
            queue.async {
                self.connection.inDatabase { Self.move($0) }
                self.state.withLock { ($0.isBusy, $0.awaitsRest) = (false, true) }
            }
        }
    }

    /// Waits for nobody: what a reader still needs is moved next time. It loses nothing if it fails, and a broken disk
    /// shows at the next commit.
    private static func move(_ db: GRDB.Database) {
        _ = sqlite3_wal_checkpoint_v2(db.sqliteConnection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }
}

/// Connections for look-ups, opened when first needed and kept for the next.
private final class LookUpConnections: Sendable {
    private let path: String
    private let idle = Mutex<[SQLiteConnection]>([])
    /// More than this stand open only while so many look-ups run at once.
    private let most = 8

    init(path: String) { self.path = path }

    func take() throws -> SQLiteConnection { try idle.withLock { $0.popLast() } ?? SQLiteConnection(path: path) }

    func give(_ connection: SQLiteConnection) {
        idle.withLock { if $0.count < most { $0.append(connection) } }
    }
}

/// One read-only connection. Sendable because only whoever took it from ``LookUpConnections`` uses it.
private final class SQLiteConnection: @unchecked Sendable {
    private let raw: OpaquePointer
    private let statements: StatementCache

    init(path: String) throws {
        var raw: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path, &raw, flags, nil) == SQLITE_OK, let raw else {
            sqlite3_close(raw)
            throw InventoryError.store("open \(path) for reading")
        }
        self.raw = raw
        statements = StatementCache(raw)
        sqlite3_busy_timeout(raw, 5000)
        for pragma in [
            "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON", "cache_size = -2048",
        ] {
            sqlite3_exec(raw, "PRAGMA \(pragma)", nil, nil, nil)
        }
    }

    deinit {
        statements.finalizeAll()
        sqlite3_close(raw)
    }

    func read<T>(_ body: (any Transaction) throws -> T) throws -> T {
        try body(SQLiteTransaction(connection: raw, statement: statements.statement))
    }

    /// Interrupted after so many instructions.
    func read<T>(steps: CInt, _ body: (any Transaction) throws -> T) throws -> T {
        sqlite3_progress_handler(raw, steps, { _ in 1 }, nil)
        defer { sqlite3_progress_handler(raw, 0, nil, nil) }
        return try read(body)
    }
}

/// Prepared statements by their text. Used by one thread at a time, as its connection is.
private final class StatementCache {
    private let connection: OpaquePointer
    private var prepared: [String: OpaquePointer] = [:]

    init(_ connection: OpaquePointer) { self.connection = connection }

    func statement(_ sql: String) throws -> OpaquePointer {
        if let statement = prepared[sql] { return statement }
        var statement: OpaquePointer?
        guard sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
            let statement
        else { throw SQLiteTransaction.failure(connection) }
        prepared[sql] = statement
        return statement
    }

    func finalizeAll() { for statement in prepared.values { sqlite3_finalize(statement) } }
}

struct SQLiteTransaction: Transaction {
    var dialect: Schema.Dialect { .sqlite }
    let connection: OpaquePointer
    let notes: WriterNotes?
    let statement: (String) throws -> OpaquePointer

    init(
        connection: OpaquePointer, notes: WriterNotes? = nil, statement: @escaping (String) throws -> OpaquePointer
    ) {
        self.connection = connection
        self.notes = notes
        self.statement = statement
    }

    init(db: GRDB.Database, notes: WriterNotes? = nil) {
        guard let connection = db.sqliteConnection else { preconditionFailure("GRDB lends only open connections") }
        self.init(connection: connection, notes: notes) { try db.cachedStatement(sql: $0).sqliteStatement }
    }

    func rows(_ sql: SQL) throws -> [Row] {
        var rows: [Row] = []
        try forEachRow(sql) { rows.append($0) }
        return rows
    }

    func change(_ sql: SQL) throws -> Int {
        try forEachRow(sql) { _ in }
        return Int(sqlite3_changes(connection))
    }

    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try step(sql) { statement, columns in
            try body(Row(values: (0..<columns).map { Self.value(statement, $0) }))
        }
    }

    func forEachRowView(_ sql: SQL, _ body: (any RowView) throws -> Void) throws {
        try step(sql) { statement, _ in try body(View(statement: statement)) }
    }

    private struct View: RowView {
        let statement: OpaquePointer

        func value(_ column: Int) -> SQL.Value { SQLiteTransaction.value(statement, CInt(column)) }
        func append(_ column: Int, to text: inout [UInt8]) {
            // As a blob, where it lies: asked for as text it would first be copied, to stand before a zero.
            guard let bytes = sqlite3_column_blob(statement, CInt(column)) else { return }
            text.append(
                contentsOf: UnsafeRawBufferPointer(
                    start: bytes, count: Int(sqlite3_column_bytes(statement, CInt(column)))))
        }
    }

    private func step(_ sql: SQL, _ body: (_ statement: OpaquePointer, _ columns: CInt) throws -> Void) throws {
        let statement = try statement(sql.text)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, argument) in sql.arguments.enumerated() { try bind(argument, to: CInt(index + 1), of: statement) }
        let columns = sqlite3_column_count(statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try body(statement, columns)
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    func failure() -> DatabaseError { Self.failure(connection) }

    static func failure(_ connection: OpaquePointer) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    private func bind(_ value: SQL.Value, to index: CInt, of statement: OpaquePointer) throws {
        if case .text(let text) = value, text.hasZeroCharacter { throw InventoryError.zeroCharacter }
        // SQLite copies (SQLITE_TRANSIENT): the argument does not outlive this call.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code =
            switch value {
            case .null: sqlite3_bind_null(statement, index)
            case .int(let value): sqlite3_bind_int64(statement, index, value)
            case .text(""): sqlite3_bind_text(statement, index, "", 0, transient)
            case .text(var text):
                text.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) {
                        sqlite3_bind_text(statement, index, $0.baseAddress, CInt($0.count), transient)
                    }
                }
            case .blob([]): sqlite3_bind_zeroblob(statement, index, 0)
            case .blob(let bytes): sqlite3_bind_blob(statement, index, bytes, CInt(bytes.count), transient)
            }
        guard code == SQLITE_OK else { throw failure() }
    }

    private static func value(_ statement: OpaquePointer, _ column: CInt) -> SQL.Value {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            let bytes = UnsafeBufferPointer(
                start: sqlite3_column_text(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
            return .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            return .blob(
                Array(
                    UnsafeRawBufferPointer(
                        start: sqlite3_column_blob(statement, column),
                        count: Int(sqlite3_column_bytes(statement, column)))))
        default: return .null
        }
    }
}
