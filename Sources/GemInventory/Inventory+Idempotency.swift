import GemModel

/// A client's promise that a request it repeats is the same request (protocol.md, "Idempotency").
package struct IdempotencyKey: Hashable, Sendable {
    package var key: String
    /// SHA-256 of method, path and body.
    package var request: [UInt8]

    package init(key: String, request: [UInt8]) {
        self.key = key
        self.request = request
    }
}

/// An answer as it was given, so that a repeated request gets the same again.
package struct Answer: Hashable, Sendable {
    package var status: Int
    package var location: String?
    package var etag: String?
    package var body: String

    package init(status: Int, location: String? = nil, etag: String? = nil, body: String) {
        self.status = status
        self.location = location
        self.etag = etag
        self.body = body
    }

    var stored: String {
        JSON.object([
            "status": .integer(status), "location": location.map(JSON.string), "etag": etag.map(JSON.string),
            "body": .string(body),
        ]).text
    }

    init?(stored: String) {
        // Written by `stored` above; anything else is damage, which the caller reports.
        guard let json = try? JSON(parsing: stored), let status = json["status"]?.integer,
            let body = json["body"]?.string
        else { return nil }
        self.init(status: status, location: json["location"]?.string, etag: json["etag"]?.string, body: body)
    }
}

extension Inventory {
    private static let keyLifetime: Int64 = 7 * 86_400 * 1_000_000

    /// Runs `body` once for a key: the first time it runs and its answer is kept in the same
    /// transaction, later the kept answer is given.
    func once(
        _ key: IdempotencyKey?, in party: String, tx: any Transaction, _ body: () throws -> Answer
    ) throws -> Answer {
        guard let key else { return try body() }
        if let answer = try keptAnswer(key, in: party, tx: tx) { return answer }
        let answer = try body()
        try tx.run(
            """
            INSERT INTO idempotency (party_id, key, request, created, answer)
            VALUES (\(party), \(key.key), \(key.request), \(now().microseconds), \(answer.stored))
            """)
        return answer
    }

    /// The answer kept for a key; nil if it is new. Keys older than seven days are forgotten.
    func keptAnswer(_ key: IdempotencyKey, in party: String, tx: any Transaction) throws -> Answer? {
        guard
            let row = try tx.row(
                "SELECT request, answer, created FROM idempotency WHERE party_id = \(party) AND key = \(key.key)")
        else { return nil }
        guard row.int(2) > now().microseconds - Self.keyLifetime else {
            try tx.run("DELETE FROM idempotency WHERE party_id = \(party) AND key = \(key.key)")
            return nil
        }
        guard row.blob(0) == key.request else { throw InventoryError.keyReused }
        guard let text = row.optionalText(1) else { throw InventoryError.inFlight }
        guard let answer = Answer(stored: text) else { throw InventoryError.store("a kept answer is damaged") }
        return answer
    }

    /// The same for whoever must look before it can begin.
    package func keptAnswer(_ key: IdempotencyKey?, in party: String) async throws -> Answer? {
        guard let key else { return nil }
        return try await database.write { try keptAnswer(key, in: party, tx: $0) }
    }

    /// Marks a key as being worked on; ``finish(_:with:in:tx:)`` gives it its answer.
    func begin(_ key: IdempotencyKey?, in party: String, tx: any Transaction) throws {
        guard let key else { return }
        try tx.run(
            """
            INSERT INTO idempotency (party_id, key, request, created, answer)
            VALUES (\(party), \(key.key), \(key.request), \(now().microseconds), NULL)
            """)
    }

    func finish(_ key: String, with answer: Answer, in party: String, tx: any Transaction) throws {
        try tx.run("UPDATE idempotency SET answer = \(answer.stored) WHERE party_id = \(party) AND key = \(key)")
    }

    package func forgetOldKeys() async throws {
        let limit = now().microseconds - Self.keyLifetime
        try await database.write { try $0.run("DELETE FROM idempotency WHERE created < \(limit)") }
    }
}
