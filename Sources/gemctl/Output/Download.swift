import GemCert
import GemCrypto
import Glibc
import NIOCore
import NIOHTTP1

/// Puts a streamed answer into a file that appears under its name only when it is whole and on the disk.
enum Download {
    /// Called as the answer comes: the bytes so far, and its head.
    typealias Progress = (_ count: Int, _ head: HTTPResponseHead) -> Void

    /// `path` may be `-` for standard output, or a device or pipe, which is written directly. Returns the bytes written.
    @discardableResult
    static func save(_ request: Request, from client: Client, to path: String) async throws -> Int {
        if path == "-" {
            let console = Console.current
            return try await client.exchange(request) { body in
                var count = 0
                while let piece = try await body.next() {
                    console.write(Array(piece.readableBytesView))
                    count += piece.readableBytes
                }
                return count
            }
        }
        var facts = stat()
        let direct = stat(path, &facts) == 0 && facts.st_mode & S_IFMT != S_IFREG
        let target = direct ? path : path + ".part"
        return try await client.exchange(request) { body in
            let count = try await receive(body, into: target, of: path, mode: 0o666, isFile: !direct) { _, _ in }
            guard direct || rename(target, path) == 0 else { throw failure(.write, path) }
            return count
        }
    }

    /// For what must not be lost: the file is its owner's alone, its SHA-256 is that of the answer's
    /// `Repr-Digest`, and no other file gives way to it. Returns the digest.
    static func keep(
        _ request: Request, from client: Client, as path: String, progress: @escaping Progress
    ) async throws -> (count: Int, sha256: String) {
        let taken = Failure(.failed, "\"\(path)\" is there already", hint: "choose another name, or move it away")
        guard access(path, F_OK) != 0 else { throw taken }
        let draft = path + ".part"
        return try await client.exchange(request) { body in
            var hasher = SHA256Hasher()
            let count = try await receive(body, into: draft, of: path, mode: 0o600, isFile: true) { count, piece in
                piece.withUnsafeReadableBytes { hasher.update($0) }
                progress(count, body.head)
            }
            defer { unlink(draft) }
            let digest = hasher.finish()
            guard body.trailers?.first(name: "Repr-Digest") == "sha-256=:\(Base64.encode(digest)):" else {
                throw Failure(
                    .failed, "what arrived has not the digest that the daemon sent with it", hint: "ask for it again")
            }
            // A link, unlike a rename, never replaces what somebody put there meanwhile.
            guard link(draft, path) == 0 else { throw errno == EEXIST ? taken : failure(.write, path) }
            try syncFolder(of: path)
            return (count, Hex.encode(digest))
        }
    }

    /// Writes an answer's body into a file and onto the disk; a file that is not whole goes away again.
    private static func receive(
        _ body: AnswerBody, into target: String, of path: String, mode: mode_t, isFile: Bool,
        _ seen: (_ count: Int, _ piece: ByteBuffer) -> Void
    ) async throws -> Int {
        let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(.write, path) }
        var isOpen = true
        do {
            var count = 0
            while let piece = try await body.next() {
                try piece.withUnsafeReadableBytes { bytes in
                    var sent = 0
                    while sent < bytes.count {
                        let written = write(descriptor, bytes.baseAddress! + sent, bytes.count - sent)
                        if written < 0, errno == EINTR { continue }
                        guard written > 0 else { throw failure(.write, path) }
                        sent += written
                    }
                }
                count += piece.readableBytes
                seen(count, piece)
            }
            guard !isFile || fsync(descriptor) == 0 else { throw failure(.write, path) }
            isOpen = false
            guard close(descriptor) == 0 else { throw failure(.write, path) }
            return count
        } catch {
            if isOpen { close(descriptor) }
            if isFile { unlink(target) }
            throw error
        }
    }

    /// Makes a new name durable.
    private static func syncFolder(of path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(.open, folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(.sync, folder) }
    }

    private static func failure(_ operation: FileVerb, _ path: String) -> Failure {
        Failure(.failed, operation.failed(path, systemError()), hint: "choose another place")
    }
}
