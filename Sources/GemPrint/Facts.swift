import GemModel

/// What a statement says, as rows of a paper. Codes become the trade's words; nothing is added.
struct Facts {
    struct Row {
        var name: Names
        var value: String
        var basis: String?
    }

    let statement: JSON
    let language: Disclosure.Language
    var piece: JSON? { statement["piece"] }
    var kind: String { piece?["kind"]?.string ?? "stone" }
    var stone: JSON? { piece?[kind] }
    var certificateClass: CertificateClass {
        statement["class"]?.string.flatMap(CertificateClass.init(rawValue:)) ?? .declaration
    }

    /// A fact's value, whether it stands bare or with its basis.
    static func text(_ json: JSON) -> String? {
        if let text = json.string { return clean(text) }
        if case .number(let text) = json { return text }
        return json["value"].flatMap { $0.members == nil ? text($0) : nil }
    }

    /// Without characters that turn the direction of what stands beside them, or that no paper shows.
    static func clean(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap { scalar in
                    switch scalar.value {
                    case 0x0A: " "
                    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF,
                        0xFFF9...0xFFFB, 0xE0000...0xE007F, 0x2028, 0x2029:
                        nil
                    default: scalar
                    }
                }))
    }

    /// Numbers and codes keep their own direction inside an Urdu line.
    static func apart(_ text: String) -> String { "\u{2068}\(text)\u{2069}" }

    private func code(_ text: String, of list: String?) -> String {
        guard let list else { return text }
        let code = list == "varieties" ? Variety.named(text)?.code ?? text : text
        guard let names = CodeList.named(list)?.names(of: code) else { return text }
        return names[language]
    }

    /// "Emerald", or what the title says; never empty.
    var headline: String {
        if let variety = stone?["variety"].flatMap(Self.text) { return code(variety, of: "varieties").capitalisedFirst }
        if let species = stone?["species"].flatMap(Self.text) { return code(species, of: "species").capitalisedFirst }
        if kind == "jewellery", let type = piece?["jewellery"]?["type"].flatMap(Self.text) {
            return code(type, of: "jewelleryTypes").capitalisedFirst
        }
        return code(kind, of: Piece.Kind.list).capitalisedFirst
    }

    /// "Natural beryl".
    var identity: String? {
        let nature = stone?["nature"].flatMap(Self.text).map { code($0, of: "natures") }
        let species = stone?["species"].flatMap(Self.text).map { code($0, of: "species") }
        let words = [nature, species == headline ? nil : species].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: language == .urdu ? "، " : " ").capitalisedFirst
    }

    var weight: String? {
        if let carats = (stone?["weightCt"] ?? stone?["totalWeightCt"]).flatMap(Self.text) { return "\(carats) ct" }
        return (stone?["grossWeightG"] ?? stone?["totalWeightG"] ?? stone?["weightG"]).flatMap(Self.text).map {
            "\($0) g"
        }
    }

    var measures: String? {
        let sides = ["length", "width", "depth"].compactMap { stone?["measurementsMm"]?[$0].flatMap(Self.text) }
        return sides.isEmpty ? nil : sides.joined(separator: " × ") + " mm"
    }

    /// Every fact of the piece, in the order a gemmologist reads them; what is not known here stands under its own name.
    var rows: [Row] {
        var rows: [Row] = []
        let block = piece?["basis"]?.string
        var used: Set<String> = ["price", "images"]
        func basis(_ json: JSON?) -> String? {
            (json?["basis"]?.string ?? block).map { code($0, of: Basis.list) }
        }
        func add(_ name: Names, _ json: JSON?, of list: String? = nil, unit: String = "") {
            guard let json, let text = Self.text(json) else { return }
            let shown = code(text, of: list)
            rows.append(.init(name: name, value: shown + unit, basis: basis(json)))
        }
        func take(_ key: String, _ name: Names, of list: String? = nil, unit: String = "") {
            used.insert(key)
            add(name, stone?[key], of: list, unit: unit)
        }
        add(Names("Description", "تفصیل"), piece?["title"])
        take("type", Names("Type", "زیور کی قسم"), of: "jewelleryTypes")
        take("nature", Names("Nature", "نوعیت"), of: "natures")
        take("species", Names("Species", "قسم"), of: "species")
        take("variety", Names("Variety", "ذیلی قسم"), of: "varieties")
        take("identification", Names("Identification", "شناخت"), of: "pearlIdentifications")
        take("environment", Names("Water", "پانی"), of: "pearlEnvironments")
        take("count", Names("Number of stones", "نگوں کی تعداد"))
        take("weightCt", Names("Weight", "وزن"), unit: " ct")
        take("totalWeightCt", Names("Total weight", "کل وزن"), unit: " ct")
        take("grossWeightG", Names("Gross weight", "کل وزن"), unit: " g")
        take("netWeightG", Names("Net weight", "خالص وزن"), unit: " g")
        if let measures {
            rows.append(
                .init(
                    name: Names("Measurements", "پیمائش"), value: measures,
                    basis: basis(stone?["measurementsMm"]?["length"])))
        }
        used.insert("measurementsMm")
        take("shape", Names("Shape", "شکل"), of: kind == "pearl" ? "pearlShapes" : "shapes")
        take("cut", Names("Cut", "تراش"), of: "cuts")
        used.insert("colour")
        if let colour = stone?["colour"] {
            if Self.text(colour) != nil { add(Names("Colour", "رنگ"), colour) }
            add(Names("Colour", "رنگ"), colour["text"])
            add(Names("Colour grade", "رنگ کا درجہ"), colour["grade"])
            if colour["text"] == nil { add(Names("Hue", "رنگ"), colour["hue"]) }
        }
        take("clarity", Names("Clarity", "صفائی"), of: kind == "stone" ? "clarities" : nil)
        take("transparency", Names("Transparency", "شفافیت"), of: Transparency.list)
        used.insert("treatments")
        used.insert("stones")
        used.insert("metals")
        for metal in stone?["metals"]?.elements ?? [] {
            let fineness =
                metal["karat"]?.integer.map { "\($0)K " } ?? metal["finenessPermille"]?.string.map { "\($0)‰ " } ?? ""
            rows.append(
                .init(
                    name: Names("Metal", "دھات"),
                    value: fineness + code(metal["metal"]?.string ?? "", of: "metals"), basis: basis(metal)))
        }
        used.insert("origin")
        for origin in [piece?["origin"], stone?["origin"]].compactMap({ $0 }) {
            let place = ["locality", "region", "country"].compactMap { origin[$0].flatMap(Self.text) }
            guard !place.isEmpty else { continue }
            let confidence = origin["confidence"]?.string.map { code($0, of: GeographicOrigin.Confidence.list) }
            rows.append(
                .init(
                    name: Names("Origin (opinion)", "ماخذ (رائے)"), value: place.joined(separator: ", "),
                    basis: confidence ?? basis(origin)))
        }
        for (index, mounted) in (stone?["stones"]?.elements ?? []).enumerated() {
            rows.append(
                .init(
                    name: Names("Stone \(index + 1)", "نگ \(index + 1)"),
                    value: Self.summary(mounted, code, language == .urdu ? "، " : ", "),
                    basis: basis(mounted)))
        }
        for member in stone?.members ?? [] where !used.contains(member.name) {
            flatten(member.value, member.name, block, into: &rows)
        }
        return rows
    }

    /// "12 × diamond, round, 0.36 ct".
    private static func summary(_ entry: JSON, _ code: (String, String?) -> String, _ comma: String) -> String {
        let gem = entry["stone"] ?? entry["gem"] ?? entry["pearl"] ?? entry["diamond"] ?? entry
        func part(_ key: String, _ list: String?) -> String? {
            (gem[key] ?? entry[key]).flatMap(text).map { code($0, list) }
        }
        var words: [String] = []
        if let count = (entry["count"]).flatMap(text), count != "1" { words.append("\(count) ×") }
        let name =
            part("variety", "varieties") ?? part("species", "species") ?? part("identification", "pearlIdentifications")
        let tail = [
            name ?? part("ref", nil), part("nature", "natures"), part("shape", "shapes"),
            (part("weightCt", nil) ?? part("totalWeightCt", nil)).map { "\($0) ct" },
        ].compactMap { $0 }
        words.append(tail.joined(separator: comma))
        return words.joined(separator: " ")
    }

    /// Members that have no row of their own stand under their names, so that the paper leaves nothing out.
    private func flatten(_ json: JSON, _ name: String, _ block: String?, into rows: inout [Row]) {
        guard rows.count < 400 else { return }
        if let text = Self.text(json) {
            let label = Self.spelled(name)
            rows.append(
                .init(
                    name: Names(label, label), value: text,
                    basis: (json["basis"]?.string ?? block).map { code($0, of: Basis.list) }))
        } else if case .bool(let flag) = json {
            let label = Self.spelled(name)
            rows.append(
                .init(name: Names(label, label), value: Names(flag ? "yes" : "no", flag ? "ہاں" : "نہیں")[language]))
        } else if let elements = json.elements {
            for element in elements { flatten(element, name, block, into: &rows) }
        } else {
            for member in json.members ?? [] where member.name != "basis" {
                flatten(member.value, "\(name) \(member.name)", block, into: &rows)
            }
        }
    }

    /// `refractiveIndex low` → "Refractive index low".
    private static func spelled(_ name: String) -> String {
        var out = ""
        for character in name {
            if character.isUppercase, out.last.map({ $0.isLowercase }) == true { out += " " }
            out += character.lowercased()
        }
        return out.capitalisedFirst
    }
}
