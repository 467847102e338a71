import GemModel

/// What the public pages say besides the facts, in the language that was asked for.
///
/// Signed words stay as they were signed; a page in Urdu shows them apart, marked as English.
struct PageWords: Sendable {
    let language: Disclosure.Language

    init(_ language: Disclosure.Language) { self.language = language }

    /// The Urdu of an English word of a page, or the word itself.
    func callAsFunction(_ english: String) -> String {
        language == .english ? english : Self.urdu[english] ?? english
    }

    /// A code of a list of ``CodeList`` in words; in English the pages show the codes themselves.
    func code(_ text: String, of list: String?) -> String {
        guard language == .urdu, let list else { return text }
        let code = list == "varieties" ? Variety.named(text)?.code ?? text : text
        return CodeList.named(list)?.names(of: code)?.ur ?? text
    }

    /// For every template: its language, the direction of its text, and its headings.
    var values: [String: Any] {
        var values: [String: Any] = ["lang": language.tag, "dir": language == .urdu ? "rtl" : "ltr"]
        for (name, english) in Self.headings { values[name] = self(english) }
        return values
    }

    private static let headings = [
        ("whatWasChecked", "What was checked"), ("disclosureHeading", "Disclosure"), ("limitsHeading", "Limits"),
        ("signedHeading", "As it was signed"), ("checkYourself", "Check it yourself"),
        ("photographOf", "Photograph of the certified piece"),
        ("compare", "Compare it with the piece in your hand."), ("certificateWord", "Certificate"),
    ]

    private static let urdu = [
        "What was checked": "کیا جانچا گیا", "Disclosure": "خریدار کے لیے", "Limits": "حدود",
        "As it was signed": "دستخط شدہ متن (انگریزی)", "Check it yourself": "خود جانچیں",
        "Photograph of the certified piece": "سند یافتہ نگ کی تصویر",
        "Compare it with the piece in your hand.": "اسے اپنے ہاتھ میں موجود نگ سے ملا کر دیکھیں۔",
        "Certificate": "سند", "holds": "درست", "not checked": "جانچا نہیں گیا", "What": "کیا ہے",
        "Declared by": "بیان کرنے والا", "Issued": "جاری ہوئی", "Species": "قسم", "Variety": "ذیلی قسم",
        "Nature": "نوعیت", "Pearl": "موتی", "Water": "پانی", "Weight": "وزن", "Measurements": "پیمائش", "Shape": "شکل",
        "Colour": "رنگ", "Clarity": "صفائی", "Type": "زیور کی قسم", "Gross weight": "کل وزن", "Metal": "دھات",
        "Stock number": "اسٹاک نمبر",
    ]
}

extension Metal {
    /// "22 قیراط سونا".
    var urduLabel: String {
        if let karat { return "\(karat) قیراط \(metal.names.ur)" }
        if let finenessPermille { return "\(finenessPermille) ‰ \(metal.names.ur)" }
        return metal.names.ur
    }
}
