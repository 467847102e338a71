import GemModel

/// What a paper says besides the facts, by class and language.
struct PaperWords {
    let language: Disclosure.Language
    let certificateClass: CertificateClass
    /// Of a check: what it found.
    var isMismatch = false

    subscript(_ en: String, _ ur: String) -> String { Names(en, ur)[language] }

    /// In the coloured band: one look tells a dealer's word from a laboratory's.
    var band: String {
        switch certificateClass {
        case .declaration: self["DEALER’S DECLARATION", "بیچنے والے کا بیان"]
        case .examination: self["LABORATORY REPORT", "لیبارٹری رپورٹ"]
        case .check: self["COUNCIL’S CHECK", "کونسل کا ملان"]
        case .external: self["COPY OF ANOTHER REPORT", "دوسری رپورٹ کی نقل"]
        }
    }

    var bandNote: String {
        switch certificateClass {
        case .declaration: self["Not examined by a laboratory", "کسی لیبارٹری نے جانچا نہیں"]
        case .examination: self["Two examiners, one approver", "دو جانچنے والے، ایک منظور کرنے والا"]
        case .check:
            isMismatch
                ? self["It does not match the record", "ریکارڈ سے نہیں ملتا"]
                : self["It matches the record", "ریکارڈ سے ملتا ہے"]
        case .external: self["Not vouched for by the issuer", "جاری کرنے والا ذمہ دار نہیں"]
        }
    }

    var headline: String {
        switch certificateClass {
        case .declaration: self["Declaration by the dealer", "بیچنے والے کا اپنا بیان"]
        case .examination: self["Gemmological report", "جواہر کی جانچ کی رپورٹ"]
        case .check:
            isMismatch
                ? self["It does not match the earlier record", "یہ پہلے ریکارڈ سے نہیں ملتا"]
                : self["It matches the earlier record", "یہ پہلے ریکارڈ سے ملتا ہے"]
        case .external:
            self["Copy of a report by another laboratory", "کسی اور لیبارٹری کی رپورٹ کی نقل"]
        }
    }

    var subline: String {
        switch certificateClass {
        case .declaration:
            self[
                "No laboratory examined this piece. The facts below are what the dealer says of it.",
                "اس نگ کو کسی لیبارٹری نے نہیں جانچا۔ نیچے لکھی باتیں بیچنے والے کا اپنا بیان ہیں۔"]
        case .examination:
            self[
                "Examined independently by the people named below, none of them of the owner’s party.",
                "نیچے درج افراد نے الگ الگ جانچا؛ ان میں سے کوئی مالک کا آدمی نہیں۔"]
        case .check:
            self[
                "The piece was compared with the record named below on the day named below.",
                "نگ کو نیچے درج ریکارڈ سے نیچے درج تاریخ کو ملایا گیا۔"]
        case .external:
            self[
                "Fields of another laboratory’s report, copied. Ask that laboratory whether it is genuine.",
                "دوسری لیبارٹری کی رپورٹ سے نقل کی گئی معلومات۔ اصلیت اُسی لیبارٹری سے پوچھیں۔"]
        }
    }

    /// Burnt ochre, deep green, blue, grey: never two alike; red where the piece is another one.
    var colour: Ink {
        switch certificateClass {
        case .check where isMismatch: Ink(0x8E1B1B)
        case .declaration: Ink(0x8A5A1C)
        case .examination: Ink(0x14532D)
        case .check: Ink(0x1E3A6E)
        case .external: Ink(0x4A4F57)
        }
    }

    /// The limits in Urdu; the signed words stand beneath.
    var urduLimits: String {
        switch certificateClass {
        case .declaration:
            "یہ اُس تاریخ کا بیچنے والے کا اپنا بیان ہے۔ کسی لیبارٹری نے نگ نہیں جانچا اور جاری کرنے والا اس کی باتوں کا ذمہ دار نہیں؛ وہ صرف یہ بتاتا ہے کہ کس نے کب بیان دیا اور تب سے ایک حرف نہیں بدلا۔ نگ پر بعد میں بھی ٹریٹمنٹ ہو سکتی ہے۔ وزن، پیمائش اور تصویر ہاتھ کے نگ سے ملائیں۔"
        case .examination:
            "نتائج صرف اسی نگ کے ہیں جو جانچا گیا، اُس تاریخ کو۔ نگ پر بعد میں ٹریٹمنٹ ہو سکتی ہے یا اسے دوبارہ تراشا جا سکتا ہے۔ وزن، پیمائش اور تصویر ہاتھ کے نگ سے ملائیں۔"
        case .check: "یہ صرف اُس دن کا موازنہ ہے؛ نگ کو نئے سرے سے درجہ نہیں دیا گیا۔"
        case .external: "جاری کرنے والے نے یہ باتیں صرف نقل کی ہیں اور ان کی ذمہ داری نہیں لیتا۔"
        }
    }
}
