import GemCrypto
package import GemModel

/// A checked piece on its way into the store. Made outside the transaction, on any thread.
package struct Draft: Sendable {
    package var piece: Piece
    /// The client's own id, or nil for a fresh one.
    package var id: String?
    var document: String
    fileprivate var attached: String
    fileprivate var terms: SearchTerms
    fileprivate var words: String
    private(set) var parent: String?
    fileprivate var keys: [UniqueKey]
    /// Whether all that a new piece needs of the store is its row: it brings its number, and nothing is looked up for it.
    fileprivate var isPlain: Bool { id == nil && piece.stockNumber != nil && keys.isEmpty }

    /// Whether anything looks odd; only odd pieces have findings.
    package var hasFindings: Bool { !attached.hasPrefix("{\"findings\":[]") }

    /// Reads a document as a client sends it, with or without `id`.
    package init(document: JSON) throws(InvalidInput) {
        var members = document.withoutNulls.members
        if let index = members?.firstIndex(where: { $0.name == "id" }) {
            guard case .string(let text)? = members?.remove(at: index).value, let uuid = UUIDv7(text) else {
                throw InvalidInput(
                    "the id is not a UUID of version 7", hint: "make a UUIDv7, or leave the id out", field: "id")
            }
            id = uuid.description
        }
        let facts = members.map(JSON.object) ?? document
        (piece, self.document) = try Piece.reading(document: facts)
        terms = piece.searchTerms
        words = SearchWords.of(facts, piece, terms)
        // Asked of the text's members: nearly no piece has any, and then its stone is not even touched.
        let mayHaveKeys = document["externalIds"] != nil || document["stone"]?["diamond"]?["inscriptions"] != nil
        keys = mayHaveKeys ? piece.uniqueKeys : []
        let findings = piece.findings
        attached =
            "{\"findings\":" + (findings.isEmpty ? "[]" : findings.jsonText) + ",\"images\":[],\"certificates\":[]}"
    }

    /// A piece that came out of another, which it names.
    init(part document: JSON, of parent: String) throws(InvalidInput) {
        try self.init(document: document)
        attached = String(attached.utf8.dropLast())! + ",\"parent\":\"\(parent)\"}"
        self.parent = parent
    }

    /// The document with a stock number the dealer did not give.
    fileprivate func document(numbered number: StockNumber) -> String {
        guard piece.stockNumber == nil else { return document }
        var piece = piece
        piece.stockNumber = number
        return piece.jsonText
    }
}

/// What became of one registration.
package enum Registration: Sendable {
    case created(PieceRecord)
    /// It was there already, and equal.
    case unchanged(PieceRecord)
}

