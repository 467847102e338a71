import GemCrypto
package import GemModel

/// A movement as it is stored.
package struct MovementRecord: Sendable {
    package var id: String
    package var party: String
    package var piece: String
    package var movement: Movement
    package var created: Timestamp
    /// `stockNumber title by terms price quote rates note for closedAt outcome slip`: what is shown and never searched by.
    package var document: JSON

    package var json: JSON {
        .object([
            "id": .string(id), "piece": .string(piece), "owner": .string(party),
            "kind": .string(movement.kind.rawValue),
            "state": .string(movement.state.rawValue), "status": .string(movement.pieceStatus),
            "to": movement.to.map { .object(["party": $0.party.map(JSON.string), "name": .string($0.name)]) },
            (movement.kind == .memo ? "due" : "until"): movement.until.map { .string($0.description) },
            "at": .string(created.description),
        ]).merging(document)
    }

    /// What a party gets: the other side sees neither the owner's note nor which of its members wrote it, and of a
    /// price only what it is, not what it was made of.
    package func json(for viewer: String) -> JSON {
        viewer == party ? json : json.merging(.object(["note", "by", "quote"].map { .init($0, .null) }))
    }

    /// What was agreed when it went out on memo; of a part only a price per carat can hold.
    func agreedPrice(ofPart: Bool) -> JSON? {
        guard movement.kind == .memo, let price = document["price"] else { return nil }
        return ofPart && price["perCarat"] == nil
            ? nil : ofPart ? price.merging(.object([.init("total", .null)])) : price
    }

    static let columns: SQL = "id, party_id, piece_id, kind, state, to_party, to_name, until, doc, created"

    init(_ row: Row) throws {
        guard let kind = Movement.Kind(rawValue: row.text(3)), let state = Movement.State(rawValue: row.text(4)),
            let document = try? JSON(parsing: row.text(8))  // written by us; damage is the error below
        else { throw InventoryError.store("movement \(row.text(0)) is damaged") }
        id = row.text(0)
        party = row.text(1)
        piece = row.text(2)
        movement = Movement(
            kind: kind, state: state,
            to: row.optionalText(6).map { Movement.Counterparty(party: row.optionalText(5), name: $0) },
            until: row.optionalInt(7).map(Timestamp.init(microseconds:)))
        created = Timestamp(microseconds: row.int(9))
        self.document = document
    }

    init(id: String, party: String, piece: String, movement: Movement, created: Timestamp, document: JSON) {
        self.id = id
        self.party = party
        self.piece = piece
        self.movement = movement
        self.created = created
        self.document = document
    }
}

