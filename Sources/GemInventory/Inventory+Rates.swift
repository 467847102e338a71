package import GemModel

/// The rates of one day as they are stored.
package struct RateRecord: Sendable {
    package var day: Day
    package var version: Int64
    package var rates: DayRates
    /// As judged when they were entered.
    package var findings: JSON
    package var updated: Timestamp

    package var json: JSON {
        .object([.init("date", .string(day.description)), .init("version", .integer(Int(version)))])
            .merging(rates.json)
            .merging(.object(["findings": findings, "updatedAt": .string(updated.description)]))
    }
}

/// The newest figure of everything, read once for many quotes.
package struct RateBook: Sendable {
    var figures: [RateItem: DatedRate]

    package func rate(of item: RateItem) -> DatedRate? { figures[item] }
}

extension Inventory {
    /// The last day that has begun somewhere on earth: no rates are entered beyond it.
    package var lastDay: Day { Day(of: now(), hoursEast: 14) }

    /// Enters the rates of a day, or puts others in their place; the same again change nothing.
    ///
    /// The version is the one the caller saw; 0 for a day that has none, nil when it saw nothing.
    /// - Throws: `.stale` when the day has rates of another version.
    package func setRates(
        _ rates: DayRates, on day: Day, by actor: Actor, ifVersion version: Int64?
    ) async throws -> (record: RateRecord, isNew: Bool) {
        try await database.write { tx in
            let present = try self.rates(onOrBefore: day, tx: tx).flatMap { $0.day == day ? $0 : nil }
            // Also under an older version: a request that was sent again (RFC 9110 §13.1.1).
            if let present, present.rates == rates { return (present, false) }
            guard (version ?? 0) == present?.version ?? 0 else {
                throw InventoryError.stale(current: present?.version ?? 0)
            }
            let time = now()
            let findings = try rates.findings { try self.rate(of: $0, before: day, tx: tx) }
            let record = RateRecord(
                day: day, version: (present?.version ?? 0) + 1, rates: rates,
                findings: .array(findings.map(\.json)), updated: time)
            try tx.run(
                """
                INSERT INTO rate_day (day, version, findings, updated)
                VALUES (\(day.description), \(record.version), \(record.findings.text), \(time.microseconds))
                ON CONFLICT (day) DO UPDATE SET version = \(record.version), findings = \(record.findings.text),
                    updated = \(time.microseconds)
                """)
            try tx.run("DELETE FROM rate WHERE day = \(day.description)")
            for (item, figure) in rates.figures {
                try tx.run(
                    """
                    INSERT INTO rate (item, day, figure) VALUES (\(item.text), \(day.description), \(figure.json.text))
                    """)
            }
            try self.record(
                "rates-set", of: day.description, in: actor.party, by: actor, at: time,
                [
                    "version": .integer(Int(record.version)), "currencies": rates.json["currencies"],
                    "metals": rates.json["metals"],
                ], tx: tx)
            return (record, present == nil)
        }
    }

    /// The newest rates that are not of a later day.
    package func rates(onOrBefore day: Day) async throws -> RateRecord? {
        try await database.read { try rates(onOrBefore: day, tx: $0) }
    }

    private func rates(onOrBefore day: Day, tx: any Transaction) throws -> RateRecord? {
        try records("day <= \(day.description)", limit: 1, tx: tx).first
    }

    /// Days with their rates, newest first.
    package func rates(from first: Day?, to last: Day?, before cursor: Day?, limit: Int) async throws -> [RateRecord] {
        try await database.read { tx in
            var condition: SQL = "1 = 1"
            if let first { condition = "\(condition) AND day >= \(first.description)" }
            if let last { condition = "\(condition) AND day <= \(last.description)" }
            if let cursor { condition = "\(condition) AND day < \(cursor.description)" }
            return try records(condition, limit: limit, tx: tx)
        }
    }

    private func records(_ condition: SQL, limit: Int, tx: any Transaction) throws -> [RateRecord] {
        let days = try tx.rows(
            "SELECT day, version, findings, updated FROM rate_day WHERE \(condition) ORDER BY day DESC LIMIT \(limit)")
        guard let newest = days.first?.text(0), let oldest = days.last?.text(0) else { return [] }
        var figures: [String: [RateItem: RateFigure]] = [:]
        try tx.forEachRow("SELECT item, day, figure FROM rate WHERE day >= \(oldest) AND day <= \(newest)") { row in
            let rate = try Self.rate(row)
            figures[row.text(1), default: [:]][rate.item] = rate.figure
        }
        return try days.map { row in
            guard let findings = try? JSON(parsing: row.text(2)) else {  // written by us
                throw InventoryError.store("the rates of \(row.text(0)) are damaged")
            }
            return RateRecord(
                day: try Day(row.text(0)), version: row.int(1), rates: DayRates(figures[row.text(0)] ?? [:]),
                findings: findings, updated: Timestamp(microseconds: row.int(3)))
        }
    }

