import GemCrypto
import GemModel

/// A public log as it is stored: its size and root, and the latest signed checkpoint.
package struct LogState: Hashable, Sendable {
    /// From 1. The highest is the present one; those before it are closed, each by a gap.
    package var log: Int
    package var origin: String
    package var size: Int
    package var root: [UInt8]
    /// Empty before the first checkpoint.
    package var checkpoint: [UInt8]

    package init(log: Int, origin: String, size: Int, root: [UInt8], checkpoint: [UInt8]) {
        self.log = log
        self.origin = origin
        self.size = size
        self.root = root
        self.checkpoint = checkpoint
    }
}

/// One entry to be appended, and for an issue the certificate that it completes.
package struct LogAppend: Sendable {
    package var serial: String
    package var data: [UInt8]
    package var leafHash: [UInt8]
    /// As it was reserved, now with its signature and the text of its QR code.
    package var certificate: CertificateRecord?

    package init(serial: String, data: [UInt8], leafHash: [UInt8], certificate: CertificateRecord? = nil) {
        self.serial = serial
        self.data = data
        self.leafHash = leafHash
        self.certificate = certificate
    }
}

/// What appending makes: computed by the caller, who knows the tree and holds the key.
package struct LogGrowth: Sendable {
    package struct Tile: Sendable {
        package var level: Int
        package var index: Int
        package var hashes: [UInt8]

        package init(level: Int, index: Int, hashes: [UInt8]) {
            self.level = level
            self.index = index
            self.hashes = hashes
        }
    }

    package var size: Int
    package var root: [UInt8]
    package var checkpoint: [UInt8]
    package var tiles: [Tile]

    package init(size: Int, root: [UInt8], checkpoint: [UInt8], tiles: [Tile]) {
        self.size = size
        self.root = root
        self.checkpoint = checkpoint
        self.tiles = tiles
    }
}

extension Inventory {
    /// Begins the first log, empty. Its first checkpoint is signed by the caller.
    package func beginLog(origin: String, root: [UInt8], checkpoint: [UInt8]) async throws {
        let time = now().microseconds
        try await database.write { tx in
            try tx.run("INSERT INTO log_state (log, origin, size, root) VALUES (1, \(origin), 0, \(root))")
            try tx.run(
                """
                INSERT INTO log_checkpoint (log, size, root, note, created)
                VALUES (1, 0, \(root), \(checkpoint), \(time))
                """)
        }
    }

    /// The present log.
    package func logState() async throws -> LogState {
        guard let last = try await logStates().last else { throw InventoryError.store("the log's state is missing") }
        return last
    }

    /// Every log there was; the present one last.
    package func logStates() async throws -> [LogState] {
        try await database.lookUp { tx in
            try tx.rows("SELECT log, origin, size, root FROM log_state ORDER BY log").map { try logState($0, tx) }
        }
    }

    /// One log by its number; nil when there is none.
    package func logState(_ log: Int) async throws -> LogState? {
        try await database.lookUp { tx in
            try tx.row("SELECT log, origin, size, root FROM log_state WHERE log = \(log)").map { try logState($0, tx) }
        }
    }

    private func logState(_ row: Row, _ tx: any Transaction) throws -> LogState {
        let note = try tx.row("SELECT note FROM log_checkpoint WHERE log = \(row.int(0)) AND size = \(row.int(2))")
        return LogState(
            log: Int(row.int(0)), origin: row.text(1), size: Int(row.int(2)), root: row.blob(3),
            checkpoint: note?.blob(0) ?? [])
    }

