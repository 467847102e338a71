/// Whether a stone in hand can be the one that a certificate describes, from what was measured of both.
///
/// A match is no proof: among diamonds nearly every stone has a double of the same size. It rules out.
package struct StoneMatch: Hashable, Sendable {
    /// Weight in 10⁻⁵ ct, lengths in µm.
    package struct Measures: Hashable, Sendable {
        package var weight: Int64?
        package var length: Int64?
        package var width: Int64?
        package var depth: Int64?

        package init(weight: Int64? = nil, length: Int64? = nil, width: Int64? = nil, depth: Int64? = nil) {
            self.weight = weight
            self.length = length
            self.width = width
            self.depth = depth
        }
    }

    package enum Outcome: String, Hashable, Sendable, Comparable {
        case match, possible, mismatch

        private var rank: Int { Self.order.firstIndex(of: self)! }
        private static let order: [Self] = [.match, .possible, .mismatch]
        package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
    }

    package struct Part: Hashable, Sendable {
        package let name: String
        package let measured: Int64
        package let described: Int64
        package let outcome: Outcome
    }

    /// The worst of its parts.
    package let outcome: Outcome
    package let parts: [Part]
    private let isMounted: Bool

    /// Nil when nothing was measured that the certificate gives. Of a mounted stone the weight is not compared.
    package init?(_ measured: Measures, _ described: Measures, isMounted: Bool) {
        var parts: [Part] = []
        func compare(_ name: String, _ a: Int64?, _ b: Int64?, same: Int64, near: Int64) {
            guard let a, let b else { return }
            let difference = abs(a - b)
            parts.append(
                Part(
                    name: name, measured: a, described: b,
                    outcome: difference <= same ? .match : difference <= near ? .possible : .mismatch))
        }
        if !isMounted { compare("weightCt", measured.weight, described.weight, same: 1000, near: 3000) }
        // Which of two sides is the length is a matter of a hair in a round stone, so the nearer order counts.
        var (length, width) = (measured.length, measured.width)
        if let l = length, let w = width, let dl = described.length, let dw = described.width,
            max(abs(l - dw), abs(w - dl)) < max(abs(l - dl), abs(w - dw))
        {
            (length, width) = (w, l)
        }
        compare("lengthMm", length, described.length, same: 30, near: 100)
        compare("widthMm", width, described.width, same: 30, near: 100)
        compare("depthMm", measured.depth, described.depth, same: 30, near: 100)
        guard let worst = parts.map(\.outcome).max() else { return nil }
        outcome = worst
        self.parts = parts
        self.isMounted = isMounted
    }

    package var json: JSON {
        func text(_ value: Int64, _ part: Part) -> JSON {
            let decimals = part.name == "weightCt" ? 5 : 3
            var digits = String(value)
            while digits.utf8.count <= decimals { digits = "0" + digits }
            var text = "\(digits.dropLast(decimals)).\(digits.suffix(decimals))"
            while text.hasSuffix("0"), text.suffix(3).first != "." { text.removeLast() }
            return .string(text)
        }
        return .object([
            "match": .string(outcome.rawValue), "mounted": .bool(isMounted),
            "measures": .array(
                parts.map { part in
                    .object([
                        "name": .string(part.name), "measured": text(part.measured, part),
                        "certificate": text(part.described, part), "result": .string(part.outcome.rawValue),
                    ])
                }),
            "note": .string(
                outcome == .mismatch
                    ? "this is not the stone that the certificate describes, or it was cut again"
                    : "the measures fit; compare the photograph and any inscription too, since many stones share a size"
            ),
        ])
    }
}
