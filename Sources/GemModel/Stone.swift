public enum Nature: String, Term {
    case natural
    case laboratoryGrown = "laboratory_grown"
    case reconstructed, assembled, imitation, unknown

    public static let aliases: [String: Nature] = ["synthetic": .laboratoryGrown]
}

public enum GrowthMethod: String, Term {
    case flameFusion = "flame_fusion"
    case flux, hydrothermal, czochralski
    case skullMelting = "skull_melting"
    case hpht, cvd, gilson, other
}

/// Shapes by their GIA group codes (domain §1.2).
public enum Shape: String, Term {
    case round = "R"
    case oval = "OV"
    case cushion = "CU"
    case pear = "PR"
    case emerald = "EM"
    case squareEmerald = "SQEM"
    case marquise = "MQ"
    case heart = "HT"
    case triangle = "TRI"
    case trapezoid = "TRP"
    case briolette = "BR"
    case cutCorneredRectangle = "CCR"
    case cutCorneredSquare = "CCS"
    case kite = "KT"
    case lozenge = "LZ"
    case shield = "SH"
    case hexagon = "HX"
    case octagon = "OCT"
    case square = "SQ"
    case rectangle = "REC"
    case baguette = "BG"
    case bead = "BD"
    case rough = "ROU"
    case other = "OTH"
}

public enum Cut: String, Term {
    case brilliant
    case modifiedBrilliant = "modified_brilliant"
    case step, mixed, cabochon, sugarloaf
    case doubleCabochon = "double_cabochon"
    case buffTop = "buff_top"
    case rose, portrait, bead, carved, tumbled, fantasy, other

    var isCabochon: Bool { [.cabochon, .sugarloaf, .doubleCabochon, .buffTop].contains(self) }
}

public enum Transparency: String, Term {
    case transparent
    case semiTransparent = "semi_transparent"
    case translucent
    case semiTranslucent = "semi_translucent"
    case opaque
}

/// What a coloured stone's clarity is judged against (GIA): usually clean, usually included, nearly always included.
public enum ClarityType: String, Term {
    case I, II, III
}

/// Clarity of a coloured stone; a diamond carries its grade in ``Diamond/clarity``.
public enum StoneClarity: String, Term {
    case loupeClean = "loupe_clean"
    case eyeClean = "eye_clean"
    case slightlyIncluded = "slightly_included"
    case moderatelyIncluded = "moderately_included"
    case heavilyIncluded = "heavily_included"
    /// The letters some laboratories use for coloured stones too.
    case VVS, VS, SI1, SI2, I1, I2, I3
}

public enum Phenomenon: String, Term {
    case colourChange = "colour_change"
    case asterism, chatoyancy, adularescence, labradorescence
    case playOfColour = "play_of_colour"
    case aventurescence, iridescence, tenebrescence
}

/// One treatment as the trade codes it (domain §1.9).
public struct Treatment: Hashable, Sendable {
    /// `NONE` is a laboratory's word; `NT` says nobody tested; `UND` that it cannot be told.
    public enum Kind: String, Term {
        case NONE, HT, FH, GF, OIL, RES, FF, DI, IRR, HPHT, LD, COA, DYE, BLE, IMP, WAX, SUG, SMK, ASM, REC, FOIL, UND,
            NT

        /// Letters of the AGTA and the AIGS. Where a letter says less than our codes (`O` oil or resin, `F` any
        /// filling, `H` heat with or without flux), it is taken for the plain one.
        public static let aliases: [String: Kind] = [
            "N": .NONE, "H": .HT, "O": .OIL, "F": .FF, "U": .DI, "R": .IRR, "HP": .HPHT, "C": .COA, "D": .DYE,
            "B": .BLE, "I": .IMP, "W": .WAX, "ASBL": .ASM, "CMP": .REC, "NTE": .NONE, "TE": .HT, "MTE": .HT,
        ]

        /// Its letter in the list of the AGTA.
        public var agta: String? {
            switch self {
            case .NONE: "N"
            case .HT, .FH: "H"
            case .OIL, .RES: "O"
            case .GF, .FF: "F"
            case .DI: "U"
            case .IRR: "R"
            case .HPHT: "HP"
            case .COA, .FOIL: "C"
            case .DYE, .SUG, .SMK: "D"
            case .BLE: "B"
            case .IMP: "I"
            case .WAX: "W"
            case .ASM: "ASBL"
            case .REC: "CMP"
            case .LD, .UND, .NT: nil
            }
        }

        /// What the AIGS writes of it, with the degree where that is part of its letters.
        public var aigs: String? {
            switch self {
            case .NONE: "NTE"
            case .HT: "TE"
            case .FH: "TE1–TE5"
            case .GF: "C1–C3"
            default: nil
            }
        }
    }

    public var code: Kind
    /// One of ``Treatment/Kind/degrees``, or the laboratory's own words.
    public var degree: Line?
    public var filler: Line?
    /// What was diffused in: Be, Ti, Cu…
    public var element: Line?
    /// How far the colour goes in: surface or deep.
    public var extent: Line?
    /// Whether a colour from irradiation is stable or may fade.
    public var stability: Line?
    public var basis: Basis?
}

extension Treatment: Membered {
    init() { self.init(code: .NT) }

    public init(from decoder: any Decoder) throws { self = try Self.read(decoder) }
    public func encode(to encoder: any Encoder) throws { try write(encoder) }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws {
        try visitor.required("code", &code)
        try visitor.member("degree", &degree)
        try visitor.member("filler", &filler)
        try visitor.member("element", &element)
        try visitor.member("extent", &extent)
        try visitor.member("stability", &stability)
        try visitor.member("basis", &basis)
    }
}

