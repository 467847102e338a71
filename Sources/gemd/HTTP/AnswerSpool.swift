import Foundation
import GemInventory
import NIOCore
import Synchronization

/// Answers on their way to a client that may not be reading yet.
///
/// The daemon must never stop reading a bulk body because its answers are not taken: a
/// client that sends everything before it reads anything would wait for ever. What does
/// not fit into memory goes to a file that has no name any more, and comes back in order.
final class AnswerSpool: Sendable {
    private struct State: ~Copyable {
        var memory = ByteBuffer()
        var file: Int32 = -1
        var written = 0
        var taken = 0
        var isFinished = false
        var waiter: CheckedContinuation<Void, Never>?

        deinit { if file >= 0 { close(file) } }
    }

    private let state = Mutex(State())
    private let directory: String
    private let mostInMemory = 256 << 10

    /// `directory` is where the file may be made.
    init(directory: String) { self.directory = directory }

    func append(_ bytes: ByteBuffer) throws {
        let waiter = try state.withLock { state in
            if state.taken == state.written, state.memory.readableBytes + bytes.readableBytes <= mostInMemory {
                state.memory.writeImmutableBuffer(bytes)
            } else {
                if state.file < 0 { state.file = try Self.namelessFile(in: directory) }
                try bytes.withUnsafeReadableBytes { rest in
                    guard pwrite(state.file, rest.baseAddress, rest.count, state.written) == rest.count else {
                        throw FileError("spool answers")
                    }
                }
                state.written += bytes.readableBytes
            }
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Nothing more will be appended.
    func finish() {
        let waiter = state.withLock { state in
            state.isFinished = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// The next bytes in order; nil after the last. One reader only.
    func next() async throws -> ByteBuffer? {
        while true {
            enum Step {
                case bytes(ByteBuffer)
                case end, wait
            }
            let step: Step = try state.withLock { state in
                if state.memory.readableBytes > 0 {
                    let bytes = state.memory
                    state.memory = ByteBuffer()
                    return .bytes(bytes)
                }
                if state.taken < state.written {
                    var chunk = [UInt8](repeating: 0, count: min(64 << 10, state.written - state.taken))
                    let count = pread(state.file, &chunk, chunk.count, state.taken)
                    guard count > 0 else { throw FileError("read spooled answers") }
                    state.taken += count
                    if state.taken == state.written {
                        (state.taken, state.written) = (0, 0)
                        guard ftruncate(state.file, 0) == 0 else { throw FileError("empty the spool") }
                    }
                    return .bytes(ByteBuffer(bytes: chunk.prefix(count)))
                }
                return state.isFinished ? .end : .wait
            }
            switch step {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .wait:
                await withCheckedContinuation { continuation in
                    let mayGoOn = state.withLock { state in
                        guard state.memory.readableBytes == 0, state.taken == state.written, !state.isFinished else {
                            return true
                        }
                        state.waiter = continuation
                        return false
                    }
                    if mayGoOn { continuation.resume() }
                }
            }
        }
    }

    private static func namelessFile(in directory: String) throws -> Int32 {
        var template = Array("\(directory)/spool-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FileError("make a spool file in \(directory)") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return descriptor
    }
}
