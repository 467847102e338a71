import ArgumentParser
import Foundation
import GemInventory
import NIOCore

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
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: target).deletingLastPathComponent().path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let archive = try await BackupArchive(of: directory, scratch: target + ".part.db")
        let draft = target + ".part"
        unlink(draft)  // left by a backup that was broken off
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileError("write \(draft)") }
        defer {
            close(descriptor)
            unlink(draft)  // gone already when all went well
        }
        let reader = archive.reader()
        while var bytes = try await reader.next() {
            while bytes.readableBytes > 0 {
                let written = bytes.withUnsafeReadableBytes { write(descriptor, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw FileError("write \(draft)") }
                bytes.moveReaderIndex(forwardBy: written)
            }
        }
        guard fsync(descriptor) == 0 else { throw FileError.sync("fsync \(draft)") }
        // A link, unlike a rename, never replaces what somebody put there meanwhile.
        guard link(draft, target) == 0 else { throw FileError("write \(target)") }
        try syncDirectory(URL(fileURLWithPath: target).deletingLastPathComponent().path)
        print("\(target): \(archive.log.size) log entries, \(archive.files) files of photographs and feeds")
    }
}
