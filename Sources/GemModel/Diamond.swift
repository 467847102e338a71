/// What a diamond carries beyond other stones (domain §1.3).
public struct Diamond: Hashable, Sendable {
    public enum ColourGrade: String, Term {
        case D, E, F, G, H, I, J, K, L, M, N, OP, QR, ST, UV, WX, YZ
    }

    public enum ClarityGrade: String, Term {
        case FL, IF, VVS1, VVS2, VS1, VS2, SI1, SI2, SI3, I1, I2, I3

        public static let aliases: [String: ClarityGrade] = ["P1": .I1, "P2": .I2, "P3": .I3]
    }

    /// `Ideal` and `Premium` are vendors' grades: taken from dealers, never given by a laboratory.
    public enum Grade: String, Term {
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

    public enum Fluorescence: String, Term {
        case none = "NON"
        case faint = "FNT"
        case medium = "MED"
        case strong = "STG"
        case veryStrong = "VST"
    }

    public enum FluorescenceColour: String, Term {
        case blue, green, orange, red, white, yellow
    }

    public enum Culet: String, Term {
        case none = "NON"
        case verySmall = "VSM"
        case small = "SML"
        case medium = "MED"
        case slightlyLarge = "SLG"
        case large = "LGE"
        case veryLarge = "VLG"
        case extremelyLarge = "ELG"
    }

    public enum TypeClass: String, Term {
        case Ia, Ib, IIa, IIb
    }

    public enum Intensity: String, Term {
        case faint = "Faint"
        case veryLight = "Very Light"
        case light = "Light"
        case fancyLight = "Fancy Light"
        case fancy = "Fancy"
        case fancyIntense = "Fancy Intense"
        case fancyVivid = "Fancy Vivid"
        case fancyDark = "Fancy Dark"
        case fancyDeep = "Fancy Deep"

        public static let aliases: [String: Intensity] = Dictionary(
            uniqueKeysWithValues: allCases.map { ($0.rawValue.lowercased(), $0) }
                + allCases.filter { $0.rawValue.contains(" ") }.map {
                    (String($0.rawValue.lowercased().map { $0 == " " ? "_" : $0 }), $0)
                } + [("Intense", .fancyIntense), ("Vivid", .fancyVivid), ("Dark", .fancyDark), ("Deep", .fancyDeep)])
    }

    public enum Distribution: String, Term {
        case even, uneven
        case notApplicable = "not_applicable"

        public static let aliases: [String: Distribution] = [
            "Even": .even, "Uneven": .uneven, "NA": .notApplicable,
        ]
    }

    /// What kind of report a laboratory gave of it, in our own words: laboratories' letters differ.
    public enum ReportType: String, Term {
        case grading, dossier
        case eReport = "e_report"
        case colouredGrading = "coloured_grading"
        case colourIdentification = "colour_identification"
        case originReport = "origin_report"
        case laboratoryGrown = "laboratory_grown"
        case laboratoryGrownQuality = "laboratory_grown_quality"
        case identification, melee, verification, other

        public static let aliases: [String: ReportType] = [
            "DD": .dossier, "Diamond Dossier": .dossier, "Diamond Grading Report": .grading, "DG": .grading,
            "Diamond Grading": .grading, "Diamond eReport": .eReport, "eReport": .eReport,
            "Diamond Origin Report": .originReport, "Colored Diamond Grading Report": .colouredGrading,
            "Colored Diamond Identification and Origin Report": .colourIdentification,
            "Laboratory-Grown Diamond Report": .laboratoryGrown,
        ]
    }

    /// Where a diamond's colour comes from.
    public enum ColourOrigin: String, Term {
        case natural, treated, undetermined
    }

    public struct FancyColour: Codable, Hashable, Sendable {
        public var intensity: Fact<Intensity>?
        public var hue: Fact<Line>?
        public var overtone: Fact<Line>?
        public var distribution: Fact<Distribution>?
        public var origin: Fact<ColourOrigin>?
    }

    public enum GirdleCondition: String, Term {
        case faceted, polished, bruted, lasered
    }

    /// Black inclusions under the table (BT) and in the crown (BC), none to heavy (RapNet).
    public enum BlackInclusion: String, Term {
        case BT0, BT1, BT2, BT3, BC0, BC1, BC2, BC3
    }

    /// A mark of the plot: its name alone, or with its place.
    public struct Characteristic: Codable, Hashable, Sendable {
        public var order: Count?
        public var characteristic: Line
        /// Where on the plot.
        public var position: Line?
        public var image: Line?

        private enum CodingKeys: String, CodingKey {
            case order, characteristic, position, image
        }

