/// The Urdu of every sentence, heading and name that gemctl writes; the English is the key.
///
/// `Tests/catalogue.py` refuses a sentence of the source that is missing here, one that nobody says any more, and one
/// whose places differ.
enum Catalogue {
    static let urdu = [commands, headings, sentences, failures, facts, explanations, outside, verifying]
        .reduce(into: [String: String]()) { all, part in all.merge(part) { first, _ in first } }
}
