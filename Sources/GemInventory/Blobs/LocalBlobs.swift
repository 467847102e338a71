import Foundation
import GemCrypto
import Synchronization

/// Files named by the SHA-256 of their bytes, below one directory: `ab/cd/<sha256>`.
///
/// A file is written beside its place, synced, renamed and its directory synced,
/// before anything refers to it; so a name that exists holds all its bytes.
/// Names come from hashes alone, never from a client.
package struct LocalBlobs: Sendable {
    package let directory: String
    private let synced = SyncedFolders()

    package init(directory: String) throws {
        self.directory = directory
        try FileManager.default.createDirectory(
            atPath: directory + "/tmp", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    package func path(_ sha256: String) -> String {
        "\(directory)/\(sha256.prefix(2))/\(sha256.dropFirst(2).prefix(2))/\(sha256)"
    }

    package func holds(_ sha256: String) -> Bool { access(path(sha256), R_OK) == 0 }

    /// The whole blob; for derivatives and other small files. Nil when it is not there.
    package func bytes(_ sha256: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path(sha256)).map { Array($0) }
    }

    /// Stores bytes that are in memory.
    package func store(_ bytes: [UInt8]) throws -> String {
        let draft = try Draft(in: self)
        try bytes.withUnsafeBytes { try draft.append($0) }
        return try draft.keep()
    }

    /// A blob being received: a file in `tmp`, hashed as it grows. Not kept unless ``keep()`` is called.
    /// Not for two tasks at once: whoever receives the upload hands it on and lets go.
    package final class Draft: @unchecked Sendable {
        package let descriptor: Int32
        private let path: String
        private let blobs: LocalBlobs
        private var hasher = SHA256Hasher()
        private var isKept = false
        package private(set) var count = 0

        package init(in blobs: LocalBlobs) throws {
            self.blobs = blobs
            path = "\(blobs.directory)/tmp/\(Hex.encode(randomBytes(16)))"
            descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw FileError("open \(path)") }
        }

        deinit {
            close(descriptor)
            if !isKept { unlink(path) }
        }

        package func append(_ bytes: UnsafeRawBufferPointer) throws {
            hasher.update(bytes)
            var rest = bytes
            while !rest.isEmpty {
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw FileError("write \(path)") }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
            count += bytes.count
        }

        /// Makes the blob durable under its hash and returns it.
        package func keep() throws -> String {
            let sha256 = Hex.encode(hasher.finish())
            let target = blobs.path(sha256)
            let folder = String(target.dropLast(sha256.utf8.count + 1))
            if blobs.holds(sha256) {
                // Somebody may have renamed it just now and not synced yet.
                try blobs.makeFolders(folder)
                try syncDirectory(folder)
            } else {
                guard fsync(descriptor) == 0 else { throw FileError.sync("fsync \(path)") }
                try blobs.makeFolders(folder)
                guard rename(path, target) == 0 else { throw FileError("rename \(path)") }
                isKept = true
                try syncDirectory(folder)
            }
            return sha256
        }
    }

    /// Makes `ab/cd`; both names are durable when this returns, whoever made them: another upload, or a run
    /// that was killed before it could sync.
    private func makeFolders(_ folder: String) throws {
        if synced.contains(folder) { return }
        let outer = String(folder.dropLast(3))
        for (name, parent) in [(outer, directory), (folder, outer)] {
            guard mkdir(name, 0o700) == 0 || errno == EEXIST else { throw FileError("mkdir \(name)") }
            try syncDirectory(parent)
        }
        synced.insert(folder)
    }

    /// Removes uploads that a stopped daemon left unfinished. Only while holding the state's lock.
    package func removeDrafts() throws {
        let folder = directory + "/tmp"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            guard unlink(folder + "/" + name) == 0 else { throw FileError("remove \(folder)/\(name)") }
        }
    }
}

/// Folders whose own name this process has made durable.
private final class SyncedFolders: Sendable {
    private let names = Mutex<Set<String>>([])

    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
    func insert(_ name: String) { names.withLock { _ = $0.insert(name) } }
}

/// Makes new names in a directory durable.
package func syncDirectory(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open \(path)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError.sync("fsync \(path)") }
}

/// A file operation that failed, with the system's reason.
package struct FileError: Error, CustomStringConvertible {
    package var operation: String
    package var code: Int32
    /// After this nobody knows what is on the disk: the process must end.
    package var isSyncFailure = false

    package init(_ operation: String) {
        self.operation = operation
        code = errno
    }

    package static func sync(_ operation: String) -> FileError {
        var error = FileError(operation)
        error.isSyncFailure = true
        return error
    }

    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
    package var description: String { "\(operation): \(String(cString: strerror(code)))" }
}

extension LocalBlobs {
    /// What is wrong with a blob that should be there; nil when it is sound.
    func finding(_ sha256: String) -> String? {
        let descriptor = open(path(sha256), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return "blob \(sha256) is missing" }
        defer { close(descriptor) }
        var hasher = SHA256Hasher()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { return "blob \(sha256) cannot be read: \(String(cString: strerror(errno)))" }
            if count == 0 { break }
            chunk.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        return Hex.encode(hasher.finish()) == sha256 ? nil : "blob \(sha256) holds other bytes than its name says"
    }
}
