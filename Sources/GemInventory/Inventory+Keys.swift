import GemModel

/// What only one live piece may carry, and what follows when two do (docs/protocol.md, "Conflict cases").
///
/// All of it runs in the transaction that writes the piece, so there is one writer at a time and never two cases of
/// one key. `piece_key` has rows of live pieces only: whoever else has a key is one look-up away. A piece
/// without keys has none, and costs nothing.
extension Inventory {
    /// A piece that is not the caller's own change.
    struct PieceReference: Hashable {
        var party: String
        var piece: String
    }

    /// Other holders of a key that are looked at. More of them are all one party's, or a flood.
    private static let mostHolders = 50

    /// The keys a piece has now: of its document, and its photographs.
    func uniqueKeys(of record: PieceRecord, tx: any Transaction) throws -> [UniqueKey] {
        let photographs = try tx.rows(
            """
            SELECT image FROM piece_image WHERE party_id = \(record.party) AND piece_id = \(record.id)
            ORDER BY position, image
            """)
        return (record.piece?.uniqueKeys ?? [])
            + photographs.map { UniqueKey(.photograph, $0.text(0), field: "images") }
    }

    /// Brings keys, cases and findings in line with what a piece has become.
    ///
    /// The piece's row is written already; its findings are rewritten under the version it has. `keys` are those it
    /// claims, none when it is no longer live; `why` says what made it lose some.
    func settle(
        _ record: inout PieceRecord, keys: [UniqueKey], why: String, at time: Timestamp, tx: any Transaction
    ) throws {
        let before = try tx.rows(
            """
            SELECT kind, value FROM piece_key WHERE party_id = \(record.party) AND piece_id = \(record.id)
            ORDER BY kind, value
            """
        ).compactMap { row in
            UniqueKey.Kind(rawValue: row.text(0)).map { UniqueKey($0, row.text(1), field: "") }
        }
        if before.isEmpty, keys.isEmpty { return }
        let own = PieceReference(party: record.party, piece: record.id)
        var changes = Changes()
        var loosened: Set<Int64> = []
        for key in before where !keys.contains(key) {
            try tx.run(
                """
                DELETE FROM piece_key WHERE party_id = \(own.party) AND piece_id = \(own.piece)
                    AND kind = \(key.kind.rawValue) AND value = \(key.value)
                """)
            try changes.touch(twins(of: own, with: key, limit: 20, tx: tx))
            if let number = try openCase(of: key, tx: tx) { loosened.insert(number) }
        }
        for number in loosened.sorted() {
            try review(number, leaving: own, why: why, at: time, changes: &changes, tx: tx)
        }
        for key in keys where !before.contains(key) {
            try tx.run(
                """
                INSERT INTO piece_key (party_id, piece_id, kind, value)
                VALUES (\(own.party), \(own.piece), \(key.kind.rawValue), \(key.value))
                """)
            let twins = try twins(of: own, with: key, limit: 2, tx: tx)
            // Of many alike only the first did not know yet.
            if twins.count == 1 { changes.touch(twins) }
            try meet(own, with: key, at: time, changes: &changes, tx: tx)
        }
        try refresh(&record, keys: keys, notes: changes.notes(of: own), raising: false, at: time, tx: tx)
        try apply(changes, except: own, at: time, tx: tx)
    }

    /// The same, with the keys a piece has by its document, photographs and status.
    func settle(_ record: inout PieceRecord, why: String, at time: Timestamp, tx: any Transaction) throws {
        let keys = PieceStatus.isLive(record.status) ? try uniqueKeys(of: record, tx: tx) : []
        try settle(&record, keys: keys, why: why, at: time, tx: tx)
    }

    // MARK: - Cases

    /// What befalls pieces besides the one that is written, in the order it happened.
    struct Changes {
        typealias Note = (kind: String, number: Int64, word: String?)

        private(set) var pieces: [(piece: PieceReference, notes: [Note])] = []

        mutating func touch(_ others: [PieceReference]) {
            for other in others where !pieces.contains(where: { $0.piece == other }) { pieces.append((other, [])) }
        }

