import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Logging
import ServiceLifecycle
import Synchronization

/// Puts entries into the public log, in batches, and answers when they are in it for good.
///
/// No timer: a batch begins as soon as something waits and the one before has ended, and
/// takes all that waits. One transaction appends, signs and stores the checkpoint by
/// compare-and-swap; then the anchor is written and synced; then all are answered. So
/// whoever is answered is included and anchored.
final class Sequencer: Service {
    private struct Waiting {
        /// Nil for who only waits for changes of status that are stored already.
        let append: LogAppend?
        let settle: CheckedContinuation<CertificateRecord?, any Error>
    }

    private struct State {
        var waiting: [Waiting] = []
        /// Entries whose batch met a full disk or an absent server: reserved already, so they go first later.
        var postponed: [LogAppend] = []
        var hasEnded = false
    }

    private let inventory: Inventory
    private let signing: Seal.Signing
    private let anchor: Anchor
    private let enrolments: Enrolments
    private let issuer: String
    private let answer: @Sendable (CertificateRecord, StatusChangeRecord?) throws -> Answer
    private let logger: Logger
    private let state = Mutex(State())
    /// What the last batch left; nobody else appends.
    private let known = Mutex<(LogState, TreeHead)?>(nil)
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let largestBatch = 1024
    /// Syncing the anchor blocks; it has a thread of its own.
    private let queue = DispatchQueue(label: "gemd.anchor", qos: .userInitiated)

