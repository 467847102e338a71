/// Two stones that belong together (kind `pair`), or more (kind `set`): what they share, and each by itself (domain §1.2).
public struct MatchedStones: Codable, Hashable, Sendable {
    public var basis: Basis?
    public var nature: Fact<Nature>?
    public var growthMethod: Fact<GrowthMethod>?
    /// Of pearls, as in ``Pearl``.
    public var identification: Fact<Pearl.Identification>?
    public var environment: Fact<Pearl.Environment>?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    public var pieces: Fact<Count>?
    public var totalWeightCt: Fact<Carat>?
    /// Of one of them, when they are alike.
    public var measurementsMm: Measurements?
    public var shape: Fact<Shape>?
    public var cut: Fact<Cut>?
    public var colour: Colour?
    public var phenomena: [Fact<Phenomenon>]?
    public var transparency: Fact<Transparency>?
    public var clarity: Fact<StoneClarity>?
    public var matching: Fact<Matching>?
    /// Whether one may be bought without the others.
    public var separable: Fact<Bool>?
    /// Each by itself: another piece, or described here.
    public var stones: [StoneEntry]?
    public var tests: GemTests?
    public var treatments: [Treatment]?
    public var origin: GeographicOrigin?
    public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    public var comments: Prose?
}

/// A stone within a piece: another registered piece, or described in place.
public struct StoneEntry: Codable, Hashable, Sendable {
    public enum Role: String, Term {
        case centre, side, accent
    }

    public enum Setting: String, Term {
        case prong, bezel, pave, channel, kundan, tension, other
    }

    /// A stock number or id; then nothing else needs to be said.
    public var piece: Line?
    public var role: Fact<Role>?
    public var count: Fact<Count>?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var nature: Fact<Nature>?
    public var growthMethod: Fact<GrowthMethod>?
    /// Of pearls, as in ``Pearl``.
    public var identification: Fact<Pearl.Identification>?
    public var environment: Fact<Pearl.Environment>?
    public var treatments: [Treatment]?
    public var shape: Fact<Shape>?
    public var cut: Fact<Cut>?
    /// Of all stones of this entry together.
    public var weightCt: Fact<Carat>?
    /// Of one of them.
    public var measurementsMm: Measurements?
    public var colour: Fact<Line>?
    public var clarity: Fact<Line>?
    public var setting: Fact<Setting>?
    public var origin: GeographicOrigin?
    /// Of a mounted stone's grades usually `estimated`.
    public var basis: Basis?
}
