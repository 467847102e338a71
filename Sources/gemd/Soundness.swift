import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Synchronization

/// What a look at the whole state found: database, photographs, events, logs, anchor and keys.
///
/// Reads beside the daemon's own connections, table by table, with memory for what it finds and no more.
struct Soundness: Sendable {
    /// What is wrong, a line each.
    private(set) var findings: [String] = []
    /// What is right but should be known.
    private(set) var notes: [String] = []
    private var counts: [(what: String, count: Int)] = []

    var isSound: Bool { findings.isEmpty }

    /// The answer of `GET /v1/admin/check`.
    var json: JSON {
        .object([
            "sound": .bool(isSound), "findings": .array(findings.map { .string($0) }),
            "notes": .array(notes.map { .string($0) }),
            "counts": .object(counts.map { .init($0.what, .integer($0.count)) }),
        ])
    }

    /// `isServing`: a daemon goes on writing meanwhile.
    init(of state: StateDirectory, isServing: Bool) async throws {
        let database: any Database
        do {
            database = try Daemon.openDatabase(
                state.location(), named: state.databaseName, for: isServing ? .reading : .writing)
            findings = try await database.integrityFindings().map { "database: \($0)" }
        } catch let error as StartError where error.exitCode != 78 {
            // In use, or not reachable: nothing was looked at.
            throw error
        } catch {
            findings = ["database: \(error)"]
            return
        }
        guard findings.isEmpty else { return }
        let inventory = try Daemon.inventory(state, database)
        // A page that cannot be read ends one look, not all.
        func look(_ what: String, _ body: () async throws -> [String]) async -> [String] {
            do { return try await body() } catch { return ["\(what): \(error)"] }
        }
        findings += await look("events") { try await inventory.eventFindings() }
        findings += await look("pieces") { try await inventory.pieceFindings() }
        findings += await look("movements") { try await inventory.movementFindings() }
        findings += await look("cases") { try await inventory.caseFindings() }
        findings += await look("certificates") { try await inventory.certificateFindings() }
        findings += await look("certificates") { try await inventory.statusFindings() }
        findings += await look("photographs") { try await inventory.blobFindings() }
        findings += await look("log") { try await Self.logFindings(inventory) }
        findings += await look("anchor") {
            let anchor = try await Settings.anchor(inventory, state)
            _ = try await anchor.check(inventory, isServing: isServing)
            return []
        }
        var seal: Seal?
        findings += await look("keys") {
            seal = try Seal.read(state, origin: try await inventory.logState().origin)
            return []
        }
        if let seal {
            findings += await look("certificates") {
                let (found, unbound) = try await Self.signatureFindings(inventory, seal)
                notes += unbound
                return found
            }
            notes += seal.warnings(at: Date())
            if seal.signing == nil {
                notes.append(
                    "\(state.keys) is not there (a backup never holds keys); issuing is off until it is put back")
            }
        }
        if let gap = try await Gap.accepted(inventory) {
            notes.append(
                "a gap was accepted: the next `gemd serve` with keys opens the log \(gap.name.origin); until then nothing is issued"
            )
        }
        counts = try await inventory.counts()
    }

    /// Each log by itself, and each but the first as the one that closed the one before it.
    private static func logFindings(_ inventory: Inventory) async throws -> [String] {
        var findings: [String] = []
        var before: LogState?
        for log in try await inventory.logStates() {
            let found = Mutex<(head: TreeHead, leaves: [[UInt8]], findings: [String])>((TreeHead(), [], []))
            // A log that grew since it was listed: its state comes from the same snapshot as its entries.
            let state = try await inventory.forEachLeaf(of: log.log) { data, leaf in
                found.withLock { found in
                    if Merkle.leafHash(data) != leaf {
                        found.findings.append(
                            "log \(log.origin): entry \(found.head.size + found.leaves.count) was changed")
                    }
                    found.leaves.append(leaf)
                    if found.leaves.count == 4096 {
                        _ = found.head.append(found.leaves)
                        found.leaves = []
                    }
                }
            }
            found.withLock { found in
                _ = found.head.append(found.leaves)
                if found.head.size != state.size {
                    found.findings.append(
                        "log \(log.origin): \(found.head.size) entries, but its state says \(state.size)")
                }
                if found.head.root != state.root {
                    found.findings.append("log \(log.origin): the entries do not give the signed root")
                }
                findings += found.findings
            }
            if let before, try await inventory.gap(of: state)?.backup != before.known {
                findings.append("log \(log.origin): its first entry does not close \(before.origin) as it is stored")
            }
            before = state
        }
        return findings
    }

    private static func signatureFindings(
        _ inventory: Inventory, _ seal: Seal
    ) async throws -> (findings: [String], notes: [String]) {
        var findings: [String] = []
        for state in try await inventory.logStates() {
            do {
                let checkpoint = try Checkpoint(note: state.checkpoint, verifiedByOneOf: seal.logKeys)
                if checkpoint.origin != state.origin || checkpoint.size != state.size || checkpoint.root != state.root {
                    findings.append("log \(state.origin): the signed checkpoint is not of the log's state")
                }
            } catch { findings.append("log \(state.origin): the checkpoint's signature does not verify") }
        }
        let now = Date()
        let unbound = Mutex<[(number: String, words: [UInt8]?)]>([])
        findings +=
            try await inventory.forEachCertificate { certificate in
                if certificate.certificateClass.needsApprovals {
                    let words = GemCert.Draft.sha256(of: certificate.statement)
                    if certificate.draftSHA256 == nil {
                        unbound.withLock { $0.append((certificate.number, words)) }
                    } else if certificate.draftSHA256 != words {
                        return "certificate \(certificate.number): its approvals are not bound to it"
                    }
                }
                let verdict = seal.verifier.verify(
                    .init(json: certificate.statement, signature: certificate.signature), now: now)
                return verdict.outcome == .notGenuine ? "certificate \(certificate.number): \(verdict.headline)" : nil
            }
        // Where the words are bound to another number, or stand under two, the same approvals were used twice.
        var seen: Set<[UInt8]> = []
        var old: [String] = []
        for (number, words) in unbound.withLock({ $0 }) {
            if let words, seen.insert(words).inserted, try await inventory.number(boundTo: words) == nil {
                old.append(number)
            } else {
                findings.append("certificate \(number): its approvals are not bound to it")
            }
        }
        guard let first = old.first else { return (findings, []) }
        let which = old.count == 1 ? "\(first) was" : "\(old.count) reports and checks, such as \(first), were"
        return (
            findings,
            [
                "\(which) issued by an older version of gemd, which did not note for which certificate approvals were given"
            ]
        )
    }
}
