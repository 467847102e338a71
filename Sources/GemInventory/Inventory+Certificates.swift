import GemCrypto
package import GemModel

/// A certificate as it is stored: the exact signed bytes, never re-made.
package struct CertificateRecord: Sendable {
    package var number: String
    package var serial: String
    package var party: String
    package var piece: String
    package var certificateClass: CertificateClass
    package var status: CertificateStatus
    package var statement: [UInt8]
    /// Nil while the number is only reserved.
    package var signature: [UInt8]?
    /// Which log it is in, and where.
    package var log: Int?
    package var logIndex: Int?
    package var idempotencyKey: String?
    /// Whether it holds its class's place for the piece.
    package var isLive: Bool
    /// The laboratory's party, where one issued it.
    package var lab: String?
    /// When and why its status last changed.
    package var changed: Timestamp?
    package var reason: StatusReason?
    /// The number that it replaced, why, and the one that replaced it.
    package var supersedes: String?
    package var supersedeReason: StatusReason?
    package var supersededBy: String?
    /// The text of its QR code; nil of one that was issued before there were any.
    package var code: String?
    /// Of an examination or a check: SHA-256 of the draft that its people approved. No two certificates share one.
    package var draftSHA256: [UInt8]?

    static let columns: SQL = """
        number, serial, party_id, piece_id, class, status, statement, signature, log, log_index, idempotency_key,
        live, lab, changed, reason, supersedes, supersede_reason, superseded_by, code, draft_sha256
        """

    init(_ row: Row) throws {
        guard let certificateClass = CertificateClass(rawValue: row.text(4)),
            let status = CertificateStatus(rawValue: UInt8(truncatingIfNeeded: row.int(5)))
        else { throw InventoryError.store("certificate \(row.text(0)) has an unknown class or status") }
        number = row.text(0)
        serial = row.text(1)
        party = row.text(2)
        piece = row.text(3)
        self.certificateClass = certificateClass
        self.status = status
        statement = row.blob(6)
        signature = row.optionalBlob(7)
        log = row.optionalInt(8).map { Int($0) }
        logIndex = row.optionalInt(9).map { Int($0) }
        idempotencyKey = row.optionalText(10)
        isLive = row.int(11) == 1
        lab = row.optionalText(12)
        changed = row.optionalInt(13).map(Timestamp.init(microseconds:))
        reason = row.optionalText(14).flatMap(StatusReason.init(rawValue:))
        supersedes = row.optionalText(15)
        supersedeReason = row.optionalText(16).flatMap(StatusReason.init(rawValue:))
        supersededBy = row.optionalText(17)
        code = row.optionalText(18)
        draftSHA256 = row.optionalBlob(19)
    }

    /// One whose number was just reserved.
    fileprivate init(
        _ reservation: Reservation, _ certificateClass: CertificateClass, of piece: PieceRecord, lab: String?,
        key: String?, supersedes: String?, because reason: StatusReason?
    ) {
        number = reservation.number
        serial = reservation.serial
        party = piece.party
        self.piece = piece.id
        self.certificateClass = certificateClass
        status = .valid
        statement = reservation.statement
        idempotencyKey = key
        isLive = true
        self.lab = lab
        self.supersedes = supersedes
        supersedeReason = reason
    }

    package var isIssued: Bool { signature != nil }
}

/// What a statement is made from: the piece and its dealer as they are, and what comes with the number.
package struct CertificateSubject: Sendable {
    package var record: PieceRecord
    package var images: [(image: ImageRecord, role: String)]
    package var dealer: PartyRecord
    /// The laboratory that issues it, where one does.
    package var lab: PartyRecord?
    /// Pieces of the same party that its stones refer to, by the text of the reference.
    package var mounted: [String: Piece]
    /// From the committed series: 1, 2, 3…
    package var serial: Int
    package var statusIndex: Int
    package var time: Timestamp
    /// What it takes the place of.
    package var supersedes: CertificateRecord?

    /// Whether a statement made from the one says the same as one made from the other, but for what comes with its number.
    fileprivate func saysTheSame(as other: Self) -> Bool {
        record == other.record && dealer == other.dealer && lab == other.lab && mounted == other.mounted
            && supersedes?.number == other.supersedes?.number
            && images.elementsEqual(other.images) { $0.image == $1.image && $0.role == $1.role }
    }
}

