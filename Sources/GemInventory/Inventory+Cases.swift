package import GemModel

/// A conflict case: live pieces of different parties with the same report number, inscription, tag or photograph.
package struct CaseRecord: Sendable {
    package struct Side: Sendable {
        package var party: String
        package var partyCode: String
        package var partyName: String
        package var piece: String
        /// Nil when the piece was removed since.
        package var stockNumber: String?
        package var title: String?
        package var status: String?
        package var joined: Timestamp
        package var parted: Timestamp?
        package var reason: String?
    }

    package var number: Int64
    package var state: CaseState
    package var opened: Timestamp
    package var closed: Timestamp?
    package var outcome: CaseOutcome?
    /// The number of the check that opened it; nil where keys met.
    package var check: String?
    /// The council's words: never shown to the parties.
    package var note: String?
    package var keys: [(key: UniqueKey, settled: Timestamp?)] = []
    package var sides: [Side] = []

    /// Whether one side's piece was reported stolen, or lost.
    package var isOfTheft: Bool { sides.contains { ["stolen", "lost"].contains($0.status) } }

    /// All of it for the council; a party gets its own pieces, and no word of any other.
    package func json(for scope: Scope) -> JSON {
        let isStaff = scope == .all
        let visible = sides.filter { scope == .all || scope == .party($0.party) }
        return .object([
            "id": .integer(Int(number)), "state": .string(state.rawValue), "openedAt": .string(opened.description),
            "closedAt": closed.map { .string($0.description) }, "outcome": outcome.map { .string($0.rawValue) },
            "check": check.map(JSON.string), "note": isStaff ? note.map(JSON.string) : nil,
            "stolen": isStaff && isOfTheft ? true : nil,
            "keys": isStaff
                ? .array(
                    keys.map { key, settled in
                        .object([
                            "kind": .string(key.kind.rawValue), "value": .string(key.value),
                            "settledAt": settled.map { .string($0.description) },
                        ])
                    }) : nil,
            "pieces": .array(
                visible.map { side in
                    .object([
                        "piece": .string(side.piece), "stockNumber": side.stockNumber.map(JSON.string),
                        "title": side.title.map(JSON.string), "status": side.status.map(JSON.string),
                        "party": isStaff ? .string(side.party) : nil, "dealer": isStaff ? .string(side.partyCode) : nil,
                        "dealerName": isStaff ? .string(side.partyName) : nil,
                        "joinedAt": .string(side.joined.description),
                        "leftAt": side.parted.map { .string($0.description) }, "why": side.reason.map(JSON.string),
                    ])
                }),
        ])
    }
}

extension Inventory {
    private static let caseColumns: SQL = "c.id, c.state, c.opened, c.closed, c.outcome, c.doc"

    /// Cases by number; of a party those in which a piece of its own is or was.
    package func cases(
        _ state: CaseState?, after number: Int64, limit: Int, in scope: Scope
    ) async throws -> [CaseRecord] {
        try await database.read { tx in
            var condition: SQL = "c.id > \(number) AND \(mine(scope))"
            if let state { condition = "\(condition) AND c.state = \(state.rawValue)" }
            return try tx.rows(
                "SELECT \(Self.caseColumns) FROM conflict_case c WHERE \(condition) ORDER BY c.id LIMIT \(limit)"
            ).map { try record(ofCase: $0, tx: tx) }
        }
    }

    package func conflictCase(_ number: Int64, in scope: Scope) async throws -> CaseRecord? {
        try await database.read { try conflictCase(number, in: scope, tx: $0) }
    }

    private func conflictCase(_ number: Int64, in scope: Scope, tx: any Transaction) throws -> CaseRecord? {
        try tx.row("SELECT \(Self.caseColumns) FROM conflict_case c WHERE c.id = \(number) AND \(mine(scope))")
            .map { try record(ofCase: $0, tx: tx) }
    }

    private func mine(_ scope: Scope) -> SQL {
        "EXISTS (SELECT 1 FROM conflict_case_piece p WHERE p.case_id = c.id AND \(scope, "p.party_id"))"
    }

