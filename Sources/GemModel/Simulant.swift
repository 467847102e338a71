/// What is taken for a gem without being one, or is one that was grown (domain §4, synthetics_simulants.json).
///
/// RI × 1000, SG × 100, birefringence × 10,000. A synthetic with the constants of its natural
/// counterpart cannot be told by them.
public struct Simulant: Hashable, Sendable {
    public var code: String
    public var names: Names
    public var nature: Nature
    /// What it stands for: a species or variety.
    public var counterpart: String?
    public var ri: ClosedRange<Int>
    public var sg: ClosedRange<Int>
    public var birefringence: ClosedRange<Int>?

    private init(
        _ code: String, _ names: Names, _ nature: Nature, of counterpart: String?, ri: ClosedRange<Int>,
        sg: ClosedRange<Int>, birefringence: ClosedRange<Int>?
    ) {
        self.code = code
        self.names = names
        self.nature = nature
        self.counterpart = counterpart
        self.ri = ri
        self.sg = sg
        self.birefringence = birefringence
    }

    public static let table: [Simulant] = [
        .init(
            "garnet-topped-doublet", Names("Garnet-Topped Doublet", "گارنیٹ چڑھا ڈبلٹ"), .assembled, of: nil,
            ri: 1730...1780,
            sg: 300...350, birefringence: 0...0),
        .init(
            "opal-doublet", Names("Opal Doublet", "اوپل ڈبلٹ"), .assembled, of: "opal", ri: 1440...1460,
            sg: 190...210, birefringence: nil),
        .init(
            "opal-triplet", Names("Opal Triplet", "اوپل ٹرپلٹ"), .assembled, of: "opal", ri: 1440...1550,
            sg: 190...210, birefringence: nil),
        .init(
            "soude-emerald", Names("Soudé Emerald", "سوڈے زمرد (جوڑا ہوا)"), .assembled, of: "emerald", ri: 1570...1580,
            sg: 268...272, birefringence: 60...60),
        .init(
            "ambroid", Names("Ambroid (Pressed Amber)", "دبایا ہوا کہربا"), .imitation, of: nil, ri: 1530...1545,
            sg: 105...109, birefringence: 0...0),
        .init(
            "bone", Names("Bone (Ivory Simulant)", "ہڈی (نقلی ہاتھی دانت)"), .imitation, of: nil, ri: 1540...1570,
            sg: 170...200, birefringence: nil),
        .init(
            "copal", Names("Copal (Amber Simulant)", "کوپال (نقلی کہربا)"), .imitation, of: nil, ri: 1530...1545,
            sg: 104...110, birefringence: 0...0),
        .init(
            "cubic-zirconia", Names("Cubic Zirconia", "کیوبک زرکونیا"), .imitation, of: "diamond", ri: 2150...2180,
            sg: 565...595, birefringence: 0...0),
        .init(
            "dyed-howlite", Names("Dyed Howlite (Turquoise Simulant)", "رنگا ہوا ہاؤلائٹ"), .imitation, of: nil,
            ri: 1583...1608,
            sg: 253...259, birefringence: 220...220),
        .init(
            "dyed-magnesite", Names("Dyed Magnesite (Turquoise Simulant)", "رنگا ہوا میگنیسائٹ"), .imitation, of: nil,
            ri: 1509...1700,
            sg: 298...305, birefringence: 1910...1910),
        .init(
            "french-jet", Names("French Jet (Black Glass)", "فرنچ جیٹ (کالا شیشہ)"), .imitation, of: nil,
            ri: 1480...1700,
            sg: 240...350, birefringence: 0...0),
        .init(
            "ggg", Names("GGG (Gadolinium Gallium Garnet)", "جی جی جی"), .imitation, of: "diamond", ri: 2020...2030,
            sg: 705...705, birefringence: 0...0),
        .init(
            "glass-simulant", Names("Glass (Paste)", "شیشہ"), .imitation, of: nil, ri: 1500...1700,
            sg: 230...450, birefringence: 0...0),
        .init(
            "luag", Names("LuAG (Lutetium Aluminium Garnet)", "ایل یو اے جی"), .imitation, of: "diamond",
            ri: 1840...1840,
            sg: 673...673, birefringence: 0...0),
        .init(
            "moissanite", Names("Moissanite", "موئسانائٹ"), .imitation, of: "diamond", ri: 2648...2691,
            sg: 321...322, birefringence: 430...430),
        .init(
            "reconstructed-turquoise", Names("Reconstructed Turquoise", "دوبارہ جوڑا ہوا فیروزہ"), .imitation, of: nil,
            ri: 1610...1650,
            sg: 230...260, birefringence: nil),
        .init(
            "slocum-stone", Names("Slocum Stone", "سلوکم سٹون"), .imitation, of: nil, ri: 1480...1520,
            sg: 240...250, birefringence: 0...0),
        .init(
            "strontium-titanate", Names("Strontium Titanate", "سٹرونشیم ٹائٹینیٹ"), .imitation, of: "diamond",
            ri: 2409...2409,
            sg: 513...513, birefringence: 0...0),
        .init(
            "synthetic-coral", Names("Synthetic Coral", "مصنوعی مرجان"), .imitation, of: "coral", ri: 1480...1650,
            sg: 240...260, birefringence: nil),
        .init(
            "synthetic-lapis-gilson", Names("Gilson Lapis Lazuli", "گلسن لاجورد"), .imitation, of: "lapis-lazuli",
            ri: 1500...1520,
            sg: 230...240, birefringence: 0...0),
        .init(
            "synthetic-rutile", Names("Synthetic Rutile", "مصنوعی رٹائل"), .imitation, of: "diamond", ri: 2616...2903,
            sg: 425...425, birefringence: 2870...2870),
        .init(
            "synthetic-turquoise-gilson", Names("Gilson Turquoise", "گلسن فیروزہ"), .imitation, of: "turquoise",
            ri: 1600...1610,
            sg: 240...250, birefringence: 400...400),
        .init(
            "vulcanite", Names("Vulcanite (Jet Simulant)", "ولکنائٹ (نقلی جیٹ)"), .imitation, of: nil, ri: 1660...1660,
            sg: 110...120, birefringence: 0...0),
        .init(
            "yag", Names("YAG (Yttrium Aluminium Garnet)", "وائی اے جی"), .imitation, of: "diamond", ri: 1833...1833,
            sg: 455...455, birefringence: 0...0),
        .init(
            "synthetic-alexandrite-czochralski", Names("Synthetic Alexandrite", "مصنوعی الیگزینڈرائٹ (چوکرالسکی)"),
            .laboratoryGrown, of: "alexandrite", ri: 1744...1755,
            sg: 371...371, birefringence: 110...110),
        .init(
            "synthetic-alexandrite-flux", Names("Flux-Grown Alexandrite", "مصنوعی الیگزینڈرائٹ (فلکس)"),
            .laboratoryGrown, of: "alexandrite", ri: 1746...1755,
            sg: 370...373, birefringence: 90...100),
        .init(
            "synthetic-alexandrite-hydrothermal",
            Names("Hydrothermal Alexandrite", "مصنوعی الیگزینڈرائٹ (ہائیڈرو تھرمل)"), .laboratoryGrown,
            of: "alexandrite", ri: 1746...1755,
            sg: 370...373, birefringence: 90...100),
        .init(
            "synthetic-diamond-cvd", Names("CVD Diamond", "سی وی ڈی ہیرا"), .laboratoryGrown, of: "diamond",
            ri: 2417...2417,
            sg: 352...352, birefringence: 0...0),
        .init(
            "synthetic-diamond-hpht", Names("HPHT Diamond", "ایچ پی ایچ ٹی ہیرا"), .laboratoryGrown, of: "diamond",
            ri: 2417...2417,
            sg: 352...352, birefringence: 0...0),
        .init(
            "synthetic-emerald-flux", Names("Flux-Grown Emerald", "مصنوعی زمرد (فلکس)"), .laboratoryGrown,
            of: "emerald", ri: 1560...1563,
            sg: 265...266, birefringence: 30...30),
        .init(
            "synthetic-emerald-hydrothermal", Names("Hydrothermal Emerald", "مصنوعی زمرد (ہائیڈرو تھرمل)"),
            .laboratoryGrown, of: "emerald", ri: 1568...1573,
            sg: 268...270, birefringence: 50...50),
        .init(
            "synthetic-emerald-lechleitner", Names("Lechleitner Emerald (Overgrowth)", "لیچلائٹنر زمرد"),
            .laboratoryGrown, of: "emerald", ri: 1565...1602,
            sg: 267...272, birefringence: 60...90),
        .init(
            "synthetic-opal-gilson", Names("Gilson Opal", "گلسن اوپل"), .laboratoryGrown, of: "opal", ri: 1440...1460,
            sg: 205...215, birefringence: 0...0),
        .init(
            "synthetic-paraiba", Names("Lab-Grown Paraíba Tourmaline", "مصنوعی پرائبا ٹورمالین"), .laboratoryGrown,
            of: "tourmaline", ri: 1620...1640,
            sg: 305...310, birefringence: 180...180),
        .init(
            "synthetic-quartz-hydrothermal", Names("Hydrothermal Quartz", "مصنوعی کوارٹز (ہائیڈرو تھرمل)"),
            .laboratoryGrown, of: "quartz", ri: 1544...1553,
            sg: 265...265, birefringence: 90...90),
        .init(
            "synthetic-ruby-flux", Names("Flux-Grown Ruby", "مصنوعی یاقوت (فلکس)"), .laboratoryGrown, of: "ruby",
            ri: 1762...1770,
            sg: 399...401, birefringence: 80...80),
        .init(
            "synthetic-ruby-hydrothermal", Names("Hydrothermal Ruby", "مصنوعی یاقوت (ہائیڈرو تھرمل)"), .laboratoryGrown,
            of: "ruby", ri: 1762...1770,
            sg: 399...401, birefringence: 80...80),
        .init(
            "synthetic-ruby-kashan-flux", Names("Kashan Flux Ruby", "کاشان مصنوعی یاقوت"), .laboratoryGrown, of: "ruby",
            ri: 1762...1770,
            sg: 399...401, birefringence: 80...80),
        .init(
            "synthetic-ruby-verneuil", Names("Synthetic Ruby (Verneuil)", "مصنوعی یاقوت (ورنوئی)"), .laboratoryGrown,
            of: "ruby", ri: 1762...1770,
            sg: 399...401, birefringence: 80...80),
        .init(
            "synthetic-sapphire-czochralski", Names("Czochralski Sapphire", "مصنوعی نیلم (چوکرالسکی)"),
            .laboratoryGrown, of: "sapphire", ri: 1762...1770,
            sg: 399...401, birefringence: 80...80),
        .init(
            "synthetic-sapphire-flux", Names("Flux-Grown Sapphire", "مصنوعی نیلم (فلکس)"), .laboratoryGrown,
            of: "sapphire", ri: 1762...1770,
            sg: 399...401, birefringence: 80...80),
        .init(
            "synthetic-sapphire-verneuil", Names("Synthetic Sapphire (Verneuil)", "مصنوعی نیلم (ورنوئی)"),
            .laboratoryGrown, of: "sapphire", ri: 1762...1770,
            sg: 399...401, birefringence: 80...80),
        .init(
            "synthetic-spinel-verneuil", Names("Synthetic Spinel (Verneuil)", "مصنوعی سپائنل (ورنوئی)"),
            .laboratoryGrown, of: "spinel", ri: 1727...1727,
            sg: 364...364, birefringence: 0...0),
    ]
}
