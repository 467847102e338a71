import Glibc

/// Bytes on disk under no name: an upload, or what was made of one. Gone with its last owner, and after a crash.
///
/// Filled by one task, read when it is whole. Reading maps it into memory, so a file of any size costs what is looked at.
package final class Spool: @unchecked Sendable {
    // Sendable: whoever fills it hands it on and lets go.
    private let descriptor: CInt
    package private(set) var count = 0
    private var pending: [UInt8] = []
    private var mapping: UnsafeMutableRawPointer?

    package init(in directory: String) throws(SpoolError) {
        var template = Array("\(directory)/table-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SpoolError("make a file in \(directory)") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
    }

    deinit {
        if let mapping { munmap(mapping, count) }
        close(descriptor)
    }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(SpoolError) {
        pending.append(contentsOf: bytes)
        if pending.count >= 64 << 10 { try flush() }
    }

    package func append(_ text: String) throws(SpoolError) {
        pending.append(contentsOf: text.utf8)
        if pending.count >= 64 << 10 { try flush() }
    }

    private func flush() throws(SpoolError) {
        var written = 0
        while written < pending.count {
            let step = pending.withUnsafeBytes {
                write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { throw SpoolError("write a spooled file") }
            written += step
        }
        count += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// The bytes, good as long as the spool lives. Nothing is appended after it.
    package func bytes() throws(SpoolError) -> UnsafeRawBufferPointer {
        try flush()
        guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        if mapping == nil {
            guard let made = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), made != MAP_FAILED else {
                throw SpoolError("map a spooled file")
            }
            mapping = made
        }
        return UnsafeRawBufferPointer(start: mapping, count: count)
    }
}

/// A file operation that failed, with the system's reason.
package struct SpoolError: Error, CustomStringConvertible {
    package var operation: String
    package var code: CInt

    init(_ operation: String) {
        self.operation = operation
        code = errno
    }

    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
    package var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
