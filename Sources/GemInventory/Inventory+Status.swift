import GemCrypto
package import GemModel

/// One change of a certificate's status, as it is stored.
package struct StatusChangeRecord: Sendable {
    package var number: String
    package var serial: String
    package var seq: Int
    package var change: StatusChange
    package var before: CertificateStatus
    package var status: CertificateStatus
    package var reason: StatusReason
    package var at: Timestamp
    /// Canonical JSON; the log binds its hash, so it is never made again.
    package var event: [UInt8]
    /// Where it is in the log; nil while it waits for its batch.
    package var log: Int?
    package var logIndex: Int?

    /// As everybody may see it.
    package var json: JSON {
        .object([
            "at": .string(at.description), "kind": .string(change.rawValue), "reason": .string(reason.rawValue),
            "logIndex": logIndex.map { .integer($0) }, "sha256": .string(Hex.encode(SHA256.hash(event))),
        ])
    }

    static let columns: SQL = """
        h.number, c.serial, h.seq, h.kind, h.before, h.status, h.reason, h.at, h.event, h.log, h.log_index
        """

    init(_ row: Row) throws {
        guard let change = StatusChange(rawValue: row.text(3)),
            let before = CertificateStatus(rawValue: UInt8(truncatingIfNeeded: row.int(4))),
            let status = CertificateStatus(rawValue: UInt8(truncatingIfNeeded: row.int(5))),
            let reason = StatusReason(rawValue: row.text(6))
        else { throw InventoryError.store("change \(row.int(2)) of certificate \(row.text(0)) is damaged") }
        number = row.text(0)
        serial = row.text(1)
        seq = Int(row.int(2))
        self.change = change
        self.before = before
        self.status = status
        self.reason = reason
        at = Timestamp(microseconds: row.int(7))
        event = row.blob(8)
        log = row.optionalInt(9).map { Int($0) }
        logIndex = row.optionalInt(10).map { Int($0) }
    }
}

/// What became of a request to change a certificate's status.
package enum StatusOutcome: Sendable {
    /// Committed; the log follows with the next batch.
    case changed(number: String, seq: Int)
    /// The request came before under the same idempotency key.
    case answered(Answer)
}

/// Statuses change with what they follow from, in one transaction: the certificate's column, the event that the log
/// will bind, an event of each party that has the piece, its lists. The change then waits for the log without `log`:
/// the next batch takes all that wait, also after a crash.
extension Inventory {
    /// Changes a certificate's status by an approver's decision.
    ///
    /// `office` is the code of the party that decides. Of a supersession `successor` is the number of the
    /// certificate that takes the place.
    /// - Throws: `.notFound`; `.state` saying why it is not possible; `InvalidInput` for a successor that is none.
    package func changeStatus(
        of number: String, _ change: StatusChange, because reason: StatusReason, text: String?, successor: String?,
        office: String, by actor: Actor, key: IdempotencyKey?
    ) async throws -> StatusOutcome {
        try await database.write { tx in
            if let key, let kept = try keptAnswer(key, in: actor.party, tx: tx) { return .answered(kept) }
            guard var certificate = try issued(number, tx: tx) else { throw InventoryError.notFound }
            if let successor { try checkSuccessor(successor, of: certificate, tx: tx) }
            if change == .reinstate, !certificate.isLive { try mayLiveAgain(certificate, tx: tx) }
            let time = now()
            try begin(key, in: actor.party, tx: tx)
            let made = try apply(
                change, to: &certificate, because: reason, text: text, successor: successor, office: office,
                key: key.map { ($0.key, actor.party) }, at: time, tx: tx)
            try announce(made, of: certificate, by: actor, at: time, tx: tx)
            return .changed(number: number, seq: made.seq)
        }
    }

    func issued(_ number: String, tx: any Transaction) throws -> CertificateRecord? {
        try tx.row(
            "SELECT \(CertificateRecord.columns) FROM certificate WHERE number = \(number) AND state = 'issued'"
        ).map { try CertificateRecord($0) }
    }

    private func checkSuccessor(_ number: String, of old: CertificateRecord, tx: any Transaction) throws {
        func refuse(_ reason: String) -> InvalidInput {
            InvalidInput(
                reason, hint: "name a valid certificate of the same class and piece, issued later", field: "by")
        }
        guard number != old.number else { throw refuse("a certificate cannot take its own place") }
        guard let successor = try issued(number, tx: tx) else { throw refuse("there is no certificate \(number)") }
        guard successor.piece == old.piece, successor.certificateClass == old.certificateClass else {
            throw refuse("\(number) is not a certificate of the same class and piece")
        }
        guard successor.status == .valid else { throw refuse("\(number) is \(successor.status) itself") }
    }

