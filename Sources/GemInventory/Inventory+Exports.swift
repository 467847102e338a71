import GemCrypto
package import GemModel

/// One piece of a lot as an export needs it, read in one snapshot with the others.
package struct LotPiece: Sendable {
    package var record: PieceRecord
    package var dealer: PartyRecord
    package var images: [(image: ImageRecord, role: String)]
    package var certificates: [(number: String, certificateClass: CertificateClass, status: CertificateStatus)]
    /// Pieces of the same party that its stones refer to, by the text of the reference.
    package var mounted: [String: Piece]
    /// False when the owner's consent ended: then it must leave the market.
    package var mayBeListed: Bool
    /// The number of an open conflict case it is in.
    package var openCase: Int64?
}

/// A finished export, as kept in the journal.
package struct ExportRecord: Sendable {
    package var id: String
    package var party: String
    package var lot: String
    package var market: String
    package var sha256: String
    package var bytes: Int
    /// The answer's JSON, without the file.
    package var json: JSON

    package init(id: String, party: String, lot: String, market: String, sha256: String, bytes: Int, json: JSON) {
        self.id = id
        self.party = party
        self.lot = lot
        self.market = market
        self.sha256 = sha256
        self.bytes = bytes
        self.json = json
    }
}

/// What an export did with one piece.
package struct JournalLine: Sendable {
    package enum Operation: String, Sendable {
        case list, hold, withdraw
    }

    package var party: String
    package var piece: String
    package var listing: String
    package var operation: Operation
    /// Of the piece's bytes in the file.
    package var sha256: [UInt8]?

    package init(party: String, piece: String, listing: String, operation: Operation, sha256: [UInt8]?) {
        self.party = party
        self.piece = piece
        self.listing = listing
        self.operation = operation
        self.sha256 = sha256
    }
}

extension Inventory {
    /// Hands over the pieces of a lot one by one, sorted by dealer code and stock number, from one snapshot.
    package func forEachPiece(
        of lot: LotRecord, market: String, _ body: @escaping @Sendable (LotPiece) throws -> Void
    ) async throws {
        let time = now()
        try await database.read { tx in
            var parties: [String: PartyRecord] = [:]
            let keys = try tx.rows(
                """
                SELECT l.piece_party, l.piece_id, c.markets, (
                    SELECT min(k.case_id) FROM conflict_case_piece k
                    WHERE k.party_id = l.piece_party AND k.piece_id = l.piece_id AND k.parted IS NULL)
                FROM lot_piece l
                JOIN party o ON o.id = l.piece_party
                JOIN piece p ON p.id = l.piece_id AND p.party_id = l.piece_party
                LEFT JOIN consent c ON c.party_id = l.piece_party AND c.piece_id = l.piece_id AND c.to_party = l.party_id
                    AND c.revoked IS NULL AND (c.until IS NULL OR c.until > \(time.microseconds))
                WHERE l.party_id = \(lot.party) AND l.lot_id = \(lot.id)
                ORDER BY o.code, p.stock_key, p.id
                """)
            for key in keys {
                let owner = key.text(0)
                guard let record = try record(.id(key.text(1)), in: .party(owner), tx: tx) else { continue }
                if parties[owner] == nil {
                    parties[owner] = try tx.row("SELECT \(Self.partyColumns) FROM party WHERE id = \(owner)").map(
                        Self.party)
                }
                guard let dealer = parties[owner] else { throw InventoryError.store("party \(owner) is missing") }
                let isConsented =
                    key.optionalText(2).map { $0.split(separator: ",").contains(Substring(market)) } ?? false
                try body(
                    LotPiece(
                        record: record, dealer: dealer, images: images(of: record, tx: tx),
                        certificates: certificates(of: record, tx: tx), mounted: mounted(in: record, tx: tx),
                        mayBeListed: owner == lot.party || isConsented, openCase: key.optionalInt(3)))
            }
        }
    }

    /// The live ones, and those withdrawn with none of their class after them: these hold a piece back.
    func certificates(
        of record: PieceRecord, tx: any Transaction
    ) throws -> [(number: String, certificateClass: CertificateClass, status: CertificateStatus)] {
        try tx.rows(
            """
            SELECT \(CertificateRecord.columns) FROM certificate
            WHERE party_id = \(record.party) AND piece_id = \(record.id) AND state = 'issued' AND (live = 1 OR
                status = \(Int(CertificateStatus.withdrawn.rawValue)) AND NOT EXISTS (
                    SELECT 1 FROM certificate o WHERE o.party_id = certificate.party_id
                        AND o.piece_id = certificate.piece_id AND o.class = certificate.class
                        AND o.reserved > certificate.reserved))
            ORDER BY log, log_index
            """
        ).map {
            let certificate = try CertificateRecord($0)
            return (certificate.number, certificate.certificateClass, certificate.status)
        }
    }

