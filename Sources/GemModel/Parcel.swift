/// Stones sold by count and weight, none of them by itself (domain §1.8).
public struct Parcel: Codable, Hashable, Sendable {
    /// What the price is meant for.
    public enum PriceBasis: String, Term {
        /// Per carat for the whole lot.
        case perCarat = "per_carat"
        case perPiece = "per_piece"
        /// Per carat, for a buyer who picks.
        case pick

        public static let aliases: [String: PriceBasis] = [
            "perCarat": .perCarat, "per_ct": .perCarat, "per_carat_lot": .perCarat, "perPiece": .perPiece,
            "pick_price": .pick,
        ]
    }

    public var basis: Basis?
    public var pieces: Fact<Count>?
    public var totalWeightCt: Fact<Carat>?
    public var averageWeightCt: Fact<Carat>?
    public var nature: Fact<Nature>?
    public var growthMethod: Fact<GrowthMethod>?
    /// Of pearls, as in ``Pearl``.
    public var identification: Fact<Pearl.Identification>?
    public var environment: Fact<Pearl.Environment>?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    public var shape: Fact<Shape>?
    public var cut: Fact<Cut>?
    public var sizeRange: Span?
    public var sieve: Fact<Line>?
    public var gradeRange: Fact<Line>?
    public var colour: Colour?
    public var colourRange: Fact<Line>?
    public var clarityRange: Fact<Line>?
    public var clarity: Fact<StoneClarity>?
    public var transparency: Fact<Transparency>?
    public var phenomena: [Fact<Phenomenon>]?
    public var assortment: Fact<Line>?
    public var priceBasis: PriceBasis?
    public var sealNumber: Line?
    /// What a laboratory's test of melee found (natural, laboratory-grown, referred).
    public var materialTest: Fact<Line>?
    public var tests: GemTests?
    public var treatments: [Treatment]?
    public var origin: GeographicOrigin?
    public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    public var comments: Prose?
}