    private func mayLiveAgain(_ certificate: CertificateRecord, tx: any Transaction) throws {
        let other = try tx.row(
            """
            SELECT number FROM certificate WHERE party_id = \(certificate.party) AND piece_id = \(certificate.piece)
                AND class = \(certificate.certificateClass.rawValue) AND live = 1
            """)
        if let other {
            throw InventoryError.state(
                "the piece has a later \(certificate.certificateClass.rawValue), \(other.text(0))")
        }
    }

    // MARK: - What follows from a piece

    /// The issued certificates that speak of a piece: its party's, and those of the parties that gave it to it.
    func certificates(speakingOf record: PieceRecord, tx: any Transaction) throws -> [CertificateRecord] {
        // Who gave a piece away keeps its record as history; what is written there says nothing of the piece.
        guard record.status != "transferred" else { return [] }
        let found = try tx.rows(
            """
            SELECT \(CertificateRecord.columns) FROM certificate
            WHERE piece_id = \(record.id) AND state = 'issued' ORDER BY reserved, number
            """
        ).map { try CertificateRecord($0) }
        guard !found.isEmpty else { return [] }
        // Ids of pieces are made by clients: another party's piece may have the same, and is not this one.
        let givers = try givers(of: record, tx: tx)
        return found.filter { givers.contains($0.party) }
    }

    private func givers(of record: PieceRecord, tx: any Transaction) throws -> [String] {
        var found = [record.party]
        var next = 0
        while next < found.count {
            let rows = try tx.rows(
                """
                SELECT party_id FROM movement WHERE to_party = \(found[next]) AND piece_id = \(record.id)
                    AND kind = 'ownership' AND state = 'open' ORDER BY party_id
                """)
            found += rows.map { $0.text(0) }.filter { !found.contains($0) }
            next += 1
        }
        return found
    }

    /// The parties that have, or had, the piece of a certificate since it was issued.
    private func holders(of certificate: CertificateRecord, tx: any Transaction) throws -> [String] {
        var found = [certificate.party]
        while let row = try tx.row(
            """
            SELECT to_party FROM movement WHERE party_id = \(found.last) AND piece_id = \(certificate.piece)
                AND kind = 'ownership' AND state = 'open'
            """), let next = row.optionalText(0), !found.contains(next)
        {
            found.append(next)
        }
        return found
    }

    /// Changes every certificate of a piece that can be so changed, as part of a change of the piece that raised its
    /// version already. `record` is stored by this.
    func changeCertificates(
        of record: inout PieceRecord, _ change: StatusChange, because reason: StatusReason, by actor: Actor,
        at time: Timestamp, tx: any Transaction
    ) throws {
        for var certificate in try certificates(speakingOf: record, tx: tx)
        where certificate.status.refusal(of: change, because: reason) == nil {
            let made = try apply(change, to: &certificate, because: reason, at: time, tx: tx)
            try announce(made, of: certificate, by: actor, at: time, in: &record, tx: tx)
        }
    }

    /// A piece that was lost or stolen is back: its certificates are what they were before.
    func reinstateCertificates(
        of record: inout PieceRecord, by actor: Actor, at time: Timestamp, tx: any Transaction
    ) throws {
        for var certificate in try certificates(speakingOf: record, tx: tx)
        where [.lost, .stolen].contains(certificate.status) {
            let wasSuspended =
                try changes(of: certificate.number, tx: tx).last {
                    ![.lost, .stolen].contains($0.change)
                }?.status == .suspended
            let made = try apply(
                wasSuspended ? .suspend : .reinstate, to: &certificate, because: .foundAgain, isReturn: true, at: time,
                tx: tx)
            try announce(made, of: certificate, by: actor, at: time, in: &record, tx: tx)
        }
    }

    // MARK: - The change itself

