/// What the blocks of all kinds say of their stones; one that lacks a fact answers nil.
///
/// Rules, findings, disclosure and search are written once, over this.
public protocol Gemstone: Sendable {
    var basis: Basis? { get }
    var nature: Fact<Nature>? { get }
    var growthMethod: Fact<GrowthMethod>? { get }
    var species: Fact<SpeciesCode>? { get }
    var variety: Fact<Line>? { get }
    var tradeTerms: [TradeTerm]? { get }
    var treatments: [Treatment]? { get }
    /// Of pearls.
    var identification: Fact<Pearl.Identification>? { get }
    var environment: Fact<Pearl.Environment>? { get }
    var tests: GemTests? { get }
    var phenomena: [Fact<Phenomenon>]? { get }
    var measurementsMm: Measurements? { get }
    var shapeFact: Fact<Shape>? { get }
    var cut: Fact<Cut>? { get }
    var transparency: Fact<Transparency>? { get }
    /// Of one stone, when the block is about one.
    var oneWeightCt: Fact<Carat>? { get }
    /// Of all stones together.
    var allWeightCt: Fact<Carat>? { get }
    var colourText: Fact<Line>? { get }
    var clarityCode: String? { get }
}

extension Gemstone {
    public var nature: Fact<Nature>? { nil }
    public var growthMethod: Fact<GrowthMethod>? { nil }
    public var species: Fact<SpeciesCode>? { nil }
    public var variety: Fact<Line>? { nil }
    public var tradeTerms: [TradeTerm]? { nil }
    public var treatments: [Treatment]? { nil }
    public var identification: Fact<Pearl.Identification>? { nil }
    public var environment: Fact<Pearl.Environment>? { nil }
    public var tests: GemTests? { nil }
    public var phenomena: [Fact<Phenomenon>]? { nil }
    public var measurementsMm: Measurements? { nil }
    public var shapeFact: Fact<Shape>? { nil }
    public var cut: Fact<Cut>? { nil }
    public var transparency: Fact<Transparency>? { nil }
    public var oneWeightCt: Fact<Carat>? { nil }
    public var allWeightCt: Fact<Carat>? { oneWeightCt }
    public var colourText: Fact<Line>? { nil }
    public var clarityCode: String? { nil }
}

extension Stone: Gemstone {
    public var shapeFact: Fact<Shape>? { shape }
    public var oneWeightCt: Fact<Carat>? { weightCt }
    public var colourText: Fact<Line>? { colour?.text }
    /// For diamonds the grade.
    public var clarityCode: String? { diamond?.clarity?.value.rawValue ?? clarity?.value.rawValue }
}

extension Rough: Gemstone {
    public var allWeightCt: Fact<Carat>? { weightCt ?? weightG?.inCarats }
    public var oneWeightCt: Fact<Carat>? { (pieces?.value.value ?? 1) == 1 ? allWeightCt : nil }
    public var colourText: Fact<Line>? { colour?.text }
    public var clarityCode: String? { clarity?.value.rawValue }
}

extension Specimen: Gemstone {
    public var allWeightCt: Fact<Carat>? { weightCt ?? weightG?.inCarats }
    public var colourText: Fact<Line>? { colour?.text }
    public var clarityCode: String? { clarity?.value.rawValue }
}

extension Pearl: Gemstone {
    public var species: Fact<SpeciesCode>? { Fact(.pearl) }
    public var allWeightCt: Fact<Carat>? { weightCt ?? weightG?.inCarats }
    public var colourText: Fact<Line>? { bodyColour }
}

extension MatchedStones: Gemstone {
    public var shapeFact: Fact<Shape>? { shape }
    public var allWeightCt: Fact<Carat>? { totalWeightCt }
    public var colourText: Fact<Line>? { colour?.text }
    public var clarityCode: String? { clarity?.value.rawValue }
}

extension Strand: Gemstone {
    public var shapeFact: Fact<Shape>? { shape }
    public var allWeightCt: Fact<Carat>? { totalWeightCt }
    public var colourText: Fact<Line>? { colour?.text }
    public var clarityCode: String? { clarity?.value.rawValue }
}

extension Parcel: Gemstone {
    public var shapeFact: Fact<Shape>? { shape }
    public var allWeightCt: Fact<Carat>? { totalWeightCt }
    public var colourText: Fact<Line>? { colour?.text }
    public var clarityCode: String? { clarity?.value.rawValue }
}

