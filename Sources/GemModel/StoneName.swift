/// One stone of a piece, loose or set, reduced to what the law wants said of it.
package struct DisclosedStone: Hashable, Sendable {
    /// JSON path of the block that describes it, such as `jewellery.stones[1]`.
    package var path: String
    package var role: StoneEntry.Role?
    package var count: Int?
    package var species: String?
    package var variety: String?
    package var nature: Nature?
    package var growthMethod: GrowthMethod?
    package var treatments: [Treatment]?
    /// Of pearls: how it came to be, and in which water.
    package var identification: Pearl.Identification?
    package var environment: Pearl.Environment?
    /// Whether another's report, not the dealer's word alone, says what it is.
    package var isAttested = false
    /// Its place in the piece's list of stones, counted from 0; nil when it is said of the whole piece.
    package var entry: Int?
    /// Set when the mount names another piece whose facts are not at hand: then nothing can be said.
    package var unresolvedPiece: String?
}

extension Piece {
    /// Every stone of the piece, in the document's order.
    ///
    /// `resolve` answers the piece that an entry refers to (`jewellery.stones[0].piece`).
    package func disclosedStones(resolving resolve: (String) -> Piece?) -> [DisclosedStone] {
        disclosedStones(deep: Self.deepestReference, resolving: resolve)
    }

    /// A ring may hold a pair whose stones are pieces themselves; no longer chain is followed.
    package static let deepestReference = 2

    fileprivate func disclosedStones(deep: Int, resolving resolve: (String) -> Piece?) -> [DisclosedStone] {
        switch kind {
        case .stone: stone.map { [DisclosedStone($0, path: "stone")] } ?? []
        case .rough: rough.map { [DisclosedStone($0, path: "rough")] } ?? []
        case .specimen: specimen.map { [DisclosedStone($0, path: "specimen")] } ?? []
        case .parcel: parcel.map { [DisclosedStone($0, path: "parcel", count: $0.pieces)] } ?? []
        case .pearl: pearl.map { [DisclosedStone($0, path: "pearl", count: $0.quantity)] } ?? []
        case .strand: strand.map { [$0.disclosed] } ?? []
        case .pair: pair.map { $0.disclosed(at: "pair", deep: deep, resolving: resolve) } ?? []
        case .set: set.map { $0.disclosed(at: "set", deep: deep, resolving: resolve) } ?? []
        case .jewellery:
            (jewellery?.stones ?? []).disclosed(at: "jewellery.stones", deep: deep, resolving: resolve)
        }
    }

    /// The other pieces that its list of stones names, as they are written.
    package var references: [String] {
        (pair?.stones ?? set?.stones ?? jewellery?.stones ?? []).compactMap { $0.piece?.text }
    }
}

extension Strand {
    /// What is said of the pearls, and of the strand where nothing is said of them.
    fileprivate var disclosed: DisclosedStone {
        let whole = DisclosedStone(self, path: "strand", count: pieces)
        guard let pearl else { return whole }
        var disclosed = DisclosedStone(pearl, path: "strand.pearl", count: pieces)
        disclosed.complete(with: whole)
        return disclosed
    }
}

extension MatchedStones {
    /// Each by itself, or in one when they are alike; what is said of all of them holds for each.
    fileprivate func disclosed(at path: String, deep: Int, resolving resolve: (String) -> Piece?) -> [DisclosedStone] {
        let whole = DisclosedStone(self, path: path, count: pieces)
        var each = (stones ?? []).disclosed(at: path + ".stones", deep: deep, resolving: resolve)
        guard !each.isEmpty else { return [whole] }
        for index in each.indices { each[index].complete(with: whole) }
        let alike = Set(
            each.map { stone in
                var facts = stone
                (facts.path, facts.entry, facts.count, facts.role) = (path, nil, whole.count, nil)
                return facts
            })
        return alike.count == 1 && each.allSatisfy { $0.unresolvedPiece == nil } ? Array(alike) : each
    }
}

extension [StoneEntry] {
    fileprivate func disclosed(at path: String, deep: Int, resolving resolve: (String) -> Piece?) -> [DisclosedStone] {
        enumerated().flatMap { index, entry in
            var own = DisclosedStone(
                entry, path: "\(path)[\(index)]", role: entry.role?.value, count: entry.count)
            own.entry = index
            guard let reference = entry.piece?.text else { return [own] }
            let referred = deep > 0 ? resolve(reference) : nil
            let found = referred?.disclosedStones(deep: deep - 1, resolving: resolve) ?? []
            guard !found.isEmpty else {
                own.unresolvedPiece = reference
                return [own]
            }
            return found.map { stone in
                var disclosed = stone
                (disclosed.path, disclosed.entry, disclosed.role) = (own.path, index, own.role)
                disclosed.count = own.count ?? stone.count
                return disclosed
            }
        }
    }
}

