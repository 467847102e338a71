/// A gem species of the trade's table (domain/species.json): the code pieces carry, its names, and
/// the constants that plausibility needs.
///
/// Typical ranges are what a gemmologist expects; `within` is the wider envelope in which a real
/// stone may still lie.
public struct Species: Hashable, Sendable {
    public var code: String
    public var name: String
    public var names: Names
    /// × 1000; nil where it tells nothing.
    public var ri: ClosedRange<Int>?
    public var riWithin: ClosedRange<Int>?
    /// × 10,000.
    public var birefringence: ClosedRange<Int>?
    public var optic: OpticCharacter?
    /// × 100.
    public var sg: ClosedRange<Int>?
    public var sgWithin: ClosedRange<Int>?
    /// Mohs × 10.
    public var hardness: ClosedRange<Int>
    /// False for organics and rocks, whose refractive index alone tells nothing (domain §4).
    public var isJudgedByRI: Bool

    init(
        _ code: String, _ name: String, _ names: Names, ri: ClosedRange<Int>?, within riWithin: ClosedRange<Int>?,
        birefringence: ClosedRange<Int>?, optic: String?, sg: ClosedRange<Int>?, within sgWithin: ClosedRange<Int>?,
        hardness: ClosedRange<Int>, isJudgedByRI: Bool = true
    ) {
        self.code = code
        self.name = name
        self.names = names
        self.ri = ri
        self.riWithin = riWithin
        self.birefringence = birefringence
        self.optic = optic.flatMap { OpticCharacter($0) }
        self.sg = sg
        self.sgWithin = sgWithin
        self.hardness = hardness
        self.isJudgedByRI = isJudgedByRI
    }

    public static func named(_ code: String) -> Species? { byCode[code] }

    /// `other` stands for a species the table does not hold; its name belongs into the comments.
    public static let other = "other"

    private static let byCode = Dictionary(uniqueKeysWithValues: table.map { ($0.code, $0) })
}

/// The code of a species of ``Species/table``, or `other`.
public struct SpeciesCode: Codable, Hashable, Sendable {
    public var code: String

    public init(_ code: String) throws(InvalidInput) {
        guard Species.named(code) != nil || code == Species.other else {
            if let variety = Variety.named(code) {
                throw InvalidInput(
                    "\(variety.code) is a variety, its species is \(variety.species)",
                    hint: "write \"species\":\"\(variety.species)\" and \"variety\":\"\(variety.code)\"")
            }
            let near = Spelling.nearest(to: code, among: Species.table.lazy.map(\.code))
            throw InvalidInput(
                "\"\(code.prefix(40))\" is not a species gemd knows",
                hint: (near.map { "did you mean \"\($0)\"? " } ?? "")
                    + "write a species of GET /v1/codes, or \"other\" if it is not in the table")
        }
        self.code = code
    }

    /// For the codes written in this code.
    init(known code: String) { self.code = code }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(code)
    }
}
