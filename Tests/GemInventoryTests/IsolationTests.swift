import Foundation
import GemCrypto
import GemModel
import Synchronization
import Testing

@testable import GemInventory

/// What one party sees never depends on whether another is there.
@Suite("Two parties in one store")
struct IsolationTests {
    @Test("10,000 random operations leave each with what it would see alone", arguments: Engine.allCases)
    func isolation(engine: Engine) async throws {
        let alone = try engine.open()
        let shared = try engine.open()

        var dealer = try await Dealer("AAAA", seed: 1, in: alone)
        let expected = try await dealer.run(5_000) {}
        dealer = try await Dealer("AAAA", seed: 1, in: shared)
        let other = try await Dealer("BBBB", seed: 2, in: shared)
        let seen = try await dealer.run(5_000) { try await other.step(reaching: dealer.pieces) }

        #expect(seen.count == expected.count)
        let firstDifference = zip(seen, expected).first { $0 != $1 }
        #expect(firstDifference == nil)
        #expect(other.tally.withLock { $0 } > 1_000, "the other did nothing that counts")
        #expect(try await Inventory.findings(shared) == [])
    }
}

/// A party that does whatever comes into its head, with a clock and ids of its own.
private final class Dealer: Sendable {
    private let inventory: Inventory
    private let actor: Actor
    private let dice: Mutex<Dice>
    private let known = Mutex<[String]>([])
    /// What it did successfully.
    let tally = Mutex(0)

    var pieces: [String] { known.withLock { $0 } }

