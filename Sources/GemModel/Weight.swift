/// A stone's weight in one of the trade's units (domain/units.json), such as `"684 mg"`.
///
/// Bare `ratti` and `tola` are refused: the first is 121.5 or 182.25 mg, the second
/// 11.664 or 10 g, depending on who says it.
enum Weight {
    /// Carats as an exact fraction of each unit.
    private static let carats: [String: (numerator: Int64, denominator: Int64)] = [
        "ct": (1, 1), "carat": (1, 1), "carats": (1, 1), "point": (1, 100), "points": (1, 100), "pt": (1, 100),
        "mg": (1, 200), "g": (5, 1), "gram": (5, 1), "kg": (5000, 1), "pearl_grain": (1, 4),
        "tola_11.664": (583_190_190, 10_000_000), "tola_10g": (50, 1), "masha": (583_190_190, 120_000_000),
        "ratti_sunari_kachhi": (6_075, 10_000), "ratti_stone_pakki": (91_125, 100_000),
    ]

    static func carats(_ text: String) throws(InvalidInput) -> String {
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
        guard let (units, written) = readDecimal(String(number), decimals: 8) else {
            throw InvalidInput(
                "\"\(text.prefix(40))\" is not a weight", hint: "write a number and its unit, such as \"684 mg\"")
        }
        switch unit {
        case "":
            throw InvalidInput("the weight has no unit", hint: "write \(number) ct, or the unit of your scale: mg, g")
        case "ratti":
            throw InvalidInput(
                "a ratti is two different weights in the trade",
                hint:
                    "write \"\(number) ratti_sunari_kachhi\" (\(number) × 121.5 mg) or \"\(number) ratti_stone_pakki\" (\(number) × 182.25 mg)"
            )
        case "tola":
            throw InvalidInput(
                "a tola is two different weights in the trade",
                hint:
                    "write \"\(number) tola_11.664\" (\(number) × 11.664 g) or \"\(number) tola_10g\" (\(number) × 10 g)"
            )
        default: break
        }
        guard let (numerator, denominator) = carats[unit] else {
            throw InvalidInput(
                "\"\(unit.prefix(20))\" is not a unit of weight gemd knows",
                hint: "write one of " + carats.keys.sorted().joined(separator: ", "))
        }
        let (high, low) = units.multipliedFullWidth(by: numerator)
        guard high.magnitude < denominator.magnitude * 1000 / 2, high < denominator * 1000 else {
            throw InvalidInput("\"\(text.prefix(40))\" is no weight of a stone", hint: "check the number and the unit")
        }
        // Stored in 10^-5 ct, the number read in 10^-8: round half up.
        var (quotient, rest) = (denominator * 1000).dividingFullWidth((high, low))
        if rest * 2 >= denominator * 1000 { quotient += 1 }
        rest = 0
        var decimals = 5
        if unit == "ct" || unit == "carat" || unit == "carats" {
            decimals = min(written, 5)
        } else {
            while decimals > 0, quotient % power(10, 6 - decimals) == 0 { decimals -= 1 }
        }
        return writeDecimal(quotient, stored: 5, shown: decimals)
    }

    private static func power(_ base: Int64, _ exponent: Int) -> Int64 {
        (0..<exponent).reduce(1) { value, _ in value * base }
    }
}

extension JSON {
    /// Replaces `stone.weight` ("684 mg") by `stone.weightCt`; both together are refused.
    func withWeightInCarats() throws(InvalidInput) -> JSON {
        guard let stone = self["stone"], let weight = stone["weight"], weight != .null else { return self }
        guard stone["weightCt"] == nil else {
            throw InvalidInput(
                "weight and weightCt say the same thing twice", hint: "keep one of them", field: "stone.weight")
        }
        guard case .string(let text) = weight else {
            throw InvalidInput(
                "a weight is a number and a unit in quotes", hint: "write \"684 mg\"", field: "stone.weight")
        }
        let carats: String
        do { carats = try Weight.carats(text) } catch { throw error.at("stone.weight") }
        let patch = JSON.object([.init("stone", .object([.init("weight", .null), .init("weightCt", .string(carats))]))])
        return merging(patch)
    }
}
