// What the codes of stones are called. The compiler asks for the words of a new case.

extension Nature {
    public static let list = "natures"

    public var names: Names {
        switch self {
        case .natural: Names("natural", "قدرتی")
        case .laboratoryGrown: Names("laboratory-grown", "لیبارٹری میں بنایا ہوا")
        case .reconstructed: Names("reconstructed", "دوبارہ جوڑا ہوا")
        case .assembled: Names("assembled", "جوڑ کر بنایا ہوا")
        case .imitation: Names("imitation", "نقلی")
        case .unknown: Names("unknown", "نامعلوم")
        }
    }
}

extension GrowthMethod {
    public static let list = "growthMethods"

    public var names: Names {
        switch self {
        case .flameFusion: Names("flame fusion", "شعلے سے پگھلا کر")
        case .flux: Names("flux growth", "فلکس سے")
        case .hydrothermal: Names("hydrothermal growth", "ہائیڈرو تھرمل طریقے سے")
        case .czochralski: Names("Czochralski growth", "چوکرالسکی طریقے سے")
        case .skullMelting: Names("skull melting", "سکل میلٹنگ")
        case .hpht: Names("HPHT growth", "زیادہ دباؤ اور حرارت (ایچ پی ایچ ٹی)")
        case .cvd: Names("CVD growth", "سی وی ڈی")
        case .gilson: Names("Gilson process", "گلسن طریقہ")
        case .other: Names("another growth method", "کوئی اور طریقہ")
        }
    }
}

extension Shape {
    public static let list = "shapes"

    public var names: Names {
        switch self {
        case .round: Names("round", "گول")
        case .oval: Names("oval", "بیضوی")
        case .cushion: Names("cushion", "کشن")
        case .pear: Names("pear", "ناشپاتی")
        case .emerald: Names("emerald cut", "ایمرلڈ کٹ")
        case .squareEmerald: Names("square emerald cut", "چوکور ایمرلڈ کٹ")
        case .marquise: Names("marquise", "مارکیز (بادامی)")
        case .heart: Names("heart", "دل")
        case .triangle: Names("triangle", "تکون")
        case .trapezoid: Names("trapezoid", "ذوزنقہ")
        case .briolette: Names("briolette", "بریولیٹ")
        case .cutCorneredRectangle: Names("cut-cornered rectangle", "کٹے کونوں والا مستطیل")
        case .cutCorneredSquare: Names("cut-cornered square", "کٹے کونوں والا چوکور")
        case .kite: Names("kite", "پتنگ")
        case .lozenge: Names("lozenge", "لوزینہ (معین)")
        case .shield: Names("shield", "ڈھال")
        case .hexagon: Names("hexagon", "مسدس")
        case .octagon: Names("octagon", "مثمن")
        case .square: Names("square", "چوکور")
        case .rectangle: Names("rectangle", "مستطیل")
        case .baguette: Names("baguette", "بیگیٹ")
        case .bead: Names("bead", "منکا")
        case .rough: Names("rough", "خام")
        case .other: Names("other shape", "کوئی اور شکل")
        }
    }
}

extension Cut {
    public static let list = "cuts"

    public var names: Names {
        switch self {
        case .brilliant: Names("brilliant", "بریلینٹ")
        case .modifiedBrilliant: Names("modified brilliant", "تبدیل شدہ بریلینٹ")
        case .step: Names("step cut", "سٹیپ کٹ")
        case .mixed: Names("mixed cut", "ملا جلا کٹ")
        case .cabochon: Names("cabochon", "کیبوشن (گنبد نما)")
        case .sugarloaf: Names("sugarloaf", "شوگر لوف")
        case .doubleCabochon: Names("double cabochon", "دہرا کیبوشن")
        case .buffTop: Names("buff top", "بف ٹاپ")
        case .rose: Names("rose cut", "روز کٹ")
        case .portrait: Names("portrait cut", "پورٹریٹ کٹ")
        case .bead: Names("bead", "منکا")
        case .carved: Names("carved", "تراشیدہ نقش")
        case .tumbled: Names("tumbled", "رگڑ کر ہموار")
        case .fantasy: Names("fantasy cut", "فینٹسی کٹ")
        case .other: Names("another cut", "کوئی اور کٹ")
        }
    }
}

