import GemModel

/// What an import made that stays when it is undone, and why.
package struct KeptRow: Sendable {
    package var row: Int
    package var name: String
    package var reason: String
}

extension Inventory {
    private static let undoneAtOnce = 200
    /// Named one by one; the rest is counted.
    private static let mostNamed = 1_000

    /// Takes back what an import made and nobody touched since: what it registered goes, what it changed gets its
    /// document of before. A row is taken back with its note in one commit, so that an interrupted undo goes on.
    package func undoImport(
        _ id: String, in scope: Scope, personal: PersonalData?, by actor: Actor
    ) async throws -> (undone: Int, keptCount: Int, kept: [KeptRow]) {
        guard let found = try await importRecord(id, in: scope) else { throw InventoryError.notFound }
        var (undone, keptCount) = (0, 0)
        var kept: [KeptRow] = []
        var after = 0
        while true {
            let from = after
            let step = try await database.write { tx in
                try undo(found, after: from, personal: personal, by: actor, tx: tx)
            }
            undone += step.undone
            keptCount += step.kept.count
            kept += step.kept.prefix(Self.mostNamed - kept.count)
            guard let last = step.last else { break }
            after = last
        }
        let (total, stayed) = (undone, keptCount)
        try await database.write { tx in
            let time = now()
            try tx.run(
                """
                UPDATE import SET state = 'undone', ended = \(time.microseconds)
                WHERE party_id = \(found.party) AND id = \(found.id)
                """)
            try record(
                "import-undone", of: found.id, in: found.party, by: actor, at: time,
                ["sha256": .string(found.sha256), "undone": .integer(total), "kept": .integer(stayed)], tx: tx)
        }
        return (undone, keptCount, kept)
    }

    private func undo(
        _ record: ImportRecord, after: Int, personal: PersonalData?, by actor: Actor, tx: any Transaction
    ) throws -> (undone: Int, kept: [KeptRow], last: Int?) {
        let rows = try tx.rows(
            """
            SELECT row, outcome, subject, version, doc FROM import_row
            WHERE party_id = \(record.party) AND import_id = \(record.id) AND outcome IN ('created', 'changed')
                AND row > \(after)
            ORDER BY row LIMIT \(Self.undoneAtOnce)
            """)
        var undone = 0
        var kept: [KeptRow] = []
        for row in rows {
            let number = Int(row.int(0))
            let reason =
                switch record.kind {
                case .pieces: try undoPiece(row, of: record, by: actor, tx: tx)
                case .parties: try undoParty(row, personal: personal, by: actor, tx: tx)
                }
            if let reason {
                kept.append(KeptRow(row: number, name: reason.name, reason: reason.why))
            } else {
                undone += 1
                try tx.run(
                    """
                    UPDATE import_row SET outcome = 'undone', doc = NULL
                    WHERE party_id = \(record.party) AND import_id = \(record.id) AND row = \(number)
                    """)
            }
        }
        return (undone, kept, rows.last.map { Int($0.int(0)) })
    }

    private func undoPiece(
        _ row: Row, of importing: ImportRecord, by actor: Actor, tx: any Transaction
    ) throws -> (name: String, why: String)? {
        guard let piece = try record(.id(row.text(2)), in: .party(importing.party), tx: tx) else { return nil }
        // The import's own photographs raised the version too.
        let own = try tx.row(
            """
            SELECT max(version) FROM import_row
            WHERE party_id = \(importing.party) AND import_id = \(importing.id) AND outcome = 'photograph'
                AND subject = \(piece.id)
            """)?.optionalInt(0)
        guard piece.version == max(row.int(3), own ?? 0) else { return (piece.stockNumber, "it was changed since") }
        if let reason = try reliance(on: piece, tx: tx) { return (piece.stockNumber, reason) }
        if row.text(1) == "created" {
            try delete(piece, by: actor, tx: tx)
            try tx.run(
                "DELETE FROM import_ref WHERE party_id = \(importing.party) AND kind = 'pieces' AND subject = \(piece.id)"
            )
        } else if let before = row.optionalText(4).flatMap({ try? JSON(parsing: $0) }),  // written by us
            let patch = piece.json?.patch(to: before)
        {
            _ = try change(piece, by: patch, actor: actor, tx: tx)
        }
        return nil
    }

    private func undoParty(
        _ row: Row, personal: PersonalData?, by actor: Actor, tx: any Transaction
    ) throws -> (name: String, why: String)? {
        let found = try tx.row("SELECT \(Self.partyColumns) FROM party WHERE id = \(row.text(2))").map(Self.party)
        guard let party = found else { return nil }
        guard party.version == row.int(3) else { return (party.code, "it was changed since") }
        if row.text(1) == "changed" {
            guard let before = row.optionalText(4).flatMap({ try? JSON(parsing: $0) }),  // written by us
                let patch = party.document(opening: nil).patch(to: before)
            else { return nil }
            _ = try change(party, by: patch, personal: personal, actor: actor, tx: tx)
            return nil
        }
        let uses: [(String, SQL)] = [
            ("it has members", "SELECT 1 FROM member WHERE party_id = \(party.id)"),
            ("it has pieces", "SELECT 1 FROM piece WHERE party_id = \(party.id)"),
            ("it was promised something", "SELECT 1 FROM movement WHERE to_party = \(party.id)"),
            ("a piece is consented to it", "SELECT 1 FROM consent WHERE to_party = \(party.id)"),
        ]
        for (reason, query) in uses where try tx.row(query) != nil { return (party.code, reason) }
        try tx.run("DELETE FROM party WHERE id = \(party.id)")
        try record(
            "party-removed", of: party.id, in: party.id, by: actor, at: now(), ["code": .string(party.code)], tx: tx)
        return nil
    }
}
