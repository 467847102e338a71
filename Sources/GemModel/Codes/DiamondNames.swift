// What the codes of diamonds are called. The compiler asks for the words of a new case.

extension Diamond.ColourGrade {
    public static let list = "diamondColours"

    public var names: Names {
        switch self {
        case .D: Names("D", "رنگ D")
        case .E: Names("E", "رنگ E")
        case .F: Names("F", "رنگ F")
        case .G: Names("G", "رنگ G")
        case .H: Names("H", "رنگ H")
        case .I: Names("I", "رنگ I")
        case .J: Names("J", "رنگ J")
        case .K: Names("K", "رنگ K")
        case .L: Names("L", "رنگ L")
        case .M: Names("M", "رنگ M")
        case .N: Names("N", "رنگ N")
        case .OP: Names("O to P", "رنگ O تا P")
        case .QR: Names("Q to R", "رنگ Q تا R")
        case .ST: Names("S to T", "رنگ S تا T")
        case .UV: Names("U to V", "رنگ U تا V")
        case .WX: Names("W to X", "رنگ W تا X")
        case .YZ: Names("Y to Z", "رنگ Y تا Z")
        }
    }
}

extension Diamond.ClarityGrade {
    public static let list = "diamondClarities"

    public var names: Names {
        switch self {
        case .FL: Names("flawless", "بے عیب")
        case .IF: Names("internally flawless", "اندر سے بے عیب")
        case .VVS1: Names("very very slightly included 1", "نہایت معمولی رگیں 1")
        case .VVS2: Names("very very slightly included 2", "نہایت معمولی رگیں 2")
        case .VS1: Names("very slightly included 1", "بہت معمولی رگیں 1")
        case .VS2: Names("very slightly included 2", "بہت معمولی رگیں 2")
        case .SI1: Names("slightly included 1", "معمولی رگیں 1")
        case .SI2: Names("slightly included 2", "معمولی رگیں 2")
        case .SI3: Names("slightly included 3", "معمولی رگیں 3")
        case .I1: Names("included 1", "رگ دار 1")
        case .I2: Names("included 2", "رگ دار 2")
        case .I3: Names("included 3", "رگ دار 3")
        }
    }
}

extension Diamond.Grade {
    public static let list = "diamondGrades"

    public var names: Names {
        switch self {
        case .excellent: Names("excellent", "بہترین")
        case .excellentVeryGood: Names("very good to excellent", "بہت اچھا تا بہترین")
        case .veryGood: Names("very good", "بہت اچھا")
        case .goodVeryGood: Names("good to very good", "اچھا تا بہت اچھا")
        case .good: Names("good", "اچھا")
        case .fairGood: Names("fair to good", "مناسب تا اچھا")
        case .fair: Names("fair", "مناسب")
        case .poor: Names("poor", "کمزور")
        case .ideal: Names("ideal", "مثالی")
        case .premium: Names("premium", "پریمیم")
        }
    }
}

extension Diamond.Fluorescence {
    public static let list = "fluorescences"

    public var names: Names {
        switch self {
        case .none: Names("none", "نہیں")
        case .faint: Names("faint", "ہلکی")
        case .medium: Names("medium", "درمیانی")
        case .strong: Names("strong", "تیز")
        case .veryStrong: Names("very strong", "بہت تیز")
        }
    }
}

extension Diamond.FluorescenceColour {
    public static let list = "fluorescenceColours"

    public var names: Names {
        switch self {
        case .blue: Names("blue", "نیلا")
        case .green: Names("green", "سبز")
        case .orange: Names("orange", "نارنجی")
        case .red: Names("red", "سرخ")
        case .white: Names("white", "سفید")
        case .yellow: Names("yellow", "پیلا")
        }
    }
}

extension Diamond.Culet {
    public static let list = "culets"

    public var names: Names {
        switch self {
        case .none: Names("none", "نہیں")
        case .verySmall: Names("very small", "بہت چھوٹا")
        case .small: Names("small", "چھوٹا")
        case .medium: Names("medium", "درمیانہ")
        case .slightlyLarge: Names("slightly large", "قدرے بڑا")
        case .large: Names("large", "بڑا")
        case .veryLarge: Names("very large", "بہت بڑا")
        case .extremelyLarge: Names("extremely large", "نہایت بڑا")
        }
    }
}

extension Diamond.TypeClass {
    public static let list = "diamondTypes"

    public var names: Names {
        switch self {
        case .Ia: Names("type Ia", "قسم Ia")
        case .Ib: Names("type Ib", "قسم Ib")
        case .IIa: Names("type IIa", "قسم IIa")
        case .IIb: Names("type IIb", "قسم IIb")
        }
    }
}

extension Diamond.Intensity {
    public static let list = "fancyIntensities"

