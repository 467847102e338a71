import GemCrypto
import Glibc
import NIOCore

/// Who is at the other end of a connection, as the kernel says it.
enum Peer: Sendable, Equatable {
    /// A process on this machine; its credentials at the time of connect().
    case process(uid: UInt32)
    /// A connection of the network, or of a socket without a process behind it; its address where there is one.
    case network(address: String?)

    /// Reads SO_PEERCRED once, at accept. Only the uid is kept: a pid can be re-used.
    static func of(_ channel: any Channel) -> EventLoopFuture<Peer> {
        guard channel.localAddress?.protocol == .unix, let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(.network(address: channel.remoteAddress?.ipAddress))
        }
        let credentials: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        return credentials.map { .process(uid: $0.uid) }
    }
}

extension Peer {
    /// Whom a visitor counts as: an address, or of IPv6 the network of 64 bits that one customer has.
    static func neighbourhood(of address: String) -> String {
        var parts = in6_addr()
        guard inet_pton(AF_INET6, address, &parts) == 1 else { return address }
        return withUnsafeBytes(of: &parts) { bytes in
            // An IPv4 address in IPv6's clothes is itself.
            if bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
                return bytes.dropFirst(12).map { String($0) }.joined(separator: ".")
            }
            return Hex.encode(Array(bytes.prefix(8)))
        }
    }
}

/// `struct ucred`, which the Glibc module does not import (it is behind _GNU_SOURCE).
private struct PeerCredentials: BitwiseCopyable, Sendable {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}
