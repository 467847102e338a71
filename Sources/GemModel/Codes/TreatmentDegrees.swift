extension Treatment.Kind {
    /// The degrees the trade and laboratories use (treatments.json); a laboratory's other words are taken too.
    public var degrees: [(code: String, names: Names)] {
        switch self {
        case .HT: Self.heat
        case .FH: (1...5).map { ("TE\($0)", Names("residue of flux, degree \($0) of 5", "فلکس کی باقیات، درجہ \($0)")) }
        case .GF:
            Self.filled
                + (1...3).map { ("C\($0)", Names("cavities filled, degree \($0) of 3", "گڑھے بھرے گئے، درجہ \($0)")) }
        case .OIL: Self.none + Self.insignificant + Self.filled
        case .RES: Self.insignificant + Self.filled
        case .FF: Self.filled
        case .DI: [("surface", Names("near the surface", "سطح کے قریب")), ("deep", Names("deep", "گہرائی تک"))]
        case .IRR: [("stable", Names("stable", "پائیدار")), ("may_fade", Names("may fade", "مدھم ہو سکتا ہے"))]
        case .NONE, .HPHT, .LD, .COA, .DYE, .BLE, .IMP, .WAX, .SUG, .SMK, .ASM, .REC, .FOIL, .UND, .NT: []
        }
    }

    private static let none = [("none", Names("none", "نہیں"))]
    private static let insignificant = [("insignificant", Names("insignificant", "ناقابلِ ذکر"))]
    private static let filled = [
        ("minor", Names("minor", "معمولی")), ("moderate", Names("moderate", "درمیانی")),
        ("significant", Names("significant", "نمایاں")),
    ]
    private static let heat = [
        ("none", Names("none", "نہیں")), ("low_temperature", Names("low temperature", "کم درجہ حرارت")),
        ("TE", Names("indications of heating", "حرارت کے آثار")),
    ]
}