    public var names: Names {
        switch self {
        case .faint: Names("faint", "مدھم")
        case .veryLight: Names("very light", "بہت ہلکا")
        case .light: Names("light", "ہلکا")
        case .fancyLight: Names("fancy light", "فینسی ہلکا")
        case .fancy: Names("fancy", "فینسی")
        case .fancyIntense: Names("fancy intense", "فینسی گہرا")
        case .fancyVivid: Names("fancy vivid", "فینسی شوخ")
        case .fancyDark: Names("fancy dark", "فینسی تاریک")
        case .fancyDeep: Names("fancy deep", "فینسی بہت گہرا")
        }
    }
}

extension Diamond.Distribution {
    public static let list = "colourDistributions"

    public var names: Names {
        switch self {
        case .even: Names("even", "یکساں")
        case .uneven: Names("uneven", "غیر یکساں")
        case .notApplicable: Names("not applicable", "لاگو نہیں")
        }
    }
}

extension Diamond.ColourOrigin {
    public static let list = "colourOrigins"

    public var names: Names {
        switch self {
        case .natural: Names("natural", "قدرتی")
        case .treated: Names("treated", "ٹریٹمنٹ سے")
        case .undetermined: Names("undetermined", "غیر متعین")
        }
    }
}

extension Diamond.GirdleCondition {
    public static let list = "girdleConditions"

    public var names: Names {
        switch self {
        case .faceted: Names("faceted", "پہلو دار")
        case .polished: Names("polished", "پالش شدہ")
        case .bruted: Names("bruted", "کھردرا")
        case .lasered: Names("lasered", "لیزر شدہ")
        }
    }
}

extension Diamond.BlackInclusion {
    public static let list = "blackInclusions"

    public var names: Names {
        switch self {
        case .BT0: Names("black inclusions under the table: none", "ٹیبل کے نیچے سیاہ داغ: نہیں")
        case .BT1: Names("black inclusions under the table: few", "ٹیبل کے نیچے سیاہ داغ: کم")
        case .BT2: Names("black inclusions under the table: some", "ٹیبل کے نیچے سیاہ داغ: کچھ")
        case .BT3: Names("black inclusions under the table: many", "ٹیبل کے نیچے سیاہ داغ: زیادہ")
        case .BC0: Names("black inclusions in the crown: none", "کراؤن میں سیاہ داغ: نہیں")
        case .BC1: Names("black inclusions in the crown: few", "کراؤن میں سیاہ داغ: کم")
        case .BC2: Names("black inclusions in the crown: some", "کراؤن میں سیاہ داغ: کچھ")
        case .BC3: Names("black inclusions in the crown: many", "کراؤن میں سیاہ داغ: زیادہ")
        }
    }
}

extension Diamond.ReportType {
    public static let list = "diamondReportTypes"

    public var names: Names {
        switch self {
        case .grading: Names("diamond grading report", "ہیرے کی درجہ بندی رپورٹ")
        case .dossier: Names("diamond dossier", "ہیرے کی مختصر رپورٹ")
        case .eReport: Names("electronic report", "برقی رپورٹ")
        case .colouredGrading: Names("coloured diamond grading report", "رنگین ہیرے کی درجہ بندی رپورٹ")
        case .colourIdentification:
            Names(
                "coloured diamond identification and origin of colour report",
                "رنگین ہیرے کی شناخت اور رنگ کے ماخذ کی رپورٹ")
        case .originReport: Names("diamond origin report", "ہیرے کے ماخذ کی رپورٹ")
        case .laboratoryGrown: Names("laboratory-grown diamond report", "لیبارٹری کے ہیرے کی رپورٹ")
        case .laboratoryGrownQuality:
            Names("laboratory-grown diamond quality assessment", "لیبارٹری کے ہیرے کے معیار کی جانچ")
        case .identification: Names("identification report", "شناختی رپورٹ")
        case .melee: Names("melee report", "چھوٹے ہیروں کی رپورٹ")
        case .verification: Names("verification", "تصدیق")
        case .other: Names("another report", "کوئی اور رپورٹ")
        }
    }
}

extension Girdle.Size {
    public static let list = "girdleSizes"

    public var names: Names {
        switch self {
        case .extremelyThin: Names("extremely thin", "انتہائی پتلی")
        case .veryThin: Names("very thin", "بہت پتلی")
        case .thin: Names("thin", "پتلی")
        case .slightlyThin: Names("slightly thin", "قدرے پتلی")
        case .medium: Names("medium", "درمیانی")
        case .slightlyThick: Names("slightly thick", "قدرے موٹی")
        case .thick: Names("thick", "موٹی")
        case .veryThick: Names("very thick", "بہت موٹی")
        case .extremelyThick: Names("extremely thick", "انتہائی موٹی")
        }
    }
}
