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
    /// Set when the mount names another piece whose facts are not at hand: then nothing can be said.
    package var unresolvedPiece: String?
}

extension Piece {
    /// Every stone of the piece, in the document's order.
    ///
    /// `resolve` answers the piece that an entry refers to (`jewellery.stones[0].piece`).
    package func disclosedStones(resolving resolve: (String) -> Piece?) -> [DisclosedStone] {
        switch kind {
        case .stone: stone.map { [DisclosedStone($0, path: "stone")] } ?? []
        case .rough: rough.map { [DisclosedStone($0, path: "rough")] } ?? []
        case .specimen: specimen.map { [DisclosedStone($0, path: "specimen")] } ?? []
        case .parcel: parcel.map { [DisclosedStone($0, path: "parcel", count: $0.pieces)] } ?? []
        case .pearl: pearl.map { [DisclosedStone($0, path: "pearl", count: $0.quantity)] } ?? []
        case .strand: strand.map { $0.disclosed } ?? []
        case .pair: pair.map { $0.disclosed(at: "pair", resolving: resolve) } ?? []
        case .set: set.map { $0.disclosed(at: "set", resolving: resolve) } ?? []
        case .jewellery: (jewellery?.stones ?? []).disclosed(at: "jewellery.stones", resolving: resolve)
        }
    }
}

extension Strand {
    fileprivate var disclosed: [DisclosedStone] {
        if let pearl { return [DisclosedStone(pearl, path: "strand.pearl", count: pieces)] }
        return [DisclosedStone(self, path: "strand", count: pieces)]
    }
}

extension MatchedStones {
    /// What is said of all of them, else of each.
    fileprivate func disclosed(at path: String, resolving resolve: (String) -> Piece?) -> [DisclosedStone] {
        guard nature == nil, species == nil, treatments == nil, let stones, !stones.isEmpty else {
            return [DisclosedStone(self, path: path, count: pieces)]
        }
        return stones.disclosed(at: path + ".stones", resolving: resolve)
    }
}

extension [StoneEntry] {
    fileprivate func disclosed(at path: String, resolving resolve: (String) -> Piece?) -> [DisclosedStone] {
        enumerated().map { index, entry in
            let path = "\(path)[\(index)]"
            guard let reference = entry.piece?.text else {
                return DisclosedStone(entry, path: path, role: entry.role?.value, count: entry.count)
            }
            guard let stone = resolve(reference)?.disclosedStones(resolving: { _ in nil }).first else {
                var unknown = DisclosedStone(entry, path: path, role: entry.role?.value, count: entry.count)
                unknown.unresolvedPiece = reference
                return unknown
            }
            var disclosed = stone
            disclosed.path = path
            disclosed.role = entry.role?.value
            disclosed.count = entry.count?.value.value
            return disclosed
        }
    }
}

extension DisclosedStone {
    package init(
        _ stone: some Gemstone, path: String, role: StoneEntry.Role? = nil, count: Fact<Count>? = nil
    ) {
        self.init(
            path: path, role: role, count: count?.value.value, species: stone.species?.value.code,
            variety: stone.variety?.value.text, nature: stone.nature?.value,
            growthMethod: stone.growthMethod?.value, treatments: stone.treatments)
    }

    /// What it is in law: a natural stone that was assembled or pressed is an artificial product (CIBJO).
    package var effectiveNature: Nature? {
        let codes = Set((treatments ?? []).map(\.code))
        switch nature {
        case .natural where codes.contains(.ASM), nil where codes.contains(.ASM): return .assembled
        case .natural where codes.contains(.REC), nil where codes.contains(.REC): return .reconstructed
        default: return nature
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
    /// (16 CFR 23.25(b), 23.12(c)).
    package var name: String {
        switch effectiveNature {
        case .natural: "natural \(bareName)"
        case .laboratoryGrown: "laboratory-grown \(bareName)"
        case .reconstructed: "reconstructed \(bareName)"
        case .assembled: "assembled \(bareName)"
        case .imitation: "imitation \(bareName)"
        case .unknown, nil: bareName
        }
    }

    private static func withoutNatureWords(_ variety: String) -> String {
        var rest = variety[...]
        let words = [
            "natural ", "laboratory-grown ", "laboratory-created ", "lab-grown ", "lab-created ", "synthetic ",
            "imitation ",
            "simulated ", "reconstructed ", "assembled ",
        ]
        while let word = words.first(where: { rest.lowercased().hasPrefix($0) }) { rest = rest.dropFirst(word.count) }
        return String(rest)
    }
}

extension String {
    fileprivate var replacingHyphens: String { String(map { $0 == "-" ? " " : $0 }) }
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