    /// `item, day, figure`.
    private static func rate(_ row: Row) throws -> DatedRate {
        guard let item = RateItem(row.text(0)), let json = try? JSON(parsing: row.text(2)),
            let figure = try? RateFigure(json, of: item), let day = try? Day(row.text(1))  // written by us
        else { throw InventoryError.store("the rate of \(row.text(0)) on \(row.text(1)) is damaged") }
        return DatedRate(item: item, day: day, figure: figure)
    }

    // MARK: - What prices are reckoned with

    func rate(of item: RateItem, onOrBefore day: Day, tx: any Transaction) throws -> DatedRate? {
        try tx.row(
            """
            SELECT item, day, figure FROM rate WHERE item = \(item.text) AND day <= \(day.description)
            ORDER BY day DESC LIMIT 1
            """
        ).map(Self.rate)
    }

    private func rate(of item: RateItem, before day: Day, tx: any Transaction) throws -> DatedRate? {
        try tx.row(
            """
            SELECT item, day, figure FROM rate WHERE item = \(item.text) AND day < \(day.description)
            ORDER BY day DESC LIMIT 1
            """
        ).map(Self.rate)
    }

    package func rateBook() async throws -> RateBook {
        let day = lastDay
        return try await database.read { tx in
            let rows = try tx.rows(
                """
                SELECT r.item, r.day, r.figure FROM rate r
                JOIN (SELECT item, max(day) AS day FROM rate WHERE day <= \(day.description) GROUP BY item) newest
                    ON newest.item = r.item AND newest.day = r.day
                """)
            return RateBook(
                figures: Dictionary(
                    uniqueKeysWithValues: try rows.map { row in
                        let rate = try Self.rate(row)
                        return (rate.item, rate)
                    }))
        }
    }

    /// What a piece costs in a currency, at the newest rates that are not of a later day.
    package func quote(_ record: PieceRecord, in currency: String?, onOrBefore day: Day?) async throws -> Quote {
        let day = day ?? lastDay
        return try await database.read { try quote(record, in: currency, onOrBefore: day, tx: $0) }
    }

    private func quote(
        _ record: PieceRecord, in currency: String?, onOrBefore day: Day, tx: any Transaction
    ) throws -> Quote {
        guard let piece = record.piece else { throw InventoryError.store("piece \(record.id) is damaged") }
        return try piece.quote(in: currency, upTo: day.description) { try rate(of: $0, onOrBefore: day, tx: tx) }
    }

    /// What a sale keeps of its price: the price itself, and the rates of its day, so that no later figure alters it.
    ///
    /// A price that was agreed counts; else what is asked, which for a metal-linked piece or in another currency is
    /// the quote of the day, kept whole.
    func saleTerms(
        of record: PieceRecord, agreed: JSON?, in currency: String?, at time: Timestamp, tx: any Transaction
    ) throws -> JSON {
        let day = Day(of: time, hoursEast: 14)
        var price = agreed
        if agreed == nil, let piece = record.piece {
            if piece.isMetalLinked || currency != nil {
                let quote = try quote(record, in: currency, onOrBefore: day, tx: tx)
                return .object(["price": quote.price, "quote": quote.json, "rates": quote.rates.keptJSON])
            }
            price = piece.totalPrice.map { .object(["total": $0.json]) }
        } else if let agreed, agreed["total"] == nil,
            let total = (try? Price(json: agreed))?.total(weight: record.piece?.weight)  // it was read once already
        {
            price = agreed.setting("total", to: total.json)
        }
        let code = (price?["total"] ?? price?["perCarat"])?["currency"]?.string
        let rate = try code.flatMap { RateItem($0) }.flatMap { try self.rate(of: $0, onOrBefore: day, tx: tx) }
        return .object(["price": price, "rates": (rate.map { [$0] } ?? []).keptJSON])
    }
}

extension [DatedRate] {
    /// Nil for none: nothing is said of rates where none was used.
    package var keptJSON: JSON? { isEmpty ? nil : .array(map(\.json)) }
}
