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
struct RouteTree: Sendable {
    private final class Node: Sendable {
        let literals: [Substring: Node]
        /// Longest suffix first.
        let parameters: [(name: String, suffix: String, node: Node)]
        let rest: (name: String, routes: [HTTPRequest.Method: Route])?
        let routes: [HTTPRequest.Method: Route]

        /// Each route comes with the segments of its path that are still to be read.
        init(_ entries: [(segments: ArraySlice<Substring>, route: Route)]) {
            var routes: [HTTPRequest.Method: Route] = [:]
            var rest: (name: String, routes: [HTTPRequest.Method: Route])?
            var children: [Substring: [(segments: ArraySlice<Substring>, route: Route)]] = [:]
            for entry in entries {
                guard let first = entry.segments.first else {
                    routes[entry.route.method] = entry.route
                    continue
                }
                if first.hasPrefix("{"), first.hasSuffix("...}") {
                    rest = rest ?? (String(first.dropFirst().dropLast(4)), [:])
                    rest?.routes[entry.route.method] = entry.route
                } else {
                    children[first, default: []].append((entry.segments.dropFirst(), entry.route))
                }
            }
            self.routes = routes
            self.rest = rest
            var literals: [Substring: Node] = [:]
            var parameters: [(name: String, suffix: String, node: Node)] = []
            for (segment, entries) in children {
                if segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") {
                    let name = segment[segment.index(after: segment.startIndex)..<end]
                    parameters.append((String(name), String(segment[segment.index(after: end)...]), Node(entries)))
                } else {
                    literals[segment] = Node(entries)
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
        case route(Route, [String: String])
        /// The path is known, the method is not.
        case wrongMethod([HTTPRequest.Method])
        case none
    }

    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        guard path.utf8.first == UInt8(ascii: "/") else { return .none }
        // By bytes: characters are dear to find, and no address of ours needs them.
        let segments = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard let (routes, parameters) = find(segments[...], root) else { return .none }
        if let route = routes[method] ?? (method == .head ? routes[.get] : nil) { return .route(route, parameters) }
        return .wrongMethod(Array(routes.keys))
    }

    private func find(
        _ segments: ArraySlice<Substring>, _ node: Node
    ) -> (routes: [HTTPRequest.Method: Route], parameters: [String: String])? {
        guard let first = segments.first else { return node.routes.isEmpty ? nil : (node.routes, [:]) }
        if let next = node.literals[first], let found = find(segments.dropFirst(), next) { return found }
        for (name, suffix, next) in node.parameters
        where first.utf8.count > suffix.utf8.count && first.hasSuffix(suffix) {
            let text = suffix.isEmpty ? String(first) : String(first.dropLast(suffix.count))
            // Percent-encoding that is broken cannot name anything.
            guard let value = text.utf8.contains(UInt8(ascii: "%")) ? text.removingPercentEncoding : text,
                var found = find(segments.dropFirst(), next)
            else { continue }
            found.parameters[name] = value
            return found
        }
        if let rest = node.rest { return (rest.routes, [rest.name: segments.joined(separator: "/")]) }
        return nil
    }
}
