/// One part of what is divided: its weight, its count, and what else it is, as a client sends it.
///
/// JSON: `{"weightCt":"6.20","pieces":60,"stockNumber":"B-4/1","piece":{…}}`. `piece` is a merge patch over what
/// the whole hands down; with another `kind` it makes a cut stone of rough.
public struct Part: Hashable, Sendable {
    public var stockNumber: StockNumber?
    public var weight: Carat
    public var pieces: Count?
    public var facts: JSON

    private struct Form: Decodable {
        var stockNumber: StockNumber?
        var weightCt: Carat?
        var weight: String?
        var pieces: Count?
    }

    public init(stockNumber: StockNumber? = nil, weight: Carat, pieces: Count? = nil, facts: JSON = .object([])) {
        self.stockNumber = stockNumber
        self.weight = weight
        self.pieces = pieces
        self.facts = facts
    }

    /// `path` is where it stands in the request, such as `into[0]`.
    public init(json: JSON, path: String) throws(InvalidInput) {
        let facts = json["piece"] ?? .object([])
        guard let members = json.members, facts.members != nil else {
            throw InvalidInput(
                "a part is an object", hint: "write {\"weightCt\":\"6.20\",\"pieces\":60}", field: path)
        }
        let form = try Form(json: .object(members.filter { $0.name != "piece" }), path: path)
        self.init(
            stockNumber: form.stockNumber,
            weight: try Carat.oneOf(form.weightCt, form.weight, path: path), pieces: form.pieces, facts: facts)
    }
}

extension Carat {
    /// `weightCt`, or `weight` with its unit; one of them, not both.
    public static func oneOf(_ carats: Carat?, _ text: String?, path: String) throws(InvalidInput) -> Carat {
        func at(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
        guard let text else {
            if let carats { return carats }
            throw InvalidInput("the weight is missing", hint: "add weightCt", field: at("weightCt"))
        }
        guard carats == nil else {
            throw InvalidInput(
                "weight and weightCt say the same thing twice", hint: "keep one of them", field: at("weight"))
        }
        do { return try Carat(try Weight.carats(text)) } catch { throw error.at(at("weight")) }
    }
}

extension Piece.Kind {
    /// Where the block of this kind says the weight of all.
    var weightMember: String? {
        switch self {
        case .stone, .rough, .specimen, .pearl: "weightCt"
        case .pair, .set, .strand, .parcel: "totalWeightCt"
        case .jewellery: nil
        }
    }

    fileprivate var countMember: String? {
        switch self {
        case .rough, .pair, .set, .strand, .parcel: "pieces"
        case .pearl: "quantity"
        case .stone, .specimen, .jewellery: nil
        }
    }

    /// Sold by weight and count, so that some of it may be taken out.
    public var isDivisible: Bool { self == .parcel || self == .rough }
}

extension Piece {
    /// Of a parcel or lot of rough.
    public var count: Int? { parcel?.pieces?.value.value ?? rough?.pieces?.value.value }

    /// Weights, counts, seals: true of the whole alone.
    private static let ofTheWhole = [
        "weightCt", "weightG", "totalWeightCt", "averageWeightCt", "pieces", "sealNumber", "measurementsMm",
    ]

    /// What a part of it is, as a new document: the facts of the whole, with the part's own over them.
    ///
    /// Texts are not handed down, since they may tell the weight; nor numbers in others' registers, photographs or
    /// notes. A price of the whole becomes one per carat. What is cut from rough takes its nature, species, treatments
    /// and origin, and neither price nor cost.
    public func document(of part: Part, at path: String) throws(InvalidInput) -> JSON {
        let named = part.facts["kind"]?.string ?? kind.rawValue
        guard let kind = Kind(rawValue: named), let weightMember = kind.weightMember, kind != .pearl else {
            throw InvalidInput(
                "no part is of kind \"\(named.prefix(20))\"",
                hint: "write stone, rough, parcel, pair, set, strand or specimen", field: path + ".piece.kind")
        }
        let said = part.facts[kind.rawValue]
        for name in ["weightCt", "weightG", "totalWeightCt", "weight"] where said?[name] != nil {
            throw InvalidInput(
                "the part's weight stands beside it already", hint: "leave it out of piece",
                field: "\(path).piece.\(kind.rawValue).\(name)")
        }
        let whole = json
        let block = whole[self.kind.rawValue] ?? .object([])
        var document = JSON.object([.init("kind", .string(kind.rawValue))])
        var own: [JSON.Member]
        if kind == self.kind {
            own = (block.members ?? []).filter { !Self.ofTheWhole.contains($0.name) }
            let top = ["location", "origin", "brand", "department", "keywords", "hs", "packagingText", "leadTimeDays"]
            document = document.merging(.object((whole.members ?? []).filter { top.contains($0.name) }))
                .merging(try pricesPerCarat())
        } else {
            let facts = [
                "basis", "nature", "growthMethod", "species", "variety", "tradeTerms", "treatments", "origin",
                "disclosedSource", "traceability",
            ].filter { kind != .specimen || $0 != "growthMethod" }
            own = (block.members ?? []).filter { facts.contains($0.name) }
            document = document.merging(
                .object((whole.members ?? []).filter { ["location", "origin"].contains($0.name) }))
        }
        own.append(.init(weightMember, .string(part.weight.description)))
        if let pieces = part.pieces {
            if let member = kind.countMember {
                own.append(.init(member, .integer(pieces.value)))
            } else if pieces.value != 1 {
                throw InvalidInput(
                    "a \(kind.rawValue) is one piece, not \(pieces)", hint: "make it a parcel, or leave pieces out",
                    field: path + ".pieces")
            }
        }
        document = document.setting(kind.rawValue, to: .object(own)).merging(part.facts)
        if let number = part.stockNumber { document = document.setting("stockNumber", to: .string(number.text)) }
        return document
    }

