import ArgumentParser
import Foundation
import GemCert
import GemInventory
import GemModel

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore a backup into an empty directory, and compare it with its anchor.",
        discussion: """
            EXAMPLES
              gemd restore --from /var/backups/gemd/2026-11-21.tar --state /var/lib/gemd
              gemd restore --from old.tar --accept-gap --reason "disk lost on 22 November, newest backup of the 20th"

            A backup that is older than the anchor is refused: certificates issued since would be
            forgotten and their numbers given again. Afterwards put DIR/keys back and run `gemd check`.

            --accept-gap is for when there is no newer backup. What was issued since is lost for ever; the
            log is closed, and the first `gemd serve` with keys opens a new one, HOST/log/2, under a new
            key. Its first entry tells everybody what was lost and why.
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("A file made by `gemd backup`.", valueName: "FILE"))
    var from: String
    @Flag(help: "Accept that what was issued after the backup is lost: close the log and begin a new one.")
    var acceptGap = false
    @Option(help: ArgumentHelp("With --accept-gap: why, in one line. It is published.", valueName: "TEXT"))
    var reason: String?

    func run() async throws {
        let directory = state.directory
        let reason = try acceptedReason()
        guard FileManager.default.isReadableFile(atPath: from) else { throw StartError("\(from): cannot be read") }
        let contents = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []  // absent is empty
        guard contents.isEmpty else {
            throw StartError("\(directory.path) is not empty; restore into an empty directory")
        }
        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try Tar.extract(StateDirectory(from).path, into: directory.path)
            guard directory.isInitialised, FileManager.default.fileExists(atPath: directory.path + "/manifest.json")
            else {
                throw StartError("\(from) is no backup of gemd")
            }
            let inventory = try Daemon.openInventory(directory)
            let anchor = try await Settings.anchor(inventory, directory)
            if let reason {
                let gap = try await Gap.accept(reason, inventory, anchor)
                Gemd.say("gemd: the gap is on record; `gemd serve` with keys begins the log \(gap.name.origin)")
            } else if try anchor.read() == nil {
                try await begin(anchor, inventory)
            } else {
                _ = try await anchor.check(inventory)
            }
        } catch {
            // A refused restore leaves nothing behind that could be started by mistake.
            for name in (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [] {
                try? FileManager.default.removeItem(atPath: directory.path + "/" + name)
            }
            throw error
        }
        print(
            "restored to \(directory.path); now put \(directory.keys) back and run `gemd check --state \(directory.path)`"
        )
    }

    /// Nil where no gap is to be accepted.
    private func acceptedReason() throws -> Line? {
        guard acceptGap else {
            guard reason == nil else {
                throw StartError("--reason belongs to --accept-gap; leave it out, or give both")
            }
            return nil
        }
        guard let reason, !reason.allSatisfy(\.isWhitespace) else {
            throw StartError(
                "--accept-gap: --reason is missing; say in one line why, everybody will read it in the log")
        }
        do { return try Line(reason) } catch { throw StartError("--reason: \(error.reason); \(error.hint)") }
    }

    /// On a machine that never held this log there is no anchor to compare with.
    private func begin(_ anchor: Anchor, _ inventory: Inventory) async throws {
        let log = try await inventory.logState()
        let folder = URL(fileURLWithPath: anchor.path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try anchor.begin(.init(log, series: try await inventory.certificateSeries()))
        Gemd.say(
            """
            gemd: warning: there was no anchor at \(anchor.path); a new one begins at \(log.size) log entries. If certificates \
            were issued after this backup, restore a newer one: compare with the last published checkpoint
            """)
    }
}
