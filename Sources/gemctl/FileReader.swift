import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Reads a file or standard input front to back in pieces of 64 KiB, off the cooperative pool.
///
/// Of a regular file exactly the bytes it had when it was opened: their number was announced to the daemon.
final class FileReader: Sendable {
    static let pieceBytes = 65_536

    let name: String
    private let descriptor: CInt
    private let owned: Bool
    /// Bytes still to come; nil when nobody knows.
    private let remaining = NIOLockedValueBox<Int?>(nil)

    /// Opens the file; its size is nil for anything but a regular file.
    init(path: String) throws(Failure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(
                .failed, "open \"\(path)\": \(systemError())",
                hint: "check the name and its permissions")
        }
        name = path
        owned = true
        let size = size
        remaining.withLockedValue { $0 = size }
    }

    /// From `start` to the end of a regular file.
    convenience init(path: String, from start: Int) throws(Failure) {
        try self.init(path: path)
        guard lseek(descriptor, start, SEEK_SET) == start, let size, size >= start else {
            throw Failure(.failed, "read \"\(path)\": it is too short", hint: "the file is damaged")
        }
        remaining.withLockedValue { $0 = size - start }
    }

    /// Borrows an open descriptor, such as standard input.
    init(borrowing descriptor: CInt, name: String) {
        self.descriptor = descriptor
        self.name = name
        owned = false
    }

    deinit { if owned { close(descriptor) } }

    /// Nil when this is no regular file.
    var size: Int? {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(facts.st_size)
    }

    var remainingBytes: Int? { remaining.withLockedValue { $0 } }

    /// What stands before the first line feed.
    func firstLine(limit: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = read(descriptor, &bytes, limit)
        guard count > 0, let end = bytes[..<count].firstIndex(of: 10) else {
            throw Failure(.failed, "\"\(name)\" is damaged")
        }
        return Array(bytes[..<end])
    }

    /// The next piece; nil at the end. A cancelled task stops waiting for slow input.
    func next() async throws -> ByteBuffer? {
        while true {
            try Task.checkCancellation()
            let piece = try await NIOThreadPool.singleton.runIfActive { try self.readWithin(milliseconds: 100) }
            if let piece { return piece.readableBytes == 0 ? nil : piece }
        }
    }

    /// Nil when nothing came in that time; empty at the end.
    private func readWithin(milliseconds: CInt) throws -> ByteBuffer? {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&wait, 1, milliseconds) == 0 { return nil }
        let wanted = remaining.withLockedValue { min($0 ?? Self.pieceBytes, Self.pieceBytes) }
        var buffer = ByteBufferAllocator().buffer(capacity: wanted)
        guard wanted > 0 else { return buffer }
        let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { space in
            while true {
                let count = read(descriptor, space.baseAddress, wanted)
                if count >= 0 { return count }
                guard errno == EINTR else { throw Failure(.failed, "read \"\(name)\": \(systemError())") }
            }
        }
        try remaining.withLockedValue { remaining in
            guard let left = remaining else { return }
            guard count > 0 else {
                throw Failure(
                    .failed, "\"\(name)\" became shorter while it was read", hint: "try again when nobody writes to it")
            }
            remaining = left - count
        }
        return buffer
    }

    /// A whole small file, or `-` for standard input; longer than `limit` is refused.
    static func bytes(of path: String, limit: Int) throws(Failure) -> [UInt8] {
        let reader = path == "-" ? FileReader(borrowing: Console.current.input, name: "-") : try FileReader(path: path)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = read(reader.descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(.failed, "read \"\(path)\": \(systemError())") }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else {
                throw Failure(
                    .failed, "\"\(path)\" is longer than \(limit) bytes", hint: "check that it is the file you mean")
            }
        }
    }
}
