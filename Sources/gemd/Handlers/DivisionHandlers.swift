import GemInventory
import GemModel
import HTTPTypes

/// Pieces divided, put together, cut again and set (docs/protocol.md, "Dividing and putting together").
enum DivisionHandlers {
    static let keepers: Permission = .roles([.dealer])
    /// What came out of what tells of a dealer's trade: nothing for who only exports.
    static let readers: Permission = .roles([.dealer, .registrar, .auditor])

    static let mostParts = 200

    @Sendable static func split(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.json()
        let members = try Members(json, ["into", "remainder", "lossCt", "reason"])
        let list = try members.list("into", hint: "send \"into\":[{\"weightCt\":\"6.20\",\"pieces\":60},…]")
        let parts = try list.enumerated().map { try Part(json: $1, path: "into[\($0)]") }
        let remainder = try members.remainder(or: .none)
        let weighing = try members.weighing()
        let room = try await daemon.quotas.takeAll(parts.count, of: .pieces, for: call.caller.party)
        daemon.quotas.giveBack(room, of: .pieces, for: call.caller.party)
        defer { daemon.quotas.forget(call.caller.party) }
        return .kept(
            try await daemon.inventory.split(
                call.pieceName(), into: parts, remainder: remainder, weighing, in: call.caller.party,
                by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { whole, children in
                let items = children.map { $0.text(for: .owner) }.joined(separator: ",")
                return Answer(
                    status: 201, location: "/v1/pieces/\(whole.id)/lineage",
                    body: "{\"piece\":\(whole.text(for: .owner)),\"into\":[\(items)]}")
            })
    }

    @Sendable static func merge(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.json()
        let members = try Members(json, ["from", "weightCt", "weight", "pieces", "piece", "lossCt", "reason"])
        let names = try members.pieces("from", most: mostParts)
        let weight =
            json["weightCt"] == nil && json["weight"] == nil ? nil : try members.weight()
        let facts = try members.facts()
        let pieces = try members.value(Count.self, "pieces")?.value
        let weighing = try members.weighing()
        return .kept(
            try await daemon.inventory.merge(
                names, into: call.pieceName(), weight: weight, pieces: pieces, facts: facts, weighing,
                in: call.caller.party, by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { $0.answer(200, for: .owner) })
    }

    @Sendable static func recut(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.json()
        let said = ["measurementsMm", "shape", "cut", "crown", "pavilion", "clarity", "colour"]
        let members = try Members(json, ["weightCt", "weight", "reason"] + said)
        let facts = JSON.object((json.members ?? []).filter { said.contains($0.name) && $0.value != .null })
        let weight = try members.weight()
        let reason = try members.value(Line.self, "reason")
        return .kept(
            try await daemon.inventory.recut(
                call.pieceName(), to: weight, facts: facts, reason: reason, in: call.caller.party,
                by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { record, _ in record.answer(200, for: .owner) })
    }

    @Sendable static func assemble(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var piece: String
            var role: StoneEntry.Role?
            var setting: StoneEntry.Setting?
        }
        let json = try await call.json()
        let members = try Members(json, ["stones", "grossWeightG", "netWeightG"])
        let list = try members.list("stones", hint: "send \"stones\":[{\"piece\":\"stock:R-17\"},…]")
        let mounts = try list.enumerated().map { index, entry in
            let form = try Form(json: entry, path: "stones[\(index)]")
            guard let name = PieceName(form.piece) else {
                throw Self.noName(form.piece, field: "stones[\(index)].piece")
            }
            return Mount(stone: name, role: form.role, setting: form.setting)
        }
        let weights = try members.weights()
        return .kept(
            try await daemon.inventory.assemble(
                call.pieceName(), with: mounts, weights: weights, in: call.caller.party, by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)
            ) { $0.answer(200, for: .owner) })
    }

    @Sendable static func disassemble(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.jsonOrNothing()
        let members = try Members(json, ["stones", "grossWeightG", "netWeightG"])
        let names = json["stones"] == nil ? nil : try members.pieces("stones", most: mostParts)
        let weights = try members.weights()
        return .kept(
            try await daemon.inventory.disassemble(
                call.pieceName(), taking: names, weights: weights, in: call.caller.party, by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)
            ) { ring, stones in
                let items = stones.map { $0.text(for: .owner) }.joined(separator: ",")
                return Answer(status: 200, body: "{\"piece\":\(ring.text(for: .owner)),\"stones\":[\(items)]}")
            })
    }

