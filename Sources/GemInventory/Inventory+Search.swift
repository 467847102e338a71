package import GemModel

/// A search over pieces: filters, one sort, a page, and the counts asked for.
package struct PieceSearch: Sendable {
    package enum Sort: String, Sendable, CaseIterable {
        case createdAt, weightCt, price, stockNumber

        func column(_ scope: Scope) -> SQL {
            switch self {
            // Over all parties in the order they came, which is the same but for a clock set back, and needs no index.
            case .createdAt: scope == .all ? "no" : "created"
            case .weightCt: "weight"
            case .price: "price"
            case .stockNumber: "stock_key"
            }
        }
    }

    /// The terms lists are filtered and counted by.
    package enum Term: String, Sendable, CaseIterable {
        case kind, species, variety, shape, status, colour, clarity

        var column: SQL {
            switch self {
            case .kind: "kind"
            case .species: "species"
            case .variety: "variety"
            case .shape: "shape"
            case .status: "status"
            case .colour: "colour"
            case .clarity: "clarity"
            }
        }
    }

    package enum Total: Sendable {
        case exact, estimate
    }

    /// What a person typed.
    package var query: SearchQuery?
    /// Country, region and locality, each word of which a piece's origin must have.
    package var origin: [String] = []
    package var terms: [Term: String] = [:]
    /// In 10⁻⁵ ct.
    package var weight: ClosedRange<Int64>?
    /// In hundredths of the piece's own currency.
    package var price: ClosedRange<Int64>?
    /// Pieces with, or without, a certificate.
    package var certified: Bool?
    package var sort = Sort.createdAt
    package var isDescending = false
    /// The sort value and id of the last piece seen.
    package var after: (value: SQL.Value, id: String)?
    package var limit = 50
    package var total: Total?
    package var facets: [Term] = []

    package init() {}

    /// What only the full text can tell.
    private var text: SearchQuery? {
        var query = self.query ?? SearchQuery()
        for word in origin { query.require(SearchWords.Term.origin.word(word)) }
        return query.clauses.isEmpty ? nil : query
    }

    /// Whether one statement without the full text may answer it.
    var isPageOnly: Bool { text == nil && total == nil && facets.isEmpty }

    /// The same, with the party and every filter that pieces have a word for: as few pieces as the full text can name.
    private func narrowed(_ scope: Scope) -> SearchQuery? {
        var query = text ?? SearchQuery()
        for (term, value) in terms.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if let word = SearchWords.Term(rawValue: term.rawValue)?.word(value) { query.require(word) }
        }
        guard !query.clauses.isEmpty else { return nil }
        if case .party(let id) = scope { query.require(SearchWords.word(ofParty: id)) }
        return query
    }

    /// Where the rows come from.
    enum Plan {
        /// From the pieces in the order of the sort: what is common is soon met.
        case walking
        /// From the full text, sorted afterwards: what is rare.
        case fullText
    }

    /// A query that finds fewer pieces than this is answered from the full text. At a million pieces either way then
    /// costs some thousand rows at worst.
    private static let few = 4000

    func plan(_ scope: Scope, tx: any Transaction) throws -> Plan {
        guard let query = narrowed(scope) else { return .walking }
        guard let count = try TextIndex.count(query, cap: Self.few, tx: tx) else { return .fullText }
        return count < Self.few ? .fullText : .walking
    }

    /// `FROM … WHERE …` with all conditions but the cursor.
    private func source(_ scope: Scope, _ plan: Plan, _ dialect: Schema.Dialect) -> SQL {
        if plan == .fullText, let query = narrowed(scope) {
            return "FROM \(TextIndex.found(by: query, dialect)) AND \(scope, "party_id")\(conditions)"
        }
        let text: SQL = text.map { " AND \(TextIndex.finds($0, dialect))" } ?? ""
        return "FROM piece WHERE \(scope, "party_id")\(conditions)\(text)"
    }

    private var conditions: SQL {
        var sql: SQL = ""
        for (term, value) in terms.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            sql = "\(sql) AND \(term.column) = \(value)"
        }
        if let weight { sql = "\(sql) AND weight BETWEEN \(weight.lowerBound) AND \(weight.upperBound)" }
        if let price { sql = "\(sql) AND price BETWEEN \(price.lowerBound) AND \(price.upperBound)" }
        if let certified {
            let exists: SQL =
                "EXISTS (SELECT 1 FROM certificate c WHERE c.party_id = piece.party_id AND c.piece_id = piece.id AND c.live = 1)"
            sql = certified ? "\(sql) AND \(exists)" : "\(sql) AND NOT \(exists)"
        }
        return sql
    }

    func page(_ scope: Scope, _ plan: Plan, _ dialect: Schema.Dialect) -> SQL {
        let column = sort.column(scope)
        var sql: SQL = "SELECT \(PieceRecord.columns), \(column) \(source(scope, plan, dialect))"
        // A piece without a weight or price has no place in that order.
        if sort == .weightCt || sort == .price { sql = "\(sql) AND \(column) IS NOT NULL" }
        if let after {
            sql =
                isDescending
                ? "\(sql) AND (\(column), id) < (\(after.value), \(after.id))"
                : "\(sql) AND (\(column), id) > (\(after.value), \(after.id))"
        }
        let direction: SQL = isDescending ? "DESC" : "ASC"
        return "\(sql) ORDER BY \(column) \(direction), id \(direction) LIMIT \(limit + 1)"
    }

    func count(_ scope: Scope, _ plan: Plan, _ dialect: Schema.Dialect) -> SQL {
        "SELECT count(*) \(source(scope, plan, dialect))"
    }

    /// Counts no further than a person would read.
    func cappedCount(_ scope: Scope, _ plan: Plan, _ dialect: Schema.Dialect, cap: Int) -> SQL {
        "SELECT count(*) FROM (SELECT 1 \(source(scope, plan, dialect)) LIMIT \(cap)) AS capped"
    }

    func facet(_ term: Term, _ scope: Scope, _ plan: Plan, _ dialect: Schema.Dialect) -> SQL {
        """
        SELECT \(term.column), count(*) \(source(scope, plan, dialect)) AND \(term.column) IS NOT NULL
        GROUP BY \(term.column) ORDER BY \(term.column)
        """
    }
}

