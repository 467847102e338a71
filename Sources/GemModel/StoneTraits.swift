/// Weight, size and grades of a loose stone: what it may be known again by. No fingerprint: of 43,400 round diamonds 95 %
/// have a twin within ± 0.01 ct and ± 0.02 mm (domain §0.5, §7.1), so it ranks candidates and proves nothing.
public struct StoneTraits: Hashable, Sendable {
    public enum Match: String, Term, Comparable {
        /// Weight, sizes and every grade that either has are the same: likely one stone registered again.
        case repeats
        /// Within 0.01 ct and 0.02 mm.
        case close

        public static func < (a: Self, b: Self) -> Bool { a == .repeats && b == .close }
    }

    /// In 10⁻⁵ ct, and in µm.
    public static let weightTolerance: Int64 = 1_000
    public static let lengthTolerance: Int64 = 20

    public var species: String?
    public var shape: String?
    /// In 10⁻⁵ ct.
    public var weight: Int64
    /// The two diameters, smaller first since a round stone has no length, and the depth, in µm.
    public var sides: [Int64]
    /// Colour, clarity, table and depth per cent, each as given.
    private var grades: [String?]

    /// Of a stored document, read no further than needed since thousands are looked through; nil unless it is a stone
    /// with a weight and three sides.
    public init?(document: JSON) {
        guard let stone = document["stone"] else { return nil }
        func text(_ json: JSON?) -> String? { (json?["value"] ?? json)?.string }
        guard let weight = text(stone["weightCt"]).flatMap({ scaledDecimal($0, decimals: 5) }) else { return nil }
        let sizes = stone["measurementsMm"]
        let sides = ["length", "width", "depth"].compactMap { name in
            text(sizes?[name]).flatMap { scaledDecimal($0, decimals: 3) }
        }
        guard sides.count == 3 else { return nil }
        self.weight = weight
        self.sides = [min(sides[0], sides[1]), max(sides[0], sides[1]), sides[2]]
        species = text(stone["species"])
        shape = text(stone["shape"])
        let diamond = stone["diamond"]
        /// `61` and `61.0` are one.
        func percent(_ json: JSON?) -> String? {
            text(json).flatMap { scaledDecimal($0, decimals: 3) }.map { String($0) }
        }
        grades = [
            text(diamond?["colour"]) ?? text(stone["colour"]?["text"]),
            text(diamond?["clarity"]) ?? text(stone["clarity"]), percent(diamond?["tablePct"]),
            percent(diamond?["depthPct"]),
        ]
    }

    public func match(_ other: StoneTraits) -> Match? {
        if self == other { return .repeats }
        guard species == other.species, shape == other.shape,
            (weight - other.weight).magnitude <= Self.weightTolerance,
            zip(sides, other.sides).allSatisfy({ ($0 - $1).magnitude <= Self.lengthTolerance })
        else { return nil }
        return .close
    }

    /// How far apart two are, for ranking those that are close: the sum of the differences, each in its tolerance.
    public func gap(to other: StoneTraits) -> Int64 {
        let weights = (weight - other.weight).magnitude * 100 / Self.weightTolerance.magnitude
        let lengths = zip(sides, other.sides).reduce(0) { sum, pair in
            sum + (pair.0 - pair.1).magnitude * 100 / Self.lengthTolerance.magnitude
        }
        return Int64(clamping: weights + lengths)
    }
}
