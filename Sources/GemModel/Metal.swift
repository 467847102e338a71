/// One metal of a piece of jewellery; karat and fineness say the same and must agree (domain §1.6).
public struct Metal: Codable, Hashable, Sendable {
    public enum Kind: String, Term {
        case gold, silver, platinum, palladium
        case rhodiumPlate = "rhodium_plate"
        case base
    }

    /// How its fineness was found.
    public enum Test: String, Term {
        case declared, XRF
        case fireAssay = "fire_assay"
        case touchstone

        public static let aliases: [String: Test] = ["xrf": .XRF]
    }

    public var metal: Kind
    public var colour: Fact<Line>?
    public var karat: Int?
    public var finenessPermille: Permille?
    public var weightG: Fact<Gram>?
    public var testedHow: Test?
    public var testedBy: Line?
    public var basis: Basis?

    /// Fineness as said, or of the karat.
    public var fineness: Permille? { finenessPermille ?? karat.flatMap { Self.fineness(karat: $0) } }

    static func fineness(karat: Int) -> Permille? {
        karats.first { $0.karat == karat }.flatMap { Permille(units: $0.permille * 10, decimals: 0) }
    }

    /// Karat and parts per thousand, finest first [M1].
    static let karats: [(karat: Int, permille: Int64)] = [
        (24, 999), (22, 916), (21, 875), (20, 833), (18, 750), (15, 625), (14, 585), (10, 417), (9, 375), (8, 333),
    ]

    /// "18 K gold" or "925 silver".
    public var label: String {
        if let karat { return "\(karat) K \(metal.rawValue)" }
        if let finenessPermille { return "\(finenessPermille) \(metal.rawValue)" }
        return metal.rawValue
    }

    func check() throws(InvalidInput) {
        guard let karat else { return }
        guard metal == .gold else {
            throw InvalidInput(
                "karat is the fineness of gold, not of \(metal.rawValue)",
                hint: "write finenessPermille, such as \"925\"",
                field: "karat")
        }
        guard let fineness = Self.fineness(karat: karat) else {
            throw InvalidInput(
                "\(karat) karat is not a fineness of the trade",
                hint: "write 24, 22, 21, 20, 18, 15, 14, 10, 9 or 8, or finenessPermille", field: "karat")
        }
        if let said = finenessPermille, abs(said.units - fineness.units) > 30 {
            throw InvalidInput(
                "\(karat) karat is \(fineness) ‰, not \(said) ‰", hint: "correct one of the two",
                field: "finenessPermille")
        }
    }
}
