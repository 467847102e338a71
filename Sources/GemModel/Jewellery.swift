/// A finished piece of jewellery (domain §1.6).
public struct Jewellery: Codable, Hashable, Sendable {
    public enum Kind: String, Code {
        case ring, earrings, pendant, necklace, bracelet, bangle, brooch, anklet, cufflink
        case nosePin = "nose_pin"
        case tikka, jhumar, set, watch, other
    }

    public struct Size: Codable, Hashable, Sendable {
        public enum System: String, Code {
            case US, UK, EU, PK
        }
        public var system: System
        public var value: Line
    }

    /// One metal of the piece; karat and fineness say the same and must agree.
    public struct Metal: Codable, Hashable, Sendable {
        public enum Kind: String, Code {
            case gold, silver, platinum, palladium
            case rhodiumPlate = "rhodium_plate"
            case base
        }
        public var metal: Kind
        public var colour: Line?
        public var karat: Int?
        public var finenessPermille: Permille?
        public var weightG: Fact<Gram>?
        public var basis: Basis?

        /// Fineness as said, or of the karat (domain §1.6).
        public var fineness: Permille? { finenessPermille ?? karat.flatMap { Self.fineness(karat: $0) } }

        static func fineness(karat: Int) -> Permille? {
            permilleOfKarat[karat].flatMap { Permille(units: $0 * 10, decimals: 0) }
        }

        private static let permilleOfKarat: [Int: Int64] = [
            24: 999, 22: 916, 21: 875, 20: 833, 18: 750, 15: 625, 14: 585, 10: 417, 9: 375, 8: 333,
        ]

        /// "18 K gold" or "925 silver".
        public var label: String {
            if let karat { return "\(karat) K \(metal.rawValue)" }
            if let finenessPermille { return "\(finenessPermille) \(metal.rawValue)" }
            return metal.rawValue
        }
    }

    public struct Hallmark: Codable, Hashable, Sendable {
        public var type: Line?
        public var text: Line?
        public var office: Line?
        public var year: Int?
        public var image: Line?
    }

    /// A stone in the piece: another registered piece, or described in place.
    public struct MountedStone: Codable, Hashable, Sendable {
        public enum Role: String, Code {
            case centre, side, accent
        }
        public enum Setting: String, Code {
            case prong, bezel, pave, channel, kundan, tension, other
        }
        public var piece: Line?
        public var role: Role?
        public var count: Int?
        public var species: SpeciesCode?
        public var variety: Line?
        public var nature: Nature?
        public var treatments: [Treatment]?
        public var shape: Shape?
        /// Of all stones of this entry together.
        public var weightCt: Carat?
        public var colour: Line?
        public var clarity: Line?
        public var setting: Setting?
        public var basis: Basis?
    }

    public var type: Kind?
    public var size: Size?
    public var lengthMm: Millimetre?
    public var grossWeightG: Fact<Gram>?
    public var metals: [Metal]?
    public var hallmarks: [Hallmark]?
    public var plating: Line?
    public var clasp: Line?
    public var resizable: Bool?
    public var year: Int?
    public var maker: Line?
    public var handmade: Bool?
    public var condition: Line?
    public var stones: [MountedStone]?
    public var makingCharge: Money?

    /// The rules between members, with the path below `jewellery`.
    func check() throws(InvalidInput) {
        for (index, metal) in (metals ?? []).enumerated() {
            guard let karat = metal.karat else { continue }
            guard let fineness = Metal.fineness(karat: karat) else {
                throw InvalidInput(
                    "\(karat) karat is not a fineness of the trade",
                    hint: "write 24, 22, 21, 20, 18, 15, 14, 10, 9 or 8, or finenessPermille",
                    field: "metals[\(index)].karat")
            }
            if let said = metal.finenessPermille, abs(said.units - fineness.units) > 30 {
                throw InvalidInput(
                    "\(karat) karat is \(fineness) ‰, not \(said) ‰", hint: "correct one of the two",
                    field: "metals[\(index)].finenessPermille")
            }
        }
        for (index, stone) in (stones ?? []).enumerated() where (stone.count ?? 1) < 1 {
            throw InvalidInput(
                "a count of \(stone.count ?? 0) stones cannot be", hint: "count them", field: "stones[\(index)].count")
        }
    }
}
