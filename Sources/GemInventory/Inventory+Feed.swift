import GemCrypto
import GemModel

/// The change feed: events as they are chained, in pages that are small whatever the events hold.
extension Inventory {
    /// Whole lines, and where the next page begins; empty when there is no more.
    package struct EventPage<Cursor: Sendable>: Sendable {
        package var lines: [String] = []
        package var last: Cursor
        /// Whether some of it tells more than that its reader has read.
        package var isNews = false
    }

    /// Where a pass over all chains stands: after this event of this party, in the order of parties.
    package struct AuditCursor: Sendable {
        package var party: String
        package var seq: Int64

        package init(party: String, seq: Int64) {
            self.party = party
            self.seq = seq
        }
    }

    private static let mostEvents = 200
    private static let mostBytes = 256 << 10

    /// Tells when something was committed, for those who follow the feed.
    package var commits: CommitSignal { database.commits }

    /// A party's own events after a sequence number, each with its hash as the last member: SHA-256 of the hash before
    /// it and the line without that member.
    package func events(in party: String, after seq: Int64) async throws -> EventPage<Int64> {
        // Who follows asks far more often than there is something to tell.
        let hasMore = try await database.lookUp { tx in
            try tx.row("SELECT 1 FROM event WHERE party_id = \(party) AND seq > \(seq) LIMIT 1") != nil
        }
        guard hasMore else { return EventPage(last: seq) }
        return try await database.read { tx in
            var page = EventPage(last: seq)
            var room = Self.mostBytes
            try tx.forEachRow(
                """
                SELECT seq, data, hash FROM event WHERE party_id = \(party) AND seq > \(seq)
                ORDER BY seq LIMIT \(Self.mostEvents)
                """
            ) { row in
                guard room > 0 else { return }
                let line = Self.line(row.text(1), hash: row.blob(2))
                room -= line.utf8.count
                page.lines.append(line)
                page.last = row.int(0)
            }
            return page
        }
    }

    /// The events of all parties, or of one, in the order of parties and then as they happened; each begins with its
    /// party.
    ///
    /// What a dealer paid is left out, and for `detailed: false` all that was written into pieces and movements;
    /// `withheld` then names it, and the hash cannot be made from the line.
    package func auditEvents(
        after cursor: AuditCursor, of party: String?, detailed: Bool, reader: Actor
    ) async throws -> EventPage<AuditCursor> {
        try await database.read { tx in
            var page = EventPage(last: cursor)
            var room = Self.mostBytes
            let scope: Scope = party.map { .party($0) } ?? .all
            try tx.forEachRow(
                """
                SELECT party_id, seq, data, hash, subject FROM event
                WHERE \(scope, "party_id") AND (party_id, seq) > (\(cursor.party), \(cursor.seq))
                ORDER BY party_id, seq LIMIT \(Self.mostEvents)
                """
            ) { row in
                guard room > 0 else { return }
                let data = Self.withholding(row.text(2), detailed: detailed)
                let line = "{\"party\":\"\(row.text(0))\"," + Self.line(data, hash: row.blob(3)).dropFirst()
                room -= line.utf8.count
                page.lines.append(line)
                page.last = AuditCursor(party: row.text(0), seq: row.int(1))
                let isOwnTrace = row.text(0) == reader.party && row.text(4) == Self.auditSubject
                if !isOwnTrace { page.isNews = true }
            }
            return page
        }
    }

    /// What the event of somebody's reading of the audit is about.
    package static let auditSubject = "audit"

    private static func line(_ data: String, hash: [UInt8]) -> String {
        // By bytes: a String's own end is a character, which is dear to find.
        String(Substring(data.utf8.dropLast())) + ",\"hash\":\"\(Hex.encode(hash))\"}"
    }

    private static func withholding(_ data: String, detailed: Bool) -> String {
        let names = detailed ? Piece.privatePrices.map { "\"\($0)\"" } : ["\"patch\"", "\"what\""]
        guard names.contains(where: data.contains), var event = try? JSON(parsing: data)  // written by us
        else { return data }
        var withheld: [JSON] = []
        if detailed {
            for name in Piece.privatePrices {
                guard let patch = event["patch"], patch[name] != nil else { continue }
                event = event.setting("patch", to: patch.merging(.object([.init(name, .null)])))
                withheld.append(.string("patch.\(name)"))
            }
        } else {
            for name in ["patch", "what"] where event[name] != nil {
                event = event.merging(.object([.init(name, .null)]))
                withheld.append(.string(name))
            }
        }
        return withheld.isEmpty ? data : event.setting("withheld", to: .array(withheld)).text
    }
}
