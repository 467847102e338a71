import Foundation
import GemModel
import Testing

@testable import GemInventory

/// What an import promises its callers, on every engine.
@Suite("Imports on every engine")
struct ImportTests {
    static func begin(
        _ inventory: Inventory, _ kind: ImportRecord.Kind, by actor: Actor, sha256: String = "a", rows: Int = 3
    ) async throws -> ImportRecord {
        try await inventory.beginImport(
            kind, sha256: sha256, options: "{}", rows: rows, document: .object(["encoding": "UTF-8"]), in: actor.party,
            by: actor)
    }

    static func rows(
        _ stock: [String], title: String = "Stone", from: Int = 2, references: [String?] = []
    ) throws -> [ImportRow<Draft>] {
        try stock.enumerated().map { index, number in
            ImportRow(
                number: from + index, cells: [number],
                reference: index < references.count ? references[index] : nil,
                thing: try OpenStore.draft(number, title: title))
        }
    }

    static func party(_ text: String, personal: PersonalData?, _ inventory: Inventory) throws -> PartyDraft {
        try PartyDraft(document: JSON(parsing: text), id: inventory.freshID(), personal: personal)
    }

    @Test("pieces are registered, left or changed by their reference, and undone", arguments: Engine.allCases)
    func pieces(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.fill()
        let first = try await Self.begin(inventory, .pieces, by: dealer)
        let refusal: @Sendable ([String], ImportOutcome) -> String = { cells, _ in JSON.string(cells[0]).text }

        let made = try await inventory.importPieces(
            Self.rows(["X-1", "X-2", "X-3"], references: ["r1", "r2"]), into: first.id, in: dealer.party, by: dealer,
            refusal: refusal)
        let ended = try await inventory.endImport(first.id, in: dealer.party, by: dealer)
        let second = try await Self.begin(inventory, .pieces, by: dealer)
        let again = try await inventory.importPieces(
            Self.rows(["X-1", "X-2", "X-3"], title: "Other", references: ["r1"]), into: second.id, in: dealer.party,
            by: dealer, refusal: refusal)

        #expect(made.count { if case .created = $0 { true } else { false } } == 3)
        #expect(ended.state == .done && ended.counts.created == 3 && first.id != second.id)
        guard case .changed(_, "X-1", let changes) = again[0], case .refused(.duplicate, let differing) = again[1]
        else {
            Issue.record("\(again)")
            return
        }
        #expect(changes == [Change(field: "title", before: "Stone", after: "Other")] && differing == changes)
        let refused = try await inventory.refusedRows(of: second, after: 0, limit: 9)
        #expect(refused.map(\.row) == [3, 4] && refused[0].document == "X-2")

        let undone = try await inventory.undoImport(
            second.id, in: .party(dealer.party), personal: nil, by: dealer)
        #expect(undone.undone == 1 && undone.keptCount == 0)
        let back = try await inventory.piece(#require(PieceName("stock:X-1")), in: .party(dealer.party))
        #expect(back?.json?["title"] == "Stone" && back?.version == 3)
        // The first import's piece was changed by the second and back: that is a touch.
        let rest = try await inventory.undoImport(first.id, in: .party(dealer.party), personal: nil, by: dealer)
        #expect(rest.undone == 2 && rest.kept.map(\.name) == ["X-1"])
        #expect(try await inventory.importRecord(first.id, in: .party(dealer.party))?.state == .undone)
        #expect(try await inventory.importRecord(first.id, in: .party("other")) == nil)
        #expect(try await inventory.eventFindings() == [])
        #expect(try await inventory.pieceFindings() == [])
    }

    @Test("an interrupted import is found again; a batch of it never counts twice", arguments: Engine.allCases)
    func resumes(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.fill()
        let begun = try await Self.begin(inventory, .pieces, by: dealer)
        let batch = try Self.rows(["X-1", "X-2"])
        _ = try await inventory.importPieces(
            batch, into: begun.id, in: dealer.party, by: dealer, refusal: { _, _ in "{}" })

        let found = try await Self.begin(inventory, .pieces, by: dealer)
        let other = try await Self.begin(inventory, .pieces, by: dealer, sha256: "b")

        #expect(found.id == begun.id && found.done == 3 && found.counts.created == 2 && other.id != begun.id)
        await #expect(throws: InventoryError.self) {
            try await inventory.importPieces(
                batch, into: begun.id, in: dealer.party, by: dealer, refusal: { _, _ in "{}" })
        }
        #expect(try await inventory.importRecord(begun.id, in: .all)?.counts.all == 2)
    }

