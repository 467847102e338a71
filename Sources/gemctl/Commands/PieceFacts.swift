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
    @Option(help: ArgumentHelp("4200usd, 2650usd/ct, or metal: by the day's rates.", valueName: "money")) var price:
        String?
    @Option(help: ArgumentHelp("Jewellery: for the work, such as 12000pkr.", valueName: "money"))
    var makingCharge: String?
    @Option(help: ArgumentHelp("What you paid; nobody else sees it.", valueName: "money")) var cost: String?
    @Option(help: ArgumentHelp("Where it lies, such as safe/2.", valueName: "place")) var location: String?
    @Option(help: ArgumentHelp("Jewellery: ring, bangle, necklace…", valueName: "type")) var type: String?
    @Option(help: ArgumentHelp("Jewellery: gold:22k:8.42g, or 1.5tola_11.664; repeatable.", valueName: "metal"))
    var metal: [String] = []
    @Option(help: ArgumentHelp("Jewellery: weight with stones, such as 9.1g.", valueName: "weight")) var gross: String?

    @Option(help: ArgumentHelp("Jewellery: hallmark, such as fineness:750; repeatable.", valueName: "type:text"))
    var hallmark: [String] = []
    @Option(help: ArgumentHelp("Jewellery: size, such as US:7 or PK:18.", valueName: "system:size")) var ringSize:
        String?
    @Option(
        help: ArgumentHelp(
            "A stone in jewellery, a pair or a set: centre:emerald:1.10ct:oval, or the stock number as piece=R-17; repeatable.",
            valueName: "facts"))
    var mount: [String] = []
    @Option(help: ArgumentHelp("How many: of a parcel, strand, rough lot, pair, set or pearls.", valueName: "count"))
    var pieces: Int?
    @Option(help: ArgumentHelp("Length of a strand or of jewellery in mm.", valueName: "mm")) var length: String?
    @Option(help: ArgumentHelp("Grade of rough or a specimen; grades of a parcel.", valueName: "words")) var grade:
        String?

    var isJewellery: Bool { type != nil || !metal.isEmpty || gross != nil || !hallmark.isEmpty || ringSize != nil }

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
        set(try price.map { try Shorthand.askingPrice($0) }, "price")
        set(try makingCharge.map { try Shorthand.money($0, option: "--making-charge") }, "jewellery", "makingCharge")
        set(try cost.map { try Shorthand.price($0, option: "--cost") }, "cost")
        if isJewellery, !["jewellery", "strand"].contains(kind ?? "jewellery") {
            throw Shorthand.usage(
                "--metal", "a piece of kind \"\(kind ?? "")\" has no metal", "leave out --type, --metal and --gross")
        }
        let isStrand = kind == "strand"
        set(text(type), "jewellery", "type")
        if let gross, isStrand {
            set(try Shorthand.grams(gross, option: "--gross"), "strand", "grossWeightG")
        } else if let gross {
            let member = try Shorthand.gross(gross)
            set(member.value, "jewellery", member.name)
        }
        if !metal.isEmpty { set(.array(try metal.map { try Shorthand.metal($0) }), "jewellery", "metals") }
        if !hallmark.isEmpty { set(.array(try hallmark.map { try Shorthand.hallmark($0) }), "jewellery", "hallmarks") }
        set(try ringSize.map { try Shorthand.ringSize($0) }, "jewellery", "size")
        let block = kind == nil || kind == "jewellery" ? "stone" : kind ?? "stone"
        let whole = kind ?? (isJewellery ? "jewellery" : "stone")
        if !mount.isEmpty {
            let entries = try mount.map { try Shorthand.mount($0) }
            set(.array(entries), whole == "stone" ? "jewellery" : whole, "stones")
        }
        set(text(length), isStrand ? "strand" : "jewellery", "lengthMm")
        set(pieces.map { .integer($0) }, block, kind == "pearl" ? "quantity" : "pieces")
        set(text(grade), block, kind == "parcel" ? "gradeRange" : "grade")

        set(text(nature), block, kind == "pearl" ? "identification" : "nature")
        set(try species.map { try Shorthand.species($0) }, block, "species")
        set(text(variety), block, "variety")
        if let weight {
            let member = try Shorthand.weight(weight)
            let holdsMany = ["pair", "set", "strand", "parcel"].contains(block)
            set(member.value, block, member.name == "weightCt" && holdsMany ? "totalWeightCt" : member.name)
        }
        set(try size.map { try Shorthand.size($0) }, block, "measurementsMm")
        set(
            shape.map { kind == "pearl" ? .string($0.lowercased().replacing(" ", with: "_")) : Shorthand.shape($0) },
            block, "shape")
        if species == "diamond", block == "stone" {
            set(text(colour), block, "diamond", "colour")
            set(text(clarity), block, "diamond", "clarity")
        } else {
            if kind == "pearl" {
                set(text(colour), block, "bodyColour")
            } else {
                set(text(colour), block, "colour", "text")
            }
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
        let block = block ?? self["stone"] ?? self["jewellery"]
        var facts: [String] = []
        let first = [block?.gemName, block?.weightText].compactMap { $0 }.joined(separator: " ")
        if !first.isEmpty { facts.append(first) }
        if let count = (block?.at("pieces") ?? block?.at("quantity"))?.integer {
            facts.append(Message("\(count) pieces").text)
        }
        if let shape = block?.at("shape")?.string { facts.append(shape) }
        if let size = block?["measurementsMm"]?.sizeText { facts.append("\(size) mm") }
        if let type = block?.at("type")?.string { facts.append(type) }
        if let gross = block?.at("grossWeightG")?.string { facts.append("\(gross) g") }
        if facts.isEmpty, let title = self["title"]?.string { facts.append(title) }
        return facts.isEmpty ? number : "\(number)  \(facts.joined(separator: ", "))"
    }

    /// Of a block: its variety, species or type.
    var gemName: String? {
        (at("variety") ?? at("species") ?? at("identification"))?.string
    }

    /// Of a block: its weight with the unit.
    var weightText: String? {
        (at("weightCt") ?? at("totalWeightCt"))?.string.map { "\($0) ct" } ?? at("weightG")?.string.map { "\($0) g" }
    }
}
