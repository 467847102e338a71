import Foundation
import GemCrypto
import GemInventory
import GemModel
import NIOCore

/// A backup as one tar archive, made of its parts while it is written: a manifest, one snapshot of the
/// database, the public keys, and each file that the snapshot names. Keys are never among them.
///
/// `gemd backup` and `POST /v1/admin/backup` write the same. It takes room for a second copy of the
/// database, never of the photographs, and memory for a thousand names.
final class BackupArchive: Sendable {
    let log: LogState
    let files: Int
    /// Of the whole archive, known before its first byte.
    let byteCount: Int

    private let state: StateDirectory
    /// Over the snapshot; what it names is never changed or removed, so it may be read after it.
    private let inventory: Inventory
    private let copy: String
    private let manifest: [UInt8]
    private let publicFiles: [(name: String, bytes: [UInt8])]
    private let time: Timestamp

    /// Takes the snapshot, beside the running daemon's own connections, so that its writers do not wait.
    /// `scratch` is where the copy of the database lies until the archive is let go.
    init(of state: StateDirectory, scratch: String) async throws {
        Self.remove(scratch)  // left by a backup that was broken off
        do {
            try await CopiedFile.write(scratch, from: state)
            inventory = try Daemon.inventory(
                state, Daemon.openDatabase(.file(scratch), named: scratch, for: .writing))
            log = try await inventory.logState()
            time = inventory.time
            let folder = state.pki
            publicFiles = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
                // A file that is just being replaced is not under its name yet.
                guard !name.hasSuffix(".new"), !name.hasSuffix(".next") else { return nil }
                guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                    throw FileError("read \(folder)/\(name)")
                }
                return ("pki/\(name)", Array(bytes))
            }
            var (count, blobBytes) = (0, 0)
            var names = try await inventory.blobNames(after: "", limit: Self.namesAtOnce)
            while let last = names.last {
                for name in names { blobBytes += Tar.length(of: try Self.size(of: inventory.blobs.path(name))) }
                count += names.count
                names = try await inventory.blobNames(after: last, limit: Self.namesAtOnce)
            }
            files = count
            manifest =
                JSON.object([
                    "format": "gemd/backup/1", "version": .string(Daemon.version),
                    "createdAt": .string(time.description),
                    "log": .object([
                        "origin": .string(log.origin), "size": .integer(log.size),
                        "root": .string(Hex.encode(log.root)),
                    ]),
                    "photographs": .integer(count),
                ]).bytes + [10]
            byteCount =
                Tar.length(of: manifest.count) + Tar.length(of: try Self.size(of: scratch))
                + publicFiles.reduce(0) { $0 + Tar.length(of: $1.bytes.count) } + blobBytes + Tar.end.count
        } catch {
            Self.remove(scratch)
            throw error
        }
        self.state = state
        copy = scratch
    }

    deinit { close() }

    /// Takes the copy of the database away. Nothing can be read after it.
    func close() { Self.remove(copy) }

    private static let namesAtOnce = 1000

    private static func remove(_ scratch: String) { for end in ["", "-wal", "-shm"] { unlink(scratch + end) } }

    /// The archive in order, read once. Files are read on `executor`, since a disk may make its thread wait.
    func reader(on executor: (any TaskExecutor)? = nil) -> Reader { Reader(self, executor) }

    final class Reader {
        private enum Part {
            case bytes(name: String, [UInt8], mode: mode_t)
            case file(name: String, path: String)
        }

        private let archive: BackupArchive
        private let executor: (any TaskExecutor)?
        private var parts: ArraySlice<Part>
        private var file: (open: OpenFile, offset: Int)?
        /// The last name of the page of blobs that is being read; nil after the last page.
        private var page: String? = ""
        private var hasher = SHA256Hasher()

        fileprivate init(_ archive: BackupArchive, _ executor: (any TaskExecutor)?) {
            self.archive = archive
            self.executor = executor
            parts =
                [
                    .bytes(name: "manifest.json", archive.manifest, mode: 0o600),
                    .file(name: "gemd.db", path: archive.copy),
                ] + archive.publicFiles.map { .bytes(name: $0.name, $0.bytes, mode: 0o644) }
        }

        /// At most 64 KB; nil after the last.
        func next() async throws -> ByteBuffer? {
            guard let bytes = try await piece() else { return nil }
            bytes.withUnsafeReadableBytes { hasher.update($0) }
            return bytes
        }

        /// Of all that was handed over.
        func digest() -> [UInt8] { hasher.finish() }

        private func piece() async throws -> ByteBuffer? {
            if let (open, offset) = file, offset < open.size {
                var chunk = try await withTaskExecutorPreference(executor) { try open.read(from: offset) }
                let isLast = offset + chunk.readableBytes == open.size
                file = isLast ? nil : (open, offset + chunk.readableBytes)
                if isLast { chunk.writeRepeatingByte(0, count: Tar.padding(after: open.size)) }
                return chunk
            }
            if let part = parts.popFirst() {
                switch part {
                case .bytes(let name, let bytes, let mode):
                    let padding = [UInt8](repeating: 0, count: Tar.padding(after: bytes.count))
                    return ByteBuffer(bytes: archive.header(name, bytes.count, mode) + bytes + padding)
                case .file(let name, let path):
                    let open = try await withTaskExecutorPreference(executor) { try OpenFile(path) }
                    file = (open, 0)
                    return ByteBuffer(bytes: archive.header(name, open.size, 0o600))
                }
            }
            guard let last = page else { return nil }
            let blobs = archive.inventory.blobs
            let names = try await archive.inventory.blobNames(after: last, limit: BackupArchive.namesAtOnce)
            page = names.last
            guard !names.isEmpty else { return ByteBuffer(bytes: Tar.end) }
            parts =
                names.map { name in
                    .file(
                        name: "blobs/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)", path: blobs.path(name))
                }[...]
            return try await piece()
        }
    }

    private func header(_ name: String, _ size: Int, _ mode: mode_t) -> [UInt8] {
        Tar.header(name, size: size, mode: mode, seconds: Int(time.microseconds / 1_000_000))
    }

    private static func size(of path: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError("read \(path)") }
        return Int(status.st_size)
    }
}

