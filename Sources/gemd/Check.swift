import ArgumentParser
import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Synchronization

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check database, photographs, events, log, anchor and keys of a stopped daemon.",
        discussion: """
            EXAMPLES
              gemd check --state /var/lib/gemd

            Exit status: 0 sound, 1 findings (one line each), 75 a daemon is using the state, 78 no state.
            """)

    @OptionGroup var state: StateOption

    func run() async throws {
        let directory = state.directory
        try directory.mustBeInitialised()
        let lock = try directory.lock()
        defer { close(lock) }
        let findings = try await Self.findings(directory)
        for finding in findings { print(finding) }
        guard findings.isEmpty else { throw ExitCode(1) }
        print("\(directory.path) is sound")
    }

    /// Everything wrong with a state, a line each.
    static func findings(_ directory: StateDirectory) async throws -> [String] {
        let database: any Database
        do {
            database = try Daemon.openDatabase(directory.location(), named: directory.databaseName, for: .writing)
        } catch let error as StartError where error.exitCode != 78 {
            // In use, or not reachable: nothing was looked at.
            throw error
        } catch {
            return ["database: \(error)"]
        }
        var findings: [String]
        do { findings = try await database.integrityFindings().map { "database: \($0)" } } catch {
            return ["database: \(error)"]
        }
        guard findings.isEmpty else { return findings }
        let inventory = try Daemon.inventory(directory, database)
        // A page that cannot be read ends one look, not all.
        func look(_ what: String, _ body: () async throws -> [String]) async {
            do { findings += try await body() } catch { findings.append("\(what): \(error)") }
        }
        await look("events") { try await inventory.eventFindings() }
        await look("pieces") { try await inventory.pieceFindings() }
        await look("movements") { try await inventory.movementFindings() }
        await look("certificates") { try await inventory.certificateFindings() }
        await look("photographs") { try await inventory.blobFindings() }
        await look("log") { try await logFindings(inventory) }
        do {
            let anchor = try await Settings.anchor(inventory, directory)
            _ = try await anchor.check(inventory)
        } catch let error as StartError { findings.append("anchor: \(error)") }
        do {
            let seal = try Seal.read(directory)
            if seal.signing == nil {
                Gemd.say(
                    "note: \(directory.keys) is not there (a backup never holds keys); issuing is off until it is put back"
                )
            }
            findings += try await signatureFindings(inventory, seal)
        } catch let error as StartError { findings.append("keys: \(error)") }
        return findings
    }

    private static func logFindings(_ inventory: Inventory) async throws -> [String] {
        let state = try await inventory.logState()
        let found = Mutex<(head: TreeHead, leaves: [[UInt8]], findings: [String])>((TreeHead(), [], []))
        try await inventory.forEachLeaf { data, leaf in
            found.withLock { found in
                if Merkle.leafHash(data) != leaf {
                    found.findings.append("log: entry \(found.head.size + found.leaves.count) was changed")
                }
                found.leaves.append(leaf)
                if found.leaves.count == 4096 {
                    _ = found.head.append(found.leaves)
                    found.leaves = []
                }
            }
        }
        return found.withLock { found in
            _ = found.head.append(found.leaves)
            if found.head.size != state.size {
                found.findings.append("log: \(found.head.size) entries, but its state says \(state.size)")
            }
            if found.head.root != state.root { found.findings.append("log: the entries do not give the signed root") }
            return found.findings
        }
    }

    private static func signatureFindings(_ inventory: Inventory, _ seal: Seal) async throws -> [String] {
        let state = try await inventory.logState()
        var findings: [String] = []
        do {
            let checkpoint = try Checkpoint(note: state.checkpoint, verifiedBy: seal.logKey)
            if checkpoint.size != state.size || checkpoint.root != state.root {
                findings.append("log: the signed checkpoint is not of the log's state")
            }
        } catch { findings.append("log: the checkpoint's signature does not verify") }
        let now = Date()
        try await inventory.forEachCertificate { certificate in
            let verdict = seal.verifier.verify(
                .init(json: certificate.statement, signature: certificate.signature), now: now)
            return verdict.outcome == .notGenuine ? "certificate \(certificate.number): \(verdict.headline)" : nil
        }.forEach { findings.append($0) }
        return findings
    }
}