extension Inventory {
    /// Begins a movement of each piece, all or none. A sale without a price is quoted in `currency`, where given.
    /// - Throws: `.notFound`, `.promised` or `.state` naming the piece; `InvalidInput` where a quote lacks something.
    package func begin(
        _ movement: Movement, of names: [PieceName], details: JSON, currency: String? = nil, in party: String,
        by actor: Actor, key: IdempotencyKey?, answer: @escaping @Sendable ([MovementRecord]) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                answer(
                    try names.map {
                        try begin(
                            movement, of: $0, details: details, currency: currency, in: party, by: actor, at: now(),
                            tx: tx)
                    })
            }
        }
    }

    func begin(
        _ movement: Movement, of name: PieceName, details: JSON, currency: String?, in party: String, by actor: Actor,
        at time: Timestamp, tx: any Transaction
    ) throws -> MovementRecord {
        guard var record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
        var movement = movement
        var agreed = details["price"]
        if var current = try makeWay(for: movement, &record, at: time, tx: tx) {
            // Who has it on memo buys it unless somebody else is named.
            if movement.kind == .sale, movement.to == nil { movement.to = current.movement.to }
            if movement.kind == .sale, details["price"] == nil, currency == nil {
                agreed = current.agreedPrice(ofPart: false)
            }
            try close(&current, outcome: movement.kind == .sale ? "sold" : movement.kind.rawValue, at: time, tx: tx)
        }
        var document = JSON.object([
            "stockNumber": .string(record.stockNumber), "title": record.json?["title"], "by": .string(actor.member),
        ]).merging(details)
        if movement.kind == .sale {
            // What was asked is what was paid unless said otherwise; later prices and rates change nothing about it.
            document = document.merging(
                try saleTerms(of: record, agreed: agreed, in: currency, at: time, tx: tx))
        }
        let begun = MovementRecord(
            id: newID(), party: party, piece: record.id, movement: movement, created: time, document: document)
        try tx.run(
            """
            INSERT INTO movement (party_id, id, piece_id, kind, state, to_party, to_name, until, slip, doc, created)
            VALUES (\(party), \(begun.id), \(record.id), \(movement.kind.rawValue), \(movement.state.rawValue),
                \(movement.to?.party), \(movement.to?.name), \(movement.until?.microseconds),
                \(details["slip"]?.string), \(document.text), \(time.microseconds))
            """)
        try setStatus(of: &record, to: movement.pieceStatus, at: time, tx: tx)
        if [.sale, .lost, .stolen, .destroyed, .split, .merge].contains(movement.kind) {
            try endConsents(of: record, by: actor, at: time, tx: tx)
        }
        try self.record(
            "movement-begun", of: record.id, in: party, by: actor, at: time,
            ["movement": .string(begun.id), "what": begun.json], tx: tx)
        let fates: [Movement.Kind: (StatusChange, StatusReason)] = [
            .lost: (.lost, .reportedLost), .stolen: (.stolen, .reportedStolen),
            .destroyed: (.destroyed, .reportedDestroyed),
        ]
        if let (change, reason) = fates[movement.kind] {
            try changeCertificates(of: &record, change, because: reason, by: actor, at: time, tx: tx)
        }
        return begun
    }

    /// The movement in force whose place `movement` may take; one that has lapsed is closed.
    /// - Throws: `.promised` or `.state` where it may not.
    func makeWay(
        for movement: Movement, _ record: inout PieceRecord, at time: Timestamp, tx: any Transaction
    ) throws -> MovementRecord? {
        guard var current = try inForce(of: record, tx: tx) else { return nil }
        guard !current.movement.hasLapsed(at: time) else {
            try close(&current, outcome: "lapsed", at: time, tx: tx)
            try setStatus(of: &record, to: "in_stock", at: time, tx: tx)
            return nil
        }
        switch current.movement.conflict(with: movement) {
        case .promised(let reason)?: throw InventoryError.promised("\(record.stockNumber): \(reason)")
        case .gone(let reason)?: throw InventoryError.state("\(record.stockNumber): \(reason)")
        case nil: return current
        }
    }

    /// Ends the movements in force of these pieces, each for itself, and takes them back into stock.
    /// Only those of `kinds`, where given: a released hold must not end a memo.
    package func takeBack(
        _ names: [PieceName], kinds: Set<Movement.Kind>?, in party: String, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable ([Result<MovementRecord, InventoryError>]) throws -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                try answer(
                    try names.map { name in
                        do { return .success(try takeBack(name, kinds: kinds, in: party, by: actor, tx: tx)) } catch let
                            error as InventoryError
                        {
                            switch error {
                            case .notFound, .state, .promised: return .failure(error)
                            default: throw error
                            }
                        }
                    })
            }
        }
    }

    func takeBack(
        _ name: PieceName, kinds: Set<Movement.Kind>?, in party: String, by actor: Actor, tx: any Transaction
    ) throws -> MovementRecord {
        guard var record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
        guard var current = try inForce(of: record, tx: tx), kinds?.contains(current.movement.kind) ?? true else {
            let what = kinds == [.hold] ? "is not on hold" : "is not out"
            throw InventoryError.state("\(record.stockNumber) \(what): it is \(record.status)")
        }
        guard let outcome = current.movement.outcomeOfReturn else {
            throw InventoryError.state("\(record.stockNumber) cannot come back: it is \(record.status)")
        }
        let time = now()
        try close(&current, outcome: outcome, at: time, tx: tx)
        try setStatus(of: &record, to: "in_stock", at: time, tx: tx)
        try self.record(
            "movement-ended", of: record.id, in: party, by: actor, at: time,
            ["movement": .string(current.id), "outcome": .string(outcome)], tx: tx)
        if outcome == "found" { try reinstateCertificates(of: &record, by: actor, at: time, tx: tx) }
        return current
    }

    /// Takes a part of a parcel back from a memo, as a piece of its own; the rest stays out under the same memo.
    package func takeBack(
        _ part: Part, of name: PieceName, remainder: Remainder, _ weighing: Weighing, in party: String,
        by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (MovementRecord, PieceRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard var record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                guard let current = try inForce(of: record, tx: tx), current.movement.state == .open,
                    [.memo, .custody].contains(current.movement.kind)
                else { throw InventoryError.state("\(record.stockNumber) is not out: it is \(record.status)") }
                let parts = try divide(
                    &record, into: [part], at: { _ in "part" }, remainder: remainder, weighing,
                    because: ["movement": .string(current.id), "outcome": "returned"], by: actor, at: now(), tx: tx)
                return answer(current, parts[0])
            }
        }
    }

    /// Sells a part of a parcel, from stock or to who has it; the rest stays where it is.
    package func sell(
        _ part: Part, of name: PieceName, to buyer: Movement.Counterparty?, details: JSON, currency: String?,
        remainder: Remainder, _ weighing: Weighing, in party: String, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (MovementRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard var record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                let time = now()
                var sale = Movement(kind: .sale, to: buyer)
                let current = try makeWay(for: sale, &record, at: time, tx: tx)
                if sale.to == nil { sale.to = current?.movement.to }
                var details = details
                if details["price"] == nil, let agreed = current?.agreedPrice(ofPart: true) {
                    details = details.setting("price", to: agreed)
                }
                let parts = try divide(
                    &record, into: [part], at: { _ in "part" }, remainder: remainder, weighing,
                    because: ["movement": current.map { .string($0.id) }, "outcome": "sold"], by: actor, at: time,
                    tx: tx)
                return answer(
                    try begin(
                        sale, of: .id(parts[0].id), details: details, currency: currency, in: party, by: actor,
                        at: time, tx: tx))
            }
        }
    }

    /// Gives a hold or a memo more time.
    package func extend(
        _ name: PieceName, until: Timestamp, in party: String, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (MovementRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard let record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                guard var current = try inForce(of: record, tx: tx), [.hold, .memo].contains(current.movement.kind)
                else {
                    throw InventoryError.state("\(record.stockNumber) is neither on hold nor on memo")
                }
                current.movement.until = until
                try tx.run(
                    "UPDATE movement SET until = \(until.microseconds) WHERE party_id = \(party) AND id = \(current.id)"
                )
                try self.record(
                    "movement-extended", of: record.id, in: party, by: actor, at: now(),
                    ["movement": .string(current.id), "until": .string(until.description)], tx: tx)
                return answer(current)
            }
        }
    }

    // MARK: - The other side of a transfer

    /// Accepts or declines what was offered to `receiver`.
    ///
    /// With the ownership, the piece as others may see it becomes the receiver's own, under the same id; price,
    /// cost, place and private notes stay with the giver, whose copy remains as its history.
    package func answerTransfer(
        of piece: String, accepting: Bool, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (MovementRecord, PieceRecord?) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard
                    let row = try tx.row(
                        """
                        SELECT \(MovementRecord.columns) FROM movement
                        WHERE to_party = \(actor.party) AND piece_id = \(piece) AND state = 'pending'
                        """)
                else { throw InventoryError.notFound }
                var current = try MovementRecord(row)
                guard var given = try record(.id(piece), in: .party(current.party), tx: tx) else {
                    throw InventoryError.store("movement \(current.id) has no piece")
                }
                let time = now()
                guard accepting else {
                    try close(&current, outcome: "declined", at: time, tx: tx)
                    try setStatus(of: &given, to: "in_stock", at: time, tx: tx)
                    try noteAnswer("movement-declined", current, by: actor, at: time, tx: tx)
                    return answer(current, nil)
                }
                current.movement.state = .open
                try tx.run(
                    """
                    UPDATE movement SET state = 'open' WHERE party_id = \(current.party) AND id = \(current.id)
                    """)
                try setStatus(of: &given, to: current.movement.pieceStatus, at: time, tx: tx)
                try noteAnswer("movement-accepted", current, by: actor, at: time, tx: tx)
                guard current.movement.kind == .ownership else { return answer(current, nil) }
                try endConsents(of: given, by: actor, at: time, tx: tx)
                return answer(current, try receive(given, by: actor, at: time, tx: tx))
            }
        }
    }

    /// Both chains tell of it.
    private func noteAnswer(
        _ kind: String, _ current: MovementRecord, by actor: Actor, at time: Timestamp, tx: any Transaction
    ) throws {
        for party in [current.party, actor.party] {
            try record(
                kind, of: current.piece, in: party, by: actor, at: time,
                ["movement": .string(current.id), "transfer": .string(current.movement.kind.rawValue)], tx: tx)
        }
    }

    private func receive(
        _ given: PieceRecord, by actor: Actor, at time: Timestamp, tx: any Transaction
    ) throws -> PieceRecord {
        let party = actor.party
        guard var received = given.piece?.handedOver else {
            throw InventoryError.store("piece \(given.id) is damaged")
        }
        if var returning = try record(.id(given.id), in: .party(party), tx: tx) {
            // It was this party's before: its own record comes back to life.
            guard var old = try inForce(of: returning, tx: tx) else {
                throw InventoryError.store("piece \(given.id) has two owners")
            }
            try close(&old, outcome: "returned", at: time, tx: tx)
            try setStatus(of: &returning, to: "in_stock", at: time, tx: tx)
            return returning
        }
        let taken = try tx.row(
            """
            SELECT 1 FROM piece WHERE party_id = \(party)
                AND stock_key = \(try StockNumber(given.stockNumber).folded)
            """)
        let number = taken == nil ? try StockNumber(given.stockNumber) : try freeStockNumber(in: party, tx: tx)
        received.stockNumber = number
        let text = received.jsonText
        // What it came out of is the giver's.
        let attached = PieceRecord.withoutTaking(
            given.attachedJSON?.merging(.object([.init("parent", .null)])).text ?? given.attached)
        var record = PieceRecord(
            id: given.id, party: party, version: 1, status: "in_stock", at: time, stockNumber: number.text,
            document: text, attached: attached)
        var book = try StockBook(of: party, tx: tx)
        guard
            try insert(
                record, of: received, received.searchTerms,
                words: SearchWords.of(received.json, received, received.searchTerms), into: &book, tx: tx)
        else { throw InventoryError.store("piece \(given.id) is here already") }
        try tx.run(
            """
            INSERT INTO piece_image (party_id, piece_id, image, role, position, created)
            SELECT \(party), piece_id, image, role, position, \(time.microseconds)
            FROM piece_image WHERE party_id = \(given.party) AND piece_id = \(given.id)
            """)
        try book.events.append(
            "piece-registered", of: given.id, by: actor, at: time,
            [
                "version": .integer(1), "from": .string(given.party),
                "sha256": .string(Hex.encode(SHA256.hash(Array(text.utf8)))),
            ], tx: tx)
        try settle(&record, why: "", at: time, tx: tx)
        return record
    }

    // MARK: - Lists

    package struct MovementSearch: Sendable {
        package enum Direction: String, Sendable {
            /// Of one's own pieces, or of another's that come to oneself.
            case out, `in`
        }
        package var direction = Direction.out
        package var kind: Movement.Kind?
        package var piece: String?
        package var slip: String?
        /// Only what is in force or awaits an answer.
        package var isInForce = false
        package var isOverdue = false
        package var after: String?
        package var limit = 50
        package init() {}
    }

    /// Movements by id, which is by time.
    package func movements(_ search: MovementSearch, of party: String) async throws -> [MovementRecord] {
        let time = now().microseconds
        return try await database.read { tx in
            var condition: SQL = search.direction == .out ? "party_id = \(party)" : "to_party = \(party)"
            if let after = search.after { condition = "\(condition) AND id > \(after)" }
            if let kind = search.kind { condition = "\(condition) AND kind = \(kind.rawValue)" }
            if let piece = search.piece { condition = "\(condition) AND piece_id = \(piece)" }
            if let slip = search.slip { condition = "\(condition) AND slip = \(slip)" }
            if search.isInForce || search.isOverdue { condition = "\(condition) AND state <> 'closed'" }
            if search.isOverdue { condition = "\(condition) AND kind = 'memo' AND until < \(time)" }
            return try tx.rows(
                """
                SELECT \(MovementRecord.columns) FROM movement WHERE \(condition) ORDER BY id LIMIT \(search.limit)
                """
            ).map(MovementRecord.init)
        }
    }

    /// Lets holds go whose time has passed; the time of the next one, if any.
    package func releaseLapsedHolds() async throws -> Timestamp? {
        try await database.write { tx in
            let time = now()
            let lapsed = try tx.rows(
                """
                SELECT \(MovementRecord.columns) FROM movement
                WHERE kind = 'hold' AND state = 'open' AND until <= \(time.microseconds) ORDER BY until LIMIT 500
                """
            ).map(MovementRecord.init)
            for var hold in lapsed {
                guard var record = try record(.id(hold.piece), in: .party(hold.party), tx: tx) else { continue }
                try close(&hold, outcome: "lapsed", at: time, tx: tx)
                try setStatus(of: &record, to: "in_stock", at: time, tx: tx)
                try self.record(
                    "movement-ended", of: record.id, in: hold.party, by: Actor(party: hold.party, member: ""), at: time,
                    ["movement": .string(hold.id), "outcome": "lapsed"], tx: tx)
            }
            let next = try tx.row(
                "SELECT until FROM movement WHERE kind = 'hold' AND state = 'open' ORDER BY until LIMIT 1")
            return next?.optionalInt(0).map(Timestamp.init(microseconds:))
        }
    }

    /// Pieces whose status is not what their movement in force says.
    package func movementFindings() async throws -> [String] {
        try await database.read { tx in
            var findings: [String] = []
            try tx.forEachRow(
                """
                SELECT p.id, p.status, m.kind, m.state FROM piece p
                LEFT JOIN movement m ON m.party_id = p.party_id AND m.piece_id = p.id AND m.state <> 'closed'
                WHERE p.status <> 'in_stock' OR m.id IS NOT NULL ORDER BY p.id
                """
            ) { row in
                let said = row.optionalText(2).flatMap(Movement.Kind.init(rawValue:)).flatMap { kind in
                    row.optionalText(3).flatMap(Movement.State.init(rawValue:)).map {
                        Movement(kind: kind, state: $0).pieceStatus
                    }
                }
                if said != row.text(1) {
                    findings.append(
                        "piece \(row.text(0)): it is \(row.text(1)), its movement says \(said ?? "nothing")")
                }
            }
            return findings
        }
    }

    // MARK: - Parts

    func inForce(of record: PieceRecord, tx: any Transaction) throws -> MovementRecord? {
        try tx.row(
            """
            SELECT \(MovementRecord.columns) FROM movement
            WHERE party_id = \(record.party) AND piece_id = \(record.id) AND state <> 'closed'
            """
        ).map(MovementRecord.init)
    }

    func close(
        _ current: inout MovementRecord, outcome: String, at time: Timestamp, tx: any Transaction
    ) throws {
        current.movement.state = .closed
        current.document = current.document.merging(
            .object(["outcome": .string(outcome), "closedAt": .string(time.description)]))
        try tx.run(
            """
            UPDATE movement SET state = 'closed', doc = \(current.document.text)
            WHERE party_id = \(current.party) AND id = \(current.id)
            """)
    }

    func setStatus(
        of record: inout PieceRecord, to status: String, at time: Timestamp, tx: any Transaction
    ) throws {
        let old = record.status
        record.status = status
        record.version += 1
        record.updated = time
        try tx.run(
            """
            UPDATE piece SET status = \(status), version = \(record.version), updated = \(time.microseconds)
            WHERE party_id = \(record.party) AND id = \(record.id)
            """)
        // A piece that is gone frees its keys; a stolen one keeps them, so that it is known when it is seen again.
        let isGone = ["lost", "stolen"]
        if PieceStatus.isLive(old) != PieceStatus.isLive(status) || isGone.contains(old) != isGone.contains(status) {
            try settle(&record, why: status, at: time, tx: tx)
        }
    }

    private func endConsents(of record: PieceRecord, by actor: Actor, at time: Timestamp, tx: any Transaction) throws {
        let ended = try tx.rows(
            """
            UPDATE consent SET revoked = \(time.microseconds)
            WHERE party_id = \(record.party) AND piece_id = \(record.id) AND revoked IS NULL RETURNING to_party
            """)
        for row in ended {
            try self.record(
                "consent-revoked", of: record.id, in: record.party, by: actor, at: time, ["to": .string(row.text(0))],
                tx: tx)
        }
    }
}