extension DisclosedStone {
    package init(
        _ stone: some Gemstone, path: String, role: StoneEntry.Role? = nil, count: Fact<Count>? = nil
    ) {
        let basis = stone.identification?.basis ?? stone.nature?.basis ?? stone.basis
        self.init(
            path: path, role: role, count: count?.value.value, species: stone.species?.value.code,
            variety: stone.variety?.value.text, nature: stone.nature?.value,
            growthMethod: stone.growthMethod?.value, treatments: stone.treatments,
            identification: stone.identification?.value, environment: stone.environment?.value,
            isAttested: basis == .external)
    }

    /// Takes from the whole what is not said of the one; a treatment told of either is told.
    fileprivate mutating func complete(with whole: DisclosedStone) {
        guard unresolvedPiece == nil else { return }
        species = species ?? whole.species
        variety = variety ?? whole.variety
        nature = nature ?? whole.nature
        growthMethod = growthMethod ?? whole.growthMethod
        environment = environment ?? whole.environment
        if identification == nil {
            identification = whole.identification
            isAttested = isAttested || whole.isAttested
        }
        guard let shared = whole.treatments else { return }
        let own = treatments ?? []
        treatments = own + shared.filter { !own.contains($0) }
        // "None" and "not tested" of the one do not stand beside a treatment of the other.
        if let told = treatments?.filter({ ![.NONE, .NT].contains($0.code) }), !told.isEmpty { treatments = told }
    }

    package var isPearl: Bool { species == SpeciesCode.pearl.code }

    /// What it is in law, nil while nobody said. A natural stone that was assembled or pressed is an artificial
    /// product (CIBJO); nobody grows pearls in a laboratory: they are cultured.
    package var standing: Standing? {
        let codes = Set((treatments ?? []).map(\.code))
        var said = nature.map { Standing($0) }
        if isPearl {
            said = identification.map { Standing($0) } ?? (said == .laboratoryGrown ? .cultured : said)
        }
        switch said {
        case .natural where codes.contains(.ASM), nil where codes.contains(.ASM): return .assembled
        case .natural where codes.contains(.REC), nil where codes.contains(.REC): return .reconstructed
        default: return said
        }
    }

    /// The trade's name without a word of its nature: "emerald", "fire opal"; "stone" when nothing is said.
    package var bareName: String {
        let kind = species.flatMap { $0 == Species.other ? nil : $0.replacingHyphens }
        guard let variety = variety.map(Self.withoutNatureWords), !variety.isEmpty else { return kind ?? "stone" }
        let folded = variety.lowercased()
        let words = Words(folded)
        let isName = GemNames.all.isIn(words) || GemNames.artificial.isIn(words)
        if let kind, !isName { return "\(variety) \(kind)" }
        return GemNames.all.holds(words) || GemNames.artificial.holds(words) ? folded : variety
    }

    /// The name it may be sold under: the words of its nature stand immediately before the stone's name
    /// (16 CFR 23.12(c), 23.20, 23.25(b)).
    package var name: String {
        guard let qualifier = standing?.qualifier.en, !qualifier.isEmpty else { return bareName }
        guard isPearl, standing != .natural else { return "\(qualifier) \(bareName)" }
        return (pearlWords + [qualifier, "pearl"]).joined(separator: " ")
    }

    /// What stands before "cultured pearl": the trade's name, or the water. An imitation bears neither
    /// (16 CFR 23.21).
    private var pearlWords: [String] {
        guard standing != .imitation else { return [] }
        let hidden: Set<String> = ["pearl", "pearls", "cultured", "cultivated", "bead", "non", "nucleated"]
        let words = (variety.map(Self.withoutNatureWords) ?? "").split { $0 == " " || $0 == "-" }
            .map(String.init).filter { !hidden.contains($0.lowercased()) }
        return words.isEmpty ? environment.map { [$0.rawValue] } ?? [] : words
    }

