/// A stone's weight in one of the trade's units (domain/units.json), such as `"684 mg"`.
///
/// Bare `ratti` and `tola` are refused: the first is 121.5 or 182.25 mg, the second
/// 11.664 or 10 g, depending on who says it.
package enum Weight {
    /// Each unit, its exact fraction of a carat, and its names; where several spellings mean one unit the first is listed.
    private static let table: [(spellings: [String], carats: (numerator: Int64, denominator: Int64), names: Names)] = [
        (["ct", "carat", "carats"], (1, 1), Names("carat, 200 mg", "قیراط، 200 ملی گرام")),
        (["point", "points", "pt"], (1, 100), Names("point, 0.01 ct", "پوائنٹ، 0.01 قیراط")),
        (["mg", "milligram", "milligrams"], (1, 200), Names("milligram", "ملی گرام")),
        (["g", "gram", "grams"], (5, 1), Names("gram, 5 ct", "گرام، 5 قیراط")),
        (["kg"], (5000, 1), Names("kilogram", "کلوگرام")),
        (["pearl_grain", "grain"], (1, 4), Names("pearl grain, 0.25 ct", "موتی گرین، 0.25 قیراط")),
        (["tola_11.664"], (583_190_190, 10_000_000), Names("tola of 11.664 g", "تولہ 11.664 گرام")),
        (["tola_10g"], (50, 1), Names("tola of 10 g", "تولہ 10 گرام")),
        (
            ["masha"], (583_190_190, 120_000_000),
            Names("masha, a twelfth of a tola of 11.664 g", "ماشہ، تولے کا بارہواں حصہ")
        ),
        (
            ["ratti_sunari_kachhi"], (6_075, 10_000),
            Names("goldsmiths' ratti, 121.5 mg", "سناری (کچی) رتی، 121.5 ملی گرام")
        ),
        (["ratti_stone_pakki"], (91_125, 100_000), Names("stone ratti, 182.25 mg", "پکی رتی، 182.25 ملی گرام")),
    ]

    static let units: [(code: String, names: Names)] = table.map { ($0.spellings[0], $0.names) }

    private static let carats: [String: (numerator: Int64, denominator: Int64)] = Dictionary(
        uniqueKeysWithValues: table.flatMap { unit in unit.spellings.map { ($0, unit.carats) } })

    /// In carats, as a decimal with at most five places.
    package static func carats(_ text: String) throws(InvalidInput) -> String {
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
                hint: "write one of " + Self.units.map(\.code).joined(separator: ", "))
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
}

extension Weight {
    /// The same in grams, to the milligram, for metal.
    static func grams(_ text: String) throws(InvalidInput) -> String {
        guard let units = scaledDecimal(try carats(text), decimals: 5) else {
            throw InvalidInput(
                "\"\(text.prefix(40))\" is no weight", hint: "write a number and its unit, such as \"8.42 g\"")
        }
        // 10^-5 ct are 2 µg: round half up.
        let milligrams = (units + 250) / 500
        var decimals = 3
        while decimals > 0, milligrams % power(10, 4 - decimals) == 0 { decimals -= 1 }
        return writeDecimal(milligrams, stored: 3, shown: decimals)
    }
}

extension JSON {
    /// Replaces the `weight` of jewellery by its `grossWeightG`, and that of each metal by its `weightG`.
    fileprivate func withMetalInGrams(at path: String) throws(InvalidInput) -> JSON {
        func inGrams(_ block: JSON, _ member: String, at path: String) throws(InvalidInput) -> JSON {
            guard let weight = block["weight"], weight != .null else { return block }
            guard block[member] == nil else {
                throw InvalidInput(
                    "weight and \(member) say the same thing twice", hint: "keep one of them", field: path + ".weight")
            }
            guard case .string(let text) = weight else {
                throw InvalidInput(
                    "a weight is a number and a unit in quotes", hint: "write \"8.42 g\"", field: path + ".weight")
            }
            let grams: String
            do { grams = try Weight.grams(text) } catch { throw error.at(path + ".weight") }
            return .object(
                (block.members ?? []).map { $0.name == "weight" ? .init(member, .string(grams)) : $0 })
        }
        var block = try inGrams(self, "grossWeightG", at: path)
        if let metals = block["metals"]?.elements, metals.contains(where: { $0["weight"] != nil }) {
            var list: [JSON] = []
            for (index, metal) in metals.enumerated() {
                list.append(try inGrams(metal, "weightG", at: "\(path).metals[\(index)]"))
            }
            block = block.setting("metals", to: .array(list))
        }
        return block
    }

    /// Writes the AIGS's `TE3` and `C2`, which say a degree too, as our code and that degree.
    func withTreatmentLetters() -> JSON {
        guard let kind = self["kind"]?.string, let block = self[kind] else { return self }
        func spelled(_ treatments: JSON) -> JSON? {
            var isChanged = false
            let list = (treatments.elements ?? []).map { treatment -> JSON in
                guard let letters = treatment["code"]?.string, letters.utf8.count < 4,
                    let code = Self.withDegree(letters)
                else { return treatment }
                isChanged = true
                return treatment.merging(.object([.init("code", .string(code)), .init("degree", .string(letters))]))
            }
            return isChanged ? .array(list) : nil
        }
        var changed = block
        if let list = block["treatments"].flatMap(spelled) { changed = changed.setting("treatments", to: list) }
        if let stones = block["stones"]?.elements, stones.contains(where: { $0["treatments"].flatMap(spelled) != nil })
        {
            let list = stones.map { stone in
                stone["treatments"].flatMap(spelled).map { stone.setting("treatments", to: $0) } ?? stone
            }
            changed = changed.setting("stones", to: .array(list))
        }
        return changed == block ? self : setting(kind, to: changed)
    }

    private static func withDegree(_ letters: String) -> String? {
        switch letters {
        case "TE1", "TE2", "TE3", "TE4", "TE5": Treatment.Kind.FH.rawValue
        case "C1", "C2", "C3": Treatment.Kind.GF.rawValue
        default: nil
        }
    }

    /// Replaces the `weight` of the kind's block ("684 mg") by its `weightCt`, or `totalWeightCt` where a block
    /// holds many stones; both together are refused.
    func withWeightInCarats() throws(InvalidInput) -> JSON {
        guard let kind = self["kind"]?.string, let block = self[kind] else { return self }
        if kind == "jewellery" {
            guard block["weight"] != nil || block["metals"] != nil else { return self }
            return setting(kind, to: try block.withMetalInGrams(at: kind))
        }
        guard let weight = block["weight"], weight != .null else { return self }
        let member = ["pair", "set", "strand", "parcel"].contains(kind) ? "totalWeightCt" : "weightCt"
        guard block[member] == nil else {
            throw InvalidInput(
                "weight and \(member) say the same thing twice", hint: "keep one of them", field: kind + ".weight")
        }
        guard case .string(let text) = weight else {
            throw InvalidInput(
                "a weight is a number and a unit in quotes", hint: "write \"684 mg\"", field: kind + ".weight")
        }
        let carats: String
        do { carats = try Weight.carats(text) } catch { throw error.at(kind + ".weight") }
        let patch = JSON.object([.init(kind, .object([.init("weight", .null), .init(member, .string(carats))]))])
        return merging(patch)
    }
}
