/// An exact fraction, never negative: what prices are reckoned in, so that they are rounded once, at the end.
///
/// In lowest terms. What no longer fits 128 bits is refused, never cut.
struct Ratio: Hashable, Sendable {
    let numerator: Int128
    let denominator: Int128

    /// `denominator` is above zero.
    init(_ numerator: Int128, _ denominator: Int128 = 1) {
        let divisor = max(1, Self.commonDivisor(numerator, denominator))
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// `units` of 10^-decimals.
    init(_ units: Int64, decimals: Int) { self.init(Int128(units), Int128(power(10, decimals))) }

    static func * (a: Ratio, b: Ratio) throws(InvalidInput) -> Ratio {
        // Shortened crosswise first, so that only what is truly too long overflows.
        let one = Ratio(a.numerator, b.denominator)
        let other = Ratio(b.numerator, a.denominator)
        return Ratio(
            try product(one.numerator, other.numerator), try product(one.denominator, other.denominator))
    }

    /// `b` is above zero.
    static func / (a: Ratio, b: Ratio) throws(InvalidInput) -> Ratio { try a * Ratio(b.denominator, b.numerator) }

    static func + (a: Ratio, b: Ratio) throws(InvalidInput) -> Ratio {
        let divisor = max(1, commonDivisor(a.denominator, b.denominator))
        let (sum, isTooLong) = try product(a.numerator, b.denominator / divisor).addingReportingOverflow(
            product(b.numerator, a.denominator / divisor))
        guard !isTooLong else { throw tooLong }
        return Ratio(sum, try product(a.denominator, b.denominator / divisor))
    }

    /// Units of 10^-decimals, half up.
    func rounded(decimals: Int) throws(InvalidInput) -> Int64 {
        let scaled = try self * Ratio(Int128(power(10, decimals)))
        var (quotient, rest) = scaled.numerator.quotientAndRemainder(dividingBy: scaled.denominator)
        if rest >= scaled.denominator - rest { quotient += 1 }
        rest = 0
        guard let units = Int64(exactly: quotient) else { throw Self.tooLong }
        return units
    }

    /// Whether the one is more than a fifth above or below the other.
    static func differByMoreThanAFifth(_ new: Ratio, from old: Ratio) throws(InvalidInput) -> Bool {
        let change = try new / old
        let fifths = try product(change.numerator, 5)
        let isBelow = try fifths < product(change.denominator, 4)
        let isAbove = try fifths > product(change.denominator, 6)
        return isBelow || isAbove
    }

    private static func product(_ a: Int128, _ b: Int128) throws(InvalidInput) -> Int128 {
        let (product, isTooLong) = a.multipliedReportingOverflow(by: b)
        guard !isTooLong else { throw tooLong }
        return product
    }

    private static func commonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    private static let tooLong = InvalidInput(
        "the figures are longer than gemd can reckon exactly", hint: "check the rates, the weights and the charges")
}
