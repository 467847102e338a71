package import GemModel

/// A photograph of a piece, as stored.
package struct ImageRecord: Hashable, Sendable {
    package var sha256: String
    package var width: Int
    package var height: Int
    package var bytes: Int
    package var isSuspect: Bool
    package var derivatives: [Derivative]
    /// Nil for a plain surface, and where it is not asked for.
    package var likeness: Likeness?

    package struct Derivative: Hashable, Sendable {
        package var edge: Int
        package var sha256: String
        package var width: Int
        package var height: Int
        package var bytes: Int
    }

    /// The form in which a piece lists it and an upload answers.
    package func json(role: String) -> JSON {
        .object([
            "sha256": .string(sha256), "width": .integer(width), "height": .integer(height), "bytes": .integer(bytes),
            "role": .string(role), "suspect": .bool(isSuspect),
            "thumbnails": .array(
                derivatives.sorted { $0.edge < $1.edge }.map { derivative in
                    .object([
                        "edge": .integer(derivative.edge), "width": .integer(derivative.width),
                        "height": .integer(derivative.height), "bytes": .integer(derivative.bytes),
                        "sha256": .string(derivative.sha256),
                        "href": .string("/v1/images/\(sha256)?edge=\(derivative.edge)"),
                    ])
                }),
        ])
    }

    /// The derivative buyers see and certificates bind.
    package var large: Derivative? { derivatives.max { $0.edge < $1.edge } }
}

extension Inventory {
    /// Receives an upload: the file itself, and the derivatives made of it, all durable; not yet referred to.
    /// Blocks while decoding and syncing.
    package func keep(_ upload: LocalBlobs.Draft, limits: Photograph.Limits = .standard) throws -> ImageRecord {
        let photograph = try Photograph.read(fileDescriptor: upload.descriptor, limits: limits)
        let derivatives = try photograph.derivatives.map { derivative in
            ImageRecord.Derivative(
                edge: derivative.edge, sha256: try blobs.store(derivative.jpeg), width: derivative.width,
                height: derivative.height, bytes: derivative.jpeg.count)
        }
        return ImageRecord(
            sha256: try upload.keep(), width: photograph.width, height: photograph.height, bytes: upload.count,
            isSuspect: photograph.suspect, derivatives: derivatives, likeness: photograph.likeness)
    }

