import Foundation
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
import ServiceLifecycle
import Synchronization

/// One connection: HTTP/1.1 with limits and deadlines, its peer looked up once.
struct Connection: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let peer: Peer
        var channel: any Channel { http.channel }
    }

    let http: HTTP1Channel.Configuration
    let deadlines: Deadlines.Limits
    let respond: @concurrent @Sendable (Request, consuming ResponseWriter, Peer) async throws -> Void

    init(
        config: Config.Limits,
        respond: @escaping @concurrent @Sendable (Request, consuming ResponseWriter, Peer) async throws -> Void
    ) {
        deadlines = Deadlines.Limits(
            header: .seconds(Int64(config.headerSeconds)), bodyGrace: .seconds(Int64(config.bodyGraceSeconds)),
            bodyBytesPerSecond: Int64(config.bodyBytesPerSecond))
        http = HTTP1Channel.Configuration(
            idleTimeout: .seconds(Int64(config.idleSeconds)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))
        self.respond = respond
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        Peer.of(channel).flatMap { peer in
            var http = http
            do {
                let deadlines = Deadlines(limits: deadlines)
                try channel.pipeline.syncOperations.addHandler(deadlines)
                let bound = NIOLoopBound(deadlines, eventLoop: channel.eventLoop)
                http.additionalChannelHandlers = { [MessageBounds(bound.value)] }
            } catch { return channel.eventLoop.makeFailedFuture(error) }
            return HTTP1Channel(responder: { _, _, _ in }, configuration: http).setup(channel: channel, logger: logger)
                .map { Value(http: $0, peer: peer) }
        }
    }

    func handle(value: Value, logger: Logger) async {
        let peer = value.peer
        await HTTP1Channel(
            responder: { request, writer, _ in try await respond(request, writer, peer) }, configuration: http
        ).handle(value: value.http, logger: logger)
    }
}

/// One listening socket, made here or inherited from the service manager, until shutdown;
/// then requests under way are finished.
struct Listener: Service {
    enum Endpoint: Sendable {
        case unix(path: String, group: String?)
        case tcp(host: String, port: Int)
        case inherited(CInt)
    }

    let endpoint: Endpoint
    let connection: Connection
    let limits: Config.Limits
    let logger: Logger
    /// Called with the bound address once connections are accepted.
    let ready: @Sendable (String) -> Void

    func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let quiescing = ServerQuiescingHelper(group: group)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
        let setUp: @Sendable (any Channel) -> EventLoopFuture<Connection.Value> = {
            connection.setup(channel: $0, logger: logger)
        }
        let server: NIOAsyncChannel<Connection.Value, Never>
        switch endpoint {
        case .unix(let path, let group):
            let descriptor = try SocketFile.bind(path, group: group)
            server = try await bootstrap.bind(descriptor, childChannelInitializer: setUp)
        case .tcp(let host, let port):
            server = try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port, childChannelInitializer: setUp)
        case .inherited(let descriptor):
            server = try await bootstrap.bind(descriptor, childChannelInitializer: setUp)
        }
        ready(server.channel.localAddress.map { Self.text($0) } ?? "an inherited socket")
        let open = OpenConnections(limits)
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { tasks in
                try await server.executeThenClose { inbound in
                    for try await value in inbound {
                        guard open.enter(value.peer) else {
                            value.channel.close(promise: nil)
                            continue
                        }
                        // A request stays on its connection's thread: going to another and back costs more than
                        // most requests themselves. What takes long (photographs, searches, writes) has queues of
                        // its own.
                        tasks.addTask(executorPreference: LoopExecutor(value.channel.eventLoop)) {
                            await connection.handle(value: value, logger: logger)
                            open.leave(value.peer)
                        }
                    }
                }
            }
        } onGracefulShutdown: {
            quiescing.initiateShutdown(promise: nil)
        }
        if case .unix(let path, _) = endpoint { unlink(path) }
    }

    private static func text(_ address: SocketAddress) -> String {
        switch address {
        case .unixDomainSocket: address.pathname ?? "a Unix socket"
        default: "\(address.ipAddress ?? "?"):\(address.port ?? 0)"
        }
    }
}

/// Runs a connection's tasks on its own event loop.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// How many connections stand open, in all and by uid.
private final class OpenConnections: Sendable {
    private let limits: Config.Limits
    private let state = Mutex((total: 0, byUID: [UInt32: Int]()))

    init(_ limits: Config.Limits) { self.limits = limits }

    func enter(_ peer: Peer) -> Bool {
        state.withLock { state in
            guard state.total < limits.connections else { return false }
            if case .process(let uid) = peer {
                guard state.byUID[uid, default: 0] < limits.connectionsPerUID else { return false }
                state.byUID[uid, default: 0] += 1
            }
            state.total += 1
            return true
        }
    }

    func leave(_ peer: Peer) {
        state.withLock { state in
            state.total -= 1
            guard case .process(let uid) = peer, let count = state.byUID[uid] else { return }
            state.byUID[uid] = count == 1 ? nil : count - 1
        }
    }
}