/// The certificate that a new one is to replace, and why.
package struct Reissue: Sendable {
    package var number: String
    package var reason: StatusReason

    package init(number: String, reason: StatusReason) {
        self.number = number
        self.reason = reason
    }
}

/// A number and the exact bytes to be signed under it.
package struct Reservation: Sendable {
    package var number: String
    package var serial: String
    package var statement: [UInt8]

    package init(number: String, serial: String, statement: [UInt8]) {
        self.number = number
        self.serial = serial
        self.statement = statement
    }
}

/// What became of a request for a certificate.
package enum ReserveOutcome: Sendable {
    case reserved(CertificateRecord)
    /// The request came before under the same idempotency key.
    case answered(Answer)
}

extension Inventory {
    private static let statusPlaces = 1 << 24

    /// Makes the last of a statement, of a subject that has its number.
    package typealias StatementFinish = @Sendable (CertificateSubject) throws -> Reservation

    /// Reserves a number and stores the exact bytes to be signed, committed when this returns.
    ///
    /// Nothing may be signed before. A piece has one live certificate of a class; a reserved one counts, and the one
    /// that `reissue` names leaves its place.
    ///
    /// `prepare` says all that can be said without a number, while other writers go on; what it returns only puts the
    /// number in, and is not called when anything that was said of has changed meanwhile: then all is said again.
    /// - Throws: `.certified` when there is one already.
    package func reserve(
        _ certificateClass: CertificateClass, for name: PieceName, in party: String, by actor: Actor,
        key: IdempotencyKey?, reissue: Reissue? = nil, series: String,
        prepare: @escaping @Sendable (CertificateSubject) throws -> StatementFinish
    ) async throws -> ReserveOutcome {
        for _ in 0..<Self.mostPreparations {
            let subject = try await database.lookUp { tx in
                guard let record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                return try self.subject(of: record, certificateClass, reissue, tx: tx)
            }
            let finish: StatementFinish
            do { finish = try prepare(subject) } catch {
                // Sent again, a request is told what it was told, whatever became of the piece.
                if let kept = try await keptAnswer(key, in: actor.party) { return .answered(kept) }
                throw error
            }
            do {
                return try await database.write { tx in
                    if let key, let kept = try keptAnswer(key, in: actor.party, tx: tx) { return .answered(kept) }
                    guard let record = try record(name, in: .party(party), tx: tx) else {
                        throw InventoryError.notFound
                    }
                    let now = try self.subject(of: record, certificateClass, reissue, tx: tx)
                    guard now.saysTheSame(as: subject) else { throw Changed() }
                    return .reserved(
                        try reserve(
                            certificateClass, for: now, by: actor, key: key, reissue: reissue, series: series, tx: tx,
                            statement: finish))
                }
            } catch is Changed { continue }
        }
        throw InventoryError.changing
    }

    /// What is said of a piece changed before its number was drawn.
    private struct Changed: Error {}

    private static let mostPreparations = 5

    func subject(
        of record: PieceRecord, _ certificateClass: CertificateClass, lab: String? = nil, _ reissue: Reissue?,
        tx: any Transaction
    ) throws -> CertificateSubject {
        var subject = try subject(of: record, lab: lab, serial: 0, statusIndex: 0, at: now(), tx: tx)
        subject.supersedes = try reissue.map { try replaced($0, by: certificateClass, for: record, tx: tx) }
        return subject
    }

