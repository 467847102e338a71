import GemModel

/// One fact of a piece as a buyer reads it.
struct FactRow: Hashable {
    var section: String
    var name: String
    var value: String
    /// JSON path it was made from.
    var field: String
}

extension Listing {
    /// All a buyer may know of the piece beyond title and price, in a fixed order; any market can print it.
    ///
    /// What the dealer keeps (cost, location, private notes) is never among it.
    var factRows: [FactRow] {
        var rows: [FactRow] = []
        let disclosure = disclosure
        if let jewellery = facts.jewellery { rows += jewelleryRows(jewellery) }
        for (index, statement) in disclosure.statements.enumerated() {
            let section =
                facts.stone != nil ? "Stone" : disclosure.statements.count == 1 ? "Stone" : "Stone \(index + 1)"
            rows += identityRows(statement, section: section)
            if let stone = facts.stone {
                rows += stoneRows(stone, isNatural: statement.stone.standing == .natural)
            } else if let mounts = facts.jewellery?.stones, let place = statement.stone.entry {
                rows += mountRows(mounts[place], section: section, path: statement.stone.path)
            } else if index == 0, let block = facts.block {
                rows += blockRows(block, section: section)
            }
            if !statement.treatmentText.isEmpty {
                rows.append(
                    FactRow(
                        section: section, name: "Treatment", value: statement.treatmentText,
                        field: statement.stone.path + ".treatments"))
            }
        }
        if !disclosure.care.isEmpty {
            rows.append(
                FactRow(
                    section: "Care", name: "Special care", value: disclosure.care.joined(separator: " "),
                    field: "stone.treatments"))
        }
        if !disclosure.statements.isEmpty || facts.jewellery != nil {
            let stated =
                backing == .dealer ? "as stated by the dealer" : "as stated by the dealer; see the reports below"
            rows.append(FactRow(section: "About these details", name: "Details", value: stated, field: "certificates"))
        }
        return rows + certificateRows
    }

    private func identityRows(_ statement: Disclosure.Statement, section: String) -> [FactRow] {
        let stone = statement.stone
        var rows = [FactRow(section: section, name: "Stone", value: stone.name, field: stone.path)]
        func add(_ name: String, _ value: String?, _ member: String) {
            if let value {
                rows.append(FactRow(section: section, name: name, value: value, field: "\(stone.path).\(member)"))
            }
        }
        // A species' bare name beside an artificial stone would read as the mined one.
        if stone.standing == .natural {
            add("Species", stone.species.flatMap { Species.named($0)?.name }, "species")
        }
        add("Nature", stone.standing?.words, stone.isPearl ? "identification" : "nature")
        add("Water", stone.environment?.names.en, "environment")
        add("Growth", stone.growthMethod?.names.en, "growthMethod")
        add("Number", stone.count.map { String($0) }, "count")
        return rows
    }

    private func stoneRows(_ stone: Stone, isNatural: Bool) -> [FactRow] {
        var rows: [FactRow] = []
        func add(_ name: String, _ value: String?, _ member: String) {
            if let value { rows.append(FactRow(section: "Stone", name: name, value: value, field: "stone.\(member)")) }
        }
        add(
            "Weight", stone.weightCt.map { "\($0.value) ct\($0.basis == .estimated ? " (estimated)" : "")" }, "weightCt"
        )
        add("Measurements", stone.measurementsMm.flatMap(\.text), "measurementsMm")
        add("Shape", stone.shape?.value.names.en, "shape")
        add("Cut", (stone.cut?.value).map { Self.words($0) }, "cut")
        add("Colour", stone.colour?.text?.value.text, "colour.text")
        add("Clarity", (stone.clarity?.value).map { Self.words($0) }, "clarity")
        add("Transparency", (stone.transparency?.value).map { Self.words($0) }, "transparency")
        add("Phenomena", stone.phenomena.map { $0.map { Self.words($0.value) }.joined(separator: ", ") }, "phenomena")
        if let diamond = stone.diamond {
            add("Colour grade", diamond.colour?.value.rawValue, "diamond.colour")
            add("Fancy colour", diamond.fancyColour?.text, "diamond.fancyColour")
            add("Clarity grade", diamond.clarity?.value.rawValue, "diamond.clarity")
            add("Cut grade", diamond.cut?.value.names.en, "diamond.cut")
            add("Polish", diamond.polish?.value.names.en, "diamond.polish")
            add("Symmetry", diamond.symmetry?.value.names.en, "diamond.symmetry")
            let glow = [diamond.fluorescence?.value.names.en, diamond.fluorescenceColour?.value.rawValue]
            add(
                "Fluorescence", diamond.fluorescence == nil ? nil : glow.compactMap { $0 }.joined(separator: " "),
                "diamond.fluorescence")
            add("Table", diamond.tablePct.map { "\($0.value) %" }, "diamond.tablePct")
            add("Depth", diamond.depthPct.map { "\($0.value) %" }, "diamond.depthPct")
            add(
                "Inscription", diamond.inscriptions.map { $0.map(\.text).joined(separator: ", ") },
                "diamond.inscriptions")
        }
        // Where a laboratory stands says nothing a buyer may call the stone's origin.
        if isNatural { add("Origin", stone.origin?.text, "origin") }
        return rows
    }

