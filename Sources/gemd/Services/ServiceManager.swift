import Foundation
import ServiceLifecycle

/// systemd's protocols, a few lines each: readiness, watchdog, inherited sockets.
struct ServiceManager: Sendable {
    private let path: String?
    private let watchdogMicroseconds: Int?

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        path = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        watchdogMicroseconds = environment["WATCHDOG_USEC"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Sends one sd_notify(3) message. Losing it harms nobody but the manager's view, so failure is silent.
    func notify(_ message: String) {
        guard let path else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        // An abstract name is written with @ and begins with a zero byte.
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.utf8.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }

    /// Tells the manager twice per watchdog period that the daemon still schedules work.
    struct Watchdog: Service {
        let manager: ServiceManager

        func run() async throws {
            // The first service to end, so this is sent when the drain begins.
            defer { manager.notify("STOPPING=1") }
            guard let microseconds = manager.watchdogMicroseconds else {
                try await gracefulShutdown()
                return
            }
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    manager.notify("WATCHDOG=1")
                    // Cancelled by the shutdown, which is the way out.
                    try? await Task.sleep(for: .microseconds(microseconds / 2))
                }
            }
        }
    }

    /// Descriptors handed over by the manager, with their names (sd_listen_fds(3)).
    static func inheritedSockets(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [(name: String, descriptor: CInt)] {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == getpid(),
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), (0...16).contains(count)
        else { return [] }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false).map(
            String.init)
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        return (0..<count).map { index in
            let descriptor = 3 + index
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return (Int(index) < names.count ? names[Int(index)] : "control", descriptor)
        }
    }
}
