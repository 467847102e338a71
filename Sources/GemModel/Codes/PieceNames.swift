// What the codes of the other kinds and of the trade are called. The compiler asks for the words of a new case.

extension Piece.Kind {
    public static let list = "kinds"

    public var names: Names {
        switch self {
        case .stone: Names("loose stone", "کھلا پتھر")
        case .rough: Names("rough", "خام پتھر")
        case .pearl: Names("pearl", "موتی")
        case .pair: Names("matched pair", "جوڑا")
        case .set: Names("set of stones", "پتھروں کا سیٹ")
        case .strand: Names("strand", "لڑی")
        case .parcel: Names("parcel", "پارسل")
        case .jewellery: Names("jewellery", "زیور")
        case .specimen: Names("mineral specimen", "معدنی نمونہ")
        }
    }
}

extension PieceStatus {
    public static let list = "statuses"

    public var names: Names {
        switch self {
        case .draft: Names("draft", "مسودہ")
        case .inStock: Names("in stock", "اسٹاک میں")
        case .onHold: Names("on hold", "روکا ہوا")
        case .onMemoOut: Names("out on memo", "میمو پر باہر")
        case .memoIn: Names("in on memo", "میمو پر آیا ہوا")
        case .atLab: Names("at a laboratory", "لیبارٹری میں")
        case .inWork: Names("being cut or set", "کام میں")
        case .inLot: Names("in a lot", "لاٹ میں")
        case .inTransit: Names("in transit", "راستے میں")
        case .transferred: Names("given to another party", "دوسرے فریق کو منتقل")
        case .sold: Names("sold", "فروخت شدہ")
        case .returned: Names("returned", "واپس")
        case .lost: Names("lost", "گمشدہ")
        case .stolen: Names("stolen", "چوری شدہ")
        case .destroyed: Names("destroyed", "تلف شدہ")
        case .merged: Names("merged", "ملایا گیا")
        case .split: Names("split", "تقسیم شدہ")
        }
    }
}

extension Finding.Severity {
    public static let list = "severities"

    public var names: Names {
        switch self {
        case .note: Names("note", "توجہ")
        case .unusual: Names("unusual", "غیر معمولی")
        case .implausible: Names("implausible", "ناقابلِ یقین")
        }
    }
}

extension Pearl.Identification {
    public static let list = "pearlIdentifications"

    public var names: Names {
        switch self {
        case .natural: Names("natural", "قدرتی")
        case .beadCultured: Names("bead-cultured", "منکے کے ساتھ پرورش کردہ")
        case .nonBeadCultured: Names("non-bead-cultured", "بغیر منکے پرورش کردہ")
        case .imitation: Names("imitation", "نقلی")
        case .undetermined: Names("undetermined", "غیر متعین")
        }
    }
}

extension Pearl.Environment {
    public static let list = "pearlEnvironments"

    public var names: Names {
        switch self {
        case .saltwater: Names("saltwater", "کھارا پانی")
        case .freshwater: Names("freshwater", "میٹھا پانی")
        }
    }
}

extension Pearl.Shape {
    public static let list = "pearlShapes"

    public var names: Names {
        switch self {
        case .round: Names("round", "گول")
        case .nearRound: Names("near round", "تقریباً گول")
        case .oval: Names("oval", "بیضوی")
        case .button: Names("button", "بٹن")
        case .drop: Names("drop", "قطرہ")
        case .semiBaroque: Names("semi-baroque", "نیم بے قاعدہ")
        case .baroque: Names("baroque", "بے قاعدہ")
        case .circle: Names("circled", "حلقہ دار")
        }
    }
}

extension Pearl.Surface {
    public static let list = "pearlSurfaces"

    public var names: Names {
        switch self {
        case .clean: Names("clean", "صاف")
        case .lightlySpotted: Names("lightly spotted", "ہلکے داغ")
        case .moderatelySpotted: Names("moderately spotted", "درمیانے داغ")
        case .heavilySpotted: Names("heavily spotted", "زیادہ داغ")
        }
    }
}

extension Pearl.Lustre {
    public static let list = "pearlLustres"

    public var names: Names {
        switch self {
        case .excellent: Names("excellent", "بہترین")
        case .veryGood: Names("very good", "بہت اچھی")
        case .good: Names("good", "اچھی")
        case .fair: Names("fair", "مناسب")
        case .poor: Names("poor", "کمزور")
        }
    }
}

extension Pearl.Drilling {
    public static let list = "pearlDrillings"

    public var names: Names {
        switch self {
        case .undrilled: Names("undrilled", "بغیر سوراخ")
        case .partially: Names("partially drilled", "ادھورا سوراخ")
        case .drilled: Names("drilled", "سوراخ شدہ")
        }
    }
}

extension Strand.Graduation {
    public static let list = "graduations"

    public var names: Names {
        switch self {
        case .uniform: Names("uniform", "یکساں")
        case .graduated: Names("graduated", "بتدریج")
        case .mixed: Names("mixed", "ملا جلا")
        }
    }
}

extension Parcel.PriceBasis {
    public static let list = "priceBases"

    public var names: Names {
        switch self {
        case .perCarat: Names("per carat for the whole lot", "پوری لاٹ کا فی قیراط")
        case .perPiece: Names("per piece", "فی نگ")
        case .pick: Names("per carat for picked stones", "چنے ہوئے نگوں کا فی قیراط")
        }
    }
}

extension StoneEntry.Role {
    public static let list = "stoneRoles"