    /// The same in the caller's transaction, which `subject` was read in: without serial and place yet.
    func reserve(
        _ certificateClass: CertificateClass, for subject: CertificateSubject, by actor: Actor,
        key: IdempotencyKey?, reissue: Reissue?, series: String, tx: any Transaction,
        statement: (CertificateSubject) throws -> Reservation
    ) throws -> CertificateRecord {
        let record = subject.record
        guard ![PieceStatus.split, .merged].contains(where: { $0.rawValue == record.status }) else {
            throw InventoryError.state("\(record.stockNumber) went into other pieces; certify those")
        }
        let party = record.party
        let old = subject.supersedes
        let live = try tx.row(
            """
            SELECT number FROM certificate
            WHERE party_id = \(party) AND piece_id = \(record.id) AND class = \(certificateClass.rawValue) AND live = 1
            """)
        // What a piece was compared with one day does not bar another day's comparison.
        if certificateClass == .check {
            if let live { try tx.run("UPDATE certificate SET live = 0 WHERE number = \(live.text(0))") }
        } else if let live, live.text(0) != old?.number {
            throw InventoryError.certified("the piece has a live \(certificateClass.rawValue), \(live.text(0))")
        }
        let time = now()
        let index = try freeStatusIndex(tx)
        var subject = subject
        subject.serial = Int(try nextNumber(of: series, tx: tx))
        subject.statusIndex = index
        subject.time = time
        let reservation = try statement(subject)
        if let old { try tx.run("UPDATE certificate SET live = 0 WHERE number = \(old.number)") }
        try begin(key, in: actor.party, tx: tx)
        try tx.run(
            """
            INSERT INTO certificate (party_id, piece_id, number, serial, class, state, status, status_index, reserved,
                actor, statement, sha256, live, idempotency_key, lab, supersedes, supersede_reason)
            VALUES (\(party), \(record.id), \(reservation.number), \(reservation.serial), \(certificateClass.rawValue),
                'reserved', 0, \(index), \(time.microseconds), \(actor.member), \(reservation.statement),
                \(SHA256.hash(reservation.statement)), 1, \(key?.key), \(subject.lab?.id), \(old?.number),
                \(reissue?.reason.rawValue))
            """)
        return CertificateRecord(
            reservation, certificateClass, of: record, lab: subject.lab?.id, key: key?.key, supersedes: old?.number,
            because: reissue?.reason)
    }

    /// What a statement of a piece is made from.
    func subject(
        of record: PieceRecord, lab: String?, serial: Int, statusIndex: Int, at time: Timestamp, tx: any Transaction
    ) throws -> CertificateSubject {
        func party(_ id: String) throws -> PartyRecord {
            guard let row = try tx.row("SELECT \(Self.partyColumns) FROM party WHERE id = \(id)") else {
                throw InventoryError.notFound
            }
            return Self.party(row)
        }
        return CertificateSubject(
            record: record, images: try images(of: record, tx: tx), dealer: try party(record.party),
            lab: try lab.map(party), mounted: try mounted(in: record, tx: tx), serial: serial,
            statusIndex: statusIndex, time: time)
    }

    /// The certificate that a new one of the same class and piece may replace.
    func replaced(
        _ reissue: Reissue, by certificateClass: CertificateClass, for record: PieceRecord, tx: any Transaction
    ) throws -> CertificateRecord {
        guard let old = try certificates(speakingOf: record, tx: tx).first(where: { $0.number == reissue.number }),
            old.certificateClass == certificateClass
        else {
            throw InvalidInput(
                "\(reissue.number) is no \(certificateClass.rawValue) of this piece",
                hint: "name the certificate that the new one replaces", field: "supersedes")
        }
        if let refusal = old.status.refusal(of: .supersede, because: reissue.reason, after: old.reason) {
            throw InventoryError.state("\(old.number) cannot be superseded: \(refusal)")
        }
        if [.declaration, .external].contains(certificateClass), old.status == .suspended, let reason = old.reason,
            reason.isAdverse
        {
            throw InventoryError.state(
                "\(old.number) cannot be superseded by its owner: it was suspended for \(reason.rawValue)")
        }
        let pending = try tx.row(
            "SELECT 1 FROM certificate WHERE supersedes = \(old.number) AND state = 'reserved'")
        guard pending == nil else { throw InventoryError.state("\(old.number) is being superseded already") }
        return old
    }

    /// A place in the status list that says nothing about when the certificate was issued.
    private func freeStatusIndex(_ tx: any Transaction) throws -> Int {
        while true {
            let bytes = random(3)
            let index = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
            if try tx.row("SELECT 1 FROM certificate WHERE status_index = \(index)") == nil {
                return index % Self.statusPlaces
            }
        }
    }