    /// Appends a batch and completes its certificates, all in one transaction: status, log entry,
    /// event, the piece's list, kept answers. Size goes forward by compare-and-swap.
    ///
    /// `appends` enter the log in their order; a certificate that was finished meanwhile is passed over. After
    /// them come all changes of status that wait, as `entry` writes them.
    /// `grow` is called with the state it must extend and the leaves' hashes; `answer` makes what the
    /// request that asked for a certificate, or for a change, is told.
    package func append(
        _ appends: [LogAppend], from state: LogState,
        entry: @escaping @Sendable (StatusChangeRecord) throws -> LogAppend,
        grow: @escaping @Sendable (LogState, [[UInt8]]) throws -> LogGrowth,
        answer: @escaping @Sendable (CertificateRecord, StatusChangeRecord?) throws -> Answer
    ) async throws -> (state: LogState, issued: [CertificateRecord], series: [String: Int], settled: Int) {
        try await database.write { tx in
            let time = now()
            var leaves: [[UInt8]] = []
            var issued: [CertificateRecord] = []
            var members: [String] = []
            for append in appends {
                let index = state.size + leaves.count
                if var certificate = append.certificate {
                    // While it was reserved, no more of it changed than what is returned.
                    guard
                        let row = try tx.row(
                            """
                            UPDATE certificate SET state = 'issued', signature = \(certificate.signature),
                                log = \(state.log), log_index = \(index), code = \(certificate.code)
                            WHERE number = \(certificate.number) AND state = 'reserved' RETURNING live, actor
                            """)
                    else { continue }
                    certificate.log = state.log
                    certificate.logIndex = index
                    certificate.isLive = row.int(0) == 1
                    issued.append(certificate)
                    members.append(row.text(1))
                } else if try tx.row("SELECT 1 FROM log_entry WHERE leaf = \(append.leafHash)") != nil {
                    // Two who looked for what is missing found the same.
                    continue
                }
                try tx.run(
                    """
                    INSERT INTO log_entry (log, idx, serial, data, leaf)
                    VALUES (\(state.log), \(index), \(append.serial), \(append.data), \(append.leafHash))
                    """)
                leaves.append(append.leafHash)
            }
            for (certificate, member) in zip(issued, members) {
                try finish(certificate, askedBy: member, at: time, answer: answer, tx: tx)
            }
            let noted = unlogged.noted
            let changes = try unloggedChanges(tx: tx)
            let settled = changes.count < Self.mostChanges ? noted : 0
            for var change in changes {
                let append = try entry(change)
                change.log = state.log
                change.logIndex = state.size + leaves.count
                try tx.run(
                    """
                    INSERT INTO log_entry (log, idx, serial, data, leaf)
                    VALUES (\(state.log), \(state.size + leaves.count), \(append.serial), \(append.data),
                        \(append.leafHash))
                    """)
                leaves.append(append.leafHash)
                try logged(change, answer: { try answer($0, $1) }, tx: tx)
            }
            guard !leaves.isEmpty else { return (state, [], try certificateSeries(tx), settled) }
            let growth = try grow(state, leaves)
            for tile in growth.tiles {
                try tx.run(
                    """
                    INSERT INTO log_tile (log, level, n, hashes)
                    VALUES (\(state.log), \(tile.level), \(tile.index), \(tile.hashes))
                    ON CONFLICT (log, level, n) DO UPDATE SET hashes = \(tile.hashes)
                    """)
            }
            let swapped = try tx.rows(
                """
                UPDATE log_state SET size = \(growth.size), root = \(growth.root)
                WHERE log = \(state.log) AND origin = \(state.origin) AND size = \(state.size) AND root = \(state.root) RETURNING size
                """)
            guard !swapped.isEmpty else { throw InventoryError.store("the log was extended by somebody else") }
            try tx.run(
                """
                INSERT INTO log_checkpoint (log, size, root, note, created)
                VALUES (\(state.log), \(growth.size), \(growth.root), \(growth.checkpoint), \(time.microseconds))
                """)
            return (
                LogState(
                    log: state.log, origin: state.origin, size: growth.size, root: growth.root,
                    checkpoint: growth.checkpoint),
                issued,
                try certificateSeries(tx),
                settled
            )
        }
    }

    private func finish(
        _ certificate: CertificateRecord, askedBy member: String, at time: Timestamp,
        answer: (CertificateRecord, StatusChangeRecord?) throws -> Answer, tx: any Transaction
    ) throws {
        guard var record = try record(.id(certificate.piece), in: .party(certificate.party), tx: tx) else {
            throw InventoryError.store("the piece of certificate \(certificate.number) is missing")
        }
        // The laboratory's approver asked for it, or the piece's own dealer.
        let actor = Actor(party: certificate.lab ?? record.party, member: member)
        let entry = JSON.object([
            "number": .string(certificate.number), "class": .string(certificate.certificateClass.rawValue),
            "status": "valid",
        ])
        try attach("certificates", { $0 + [entry] }, to: &record, at: time, tx: tx)
        try publishImages(of: record, at: time, tx: tx)
        try self.record(
            "certificate-issued", of: record.id, in: record.party,
            by: actor, at: time,
            [
                "version": .integer(Int(record.version)), "number": .string(certificate.number),
                "sha256": .string(Hex.encode(SHA256.hash(certificate.statement))),
            ], tx: tx)
        if let key = certificate.idempotencyKey {
            try finish(key, with: answer(certificate, nil), in: actor.party, tx: tx)
        }
        if certificate.lab != nil {
            try tx.run(
                "UPDATE draft SET state = 'issued', updated = \(time.microseconds) WHERE number = \(certificate.number)"
            )
        }
        if certificate.certificateClass == .check { try follow(check: certificate, by: actor, at: time, tx: tx) }
        if let number = certificate.supersedes { try supersede(number, by: certificate, actor, at: time, tx: tx) }
        // What befell the piece while the certificate was being made befalls it too.
        var new = certificate
        let fate: (change: StatusChange, reason: StatusReason)? =
            switch record.status {
            case "lost": (.lost, .reportedLost)
            case "stolen": (.stolen, .reportedStolen)
            case "destroyed": (.destroyed, .reportedDestroyed)
            default: certificate.isLive ? nil : (.suspend, .measuresChanged)
            }
        guard let fate else { return }
        let made = try apply(fate.change, to: &new, because: fate.reason, at: time, tx: tx)
        try announce(made, of: new, by: actor, at: time, tx: tx)
    }

