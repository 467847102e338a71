import GemModel

/// Whether the weight and measures that somebody typed are those of a certificate: ``StoneMatch`` in a page's words.
///
/// The page's script reckons the same.
struct PageMatch {
    private(set) var rows: [(name: String, result: StoneMatch.Outcome)] = []
    /// Something was typed that is no number.
    private(set) var isUnreadable = false
    /// The worst of them; nil when nothing was typed that the certificate has.
    private(set) var result: StoneMatch.Outcome?

    init(_ typed: [String: String], against facts: CertificateFacts) {
        func units(_ name: String, _ decimals: Int) -> Int64? {
            guard let text = typed[name]?.filter({ $0 != " " }), !text.isEmpty else { return nil }
            let value = scaledDecimal(text.replacing(",", with: "."), decimals: decimals)
            if value == nil { isUnreadable = true }
            return value
        }
        let measured = StoneMatch.Measures(
            weight: units("weight", 5), length: units("length", 3), width: units("width", 3),
            depth: units("depth", 3))
        let sides = facts.sides.count == 3 ? facts.sides.map { scaledDecimal($0, decimals: 3) } : [nil, nil, nil]
        let described = StoneMatch.Measures(
            weight: facts.weightCt.flatMap { scaledDecimal($0, decimals: 5) }, length: sides[0], width: sides[1],
            depth: sides[2])
        guard let match = StoneMatch(measured, described, isMounted: false) else { return }
        result = match.outcome
        let names = ["weightCt": "Weight", "lengthMm": "Length", "widthMm": "Width", "depthMm": "Depth"]
        rows = match.parts.map { (names[$0.name] ?? $0.name, $0.outcome) }
    }
}

extension StoneMatch.Outcome {
    /// The colour and icon of the verdicts.
    var style: String {
        switch self {
        case .match: "genuine"
        case .possible: "cancelled"
        case .mismatch: "notGenuine"
        }
    }
    var word: String {
        switch self {
        case .match: "fits"
        case .possible: "close"
        case .mismatch: "does not fit"
        }
    }
    var sentence: String {
        switch self {
        case .match: "It fits this certificate."
        case .possible: "It may be this stone: measure again."
        case .mismatch: "This is not the stone of this certificate."
        }
    }
}
