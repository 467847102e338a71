// What a buyer is told of each treatment, in each language: one table a question, one line a code.

extension Names {
    package subscript(language: Disclosure.Language) -> String {
        switch language {
        case .english: en
        case .urdu: ur
        }
    }
}

extension Treatment {
    /// The general words of the code, with degree, filler and the rest where the dealer or laboratory said them.
    package func sentence(
        of stone: DisclosedStone, backing: Disclosure.Backing, in language: Disclosure.Language
    ) -> String {
        if isDenied, let sought = code.sought { return backing.notFound(sought)[language] }
        let detail = detail(in: language, backing: backing)
        // Both at once: what differs between the languages then stands side by side.
        let names = Names(stone.bareName, stone.bareName(in: .urdu))
        return code.words(names, detail: Names(detail, detail), backing: backing)[language]
    }

    /// A degree of "none" says that it was looked for and not found.
    var isDenied: Bool { degree?.text.lowercased() == "none" && code.sought != nil }

    /// Nil when the treatment needs no special care.
    package func care(in language: Disclosure.Language) -> String? {
        guard !isDenied else { return nil }
        // What goes deep, or stays, is not lost by wear (treatments.json).
        if code == .DI, extent?.text.lowercased() == "deep" { return nil }
        if code == .IRR, stability?.text.lowercased() == "stable" { return nil }
        return code.care?[language]
    }

    private func detail(in language: Disclosure.Language, backing: Disclosure.Backing) -> String {
        /// A code in words; a laboratory's own words set apart. A dealer's are left out: what a buyer is told of the
        /// treatment is made from codes.
        func said(_ line: Line?) -> String? {
            guard let text = line?.text else { return nil }
            if let known = code.degrees.first(where: { $0.code.lowercased() == text.lowercased() }) {
                return known.names[language]
            }
            return backing == .dealer ? nil : language.quoting(text)
        }
        let parts: [String?] = [
            said(degree), filler.map { Names("filler: ", "بھرائی: ")[language] + language.quoting($0.text) },
            element.map { Names("element: ", "عنصر: ")[language] + language.quoting($0.text) }, said(extent),
            said(stability),
        ]
        let details = parts.compactMap { $0 }
        guard !details.isEmpty else { return "" }
        return " (" + details.joined(separator: Names("; ", "؛ ")[language]) + ")"
    }
}

extension Disclosure.Language {
    /// A person's own words within a sentence: in Urdu marked as such, for they may be of another script; in both where
    /// they hold more than words, with which they could pass for the sentence's own.
    func quoting(_ text: String) -> String {
        let isPlain =
            text.unicodeScalars.count <= 24
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || " -/%".unicodeScalars.contains($0)
            }
        let text = isPlain ? text : text.filter { !"“”«»".contains($0) }
        return switch self {
        case .english: isPlain ? text : "“\(text)”"
        case .urdu: isPlain && text.isArabicScript ? text : "«\(text)»"
        }
    }
}

extension String {
    /// Whether its letters are those of Urdu.
    var isArabicScript: Bool {
        unicodeScalars.contains { (0x0600...0x06FF).contains($0.value) }
            && !unicodeScalars.contains { $0.isASCII && $0.properties.isAlphabetic }
    }
}

extension Disclosure.Backing {
    fileprivate func notFound(_ sought: Names) -> Names {
        switch self {
        case .dealer:
            Names(
                "Not known to show \(sought.en), by the dealer's own statement; no laboratory has confirmed it.",
                "بیچنے والے کے اپنے بیان کے مطابق \(sought.ur) کا علم نہیں؛ کسی لیبارٹری نے اس کی تصدیق نہیں کی۔")
        case .externalReport:
            Names(
                "No indication of \(sought.en), according to another laboratory's report.",
                "کسی اور لیبارٹری کی رپورٹ کے مطابق \(sought.ur) کے آثار نہیں۔")
        case .laboratory:
            Names("No indication of \(sought.en) was found.", "\(sought.ur) کے کوئی آثار نہیں ملے۔")
        }
    }

    fileprivate var noTreatment: Names {
        switch self {
        case .dealer:
            Names(
                "Not known to be treated, by the dealer's own statement; no laboratory has confirmed it.",
                "بیچنے والے کے اپنے بیان کے مطابق کسی ٹریٹمنٹ کا علم نہیں؛ کسی لیبارٹری نے اس کی تصدیق نہیں کی۔")
        case .externalReport:
            Names(
                "No indications of treatment, according to another laboratory's report.",
                "کسی اور لیبارٹری کی رپورٹ کے مطابق ٹریٹمنٹ کے آثار نہیں۔")
        case .laboratory: Names("No indications of treatment were found.", "ٹریٹمنٹ کے کوئی آثار نہیں ملے۔")
        }
    }
}

