/// A gem species of the trade's table (domain/species.json): the code pieces carry
/// and the constants that plausibility needs.
public struct Species: Hashable, Sendable {
    public var code: String
    public var name: String
    /// Typical specific gravity × 100; nil where it varies too much to tell anything.
    public var specificGravity: ClosedRange<Int>?

    private init(_ code: String, _ name: String, specificGravity: ClosedRange<Int>?) {
        self.code = code
        self.name = name
        self.specificGravity = specificGravity
    }

    public static func named(_ code: String) -> Species? { byCode[code] }

    /// `other` stands for a species the table does not hold; its name belongs into the comments.
    public static let other = "other"

    private static let byCode = Dictionary(uniqueKeysWithValues: table.map { ($0.code, $0) })

    public static let table: [Species] = [
        .init("diamond", "Diamond", specificGravity: 352...352),
        .init("corundum", "Corundum", specificGravity: 399...401),
        .init("beryl", "Beryl", specificGravity: 267...278),
        .init("chrysoberyl", "Chrysoberyl", specificGravity: 370...378),
        .init("spinel", "Spinel", specificGravity: 358...361),
        .init("topaz", "Topaz", specificGravity: 350...357),
        .init("tourmaline", "Tourmaline", specificGravity: 301...311),
        .init("peridot", "Olivine", specificGravity: 327...337),
        .init("quartz", "Quartz", specificGravity: 265...265),
        .init("chalcedony", "Chalcedony (quartz)", specificGravity: 258...264),
        .init("opal", "Opal", specificGravity: 198...225),
        .init("pyrope", "Garnet", specificGravity: 351...365),
        .init("rhodolite", "Garnet", specificGravity: 384...384),
        .init("almandine", "Garnet", specificGravity: 405...430),
        .init("spessartine", "Garnet", specificGravity: 412...420),
        .init("grossular", "Garnet", specificGravity: 357...373),
        .init("andradite", "Garnet", specificGravity: 382...390),
        .init("zircon", "Zircon", specificGravity: 460...470),
        .init("tanzanite", "Zoisite", specificGravity: 310...338),
        .init("spodumene", "Spodumene", specificGravity: 315...320),
        .init("apatite", "Apatite", specificGravity: 316...322),
        .init("orthoclase", "Feldspar (orthoclase)", specificGravity: 255...263),
        .init("amazonite", "Feldspar (microcline)", specificGravity: 256...258),
        .init("labradorite", "Feldspar (plagioclase)", specificGravity: 269...272),
        .init("sunstone", "Feldspar (oligoclase)", specificGravity: 262...267),
        .init("jadeite", "Jadeite (fei cui)", specificGravity: 325...336),
        .init("nephrite", "Nephrite (actinolite-tremolite)", specificGravity: 290...310),
        .init("turquoise", "Turquoise", specificGravity: 260...285),
        .init("lapis-lazuli", "Lapis lazuli (rock)", specificGravity: nil),
        .init("malachite", "Malachite", specificGravity: 360...400),
        .init("azurite", "Azurite", specificGravity: 377...389),
        .init("rhodochrosite", "Rhodochrosite", specificGravity: 345...370),
        .init("rhodonite", "Rhodonite", specificGravity: 340...374),
        .init("fluorite", "Fluorite", specificGravity: 318...318),
        .init("diopside", "Diopside", specificGravity: 322...338),
        .init("enstatite", "Enstatite", specificGravity: 320...330),
        .init("epidote", "Epidote", specificGravity: 335...350),
        .init("sphene", "Titanite (sphene)", specificGravity: 352...354),
        .init("andalusite", "Andalusite", specificGravity: 313...317),
        .init("kyanite", "Kyanite", specificGravity: 353...368),
        .init("scapolite", "Scapolite", specificGravity: 250...278),
        .init("vesuvianite", "Vesuvianite (idocrase)", specificGravity: 332...342),
        .init("kornerupine", "Kornerupine", specificGravity: 327...345),
        .init("sinhalite", "Sinhalite", specificGravity: 346...350),
        .init("taaffeite", "Taaffeite", specificGravity: 360...362),
        .init("benitoite", "Benitoite", specificGravity: 365...368),
        .init("hauyne", "Hauyne", specificGravity: 240...250),
        .init("sodalite", "Sodalite", specificGravity: 227...233),
        .init("chrysocolla", "Chrysocolla", specificGravity: 193...265),
        .init("serpentine", "Serpentine", specificGravity: 244...262),
        .init("staurolite", "Staurolite", specificGravity: 365...379),
        .init("rutile", "Rutile", specificGravity: 423...426),
        .init("cassiterite", "Cassiterite", specificGravity: 685...704),
        .init("scheelite", "Scheelite", specificGravity: 590...610),
        .init("hematite", "Hematite", specificGravity: 500...530),
        .init("calcite", "Calcite", specificGravity: 271...271),
        .init("obsidian", "Obsidian (natural glass)", specificGravity: 233...250),
        .init("moldavite", "Moldavite (tektite)", specificGravity: 232...238),
        .init("pearl", "Pearl (organic)", specificGravity: 260...285),
        .init("coral", "Coral (organic)", specificGravity: 260...270),
        .init("amber", "Amber (organic)", specificGravity: nil),
        .init("jet", "Jet (organic)", specificGravity: 119...135),
        .init("ivory", "Ivory (organic)", specificGravity: nil),
        .init("iolite", "Cordierite", specificGravity: nil),
        .init("prehnite", "Prehnite", specificGravity: nil),
        .init("danburite", "Danburite", specificGravity: nil),
        .init("phenakite", "Phenakite", specificGravity: nil),
        .init("euclase", "Euclase", specificGravity: nil),
        .init("pargasite", "Amphibole (pargasite)", specificGravity: nil),
        .init("variscite", "Variscite", specificGravity: nil),
    ]
}

/// The code of a species of ``Species/table``, or `other`.
public struct SpeciesCode: Codable, Hashable, Sendable {
    public var code: String

    public init(_ code: String) throws(InvalidInput) {
        guard Species.named(code) != nil || code == Species.other else {
            let near = Species.table.map(\.code).filter { $0.hasPrefix(code.prefix(3).lowercased()) }
            throw InvalidInput(
                "\"\(code.prefix(40))\" is not a species gemd knows",
                hint: "write the species, not the variety (an emerald is \"beryl\")"
                    + (near.isEmpty
                        ? "; \"other\" if it is not in the table" : "; near it: " + near.joined(separator: ", ")))
        }
        self.code = code
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(code)
    }
}
