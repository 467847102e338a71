import GemModel

/// Google Merchant Center, RSS 2.0 (support.google.com/merchants/answer/14987622).
///
/// The file replaces the data source, so a piece that left the market is simply not in it;
/// a sold one stays as `out_of_stock`.
package struct GoogleFeed: Market {
    package let name = "google"
    package let title = "Google"
    package let fileName = "google.xml"
    package let mediaType = "application/rss+xml; charset=utf-8"

    package init() {}

    package func header(_ channel: Channel) -> [UInt8] {
        var xml = XMLWriter()
        xml.declaration()
        xml.open(#"rss version="2.0" xmlns:g="http://base.google.com/ns/1.0""#)
        xml.open("channel")
        for (name, text) in [("title", channel.title), ("link", channel.link), ("description", channel.description)]
            as [(StaticString, String)]
        {
            // The council's own name and address were checked when they were entered.
            guard let content = try? XMLText(text) else {
                preconditionFailure("the channel's \(name) holds a control character")
            }
            xml.element(name, content)
        }
        return xml.bytes
    }

    package func footer() -> [UInt8] {
        var xml = XMLWriter()
        xml.close("channel")
        xml.close("rss")
        return xml.bytes
    }

    package func entry(for listing: Listing) -> Entry {
        var item = GoogleItem(listing, market: name)
        item.inspection.checkHonesty(of: listing)
        item.writeIdentity()
        item.writeImages()
        item.writeOffer()
        item.writeCategory()
        item.writeIdentifiers()
        item.writeApparel()
        item.writeShipping()
        item.writeDetails()
        return Entry(findings: item.inspection.findings, bytes: item.inspection.isBlocked ? nil : item.bytes)
    }
}

/// One `<item>` while it is made; findings and elements come from the same pass and cannot disagree.
private struct GoogleItem {
    let listing: Listing
    let piece: Piece
    var inspection: Inspection
    private var xml = XMLWriter()

    init(_ listing: Listing, market: String) {
        self.listing = listing
        piece = listing.facts
        inspection = Inspection(listing, market: market)
        xml.open("item")
    }

    var bytes: [UInt8] {
        var closed = xml
        closed.close("item")
        return closed.bytes
    }

    /// A text from outside; refused by field when XML cannot carry it or it is longer than the market takes.
    private mutating func put(
        _ element: StaticString, _ text: String, field: String, longest: Int? = nil, _ rule: Readiness.Rule = .products
    ) {
        guard let content = checked(text, field: field, longest: longest, rule) else { return }
        xml.element(element, content)
    }

    private mutating func checked(_ text: String, field: String, longest: Int?, _ rule: Readiness.Rule) -> XMLText? {
        if let longest {
            // Google counts characters, not bytes.
            let count = text.unicodeScalars.count
            guard count <= longest else {
                inspection.block(
                    field, "too-long",
                    "the \(field.lastStep) is \(count) characters long, \(count - longest) too many for Google",
                    hint: "shorten it to at most \(longest) characters; gemd does not cut it", rule)
                return nil
            }
        }
        do { return try XMLText(text) } catch {
            inspection.block(
                field, "illegal-character",
                "the \(field.lastStep) holds the invisible character \(error.name), which no XML file can carry",
                hint: "take it out and type the text again", .xml)
            return nil
        }
    }
}

extension GoogleItem {
    mutating func writeIdentity() {
        if let sku = listing.sku {
            put("g:id", sku, field: "stockNumber", longest: 50, .id)
        } else {
            inspection.block(
                "stockNumber", "stock-number-missing", "the stock number is missing",
                hint: "give the piece a stock number", .id)
        }

        if let title = piece.title?.text, !title.isBlank {
            put("title", title, field: "title", longest: 150, .titleRule)
            let letters = title.filter(\.isLetter)
            if letters.count > 6, title == title.uppercased(), title != title.lowercased() {
                inspection.advise(
                    "title", "title-all-capitals", "the title is all capitals", hint: "write it as in a sentence",
                    .titleRule)
            }
        } else {
            inspection.block(
                "title", "title-missing", "the title is missing",
                hint: "enter what a buyer would call it, for example Swat emerald, oval",
                .titleRule)
        }

        if piece.description?.text.isBlank ?? true {
            inspection.warn(
                "description", "description-missing",
                "the description is missing, so buyers read only \"\(listing.factLine)\" and the disclosure",
                hint: "describe the piece in your own words", .descriptionRule)
        }
        let description = listing.buyerDescription
        let count = description.unicodeScalars.count
        if count > 5000 {
            inspection.block(
                "description", "too-long",
                "the description with its disclosure is \(count) characters long, \(count - 5000) too many for Google",
                hint: "shorten the description; the disclosure must stay whole", .descriptionRule)
        } else {
            put("description", description, field: "description", .descriptionRule)
        }

        guard let link = listing.link else {
            inspection.block(
                "link", "link-missing", "the piece has no public page",
                hint: "publish the piece, and set the public address of gemd",
                .linkRule)
            return
        }
        if let fault = WebAddress.fault(in: link) {
            inspection.block(
                "link", "link-unusable", "the address of the public page \(fault)",
                hint: "ask whoever runs gemd to set its public address",
                .linkRule)
        } else {
            put("link", link, field: "link", .linkRule)
        }
    }

    mutating func writeImages() {
        guard let main = listing.images.first else {
            inspection.block(
                "images", "image-missing", "there is no photo",
                hint: "take one of the piece alone on a plain ground and add it", .imageRule)
            return
        }
        // Google asks more of apparel, under which it counts jewellery.
        let least = piece.jewellery == nil ? 100 : 250
        for (index, image) in listing.images.prefix(11).enumerated() {
            let (field, called) = ("images[\(index)]", index == 0 ? "the main photo" : "photo \(index + 1)")
            if let fault = WebAddress.fault(in: image.url) {
                let hint = "ask whoever runs gemd to set its public address"
                if index == 0 {
                    inspection.block(
                        field, "image-address", "the address of \(called) \(fault)", hint: hint, .imageRule)
                } else {
                    inspection.warn(
                        field, "image-address", "the address of \(called) \(fault), so it is left out", hint: hint,
                        .imageRule)
                }
                continue
            }
            let size = "\(image.width)×\(image.height)"
            guard min(image.width, image.height) >= least else {
                let hint = "take a new photo; enlarging it will not help"
                if index == 0 {
                    inspection.block(
                        field, "image-too-small",
                        "\(called) is \(size) pixels; Google takes none under \(least)×\(least)", hint: hint, .imageRule
                    )
                } else {
                    inspection.warn(
                        field, "image-too-small",
                        "\(called) is \(size) pixels, under \(least)×\(least), so it is left out", hint: hint,
                        .imageRule)
                }
                continue
            }
            if image.isSuspect {
                inspection.warn(
                    field, "image-suspect", "the file of \(called) may be damaged",
                    hint: "look at it, and add it again from the camera", .images)
            }
            put(index == 0 ? "g:image_link" : "g:additional_image_link", image.url, field: field, .imageRule)
        }
        if max(main.originalWidth, main.originalHeight) < 800 {
            inspection.advise(
                "images[0]", "image-small", "the main photo is \(main.originalWidth)×\(main.originalHeight) pixels",
                hint: "take one of at least 800 pixels; Google shows large photos better", .imageRule)
        }
        if listing.images.count > 11 {
            inspection.advise(
                "images", "images-too-many",
                "of \(listing.images.count) photos Google takes 11, so the last \(listing.images.count - 11) are left out",
                hint: "put the best first", .imageRule)
        }
    }

    mutating func writeOffer() {
        let canBeBought = listing.status == .available && (piece.quantity ?? 1) > 0
        put("g:availability", canBeBought ? "in_stock" : "out_of_stock", field: "status")

        if let price = chosenPrice() {
            if price.minorUnits > 0 {
                put("g:price", "\(price.amount) \(price.currency)", field: "price", .price)
            } else {
                inspection.block(
                    "price", "price-zero", "the price is 0",
                    hint: "enter what the piece costs; Google takes no free goods", .price)
            }
        }

        if let condition = saidCondition() { put("g:condition", condition, field: "jewellery.condition", .condition) }
    }

    /// The price in the account's currency; gemd converts nothing by itself.
    private mutating func chosenPrice() -> Money? {
        if let lack = listing.unquoted {
            inspection.block(
                "price", "price-unquoted", "the price follows the metal, and \(lack.reason)", hint: lack.hint, .price)
            return nil
        }
        let prices = [piece.price].compactMap { $0 } + (piece.prices ?? [])
        guard !prices.isEmpty else {
            inspection.block(
                "price", "price-missing", "the price is missing", hint: "enter it, for example 4200.00 USD", .price)
            return nil
        }
        let totals = prices.compactMap { $0.total(weight: piece.weight) }
        guard !totals.isEmpty else {
            inspection.block(
                "price", "price-per-carat-only", "the price is per carat and the weight is not known",
                hint: "enter the weight, or a total price", .price)
            return nil
        }
        guard let wanted = listing.account["currency"] else { return totals[0] }
        guard case .string(let currency) = wanted, (try? Money(minorUnits: 0, currency: currency)) != nil else {
            inspection.block(
                "account.currency", "account-currency", "the currency of the Google account is no currency",
                hint: "set it to the three letters of ISO 4217, for example USD", .price)
            return nil
        }
        guard let total = totals.first(where: { $0.currency == currency }) else {
            inspection.block(
                "price", "price-currency",
                "the price is in \(totals.map(\.currency).joined(separator: " and ")), and this account wants \(currency)",
                hint: "enter a price in \(currency) beside it; gemd does not convert by itself", .price)
            return nil
        }
        return total
    }

    /// `new`, `used` or `refurbished` as the dealer or the account says; Google reads silence as new.
    private mutating func saidCondition() -> String? {
        let words = [
            "new": "new", "unworn": "new", "used": "used", "pre-owned": "used", "preowned": "used",
            "second-hand": "used",
            "secondhand": "used", "vintage": "used", "antique": "used", "estate": "used", "worn": "used",
            "refurbished": "refurbished",
            "restored": "refurbished",
        ]
        let said = piece.jewellery?.condition?.value.text ?? listing.account["condition"]?.string
        guard let said else {
            if piece.jewellery != nil {
                inspection.warn(
                    "jewellery.condition", "condition-missing",
                    "you have not said whether it is new or used, and Google takes it as new",
                    hint: "enter new, used or refurbished", .condition)
            }
            return nil
        }
        if let known = words[said.lowercased()] { return known }
        inspection.block(
            "jewellery.condition", "condition-unknown", "Google does not know the condition \"\(said)\"",
            hint: "enter new, used or refurbished",
            .condition)
        return nil
    }

    mutating func writeCategory() {
        let (category, type) = piece.googleCategory
        put("g:google_product_category", String(category), field: "kind", .taxonomy)
        if piece.kind == .jewellery, piece.jewellery?.type == nil {
            inspection.warn(
                "jewellery.type", "jewellery-type-missing", "you have not said what kind of jewellery it is",
                hint: "enter ring, earrings, pendant, necklace or what it is", .taxonomy)
        }
        let stone = piece.stone == nil ? nil : listing.stones.first.map { " > " + $0.name.capitalisedFirst }
        put("g:product_type", type + (stone ?? ""), field: "kind", longest: 750)
    }

    mutating func writeIdentifiers() {
        let brand = piece.brand?.text ?? listing.account["brand"]?.string
        if let brand, !brand.isBlank { put("g:brand", brand, field: "brand", longest: 70, .identifiers) }
        guard let gtin = piece.gtin?.text else {
            put("g:identifier_exists", "no", field: "gtin", .identifiers)
            if listing.account["gtinExempt"] == .bool(false) {
                inspection.warn(
                    "gtin", "gtin-missing", "this account is not exempt from GTINs, and the piece has none",
                    hint: "enter the GTIN printed on the goods, or set gtinExempt; never make one up", .identifiers)
            }
            return
        }
        guard gtin.isGTIN else {
            inspection.block(
                "gtin", "gtin-wrong", "the GTIN \"\(gtin)\" does not check",
                hint: "copy all 8, 12, 13 or 14 digits again, or leave it out",
                .identifiers)
            return
        }
        put("g:gtin", gtin, field: "gtin", .identifiers)
    }

    mutating func writeApparel() {
        guard let jewellery = piece.jewellery else { return }
        let metals = jewellery.metals ?? []
        if !metals.isEmpty {
            put("g:material", metals.map(\.tradeName).joined(separator: "/"), field: "jewellery.metals", longest: 200)
        } else {
            inspection.advise(
                "jewellery.metals", "metal-missing", "you have not said what metal it is of",
                hint: "enter the metal and its fineness", .apparel)
        }

        if let colour = metals.first?.colour?.value.text {
            let bans = ["gold", "silver", "platinum", "palladium", "rhodium", "copper"]
            if bans.contains(where: { colour.lowercased().contains($0) }) || DisclosedStone.namesGem(colour) {
                inspection.advise(
                    "jewellery.metals[0].colour", "colour-names-material",
                    "the colour \"\(colour)\" names a metal or gem and is left out",
                    hint: "enter a plain colour, for example yellow, white or rose", .apparel)
            } else {
                put("g:color", colour, field: "jewellery.metals[0].colour", longest: 40, .apparel)
            }
        } else {
            inspection.advise(
                "jewellery.metals[0].colour", "colour-missing", "the colour of the metal is missing",
                hint: "enter yellow, white, rose or what it is",
                .apparel)
        }

        if let size = jewellery.size {
            // Google knows no Pakistani sizes: there the system stands in the text.
            put(
                "g:size", size.system == .PK ? "PK \(size.value.value)" : size.value.value.text,
                field: "jewellery.size",
                longest: 100, .apparel)
            if size.system != .PK { put("g:size_system", size.system.rawValue, field: "jewellery.size", .apparel) }
        } else if jewellery.type?.value == .ring {
            inspection.warn(
                "jewellery.size", "ring-size-missing", "the ring size is missing",
                hint: "measure the ring and enter it, for example 7 US", .apparel)
        }

        switch piece.department?.text.lowercased() {
        case "women", "woman", "female", "ladies", "women's": putWearer("female", "adult")
        case "men", "man", "male", "gents", "men's": putWearer("male", "adult")
        case "unisex", "unisex-adult", "unisex adult": putWearer("unisex", "adult")
        case "girls", "girl": putWearer("female", "kids")
        case "boys", "boy": putWearer("male", "kids")
        case nil:
            inspection.advise(
                "department", "department-missing", "you have not said for whom it is",
                hint: "enter women, men or unisex; some countries want it",
                .apparel)
        case let other?:
            inspection.advise(
                "department", "department-unknown", "Google has no word for \"\(other)\", so it is left out",
                hint: "enter women, men, unisex, girls or boys", .apparel)
        }
    }

    private mutating func putWearer(_ gender: String, _ age: String) {
        put("g:gender", gender, field: "department", .apparel)
        put("g:age_group", age, field: "department", .apparel)
    }

    mutating func writeShipping() {
        if let weight = piece.packed?.weightG { put("g:shipping_weight", "\(weight) g", field: "packed.weightG") }
        // An account says `country`; a `location` that is a bare country code says the same.
        if let country = listing.account["country"]?.string {
            if (try? Country(country)) != nil {
                put("g:ships_from_country", country, field: "account.country", .shipsFrom)
            } else {
                inspection.warn(
                    "account.country", "account-country",
                    "the account's country \"\(country)\" is no country code and is left out",
                    hint: "enter two capital letters of ISO 3166, for example PK", .shipsFrom)
            }
        } else if let location = listing.account["location"]?.string, (try? Country(location)) != nil {
            put("g:ships_from_country", location, field: "account.location", .shipsFrom)
        }
    }

    mutating func writeDetails() {
        for (index, certificate) in listing.certificates.enumerated() where certificate.status == .valid {
            if let url = certificate.url, let fault = WebAddress.fault(in: url) {
                inspection.warn(
                    "certificates[\(index)].url", "certificate-address",
                    "the address to check certificate \(certificate.number) \(fault)",
                    hint: "ask whoever runs gemd to set its public address", .details)
            }
        }
        for row in listing.factRows {
            guard let section = checked(row.section, field: row.field, longest: 140, .details),
                let name = checked(row.name, field: row.field, longest: 140, .details),
                let value = checked(row.value, field: row.field, longest: 1000, .details)
            else { continue }
            xml.open("g:product_detail")
            xml.element("g:section_name", section)
            xml.element("g:attribute_name", name)
            xml.element("g:attribute_value", value)
            xml.close("g:product_detail")
        }
    }
}

extension Piece {
    /// Google's category number (taxonomy of 2021-09-21) and our own path beside it.
    fileprivate var googleCategory: (number: Int, path: String) {
        switch kind {
        case .stone: (198, "Loose stones")
        case .rough: (198, "Rough stones")
        case .pearl: (198, "Pearls")
        case .pair, .set: (198, "Loose stones > Pairs and sets")
        case .strand: (198, "Strands")
        case .parcel: (198, "Parcels")
        case .specimen: (218, "Mineral specimens")
        case .jewellery:
            switch jewellery?.type?.value {
            case .ring: (200, "Jewellery > Rings")
            case .earrings: (194, "Jewellery > Earrings")
            case .pendant: (192, "Jewellery > Pendants")
            case .necklace: (196, "Jewellery > Necklaces")
            case .bracelet: (191, "Jewellery > Bracelets")
            case .bangle: (191, "Jewellery > Bangles")
            case .brooch: (197, "Jewellery > Brooches")
            case .anklet: (189, "Jewellery > Anklets")
            case .cufflink: (193, "Jewellery > Cufflinks")
            case .nosePin: (190, "Jewellery > Nose pins")
            case .tikka: (188, "Jewellery > Tikkas")
            case .jhumar: (188, "Jewellery > Jhumars")
            case .set: (6463, "Jewellery > Sets")
            case .watch: (201, "Jewellery > Watches")
            case .other, nil: (188, "Jewellery")
            }
        }
    }
}

extension String {
    /// "metals[0].colour" is called "colour".
    fileprivate var lastStep: String {
        let step = split(separator: ".").last ?? self[...]
        let word = String(step.prefix { $0 != "[" })
        return word == "stockNumber" ? "id" : word
    }

    /// 8, 12, 13 or 14 digits with the check digit of GS1.
    fileprivate var isGTIN: Bool {
        let digits = utf8.map { Int($0) - 0x30 }
        guard [8, 12, 13, 14].contains(digits.count), digits.allSatisfy({ (0...9).contains($0) }),
            digits.contains(where: { $0 > 0 })
        else { return false }
        let sum = digits.dropLast().reversed().enumerated().reduce(0) { $0 + $1.element * ($1.offset % 2 == 0 ? 3 : 1) }
        return (sum + digits[digits.count - 1]) % 10 == 0
    }
}

extension Readiness.Rule {
    private static func help(_ answer: String, _ what: String) -> Self {
        Self("Google Merchant Center help \(answer): \(what)", date: "2026-11-21")
    }

    fileprivate static let products = help("7052112", "product data specification")
    fileprivate static let id = help("6324405", "id")
    fileprivate static let titleRule = help("6324415", "title")
    fileprivate static let descriptionRule = help("6324468", "description")
    fileprivate static let linkRule = help("6324416", "link")
    fileprivate static let imageRule = help("6324350", "image_link")
    fileprivate static let price = help("6324371", "price")
    fileprivate static let condition = help("6324469", "condition")
    fileprivate static let identifiers = help("6324478", "identifier_exists")
    fileprivate static let apparel = help("7052112", "apparel attributes")
    fileprivate static let shipsFrom = help("9837936", "ships_from_country")
    fileprivate static let details = help("9218260", "product_detail")
    fileprivate static let taxonomy = Self("Google product taxonomy", date: "2021-09-21")
}
