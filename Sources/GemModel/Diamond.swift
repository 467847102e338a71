/// What a diamond carries beyond other stones (domain §1.3).
public struct Diamond: Codable, Hashable, Sendable {
    public enum ColourGrade: String, Code {
        case D, E, F, G, H, I, J, K, L, M, N, OP, QR, ST, UV, WX, YZ
    }

    public enum ClarityGrade: String, Code {
        case FL, IF, VVS1, VVS2, VS1, VS2, SI1, SI2, SI3, I1, I2, I3

        public static let aliases: [String: ClarityGrade] = ["P1": .I1, "P2": .I2, "P3": .I3]
    }

    /// `Ideal` and `Premium` are vendors' grades: taken from dealers, never given by a laboratory.
    public enum Grade: String, Code {
        case excellent = "EX"
        case excellentVeryGood = "VG-EX"
        case veryGood = "VG"
        case goodVeryGood = "G-VG"
        case good = "G"
        case fairGood = "F-G"
        case fair = "F"
        case poor = "P"
        case ideal = "Ideal"
        case premium = "Premium"

        public static let aliases: [String: Grade] = [
            "I": .ideal, "Excellent": .excellent, "Very Good": .veryGood, "Good": .good, "Fair": .fair, "Poor": .poor,
        ]
    }

    public enum Fluorescence: String, Code {
        case none = "NON"
        case faint = "FNT"
        case medium = "MED"
        case strong = "STG"
        case veryStrong = "VST"
    }

    public enum FluorescenceColour: String, Code {
        case blue, green, orange, red, white, yellow
    }

    public enum Culet: String, Code {
        case none = "NON"
        case verySmall = "VSM"
        case small = "SML"
        case medium = "MED"
        case slightlyLarge = "SLG"
        case large = "LGE"
        case veryLarge = "VLG"
        case extremelyLarge = "ELG"
    }

    public enum TypeClass: String, Code {
        case Ia, Ib, IIa, IIb
    }

    public struct FancyColour: Codable, Hashable, Sendable {
        public var intensity: Line?
        public var hue: Line?
        public var overtone: Line?
        public var distribution: Line?
    }

    public var colour: Fact<ColourGrade>?
    public var clarity: Fact<ClarityGrade>?
    public var cut: Fact<Grade>?
    public var polish: Fact<Grade>?
    public var symmetry: Fact<Grade>?
    public var fluorescence: Fact<Fluorescence>?
    public var fluorescenceColour: FluorescenceColour?
    public var tablePct: Fact<Percent>?
    public var depthPct: Fact<Percent>?
    public var crownAngle: Fact<Degree>?
    public var crownHeightPct: Fact<Percent>?
    public var pavilionAngle: Fact<Degree>?
    public var pavilionDepthPct: Fact<Percent>?
    public var girdle: Fact<Line>?
    public var culet: Fact<Culet>?
    public var fancyColour: FancyColour?
    public var diamondType: TypeClass?
    public var inscriptions: [Line]?
    public var keyToSymbols: [Line]?
}
