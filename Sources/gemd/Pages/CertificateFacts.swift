import GemModel

/// What a certificate says of its piece, as rows for a page: each value with how it came to be known.
struct CertificateFacts {
    private let words: PageWords
    private let statement: JSON
    private(set) var rows: [[String: String]] = []

    /// Length, width, depth in millimetres, as they were signed.
    let sides: [String]
    let weightCt: String?

    init(_ statement: JSON, _ words: PageWords) {
        self.words = words
        self.statement = statement
        let piece = statement["piece"]
        let stone = piece?[piece?["kind"]?.string ?? "stone"]
        sides = ["length", "width", "depth"].compactMap { Self.text(stone?["measurementsMm"]?[$0]) }
        weightCt = Self.text(stone?["weightCt"]) ?? Self.text(stone?["totalWeightCt"])
        addOccasion()
        add("What", piece?["title"])
        if let stone { add(stone, isPearl: piece?["kind"]?.string == "pearl") }
        if let jewellery = piece?["jewellery"] { addJewellery(jewellery) }
    }

    private static func text(_ json: JSON?) -> String? { json?.string ?? json?["value"]?.string }

    /// Who says it, when, and after what.
    private mutating func addOccasion() {
        // ISO/IEC 17025 §7.8.8.3: an amended report refers to the one it replaces.
        add("Replaces", statement["supersedes"]?["number"])
        add("Declared by", statement["declarant"]?["name"])
        add("Laboratory", statement["lab"]?["name"])
        add("Examined on", statement["examinedOn"])
        for examiner in statement["examiners"]?.elements ?? [] { add("Examined by", examiner["name"]) }
        add("Approved by", statement["approver"]?["name"])
        add("Compared with", statement["compared"]?["number"])
        add("Compared with", joined([statement["compared"]?["lab"], statement["compared"]?["report"]]))
        add("Checked on", statement["checkedOn"])
        switch statement["result"]?.string {
        case "match": add("Result", .string(words("It matches")))
        case "mismatch": add("Result", .string(words("It does not match")))
        default: break
        }
        add("Laboratory’s report", joined([statement["report"]?["lab"], statement["report"]?["number"]]))
        add("Last looked up", statement["report"]?["checkedOn"])
        add("Recorded by", statement["recordedBy"]?["name"])
    }

    private func joined(_ parts: [JSON?]) -> JSON? {
        let texts = parts.compactMap { $0?.string }
        return texts.isEmpty ? nil : .string(texts.joined(separator: " "))
    }

    private mutating func add(_ stone: JSON, isPearl: Bool) {
        let pearl = stone["pearl"] ?? stone
        add("Species", stone["species"], of: "species")
        add("Variety", stone["variety"], of: "varieties")
        add("Nature", stone["nature"], of: "natures")
        add("Pearl", pearl["identification"], of: "pearlIdentifications")
        add("Water", pearl["environment"], of: "pearlEnvironments")
        add("Weight", stone["weightCt"] ?? stone["totalWeightCt"], unit: "ct")
        if !sides.isEmpty {
            add(
                "Measurements", .string(sides.joined(separator: " × ") + " mm"),
                basis: stone["measurementsMm"]?["length"]?["basis"] ?? stone["measurementsMm"]?["basis"])
        }
        add("Shape", stone["shape"], of: isPearl ? "pearlShapes" : "shapes")
        add("Colour", stone["colour"]?["text"], basis: stone["colour"]?["basis"])
        add("Clarity", stone["clarity"], of: "clarities")
    }

    private mutating func addJewellery(_ jewellery: JSON) {
        add("Type", jewellery["type"], of: "jewelleryTypes")
        add("Gross weight", jewellery["grossWeightG"], unit: "g")
        for metal in jewellery["metals"]?.elements ?? [] {
            let fineness =
                metal["karat"]?.integer.map { "\($0) K " } ?? metal["finenessPermille"]?.string.map { $0 + " ‰ " } ?? ""
            add("Metal", .string(fineness + words.name(of: metal["metal"]?.string ?? "", in: "metals")))
        }
    }

    private mutating func add(
        _ name: String, _ json: JSON?, of list: String? = nil, unit: String? = nil, basis: JSON? = nil
    ) {
        guard let text = Self.text(json) else { return }
        var row = [
            "name": words(name),
            "value": (list.map { words.name(of: text, in: $0) } ?? text) + (unit.map { " \($0)" } ?? ""),
        ]
        if let basis = (json?["basis"] ?? basis)?.string, basis != statement["piece"]?["basis"]?.string {
            row["basis"] = words.name(of: basis, in: "bases")
        }
        rows.append(row)
    }
}
