import Glibc
import NIOCore

/// Who is at the other end of a connection, as the kernel says it.
enum Peer: Sendable, Equatable {
    /// A process on this machine; its credentials at the time of connect().
    case process(uid: UInt32)
    case network

    /// Reads SO_PEERCRED once, at accept. Only the uid is kept: a pid can be re-used.
    static func of(_ channel: any Channel) -> EventLoopFuture<Peer> {
        guard channel.localAddress?.protocol == .unix, let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(.network)
        }
        let credentials: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        return credentials.map { .process(uid: $0.uid) }
    }
}

/// `struct ucred`, which the Glibc module does not import (it is behind _GNU_SOURCE).
private struct PeerCredentials: BitwiseCopyable, Sendable {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}
