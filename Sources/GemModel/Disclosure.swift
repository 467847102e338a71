/// What a buyer must be told of the stones of a piece before the sale: nature, growth, treatments, care.
///
/// Generated from the coded facts, never typed, so that a page, a paper and a feed say the
/// same (CIBJO Gemstone Book; 16 CFR 23.12–23.13, 23.24–23.25).
package struct Disclosure: Hashable, Sendable {
    /// A new case makes the compiler name every table below that lacks its words.
    package enum Language: Hashable, Sendable {
        case english
    }

    /// Who stands behind the facts. A dealer's "none" is "not known to be treated"; only a laboratory finds nothing.
    package enum Backing: Hashable, Sendable {
        case dealer
        /// Another laboratory's report, of which gemd holds a copy it does not vouch for.
        case externalReport
        case laboratory
    }

    /// How CIBJO wants a treatment told.
    package enum Level: Hashable, Sendable {
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
            let treatments = stone.treatments ?? []
            return Statement(
                stone: stone,
                sentences: [Self.identity(stone, alone: stones.count == 1 && stone.role == nil, in: language)]
                    + treatments.map { $0.sentence(of: stone, backing: backing, in: language) },
                isComplete: stone.nature != nil && !treatments.isEmpty && stone.unresolvedPiece == nil)
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
        let heading =
            switch language {
            case .english: "Disclosure: "
            }
        return heading + (statements.map(\.text) + (care.isEmpty ? [] : [careText])).joined(separator: " ")
    }

    package var careText: String {
        guard !care.isEmpty else { return "" }
        return switch language {
        case .english: "Special care: " + care.joined(separator: " ")
        }
    }

    private static func identity(_ stone: DisclosedStone, alone: Bool, in language: Language) -> String {
        switch language {
        case .english:
            let lead =
                alone
                ? "" : "\(stone.role?.names.en ?? "stone")\(stone.count.map { $0 > 1 ? "s (\($0))" : "" } ?? ""): "
            let name = stone.name
            let what =
                switch stone.effectiveNature {
                case .natural: name
                case .laboratoryGrown:
                    "\(name)\(stone.growthMethod.map { ", \($0.names.en)" } ?? ""), made in a laboratory, not mined"
                case .reconstructed: "\(name), made by joining or pressing pieces together, not a single natural stone"
                case .assembled: "\(name), made of two or more parts joined together, not a single natural stone"
                case .imitation: "\(name), which only looks like the stone it imitates"
                case .unknown: "\(name), not known to be natural or laboratory-grown"
                case nil: name
                }
            return (lead + what).capitalisedFirst + "."
        }
    }
}

extension Treatment {
    /// The general words of the code, with degree and filler where the dealer or laboratory said them.
    package func sentence(
        of stone: DisclosedStone, backing: Disclosure.Backing, in language: Disclosure.Language
    ) -> String {
        switch language {
        case .english:
            if degree?.text.lowercased() == "none", let sought = code.sought {
                return switch backing {
                case .dealer:
                    "Not known to show \(sought), by the dealer's own statement; no laboratory has confirmed it."
                case .externalReport: "No indication of \(sought), according to another laboratory's report."
                case .laboratory: "No indication of \(sought) was found."
                }
            }
            let details = [degree?.text, filler.map { "filler: \($0.text)" }].compactMap { $0 }
            let detail = details.isEmpty ? "" : " (\(details.joined(separator: "; ")))"
            return code.words(stone.bareName, detail: detail, backing: backing)
        }
    }

    /// Nil when the treatment needs no special care.
    package func care(in language: Disclosure.Language) -> String? {
        if degree?.text.lowercased() == "none", code.sought != nil { return nil }
        switch language {
        case .english: return code.care
        }
    }
}