    init(
        inventory: Inventory, signing: Seal.Signing, anchor: Anchor, enrolments: Enrolments, issuer: String,
        logger: Logger,
        answer: @escaping @Sendable (CertificateRecord, StatusChangeRecord?) throws -> Answer
    ) {
        self.inventory = inventory
        self.signing = signing
        self.anchor = anchor
        self.enrolments = enrolments
        self.issuer = issuer
        self.logger = logger
        self.answer = answer
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Appends one entry; returns when it is in the log and anchored. Nil when it was there already.
    func append(_ append: LogAppend) async throws -> CertificateRecord? { try await enter(append) }

    /// Returns when all changes of status that were committed before are in the log and anchored.
    func settle() async throws {
        if inventory.unlogged.isDue { _ = try await enter(nil) }
    }

    /// Returns when the log holds every enrolment and retirement of the file.
    func settleEnrolments() async throws {
        for entry in try await unloggedEnrolments() { _ = try await enter(entry) }
    }

    private func unloggedEnrolments() async throws -> [LogAppend] {
        var missing: [LogAppend] = []
        for entry in try enrolments.entries(issuer: issuer)
        where try await !inventory.isLogged(leaf: entry.leafHash) {
            missing.append(entry)
        }
        return missing
    }

    private func enter(_ append: LogAppend?) async throws -> CertificateRecord? {
        try await withCheckedThrowingContinuation { settle in
            let accepted = state.withLock { state in
                if !state.hasEnded { state.waiting.append(Waiting(append: append, settle: settle)) }
                return !state.hasEnded
            }
            guard accepted else {
                return settle.resume(
                    throwing: Problem(.unavailable, "gemd is stopping", hint: "send it again in a moment"))
            }
            signal.yield()
        }
    }

    /// Tries again what a full disk or an absent server has held up, if there is any.
    func retry() { if state.withLock({ !$0.postponed.isEmpty }) { signal.yield() } }

    /// Finishes what a crash left half-done: certificates with a reserved number, and an anchor one batch behind.
    func recover() async throws {
        try await bringAnchorForward()
        try await refuseLostEnrolments()
        for certificate in try await inventory.unfinishedCertificates() {
            logger.notice("finishing a certificate", metadata: ["serial": "\(certificate.serial)"])
            do {
                let append = try await Issuing.resumed(
                    certificate, inventory, signing: signing, ring: enrolments.current)
                _ = try await commit([append])
            } catch let problem as Problem where problem.code == .unavailable {
                // An outside authority is away; Finishing tries again.
                logger.warning(
                    "a certificate waits for its time stamp",
                    metadata: ["serial": "\(certificate.serial)", "reason": "\(problem.title)"])
            } catch let refusal as Issuer.Refusal {
                // Its number stays reserved and is never used again; the rest must not wait for it.
                logger.error(
                    "a certificate cannot be finished",
                    metadata: ["serial": "\(certificate.serial)", "reason": "\(refusal)"])
            }
        }
        for entry in try await unloggedEnrolments() { _ = try await commit([entry]) }
        while inventory.unlogged.isDue { _ = try await commit([]) }
    }

    /// A file that was set back would let a key approve again that was retired.
    private func refuseLostEnrolments() async throws {
        let kept = Set(try enrolments.entries(issuer: issuer).map(\.leafHash))
        guard try await inventory.leaves(ofSerial: issuer).allSatisfy(kept.contains) else {
            throw StartError(
                "\(enrolments.path) lacks an enrolment or a retirement that the log holds; restore it from the newest "
                    + "backup")
        }
    }

    func run() async throws {
        defer { end() }
        for await _ in signals.cancelOnGracefulShutdown() {
            while true {
                let (postponed, batch) = state.withLock { state in
                    let batch = Array(state.waiting.prefix(largestBatch))
                    state.waiting.removeFirst(batch.count)
                    return (state.postponed, batch)
                }
                if batch.isEmpty, postponed.isEmpty { break }
                do {
                    let issued = try await commit(postponed + batch.compactMap(\.append))
                    state.withLock { $0.postponed = [] }
                    let byNumber = Dictionary(uniqueKeysWithValues: issued.map { ($0.number, $0) })
                    for waiting in batch {
                        waiting.settle.resume(returning: waiting.append?.certificate.flatMap { byNumber[$0.number] })
                    }
                } catch {
                    // A full disk and a server's absence pass; anything else means that we no longer know the log's state.
                    guard let passing = error as? InventoryError, [.diskFull, .busy].contains(passing) else {
                        // The batch may be in the log: whoever waits must not be told that nothing was done.
                        let unknown = Problem(
                            .unavailable, "gemd stops, because the log or its anchor could not be written",
                            hint: "what was asked for may be done all the same: look at it before you ask again")
                        for waiting in batch { waiting.settle.resume(throwing: unknown) }
                        throw error
                    }
                    for waiting in batch { waiting.settle.resume(throwing: error) }
                    state.withLock { $0.postponed += batch.compactMap(\.append) }
                    break
                }
            }
        }
    }

    private func end() {
        let left = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiting in left {
            waiting.settle.resume(
                throwing: Problem(.unavailable, "gemd is stopping", hint: "send it again in a moment"))
        }
    }

    private func commit(_ appends: [LogAppend]) async throws -> [CertificateRecord] {
        let (before, head) = try await edge()
        let signing = signing
        let grown = Mutex(head)
        // Forgotten until the batch is through: after a failure the store is asked again.
        known.withLock { $0 = nil }
        let (state, issued, series, settled) = try await inventory.append(
            appends, from: before,
            entry: { change in
                let entry = LogEntry(
                    at: Date(timeIntervalSince1970: Double(change.at.microseconds / 1000) / 1000),
                    kind: .init(change.change), serial: change.serial, sha256: SHA256.hash(change.event))
                return LogAppend(serial: change.serial, data: entry.bytes, leafHash: entry.leafHash)
            },
            grow: { state, leaves in
                var head = head
                let tiles = head.append(leaves)
                grown.withLock { [head] in $0 = head }
                let note = try Checkpoint(origin: state.origin, size: head.size, root: head.root).signed(
                    by: signing.logKey)
                return LogGrowth(
                    size: head.size, root: head.root, checkpoint: note,
                    tiles: tiles.map {
                        LogGrowth.Tile(level: $0.address.level, index: $0.address.index, hashes: $0.hashes)
                    })
            }, answer: answer)
        if state != before { try await writeAnchor(state, series) }
        let edge = grown.withLock { $0 }
        known.withLock { $0 = (state, edge) }
        inventory.unlogged.settle(settled)
        return issued
    }

    /// The log's state and the right edge of its tree: from the last batch, or read from the store.
    private func edge() async throws -> (LogState, TreeHead) {
        if let known = known.withLock({ $0 }) { return known }
        // A batch whose answer was lost may be in the log without its anchor; one more would make it two.
        try await bringAnchorForward()
        let state = try await inventory.logState()
        var wanted: [(level: Int, index: Int)] = []
        var level = 0
        while state.size >> (8 * level) > 0 {
            let nodes = state.size >> (8 * level)
            if nodes % Tile.width > 0 { wanted.append((level, nodes / Tile.width)) }
            level += 1
        }
        let found = try await inventory.tiles(of: state.log, wanted)
        let edges = Dictionary(uniqueKeysWithValues: zip(wanted, found).map { ($0.0.level, $0.1 ?? []) })
        guard let head = TreeHead(size: state.size, partialTile: { edges[$0.level] ?? [] }), head.root == state.root
        else {
            throw InventoryError.store("the log's tiles do not give its root")
        }
        return (state, head)
    }

    /// Finishes a batch that was committed without its anchor.
    private func bringAnchorForward() async throws {
        if try await anchor.check(inventory) {
            try await writeAnchor(inventory.logState(), inventory.certificateSeries())
        }
    }

    /// Returns when the anchor is durable. While its disk is full the batch waits, answered to nobody:
    /// the log may be one batch ahead of its anchor, never two.
    private func writeAnchor(_ state: LogState, _ series: [String: Int]) async throws {
        let content = Anchor.Content(state, series: series)
        while true {
            do {
                let isAsLeft = try await withCheckedThrowingContinuation {
                    (done: CheckedContinuation<Bool, any Error>) in
                    queue.async { [anchor] in done.resume(with: Result { try anchor.write(content) }) }
                }
                if !isAsLeft {
                    logger.error(
                        "somebody else changed the anchor, or removed it; it was written anew",
                        metadata: ["anchor": "\(anchor.path)"])
                }
                return
            } catch let error as FileError where error.isDiskFull {
                logger.error("the anchor's disk is full; certificates wait", metadata: ["anchor": "\(anchor.path)"])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}

extension LogEntry.Kind {
    /// The log's kinds are named after the changes.
    init(_ change: StatusChange) {
        self =
            switch change {
            case .suspend: .suspend
            case .reinstate: .reinstate
            case .withdraw: .withdraw
            case .supersede: .supersede
            case .lost: .lost
            case .stolen: .stolen
            case .destroyed: .destroyed
            }
    }
}
