/// What a buyer must be told of the stones of a piece before the sale: nature, growth, treatments, care.
///
/// Generated from the coded facts, never typed, so that a page, a paper and a feed say the
/// same (CIBJO Gemstone and Pearl Books; 16 CFR 23.12–23.13, 23.19–23.25).
package struct Disclosure: Hashable, Sendable {
    /// A new case makes the compiler name every table below that lacks its words.
    package enum Language: Hashable, Sendable {
        case english, urdu

        /// Of a language tag such as `ur-PK`; English for all that has no words here.
        package init(tag: String) {
            self = tag.lowercased().prefix { $0 != "-" && $0 != "_" } == "ur" ? .urdu : .english
        }

        /// ISO 639-1.
        package var tag: String {
            switch self {
            case .english: "en"
            case .urdu: "ur"
            }
        }
    }

    /// Who stands behind the facts. A dealer's "none" is "not known to be treated"; only a laboratory finds nothing.
    package enum Backing: Hashable, Sendable {
        case dealer
        /// Another laboratory's report, of which gemd holds a copy it does not vouch for.
        case externalReport
        case laboratory

        /// The best of the living reports; a declaration and a check back nothing.
        package init(livingReports: [CertificateClass]) {
            self =
                livingReports.contains(.examination)
                ? .laboratory : livingReports.contains(.external) ? .externalReport : .dealer
        }
    }

    /// How CIBJO wants a treatment told.
    package enum Level: String, Hashable, Sendable {
        case none
        /// May be told in general terms: heating, colourless oil, wax, bleaching.
        case general
        /// In plain words for this very stone, in writing.
        case specific
        /// The product is no natural stone any more.
        case artificial
    }

    /// What is said of one entry of stones.
    package struct Statement: Hashable, Sendable {
        package var stone: DisclosedStone
        /// Whole sentences: what it is, then one for each treatment.
        package var sentences: [String]
        /// Nature or treatments were not said: this must not go to a buyer.
        package var isComplete: Bool

        package var text: String { sentences.joined(separator: " ") }
        /// The treatments alone.
        package var treatmentText: String { sentences.dropFirst().joined(separator: " ") }
    }

    package var statements: [Statement]
    /// How to wear and clean the piece; empty when nothing special is known.
    package var care: [String]
    package var language: Language

    package init(of stones: [DisclosedStone], backing: Backing, language: Language = .english) {
        self.language = language
        statements = stones.map { stone in
            var sentences = [Self.identity(stone, alone: stones.count == 1, backing: backing)[language]]
            sentences += (stone.treatments ?? []).map { $0.sentence(of: stone, backing: backing, in: language) }
            // Silence would read as "untreated".
            if stone.treatments == nil, stone.unresolvedPiece == nil { sentences.append(Self.untold[language]) }
            return Statement(
                stone: stone, sentences: sentences,
                isComplete: stone.standing != nil && stone.treatments?.isEmpty == false
                    && stone.unresolvedPiece == nil)
        }
        var care: [String] = []
        for treatment in stones.flatMap({ $0.treatments ?? [] }) {
            guard let advice = treatment.care(in: language), !care.contains(advice) else { continue }
            care.append(advice)
        }
        self.care = care
    }

    package var isComplete: Bool { statements.allSatisfy(\.isComplete) }

    /// One paragraph; empty for a piece without stones.
    package var text: String {
        guard !statements.isEmpty else { return "" }
        return Names("Disclosure: ", "اظہارِ حقیقت: ")[language]
            + (statements.map(\.text) + (care.isEmpty ? [] : [careText])).joined(separator: " ")
    }

    package var careText: String {
        guard !care.isEmpty else { return "" }
        return Names("Special care: ", "خاص احتیاط: ")[language] + care.joined(separator: " ")
    }
}

// MARK: - What it is

extension Disclosure {
    private static let untold = Names(
        "Whether it was treated was not said: it may have been treated.",
        "ٹریٹمنٹ کے بارے میں کچھ نہیں بتایا گیا: ہو سکتا ہے ٹریٹمنٹ کی گئی ہو۔")

    /// The first sentence; its name carries the words of the law.
    private static func identity(_ stone: DisclosedStone, alone: Bool, backing: Backing) -> Names {
        let lead = alone && stone.role == nil ? Names("", "") : lead(of: stone)
        let what = stone.isPearl ? pearl(stone, backing: backing) : gem(stone)
        return Names((lead.en + what.en).capitalisedFirst + ".", lead.ur + what.ur + "۔")
    }

    /// "Side stones (12): ".
    private static func lead(of stone: DisclosedStone) -> Names {
        let noun = stone.role?.names ?? (stone.isPearl ? Names("pearl", "موتی") : Names("stone", "نگ"))
        guard let count = stone.count, count > 1 else { return Names(noun.en + ": ", noun.ur + ": ") }
        return Names("\(noun.en)s (\(count)): ", "\(noun.ur) (\(count) عدد): ")
    }

