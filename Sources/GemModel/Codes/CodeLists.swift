/// Every coded list of the data dictionary, with names in English and Urdu: what `GET /v1/codes` answers.
///
/// Made of the very enums and tables that validate a piece.
public struct CodeList: Sendable {
    public struct Entry: Sendable {
        public var code: String
        public var names: Names
        /// What else is known of the code: a variety's species, a treatment's degrees.
        public var more: [JSON.Member] = []

        var json: JSON {
            .object(
                [.init("code", .string(code)), .init("en", .string(names.en)), .init("ur", .string(names.ur))] + more)
        }
    }

    public var name: String
    public var entries: [Entry]

    private init(_ name: String, _ entries: [Entry]) {
        self.name = name
        self.entries = entries
    }

    private init<Kind: Term>(_ type: Kind.Type) {
        self.init(Kind.list, Kind.allCases.map { Entry(code: $0.rawValue, names: $0.names) })
    }

    /// The lists that are an enum each.
    public static let terms: [any Term.Type] = [
        Piece.Kind.self, Nature.self, GrowthMethod.self, Shape.self, Cut.self, Transparency.self, StoneClarity.self,
        ClarityType.self, Phenomenon.self, Basis.self, GeographicOrigin.Confidence.self, GemTests.ColourStability.self,
        Matching.self, Diamond.ColourGrade.self, Diamond.ClarityGrade.self, Diamond.Grade.self,
        Diamond.Fluorescence.self, Diamond.FluorescenceColour.self, Diamond.Culet.self, Diamond.TypeClass.self,
        Diamond.Intensity.self, Diamond.Distribution.self, Diamond.ColourOrigin.self, Diamond.GirdleCondition.self,
        Diamond.BlackInclusion.self, Diamond.ReportType.self, Girdle.Size.self, GemTests.Analysis.Method.self,
        PhotographRole.self, Pearl.Identification.self, Pearl.Environment.self, Pearl.Shape.self,
        Pearl.Surface.self, Pearl.Lustre.self, Pearl.Drilling.self, Strand.Graduation.self, Parcel.PriceBasis.self,
        StoneEntry.Role.self, StoneEntry.Setting.self, Jewellery.Kind.self, Jewellery.Size.System.self,
        Jewellery.Plating.self, Jewellery.Hallmark.Kind.self, Metal.Kind.self, Metal.Test.self,
        MetalMeasure.self, PieceStatus.self, Finding.Severity.self, UniqueKey.Kind.self, CaseState.self,
        CaseOutcome.self, StoneTraits.Match.self, Party.Trade.self, Party.Gender.self, StatusReason.self,
        DraftState.self,
    ]

    public static let all: [CodeList] =
        terms.map { CodeList($0) } + [
            treatments, findings, species, varieties, simulants, opticCharacters, hues, units, karats, headings,
            countries,
            currencies,
        ]

    public static func named(_ name: String) -> CodeList? { all.first { $0.name == name } }

    /// The words of a code, or nil when the list does not hold it.
    public func names(of code: String) -> Names? { entries.first { $0.code == code }?.names }

    private static let treatments = CodeList(
        Treatment.Kind.list,
        Treatment.Kind.allCases.map { kind in
            let degrees = kind.degrees.map { Entry(code: $0.code, names: $0.names).json }
            let level: [JSON.Member] =
                kind.level == .none ? [] : [.init("disclosure", .string(kind.level.rawValue))]
            let letters = [
                kind.agta.map { JSON.Member("agta", .string($0)) }, kind.aigs.map { .init("aigs", .string($0)) },
            ]
            return Entry(
                code: kind.rawValue, names: kind.names,
                more: level + letters.compactMap(\.self) + (degrees.isEmpty ? [] : [.init("degrees", .array(degrees))]))
        })

    private static let findings = CodeList("findings", Finding.codes.map { Entry(code: $0.code, names: $0.names) })

    private static let species = CodeList(
        "species",
        Species.table.map { Entry(code: $0.code, names: $0.names) }
            + [Entry(code: Species.other, names: Names("another species", "کوئی اور قسم"))])

    private static let varieties = CodeList(
        "varieties",
        Variety.table.map { Entry(code: $0.code, names: $0.names, more: [.init("species", .string($0.species))]) })

