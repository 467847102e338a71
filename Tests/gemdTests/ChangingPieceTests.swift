import Foundation
import GemModel
import Logging
import Synchronization
import Testing

@testable import GemInventory
@testable import gemd

/// A piece that somebody changes between the words of its certificate and the number (docs/protocol.md, "Certificates").
@Suite("A piece that changes while it is certified")
struct ChangingPieceTests {
    /// A store in which something happens behind each look.
    private struct Unquiet: Database {
        let base: any Database
        let meddle: @Sendable () async throws -> Void

        var commits: CommitSignal { base.commits }

        func read<T: Sendable>(
            deadline: Duration?, _ body: @escaping @Sendable (any Transaction) throws -> T
        ) async throws -> T {
            let found = try await base.read(deadline: deadline, body)
            try await meddle()
            return found
        }

        func lookUp<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
            let found = try await base.lookUp(body)
            try await meddle()
            return found
        }

        func glance<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T? {
            let found = try await base.glance(body)
            try await meddle()
            return found
        }

        func enqueue(_ job: WriteCombiner.Job) { base.enqueue(job) }
        func integrityFindings() async throws -> [String] { try await base.integrityFindings() }
    }

    @Test(
        "it is certified as it is in the end, or not at all and no number is lost", arguments: DaemonEngine.allCases)
    func changing(engine: DaemonEngine) async throws {
        let stage = try engine.start()
        let dealer = try stage.dealer("Dealer", code: "DEALER")
        let pieces = try (1...2).map {
            try stage.register(Samples.emerald("C-\($0)"), token: dealer.token)["id"]!.string!
        }
        _ = stage.stop()
        let daemon = try await Daemon.open(
            StateDirectory(stage.state), config: Config(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let still = daemon.inventory
        let caller = try await daemon.access.caller(
            peer: .network(address: nil), authorization: "Bearer \(dealer.token)")
        let sequencer = try #require(daemon.issuing.sequencer)
        let running = Task { try await sequencer.run() }
        let changes = Mutex((made: 0, wanted: 0))
        /// Issues the declaration of a piece whose title is changed so many times meanwhile.
        func issue(_ piece: String, whileChanging wanted: Int) async throws -> JSON {
            let name = try #require(PieceName(piece))
            changes.withLock { $0 = (0, wanted) }
            let unquiet = Unquiet(base: still.database) {
                let count = changes.withLock { changes -> Int? in
                    guard changes.made < changes.wanted else { return nil }
                    changes.made += 1
                    return changes.made
                }
                guard let count, let record = try await still.piece(name, in: .party(dealer.party)) else { return }
                _ = try await still.change(
                    name, in: .party(dealer.party), by: caller.actor, ifVersion: record.version,
                    patch: .object(["title": .string("Title \(count)")]), key: nil
                ) { _ in Answer(status: 200, body: "") }
            }
            let issuing = Issuing(
                inventory: Inventory(
                    database: unquiet, blobs: still.blobs, now: still.now, random: still.random),
                seal: daemon.seal, enrolments: daemon.issuing.enrolments, sequencer: sequencer,
                issuer: daemon.issuing.issuer, country: daemon.issuing.country, publicURL: daemon.issuing.publicURL,
                logOrigin: daemon.issuing.logOrigin)
            return try await JSON(
                parsing: Array(
                    issuing.issue(
                        .declaration, of: name, by: caller, key: IdempotencyKey(key: piece, request: [1])
                    ).body.utf8))
        }
        func certificates() async throws -> Int {
            try await still.database.read { Int(try $0.row("SELECT count(*) FROM certificate")?.int(0) ?? -1) }
        }

        let changed = try await issue(pieces[0], whileChanging: 4)
        let after = try await (certificates(), still.logState().size)
        await #expect(throws: InventoryError.changing) { try await issue(pieces[1], whileChanging: .max) }
        let attempts = changes.withLock { $0.made }
        let refused = try await (certificates(), still.logState().size)
        // The same request, now that the piece is left alone.
        let calm = try await issue(pieces[1], whileChanging: 0)
        running.cancel()
        try? await running.value  // cancelled by the test

        #expect(changed["statement"]?["piece"]?["title"] == "Title 4", "\(changed.text)")
        #expect(changed["number"]?.string?.contains("-000001-") == true, "\(changed.text)")
        #expect(attempts == 5)
        #expect(refused == after && after.0 == 1, "something is left of what was not issued: \(refused)")
        #expect(calm["statement"]?["piece"]?["title"] == "Title 5", "\(calm.text)")
        #expect(calm["number"]?.string?.contains("-000002-") == true, "\(calm.text)")
    }
}
