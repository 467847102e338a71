import Testing

@testable import GemModel

@Suite("Movements")
struct MovementTests {
    static let dubai = Movement.Counterparty(name: "Dubai Gems")
    static let shop = Movement.Counterparty(party: "p-1", name: "Sarafa Shop")
    static let other = Movement.Counterparty(party: "p-2", name: "Sarafa Shop")

    @Test("every status a movement gives a piece is a code of the list", arguments: Movement.Kind.allCases)
    func statuses(kind: Movement.Kind) {
        for state in Movement.State.allCases {
            #expect(PieceStatus(rawValue: Movement(kind: kind, state: state).pieceStatus) != nil)
        }
    }

    /// What is in force, what comes next, and whether that may be.
    static let cases: [(inForce: Movement, next: Movement, isAllowed: Bool)] = [
        (Movement(kind: .hold, to: dubai), Movement(kind: .sale, to: dubai), true),
        (Movement(kind: .hold, to: dubai), Movement(kind: .memo, to: .init(name: "DUBAI GEMS")), true),
        (Movement(kind: .hold, to: dubai), Movement(kind: .sale, to: shop), false),
        (Movement(kind: .hold, to: dubai), Movement(kind: .sale), false),
        (Movement(kind: .hold, to: dubai), Movement(kind: .hold, to: dubai), false),
        (Movement(kind: .hold), Movement(kind: .sale, to: dubai), false),
        (Movement(kind: .memo, to: shop), Movement(kind: .sale), true),
        (Movement(kind: .memo, to: shop), Movement(kind: .sale, to: shop), true),
        (Movement(kind: .memo, to: shop), Movement(kind: .sale, to: other), false),
        (Movement(kind: .memo, to: shop), Movement(kind: .hold, to: dubai), false),
        (Movement(kind: .memo, to: shop), Movement(kind: .stolen), true),
        (Movement(kind: .ownership, state: .pending, to: shop), Movement(kind: .sale, to: shop), false),
        (Movement(kind: .ownership, state: .open, to: shop), Movement(kind: .stolen), false),
        (Movement(kind: .sale, to: shop), Movement(kind: .memo, to: shop), false),
        (Movement(kind: .stolen), Movement(kind: .sale), false),
        (Movement(kind: .stolen), Movement(kind: .destroyed), true),
        (Movement(kind: .destroyed), Movement(kind: .lost), false),
        (Movement(kind: .hold, state: .closed), Movement(kind: .sale), true),
    ]

    @Test("a piece goes only to whom it was promised", arguments: cases)
    func conflicts(inForce: Movement, next: Movement, isAllowed: Bool) {
        #expect((inForce.conflict(with: next) == nil) == isAllowed)
    }

    @Test("a hold binds until its time and not after")
    func lapse() {
        let hold = Movement(kind: .hold, until: Timestamp(microseconds: 100))

        #expect(!hold.hasLapsed(at: Timestamp(microseconds: 99)))
        #expect(hold.hasLapsed(at: Timestamp(microseconds: 100)))
        #expect(!Movement(kind: .memo, until: Timestamp(microseconds: 100)).hasLapsed(at: Timestamp(microseconds: 101)))
    }

    @Test("a new owner learns nothing of price, cost, place or private notes")
    func handedOver() throws {
        let piece = try Piece(
            document: JSON(
                parsing: """
                    {"kind":"stone","stockNumber":"R-17","title":"t","location":"safe","notes":{"public":"a","private":"b"},
                     "cost":{"total":{"amount":"1.00","currency":"USD"}},"price":{"total":{"amount":"2.00","currency":"USD"}},
                     "stone":{"species":"beryl","weightCt":"1.58"}}
                    """))

        #expect(
            piece.handedOver.jsonText
                == #"{"kind":"stone","title":"t","notes":{"public":"a"},"stone":{"species":"beryl","weightCt":"1.58"}}"#
        )
    }
}
