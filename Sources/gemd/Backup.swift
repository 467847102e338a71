import ArgumentParser
import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a consistent backup to one file, also while the daemon serves. Keys are never in it.",
        discussion: """
            EXAMPLES
              gemd backup --state /var/lib/gemd --to /var/backups/gemd/2026-11-21.tar

            The keys in DIR/keys are kept apart: put them back by hand after a restore.
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("The new file.", valueName: "FILE"))
    var to: String

    func run() async throws {
        let directory = state.directory
        try directory.mustBeInitialised()
        let target = StateDirectory(to).path
        guard !FileManager.default.fileExists(atPath: target) else {
            throw StartError("\(target) is there already; choose another --to")
        }
        let work = target + ".part"
        try? FileManager.default.removeItem(atPath: work)  // left by a backup that was broken off
        try FileManager.default.createDirectory(
            atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: work) }  // an empty folder left over harms nobody

        // The copy is one snapshot; photographs it names are never changed or removed, so they may be read after it.
        let copy = work + "/gemd.db"
        try await CopiedFile.write(copy, from: directory)
        let inventory = try Daemon.inventory(
            directory, Daemon.openDatabase(.file(copy), named: copy, for: .writing))
        let blobs = try await inventory.blobNames()
        let log = try await inventory.logState()
        let manifest = JSON.object([
            "format": "gemd/backup/1", "version": .string(Daemon.version),
            "createdAt": .string(inventory.time.description),
            "log": .object([
                "origin": .string(log.origin), "size": .integer(log.size), "root": .string(Hex.encode(log.root)),
            ]),
            "photographs": .integer(blobs.count),
        ])
        try StateDirectory.write(manifest.bytes + [10], to: work + "/manifest.json", mode: 0o600)
        let list = blobs.map { "blobs/\($0.prefix(2))/\($0.dropFirst(2).prefix(2))/\($0)\n" }.joined()
        try StateDirectory.write(Array(list.utf8), to: work + "/files", mode: 0o600)
        let archive = work + "/archive"
        try Tar.run([
            "--create", "--file", archive, "--format=posix", "-C", work, "manifest.json", "gemd.db", "-C",
            directory.path, "pki",
            "--files-from", work + "/files",
        ])
        try Tar.publish(archive, as: target)
        print("\(target): \(log.size) log entries, \(blobs.count) files of photographs and feeds")
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore a backup into an empty directory, and compare it with its anchor.",
        discussion: """
            EXAMPLES
              gemd restore --from /var/backups/gemd/2026-11-21.tar --state /var/lib/gemd

            A backup that is older than the anchor is refused: certificates issued since would be
            forgotten and their numbers given again. Afterwards put DIR/keys back and run `gemd check`.
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("A file made by `gemd backup`.", valueName: "FILE"))
    var from: String
    @Flag(help: "Accept that the backup is older than the anchor (not in this release).")
    var acceptGap = false

    func run() async throws {
        let directory = state.directory
        guard !acceptGap else {
            throw StartError("--accept-gap: this release cannot open a new log after a gap; restore the newest backup")
        }
        guard FileManager.default.isReadableFile(atPath: from) else { throw StartError("\(from): cannot be read") }
        let contents = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []  // absent is empty
        guard contents.isEmpty else {
            throw StartError("\(directory.path) is not empty; restore into an empty directory")
        }
        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try Tar.run(["--extract", "--file", StateDirectory(from).path, "--no-same-owner", "-C", directory.path])
            guard directory.isInitialised, FileManager.default.fileExists(atPath: directory.path + "/manifest.json")
            else {
                throw StartError("\(from) is no backup of gemd")
            }
            let inventory = try Daemon.openInventory(directory)
            let anchor = try await Settings.anchor(inventory, directory)
            if try anchor.read() == nil {
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

    /// On a machine that never held this log there is no anchor to compare with.
    private func begin(_ anchor: Anchor, _ inventory: Inventory) async throws {
        let log = try await inventory.logState()
        let folder = URL(fileURLWithPath: anchor.path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try anchor.begin(
            .init(origin: log.origin, size: log.size, root: log.root, series: try await inventory.certificateSeries()))
        Gemd.say(
            """
            gemd: warning: there was no anchor at \(anchor.path); a new one begins at \(log.size) log entries. If certificates \
            were issued after this backup, restore a newer one: compare with the last published checkpoint
            """)
    }
}

/// GNU tar, which every Debian has, writes and reads the archive.
private enum Tar {
    static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/tar")
        process.arguments = arguments
        let errors = Pipe()
        process.standardError = errors
        do { try process.run() } catch { throw StartError("tar: \(error.localizedDescription)") }
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw StartError(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    /// Durable under its final name, or not there at all.
    static func publish(_ draft: String, as target: String) throws {
        let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StartError("open \(draft): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, chmod(draft, 0o600) == 0, rename(draft, target) == 0 else {
            throw StartError("write \(target): \(String(cString: strerror(errno)))")
        }
        try syncDirectory(URL(fileURLWithPath: target).deletingLastPathComponent().path)
    }
}
