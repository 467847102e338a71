/// Beads or pearls on a thread, sold without precious metal (domain §1.1, §1.4).
public struct Strand: Codable, Hashable, Sendable {
    public enum Graduation: String, Term {
        case uniform, graduated, mixed
    }

    public var basis: Basis?
    public var nature: Fact<Nature>?
    public var growthMethod: Fact<GrowthMethod>?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    /// Beads or pearls altogether.
    public var pieces: Fact<Count>?
    public var rows: Fact<Count>?
    public var totalWeightCt: Fact<Carat>?
    /// With thread and clasp.
    public var grossWeightG: Fact<Gram>?
    public var lengthMm: Fact<Millimetre>?
    public var sizeRange: Span?
    public var graduation: Fact<Graduation>?
    public var shape: Fact<Shape>?
    public var cut: Fact<Cut>?
    public var colour: Colour?
    public var phenomena: [Fact<Phenomenon>]?
    public var transparency: Fact<Transparency>?
    public var clarity: Fact<StoneClarity>?
    public var matching: Fact<Matching>?
    public var knotted: Fact<Bool>?
    public var clasp: Fact<Line>?
    /// What is said of the pearls of a strand of pearls.
    public var pearl: Pearl?
    public var tests: GemTests?
    public var treatments: [Treatment]?
    public var origin: GeographicOrigin?
    public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    public var comments: Prose?
}