extension Inventory {
    /// Registers one piece. A client that sends the same id again with an equal piece gets `.unchanged`.
    /// - Throws: `.duplicate` when the stock number is taken, or the id by another piece.
    package func register(
        _ draft: Draft, in party: String, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (Registration) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                var book = try StockBook(of: party, tx: tx)
                return answer(
                    try insert(draft, into: &book, by: actor, at: now(), equalStockIsUnchanged: false, tx: tx))
            }
        }
    }

    /// Registers many pieces in one commit, each for itself; the results are in the order of the drafts.
    package func register(
        _ drafts: [Draft], in party: String, by actor: Actor, dryRun: Bool
    ) async throws -> [Result<Registration, InventoryError>] {
        struct DryRun: Error { var results: [Result<Registration, InventoryError>] }
        do {
            return try await database.write { tx in
                let time = now()
                var book = try StockBook(of: party, tx: tx)
                var results: [Result<Registration, InventoryError>] = []
                results.reserveCapacity(drafts.count)
                var rest = drafts[...]
                while let first = rest.first {
                    let plain = rest.prefix(Self.mostTogether).prefix { $0.isPlain }
                    if plain.isEmpty {
                        results.append(
                            try Self.duplicates {
                                try insert(first, into: &book, by: actor, at: time, equalStockIsUnchanged: true, tx: tx)
                            })
                    } else {
                        results += try insert(plain: plain, into: &book, by: actor, at: time, tx: tx)
                    }
                    rest = rest.dropFirst(max(1, plain.count))
                }
                if dryRun { throw DryRun(results: results) }
                return results
            }
        } catch let outcome as DryRun { return outcome.results }
    }

    /// Pieces whose rows are inserted one after the other before anything is done about any of them.
    private static let mostTogether = 256

    private static func duplicates(
        _ body: () throws -> Registration
    ) throws -> Result<Registration, InventoryError> {
        do { return .success(try body()) } catch let error as InventoryError {
            guard case .duplicate = error else { throw error }
            return .failure(error)
        }
    }

    /// The same as one by one, with fewer ways to the store.
    private func insert(
        plain drafts: ArraySlice<Draft>, into book: inout StockBook, by actor: Actor, at time: Timestamp,
        tx: any Transaction
    ) throws -> [Result<Registration, InventoryError>] {
        let party = book.party
        let first = book.lastNo + 1
        var rows: [(record: PieceRecord, words: String)] = []
        rows.reserveCapacity(drafts.count)
        let values = drafts.enumerated().map { index, draft in
            let number = draft.piece.stockNumber?.text ?? ""
            let record = PieceRecord(
                id: newID(), party: party, version: 1, status: "in_stock", at: time, stockNumber: number,
                document: draft.document, attached: draft.attached)
            rows.append((record, draft.words + book.partyWord))
            return Self.values(
                of: record, no: first + Int64(index), draft.piece, draft.terms, words: rows[index].words)
        }
        // A number of a row that was not added stays unused.
        book.lastNo += Int64(drafts.count)
        tx.notes?.lastPiece = book.lastNo
        let added = try tx.change(Self.insertion, each: values)
        return try zip(zip(drafts, rows), added).enumerated().map { index, item in
            let ((draft, row), added) = item
            return try Self.duplicates {
                guard added == 1 else { return try unchanged(row.record, in: party, tx: tx) }
                try TextIndex.add(row.words, no: first + Int64(index), tx: tx)
                try recordRegistration(of: row.record, draft, in: &book, by: actor, tx: tx)
                return .created(row.record)
            }
        }
    }

    /// Where new pieces of a party are written, for as long as one transaction lasts: what each would look up anew.
    struct StockBook {
        var events: EventChain
        fileprivate var lastNo: Int64
        fileprivate let partyWord: String
        var party: String { events.party }

        init(of party: String, tx: any Transaction) throws {
            events = try EventChain(of: party, tx: tx)
            lastNo = try tx.notes?.lastPiece ?? tx.row("SELECT max(no) FROM piece")?.optionalInt(0) ?? 0
            partyWord = SearchWords.word(ofParty: party)
        }
    }

    func insert(
        _ draft: Draft, into book: inout StockBook, by actor: Actor, at time: Timestamp, equalStockIsUnchanged: Bool,
        tx: any Transaction
    ) throws -> Registration {
        let party = book.party
        if let id = draft.id, let existing = try record(.id(id), in: .party(party), tx: tx) {
            guard try existing.hasDocument(equalTo: draft.document(numbered: try StockNumber(existing.stockNumber)))
            else {
                throw InventoryError.duplicate(field: "id", value: id)
            }
            return .unchanged(existing)
        }
        let stockNumber = try draft.piece.stockNumber ?? freeStockNumber(in: party, tx: tx)
        let text = draft.document(numbered: stockNumber)
        let made = PieceRecord(
            id: draft.id ?? newID(), party: party, version: 1, status: "in_stock", at: time,
            stockNumber: stockNumber.text, document: text, attached: draft.attached)
        // A number that gemd gave is not among the words that the document had.
        let words = draft.piece.stockNumber == nil ? draft.words + FoldedWords(stockNumber.text).text : draft.words
        guard try insert(made, of: draft.piece, draft.terms, words: words, into: &book, tx: tx) else {
            guard equalStockIsUnchanged else {
                throw InventoryError.duplicate(field: "stockNumber", value: stockNumber.text)
            }
            return try unchanged(made, in: party, tx: tx)
        }
        try recordRegistration(of: made, draft, in: &book, by: actor, tx: tx)
        guard !draft.keys.isEmpty else { return .created(made) }
        var settled = made
        try settle(&settled, keys: draft.keys, why: "", at: time, tx: tx)
        // That may have written events of its own.
        book.events = try EventChain(of: party, tx: tx)
        return .created(settled)
    }

    /// The piece that has the stock number of one which was therefore not added, when it is equal.
    private func unchanged(_ refused: PieceRecord, in party: String, tx: any Transaction) throws -> Registration {
        guard
            let existing = try record(
                .stock(try StockNumber(refused.stockNumber).folded), in: .party(party), tx: tx),
            try existing.hasDocument(equalTo: refused.document)
        else { throw InventoryError.duplicate(field: "stockNumber", value: refused.stockNumber) }
        return .unchanged(existing)
    }

    private func recordRegistration(
        of record: PieceRecord, _ draft: Draft, in book: inout StockBook, by actor: Actor, tx: any Transaction
    ) throws {
        try book.events.append(
            "piece-registered", of: record.id, by: actor, at: record.created,
            [
                "version": .integer(1), "sha256": .string(Hex.encode(SHA256.hash(Array(record.document.utf8)))),
                "parent": draft.parent.map(JSON.string),
            ], tx: tx)
    }

    /// The same for one piece among other changes of the transaction.
    func insert(
        _ draft: Draft, in party: String, by actor: Actor, at time: Timestamp, equalStockIsUnchanged: Bool,
        tx: any Transaction
    ) throws -> Registration {
        var book = try StockBook(of: party, tx: tx)
        return try insert(
            draft, into: &book, by: actor, at: time, equalStockIsUnchanged: equalStockIsUnchanged, tx: tx)
    }

    /// Writes a new piece's row and its words; its event is the caller's.
    /// - Returns: false, and nothing is written, when the party has that id or stock number already.
    func insert(
        _ record: PieceRecord, of piece: Piece, _ terms: SearchTerms, words: String, into book: inout StockBook,
        tx: any Transaction
    ) throws -> Bool {
        let words = words + book.partyWord
        let no = book.lastNo + 1
        guard try tx.add(Self.insertion, Self.values(of: record, no: no, piece, terms, words: words)) else {
            return false
        }
        book.lastNo = no
        tx.notes?.lastPiece = no
        try TextIndex.add(words, no: no, tx: tx)
        return true
    }

    private static let insertion: StaticString = """
        INSERT INTO piece (no, party_id, id, stock_number, stock_key, kind, status, species, variety, shape,
            colour, clarity, weight, price, version, created, updated, doc, attached, words)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        ON CONFLICT DO NOTHING
        """

    private static func values(
        of record: PieceRecord, no: Int64, _ piece: Piece, _ terms: SearchTerms, words: String
    ) -> [SQL.Value] {
        [
            .int(no), .text(record.party), .text(record.id), .text(record.stockNumber),
            .text(record.stockNumber.lowercased()), .text(piece.kind.rawValue), .text(record.status),
            .init(terms.species), .init(terms.variety), .init(terms.shape), .init(terms.colour),
            .init(terms.clarity), .init(terms.weight?.units), .init(piece.priceInHundredths),
            .int(record.version), .int(record.created.microseconds), .int(record.updated.microseconds),
            .text(record.document), .text(record.attached), .text(words),
        ]
    }

    /// `P-000417`: counted per party, skipping numbers the dealer gave by hand.
    func freeStockNumber(in party: String, tx: any Transaction) throws -> StockNumber {
        while true {
            let next = try nextNumber(of: "stock/" + party, tx: tx)
            let digits = String(next)
            let number = try StockNumber("P-" + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits)
            if try tx.row("SELECT 1 FROM piece WHERE party_id = \(party) AND stock_key = \(number.folded)") == nil {
                return number
            }
        }
    }

    /// The next number of a series, beginning with 1; committed with the caller's transaction.
    func nextNumber(of series: String, tx: any Transaction) throws -> Int64 {
        guard
            let row = try tx.row(
                """
                INSERT INTO series (name, next) VALUES (\(series), 1)
                ON CONFLICT (name) DO UPDATE SET next = series.next + 1 RETURNING next
                """)
        else { throw InventoryError.store("the series \(series) gave no number") }
        return row.int(0)
    }

    func record(_ name: PieceName, in scope: Scope, tx: any Transaction) throws -> PieceRecord? {
        // Who gave a piece away keeps its record under the same id; to those who see all, the owner's counts.
        let owner: SQL = scope == .all ? " ORDER BY CASE status WHEN 'transferred' THEN 1 ELSE 0 END" : ""
        return try tx.row(
            "SELECT \(PieceRecord.columns) FROM piece WHERE \(scope, "party_id") AND \(name.condition)\(owner)"
        ).map(PieceRecord.init)
    }

    package func piece(_ name: PieceName, in scope: Scope) async throws -> PieceRecord? {
        try await database.lookUp { try record(name, in: scope, tx: $0) }
    }

    /// Changes a piece by a merge patch (RFC 7396) of the version the caller saw.
    /// - Throws: `InvalidInput` when the patched piece is none, `.stale`, `.duplicate`, `.notFound`.
    package func change(
        _ name: PieceName, in scope: Scope, by actor: Actor, ifVersion: Int64, patch: JSON, key: IdempotencyKey?,
        answer: @escaping @Sendable (PieceRecord) -> Answer
    ) async throws -> Answer {
        try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                guard let record = try record(name, in: scope, tx: tx) else { throw InventoryError.notFound }
                guard record.version == ifVersion else { throw InventoryError.stale(current: record.version) }
                return answer(try change(record, by: patch, actor: actor, tx: tx))
            }
        }
    }

    /// The piece with a merge patch applied; as it was when that changes nothing.
    func change(
        _ record: PieceRecord, by patch: JSON, actor: Actor, tx: any Transaction
    ) throws -> PieceRecord {
        var record = record
        guard let before = record.json else { throw InventoryError.store("piece \(record.id) is damaged") }
        var patch = patch
        // Taking the number away would leave a piece nobody can find; it keeps the one it has.
        if patch["stockNumber"] == .null {
            patch = patch.setting("stockNumber", to: before["stockNumber"] ?? .null)
        }
        let piece = try Piece(document: before.merging(patch))
        guard let stockNumber = piece.stockNumber else {
            throw InventoryError.store("piece \(record.id) has no number")
        }
        let clash = try tx.row(
            """
            SELECT 1 FROM piece WHERE party_id = \(record.party) AND stock_key = \(stockNumber.folded) AND id <> \(record.id)
            """)
        guard clash == nil else {
            throw InventoryError.duplicate(field: "stockNumber", value: stockNumber.text)
        }
        guard piece.jsonText != record.document else { return record }
        try rewrite(&record, as: piece, by: actor, at: now(), event: "piece-changed", ["patch": patch], tx: tx)
        return record
    }

    /// Puts another document in the place of a piece's, raises its version and records it. Certificates that no longer
    /// describe the piece stop being live for it: those beyond tolerance, or all where it became another thing.
    func rewrite(
        _ record: inout PieceRecord, as piece: Piece, becameAnother: Bool = false,
        because reason: StatusReason = .measuresChanged, by actor: Actor, at time: Timestamp,
        event: String, _ members: [String: JSON?], tx: any Transaction
    ) throws {
        guard let attached = record.attachedJSON, let stockNumber = piece.stockNumber else {
            throw InventoryError.store("piece \(record.id) is damaged")
        }
        // Nobody reads the old document where nothing was certified.
        let isCertified = attached["certificates"]?.elements?.isEmpty == false
        let ended =
            isCertified && (becameAnother || record.piece.map(piece.isBeyondTolerance) ?? true)
            ? try endCertificates(of: &record, tx: tx) : []
        let terms = piece.searchTerms
        let hadKeys = record.piece.map { !$0.uniqueKeys.isEmpty } ?? false
        record.document = piece.jsonText
        guard
            let old = try tx.row("SELECT no, words FROM piece WHERE party_id = \(record.party) AND id = \(record.id)")
        else { throw InventoryError.notFound }
        let words =
            SearchWords.of(try JSON(parsing: record.document), piece, terms) + SearchWords.word(ofParty: record.party)
        record.stockNumber = stockNumber.text
        // What depends on other pieces stays until they are looked at below.
        let ofOthers = (attached["findings"]?.elements ?? []).filter {
            Finding.isOfConflict(code: $0["code"]?.string)
        }
        record.attached =
            (ended.isEmpty ? attached : record.attachedJSON ?? attached)
            .setting("findings", to: .array(piece.findings.map(\.json) + ofOthers)).text
        record.version += 1
        record.updated = time
        try TextIndex.remove(old.text(1), no: old.int(0), tx: tx)
        try TextIndex.add(words, no: old.int(0), tx: tx)
        try tx.run(
            """
            UPDATE piece SET stock_number = \(stockNumber.text), stock_key = \(stockNumber.folded),
                kind = \(piece.kind.rawValue), species = \(terms.species), variety = \(terms.variety),
                shape = \(terms.shape), colour = \(terms.colour), clarity = \(terms.clarity),
                weight = \(terms.weight?.units), price = \(piece.priceInHundredths), version = \(record.version),
                updated = \(time.microseconds), doc = \(record.document), attached = \(record.attached),
                words = \(words)
            WHERE party_id = \(record.party) AND id = \(record.id)
            """)
        try self.record(
            event, of: record.id, in: record.party, by: actor, at: time,
            [
                "version": .integer(Int(record.version)),
                "sha256": .string(Hex.encode(SHA256.hash(Array(record.document.utf8)))),
                "certificatesEnded": ended.isEmpty ? nil : .array(ended.map(JSON.string)),
            ], members, tx: tx)
        if !ended.isEmpty {
            try changeCertificates(of: &record, .suspend, because: reason, by: actor, at: time, tx: tx)
        }
        if hadKeys || !piece.uniqueKeys.isEmpty { try settle(&record, why: "changed", at: time, tx: tx) }
    }

    /// Certificates that say what the piece no longer is: none of them is live for it any more, in its own list, in
    /// searches and in feeds. Answers their numbers; the caller stores `record`, records the event and then suspends
    /// them with ``changeCertificates(of:_:because:by:at:tx:)``.
    func endCertificates(of record: inout PieceRecord, tx: any Transaction) throws -> [String] {
        guard record.status != "transferred" else { return [] }
        let speaking = try certificates(speakingOf: record, tx: tx).filter(\.isLive)
        for certificate in speaking {
            try tx.run("UPDATE certificate SET live = 0 WHERE number = \(certificate.number)")
        }
        // One whose number is only reserved ends too, and is suspended as soon as it is issued.
        try tx.run(
            """
            UPDATE certificate SET live = 0
            WHERE party_id = \(record.party) AND piece_id = \(record.id) AND state = 'reserved'
            """)
        let ended = speaking.map(\.number)
        guard !ended.isEmpty, let attached = record.attachedJSON else { return ended }
        let list = (attached["certificates"]?.elements ?? []).map { entry in
            ended.contains(entry["number"]?.string ?? "") ? entry.setting("live", to: .bool(false)) : entry
        }
        record.attached = attached.setting("certificates", to: .array(list)).text
        return ended.sorted()
    }

    /// Takes a piece out of the stock for good. Only one that nobody else relies on: without
    /// certificates, consents or lots.
    package func remove(_ name: PieceName, in scope: Scope, by actor: Actor, ifVersion: Int64) async throws {
        try await database.write { tx in
            guard let record = try record(name, in: scope, tx: tx) else { throw InventoryError.notFound }
            guard record.version == ifVersion else { throw InventoryError.stale(current: record.version) }
            if let reason = try reliance(on: record, tx: tx) { throw InventoryError.state(reason) }
            try delete(record, by: actor, tx: tx)
        }
    }

    /// Why a piece cannot be taken out of the stock; nil when nobody relies on it.
    func reliance(on record: PieceRecord, tx: any Transaction) throws -> String? {
        let reliances: [(String, SQL)] = [
            (
                "it has a certificate",
                "SELECT 1 FROM certificate WHERE party_id = \(record.party) AND piece_id = \(record.id)"
            ),
            (
                "it is consented to another party",
                "SELECT 1 FROM consent WHERE party_id = \(record.party) AND piece_id = \(record.id) AND revoked IS NULL"
            ),
            (
                "it is promised, sold or lost",
                "SELECT 1 FROM movement WHERE party_id = \(record.party) AND piece_id = \(record.id) AND state <> 'closed'"
            ),
            (
                "it came out of another piece, or another out of it",
                "SELECT 1 FROM lineage WHERE party_id = \(record.party) AND (parent_id = \(record.id) OR child_id = \(record.id))"
            ),
            (
                "stones are set in it",
                "SELECT 1 FROM movement WHERE party_id = \(record.party) AND kind = 'set' AND slip = \(record.id) AND state <> 'closed'"
            ),
            (
                "it is in a lot",
                "SELECT 1 FROM lot_piece WHERE piece_party = \(record.party) AND piece_id = \(record.id)"
            ),
        ]
        for (reason, query) in reliances where try tx.row(query) != nil { return reason }
        return nil
    }

    func delete(_ record: PieceRecord, by actor: Actor, tx: any Transaction) throws {
        var record = record
        let time = now()
        try settle(&record, keys: [], why: "removed", at: time, tx: tx)
        try tx.run("DELETE FROM piece_image WHERE party_id = \(record.party) AND piece_id = \(record.id)")
        if let old = try tx.row(
            "DELETE FROM piece WHERE party_id = \(record.party) AND id = \(record.id) RETURNING no, words")
        {
            try TextIndex.remove(old.text(1), no: old.int(0), tx: tx)
        }
        try self.record(
            "piece-removed", of: record.id, in: record.party, by: actor, at: time,
            ["stockNumber": .string(record.stockNumber)], tx: tx)
    }

    /// Pieces whose document no longer is the one their last event recorded.
    package func pieceFindings() async throws -> [String] {
        try await database.read { tx in
            var findings: [String] = []
            try tx.forEachRow("SELECT party_id, id, doc FROM piece ORDER BY id") { row in
                // The last event that changed the document; an image or a certificate leaves it as it is.
                // Asked so, SQLite takes the index of subjects; else it reads all of the party's events for each piece.
                let events = try tx.rows(
                    """
                    SELECT data FROM event WHERE party_id = \(row.text(0)) AND seq IN (
                        SELECT seq FROM event WHERE party_id = \(row.text(0)) AND subject = \(row.text(1)))
                    ORDER BY seq DESC
                    """)
                let recorded = events.lazy.compactMap { try? JSON(parsing: $0.text(0)) }  // damage is the finding
                    .first { $0["kind"]?.string?.hasPrefix("piece-") ?? false }?["sha256"]?.string
                if recorded != Hex.encode(SHA256.hash(Array(row.text(2).utf8))) {
                    findings.append("piece \(row.text(1)): its document is not the one its last event recorded")
                }
            }
            return findings
        }
    }

    /// Rewrites what gemd keeps beside a piece's document and raises its version, unless that is part of a change which
    /// did already; the caller records the event.
    func attach(
        _ member: String, _ change: ([JSON]) -> [JSON], to record: inout PieceRecord, raising: Bool = true,
        at time: Timestamp, tx: any Transaction
    ) throws {
        guard let attached = record.attachedJSON else { throw InventoryError.store("piece \(record.id) is damaged") }
        record.attached = attached.setting(member, to: .array(change(attached[member]?.elements ?? []))).text
        if raising {
            record.version += 1
            record.updated = time
        }
        try tx.run(
            """
            UPDATE piece SET attached = \(record.attached), version = \(record.version),
                updated = \(record.updated.microseconds)
            WHERE party_id = \(record.party) AND id = \(record.id)
            """)
    }
}

extension Piece {
    /// For sorting and ranges: the total in hundredths of whatever currency it is in.
    var priceInHundredths: Int64? {
        guard let price = totalPrice else { return nil }
        switch price.decimals {
        case 0: return price.minorUnits * 100
        case 3: return price.minorUnits / 10
        default: return price.minorUnits
        }
    }
}
