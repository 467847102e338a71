import GemModel
import Synchronization
import Testing

@testable import GemInventory

@Suite("Conflict cases in the store")
struct CaseTests {
    @Test("two parties that register one report at the same moment make one case", arguments: Engine.allCases)
    func together(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        let actors = try await (0..<16).asyncMap { try await inventory.dealer("PARTY\($0)") }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for actor in actors {
                group.addTask { _ = try await inventory.register(report: "GIA 2141438171", by: actor) }
            }
            try await group.waitForAll()
        }

        let cases = try await inventory.cases(nil, after: 0, limit: 99, in: .all)
        #expect(cases.map(\.number) == [1] && cases.first?.state == .open)
        #expect(cases.first?.sides.count == 16)
        #expect(try await inventory.soundness() == [])
    }

    @Test("a case shrinks and ends by itself as sides are corrected, sold and removed", arguments: Engine.allCases)
    func shrinking(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        let actors = try await ["AAAA", "BBBB", "CCCC", "DDDD"].asyncMap { try await inventory.dealer($0) }
        let pieces = try await actors.asyncMap { try await inventory.register(report: "GIA 2141438171", by: $0) }
        func findings(_ index: Int) async throws -> [String] {
            try await inventory.findings(of: pieces[index], actors[index])
        }
        #expect(try await findings(0) == ["live-elsewhere"])
        #expect(try await findings(3) == ["live-elsewhere"])

        _ = try await inventory.change(
            .id(pieces[0]), in: .party(actors[0].party), by: actors[0], ifVersion: 2,
            patch: .object(["externalIds": .null]), key: nil
        ) { _ in Answer(status: 200, body: "") }
        _ = try await inventory.begin(
            Movement(kind: .sale), of: [.id(pieces[1])], details: .object([]), in: actors[1].party, by: actors[1],
            key: nil
        ) { _ in Answer(status: 201, body: "") }
        let two = try await inventory.conflictCase(1, in: .all)
        #expect(two?.state == .open && two?.sides.filter { $0.parted == nil }.count == 2)
        #expect(try await (0..<3).asyncMap(findings) == [[], [], ["live-elsewhere"]])
        let version = try await inventory.piece(.id(pieces[2]), in: .party(actors[2].party))?.version ?? 0
        try await inventory.remove(.id(pieces[2]), in: .party(actors[2].party), by: actors[2], ifVersion: version)

        let over = try await inventory.conflictCase(1, in: .all)
        #expect(over?.state == .closed && over?.outcome == .settled)
        let reasons = Set(over?.sides.compactMap(\.reason) ?? [])
        #expect(reasons == ["changed", "sold", "removed", "settled"])
        #expect(try await findings(3) == [])
        // Back in stock: a new question.
        _ = try await inventory.takeBack([.id(pieces[1])], kinds: nil, in: actors[1].party, by: actors[1], key: nil) {
            _ in Answer(status: 201, body: "")
        }
        #expect(try await inventory.cases(.open, after: 0, limit: 9, in: .all).map(\.number) == [2])
        #expect(try await findings(3) == ["live-elsewhere"])
        #expect(try await inventory.soundness() == [])
    }

    @Test("what the council decided between pieces is not asked again, only with a new one", arguments: Engine.allCases)
    func decided(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        let actors = try await ["AAAA", "BBBB", "CCCC"].asyncMap { try await inventory.dealer($0) }
        let first = try await inventory.register(report: "GIA 2141438171", by: actors[0])
        _ = try await inventory.register(report: "GIA 2141438171", by: actors[1])

        _ = try await inventory.closeCase(1, outcome: .differentPieces, note: "n", by: actors[2], key: nil) {
            Answer(status: 200, body: $0.json(for: .all).text)
        }
        await #expect(throws: InventoryError.state("case 1 is closed")) {
            try await inventory.closeCase(1, outcome: .agreed, note: nil, by: actors[2], key: nil) {
                Answer(status: 200, body: $0.json(for: .all).text)
            }
        }
        #expect(try await inventory.findings(of: first, actors[0]) == [])
        let before = try await inventory.piece(.id(first), in: .party(actors[0].party))
        _ = try await inventory.change(
            .id(first), in: .party(actors[0].party), by: actors[0], ifVersion: before?.version ?? 0,
            patch: .object(["title": "t"]), key: nil
        ) { _ in Answer(status: 200, body: "") }
        #expect(try await inventory.cases(.open, after: 0, limit: 9, in: .all).isEmpty)

        _ = try await inventory.register(report: "GIA 2141438171", by: actors[2])
        let open = try await inventory.cases(.open, after: 0, limit: 9, in: .all)
        #expect(open.map(\.number) == [2] && open.first?.sides.count == 3)
    }

    @Test("two keys that two pieces share are one case", arguments: Engine.allCases)
    func oneCase(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        let actors = try await ["AAAA", "BBBB"].asyncMap { try await inventory.dealer($0) }
        for actor in actors { _ = try await inventory.register(report: "GIA 2141438171", tag: "E2801160", by: actor) }

        let cases = try await inventory.cases(nil, after: 0, limit: 9, in: .all)

        #expect(cases.map(\.keys.count) == [2])
    }

    @Test("one's own twin is named by its number, and no case is made of it", arguments: Engine.allCases)
    func twins(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        let dealer = try await inventory.dealer("AAAA")
        let pieces = try await (0..<3).asyncMap { _ in
            try await inventory.register(report: "GIA 21", tag: "E280", by: dealer)
        }
        func messages(_ index: Int) async throws -> [String] {
            try await inventory.messages(of: pieces[index], dealer)
        }

        #expect(try await messages(0) == ["P-000002 has the same tag"])
        #expect(try await messages(2) == ["P-000001 has the same tag"])
        #expect(try await inventory.cases(nil, after: 0, limit: 9, in: .all).isEmpty)
        let version = try await inventory.piece(.id(pieces[2]), in: .all)?.version ?? 0
        try await inventory.remove(.id(pieces[2]), in: .all, by: dealer, ifVersion: version)
        _ = try await inventory.begin(
            Movement(kind: .sale), of: [.id(pieces[1])], details: .object([]), in: dealer.party, by: dealer, key: nil
        ) { _ in Answer(status: 201, body: "") }
        #expect(try await messages(0) == [])
    }

    @Test("a piece without keys has no row, and a photograph is a key", arguments: Engine.allCases)
    func rows(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, _) = try await store.fill()
        let rows = try await store.database.read { tx in
            try tx.rows("SELECT kind, count(*) FROM piece_key GROUP BY kind ORDER BY kind").map {
                "\($0.text(0)) \($0.int(1))"
            }
        }

        #expect(rows == ["photograph 1", "report 2"])
        #expect(try await inventory.caseFindings() == [])
    }
}

