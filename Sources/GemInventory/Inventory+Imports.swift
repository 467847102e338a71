import GemCrypto
package import GemModel

/// A file that was brought in: where it came to, and what became of its rows.
package struct ImportRecord: Sendable {
    package enum Kind: String, Sendable {
        case pieces, parties
    }

    package enum State: String, Sendable {
        /// Some rows are still to come; when nobody works on it, it was interrupted.
        case running
        case done, undone
    }

    package struct Counts: Hashable, Sendable {
        package var created = 0
        package var changed = 0
        package var unchanged = 0
        package var refused = 0

        package init() {}
        package var all: Int { created + changed + unchanged + refused }
    }

    package var id: String
    package var party: String
    package var kind: Kind
    package var sha256: String
    /// What else decides what becomes of a row: mapping, ignored columns.
    package var options: String
    package var state: State
    /// Rows of the file, photographs among them.
    package var rows: Int
    /// The number of the last row that is settled for good; those before it are too.
    package var done: Int
    package var counts: Counts
    /// How the file was read: `encoding`, `delimiter`, `columns`, and the like.
    package var document: JSON
    package var begun: Timestamp
    package var ended: Timestamp?

    static let columns: SQL =
        "id, party_id, kind, sha256, options, state, rows, done, created, changed, unchanged, refused, doc, begun, ended"

    init(_ row: Row) {
        id = row.text(0)
        party = row.text(1)
        kind = Kind(rawValue: row.text(2)) ?? .pieces
        sha256 = row.text(3)
        options = row.text(4)
        state = State(rawValue: row.text(5)) ?? .done
        rows = Int(row.int(6))
        done = Int(row.int(7))
        counts = Counts()
        counts.created = Int(row.int(8))
        counts.changed = Int(row.int(9))
        counts.unchanged = Int(row.int(10))
        counts.refused = Int(row.int(11))
        document = (try? JSON(parsing: row.text(12))) ?? .object([])  // written by us
        begun = Timestamp(microseconds: row.int(13))
        ended = row.optionalInt(14).map { Timestamp(microseconds: $0) }
    }

    /// `isLive`: somebody works on it now.
    package func json(isLive: Bool) -> JSON {
        .object(
            [
                .init("id", .string(id)), .init("kind", .string(kind.rawValue)),
                .init("state", .string(state == .running && !isLive ? "interrupted" : state.rawValue)),
                .init("sha256", .string(sha256)), .init("rows", .integer(rows)),
                .init("done", .integer(counts.all)),
                .init("created", .integer(counts.created)), .init("changed", .integer(counts.changed)),
                .init("unchanged", .integer(counts.unchanged)), .init("refused", .integer(counts.refused)),
            ] + (document.members ?? []) + [.init("beganAt", .string(begun.description))]
                + (ended.map { [.init("endedAt", .string($0.description))] } ?? []))
    }
}

/// One row on its way into the store.
package struct ImportRow<Thing: Sendable>: Sendable {
    package var number: Int
    /// As they stood in the file, to be kept if the store refuses the row.
    package var cells: [String]
    package var reference: String?
    /// Nil when the row was refused before.
    package var thing: Thing?
    /// Of a row refused before: what is kept of it, one JSON object.
    package var refusal: String?

    package init(
        number: Int, cells: [String], reference: String? = nil, thing: Thing?, refusal: String? = nil
    ) {
        self.number = number
        self.cells = cells
        self.reference = reference
        self.thing = thing
        self.refusal = refusal
    }
}

package enum ImportOutcome: Sendable {
    /// `alike` is the code of another party with the same telephone.
    case created(id: String, name: String, alike: String? = nil)
    /// It was there already. Of a party that is told by its card or telephone alone, `differing` is what the row says
    /// otherwise: nothing of it was written.
    case unchanged(id: String, name: String, differing: [Change])
    case changed(id: String, name: String, [Change])
    /// By the store; with what the row says otherwise than what is there.
    case refused(InventoryError, [Change])
    /// Refused by the model once the row was put together with what is there.
    case invalid(InvalidInput)
    /// Refused before it came here.
    case unread
}

extension Inventory {
    /// The id of a party that is on its way into the store.
    package func freshID() -> String { newID() }

    // MARK: - The import itself