        mutating func note(_ piece: PieceReference, _ kind: String, case number: Int64, _ word: String? = nil) {
            touch([piece])
            for index in pieces.indices where pieces[index].piece == piece {
                pieces[index].notes.append((kind, number, word))
            }
        }

        func notes(of piece: PieceReference) -> [Note] { pieces.first { $0.piece == piece }?.notes ?? [] }
    }

    private func openCase(of key: UniqueKey, tx: any Transaction) throws -> Int64? {
        try tx.row(
            """
            SELECT case_id FROM conflict_case_key
            WHERE kind = \(key.kind.rawValue) AND value = \(key.value) AND settled IS NULL
            """)?.int(0)
    }

    /// Other pieces of the same party with the key.
    private func twins(
        of own: PieceReference, with key: UniqueKey, limit: Int, tx: any Transaction
    ) throws -> [PieceReference] {
        try tx.rows(
            """
            SELECT piece_id FROM piece_key WHERE kind = \(key.kind.rawValue) AND value = \(key.value)
                AND party_id = \(own.party) AND piece_id <> \(own.piece) ORDER BY piece_id LIMIT \(limit)
            """
        ).map { PieceReference(party: own.party, piece: $0.text(0)) }
    }

    /// A piece has come to have a key: joins or opens the case if another party's has it too.
    private func meet(
        _ own: PieceReference, with key: UniqueKey, at time: Timestamp, changes: inout Changes, tx: any Transaction
    ) throws {
        let others = try tx.rows(
            """
            SELECT party_id, piece_id FROM piece_key WHERE kind = \(key.kind.rawValue) AND value = \(key.value)
                AND party_id <> \(own.party) ORDER BY party_id, piece_id LIMIT \(Self.mostHolders)
            """
        ).map { PieceReference(party: $0.text(0), piece: $0.text(1)) }
        guard !others.isEmpty else { return }
        if let number = try openCase(of: key, tx: tx) {
            return try join(own, number, at: time, changes: &changes, tx: tx)
        }
        let sides = others + [own]
        if try isDecided(key, between: sides, tx: tx) { return }
        let number = try sharedCase(of: own, with: others, tx: tx) ?? openCase(at: time, tx: tx)
        try tx.run(
            """
            INSERT INTO conflict_case_key (case_id, kind, value) VALUES (\(number), \(key.kind.rawValue), \(key.value))
            ON CONFLICT (case_id, kind, value) DO UPDATE SET settled = NULL
            """)
        for side in sides { try join(side, number, at: time, changes: &changes, tx: tx) }
    }

    private func openCase(at time: Timestamp, tx: any Transaction) throws -> Int64 {
        let number = try nextNumber(of: "case", tx: tx)
        try tx.run(
            """
            INSERT INTO conflict_case (id, state, opened, doc) VALUES (\(number), 'open', \(time.microseconds), '{}')
            """)
        return number
    }

    /// An open case in which the piece already meets one of the others: one stone, one case, however many keys agree.
    private func sharedCase(
        of own: PieceReference, with others: [PieceReference], tx: any Transaction
    ) throws -> Int64? {
        for number in try openCases(of: own, tx: tx) {
            for other in others where try isIn(number, other, tx: tx) { return number }
        }
        return nil
    }

    private func openCases(of piece: PieceReference, tx: any Transaction) throws -> [Int64] {
        try tx.rows(
            """
            SELECT case_id FROM conflict_case_piece
            WHERE party_id = \(piece.party) AND piece_id = \(piece.piece) AND parted IS NULL ORDER BY case_id
            """
        ).map { $0.int(0) }
    }