    /// What the other kinds say of their stones together.
    private func blockRows(_ block: any Gemstone, section: String) -> [FactRow] {
        let path = facts.kind.rawValue
        var rows: [FactRow] = []
        func add(_ name: String, _ value: String?, _ member: String) {
            if let value {
                rows.append(FactRow(section: section, name: name, value: value, field: "\(path).\(member)"))
            }
        }
        add("Weight", block.allWeightCt.map { "\($0.value) ct" }, "totalWeightCt")
        add("Measurements", block.measurementsMm.flatMap(\.text), "measurementsMm")
        add("Shape", block.shapeFact?.value.names.en, "shape")
        add("Cut", (block.cut?.value).map { Self.words($0) }, "cut")
        add("Colour", block.colourText?.value.text, "colour.text")
        add("Clarity", block.clarityCode.map { String($0.map { $0 == "_" ? " " : $0 }) }, "clarity")
        add("Transparency", (block.transparency?.value).map { Self.words($0) }, "transparency")
        return rows
    }

    private func mountRows(_ mount: StoneEntry, section: String, path: String) -> [FactRow] {
        var rows: [FactRow] = []
        func add(_ name: String, _ value: String?, _ member: String) {
            if let value {
                rows.append(FactRow(section: section, name: name, value: value, field: "\(path).\(member)"))
            }
        }
        let set = mount.piece.flatMap { mounted[$0.text]?.stone }
        let weight = mount.weightCt?.value ?? set?.weightCt?.value
        let basis = mount.weightCt?.basis ?? mount.basis ?? set?.weightCt?.basis
        let total = (mount.count?.value.value ?? 1) > 1 ? " together" : ""
        add("Weight", weight.map { "\($0) ct\(total)\(basis == .estimated ? " (estimated)" : "")" }, "weightCt")
        add("Shape", (mount.shape ?? set?.shape)?.value.names.en, "shape")
        add(
            "Colour", mount.colour?.value.text ?? set?.colour?.text?.value.text ?? set?.diamond?.colour?.value.rawValue,
            "colour")
        let clarity = (set?.clarity?.value).map { Self.words($0) } ?? set?.diamond?.clarity?.value.rawValue
        add("Clarity", mount.clarity?.value.text ?? clarity, "clarity")
        add("Setting", mount.setting.map { Self.words($0.value) }, "setting")
        if set?.nature?.value == .natural { add("Origin", set?.origin?.text, "origin") }
        return rows
    }

    private func jewelleryRows(_ jewellery: Jewellery) -> [FactRow] {
        var rows: [FactRow] = []
        func add(_ name: String, _ value: String?, _ member: String) {
            if let value {
                rows.append(FactRow(section: "Jewellery", name: name, value: value, field: "jewellery.\(member)"))
            }
        }
        add("Type", jewellery.type.map { Self.words($0.value) }, "type")
        let metals = jewellery.metals ?? []
        for (index, metal) in metals.enumerated() {
            let name = metals.count == 1 ? "Metal" : "Metal \(index + 1)"
            add(name, metal.tradeName, "metals[\(index)]")
            add("\(name) fineness", metal.fineness.map { "\($0) ‰" }, "metals[\(index)].finenessPermille")
            add("\(name) colour", metal.colour?.value.text, "metals[\(index)].colour")
            add("\(name) weight", metal.weightG.map { "\($0.value) g" }, "metals[\(index)].weightG")
        }
        add("Plating", jewellery.plating.map { $0.value.names.en }, "plating")
        add("Gross weight", jewellery.grossWeightG.map { "\($0.value) g" }, "grossWeightG")
        add("Ring size", jewellery.size.map { "\($0.value.value) (\($0.system.rawValue))" }, "size")
        add("Length", jewellery.lengthMm.map { "\($0.value) mm" }, "lengthMm")
        add("Clasp", jewellery.clasp?.value.text, "clasp")
        add("Resizable", jewellery.resizable.map { $0.value ? "yes" : "no" }, "resizable")
        add("Handmade", jewellery.handmade.map { $0.value ? "yes" : "no" }, "handmade")
        add("Year", jewellery.year.map { String($0.value.value) }, "year")
        add("Maker", jewellery.maker?.value.text, "maker")
        let marks = (jewellery.hallmarks ?? []).compactMap { $0.text?.text }
        add("Hallmarks", marks.isEmpty ? nil : marks.joined(separator: ", "), "hallmarks")
        return rows
    }

