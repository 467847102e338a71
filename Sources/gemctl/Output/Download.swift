import Glibc
import NIOCore

/// Puts a streamed answer into a file that appears under its name only when it is whole.
enum Download {
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
            let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw failure("write", path) }
            do {
                var count = 0
                while let piece = try await body.next() {
                    try piece.withUnsafeReadableBytes { bytes in
                        var sent = 0
                        while sent < bytes.count {
                            let written = write(descriptor, bytes.baseAddress! + sent, bytes.count - sent)
                            if written < 0, errno == EINTR { continue }
                            guard written > 0 else { throw failure("write", path) }
                            sent += written
                        }
                    }
                    count += piece.readableBytes
                }
                guard close(descriptor) == 0 else { throw failure("write", path) }
                guard direct || rename(target, path) == 0 else { throw failure("rename to", path) }
                return count
            } catch {
                close(descriptor)
                if !direct { unlink(target) }
                throw error
            }
        }
    }

    private static func failure(_ operation: String, _ path: String) -> Failure {
        Failure(.failed, "\(operation) \"\(path)\": \(systemError())", hint: "choose another place with -O")
    }
}
