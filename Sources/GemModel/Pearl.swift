/// A pearl, or several alike; also what a ``Strand`` of pearls says of them (domain §1.4).
public struct Pearl: Codable, Hashable, Sendable {
    /// How it came to be; `natural` is only proved by X-ray in a laboratory.
    public enum Identification: String, Term {
        case natural
        case beadCultured = "bead_cultured"
        case nonBeadCultured = "non_bead_cultured"
        case imitation, undetermined
    }

    public enum Environment: String, Term {
        case saltwater, freshwater

        public static let aliases: [String: Environment] = ["salt": .saltwater, "fresh": .freshwater]
    }

    public enum Shape: String, Term {
        case round
        case nearRound = "near_round"
        case oval, button, drop
        case semiBaroque = "semi_baroque"
        case baroque, circle
    }

    public enum Surface: String, Term {
        case clean
        case lightlySpotted = "lightly_spotted"
        case moderatelySpotted = "moderately_spotted"
        case heavilySpotted = "heavily_spotted"

        public static let aliases: [String: Surface] = [
            "lightly": .lightlySpotted, "moderately": .moderatelySpotted, "heavily": .heavilySpotted,
        ]
    }

    public enum Lustre: String, Term {
        case excellent = "EX"
        case veryGood = "VG"
        case good = "G"
        case fair = "F"
        case poor = "P"

        public static let aliases: [String: Lustre] = [
            "excellent": .excellent, "very_good": .veryGood, "good": .good, "fair": .fair, "poor": .poor,
        ]
    }

    public enum Drilling: String, Term {
        case undrilled, partially, drilled

        public static let aliases: [String: Drilling] = ["partially_drilled": .partially]
    }

    public var basis: Basis?
    /// What the laboratory's report calls itself.
    public var reportTitle: Line?
    public var identification: Fact<Identification>?
    public var environment: Fact<Environment>?
    /// Genus and species, such as Pinctada radiata.
    public var mollusc: Fact<Line>?
    /// Trade variety, such as Akoya or South Sea.
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    public var quantity: Fact<Count>?
    public var weightCt: Fact<Carat>?
    /// Of what is strung or mounted.
    public var weightG: Fact<Gram>?
    public var measurementsMm: Measurements?
    public var sizeRange: Span?
    public var shape: Fact<Shape>?
    public var bodyColour: Fact<Line>?
    public var overtone: Fact<Line>?
    public var orient: Fact<Line>?
    public var surface: Fact<Surface>?
    public var lustre: Fact<Lustre>?
    public var nacre: Fact<Line>?
    public var nacreMm: Fact<Millimetre>?
    public var matching: Fact<Matching>?
    public var drilling: Fact<Drilling>?
    public var tests: GemTests?
    public var treatments: [Treatment]?
    public var origin: GeographicOrigin?
    public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    public var comments: Prose?
    public var matchedPair: MatchedPair?
}

/// How alike the stones or pearls of one piece are.
public enum Matching: String, Term {
    case excellent = "EX"
    case veryGood = "VG"
    case good = "G"
    case fair = "F"
    case poor = "P"

    public static let aliases: [String: Matching] = [
        "excellent": .excellent, "very_good": .veryGood, "good": .good, "fair": .fair, "poor": .poor,
    ]
}