    /// The words keep the four classes apart: only an examination may read like a laboratory's report.
    private var certificateRows: [FactRow] {
        certificates.enumerated().filter { $0.element.status == .valid }.flatMap { index, certificate in
            let field = "certificates[\(index)]"
            let section = certificate.certificateClass.section
            var rows = [
                FactRow(
                    section: section, name: "What it is", value: certificate.certificateClass.meaning, field: field),
                FactRow(section: section, name: "Number", value: certificate.number, field: field + ".number"),
            ]
            if let url = certificate.url {
                rows.append(FactRow(section: section, name: "Check it at", value: url, field: field + ".url"))
            }
            return rows
        }
    }

    static func words(_ code: some Code) -> String {
        String(code.rawValue.map { $0 == "_" ? " " : $0 })
    }

    /// A line made of the facts alone, for a piece whose dealer wrote no description.
    var factLine: String {
        if let stone = facts.stone {
            let name = stones.first?.name ?? "stone"
            return
                ([
                    name.capitalisedFirst, stone.weightCt.map { "\($0.value) ct" }, stone.shape?.value.names.en,
                    stone.measurementsMm?.text, stone.colour?.text?.value.text,
                ] as [String?]).compactMap { $0 }.joined(separator: ", ") + "."
        }
        let jewellery = facts.jewellery
        let metals = (jewellery?.metals ?? []).map(\.tradeName)
        return
            ([
                (jewellery?.type).map { Self.words($0.value).capitalisedFirst } ?? "Jewellery",
                metals.isEmpty ? nil : metals.joined(separator: " and "),
            ] as [String?] + stones.map(\.name)).compactMap { $0 }.joined(separator: ", ") + "."
    }
}

extension CertificateClass {
    var section: String {
        switch self {
        case .declaration: "Dealer's declaration"
        case .examination: "Laboratory report"
        case .check: "Council's check"
        case .external: "Another laboratory's report"
        }
    }

    var meaning: String {
        switch self {
        case .declaration: "The dealer's own statement; nobody else has examined the piece for it"
        case .examination: "Report of a laboratory that examined the piece"
        case .check: "The piece was compared with an earlier record; it was not graded"
        case .external: "A copy of another laboratory's report; only that laboratory vouches for it"
        }
    }
}

extension Metal {
    /// "18K gold", "925 silver", "rhodium plate".
    var tradeName: String {
        let name = Listing.words(metal)
        if let karat { return "\(karat)K \(name)" }
        if let finenessPermille { return "\(finenessPermille) \(name)" }
        return metal == .base ? "base metal" : name
    }
}

extension Measurements {
    /// `9.12 × 7.05 × 4.88 mm`, as many of the three as are known.
    var text: String? {
        let known = [length, width, depth].compactMap { $0?.value.description }
        return known.isEmpty ? nil : known.joined(separator: " × ") + " mm"
    }
}

extension GeographicOrigin {
    /// Always with who says so: an origin is an opinion.
    var text: String? {
        let place = [locality?.text, region?.text, country?.code].compactMap { $0 }.joined(separator: ", ")
        switch confidence {
        case .undeterminable: return "could not be determined"
        case .notRequested: return nil
        case .determined, .consistentWith, nil:
            guard !place.isEmpty else { return nil }
            let opinion = confidence == .consistentWith ? "consistent with \(place)" : place
            return basis == nil || basis == .declared ? "\(opinion) (the dealer's statement)" : opinion
        }
    }
}

extension Diamond.FancyColour {
    var text: String? {
        let words = [intensity?.value.rawValue, overtone?.value.text, hue?.value.text].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