    private func record(ofCase row: Row, tx: any Transaction) throws -> CaseRecord {
        guard let state = CaseState(rawValue: row.text(1)) else {
            throw InventoryError.store("case \(row.int(0)) is damaged")
        }
        var record = CaseRecord(
            number: row.int(0), state: state, opened: Timestamp(microseconds: row.int(2)),
            closed: row.optionalInt(3).map(Timestamp.init(microseconds:)),
            outcome: row.optionalText(4).flatMap(CaseOutcome.init(rawValue:)),
            // Written by us; a damaged note is only not shown.
            note: (try? JSON(parsing: row.text(5)))?["note"]?.string)
        record.check = (try? JSON(parsing: row.text(5)))?["check"]?.string  // as above
        record.keys = try tx.rows(
            "SELECT kind, value, settled FROM conflict_case_key WHERE case_id = \(record.number) ORDER BY kind, value"
        ).compactMap { row in
            UniqueKey.Kind(rawValue: row.text(0)).map {
                (UniqueKey($0, row.text(1), field: ""), row.optionalInt(2).map(Timestamp.init(microseconds:)))
            }
        }
        record.sides = try tx.rows(
            """
            SELECT c.party_id, o.code, o.name, c.piece_id, p.stock_number, p.status, c.joined, c.parted, c.reason, p.doc
            FROM conflict_case_piece c JOIN party o ON o.id = c.party_id
            LEFT JOIN piece p ON p.party_id = c.party_id AND p.id = c.piece_id
            WHERE c.case_id = \(record.number) ORDER BY c.joined, c.party_id, c.piece_id
            """
        ).map { row in
            CaseRecord.Side(
                party: row.text(0), partyCode: row.text(1), partyName: row.text(2), piece: row.text(3),
                stockNumber: row.optionalText(4),
                // Written by us; a damaged title is only not shown.
                title: row.optionalText(9).flatMap { try? JSON(parsing: $0) }?["title"]?.string,
                status: row.optionalText(5), joined: Timestamp(microseconds: row.int(6)),
                parted: row.optionalInt(7).map(Timestamp.init(microseconds:)), reason: row.optionalText(8))
        }
        return record
    }

    /// Ends a case as the council decided: its pieces are free, and what was decided between them is not asked again.
    /// - Throws: `.notFound`, `.state` when it is closed already.
    package func closeCase(
        _ number: Int64, outcome: CaseOutcome, note: String?, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (CaseRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard let open = try conflictCase(number, in: .all, tx: tx) else { throw InventoryError.notFound }
                guard open.state == .open else { throw InventoryError.state("case \(number) is closed") }
                let time = now()
                let document = JSON.object([
                    "check": open.check.map(JSON.string), "note": note.map(JSON.string), "by": .string(actor.member),
                ])
                try tx.run(
                    """
                    UPDATE conflict_case SET state = 'closed', closed = \(time.microseconds),
                        outcome = \(outcome.rawValue), doc = \(document.text)
                    WHERE id = \(number)
                    """)
                try endCase(number, at: time, tx: tx)
                try record(
                    "case-decided", of: "case/\(number)", in: actor.party, by: actor, at: time,
                    ["outcome": .string(outcome.rawValue), "note": note.map(JSON.string)], tx: tx)
                guard let closed = try conflictCase(number, in: .all, tx: tx) else { throw InventoryError.notFound }
                return answer(closed)
            }
        }
    }

    /// Open cases that no two parties' pieces are behind, and keys of pieces that are gone.
    package func caseFindings() async throws -> [String] {
        try await database.read { tx in
            var findings: [String] = []
            try tx.forEachRow(
                """
                SELECT c.id, count(DISTINCT p.party_id), c.doc FROM conflict_case c
                LEFT JOIN conflict_case_piece p ON p.case_id = c.id AND p.parted IS NULL
                WHERE c.state = 'open' GROUP BY c.id, c.doc HAVING count(DISTINCT p.party_id) < 2 ORDER BY c.id
                """
            ) { row in
                // A check's case may have one side.
                guard (try? JSON(parsing: row.text(2)))?["check"] == nil else { return }  // written by us
                findings.append("case \(row.int(0)): it is open between \(row.int(1)) parties")
            }
            try tx.forEachRow(
                """
                SELECT DISTINCT k.piece_id FROM piece_key k
                LEFT JOIN piece p ON p.party_id = k.party_id AND p.id = k.piece_id
                WHERE p.id IS NULL OR p.status IN ('sold', 'destroyed', 'transferred') ORDER BY k.piece_id
                """
            ) { row in findings.append("piece \(row.text(0)): it is gone, its report numbers and photographs are not") }
            return findings
        }
    }
}
