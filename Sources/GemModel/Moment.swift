/// A day, or an instant in UTC, as it was written: `2026-11-21` or `2026-11-21T09:30:00Z` (ISO 8601, RFC 3339).
public struct Moment: Codable, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ text: String) throws(InvalidInput) {
        guard Day.isDay(text.utf8) || Timestamp(text) != nil else {
            throw InvalidInput(
                "\"\(text.prefix(40))\" is neither a day nor a time in UTC",
                hint: "write 2026-11-21, or 2026-11-21T09:30:00Z")
        }
        description = text
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(description)
    }
}

/// A calendar day, `2026-11-21` (ISO 8601). Days sort by their text.
public struct Day: Codable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ text: String) throws(InvalidInput) {
        guard Self.isDay(text.utf8) else {
            throw InvalidInput("\"\(text.prefix(40))\" is not a day of the calendar", hint: "write it as 2026-11-21")
        }
        description = text
    }

    /// The day it is then, so many hours east of Greenwich.
    public init(of time: Timestamp, hoursEast: Int64) {
        let there = Timestamp(microseconds: time.microseconds + hoursEast * 3_600_000_000)
        description = String(there.description.prefix(10))
    }

    static func isDay(_ bytes: String.UTF8View) -> Bool {
        let bytes = Array(bytes)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return false }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].allSatisfy { $0 &- 0x30 < 10 } ? bytes[range].reduce(0) { $0 * 10 + Int($1 &- 0x30) } : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), year > 0,
            (1...12).contains(month)
        else { return false }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(description)
    }

    public static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}
