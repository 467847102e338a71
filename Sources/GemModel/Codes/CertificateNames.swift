extension StatusReason {
    public static let list = "statusReasons"

    public var names: Names {
        switch self {
        case .administrativeError: Names("administrative error", "انتظامی غلطی")
        case .identityChanged: Names("the stone is not what was stated", "نگ وہ نہیں جو لکھا گیا تھا")
        case .treatmentFound: Names("a treatment was found", "ٹریٹمنٹ ملی")
        case .recutRepolished: Names("recut or repolished", "دوبارہ تراشا یا پالش کیا گیا")
        case .reExamined: Names("examined again", "دوبارہ جانچ ہوئی")
        case .lostDocument: Names("the paper was lost", "کاغذ گم ہو گیا")
        case .fraudSuspected: Names("fraud is suspected", "دھوکے کا شبہ")
        case .fraudConfirmed: Names("fraud was confirmed", "دھوکہ ثابت ہوا")
        case .keyCompromise: Names("a signing key was compromised", "دستخط کی کلید غیر محفوظ ہوئی")
        case .ownerRequest: Names("at the owner's request", "مالک کی درخواست پر")
        case .measuresChanged: Names("weight or measurements changed", "وزن یا پیمائش بدل گئی")
        case .divided: Names("divided or put into another piece", "تقسیم ہوا یا دوسرے نگ میں گیا")
        case .reportedLost: Names("reported lost", "گمشدگی کی اطلاع")
        case .reportedStolen: Names("reported stolen", "چوری کی اطلاع")
        case .reportedDestroyed: Names("reported destroyed", "تلف ہونے کی اطلاع")
        case .foundAgain: Names("found again", "دوبارہ مل گیا")
        case .checkMismatch: Names("a check did not match", "موازنہ میں فرق نکلا")
        case .reissued: Names("issued anew", "نیا جاری ہوا")
        }
    }
}

extension DraftState {
    public static let list = "draftStates"

    public var names: Names {
        switch self {
        case .open: Names("examinations awaited", "جانچ کا انتظار")
        case .differ: Names("the examiners differ; a third is awaited", "رائے مختلف؛ تیسرے کا انتظار")
        case .undecided: Names("no two examiners agree", "کوئی دو متفق نہیں")
        case .agreed: Names("agreed; an approver is awaited", "اتفاق ہوا؛ منظوری دینے والے کا انتظار")
        case .approving: Names("being approved", "منظوری جاری")
        case .issuing: Names("being issued", "جاری ہو رہی ہے")
        case .issued: Names("issued", "جاری ہوئی")
        case .cancelled: Names("cancelled", "منسوخ")
        }
    }
}
