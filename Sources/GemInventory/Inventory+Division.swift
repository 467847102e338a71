package import GemModel

/// What a division or a mixture was weighed to.
package struct Weighing: Sendable {
    /// Lost: cut away, or gone in handling.
    package var loss: Carat?
    /// Why the weights do not balance.
    package var reason: Line?

    package init(loss: Carat?, reason: Line?) {
        self.loss = loss
        self.reason = reason
    }

    fileprivate var members: [String: JSON?] {
        ["lossCt": loss.map { .string($0.description) }, "reason": reason.map { .string($0.text) }]
    }
}

/// What is kept of a parcel that gives parts away.
package enum Remainder: Sendable {
    /// Nothing: it is divided whole, and is no more.
    case none
    /// What the parts leave, not weighed again.
    case left
    case weighed(Carat, pieces: Int?)
}

extension Inventory {
    /// Divides a parcel or rough into parts, which name it as their parent.
    /// - Throws: `.notFound`, `.promised`, `.state`, `.duplicate`; `InvalidInput` where the weights do not balance.
    package func split(
        _ name: PieceName, into parts: [Part], remainder: Remainder, _ weighing: Weighing, in party: String,
        by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (PieceRecord, [PieceRecord]) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard var record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                let time = now()
                _ = try makeWay(for: Movement(kind: .split), &record, at: time, tx: tx)
                let children = try divide(
                    &record, into: parts, at: { "into[\($0)]" }, remainder: remainder, weighing, by: actor, at: time,
                    tx: tx)
                return answer(record, children)
            }
        }
    }

    /// Takes parts out of a piece that is free for it, or whose holder gets or gives them.
    func divide(
        _ record: inout PieceRecord, into parts: [Part], at path: (Int) -> String, remainder: Remainder,
        _ weighing: Weighing, because: [String: JSON?] = [:], by actor: Actor, at time: Timestamp,
        tx: any Transaction
    ) throws -> [PieceRecord] {
        guard let whole = record.piece else { throw InventoryError.store("piece \(record.id) is damaged") }
        guard whole.kind.isDivisible else {
            throw InventoryError.state(
                "\(record.stockNumber) is a \(whole.kind.rawValue); a parcel or rough is divided")
        }
        guard let weight = whole.weight else {
            throw InvalidInput(
                "the weight of \(record.stockNumber) is not known", hint: "weigh it and enter it first",
                field: whole.kind.rawValue)
        }
        let taken = parts.map(\.weight)
        let counts = parts.compactMap(\.pieces?.value)
        var (left, leftPieces): (Carat?, Int?) = (nil, nil)
        switch remainder {
        case .none: break
        case .weighed(let carats, let pieces): (left, leftPieces) = (carats, pieces)
        case .left:
            left = MassBalance.remainder(of: weight, less: taken, loss: weighing.loss)
            guard left != nil else {
                throw InvalidInput(
                    "nothing is left of \(weight) ct", hint: "correct a weight, or divide it whole", field: path(0))
            }
            if let count = whole.count, counts.count == parts.count {
                leftPieces = count - counts.reduce(0, +)
                guard leftPieces ?? 0 > 0 else {
                    throw InvalidInput(
                        "no piece is left of \(count)", hint: "correct a count, or divide it whole",
                        field: path(0) + ".pieces")
                }
            }
        }
        let balance = MassBalance(input: weight, outputs: taken + (left.map { [$0] } ?? []), loss: weighing.loss)
        try balance.check(reason: weighing.reason, mayGrow: whole.kind == .parcel)
        try Self.checkCount(of: whole, counts, parts, left == nil ? 0 : leftPieces, weighing.reason)

        var children: [PieceRecord] = []
        for (index, part) in parts.enumerated() {
            let draft: Draft
            do { draft = try Draft(part: whole.document(of: part, at: path(index)), of: record.id) } catch {
                throw error.isWithin(path(index)) ? error : error.within(path(index))
            }
            guard
                case .created(let child) = try insert(
                    draft, in: record.party, by: actor, at: time, equalStockIsUnchanged: false, tx: tx)
            else { throw InventoryError.duplicate(field: path(index) + ".piece.id", value: draft.id ?? "") }
            children.append(child)
            try inherit(child.id, from: record, how: "split", part.weight, at: time, tx: tx)
        }
        var members = weighing.members.merging(because) { $1 }
        members["into"] = .array(
            zip(children, parts).map { child, part in
                .object([
                    "piece": .string(child.id), "stockNumber": .string(child.stockNumber),
                    "weightCt": .string(part.weight.description), "pieces": part.pieces.map { .integer($0.value) },
                ])
            })
        if let left {
            members["weightCt"] = .string(weight.description)
            let rest = try whole.remainder(weight: left, pieces: leftPieces)
            try rewrite(
                &record, as: rest, because: .divided, by: actor, at: time, event: "piece-split", members, tx: tx)
        } else {
            try end(&record, Movement(kind: .split), members, by: actor, at: time, tx: tx)
        }
        return children
    }

    /// Of a parcel whose stones are counted, all are somewhere, unless it is said why not.
    private static func checkCount(
        of whole: Piece, _ counts: [Int], _ parts: [Part], _ left: Int?, _ reason: Line?
    ) throws(InvalidInput) {
        guard whole.kind == .parcel, let count = whole.count, counts.count == parts.count, let left else { return }
        let out = counts.reduce(left, +)
        guard out != count, reason == nil else { return }
        throw InvalidInput(
            "\(out) pieces come out of \(count)", hint: "correct a count, or say the reason", field: "reason")
    }

    /// Puts other parcels into this one. They are no more; it weighs what they weighed together, or what is said.
    package func merge(
        _ others: [PieceName], into name: PieceName, weight: Carat?, pieces: Int?, facts: JSON, _ weighing: Weighing,
        in party: String, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (PieceRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard var target = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                let time = now()
                _ = try makeWay(for: Movement(kind: .merge), &target, at: time, tx: tx)
                var sources: [(record: PieceRecord, piece: Piece, weight: Carat)] = []
                var seen: Set<String> = [target.id]
                let whole = try mixable(target, as: nil)
                for (index, other) in others.enumerated() {
                    let field = "from[\(index)]"
                    guard var source = try record(other, in: .party(party), tx: tx) else {
                        throw InvalidInput("there is no such piece", hint: "check its number", field: field)
                    }
                    guard seen.insert(source.id).inserted else {
                        throw InvalidInput(
                            "\(source.stockNumber) is named twice", hint: "name it once", field: field)
                    }
                    _ = try makeWay(for: Movement(kind: .merge), &source, at: time, tx: tx)
                    let (piece, carats) = try mixable(source, as: whole.piece.kind)
                    sources.append((source, piece, carats))
                }
                guard let sum = MassBalance.sum([whole.weight] + sources.map(\.weight)) else {
                    throw InvalidInput("that is more than a piece may weigh", hint: "check the weights", field: "from")
                }
                let left = weight ?? MassBalance.remainder(of: sum, less: [], loss: weighing.loss)
                guard let left else {
                    throw InvalidInput("nothing is left", hint: "correct the loss", field: "lossCt")
                }
                try MassBalance(input: sum, outputs: [left], loss: weighing.loss)
                    .check(reason: weighing.reason, mayGrow: whole.piece.kind == .parcel)
                let counts = ([whole.piece] + sources.map(\.piece)).compactMap(\.count)
                let count = pieces ?? (counts.count == sources.count + 1 ? counts.reduce(0, +) : nil)
                let merged = try whole.piece.merged(
                    with: sources.map(\.piece), weight: left, pieces: count, facts: facts)
                for index in sources.indices {
                    try end(
                        &sources[index].record,
                        Movement(kind: .merge, to: .init(name: target.stockNumber)), [:], by: actor, at: time, tx: tx)
                    try inherit(
                        target.id, from: sources[index].record, how: "merge", sources[index].weight, at: time, tx: tx)
                }
                var members = weighing.members
                members["from"] = .array(
                    sources.map {
                        .object(["piece": .string($0.record.id), "weightCt": .string($0.weight.description)])
                    })
                try rewrite(
                    &target, as: merged, becameAnother: true, because: .divided, by: actor, at: time,
                    event: "piece-merged", members, tx: tx)
                return answer(target)
            }
        }
    }

    private func mixable(_ record: PieceRecord, as kind: Piece.Kind?) throws -> (piece: Piece, weight: Carat) {
        guard let piece = record.piece else { throw InventoryError.store("piece \(record.id) is damaged") }
        guard piece.kind.isDivisible, kind ?? piece.kind == piece.kind else {
            throw InventoryError.state(
                "\(record.stockNumber) is a \(piece.kind.rawValue); "
                    + (kind.map { "only \($0.rawValue) goes into \($0.rawValue)" } ?? "only parcels and rough are mixed")
            )
        }
        guard let weight = piece.weight else {
            throw InvalidInput(
                "the weight of \(record.stockNumber) is not known", hint: "weigh it and enter it first",
                field: piece.kind.rawValue)
        }
        return (piece, weight)
    }

    /// Records what a stone is after it was cut again: never heavier, and what was lost.
    package func recut(
        _ name: PieceName, to weight: Carat, facts: JSON, reason: Line?, in party: String, by actor: Actor,
        key: IdempotencyKey?, answer: @escaping @Sendable (PieceRecord, Carat?) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard var record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
                let time = now()
                _ = try makeWay(for: Movement(kind: .split), &record, at: time, tx: tx)
                guard let before = record.piece else { throw InventoryError.store("piece \(record.id) is damaged") }
                let after = try before.recut(to: weight, facts: facts)
                let loss = before.weight.flatMap { MassBalance.remainder(of: $0, less: [weight], loss: nil) }
                try rewrite(
                    &record, as: after, becameAnother: after.isOtherShape(than: before), because: .recutRepolished,
                    by: actor, at: time, event: "piece-recut",
                    [
                        "weightCt": before.weight.map { .string($0.description) },
                        "lossCt": loss.map { .string($0.description) }, "reason": reason.map { .string($0.text) },
                    ], tx: tx)
                return answer(record, loss)
            }
        }
    }

    // MARK: - Lineage

    /// Ends a piece that went into others: its movement stays in force for good, and what was certified of it is over.
    func end(
        _ record: inout PieceRecord, _ movement: Movement, _ members: [String: JSON?], by actor: Actor,
        at time: Timestamp, tx: any Transaction
    ) throws {
        let ended = try endCertificates(of: &record, tx: tx)
        if !ended.isEmpty {
            try tx.run(
                "UPDATE piece SET attached = \(record.attached) WHERE party_id = \(record.party) AND id = \(record.id)")
        }
        let details = JSON.object(
            members.sorted { $0.key < $1.key }.compactMap { name, value in value.map { .init(name, $0) } }
                + (ended.isEmpty ? [] : [.init("certificatesEnded", .array(ended.map(JSON.string)))]))
        _ = try begin(
            movement, of: .id(record.id), details: details, currency: nil, in: record.party, by: actor, at: time, tx: tx
        )
        guard let stored = try self.record(.id(record.id), in: .party(record.party), tx: tx) else {
            throw InventoryError.notFound
        }
        record = stored
        if !ended.isEmpty {
            try changeCertificates(of: &record, .suspend, because: .divided, by: actor, at: time, tx: tx)
        }
    }

    private func inherit(
        _ child: String, from parent: PieceRecord, how: String, _ weight: Carat, at time: Timestamp,
        tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO lineage (party_id, parent_id, child_id, how, weight, created)
            VALUES (\(parent.party), \(parent.id), \(child), \(how), \(weight.units), \(time.microseconds))
            ON CONFLICT DO NOTHING
            """)
    }

    /// What a piece came out of (`from`) and what came out of it (`into`), one step each way, by the other's id.
    package func lineage(
        of record: PieceRecord, after: (way: String, id: String)?, limit: Int
    ) async throws -> [(way: String, id: String, json: JSON)] {
        try await database.read { tx in
            var page: SQL = "1 = 1"
            if let after { page = "(l.other, l.way) > (\(after.id), \(after.way))" }
            return try tx.rows(
                """
                SELECT l.way, l.other, l.how, l.weight, l.created, p.stock_number, p.status FROM (
                    SELECT party_id, 'from' AS way, parent_id AS other, how, weight, created FROM lineage
                    WHERE party_id = \(record.party) AND child_id = \(record.id)
                    UNION ALL
                    SELECT party_id, 'into' AS way, child_id AS other, how, weight, created FROM lineage
                    WHERE party_id = \(record.party) AND parent_id = \(record.id)) l
                JOIN piece p ON p.party_id = l.party_id AND p.id = l.other
                WHERE \(page) ORDER BY l.other, l.way LIMIT \(limit)
                """
            ).map { row in
                let units = row.int(3)
                // As on a scale of two decimals, unless it was a finer one.
                let weight = Carat(units: units, decimals: units % 1000 == 0 ? 2 : units % 100 == 0 ? 3 : 5)
                return (
                    row.text(0), row.text(1),
                    .object([
                        "way": .string(row.text(0)), "piece": .string(row.text(1)),
                        "stockNumber": .string(row.text(5)), "status": .string(row.text(6)),
                        "how": .string(row.text(2)), "weightCt": weight.map { .string($0.description) },
                        "at": .string(Timestamp(microseconds: row.int(4)).description),
                    ])
                )
            }
        }
    }
}

extension InvalidInput {
    fileprivate func isWithin(_ path: String) -> Bool { field.hasPrefix(path) }
    fileprivate func within(_ path: String) -> InvalidInput {
        var copy = self
        copy.field = field.isEmpty ? path : "\(path).piece.\(field)"
        return copy
    }
}
