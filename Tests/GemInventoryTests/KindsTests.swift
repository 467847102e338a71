import Foundation
import GemModel
import RandomPieces
import Synchronization
import Testing

@testable import GemInventory

@Suite("Pieces of every kind in the store")
struct KindsTests {
    private static let documents:
        [(kind: String, text: String, species: String, shape: String?, colour: String?, weight: Int64)] = [
            (
                "stone",
                #""stone":{"species":"beryl","shape":"OV","colour":{"text":"green"},"weightCt":{"value":"1.580","basis":"measured"}}"#,
                "beryl", "OV", "green", 158_000
            ),
            (
                "rough", #""rough":{"species":"topaz","weightG":"12.50","pieces":3,"colour":{"text":"pink"}}"#, "topaz",
                nil, "pink", 6_250_000
            ),
            (
                "pearl",
                #""pearl":{"identification":"bead_cultured","shape":"near_round","bodyColour":"cream","weightCt":"4.2"}"#,
                "pearl", "near_round", "cream", 420_000
            ),
            (
                "pair",
                #""pair":{"species":"corundum","shape":"OV","totalWeightCt":"2.10","separable":{"value":false,"basis":"declared"}}"#,
                "corundum", "OV", nil, 210_000
            ),
            ("set", #""set":{"species":"corundum","pieces":5,"totalWeightCt":"9"}"#, "corundum", nil, nil, 900_000),
            (
                "strand",
                #""strand":{"pieces":60,"lengthMm":"450.0","totalWeightCt":"300","pearl":{"shape":"round","bodyColour":"white"}}"#,
                "pearl", "round", "white", 30_000_000
            ),
            (
                "parcel",
                #""parcel":{"species":"corundum","pieces":120,"totalWeightCt":"36.40","sizeRange":{"min":"2.0","max":"2.5"}}"#,
                "corundum", nil, nil, 3_640_000
            ),
            (
                "specimen", #""specimen":{"species":"topaz","weightCt":"2050","matrix":"albite"}"#, "topaz", nil, nil,
                205_000_000
            ),
        ]

    @Test("come back as they were sent, are counted and are found by weight", arguments: Engine.allCases)
    func kept(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try self.inventory(store)
        let actor = Actor(party: "p", member: "m")
        for (index, document) in Self.documents.enumerated() {
            let text = "{\"kind\":\"\(document.kind)\",\"stockNumber\":\"K-0\(index)\",\(document.text)}"
            let draft = try Draft(document: JSON(parsing: text))
            _ = try await inventory.register(draft, in: "p", by: actor, key: nil) { _ in Answer(status: 201, body: "") }

            let kept = try await inventory.piece(.stock("k-0\(index)"), in: .party("p"))
            #expect(kept?.document == text)

            var search = PieceSearch()
            search.terms = [.kind: document.kind, .species: document.species]
            search.terms[.shape] = document.shape
            search.terms[.colour] = document.colour
            search.weight = document.weight...document.weight
            let found = try await inventory.search(search, in: .party("p"))
            #expect(found.pieces.map(\.stockNumber) == ["K-0\(index)"])
        }

        var all = PieceSearch()
        all.facets = [.kind, .species]
        let page = try await inventory.search(all, in: .party("p"))
        #expect(page.facets[0].counts.map(\.count) == Array(repeating: 1, count: Self.documents.count))
        #expect(
            page.facets[1].counts.map { "\($0.code) \($0.count)" } == ["beryl 1", "corundum 3", "pearl 2", "topaz 2"])
    }

