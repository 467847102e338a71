import GemCrypto
import GemModel

/// The end of a party's chain of events, for as long as one transaction lasts.
struct EventChain {
    let party: String
    private var seq: Int64
    private var hash: [UInt8]

    init(of party: String, tx: any Transaction) throws {
        self.party = party
        if let kept = tx.notes?.chains[party] {
            (seq, hash) = kept
            return
        }
        let last = try tx.row("SELECT seq, hash FROM event WHERE party_id = \(party) ORDER BY seq DESC LIMIT 1")
        seq = last?.int(0) ?? 0
        hash = last?.blob(1) ?? []
    }

    mutating func append(
        _ kind: String, of subject: String, by actor: Actor, at time: Timestamp,
        _ details: KeyValuePairs<String, JSON?>, _ more: [String: JSON?] = [:], tx: any Transaction
    ) throws {
        seq += 1
        let data = Inventory.eventData(
            kind, of: subject, in: party, seq: seq, by: actor, at: time, details, more)
        hash = SHA256.hash(hash + data)
        try tx.run(
            SQL(
                "INSERT INTO event (party_id, seq, subject, data, hash) VALUES ($1, $2, $3, $4, $5)",
                [
                    .text(party), .int(seq), .text(subject), .text(String(decoding: data, as: UTF8.self)), .blob(hash),
                ]))
        tx.notes?.chains[party] = (seq, hash)
    }
}

extension Inventory {
    /// Appends one event to a party's chain, in the caller's transaction.
    func record(
        _ kind: String, of subject: String, in party: String, by actor: Actor, at time: Timestamp,
        _ details: KeyValuePairs<String, JSON?> = [:], _ more: [String: JSON?] = [:], tx: any Transaction
    ) throws {
        var chain = try EventChain(of: party, tx: tx)
        try chain.append(kind, of: subject, by: actor, at: time, details, more, tx: tx)
    }

    /// One event as its party's chain keeps it.
    static func eventData(
        _ kind: String, of subject: String, in party: String, seq: Int64, by actor: Actor, at time: Timestamp,
        _ details: KeyValuePairs<String, JSON?>, _ more: [String: JSON?] = [:]
    ) -> [UInt8] {
        var members: [JSON.Member] = [
            .init("seq", .integer(Int(seq))), .init("at", .string(time.description)), .init("kind", .string(kind)),
            .init("subject", .string(subject)), .init("by", .string(actor.member)),
        ]
        if actor.party != party { members.append(.init("byParty", .string(actor.party))) }
        for (name, value) in details { if let value { members.append(.init(name, value)) } }
        if !more.isEmpty {
            for (name, value) in more.sorted(by: { $0.key < $1.key }) {
                if let value { members.append(.init(name, value)) }
            }
        }
        return JSON.object(members).bytes
    }

    /// Puts on record, in the reader's own party, what somebody with the right to read all has read.
    package func noteReading(of subject: String, by actor: Actor) async throws {
        try await database.write { tx in
            try record("read", of: subject, in: actor.party, by: actor, at: now(), tx: tx)
        }
    }

    /// A piece's events, oldest first, as stored.
    package func events(of subject: String, in scope: Scope, after seq: Int64, limit: Int) async throws -> [(
        Int64, String
    )] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT seq, data FROM event WHERE (party_id, seq) IN (
                    SELECT party_id, seq FROM event
                    WHERE \(scope, "party_id") AND subject = \(subject) AND seq > \(seq))
                ORDER BY seq LIMIT \(limit)
                """
            ).map { ($0.int(0), $0.text(1)) }
        }
    }

    /// Recomputes every party's chain. One finding for each break, naming party and sequence number.
    package func eventFindings() async throws -> [String] {
        try await database.read { tx in
            var findings: [String] = []
            var party = ""
            var previous: [UInt8] = []
            var expected: Int64 = 1
            var registered: [String: Int64] = [:]
            try tx.forEachRow("SELECT party_id, seq, data, hash FROM event ORDER BY party_id, seq") { row in
                if row.text(0) != party { (party, previous, expected) = (row.text(0), [], 1) }
                if row.int(1) != expected { findings.append("events of party \(party): number \(expected) is missing") }
                if row.blob(3) != SHA256.hash(previous + Array(row.text(2).utf8)) {
                    findings.append(
                        "events of party \(party): number \(row.int(1)) does not follow from the one before it")
                }
                if row.text(2).contains("\"kind\":\"piece-registered\"") { registered[party, default: 0] += 1 }
                if row.text(2).contains("\"kind\":\"piece-removed\"") { registered[party, default: 0] -= 1 }
                previous = row.blob(3)
                expected = row.int(1) + 1
            }
            for row in try tx.rows("SELECT id FROM party ORDER BY id") {
                let stored = try tx.row("SELECT count(*) FROM piece WHERE party_id = \(row.text(0))")?.int(0) ?? 0
                if stored != registered[row.text(0), default: 0] {
                    findings.append(
                        "party \(row.text(0)): its events speak of \(registered[row.text(0), default: 0]) pieces, \(stored) are stored"
                    )
                }
            }
            return findings
        }
    }
}
