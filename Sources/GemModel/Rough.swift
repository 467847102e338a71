/// Uncut material, one crystal or a lot of them (domain §1.5).
public struct Rough: Codable, Hashable, Sendable {
    public var basis: Basis?
    public var nature: Fact<Nature>?
    public var growthMethod: Fact<GrowthMethod>?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    public var weightCt: Fact<Carat>?
    public var weightG: Fact<Gram>?
    public var pieces: Fact<Count>?
    public var measurementsMm: Measurements?
    /// Of a lot: the smallest and largest piece.
    public var sizeRange: Span?
    /// The dealer's own grade.
    public var grade: Fact<Line>?
    /// What is expected to be left after cutting.
    public var expectedYieldPct: Fact<Percent>?
    public var colour: Colour?
    public var phenomena: [Fact<Phenomenon>]?
    public var transparency: Fact<Transparency>?
    public var clarity: Fact<StoneClarity>?
    public var mine: Line?
    /// Of the mine or lease.
    public var licence: Line?
    /// The rock it sits in.
    public var matrix: Fact<Line>?
    public var crystalHabit: Fact<Line>?
    public var fluorescence: Fact<Line>?
    public var tests: GemTests?
    public var treatments: [Treatment]?
    public var origin: GeographicOrigin?
    public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    /// Rough diamonds cross no border without it.
    public var kimberley: KimberleyCertificate?
    public var comments: Prose?
}

/// A mineral specimen: kept for its crystals, not to be cut (domain §1.5).
public struct Specimen: Codable, Hashable, Sendable {
    public var basis: Basis?
    public var nature: Fact<Nature>?
    public var species: Fact<SpeciesCode>?
    public var variety: Fact<Line>?
    public var tradeTerms: [TradeTerm]?
    public var weightCt: Fact<Carat>?
    public var weightG: Fact<Gram>?
    public var measurementsMm: Measurements?
    /// Of the largest crystal.
    public var crystalMm: Fact<Millimetre>?
    public var crystalHabit: Fact<Line>?
    public var matrix: Fact<Line>?
    /// Other minerals on it.
    public var associated: [Line]?
    public var colour: Colour?
    public var phenomena: [Fact<Phenomenon>]?
    public var transparency: Fact<Transparency>?
    public var clarity: Fact<StoneClarity>?
    public var grade: Fact<Line>?
    public var fluorescence: Fact<Line>?
    /// What was glued or mended.
    public var repairs: Fact<Line>?
    public var mine: Line?
    public var licence: Line?
    public var tests: GemTests?
    public var treatments: [Treatment]?
    public var origin: GeographicOrigin?
    public var disclosedSource: DisclosedSource?
    public var traceability: [SchemeID]?
    public var comments: Prose?
}

/// The certificate of the Kimberley Process that goes with rough diamonds (31 CFR 592.307).
public struct KimberleyCertificate: Codable, Hashable, Sendable {
    /// Begins with the code of the country that issued it.
    public var number: Line
    public var issuingCountry: Country?
    public var authority: Line?
    /// Absent, with `mixedOrigin`, when the paper shows asterisks.
    public var originCountry: Country?
    public var mixedOrigin: Bool?
    public var issuedOn: Day?
    public var expiresOn: Day?
    public var exporter: Line?
    public var importer: Line?
    public var weightCt: Carat?
    public var value: Money?
    public var parcels: Count?
    /// 7102.10, .21 or .31.
    public var hs: Line?
    public var validation: Line?
}
