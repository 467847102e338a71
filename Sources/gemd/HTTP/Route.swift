import Foundation
import GemModel
import HTTPTypes

/// Who may call a route. There is no default: a route without it does not build.
enum Permission: Sendable, Hashable {
    /// Anyone, also on the public listener without a token.
    case anyone
    /// Any known member.
    case member
    /// A member with one of these roles.
    case roles(Set<Role>)

    func allows(_ caller: Caller) -> Bool {
        switch self {
        case .anyone: true
        case .member: caller.member != nil
        case .roles(let roles): caller.hasAny(roles)
        }
    }
}

/// One row of the route table: verb, path, who may, handler.
struct Route: Sendable {
    typealias Handler = @Sendable (Daemon, Call) async throws -> Reply

    /// The listeners that serve it.
    enum Listener: Sendable {
        case control, `public`
    }

    let method: HTTPRequest.Method
    /// Segments in braces are parameters; one may carry a suffix, such as `{number}.json`; `{path...}` takes the rest.
    let path: String
    let permission: Permission
    let listener: Listener
    /// Whether the handler reads a query; for the others any is refused before they are called.
    let takesQuery: Bool
    let handler: Handler

    init(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission, on listener: Listener = .control,
        query takesQuery: Bool = false, _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.permission = permission
        self.listener = listener
        self.takesQuery = takesQuery
        self.handler = handler
    }
}

/// Finds the route of a request: a tree of path segments, literals before parameters.
///
/// Paths are compared as bytes and never cut into parts before a route is found: every request passes here.
struct RouteTree: Sendable {
    /// What stood in the braces of a route's path, in its order.
    typealias Parameters = [(name: String, value: String)]

    private final class Node: Sendable {
        let literals: [(segment: [UInt8], node: Node)]
        /// Longest suffix first.
        let parameters: [(name: String, suffix: [UInt8], node: Node)]
        let rest: (name: String, routes: [Route])?
        let routes: [Route]

        /// Each route comes with the segments of its path that are still to be read.
        init(_ entries: [(segments: ArraySlice<Substring>, route: Route)]) {
            routes = entries.filter(\.segments.isEmpty).map(\.route)
            var rest: (name: String, routes: [Route])?
            var children: [Substring: [(segments: ArraySlice<Substring>, route: Route)]] = [:]
            for entry in entries {
                guard let first = entry.segments.first else { continue }
                if first.hasPrefix("{"), first.hasSuffix("...}") {
                    rest = rest ?? (String(first.dropFirst().dropLast(4)), [])
                    rest?.routes.append(entry.route)
                } else {
                    children[first, default: []].append((entry.segments.dropFirst(), entry.route))
                }
            }
            self.rest = rest
            var literals: [(segment: [UInt8], node: Node)] = []
            var parameters: [(name: String, suffix: [UInt8], node: Node)] = []
            for (segment, entries) in children {
                if segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") {
                    let name = segment[segment.index(after: segment.startIndex)..<end]
                    parameters.append((String(name), Array(segment[segment.index(after: end)...].utf8), Node(entries)))
                } else {
                    literals.append((Array(segment.utf8), Node(entries)))
                }
            }
            self.literals = literals
            self.parameters = parameters.sorted { ($0.suffix.count, $0.name) > ($1.suffix.count, $1.name) }
        }
    }

    private let root: Node

    init(_ routes: [Route]) {
        root = Node(routes.map { ($0.path.split(separator: "/")[...], $0) })
    }

    enum Match {
        case route(Route, Parameters)
        /// The path is known, the method is not.
        case wrongMethod([HTTPRequest.Method])
        case none
    }

    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        // The host's own page: a path of no segments.
        var path = path == "/" ? "" : path
        guard let (routes, parameters) = path.withUTF8({ Self.find(UnsafeRawBufferPointer($0)[...], root) }) else {
            return .none
        }
        let wanted = method == .head && !routes.contains { $0.method == .head } ? .get : method
        if let route = routes.first(where: { $0.method == wanted }) { return .route(route, parameters) }
        return .wrongMethod(routes.map(\.method))
    }

    /// Nil for what cannot name anything: broken percent-encoding, or U+0000, which no engine takes.
    private static func decoded(_ text: String) -> String? {
        guard let value = text.removingPercentEncoding, !value.utf8.contains(0) else { return nil }
        return value
    }

    /// `path` is what is left to read: nothing, or a slash and what follows it.
    private static func find(
        _ path: Slice<UnsafeRawBufferPointer>, _ node: Node
    ) -> (routes: [Route], parameters: Parameters)? {
        let slash = UInt8(ascii: "/")
        guard path.first == slash else {
            return path.isEmpty && !node.routes.isEmpty ? (node.routes, []) : nil
        }
        let tail = path.dropFirst()
        let end = tail.firstIndex(of: slash) ?? tail.endIndex
        let segment = tail[..<end]
        let following = tail[end...]
        if let next = node.literals.first(where: { $0.segment.elementsEqual(segment) }),
            let found = find(following, next.node)
        {
            return found
        }
        for (name, suffix, next) in node.parameters
        where segment.count > suffix.count && segment.suffix(suffix.count).elementsEqual(suffix) {
            let text = String(decoding: segment.dropLast(suffix.count), as: UTF8.self)
            guard let value = text.utf8.contains(UInt8(ascii: "%")) ? decoded(text) : text,
                var found = find(following, next)
            else { continue }
            found.parameters.append((name, value))
            return found
        }
        if let rest = node.rest { return (rest.routes, [(rest.name, String(decoding: tail, as: UTF8.self))]) }
        return nil
    }
}
