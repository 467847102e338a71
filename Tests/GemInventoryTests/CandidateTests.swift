import Foundation
import GemModel
import Testing

@testable import GemInventory

@Suite("Candidates in the store")
struct CandidateTests {
    static func stone(_ members: String) throws -> Draft {
        try Draft(document: JSON(parsing: #"{"kind":"stone","stone":{"species":"diamond","shape":"R",\#(members)}}"#))
    }

    private func register(_ draft: Draft, _ inventory: Inventory, by actor: Actor) async throws -> String {
        try await inventory.register(draft, in: actor.party, by: actor, key: nil) {
            Answer(status: 201, body: $0.record.id)
        }.body
    }

    private static func size(_ length: String) -> String {
        #""measurementsMm":{"length":"\#(length)","width":"5.0","depth":"3.1"}"#
    }

    @Test("what is like a piece is ranked: repeats, then close ones, then nothing more", arguments: Engine.allCases)
    func ranked(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        let actors = try await ["AAAA", "BBBB"].asyncMap { try await inventory.dealer($0) }
        let grades = #""diamond":{"colour":"G","tablePct":"57"}"#
        let texts = [
            #""weightCt":"0.50",\#(Self.size("5.1")),\#(grades)"#,
            // Closer than the next, and written otherwise but the same as the first.
            #""weightCt":"0.51",\#(Self.size("5.12")),\#(grades)"#,
            #""weightCt":"0.50",\#(Self.size("5.11")),\#(grades)"#,
            #""weightCt":{"value":"0.500","basis":"measured"},\#(Self.size("5.10")),"diamond":{"colour":"G","tablePct":"57.0"}"#,
            #""weightCt":"0.50",\#(Self.size("5.1")),"diamond":{"colour":"H","tablePct":"57"}"#,
            #""weightCt":"0.52",\#(Self.size("5.1")),\#(grades)"#,
            #""weightCt":"0.50",\#(Self.size("5.13")),\#(grades)"#,
            #""weightCt":"0.50",\#(grades)"#,
        ]
        var pieces: [String] = []
        for (index, text) in texts.enumerated() {
            pieces.append(try await register(Self.stone(text), inventory, by: actors[index % 2]))
        }
        let record = try #require(try await inventory.piece(.id(pieces[0]), in: .party(actors[0].party)))

        let found = try await inventory.candidates(of: record)

        #expect(found.map { $0.sides[1].piece } == [3, 4, 2, 1].map { pieces[$0] })
        #expect(found.map { $0.json["match"]?.string } == ["repeats", "close", "close", "close"])
        let groups = try await inventory.repeats(after: nil, limit: 9)
        #expect(groups.items.map { $0.sides.map(\.piece).sorted() } == [[pieces[0], pieces[3]].sorted()])
        #expect(groups.next == nil)
    }

    @Test("near photographs: one's own at once, others' for the council alone", arguments: Engine.allCases)
    func photographs(engine: Engine) async throws {
        let store = try engine.open()
        let inventory = try store.inventory()
        let actors = try await ["AAAA", "BBBB"].asyncMap { try await inventory.dealer($0) }
        let bits: [UInt64] = [0, 0b1, 0b1_1111 << 16, 0b111_1111, ~0]
        func image(_ index: Int) -> ImageRecord {
            ImageRecord(
                sha256: String(repeating: "\(index)", count: 64), width: 9, height: 9, bytes: 9, isSuspect: false,
                derivatives: [], likeness: Likeness(bits: bits[index]))
        }
        var pieces: [String] = []
        var near: [[String]] = []
        for (index, who) in [0, 0, 1, 1, 0].enumerated() {
            let actor = actors[who]
            let piece = try await register(Self.stone(#""weightCt":"1""#), inventory, by: actor)
            pieces.append(piece)
            let answer = try await inventory.attach(
                image(index), role: "face_up", to: .id(piece), in: .party(actor.party), by: actor, key: nil)
            near.append(try JSON(parsing: answer.body)["near"]?.elements?.compactMap(\.string) ?? [])
        }

        // 0b111_1111 is 7 from 0 but 6 from 0b1, and that is another's.
        #expect(near == [[], [pieces[0]], [], [], []])
        let listed = try await inventory.nearPhotographs(after: nil, limit: 99)
        let found: [String] = listed.items.map { item in
            let numbers = item.sides.compactMap { pieces.firstIndex(of: $0.piece) }.map { String($0) }
            return "\(item.json["distance"]?.integer ?? -1) \(numbers.joined())"
        }
        #expect(found.sorted() == ["5 02", "6 12", "6 13"] && listed.next == nil)
        let record = try #require(try await inventory.piece(.id(pieces[1]), in: .party(actors[0].party)))
        let ranked = try await inventory.candidates(of: record)
        #expect(ranked.map { $0.sides[1].piece } == [0, 2, 3].map { pieces[$0] }, "\(ranked.map(\.json.text))")
        #expect(
            try await inventory.nearPhotographs(after: listed.items.isEmpty ? nil : image(0).sha256, limit: 1).items
                .count == 2)
    }

    @Test(
        "of 53,920 diamonds 10,520 repeat another, and are found",
        .enabled(if: FileManager.default.fileExists(atPath: path), "no ../shared/data/diamonds.csv beside the project"))
    func diamonds() async throws {
        let store = try Engine.sqlite.open()
        let inventory = try store.inventory()
        let actors = try await ["AAAA", "BBBB"].asyncMap { try await inventory.dealer($0) }
        let rows = try String(contentsOfFile: Self.path, encoding: .utf8).split(separator: "\n").dropFirst()
        var batch: [Draft] = []
        var count = 0
        func send() async throws {
            count += batch.count
            _ = try await inventory.register(
                batch, in: actors[count / 1000 % 2].party, by: actors[count / 1000 % 2], dryRun: false)
            batch = []
        }
        for row in rows {
            let cells = row.split(separator: ",")
            // A side of zero is no size.
            if cells[7...9].contains(where: { Double($0) == 0 }) { continue }
            batch.append(
                try Self.stone(
                    #""weightCt":"\#(cells[0])","measurementsMm":{"length":"\#(cells[7])","width":"\#(cells[8])","depth":"\#(cells[9])"},"diamond":{"colour":"\#(cells[2])","clarity":"\#(cells[3])","depthPct":"\#(cells[4])","tablePct":"\#(cells[5])"}"#
                ))
            if batch.count == 1_000 { try await send() }
        }
        try await send()

        var repeated = 0
        var cursor: [String]?
        repeat {
            let page = try await inventory.repeats(after: cursor, limit: 5_000)
            repeated += page.items.reduce(0) { $0 + $1.sides.count - 1 }
            cursor = page.next
        } while cursor != nil

        #expect(count == 53_920)
        #expect(repeated == 10_520)
    }

    static let path = SharedPhotographs.folder.appending(path: "diamonds.csv").path
}