    private static let simulants = CodeList(
        "simulants",
        Simulant.table.map {
            Entry(code: $0.code, names: $0.names, more: [.init("nature", .string($0.nature.rawValue))])
        })

    private static let karats = CodeList(
        "karats",
        Metal.karats.map { karat, permille in
            Entry(
                code: String(karat), names: Names("\(karat) karat", "\(karat) قیراط"),
                more: [.init("finenessPermille", .string(String(permille)))])
        })

    private static let units = CodeList("units", Weight.units.map { Entry(code: $0.code, names: $0.names) })

    private static let headings = CodeList("hs", Heading.table.map { Entry(code: $0.code, names: $0.names) })

    private static let countries = CodeList(
        "countries", Country.table.sorted { $0.key < $1.key }.map { Entry(code: $0.key, names: $0.value) })

    private static let currencies = CodeList(
        "currencies",
        Currency.table.sorted { $0.key < $1.key }.map {
            Entry(code: $0.key, names: $0.value.names, more: [.init("decimals", .integer($0.value.decimals))])
        })

    private static let opticCharacters = CodeList(
        "opticCharacters",
        [
            ("isotropic", "singly refractive", "یکہرا انعطاف"), ("uniaxial +", "uniaxial, positive", "یک محوری مثبت"),
            ("uniaxial -", "uniaxial, negative", "یک محوری منفی"), ("biaxial +", "biaxial, positive", "دو محوری مثبت"),
            ("biaxial -", "biaxial, negative", "دو محوری منفی"), ("aggregate", "aggregate", "مجموعی"),
        ].map { Entry(code: $0, names: Names($1, $2)) })

    /// The 31 hues of the GIA's coloured stone grading; other words are taken too.
    private static let hues = CodeList(
        "hues",
        [
            ("R", "red", "سرخ"), ("oR", "orangy red", "نارنجی مائل سرخ"), ("RO/OR", "red-orange", "سرخ نارنجی"),
            ("rO", "reddish orange", "سرخی مائل نارنجی"), ("O", "orange", "نارنجی"),
            ("yO", "yellowish orange", "زردی مائل نارنجی"), ("oY", "orangy yellow", "نارنجی مائل پیلا"),
            ("Y", "yellow", "پیلا"), ("gY", "greenish yellow", "سبزی مائل پیلا"),
            ("YG/GY", "yellow-green", "پیلا سبز"), ("styG", "strongly yellowish green", "گہرا زردی مائل سبز"),
            ("yG", "yellowish green", "زردی مائل سبز"), ("slyG", "slightly yellowish green", "ہلکا زردی مائل سبز"),
            ("G", "green", "سبز"), ("vslbG", "very slightly bluish green", "نہایت ہلکا نیلگوں سبز"),
            ("bG", "bluish green", "نیلگوں سبز"), ("vstbG", "very strongly bluish green", "نہایت نیلگوں سبز"),
            ("GB/BG", "green-blue", "سبز نیلا"), ("vstgB", "very strongly greenish blue", "نہایت سبزی مائل نیلا"),
            ("gB", "greenish blue", "سبزی مائل نیلا"),
            ("vslgB", "very slightly greenish blue", "نہایت ہلکا سبزی مائل نیلا"), ("B", "blue", "نیلا"),
            ("vB", "violetish blue", "بنفشی مائل نیلا"), ("bV", "bluish violet", "نیلگوں بنفشی"),
            ("V", "violet", "بنفشی"), ("bP", "bluish purple", "نیلگوں ارغوانی"), ("P", "purple", "ارغوانی"),
            ("rP", "reddish purple", "سرخی مائل ارغوانی"), ("RP/PR", "red-purple", "سرخ ارغوانی"),
            ("stpR", "strongly purplish red", "گہرا ارغوانی سرخ"),
            ("slpR", "slightly purplish red", "ہلکا ارغوانی سرخ"),
        ].map { Entry(code: $0, names: Names($1, $2)) })

    /// `{"kinds":[{"code":"stone","en":"loose stone","ur":"…"},…],…}`, lists in a fixed order.
    public static let text: String = JSON.object(
        all.map { .init($0.name, .array($0.entries.map(\.json))) }
    ).text
}