    /// Writes one change: the certificate's columns, the event, and its place in the queue for the log.
    /// - Throws: `.state` where the status does not allow it.
    func apply(
        _ change: StatusChange, to certificate: inout CertificateRecord, because reason: StatusReason,
        text: String? = nil, successor: String? = nil, office: String? = nil, isReturn: Bool = false,
        key: (key: String, party: String)? = nil, at time: Timestamp, tx: any Transaction
    ) throws -> StatusChangeRecord {
        let before = certificate.status
        if !isReturn, let refusal = before.refusal(of: change, because: reason, after: certificate.reason) {
            throw InventoryError.state("\(certificate.number) cannot be \(change.participle): \(refusal)")
        }
        let seq =
            Int(
                try tx.row("SELECT max(seq) FROM certificate_change WHERE number = \(certificate.number)")?.optionalInt(
                    0)
                    ?? 0) + 1
        let event = try Self.event(
            change, of: certificate.number, seq: seq, because: reason, text: text, successor: successor,
            office: office, nonce: random(16), at: time)
        certificate.status = change.status
        certificate.changed = time
        certificate.reason = reason
        if let successor { certificate.supersededBy = successor }
        // A withdrawn or superseded one leaves its place to another of its class; a reinstated one takes it again.
        switch change {
        case .withdraw, .supersede: certificate.isLive = false
        case .reinstate: certificate.isLive = try certificate.isLive || !hasOtherLive(certificate, tx: tx)
        default: break
        }
        try tx.run(
            """
            UPDATE certificate SET status = \(Int(certificate.status.rawValue)), changed = \(time.microseconds),
                reason = \(reason.rawValue), superseded_by = \(certificate.supersededBy),
                live = \(certificate.isLive ? 1 : 0)
            WHERE number = \(certificate.number)
            """)
        try tx.run(
            """
            INSERT INTO certificate_change (number, seq, kind, before, status, reason, at, event, sha256, key_party,
                idempotency_key)
            VALUES (\(certificate.number), \(seq), \(change.rawValue), \(Int(before.rawValue)),
                \(Int(certificate.status.rawValue)), \(reason.rawValue), \(time.microseconds), \(event),
                \(SHA256.hash(event)), \(key?.party), \(key?.key))
            """)
        unlogged.note()
        guard
            let row = try tx.row(
                """
                SELECT \(StatusChangeRecord.columns) FROM certificate_change h JOIN certificate c ON c.number = h.number
                WHERE h.number = \(certificate.number) AND h.seq = \(seq)
                """)
        else { throw InventoryError.store("a change of status was not stored") }
        return try StatusChangeRecord(row)
    }

