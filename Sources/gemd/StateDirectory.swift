import Foundation
import GemInventory

/// What stands below `--state DIR`, and the lock that lets one daemon hold it.
struct StateDirectory: Sendable {
    let path: String

    init(_ path: String) {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.path = URL(fileURLWithPath: absolute).standardizedFileURL.path
    }

    /// The database's file, unless ``databaseURL`` says that it is on a server.
    var database: String { path + "/gemd.db" }
    var databaseURL: String { path + "/database.url" }
    var blobs: String { path + "/blobs" }
    var keys: String { path + "/keys" }
    var pki: String { path + "/pki" }
    /// Where the log's last state is kept outside DIR, so that an old copy of DIR is recognised.
    var defaultAnchor: String { path + "-anchor/log" }

    private var isOnServer: Bool { FileManager.default.fileExists(atPath: databaseURL) }
    var isInitialised: Bool { isOnServer || FileManager.default.fileExists(atPath: database) }
    /// The file by which messages name the database; never its URL.
    var databaseName: String { isOnServer ? databaseURL : database }

    func location() throws -> StoreLocation {
        guard isOnServer else { return .file(database) }
        guard let data = FileManager.default.contents(atPath: databaseURL) else {
            throw StartError("\(databaseURL): cannot be read")
        }
        let url = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return .server(url: url, password: try Credential.read("database-password"))
    }

    func mustBeInitialised() throws {
        guard isInitialised else {
            throw StartError("\(path) holds no gemd state; make one with `gemd init --state \(path) --issuer CODE`")
        }
    }

    /// Held until the process ends; the kernel releases it also after a crash.
    func lock() throws -> CInt {
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StartError("open \(path)/lock: \(String(cString: strerror(errno)))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartError("another gemd holds \(path); stop it first", exitCode: 75)
        }
        return descriptor
    }

    /// Keeps the file that was used until now under another name, as it was when it was copied.
    func retireDatabaseFile() throws {
        guard FileManager.default.fileExists(atPath: database) else { return }
        for end in ["-wal", "-shm", ""] {
            guard rename(database + end, database + ".before-switch" + end) == 0 || errno == ENOENT else {
                throw FileError("rename \(database)\(end)")
            }
        }
        try syncDirectory(path)
    }

    /// From now on the rows are in the state's own file.
    func forgetServer() throws {
        guard unlink(databaseURL) == 0 || errno == ENOENT else { throw FileError("remove \(databaseURL)") }
        try syncDirectory(path)
    }

    /// Makes a file that another library wrote durable, and its name too.
    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError.sync("fsync \(path)") }
        try syncDirectory(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Writes one file durably under its final name: whole, or not at all.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw FileError("write \(path)") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw FileError("write \(path)") }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw FileError.sync("fsync \(path)") }
        guard rename(draft, path) == 0 else { throw FileError("write \(path)") }
        try syncDirectory(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }
}
