import GemCrypto
package import GemModel

/// A person with a part in a draft: an examiner once the examination is handed in, the approver once known.
package struct DraftPerson: Sendable {
    package var member: String
    package var party: String
    /// `examiner` or `approver`.
    package var role: String
    package var name: String
    package var examination: JSON?
    package var examined: Timestamp?
    /// The public key and the signature over the draft, in OpenSSH's spellings.
    package var key: String?
    package var signature: String?
    package var approved: Timestamp?
}

/// A request for a laboratory's certificate and how far it has come.
package struct DraftRecord: Sendable {
    package var id: String
    package var party: String
    package var piece: String
    package var certificateClass: CertificateClass
    package var lab: String
    package var state: DraftState
    package var created: Timestamp
    /// The fixed draft, canonical; nil until all its people are known.
    package var statement: [UInt8]?
    package var number: String?
    /// `compares`, `supersedes`, `approver`: what was asked for.
    package var document: JSON
    package var people: [DraftPerson] = []

    package var examiners: [DraftPerson] { people.filter { $0.role == "examiner" } }
    package var approver: DraftPerson? { people.first { $0.role == "approver" } }
    package var sha256: String? { statement.map { Hex.encode(SHA256.hash($0)) } }

    static let columns: SQL =
        "id, party_id, piece_id, class, lab, state, created, statement, number, doc"

    init(_ row: Row, tx: any Transaction) throws {
        guard let certificateClass = CertificateClass(rawValue: row.text(3)),
            let state = DraftState(rawValue: row.text(5)), let document = try? JSON(parsing: row.text(9))  // ours
        else { throw InventoryError.store("draft \(row.text(0)) is damaged") }
        id = row.text(0)
        party = row.text(1)
        piece = row.text(2)
        self.certificateClass = certificateClass
        lab = row.text(4)
        self.state = state
        created = Timestamp(microseconds: row.int(6))
        statement = row.optionalBlob(7)
        number = row.optionalText(8)
        self.document = document
        people = try tx.rows(
            """
            SELECT member_id, party_id, role, name, examination, examined, key, signature, approved FROM draft_person
            WHERE draft_id = \(id) ORDER BY seq
            """
        ).map { row in
            DraftPerson(
                member: row.text(0), party: row.text(1), role: row.text(2), name: row.text(3),
                examination: try row.optionalText(4).map { try JSON(parsing: $0) },
                examined: row.optionalInt(5).map(Timestamp.init(microseconds:)), key: row.optionalText(6),
                signature: row.optionalText(7), approved: row.optionalInt(8).map(Timestamp.init(microseconds:)))
        }
    }
}

/// Makes the bytes that people will sign, once all of them are known; nil while they are not.
package typealias DraftFixing = @Sendable (DraftRecord, CertificateSubject) throws -> [UInt8]?

extension Inventory {
    // MARK: - The request

