/// What instruments said of a stone (domain §1.2).
public struct GemTests: Codable, Hashable, Sendable {
    /// Whether the colour is the same after light and dark (LMHC sheet 4).
    public enum ColourStability: String, Term {
        case stable, unstable
        case notTested = "not_tested"
    }

    /// What a laboratory's instrument was asked, and where its file lies.
    public struct Analysis: Codable, Hashable, Sendable {
        public enum Method: String, Term {
            case FTIR, Raman, XRF, LIBS
            case uvVis = "UV_VIS"
            case photoluminescence, other
        }

        public var method: Method
        public var result: Prose?
        /// Name, number or SHA-256 of the file.
        public var document: Line?
    }

    /// Of all readings here that do not carry their own.
    public var basis: Basis?
    /// Low and high reading.
    public var ri: Fact<[Fact<RefractiveIndex>]>?
    public var spotRi: Fact<RefractiveIndex>?
    public var birefringence: Fact<Birefringence>?
    /// Words such as `uniaxial -`; see ``OpticCharacter``.
    public var opticCharacter: Fact<Line>?
    public var sg: Fact<SpecificGravity>?
    /// Weighed in air and in water; specific gravity = air ÷ (air − water).
    public var airWeightCt: Fact<Carat>?
    public var waterWeightCt: Fact<Carat>?
    /// Mohs.
    public var hardness: Fact<Mohs>?
    public var pleochroism: [Line]?
    public var uvLong: Fact<Line>?
    public var uvShort: Fact<Line>?
    /// Lines and bands in nanometres.
    public var spectrum: Fact<Line>?
    /// Through the Chelsea filter.
    public var chelsea: Fact<Line>?
    public var magnification: Fact<Prose>?
    public var colourStability: Fact<ColourStability>?
    public var analyses: [Analysis]?
    public var notes: Prose?
}

/// How light goes through a stone, read from the words people write: `Uniaxial -`, `DR, biaxial positive`, `isotropic`.
public struct OpticCharacter: Hashable, Sendable {
    public enum Class: Hashable, Sendable {
        case isotropic, uniaxial, biaxial, aggregate
    }

    public var kind: Class
    /// Nil when not said, or when both signs occur.
    public var isPositive: Bool?

    /// Nil when the words name no class.
    public init?(_ text: String) {
        let words = text.lowercased()
        func says(_ word: String) -> Bool { words.contains(word) }
        if says("uniaxial") {
            kind = .uniaxial
        } else if says("biaxial") {
            kind = .biaxial
        } else if says("agg") {
            kind = .aggregate
        } else if says("anisotrop") {
            return nil
        } else if says("isotrop") || says("singly") || words == "sr" {
            kind = .isotropic
        } else {
            return nil
        }
        let positive = says("+") || says("positive")
        let negative = says("-") || says("−") || says("–") || says("negative")
        isPositive = positive == negative ? nil : positive
    }
}
