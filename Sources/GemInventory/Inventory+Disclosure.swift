package import GemModel

extension Inventory {
    /// What a buyer must be told of a piece's stones, with the pieces set in it and the living reports behind it.
    package func disclosure(of record: PieceRecord, in language: Disclosure.Language) async throws -> Disclosure {
        guard let piece = record.piece else { throw InventoryError.store("piece \(record.id) is damaged") }
        return try await database.lookUp { tx in
            let mounted = try mounted(in: record, tx: tx)
            let living = try certificates(of: record, tx: tx).filter { $0.status == .valid }
            return Disclosure(
                of: piece.disclosedStones { mounted[$0] },
                backing: Disclosure.Backing(livingReports: living.map(\.certificateClass)), language: language)
        }
    }

    /// The pieces of the same party that a piece's list of stones names, and those that these name in turn, by the
    /// text of the reference. Empty, and without a look-up, for a piece that names none.
    func mounted(in record: PieceRecord, tx: any Transaction) throws -> [String: Piece] {
        // Nearly no piece names another; only those that may are parsed.
        guard record.document.mayReferToPieces, let piece = record.piece else { return [:] }
        var found: [String: Piece] = [:]
        var wanted = piece.references
        for _ in 0..<Piece.deepestReference {
            var next: [String] = []
            for reference in wanted where found[reference] == nil && found.count < Self.mostReferences {
                guard let name = PieceName(reference: reference),
                    let stone = try self.record(name, in: .party(record.party), tx: tx)?.piece
                else { continue }
                found[reference] = stone
                next += stone.references
            }
            wanted = next
        }
        return found
    }

    /// More than any piece holds; what lies beyond is told as unknown.
    private static let mostReferences = 1000
}

extension String {
    /// Asked of each document that is certified, exported or disclosed: the library's own search costs as much as
    /// reading it.
    fileprivate var mayReferToPieces: Bool {
        var text = self
        return text.withUTF8 { bytes in
            let name = Array(#""piece":"#.utf8)
            guard bytes.count >= name.count else { return false }
            return (0...bytes.count - name.count).contains { start in
                bytes[start] == name[0] && bytes[start + 1] == name[1] && bytes[start...].starts(with: name)
            }
        }
    }
}

extension PieceName {
    /// As a stone within a piece names another: an id, or a stock number with or without `stock:`.
    init?(reference: String) {
        self.init(reference.hasPrefix("stock:") || UUIDv7(reference) != nil ? reference : "stock:" + reference)
    }
}
