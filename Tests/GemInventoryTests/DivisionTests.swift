import GemModel
import Testing

@testable import GemInventory

@Suite("Division in the store")
struct DivisionTests {
    private static func opened(_ store: OpenStore, parcels: [String]) async throws -> (Inventory, Actor, [String]) {
        let inventory = try store.inventory()
        let party = try await inventory.add(kind: .dealer, name: "Dealer", nameUr: nil, code: "DEALER", by: nil)
        let dealer = Actor(party: party.id, member: "gemd")
        var ids: [String] = []
        for number in parcels {
            let draft = try Draft(
                document: JSON(
                    parsing:
                        #"{"kind":"parcel","stockNumber":"\#(number)","parcel":{"species":"beryl","pieces":100,"totalWeightCt":"10.00"}}"#
                ))
            ids.append(
                try await inventory.register(draft, in: party.id, by: dealer, key: nil) {
                    guard case .created(let record) = $0 else { return Answer(status: 500, body: "") }
                    return Answer(status: 201, body: record.id)
                }.body)
        }
        return (inventory, dealer, ids)
    }

    @Test("of many who divide one parcel at once one wins, and nothing is weighed twice", arguments: Engine.allCases)
    func together(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer, ids) = try await Self.opened(store, parcels: ["B-4"])
        let parts = try [Part(weight: Carat("6.20")), Part(weight: Carat("3.80"))]

        let won = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    do {
                        _ = try await inventory.split(
                            .id(ids[0]), into: parts, remainder: .none, Weighing(loss: nil, reason: nil),
                            in: dealer.party, by: dealer, key: nil
                        ) { _, _ in Answer(status: 201, body: "") }
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }

        #expect(won == 1)
        let found = try await inventory.search(PieceSearch(), in: .party(dealer.party)).pieces
        #expect(found.map(\.status).sorted() == ["in_stock", "in_stock", "split"])
        #expect(found.compactMap(\.attachedJSON?["parent"]?.string) == [ids[0], ids[0]])
        let findings =
            try await inventory.pieceFindings() + inventory.movementFindings() + inventory.eventFindings()
        #expect(findings == [])
    }

    @Test("parts taken from many sides at once leave just what is left", arguments: Engine.allCases)
    func taken(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer, ids) = try await Self.opened(store, parcels: ["B-4"])
        let part = try Part(weight: Carat("0.30"), pieces: Count(3))

        let taken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do {
                        _ = try await inventory.split(
                            .id(ids[0]), into: [part], remainder: .left, Weighing(loss: nil, reason: nil),
                            in: dealer.party, by: dealer, key: nil
                        ) { _, _ in Answer(status: 201, body: "") }
                        return 1
                    } catch { return 0 }
                }
            }
            return await group.reduce(0, +)
        }

        #expect(taken == 33)
        let rest = try #require(try await inventory.piece(.id(ids[0]), in: .all)?.piece)
        #expect(rest.weight?.description == "0.10" && rest.count == 1)
        #expect(
            try await inventory.lineage(of: inventory.piece(.id(ids[0]), in: .all)!, after: nil, limit: 99).count == 33)
        #expect(try await inventory.pieceFindings() + inventory.movementFindings() == [])
    }

    @Test("two parcels put into each other at once do not both vanish", arguments: Engine.allCases)
    func merged(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer, ids) = try await Self.opened(store, parcels: ["B-4", "B-5"])

        let won = await withTaskGroup(of: Int.self) { group in
            for (one, other) in [(0, 1), (1, 0)] {
                group.addTask {
                    do {
                        _ = try await inventory.merge(
                            [.id(ids[one])], into: .id(ids[other]), weight: nil, pieces: nil, facts: .object([]),
                            Weighing(loss: nil, reason: nil), in: dealer.party, by: dealer, key: nil
                        ) { _ in Answer(status: 200, body: "") }
                        return 1
                    } catch { return 0 }
                }
            }
            return await group.reduce(0, +)
        }

        #expect(won == 1)
        let found = try await inventory.search(PieceSearch(), in: .party(dealer.party)).pieces
        #expect(found.map(\.status).sorted() == ["in_stock", "merged"])
        #expect(found.first { $0.status == "in_stock" }?.piece?.weight?.description == "20.00")
        #expect(try await inventory.pieceFindings() + inventory.movementFindings() == [])
    }
}
