import GemModel

/// What members and codes are called on a card: `measurementsMm` is "measurements", `OV` is "oval (OV)".
enum Words {
    /// A member's name in words, and the unit that its ending tells.
    static func name(of member: String) -> (words: String, unit: String?) {
        let (stem, unit) = split(member)
        var words = ""
        for character in stem {
            if character.isUppercase, words.last?.isLowercase == true { words += " " }
            words += character.lowercased()
        }
        let unitWord = unit == "days" ? Message("days").text : unit
        if Language.current == .ur, let name = Catalogue.members[member] ?? Catalogue.members[stem] {
            return (name, unitWord)
        }
        return (special[member] ?? words, unitWord)
    }

    private static let special = [
        "ri": "refractive index", "spotRi": "refractive index (spot)", "sg": "specific gravity",
        "uvLong": "long-wave UV", "uvShort": "short-wave UV", "hs": "customs heading (HS)", "moq": "least order",
        "gtin": "GTIN", "id": "id", "sizeMm": "size",
    ]

    private static let units = [
        ("Ct", "ct"), ("Mm", "mm"), ("G", "g"), ("Pct", "%"), ("Permille", "‰"), ("Cm", "cm"), ("Days", "days"),
        ("Microns", "µm"),
    ]

    private static func split(_ member: String) -> (stem: String, unit: String?) {
        for (ending, unit) in units where member.hasSuffix(ending) {
            let stem = member.dropLast(ending.count)
            if stem.last?.isLowercase == true { return (String(stem), unit) }
        }
        return (member, nil)
    }

    /// `not_tested` as people say it.
    static func spoken(_ code: String) -> String { code.replacing("_", with: " ") }

    /// What stands beside a value in words: its basis, by whom, when.
    static func said(_ member: JSON.Member) -> String {
        let plain = member.value.plain
        return Language.current == .ur && member.name == "basis" ? spokenCode(plain, in: "bases") : spoken(plain)
    }

    /// A code of a list alone, as people say it.
    static func spokenCode(_ code: String, in list: String) -> String {
        Language.current == .ur ? CodeList.named(list)?.names(of: code)?.ur ?? code : spoken(code)
    }

    /// A code in words, when the member holds codes: `eye clean`, `oval (OV)`.
    static func code(_ code: String, of member: String, in block: String) -> String? {
        guard let list = lists["\(block).\(member)"] ?? lists[member], let names = CodeList.named(list)?.names(of: code)
        else { return nil }
        if Language.current == .ur {
            let letter = list == "treatments" ? Treatment.Kind(rawValue: code)?.agta : nil
            return "\(names.ur) (\(code)\(letter.map { ", AGTA \($0)" } ?? ""))"
        }
        if list == "treatments", let letter = Treatment.Kind(rawValue: code)?.agta {
            return "\(names.en) (\(code), AGTA \(letter))"
        }
        let spoken = String(code.lowercased().map { $0 == "_" || $0 == "-" ? " " : $0 })
        return spoken == names.en.lowercased().replacing("-", with: " ") ? names.en : "\(names.en) (\(code))"
    }

    /// The list of a member's codes; where one name means two things, by its block.
    private static let lists: [String: String] = [
        "kind": "kinds", "status": "statuses", "nature": "natures", "growthMethod": "growthMethods",
        "species": "species", "shape": "shapes", "pearl.shape": "pearlShapes", "cut": "cuts", "crown": "cuts",
        "pavilion": "cuts", "transparency": "transparencies", "clarity": "clarities", "clarityType": "clarityTypes",
        "phenomena": "phenomena", "basis": "bases", "confidence": "originConfidences", "country": "countries",
        "issuingCountry": "countries", "originCountry": "countries", "matching": "matchings",
        "colourStability": "colourStabilities", "hue": "hues", "fancyColour.hue": "", "treatments": "treatments",
        "diamond.colour": "diamondColours", "diamond.clarity": "diamondClarities", "diamond.cut": "diamondGrades",
        "polish": "diamondGrades", "symmetry": "diamondGrades", "diamond.fluorescence": "fluorescences",
        "culet": "culets", "diamondType": "diamondTypes", "blackInclusions": "blackInclusions",
        "girdleCondition": "girdleConditions", "girdle": "girdleSizes", "reportType": "diamondReportTypes",
        "method": "analysisMethods", "images.role": "imageRoles", "identification": "pearlIdentifications",
        "diamond.identification": "", "environment": "pearlEnvironments", "surface": "pearlSurfaces",
        "lustre": "pearlLustres", "drilling": "pearlDrillings", "graduation": "graduations",
        "priceBasis": "priceBases", "role": "stoneRoles", "setting": "settings", "jewellery.type": "jewelleryTypes",
        "hallmarks.type": "hallmarkTypes", "plating": "platings", "metal": "metals", "testedHow": "metalTests",
        "system": "sizeSystems", "severity": "severities",
    ]
}
