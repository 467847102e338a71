import GemModel
import Testing

@Suite("Words and queries of search")
struct SearchTests {
    @Test(
        "folds what people write differently into one word",
        arguments: [
            ("Émeraude", "émeraude", "emeraude"), ("colour", "Color", "colour"), ("rubies", "RUBY", "ruby"),
            ("emeralds", "Emerald", "emerald"), ("glass", "GLASS", "glass"), ("pigeon's", "pigeons", "pigeon"),
            ("كتلنگ", "کتلنگ", "کتلنگ"), ("زُمُرُّد", "زمرد", "زمرد"), ("هيرا", "ہیرا", "ہیرا"), ("آب", "اب", "اب"),
            ("۱۲۳", "١٢٣", "123"), ("ＧＩＡ", "gia", "gia"), ("Gübelin", "gu\u{308}belin", "gubelin"),
        ])
    func folding(one: String, other: String, folded: String) {
        #expect(FoldedWords(one).list == [folded])
        #expect(FoldedWords(other).list == [folded])
    }

    @Test("splits at what is no letter, keeps Urdu's joiners within words, and cuts endless ones")
    func splitting() {
        #expect(FoldedWords("P-000417/b, 2.87ct").list == ["p", "000417", "b", "2", "87ct"])
        #expect(FoldedWords("گل\u{200C}ابی رنگ").list == ["گلابی", "رنگ"])
        #expect(FoldedWords(String(repeating: "ہ", count: 100)).list == [String(repeating: "ہ", count: 32)])
        #expect(FoldedWords(" -— ٪ ").list.isEmpty)
    }

    @Test("a piece has the words of its texts, not its figures and prices")
    func words() throws {
        let document = try JSON(
            parsing: """
                {"kind":"stone","stockNumber":"R-17","title":"Swat emerald 1.58 ct","notes":{"private":"from Mingora"},
                 "cost":{"total":{"amount":"1","currency":"PKR"}},"externalIds":[{"scheme":"GIA","id":"2141438171"}],
                 "stone":{"species":"beryl","variety":{"value":"emerald","basis":"graded"},"weightCt":"1.58","shape":"OV",
                 "origin":{"country":"PK","region":"Swat"}}}
                """)
        let piece = try Piece(document: document)

        let words = SearchWords.of(document, piece, piece.searchTerms).split(separator: " ").map(String.init)

        for word in [
            "swat", "emerald", "mingora", "2141438171", "17", "0kstone", "0sberyl", "0vemerald", "0hov", "0oswat",
        ] {
            #expect(words.contains(word), "\(word) of \(words)")
        }
        for word in ["pkr", "graded", "0cemerald"] { #expect(!words.contains(word), "\(word) of \(words)") }
    }

    @Test("reads words, phrases, beginnings, either and not")
    func grammar() throws {
        let query = try SearchQuery("swat \"pigeon's blood\" emer* -oiled spessartine OR tsavorites")

        #expect(
            query.clauses.map { $0.phrases.map(\.words).first } == [
                ["swat"], ["pigeon", "blood"], ["emer"], ["oiled"], ["spessartine"],
            ])
        #expect(query.clauses.map(\.isExcluded) == [false, false, false, true, false])
        #expect(query.clauses[2].phrases[0].isBeginning)
        #expect(query.clauses[4].phrases.contains { $0.words == ["tsavorite"] })
    }

    @Test(
        "knows the codes by their names in English, Urdu and Urdu in Latin letters",
        arguments: [
            ("round", "0hr"), ("گول", "0hr"), ("زمرد", "0vemerald"), ("panna", "0vemerald"), ("ہیرا", "0sdiamond"),
            ("Pakistan", "0opk"), ("پاکستان", "0opk"), ("lapis lazuli", "0slapislazuli"), ("انگوٹھی", "ring"),
        ])
    func names(typed: String, word: String) throws {
        let clauses = try SearchQuery(typed).clauses
        #expect(clauses.count == 1)
        #expect(clauses[0].phrases.contains { $0.words == [word] }, "\(clauses)")
    }

    @Test(
        "refuses a search that holds no word, only leaves out, or asks too much",
        arguments: [
            "", "  ", "- ", "…", "-oiled", "e*", "OR", "ruby OR", "OR ruby", "\"open", "ruby OR -spinel",
            String(repeating: "a ", count: 17), String(repeating: "a", count: 401),
        ])
    func refused(text: String) {
        #expect { try SearchQuery(text) } throws: { ($0 as? InvalidInput)?.field == "q" }
    }
}
