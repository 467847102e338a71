extension Species {
    /// The trade's table (domain §4, species.json). RI × 1000, SG × 100, birefringence × 10,000, hardness × 10.
    public static let table: [Species] = [
        .init(
            "diamond", "Diamond", Names("diamond", "ہیرا"), ri: 2417...2417, within: 2415...2420,
            birefringence: 0...0, optic: "isotropic", sg: 352...352, within: 350...354,
            hardness: 100...100),
        .init(
            "corundum", "Corundum", Names("corundum", "کورنڈم (یاقوت، نیلم)"), ri: 1762...1770, within: 1757...1780,
            birefringence: 80...80, optic: "uniaxial -", sg: 399...401, within: 395...406,
            hardness: 90...90),
        .init(
            "beryl", "Beryl", Names("beryl", "بیرل (زمرد، ایکوامرین)"), ri: 1577...1583, within: 1560...1605,
            birefringence: 50...90, optic: "uniaxial -", sg: 267...278, within: 263...292,
            hardness: 75...80),
        .init(
            "chrysoberyl", "Chrysoberyl", Names("chrysoberyl", "کرائیسوبیرل"), ri: 1746...1755, within: 1740...1760,
            birefringence: 80...100, optic: "biaxial +", sg: 370...378, within: 368...380,
            hardness: 85...85),
        .init(
            "spinel", "Spinel", Names("spinel", "سپائنل (لعل)"), ri: 1712...1720, within: 1708...1740,
            birefringence: 0...0, optic: "isotropic", sg: 358...361, within: 357...375,
            hardness: 80...80),
        .init(
            "topaz", "Topaz", Names("topaz", "پکھراج"), ri: 1619...1627, within: 1606...1644,
            birefringence: 80...80, optic: "biaxial +", sg: 350...357, within: 349...360,
            hardness: 80...80),
        .init(
            "tourmaline", "Tourmaline", Names("tourmaline", "ٹورمالین"), ri: 1620...1640, within: 1603...1675,
            birefringence: 180...180, optic: "uniaxial -", sg: 301...311, within: 282...332,
            hardness: 70...75),
        .init(
            "peridot", "Olivine", Names("peridot (olivine)", "زبرجد (پیریڈاٹ)"), ri: 1654...1690, within: 1635...1705,
            birefringence: 350...380, optic: "biaxial +", sg: 327...337, within: 322...348,
            hardness: 65...65),
        .init(
            "quartz", "Quartz", Names("quartz", "کوارٹز (بلور)"), ri: 1544...1553, within: 1540...1556,
            birefringence: 90...90, optic: "uniaxial +", sg: 265...265, within: 263...268,
            hardness: 70...70),
        .init(
            "chalcedony", "Chalcedony (quartz)", Names("chalcedony", "کیلسیڈونی (عقیق)"), ri: 1530...1540,
            within: 1526...1545,
            birefringence: 40...40, optic: "aggregate", sg: 258...264, within: 255...270,
            hardness: 65...70),
        .init(
            "opal", "Opal", Names("opal", "اوپل (دودھیا پتھر)"), ri: 1370...1470, within: 1360...1530,
            birefringence: 0...0, optic: "isotropic", sg: 198...225, within: 197...250,
            hardness: 55...65),
        .init(
            "pyrope", "Garnet", Names("pyrope (garnet)", "پائروپ گارنیٹ"), ri: 1740...1760, within: 1714...1760,
            birefringence: 0...0, optic: "isotropic", sg: 351...365, within: 350...385,
            hardness: 70...75),
        .init(
            "rhodolite", "Garnet", Names("rhodolite (garnet)", "روڈولائٹ گارنیٹ"), ri: 1760...1760, within: 1745...1785,
            birefringence: 0...0, optic: "isotropic", sg: 384...384, within: 374...395,
            hardness: 70...75),
        .init(
            "almandine", "Garnet", Names("almandine (garnet)", "المنڈائن گارنیٹ"), ri: 1780...1810, within: 1760...1830,
            birefringence: 0...0, optic: "isotropic", sg: 405...430, within: 390...430,
            hardness: 70...75),
        .init(
            "spessartine", "Garnet", Names("spessartine (garnet)", "سپیسارٹین گارنیٹ"), ri: 1790...1810,
            within: 1785...1820,
            birefringence: 0...0, optic: "isotropic", sg: 412...420, within: 405...425,
            hardness: 70...75),
        .init(
            "grossular", "Garnet", Names("grossular (garnet)", "گروسولر گارنیٹ"), ri: 1730...1760, within: 1690...1762,
            birefringence: 0...0, optic: "isotropic", sg: 357...373, within: 330...375,
            hardness: 65...70),
        .init(
            "andradite", "Garnet", Names("andradite (garnet)", "اینڈراڈائٹ گارنیٹ"), ri: 1855...1895,
            within: 1855...1900,
            birefringence: 0...0, optic: "isotropic", sg: 382...390, within: 375...395,
            hardness: 65...70),
        .init(
            "zircon", "Zircon", Names("zircon", "زرقون"), ri: 1925...1984, within: 1777...1990,
            birefringence: 590...590, optic: "uniaxial +", sg: 460...470, within: 390...475,
            hardness: 75...75),
        .init(
            "tanzanite", "Zoisite", Names("tanzanite (zoisite)", "تنزانائٹ"), ri: 1691...1700, within: 1685...1707,
            birefringence: 80...130, optic: "biaxial +", sg: 310...338, within: 310...345,
            hardness: 65...65),
        .init(
            "spodumene", "Spodumene", Names("spodumene", "سپوڈومین"), ri: 1660...1676, within: 1653...1682,
            birefringence: 150...150, optic: "biaxial +", sg: 315...320, within: 310...324,
            hardness: 65...70),
        .init(
            "apatite", "Apatite", Names("apatite", "اپاٹائٹ"), ri: 1628...1649, within: 1625...1655,
            birefringence: 20...80, optic: "uniaxial -", sg: 316...322, within: 313...325,
            hardness: 50...50),
        .init(
            "orthoclase", "Feldspar (orthoclase)", Names("orthoclase feldspar", "آرتھوکلیز فیلڈسپار"), ri: 1518...1526,
            within: 1514...1530,
            birefringence: 50...80, optic: "biaxial -", sg: 255...263, within: 253...264,
            hardness: 60...65),
        .init(
            "amazonite", "Feldspar (microcline)", Names("amazonite (microcline feldspar)", "ایمیزونائٹ"),
            ri: 1522...1530, within: 1514...1532,
            birefringence: 80...80, optic: "biaxial -", sg: 256...258, within: 254...260,
            hardness: 60...65),
        .init(
            "labradorite", "Feldspar (plagioclase)", Names("labradorite (plagioclase feldspar)", "لیبراڈورائٹ"),
            ri: 1559...1568, within: 1540...1576,
            birefringence: 80...100, optic: "biaxial +", sg: 269...272, within: 262...276,
            hardness: 60...65),
        .init(
            "sunstone", "Feldspar (oligoclase)", Names("sunstone (oligoclase feldspar)", "سن سٹون (حجر الشمس)"),
            ri: 1537...1547, within: 1527...1572,
            birefringence: 70...100, optic: "biaxial +", sg: 262...267, within: 260...276,
            hardness: 60...65),
        .init(
            "jadeite", "Jadeite (fei cui)", Names("jadeite", "جیڈائٹ (یشم)"), ri: 1654...1688, within: 1645...1690,
            birefringence: 130...130, optic: "biaxial +", sg: 325...336, within: 320...350,
            hardness: 65...70),
        .init(
            "nephrite", "Nephrite (actinolite-tremolite)", Names("nephrite", "نیفرائٹ (یشم)"), ri: 1600...1627,
            within: 1596...1641,
            birefringence: 270...270, optic: "aggregate", sg: 290...310, within: 288...312,
            hardness: 60...65),
        .init(
            "turquoise", "Turquoise", Names("turquoise", "فیروزہ"), ri: 1610...1650, within: 1600...1655,
            birefringence: 400...400, optic: "biaxial +", sg: 260...285, within: 240...290,
            hardness: 50...60),
        .init(
            "lapis-lazuli", "Lapis lazuli (rock)", Names("lapis lazuli", "لاجورد"), ri: nil, within: 1490...1550,
            birefringence: nil, optic: nil, sg: nil, within: 250...300,
            hardness: 50...60, isJudgedByRI: false),
        .init(
            "malachite", "Malachite", Names("malachite", "ملاکائٹ (دہنہ فرنگ)"), ri: 1655...1909, within: 1650...1915,
            birefringence: 2450...2450, optic: "biaxial -", sg: 360...400, within: 325...410,
            hardness: 35...40),
        .init(
            "azurite", "Azurite", Names("azurite", "ازورائٹ"), ri: 1730...1838, within: 1725...1850,
            birefringence: 1080...1100, optic: "biaxial +", sg: 377...389, within: 370...390,
            hardness: 35...40),
        .init(
            "rhodochrosite", "Rhodochrosite", Names("rhodochrosite", "روڈوکروسائٹ"), ri: 1597...1817,
            within: 1578...1820,
            birefringence: 2180...2200, optic: "uniaxial -", sg: 345...370, within: 330...375,
            hardness: 35...40),
        .init(
            "rhodonite", "Rhodonite", Names("rhodonite", "روڈونائٹ"), ri: 1711...1751, within: 1711...1752,
            birefringence: 110...140, optic: "biaxial +", sg: 340...374, within: 340...376,
            hardness: 55...65),
        .init(
            "fluorite", "Fluorite", Names("fluorite", "فلورائٹ"), ri: 1434...1434, within: 1430...1440,
            birefringence: 0...0, optic: "isotropic", sg: 318...318, within: 300...325,
            hardness: 40...40),
        .init(
            "diopside", "Diopside", Names("diopside", "ڈائیوپسائڈ"), ri: 1675...1701, within: 1660...1735,
            birefringence: 240...300, optic: "biaxial +", sg: 322...338, within: 320...342,
            hardness: 55...65),
        .init(
            "enstatite", "Enstatite", Names("enstatite", "اینسٹاٹائٹ"), ri: 1656...1669, within: 1650...1685,
            birefringence: 100...100, optic: "biaxial +", sg: 320...330, within: 319...335,
            hardness: 50...60),
        .init(
            "epidote", "Epidote", Names("epidote", "ایپیڈوٹ"), ri: 1729...1768, within: 1700...1785,
            birefringence: 190...460, optic: "biaxial -", sg: 335...350, within: 325...352,
            hardness: 60...70),
        .init(
            "sphene", "Titanite (sphene)", Names("sphene (titanite)", "سفین (ٹائٹینائٹ)"), ri: 1900...2034,
            within: 1880...2060,
            birefringence: 1000...1600, optic: "biaxial +", sg: 352...354, within: 345...358,
            hardness: 50...55),
        .init(
            "andalusite", "Andalusite", Names("andalusite", "اینڈالوسائٹ"), ri: 1629...1650, within: 1627...1655,
            birefringence: 70...130, optic: "biaxial -", sg: 313...317, within: 310...322,
            hardness: 70...75),
        .init(
            "kyanite", "Kyanite", Names("kyanite", "کائنائٹ"), ri: 1716...1731, within: 1708...1736,
            birefringence: 120...170, optic: "biaxial -", sg: 353...368, within: 350...370,
            hardness: 40...40),
        .init(
            "scapolite", "Scapolite", Names("scapolite", "سکاپولائٹ"), ri: 1536...1600, within: 1530...1605,
            birefringence: 40...370, optic: "uniaxial -", sg: 250...278, within: 250...280,
            hardness: 55...60),
        .init(
            "vesuvianite", "Vesuvianite (idocrase)", Names("vesuvianite", "ویسوویانائٹ"), ri: 1700...1752,
            within: 1698...1755,
            birefringence: 10...250, optic: "uniaxial", sg: 332...342, within: 330...350,
            hardness: 65...65),
        .init(
            "kornerupine", "Kornerupine", Names("kornerupine", "کورنیروپین"), ri: 1661...1683, within: 1658...1690,
            birefringence: 100...130, optic: "biaxial -", sg: 327...345, within: 325...346,
            hardness: 65...70),
        .init(
            "sinhalite", "Sinhalite", Names("sinhalite", "سنہالائٹ"), ri: 1668...1707, within: 1665...1712,
            birefringence: 380...380, optic: "biaxial -", sg: 346...350, within: 345...352,
            hardness: 65...65),
        .init(
            "taaffeite", "Taaffeite", Names("taaffeite", "ٹافائٹ"), ri: 1717...1730, within: 1715...1738,
            birefringence: 40...90, optic: "uniaxial -", sg: 360...362, within: 358...370,
            hardness: 80...85),
        .init(
            "benitoite", "Benitoite", Names("benitoite", "بینیٹوآئٹ"), ri: 1757...1804, within: 1752...1806,
            birefringence: 470...470, optic: "uniaxial +", sg: 365...368, within: 362...370,
            hardness: 60...65),
        .init(
            "hauyne", "Hauyne", Names("hauyne", "ہاوئین"), ri: 1494...1509, within: 1490...1512,
            birefringence: 0...0, optic: "isotropic", sg: 240...250, within: 238...252,
            hardness: 55...60),
        .init(
            "sodalite", "Sodalite", Names("sodalite", "سوڈالائٹ"), ri: 1483...1487, within: 1478...1490,
            birefringence: 0...0, optic: "isotropic", sg: 227...233, within: 213...240,
            hardness: 55...60),
        .init(
            "chrysocolla", "Chrysocolla", Names("chrysocolla", "کرائیسوکولا"), ri: 1460...1570, within: 1450...1580,
            birefringence: 0...0, optic: nil, sg: 193...265, within: 190...270,
            hardness: 25...70),
        .init(
            "serpentine", "Serpentine", Names("serpentine", "سرپینٹائن (زہر مہرہ)"), ri: 1550...1570,
            within: 1540...1575,
            birefringence: nil, optic: "aggregate", sg: 244...262, within: 240...265,
            hardness: 25...50),
        .init(
            "staurolite", "Staurolite", Names("staurolite", "سٹورولائٹ"), ri: 1736...1762, within: 1730...1765,
            birefringence: 90...150, optic: "biaxial +", sg: 365...379, within: 360...383,
            hardness: 70...75),
        .init(
            "rutile", "Rutile", Names("rutile", "رٹائل"), ri: 2616...2903, within: 2600...2920,
            birefringence: 2870...2870, optic: "uniaxial +", sg: 423...426, within: 418...430,
            hardness: 60...60),
        .init(
            "cassiterite", "Cassiterite", Names("cassiterite", "کیسیٹرائٹ"), ri: 1997...2100, within: 1990...2110,
            birefringence: 960...980, optic: "uniaxial +", sg: 685...704, within: 670...715,
            hardness: 65...65),
        .init(
            "scheelite", "Scheelite", Names("scheelite", "شیلائٹ"), ri: 1918...1937, within: 1915...1940,
            birefringence: 160...170, optic: "uniaxial +", sg: 590...610, within: 580...620,
            hardness: 45...50),
        .init(
            "hematite", "Hematite", Names("hematite", "ہیماٹائٹ (حدید)"), ri: nil, within: 2800...3250,
            birefringence: nil, optic: nil, sg: 500...530, within: 490...535,
            hardness: 55...65),
        .init(
            "calcite", "Calcite", Names("calcite", "کیلسائٹ"), ri: 1486...1658, within: 1486...1690,
            birefringence: 1720...1720, optic: "uniaxial -", sg: 271...271, within: 265...295,
            hardness: 30...30),
        .init(
            "obsidian", "Obsidian (natural glass)", Names("obsidian", "آبسیڈین (آتش فشانی شیشہ)"), ri: 1480...1510,
            within: 1450...1550,
            birefringence: 0...0, optic: "isotropic", sg: 233...250, within: 230...260,
            hardness: 50...55),
        .init(
            "moldavite", "Moldavite (tektite)", Names("moldavite", "مولڈاوائٹ"), ri: 1480...1510, within: 1470...1520,
            birefringence: 0...0, optic: "isotropic", sg: 232...238, within: 230...240,
            hardness: 50...55),
        .init(
            "pearl", "Pearl (organic)", Names("pearl", "موتی"), ri: 1520...1690, within: 1500...1690,
            birefringence: nil, optic: "biaxial -", sg: 260...285, within: 255...288,
            hardness: 25...45, isJudgedByRI: false),
        .init(
            "coral", "Coral (organic)", Names("coral", "مرجان (مونگا)"), ri: 1486...1658, within: 1480...1670,
            birefringence: nil, optic: "aggregate", sg: 260...270, within: 255...275,
            hardness: 30...40, isJudgedByRI: false),
        .init(
            "amber", "Amber (organic)", Names("amber", "کہربا"), ri: nil, within: 1535...1548,
            birefringence: 0...0, optic: nil, sg: nil, within: 103...112,
            hardness: 20...25, isJudgedByRI: false),
        .init(
            "jet", "Jet (organic)", Names("jet", "سنگِ موسیٰ (جیٹ)"), ri: 1640...1680, within: 1630...1690,
            birefringence: 0...0, optic: nil, sg: 119...135, within: 119...140,
            hardness: 25...40, isJudgedByRI: false),
        .init(
            "ivory", "Ivory (organic)", Names("ivory", "ہاتھی دانت"), ri: nil, within: 1530...1570,
            birefringence: nil, optic: nil, sg: nil, within: 170...200,
            hardness: 20...30, isJudgedByRI: false),
        .init(
            "iolite", "Cordierite", Names("iolite (cordierite)", "آئیولائٹ"), ri: nil, within: 1527...1578,
            birefringence: 80...120, optic: nil, sg: nil, within: 255...270,
            hardness: 70...75),
        .init(
            "prehnite", "Prehnite", Names("prehnite", "پریہنائٹ"), ri: nil, within: 1610...1675,
            birefringence: 200...350, optic: nil, sg: nil, within: 280...300,
            hardness: 60...65),
        .init(
            "danburite", "Danburite", Names("danburite", "ڈینبورائٹ"), ri: nil, within: 1627...1640,
            birefringence: 60...80, optic: nil, sg: nil, within: 297...303,
            hardness: 70...70),
        .init(
            "phenakite", "Phenakite", Names("phenakite", "فیناکائٹ"), ri: nil, within: 1650...1674,
            birefringence: 160...160, optic: nil, sg: nil, within: 293...300,
            hardness: 75...80),
        .init(
            "euclase", "Euclase", Names("euclase", "یوکلیز"), ri: nil, within: 1650...1678,
            birefringence: 190...250, optic: nil, sg: nil, within: 305...312,
            hardness: 75...75),
        .init(
            "pargasite", "Amphibole (pargasite)", Names("pargasite (amphibole)", "پارگاسائٹ"), ri: nil,
            within: 1610...1680,
            birefringence: 150...200, optic: nil, sg: nil, within: 300...318,
            hardness: 50...60),
        .init(
            "variscite", "Variscite", Names("variscite", "ویریسائٹ"), ri: nil, within: 1550...1595,
            birefringence: 100...310, optic: nil, sg: nil, within: 240...262,
            hardness: 35...45),
    ]
}
