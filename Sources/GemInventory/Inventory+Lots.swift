package import GemModel

/// A lot: pieces of one party, and pieces others consented to it, gathered for a buyer or a market.
package struct LotRecord: Sendable {
    package var id: String
    package var party: String
    package var name: String
    package var document: JSON
    package var version: Int64
    package var created: Timestamp
    package var pieces: [(party: String, id: String)]

    package var json: JSON {
        .object([
            "id": .string(id), "name": .string(name), "version": .integer(Int(version)),
            "createdAt": .string(created.description), "consignee": document["consignee"],
            "pieces": .array(pieces.map { .string($0.id) }),
        ])
    }
}

extension Inventory {
    // MARK: - Consents

    /// Lets another party list a piece in markets, until a time or until taken back.
    package func consent(
        to name: PieceName, in party: String, for receiver: String, markets: [String], until: Timestamp?,
        by actor: Actor
    ) async throws -> JSON {
        try await database.write { tx in
            guard let record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
            let time = now()
            let list = markets.sorted().joined(separator: ",")
            try tx.run(
                """
                INSERT INTO consent (party_id, piece_id, to_party, markets, until, created)
                VALUES (\(party), \(record.id), \(receiver), \(list), \(until?.microseconds), \(time.microseconds))
                ON CONFLICT (party_id, piece_id, to_party) DO UPDATE
                SET markets = \(list), until = \(until?.microseconds), created = \(time.microseconds), revoked = NULL
                """)
            let json = JSON.object([
                "piece": .string(record.id), "to": .string(receiver),
                "markets": .array(markets.sorted().map(JSON.string)),
                "until": until.map { .string($0.description) }, "createdAt": .string(time.description),
            ])
            try self.record(
                "consent-given", of: record.id, in: party, by: actor, at: time,
                ["to": .string(receiver), "markets": .array(markets.sorted().map(JSON.string))], tx: tx)
            return json
        }
    }

    /// Takes a consent back. The piece leaves every lot and market of that party with its next export.
    package func revokeConsent(to name: PieceName, in party: String, for receiver: String?, by actor: Actor)
        async throws
    {
        try await database.write { tx in
            guard let record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
            let time = now()
            let revoked = try tx.rows(
                """
                UPDATE consent SET revoked = \(time.microseconds)
                WHERE party_id = \(party) AND piece_id = \(record.id) AND revoked IS NULL
                    AND to_party = COALESCE(\(receiver), to_party) RETURNING to_party
                """)
            guard !revoked.isEmpty else { throw InventoryError.notFound }
            for row in revoked {
                try self.record(
                    "consent-revoked", of: record.id, in: party, by: actor, at: time, ["to": .string(row.text(0))],
                    tx: tx)
            }
        }
    }

    package func consents(of name: PieceName, in scope: Scope) async throws -> [JSON] {
        try await database.read { tx in
            guard let record = try record(name, in: scope, tx: tx) else { throw InventoryError.notFound }
            return try tx.rows(
                """
                SELECT to_party, markets, until, created, revoked FROM consent
                WHERE party_id = \(record.party) AND piece_id = \(record.id) ORDER BY to_party
                """
            ).map { row in
                .object([
                    "piece": .string(record.id), "to": .string(row.text(0)),
                    "markets": .array(row.text(1).split(separator: ",").map { .string(String($0)) }),
                    "until": row.optionalInt(2).map { .string(Timestamp(microseconds: $0).description) },
                    "createdAt": .string(Timestamp(microseconds: row.int(3)).description),
                    "revokedAt": row.optionalInt(4).map { .string(Timestamp(microseconds: $0).description) },
                ])
            }
        }
    }

    /// The one condition under which `receiver` may list a piece of another party, for alias `c`.
    private func isLive(_ time: Timestamp) -> SQL {
        "c.revoked IS NULL AND (c.until IS NULL OR c.until > \(time.microseconds))"
    }

    package func piece(_ name: PieceName, consentedTo receiver: String) async throws -> PieceRecord? {
        // A stock number is a name within its own party only.
        guard case .id(let id) = name else { return nil }
        let time = now()
        return try await database.read { tx in
            guard
                let owner = try tx.row(
                    "SELECT c.party_id FROM consent c WHERE c.to_party = \(receiver) AND c.piece_id = \(id) AND \(isLive(time))"
                )
            else { return nil }
            return try record(name, in: .party(owner.text(0)), tx: tx)
        }
    }

    // MARK: - Lots

    private static let lotColumns: SQL = "id, party_id, name, doc, version, created"

    private func lot(_ row: Row, tx: any Transaction) throws -> LotRecord {
        let pieces = try tx.rows(
            """
            SELECT piece_party, piece_id FROM lot_piece WHERE party_id = \(row.text(1)) AND lot_id = \(row.text(0))
            ORDER BY added, piece_id
            """
        ).map { (party: $0.text(0), id: $0.text(1)) }
        return LotRecord(
            id: row.text(0), party: row.text(1), name: row.text(2),
            document: (try? JSON(parsing: row.text(3))) ?? .object([]),  // ours
            version: row.int(4), created: Timestamp(microseconds: row.int(5)), pieces: pieces)
    }