        public init(from decoder: any Decoder) throws {
            guard (decoder as? Node)?.json.members != nil else {
                characteristic = try Line(from: decoder)
                return
            }
            let box = try decoder.container(keyedBy: CodingKeys.self)
            order = try box.decodeIfPresent(Count.self, forKey: .order)
            characteristic = try box.decode(Line.self, forKey: .characteristic)
            position = try box.decodeIfPresent(Line.self, forKey: .position)
            image = try box.decodeIfPresent(Line.self, forKey: .image)
        }

        public func encode(to encoder: any Encoder) throws {
            guard order != nil || position != nil || image != nil else { return try characteristic.encode(to: encoder) }
            var box = encoder.container(keyedBy: CodingKeys.self)
            try box.encodeIfPresent(order, forKey: .order)
            try box.encode(characteristic, forKey: .characteristic)
            try box.encodeIfPresent(position, forKey: .position)
            try box.encodeIfPresent(image, forKey: .image)
        }
    }

    public var basis: Basis?
    public var colour: Fact<ColourGrade>?
    public var clarity: Fact<ClarityGrade>?
    public var cut: Fact<Grade>?
    public var polish: Fact<Grade>?
    public var symmetry: Fact<Grade>?
    public var fluorescence: Fact<Fluorescence>?
    public var fluorescenceColour: Fact<FluorescenceColour>?
    public var tablePct: Fact<Percent>?
    public var depthPct: Fact<Percent>?
    public var crownAngle: Fact<Degree>?
    public var crownHeightPct: Fact<Percent>?
    public var pavilionAngle: Fact<Degree>?
    public var pavilionDepthPct: Fact<Percent>?
    public var starLengthPct: Fact<Percent>?
    public var lowerHalfPct: Fact<Percent>?
    /// What the laboratory's report calls itself.
    public var reportType: ReportType?
    public var girdle: Fact<Girdle>?
    public var girdlePct: Fact<Percent>?
    public var girdleCondition: Fact<GirdleCondition>?
    public var culet: Fact<Culet>?
    @Indirect public var fancyColour: FancyColour?
    public var diamondType: Fact<TypeClass>?
    /// How natural or laboratory-grown was told.
    public var identification: Fact<Line>?
    public var eyeClean: Fact<Bool>?
    public var milky: Fact<Line>?
    /// Brown, green or grey beside the grade.
    public var shade: Fact<Line>?
    public var blackInclusions: [BlackInclusion]?
    /// White and open inclusions, in the market's words.
    public var whiteInclusions: [Line]?
    public var openInclusions: [Line]?
    public var inscriptions: [Line]?
    /// Signs and logos beside the words.
    public var inscriptionGraphics: [Line]?
    public var keyToSymbols: [Characteristic]?
}

extension Diamond: Membered {
    public init(from decoder: any Decoder) throws { self = try Self.read(decoder) }
    public func encode(to encoder: any Encoder) throws { try write(encoder) }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws {
        try visitor.member("basis", &basis)
        try visitor.member("colour", &colour)
        try visitor.member("clarity", &clarity)
        try visitor.member("cut", &cut)
        try visitor.member("polish", &polish)
        try visitor.member("symmetry", &symmetry)
        try visitor.member("fluorescence", &fluorescence)
        try visitor.member("fluorescenceColour", &fluorescenceColour)
        try visitor.member("tablePct", &tablePct)
        try visitor.member("depthPct", &depthPct)
        try visitor.member("crownAngle", &crownAngle)
        try visitor.member("crownHeightPct", &crownHeightPct)
        try visitor.member("pavilionAngle", &pavilionAngle)
        try visitor.member("pavilionDepthPct", &pavilionDepthPct)
        try visitor.member("starLengthPct", &starLengthPct)
        try visitor.member("lowerHalfPct", &lowerHalfPct)
        try visitor.member("reportType", &reportType)
        try visitor.member("girdle", &girdle)
        try visitor.member("girdlePct", &girdlePct)
        try visitor.member("girdleCondition", &girdleCondition)
        try visitor.member("culet", &culet)
        try visitor.member("fancyColour", &_fancyColour)
        try visitor.member("diamondType", &diamondType)
        try visitor.member("identification", &identification)
        try visitor.member("eyeClean", &eyeClean)
        try visitor.member("milky", &milky)
        try visitor.member("shade", &shade)
        try visitor.member("blackInclusions", &blackInclusions)
        try visitor.member("whiteInclusions", &whiteInclusions)
        try visitor.member("openInclusions", &openInclusions)
        try visitor.member("inscriptions", &inscriptions)
        try visitor.member("inscriptionGraphics", &inscriptionGraphics)
        try visitor.member("keyToSymbols", &keyToSymbols)
    }
}
