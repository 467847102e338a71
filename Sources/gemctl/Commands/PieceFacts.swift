import ArgumentParser
import GemModel

/// The facts of a piece as options, for `piece add` and `piece edit`.
struct PieceFacts: ParsableArguments {
    @Option(help: ArgumentHelp("Your own number.", valueName: "number")) var stock: String?
    @Option(help: "Title of the listing.") var title: String?
    @Option(help: ArgumentHelp("Species code, such as beryl or corundum.", valueName: "code")) var species: String?
    @Option(help: "Variety, such as emerald or ruby.") var variety: String?
    @Option(help: ArgumentHelp("Weight with its unit: 1.58ct, 684mg, 0.684g.", valueName: "weight")) var weight: String?
    @Option(help: ArgumentHelp("Length x width x depth in mm: 9.12x7.05x4.88.", valueName: "size")) var size: String?
    @Option(help: ArgumentHelp("oval, round, cushion… or a GIA code.", valueName: "shape")) var shape: String?
    @Option(help: ArgumentHelp("natural, laboratory_grown…", valueName: "nature")) var nature: String?
    @Option(help: ArgumentHelp("Colour in words; a diamond's grade.", valueName: "colour")) var colour: String?
    @Option(help: ArgumentHelp("Clarity code, such as eye_clean or VS1.", valueName: "code")) var clarity: String?
    @Option(help: ArgumentHelp("Treatment and degree, such as OIL:minor; repeatable.", valueName: "code:degree"))
    var treatment: [String] = []
    @Option(help: ArgumentHelp("Country and region, such as PK:Swat.", valueName: "country:region")) var origin: String?
    @Option(help: ArgumentHelp("4200usd, or 2650usd/ct per carat.", valueName: "money")) var price: String?
    @Option(help: ArgumentHelp("What you paid; nobody else sees it.", valueName: "money")) var cost: String?
    @Option(help: ArgumentHelp("Where it lies, such as safe/2.", valueName: "place")) var location: String?
    @Option(help: ArgumentHelp("Jewellery: ring, bangle, necklace…", valueName: "type")) var type: String?
    @Option(help: ArgumentHelp("Jewellery: gold:22k:8.42g; repeatable.", valueName: "metal")) var metal: [String] = []
    @Option(help: ArgumentHelp("Jewellery: weight with stones, such as 9.1g.", valueName: "weight")) var gross: String?

    var isJewellery: Bool { type != nil || !metal.isEmpty || gross != nil }

    /// The document with these facts put in; what is not given is left as it stands.
    func put(into document: JSON, kind: String?) throws -> JSON {
        var document = document
        func set(_ value: JSON?, _ path: String...) {
            if let value { document = document.setting(value, at: path[...]) }
        }
        func text(_ text: String?) -> JSON? { text.map { .string($0) } }

        set(text(stock), "stockNumber")
        set(text(title), "title")
        set(text(location), "location")
        set(try price.map { try Shorthand.price($0, option: "--price") }, "price")
        set(try cost.map { try Shorthand.price($0, option: "--cost") }, "cost")
        if isJewellery, kind ?? "jewellery" != "jewellery" {
            throw Shorthand.usage(
                "--metal", "a piece of kind \"\(kind ?? "")\" has no metal", "leave out --type, --metal and --gross")
        }
        set(text(type), "jewellery", "type")
        set(try gross.map { try Shorthand.grams($0, option: "--gross") }, "jewellery", "grossWeightG")
        if !metal.isEmpty { set(.array(try metal.map { try Shorthand.metal($0) }), "jewellery", "metals") }

        let block = kind == nil || kind == "jewellery" ? "stone" : kind ?? "stone"
        set(text(nature), block, "nature")
        set(text(species), block, "species")
        set(text(variety), block, "variety")
        if let weight {
            let member = try Shorthand.weight(weight)
            set(member.value, block, member.name)
        }
        set(try size.map { try Shorthand.size($0) }, block, "measurementsMm")
        set(shape.map { Shorthand.shape($0) }, block, "shape")
        if species == "diamond" {
            set(text(colour), block, "diamond", "colour")
            set(text(clarity), block, "diamond", "clarity")
        } else {
            set(text(colour), block, "colour", "text")
            set(text(clarity), block, "clarity")
        }
        if !treatment.isEmpty { set(.array(try treatment.map { try Shorthand.treatment($0) }), block, "treatments") }
        set(try origin.map { try Shorthand.origin($0) }, block, "origin")
        return document
    }
}

extension JSON {
    /// `R-17  emerald 1.58 ct, OV, 9.12 × 7.05 × 4.88 mm`: a piece in one line.
    var pieceSentence: String {
        let number = self["stockNumber"]?.string ?? self["id"]?.string ?? "?"
        var facts: [String] = []
        let name = [
            at("stone.variety")?.string ?? at("stone.species")?.string, at("stone.weightCt")?.string.map { "\($0) ct" },
        ]
        let first = name.compactMap { $0 }.joined(separator: " ")
        if !first.isEmpty { facts.append(first) }
        if let shape = at("stone.shape")?.string { facts.append(shape) }
        if let size = at("stone.measurementsMm")?.sizeText { facts.append("\(size) mm") }
        if let type = at("jewellery.type")?.string { facts.append(type) }
        if let gross = at("jewellery.grossWeightG")?.string { facts.append("\(gross) g") }
        if facts.isEmpty, let title = self["title"]?.string { facts.append(title) }
        return facts.isEmpty ? number : "\(number)  \(facts.joined(separator: ", "))"
    }
}
