/// What must hold between the members of a piece; one that breaks a rule is refused by the member's name.
///
/// What only looks odd is a ``Finding``.
extension Piece {
    func check() throws(InvalidInput) {
        try checkBlocks()
        switch kind {
        case .stone:
            try stone?.checkGem(at: "stone")
            if let girdle = stone?.diamond?.girdle?.value, !girdle.isCoded {
                throw InvalidInput(
                    "\"\(girdle.text.prefix(40))\" is not the size of a girdle",
                    hint: "write one of \(Girdle.Size.allCases.map(\.rawValue).joined(separator: ", ")), "
                        + "or from the thinnest to the thickest, such as MED-STK",
                    field: "stone.diamond.girdle")
            }
        case .rough: try rough?.checkGem(at: "rough")
        case .specimen: try specimen?.checkGem(at: "specimen")
        case .pearl: try pearl?.checkGem(at: "pearl")
        case .parcel: try parcel?.checkGem(at: "parcel")
        case .strand:
            try strand?.checkGem(at: "strand")
            try strand?.pearl?.checkGem(at: "strand.pearl")
        case .pair:
            try pair?.checkGem(at: "pair")
            try check(pair?.stones, at: "pair.stones")
            if let count = pair?.stones?.count, count > 2 {
                throw InvalidInput("a pair has two stones, not \(count)", hint: "make it a set", field: "pair.stones")
            }
        case .set:
            try set?.checkGem(at: "set")
            try check(set?.stones, at: "set.stones")
        case .jewellery:
            try check(jewellery?.stones, at: "jewellery.stones")
            for (index, metal) in (jewellery?.metals ?? []).enumerated() {
                do { try metal.check() } catch { throw error.at("jewellery.metals[\(index)]") }
            }
        }
        try checkTrade()
    }

    private static let kinds = Kind.allCases

    /// The member of its kind is there, and no other's.
    private func checkBlocks() throws(InvalidInput) {
        guard holds(kind) else {
            throw InvalidInput(
                "a piece of kind \"\(kind.rawValue)\" needs its facts",
                hint: "add \"\(kind.rawValue)\":{…}", field: kind.rawValue)
        }
        for other in Self.kinds where other != kind && holds(other) {
            throw InvalidInput(
                "a piece of kind \"\(kind.rawValue)\" has no \"\(other.rawValue)\"",
                hint: "take it out, or correct kind", field: other.rawValue)
        }
    }

    private func check(_ entries: [StoneEntry]?, at path: String) throws(InvalidInput) {
        for (index, entry) in (entries ?? []).enumerated() { try entry.checkGem(at: "\(path)[\(index)]") }
    }

    private func checkTrade() throws(InvalidInput) {
        for (name, value) in [("quantity", quantity), ("moq", moq), ("leadTimeDays", leadTimeDays)] {
            if let value, value < 0 || value > 1_000_000 {
                throw InvalidInput("\(name) cannot be \(value)", hint: "write 0 or more", field: name)
            }
        }
        for (index, tier) in (tiers ?? []).enumerated() where !(1...1_000_000).contains(tier.min) {
            throw InvalidInput(
                "a tier cannot begin at \(tier.min) pieces", hint: "write 1 or more", field: "tiers[\(index)].min")
        }
        if let sides = packed?.sizeMm, sides.count != 3 {
            throw InvalidInput(
                "a packed size has three sides, not \(sides.count)", hint: "write length, width and height",
                field: "packed.sizeMm")
        }
        if let ids = externalIds {
            for (index, id) in ids.enumerated() where ids[..<index].contains(id) {
                throw InvalidInput(
                    "\(id.scheme) \(id.id) stands twice", hint: "keep one", field: "externalIds[\(index)]")
            }
        }
        if let price { try price.check(at: "price", mayFollowMetal: kind == .jewellery) }
        for (name, price) in zip(Self.privatePrices, [cost, landedCost, memoPrice, minimumPrice]) {
            try price?.check(at: name)
        }
        for (index, price) in (prices ?? []).enumerated() { try price.check(at: "prices[\(index)]") }
    }
}

extension Price {
    /// What may be said of a price at `field`.
    package func check(at field: String, mayFollowMetal: Bool = false) throws(InvalidInput) {
        if metalLinked == true {
            guard mayFollowMetal else {
                throw InvalidInput(
                    "only the price of a piece of jewellery follows its metal", hint: "write total or perCarat",
                    field: field + ".metalLinked")
            }
            guard total == nil, perCarat == nil else {
                throw InvalidInput(
                    "a price that follows the metal has no amount", hint: "keep metalLinked, or the amount",
                    field: field + ".metalLinked")
            }
            return
        }
        guard total != nil || perCarat != nil else {
            throw InvalidInput("a price needs total or perCarat", hint: "add one of them", field: field)
        }
        if let total, let perCarat, total.currency != perCarat.currency {
            throw InvalidInput("total and perCarat are in two currencies", hint: "use one", field: field)
        }
    }
}

extension Gemstone {
    fileprivate func checkGem(at path: String) throws(InvalidInput) {
        if let treatments { try check(treatments, at: path + ".treatments") }
        guard let ri = tests?.ri?.value else { return }
        guard ri.count == 2, ri[0].value <= ri[1].value else {
            throw InvalidInput(
                "RI needs a low and a high reading", hint: "write [\"1.577\",\"1.584\"]", field: path + ".tests.ri")
        }
    }

    private func check(_ treatments: [Treatment], at field: String) throws(InvalidInput) {
        guard !treatments.isEmpty else {
            throw InvalidInput(
                "an empty list of treatments says nothing", hint: "write NT if nobody tested", field: field)
        }
        if treatments.count > 1, let alone = treatments.first(where: { $0.code == .NONE || $0.code == .NT }) {
            throw InvalidInput(
                "\(alone.code.rawValue) stands beside another treatment", hint: "keep NONE or NT alone, or take it out",
                field: field)
        }
    }
}