    @Sendable static func lineage(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["limit", "after"])
        let limit = try Page.limit(query)
        let after = try query["after"].map { try Page.after($0) }
        var cursor: (way: String, id: String)?
        if case (.text(let way), let id)? = after { cursor = (way, id) }
        let (record, _) = try await daemon.piece(call)
        let found = try await daemon.inventory.lineage(of: record, after: cursor, limit: limit + 1)
        let next =
            found.count > limit ? Page.cursor((value: .text(found[limit - 1].way), id: found[limit - 1].id)) : nil
        return .json(
            .object([
                "items": .array(found.prefix(limit).map(\.json)), "next": next.map(JSON.string) ?? .null,
            ]))
    }

    fileprivate static func noName(_ text: String, field: String) -> Problem {
        Problem(
            .invalidValue, "\"\(text.prefix(40))\" names no piece", hint: "write an id, or stock:R-17", field: field)
    }
}

/// The members of a body whose parts are read one by one, each refused by its name.
struct Members {
    let json: JSON

    init(_ json: JSON, _ known: [String]) throws {
        guard let members = json.members else {
            throw Problem(.badJSON, "the body is not an object", hint: "send {\"\(known[0])\":…}")
        }
        if let stray = members.first(where: { !known.contains($0.name) }) {
            throw Problem(
                .unknownMember, "gemd knows no member \"\(stray.name.prefix(40))\" here",
                hint: "use " + known.joined(separator: ", "), field: stray.name)
        }
        self.json = .object(members.filter { $0.value != .null })
    }

    func value<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
        try json[name].map { try Value(json: $0, path: name) }
    }

    func list(_ name: String, hint: String) throws -> [JSON] {
        guard let list = json[name]?.elements, (1...DivisionHandlers.mostParts).contains(list.count) else {
            let count = json[name]?.elements?.count ?? 0
            throw Problem(
                .invalidValue, count == 0 ? "\(name) is missing" : "\(count) are too many at once",
                hint: count == 0 ? hint : "send at most \(DivisionHandlers.mostParts)", field: name)
        }
        return list
    }

    func pieces(_ name: String, most: Int) throws -> [PieceName] {
        try list(name, hint: "send \"\(name)\":[\"stock:R-17\",…]").enumerated().map { index, entry in
            let text = try String(json: entry, path: "\(name)[\(index)]")
            guard let piece = PieceName(text) else {
                throw DivisionHandlers.noName(text, field: "\(name)[\(index)]")
            }
            return piece
        }
    }

    /// `weightCt`, or `weight` with its unit.
    func weight() throws -> Carat {
        try Carat.oneOf(value(Carat.self, "weightCt"), value(String.self, "weight"), path: "")
    }

    func weighing() throws -> Weighing {
        Weighing(loss: try value(Carat.self, "lossCt"), reason: try value(Line.self, "reason"))
    }

    /// `{}`: what is left; with `weightCt` and `pieces` what was weighed.
    func remainder(or absent: Remainder) throws -> Remainder {
        guard let said = json["remainder"] else { return absent }
        let members = try Members(said, ["weightCt", "pieces"])
        let pieces = try members.json["pieces"].map { try Count(json: $0, path: "remainder.pieces").value }
        guard let weight = members.json["weightCt"] else {
            guard pieces == nil else {
                throw Problem(
                    .invalidValue, "the remainder's weight is missing", hint: "weigh it, or leave pieces out",
                    field: "remainder.weightCt")
            }
            return .left
        }
        return .weighed(try Carat(json: weight, path: "remainder.weightCt"), pieces: pieces)
    }

    /// What else is true of the whole.
    func facts() throws -> JSON {
        let facts = json["piece"] ?? .object([])
        guard facts.members != nil else { throw Page.invalid("piece", facts.text, "an object of members") }
        return facts
    }

    /// Of a piece of jewellery, as weighed now.
    func weights() throws -> JSON {
        let names = ["grossWeightG", "netWeightG"]
        return .object((json.members ?? []).filter { names.contains($0.name) })
    }
}
