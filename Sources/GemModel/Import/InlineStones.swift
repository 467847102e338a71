/// The stones of one piece of jewellery in a list that has a column for each of their facts, the values of several stones
/// in one cell after another: `Emerald, Diamond` beside `1.10, 0.24` (RapNet's jewellery list).
///
/// A column of diamonds or of coloured stones counts those alone: `Diamond Clarity` with one value is the one diamond's.
struct InlineStones {
    enum Colour: Hashable, Sendable {
        case gem, diamond, fancy, overtone
    }

    enum Member: Hashable, Sendable {
        case species, weight, count, clarity, cut, treatment
        case colour(Colour)
        case side(String)

        var name: String {
            switch self {
            case .species: "species"
            case .weight: "weightCt"
            case .count: "count"
            case .clarity: "clarity"
            case .cut: "shape"
            case .treatment: "treatments"
            case .colour: "colour"
            case .side(let side): "measurementsMm." + side
            }
        }

        /// Nil for facts that all stones have.
        fileprivate var isOfDiamonds: Bool? {
            switch self {
            case .species, .weight, .count, .side: nil
            case .clarity, .treatment, .colour(.diamond), .colour(.fancy), .colour(.overtone): true
            case .cut, .colour(.gem): false
            }
        }
    }

    private var cells: [(member: Member, parts: [String])] = []

    mutating func note(_ cell: String, as member: Member) { cells.append((member, CellText.parts(cell))) }

    var entries: [JSON] {
        let gems = cells.first { $0.member == .species }?.parts ?? []
        let count = cells.filter { $0.member.isOfDiamonds == nil }.map(\.parts.count).max() ?? 0
        var stones = (0..<count).map { index in
            gems.indices.contains(index) ? Self.gem(gems[index]) : gems.count == 1 ? Self.gem(gems[0]) : []
        }
        for (member, parts) in cells where member != .species {
            let among = stones.indices.filter { index in
                guard let isOfDiamonds = member.isOfDiamonds else { return true }
                return (stones[index].first { $0.name == "species" }?.value == "diamond") == isOfDiamonds
            }
            if among.isEmpty, !parts.isEmpty {
                // No stone of that kind is named: the fact itself says that there is one.
                stones += parts.map { part in
                    (member.isOfDiamonds == true ? Self.gem("diamond") : []) + Self.fact(part, member)
                }
            }
            for (index, part) in zip(among, parts) { Self.add(Self.fact(part, member), to: &stones[index]) }
        }
        return stones.filter { !$0.isEmpty }.map { .object($0) }
    }

    private static func gem(_ text: String) -> [JSON.Member] {
        let code = CodeNames.code(text, in: "species")
        if Species.named(code) != nil { return [.init("species", .string(code))] }
        guard let variety = Variety.named(CodeNames.code(text, in: "varieties")) else {
            return [.init("species", .string(text))]
        }
        return [.init("species", .string(variety.species)), .init("variety", .string(variety.code))]
    }

    private static func fact(_ text: String, _ member: Member) -> [JSON.Member] {
        let number = CellText.number(text, commaIsPoint: false).filter { $0 != " " }
        switch member {
        case .species: return gem(text)
        case .weight: return [.init("weightCt", .string(number.hasSuffix("ct") ? String(number.dropLast(2)) : number))]
        case .count: return [.init("count", Int(number).map { .integer($0) } ?? .string(text))]
        case .clarity: return [.init("clarity", .string(text))]
        case .colour: return [.init("colour", .string(text))]
        case .treatment:
            return [.init("treatments", .array([.object(["code": .string(CodeNames.code(text, in: "treatments"))])]))]
        case .cut:
            let shape = CodeNames.code(text, in: "shapes")
            return Shape(rawValue: shape) != nil
                ? [.init("shape", .string(shape))] : [.init("cut", .string(CodeNames.code(text, in: "cuts")))]
        case .side(let side): return [.init("measurementsMm", .object([.init(side, .string(number))]))]
        }
    }

    private static func add(_ facts: [JSON.Member], to stone: inout [JSON.Member]) {
        for fact in facts {
            guard let index = stone.firstIndex(where: { $0.name == fact.name }) else {
                stone.append(fact)
                continue
            }
            if fact.name == "measurementsMm" {
                stone[index].value = stone[index].value.merging(fact.value)
            } else if fact.name == "colour" {
                stone[index].value = .string("\(stone[index].value.string ?? "") \(fact.value.string ?? "")")
            }
        }
    }
}
