/// A finished piece of jewellery (domain §1.6).
public struct Jewellery: Codable, Hashable, Sendable {
    public enum Kind: String, Term {
        case ring, earrings, pendant, necklace, bracelet, bangle, brooch, anklet, cufflink
        case nosePin = "nose_pin"
        case tikka, jhumar, set, watch, other
    }

    public struct Size: Codable, Hashable, Sendable {
        public enum System: String, Term {
            case US, UK, EU, PK
        }
        public var system: System
        public var value: Fact<Line>
    }

    /// A layer of precious metal on another (domain §1.6, [A1]).
    public enum Plating: String, Term {
        /// Silver 925 under at least 2.5 µm of gold of 10 karat or more.
        case vermeil
        case goldFilled = "gold_filled"
        case goldPlated = "gold_plated"
        case rhodium, none, other

        public static let aliases: [String: Plating] = ["rhodium_plated": .rhodium]
    }

    public struct Hallmark: Codable, Hashable, Sendable {
        public enum Kind: String, Term {
            /// The common control mark of the Hallmarking Convention.
            case CCM
            case responsibility, fineness
            case assayOffice = "assay_office"
            case date, duty, importation, other

            public static let aliases: [String: Kind] = [
                "maker": .responsibility, "makers_mark": .responsibility, "sponsor": .responsibility,
                "purity": .fineness, "assay": .assayOffice, "office": .assayOffice, "date_letter": .date,
                "import": .importation,
            ]
        }

        public var type: Kind?
        public var text: Line?
        public var office: Line?
        public var year: Year?
        /// SHA-256 of its photograph.
        public var image: Line?
    }

    /// The weight of one kind of stones, all together.
    public struct Total: Codable, Hashable, Sendable {
        public var species: Fact<SpeciesCode>?
        public var pieces: Fact<Count>?
        public var weightCt: Fact<Carat>?
    }

    public var basis: Basis?
    public var type: Fact<Kind>?
    public var size: Size?
    public var lengthMm: Fact<Millimetre>?
    public var widthMm: Fact<Millimetre>?
    public var grossWeightG: Fact<Gram>?
    /// Gross weight without stones.
    public var netWeightG: Fact<Gram>?
    public var metals: [Metal]?
    public var hallmarks: [Hallmark]?
    public var plating: Fact<Plating>?
    public var platingMicrons: Fact<Micron>?
    public var clasp: Fact<Line>?
    public var resizable: Fact<Bool>?
    public var year: Fact<Year>?
    public var manufacturedOn: Day?
    /// The dealer's number of what this is a variant of, such as the same ring in another size.
    public var parentStockNumber: StockNumber?
    public var maker: Fact<Line>?
    public var designer: Line?
    public var collection: Line?
    public var handmade: Fact<Bool>?
    public var condition: Fact<Line>?
    public var stones: [StoneEntry]?
    public var totals: [Total]?
    public var totalWeightCt: Fact<Carat>?
    public var makingCharge: Money?
    /// What the stones are worth, for a price that follows the metal.
    public var stonesValue: Money?
    /// What the maker suggests a shop should ask.
    public var suggestedPrice: Money?
    /// Nickel, lead, cadmium: what is known.
    public var safety: Line?
    /// Coral, ivory, shell or tortoise, whose trade needs a permit.
    public var citesPermit: Line?
    public var comments: Prose?
}
