/// A variety of the trade and the species it belongs to (domain §4).
///
/// A piece's variety is text: a name that is not here is taken as it stands.
public struct Variety: Hashable, Sendable {
    public var code: String
    public var names: Names
    public var species: String

    private init(_ code: String, _ urdu: String, of species: String) {
        self.code = code
        names = Names(code, urdu)
        self.species = species
    }

    /// However it is spelt: `Rock-Crystal`, `rock_crystal`.
    public static func named(_ text: String) -> Variety? {
        byCode[folded(text)]
    }

    static func folded(_ text: String) -> String {
        String(text.lowercased().map { $0 == "_" || $0 == "-" ? " " : $0 == "’" ? "'" : $0 == "í" ? "i" : $0 })
    }

    private static let byCode = Dictionary(uniqueKeysWithValues: table.map { (folded($0.code), $0) })

    public static let table: [Variety] = [
        .init("ruby", "یاقوت", of: "corundum"),
        .init("sapphire", "نیلم", of: "corundum"),
        .init("padparadscha", "پدپراڈشا", of: "corundum"),
        .init("star ruby", "ستارہ یاقوت", of: "corundum"),
        .init("star sapphire", "ستارہ نیلم", of: "corundum"),
        .init("pink sapphire", "گلابی نیلم", of: "corundum"),
        .init("yellow sapphire", "پیلا نیلم (پکھراج)", of: "corundum"),
        .init("emerald", "زمرد", of: "beryl"),
        .init("aquamarine", "ایکوامرین", of: "beryl"),
        .init("morganite", "مورگنائٹ", of: "beryl"),
        .init("heliodor", "ہیلیوڈور", of: "beryl"),
        .init("goshenite", "گوشینائٹ", of: "beryl"),
        .init("red beryl", "سرخ بیرل", of: "beryl"),
        .init("golden beryl", "سنہرا بیرل", of: "beryl"),
        .init("maxixe", "میکسیکسی بیرل", of: "beryl"),
        .init("alexandrite", "الیگزینڈرائٹ", of: "chrysoberyl"),
        .init("cat's-eye", "لہسنیا", of: "chrysoberyl"),
        .init("cobalt spinel", "کوبالٹ سپائنل", of: "spinel"),
        .init("star spinel", "ستارہ سپائنل", of: "spinel"),
        .init("imperial topaz", "شاہی پکھراج", of: "topaz"),
        .init("pink topaz", "گلابی پکھراج", of: "topaz"),
        .init("blue topaz", "نیلا پکھراج", of: "topaz"),
        .init("rubellite", "روبیلائٹ", of: "tourmaline"),
        .init("indicolite", "انڈیکولائٹ", of: "tourmaline"),
        .init("verdelite", "ورڈیلائٹ", of: "tourmaline"),
        .init("paraiba", "پرائبا", of: "tourmaline"),
        .init("elbaite", "ایلبائٹ", of: "tourmaline"),
        .init("dravite", "ڈراوائٹ", of: "tourmaline"),
        .init("schorl", "شورل", of: "tourmaline"),
        .init("liddicoatite", "لڈیکوٹائٹ", of: "tourmaline"),
        .init("olivine", "اولیوین", of: "peridot"),
        .init("rock crystal", "بلور", of: "quartz"),
        .init("amethyst", "جامنیا (ایمیتھسٹ)", of: "quartz"),
        .init("citrine", "سنہلا (سٹرین)", of: "quartz"),
        .init("ametrine", "ایمیٹرین", of: "quartz"),
        .init("smoky quartz", "دھواں کوارٹز", of: "quartz"),
        .init("rose quartz", "گلابی کوارٹز", of: "quartz"),
        .init("prasiolite", "پراسیولائٹ", of: "quartz"),
        .init("tiger's eye", "شیر کی آنکھ", of: "quartz"),
        .init("aventurine", "ایونچرین", of: "quartz"),
        .init("agate", "عقیق", of: "chalcedony"),
        .init("carnelian", "سرخ عقیق", of: "chalcedony"),
        .init("onyx", "سنگِ سلیمانی", of: "chalcedony"),
        .init("sardonyx", "سارڈونکس", of: "chalcedony"),
        .init("chrysoprase", "کرائیسوپریز", of: "chalcedony"),
        .init("jasper", "یشب (جیسپر)", of: "chalcedony"),
        .init("bloodstone", "حجر الدم", of: "chalcedony"),
        .init("white opal", "سفید اوپل", of: "opal"),
        .init("black opal", "کالا اوپل", of: "opal"),
        .init("boulder opal", "بولڈر اوپل", of: "opal"),
        .init("fire opal", "آتشی اوپل", of: "opal"),
        .init("hydrophane", "ہائیڈروفین اوپل", of: "opal"),
        .init("chrome pyrope", "کروم پائروپ", of: "pyrope"),
        .init("rhodolite garnet", "روڈولائٹ گارنیٹ", of: "rhodolite"),
        .init("star garnet", "ستارہ گارنیٹ", of: "almandine"),
        .init("spessartite", "سپیسارٹائٹ", of: "spessartine"),
        .init("mandarin garnet", "مینڈرن گارنیٹ", of: "spessartine"),
        .init("tsavorite", "ساوورائٹ", of: "grossular"),
        .init("hessonite", "گومید", of: "grossular"),
        .init("hydrogrossular", "ہائیڈروگروسولر", of: "grossular"),
        .init("demantoid", "ڈیمنٹائڈ", of: "andradite"),
        .init("melanite", "میلانائٹ", of: "andradite"),
        .init("topazolite", "ٹوپازولائٹ", of: "andradite"),
        .init("blue zircon", "نیلا زرقون", of: "zircon"),
        .init("thulite", "تھولائٹ", of: "tanzanite"),
        .init("anyolite", "اینیولائٹ", of: "tanzanite"),
        .init("kunzite", "کنزائٹ", of: "spodumene"),
        .init("hiddenite", "ہڈینائٹ", of: "spodumene"),
        .init("triphane", "ٹرائفین", of: "spodumene"),
        .init("moonstone", "حجر القمر", of: "orthoclase"),
        .init("sanidine", "سانیڈین", of: "orthoclase"),
        .init("andesine", "اینڈیسین", of: "labradorite"),
        .init("bytownite", "بائیٹاؤنائٹ", of: "labradorite"),
        .init("lapis", "لاجورد", of: "lapis-lazuli"),
        .init("chrome diopside", "کروم ڈائیوپسائڈ", of: "diopside"),
        .init("star diopside", "ستارہ ڈائیوپسائڈ", of: "diopside"),
        .init("clinozoisite", "کلینوزوئسائٹ", of: "epidote"),
        .init("chiastolite", "کیاسٹولائٹ", of: "andalusite"),
        .init("musgravite", "مسگراوائٹ", of: "taaffeite"),
        .init("hackmanite", "ہیکمینائٹ", of: "sodalite"),
        .init("bowenite", "بووینائٹ", of: "serpentine"),
        .init("williamsite", "ولیمسائٹ", of: "serpentine"),
        .init("onyx marble", "سنگِ مرمر (اونکس ماربل)", of: "calcite"),
        .init("aragonite", "اراگونائٹ", of: "calcite"),
        .init("akoya", "اکویا موتی", of: "pearl"),
        .init("south sea", "ساؤتھ سی موتی", of: "pearl"),
        .init("tahitian", "تاہیتی موتی", of: "pearl"),
        .init("basra", "بصرہ موتی", of: "pearl"),
    ]
}

/// Names of the trade that praise more than they tell: they belong into `tradeTerms`, with who claims them (domain §1.2).
enum PraisingTerms {
    static let all: Set<String> = [
        "pigeon's blood", "pigeon blood", "royal blue", "cornflower", "cornflower blue", "vivid blue", "katlang pink",
        "imperial", "swiss blue", "london blue", "muzo green", "panjshir green",
    ]
}