    @Test("parties are found again by reference, card and telephone; cards stay sealed", arguments: Engine.allCases)
    func parties(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.fill()
        let personal = PersonalData(secret: [1, 2, 3])
        let texts = [
            #"{"kind":"dealer","name":"A","cnic":"17301-1234567-1","phone":"+923001234567","ntn":"77","bank":{"iban":"PK36 SCBL 0000 0011 2345 6702"}}"#,
            #"{"kind":"dealer","name":"B","phone":"+923001234568"}"#, #"{"kind":"dealer","name":"C","code":"OWN"}"#,
        ]
        func rows(_ texts: [String]) throws -> [ImportRow<PartyDraft>] {
            try texts.enumerated().map { index, text in
                ImportRow(
                    number: index + 2, cells: [], reference: text.contains("OWN") ? "own" : nil,
                    thing: try Self.party(text, personal: personal, inventory))
            }
        }
        func bring(_ texts: [String], _ sha256: String) async throws -> (String, [ImportOutcome]) {
            let record = try await Self.begin(inventory, .parties, by: dealer, sha256: sha256)
            return (
                record.id,
                try await inventory.importParties(
                    rows(texts), into: record.id, in: dealer.party, personal: personal, by: dealer,
                    refusal: { _, _ in "{}" })
            )
        }

        let (id, made) = try await bring(texts, "a")
        let (_, again) = try await bring(texts, "b")
        let (_, other) = try await bring(
            [
                #"{"kind":"dealer","name":"A2","cnic":"1730112345671"}"#,
                #"{"kind":"dealer","name":"D","cnic":"17301-1234567-3","phone":"+923001234567"}"#,
                #"{"kind":"dealer","name":"C2","code":"OWN"}"#,
                #"{"kind":"dealer","name":"E","code":"DEALER","phone":"+923001234599"}"#,
            ], "c")

        #expect(made.count { if case .created = $0 { true } else { false } } == 3, "\(made)")
        #expect(again.count { if case .unchanged(_, _, []) = $0 { true } else { false } } == 3, "\(again)")
        guard case .unchanged(let first, "A1", let differing) = other[0], case .created(_, _, let alike) = other[1],
            case .changed(_, "OWN", _) = other[2], case .refused(.duplicate(field: "code", _), _) = other[3]
        else {
            Issue.record("\(other)")
            return
        }
        #expect(differing.map(\.field) == ["name"] && alike == "A1")
        let party = try #require(try await inventory.party(first))
        #expect(party.json["cnic"] == nil && party.json(opening: personal)["cnic"] == "17301-1234567-1")
        #expect(party.json(opening: personal)["ntn"] == "77")
        #expect(party.json(opening: personal)["bank"]?["iban"] == "PK36 SCBL 0000 0011 2345 6702")
        #expect(!party.json.text.contains("SCBL"))
        #expect(party.json(opening: PersonalData(secret: [9]))["cnic"] == nil)
        let undone = try await inventory.undoImport(id, in: .party(dealer.party), personal: personal, by: dealer)
        #expect(undone.undone == 2 && undone.kept.map(\.name) == ["OWN"], "\(undone)")
        #expect(try await inventory.eventFindings() == [])
    }

    @Test("a dry run shows what would be and keeps nothing", arguments: Engine.allCases)
    func dryRun(engine: Engine) async throws {
        let store = try engine.open()
        let (inventory, dealer) = try await store.fill()
        let before = try await inventory.counts().map(\.count)

        let pieces = try await inventory.importPieces(
            Self.rows(["X-1", "A-1"], references: [nil, "r"]), into: nil, in: dealer.party, by: dealer,
            refusal: { _, _ in "{}" })
        let parties = try await inventory.importParties(
            [
                ImportRow(
                    number: 2, cells: [],
                    thing: try Self.party(
                        #"{"kind":"dealer","name":"A","phone":"+92300123456"}"#, personal: nil, inventory))
            ], into: nil, in: dealer.party, personal: nil, by: dealer, refusal: { _, _ in "{}" })

        guard case .created = pieces[0], case .changed = pieces[1], case .created = parties[0] else {
            Issue.record("\(pieces) \(parties)")
            return
        }
        #expect(try await inventory.counts().map(\.count) == before)
        #expect(try await inventory.imports(in: .all, after: "", limit: 9).count == 1)
    }

    @Test(
        "the number of a card is taken in its usual spellings and never told back",
        arguments: [
            "17301-1234567-1", "1730112345671", "۱۷۳۰۱-۱۲۳۴۵۶۷-۱",
        ])
    func cards(text: String) throws {
        #expect(try CNIC(text).text == "17301-1234567-1")
        for wrong in ["", "1730112345", "17301-123456-11", "07301-1234567-1", "17301 1234567 1", "a" + text] {
            do {
                _ = try CNIC(wrong)
                Issue.record("\(wrong) was taken")
            } catch { #expect(wrong.isEmpty || !error.reason.contains(wrong)) }
        }
    }
}