extension Transparency {
    public static let list = "transparencies"

    public var names: Names {
        switch self {
        case .transparent: Names("transparent", "شفاف")
        case .semiTransparent: Names("semi-transparent", "نیم شفاف")
        case .translucent: Names("translucent", "نیم روشن")
        case .semiTranslucent: Names("semi-translucent", "کم روشن")
        case .opaque: Names("opaque", "غیر شفاف")
        }
    }
}

extension ClarityType {
    public static let list = "clarityTypes"

    public var names: Names {
        switch self {
        case .I: Names("type I: usually clean", "قسم اول: عموماً صاف")
        case .II: Names("type II: usually included", "قسم دوم: عموماً رگ دار")
        case .III: Names("type III: nearly always included", "قسم سوم: تقریباً ہمیشہ رگ دار")
        }
    }
}

extension StoneClarity {
    public static let list = "clarities"

    public var names: Names {
        switch self {
        case .loupeClean: Names("loupe clean", "عدسے سے صاف")
        case .eyeClean: Names("eye clean", "آنکھ سے صاف")
        case .slightlyIncluded: Names("slightly included", "معمولی رگیں")
        case .moderatelyIncluded: Names("moderately included", "درمیانی رگیں")
        case .heavilyIncluded: Names("heavily included", "بہت رگیں")
        case .VVS: Names("very very slightly included (VVS)", "نہایت معمولی رگیں (VVS)")
        case .VS: Names("very slightly included (VS)", "بہت معمولی رگیں (VS)")
        case .SI1: Names("slightly included 1 (SI1)", "معمولی رگیں 1 (SI1)")
        case .SI2: Names("slightly included 2 (SI2)", "معمولی رگیں 2 (SI2)")
        case .I1: Names("included 1 (I1)", "رگ دار 1 (I1)")
        case .I2: Names("included 2 (I2)", "رگ دار 2 (I2)")
        case .I3: Names("included 3 (I3)", "رگ دار 3 (I3)")
        }
    }
}

extension Phenomenon {
    public static let list = "phenomena"

    public var names: Names {
        switch self {
        case .colourChange: Names("colour change", "رنگ بدلنا")
        case .asterism: Names("asterism (star)", "ستارہ")
        case .chatoyancy: Names("chatoyancy (cat's eye)", "بلی کی آنکھ")
        case .adularescence: Names("adularescence", "چاندنی جیسی چمک")
        case .labradorescence: Names("labradorescence", "لیبراڈور چمک")
        case .playOfColour: Names("play of colour", "رنگوں کا کھیل")
        case .aventurescence: Names("aventurescence", "ریزوں کی چمک")
        case .iridescence: Names("iridescence", "قوسِ قزح جیسے رنگ")
        case .tenebrescence: Names("tenebrescence", "روشنی سے رنگ بدلنا")
        }
    }
}

extension GemTests.ColourStability {
    public static let list = "colourStabilities"

    public var names: Names {
        switch self {
        case .stable: Names("stable", "پائیدار")
        case .unstable: Names("unstable", "ناپائیدار")
        case .notTested: Names("not tested", "جانچا نہیں گیا")
        }
    }
}

extension GeographicOrigin.Confidence {
    public static let list = "originConfidences"

    public var names: Names {
        switch self {
        case .determined: Names("determined", "متعین")
        case .consistentWith: Names("consistent with", "کے مطابق")
        case .undeterminable: Names("cannot be determined", "متعین نہیں ہو سکتا")
        case .notRequested: Names("not requested", "پوچھا نہیں گیا")
        }
    }
}

extension Basis {
    public static let list = "bases"

