import GemModel
import Testing

@testable import GemInventory

@Suite("Rates in the store")
struct RatesTests {
    private static func dollars(_ rate: String) throws -> DayRates {
        DayRates([.currency("USD"): .currency(try Rate(rate))])
    }

    private static func opened(_ store: OpenStore) async throws -> (inventory: Inventory, council: Actor) {
        let inventory = try store.inventory()
        let party = try await inventory.add(kind: .council, name: "Council", nameUr: nil, code: "COUNCIL", by: nil)
        return (inventory, Actor(party: party.id, member: "gemd"))
    }

    @Test("each figure is the newest of its own day or before", arguments: Engine.allCases)
    func lookUp(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, council) = try await Self.opened(store)
        let gold = try RateFigure(
            JSON(parsing: #"{"amount":"432100","currency":"PKR","per":"tola_11.664","finenessPermille":"999"}"#),
            of: .metal(.gold))
        let days = try ["2026-08-01", "2026-08-10", "2026-08-20"].map { try Day($0) }
        _ = try await inventory.setRates(
            DayRates([.currency("USD"): .currency(try Rate("280")), .metal(.gold): gold]), on: days[0], by: council,
            ifVersion: nil)
        _ = try await inventory.setRates(Self.dollars("281"), on: days[2], by: council, ifVersion: nil)
        _ = try await inventory.setRates(Self.dollars("279.5"), on: days[1], by: council, ifVersion: nil)

        let book = try await inventory.rateBook()
        let between = try await inventory.rates(onOrBefore: Day("2026-08-15"))

        #expect(book.rate(of: .currency("USD"))?.day == days[2] && book.rate(of: .metal(.gold))?.figure == gold)
        #expect(book.rate(of: .metal(.silver)) == nil)
        #expect(between?.day == days[1])
        #expect(try await inventory.rates(onOrBefore: Day("2026-07-31")) == nil)
        let page = try await inventory.rates(from: days[0], to: days[2], before: days[2], limit: 2)
        #expect(page.map(\.day) == [days[1], days[0]] && page[1].rates.figures.count == 2)
    }

    @Test("of many who enter one day at once one wins, and the others are told", arguments: Engine.allCases)
    func together(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, council) = try await Self.opened(store)
        let day = try Day("2026-08-01")

        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 1...32 {
                group.addTask {
                    do {
                        return try await inventory.setRates(
                            Self.dollars("28\(number)"), on: day, by: council, ifVersion: nil
                        ).isNew
                    } catch { return false }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(outcomes.filter(\.self).count == 1)
        let present = try #require(try await inventory.rates(onOrBefore: day))
        #expect(present.version == 1)
        let again = try await inventory.setRates(present.rates, on: day, by: council, ifVersion: nil)
        #expect(!again.isNew && again.record.version == 1)
        await #expect(throws: InventoryError.stale(current: 1)) {
            try await inventory.setRates(Self.dollars("1"), on: day, by: council, ifVersion: 7)
        }
        #expect(try await inventory.events(of: day.description, in: .all, after: 0, limit: 9).count == 1)
        #expect(try await inventory.eventFindings() == [])
    }
}