    private static func withoutNatureWords(_ variety: String) -> String {
        var rest = variety[...]
        let words = [
            "natural ", "laboratory-grown ", "laboratory-created ", "lab-grown ", "lab-created ", "synthetic ",
            "imitation ",
            "simulated ", "reconstructed ", "assembled ", "cultured ",
        ]
        while let word = words.first(where: { rest.lowercased().hasPrefix($0) }) { rest = rest.dropFirst(word.count) }
        return String(rest)
    }
}

// MARK: - In Urdu

extension DisclosedStone {
    package func bareName(in language: Disclosure.Language) -> String {
        switch language {
        case .english: bareName
        case .urdu: urduName
        }
    }

    package func name(in language: Disclosure.Language) -> String {
        switch language {
        case .english: return name
        case .urdu:
            guard let qualifier = standing?.qualifier.ur, !qualifier.isEmpty else { return urduName }
            return "\(qualifier) \(isPearl && standing == .imitation ? SpeciesCode.pearl.urdu : urduName)"
        }
    }

    /// From the tables of varieties, species and simulants; a name they do not hold stands as the dealer wrote it.
    private var urduName: String {
        let kind = species.flatMap { Species.named($0)?.names.ur.withoutBrackets }
        guard let variety = variety.map(Self.withoutNatureWords), !variety.isEmpty else { return kind ?? "پتھر" }
        let spellings =
            [variety, species.map { "\(variety) \($0.replacingHyphens)" }].compactMap { $0 }
            + (isPearl ? [variety.lowercased().replacing(" pearls", with: "").replacing(" pearl", with: "")] : [])
        if let known = spellings.lazy.compactMap({ Variety.named($0) }).first { return known.names.ur.withoutBrackets }
        let code = Variety.folded(variety).replacing(" ", with: "-")
        if let names = Species.named(code)?.names ?? Simulant.named(code)?.names { return names.ur.withoutBrackets }
        if variety.isArabicScript { return variety }
        return "\(kind ?? "پتھر") «\(variety)»"
    }
}

extension SpeciesCode {
    fileprivate var urdu: String { Species.named(code)?.names.ur.withoutBrackets ?? "" }
}

extension Simulant {
    fileprivate static func named(_ code: String) -> Simulant? {
        table.first { $0.code == code || $0.code == code + "-simulant" }
    }
}

extension String {
    fileprivate var replacingHyphens: String { String(map { $0 == "-" ? " " : $0 }) }

    /// Without the explanation in brackets that a list of codes gives: it may name another stone.
    fileprivate var withoutBrackets: String {
        var rest = prefix { $0 != "(" }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

/// A text as its words, lower case; hyphens part words, so "lab-grown" reads as "lab grown".
struct Words: Hashable, ExpressibleByStringLiteral {
    let list: [String]

    init(_ text: String) {
        list = text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }
            .map { String($0.map { $0 == "’" ? "'" : $0 }) }
    }

    init(stringLiteral text: String) { self.init(text) }

    var text: String { list.joined(separator: " ") }

    func contains(_ other: Words) -> Bool { list.indices.contains { matches(other, at: $0) != nil } }

    /// How many words `other` takes at `index`, its last word also in the plural; nil when it does not stand there.
    func matches(_ other: Words, at index: Int) -> Int? {
        let count = other.list.count
        guard count > 0, index >= 0, index + count <= list.count else { return nil }
        for offset in 0..<(count - 1) where list[index + offset] != other.list[offset] { return nil }
        return Self.singulars(of: list[index + count - 1]).contains(other.list[count - 1]) ? count : nil
    }

    /// The word itself and what it may be the plural or genitive of.
    static func singulars(of word: String) -> [String] {
        guard word.hasSuffix("s"), word.utf8.count > 3 else { return [word] }
        var forms = [word, String(word.dropLast())]
        if word.hasSuffix("es") || word.hasSuffix("'s") { forms.append(String(word.dropLast(2))) }
        if word.hasSuffix("ies") { forms.append(word.dropLast(3) + "y") }
        return forms
    }

    /// Whether `other` ends right before `index`.
    func ends(with other: Words, before index: Int) -> Bool { matches(other, at: index - other.list.count) != nil }
}

/// Names looked up by their first word, the longest first, so that "star sapphire" is found before "sapphire".
struct NameSet: Sendable {
    private var byFirstWord: [String: [Words]] = [:]

    init(_ names: some Sequence<Words>) {
        for name in Set(names) where !name.list.isEmpty { byFirstWord[name.list[0], default: []].append(name) }
        for key in byFirstWord.keys { byFirstWord[key]?.sort { $0.list.count > $1.list.count } }
    }