/// One page of a search, its pieces as records or as the text of a JSON list's items.
package struct PiecePage<Pieces: Sendable>: Sendable {
    package var pieces: Pieces
    package var count = 0
    /// Sort value and id of the last piece, when more follow.
    package var next: (value: SQL.Value, id: String)?
    package var total: (value: Int64, isExact: Bool)?
    package var facets: [(term: PieceSearch.Term, counts: [(code: String, count: Int64)])] = []

    init(_ pieces: Pieces) { self.pieces = pieces }
}

extension Inventory {
    private static let countLimit = Duration.seconds(2)
    private static let estimateCap = 10_000

    /// - Throws: `.tooCostly` when the search takes longer than two seconds.
    package func search(_ search: PieceSearch, in scope: Scope) async throws -> PiecePage<[PieceRecord]> {
        try await self.search(search, in: scope, into: []) { $0.append(PieceRecord($1)) }
    }

    /// The pieces as they stand in an answer, with commas between.
    /// - Throws: as ``search(_:in:)``.
    package func search(
        _ search: PieceSearch, in scope: Scope, for view: PieceRecord.View
    ) async throws -> PiecePage<[UInt8]> {
        var text: [UInt8] = []
        // Most pieces take less; growing would copy all that is there.
        text.reserveCapacity(min(search.limit, 100) * 1200)
        return try await self.search(search, in: scope, into: text) { text, row in
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            if view == .owner {
                PieceRecord.write(row, to: &text)
            } else {
                text.append(contentsOf: PieceRecord(row).text(for: view).utf8)
            }
        }
    }

    private func search<Pieces: Sendable>(
        _ search: PieceSearch, in scope: Scope, into pieces: Pieces,
        add: @escaping @Sendable (inout Pieces, any RowView) -> Void
    ) async throws -> PiecePage<Pieces> {
        @Sendable func page(_ plan: PieceSearch.Plan, _ tx: any Transaction) throws -> PiecePage<Pieces> {
            var page = PiecePage(pieces)
            var last: (SQL.Value, SQL.Value)?
            try tx.forEachRowView(search.page(scope, plan, tx.dialect)) { row in
                page.count += 1
                if page.count == search.limit { last = (row.value(9), row.value(0)) }
                if page.count <= search.limit { add(&page.pieces, row) }
            }
            if page.count > search.limit {
                page.count = search.limit
                if case (let value, .text(let id))? = last { page.next = (value, id) }
            }
            return page
        }
        // Most pages are met at once on their sort's index; only what is not found so soon asks how common it is.
        if search.isPageOnly, let page = try await database.glance({ try page(.walking, $0) }) { return page }
        return try await database.read(deadline: Self.countLimit) { tx in
            let plan = try search.plan(scope, tx: tx)
            var page = try page(plan, tx)
            switch search.total {
            case .exact: page.total = (try tx.row(search.count(scope, plan, tx.dialect))?.int(0) ?? 0, true)
            case .estimate:
                let count =
                    try tx.row(search.cappedCount(scope, plan, tx.dialect, cap: Self.estimateCap))?.int(0) ?? 0
                page.total = (count, count < Self.estimateCap)
            case nil: break
            }
            page.facets = try search.facets.map { term in
                (term, try tx.rows(search.facet(term, scope, plan, tx.dialect)).map { ($0.text(0), $0.int(1)) })
            }
            return page
        }
    }
}
