/// The unit of a ``Quantity``: its name, resolution and range.
public protocol QuantityUnit: Sendable {
    /// What people call the value: "weight in carats".
    static var name: String { get }
    /// Decimals that are stored; more are refused, fewer are kept as written.
    static var decimals: Int { get }
    /// The least and greatest value, in units of 10^-decimals.
    static var range: ClosedRange<Int64> { get }
    /// An example for error messages.
    static var example: String { get }
}

/// An exact decimal measurement: a whole number of 10^-n units, and how many
/// decimals were written.
///
/// A reading of `"2.50"` says more than `"2.5"`, so the count of decimals is kept
/// (FTC 16 CFR 23.18). JSON: the decimal string as measured.
public struct Quantity<Unit: QuantityUnit>: Hashable, Comparable, Sendable {
    public let units: Int64
    /// Decimals as written, 0…`Unit.decimals`.
    public let decimals: Int

    /// Nil when out of range.
    public init?(units: Int64, decimals: Int = Unit.decimals) {
        guard Unit.range.contains(units) else { return nil }
        self.units = units
        self.decimals = decimals
    }

    public static func < (a: Self, b: Self) -> Bool { a.units < b.units }
    public static func == (a: Self, b: Self) -> Bool { a.units == b.units && a.decimals == b.decimals }
}

extension Quantity: CustomStringConvertible {
    /// Reads `"2"`, `"2.04"`; refuses signs, exponents, spaces, leading zeros and a bare point.
    public init(_ text: String) throws(InvalidInput) {
        guard let (units, decimals) = readDecimal(text, decimals: Unit.decimals) else {
            throw InvalidInput(
                "\"\(text.prefix(40))\" is not a \(Unit.name)",
                hint: "write a plain decimal with at most \(Unit.decimals) decimals, such as \"\(Unit.example)\"")
        }
        guard Unit.range.contains(units) else {
            let low = writeDecimal(Unit.range.lowerBound, stored: Unit.decimals, shown: Unit.decimals)
            let high = writeDecimal(Unit.range.upperBound, stored: Unit.decimals, shown: 0)
            throw InvalidInput(
                units == 0 ? "a \(Unit.name) of zero cannot be" : "\(text) is not between \(low) and \(high)",
                hint: units == 0 ? "measure it and enter it, or leave the member out" : "check the unit and the point")
        }
        self.units = units
        self.decimals = decimals
    }

    public var description: String { writeDecimal(units, stored: Unit.decimals, shown: decimals) }
}

extension Quantity: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(description)
    }
}

/// Whole units of 10^-decimals; nil when the text is no plain decimal of at most so many decimals.
public func scaledDecimal(_ text: String, decimals: Int) -> Int64? { readDecimal(text, decimals: decimals)?.units }

/// Units of 10^-decimals and the decimals as written; nil when the text is no plain decimal.
func readDecimal(_ text: String, decimals: Int) -> (units: Int64, written: Int)? {
    var units: Int64 = 0
    var digits = 0
    var written: Int?
    for byte in text.utf8 {
        if byte == UInt8(ascii: ".") {
            guard written == nil, digits > 0 else { return nil }
            written = 0
            continue
        }
        guard byte &- 0x30 < 10, digits < 17 else { return nil }
        // "05" is refused, "0.5" is not.
        if digits == 1, units == 0, written == nil { return nil }
        if let count = written {
            guard count < decimals else { return nil }
            written = count + 1
        }
        units = units * 10 + Int64(byte &- 0x30)
        digits += 1
    }
    guard digits > 0, written != 0 else { return nil }
    for _ in (written ?? 0)..<max(decimals, written ?? 0) {
        let (scaled, overflow) = units.multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        units = scaled
    }
    return (units, written ?? 0)
}

/// A value of 10^-stored units with `shown` decimals; digits beyond are cut, callers never ask for fewer than they have.
func writeDecimal(_ units: Int64, stored: Int, shown: Int) -> String {
    var digits = String(units.magnitude)
    if digits.utf8.count <= stored { digits = String(repeating: "0", count: stored + 1 - digits.utf8.count) + digits }
    let split = digits.utf8.index(digits.endIndex, offsetBy: -stored)
    let fraction = digits[split...].prefix(shown)
    return (units < 0 ? "-" : "") + digits[..<split] + (fraction.isEmpty ? "" : "." + fraction)
}

// MARK: - The trade's units

/// 1 ct = 200 mg (CGPM 1907); stored as 10⁻⁵ ct.
public enum CaratUnit: QuantityUnit {
    public static let name = "weight in carats"
    public static let decimals = 5
    public static let range: ClosedRange<Int64> = 1...100_000_000_000
    public static let example = "1.58"
}
/// Stored in micrometres.
public enum MillimetreUnit: QuantityUnit {
    public static let name = "length in millimetres"
    public static let decimals = 3
    public static let range: ClosedRange<Int64> = 1...10_000_000
    public static let example = "9.12"
}
/// Stored in milligrams.
public enum GramUnit: QuantityUnit {
    public static let name = "weight in grams"
    public static let decimals = 3
    public static let range: ClosedRange<Int64> = 1...1_000_000_000
    public static let example = "8.420"
}
public enum PercentUnit: QuantityUnit {
    public static let name = "percentage"
    public static let decimals = 2
    public static let range: ClosedRange<Int64> = 0...10_000
    public static let example = "61.5"
}
public enum DegreeUnit: QuantityUnit {
    public static let name = "angle in degrees"
    public static let decimals = 2
    public static let range: ClosedRange<Int64> = 0...9_000
    public static let example = "34.5"
}
public enum RefractiveIndexUnit: QuantityUnit {
    public static let name = "refractive index"
    public static let decimals = 4
    public static let range: ClosedRange<Int64> = 10_000...40_000
    public static let example = "1.577"
}
public enum BirefringenceUnit: QuantityUnit {
    public static let name = "birefringence"
    public static let decimals = 4
    public static let range: ClosedRange<Int64> = 0...5_000
    public static let example = "0.007"
}
public enum SpecificGravityUnit: QuantityUnit {
    public static let name = "specific gravity"
    public static let decimals = 3
    public static let range: ClosedRange<Int64> = 500...25_000
    public static let example = "2.74"
}
/// Scratch hardness, 1 talc to 10 diamond.
public enum MohsUnit: QuantityUnit {
    public static let name = "hardness of Mohs"
    public static let decimals = 2
    public static let range: ClosedRange<Int64> = 100...1_000
    public static let example = "7.5"
}
/// Thickness of plating.
public enum MicronUnit: QuantityUnit {
    public static let name = "thickness in micrometres"
    public static let decimals = 2
    public static let range: ClosedRange<Int64> = 1...10_000
    public static let example = "2.5"
}
public enum PermilleUnit: QuantityUnit {
    public static let name = "fineness in parts per thousand"
    public static let decimals = 1
    public static let range: ClosedRange<Int64> = 1...10_000
    public static let example = "750"
}

public typealias Carat = Quantity<CaratUnit>
public typealias Millimetre = Quantity<MillimetreUnit>
public typealias Gram = Quantity<GramUnit>
public typealias Percent = Quantity<PercentUnit>
public typealias Degree = Quantity<DegreeUnit>
public typealias RefractiveIndex = Quantity<RefractiveIndexUnit>
public typealias Birefringence = Quantity<BirefringenceUnit>
public typealias SpecificGravity = Quantity<SpecificGravityUnit>
public typealias Permille = Quantity<PermilleUnit>
public typealias Mohs = Quantity<MohsUnit>
public typealias Micron = Quantity<MicronUnit>
