extension UniqueKey.Kind {
    public static let list = "uniqueKeys"

    public var names: Names {
        switch self {
        case .report: Names("report number", "رپورٹ نمبر")
        case .inscription: Names("inscription", "کندہ عبارت")
        case .tag: Names("tag", "ٹیگ")
        case .photograph: Names("photograph", "تصویر")
        }
    }
}

extension CaseState {
    public static let list = "caseStates"

    public var names: Names {
        switch self {
        case .open: Names("open", "کھلا")
        case .closed: Names("closed", "بند")
        }
    }
}

extension CaseOutcome {
    public static let list = "caseOutcomes"

    public var names: Names {
        switch self {
        case .differentPieces: Names("two different pieces", "دو الگ نگ")
        case .agreed: Names("the parties agree", "فریق متفق ہیں")
        case .mistyped: Names("entered wrongly", "غلط اندراج")
        case .recovered: Names("recovered for its owner", "مالک کو واپس مل گیا")
        case .settled: Names("settled by itself", "خود بخود ختم")
        }
    }
}

extension StoneTraits.Match {
    public static let list = "stoneMatches"

    public var names: Names {
        switch self {
        case .repeats: Names("the same in everything", "ہر بات میں ایک")
        case .close: Names("close", "قریب")
        }
    }
}