    package func addLot(
        name: String, document: JSON, in party: String, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (LotRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                let time = now()
                let lot = LotRecord(
                    id: newID(), party: party, name: name, document: document, version: 1, created: time, pieces: [])
                try tx.run(
                    """
                    INSERT INTO lot (party_id, id, name, doc, version, created, updated)
                    VALUES (\(party), \(lot.id), \(name), \(document.text), 1, \(time.microseconds), \(time.microseconds))
                    """)
                try record("lot-made", of: lot.id, in: party, by: actor, at: time, ["name": .string(name)], tx: tx)
                return answer(lot)
            }
        }
    }

    package func lot(_ id: String, in party: String) async throws -> LotRecord? {
        try await database.read { tx in
            try tx.row("SELECT \(Self.lotColumns) FROM lot WHERE party_id = \(party) AND id = \(id)").map {
                try lot($0, tx: tx)
            }
        }
    }

    package func lots(in party: String, after: String, limit: Int) async throws -> [LotRecord] {
        try await database.read { tx in
            try tx.rows(
                "SELECT \(Self.lotColumns) FROM lot WHERE party_id = \(party) AND id > \(after) ORDER BY id LIMIT \(limit)"
            )
            .map { try lot($0, tx: tx) }
        }
    }

    package func changeLot(
        _ id: String, in party: String, by actor: Actor, ifVersion: Int64, name: String?, patch: JSON
    ) async throws -> LotRecord {
        try await changingLot(id, in: party, ifVersion: ifVersion) { lot, time, tx in
            if let name { lot.name = name }
            lot.document = lot.document.merging(patch)
            try record("lot-changed", of: id, in: party, by: actor, at: time, ["patch": patch], tx: tx)
        }
    }

    /// Puts a piece into a lot: one's own, or one its owner consented to.
    /// - Throws: `.notFound` also for a foreign piece without consent.
    package func put(_ name: PieceName, into id: String, in party: String, by actor: Actor) async throws -> LotRecord {
        try await changingLot(id, in: party, ifVersion: nil) { lot, time, tx in
            let piece: PieceRecord
            if let own = try record(name, in: .party(party), tx: tx) {
                piece = own
            } else if case .id(let pieceID) = name,
                let owner = try tx.row(
                    "SELECT c.party_id FROM consent c WHERE c.to_party = \(party) AND c.piece_id = \(pieceID) AND \(isLive(time))"
                ),
                let consented = try record(name, in: .party(owner.text(0)), tx: tx)
            {
                piece = consented
            } else {
                throw InventoryError.notFound
            }
            try tx.run(
                """
                INSERT INTO lot_piece (party_id, lot_id, piece_party, piece_id, added)
                VALUES (\(party), \(id), \(piece.party), \(piece.id), \(time.microseconds)) ON CONFLICT DO NOTHING
                """)
            try record("lot-filled", of: id, in: party, by: actor, at: time, ["piece": .string(piece.id)], tx: tx)
        }
    }

    package func take(_ name: PieceName, outOf id: String, in party: String, by actor: Actor) async throws -> LotRecord
    {
        try await changingLot(id, in: party, ifVersion: nil) { _, time, tx in
            let piece: String
            switch name {
            case .id(let id): piece = id
            case .stock:
                guard let own = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                piece = own.id
            }
            let gone = try tx.rows(
                """
                DELETE FROM lot_piece WHERE party_id = \(party) AND lot_id = \(id) AND piece_id = \(piece)
                RETURNING piece_id
                """)
            guard !gone.isEmpty else { throw InventoryError.notFound }
            try record("lot-emptied", of: id, in: party, by: actor, at: time, ["piece": .string(piece)], tx: tx)
        }
    }

    private func changingLot(
        _ id: String, in party: String, ifVersion: Int64?,
        _ change: @escaping @Sendable (inout LotRecord, Timestamp, any Transaction) throws -> Void
    ) async throws -> LotRecord {
        try await database.write { tx in
            guard
                var record = try tx.row("SELECT \(Self.lotColumns) FROM lot WHERE party_id = \(party) AND id = \(id)")
                    .map({ try lot($0, tx: tx) })
            else { throw InventoryError.notFound }
            if let ifVersion, record.version != ifVersion { throw InventoryError.stale(current: record.version) }
            let time = now()
            try change(&record, time, tx)
            record.version += 1
            try tx.run(
                """
                UPDATE lot SET name = \(record.name), doc = \(record.document.text), version = \(record.version),
                    updated = \(time.microseconds)
                WHERE party_id = \(party) AND id = \(id)
                """)
            guard let row = try tx.row("SELECT \(Self.lotColumns) FROM lot WHERE party_id = \(party) AND id = \(id)")
            else {
                throw InventoryError.notFound
            }
            return try lot(row, tx: tx)
        }
    }
}
