package import GemModel

/// A stone of one's own stock on its way into a piece of jewellery.
package struct Mount: Sendable {
    package var stone: PieceName
    package var role: StoneEntry.Role?
    package var setting: StoneEntry.Setting?

    package init(stone: PieceName, role: StoneEntry.Role?, setting: StoneEntry.Setting?) {
        self.stone = stone
        self.role = role
        self.setting = setting
    }
}

extension Inventory {
    /// Sets stones into a piece of jewellery, all or none: it names each with its facts, and each is in work from then on.
    package func assemble(
        _ name: PieceName, with mounts: [Mount], weights: JSON, in party: String, by actor: Actor,
        key: IdempotencyKey?, answer: @escaping @Sendable (PieceRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                var (ring, before, time) = try jewel(name, in: party, tx: tx)
                var entries: [JSON] = []
                var seen: Set<String> = []
                for (index, mount) in mounts.enumerated() {
                    let field = "stones[\(index)]"
                    guard var stone = try record(mount.stone, in: .party(party), tx: tx), let piece = stone.piece else {
                        throw InvalidInput("there is no such piece", hint: "check its number", field: field)
                    }
                    guard seen.insert(stone.id).inserted else {
                        throw InvalidInput("\(stone.stockNumber) is named twice", hint: "name it once", field: field)
                    }
                    guard let entry = piece.mounted(as: stone.id, role: mount.role, setting: mount.setting) else {
                        throw InvalidInput(
                            "\(stone.stockNumber) is a \(piece.kind.rawValue)",
                            hint: "stones, pearls, pairs, sets and parcels are set", field: field)
                    }
                    entries.append(entry)
                    let movement = Movement(kind: .set, to: .init(name: ring.stockNumber))
                    _ = try makeWay(for: movement, &stone, at: time, tx: tx)
                    _ = try begin(
                        movement, of: .id(stone.id), details: .object(["slip": .string(ring.id)]), currency: nil,
                        in: party, by: actor, at: time, tx: tx)
                }
                let after = try before.setting(entries, weights: weights)
                try rewrite(
                    &ring, as: after, becameAnother: true, by: actor, at: time, event: "piece-assembled",
                    ["stones": .array(seen.sorted().map(JSON.string))], tx: tx)
                return answer(ring)
            }
        }
    }

    /// Takes stones out of a piece of jewellery and back into stock: those named, or all that were set into it.
    package func disassemble(
        _ name: PieceName, taking stones: [PieceName]?, weights: JSON, in party: String, by actor: Actor,
        key: IdempotencyKey?, answer: @escaping @Sendable (PieceRecord, [PieceRecord]) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                var (ring, before, time) = try jewel(name, in: party, tx: tx)
                let names =
                    try stones
                    ?? tx.rows(
                        """
                        SELECT piece_id FROM movement
                        WHERE party_id = \(party) AND kind = 'set' AND slip = \(ring.id) AND state <> 'closed' ORDER BY id
                        """
                    ).map { .id($0.text(0)) }
                guard !names.isEmpty else {
                    throw InventoryError.state("no stone of the stock is set in \(ring.stockNumber)")
                }
                var taken: [PieceRecord] = []
                for (index, name) in names.enumerated() {
                    guard var stone = try record(name, in: .party(party), tx: tx) else {
                        throw InvalidInput(
                            "there is no such piece", hint: "check its number", field: "stones[\(index)]")
                    }
                    guard var current = try inForce(of: stone, tx: tx), current.movement.kind == .set,
                        current.document["slip"]?.string == ring.id
                    else { throw InventoryError.state("\(stone.stockNumber) is not set in \(ring.stockNumber)") }
                    try close(&current, outcome: "taken-out", at: time, tx: tx)
                    try setStatus(of: &stone, to: "in_stock", at: time, tx: tx)
                    try record(
                        "movement-ended", of: stone.id, in: party, by: actor, at: time,
                        ["movement": .string(current.id), "outcome": "taken-out"], tx: tx)
                    taken.append(stone)
                }
                let after = try before.unsetting(Set(taken.map(\.id)), weights: weights)
                try rewrite(
                    &ring, as: after, becameAnother: true, by: actor, at: time, event: "piece-disassembled",
                    ["stones": .array(taken.map { .string($0.id) })], tx: tx)
                return answer(ring, taken)
            }
        }
    }

    /// A piece of jewellery that is free to be worked on.
    private func jewel(
        _ name: PieceName, in party: String, tx: any Transaction
    ) throws -> (record: PieceRecord, piece: Piece, time: Timestamp) {
        guard var record = try record(name, in: .party(party), tx: tx) else { throw InventoryError.notFound }
        guard let piece = record.piece else { throw InventoryError.store("piece \(record.id) is damaged") }
        guard piece.kind == .jewellery else {
            throw InventoryError.state("\(record.stockNumber) is a \(piece.kind.rawValue), not jewellery")
        }
        let time = now()
        _ = try makeWay(for: Movement(kind: .set), &record, at: time, tx: tx)
        return (record, piece, time)
    }
}
