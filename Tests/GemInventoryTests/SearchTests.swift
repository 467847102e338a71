import Foundation
import GemModel
import Testing

@testable import GemInventory

/// What a search finds, the same on every engine.
@Suite("Search on every engine")
struct SearchTests {
    private static let stones: [(number: String, text: String)] = [
        (
            "E-1",
            #""title":"Swat emerald, oval","stone":{"variety":"emerald","species":"beryl","shape":"OV","weightCt":"1.58","origin":{"country":"PK","region":"Swat"}}"#
        ),
        (
            "E-2",
            #""title":"Panjshir emerald","stone":{"variety":"emerald","species":"beryl","shape":"EM","weightCt":"2.10","origin":{"country":"AF","region":"Panjshir"}}"#
        ),
        (
            "R-1",
            #""title":"Pigeon's blood rubies","stone":{"variety":"ruby","species":"corundum","shape":"CU","weightCt":"3.01"}"#
        ),
        (
            "R-2",
            #""title":"خون کبوتر یاقوت","stone":{"variety":"ruby","species":"corundum","shape":"R","weightCt":"0.91"}"#
        ),
        (
            "D-1",
            #""title":"White diamond","notes":{"private":"oiled, says Ali"},"externalIds":[{"scheme":"GIA","id":"2141438171"}],"stone":{"species":"diamond","shape":"R","weightCt":"0.31"}"#
        ),
    ]

