import ArgumentParser
import Foundation
import GemCrypto
import GemInventory
import Synchronization

struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy every table into an empty database of the same or the other engine, and compare both.",
        discussion: """
            EXAMPLES
              gemd copy --state /var/lib/gemd --to postgres://gemd@db.example/gemd
              gemd copy --state /var/lib/gemd --to postgres://gemd@db.example/gemd --switch
              gemd copy --state /var/lib/gemd --to /var/lib/gemd/gemd.db --switch

            Prints rows and SHA-256 of each table. Photographs stay where they are. Without --switch the
            daemon may go on serving; with it, it must be stopped, and uses the copy from its next start on.
            Exit status: 0 equal, 1 the two differ, 75 a daemon is in the way, 78 the target is not empty.
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("A PostgreSQL URL without a password, or a new file for SQLite.", valueName: "URL|FILE"))
    var to: String
    @Flag(name: .customLong("switch"), help: "Use the copy from now on.")
    var switches = false

    func run() async throws {
        let directory = state.directory
        try directory.mustBeInitialised()
        let lock = switches ? try directory.lock() : nil
        defer { if let lock { close(lock) } }
        if StoreLocation.isURL(to) {
            let url = try ServerURL(to, option: "--to")
            try await copy(directory, to: Daemon.openDatabase(url.location(), named: "--to", for: .writing))
            if switches {
                try url.write(to: directory)
                try directory.retireDatabaseFile()
            }
        } else {
            let file = StateDirectory(to).path
            guard !switches || file == directory.database else {
                throw StartError("--switch: a state keeps its file as \(directory.database); give that as --to")
            }
            guard !FileManager.default.fileExists(atPath: file) else {
                throw StartError("\(file) is there already; choose another --to, or move it away")
            }
            try await CopiedFile.write(file, from: directory) { try await copy(directory, to: $0) }
            if switches { try directory.forgetServer() }
        }
        if switches { print("\(directory.path) uses the copy from now on") }
    }

    private func copy(_ directory: StateDirectory, to target: any Database) async throws {
        let source = try Daemon.openDatabase(
            directory.location(), named: directory.databaseName, for: switches ? .writing : .reading)
        try await Self.copy(source, to: target)
    }

    /// - Throws: `ExitCode(1)` when the copy is not what it was copied from.
    private static func copy(_ source: any Database, to target: any Database) async throws {
        let told = Mutex(ContinuousClock.now)
        let digests: (source: [StoreCopy.Digest], target: [StoreCopy.Digest])
        do {
            digests = try await StoreCopy(from: source, to: target).run { table, rows in
                let isDue = told.withLock { told in
                    defer { if told.duration(to: .now) > .seconds(1) { told = .now } }
                    return told.duration(to: .now) > .seconds(1)
                }
                if isDue { Gemd.say("\(table): \(rows) rows") }
            }
        } catch InventoryError.state(let reason) {
            throw StartError("--to: \(reason); give an empty schema, database or file name")
        }
        for (before, after) in zip(digests.source, digests.target) {
            print("\(before.table): \(before.rows) rows, \(Hex.encode(before.sha256))")
            if before != after {
                print("\(after.table): the copy has \(after.rows) rows, \(Hex.encode(after.sha256))")
            }
        }
        guard digests.source == digests.target else {
            Gemd.say("gemd: error: the copy is not equal; empty the target, and keep using what you had")
            throw ExitCode(1)
        }
    }
}

/// A database as one file of SQLite, from whatever engine a state uses: whole and durable under its name, or not there.
enum CopiedFile {
    /// `copy` says how the rows come into a file; without it, by the engine's shortest way.
    static func write(
        _ path: String, from directory: StateDirectory,
        copy: ((any Database) async throws -> Void)? = nil
    ) async throws {
        let draft = path + ".draft"
        func removeDraft() {
            // What a broken attempt left is of no use; what is not there need not be removed.
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: draft + end) }
        }
        removeDraft()
        defer { removeDraft() }
        if copy == nil, case .file(let source) = try directory.location() {
            try SQLiteDatabase(path: source, onSyncFailure: { Daemon.end(after: .syncFailed($0)) }).copy(to: path)
        } else {
            let target = try SQLiteDatabase(path: draft, onSyncFailure: { Daemon.end(after: .syncFailed($0)) })
            if let copy { try await copy(target) } else { try await fill(target, from: directory) }
            try target.copy(to: path)
        }
        try StateDirectory.sync(path)
    }

    private static func fill(_ target: any Database, from directory: StateDirectory) async throws {
        let source = try Daemon.openDatabase(directory.location(), named: directory.databaseName, for: .reading)
        let digests = try await StoreCopy(from: source, to: target).run { _, _ in }
        guard digests.source == digests.target else {
            throw StartError("the copy of the database is not equal to it; look at the disk", exitCode: 74)
        }
    }
}
