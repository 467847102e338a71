package import GemModel

/// Pieces that may be one stone, for the council to look at.
package struct Candidate: Sendable {
    package enum Likeness: Sendable {
        /// Bits in which two photographs differ.
        case photograph(distance: Int)
        case measurements(StoneTraits.Match, gap: Int64)
    }

    package struct Side: Sendable {
        package var party: String
        package var partyCode: String
        package var piece: String
        package var stockNumber: String
        package var title: String?
        package var status: String
        /// SHA-256 of the photograph that is near.
        package var image: String?
    }

    package var likeness: Likeness
    package var sides: [Side]

    package var json: JSON {
        var members: [JSON.Member]
        switch likeness {
        case .photograph(let distance):
            members = [.init("kind", "photograph"), .init("distance", .integer(distance))]
        case .measurements(let match, _):
            members = [.init("kind", "measurements"), .init("match", .string(match.rawValue))]
        }
        members.append(
            .init(
                "pieces",
                .array(
                    sides.map { side in
                        .object([
                            "piece": .string(side.piece), "party": .string(side.party),
                            "dealer": .string(side.partyCode), "stockNumber": .string(side.stockNumber),
                            "title": side.title.map(JSON.string), "status": .string(side.status),
                            "image": side.image.map(JSON.string),
                        ])
                    })))
        return .object(members)
    }
}

/// Found by looking when the council asks: nothing of this is written when a piece is registered.
extension Inventory {
    private static let candidateLimit = Duration.seconds(10)
    /// Of one piece; the nearest are kept.
    private static let mostCandidates = 500
    private static let live: SQL = "status NOT IN ('sold', 'transferred', 'destroyed')"

    /// What may be the same stone as one piece: repeats, then near photographs and close measurements, the nearest first.
    /// - Throws: `.tooCostly` after ten seconds.
    package func candidates(of record: PieceRecord) async throws -> [Candidate] {
        try await database.read(deadline: Self.candidateLimit) { tx in
            let own = try side(record.party, record.id, tx: tx)
            let measured = try measurements(near: record, own, tx: tx)
            let photographed = try photographs(near: record, own, tx: tx)
            func isRepeat(_ candidate: Candidate) -> Bool {
                if case .measurements(.repeats, _) = candidate.likeness { true } else { false }
            }
            let all = measured.filter(isRepeat) + photographed + measured.filter { !isRepeat($0) }
            return Array(all.prefix(Self.mostCandidates))
        }
    }

    private func measurements(
        near record: PieceRecord, _ own: Candidate.Side?, tx: any Transaction
    ) throws -> [Candidate] {
        guard let own, let traits = record.json.flatMap(StoneTraits.init(document:)) else { return [] }
        let low = traits.weight - StoneTraits.weightTolerance
        let high = traits.weight + StoneTraits.weightTolerance
        var found: [(party: String, piece: String, match: StoneTraits.Match, gap: Int64)] = []
        func prune() {
            found.sort { ($0.match, $0.gap, $0.party, $0.piece) < ($1.match, $1.gap, $1.party, $1.piece) }
            found.removeLast(max(0, found.count - Self.mostCandidates))
        }
        // Party by party, so that each one's index of weights serves.
        try tx.forEachRow(
            """
            SELECT p.party_id, p.id, p.doc FROM party o CROSS JOIN piece p
            WHERE p.party_id = o.id AND p.weight BETWEEN \(low) AND \(high) AND p.kind = 'stone' AND p.\(Self.live)
            """
        ) { row in
            guard row.text(0) != record.party || row.text(1) != record.id,
                // Written by us; `gemd check` reports a damaged one.
                let other = (try? JSON(parsing: row.text(2))).flatMap(StoneTraits.init(document:)),
                let match = traits.match(other)
            else { return }
            found.append((row.text(0), row.text(1), match, traits.gap(to: other)))
            if found.count > 2 * Self.mostCandidates { prune() }
        }
        prune()
        return try found.compactMap { other in
            try side(other.party, other.piece, tx: tx).map {
                Candidate(likeness: .measurements(other.match, gap: other.gap), sides: [own, $0])
            }
        }
    }

    private func photographs(
        near record: PieceRecord, _ own: Candidate.Side?, tx: any Transaction
    ) throws -> [Candidate] {
        guard let own else { return [] }
        let images = try tx.rows(
            """
            SELECT i.image, l.bits FROM piece_image i JOIN likeness l ON l.image = i.image AND l.slot < 65536
            WHERE i.party_id = \(record.party) AND i.piece_id = \(record.id) ORDER BY i.position, i.image
            """)
        var found: [Candidate] = []
        for image in images {
            let likeness = GemInventory.Likeness(bits: UInt64(bitPattern: image.int(1)))
            for near in try photographs(near: likeness, in: .all, tx: tx)
            where near.party != record.party || near.piece != record.id {
                guard let other = try side(near.party, near.piece, image: near.image, tx: tx) else { continue }
                var mine = own
                mine.image = image.text(0)
                found.append(Candidate(likeness: .photograph(distance: near.distance), sides: [mine, other]))
            }
        }
        return found.sorted { $0.distance < $1.distance }
    }

