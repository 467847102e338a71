import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client sends too slowly (protocol.md, "Limits").
///
/// The header must be complete 10 s after its first byte. A body must keep up
/// 1 KB/s once 5 s have passed; only time in which gemd was waiting for the client
/// counts, so a busy disk never costs an honest client its upload.
final class Deadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Limits: Sendable {
        var header = TimeAmount.seconds(10)
        var bodyGrace = TimeAmount.seconds(5)
        var bodyBytesPerSecond: Int64 = 1024
    }

    private enum Phase {
        case idle
        case header
        case body
    }

    private let limits: Limits
    private var phase = Phase.idle
    private var timer: Scheduled<Void>?
    private var bodyBytes: Int64 = 0
    private var waited = TimeAmount.zero
    private var waitingSince: NIODeadline?

    init(limits: Limits) { self.limits = limits }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytes
        stopWaiting()
        switch phase {
        case .idle: phase = .header
        case .header: break
        case .body: bodyBytes += Int64(bytes)
        }
        context.fireChannelRead(data)
        // Most messages come whole in one read and need no timer at all.
        if timer == nil, phase != .idle {
            schedule(after: phase == .header ? limits.header : limits.bodyGrace, context)
        }
    }

    func read(context: ChannelHandlerContext) {
        if waitingSince == nil { waitingSince = .now() }
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    /// The decoder has seen a whole header.
    fileprivate func headerEnded(_ context: ChannelHandlerContext) {
        phase = .body
        bodyBytes = 0
        waited = .zero
        if waitingSince != nil { waitingSince = .now() }
        // The header's timer is no longer needed; the body gets its own if it is still to come.
        timer?.cancel()
        timer = nil
    }

    fileprivate func messageEnded() {
        phase = .idle
        timer?.cancel()
        timer = nil
    }

    private func schedule(after delay: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: delay) {
            let (deadlines, context) = loopBound.value
            deadlines.timer = nil
            guard context.channel.isActive else { return }
            switch deadlines.phase {
            case .idle: return
            case .header: context.close(promise: nil)
            case .body where deadlines.isBehind: context.close(promise: nil)
            case .body: deadlines.schedule(after: deadlines.limits.bodyGrace, context)
            }
        }
    }

    /// Whether the body has come in more slowly than it must.
    private var isBehind: Bool {
        let wasWaiting = waitingSince != nil
        stopWaiting()
        if wasWaiting { waitingSince = .now() }
        let late = (waited - limits.bodyGrace).nanoseconds
        return late >= 0 && bodyBytes < late / 1_000_000_000 * limits.bodyBytesPerSecond + 1
    }

    private func stopWaiting() {
        if let since = waitingSince { waited = waited + (.now() - since) }
        waitingSince = nil
    }
}

/// Tells ``Deadlines`` where messages begin and end, and ends a connection whose client goes on
/// sending a body long after it was refused. Sits behind the HTTP decoder.
final class MessageBounds: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let deadlines: Deadlines
    private var isReceiving = false
    private var isAnswered = false
    private var unwantedBytes = 0
    private let mostUnwantedBytes = 32 << 20

    init(_ deadlines: Deadlines) { self.deadlines = deadlines }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // RFC 9110 §10.1.1: such a client waits for leave to send; refusals come as the answer.
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
            isReceiving = true
            isAnswered = false
            unwantedBytes = 0
            deadlines.headerEnded(context)
        case .body(let bytes):
            if isAnswered { unwantedBytes += bytes.readableBytes }
            if unwantedBytes > mostUnwantedBytes { return context.close(promise: nil) }
        case .end:
            isReceiving = false
            deadlines.messageEnded()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), isReceiving { isAnswered = true }
        context.write(data, promise: promise)
    }
}
