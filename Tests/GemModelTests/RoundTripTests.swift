import RandomPieces
import Testing

@testable import GemModel

@Suite("What a client writes comes back")
struct RoundTripTests {
    @Test("a random piece is read and written as it was", arguments: Piece.Kind.allCases)
    func roundTrip(kind: Piece.Kind) throws {
        var random = RandomPiece(seed: 20_261_121)
        for round in 0..<150 {
            let document = random.piece(kind, stockNumber: "T-\(round)")

            let (piece, text) = try Piece.reading(document: document)

            // Kept as it came, byte for byte; made again from the model, the same but for the order of members.
            #expect(text == document.text)
            #expect(try piece.json.canonical() == document.canonical())
            _ = piece.findings
            _ = piece.searchTerms
            _ = piece.disclosedStones { _ in nil }
        }
    }

    @Test("a patch changes what it names and nothing else", arguments: Piece.Kind.allCases)
    func patch(kind: Piece.Kind) throws {
        var random = RandomPiece(seed: 7)
        for round in 0..<60 {
            let before = random.piece(kind, stockNumber: "T-1")
            var patch = random.piece(kind, stockNumber: "T-2")
            // Every other member is taken away instead.
            if round % 2 == 1 {
                let members = (before[kind.rawValue]?.members ?? []).enumerated().map { index, member in
                    index % 2 == 0 ? JSON.Member(member.name, .null) : member
                }
                patch = .object([.init(kind.rawValue, .object(members))])
            }
            let merged = before.merging(patch)
            // Two readings merged side by side may contradict each other; then the patch is refused, whole.
            guard let piece = try? Piece(document: merged) else { continue }

            #expect(try piece.json.canonical() == merged.canonical())
        }
    }

    @Test("every member the dictionary knows is offered when one is misspelt")
    func memberNames() throws {
        var random = RandomPiece(seed: 3)
        var written: Set<String> = []
        for kind in Piece.Kind.allCases {
            for _ in 0..<80 { written.formUnion(random.piece(kind, stockNumber: "T-1").memberNames) }
        }

        #expect(written.subtracting(MemberNames.all) == [])
        #expect(Set(MemberNames.all).subtracting(written) == [])
        #expect(Set(MemberNames.all).count == MemberNames.all.count)
    }
}