    /// Groups of live stones that agree in weight, sizes and every grade, by weight; `after` is the `next` before.
    /// - Throws: `.tooCostly` after ten seconds.
    package func repeats(
        after cursor: [String]?, limit: Int
    ) async throws -> (items: [Candidate], next: [String]?) {
        struct Enough: Error {}
        typealias Key = [String]
        return try await database.read(deadline: Self.candidateLimit) { tx in
            var groups: [Candidate] = []
            var key: Key = []
            var members: [(party: String, piece: String)] = []
            var next: Key?
            // What columns tell apart is told apart by the engine; only the rest is read.
            func finish() throws {
                defer { members = [] }
                guard members.count > 1 else { return }
                var alike: [StoneTraits: [(party: String, piece: String)]] = [:]
                var order: [StoneTraits] = []
                for member in members {
                    guard
                        let text = try tx.row(
                            "SELECT doc FROM piece WHERE id = \(member.piece) AND party_id = \(member.party)")?.text(0),
                        // Written by us; `gemd check` reports a damaged one.
                        let traits = (try? JSON(parsing: text)).flatMap(StoneTraits.init(document:))
                    else { continue }
                    if alike[traits] == nil { order.append(traits) }
                    alike[traits, default: []].append(member)
                }
                for traits in order {
                    guard let same = alike[traits], same.count > 1 else { continue }
                    groups.append(
                        Candidate(
                            likeness: .measurements(.repeats, gap: 0),
                            sides: try same.compactMap { try side($0.party, $0.piece, tx: tx) }))
                }
            }
            var condition: SQL = "kind = 'stone' AND weight IS NOT NULL AND \(Self.live)"
            if let cursor, cursor.count == 5, let weight = Int64(cursor[0]) {
                condition = """
                    \(condition) AND (weight, COALESCE(species, ''), COALESCE(shape, ''), COALESCE(colour, ''),
                        COALESCE(clarity, '')) > (\(weight), \(cursor[1]), \(cursor[2]), \(cursor[3]), \(cursor[4]))
                    """
            }
            do {
                try tx.forEachRow(
                    """
                    SELECT weight, COALESCE(species, ''), COALESCE(shape, ''), COALESCE(colour, ''), COALESCE(clarity, ''),
                        party_id, id
                    FROM piece WHERE \(condition) ORDER BY 1, 2, 3, 4, 5, 6, 7
                    """
                ) { row in
                    let here = [String(row.int(0))] + (1...4).map { row.text($0) }
                    if here != key {
                        try finish()
                        if groups.count >= limit {
                            next = key
                            throw Enough()
                        }
                        key = here
                    }
                    members.append((row.text(5), row.text(6)))
                }
                try finish()
            } catch is Enough {}
            return (groups, next)
        }
    }

    /// Near photographs of different parties' pieces, each pair once; `after` is the `next` before.
    /// - Throws: `.tooCostly` after ten seconds.
    package func nearPhotographs(
        after image: String?, limit: Int
    ) async throws -> (items: [Candidate], next: String?) {
        try await database.read(deadline: Self.candidateLimit) { tx in
            var found: [Candidate] = []
            let images = try tx.rows(
                """
                SELECT image, bits FROM likeness WHERE image > \(image ?? "") AND slot < 65536
                ORDER BY image LIMIT \(Self.mostCandidates)
                """)
            for (index, row) in images.enumerated() {
                let likeness = GemInventory.Likeness(bits: UInt64(bitPattern: row.int(1)))
                let near = try photographs(near: likeness, in: .all, tx: tx)
                let mine = near.filter { $0.image == row.text(0) }
                for one in mine {
                    for other in near where other.image > one.image && other.party != one.party {
                        guard let a = try side(one.party, one.piece, image: one.image, tx: tx),
                            let b = try side(other.party, other.piece, image: other.image, tx: tx)
                        else { continue }
                        found.append(Candidate(likeness: .photograph(distance: other.distance), sides: [a, b]))
                    }
                }
                if found.count >= limit, index < images.count - 1 { return (ranked(found), row.text(0)) }
            }
            return (ranked(found), images.count == Self.mostCandidates ? images.last?.text(0) : nil)
        }
    }

    private func ranked(_ candidates: [Candidate]) -> [Candidate] { candidates.sorted { $0.distance < $1.distance } }

    private func side(
        _ party: String, _ piece: String, image: String? = nil, tx: any Transaction
    ) throws -> Candidate.Side? {
        try tx.row(
            """
            SELECT o.code, p.stock_number, p.status, p.doc FROM piece p JOIN party o ON o.id = p.party_id
            WHERE p.id = \(piece) AND p.party_id = \(party)
            """
        ).map { row in
            Candidate.Side(
                party: party, partyCode: row.text(0), piece: piece, stockNumber: row.text(1),
                // Written by us; a damaged title is only not shown.
                title: (try? JSON(parsing: row.text(3)))?["title"]?.string, status: row.text(2), image: image)
        }
    }
}

extension Candidate {
    fileprivate var distance: Int {
        if case .photograph(let distance) = likeness { distance } else { 0 }
    }
}