    init(_ code: String, seed: UInt64, in store: OpenStore) async throws {
        let clock = Mutex<Int64>(1_800_000_000_000_000)
        let bytes = Mutex(Dice(state: seed &* 7_919))
        inventory = Inventory(
            database: store.database, blobs: try LocalBlobs(directory: store.directory + "/" + code),
            now: {
                clock.withLock {
                    $0 += 1_000
                    return Timestamp(microseconds: $0)
                }
            },
            random: { count in
                bytes.withLock { dice in (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) } }
            })
        let party = try await inventory.add(kind: .dealer, name: code, nameUr: nil, code: code, by: nil)
        actor = Actor(party: party.id, member: "m")
        dice = Mutex(Dice(state: seed))
    }

    /// Everything it was told, in order, and at the end everything it can look at.
    func run(_ count: Int, meanwhile: () async throws -> Void) async throws -> [String] {
        var told: [String] = []
        for _ in 0..<count {
            try await meanwhile()
            told.append(await words { try await self.act() })
        }
        var search = PieceSearch()
        search.limit = 500
        search.total = .exact
        search.facets = PieceSearch.Term.allCases
        for sort in PieceSearch.Sort.allCases {
            search.sort = sort
            let page = try await inventory.search(search, in: .party(actor.party))
            told += page.pieces.map { $0.text(for: .owner) }
            told.append("\(String(describing: page.total)) \(page.facets)")
        }
        var moves = Inventory.MovementSearch()
        moves.limit = 100_000
        told += try await inventory.movements(moves, of: actor.party).map(\.json.text)
        moves.direction = .in
        told += try await inventory.movements(moves, of: actor.party).map(\.json.text)
        for piece in pieces {
            told += try await inventory.events(of: piece, in: .party(actor.party), after: 0, limit: 1_000).map(\.1)
        }
        var feed = try await inventory.events(in: actor.party, after: 0)
        while !feed.lines.isEmpty {
            told += feed.lines
            feed = try await inventory.events(in: actor.party, after: feed.last)
        }
        told += try await inventory.cases(nil, after: 0, limit: 9, in: .party(actor.party)).map {
            $0.json(for: .party(actor.party)).text
        }
        return told
    }

    /// One operation, often at the other's pieces; what it is told matters to nobody.
    func step(reaching foreign: [String]) async throws {
        let reach = dice.withLock { Int.random(in: 0..<4, using: &$0) == 0 }
        if reach, let piece = dice.withLock({ foreign.randomElement(using: &$0) }) {
            let refusal = await words { try await self.act(on: piece) }
            #expect(refusal == "notFound", "\(refusal)")
        } else {
            _ = await words { try await self.act() }
        }
    }

    private func words(_ body: () async throws -> String) async -> String {
        do {
            let text = try await body()
            tally.withLock { $0 += 1 }
            return text
        } catch { return "\(error)" }
    }

    private func act(on foreign: String? = nil) async throws -> String {
        let (choice, number, own) = dice.withLock { dice in
            (
                Int.random(in: 0..<12, using: &dice), Int.random(in: 0..<400, using: &dice),
                known.withLock { $0.randomElement(using: &dice) }
            )
        }
        let party = actor.party
        guard let id = foreign ?? own, foreign != nil || choice > 2 else {
            // Numbers of reports come again within a party, never in the other: what would be a case is apart.
            let report = #""externalIds":[{"scheme":"GIA","id":"\#(party.suffix(6))\#(number % 40)"}],"#
            let document = try JSON(
                parsing: """
                    {"kind":"stone","stockNumber":"S-\(number)","title":"a stone of \(party.suffix(4))",\(number % 5 == 0 ? report : "")
                     "stone":{"species":"beryl","weightCt":"\(1 + number % 7).\(10 + number % 80)"}}
                    """)
            let answer = try await inventory.register(
                Draft(document: document), in: party, by: actor,
                key: IdempotencyKey(key: "k\(number % 50)", request: [UInt8(number % 200)])
            ) { registration in
                switch registration {
                case .created(let record), .unchanged(let record): Answer(status: 201, body: record.text(for: .owner))
                }
            }
            let made = try JSON(parsing: answer.body)["id"]?.string ?? ""
            known.withLock { if !$0.contains(made) { $0.append(made) } }
            return answer.body
        }
        let name = PieceName.id(id)
        let told: @Sendable ([MovementRecord]) -> Answer = { Answer(status: 201, body: $0[0].json.text) }
        switch choice {
        case 3:
            guard let record = try await inventory.piece(name, in: .party(party)) else { throw InventoryError.notFound }
            return record.text(for: .owner)
        case 4, 5:
            let version = try await inventory.piece(name, in: .party(party))?.version ?? 1
            return try await inventory.change(
                name, in: .party(party), by: actor, ifVersion: version,
                patch: .object(["title": .string("t\(number)")]),
                key: nil
            ) { Answer(status: 200, body: $0.text(for: .owner)) }.body
        case 6:
            let hold = Movement(
                kind: .hold, to: .init(name: "b\(number % 3)"),
                until: Timestamp(microseconds: 1_800_000_000_000_000 + Int64(number) * 40_000))
            return try await inventory.begin(
                hold, of: [name], details: .object([]), in: party, by: actor, key: nil, answer: told
            ).body
        case 7:
            let memo = Movement(kind: .memo, to: .init(name: "b\(number % 3)"), until: Timestamp(microseconds: .max))
            return try await inventory.begin(
                memo, of: [name], details: .object([]), in: party, by: actor, key: nil, answer: told
            ).body
        case 8:
            return try await inventory.takeBack([name], kinds: nil, in: party, by: actor, key: nil) {
                Answer(status: 200, body: try $0[0].get().json.text)
            }.body
        case 10, 11:
            // The other's photographs look the same; the files are each party's own.
            let file = Hex.encode(SHA256.hash(Array("\(party) \(number % 60)".utf8)))
            let image = ImageRecord(
                sha256: file, width: 9, height: 9, bytes: 9, isSuspect: false, derivatives: [],
                likeness: Likeness(bits: UInt64(number % 60) << 20))
            return try await inventory.attach(
                image, role: "face_up", to: name, in: .party(party), by: actor, key: nil
            ).body
        default:
            let version = try await inventory.piece(name, in: .party(party))?.version ?? 1
            try await inventory.remove(name, in: .party(party), by: actor, ifVersion: version)
            known.withLock { $0.removeAll { $0 == id } }
            return "removed"
        }
    }
}

extension Inventory {
    fileprivate static func findings(_ store: OpenStore) async throws -> [String] {
        let inventory = Inventory(
            database: store.database, blobs: try LocalBlobs(directory: store.directory + "/check"),
            now: { Timestamp(microseconds: 0) }, random: { [UInt8](repeating: 0, count: $0) })
        return try await inventory.eventFindings() + inventory.pieceFindings() + inventory.movementFindings()
            + inventory.caseFindings()
    }
}

/// SplitMix64: the same throws for the same seed.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
