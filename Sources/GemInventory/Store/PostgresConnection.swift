#if PostgreSQL
import CPostgres

/// One session with a PostgreSQL server: blocking calls, values as they are on the wire (binary), each
/// statement prepared once. Statements whose answer nobody needs at once go out with the next that is waited for
/// (libpq's pipeline): the way to the server and back costs more than most of them.
///
/// Sendable because only one thread at a time uses it: whoever took it from its pool, or the writer's queue.
final class PostgresConnection: @unchecked Sendable {
    private let raw: OpaquePointer
    private let secrets: [String]
    private var prepared: [String: Prepared] = [:]
    private var lastName = 0
    private var openCursors = 0
    /// Statements on their way whose answers were not read yet; libpq is in pipeline mode while there are any.
    private var unanswered = 0
    /// Their end was sent too.
    private var isSynchronizing = false
    /// Statements that may have written something, ever.
    private(set) var writes = 0
    /// Set when a statement met a conflict that only running the whole transaction again can solve.
    private(set) var conflict: PostgresError?
    /// When the present transaction must have ended, and how far its last statement was allowed to go.
    private var deadline: (end: ContinuousClock.Instant, allowed: Duration)?

    private struct Prepared {
        var name: String
        /// As the server resolved them; a statement first run with NULL learns its types there too.
        var types: [Oid]
        var onlyReads: Bool
    }

    /// What searches and look-ups are made of is a few hundred texts; beyond this all are forgotten at once.
    private let mostStatements = 500
    /// Rows a cursor hands over at a time: enough that the way to the server does not count.
    private static let rowsAtOnce = 256
    private static let mostUnanswered = 1000

    init(_ endpoint: PostgresEndpoint) throws {
        secrets = endpoint.secrets
        raw = try endpoint.open()
        PQsetNoticeProcessor(raw, { _, _ in }, nil)
        // Whole from here on: what is thrown below runs `deinit`.
        guard PQstatus(raw) == CONNECTION_OK else { throw failure(nil) }
        guard PQserverVersion(raw) >= 13_00_00 else {
            throw PostgresError(state: "0A000", message: "gemd needs PostgreSQL 13 or newer")
        }
        try control(Self.settings)
    }

    deinit { PQfinish(raw) }

    /// What every session is asked for. A server that lost its client frees the session within half a minute.
    private static let settings = """
        SET client_min_messages = warning; SET jit = off; SET cursor_tuple_fraction = 1; SET statement_timeout = 0; \
        SET idle_in_transaction_session_timeout = 0; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; \
        SET tcp_keepalives_count = 3
        """

    /// The session is gone; nothing more can be asked of it.
    var isLost: Bool { wasEnded || PQstatus(raw) != CONNECTION_OK }
    /// The server said that it ends the session; libpq sees the end itself only when it reads again.
    private var wasEnded = false
    private var isInTransaction: Bool { !isSynchronizing && PQtransactionStatus(raw) != PQTRANS_IDLE }
    /// A statement failed, so that everything but going back is refused.
    var isAborted: Bool { PQtransactionStatus(raw) == PQTRANS_INERROR }

    // MARK: - Transactions

    /// Statements without values or answers, in one message.
    func control(_ statements: String) throws {
        try settle()
        PQclear(try checked(PQexec(raw, statements)))
    }

    /// Goes out with the first statement that is waited for.
    func begin(_ statement: String, deadline limit: Duration? = nil) throws {
        conflict = nil
        openCursors = 0
        try send(statement)
        guard let limit else { return }
        try send("SET LOCAL statement_timeout = \(Self.milliseconds(limit))")
        deadline = (.now + limit, limit)
    }

    /// - Throws: what statements that were not waited for met; also when the server undid the transaction instead,
    ///   which it does without an error.
    func commit() throws {
        defer { deadline = nil }
        try send("COMMIT")
        let result = try lastAnswer()
        defer { PQclear(result) }
        guard String(cString: PQcmdStatus(result)) == "COMMIT" else {
            throw PostgresError(state: "25P02", message: "the transaction was undone")
        }
    }

    /// Ends a transaction that only read: nothing can be lost, so nobody waits. The session's next statement reads the
    /// answer first.
    func finish() throws {
        deadline = nil
        try send("COMMIT")
        guard PQpipelineSync(raw) == 1 else { throw failure(nil) }
        isSynchronizing = true
    }

    /// Ends whatever transaction is open. A session that cannot even do that is lost, and asked so by its owner.
    func rollBack() {
        deadline = nil
        // What it met is undone with everything else.
        try? settle()
        if !isLost, isInTransaction { try? control("ROLLBACK") }
    }

    // MARK: - Statements