extension Treatment.Kind {
    package var level: Disclosure.Level {
        switch self {
        case .NONE, .NT, .UND: .none
        case .HT, .OIL, .RES, .BLE, .WAX: .general
        case .FH, .GF, .FF, .DI, .IRR, .HPHT, .LD, .COA, .DYE, .IMP, .SUG, .SMK, .FOIL: .specific
        case .ASM, .REC: .artificial
        }
    }

    /// What was looked for when the degree is "none".
    fileprivate var sought: String? {
        switch self {
        case .HT, .FH: "heating"
        case .OIL: "oil in fissures"
        case .RES: "resin in fissures"
        case .GF, .FF: "a filler in fissures"
        default: nil
        }
    }

    fileprivate func words(_ name: String, detail: String, backing: Disclosure.Backing) -> String {
        switch self {
        case .NONE:
            switch backing {
            case .dealer: "Not known to be treated, by the dealer's own statement; no laboratory has confirmed it."
            case .externalReport: "No indications of treatment, according to another laboratory's report."
            case .laboratory: "No indications of treatment were found."
            }
        case .NT: "Not tested for treatment: it may have been treated."
        case .UND: "Whether it was treated could not be determined."
        case .HT: "Heated to change its colour or clarity\(detail)."
        case .FH: "Heated with a flux that healed fissures; residue remains in them\(detail)."
        case .GF:
            "Glass-filled: fissures or cavities are filled with glass\(detail). It does not have the same characteristics as "
                + "\(name.withArticle) without filling, and the filling is not permanent."
        case .OIL: "Fissures are filled with colourless oil or wax\(detail); this is not permanent."
        case .RES: "Fissures are filled with artificial resin\(detail); this may not be permanent."
        case .FF: "Fractures are filled\(detail); the filling is not permanent."
        case .DI: "Coloured by diffusion of a foreign element\(detail); the colour may not go through the whole stone."
        case .IRR: "Irradiated to change its colour\(detail)."
        case .HPHT: "Treated at high pressure and high temperature to change its colour\(detail)."
        case .LD: "Laser-drilled to reach inclusions\(detail)."
        case .COA: "Coated\(detail); the coating is not permanent."
        case .DYE: "Dyed\(detail); the colour may not be permanent."
        case .BLE: "Bleached\(detail)."
        case .IMP: "Impregnated with a polymer to make it more stable\(detail)."
        case .WAX: "Waxed on its surface\(detail); this is not permanent."
        case .SUG: "Darkened with sugar and acid\(detail)."
        case .SMK: "Darkened with smoke\(detail)."
        case .ASM: "Assembled from two or more parts\(detail)."
        case .REC: "Reconstituted from pieces or powder\(detail)."
        case .FOIL: "Backed with foil\(detail)."
        }
    }

    /// What ruins the treatment (treatments.json, special_care).
    fileprivate var care: String? {
        switch self {
        case .NONE, .NT, .UND, .HT, .FH, .HPHT, .LD: nil
        case .OIL, .RES, .FF: "no ultrasonic or steam cleaning, no heat and no solvents, which take out the filling."
        case .GF:
            "no heat, no acid, no ultrasonic or steam cleaning; also a jeweller's torch or pickle ruins the glass."
        case .DI: "do not recut or repolish: a shallow colour may be lost."
        case .IRR: "keep away from strong heat and long sunlight, which may fade the colour."
        case .COA, .FOIL: "no rubbing, no ultrasonic or steam cleaning and no chemicals, which damage the layer."
        case .DYE, .SUG, .SMK, .BLE:
            "no solvents, no ultrasonic or steam cleaning and no long sunlight, which may change the colour."
        case .IMP, .WAX: "no heat, no solvents and no ultrasonic or steam cleaning, which take out polymer or wax."
        case .ASM, .REC: "no soaking, no heat and no ultrasonic or steam cleaning, which open the joins."
        }
    }
}

extension String {
    package var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }

    fileprivate var withArticle: String {
        (first.map { "aeiouAEIOU".contains($0) } == true ? "an " : "a ") + self
    }
}
