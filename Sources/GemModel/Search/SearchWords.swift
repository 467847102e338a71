/// The words a piece is found by.
///
/// Every text of its document, whatever its kind, but for figures and prices, which ranges are for; and one word
/// each for the codes it is filtered by.
public enum SearchWords {
    /// What a filter's word begins with. No word of a text does: it is one letter after a nought, then the code.
    public enum Term: String, CaseIterable, Sendable {
        case kind, species, variety, shape, colour, clarity, origin

        public func word(_ value: String) -> String { FoldedWords.term(prefix, value) }

        var prefix: StaticString {
            switch self {
            case .kind: "0k"
            case .species: "0s"
            case .variety: "0v"
            case .shape: "0h"
            case .colour: "0c"
            case .clarity: "0l"
            case .origin: "0o"
            }
        }
    }

    /// The word all pieces of a party have.
    public static func word(ofParty id: String) -> String { FoldedWords.term("0p", id) }

    /// Words enough for any piece; what a very long description says after them is not found.
    private static let most = 2000

    /// Folded, each followed by a space; without ``word(ofParty:)``.
    public static func of(_ document: JSON, _ piece: Piece, _ terms: SearchTerms) -> String {
        var words = FoldedWords()
        words.add(term: Term.kind.prefix, piece.kind.rawValue)
        if let species = terms.species { words.add(term: Term.species.prefix, species) }
        if let variety = terms.variety { words.add(term: Term.variety.prefix, variety) }
        if let shape = terms.shape { words.add(term: Term.shape.prefix, shape) }
        if let colour = terms.colour { words.add(term: Term.colour.prefix, colour) }
        if let clarity = terms.clarity { words.add(term: Term.clarity.prefix, clarity) }
        add(document, named: "", to: &words)
        return words.text
    }

    private static func add(_ json: JSON, named name: String, to words: inout FoldedWords) {
        guard words.count < most else { return }
        switch json {
        case .string(let text): if !isFigure(text) { words.add(text) }
        case .array(let elements): for element in elements { add(element, named: name, to: &words) }
        case .object(let members):
            for member in members where !isWordless(member.name) {
                if member.name == "origin" { addOrigin(member.value, to: &words) }
                add(member.value, named: member.name, to: &words)
            }
        case .null, .bool, .number: break
        }
    }

    /// Country, region and locality each by its words, for the filter `origin`.
    private static func addOrigin(_ origin: JSON, to words: inout FoldedWords) {
        for name in ["country", "region", "locality"] {
            guard let text = (origin[name]?["value"] ?? origin[name])?.string else { continue }
            for word in FoldedWords(text).list { words.add(term: Term.origin.prefix, word) }
        }
    }

    private static func isWordless(_ name: String) -> Bool {
        switch name {
        case "kind", "price", "prices", "cost", "landedCost", "memoPrice", "minimumPrice", "tiers", "makingCharge",
            "stonesValue", "suggestedPrice", "basis",
            "measurementsMm",
            "treatments", "at", "image":
            true
        default: false
        }
    }

    /// A decimal, or a short number: nobody looks for a piece by "55" alone. Report numbers are longer.
    private static func isFigure(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.count < 5 || bytes.contains(UInt8(ascii: "."))
                ? bytes.allSatisfy { $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") } : false
        }
    }
}
