package import FoundationEssentials

/// A moment as calendar and clock in UTC, exact to the millisecond.
///
/// Own arithmetic (the proleptic Gregorian calendar), because the texts and dates of a certificate must
/// come out the same on every machine and for ever.
package struct CivilTime: Hashable, Sendable {
    private(set) var year: Int
    private(set) var month: Int
    private(set) var day: Int
    private var milliseconds: Int  // since midnight

    /// Cut, not rounded, to the millisecond. Years 0–9999.
    package init(_ date: Date) {
        // Half a microsecond absorbs what Double loses of a whole millisecond.
        let total = Int(((date.timeIntervalSince1970 + 5e-7) * 1000).rounded(.down))
        let days = Int((Double(total) / 86_400_000).rounded(.down))
        milliseconds = total - days * 86_400_000
        // Days since 0000-03-01, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = Int((Double(shifted) / 146_097).rounded(.down))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var date: Date {
        let fromMarch = month <= 2 ? year - 1 : year
        let era = Int((Double(fromMarch) / 400).rounded(.down))
        let yearOfEra = fromMarch - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Date(timeIntervalSince1970: Double(days * 86_400_000 + milliseconds) / 1000)
    }

    /// The same day of a later month, or its last day where the month is shorter.
    package func adding(months: Int) -> CivilTime {
        var moved = self
        let count = year * 12 + month - 1 + months
        moved.year = count / 12
        moved.month = count % 12 + 1
        moved.day = min(day, Self.days(in: moved.month, of: moved.year))
        return moved
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

// MARK: - Text

extension CivilTime {
    /// RFC 3339 in UTC with milliseconds, the one spelling of a time in gemd: `2026-11-21T09:30:00.000Z`.
    package var text: String {
        "\(dayText)T\(clock(":")).\(Self.padded(milliseconds % 1000, 3))Z"
    }

    /// The day alone, `2026-11-21`.
    package var dayText: String {
        "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    /// ASN.1 GeneralizedTime as DER wants it, `20261121093000Z`.
    var generalizedText: String {
        "\(Self.padded(year, 4))\(Self.padded(month, 2))\(Self.padded(day, 2))\(clock(""))Z"
    }

    private func clock(_ mark: String) -> String {
        let seconds = milliseconds / 1000
        return [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }.joined(separator: mark)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Reads `text` back; nil for any other spelling, for days that do not exist and for leap seconds.
    package init?(text: String) {
        self.init(Array(text.utf8), pattern: "9999-99-99T99:99:99.999Z")
    }

    /// Reads a GeneralizedTime, or a UTCTime, whose two-digit years mean 1950–2049 (RFC 5280 §4.1.2.5).
    init?(asn1 digits: ArraySlice<UInt8>, isUTCTime: Bool) {
        let century = isUTCTime ? Array((digits.first ?? 0 >= UInt8(ascii: "5") ? "19" : "20").utf8) : []
        self.init(century + digits, pattern: "99999999999999Z")
    }

    private init?(_ text: [UInt8], pattern: StaticString) {
        guard text.count == pattern.utf8CodeUnitCount else { return nil }
        var digits: [Int] = []
        for i in text.indices {
            if pattern.utf8Start[i] == UInt8(ascii: "9") {
                guard text[i] &- UInt8(ascii: "0") < 10 else { return nil }
                digits.append(Int(text[i] - UInt8(ascii: "0")))
            } else {
                guard text[i] == pattern.utf8Start[i] else { return nil }
            }
        }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        year = number(0..<4)
        month = number(4..<6)
        day = number(6..<8)
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard 1...12 ~= month, 1...Self.days(in: month, of: year) ~= day, hour < 24, minute < 60, second < 60 else {
            return nil
        }
        milliseconds = ((hour * 60 + minute) * 60 + second) * 1000 + (digits.count > 14 ? number(14..<17) : 0)
    }
}
