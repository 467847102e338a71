/// Weight that goes in and weight that comes out, when pieces are divided or put together (domain §1.8).
///
/// What comes out and what was lost make what went in, within 0.02 ct or 0.1 %, whichever is more.
public struct MassBalance: Hashable, Sendable {
    public var input: Carat
    public var outputs: [Carat]
    public var loss: Carat?

    public init(input: Carat, outputs: [Carat], loss: Carat?) {
        self.input = input
        self.outputs = outputs
        self.loss = loss
    }

    private var out: Int64 { outputs.reduce(0) { $0 + $1.units } }

    /// In 10⁻⁵ ct; above zero when more came out than went in.
    public var gap: Int64 { out + (loss?.units ?? 0) - input.units }

    /// In 10⁻⁵ ct.
    public var tolerance: Int64 { max(2000, input.units / 1000) }

    public var isKept: Bool { abs(gap) <= tolerance }

    /// - Throws: `InvalidInput` when it does not balance and nobody says why, or when more was cut than there was.
    public func check(reason: Line?, mayGrow: Bool) throws(InvalidInput) {
        if !mayGrow, out > input.units + tolerance {
            throw InvalidInput(
                "\(Self.carats(out)) ct cannot come out of \(input) ct", hint: "weigh them again", field: "into")
        }
        guard !isKept, reason == nil else { return }
        let how = gap > 0 ? "too much" : "missing"
        throw InvalidInput(
            "\(Self.carats(out)) ct come out of \(input) ct"
                + (loss.map { " with a loss of \($0) ct" } ?? "") + ": \(Self.carats(abs(gap))) ct are \(how)",
            hint: "correct a weight, say the loss in lossCt, or say the reason", field: "reason")
    }

    /// What is left when nothing is weighed again; nil when nothing is.
    public static func remainder(of input: Carat, less outputs: [Carat], loss: Carat?) -> Carat? {
        let all = outputs + (loss.map { [$0] } ?? [])
        return Carat(
            units: input.units - all.reduce(0) { $0 + $1.units },
            decimals: all.reduce(input.decimals) { max($0, $1.decimals) })
    }

    /// All of them on one scale; nil beyond what a weight may be.
    public static func sum(_ weights: [Carat]) -> Carat? {
        Carat(
            units: weights.reduce(0) { $0 + $1.units }, decimals: weights.reduce(0) { max($0, $1.decimals) })
    }

    static func carats(_ units: Int64) -> String { writeDecimal(units, stored: 5, shown: units % 1000 == 0 ? 2 : 5) }
}

extension Piece {
    /// Whether a certificate of the one no longer describes the other: beyond 0.005 ct or 0.03 mm (domain §3.5).
    public func isBeyondTolerance(of other: Piece) -> Bool {
        if let one = weight, let two = other.weight, abs(one.units - two.units) > 500 { return true }
        guard let one = block?.measurementsMm, let two = other.block?.measurementsMm else { return false }
        return [(one.length, two.length), (one.width, two.width), (one.depth, two.depth)].contains { one, two in
            guard let one, let two else { return false }
            return abs(one.value.units - two.value.units) > 30
        }
    }
}