    /// Begins an import, or goes on with one of the same file and options that was interrupted.
    package func beginImport(
        _ kind: ImportRecord.Kind, sha256: String, options: String, rows: Int, document: JSON, in party: String,
        by actor: Actor
    ) async throws -> ImportRecord {
        let id = newID()
        return try await database.write { tx in
            let found = try tx.row(
                """
                SELECT \(ImportRecord.columns) FROM import
                WHERE party_id = \(party) AND sha256 = \(sha256) AND state = 'running' AND kind = \(kind.rawValue)
                    AND options = \(options) AND rows = \(rows)
                """)
            if let found { return ImportRecord(found) }
            let time = now()
            try tx.run(
                """
                INSERT INTO import (party_id, id, kind, sha256, options, state, rows, done, created, changed, unchanged,
                    refused, doc, begun)
                VALUES (\(party), \(id), \(kind.rawValue), \(sha256), \(options), 'running', \(rows), 0, 0, 0, 0, 0,
                    \(document.text), \(time.microseconds))
                """)
            try record(
                "import-begun", of: id, in: party, by: actor, at: time,
                ["of": .string(kind.rawValue), "sha256": .string(sha256), "rows": .integer(rows)], tx: tx)
            guard let made = try importRow(id, in: .party(party), tx: tx) else { throw InventoryError.notFound }
            return made
        }
    }

    package func endImport(_ id: String, in party: String, by actor: Actor) async throws -> ImportRecord {
        try await database.write { tx in
            let time = now()
            try tx.run(
                "UPDATE import SET state = 'done', ended = \(time.microseconds) WHERE party_id = \(party) AND id = \(id)"
            )
            guard let ended = try importRow(id, in: .party(party), tx: tx) else { throw InventoryError.notFound }
            try record(
                "import-ended", of: id, in: party, by: actor, at: time,
                [
                    "sha256": .string(ended.sha256), "created": .integer(ended.counts.created),
                    "changed": .integer(ended.counts.changed), "unchanged": .integer(ended.counts.unchanged),
                    "refused": .integer(ended.counts.refused),
                ], tx: tx)
            return ended
        }
    }

    private func importRow(_ id: String, in scope: Scope, tx: any Transaction) throws -> ImportRecord? {
        try tx.row("SELECT \(ImportRecord.columns) FROM import WHERE \(scope, "party_id") AND id = \(id)").map(
            ImportRecord.init)
    }

    package func importRecord(_ id: String, in scope: Scope) async throws -> ImportRecord? {
        try await database.lookUp { try importRow(id, in: scope, tx: $0) }
    }

    /// Newest first.
    package func imports(in scope: Scope, after: String, limit: Int) async throws -> [ImportRecord] {
        try await database.read { tx in
            let older: SQL = after.isEmpty ? "1 = 1" : "id < \(after)"
            return try tx.rows(
                """
                SELECT \(ImportRecord.columns) FROM import WHERE \(scope, "party_id") AND \(older)
                ORDER BY id DESC LIMIT \(limit)
                """
            ).map(ImportRecord.init)
        }
    }

