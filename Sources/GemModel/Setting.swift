extension Piece {
    /// This piece as an entry of what it is set into: by its id, with the facts that are disclosed with it.
    ///
    /// Nil for a kind that is not set.
    public func mounted(as id: String, role: StoneEntry.Role?, setting: StoneEntry.Setting?) -> JSON? {
        guard [.stone, .pearl, .pair, .set, .parcel].contains(kind), let block = json[kind.rawValue] else { return nil }
        var entry: [JSON.Member] = [.init("piece", .string(id))]
        if let role { entry.append(.init("role", .string(role.rawValue))) }
        if kind != .stone {
            if let count = block[kind == .pearl ? "quantity" : "pieces"] { entry.append(.init("count", count)) }
        }
        if kind == .pearl { entry.append(.init("species", "pearl")) }
        let same = [
            "species", "variety", "nature", "growthMethod", "treatments", "cut", "measurementsMm", "clarity", "origin",
            "basis",
        ]
        for member in block.members ?? [] where same.contains(member.name) { entry.append(member) }
        if kind != .pearl, let shape = block["shape"] { entry.append(.init("shape", shape)) }
        if let weight = block[kind.weightMember ?? ""] { entry.append(.init("weightCt", weight)) }
        if let setting { entry.append(.init("setting", .string(setting.rawValue))) }
        return .object(entry)
    }

    /// With these stones in it. `weights` are members of its block, as weighed now.
    public func setting(_ entries: [JSON], weights: JSON) throws(InvalidInput) -> Piece {
        let stones = (json["jewellery"]?["stones"]?.elements ?? []) + entries
        return try restoned(stones, weights: weights)
    }

    /// Without the stones that are these pieces.
    public func unsetting(_ ids: Set<String>, weights: JSON) throws(InvalidInput) -> Piece {
        let stones = (json["jewellery"]?["stones"]?.elements ?? []).filter { !ids.contains($0["piece"]?.string ?? "") }
        return try restoned(stones, weights: weights)
    }

    /// The stones' total was of other stones: it is reckoned anew where it was said and all of them are weighed.
    private func restoned(_ stones: [JSON], weights: JSON) throws(InvalidInput) -> Piece {
        var block = (json["jewellery"] ?? .object([])).merging(.object([.init("stones", .null)]))
        if !stones.isEmpty { block = block.setting("stones", to: .array(stones)) }
        let isTotalled = block["totalWeightCt"] != nil
        block = block.merging(.object([.init("totalWeightCt", .null)])).merging(weights)
        var piece = try Piece(document: json.setting("jewellery", to: block))
        let each = (piece.jewellery?.stones ?? []).map { $0.weightCt?.value }
        if isTotalled, weights["totalWeightCt"] == nil, !each.contains(nil),
            let sum = MassBalance.sum(each.compactMap { $0 })
        {
            piece.jewellery?.totalWeightCt = Fact(sum)
        }
        return piece
    }
}
