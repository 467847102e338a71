/// Words in a title or description that say more than the facts, or other than them.
///
/// English only: a gem's name in Urdu is not judged here.
package struct Claims: Sendable {
    package struct Fault: Hashable, Sendable {
        package enum Code: String, Hashable, Sendable {
            case bareName = "bare-gem-name"
            case natureNotInTitle = "nature-not-in-title"
            case claimsNatural = "claims-natural"
            case fillingNotInTitle = "glass-filling-not-in-title"
            case claimContradicted = "claim-contradicted"
            case claimUnproven = "claim-unproven"
            case certifiedWithoutReport = "certified-without-report"
            case goldWithoutKarat = "gold-without-karat"
            case goldNotInMetals = "gold-not-in-metals"
        }

        package var code: Code
        /// False when it only deserves a second look.
        package var isGrave: Bool
        package var message: String
        package var hint: String
        /// The clause it offends.
        package var clause: String
    }

    package var stones: [DisclosedStone]
    package var jewellery: Jewellery?
    package var backing: Disclosure.Backing

    package init(stones: [DisclosedStone], jewellery: Jewellery?, backing: Disclosure.Backing) {
        self.stones = stones
        self.jewellery = jewellery
        self.backing = backing
    }

    /// Everything wrong with a title.
    package func faults(inTitle title: String) -> [Fault] {
        let words = Words(title)
        var faults = natureFaults(words, inTitle: true)
        if let fault = fillingFault(words) { faults.append(fault) }
        faults += wordingFaults(words)
        if let fault = goldFault(words) { faults.append(fault) }
        return faults
    }

    /// What is wrong with running text. Nature is told beside it in the disclosure, so a word out of place is less grave.
    package func faults(inDescription description: String) -> [Fault] {
        let words = Words(description)
        return natureFaults(words, inTitle: false).map { fault in
            var milder = fault
            if [.bareName, .claimsNatural].contains(fault.code) { milder.isGrave = false }
            return milder
        } + wordingFaults(words)
    }
}

// MARK: - Nature (16 CFR 23.12(c), 23.20–23.21, 23.24, 23.25)

extension Claims {
    private func natureFaults(_ words: Words, inTitle: Bool) -> [Fault] {
        let artificial = stones.filter { $0.standing?.mustBeNamed ?? false }
        guard let first = artificial.first else { return [] }
        let natures = Set(artificial.compactMap(\.standing))
        let natural = Set(stones.filter { !($0.standing?.mustBeNamed ?? false) }.flatMap { GemNames.of($0.species) })
        let isAlone = artificial.count == stones.count
        // "Cubic zirconia" says by itself that no mined stone is meant.
        let materials = NameSet(artificial.map { Words($0.bareName) }.filter { GemNames.artificial.holds($0) })
        let isSaid = words.list.indices.contains { index in
            natures.contains { $0.begins(words, at: index) } || materials.match(words, at: index) != nil
        }
        // Names of the natural stones beside it may stand bare; alone, no gem's name may. "Three-stone ring" is
        // clear once the nature was said, and hides it before.
        // Of pearls the one word counts: "cultured" stands immediately before "pearl", whatever comes before both.
        let own: [Words] = artificial.flatMap { stone -> [Words] in
            stone.isPearl ? ["pearl"] : GemNames.of(stone.species) + [Words(stone.bareName)]
        }
        let ownSet = NameSet(own.filter { !(isAlone ? [] : natural).contains($0) && !GemNames.artificial.holds($0) })
        let isOfPearls = artificial.allSatisfy(\.isPearl)
        let judged =
            isAlone && !isOfPearls ? [ownSet, GemNames.all] + (isSaid ? [] : [GemNames.generalSet]) : [ownSet]

        var faults: [Fault] = []
        var index = 0
        while index < words.list.count {
            let matches = judged.compactMap { $0.match(words, at: index) }
            guard let (name, count) = matches.max(by: { $0.count < $1.count }) else {
                index += 1
                continue
            }
            let found = words.list[index..<(index + count)].joined(separator: " ")
            if !isShapeName(words, at: index, count: count), !words.ends(with: "mother of", before: index),
                !natures.contains(where: { $0.qualifies(words, from: index, to: index + count) }),
                !faults.contains(where: { $0.message.contains("\"\(found)\"") })
            {
                let stone = artificial.first { GemNames.of($0.species).contains(name) } ?? first
                let clause =
                    name == "diamond" ? "16 CFR 23.12(c)" : name == "pearl" ? "16 CFR 23.20" : "16 CFR 23.25(b)"
                faults.append(
                    Fault(
                        code: .bareName, isGrave: true,
                        message: "the \(inTitle ? "title" : "description") says \"\(found)\", but the stone is "
                            + "\(stone.standing?.words ?? "not natural")",
                        hint:
                            "write \"\(stone.standing?.qualifier.en ?? "") \(found)\", the words of its nature immediately "
                            + "before the name",
                        clause: clause))
            }
            index += count
        }
        for word in ["natural", "genuine", "real", "precious"] {
            guard let at = words.list.firstIndex(of: word), isAlone, jewellery == nil || speaksOfStone(words, after: at)
            else { continue }
            faults.append(
                Fault(
                    code: .claimsNatural, isGrave: true,
                    message:
                        "the \(inTitle ? "title" : "description") says \"\(word)\" of \(first.name.withIndefinite)",
                    hint: "take \"\(word)\" out", clause: isOfPearls ? "16 CFR 23.21" : "16 CFR 23.26"))
        }
        if inTitle, !isSaid, faults.isEmpty {
            faults.append(
                Fault(
                    code: .natureNotInTitle, isGrave: jewellery == nil || NameSet(own).isIn(words),
                    message:
                        "the title does not say that \(jewellery == nil ? "the stone is" : "it holds") \(first.name)",
                    hint: "write \"\(first.name)\" in the title",
                    clause: first.isPearl ? "16 CFR 23.20" : "16 CFR 23.25(b)"))
        }
        return faults
    }

