import GemModel

/// Whether the weight and measures that somebody typed are those of a certificate (docs/protocol.md, "match").
///
/// The trade's scale of how far two balances or two gauges may differ. The page's script reckons the same.
struct PageMatch {
    enum Result: Int {
        case match, possible, mismatch

        /// The colour and icon of the verdicts.
        var style: String { ["genuine", "cancelled", "notGenuine"][rawValue] }
        var word: String { ["fits", "close", "does not fit"][rawValue] }
        var sentence: String {
            [
                "It fits this certificate.", "It may be this stone: measure again.",
                "This is not the stone of this certificate.",
            ][rawValue]
        }
    }

    private(set) var rows: [(name: String, result: Result)] = []
    /// Something was typed that is no number.
    private(set) var isUnreadable = false

    /// The worst of them; nil when nothing was typed that the certificate has.
    var result: Result? { rows.map(\.result).max { $0.rawValue < $1.rawValue } }

    init(_ typed: [String: String], against facts: CertificateFacts) {
        compare("Weight", typed["weight"], facts.weightCt, close: 1_000, near: 3_000)
        let sides = facts.sides.count == 3 ? facts.sides : facts.sides + [String](repeating: "", count: 3)
        for (name, side) in zip(["Length", "Width", "Depth"], sides) {
            compare(name, typed[name.lowercased()], side, close: 3_000, near: 10_000)
        }
    }

    private mutating func compare(_ name: String, _ typed: String?, _ signed: String?, close: Int, near: Int) {
        guard let typed = typed?.filter({ $0 != " " }), !typed.isEmpty else { return }
        guard let value = Self.units(typed.replacing(",", with: ".")) else {
            isUnreadable = true
            return
        }
        guard let signed = signed.flatMap(Self.units) else { return }
        let apart = abs(value - signed)
        rows.append((name, apart <= close ? .match : apart <= near ? .possible : .mismatch))
    }

    /// A decimal text in hundred-thousandths, exactly; nil when it is none, or has more places.
    private static func units(_ text: String) -> Int? {
        guard let parts = text.wholeMatch(of: /([0-9]{1,6})(?:\.([0-9]{1,5}))?/) else { return nil }
        let places = String(parts.2 ?? "")
        return Int(parts.1 + places + String(repeating: "0", count: 5 - places.count))
    }
}