    /// Adds a kept image to a piece. The same image again changes nothing. When and with what it was
    /// taken is for the owner alone.
    package func attach(
        _ image: ImageRecord, role: String, takenAt: Moment? = nil, device: Line? = nil, to name: PieceName,
        in scope: Scope, by actor: Actor, key: IdempotencyKey?
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard var record = try record(name, in: scope, tx: tx) else { throw InventoryError.notFound }
                let time = now()
                try insert(image, at: time, tx: tx)
                let near = try piecesNear(image, in: record.party, except: record.id, tx: tx).map(JSON.string)
                let position = try tx.row(
                    "SELECT count(*) FROM piece_image WHERE party_id = \(record.party) AND piece_id = \(record.id)")?
                    .int(0)
                let added = try tx.rows(
                    """
                    INSERT INTO piece_image (party_id, piece_id, image, role, position, created)
                    VALUES (\(record.party), \(record.id), \(image.sha256), \(role), \(position ?? 0), \(time.microseconds))
                    ON CONFLICT DO NOTHING RETURNING position
                    """)
                let stored = try tx.row(
                    """
                    SELECT role FROM piece_image
                    WHERE party_id = \(record.party) AND piece_id = \(record.id) AND image = \(image.sha256)
                    """)
                var json = image.json(role: stored?.text(0) ?? role)
                if added.isEmpty {
                    json = record.images.first { $0["sha256"]?.string == image.sha256 } ?? json
                } else if takenAt != nil || device != nil {
                    json = json.merging(
                        .object([
                            "takenAt": takenAt.map { .string($0.description) },
                            "device": device.map { .string($0.text) },
                        ]))
                }
                if !added.isEmpty {
                    try attach("images", { $0 + [json] }, to: &record, at: time, tx: tx)
                    try self.record(
                        "image-added", of: record.id, in: record.party, by: actor, at: time,
                        [
                            "version": .integer(Int(record.version)), "sha256": .string(image.sha256),
                            "role": .string(role),
                        ], tx: tx)
                    try settle(&record, why: "", at: time, tx: tx)
                }
                return Answer(
                    status: 201, location: "/v1/images/\(image.sha256)", etag: "\"\(record.version)\"",
                    body: json.setting("near", to: .array(near)).text)
            }
        }
    }

    private func insert(_ image: ImageRecord, at time: Timestamp, tx: any Transaction) throws {
        let isNew = try !tx.rows(
            """
            INSERT INTO image (sha256, width, height, bytes, suspect, created)
            VALUES (\(image.sha256), \(image.width), \(image.height), \(image.bytes), \(image.isSuspect ? 1 : 0),
                \(time.microseconds))
            ON CONFLICT DO NOTHING RETURNING sha256
            """
        ).isEmpty
        guard isNew else { return }
        if let likeness = image.likeness {
            let bits = Int64(bitPattern: likeness.bits)
            for slot in likeness.slots {
                try tx.run("INSERT INTO likeness (slot, image, bits) VALUES (\(slot), \(image.sha256), \(bits))")
            }
        }
        for derivative in image.derivatives {
            try tx.run(
                """
                INSERT INTO derivative (image, edge, sha256, width, height, bytes)
                VALUES (\(image.sha256), \(derivative.edge), \(derivative.sha256), \(derivative.width), \(derivative.height),
                    \(derivative.bytes))
                """)
        }
    }

    /// The blob of an image or one of its derivatives, when a piece in reach shows it.
    package func blob(ofImage sha256: String, edge: Int?, in scope: Scope) async throws -> String? {
        try await database.lookUp { tx in
            guard
                try tx.row("SELECT 1 FROM piece_image WHERE image = \(sha256) AND \(scope, "party_id") LIMIT 1") != nil
            else {
                return nil
            }
            guard let edge else { return sha256 }
            return try tx.row("SELECT sha256 FROM derivative WHERE image = \(sha256) AND edge = \(edge)")?.text(0)
        }
    }

    /// Whether anybody may see a derivative: of an image on a certificate, in an export, or of a consented piece.
    package func isPublic(derivative sha256: String) async throws -> Bool {
        let time = now().microseconds
        return try await database.lookUp { tx in
            try tx.row(
                """
                SELECT 1 FROM derivative d JOIN image i ON i.sha256 = d.image
                WHERE d.sha256 = \(sha256) AND (i.published IS NOT NULL OR EXISTS (
                    SELECT 1 FROM piece_image p
                    JOIN consent c ON c.party_id = p.party_id AND c.piece_id = p.piece_id
                    WHERE p.image = i.sha256 AND c.revoked IS NULL AND (c.until IS NULL OR c.until > \(time))))
                """) != nil
        }
    }

    func publishImages(of record: PieceRecord, at time: Timestamp, tx: any Transaction) throws {
        guard !record.hasNoImages else { return }
        try tx.run(
            """
            UPDATE image SET published = \(time.microseconds)
            WHERE published IS NULL AND sha256 IN (
                SELECT image FROM piece_image WHERE party_id = \(record.party) AND piece_id = \(record.id))
            """)
    }

    func images(of record: PieceRecord, tx: any Transaction) throws -> [(image: ImageRecord, role: String)] {
        if record.hasNoImages { return [] }
        return try tx.rows(
            """
            SELECT i.sha256, i.width, i.height, i.bytes, i.suspect, p.role FROM piece_image p
            JOIN image i ON i.sha256 = p.image
            WHERE p.party_id = \(record.party) AND p.piece_id = \(record.id) ORDER BY p.position, i.sha256
            """
        ).map { row in
            let derivatives = try tx.rows(
                "SELECT edge, sha256, width, height, bytes FROM derivative WHERE image = \(row.text(0)) ORDER BY edge"
            ).map {
                ImageRecord.Derivative(
                    edge: Int($0.int(0)), sha256: $0.text(1), width: Int($0.int(2)), height: Int($0.int(3)),
                    bytes: Int($0.int(4)))
            }
            return (
                ImageRecord(
                    sha256: row.text(0), width: Int(row.int(1)), height: Int(row.int(2)), bytes: Int(row.int(3)),
                    isSuspect: row.int(4) != 0, derivatives: derivatives), row.text(5)
            )
        }
    }

    /// The next blobs that a row refers to, in order of their names.
    package func blobNames(after name: String, limit: Int) async throws -> [String] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT sha256 FROM (SELECT sha256 FROM image UNION SELECT sha256 FROM derivative
                    UNION SELECT sha256 FROM export UNION SELECT sha256 FROM paper) AS blob
                WHERE sha256 > \(name) ORDER BY sha256 LIMIT \(limit)
                """
            ).map { $0.text(0) }
        }
    }

    /// Blobs that rows refer to but that are missing, or hold other bytes than their name says.
    package func blobFindings() async throws -> [String] {
        var findings: [String] = []
        // In pages, so that neither memory nor a snapshot of the database is held while files are read.
        var names = try await blobNames(after: "", limit: 1000)
        while let last = names.last {
            findings += names.compactMap { blobs.finding($0) }
            names = try await blobNames(after: last, limit: 1000)
        }
        return findings
    }
}