    /// "emerald cut" and "diamond-cut" name a shape or a finish, not a stone.
    private func isShapeName(_ words: Words, at index: Int, count: Int) -> Bool {
        guard count == 1, ["emerald", "diamond"].contains(words.list[index]), index + 1 < words.list.count else {
            return false
        }
        return ["cut", "shape", "shaped"].contains(words.list[index + 1])
    }

    private func speaksOfStone(_ words: Words, after index: Int) -> Bool {
        words.list.indices.dropFirst(index + 1).prefix(2).contains { at in
            GemNames.all.match(words, at: at) != nil || GemNames.generalSet.match(words, at: at) != nil
        }
    }

    private func fillingFault(_ words: Words) -> Fault? {
        let filled = stones.filter { $0.has(.GF) }
        let named = filled.first { stone in GemNames.of(stone.species).contains { words.contains($0) } }
        guard let named, !Phrases.filled.contains(where: { words.contains($0) }) else {
            return nil
        }
        return Fault(
            code: .fillingNotInTitle, isGrave: true,
            message: "the title says \"\(named.bareName)\" alone, but the stone is filled with glass",
            hint: "write \"glass-filled \(named.bareName)\"", clause: "16 CFR 23.25(d)")
    }
}

// MARK: - Treatments, reports, gold

extension Claims {
    private func wordingFaults(_ words: Words) -> [Fault] {
        var faults: [Fault] = []
        for (claims, denied) in Phrases.denials {
            guard let claim = claims.first(where: { words.contains($0) }) else { continue }
            if let stone = stones.first(where: { stone in denied.contains { stone.has($0) } }) {
                faults.append(
                    Fault(
                        code: .claimContradicted, isGrave: true,
                        message:
                            "the text says \"\(claim.text)\", but the treatments of the \(stone.bareName) say otherwise",
                        hint: "correct the text or the treatments", clause: "16 CFR 23.24"))
            } else if backing == .dealer {
                faults.append(
                    Fault(
                        code: .claimUnproven, isGrave: false,
                        message: "the text says \"\(claim.text)\", but no laboratory has found that",
                        hint: "have it examined, or write \"not known to be treated\"", clause: "16 CFR 23.24"))
            }
        }
        if backing == .dealer, let claim = Phrases.reports.first(where: { words.contains($0) }) {
            faults.append(
                Fault(
                    code: .certifiedWithoutReport, isGrave: false,
                    message: "the text says \"\(claim.text)\", but no laboratory's report is with this piece",
                    hint: "add the report (certificate class external), or take the word out", clause: "16 CFR 23.1"))
        }
        return faults
    }