/// Where a stone is said to come from, as an opinion (domain §0.7: one of three origins).
public struct GeographicOrigin: Codable, Hashable, Sendable {
    public enum Confidence: String, Term {
        case determined
        case consistentWith = "consistent_with"
        case undeterminable
        case notRequested = "not_requested"
    }

    public var country: Country?
    public var region: Line?
    public var locality: Line?
    public var confidence: Confidence?
    public var basis: Basis?
    public var sourceType: Line?
}

/// Length ≥ width across the girdle, and depth; for a round the diameters.
public struct Measurements: Hashable, Sendable {
    public var length: Fact<Millimetre>?
    public var width: Fact<Millimetre>?
    public var depth: Fact<Millimetre>?
}

extension Measurements: Membered {
    public init(from decoder: any Decoder) throws { self = try Self.read(decoder) }
    public func encode(to encoder: any Encoder) throws { try write(encoder) }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws {
        try visitor.member("length", &length)
        try visitor.member("width", &width)
        try visitor.member("depth", &depth)
    }
}

public struct Colour: Hashable, Sendable {
    /// The dealer's or laboratory's words, verbatim.
    public var text: Fact<Line>?
    /// A hue of the GIA's 31, such as `bG`, or words.
    public var hue: Fact<Line>?
    public var tone: Fact<Tone>?
    public var saturation: Fact<Saturation>?
    public var modifier: Fact<Line>?
    public var zoning: Fact<Line>?
}

extension Colour: Membered {
    public init(from decoder: any Decoder) throws { self = try Self.read(decoder) }
    public func encode(to encoder: any Encoder) throws { try write(encoder) }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws {
        try visitor.member("text", &text)
        try visitor.member("hue", &hue)
        try visitor.member("tone", &tone)
        try visitor.member("saturation", &saturation)
        try visitor.member("modifier", &modifier)
        try visitor.member("zoning", &zoning)
    }
}

/// A name of the trade that says more than the variety ("pigeon's blood"), and who says it.
public struct TradeTerm: Codable, Hashable, Sendable {
    public var term: Line
    public var claimedBy: Line?
}

/// Where the seller's papers say a stone comes from (the second of three origins).
public struct DisclosedSource: Codable, Hashable, Sendable {
    public var name: Line
    public var document: Line?
}

/// A number in somebody else's register, such as `{"scheme":"TRACR","id":"…"}`.
public struct SchemeID: Codable, Hashable, Sendable {
    public var scheme: Line
    public var id: Line
}

public struct MatchedPair: Codable, Hashable, Sendable {
    public var piece: Line
    public var separable: Bool?
}

/// A loose, cut stone (domain §1.2); every fact as claimed, with its basis.
public struct Stone: Hashable, Sendable {
    /// Of all facts here that do not carry their own.
    public var basis: Basis?
    public var nature: Fact<Nature>?
    public var growthMethod: Fact<GrowthMethod>?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    public var weightCt: Fact<Carat>?
    public var measurementsMm: Measurements?
    public var shape: Fact<Shape>?
    public var cut: Fact<Cut>?
    /// The style of the crown and of the pavilion where they differ.
    public var crown: Fact<Cut>?
    public var pavilion: Fact<Cut>?
    public var colour: Colour?
    public var phenomena: [Fact<Phenomenon>]?
    /// Of an asterism.
    public var rays: Fact<Rays>?
    public var transparency: Fact<Transparency>?
    public var clarity: Fact<StoneClarity>?
    public var clarityType: Fact<ClarityType>?
    /// From how far "eye clean" was judged.
    public var viewedFromCm: Fact<Centimetres>?
    public var inclusions: [Line]?
    @Indirect public var tests: GemTests?
    public var treatments: [Treatment]?
    @Indirect public var origin: GeographicOrigin?
    @Indirect public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    public var comments: Prose?
    @Indirect public var matchedPair: MatchedPair?
    @Indirect public var diamond: Diamond?
}

extension Stone: Membered {
    public init(from decoder: any Decoder) throws { self = try Self.read(decoder) }
    public func encode(to encoder: any Encoder) throws { try write(encoder) }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws {
        try visitor.member("basis", &basis)
        try visitor.member("nature", &nature)
        try visitor.member("growthMethod", &growthMethod)
        try visitor.member("species", &species)
        try visitor.member("variety", &variety)
        try visitor.member("tradeTerms", &tradeTerms)
        try visitor.member("weightCt", &weightCt)
        try visitor.member("measurementsMm", &measurementsMm)
        try visitor.member("shape", &shape)
        try visitor.member("cut", &cut)
        try visitor.member("crown", &crown)
        try visitor.member("pavilion", &pavilion)
        try visitor.member("colour", &colour)
        try visitor.member("phenomena", &phenomena)
        try visitor.member("rays", &rays)
        try visitor.member("transparency", &transparency)
        try visitor.member("clarity", &clarity)
        try visitor.member("clarityType", &clarityType)
        try visitor.member("viewedFromCm", &viewedFromCm)
        try visitor.member("inclusions", &inclusions)
        try visitor.member("tests", &_tests)
        try visitor.member("treatments", &treatments)
        try visitor.member("origin", &_origin)
        try visitor.member("disclosedSource", &_disclosedSource)
        try visitor.member("traceability", &traceability)
        try visitor.member("comments", &comments)
        try visitor.member("matchedPair", &_matchedPair)
        try visitor.member("diamond", &_diamond)
    }
}