    func rows(_ sql: SQL) throws -> [Row] {
        try keepWithinDeadline()
        let result = try execute(sql)
        defer { PQclear(result) }
        return try rows(of: result)
    }

    /// The whole answer at once, each row where it lies in it: for what fits a page.
    func forEachRowView(_ sql: SQL, _ body: (any RowView) throws -> Void) throws {
        try keepWithinDeadline()
        let result = try execute(sql)
        defer { PQclear(result) }
        let types = try Self.types(result)
        for row in 0..<PQntuples(result) { try body(View(result: result, row: row, types: types)) }
    }

    func change(_ sql: SQL) throws -> Int {
        try keepWithinDeadline()
        let result = try execute(sql)
        defer { PQclear(result) }
        return Self.changes(result)
    }

    /// Waits for nothing: what the statement meets is thrown by the next that waits, the commit at the latest.
    func run(_ sql: SQL) throws {
        // Outside a transaction nothing may follow that would wait for it.
        guard isInTransaction else { return _ = try change(sql) }
        try keepWithinDeadline()
        // Answers wait in memory until they are read.
        if unanswered >= Self.mostUnanswered { try settle() }
        try send(try prepare(sql), sql.arguments)
    }

    func change(_ text: StaticString, each arguments: [[SQL.Value]]) throws -> [Int] {
        try keepWithinDeadline()
        // All before the first is sent: preparing waits for what is on its way.
        let statements = try arguments.map { try prepare(SQL(text, $0)) }
        for (statement, values) in zip(statements, arguments) { try send(statement, values) }
        let results = try answers()
        defer { results.forEach(PQclear) }
        return results.suffix(arguments.count).map(Self.changes)
    }

