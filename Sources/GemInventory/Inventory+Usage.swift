/// What a party takes up in the store.
package struct Usage: Hashable, Sendable {
    /// Pieces on record, sold ones too.
    package var pieces: Int
    /// Of the photographs as they were sent, each once; what is derived of them is some tenths more.
    package var photographBytes: Int

    package init(pieces: Int, photographBytes: Int) {
        self.pieces = pieces
        self.photographBytes = photographBytes
    }
}

extension Inventory {
    /// Counted anew; a million pieces take some tenths of a second.
    package func usage(of party: String) async throws -> Usage {
        try await database.read { tx in
            let pieces = try tx.row("SELECT count(*) FROM piece WHERE party_id = \(party)")
            let bytes = try tx.row(
                """
                SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM image
                WHERE sha256 IN (SELECT image FROM piece_image WHERE party_id = \(party))
                """)
            return Usage(pieces: Int(pieces?.int(0) ?? 0), photographBytes: Int(bytes?.int(0) ?? 0))
        }
    }

    /// The answer that was kept for a request, if it came before.
    package func keptAnswer(_ key: IdempotencyKey, of party: String) async throws -> Answer? {
        try await database.write { try keptAnswer(key, in: party, tx: $0) }
    }
}
