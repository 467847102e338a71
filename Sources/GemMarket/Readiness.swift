import GemModel

/// One thing that keeps a piece from a market, or may harm it there, in plain words.
///
/// JSON: `{piece, market, field, severity, code, message, hint, rule:{source, date}}`.
package struct Readiness: Codable, Hashable, Sendable {
    package enum Severity: String, Code {
        /// The piece is held back and named.
        case blocker
        /// The piece goes out; the market or a buyer may object.
        case warning
        /// The listing would do better.
        case advice
    }

    /// Where the rule is written, and the day of its text that gemd follows (ISO 8601).
    package struct Rule: Codable, Hashable, Sendable {
        package var source: String
        package var date: String

        package init(_ source: String, date: String) {
            self.source = source
            self.date = date
        }
    }

    /// The piece's id.
    package var piece: String
    /// The market's name, such as `google`.
    package var market: String
    /// JSON path in the piece, or `images`, `certificates`, `link`, `account.currency`.
    package var field: String
    package var severity: Severity
    /// For programs; never changes.
    package var code: String
    /// Lower case, no full stop.
    package var message: String
    /// What to do about it, likewise.
    package var hint: String
    package var rule: Rule

    /// `R-17 — Google: the price is missing. Enter it, for example 4200.00 USD.`
    package func sentence(stockNumber: String, marketTitle: String) -> String {
        "\(stockNumber) — \(marketTitle): \(message). \(hint.capitalisedFirst)."
    }
}

extension Readiness.Rule {
    /// 83 FR 40665, in force since that day.
    static func federal(_ clause: String) -> Self { Self("\(clause) (FTC Jewelry Guides)", date: "2018-08-16") }
    static let cibjo = Self("CIBJO Gemstone Book: disclosure", date: "2022-01-01")
    static let certificates = Self("gemd: a cancelled certificate holds its piece", date: "2026-11-21")
    static let conflicts = Self("gemd: one report, one live listing", date: "2026-11-22")
    static let plausibility = Self("gemd: weight and size against the species", date: "2026-11-21")
    static let xml = Self("XML 1.0 §2.2 (fifth edition)", date: "2008-11-26")
    static let images = Self("gemd: photographs that decode with warnings", date: "2026-11-21")
}

/// Gathers the findings of one piece for one market.
struct Inspection {
    let piece: String
    let market: String
    private(set) var findings: [Readiness] = []

    var isBlocked: Bool { findings.contains { $0.severity == .blocker } }

    init(_ listing: Listing, market: String) {
        piece = listing.piece
        self.market = market
    }

    mutating func block(_ field: String, _ code: String, _ message: String, hint: String, _ rule: Readiness.Rule) {
        add(.blocker, field, code, message, hint, rule)
    }

    mutating func warn(_ field: String, _ code: String, _ message: String, hint: String, _ rule: Readiness.Rule) {
        add(.warning, field, code, message, hint, rule)
    }

    mutating func advise(_ field: String, _ code: String, _ message: String, hint: String, _ rule: Readiness.Rule) {
        add(.advice, field, code, message, hint, rule)
    }

    private mutating func add(
        _ severity: Readiness.Severity, _ field: String, _ code: String, _ message: String, _ hint: String,
        _ rule: Readiness.Rule
    ) {
        let finding = Readiness(
            piece: piece, market: market, field: field, severity: severity, code: code, message: message, hint: hint,
            rule: rule)
        // Two elements may be made of one field; it is named once.
        if !findings.contains(finding) { findings.append(finding) }
    }
}