    private func stocked(_ engine: Engine) async throws -> (OpenStore, Inventory, Actor) {
        let store = try engine.open()
        let inventory = try store.inventory()
        let party = try await inventory.add(kind: .dealer, name: "Dealer", nameUr: nil, code: "DEALER", by: nil)
        let dealer = Actor(party: party.id, member: "gemd")
        let drafts = try Self.stones.map {
            try Draft(document: JSON(parsing: #"{"kind":"stone","stockNumber":"\#($0.number)",\#($0.text)}"#))
        }
        for result in try await inventory.register(drafts, in: dealer.party, by: dealer, dryRun: false) {
            _ = try result.get()
        }
        return (store, inventory, dealer)
    }

    private func find(_ text: String, in inventory: Inventory, _ scope: Scope) async throws -> [String] {
        var search = PieceSearch()
        search.query = try SearchQuery(text)
        search.sort = .stockNumber
        search.total = .exact
        let page = try await inventory.search(search, in: scope)
        #expect(page.total?.value == Int64(page.pieces.count))
        return page.pieces.map(\.stockNumber)
    }

    @Test(
        "finds by words of title, notes, numbers and codes, in English and Urdu",
        arguments: Engine.allCases,
        [
            ("emerald", ["E-1", "E-2"]), ("EMERALDS swat", ["E-1"]), ("ruby", ["R-1", "R-2"]),
            ("یاقوت", ["R-1", "R-2"]),
            ("\"pigeons blood\"", ["R-1"]), ("\"blood pigeon\"", []), ("خون", ["R-2"]), ("panj*", ["E-2"]),
            ("emerald -panjshir", ["E-1"]), ("panjshir OR diamond", ["D-1", "E-2"]), ("2141438171", ["D-1"]),
            ("round", ["D-1", "R-2"]), ("زمرد", ["E-1", "E-2"]), ("panna", ["E-1", "E-2"]), ("پاکستان", ["E-1"]),
            ("e-1", ["E-1"]), ("ali", ["D-1"]), ("sapphire", []), ("OR-1 OR ruby", ["R-1", "R-2"]),
            ("' & | ! ( ) : * <-> \\ ruby", ["R-1", "R-2"]), ("ruby AND NOT NEAR", []),
        ] as [(String, [String])])
    func finds(engine: Engine, example: (text: String, numbers: [String])) async throws {
        let (store, inventory, dealer) = try await stocked(engine)

        #expect(try await find(example.text, in: inventory, .party(dealer.party)) == example.numbers)
        #expect(try await find(example.text, in: inventory, .all) == example.numbers)
        withExtendedLifetime(store) {}
    }

    @Test("follows changes and removals, and keeps to its party", arguments: Engine.allCases)
    func changes(engine: Engine) async throws {
        let (store, inventory, dealer) = try await stocked(engine)
        let other = try await inventory.add(kind: .dealer, name: "Other", nameUr: nil, code: "OTHER", by: nil)
        let name = try #require(PieceName("stock:E-1"))

        _ = try await inventory.change(
            name, in: .party(dealer.party), by: dealer, ifVersion: 1,
            patch: JSON(parsing: #"{"title":"Mingora beauty","stone":{"variety":null,"origin":null}}"#), key: nil
        ) { Answer(status: 200, body: $0.document) }
        #expect(try await find("swat", in: inventory, .party(dealer.party)) == [])
        #expect(try await find("mingora", in: inventory, .party(dealer.party)) == ["E-1"])
        #expect(try await find("mingora", in: inventory, .party(other.id)) == [])

        try await inventory.remove(name, in: .party(dealer.party), by: dealer, ifVersion: 2)
        #expect(try await find("mingora OR beryl", in: inventory, .party(dealer.party)) == ["E-2"])
        withExtendedLifetime(store) {}
    }

    @Test("filters by origin, and gives the same pages by either plan", arguments: Engine.allCases)
    func plans(engine: Engine) async throws {
        let (store, inventory, dealer) = try await stocked(engine)
        var search = PieceSearch()
        search.origin = ["swat"]
        #expect(try await inventory.search(search, in: .all).pieces.map(\.stockNumber) == ["E-1"])

        for text in ["emerald OR ruby", "swat", "r* -ruby", "emerald"] {
            for sort in PieceSearch.Sort.allCases {
                var search = PieceSearch()
                search.query = try SearchQuery(text.replacing("r* ", with: "ru* OR emerald "))
                search.terms = [.kind: "stone"]
                search.sort = sort
                search.limit = 2
                let both = try await store.database.read { [search] tx in
                    try [PieceSearch.Plan.walking, .fullText].map { plan in
                        try tx.rows(search.page(.party(dealer.party), plan, tx.dialect)).map { $0.text(0) }
                    }
                }
                #expect(both[0] == both[1], "\(text) by \(sort)")
            }
        }
    }

    @Test("a store of before there was full text finds its pieces after the upgrade", arguments: Engine.allCases)
    func upgrade(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        try await store.database.write { tx in
            for table in Schema.tables.reversed() { try tx.run("DROP TABLE \(table.name)") }
            if tx.dialect == .sqlite { try tx.run("DROP TABLE piece_text") }
            try tx.run("DROP TABLE schema_version")
            try Schema.migrate(tx, to: 1)
            for (index, stone) in Self.stones.enumerated() {
                let text = #"{"kind":"stone","stockNumber":"\#(stone.number)",\#(stone.text)}"#
                try tx.run(
                    """
                    INSERT INTO piece (party_id, id, stock_number, stock_key, kind, status, version, created, updated, doc, attached)
                    VALUES ('p', \("id\(index)"), \(stone.number), \(stone.number.lowercased()), 'stone', 'in_stock', 1,
                        \(100 - index), 1, \(text), '{}')
                    """)
                try tx.run(
                    "INSERT INTO event (party_id, seq, subject, data, hash) VALUES ('p', \(index + 1), 's', '{}', \([1] as [UInt8]))"
                )
            }
            try Schema.migrate(tx)
        }

        #expect(try await find("emerald", in: inventory, .party("p")) == ["E-1", "E-2"])
        let oldest = try await inventory.search(PieceSearch(), in: .all).pieces.first?.stockNumber
        #expect(oldest == "D-1")
        #expect(try await store.database.read { try $0.row("SELECT count(*) FROM event")?.int(0) } == 5)
    }
}