    private func hasOtherLive(_ certificate: CertificateRecord, tx: any Transaction) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM certificate WHERE party_id = \(certificate.party) AND piece_id = \(certificate.piece)
                AND class = \(certificate.certificateClass.rawValue) AND live = 1 AND number <> \(certificate.number)
            """) != nil
    }

    /// What the log binds by its hash. The nonce keeps anybody from guessing the number out of the public hash.
    private static func event(
        _ change: StatusChange, of number: String, seq: Int, because reason: StatusReason, text: String?,
        successor: String?, office: String?, nonce: [UInt8], at time: Timestamp
    ) throws -> [UInt8] {
        try JSON.object([
            "@type": "gemd/status/1", "number": .string(number), "seq": .integer(seq),
            "kind": .string(change.rawValue), "reason": .string(reason.rawValue), "at": .string(time.description),
            "text": text.map(JSON.string), "supersededBy": successor.map(JSON.string), "by": office.map(JSON.string),
            "nonce": .string(Hex.encode(nonce)),
        ]).canonical()
    }

    /// Tells every party that has or had the piece: an event in its chain, and the entry in the piece's list.
    func announce(
        _ change: StatusChangeRecord, of certificate: CertificateRecord, by actor: Actor, at time: Timestamp,
        tx: any Transaction
    ) throws {
        var none: PieceRecord?
        try announce(change, of: certificate, by: actor, at: time, own: &none, tx: tx)
    }

    /// The same within a change of `record`, whose version is raised by that change.
    func announce(
        _ change: StatusChangeRecord, of certificate: CertificateRecord, by actor: Actor, at time: Timestamp,
        in record: inout PieceRecord, tx: any Transaction
    ) throws {
        var own: PieceRecord? = record
        try announce(change, of: certificate, by: actor, at: time, own: &own, tx: tx)
        if let own { record = own }
    }

    private func announce(
        _ change: StatusChangeRecord, of certificate: CertificateRecord, by actor: Actor, at time: Timestamp,
        own: inout PieceRecord?, tx: any Transaction
    ) throws {
        var holders = try holders(of: certificate, tx: tx)
        if let party = own?.party, !holders.contains(party) { holders.append(party) }
        for party in holders {
            let isOwn = party == own?.party
            guard var holder = try isOwn ? own : record(.id(certificate.piece), in: .party(party), tx: tx) else {
                continue
            }
            try attach(
                "certificates", { $0.map { certificate.brought(to: $0) } }, to: &holder, raising: !isOwn, at: time,
                tx: tx)
            try record(
                "certificate-\(change.change.participle)", of: holder.id, in: party, by: actor, at: time,
                [
                    "version": .integer(Int(holder.version)), "number": .string(certificate.number),
                    "reason": .string(change.reason.rawValue),
                    "supersededBy": certificate.supersededBy.map(JSON.string),
                    "sha256": .string(Hex.encode(SHA256.hash(change.event))),
                ], tx: tx)
            if isOwn { own = holder }
        }
    }

    // MARK: - Into the log

    /// More in one batch would hold up whoever else waits.
    static let mostChanges = 10_000

    /// Changes that the log does not hold yet, in the order they happened.
    func unloggedChanges(tx: any Transaction) throws -> [StatusChangeRecord] {
        try tx.rows(
            """
            SELECT \(StatusChangeRecord.columns) FROM certificate_change h JOIN certificate c ON c.number = h.number
            WHERE h.log IS NULL ORDER BY h.at, h.number, h.seq LIMIT \(Self.mostChanges)
            """
        ).map { try StatusChangeRecord($0) }
    }

    func logged(
        _ change: StatusChangeRecord, answer: (CertificateRecord, StatusChangeRecord) throws -> Answer,
        tx: any Transaction
    ) throws {
        let row = try tx.row(
            """
            UPDATE certificate_change SET log = \(change.log.map { Int64($0) }), log_index = \(change.logIndex.map { Int64($0) })
            WHERE number = \(change.number) AND seq = \(change.seq) RETURNING key_party, idempotency_key
            """)
        guard let party = row?.optionalText(0), let key = row?.optionalText(1) else { return }
        guard let certificate = try issued(change.number, tx: tx) else {
            throw InventoryError.store("certificate \(change.number) is missing")
        }
        try finish(key, with: answer(certificate, change), in: party, tx: tx)
    }

    // MARK: - Looked at

    /// What happened to a certificate since it was issued, oldest first.
    package func changes(of number: String) async throws -> [StatusChangeRecord] {
        try await database.lookUp { try changes(of: number, tx: $0) }
    }

    private func changes(of number: String, tx: any Transaction) throws -> [StatusChangeRecord] {
        try tx.rows(
            """
            SELECT \(StatusChangeRecord.columns) FROM certificate_change h JOIN certificate c ON c.number = h.number
            WHERE h.number = \(number) ORDER BY h.seq
            """
        ).map { try StatusChangeRecord($0) }
    }

    /// Counts one more print of a certificate's paper in a language; its copy number, from 1. The event remembers who made it.
    package func countPrint(
        of number: String, form: String, language: String, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (_ copy: Int, _ at: Timestamp) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard let certificate = try issued(number, tx: tx) else { throw InventoryError.notFound }
                let time = now()
                guard
                    let row = try tx.row(
                        """
                        INSERT INTO certificate_print (number, language, copies, updated)
                        VALUES (\(number), \(language), 1, \(time.microseconds))
                        ON CONFLICT (number, language) DO UPDATE
                        SET copies = certificate_print.copies + 1, updated = \(time.microseconds) RETURNING copies
                        """)
                else { throw InventoryError.store("a print was not counted") }
                let copy = Int(row.int(0))
                try record(
                    "certificate-printed", of: certificate.piece, in: certificate.party, by: actor, at: time,
                    [
                        "number": .string(number), "language": .string(language), "form": .string(form),
                        "copy": .integer(copy),
                    ], tx: tx)
                return answer(copy, time)
            }
        }
    }

    /// How many prints there are of a certificate, by language.
    package func prints(of number: String) async throws -> [(language: String, copies: Int)] {
        try await database.read { tx in
            try tx.rows("SELECT language, copies FROM certificate_print WHERE number = \(number) ORDER BY language")
                .map { ($0.text(0), Int($0.int(1))) }
        }
    }

    /// Changes whose event was altered or that the log does not hold, and certificates whose status is not what
    /// their last change says.
    package func statusFindings() async throws -> [String] {
        try await database.read { tx in
            var findings: [String] = []
            try tx.forEachRow(
                """
                SELECT h.number, h.seq, h.event, h.sha256, h.log, l.idx FROM certificate_change h
                JOIN certificate c ON c.number = h.number
                LEFT JOIN log_entry l ON l.log = h.log AND l.idx = h.log_index AND l.serial = c.serial
                ORDER BY h.number, h.seq
                """
            ) { row in
                let name = "change \(row.int(1)) of certificate \(row.text(0))"
                if SHA256.hash(row.blob(2)) != row.blob(3) { findings.append("\(name): its event was altered") }
                if row.optionalInt(4) != nil, row.optionalInt(5) == nil { findings.append("\(name) is not in the log") }
            }
            try tx.forEachRow(
                """
                SELECT c.number FROM certificate c LEFT JOIN certificate_change h ON h.number = c.number AND h.seq = (
                    SELECT max(seq) FROM certificate_change x WHERE x.number = c.number)
                WHERE c.status <> COALESCE(h.status, 0) ORDER BY c.number
                """
            ) { row in findings.append("certificate \(row.text(0)): its status is not what its last change says") }
            return findings
        }
    }
}

extension CertificateRecord {
    /// An entry of a piece's list as it is after this certificate's change; other certificates' entries stay.
    fileprivate func brought(to entry: JSON) -> JSON {
        guard entry["number"]?.string == number else { return entry }
        let changed = entry.setting("status", to: .string("\(status)"))
        return isLive
            ? .object((changed.members ?? []).filter { $0.name != "live" }) : changed.setting("live", to: false)
    }
}
