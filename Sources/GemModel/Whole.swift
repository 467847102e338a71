/// The name and range of a ``Whole`` number.
public protocol WholeRange: Sendable {
    static var name: String { get }
    static var range: ClosedRange<Int> { get }
}

/// A whole number within its range. JSON: a number.
public struct Whole<Range: WholeRange>: Codable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public let value: Int

    public init(_ value: Int) throws(InvalidInput) {
        guard Range.range.contains(value) else {
            throw InvalidInput(
                "a \(Range.name) of \(value) cannot be",
                hint: "write \(Range.range.lowerBound) to \(Range.range.upperBound)")
        }
        self.value = value
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(Int.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(value)
    }

    public var description: String { String(value) }
    public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

public enum CountRange: WholeRange {
    public static let name = "count"
    public static let range = 1...1_000_000_000
}
/// 0 is colourless to white, 10 black (GIA).
public enum ToneRange: WholeRange {
    public static let name = "tone"
    public static let range = 0...10
}
/// 1 greyish or brownish to 6 vivid (GIA).
public enum SaturationRange: WholeRange {
    public static let name = "saturation"
    public static let range = 1...6
}
public enum RaysRange: WholeRange {
    public static let name = "number of rays"
    public static let range = 2...24
}
public enum YearRange: WholeRange {
    public static let name = "year"
    public static let range = 1...2200
}
public enum CentimetreRange: WholeRange {
    public static let name = "distance in centimetres"
    public static let range = 1...200
}

public typealias Count = Whole<CountRange>
public typealias Tone = Whole<ToneRange>
public typealias Saturation = Whole<SaturationRange>
public typealias Rays = Whole<RaysRange>
public typealias Year = Whole<YearRange>
public typealias Centimetres = Whole<CentimetreRange>
