import GemCrypto
import GemModel

/// A log that begins after a gap, with its first entry: computed by the caller, who holds the new key.
package struct LogOpening: Sendable {
    /// As it is when the first entry is in it.
    package var state: LogState
    package var entry: LogAppend
    package var tiles: [LogGrowth.Tile]
    /// What each certificate series is moved to, as the last number given.
    package var series: [String: Int]

    package init(state: LogState, entry: LogAppend, tiles: [LogGrowth.Tile], series: [String: Int]) {
        self.state = state
        self.entry = entry
        self.tiles = tiles
        self.series = series
    }
}

extension Inventory {
    /// The gap that was accepted and not yet closed by a new log, as the caller wrote it.
    package func acceptedGap() async throws -> String? { try await setting(Self.gapSetting) }

    /// Puts on record that what was issued after this copy of the database is lost.
    package func acceptGap(_ document: String) async throws { try await set(Self.gapSetting, to: document) }

    private static let gapSetting = "accepted-gap"

    /// Closes the present log as it is and opens the next, all in one transaction.
    ///
    /// Certificates that have a number but were never finished are given up: nobody knows whether they were
    /// issued after the backup. Their numbers are never used again, and their pieces may have a new one.
    package func open(_ opening: LogOpening, after present: LogState, by actor: Actor) async throws {
        try await database.write { tx in
            let time = now()
            let state = opening.state
            guard
                let last = try tx.row("SELECT log, size FROM log_state ORDER BY log DESC LIMIT 1"),
                last.int(0) == present.log, last.int(1) == present.size
            else { throw InventoryError.store("the log was extended by somebody else") }
            try tx.run(
                """
                INSERT INTO log_state (log, origin, size, root)
                VALUES (\(state.log), \(state.origin), \(state.size), \(state.root))
                """)
            try tx.run(
                """
                INSERT INTO log_entry (log, idx, serial, data, leaf)
                VALUES (\(state.log), 0, \(opening.entry.serial), \(opening.entry.data), \(opening.entry.leafHash))
                """)
            for tile in opening.tiles {
                try tx.run(
                    """
                    INSERT INTO log_tile (log, level, n, hashes)
                    VALUES (\(state.log), \(tile.level), \(tile.index), \(tile.hashes))
                    """)
            }
            try tx.run(
                """
                INSERT INTO log_checkpoint (log, size, root, note, created)
                VALUES (\(state.log), \(state.size), \(state.root), \(state.checkpoint), \(time.microseconds))
                """)
            for (name, last) in opening.series.sorted(by: { $0.key < $1.key }) {
                try tx.run(
                    """
                    INSERT INTO series (name, next) VALUES (\(name), \(last))
                    ON CONFLICT (name) DO UPDATE SET next = \(last)
                    """)
            }
            let unfinished = try tx.rows(
                "SELECT COALESCE(lab, party_id), idempotency_key FROM certificate WHERE state = 'reserved' ORDER BY number"
            )
            for row in unfinished {
                guard let key = row.optionalText(1) else { continue }
                try tx.run("DELETE FROM idempotency WHERE party_id = \(row.text(0)) AND key = \(key)")
            }
            try tx.run("UPDATE certificate SET state = 'given-up', live = 0 WHERE state = 'reserved'")
            // What was approved may be approved again, under another number.
            try tx.run("UPDATE draft SET state = 'approving', number = NULL WHERE state = 'issuing'")
            // What such a one was to replace has its place again.
            try tx.run(
                """
                UPDATE certificate SET live = 1 WHERE status = 0 AND state = 'issued' AND live = 0 AND number IN (
                    SELECT supersedes FROM certificate WHERE state = 'given-up' AND supersedes IS NOT NULL)
                AND NOT EXISTS (
                    SELECT 1 FROM certificate o WHERE o.party_id = certificate.party_id
                        AND o.piece_id = certificate.piece_id AND o.class = certificate.class AND o.live = 1)
                """)
            try record(
                "log-opened", of: state.origin, in: actor.party, by: actor, at: time,
                [
                    "after": .string(present.origin), "size": .integer(present.size),
                    "entry": .string(String(decoding: opening.entry.data, as: UTF8.self)),
                ], tx: tx)
            try tx.run("DELETE FROM meta WHERE name = \(Self.gapSetting)")
        }
    }
}
