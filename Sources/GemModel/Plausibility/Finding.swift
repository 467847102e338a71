/// Something about a piece that does not look right. Findings never refuse: an odd
/// stone may be real, and the dealer has it in hand.
public struct Finding: Codable, Hashable, Sendable {
    public enum Severity: String, Term {
        case note, unusual, implausible
    }

    /// A species or simulant that the readings suit, 0 to 100.
    public struct Candidate: Codable, Hashable, Sendable {
        public var species: String
        public var fit: Int
    }

    public var code: String
    public var severity: Severity
    public var field: String
    public var message: String
    public var candidates: [Candidate]?
}

extension Finding {
    init(
        _ code: String, _ severity: Severity, _ field: String, _ message: String, candidates: [Candidate]? = nil
    ) {
        self.init(code: code, severity: severity, field: field, message: message, candidates: candidates)
    }
}

extension Piece {
    /// All that looks odd, in the document's order (domain §4, §7).
    public var findings: [Finding] {
        var findings: [Finding] = []
        switch kind {
        case .stone:
            if let stone {
                stone.judge(at: "stone", &findings)
                stone.judgeDepth(&findings)
            }
        case .rough:
            if let rough {
                rough.judge(at: "rough", &findings)
                rough.judgeRough(&findings)
            }
        case .specimen: specimen?.judge(at: "specimen", &findings)
        case .pearl:
            pearl?.judge(at: "pearl", &findings)
            pearl?.judgeIdentification(at: "pearl", &findings)
        case .strand:
            strand?.judge(at: "strand", &findings)
            strand?.pearl?.judge(at: "strand.pearl", &findings)
            strand?.pearl?.judgeIdentification(at: "strand.pearl", &findings)
        case .pair:
            pair?.judge(at: "pair", &findings)
            pair?.judgeTotals(isPair: true, at: "pair", &findings)
        case .set:
            set?.judge(at: "set", &findings)
            set?.judgeTotals(isPair: false, at: "set", &findings)
        case .parcel:
            parcel?.judge(at: "parcel", &findings)
            parcel?.judgeTotals(&findings)
        case .jewellery: jewellery?.judge(&findings)
        }
        judgePrices(&findings)
        if hs != nil { judgeHeading(&findings) }
        return findings
    }
}

extension Gemstone {
    /// What is judged alike for the stones of every kind.
    func judge(at path: String, _ findings: inout [Finding]) {
        judgeSides(at: path, &findings)
        judgeFillFactor(at: path, &findings)
        if variety != nil || tradeTerms != nil || treatments != nil || nature != nil { judgeWords(at: path, &findings) }
        if tests != nil { judgeReadings(at: path, &findings) }
    }
}
