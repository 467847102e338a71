import GemCrypto
import GemModel

/// The public log as it is stored: its size and root, and the latest signed checkpoint.
package struct LogState: Hashable, Sendable {
    package var origin: String
    package var size: Int
    package var root: [UInt8]
    /// Empty before the first checkpoint.
    package var checkpoint: [UInt8]
}

/// One entry to be appended, and for an issue the signature that completes its certificate.
package struct LogAppend: Sendable {
    package var serial: String
    package var data: [UInt8]
    package var leafHash: [UInt8]
    package var number: String?
    package var signature: [UInt8]?

    package init(serial: String, data: [UInt8], leafHash: [UInt8], number: String? = nil, signature: [UInt8]? = nil) {
        self.serial = serial
        self.data = data
        self.leafHash = leafHash
        self.number = number
        self.signature = signature
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
    /// Begins an empty log. Its first checkpoint is signed by the caller.
    package func beginLog(origin: String, root: [UInt8], checkpoint: [UInt8]) async throws {
        let time = now().microseconds
        try await database.write { tx in
            try tx.run("INSERT INTO log_state (origin, size, root) VALUES (\(origin), 0, \(root))")
            try tx.run(
                "INSERT INTO log_checkpoint (size, root, note, created) VALUES (0, \(root), \(checkpoint), \(time))")
        }
    }

    package func logState() async throws -> LogState {
        try await database.lookUp { tx in
            guard let row = try tx.row("SELECT origin, size, root FROM log_state") else {
                throw InventoryError.store("the log's state is missing")
            }
            let note = try tx.row("SELECT note FROM log_checkpoint WHERE size = \(row.int(1))")
            return LogState(
                origin: row.text(0), size: Int(row.int(1)), root: row.blob(2), checkpoint: note?.blob(0) ?? [])
        }
    }

    /// Appends a batch and completes its certificates, all in one transaction: status, log entry,
    /// event, the piece's list, kept answers. Size goes forward by compare-and-swap.
    ///
    /// `appends` enter the log in their order; a certificate that was finished meanwhile is passed over.
    /// `grow` is called with the state it must extend and the leaves' hashes; `answer` makes what the
    /// request that asked for a certificate is told.
    package func append(
        _ appends: [LogAppend], from state: LogState,
        grow: @escaping @Sendable (LogState, [[UInt8]]) throws -> LogGrowth,
        answer: @escaping @Sendable (CertificateRecord) throws -> Answer
    ) async throws -> (state: LogState, issued: [CertificateRecord], series: [String: Int]) {
        try await database.write { tx in
            let time = now()
            var leaves: [[UInt8]] = []
            var issued: [CertificateRecord] = []
            for append in appends {
                let index = state.size + leaves.count
                if let number = append.number {
                    guard
                        let row = try tx.row(
                            """
                            UPDATE certificate SET state = 'issued', signature = \(append.signature), log_index = \(index)
                            WHERE number = \(number) AND state = 'reserved' RETURNING \(CertificateRecord.columns)
                            """)
                    else { continue }
                    issued.append(try CertificateRecord(row))
                }
                try tx.run(
                    """
                    INSERT INTO log_entry (idx, serial, data, leaf)
                    VALUES (\(index), \(append.serial), \(append.data), \(append.leafHash))
                    """)
                leaves.append(append.leafHash)
            }
            guard !leaves.isEmpty else { return (state, [], try certificateSeries(tx)) }
            let growth = try grow(state, leaves)
            for tile in growth.tiles {
                try tx.run(
                    """
                    INSERT INTO log_tile (level, n, hashes) VALUES (\(tile.level), \(tile.index), \(tile.hashes))
                    ON CONFLICT (level, n) DO UPDATE SET hashes = \(tile.hashes)
                    """)
            }
            let swapped = try tx.rows(
                """
                UPDATE log_state SET size = \(growth.size), root = \(growth.root)
                WHERE origin = \(state.origin) AND size = \(state.size) AND root = \(state.root) RETURNING size
                """)
            guard !swapped.isEmpty else { throw InventoryError.store("the log was extended by somebody else") }
            try tx.run(
                """
                INSERT INTO log_checkpoint (size, root, note, created)
                VALUES (\(growth.size), \(growth.root), \(growth.checkpoint), \(time.microseconds))
                """)
            for certificate in issued { try finish(certificate, at: time, answer: answer, tx: tx) }
            return (
                LogState(origin: state.origin, size: growth.size, root: growth.root, checkpoint: growth.checkpoint),
                issued,
                try certificateSeries(tx)
            )
        }
    }

    private func finish(
        _ certificate: CertificateRecord, at time: Timestamp, answer: (CertificateRecord) throws -> Answer,
        tx: any Transaction
    ) throws {
        guard var record = try record(.id(certificate.piece), in: .party(certificate.party), tx: tx),
            let actor = try tx.row("SELECT actor FROM certificate WHERE number = \(certificate.number)")
        else { throw InventoryError.store("the piece of certificate \(certificate.number) is missing") }
        let entry = JSON.object([
            "number": .string(certificate.number), "class": .string(certificate.certificateClass.rawValue),
            "status": "valid",
        ])
        try attach("certificates", { $0 + [entry] }, to: &record, at: time, tx: tx)
        try publishImages(of: record, at: time, tx: tx)
        try self.record(
            "certificate-issued", of: record.id, in: record.party,
            by: Actor(party: record.party, member: actor.text(0)), at: time,
            [
                "version": .integer(Int(record.version)), "number": .string(certificate.number),
                "sha256": .string(Hex.encode(SHA256.hash(certificate.statement))),
            ], tx: tx)
        if let key = certificate.idempotencyKey {
            try finish(key, with: answer(certificate), in: record.party, tx: tx)
        }
    }

    // MARK: - What the log is read from

    /// The hashes of a tile as far as it is filled; nil when there is none.
    package func tile(level: Int, index: Int) async throws -> [UInt8]? {
        try await database.lookUp {
            try $0.row("SELECT hashes FROM log_tile WHERE level = \(level) AND n = \(index)")?.blob(0)
        }
    }

    /// Several tiles in one snapshot, keyed as asked for.
    package func tiles(_ addresses: [(level: Int, index: Int)]) async throws -> [[UInt8]?] {
        try await database.lookUp { tx in
            try addresses.map {
                try tx.row("SELECT hashes FROM log_tile WHERE level = \($0.level) AND n = \($0.index)")?.blob(0)
            }
        }
    }

    package func logEntries(from first: Int, count: Int) async throws -> [[UInt8]] {
        try await database.read { tx in
            try tx.rows("SELECT data FROM log_entry WHERE idx >= \(first) AND idx < \(first + count) ORDER BY idx").map
            { $0.blob(0) }
        }
    }

    /// Leaf hashes in order, all of them: for checks.
    package func forEachLeaf(_ body: @escaping @Sendable ([UInt8], [UInt8]) throws -> Void) async throws {
        try await database.read { tx in
            try tx.forEachRow("SELECT data, leaf FROM log_entry ORDER BY idx") { try body($0.blob(0), $0.blob(1)) }
        }
    }

    /// Sizes of the checkpoints signed after one of `size` leaves.
    package func checkpoints(after size: Int) async throws -> [Int] {
        try await database.read {
            try $0.rows("SELECT size FROM log_checkpoint WHERE size > \(size) ORDER BY size").map { Int($0.int(0)) }
        }
    }

    /// How far each certificate series has come.
    package func certificateSeries() async throws -> [String: Int] {
        try await database.lookUp { try certificateSeries($0) }
    }

    private func certificateSeries(_ tx: any Transaction) throws -> [String: Int] {
        let rows = try tx.rows("SELECT name, next FROM series WHERE name >= 'certificate/' AND name < 'certificate0'")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.text(0), Int($0.int(1))) })
    }
}