extension Inventory {
    func soundness() async throws -> [String] {
        try await caseFindings() + eventFindings() + pieceFindings() + movementFindings()
    }

    /// A party of its own, and one who acts for it.
    func dealer(_ code: String) async throws -> Actor {
        let party = try await add(kind: .dealer, name: code, nameUr: nil, code: code, by: nil)
        return Actor(party: party.id, member: "m")
    }

    func register(report: String, tag: String? = nil, by actor: Actor) async throws -> String {
        let words = report.split(separator: " ").map { JSON.string(String($0)) }
        let ids =
            [JSON.object(["scheme": words[0], "id": words[1]])]
            + (tag.map { [.object(["scheme": "RFID", "id": .string($0)])] } ?? [])
        let draft = try Draft(
            document: .object(["kind": "stone", "stone": .object(["species": "beryl"]), "externalIds": .array(ids)]))
        return try await register(draft, in: actor.party, by: actor, key: nil) {
            Answer(status: 201, body: $0.record.id)
        }.body
    }

    private func found(_ member: String, of piece: String, _ actor: Actor) async throws -> [String] {
        let record = try await self.piece(.id(piece), in: .party(actor.party))
        return (record?.attachedJSON?["findings"]?.elements ?? []).compactMap { $0[member]?.string }
    }

    func findings(of piece: String, _ actor: Actor) async throws -> [String] {
        try await found("code", of: piece, actor)
    }
    func messages(of piece: String, _ actor: Actor) async throws -> [String] {
        try await found("message", of: piece, actor)
    }
}
