import Foundation

/// The control socket's file.
enum SocketFile {
    /// Binds and listens, never open to others for a moment: made under umask 0177, then the group, then 0660.
    ///
    /// The caller holds the state's lock. A file left by a dead daemon is removed only after a
    /// connect to it was refused.
    static func bind(_ path: String, group: String?) throws -> CInt {
        var address = try address(path)
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        try removeStale(path, address)
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw StartError("socket: \(reason())") }
        let mask = umask(0o177)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.bind(descriptor, $0, length) }
        }
        let failure = reason()
        umask(mask)
        guard bound == 0 else { throw StartError("listen on \(path): \(failure)") }
        if let group, let entry = getgrnam(group) {
            guard chown(path, uid_t.max, entry.pointee.gr_gid) == 0 else {
                throw StartError("give \(path) to group \(group): \(reason())")
            }
            guard chmod(path, 0o660) == 0 else { throw StartError("chmod \(path): \(reason())") }
        }
        guard listen(descriptor, 1024) == 0 else { throw StartError("listen on \(path): \(reason())") }
        return descriptor
    }

    private static func removeStale(_ path: String, _ address: sockaddr_un) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw StartError("\(path) is there and is no socket; move it away")
        }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(probe) }
        var address = address
        let answered = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard answered != 0, errno == ECONNREFUSED else {
            throw StartError("another program answers at \(path); stop it, or choose another --socket")
        }
        guard unlink(path) == 0 else { throw StartError("remove the stale \(path): \(reason())") }
    }

    private static func address(_ path: String) throws -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw StartError("the socket path \(path) is longer than 107 bytes; choose a shorter --socket")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}

/// Why the daemon does not start: words for standard error.
struct StartError: Error, CustomStringConvertible {
    var description: String
    /// 78 (sysexits EX_CONFIG), 75 (EX_TEMPFAIL) when another daemon holds the state, or 69 (EX_UNAVAILABLE)
    /// when the database's server does not answer.
    var exitCode: Int32

    init(_ description: String, exitCode: Int32 = 78) {
        self.description = description
        self.exitCode = exitCode
    }
}