    @Test("a patch changes only what it names", arguments: Engine.allCases)
    func patched(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try self.inventory(store)
        let actor = Actor(party: "p", member: "m")
        for (index, document) in Self.documents.enumerated() {
            let before = try JSON(
                parsing: "{\"kind\":\"\(document.kind)\",\"stockNumber\":\"K-0\(index)\",\(document.text)}")
            _ = try await inventory.register(
                try Draft(document: before), in: "p", by: actor, key: nil
            ) { _ in Answer(status: 201, body: "") }
            let patch = try JSON(
                parsing:
                    "{\"title\":\"زمرد\",\"\(document.kind)\":{\"comments\":\"seen\",\"treatments\":[{\"code\":\"NT\"}]}}"
            )

            _ = try await inventory.change(
                .stock("k-0\(index)"), in: .party("p"), by: actor, ifVersion: 1, patch: patch, key: nil
            ) { _ in
                Answer(status: 200, body: "")
            }

            let after = try #require(try await inventory.piece(.stock("k-0\(index)"), in: .party("p")))
            #expect(try after.json?.canonical() == before.merging(patch).canonical())
            #expect(after.version == 2)
        }
    }

    @Test(
        "some hundred random pieces come back byte for byte, and after a patch as the merge patch says",
        arguments: Engine.allCases)
    func random(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try self.inventory(store)
        let actor = Actor(party: "p", member: "m")
        var random = RandomPiece(seed: 20_261_122)
        var documents: [(stock: String, document: JSON)] = []
        for kind in Piece.Kind.allCases {
            for round in 0..<30 {
                let stock = "\(kind.rawValue.prefix(6))-\(round)"
                documents.append((stock, random.piece(kind, stockNumber: stock)))
            }
        }
        // Half one by one, half in one commit.
        for (_, document) in documents.prefix(135) {
            _ = try await inventory.register(try Draft(document: document), in: "p", by: actor, key: nil) { _ in
                Answer(status: 201, body: "")
            }
        }
        let drafts = try documents.dropFirst(135).map { try Draft(document: $0.document) }
        for result in try await inventory.register(drafts, in: "p", by: actor, dryRun: false) { _ = try result.get() }

        var patches = 0
        for (stock, document) in documents {
            let name = PieceName.stock(stock.lowercased())
            let kept = try #require(try await inventory.piece(name, in: .party("p")))
            #expect(kept.document == document.text)
            #expect(try kept.piece?.json.canonical() == document.canonical())
            // Two of them may have drawn one report number; that is told apart from what a piece's own facts say.
            let own = kept.attachedJSON?["findings"]?.elements?.filter {
                !Finding.isOfConflict(code: $0["code"]?.string)
            }
            #expect(own?.count == kept.piece?.findings.count)

            // Every other member is taken away, and the block of another piece of the kind is laid over it.
            let kind = document["kind"]?.string ?? ""
            var block = random.piece(Piece.Kind(rawValue: kind) ?? .stone, stockNumber: stock)[kind]?.members ?? []
            for (index, member) in (document[kind]?.members ?? []).enumerated() where index % 2 == 0 {
                block.removeAll { $0.name == member.name }
                block.append(.init(member.name, .null))
            }
            let patch = JSON.object([.init("title", "زمرد"), .init(kind, .object(block))])
            let merged = document.merging(patch)
            // Two readings laid side by side may contradict each other; then the patch is refused, whole.
            guard (try? Piece(document: merged)) != nil else { continue }
            patches += 1
            _ = try await inventory.change(
                name, in: .party("p"), by: actor, ifVersion: kept.version, patch: patch, key: nil
            ) { _ in Answer(status: 200, body: "") }

            let after = try #require(try await inventory.piece(name, in: .party("p")))
            #expect(try after.json?.canonical() == merged.canonical())
            #expect(after.version > kept.version)
        }

        #expect(patches > documents.count / 2)
        #expect(try await inventory.pieceFindings() == [])
    }

    private func inventory(_ store: OpenStore) throws -> Inventory {
        let clock = Mutex<Int64>(1_800_000_000_000_000)
        return Inventory(
            database: store.database, blobs: try LocalBlobs(directory: store.directory + "/blobs"),
            now: {
                Timestamp(
                    microseconds: clock.withLock {
                        $0 += 1000
                        return $0
                    })
            },
            random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })
    }
}
