import Foundation
import GemCert
import GemCrypto
import GemModel
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An outside time-stamping authority (RFC 3161 over HTTP, §3.4), of which one certificate is pinned.
///
/// Plain HTTP, as these authorities are run: the token is signed, only the pinned certificate's counts, and it repeats
/// the request's nonce, so nobody on the way can forge one or play an old one again. What is sent is a hash.
final class OutsideAuthority: Sendable {
    /// PEM.
    let certificate: [UInt8]
    /// The certificate alone, in its one spelling.
    let pem: String
    let name: String
    private let host: String
    private let port: Int
    private let path: String
    private let timeout: TimeAmount
    /// When it last answered with a token that holds, by the monotonic clock.
    private let proven = Mutex<NIODeadline?>(nil)

    /// Nil when none is configured.
    init?(_ settings: Config.Timestamp, _ name: String) throws {
        guard !settings.url.isEmpty else {
            guard settings.certificate.isEmpty else {
                throw StartError("\(name): timestamp.certificate: there is no timestamp.url it could be of")
            }
            return nil
        }
        guard
            let match = settings.url.wholeMatch(
                of: /http:\/\/([A-Za-z0-9.\-]+|\[[0-9A-Fa-f:]+\])(:([0-9]{1,5}))?(\/[!-~]*)?/),
            let port = Int(match.3 ?? "80"), 1...65_535 ~= port
        else {
            throw StartError(
                "\(name): timestamp.url: \"\(settings.url)\" is not http://HOST[:PORT]/PATH; a token is signed, so https adds nothing"
            )
        }
        guard let data = FileManager.default.contents(atPath: settings.certificate) else {
            throw StartError(
                "\(name): timestamp.certificate: \"\(settings.certificate)\" cannot be read; name the file of the authority's own certificate (PEM)"
            )
        }
        do { try TimestampRequest.checkPinned(Array(data)) } catch {
            throw StartError("\(name): timestamp.certificate: \"\(settings.certificate)\": \(error.reason)")
        }
        certificate = Array(data)
        pem = String(decoding: try X509Certificate(pem: certificate).pem, as: UTF8.self)
        host = String(match.1).trimmingCharacters(in: ["[", "]"])
        self.port = port
        path = match.4.map(String.init) ?? "/"
        self.name = String(match.1)
        timeout = .seconds(Int64(settings.seconds))
    }

    /// A token over a SHA-256 hash that holds for `value`, its preimage.
    ///
    /// Asked twice where the first did not come through; what was answered wrongly is not asked again.
    /// - Throws: `Problem` 503, in words.
    func token(over value: [UInt8], now: Date) async throws -> [UInt8] {
        var reason = ""
        for _ in 0..<2 {
            let request = TimestampRequest(imprint: SHA256.hash(value))
            do {
                let token = try request.token(in: await exchange(request.bytes))
                if let problem = try TimestampRequest.problem(with: token, over: value, pinned: certificate, now: now) {
                    throw TimestampRequest.Refusal(reason: problem)
                }
                proven.withLock { $0 = .now() }
                return token
            } catch let refusal as TimestampRequest.Refusal {
                throw Self.unavailable(name, refusal.reason)
            } catch let error as Failure { reason = error.reason } catch { reason = "it cannot be reached" }
        }
        throw Self.unavailable(name, reason)
    }

    /// Asks for a token over nothing, unless one came within the last minute: before a number is reserved, so that an
    /// authority that is away leaves nothing half-made.
    func prove(now: Date) async throws {
        if let last = proven.withLock({ $0 }), NIODeadline.now() - last < .seconds(60) { return }
        _ = try await token(over: randomBytes(32), now: now)
    }

    private static func unavailable(_ name: String, _ reason: String) -> Problem {
        Problem(
            .unavailable, "the time-stamping authority \(name) gave no time stamp: \(reason)",
            hint: "nothing was issued; approve it again in a few minutes", retryAfterSeconds: 60)
    }

    // MARK: - HTTP

    private struct Failure: Error {
        var reason: String
    }

    private static let longest = 48 << 10

    /// One request on a connection of its own; no redirects.
    private func exchange(_ body: [UInt8]) async throws -> [UInt8] {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: NIOHTTPClientResponseFull.self)
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(timeout).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHTTPClientHandlers()
                try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: Self.longest))
                try pipeline.addHandler(Answer(promise))
            }
        }
        let channel: any Channel
        do { channel = try await bootstrap.connect(host: host, port: port).get() } catch {
            promise.fail(error)
            throw Failure(reason: "it cannot be reached")
        }
        let deadline = loop.scheduleTask(in: timeout) {
            promise.fail(Failure(reason: "it did not answer in time"))
            channel.close(promise: nil)
        }
        defer {
            deadline.cancel()
            channel.close(promise: nil)
        }
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path)
        head.headers = [
            "Host": port == 80 ? host : "\(host):\(port)", "Content-Type": "application/timestamp-query",
            "Content-Length": "\(body.count)", "Accept": "application/timestamp-reply", "Connection": "close",
            "User-Agent": "gemd/\(Daemon.version)",
        ]
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        let answer = try await promise.futureResult.get()
        guard answer.head.status == .ok else {
            throw Failure(reason: "it answered \(answer.head.status.code)")
        }
        let type = answer.head.headers.first(name: "Content-Type")?.split(separator: ";").first ?? ""
        guard type.lowercased() == "application/timestamp-reply", let body = answer.body else {
            throw TimestampRequest.Refusal(reason: "its answer is none of RFC 3161")
        }
        return Array(body.readableBytesView)
    }

    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = NIOHTTPClientResponseFull

        private let promise: EventLoopPromise<NIOHTTPClientResponseFull>

        init(_ promise: EventLoopPromise<NIOHTTPClientResponseFull>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            promise.succeed(unwrapInboundIn(data))
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            let isTooLong = error as? NIOHTTPObjectAggregatorError == .frameTooLong
            promise.fail(
                isTooLong
                    ? TimestampRequest.Refusal(reason: "its answer is longer than a time stamp")
                    : Failure(reason: "its answer is no HTTP"))
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            promise.fail(Failure(reason: "it closed the connection"))
            context.fireChannelInactive()
        }
    }
}