    private static func gem(_ stone: DisclosedStone) -> Names {
        let (en, ur) = (stone.name, stone.name(in: .urdu))
        if let reference = stone.unresolvedPiece {
            return Names(
                "the stone \(reference), whose facts are not here", "نگ «\(reference)»، جس کی تفصیل یہاں موجود نہیں")
        }
        switch stone.standing {
        case .natural, .cultured: return Names(en, ur)
        case .laboratoryGrown:
            return Names(
                "\(en)\(stone.growthMethod.map { ", \($0.names.en)" } ?? ""), made in a laboratory, not mined",
                "\(ur)\(stone.growthMethod.map { " (طریقہ: \($0.names.ur))" } ?? "")، کان سے نہیں نکلا")
        case .reconstructed:
            return Names(
                "\(en), made by joining or pressing pieces together, not a single natural stone",
                "\(ur)، جو ٹکڑوں کو جوڑ کر یا دبا کر بنایا گیا، ایک سالم قدرتی پتھر نہیں")
        case .assembled:
            return Names(
                "\(en), made of two or more parts joined together, not a single natural stone",
                "\(ur)، جو دو یا زیادہ حصوں سے جڑا ہے، ایک سالم قدرتی پتھر نہیں")
        case .imitation:
            return Names("\(en), which only looks like the stone it imitates", "\(ur)، جو صرف دیکھنے میں اصل جیسا ہے")
        case .unknown:
            return Names(
                "\(en), not known to be natural or laboratory-grown",
                "\(ur)، جس کا قدرتی ہونا یا لیبارٹری میں بننا معلوم نہیں")
        case nil:
            return Names(
                "\(en), of which it was not said whether it is natural",
                "\(ur)، جس کے بارے میں نہیں بتایا گیا کہ قدرتی ہے یا نہیں")
        }
    }

    private static func pearl(_ stone: DisclosedStone, backing: Backing) -> Names {
        let (en, ur) = (stone.name, stone.name(in: .urdu))
        let mollusc =
            switch stone.environment {
            case .saltwater: Names("a saltwater mollusc", "کھارے پانی کی سیپی")
            case .freshwater: Names("a freshwater mollusc", "میٹھے پانی کی سیپی")
            case nil: Names("a mollusc", "سیپی")
            }
        switch stone.standing {
        case .natural:
            let proof =
                switch backing {
                case .laboratory: Names("", "")
                case .externalReport:
                    Names(", according to another laboratory's report", "، کسی اور لیبارٹری کی رپورٹ کے مطابق")
                case .dealer where stone.isAttested:
                    Names(
                        ", which the dealer states from a laboratory's report",
                        "، جو بیچنے والے نے لیبارٹری کی رپورٹ سے بتایا")
                case .dealer:
                    Names(
                        ", by the dealer's own statement; only a laboratory's X-ray can show it",
                        "، بیچنے والے کے اپنے بیان کے مطابق؛ صرف لیبارٹری کا ایکس رے یہ ثابت کر سکتا ہے")
                }
            return Names(
                "\(en), grown in \(mollusc.en) without human help\(proof.en)",
                "\(ur)، جو انسانی مدد کے بغیر \(mollusc.ur) میں بنا\(proof.ur)")
        case .cultured:
            switch stone.identification {
            case .beadCultured:
                return Names(
                    "\(en), grown in \(mollusc.en) around a bead that people put in",
                    "\(ur)، جو انسان کے رکھے ہوئے منکے پر \(mollusc.ur) میں بنا")
            case .nonBeadCultured:
                return Names(
                    "\(en), grown in \(mollusc.en) with human help, without a bead",
                    "\(ur)، جو انسانی مدد سے مگر بغیر منکے \(mollusc.ur) میں بنا")
            case .natural, .imitation, .undetermined, nil:
                return Names(
                    "\(en), grown in \(mollusc.en) with human help", "\(ur)، جو انسانی مدد سے \(mollusc.ur) میں بنا")
            }
        case .unknown:
            return Names(
                "\(en), not known to be natural or cultured", "\(ur)، جس کا قدرتی یا پرورش کردہ ہونا معلوم نہیں")
        case nil:
            return Names(
                "\(en), of which it was not said whether it is natural or cultured",
                "\(ur)، جس کے بارے میں نہیں بتایا گیا کہ قدرتی ہے یا پرورش کردہ")
        case .imitation:
            return Names("\(en), which only looks like a pearl", "\(ur)، جو صرف دیکھنے میں موتی جیسا ہے")
        case .laboratoryGrown, .reconstructed, .assembled: return gem(stone)
        }
    }
}

extension String {
    package var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