    /// Asks a laboratory for a certificate of one's own piece.
    /// - Throws: `.state` when there is such a request or a live certificate already; `InvalidInput` for the lab.
    package func requestDraft(
        _ certificateClass: CertificateClass, of name: PieceName, at lab: String, document: JSON, reissue: Reissue?,
        in party: String, by actor: Actor, key: IdempotencyKey?, answer: @escaping @Sendable (DraftRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard let record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                guard lab != party else {
                    throw InvalidInput(
                        "a laboratory does not examine its own party's pieces", hint: "ask another laboratory",
                        field: "lab")
                }
                guard PieceStatus.isLive(record.status), !["lost", "stolen"].contains(record.status) else {
                    throw InventoryError.state("\(record.stockNumber) is \(record.status)")
                }
                if certificateClass == .examination {
                    let old = try reissue.map { try replaced($0, by: certificateClass, for: record, tx: tx) }
                    let live = try tx.row(
                        """
                        SELECT number FROM certificate WHERE party_id = \(party) AND piece_id = \(record.id)
                            AND class = \(certificateClass.rawValue) AND live = 1
                        """)
                    if let live, live.text(0) != old?.number {
                        throw InventoryError.state(
                            "the piece has a live \(certificateClass.rawValue), \(live.text(0)); a new one must supersede it"
                        )
                    }
                }
                let id = newID()
                let time = now()
                let added = try tx.rows(
                    """
                    INSERT INTO draft (id, party_id, piece_id, class, lab, state, created, updated, actor, doc)
                    VALUES (\(id), \(party), \(record.id), \(certificateClass.rawValue), \(lab), 'open',
                        \(time.microseconds), \(time.microseconds), \(actor.member), \(document.text))
                    ON CONFLICT DO NOTHING RETURNING id
                    """)
                guard !added.isEmpty else {
                    throw InventoryError.state("\(record.stockNumber) waits for a \(certificateClass.rawValue) already")
                }
                try self.record(
                    "certificate-requested", of: record.id, in: party, by: actor, at: time,
                    ["draft": .string(id), "class": .string(certificateClass.rawValue), "lab": .string(lab)], tx: tx)
                try self.record(
                    "examination-asked", of: id, in: lab, by: Actor(party: lab, member: "gemd"), at: time,
                    ["class": .string(certificateClass.rawValue), "piece": .string(record.id)], tx: tx)
                return answer(try stored(id, tx: tx))
            }
        }
    }

    private func stored(_ id: String, tx: any Transaction) throws -> DraftRecord {
        guard let row = try tx.row("SELECT \(DraftRecord.columns) FROM draft WHERE id = \(id)") else {
            throw InventoryError.notFound
        }
        return try DraftRecord(row, tx: tx)
    }

    package func draft(_ id: String) async throws -> DraftRecord? {
        try await database.lookUp { tx in
            try tx.row("SELECT \(DraftRecord.columns) FROM draft WHERE id = \(id)").map { try DraftRecord($0, tx: tx) }
        }
    }

    /// Requests of a party's pieces, or at a laboratory, by id, which is by time.
    package func drafts(
        of party: String, atLab: Bool, state: DraftState?, after: String, limit: Int
    ) async throws -> [DraftRecord] {
        try await database.read { tx in
            var condition: SQL = atLab ? "lab = \(party)" : "party_id = \(party)"
            if let state { condition = "\(condition) AND state = \(state.rawValue)" }
            return try tx.rows(
                """
                SELECT \(DraftRecord.columns) FROM draft WHERE \(condition) AND id > \(after) ORDER BY id LIMIT \(limit)
                """
            ).map { try DraftRecord($0, tx: tx) }
        }
    }

    /// A piece with an open request at a laboratory.
    package func piece(_ id: String, atLab lab: String) async throws -> PieceRecord? {
        try await database.lookUp { tx in
            guard
                let row = try tx.row(
                    """
                    SELECT party_id FROM draft WHERE lab = \(lab) AND piece_id = \(id)
                        AND state IN ('open', 'differ', 'agreed', 'approving', 'issuing') ORDER BY id LIMIT 1
                    """)
            else { return nil }
            return try record(.id(id), in: .party(row.text(0)), tx: tx)
        }
    }

    /// Whose photograph it is, where the piece waits at a laboratory.
    package func owner(ofImage sha256: String, atLab lab: String) async throws -> String? {
        try await database.lookUp { tx in
            try tx.row(
                """
                SELECT d.party_id FROM draft d
                JOIN piece_image p ON p.party_id = d.party_id AND p.piece_id = d.piece_id
                WHERE d.lab = \(lab) AND p.image = \(sha256)
                    AND d.state IN ('open', 'differ', 'agreed', 'approving', 'issuing') LIMIT 1
                """)?.text(0)
        }
    }

    // MARK: - Examinations

    /// Hands in one examiner's findings. When they settle what is to be said, and all people are known, the draft is
    /// fixed by `fix` in the same transaction.
    /// - Throws: `.state` where no examination is awaited, or from this person; `.notFound` at another laboratory.
    package func examine(
        _ id: String, as member: MemberRecord, findings: JSON, key: IdempotencyKey?, fix: @escaping DraftFixing,
        answer: @escaping @Sendable (DraftRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: member.party, tx: tx) {
                var draft = try openDraft(id, at: member.party, tx: tx)
                guard [.open, .differ].contains(draft.state) else {
                    throw InventoryError.state("the draft is \(draft.state.rawValue): no examination is awaited")
                }
                guard !draft.examiners.contains(where: { $0.member == member.id }) else {
                    throw InventoryError.state("you have handed in your examination; it cannot be changed")
                }
                guard draft.document["approver"]?.string != member.id else {
                    throw InventoryError.state("you are to approve it, so you may not examine it")
                }
                let time = now()
                try tx.run(
                    """
                    INSERT INTO draft_person (draft_id, owner_id, party_id, member_id, role, seq, name, examination,
                        examined)
                    VALUES (\(id), \(draft.party), \(member.party), \(member.id), 'examiner',
                        \(draft.people.count + 1), \(member.name), \(findings.text), \(time.microseconds))
                    """)
                // Not what was found: who has not examined yet may read the chain.
                try record(
                    "examined", of: id, in: member.party, by: Actor(party: member.party, member: member.id), at: time,
                    ["class": .string(draft.certificateClass.rawValue)], tx: tx)
                draft = try stored(id, tx: tx)
                try advance(&draft, at: time, fix: fix, tx: tx)
                return answer(draft)
            }
        }
    }

    /// An approver who takes the draft on, where nobody was named for it.
    package func claim(
        _ id: String, as member: MemberRecord, key: IdempotencyKey?, fix: @escaping DraftFixing,
        answer: @escaping @Sendable (DraftRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: member.party, tx: tx) {
                var draft = try openDraft(id, at: member.party, tx: tx)
                guard draft.state == .agreed else {
                    throw InventoryError.state("the draft is \(draft.state.rawValue): it awaits no approver")
                }
                guard !draft.examiners.contains(where: { $0.member == member.id }) else {
                    throw InventoryError.state("you examined it, so you may not approve it")
                }
                let time = now()
                try appoint(member, draft, tx: tx)
                draft = try stored(id, tx: tx)
                try advance(&draft, at: time, fix: fix, tx: tx)
                try record(
                    "approval-claimed", of: id, in: member.party, by: Actor(party: member.party, member: member.id),
                    at: time, tx: tx)
                return answer(draft)
            }
        }
    }

    private func appoint(_ member: MemberRecord, _ draft: DraftRecord, tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO draft_person (draft_id, owner_id, party_id, member_id, role, seq, name)
            VALUES (\(draft.id), \(draft.party), \(member.party), \(member.id), 'approver', 9, \(member.name))
            """)
    }

    private func openDraft(_ id: String, at lab: String, tx: any Transaction) throws -> DraftRecord {
        let draft = try stored(id, tx: tx)
        guard draft.lab == lab else { throw InventoryError.notFound }
        return draft
    }

    /// Where the examinations lead: on to the next examiner, to an approver, or to a fixed draft.
    private func advance(
        _ draft: inout DraftRecord, at time: Timestamp, fix: DraftFixing, tx: any Transaction
    ) throws {
        if [.open, .differ].contains(draft.state) {
            let findings = draft.examiners.compactMap { $0.examination?["findings"] }
            switch draft.certificateClass == .check
                ? (findings.isEmpty ? .waiting : .agreed(0, 0)) : Agreement.outcome(of: findings)
            {
            case .waiting: return
            case .differ: draft.state = .differ
            case .undecided: draft.state = .undecided
            case .agreed: draft.state = .agreed
            }
        }
        if draft.state == .agreed, draft.approver == nil, let approver = try onlyApprover(of: draft, tx: tx) {
            try appoint(approver, draft, tx: tx)
            draft.people = try stored(draft.id, tx: tx).people
        }
        if draft.state == .agreed, draft.approver != nil {
            guard let record = try record(.id(draft.piece), in: .party(draft.party), tx: tx) else {
                throw InventoryError.store("draft \(draft.id) has no piece")
            }
            var subject = try subject(of: record, lab: draft.lab, serial: 0, statusIndex: 0, at: time, tx: tx)
            if let number = draft.document["supersedes"]?.string {
                subject.supersedes = try issued(number, tx: tx)
            }
            if let bytes = try fix(draft, subject) {
                draft.statement = bytes
                draft.state = .approving
            }
        }
        try tx.run(
            """
            UPDATE draft SET state = \(draft.state.rawValue), statement = \(draft.statement),
                updated = \(time.microseconds)
            WHERE id = \(draft.id)
            """)
    }

    /// Who was named in the request; else the laboratory's one approver who did not examine it.
    private func onlyApprover(of draft: DraftRecord, tx: any Transaction) throws -> MemberRecord? {
        let examiners = draft.examiners.map(\.member)
        let approvers = try members(of: draft.lab, tx: tx).filter {
            $0.roles.contains(.approver) && $0.approvalKey != nil && !examiners.contains($0.id)
        }
        if let named = draft.document["approver"]?.string { return approvers.first { $0.id == named } }
        return approvers.count == 1 ? approvers[0] : nil
    }

    // MARK: - Approvals

    /// Keeps an examiner's signature over the fixed draft.
    package func approve(
        _ id: String, as member: MemberRecord, approvalKey: String, signature: String, key: IdempotencyKey?,
        answer: @escaping @Sendable (DraftRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: member.party, tx: tx) {
                let draft = try openDraft(id, at: member.party, tx: tx)
                try keep(signature, approvalKey, of: member, role: "examiner", in: draft, tx: tx)
                return answer(try stored(id, tx: tx))
            }
        }
    }

    private func keep(
        _ signature: String, _ approvalKey: String, of member: MemberRecord, role: String, in draft: DraftRecord,
        tx: any Transaction
    ) throws {
        guard draft.state == .approving else {
            throw InventoryError.state("the draft is \(draft.state.rawValue): it awaits no approval")
        }
        let time = now()
        let kept = try tx.rows(
            """
            UPDATE draft_person SET key = \(approvalKey), signature = \(signature), approved = \(time.microseconds)
            WHERE draft_id = \(draft.id) AND member_id = \(member.id) AND role = \(role) RETURNING member_id
            """)
        guard !kept.isEmpty else { throw InventoryError.state("you are no \(role) of this draft") }
        try record(
            "approved", of: draft.id, in: member.party, by: Actor(party: member.party, member: member.id), at: time,
            ["role": .string(role), "draft": draft.sha256.map(JSON.string)], tx: tx)
    }

    /// Keeps the approver's signature and reserves the number under which the draft is issued, with the exact bytes,
    /// all in one transaction: ``reserve(_:for:in:by:key:reissue:series:prepare:)`` for a draft.
    package func approveAndReserve(
        _ id: String, as member: MemberRecord, approvalKey: String, signature: String, key: IdempotencyKey?,
        series: String, statement: @escaping @Sendable (DraftRecord, CertificateSubject) throws -> Reservation
    ) async throws -> ReserveOutcome {
        try await database.write { tx in
            if let key, let kept = try keptAnswer(key, in: member.party, tx: tx) { return .answered(kept) }
            var draft = try openDraft(id, at: member.party, tx: tx)
            try keep(signature, approvalKey, of: member, role: "approver", in: draft, tx: tx)
            draft = try stored(id, tx: tx)
            if let lacking = draft.examiners.first(where: { $0.signature == nil && isNamed($0, in: draft) }) {
                throw InventoryError.state("\(lacking.name) has not approved it yet; the approver is the last")
            }
            guard let record = try record(.id(draft.piece), in: .party(draft.party), tx: tx) else {
                throw InventoryError.store("draft \(id) has no piece")
            }
            let reissue = draft.document["supersedes"]?.string.map {
                Reissue(
                    number: $0,
                    reason: draft.document["reason"]?.string.flatMap(StatusReason.init(rawValue:)) ?? .reissued)
            }
            let outcome = try reserve(
                draft.certificateClass,
                for: subject(of: record, draft.certificateClass, lab: draft.lab, reissue, tx: tx),
                by: Actor(party: member.party, member: member.id), key: key, reissue: reissue, series: series, tx: tx
            ) { try statement(draft, $0) }
            try bind(outcome.number, to: draft, tx: tx)
            try tx.run(
                """
                UPDATE draft SET state = 'issuing', number = \(outcome.number),
                    updated = \(now().microseconds)
                WHERE id = \(id)
                """)
            return .reserved(outcome)
        }
    }

    /// The people's signatures stand in what is published, so that anybody could hand them in once more: they count
    /// for one certificate.
    private func bind(_ number: String, to draft: DraftRecord, tx: any Transaction) throws {
        let words = SHA256.hash(draft.statement ?? [])
        let bound = try tx.rows(
            """
            UPDATE certificate SET draft_sha256 = \(words) WHERE number = \(number)
                AND NOT EXISTS (SELECT 1 FROM certificate WHERE draft_sha256 = \(words)) RETURNING number
            """)
        guard !bound.isEmpty else {
            throw InventoryError.state(
                "its people approved these words before, for another certificate; a new one needs a new examination")
        }
    }

    /// Whether the fixed draft names an examiner: of three, one may have been outvoted.
    private func isNamed(_ person: DraftPerson, in draft: DraftRecord) -> Bool {
        guard let statement = draft.statement, let json = try? JSON(parsing: statement) else { return true }  // ours
        return json["examiners"]?.elements?.contains { $0["member"]?.string == person.member } ?? true
    }

    // MARK: - The end

    /// Ends a request that is not issued: by its dealer, or by the laboratory.
    package func cancelDraft(
        _ id: String, reason: String?, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (DraftRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                let draft = try stored(id, tx: tx)
                guard [draft.lab, draft.party].contains(actor.party) else { throw InventoryError.notFound }
                guard draft.state != .issuing, draft.state != .issued, draft.state != .cancelled else {
                    throw InventoryError.state("the draft is \(draft.state.rawValue)")
                }
                let time = now()
                try tx.run(
                    "UPDATE draft SET state = 'cancelled', updated = \(time.microseconds) WHERE id = \(id)")
                for (party, subject) in [(draft.party, draft.piece), (draft.lab, id)] {
                    try record(
                        "examination-cancelled", of: subject, in: party, by: actor, at: time,
                        ["draft": .string(id), "reason": reason.map(JSON.string)], tx: tx)
                }
                return answer(try stored(id, tx: tx))
            }
        }
    }
}