    /// A piece that is not what its paper says: the paper is suspended, and the council has a case.
    private func follow(
        check: CertificateRecord, by actor: Actor, at time: Timestamp, tx: any Transaction
    ) throws {
        let statement = try JSON(parsing: check.statement)
        guard statement["result"]?.string == "mismatch" else { return }
        var pieces = [PieceReference(party: check.party, piece: check.piece)]
        if let number = statement["compared"]?["number"]?.string, var compared = try issued(number, tx: tx) {
            let other = PieceReference(party: compared.party, piece: compared.piece)
            if !pieces.contains(other) { pieces.append(other) }
            if compared.status.refusal(of: .suspend, because: .checkMismatch) == nil {
                let made = try apply(.suspend, to: &compared, because: .checkMismatch, at: time, tx: tx)
                try announce(made, of: compared, by: actor, at: time, tx: tx)
            }
        }
        try openCase(ofCheck: check.number, between: pieces, at: time, tx: tx)
    }

    /// The earlier certificate makes way, unless something graver befell it meanwhile.
    private func supersede(
        _ number: String, by successor: CertificateRecord, _ actor: Actor, at time: Timestamp, tx: any Transaction
    ) throws {
        guard
            var old = try tx.row("SELECT \(CertificateRecord.columns) FROM certificate WHERE number = \(number)").map({
                try CertificateRecord($0)
            })
        else { throw InventoryError.store("certificate \(number) is missing") }
        let reason = successor.supersedeReason ?? .reissued
        guard old.status.refusal(of: .supersede, because: reason, after: old.reason) == nil else { return }
        let made = try apply(.supersede, to: &old, because: reason, successor: successor.number, at: time, tx: tx)
        try announce(made, of: old, by: actor, at: time, tx: tx)
    }

    // MARK: - What the log is read from

    /// The hashes of a tile as far as it is filled; nil when there is none.
    package func tile(of log: Int, level: Int, index: Int) async throws -> [UInt8]? {
        try await tiles(of: log, [(level, index)])[0]
    }

    /// Several tiles of a log in one snapshot, keyed as asked for.
    package func tiles(of log: Int, _ addresses: [(level: Int, index: Int)]) async throws -> [[UInt8]?] {
        try await database.lookUp { tx in
            try addresses.map {
                try tx.row(
                    "SELECT hashes FROM log_tile WHERE log = \(log) AND level = \($0.level) AND n = \($0.index)")?
                    .blob(0)
            }
        }
    }

    package func logEntries(of log: Int, from first: Int, count: Int) async throws -> [[UInt8]] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT data FROM log_entry WHERE log = \(log) AND idx >= \(first) AND idx < \(first + count)
                ORDER BY idx
                """
            ).map { $0.blob(0) }
        }
    }

    /// A log's entries and leaf hashes in order, all of them, and its state in the same snapshot: for checks.
    package func forEachLeaf(
        of log: Int, _ body: @escaping @Sendable ([UInt8], [UInt8]) throws -> Void
    ) async throws -> LogState {
        try await database.read { tx in
            guard let row = try tx.row("SELECT log, origin, size, root FROM log_state WHERE log = \(log)") else {
                throw InventoryError.notFound
            }
            try tx.forEachRow("SELECT data, leaf FROM log_entry WHERE log = \(log) ORDER BY idx") {
                try body($0.blob(0), $0.blob(1))
            }
            return try logState(row, tx)
        }
    }

    /// Sizes of the checkpoints of a log that were signed after one of `size` leaves.
    package func checkpoints(of log: Int, after size: Int) async throws -> [Int] {
        try await database.read {
            try $0.rows("SELECT size FROM log_checkpoint WHERE log = \(log) AND size > \(size) ORDER BY size").map {
                Int($0.int(0))
            }
        }
    }

    /// How far each certificate series has come: the last number it gave.
    package func certificateSeries() async throws -> [String: Int] {
        try await database.lookUp { try certificateSeries($0) }
    }

    func certificateSeries(_ tx: any Transaction) throws -> [String: Int] {
        let rows = try tx.rows("SELECT name, next FROM series WHERE name >= 'certificate/' AND name < 'certificate0'")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.text(0), Int($0.int(1))) })
    }
}
