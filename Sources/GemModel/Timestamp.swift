/// An instant in UTC: microseconds since 1970. JSON: RFC 3339 with milliseconds.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static func < (a: Self, b: Self) -> Bool { a.microseconds < b.microseconds }

    /// `2026-11-21T19:00:00.000Z`.
    public var description: String {
        let milliseconds = microseconds.flooredQuotient(1000)
        let seconds = milliseconds.flooredQuotient(1000)
        let (year, month, day) = Self.civil(days: seconds.flooredQuotient(86_400))
        let second = seconds - seconds.flooredQuotient(86_400) * 86_400
        return String(unsafeUninitializedCapacity: 24) { out in
            func put(_ value: Int64, at start: Int, width: Int) {
                var rest = value
                for index in (start..<start + width).reversed() {
                    out[index] = UInt8(0x30 + rest % 10)
                    rest /= 10
                }
            }
            put(year, at: 0, width: 4)
            put(month, at: 5, width: 2)
            put(day, at: 8, width: 2)
            put(second / 3600, at: 11, width: 2)
            put(second / 60 % 60, at: 14, width: 2)
            put(second % 60, at: 17, width: 2)
            put(milliseconds - seconds * 1000, at: 20, width: 3)
            for (index, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."), (23, "Z")]
                as [(Int, Unicode.Scalar)]
            {
                out[index] = UInt8(ascii: mark)
            }
            return 24
        }
    }

    public var year: Int { Int(Self.civil(days: (microseconds / 1_000_000).flooredQuotient(86_400)).year) }

    /// Reads RFC 3339 in UTC (`Z`), with or without fractions of a second; nil otherwise.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == 0x2D, bytes[7] == 0x2D,
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == 0x3A, bytes[16] == 0x3A
        else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard byte &- 0x30 < 10 else { return nil }
                value = value * 10 + Int64(byte &- 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            let digits = bytes.count - 21
            guard bytes[19] == UInt8(ascii: "."), (1...9).contains(digits), let value = number(20..<bytes.count - 1)
            else {
                return nil
            }
            fraction = (0..<digits).reduce(value * 1_000_000) { value, _ in value / 10 }
        }
        let days = Self.days(year: year, month: month, day: day)
        guard Self.civil(days: days) == (year, month, day) else { return nil }
        microseconds = (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + fraction
    }

    // Howard Hinnant's proleptic Gregorian day count.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let realMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (realMonth <= 2 ? 1 : 0), realMonth, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