    /// Refused rows in order, each as it was kept.
    package func refusedRows(
        of record: ImportRecord, after row: Int, limit: Int
    ) async throws -> [(row: Int, document: JSON)] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT row, doc FROM import_row
                WHERE party_id = \(record.party) AND import_id = \(record.id) AND outcome = 'refused' AND row > \(row)
                ORDER BY row LIMIT \(limit)
                """
            ).map { (Int($0.int(0)), (try? JSON(parsing: $0.text(1))) ?? .object([])) }  // written by us
        }
    }

    // MARK: - Mappings

    /// What was said of the columns of a header of this shape before; one JSON object.
    package func mapping(
        of header: String, for kind: ImportRecord.Kind, in party: String
    ) async throws -> JSON? {
        try await database.lookUp { tx in
            try tx.row(
                """
                SELECT mapping FROM import_mapping
                WHERE party_id = \(party) AND kind = \(kind.rawValue) AND header = \(header)
                """
            ).flatMap { try? JSON(parsing: $0.text(0)) }  // written by us
        }
    }

    package func keep(
        mapping: JSON, of header: String, for kind: ImportRecord.Kind, in party: String
    ) async throws {
        try await database.write { tx in
            let (text, time) = (mapping.text, now().microseconds)
            try tx.run(
                """
                INSERT INTO import_mapping (party_id, kind, header, mapping, updated)
                VALUES (\(party), \(kind.rawValue), \(header), \(text), \(time))
                ON CONFLICT (party_id, kind, header) DO UPDATE SET mapping = \(text), updated = \(time)
                """)
        }
    }

    // MARK: - Rows

    /// Settles a batch in one commit: what is there already is left or changed, the rest is registered, and the
    /// import stands behind the batch's last row. Without `id` nothing is kept (dry run).
    ///
    /// At most `room` are new; a row beyond is refused, and one that is there already is still answered.
    ///
    /// `refusal` makes what is kept of a row that the store refuses.
    package func importPieces(
        _ rows: [ImportRow<Draft>], into id: String?, in party: String, room: Int = .max, by actor: Actor,
        refusal: @escaping @Sendable ([String], ImportOutcome) -> String
    ) async throws -> [ImportOutcome] {
        // Counted anew each time the transaction is tried.
        try await settle(rows, into: id, in: party, room: room, refusal: refusal) { row, draft, room, tx in
            let settled = try importPiece(
                draft, reference: row.reference, mayAdd: room > 0, in: party, by: actor, tx: tx)
            if case .created = settled.outcome { room -= 1 }
            return settled
        }
    }

    /// The same for parties; `party` is who imports. Many rows share each statement.
    package func importParties(
        _ rows: [ImportRow<PartyDraft>], into id: String?, in party: String, personal: PersonalData?, by actor: Actor,
        refusal: @escaping @Sendable ([String], ImportOutcome) -> String
    ) async throws -> [ImportOutcome] {
        let isDry = id == nil
        do {
            return try await database.write { tx in
                let outcomes = try PartyBatch(inventory: self, party: party, actor: actor, personal: personal, tx: tx)
                    .settle(rows)
                if isDry { throw DryRun(outcomes: outcomes.map(\.outcome)) }
                try keep(outcomes, of: rows, into: id ?? "", in: party, refusal: refusal, tx: tx)
                return outcomes.map(\.outcome)
            }
        } catch let dry as DryRun { return dry.outcomes }
    }

    /// Undoes what a dry run did.
    private struct DryRun: Error { var outcomes: [ImportOutcome] }

    /// What became of a row, and what an undo needs.
    struct Settled {
        var outcome: ImportOutcome
        var version: Int64?
        var before: String?
    }

    private func settle<Thing>(
        _ rows: [ImportRow<Thing>], into id: String?, in party: String, room: Int,
        refusal: @escaping @Sendable ([String], ImportOutcome) -> String,
        one: @escaping @Sendable (ImportRow<Thing>, Thing, inout Int, any Transaction) throws -> Settled
    ) async throws -> [ImportOutcome] {
        do {
            return try await database.write { tx in
                var room = room
                let settled = try rows.map { row in
                    guard let thing = row.thing else { return Settled(outcome: .unread) }
                    return try one(row, thing, &room, tx)
                }
                let outcomes = settled.map(\.outcome)
                guard let id else { throw DryRun(outcomes: outcomes) }
                try keep(settled, of: rows, into: id, in: party, refusal: refusal, tx: tx)
                return outcomes
            }
        } catch let dry as DryRun { return dry.outcomes }
    }

    private func keep<Thing>(
        _ settled: [Settled], of rows: [ImportRow<Thing>], into id: String, in party: String,
        refusal: ([String], ImportOutcome) -> String, tx: any Transaction
    ) throws {
        var counts = ImportRecord.Counts()
        var kept: [Row] = []
        func keep(_ number: Int, _ outcome: String, _ subject: String?, _ version: Int64?, _ doc: String?) {
            kept.append(
                Row(values: [
                    .text(party), .text(id), .int(Int64(number)), .text(outcome), subject.map { .text($0) } ?? .null,
                    version.map { .int($0) } ?? .null, doc.map { .text($0) } ?? .null,
                ]))
        }
        for (row, result) in zip(rows, settled) {
            switch result.outcome {
            case .created(let subject, _, _):
                counts.created += 1
                keep(row.number, "created", subject, result.version, nil)
            case .changed(let subject, _, _):
                counts.changed += 1
                keep(row.number, "changed", subject, result.version, result.before)
            case .unchanged: counts.unchanged += 1
            case .unread:
                counts.refused += 1
                keep(row.number, "refused", nil, nil, row.refusal)
            case .refused, .invalid:
                counts.refused += 1
                keep(row.number, "refused", nil, nil, refusal(row.cells, result.outcome))
            }
        }
        try tx.insert(
            kept, into: "INSERT INTO import_row (party_id, import_id, row, outcome, subject, version, doc) VALUES ")
        let last = rows.last?.number ?? 0
        let moved = try tx.rows(
            """
            UPDATE import SET done = \(last), created = created + \(counts.created), changed = changed + \(counts.changed),
                unchanged = unchanged + \(counts.unchanged), refused = refused + \(counts.refused)
            WHERE party_id = \(party) AND id = \(id) AND done < \(last) AND state = 'running' RETURNING done
            """)
        // Another asking went on with the same import meanwhile: nothing of this batch may count twice.
        guard !moved.isEmpty || rows.isEmpty else { throw InventoryError.state("the import went on elsewhere") }
    }

    private func importPiece(
        _ draft: Draft, reference: String?, mayAdd: Bool, in party: String, by actor: Actor, tx: any Transaction
    ) throws -> Settled {
        var existing: PieceRecord?
        if let reference {
            let known = try tx.row(
                "SELECT subject FROM import_ref WHERE party_id = \(party) AND kind = 'pieces' AND ref = \(reference)")
            if let known { existing = try record(.id(known.text(0)), in: .party(party), tx: tx) }
        }
        if existing == nil, !mayAdd {
            let number = draft.piece.stockNumber?.folded
            existing = try number.flatMap { try record(.stock($0), in: .party(party), tx: tx) }
            if existing == nil { return Settled(outcome: .refused(.full, [])) }
        }
        if existing == nil {
            do {
                let made = try insert(
                    draft, in: party, by: actor, at: now(), equalStockIsUnchanged: true, tx: tx)
                switch made {
                case .created(let record):
                    try bind(reference, to: record.id, of: .pieces, in: party, tx: tx)
                    return Settled(outcome: .created(id: record.id, name: record.stockNumber), version: 1)
                case .unchanged(let record):
                    try bind(reference, to: record.id, of: .pieces, in: party, tx: tx)
                    return Settled(outcome: .unchanged(id: record.id, name: record.stockNumber, differing: []))
                }
            } catch InventoryError.duplicate(let field, let value) {
                guard field == "stockNumber", let number = draft.piece.stockNumber,
                    let record = try record(.stock(number.folded), in: .party(party), tx: tx)
                else { return Settled(outcome: .refused(.duplicate(field: field, value: value), [])) }
                existing = record
            }
        }
        guard let existing, let before = existing.json, let said = try? JSON(parsing: draft.document) else {
            return Settled(outcome: .refused(.store("a piece is damaged"), []))
        }
        let changes = before.changes(to: before.merging(said))
        guard !changes.isEmpty else {
            try bind(reference, to: existing.id, of: .pieces, in: party, tx: tx)
            return Settled(outcome: .unchanged(id: existing.id, name: existing.stockNumber, differing: []))
        }
        guard reference != nil else {
            return Settled(
                outcome: .refused(.duplicate(field: "stockNumber", value: existing.stockNumber), changes))
        }
        do {
            let changed = try change(existing, by: said, actor: actor, tx: tx)
            try bind(reference, to: existing.id, of: .pieces, in: party, tx: tx)
            return Settled(
                outcome: .changed(id: changed.id, name: changed.stockNumber, changes), version: changed.version,
                before: existing.document)
        } catch let error as InventoryError {
            guard case .duplicate = error else { throw error }
            return Settled(outcome: .refused(error, changes))
        } catch let error as InvalidInput { return Settled(outcome: .invalid(error)) }
    }

    func bind(
        _ reference: String?, to subject: String, of kind: ImportRecord.Kind, in party: String, tx: any Transaction
    ) throws {
        guard let reference else { return }
        try tx.run(
            """
            INSERT INTO import_ref (party_id, kind, ref, subject)
            VALUES (\(party), \(kind.rawValue), \(reference), \(subject))
            ON CONFLICT (party_id, kind, ref) DO UPDATE SET subject = \(subject)
            """)
    }

    /// Which of these pieces one's party has, by folded stock number: for photographs that are named by it.
    package func ids(ofStock keys: [String], in party: String) async throws -> [String: String] {
        guard !keys.isEmpty else { return [:] }
        return try await database.lookUp { tx in
            let rows = try tx.rows(
                """
                SELECT stock_key, id FROM piece
                WHERE party_id = \(party) AND stock_key IN (\(list: keys.map { .text($0) })) AND status <> 'transferred'
                """)
            return Dictionary(rows.map { ($0.text(0), $0.text(1)) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Notes what became of one photograph of a ZIP, as a row of the import.
    package func settlePhotograph(
        row: Int, of id: String, in party: String, piece: String?, isNew: Bool, refusal: String?
    ) async throws {
        try await database.write { tx in
            var version: Int64?
            if let piece {
                version = try tx.row("SELECT version FROM piece WHERE party_id = \(party) AND id = \(piece)")?.int(0)
            }
            let outcome = refusal != nil ? "refused" : isNew ? "photograph" : "unchanged"
            try tx.run(
                """
                INSERT INTO import_row (party_id, import_id, row, outcome, subject, version, doc)
                VALUES (\(party), \(id), \(row), \(outcome), \(piece), \(version), \(refusal)) ON CONFLICT DO NOTHING
                """)
            try tx.run(
                """
                UPDATE import SET done = \(row), created = created + \(outcome == "photograph" ? 1 : 0),
                    unchanged = unchanged + \(outcome == "unchanged" ? 1 : 0),
                    refused = refused + \(outcome == "refused" ? 1 : 0)
                WHERE party_id = \(party) AND id = \(id) AND done < \(row)
                """)
        }
    }
}

extension Transaction {
    /// Inserts many rows, so many a statement that few texts are prepared.
    func insert(_ rows: [Row], into head: SQL, then tail: SQL = "") throws {
        var rest = rows[...]
        while !rest.isEmpty {
            let some = rest.prefix(64)
            rest = rest.dropFirst(64)
            try run("\(head)\(rows: some)\(tail)")
        }
    }
}
