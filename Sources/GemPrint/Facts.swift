import GemModel

/// What a statement says, as rows of a paper. Codes and member names become the trade's words; nothing is added.
struct Facts {
    struct Row {
        var name: Names
        var value: String
        var basis: String?
        /// For programs rather than eyes.
        var isSmall = false
    }

    let statement: JSON
    let language: Disclosure.Language
    /// Every fact of the piece, in the order a gemmologist reads them, with its basis where it differs from the others'.
    private(set) var rows: [Row] = []
    /// How most of the facts are known: said once above them, so that only those which differ say it again.
    private(set) var commonBasis: String?

    init(statement: JSON, language: Disclosure.Language) {
        self.statement = statement
        self.language = language
        rows = allRows()
        var counts: [String: Int] = [:]
        for row in rows { if let basis = row.basis { counts[basis, default: 0] += 1 } }
        commonBasis = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        for index in rows.indices where rows[index].basis == commonBasis { rows[index].basis = nil }
    }

    var piece: JSON? { statement["piece"] }
    var kind: String { piece?["kind"]?.string ?? "stone" }
    var stone: JSON? { piece?[kind] }
    var certificateClass: CertificateClass { statement.certificateClass }

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
                    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069,
                        0xFEFF,
                        0xFFF9...0xFFFB, 0xE0000...0xE007F, 0x2028, 0x2029:
                        nil
                    default: scalar
                    }
                }))
    }

    /// Numbers and codes keep their own direction inside an Urdu line.
    static func apart(_ text: String) -> String { "\u{2068}\(text)\u{2069}" }

    /// A part of a line: in Urdu what has no Urdu letter keeps its own direction, so that "1.52 ct" is not turned round.
    func part(_ text: String) -> String {
        language == .urdu && !Self.isUrdu(text) ? Self.apart(text) : text
    }

    /// A whole line, whose direction is that of its words.
    func directed(_ text: String) -> String {
        language == .urdu && Self.isUrdu(text) ? text : Self.apart(text)
    }

    private static func isUrdu(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            (0x0600...0x06FF).contains($0.value) && $0.properties.isAlphabetic
        }
    }

    /// The words of a code, or the text itself where the list does not hold it.
    private func word(_ text: String, of list: String?) -> String {
        guard let list else { return text }
        let code = list == "varieties" ? Variety.named(text)?.code ?? text : text
        if list == "girdleSizes" { return girdle(text) }
        guard let names = CodeList.named(list)?.names(of: code) else { return text }
        let words = names[language]
        // The trade says "VS1"; who buys a first diamond wants to know what that is.
        return list == "diamondClarities"
            ? "\(part(code)) (\(words.filter { !$0.isNumber }.trimmed))" : words
    }

    /// `MED-STK` in words.
    private func girdle(_ text: String) -> String {
        let parts = text.split(separator: "-").map { part in
            CodeList.named("girdleSizes")?.names(of: String(part))?[language] ?? String(part)
        }
        return parts.joined(separator: Names(" to ", " تا ")[language])
    }

    /// "Emerald", or what the title says; never empty.
    var headline: String {
        if let variety = stone?["variety"].flatMap(Self.text) {
            return word(variety, of: "varieties").capitalisedFirst
        }
        if let species = stone?["species"].flatMap(Self.text) {
            return word(species, of: "species").capitalisedFirst
        }
        if kind == "jewellery", let type = piece?["jewellery"]?["type"].flatMap(Self.text) {
            return word(type, of: "jewelleryTypes").capitalisedFirst
        }
        return word(kind, of: Piece.Kind.list).capitalisedFirst
    }

    /// "Natural beryl"; "Parcel of 48, natural tourmaline".
    var identity: String? {
        let nature = stone?["nature"].flatMap(Self.text).map { word($0, of: "natures") }
        let species = stone?["species"].flatMap(Self.text).map { word($0, of: "species") }
        let comma = language == .urdu ? "، " : ", "
        let what = [nature, species?.capitalisedFirst == headline ? nil : species].compactMap { $0 }
            .joined(separator: language == .urdu ? "، " : " ")
        var parts = [what]
        switch kind {
        case "jewellery":
            // The metals: "gold, 22 karat".
            parts = (stone?["metals"]?.elements ?? []).map { metal($0, short: true) }
        case "stone", "pearl": break
        default:
            let many = word(kind, of: Piece.Kind.list)
            let count = stone?["pieces"].flatMap(Self.text)
            parts.insert(
                count.map { Names("\(many) of \($0)", "\(many)، \(part($0)) نگ")[language] } ?? many, at: 0)
        }
        let words = parts.filter { !$0.isEmpty }.joined(separator: comma)
        return words.isEmpty ? nil : words.capitalisedFirst
    }

    var weight: String? {
        if let carats = (stone?["weightCt"] ?? stone?["totalWeightCt"]).flatMap(Self.text) {
            return "\(carats) ct"
        }
        return (stone?["grossWeightG"] ?? stone?["totalWeightG"] ?? stone?["weightG"]).flatMap(
            Self.text
        ).map {
            "\($0) g"
        }
    }

    var measures: String? { stone.flatMap(Self.sides) }

    private static func sides(_ stone: JSON) -> String? {
        let sides = ["length", "width", "depth"].compactMap {
            stone["measurementsMm"]?[$0].flatMap(Self.text)
        }
        return sides.isEmpty ? nil : sides.joined(separator: " × ") + " mm"
    }

    /// What a path into the piece is called: `stone.origin` is "origin".
    func name(ofPath path: String) -> String {
        let parts = path.split(separator: ".").map(String.init).filter { Int($0) == nil }
        guard let last = parts.last else { return "" }
        let parent = parts.count > 1 ? parts[parts.count - 2] : nil
        // A colour's words are its colour.
        let words = FactWords.of(last, in: parent)?.names[language] ?? Self.spelled(last)
        return language == .english ? words.prefix(1).lowercased() + words.dropFirst() : words
    }

    /// The first row of that name, in short, for the top of a paper.
    func value(of name: String) -> String? { rows.first { $0.name.en == name }?.value }

    /// Of a grade, what the trade calls it: `VS1`.
    func shortValue(of name: String) -> String? {
        switch name {
        case "Colour grade": stone?["diamond"]?["colour"].flatMap(Self.text)
        case "Clarity grade": stone?["diamond"]?["clarity"].flatMap(Self.text)
        default: value(of: name)
        }
    }

    /// Every fact with its basis.
    private func allRows() -> [Row] {
        var rows: [Row] = []
        let block = stone?["basis"]?.string ?? piece?["basis"]?.string
        if let title = piece?["title"].flatMap(Self.text) {
            rows.append(
                .init(name: Names("Description", "تفصیل"), value: title, basis: basisWords(block)))
        }
        let members = stone?.members ?? []
        let ordered =
            FactWords.order.compactMap { name in members.first { $0.name == name } }
            + members.filter { !FactWords.order.contains($0.name) }
        for member in ordered { add(member.value, member.name, in: kind, block, &rows) }
        if let origin = piece?["origin"] { add(origin, "origin", in: kind, block, &rows) }
        return rows
    }

    private func basisWords(_ code: String?) -> String? { code.map { word($0, of: Basis.list) } }

    /// One member in words: a row, or several where it holds several things.
    private func add(
        _ json: JSON, _ name: String, in parent: String, _ block: String?, _ rows: inout [Row]
    ) {
        guard rows.count < 400, name != "basis" else { return }
        let words = FactWords.of(name, in: parent)
        let label = words?.names ?? Names(Self.spelled(name), Self.spelled(name))
        func row(_ value: String?, _ label: Names, _ basis: JSON?) {
            guard let value, !value.isEmpty else { return }
            rows.append(
                .init(name: label, value: value, basis: basisWords(basis?["basis"]?.string ?? block)))
        }
        switch name {
        case "measurementsMm":
            row(measures, label, json["length"])
        case "treatments":
            for one in json.elements ?? [] { row(treatment(one), label, one) }
        case "origin" where json.members != nil && parent != "fancyColour":
            addOrigin(json, block, &rows)
        case "metals":
            for one in json.elements ?? [] { row(metal(one), label, one) }
        case "stones":
            for (index, one) in (json.elements ?? []).enumerated() {
                row(summary(one), Names("\(label.en) \(index + 1)", "\(label.ur) \(index + 1)"), one)
            }
        case "totals":
            for one in json.elements ?? [] { row(summary(one), label, one) }
        case "size" where json["value"] != nil && json["system"] != nil:
            let system = json["system"]?.string.map { word($0, of: "sizeSystems") }
            row(
                [json["value"].flatMap(Self.text), system].compactMap { $0 }.joined(separator: " · "),
                label,
                json["value"])
        case "sizeRange" where json["min"] != nil:
            let ends = ["min", "max"].compactMap { json[$0].flatMap(Self.text) }
            row(ends.joined(separator: "–") + " mm", label, json)
        case "keyToSymbols":
            let marks = (json.elements ?? []).map { mark in
                let name = mark["characteristic"].flatMap(Self.text) ?? Self.text(mark) ?? ""
                return part(name) + (mark["position"].flatMap(Self.text).map { " (\(part($0)))" } ?? "")
            }
            row(marks.joined(separator: language == .urdu ? "، " : ", "), label, json)
        case "tradeTerms", "traceability", "hallmarks", "analyses":
            for one in json.elements ?? [] { row(joined(one, in: name), label, one) }
        case "disclosedSource", "matchedPair":
            row(joined(json, in: name), label, json)
        default:
            if let text = scalar(json, words) {
                row(text, label, json)
            } else if let elements = json.elements ?? json["value"]?.elements {
                let texts = elements.compactMap { scalar($0, words) }
                if texts.count == elements.count {
                    let isRange = name == "ri" && texts.count > 1
                    row(
                        texts.joined(separator: isRange ? "–" : language == .urdu ? "، " : ", "), label,
                        json.elements == nil ? json : elements.first)
                } else {
                    for element in elements { add(element, name, in: parent, block, &rows) }
                }
            } else {
                let inner = json["basis"]?.string ?? block
                let members = json.members ?? []
                let ordered =
                    FactWords.order.compactMap { name in members.first { $0.name == name } }
                    + members.filter { !FactWords.order.contains($0.name) }
                for member in ordered { add(member.value, member.name, in: name, inner, &rows) }
            }
        }
    }

    /// A value that is one word or number, bare or with its basis, in words and with its unit.
    private func scalar(_ json: JSON, _ words: FactWords?) -> String? {
        if case .bool(let flag) = json {
            return Names(flag ? "yes" : "no", flag ? "ہاں" : "نہیں")[language]
        }
        if case .bool(let flag)? = json["value"] {
            return Names(flag ? "yes" : "no", flag ? "ہاں" : "نہیں")[language]
        }
        return Self.text(json).map { part(word($0, of: words?.list) + (words?.unit ?? "")) }
    }

    /// Several words of one thing: "pigeon’s blood · so called by the seller".
    private func joined(_ json: JSON, in parent: String) -> String? {
        if let text = Self.text(json), json.members == nil { return part(text) }
        return (json.members ?? []).compactMap { member -> String? in
            guard member.name != "basis", let words = FactWords.of(member.name, in: parent),
                let text = scalar(member.value, words)
            else { return nil }
            switch member.name {
            // What leads needs no name of its own.
            case "term", "scheme", "id", "name", "characteristic", "method", "result", "text", "type",
                "piece":
                return text
            default: return "\(words.names[language]): \(text)"
            }
        }.joined(separator: " · ")
    }

    /// "Fissures filled with colourless oil or wax · minor".
    private func treatment(_ json: JSON) -> String? {
        guard let code = json["code"]?.string ?? json.string else { return nil }
        let kind = Treatment.Kind(rawValue: code)
        let degree = json["degree"].flatMap(Self.text).map { text in
            kind?.degrees.first { $0.code == text }?.names[language] ?? part(text)
        }
        let more = ["filler", "element", "extent", "stability"].compactMap { name -> String? in
            guard let text = json[name].flatMap(Self.text), let words = FactWords.of(name) else {
                return nil
            }
            let shown = kind?.degrees.first { $0.code == text }?.names[language] ?? part(text)
            return "\(words.names[language]): \(shown)"
        }
        return ([word(code, of: "treatments").capitalisedFirst, degree].compactMap { $0 } + more)
            .joined(separator: " · ")
    }

    /// Where it comes from, and how sure that is; never more than an opinion.
    private func addOrigin(_ json: JSON, _ block: String?, _ rows: inout [Row]) {
        let place = ["locality", "region", "country"].compactMap { name in
            json[name].flatMap(Self.text).map {
                part(word($0, of: name == "country" ? "countries" : nil))
            }
        }
        let name = place.joined(separator: language == .urdu ? "، " : ", ")
        let code = json["confidence"]?.string
        let sure = code.map { word($0, of: GeographicOrigin.Confidence.list) }
        let opinion =
            code == GeographicOrigin.Confidence.consistentWith.rawValue && !name.isEmpty
            ? Names("consistent with \(name)", "\(name) کے مطابق")[language].capitalisedFirst
            : [name, sure ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
        let value = [opinion, json["sourceType"].flatMap(Self.text).map(part) ?? ""].filter {
            !$0.isEmpty
        }
        .joined(separator: " · ")
        guard !value.isEmpty else { return }
        rows.append(
            .init(
                name: Names("Origin (opinion)", "ماخذ (رائے)"), value: value,
                basis: basisWords(json["basis"]?.string ?? block)))
    }

    /// "Gold, 22 karat".
    private func metal(_ json: JSON, short: Bool = false) -> String {
        let fineness =
            json["karat"]?.integer.map { word(String($0), of: "karats") }
            ?? json["finenessPermille"].flatMap(Self.text).map { part($0 + " ‰") }
        let colour = json["colour"].flatMap(Self.text).map(part)
        let weight = short ? nil : json["weightG"].flatMap(Self.text).map { part($0 + " g") }
        let tested =
            short ? nil : json["testedHow"].flatMap(Self.text).map { word($0, of: "metalTests") }
        return [
            json["metal"].flatMap(Self.text).map { word($0, of: "metals") }, colour, fineness, weight,
            tested,
        ]
        .compactMap { $0 }.joined(separator: language == .urdu ? "، " : ", ")
    }

    /// Of jewellery, its stones in short: "ruby 1.52 ct, 12 × diamond 0.36 ct".
    var setWith: String? {
        let stones = (stone?["stones"]?.elements ?? []).prefix(3).compactMap { entry -> String? in
            let name =
                entry["variety"].flatMap(Self.text).map { word($0, of: "varieties") }
                ?? entry["species"].flatMap(Self.text).map { word($0, of: "species") }
            guard let name else { return nil }
            let count =
                entry["count"].flatMap(Self.text).flatMap { $0 == "1" ? nil : part($0 + " ×") + " " } ?? ""
            return count + name
                + (entry["weightCt"].flatMap(Self.text).map { " " + part($0 + " ct") } ?? "")
        }
        return stones.isEmpty ? nil : stones.joined(separator: language == .urdu ? "، " : ", ")
    }

    /// "12 × diamond, natural, round, 0.36 ct".
    private func summary(_ entry: JSON) -> String {
        let gem = entry["stone"] ?? entry["gem"] ?? entry["pearl"] ?? entry["diamond"] ?? entry
        func part(_ key: String, in parent: String = "stones") -> String? {
            guard let words = FactWords.of(key, in: parent) else { return nil }
            return (gem[key] ?? entry[key]).flatMap { scalar($0, words) }
        }
        let count = (entry["count"] ?? entry["pieces"]).flatMap(Self.text)
        let name =
            part("variety") ?? part("species") ?? part("identification")
            // A piece with a certificate of its own, which says the rest.
            ?? (entry["piece"] == nil
                ? nil : Names("a stone recorded by itself", "الگ سے درج نگ")[language])
        let tail = [
            name, part("nature"), part("growthMethod"), part("shape"), part("cut"),
            part("weightCt") ?? part("totalWeightCt"), Self.sides(gem).map(self.part), part("colour"),
            part("clarity"), part("role"),
            part("setting"),
        ].compactMap { $0 }
        let treated = (gem["treatments"] ?? entry["treatments"])?.elements?.compactMap(treatment) ?? []
        let text = (tail + treated).joined(separator: language == .urdu ? "، " : ", ")
        return count.map { $0 == "1" ? text : "\(self.part($0 + " ×")) \(text)" } ?? text
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

extension String {
    var trimmed: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
