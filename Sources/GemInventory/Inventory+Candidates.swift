import GemModel

/// Pieces that may be one: near photographs, close measurements. Candidates for a person to look at, never a finding,
/// never a case: of two stones alike most are two stones (domain §0.5).
extension Inventory {
    /// Photographs looked at for one; a flood of like pictures costs no more than these.
    private static let mostNear = 500

    /// The party's own pieces with the same photograph or a near one, the nearest first.
    func piecesNear(
        _ image: ImageRecord, in party: String, except piece: String, tx: any Transaction
    ) throws -> [String] {
        let same = try tx.rows(
            """
            SELECT piece_id FROM piece_image
            WHERE image = \(image.sha256) AND party_id = \(party) AND piece_id <> \(piece) ORDER BY piece_id
            """
        ).map { $0.text(0) }
        guard let likeness = image.likeness else { return same }
        let near = try photographs(near: likeness, in: .party(party), tx: tx).filter { $0.piece != piece }
        var found = Set(same)
        return same + near.map(\.piece).filter { found.insert($0).inserted }
    }

    struct NearPhotograph {
        var image: String
        var party: String
        var piece: String
        var distance: Int
    }

    /// Photographs of pieces within the limit, the nearest first.
    func photographs(near likeness: Likeness, in scope: Scope, tx: any Transaction) throws -> [NearPhotograph] {
        let probes = likeness.probes
        let list = probes.dropFirst().reduce("\(probes[0])" as SQL) { "\($0), \($1)" }
        // The join's order is written down: a few slots first, never all photographs of a party.
        var seen: Set<String> = []
        var found: [NearPhotograph] = []
        try tx.forEachRow(
            """
            SELECT l.image, l.bits, p.party_id, p.piece_id FROM likeness l CROSS JOIN piece_image p
            WHERE l.slot IN (\(list)) AND p.image = l.image AND \(scope, "p.party_id")
            """
        ) { row in
            let distance = likeness.distance(to: Likeness(bits: UInt64(bitPattern: row.int(1))))
            guard distance <= Likeness.limit, found.count < Self.mostNear,
                seen.insert(row.text(0) + row.text(2) + row.text(3)).inserted
            else { return }
            found.append(
                NearPhotograph(image: row.text(0), party: row.text(2), piece: row.text(3), distance: distance))
        }
        return found.sorted {
            ($0.distance, $0.party, $0.piece, $0.image) < ($1.distance, $1.party, $1.piece, $1.image)
        }
    }
}