    /// Certificates whose number was reserved but that were never finished: a crash came between.
    package func unfinishedCertificates(reservedBefore moment: Int64 = .max) async throws -> [CertificateRecord] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT \(CertificateRecord.columns) FROM certificate
                WHERE state = 'reserved' AND reserved < \(moment) ORDER BY reserved, serial
                """
            )
            .map { try CertificateRecord($0) }
        }
    }

    /// By number in its one spelling.
    package func certificate(_ number: String) async throws -> CertificateRecord? {
        try await database.lookUp { tx in
            try tx.row(
                "SELECT \(CertificateRecord.columns) FROM certificate WHERE number = \(number) AND state = 'issued'"
            )
            .map { try CertificateRecord($0) }
        }
    }

    /// The number of a piece's live certificate of a class.
    package func liveCertificate(
        of name: PieceName, in party: String, _ certificateClass: CertificateClass
    ) async throws -> String? {
        try await database.lookUp { tx in
            guard let record = try record(name, in: .party(party), tx: tx) else { return nil }
            return try tx.row(
                """
                SELECT number FROM certificate WHERE party_id = \(party) AND piece_id = \(record.id)
                    AND class = \(certificateClass.rawValue) AND live = 1 AND state = 'issued'
                """)?.text(0)
        }
    }

    /// Whether a certificate of that class has its number and waits for its place in the log.
    package func hasReserved(
        _ certificateClass: CertificateClass, of name: PieceName, in party: String
    ) async throws -> Bool {
        try await database.lookUp { tx in
            guard let record = try record(name, in: .party(party), tx: tx) else { return false }
            return try tx.row(
                """
                SELECT 1 FROM certificate WHERE party_id = \(party) AND piece_id = \(record.id)
                    AND class = \(certificateClass.rawValue) AND live = 1 AND state = 'reserved'
                """) != nil
        }
    }

    package func certificate(statementSHA256 hash: [UInt8], number: String) async throws -> CertificateRecord? {
        guard let record = try await certificate(number), SHA256.hash(record.statement) == hash else { return nil }
        return record
    }

    /// The number under which these approved words were issued or reserved; nil where none is bound to them.
    package func number(boundTo draft: [UInt8]) async throws -> String? {
        try await database.lookUp {
            try $0.row("SELECT number FROM certificate WHERE draft_sha256 = \(draft)")?.text(0)
        }
    }

    /// Keeps the QR code made for a certificate that had none; the one kept first is the one.
    package func keep(code: String, of number: String) async throws -> String {
        try await database.write { tx in
            try tx.run("UPDATE certificate SET code = \(code) WHERE number = \(number) AND code IS NULL")
            guard let kept = try tx.row("SELECT code FROM certificate WHERE number = \(number)")?.optionalText(0) else {
                throw InventoryError.notFound
            }
            return kept
        }
    }

    /// Every certificate that is not valid today, by its place in the status list.
    package func statuses() async throws -> [Int: CertificateStatus] {
        try await database.read { tx in
            var found: [Int: CertificateStatus] = [:]
            try tx.forEachRow("SELECT status_index, status FROM certificate WHERE status <> 0 AND state = 'issued'") {
                guard let status = CertificateStatus(rawValue: UInt8(truncatingIfNeeded: $0.int(1))) else { return }
                found[Int($0.int(0))] = status
            }
            return found
        }
    }

    /// Stored certificates whose bytes no longer have the hash they were stored under, or that the log does not hold.
    package func certificateFindings() async throws -> [String] {
        try await database.read { tx in
            var findings: [String] = []
            try tx.forEachRow(
                """
                SELECT c.number, c.statement, c.sha256, c.state, l.idx FROM certificate c
                LEFT JOIN log_entry l ON l.log = c.log AND l.idx = c.log_index AND l.serial = c.serial ORDER BY c.number
                """
            ) { row in
                if SHA256.hash(row.blob(1)) != row.blob(2) {
                    findings.append("certificate \(row.text(0)): its bytes were changed")
                }
                if row.text(3) == "issued", row.optionalInt(4) == nil {
                    findings.append("certificate \(row.text(0)) is issued but not in the log")
                }
            }
            return findings
        }
    }

    /// Looks at every issued certificate; what `body` returns is a finding.
    package func forEachCertificate(_ body: @escaping @Sendable (CertificateRecord) throws -> String?) async throws
        -> [String]
    {
        try await database.read { tx in
            var findings: [String] = []
            try tx.forEachRow(
                "SELECT \(CertificateRecord.columns) FROM certificate WHERE state = 'issued' ORDER BY number"
            ) { row in
                if let finding = try body(CertificateRecord(row)) { findings.append(finding) }
            }
            return findings
        }
    }
}