extension Treatment.Kind {
    /// How CIBJO wants it told.
    package var level: Disclosure.Level {
        switch self {
        case .NONE, .NT, .UND: .none
        case .HT, .OIL, .RES, .BLE, .WAX: .general
        case .FH, .GF, .FF, .DI, .IRR, .HPHT, .LD, .COA, .DYE, .IMP, .SUG, .SMK, .FOIL: .specific
        case .ASM, .REC: .artificial
        }
    }

    /// What was looked for when the degree is "none".
    fileprivate var sought: Names? {
        switch self {
        case .HT, .FH: Names("heating", "حرارت دیے جانے")
        case .OIL: Names("oil in fissures", "درزوں میں تیل")
        case .RES: Names("resin in fissures", "درزوں میں رال")
        case .GF, .FF: Names("a filler in fissures", "درزوں میں بھرائی")
        default: nil
        }
    }

    fileprivate func words(_ name: Names, detail: Names, backing: Disclosure.Backing) -> Names {
        let (en, ur) = (detail.en, detail.ur)
        return switch self {
        case .NONE: backing.noTreatment
        case .NT:
            Names(
                "Not tested for treatment: it may have been treated.",
                "ٹریٹمنٹ کے لیے جانچا نہیں گیا: ہو سکتا ہے ٹریٹمنٹ کی گئی ہو۔")
        case .UND:
            Names("Whether it was treated could not be determined.", "یہ متعین نہیں ہو سکا کہ ٹریٹمنٹ کی گئی یا نہیں۔")
        case .HT:
            Names("Heated to change its colour or clarity\(en).", "رنگ یا صفائی بدلنے کے لیے حرارت دی گئی\(ur)۔")
        case .FH:
            Names(
                "Heated with a flux that healed fissures; residue remains in them\(en).",
                "فلکس کے ساتھ حرارت دی گئی جس سے درزیں بند ہوئیں؛ فلکس کی باقیات ان میں موجود ہیں\(ur)۔")
        case .GF:
            Names(
                "Glass-filled: fissures or cavities are filled with glass\(en). It does not have the same "
                    + "characteristics as \(name.en.withArticle) without filling, and the filling is not permanent.",
                "شیشہ بھرا گیا: درزوں یا گڑھوں میں شیشہ ہے\(ur)۔ اس کی خصوصیات بغیر بھرائی والے \(name.ur) جیسی نہیں، "
                    + "اور یہ بھرائی مستقل نہیں۔")
        case .OIL:
            Names(
                "Fissures are filled with colourless oil or wax\(en); this is not permanent.",
                "درزوں میں بے رنگ تیل یا موم بھرا ہے\(ur)؛ یہ مستقل نہیں۔")
        case .RES:
            Names(
                "Fissures are filled with artificial resin\(en); this may not be permanent.",
                "درزوں میں مصنوعی رال بھری ہے\(ur)؛ ہو سکتا ہے یہ مستقل نہ ہو۔")
        case .FF:
            Names(
                "Fractures are filled\(en); the filling is not permanent.",
                "درزیں بھری گئی ہیں\(ur)؛ یہ بھرائی مستقل نہیں۔")
        case .DI:
            Names(
                "Coloured by diffusion of a foreign element\(en); the colour may not go through the whole stone.",
                "کسی بیرونی عنصر کے نفوذ (ڈفیوژن) سے رنگ دیا گیا\(ur)؛ ہو سکتا ہے رنگ پورے پتھر میں نہ ہو۔")
        case .IRR:
            Names("Irradiated to change its colour\(en).", "رنگ بدلنے کے لیے تابکاری سے گزارا گیا\(ur)۔")
        case .HPHT:
            Names(
                "Treated at high pressure and high temperature to change its colour\(en).",
                "رنگ بدلنے کے لیے زیادہ دباؤ اور زیادہ حرارت سے گزارا گیا\(ur)۔")
        case .LD:
            Names(
                "Laser-drilled to reach inclusions\(en).", "اندر کے داغوں تک پہنچنے کے لیے لیزر سے سوراخ کیا گیا\(ur)۔")
        case .COA: Names("Coated\(en); the coating is not permanent.", "تہہ چڑھائی گئی\(ur)؛ یہ تہہ مستقل نہیں۔")
        case .DYE: Names("Dyed\(en); the colour may not be permanent.", "رنگا گیا\(ur)؛ ہو سکتا ہے رنگ مستقل نہ ہو۔")
        case .BLE: Names("Bleached\(en).", "بلیچ کیا گیا\(ur)۔")
        case .IMP:
            Names(
                "Impregnated with a polymer to make it more stable\(en).",
                "مضبوطی کے لیے پولیمر جذب کرایا گیا\(ur)۔")
        case .WAX:
            Names("Waxed on its surface\(en); this is not permanent.", "سطح پر موم لگایا گیا\(ur)؛ یہ مستقل نہیں۔")
        case .SUG: Names("Darkened with sugar and acid\(en).", "شکر اور تیزاب سے گہرا کیا گیا\(ur)۔")
        case .SMK: Names("Darkened with smoke\(en).", "دھوئیں سے گہرا کیا گیا\(ur)۔")
        case .ASM: Names("Assembled from two or more parts\(en).", "دو یا زیادہ حصے جوڑ کر بنایا گیا\(ur)۔")
        case .REC: Names("Reconstituted from pieces or powder\(en).", "ٹکڑوں یا سفوف سے دوبارہ بنایا گیا\(ur)۔")
        case .FOIL: Names("Backed with foil\(en).", "پیچھے پنی لگائی گئی\(ur)۔")
        }
    }

