/// What a person types to find pieces.
///
///     swat emerald            both words
///     "pigeon's blood"        the words side by side
///     emer*                   words that begin so
///     ruby OR spinel          either (also یا)
///     emerald -oiled          without the word
///
/// A word that names a code (round, زمرد, panna) also finds the pieces with that code.
public struct SearchQuery: Hashable, Sendable {
    /// Words side by side; the last may be a beginning only.
    public struct Phrase: Hashable, Sendable {
        public var words: [String]
        public var isBeginning = false
    }

    /// Any of the phrases, or none of them.
    public struct Clause: Hashable, Sendable {
        public var phrases: [Phrase]
        public var isExcluded = false
    }

    public private(set) var clauses: [Clause] = []

    public static let longest = 200
    private static let mostWords = 16
    private static let shortestBeginning = 2

    public init() {}

    /// - Throws: `InvalidInput` naming `q` when the text holds no word, only excludes, or asks too much.
    public init(_ text: String) throws(InvalidInput) {
        guard text.utf8.count <= Self.longest * 2 else {
            throw Self.refusal("the search is \(text.utf8.count) bytes long", "write at most \(Self.longest) letters")
        }
        let tokens = try Self.tokens(text)
        var index = 0
        var joinsPrevious = false
        while index < tokens.count {
            let token = tokens[index]
            if token.isOr {
                guard let last = clauses.last, !last.isExcluded, index + 1 < tokens.count else {
                    throw Self.refusal("OR stands between two words", "write ruby OR spinel")
                }
                joinsPrevious = true
                index += 1
                continue
            }
            // The longest run of plain words that is the name of a code.
            var phrases: [Phrase] = []
            var length = 1
            if token.isPlain {
                for count in stride(from: min(4, tokens.count - index), through: 1, by: -1) {
                    let run = tokens[index..<index + count]
                    guard run.allSatisfy(\.isPlain) else { continue }
                    let words = run.flatMap(\.phrase.words)
                    guard let meanings = CodeWords.meanings[words.joined(separator: " ")] else { continue }
                    phrases = [Phrase(words: words)] + meanings
                    length = count
                    break
                }
            }
            if phrases.isEmpty { phrases = [token.phrase] }
            if joinsPrevious {
                guard !token.isExcluded else {
                    throw Self.refusal("OR stands between two words", "take the - away, or the OR")
                }
                clauses[clauses.count - 1].phrases += phrases
                joinsPrevious = false
            } else {
                clauses.append(Clause(phrases: phrases, isExcluded: token.isExcluded))
            }
            index += length
        }
        guard clauses.contains(where: { !$0.isExcluded }) else {
            throw Self.refusal(
                clauses.isEmpty ? "the search holds no word" : "the search only leaves out",
                "write at least one word that the pieces hold")
        }
    }

    /// Asks for a word as gemd wrote it (``SearchWords/Term``).
    public mutating func require(_ word: String) { clauses.append(Clause(phrases: [Phrase(words: [word])])) }

    private struct Token {
        var phrase: Phrase
        var isExcluded = false
        var isQuoted = false
        var isOr = false
        var isPlain: Bool { !isExcluded && !isQuoted && !isOr && !phrase.isBeginning }
    }