    /// What a party now lists in a market out of a lot.
    package func liveListings(of lot: LotRecord, market: String) async throws -> [(
        party: String, piece: String, listing: String
    )] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT piece_party, piece_id, listing_id FROM listing
                WHERE party_id = \(lot.party) AND market = \(market) AND lot_id = \(lot.id) AND state = 'live'
                ORDER BY listing_id
                """
            ).map { (party: $0.text(0), piece: $0.text(1), listing: $0.text(2)) }
        }
    }

    /// Writes an export into the journal, with what happened to each piece; its file is durable already.
    package func journal(
        _ export: ExportRecord, mode: String, lines: [JournalLine], by actor: Actor, key: IdempotencyKey?,
        answer: Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                try insert(export, mode: mode, lines: lines, by: actor, tx: tx)
                return answer
            }
        }
    }

    private func insert(
        _ export: ExportRecord, mode: String, lines: [JournalLine], by actor: Actor, tx: any Transaction
    ) throws {
        let time = now()
        try tx.run(
            """
            INSERT INTO export (party_id, id, lot_id, market, mode, sha256, bytes, pieces, doc, created)
            VALUES (\(export.party), \(export.id), \(export.lot), \(export.market), \(mode), \(export.sha256), \(export.bytes),
                \(lines.count { $0.operation == .list }), \(export.json.text), \(time.microseconds))
            """)
        for line in lines {
            try tx.run(
                """
                INSERT INTO export_piece (party_id, export_id, piece_party, piece_id, listing_id, operation, sha256)
                VALUES (\(export.party), \(export.id), \(line.party), \(line.piece), \(line.listing),
                    \(line.operation.rawValue), \(line.sha256))
                """)
            let state = line.operation == .list ? "live" : "withdrawn"
            try tx.run(
                """
                INSERT INTO listing (party_id, market, piece_party, piece_id, lot_id, listing_id, export_id, state, updated)
                VALUES (\(export.party), \(export.market), \(line.party), \(line.piece), \(export.lot), \(line.listing),
                    \(export.id), \(state), \(time.microseconds))
                ON CONFLICT (party_id, market, piece_party, piece_id) DO UPDATE
                SET lot_id = \(export.lot), listing_id = \(line.listing), export_id = \(export.id), state = \(state),
                    updated = \(time.microseconds)
                """)
            if line.operation == .list, let record = try record(.id(line.piece), in: .party(line.party), tx: tx) {
                try publishImages(of: record, at: time, tx: tx)
            }
        }
        try record(
            "exported", of: export.lot, in: export.party, by: actor, at: time,
            ["export": .string(export.id), "market": .string(export.market), "sha256": .string(export.sha256)],
            tx: tx)
    }

    package func makeID() -> String { newID() }

    package func export(_ id: String, in party: String) async throws -> ExportRecord? {
        try await database.read { tx in
            try tx.row(
                "SELECT id, party_id, lot_id, market, sha256, bytes, doc FROM export WHERE party_id = \(party) AND id = \(id)"
            )
            .map { row in
                ExportRecord(
                    id: row.text(0), party: row.text(1), lot: row.text(2), market: row.text(3), sha256: row.text(4),
                    bytes: Int(row.int(5)), json: (try? JSON(parsing: row.text(6))) ?? .object([]))  // written by us
            }
        }
    }

    // MARK: - Accounts and public pages

    package func setAccount(_ document: JSON, market: String, of party: String, by actor: Actor) async throws {
        try await database.write { tx in
            let time = now()
            try tx.run(
                """
                INSERT INTO market_account (party_id, market, doc, updated)
                VALUES (\(party), \(market), \(document.text), \(time.microseconds))
                ON CONFLICT (party_id, market) DO UPDATE SET doc = \(document.text), updated = \(time.microseconds)
                """)
            try record("market-account-set", of: market, in: party, by: actor, at: time, tx: tx)
        }
    }

    package func account(market: String, of party: String) async throws -> JSON? {
        try await database.read { tx in
            try tx.row("SELECT doc FROM market_account WHERE party_id = \(party) AND market = \(market)").flatMap {
                try? JSON(parsing: $0.text(0))  // written by us
            }
        }
    }

    /// A piece that stands in a market now, or is consented to the council, by its dealer's code and stock number.
    package func publicPiece(dealer code: String, stock: String) async throws -> LotPiece? {
        // What cannot be a stock number is on no page.
        guard let number = try? StockNumber(stock) else { return nil }
        let time = now()
        return try await database.read { tx in
            guard
                let dealer = try tx.row("SELECT \(Self.partyColumns) FROM party WHERE code = \(code)").map(Self.party),
                let record = try record(.stock(number.folded), in: .party(dealer.id), tx: tx)
            else { return nil }
            // A listing by another party lives as long as the consent behind it, not until the next export.
            let isOwnListing = try tx.row(
                """
                SELECT 1 FROM listing WHERE piece_party = \(record.party) AND piece_id = \(record.id)
                    AND party_id = \(record.party) AND state = 'live' LIMIT 1
                """)
            let isConsented = try tx.row(
                """
                SELECT 1 FROM consent c WHERE c.party_id = \(record.party) AND c.piece_id = \(record.id)
                    AND c.revoked IS NULL AND (c.until IS NULL OR c.until > \(time.microseconds)) LIMIT 1
                """)
            guard isOwnListing != nil || isConsented != nil else { return nil }
            return LotPiece(
                record: record, dealer: dealer, images: try images(of: record, tx: tx),
                certificates: try certificates(of: record, tx: tx), mounted: try mounted(in: record, tx: tx),
                mayBeListed: true)
        }
    }
}