    public var names: Names {
        switch self {
        case .centre: Names("centre stone", "مرکزی نگ")
        case .side: Names("side stone", "بغلی نگ")
        case .accent: Names("accent stone", "چھوٹا نگ")
        }
    }
}

extension StoneEntry.Setting {
    public static let list = "settings"

    public var names: Names {
        switch self {
        case .prong: Names("prong", "پنجہ")
        case .bezel: Names("bezel", "بند جڑائی")
        case .pave: Names("pavé", "پاوے")
        case .channel: Names("channel", "نالی")
        case .kundan: Names("kundan", "کندن")
        case .tension: Names("tension", "تناؤ")
        case .other: Names("another setting", "کوئی اور جڑائی")
        }
    }
}

extension Jewellery.Kind {
    public static let list = "jewelleryTypes"

    public var names: Names {
        switch self {
        case .ring: Names("ring", "انگوٹھی")
        case .earrings: Names("earrings", "بالیاں")
        case .pendant: Names("pendant", "لاکٹ")
        case .necklace: Names("necklace", "ہار")
        case .bracelet: Names("bracelet", "بریسلٹ")
        case .bangle: Names("bangle", "چوڑی")
        case .brooch: Names("brooch", "بروچ")
        case .anklet: Names("anklet", "پازیب")
        case .cufflink: Names("cufflinks", "کف لنکس")
        case .nosePin: Names("nose pin", "نتھلی")
        case .tikka: Names("tikka", "ٹیکا")
        case .jhumar: Names("jhumar", "جھومر")
        case .set: Names("set", "سیٹ")
        case .watch: Names("watch", "گھڑی")
        case .other: Names("other jewellery", "دیگر زیور")
        }
    }
}

extension Jewellery.Size.System {
    public static let list = "sizeSystems"

    public var names: Names {
        switch self {
        case .US: Names("United States", "امریکی")
        case .UK: Names("United Kingdom", "برطانوی")
        case .EU: Names("European", "یورپی")
        case .PK: Names("Pakistani", "پاکستانی")
        }
    }
}

extension Jewellery.Plating {
    public static let list = "platings"

    public var names: Names {
        switch self {
        case .vermeil: Names("vermeil", "ورمیل (چاندی پر سونا)")
        case .goldFilled: Names("gold-filled", "گولڈ فلڈ")
        case .goldPlated: Names("gold-plated", "سونے کا پانی")
        case .rhodium: Names("rhodium-plated", "روڈیم کا پانی")
        case .none: Names("none", "نہیں")
        case .other: Names("another plating", "کوئی اور تہہ")
        }
    }
}

extension Jewellery.Hallmark.Kind {
    public static let list = "hallmarkTypes"

    public var names: Names {
        switch self {
        case .CCM: Names("common control mark", "مشترکہ کنٹرول مہر")
        case .responsibility: Names("responsibility (maker's) mark", "بنانے والے کی مہر")
        case .fineness: Names("fineness mark", "خالص پن کی مہر")
        case .assayOffice: Names("assay office mark", "پرکھ دفتر کی مہر")
        case .date: Names("date mark", "تاریخ کی مہر")
        case .duty: Names("duty mark", "محصول کی مہر")
        case .importation: Names("import mark", "درآمد کی مہر")
        case .other: Names("another mark", "کوئی اور مہر")
        }
    }
}

extension Metal.Kind {
    public static let list = "metals"

    public var names: Names {
        switch self {
        case .gold: Names("gold", "سونا")
        case .silver: Names("silver", "چاندی")
        case .platinum: Names("platinum", "پلاٹینم")
        case .palladium: Names("palladium", "پیلاڈیم")
        case .rhodiumPlate: Names("rhodium plate", "روڈیم کا پانی")
        case .base: Names("base metal", "عام دھات")
        }
    }
}

extension MetalMeasure {
    public static let list = "metalMeasures"

    public var names: Names {
        switch self {
        case .gram: Names("gram", "گرام")
        case .tola: Names("tola of 11.664 g", "تولہ 11.664 گرام")
        case .tenGramTola: Names("tola of 10 g", "تولہ 10 گرام")
        case .troyOunce: Names("troy ounce, 31.103 g", "ٹرائے اونس، 31.103 گرام")
        }
    }
}

extension Metal.Test {
    public static let list = "metalTests"

    public var names: Names {
        switch self {
        case .declared: Names("declared", "بیان کیا گیا")
        case .XRF: Names("X-ray fluorescence", "ایکس رے")
        case .fireAssay: Names("fire assay", "آگ کی پرکھ")
        case .touchstone: Names("touchstone", "کسوٹی")
        }
    }
}

extension PhotographRole {
    public static let list = "imageRoles"

    public var names: Names {
        switch self {
        case .faceUp: Names("face up", "سامنے سے")
        case .side: Names("from the side", "پہلو سے")
        case .table: Names("table", "اوپری سطح")
        case .pavilion: Names("pavilion", "نچلا حصہ")
        case .inscription: Names("inscription", "کندہ عبارت")
        case .plot: Names("plot of inclusions", "اندرونی نشانوں کا نقشہ")
        case .proportions: Names("proportions", "تناسب")
        case .certificate: Names("certificate", "سند")
        case .video: Names("still of a video", "ویڈیو کی تصویر")
        case .turning: Names("turning view (360°)", "گھومتا منظر (360°)")
        case .rough: Names("rough before cutting", "تراش سے پہلے خام")
        case .hallmark: Names("hallmark", "ہال مارک")
        case .weighing: Names("weighing", "تول")
        case .packaging: Names("packaging", "پیکنگ")
        }
    }
}