    private static func tokens(_ text: String) throws(InvalidInput) -> [Token] {
        var tokens: [Token] = []
        var words = 0
        func append(_ raw: Substring, isQuoted: Bool, isExcluded: Bool) throws(InvalidInput) {
            if !isQuoted, raw == "OR" || raw == "یا" {
                tokens.append(Token(phrase: Phrase(words: []), isOr: true))
                return
            }
            let isBeginning = !isQuoted && raw.last == "*"
            var folded = FoldedWords()
            folded.add(String(raw), asBeginning: isBeginning)
            let list = folded.list
            guard let last = list.last else { return }  // punctuation alone
            if isBeginning, last.unicodeScalars.count < shortestBeginning {
                throw refusal(
                    "\"\(raw)\" would find nearly everything", "write at least \(shortestBeginning) letters before *")
            }
            words += list.count
            guard words <= mostWords else {
                throw refusal("the search has more than \(mostWords) words", "leave some out")
            }
            tokens.append(
                Token(
                    phrase: Phrase(words: list, isBeginning: isBeginning), isExcluded: isExcluded, isQuoted: isQuoted))
        }
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
                continue
            }
            var isExcluded = false
            if first == "-", rest.dropFirst().first.map({ !$0.isWhitespace }) ?? false {
                isExcluded = true
                rest.removeFirst()
            }
            if let quote = rest.first, "\"“”".contains(quote) {
                rest.removeFirst()
                guard let end = rest.firstIndex(where: { "\"“”".contains($0) }) else {
                    throw refusal("a quotation mark is never closed", "close it, or leave it out")
                }
                try append(rest[..<end], isQuoted: true, isExcluded: isExcluded)
                rest = rest[rest.index(after: end)...]
            } else {
                let end = rest.firstIndex { $0.isWhitespace || "\"“”".contains($0) } ?? rest.endIndex
                try append(rest[..<end], isQuoted: false, isExcluded: isExcluded)
                rest = rest[end...]
            }
        }
        return tokens
    }

    private static func refusal(_ title: String, _ hint: String) -> InvalidInput {
        InvalidInput(title, hint: hint, field: "q")
    }
}

/// What else a word may mean: codes by their names in English and Urdu, and Urdu's names of stones as dealers
/// write them in Latin letters.
enum CodeWords {
    /// By folded words, joined by a space.
    static let meanings: [String: [SearchQuery.Phrase]] = {
        var meanings: [String: [SearchQuery.Phrase]] = [:]
        func add(_ name: String, _ words: [String]) {
            let key = FoldedWords(name).list.joined(separator: " ")
            let phrase = SearchQuery.Phrase(words: words)
            guard !key.isEmpty, key != words.joined(separator: " "), !meanings[key, default: []].contains(phrase) else {
                return
            }
            meanings[key, default: []].append(phrase)
        }
        // Codes that a piece has a word for.
        for (list, term) in [
            ("kinds", SearchWords.Term.kind), ("species", .species), ("varieties", .variety), ("shapes", .shape),
        ] {
            for entry in CodeList.named(list)?.entries ?? [] {
                for name in [entry.names.en, entry.names.ur] { add(name, [term.word(entry.code)]) }
            }
        }
        for entry in CodeList.named("countries")?.entries ?? [] {
            for name in [entry.names.en, entry.names.ur] { add(name, [SearchWords.Term.origin.word(entry.code)]) }
        }
        // Codes that stand in the document as they are, where they are words.
        for list in ["jewelleryTypes", "metals", "natures", "phenomena", "hues"] {
            for entry in CodeList.named(list)?.entries ?? [] {
                add(entry.names.ur, FoldedWords(entry.names.en).list)
                if entry.code.utf8.count > 3 { add(entry.names.ur, FoldedWords(entry.code).list) }
            }
        }
        for (name, term, code) in romanised { add(name, [term.word(code)]) }
        return meanings
    }()

    private static let romanised: [(String, SearchWords.Term, String)] = [
        ("zamurd", .variety, "emerald"), ("zamurrud", .variety, "emerald"), ("zumurrud", .variety, "emerald"),
        ("panna", .variety, "emerald"), ("yaqoot", .variety, "ruby"), ("yaqut", .variety, "ruby"),
        ("manik", .variety, "ruby"), ("neelam", .variety, "sapphire"), ("nilam", .variety, "sapphire"),
        ("heera", .species, "diamond"), ("hira", .species, "diamond"), ("almas", .species, "diamond"),
        ("pukhraj", .species, "topaz"), ("firoza", .species, "turquoise"), ("feroza", .species, "turquoise"),
        ("lajward", .species, "lapis-lazuli"), ("moti", .species, "pearl"), ("marjan", .species, "coral"),
        ("moonga", .species, "coral"), ("zabarjad", .species, "peridot"), ("dur e najaf", .species, "quartz"),
    ]
}