extension StoneEntry: Gemstone {
    public var shapeFact: Fact<Shape>? { shape }
    public var oneWeightCt: Fact<Carat>? { (count?.value.value ?? 1) == 1 ? weightCt : nil }
    public var allWeightCt: Fact<Carat>? { weightCt }
    public var colourText: Fact<Line>? { colour }
    public var clarityCode: String? { clarity?.value.text }
}

extension Fact<Gram> {
    /// 1 g = 5 ct; nil where carats run out.
    var inCarats: Fact<Carat>? {
        // Milligrams to 10⁻⁵ ct.
        Carat(units: value.units * 500, decimals: min(CaratUnit.decimals, value.decimals + 1)).map {
            Fact<Carat>($0, basis: basis)
        }
    }
}

extension SpeciesCode {
    static let pearl = SpeciesCode(known: "pearl")
}

// MARK: - What lists are searched and sorted by

extension Piece {
    /// The block whose facts stand for the whole piece: of jewellery its centre stone, or its only one.
    public var block: (any Gemstone)? {
        switch kind {
        case .stone: stone
        case .rough: rough
        case .pearl: pearl
        case .pair: pair
        case .set: set
        case .strand: strand
        case .parcel: parcel
        case .specimen: specimen
        case .jewellery: jewellery?.leadingStone
        }
    }

    /// What the lists are filtered, counted and sorted by.
    public var searchTerms: SearchTerms {
        // The hot path: no box around the stone.
        if let stone { return SearchTerms(stone, shape: stone.shape?.value.rawValue) }
        if let pearl { return SearchTerms(pearl, shape: pearl.shape?.value.rawValue) }
        if let strand {
            var terms = SearchTerms(strand, shape: strand.shape?.value.rawValue)
            if let pearl = strand.pearl {
                terms.species = terms.species ?? "pearl"
                terms.variety = terms.variety ?? pearl.variety?.value.text
                terms.shape = terms.shape ?? pearl.shape?.value.rawValue
                terms.colour = terms.colour ?? pearl.bodyColour?.value.text
                terms.weight = terms.weight ?? pearl.allWeightCt?.value
            }
            return terms
        }
        guard let block else { return SearchTerms() }
        var terms = SearchTerms(block, shape: block.shapeFact?.value.rawValue)
        // A ring is found by its stone's species, but its stones' weight is not its own.
        if kind == .jewellery { terms.weight = nil }
        return terms
    }

    /// The block and each stone described in it, with their JSON paths.
    public var allStones: [(path: String, gem: any Gemstone)] {
        var all: [(path: String, gem: any Gemstone)] = []
        if kind != .jewellery, let block { all.append((kind.rawValue, block)) }
        if let pearl = strand?.pearl { all.append(("strand.pearl", pearl)) }
        for (index, entry) in (pair?.stones ?? set?.stones ?? jewellery?.stones ?? []).enumerated() {
            all.append(("\(kind.rawValue).stones[\(index)]", entry))
        }
        return all
    }

    /// A pearl, or a strand of them.
    public var isOfPearls: Bool { kind == .pearl || strand?.pearl != nil || strand?.species?.value == .pearl }

    public var weight: Carat? { searchTerms.weight }
    public var species: String? { searchTerms.species }
    public var variety: String? { searchTerms.variety }
    public var totalPrice: Money? { price?.total(weight: weight) }
}

/// The facts of a piece that lists are filtered and counted by.
public struct SearchTerms: Hashable, Sendable {
    /// Of the whole piece: a parcel's total.
    public var weight: Carat?
    public var species: String?
    public var variety: String?
    public var shape: String?
    /// For diamonds the grade, else the words.
    public var colour: String?
    public var clarity: String?

    public init() {}

    init(_ stone: some Gemstone, shape: String?) {
        weight = stone.allWeightCt?.value
        species = stone.species?.value.code
        variety = stone.variety?.value.text
        self.shape = shape
        colour = (stone as? Stone)?.diamond?.colour?.value.rawValue ?? stone.colourText?.value.text
        clarity = stone.clarityCode
    }
}

extension Jewellery {
    /// The centre stone, or the only one.
    var leadingStone: StoneEntry? {
        guard let stones else { return nil }
        return stones.first { $0.role?.value == .centre } ?? (stones.count == 1 ? stones[0] : nil)
    }
}
