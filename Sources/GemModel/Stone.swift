public enum Nature: String, Code {
    case natural
    case laboratoryGrown = "laboratory_grown"
    case reconstructed, assembled, imitation, unknown

    public static let aliases: [String: Nature] = ["synthetic": .laboratoryGrown]
}

public enum GrowthMethod: String, Code {
    case flameFusion = "flame_fusion"
    case flux, hydrothermal, czochralski
    case skullMelting = "skull_melting"
    case hpht, cvd, gilson, other
}

/// Shapes by their GIA group codes (domain §1.2).
public enum Shape: String, Code {
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

public enum Cut: String, Code {
    case brilliant
    case modifiedBrilliant = "modified_brilliant"
    case step, mixed, cabochon, sugarloaf
    case doubleCabochon = "double_cabochon"
    case buffTop = "buff_top"
    case rose, portrait, bead, carved, tumbled, fantasy, other

    var isCabochon: Bool { [.cabochon, .sugarloaf, .doubleCabochon, .buffTop].contains(self) }
}

public enum Transparency: String, Code {
    case transparent
    case semiTransparent = "semi_transparent"
    case translucent
    case semiTranslucent = "semi_translucent"
    case opaque
}

/// Clarity of a coloured stone; a diamond carries its grade in ``Diamond/clarity``.
public enum StoneClarity: String, Code {
    case loupeClean = "loupe_clean"
    case eyeClean = "eye_clean"
    case slightlyIncluded = "slightly_included"
    case moderatelyIncluded = "moderately_included"
    case heavilyIncluded = "heavily_included"
    case VVS, VS, SI1, SI2, I1, I2, I3
}

public enum Phenomenon: String, Code {
    case colourChange = "colour_change"
    case asterism, chatoyancy, adularescence, labradorescence
    case playOfColour = "play_of_colour"
    case aventurescence, iridescence, tenebrescence
}

/// One treatment as the trade codes it (domain §1.9).
public struct Treatment: Codable, Hashable, Sendable {
    /// `NONE` is a laboratory's word; `NT` says nobody tested; `UND` that it cannot be told.
    public enum Kind: String, Code {
        case NONE, HT, FH, GF, OIL, RES, FF, DI, IRR, HPHT, LD, COA, DYE, BLE, IMP, WAX, SUG, SMK, ASM, REC, FOIL, UND,
            NT
    }

    public var code: Kind
    public var degree: Line?
    public var filler: Line?
    public var basis: Basis?
}

/// Where a stone is said to come from, as an opinion (domain §0.7: one of three origins).
public struct GeographicOrigin: Codable, Hashable, Sendable {
    public enum Confidence: String, Code {
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
public struct Measurements: Codable, Hashable, Sendable {
    public var length: Fact<Millimetre>?
    public var width: Fact<Millimetre>?
    public var depth: Fact<Millimetre>?
}

public struct Colour: Codable, Hashable, Sendable {
    public var text: Fact<Line>?
    public var hue: Line?
    /// 0 (lightest) to 10.
    public var tone: Int?
    /// 1 to 6.
    public var saturation: Int?
}

public struct TradeTerm: Codable, Hashable, Sendable {
    public var term: Line
    public var claimedBy: Line?
}

public struct GemTests: Codable, Hashable, Sendable {
    /// Low and high reading.
    public var ri: [RefractiveIndex]?
    public var spotRi: RefractiveIndex?
    public var birefringence: Birefringence?
    public var opticCharacter: Line?
    public var sg: Fact<SpecificGravity>?
    public var airWeightCt: Carat?
    public var waterWeightCt: Carat?
    public var uvLong: Line?
    public var uvShort: Line?
    public var notes: Prose?
}

public struct DisclosedSource: Codable, Hashable, Sendable {
    public var name: Line
    public var document: Line?
}

public struct SchemeID: Codable, Hashable, Sendable {
    public var scheme: Line
    public var id: Line
}

public struct MatchedPair: Codable, Hashable, Sendable {
    public var piece: Line
    public var separable: Bool?
}

/// A loose, cut stone (domain §1.2); every fact as claimed, with its basis.
public struct Stone: Codable, Hashable, Sendable {
    public var nature: Fact<Nature>?
    public var growthMethod: GrowthMethod?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    public var weightCt: Fact<Carat>?
    public var measurementsMm: Measurements?
    public var shape: Fact<Shape>?
    public var cut: Fact<Cut>?
    public var colour: Colour?
    public var phenomena: [Phenomenon]?
    public var transparency: Fact<Transparency>?
    public var clarity: Fact<StoneClarity>?
    public var tests: GemTests?
    public var treatments: [Treatment]?
    public var origin: GeographicOrigin?
    public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    public var comments: Prose?
    public var matchedPair: MatchedPair?
    public var diamond: Diamond?
}