    /// What stays when parts are taken out.
    public func remainder(weight: Carat, pieces: Int?) throws(InvalidInput) -> Piece {
        guard let weightMember = kind.weightMember else { preconditionFailure("only what has a weight is divided") }
        var patch = Self.ofTheWhole.map { JSON.Member($0, .null) }
        patch.append(.init(weightMember, .string(weight.description)))
        if let pieces { patch.append(.init("pieces", .integer(pieces))) }
        // Null members first, so that the new values stand.
        let block = (json[kind.rawValue] ?? .object([])).merging(.object(Array(patch.prefix(Self.ofTheWhole.count))))
            .merging(.object(Array(patch.dropFirst(Self.ofTheWhole.count))))
        return try Piece(document: json.setting(kind.rawValue, to: block).merging(try pricesPerCarat()))
    }

    /// A merge patch that turns each price of the whole into one per carat, rounded half up.
    private func pricesPerCarat() throws(InvalidInput) -> JSON {
        var patch: [JSON.Member] = []
        if let price { patch.append(.init("price", try price.perCarat(of: weight))) }
        for (name, price) in zip(Self.privatePrices, [cost, landedCost, memoPrice, minimumPrice]) {
            if let price { patch.append(.init(name, try price.perCarat(of: weight))) }
        }
        if let prices {
            var list: [JSON] = []
            for price in prices { list.append(try price.perCarat(of: weight).withoutNulls) }
            patch.append(.init("prices", .array(list)))
        }
        return .object(patch)
    }
}

extension Price {
    fileprivate func perCarat(of weight: Carat?) throws(InvalidInput) -> JSON {
        var perCarat = perCarat
        if perCarat == nil, let total, let weight {
            let units = try (Ratio(Int128(total.minorUnits)) * Ratio(100_000, Int128(weight.units))).rounded(
                decimals: 0)
            perCarat = try Money(minorUnits: units, currency: total.currency)
        }
        return .object([.init("total", .null), .init("perCarat", perCarat?.json ?? .null)])
    }
}

// MARK: - Put together

extension Piece {
    /// What must be the same of all that is mixed: else the whole would be sold as what a part of it is not.
    private static let mixedFacts = ["nature", "growthMethod", "species", "variety", "treatments", "origin"]

    /// This parcel with others in it. `facts` is a merge patch that says what the whole is where they differ.
    public func merged(with others: [Piece], weight: Carat, pieces: Int?, facts: JSON) throws(InvalidInput) -> Piece {
        let all = [self] + others
        let blocks = all.map { $0.json[kind.rawValue] ?? .object([]) }
        for name in Self.mixedFacts where facts[kind.rawValue]?[name] == nil {
            guard Set(blocks.map { ($0[name] ?? .null).text }).count > 1 else { continue }
            throw InvalidInput(
                "they differ in \(name)",
                hint: "say what is true of the whole: \"piece\":{\"\(kind.rawValue)\":{\"\(name)\":…}}",
                field: "piece.\(kind.rawValue).\(name)")
        }
        var document = try remainder(weight: weight, pieces: pieces).json
        let costs = all.compactMap { $0.cost?.total(weight: $0.weight) }
        let isWhole = costs.count == all.count && Set(costs.map(\.currency)).count == 1
        let sum = costs.reduce(0) { $0 + $1.minorUnits }
        for name in Self.privatePrices { document = document.setting(name, to: .null) }
        if isWhole, let currency = costs.first?.currency {
            let total = try Money(minorUnits: sum, currency: currency)
            document = document.setting("cost", to: .object(["total": total.json]))
        }
        return try Piece(document: document.withoutNulls.merging(facts))
    }
}