    private func isIn(_ number: Int64, _ piece: PieceReference, tx: any Transaction) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM conflict_case_piece WHERE party_id = \(piece.party) AND case_id = \(number)
                AND piece_id = \(piece.piece) AND parted IS NULL
            """) != nil
    }

    /// Whether the council has closed a case of this key in which all of these pieces were.
    private func isDecided(_ key: UniqueKey, between sides: [PieceReference], tx: any Transaction) throws -> Bool {
        let closed = try tx.rows(
            """
            SELECT c.id FROM conflict_case c JOIN conflict_case_key k ON k.case_id = c.id
            WHERE k.kind = \(key.kind.rawValue) AND k.value = \(key.value) AND c.state = 'closed'
                AND c.outcome <> 'settled' ORDER BY c.id
            """
        ).map { $0.int(0) }
        return try closed.contains { number in
            try sides.allSatisfy { side in
                try tx.row(
                    """
                    SELECT 1 FROM conflict_case_piece
                    WHERE party_id = \(side.party) AND case_id = \(number) AND piece_id = \(side.piece)
                    """) != nil
            }
        }
    }

    private func join(
        _ piece: PieceReference, _ number: Int64, at time: Timestamp, changes: inout Changes, tx: any Transaction
    ) throws {
        guard try !isIn(number, piece, tx: tx) else { return }
        try tx.run(
            """
            INSERT INTO conflict_case_piece (party_id, case_id, piece_id, joined)
            VALUES (\(piece.party), \(number), \(piece.piece), \(time.microseconds))
            ON CONFLICT (party_id, case_id, piece_id)
            DO UPDATE SET joined = \(time.microseconds), parted = NULL, reason = NULL
            """)
        changes.note(piece, "case-opened", case: number)
    }

    /// A piece has lost a key: settles what no two parties share any more, lets go who has no part in it, and closes
    /// the case when nothing is left.
    private func review(
        _ number: Int64, leaving own: PieceReference, why: String, at time: Timestamp, changes: inout Changes,
        tx: any Transaction
    ) throws {
        try tx.run(
            """
            UPDATE conflict_case_key SET settled = \(time.microseconds)
            WHERE case_id = \(number) AND settled IS NULL AND (
                SELECT count(DISTINCT k.party_id) FROM piece_key k
                WHERE k.kind = conflict_case_key.kind AND k.value = conflict_case_key.value) < 2
            """)
        let left = try tx.rows(
            """
            SELECT p.party_id, p.piece_id FROM conflict_case_piece p
            WHERE p.case_id = \(number) AND p.parted IS NULL AND NOT EXISTS (
                SELECT 1 FROM conflict_case_key c
                JOIN piece_key k ON k.kind = c.kind AND k.value = c.value
                WHERE c.case_id = p.case_id AND c.settled IS NULL AND k.party_id = p.party_id
                    AND k.piece_id = p.piece_id)
            ORDER BY p.party_id, p.piece_id
            """
        ).map { PieceReference(party: $0.text(0), piece: $0.text(1)) }
        let isOver =
            try tx.row("SELECT 1 FROM conflict_case_key WHERE case_id = \(number) AND settled IS NULL LIMIT 1") == nil
        for piece in left {
            // What became of one side's piece is nothing for the other.
            let word = piece == own ? why : "settled"
            try part(piece, from: number, reason: word, at: time, tx: tx)
            changes.note(piece, isOver ? "case-closed" : "case-left", case: number, word)
        }
        if isOver {
            try tx.run(
                """
                UPDATE conflict_case SET state = 'closed', closed = \(time.microseconds), outcome = 'settled'
                WHERE id = \(number)
                """)
        }
    }

    private func part(
        _ piece: PieceReference, from number: Int64, reason: String, at time: Timestamp, tx: any Transaction
    ) throws {
        try tx.run(
            """
            UPDATE conflict_case_piece SET parted = \(time.microseconds), reason = \(reason)
            WHERE party_id = \(piece.party) AND case_id = \(number) AND piece_id = \(piece.piece)
            """)
    }

    /// A case that a check opened: the piece that was compared, and the one of the record where that is another.
    func openCase(
        ofCheck check: String, between pieces: [PieceReference], at time: Timestamp, tx: any Transaction
    ) throws {
        let number = try openCase(at: time, tx: tx)
        try tx.run(
            "UPDATE conflict_case SET doc = \(JSON.object(["check": .string(check)]).text) WHERE id = \(number)")
        var changes = Changes()
        for piece in pieces { try join(piece, number, at: time, changes: &changes, tx: tx) }
        try apply(changes, except: nil, at: time, tx: tx)
    }

    /// Lets all pieces of a case go, as the council decided.
    func endCase(_ number: Int64, at time: Timestamp, tx: any Transaction) throws {
        var changes = Changes()
        let pieces = try tx.rows(
            """
            SELECT party_id, piece_id FROM conflict_case_piece WHERE case_id = \(number) AND parted IS NULL
            ORDER BY party_id, piece_id
            """
        ).map { PieceReference(party: $0.text(0), piece: $0.text(1)) }
        try tx.run(
            """
            UPDATE conflict_case_key SET settled = \(time.microseconds) WHERE case_id = \(number) AND settled IS NULL
            """)
        for piece in pieces {
            try part(piece, from: number, reason: "closed", at: time, tx: tx)
            changes.note(piece, "case-closed", case: number)
        }
        try apply(changes, except: nil, at: time, tx: tx)
    }

    // MARK: - Findings

    /// Rewrites the findings of the other pieces, each with a version and an event of its own. In their parties'
    /// chains gemd is who did it, since who registered the other piece is nothing for them.
    private func apply(
        _ changes: Changes, except own: PieceReference?, at time: Timestamp, tx: any Transaction
    ) throws {
        for (piece, notes) in changes.pieces where piece != own {
            guard var record = try record(.id(piece.piece), in: .party(piece.party), tx: tx) else { continue }
            let keys = try uniqueKeys(of: record, tx: tx)
            try refresh(&record, keys: keys, notes: notes, raising: true, at: time, tx: tx)
        }
    }

    private func refresh(
        _ record: inout PieceRecord, keys: [UniqueKey], notes: [Changes.Note], raising: Bool, at time: Timestamp,
        tx: any Transaction
    ) throws {
        guard let findings = record.attachedJSON?["findings"]?.elements else {
            throw InventoryError.store("piece \(record.id) is damaged")
        }
        let rest = findings.filter { !Finding.isOfConflict(code: $0["code"]?.string) }
        let fresh = try rest + conflicts(of: record, keys: keys, tx: tx).map(\.json)
        if fresh != findings {
            // What is not raised is part of the change that the caller makes, and under its version.
            try attach("findings", { _ in fresh }, to: &record, raising: raising, at: time, tx: tx)
            if raising, notes.isEmpty { try note("findings-changed", of: record, at: time, tx: tx) }
        }
        for (kind, number, word) in notes { try note(kind, case: number, word, of: record, at: time, tx: tx) }
    }

    private func note(
        _ kind: String, case number: Int64? = nil, _ word: String? = nil, of record: PieceRecord, at time: Timestamp,
        tx: any Transaction
    ) throws {
        try self.record(
            kind, of: record.id, in: record.party, by: Actor(party: record.party, member: "gemd"), at: time,
            [
                "version": .integer(Int(record.version)), "case": number.map { .integer(Int($0)) },
                "why": word.map(JSON.string),
            ], tx: tx)
    }

    private func conflicts(of record: PieceRecord, keys: [UniqueKey], tx: any Transaction) throws -> [Finding] {
        let own = PieceReference(party: record.party, piece: record.id)
        var findings: [Finding] = []
        func add(_ finding: Finding) {
            if !findings.contains(finding) { findings.append(finding) }
        }
        for key in keys {
            if let number = try openCase(of: key, tx: tx), try isIn(number, own, tx: tx) {
                let isGone = ["stolen", "lost"].contains(record.status)
                add(isGone ? .seenAgain(key, case: number) : .liveElsewhere(key, case: number))
            }
            let twin = try tx.row(
                """
                SELECT p.stock_number FROM piece_key k JOIN piece p ON p.party_id = k.party_id AND p.id = k.piece_id
                WHERE k.kind = \(key.kind.rawValue) AND k.value = \(key.value) AND k.party_id = \(own.party)
                    AND k.piece_id <> \(own.piece) ORDER BY k.piece_id LIMIT 1
                """)
            if let twin { add(.registeredTwice(key, stockNumber: twin.text(0))) }
        }
        return findings
    }
}
