package import GemModel

/// Pieces of every kind with any members, as a client may write them; the seed decides.
///
/// The members are named here by hand, so that a name lost in the model is noticed.
package struct RandomPiece {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    private mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
    /// Whether a member is there: each piece has its own density.
    private mutating func chance() -> Bool { below(5) < density }
    private var density = 3

    private mutating func text() -> JSON {
        .string(pick(["vivid green", "رنگ سبز", "\"quoted\" \\ text", "é 💎", "5.0–5.5", "a", "pigeon's blood"]))
    }

    private mutating func decimal(_ least: Int, _ most: Int, _ decimals: Int) -> JSON {
        let count = below(decimals + 1)
        let whole = String(least + below(most - least))
        guard count > 0 else { return .string(whole) }
        return .string(whole + "." + (0..<count).map { _ in String(below(10)) }.joined())
    }

    /// The value, or the value with its basis.
    private mutating func fact(_ value: JSON) -> JSON {
        guard below(3) == 0 else { return value }
        var members = [JSON.Member("value", value), .init("basis", .string(pick(Basis.allCases).rawValue))]
        if below(4) == 0 { members.append(.init("by", text())) }
        if below(4) == 0 { members.append(.init("at", .string(pick(["2026-11-21", "2026-11-21T09:30:00.5Z"])))) }
        if below(4) == 0 { members.append(.init("instrument", text())) }
        return .object(members)
    }

    private mutating func code<C: Code>(_ type: C.Type) -> JSON { .string(pick(Array(C.allCases)).rawValue) }
    private mutating func list(_ least: Int = 1, _ make: (inout Self) -> JSON) -> JSON {
        .array((0..<(least + below(2))).map { _ in make(&self) })
    }

    /// An object of those members that chance lets stand.
    private mutating func object(_ members: [(String, @Sendable (inout RandomPiece) -> JSON)]) -> JSON {
        .object(
            members.compactMap { name, make in chance() ? JSON.Member(name, make(&self)) : nil })
    }

    private typealias Maker = @Sendable (inout RandomPiece) -> JSON
    private typealias Members = [(String, Maker)]
    private static let line: Maker = { $0.text() }
    private static let factLine: Maker = { $0.fact($0.text()) }
    private static let count: Maker = { $0.fact(.integer(1 + $0.below(500))) }
    private static let carats: Maker = { $0.fact($0.decimal(1, 400, 5)) }
    private static let grams: Maker = { $0.fact($0.decimal(1, 400, 3)) }
    private static let millimetres: Maker = { $0.fact($0.decimal(1, 90, 3)) }
    private static let percent: Maker = { $0.fact($0.decimal(0, 99, 2)) }
    private static let flag: Maker = { $0.fact(.bool($0.below(2) == 0)) }
    private static let degree: Maker = { $0.fact($0.decimal(0, 89, 2)) }
    private static func of<C: Code>(_ type: C.Type) -> Maker { { $0.fact($0.code(C.self)) } }

    private static let gem: Members = [
        ("basis", { $0.code(Basis.self) }), ("nature", of(Nature.self)), ("growthMethod", of(GrowthMethod.self)),
        ("species", { $0.fact(.string($0.pick(Species.table).code)) }), ("variety", factLine),
        ("tradeTerms", { $0.list { .object(["term": $0.text(), "claimedBy": $0.text()]) } }),
        ("colour", { $0.colour() }), ("phenomena", { $0.list { $0.fact($0.code(Phenomenon.self)) } }),
        ("transparency", of(Transparency.self)), ("clarity", of(StoneClarity.self)),
        ("tests", { $0.tests() }), ("treatments", { $0.treatments() }), ("origin", { $0.origin() }),
        ("disclosedSource", { .object(["name": $0.text(), "document": $0.text()]) }),
        ("traceability", { $0.list { .object(["scheme": $0.text(), "id": $0.text()]) } }), ("comments", line),
    ]

    private mutating func colour() -> JSON {
        object([
            ("text", Self.factLine), ("hue", Self.factLine), ("tone", { $0.fact(.integer($0.below(11))) }),
            ("saturation", { $0.fact(.integer(1 + $0.below(6))) }), ("modifier", Self.factLine),
            ("zoning", Self.factLine),
        ])
    }

    private mutating func sides() -> JSON {
        object([("length", Self.millimetres), ("width", Self.millimetres), ("depth", Self.millimetres)])
    }

    private mutating func span() -> JSON {
        below(2) == 0 ? text() : .object(["min": decimal(1, 3, 3), "max": decimal(3, 9, 3)])
    }

    private mutating func tests() -> JSON {
        object([
            ("basis", { $0.code(Basis.self) }),
            ("ri", { $0.fact(.array([$0.fact(.string("1.57\($0.below(10))")), .string("1.58\($0.below(10))")])) }),
            ("spotRi", { $0.fact(.string("1.66")) }), ("birefringence", { $0.fact(.string("0.007")) }),
            ("opticCharacter", Self.factLine), ("sg", { $0.fact($0.decimal(1, 9, 3)) }), ("airWeightCt", Self.carats),
            ("waterWeightCt", Self.carats), ("hardness", { $0.fact($0.decimal(1, 9, 1)) }),
            ("pleochroism", { $0.list { $0.text() } }), ("uvLong", Self.factLine), ("uvShort", Self.factLine),
            ("spectrum", Self.factLine), ("chelsea", Self.factLine), ("magnification", Self.factLine),
            ("colourStability", Self.of(GemTests.ColourStability.self)),
            (
                "analyses",
                {
                    $0.list {
                        .object([
                            "method": $0.code(GemTests.Analysis.Method.self), "result": $0.text(),
                            "document": $0.text(),
                        ])
                    }
                }
            ), ("notes", Self.line),
        ])
    }

    private mutating func treatments() -> JSON {
        if below(3) == 0 {
            return .array([.object(["code": .string(pick(["NONE", "NT"])), "basis": code(Basis.self)])])
        }
        return list {
            let kind = $0.pick(Treatment.Kind.allCases.filter { ![.NONE, .NT].contains($0) })
            return .object([
                "code": .string(kind.rawValue), "degree": kind.degrees.first.map { .string($0.code) },
                "filler": $0.chance() ? $0.text() : nil, "element": $0.chance() ? "Be" : nil,
                "extent": $0.chance() ? "deep" : nil, "stability": $0.chance() ? "stable" : nil,
                "basis": $0.code(Basis.self),
            ])
        }
    }

    private mutating func origin() -> JSON {
        object([
            ("country", { .string($0.pick(["PK", "AF", "CO", "MM"])) }), ("region", Self.line), ("locality", Self.line),
            ("confidence", { $0.code(GeographicOrigin.Confidence.self) }), ("basis", { $0.code(Basis.self) }),
            ("sourceType", Self.line),
        ])
    }

    private mutating func diamond() -> JSON {
        object([
            ("basis", { $0.code(Basis.self) }), ("colour", Self.of(Diamond.ColourGrade.self)),
            ("clarity", Self.of(Diamond.ClarityGrade.self)), ("cut", Self.of(Diamond.Grade.self)),
            ("polish", Self.of(Diamond.Grade.self)), ("symmetry", Self.of(Diamond.Grade.self)),
            ("fluorescence", Self.of(Diamond.Fluorescence.self)),
            ("fluorescenceColour", Self.of(Diamond.FluorescenceColour.self)), ("tablePct", Self.percent),
            ("depthPct", Self.percent), ("crownAngle", Self.degree), ("crownHeightPct", Self.percent),
            ("pavilionAngle", Self.degree), ("pavilionDepthPct", Self.percent), ("starLengthPct", Self.percent),
            ("lowerHalfPct", Self.percent), ("reportType", { $0.code(Diamond.ReportType.self) }),
            (
                "girdle",
                {
                    let sizes = Girdle.Size.allCases
                    let first = $0.below(sizes.count)
                    let last = first + $0.below(sizes.count - first)
                    let range =
                        first == last ? sizes[first].rawValue : "\(sizes[first].rawValue)-\(sizes[last].rawValue)"
                    return $0.fact(.string(range))
                }
            ), ("girdlePct", Self.percent),
            ("girdleCondition", Self.of(Diamond.GirdleCondition.self)), ("culet", Self.of(Diamond.Culet.self)),
            (
                "fancyColour",
                {
                    $0.object([
                        ("intensity", Self.of(Diamond.Intensity.self)), ("hue", Self.factLine),
                        ("overtone", Self.factLine), ("distribution", Self.of(Diamond.Distribution.self)),
                        ("origin", Self.of(Diamond.ColourOrigin.self)),
                    ])
                }
            ), ("diamondType", Self.of(Diamond.TypeClass.self)), ("identification", Self.factLine),
            ("eyeClean", Self.flag), ("milky", Self.factLine), ("shade", Self.factLine),
            ("blackInclusions", { $0.list { $0.code(Diamond.BlackInclusion.self) } }),
            ("whiteInclusions", { $0.list { $0.text() } }), ("openInclusions", { $0.list { $0.text() } }),
            ("inscriptions", { $0.list { $0.text() } }), ("inscriptionGraphics", { $0.list { $0.text() } }),
            (
                "keyToSymbols",
                {
                    $0.list {
                        $0.below(2) == 0
                            ? $0.text()
                            : .object(["order": .integer(1), "characteristic": $0.text(), "position": $0.text()])
                    }
                }
            ),
        ])
    }

    private mutating func entry() -> JSON {
        object([
            ("piece", Self.line), ("role", Self.of(StoneEntry.Role.self)), ("count", Self.count),
            ("species", { $0.fact(.string($0.pick(Species.table).code)) }), ("variety", Self.factLine),
            ("nature", Self.of(Nature.self)), ("growthMethod", Self.of(GrowthMethod.self)),
            ("identification", Self.of(Pearl.Identification.self)),
            ("environment", Self.of(Pearl.Environment.self)),
            ("treatments", { $0.treatments() }), ("shape", Self.of(Shape.self)), ("cut", Self.of(Cut.self)),
            ("weightCt", Self.carats), ("measurementsMm", { $0.sides() }), ("colour", Self.factLine),
            ("clarity", Self.factLine), ("setting", Self.of(StoneEntry.Setting.self)), ("origin", { $0.origin() }),
            ("basis", { $0.code(Basis.self) }),
        ])
    }

    private mutating func pearl() -> JSON {
        object([
            ("basis", { $0.code(Basis.self) }), ("reportTitle", Self.line),
            ("identification", Self.of(Pearl.Identification.self)),
            ("environment", Self.of(Pearl.Environment.self)), ("mollusc", Self.factLine), ("variety", Self.factLine),
            ("tradeTerms", { $0.list { .object(["term": $0.text()]) } }), ("quantity", Self.count),
            ("weightCt", Self.carats), ("weightG", Self.grams), ("measurementsMm", { $0.sides() }),
            ("sizeRange", { $0.span() }), ("shape", Self.of(Pearl.Shape.self)), ("bodyColour", Self.factLine),
            ("overtone", Self.factLine), ("orient", Self.factLine), ("surface", Self.of(Pearl.Surface.self)),
            ("lustre", Self.of(Pearl.Lustre.self)), ("nacre", Self.factLine), ("nacreMm", Self.millimetres),
            ("matching", Self.of(Matching.self)), ("drilling", Self.of(Pearl.Drilling.self)),
            ("tests", { $0.tests() }), ("treatments", { $0.treatments() }), ("origin", { $0.origin() }),
            ("disclosedSource", { .object(["name": $0.text()]) }),
            ("traceability", { $0.list { .object(["scheme": $0.text(), "id": $0.text()]) } }), ("comments", Self.line),
            ("matchedPair", { .object(["piece": $0.text(), "separable": true]) }),
        ])
    }

    private mutating func money() -> JSON {
        .object([
            "amount": .string("\(1 + below(9000)).\(10 + below(90))"),
            "currency": .string(pick(["USD", "PKR", "AED"])),
        ])
    }

    private mutating func block(_ kind: Piece.Kind) -> JSON {
        let cut: Members = [("shape", Self.of(Shape.self)), ("cut", Self.of(Cut.self))]
        let size: Members = [("measurementsMm", { $0.sides() })]
        let weight: Members = [("weightCt", Self.carats)]
        let many: Members = [("pieces", Self.count), ("totalWeightCt", Self.carats)]
        let found: Members = [
            ("weightG", Self.grams), ("grade", Self.factLine), ("mine", Self.line), ("licence", Self.line),
            ("matrix", Self.factLine), ("crystalHabit", Self.factLine), ("fluorescence", Self.factLine),
        ]
        switch kind {
        case .stone:
            let own: Members = [
                ("crown", Self.of(Cut.self)), ("pavilion", Self.of(Cut.self)),
                ("rays", { $0.fact(.integer(2 + $0.below(11))) }), ("clarityType", Self.of(ClarityType.self)),
                ("viewedFromCm", { $0.fact(.integer(25)) }), ("inclusions", { $0.list { $0.text() } }),
                ("matchedPair", { .object(["piece": $0.text(), "separable": false]) }),
                ("diamond", { $0.diamond() }),
            ]
            return object(Self.gem + weight + size + cut + own)
        case .rough:
            let own: Members = [
                ("pieces", Self.count), ("sizeRange", { $0.span() }), ("expectedYieldPct", Self.percent),
                ("kimberley", { $0.kimberley() }),
            ]
            return object(Self.gem + weight + size + found + own)
        case .specimen:
            let own: Members = [
                ("crystalMm", Self.millimetres), ("associated", { $0.list { $0.text() } }),
                ("repairs", Self.factLine),
            ]
            return object(Self.gem.filter { $0.0 != "growthMethod" } + weight + size + found + own)
        case .pearl: return pearl()
        case .pair, .set:
            let own: Members = [
                ("matching", Self.of(Matching.self)), ("separable", Self.flag),
                ("stones", { $0.list { $0.entry() } }), ("identification", Self.of(Pearl.Identification.self)),
                ("environment", Self.of(Pearl.Environment.self)),
            ]
            return object(Self.gem + many + size + cut + own)
        case .strand:
            let own: Members = [
                ("rows", Self.count), ("grossWeightG", Self.grams), ("lengthMm", Self.millimetres),
                ("sizeRange", { $0.span() }), ("graduation", Self.of(Strand.Graduation.self)),
                ("matching", Self.of(Matching.self)), ("knotted", Self.flag), ("clasp", Self.factLine),
                ("pearl", { $0.pearl() }),
            ]
            return object(Self.gem + many + cut + own)
        case .parcel:
            let own: Members = [
                ("averageWeightCt", Self.carats), ("sizeRange", { $0.span() }), ("sieve", Self.factLine),
                ("gradeRange", Self.factLine), ("colourRange", Self.factLine), ("clarityRange", Self.factLine),
                ("assortment", Self.factLine), ("priceBasis", { $0.code(Parcel.PriceBasis.self) }),
                ("sealNumber", Self.line), ("materialTest", Self.factLine),
                ("identification", Self.of(Pearl.Identification.self)),
                ("environment", Self.of(Pearl.Environment.self)),
            ]
            return object(Self.gem + many + cut + own)
        case .jewellery: return jewellery()
        }
    }

    private mutating func kimberley() -> JSON {
        .object([
            "number": "ZA 0001", "issuingCountry": "ZA", "authority": text(), "originCountry": "ZA",
            "mixedOrigin": false, "issuedOn": "2026-01-31", "expiresOn": "2026-03-31", "exporter": text(),
            "importer": text(), "weightCt": "12.50", "value": money(), "parcels": .integer(1), "hs": "7102.31",
            "validation": text(),
        ])
    }

    private mutating func jewellery() -> JSON {
        object([
            ("basis", { $0.code(Basis.self) }), ("type", Self.of(Jewellery.Kind.self)),
            ("size", { .object(["system": $0.code(Jewellery.Size.System.self), "value": $0.fact("7")]) }),
            ("lengthMm", Self.millimetres), ("widthMm", Self.millimetres), ("grossWeightG", Self.grams),
            ("netWeightG", Self.grams),
            (
                "metals",
                {
                    $0.list {
                        .object([
                            "metal": "gold", "colour": $0.fact("rose"), "karat": .integer(18),
                            "finenessPermille": "750",
                            "weightG": $0.fact($0.decimal(1, 40, 3)), "testedHow": $0.code(Metal.Test.self),
                            "testedBy": $0.text(), "basis": $0.code(Basis.self),
                        ])
                    }
                }
            ),
            (
                "hallmarks",
                {
                    $0.list {
                        .object([
                            "type": $0.code(Jewellery.Hallmark.Kind.self), "text": "750", "office": $0.text(),
                            "year": .integer(1998), "image": $0.text(),
                        ])
                    }
                }
            ), ("plating", Self.of(Jewellery.Plating.self)), ("platingMicrons", { $0.fact("2.5") }),
            ("clasp", Self.factLine), ("resizable", Self.flag), ("year", { $0.fact(.integer(1998)) }),
            ("manufacturedOn", { _ in "2026-01-31" }),
            ("parentStockNumber", { _ in "RING-17" }),
            ("maker", Self.factLine),
            ("designer", Self.line), ("collection", Self.line), ("handmade", Self.flag), ("condition", Self.factLine),
            ("stones", { $0.list { $0.entry() } }),
            (
                "totals",
                {
                    $0.list {
                        .object(["species": "beryl", "pieces": $0.fact(.integer(3)), "weightCt": $0.fact("1.5")])
                    }
                }
            ),
            ("totalWeightCt", Self.carats), ("makingCharge", { $0.money() }), ("stonesValue", { $0.money() }),
            ("suggestedPrice", { $0.money() }),
            ("safety", Self.line), ("citesPermit", Self.line), ("comments", Self.line),
        ])
    }

    /// A document of the kind; whole, it has every member.
    package mutating func piece(_ kind: Piece.Kind, stockNumber: String, isWhole: Bool = false) -> JSON {
        density = isWhole ? 5 : 1 + below(5)
        let common = object([
            ("title", Self.line), ("description", Self.line), ("bullets", { $0.list { $0.text() } }),
            ("keywords", { $0.list { $0.text() } }),
            ("notes", { $0.object([("public", Self.line), ("buyer", Self.line), ("private", Self.line)]) }),
            ("externalIds", { .array([.object(["scheme": "GIA", "id": $0.text()])]) }), ("location", Self.line),
            ("origin", { .object(["country": .string($0.pick(["PK", "AF"]))]) }),
            (
                "price",
                {
                    kind == .jewellery && $0.chance()
                        ? .object(["metalLinked": true])
                        : .object([.init($0.pick(["total", "perCarat"]), $0.money())])
                }
            ),
            ("prices", { $0.list { .object(["total": $0.money()]) } }), ("cost", { .object(["total": $0.money()]) }),
            ("landedCost", { .object(["total": $0.money()]) }), ("memoPrice", { .object(["perCarat": $0.money()]) }),
            ("minimumPrice", { .object(["total": $0.money()]) }),
            ("brand", Self.line), ("department", Self.line), ("gtin", { _ in "4006381333931" }),
            ("quantity", { .integer($0.below(9)) }), ("moq", { .integer($0.below(9)) }),
            ("tiers", { $0.list { .object(["min": .integer(1 + $0.below(50)), "price": $0.money()]) } }),
            ("leadTimeDays", { .integer($0.below(90)) }),
            ("packed", { .object(["weightG": $0.decimal(1, 90, 3), "sizeMm": ["100", "80.5", "40"]]) }),
            ("hs", { _ in "7103.91" }), ("packagingText", Self.line),
        ])
        var members = [JSON.Member("kind", .string(kind.rawValue)), .init("stockNumber", .string(stockNumber))]
        members += common.members ?? []
        var facts = block(kind)
        // Stones set in jewellery are the part that is most easily lost.
        if kind == .jewellery, facts["stones"] == nil {
            facts = facts.setting("stones", to: list { $0.entry() })
        }
        members.append(.init(kind.rawValue, facts))
        return .object(members)
    }
}

extension JSON {
    /// All names of members, at any depth.
    package var memberNames: Set<String> {
        switch self {
        case .object(let members): members.reduce(into: []) { $0.formUnion($1.value.memberNames.union([$1.name])) }
        case .array(let elements): elements.reduce(into: []) { $0.formUnion($1.memberNames) }
        default: []
        }
    }
}