    public var names: Names {
        switch self {
        case .measured: Names("measured", "ناپا گیا")
        case .graded: Names("graded", "درجہ بندی کی گئی")
        case .estimated: Names("estimated", "اندازہ")
        case .declared: Names("declared by the dealer", "بیچنے والے کا بیان")
        case .external: Names("from another report", "کسی اور رپورٹ سے")
        case .undeterminable: Names("cannot be determined", "متعین نہیں ہو سکتا")
        case .notTested: Names("not tested", "جانچا نہیں گیا")
        }
    }
}

extension Matching {
    public static let list = "matchings"

    public var names: Names {
        switch self {
        case .excellent: Names("excellent", "بہترین")
        case .veryGood: Names("very good", "بہت اچھا")
        case .good: Names("good", "اچھا")
        case .fair: Names("fair", "مناسب")
        case .poor: Names("poor", "کمزور")
        }
    }
}

extension Treatment.Kind {
    public static let list = "treatments"

    public var names: Names {
        switch self {
        case .NONE: Names("no indications of treatment", "ٹریٹمنٹ کے آثار نہیں")
        case .HT: Names("heated", "حرارت دی گئی")
        case .FH: Names("heated with flux, residue in fissures", "فلکس کے ساتھ حرارت، درزوں میں باقیات")
        case .GF: Names("fissures or cavities filled with glass", "درزوں میں شیشہ بھرا گیا")
        case .OIL: Names("fissures filled with colourless oil or wax", "درزوں میں بے رنگ تیل یا موم")
        case .RES: Names("fissures filled with artificial resin", "درزوں میں مصنوعی رال")
        case .FF: Names("fractures filled (other filler)", "درزیں بھری گئیں (کوئی اور مادہ)")
        case .DI: Names("lattice or surface diffusion", "ڈفیوژن سے رنگ")
        case .IRR: Names("irradiated", "تابکاری سے گزارا گیا")
        case .HPHT: Names("high pressure, high temperature", "زیادہ دباؤ اور حرارت")
        case .LD: Names("laser drilled", "لیزر سے سوراخ")
        case .COA: Names("coated", "تہہ چڑھائی گئی")
        case .DYE: Names("dyed", "رنگا گیا")
        case .BLE: Names("bleached", "بلیچ کیا گیا")
        case .IMP: Names("impregnated or stabilised with polymer", "پولیمر سے مضبوط کیا گیا")
        case .WAX: Names("surface waxed", "سطح پر موم")
        case .SUG: Names("sugar or acid treated", "شکر یا تیزاب سے گزارا گیا")
        case .SMK: Names("smoke treated", "دھوئیں سے گزارا گیا")
        case .ASM: Names("assembled (doublet, triplet)", "جوڑ کر بنایا گیا (ڈبلٹ، ٹرپلٹ)")
        case .REC: Names("reconstituted or pressed", "دوبارہ جوڑا یا دبایا گیا")
        case .FOIL: Names("foiled or backed", "پیچھے پنی لگائی گئی")
        case .UND: Names("treatment cannot be determined", "ٹریٹمنٹ متعین نہیں ہو سکتی")
        case .NT: Names("not tested for treatment", "ٹریٹمنٹ کے لیے جانچا نہیں گیا")
        }
    }
}

extension GemTests.Analysis.Method {
    public static let list = "analysisMethods"

    public var names: Names {
        switch self {
        case .FTIR: Names("infrared spectroscopy (FTIR)", "انفرا ریڈ طیف بینی (FTIR)")
        case .Raman: Names("Raman spectroscopy", "رامن طیف بینی")
        case .XRF: Names("X-ray fluorescence (XRF)", "ایکس رے فلوریسنس (XRF)")
        case .LIBS: Names("laser-induced breakdown spectroscopy (LIBS)", "لیزر طیف بینی (LIBS)")
        case .uvVis: Names("UV-visible spectroscopy", "بالا بنفشی و مرئی طیف بینی")
        case .photoluminescence: Names("photoluminescence", "ضیائی چمک")
        case .other: Names("another method", "کوئی اور طریقہ")
        }
    }
}
