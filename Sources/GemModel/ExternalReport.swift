/// What another laboratory's report says, as somebody copied it.
public struct ExternalReport: Hashable, Sendable {
    public var lab: String
    public var number: String
    /// Name and text of each field.
    public var fields: JSON
    public var checkedOn: Day

    /// Laboratories by the names they are known by; any other is taken as it is written.
    public static let labs = [
        "AGL", "AGS", "ALGT", "Bellerophon", "C. Dunaigre", "CGL", "DSEF", "EGL", "GCAL", "GIA", "GIT", "GRS", "GSI",
        "Gübelin", "HRD", "IGI", "Lotus", "NGTC", "SSEF",
    ]

    /// The names that a field may have.
    public static let names: Set<String> = [
        "reportType", "issuedOn", "identification", "species", "variety", "nature", "growthMethod", "weightCt",
        "measurements", "shape", "cut", "cutGrade", "colour", "colourGrade", "fancyColour", "clarity", "transparency",
        "polish", "symmetry", "fluorescence", "treatment", "enhancement", "origin", "phenomenon", "inscription",
        "comment", "comments", "conclusion", "tablePct", "depthPct", "girdle", "culet", "item", "environment",
        "mollusk",
        "bodycolor", "overtone", "lustre", "surface", "nacre", "matching", "drilling", "quantity", "metal",
    ]

    public init(lab: Line, number: Line, fields: JSON, checkedOn: Day) throws(InvalidInput) {
        let text = lab.text
        self.lab = Self.labs.first { $0.lowercased() == text.lowercased() } ?? text
        self.number = number.text
        self.checkedOn = checkedOn
        guard let members = fields.members, !members.isEmpty else {
            throw InvalidInput(
                "the report's fields are missing", hint: "copy what it says, such as {\"identification\":\"emerald\"}",
                field: "report.fields")
        }
        for member in members {
            let field = "report.fields.\(member.name)"
            guard Self.names.contains(member.name) else {
                let near = Spelling.nearest(to: member.name, among: Self.names.sorted())
                throw InvalidInput(
                    "no field of a report is called \"\(member.name.prefix(40))\"",
                    hint: (near.map { "did you mean \($0)? " } ?? "") + "docs/protocol.md lists the names",
                    field: field,
                    kind: .unknownMember)
            }
            guard let value = member.value.string, (1...500).contains(value.count),
                !value.unicodeScalars.contains(where: { $0.value < 0x20 })
            else {
                throw InvalidInput(
                    "a field of a report is a text of 1 to 500 characters", hint: "write it as it is printed",
                    field: field)
            }
        }
        self.fields = .object(members)
    }
}