/// A file read by place; closed when nobody holds it any more.
final class OpenFile: Sendable {
    let size: Int
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileError("open \(path)") }
        self.path = path
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw FileError("stat \(path)")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The next bytes from `offset`, at most 64 KB and never beyond the size at opening.
    func read(from offset: Int) throws -> ByteBuffer {
        var chunk = ByteBuffer()
        let count = chunk.writeWithUnsafeMutableBytes(minimumWritableBytes: min(64 << 10, size - offset)) {
            max(0, pread(descriptor, $0.baseAddress, min(64 << 10, $0.count, size - offset), off_t(offset)))
        }
        guard count > 0 else { throw FileError("read \(path)") }
        return chunk
    }
}

/// The tar format (POSIX ustar), as far as a backup needs it.
enum Tar {
    private static let block = 512

    /// What ends an archive: two empty blocks.
    static let end = [UInt8](repeating: 0, count: 2 * block)

    static func padding(after size: Int) -> Int { (block - size % block) % block }

    /// Of a member with its header.
    static func length(of size: Int) -> Int { block + size + padding(after: size) }

    /// `name` has at most 100 bytes. A size of 8 GB or more is written in binary, as GNU tar does.
    static func header(_ name: String, size: Int, mode: mode_t, seconds: Int) -> [UInt8] {
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = Array(String(value, radix: 8).utf8)
            return [UInt8](repeating: UInt8(ascii: "0"), count: width - 1 - digits.count) + digits + [0]
        }
        func text(_ text: String, _ width: Int) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
        }
        let length =
            size < 1 << 33 ? octal(size, 12) : [0x80, 0, 0, 0] + withUnsafeBytes(of: Int64(size).bigEndian, Array.init)
        let before = text(name, 100) + octal(Int(mode), 8) + octal(0, 8) + octal(0, 8) + length + octal(seconds, 12)
        // Type 0, a file; no link, owner or device. The sum counts its own eight places as spaces.
        let after = [UInt8(ascii: "0")] + text("", 100) + text("ustar", 6) + Array("00".utf8) + text("", 247)
        let sum = (before + after).reduce(8 * 0x20) { $0 + Int($1) }
        return before + octal(sum, 7) + [0x20] + after
    }

    /// GNU tar, which every Debian has, reads the archive.
    static func extract(_ archive: String, into directory: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/tar")
        process.arguments = ["--extract", "--file", archive, "--no-same-owner", "-C", directory]
        let errors = Pipe()
        process.standardError = errors
        do { try process.run() } catch { throw StartError("tar: \(error.localizedDescription)") }
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw StartError(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}
