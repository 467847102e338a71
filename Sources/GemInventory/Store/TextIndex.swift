import GemModel

/// Full text over the pieces' words: FTS5 in SQLite, a GIN index over `to_tsvector` in PostgreSQL.
///
/// `piece.words` holds the words on every engine. SQLite's index is a table of its own, kept by the statements
/// here; PostgreSQL keeps its own by itself.
enum TextIndex {
    /// After a row of that number was inserted, or its words written anew.
    static func add(_ words: String, no: Int64, tx: any Transaction) throws {
        guard tx.dialect == .sqlite else { return }
        try tx.run(SQL("INSERT INTO piece_text (rowid, words) VALUES ($1, $2)", [.int(no), .text(words)]))
    }

    /// Before a row goes, or its words are written anew: FTS5 has to be told the old ones.
    static func remove(_ words: String, no: Int64, tx: any Transaction) throws {
        guard tx.dialect == .sqlite else { return }
        try tx.run("INSERT INTO piece_text (piece_text, rowid, words) VALUES ('delete', \(no), \(words))")
    }

    /// After rows came in by another way than ``add(_:no:tx:)``.
    static func rebuild(_ tx: any Transaction) throws {
        guard tx.dialect == .sqlite else { return }
        try tx.run("INSERT INTO piece_text (piece_text) VALUES ('rebuild')")
    }

    /// Writes the words of all pieces anew: for a schema that had none, or had them folded otherwise.
    static func fill(_ tx: any Transaction) throws {
        var last: Int64 = 0
        while true {
            let rows = try tx.rows("SELECT no, party_id, doc FROM piece WHERE no > \(last) ORDER BY no LIMIT 500")
            guard let end = rows.last?.int(0) else { break }
            for row in rows {
                // A damaged piece is found by its other columns, and by `gemd check`.
                guard let json = try? JSON(parsing: row.text(2)), let piece = try? Piece(stored: json) else { continue }
                let words = SearchWords.of(json, piece, piece.searchTerms) + SearchWords.word(ofParty: row.text(1))
                try tx.run("UPDATE piece SET words = \(words) WHERE no = \(row.int(0))")
            }
            last = end
        }
        try rebuild(tx)
    }

    // MARK: - Asking

    /// The pieces a query finds, read from the index first: for a query that finds few.
    static func found(by query: SearchQuery, _ dialect: Schema.Dialect) -> SQL {
        switch dialect {
        case .sqlite:
            // CROSS JOIN keeps the planner from walking the pieces and asking for each.
            "piece_text CROSS JOIN piece ON piece.no = piece_text.rowid WHERE piece_text MATCH \(match(query))"
        case .postgres: "piece WHERE to_tsvector('simple', words) @@ to_tsquery('simple', \(tsquery(query)))"
        }
    }

    /// Whether a query finds a piece, asked of each: for a query that finds many.
    static func finds(_ query: SearchQuery, _ dialect: Schema.Dialect) -> SQL {
        switch dialect {
        case .sqlite:
            "EXISTS (SELECT 1 FROM piece_text WHERE piece_text MATCH \(match(query)) AND piece_text.rowid = piece.no)"
        case .postgres: "to_tsvector('simple', words) @@ to_tsquery('simple', \(tsquery(query)))"
        }
    }

    /// How many pieces a query finds, counted no further than `cap`; nil where the engine's planner knows by itself.
    static func count(_ query: SearchQuery, cap: Int, tx: any Transaction) throws -> Int64? {
        guard tx.dialect == .sqlite else { return nil }
        return try tx.row(
            "SELECT count(*) FROM (SELECT 1 FROM piece_text WHERE piece_text MATCH \(match(query)) LIMIT \(cap))"
        )?.int(0)
    }

    /// FTS5's own language. Every word stands in quotation marks, so that none is an operator.
    private static func match(_ query: SearchQuery) -> String {
        func text(_ clause: SearchQuery.Clause) -> String {
            "("
                + clause.phrases.map { phrase in
                    "\"" + phrase.words.joined(separator: " ") + "\"" + (phrase.isBeginning ? " *" : "")
                }.joined(separator: " OR ") + ")"
        }
        let asked = query.clauses.filter { !$0.isExcluded }.map(text).joined(separator: " AND ")
        return query.clauses.filter(\.isExcluded).reduce("(\(asked))") { "(\($0) NOT \(text($1)))" }
    }

    /// The language of `to_tsquery`, words in quotation marks likewise.
    private static func tsquery(_ query: SearchQuery) -> String {
        query.clauses.map { clause in
            let phrases = clause.phrases.map { phrase in
                var words = phrase.words.map { "'\($0)'" }
                if phrase.isBeginning, let last = words.popLast() { words.append(last + ":*") }
                return "(" + words.joined(separator: " <-> ") + ")"
            }
            return (clause.isExcluded ? "!" : "") + "(" + phrases.joined(separator: " | ") + ")"
        }.joined(separator: " & ")
    }
}
