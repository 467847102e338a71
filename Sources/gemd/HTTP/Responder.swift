import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// From request to answer: match, who, may, handle, and every error put into words.
struct Responder: Sendable {
    let daemon: Daemon
    let listener: Route.Listener
    let tree: RouteTree
    let logger: Logger
    private let ids: RequestIDs

    init(daemon: Daemon, listener: Route.Listener, logger: Logger) {
        self.daemon = daemon
        self.listener = listener
        self.logger = logger
        tree = RouteTree(Routes.all.filter { listener == .control || $0.listener == .public })
        ids = RequestIDs()
    }

    static let requestIDHeader = HTTPField.Name("Gemd-Request-Id")!

    @concurrent
    func respond(to request: Request, writer: consuming ResponseWriter, peer: Peer) async throws {
        let id = ids.next()
        var reply: Reply
        // Counted until the answer is written: a bulk request goes on while it is.
        var asker: Quotas.Asker?
        defer { if let asker { daemon.quotas.leave(asker) } }
        do { reply = try await answer(to: request, peer: peer, id: id, asker: &asker) } catch {
            reply = refusal(error, of: request, id: id)
        }
        reply.headers[Self.requestIDHeader] = id
        if let length = reply.body.contentLength { reply.headers[.contentLength] = String(length) }
        let isHead = request.method == .head
        try await writer.write(
            response: HTTPResponse(status: reply.status, headerFields: reply.headers),
            body: isHead ? ResponseBody() : reply.body)
    }

    private func answer(
        to request: Request, peer: Peer, id: String, asker: inout Quotas.Asker?
    ) async throws -> Reply {
        switch tree.match(request.method, request.uri.path) {
        case .none:
            throw Problem(
                .notFound, "there is nothing at \(request.uri.path.prefix(200))",
                hint: "docs/protocol.md lists the addresses")
        case .wrongMethod(let methods):
            let allowed = methods.map(\.rawValue).sorted()
            var problem = Problem(
                .methodNotAllowed, "\(request.method.rawValue) is not possible here",
                hint: "use " + allowed.joined(separator: ", "))
            problem.allowed = allowed
            throw problem
        case .route(let route, let parameters):
            let caller: Caller
            if listener == .public {
                caller = .visitor
            } else if route.permission == .anyone, request.headers[.authorization] == nil {
                // Strangers may ask these; who they are is only asked where it matters.
                caller = (try? await daemon.access.caller(peer: peer, authorization: nil)) ?? .visitor
            } else {
                caller = try await daemon.access.caller(peer: peer, authorization: request.headers[.authorization])
            }
            guard route.permission.allows(caller) else {
                guard case .roles(let roles) = route.permission, caller.member != nil else { throw Access.unknown }
                let names = roles.map(\.rawValue).sorted().joined(separator: " or ")
                throw Problem(
                    .notAllowed, "this needs the role \(names)", hint: "ask the council's administrator for it")
            }
            if let one = Quotas.Asker(caller, peer) {
                try await daemon.quotas.enter(one)
                asker = one
            }
            let call = Call(
                request: request, caller: caller, parameters: parameters, requestID: id, visitor: visitor(peer, request)
            )
            if !route.takesQuery { _ = try call.query([]) }
            let reply = try await route.handler(daemon, call)
            // What follows from a piece's change is in the public log before the change is answered.
            if request.method != .get, request.method != .head { await daemon.issuing.settle(logger) }
            return reply
        }
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!

    /// The last address that the proxy wrote is the one it saw; what stands before it anybody may have written.
    private func visitor(_ peer: Peer, _ request: Request) -> String? {
        guard listener == .public, case .network(let address?) = peer else { return nil }
        guard address == daemon.config.proxy, let forwarded = request.headers[Self.forwardedFor] else {
            return Peer.neighbourhood(of: address)
        }
        let last = forwarded.split(separator: ",").last.map { $0.filter { $0 != " " } } ?? address
        return Peer.neighbourhood(of: String(last.prefix(64)))
    }

    /// The one place where errors become words. What is not foreseen goes to the log; the client gets the id.
    private func refusal(_ error: any Error, of request: Request, id: String) -> Reply {
        var problem: Problem
        switch error {
        case let error as Problem: problem = error
        case let error as InvalidInput: problem = Problem(error)
        case let error as InventoryError:
            problem = Problem(error)
            switch error {
            case .store(let reason), .syncFailed(let reason): log(reason)
            default: break
            }
        case let error as FileError where error.isSyncFailure:
            Daemon.end(after: .syncFailed(error.description))
        case let error as FileError where error.isDiskFull: problem = Problem(InventoryError.diskFull)
        default:
            problem = Problem(
                .internalError, "gemd could not do this",
                hint: "ask the administrator to look for request \(id) in the log")
            log(String(describing: error))
        }
        problem = problem.hinting(at: request.uri.path)
        func log(_ reason: String) {
            logger.error(
                "request failed", metadata: ["request": "\(id)", "path": "\(request.uri.path)", "reason": "\(reason)"])
        }
        let inUrdu = request.headers[.acceptLanguage]?.lowercased().hasPrefix("ur") ?? false
        var reply = Reply.json(problem.json(requestID: id, inUrdu: inUrdu), status: problem.code.status)
        reply.headers[.contentType] = "application/problem+json"
        if let seconds = problem.retryAfterSeconds { reply.headers[.retryAfter] = String(seconds) }
        if let allowed = problem.allowed { reply.headers[.allow] = allowed.joined(separator: ", ") }
        if problem.code == .unauthenticated { reply.headers[.wwwAuthenticate] = "Bearer" }
        return reply
    }
}

/// Short names for requests, unique while the daemon runs and unlikely to recur after.
private final class RequestIDs: Sendable {
    private let start = String(UInt32.random(in: 0 ... .max), radix: 36)
    private let count = Atomic<UInt64>(0)

    func next() -> String { start + "-" + String(count.add(1, ordering: .relaxed).newValue, radix: 36) }
}