    /// Empty for what changes no rows.
    private static func changes(_ result: OpaquePointer) -> Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// Through a cursor, some rows at a time: memory is bounded on both sides, and `body` may run statements of
    /// its own in between, which a half-read answer would forbid.
    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        guard isInTransaction else { return try rows(sql).forEach(body) }
        try keepWithinDeadline()
        openCursors += 1
        let cursor = "c\(openCursors)"
        defer { openCursors -= 1 }
        PQclear(try executeOnce("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql.text)", sql.arguments))
        do {
            while true {
                try keepWithinDeadline()
                let result = try executeOnce("FETCH \(Self.rowsAtOnce) FROM \(cursor)", [])
                defer { PQclear(result) }
                let batch = try rows(of: result)
                for row in batch { try body(row) }
                if batch.count < Self.rowsAtOnce { break }
            }
            try control("CLOSE \(cursor)")
        } catch {
            // In a transaction that goes on the name must be free again; in one that failed it is already.
            if !isLost, !isAborted { try? control("CLOSE \(cursor)") }
            throw error
        }
    }

    /// The server times single statements, a caller the whole: what is left is told anew when it shrank much.
    private func keepWithinDeadline() throws {
        guard let (end, allowed) = deadline else { return }
        let left = end - .now
        guard left > .zero else { throw InventoryError.tooCostly }
        guard left < allowed * 0.8 else { return }
        deadline = (end, left)
        try send("SET LOCAL statement_timeout = \(Self.milliseconds(left))")
    }

    private static func milliseconds(_ duration: Duration) -> Int { max(1, Int(duration / .milliseconds(1))) }

    private func execute(_ sql: SQL) throws -> OpaquePointer {
        try send(try prepare(sql), sql.arguments)
        return try lastAnswer()
    }

    // MARK: - The pipeline

    private func send(_ statement: Prepared, _ arguments: [SQL.Value]) throws {
        if !statement.onlyReads { writes += 1 }
        try startPipeline()
        let isSent = withParameters(arguments) { count, values, lengths, formats in
            PQsendQueryPrepared(raw, statement.name, count, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw failure(nil) }
        unanswered += 1
    }

    /// A statement of no values that is not worth preparing.
    private func send(_ text: String) throws {
        try startPipeline()
        guard PQsendQueryParams(raw, text, 0, nil, nil, nil, nil, 1) == 1 else { throw failure(nil) }
        unanswered += 1
    }

    private func startPipeline() throws {
        if isSynchronizing { try settle() }
        guard unanswered == 0 else { return }
        guard PQenterPipelineMode(raw) == 1 else { throw failure(nil) }
    }

    /// Waits for everything on its way.
    /// - Returns: a result for each statement, which the caller clears.
    /// - Throws: what the first that failed met; the server passed over those behind it.
    private func answers() throws -> [OpaquePointer] {
        let count = unanswered
        guard count > 0 else { return [] }
        let mayRead = isSynchronizing || PQpipelineSync(raw) == 1
        (unanswered, isSynchronizing) = (0, false)
        var results: [OpaquePointer] = []
        results.reserveCapacity(count)
        var first: PostgresError?
        if mayRead {
            for _ in 0..<count {
                guard let result = PQgetResult(raw) else { break }
                results.append(result)
                if first == nil, !Self.isSuccess(result) { first = failure(result) }
                // Nothing: the end of this statement's answers.
                PQclear(PQgetResult(raw))
            }
            // The one of the synchronization itself.
            PQclear(PQgetResult(raw))
        }
        let isWhole = PQexitPipelineMode(raw) == 1 && results.count == count
        guard first == nil, isWhole else {
            results.forEach(PQclear)
            throw first ?? failure(nil)
        }
        return results
    }

    private func lastAnswer() throws -> OpaquePointer {
        var results = try answers()
        guard let last = results.popLast() else { preconditionFailure("a statement was sent") }
        results.forEach(PQclear)
        return last
    }

    /// Waits for everything on its way, and throws what the first that failed met.
    func settle() throws { try answers().forEach(PQclear) }

    private func executeOnce(_ text: String, _ arguments: [SQL.Value]) throws -> OpaquePointer {
        try settle()
        try refuseZeroCharacters(arguments)
        let types = arguments.map(Self.type)
        let result = withParameters(arguments) { count, values, lengths, formats in
            PQexecParams(raw, text, count, types, values, lengths, formats, 1)
        }
        return try checked(result)
    }

    private func prepare(_ sql: SQL) throws -> Prepared {
        try refuseZeroCharacters(sql.arguments)
        if let known = prepared[sql.text], zip(sql.arguments, known.types).allSatisfy(Self.fits) { return known }
        try settle()
        if prepared.count >= mostStatements {
            try control("DEALLOCATE ALL")
            prepared = [:]
        }
        lastName += 1
        let name = "s\(lastName)"
        let types = sql.arguments.map(Self.type)
        PQclear(try checked(PQprepare(raw, name, sql.text, Int32(types.count), types)))
        let description = try checked(PQdescribePrepared(raw, name))
        defer { PQclear(description) }
        let statement = Prepared(
            name: name, types: (0..<PQnparams(description)).map { PQparamtype(description, $0) },
            onlyReads: sql.text.hasPrefix("SELECT"))
        prepared[sql.text] = statement
        return statement
    }

    // MARK: - Values

    private enum Kind {
        static let bool: Oid = 16
        static let bytea: Oid = 17
        static let int8: Oid = 20
        static let int2: Oid = 21
        static let int4: Oid = 23
        static let text: Oid = 25
        static let texts: Set<Oid> = [text, 19, 705, 1042, 1043]
        static let void: Oid = 2278
        static let all = texts.union([bool, bytea, int8, int2, int4, void])
    }

    /// 0 lets the server find out: NULL has no type of its own.
    private static func type(_ value: SQL.Value) -> Oid {
        switch value {
        case .null: 0
        case .int: Kind.int8
        case .text: Kind.text
        case .blob: Kind.bytea
        }
    }

    private static func fits(_ value: SQL.Value, _ type: Oid) -> Bool {
        switch value {
        case .null: true
        case .int: type == Kind.int8
        case .text: type == Kind.text
        case .blob: type == Kind.bytea
        }
    }

    private func refuseZeroCharacters(_ values: [SQL.Value]) throws {
        for case .text(let text) in values where text.hasZeroCharacter { throw InventoryError.zeroCharacter }
    }

    /// All values one after the other in one stretch of memory, as the wire has them: integers big-endian.
    private func withParameters<R>(
        _ values: [SQL.Value],
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        guard !values.isEmpty else { return body(0, nil, nil, nil) }
        // Never empty: an empty text is a place without bytes, NULL is no place.
        var bytes: [UInt8] = [0]
        var places: [Range<Int>?] = []
        places.reserveCapacity(values.count)
        for value in values {
            let start = bytes.count
            switch value {
            case .null:
                places.append(nil)
                continue
            case .int(let value): withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .blob(let blob): bytes.append(contentsOf: blob)
            }
            places.append(start..<bytes.count)
        }
        let lengths = places.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: values.count)
        return bytes.withUnsafeBytes { memory in
            let base = memory.bindMemory(to: CChar.self).baseAddress!
            let pointers = places.map { place in place.map { base + $0.lowerBound } }
            return body(Int32(values.count), pointers, lengths, formats)
        }
    }

    private func rows(of result: OpaquePointer) throws -> [Row] {
        let types = try Self.types(result)
        return (0..<PQntuples(result)).map { row in
            let view = View(result: result, row: row, types: types)
            return Row(values: types.indices.map(view.value))
        }
    }

    /// - Throws: for a column whose values have no kind of ours.
    private static func types(_ result: OpaquePointer) throws -> [Oid] {
        let types = (0..<PQnfields(result)).map { PQftype(result, $0) }
        // Such as numeric, which a sum of bigint is: an integer here could be another there.
        if let type = types.first(where: { !Kind.all.contains($0) }) {
            throw PostgresError(state: "0A000", message: "a column of type \(type); cast it to BIGINT or TEXT")
        }
        return types
    }

    /// A row in libpq's memory.
    private struct View: RowView {
        let result: OpaquePointer
        let row: Int32
        let types: [Oid]

        private func bytes(_ column: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, Int32(column)), count: Int(PQgetlength(result, row, Int32(column))))
        }

        func append(_ column: Int, to text: inout [UInt8]) { text.append(contentsOf: bytes(column)) }

        func value(_ column: Int) -> SQL.Value {
            guard PQgetisnull(result, row, Int32(column)) == 0 else { return .null }
            let bytes = bytes(column)
            return switch types[column] {
            case Kind.int8: .int(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
            case Kind.int4: .int(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
            case Kind.int2: .int(Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))))
            case Kind.bool: .int(Int64(bytes[0]))
            case Kind.bytea: .blob(Array(bytes))
            case Kind.void: .null
            default: .text(String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    // MARK: - Failures

    private func checked(_ result: OpaquePointer?) throws -> OpaquePointer {
        guard let result else { throw failure(nil) }
        guard Self.isSuccess(result) else {
            defer { PQclear(result) }
            throw failure(result)
        }
        return result
    }

    private static func isSuccess(_ result: OpaquePointer) -> Bool {
        PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK
    }

    private func failure(_ result: OpaquePointer?) -> PostgresError {
        // The primary message only: the details repeat values of rows.
        var message = result.flatMap(gem_message).map { String(cString: $0) } ?? String(cString: PQerrorMessage(raw))
        for secret in secrets { message = message.replacing(secret, with: "…") }
        let state = result.flatMap(gem_sqlstate).map { String(cString: $0) } ?? "08006"
        if state.hasPrefix("57P") || state.hasPrefix("08") { wasEnded = true }
        let error = PostgresError(
            state: isLost ? "08006" : state, message: message.split(separator: "\n").joined(separator: "; "))
        if error.isConflict { conflict = error }
        return error
    }
}

/// What the server, or the way to it, refused: SQLSTATE and the primary message, never values or passwords.
struct PostgresError: Error, CustomStringConvertible {
    var state: String
    var message: String

    var description: String { "PostgreSQL \(state): \(message)" }

    /// Another transaction came in between; run again, this one may pass.
    var isConflict: Bool { state == "40001" || state == "40P01" }
    /// The server or the way to it is not there now, or a standby answers: later it may be.
    var isPassing: Bool {
        state.hasPrefix("08") || state.hasPrefix("57P") || isConflict
            || ["53300", "53400", "55P03", "25006"].contains(state)
    }

    /// What the inventory's callers can act on.
    static func translate(_ error: any Error) -> any Error {
        guard let error = error as? PostgresError else { return error }
        if error.state == "53100" { return InventoryError.diskFull }
        if error.state == "57014" { return InventoryError.tooCostly }
        return error.isPassing ? InventoryError.busy : error
    }
}

struct PostgresTransaction: Transaction {
    var dialect: Schema.Dialect { .postgres }
    let connection: PostgresConnection
    var notes: WriterNotes?
    /// Whether rows are added without waiting to hear that nothing was in their way: when something was, a later
    /// statement fails, and the whole transaction is run again without this.
    var isHopeful = false

    func rows(_ sql: SQL) throws -> [Row] { try connection.rows(sql) }
    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Void) throws { try connection.forEachRow(sql, body) }
    func forEachRowView(_ sql: SQL, _ body: (any RowView) throws -> Void) throws {
        try connection.forEachRowView(sql, body)
    }
    func change(_ sql: SQL) throws -> Int { try connection.change(sql) }
    func run(_ sql: SQL) throws { try connection.run(sql) }
    func change(_ text: StaticString, each arguments: [[SQL.Value]]) throws -> [Int] {
        try connection.change(text, each: arguments)
    }
    func add(_ insertion: StaticString, _ values: [SQL.Value]) throws -> Bool {
        guard isHopeful else { return try change(SQL(insertion, values)) == 1 }
        var sql = SQL(insertion, values)
        // Found by its bytes: this is on the way of every piece.
        sql.text = String(decoding: insertion.description.utf8.dropLast(Self.doNothing.utf8.count), as: UTF8.self)
        try run(sql)
        return true
    }

    private static let doNothing = "ON CONFLICT DO NOTHING"
}
#endif