    private func goldFault(_ words: Words) -> Fault? {
        guard let jewellery else { return nil }
        let list = words.list
        let covers: Set<String> = [
            "plated", "plate", "filled", "tone", "toned", "vermeil", "coloured", "colored", "overlay", "washed",
        ]
        let bare = list.indices.first { index in
            list[index] == "gold"
                && !list[max(0, index - 1)..<min(list.count, index + 3)].contains { covers.contains($0) }
        }
        guard bare != nil else { return nil }
        let gold = (jewellery.metals ?? []).filter { $0.metal == .gold }
        if gold.isEmpty, jewellery.metals?.isEmpty == false {
            return Fault(
                code: .goldNotInMetals, isGrave: true, message: "the title says \"gold\", but the metals hold no gold",
                hint: "write \"gold-plated\" or \"gold-filled\" if that is what it is, or correct the metals",
                clause: "16 CFR 23.3")
        }
        guard !namesKarat(words) else { return nil }
        let karat = gold.first?.karat ?? 18
        let fineness = Metal.fineness(karat: karat).map { " (\($0))" } ?? ""
        return Fault(
            code: .goldWithoutKarat, isGrave: gold.isEmpty || gold.contains { $0.fineness == nil },
            message: "the title says \"gold\" without the karat", hint: "write it, for example \(karat)K\(fineness)",
            clause: "16 CFR 23.3(b)")
    }

    private func namesKarat(_ words: Words) -> Bool {
        let karats: Set<Substring> = ["8", "9", "10", "14", "15", "18", "20", "21", "22", "24"]
        let finenesses: Set<String> = ["333", "375", "417", "585", "625", "750", "833", "875", "916", "999"]
        return words.list.indices.contains { index in
            let word = words.list[index]
            if finenesses.contains(word) { return true }
            let digits = word.prefix { $0.isNumber }
            guard karats.contains(digits) else { return false }
            let unit = word.dropFirst(digits.count)
            if ["k", "kt", "ct", "karat", "carat"].contains(unit) { return true }
            return unit.isEmpty && index + 1 < words.list.count
                && ["k", "kt", "karat", "carat"].contains(words.list[index + 1])
        }
    }
}

extension DisclosedStone {
    /// Whether that treatment is there; a degree of "none" says it was looked for and not found.
    package func has(_ code: Treatment.Kind) -> Bool {
        (treatments ?? []).contains { $0.code == code && $0.degree?.text.lowercased() != "none" }
    }
}

extension Standing {
    private var qualifiers: [Words] { Phrases.qualifiers[self] ?? [] }

    fileprivate func begins(_ words: Words, at index: Int) -> Bool {
        qualifiers.contains { words.matches($0, at: index) != nil } || isMakerCreated(words, endingAt: index)
            || (self == .assembled && ["doublet", "triplet"].contains(words.list[index]))
    }

    fileprivate func qualifies(_ words: Words, from start: Int, to end: Int) -> Bool {
        if qualifiers.contains(where: { words.ends(with: $0, before: start) }) { return true }
        if isMakerCreated(words, endingAt: start - 1) { return true }
        return self == .assembled && end < words.list.count && ["doublet", "triplet"].contains(words.list[end])
    }

    /// "[manufacturer name]-created".
    private func isMakerCreated(_ words: Words, endingAt index: Int) -> Bool {
        guard self == .laboratoryGrown, index > 0, index < words.list.count, words.list[index] == "created" else {
            return false
        }
        return !["newly", "naturally", "nature", "hand", "custom", "was", "is", "and"].contains(words.list[index - 1])
    }
}

extension String {
    fileprivate var withIndefinite: String { (first.map { "aeiou".contains($0) } == true ? "an " : "a ") + self }
}

extension DisclosedStone {
    /// Whether a text names any gem.
    package static func namesGem(_ text: String) -> Bool {
        GemNames.all.isIn(Words(text))
    }
}

/// The words that are looked for.
private enum Phrases {
    /// What may stand immediately before a name. "Faux" does not disclose (note 1 to 16 CFR 23.25(b)).
    static let qualifiers: [Standing: [Words]] = [
        .cultured: ["cultured", "cultivated"],
        .laboratoryGrown: ["laboratory grown", "laboratory created", "lab grown", "lab created", "synthetic"],
        .imitation: ["imitation", "simulated"],
        .reconstructed: ["reconstructed", "reconstituted", "pressed", "composite", "manufactured"],
        .assembled: ["assembled", "composite"],
    ]

    /// Claims, and the treatments that make each a lie.
    static let denials: [(claims: [Words], denied: [Treatment.Kind])] = [
        (["unheated", "no heat", "not heated", "non heated"], [.HT, .FH, .DI, .HPHT]),
        (["no oil", "unoiled", "non oiled"], [.OIL, .RES, .FF]),
        (
            ["untreated", "not treated", "non treated", "no treatment"],
            Treatment.Kind.allCases.filter { $0.level != .none }
        ),
    ]

    static let reports: [Words] = [
        "certified", "gia", "igi", "grs", "ssef", "gübelin", "agl", "hrd", "lab report", "laboratory report",
    ]

    static let filled: [Words] = ["glass filled", "composite", "filled"]
}