    /// The longest name that stands at `index`, and how many words it takes.
    func match(_ words: Words, at index: Int) -> (name: Words, count: Int)? {
        for first in Words.singulars(of: words.list[index]) {
            for name in byFirstWord[first] ?? [] {
                if let count = words.matches(name, at: index) { return (name, count) }
            }
        }
        return nil
    }

    func isIn(_ words: Words) -> Bool { words.list.indices.contains { match(words, at: $0) != nil } }

    func holds(_ name: Words) -> Bool { name.list.first.flatMap { byFirstWord[$0] }?.contains(name) ?? false }
}

/// The names that only a mined stone may bear alone, and those of what is never mined.
enum GemNames {
    static let list: [Words] = bySpecies.values.joined().map { Words($0) } + Species.table.map { Words($0.code) }
    static let all = NameSet(list)

    /// A stone of these names cannot be taken for a mined one.
    static let artificial = NameSet([
        "cubic zirconia", "zirconia", "moissanite", "glass", "paste", "strass", "rhinestone", "crystal glass", "yag",
        "ggg",
        "luag", "strontium titanate", "resin", "plastic", "vulcanite", "slocum stone", "goldstone", "opalite",
        "ambroid", "copal",
    ])

    /// The words that stand for any gem (16 CFR 23.25(b)).
    static let general: [Words] = ["gemstone", "birthstone", "gem", "stone"]
    static let generalSet = NameSet(general)

    /// Every name a stone of that species goes by.
    static func of(_ species: String?) -> [Words] {
        guard let species, species != Species.other else { return list }
        return wordsBySpecies[species] ?? []
    }

    private static let wordsBySpecies = Dictionary(
        uniqueKeysWithValues: Species.table.map { species in
            (species.code, ((bySpecies[species.code] ?? []) + [species.code]).map { Words($0) })
        })

    /// Variety names of the species table (domain/species.json).
    private static let bySpecies: [String: [String]] = [
        "corundum": ["ruby", "sapphire", "padparadscha", "padparadscha sapphire", "star sapphire", "star ruby"],
        "beryl": [
            "emerald", "aquamarine", "morganite", "heliodor", "goshenite", "red beryl", "golden beryl", "bixbite",
            "maxixe",
        ],
        "chrysoberyl": ["alexandrite", "cat's-eye"],
        "tourmaline": [
            "rubellite", "indicolite", "verdelite", "elbaite", "dravite", "schorl", "liddicoatite", "paraiba",
            "paraiba tourmaline",
            "paraíba", "paraíba tourmaline",
        ],
        "peridot": ["olivine"],
        "quartz": [
            "rock crystal", "amethyst", "citrine", "ametrine", "prasiolite", "rose quartz", "smoky quartz",
            "tiger's eye", "aventurine",
        ],
        "chalcedony": ["agate", "carnelian", "onyx", "chrysoprase", "jasper", "bloodstone", "sard", "sardonyx"],
        "opal": ["fire opal", "black opal", "white opal", "boulder opal"],
        "pyrope": ["garnet", "chrome pyrope"], "rhodolite": ["garnet", "rhodolite garnet"],
        "almandine": ["garnet", "star garnet"], "spessartine": ["garnet", "spessartite", "mandarin garnet"],
        "grossular": ["garnet", "tsavorite", "hessonite", "hydrogrossular"],
        "andradite": ["garnet", "demantoid", "melanite", "topazolite"],
        "tanzanite": ["zoisite", "thulite", "anyolite"], "spodumene": ["kunzite", "hiddenite", "triphane"],
        "orthoclase": ["moonstone", "sanidine", "feldspar"], "labradorite": ["andesine", "bytownite"],
        "jadeite": ["jade", "fei cui"], "nephrite": ["jade"], "turquoise": ["firoza", "feroza"],
        "lapis-lazuli": ["lapis"], "sodalite": ["hackmanite"], "sphene": ["titanite"], "vesuvianite": ["idocrase"],
        "andalusite": ["chiastolite"], "taaffeite": ["musgravite"], "epidote": ["clinozoisite"],
        "serpentine": ["bowenite", "williamsite"], "iolite": ["cordierite"],
        "diopside": ["chrome diopside", "star diopside"],
        "pearl": ["south sea pearl", "akoya pearl", "freshwater pearl"], "pargasite": [],
    ]
}
