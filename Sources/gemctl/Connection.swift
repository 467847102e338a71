import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP/1.1 connection: parts go out as fast as the daemon reads, and come in only when asked for.
///
/// Both directions at once are fine; each has one user.
final class Connection: Sendable {
    private let channel: any Channel
    private let parts: NIOLoopBound<AnswerParts>
    private let ssh: SSH?

    private init(channel: any Channel, parts: NIOLoopBound<AnswerParts>, ssh: SSH? = nil) {
        self.channel = channel
        self.parts = parts
        self.ssh = ssh
    }

    static func open(_ endpoint: Endpoint, timeoutSeconds: Int, sshCommand: String) async throws -> Connection {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(Int64(timeoutSeconds)))
            .channelOption(.autoRead, value: false)
        let prepare: @Sendable (any Channel) -> EventLoopFuture<Connection> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let parts = AnswerParts()
                try channel.pipeline.syncOperations.addHandler(
                    IdleStateHandler(allTimeout: .seconds(Int64(timeoutSeconds))))
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(parts)
                return Connection(channel: channel, parts: NIOLoopBound(parts, eventLoop: channel.eventLoop))
            }
        }
        switch endpoint {
        case .unix(let path):
            guard path.utf8.count < 108 else {
                throw Failure(
                    .usage, "the socket's path is longer than 107 bytes: \(path)",
                    hint: "name a shorter one with --socket")
            }
            do {
                return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: prepare)
            } catch let error as IOError {
                throw Endpoint.failure(path: path, errno: error.errnoCode)
            } catch is ChannelError {
                throw Failure(
                    .unreachable, "gemd does not answer at \(path)", hint: "check `systemctl status gemd`",
                    code: "unreachable")
            }
        case .ssh(let destination, let port):
            let ssh = try SSH.start(destination: destination, port: port, command: sshCommand)
            let connection = try await bootstrap.withConnectedSocket(ssh.descriptor, channelInitializer: prepare)
            return Connection(channel: connection.channel, parts: connection.parts, ssh: ssh)
        }
    }

    /// Sends one request, each piece when the daemon has taken the one before.
    ///
    /// Returns what went wrong with reading the pieces; a lost connection is left to the reader of the answer.
    func send(_ head: HTTPRequestHead, _ chunks: @Sendable () async throws -> ByteBuffer?) async -> (any Error)? {
        do {
            try await write(.head(head))
            while let chunk = try await chunks() { try await write(.body(.byteBuffer(chunk))) }
            try await write(.end(nil))
            return nil
        } catch is ConnectionLost {
            return nil
        } catch is CancellationError {
            return nil
        } catch {
            await hangUp()
            return error
        }
    }

    /// Returns when the part is in the kernel's hands.
    private func write(_ part: HTTPClientRequestPart) async throws {
        do {
            try await channel.eventLoop.flatSubmit { [channel, parts] in
                let parts = parts.value
                parts.state = .sending(blocked: true)
                let written = channel.writeAndFlush(part)
                written.assumeIsolated().whenSuccess {
                    guard case .sending = parts.state else { return }
                    // Between two pieces it is our turn: slow input is not the daemon's fault.
                    if case .end = part { parts.state = .sent } else { parts.state = .sending(blocked: false) }
                }
                return written
            }.get()
        } catch {
            throw ConnectionLost(timedOut: false)
        }
    }

    /// The next part of the answer; after `.end` comes that of the next answer.
    /// Throws ``ConnectionLost`` when there will be none.
    func next() async throws -> HTTPClientResponsePart {
        try await channel.eventLoop.flatSubmit { [channel, parts] in
            let promise = channel.eventLoop.makePromise(of: HTTPClientResponsePart.self)
            parts.value.want(promise, on: channel)
            return promise.futureResult
        }.get()
    }

    /// Whether another request may follow: the last was sent and answered whole, and both sides keep the connection.
    var isIdle: Bool {
        get async {
            // An event loop that is gone cannot keep a connection.
            (try? await channel.eventLoop.submit { [channel, parts] in channel.isActive && parts.value.isIdle }.get())
                ?? false
        }
    }

    /// Closes without waiting for ssh.
    func hangUp() async { try? await channel.close().get() }  // already closed is as good

    /// Closes, waits for ssh, and says what ssh died of, if it did.
    @discardableResult
    func close() async -> Failure? {
        await hangUp()
        guard let ssh else { return nil }
        return try? await NIOThreadPool.singleton.runIfActive { ssh.finish() }  // the pool never stops
    }
}

/// The daemon hung up, or was silent for the whole timeout, before its answer was complete.
struct ConnectionLost: Error {
    var timedOut: Bool
}

/// Keeps what one read brought until it is asked for; reads again only when somebody waits.
private final class AnswerParts: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    enum State {
        case ready
        case sending(blocked: Bool)
        case sent
    }

    var state = State.ready
    private var answered = true
    private var keepAlive = true
    private var kept = CircularBuffer<HTTPClientResponsePart>()
    private var waiting: EventLoopPromise<HTTPClientResponsePart>?
    private var ended: ConnectionLost?

    var isIdle: Bool {
        if case .sending = state { return false }
        return answered && keepAlive && ended == nil && kept.isEmpty
    }

    /// Whether silence is the daemon's: it has a whole request, or is not reading the one being sent.
    private var isDaemonsTurn: Bool {
        switch state {
        case .ready: false
        case .sending(let blocked): blocked
        case .sent: true
        }
    }

    func want(_ promise: EventLoopPromise<HTTPClientResponsePart>, on channel: any Channel) {
        if let part = kept.popFirst() {
            promise.succeed(part)
        } else if let ended {
            promise.fail(ended)
        } else {
            waiting = promise
            channel.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch part {
        case .head(let head):
            answered = false
            keepAlive = head.isKeepAlive
        case .body: break
        case .end:
            answered = true
            if case .sent = state { state = .ready }
        }
        if let promise = waiting {
            waiting = nil
            promise.succeed(part)
        } else {
            kept.append(part)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if waiting != nil { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            guard isDaemonsTurn else { return }
            end(ConnectionLost(timedOut: true))
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(ConnectionLost(timedOut: false))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(ConnectionLost(timedOut: false))
        context.fireChannelInactive()
    }

    private func end(_ reason: ConnectionLost) {
        if ended == nil { ended = reason }
        waiting?.fail(ended ?? reason)
        waiting = nil
    }
}