    /// What ruins the treatment (treatments.json, special_care).
    fileprivate var care: Names? {
        switch self {
        case .NONE, .NT, .UND, .HT, .FH, .HPHT, .LD: nil
        case .OIL, .RES, .FF:
            Names(
                "no ultrasonic or steam cleaning, no heat and no solvents, which take out the filling.",
                "الٹراسونک یا بھاپ سے صفائی، گرمی اور محلول (سالوینٹ) سے بچائیں، ورنہ بھرائی نکل جائے گی۔")
        case .GF:
            Names(
                "no heat, no acid, no ultrasonic or steam cleaning; also a jeweller's torch or pickle ruins the glass.",
                "گرمی، تیزاب اور الٹراسونک یا بھاپ سے صفائی سے بچائیں؛ سنار کی مشعل اور تیزاب بھی شیشے کو خراب کرتے ہیں۔"
            )
        case .DI:
            Names(
                "do not recut or repolish: a shallow colour may be lost.",
                "دوبارہ نہ تراشیں اور نہ پالش کریں: سطحی رنگ اتر سکتا ہے۔")
        case .IRR:
            Names(
                "keep away from strong heat and long sunlight, which may fade the colour.",
                "تیز گرمی اور دیر تک دھوپ سے بچائیں، رنگ پھیکا پڑ سکتا ہے۔")
        case .COA, .FOIL:
            Names(
                "no rubbing, no ultrasonic or steam cleaning and no chemicals, which damage the layer.",
                "رگڑ، الٹراسونک یا بھاپ سے صفائی اور کیمیکل سے بچائیں، ورنہ تہہ خراب ہو جائے گی۔")
        case .DYE, .SUG, .SMK, .BLE:
            Names(
                "no solvents, no ultrasonic or steam cleaning and no long sunlight, which may change the colour.",
                "محلول (سالوینٹ)، الٹراسونک یا بھاپ سے صفائی اور دیر تک دھوپ سے بچائیں، رنگ بدل سکتا ہے۔")
        case .IMP, .WAX:
            Names(
                "no heat, no solvents and no ultrasonic or steam cleaning, which take out polymer or wax.",
                "گرمی، محلول (سالوینٹ) اور الٹراسونک یا بھاپ سے صفائی سے بچائیں، ورنہ پولیمر یا موم نکل جائے گا۔")
        case .ASM, .REC:
            Names(
                "no soaking, no heat and no ultrasonic or steam cleaning, which open the joins.",
                "پانی میں نہ بھگوئیں، گرمی اور الٹراسونک یا بھاپ سے صفائی سے بچائیں، ورنہ جوڑ کھل جائیں گے۔")
        }
    }
}

extension String {
    fileprivate var withArticle: String {
        (first.map { "aeiouAEIOU".contains($0) } == true ? "an " : "a ") + self
    }
}
