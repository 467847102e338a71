import Foundation
import GemCrypto
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// One request as a handler sees it: matched, its caller known and allowed.
final class Call: Sendable {
    let request: Request
    let caller: Caller
    /// What stood in the braces of the route's path.
    let parameters: RouteTree.Parameters
    let requestID: String
    /// Of the public listener, where look-ups are counted: the address they are counted for.
    let visitor: String?

    init(
        request: Request, caller: Caller, parameters: RouteTree.Parameters, requestID: String, visitor: String? = nil
    ) {
        self.visitor = visitor
        self.request = request
        self.caller = caller
        self.parameters = parameters
        self.requestID = requestID
    }

    func parameter(_ name: String) -> String {
        guard let value = parameters.first(where: { $0.name == name })?.value else {
            preconditionFailure("the route has no {\(name)}")
        }
        return value
    }

    // MARK: - Query

    /// The query's values; refuses names that the route does not know, and a name given twice.
    func query(_ known: Set<String>) throws -> [String: String] {
        var values: [String: String] = [:]
        guard let query = request.uri.query else { return values }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decode(_ text: Substring) -> String? {
                // As nearly all come: nothing to decode, and looking for it otherwise costs more than finding a piece.
                guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
                    return String(text)
                }
                return text.replacing("+", with: " ").removingPercentEncoding
            }
            guard let name = decode(parts[0]), let value = parts.count == 2 ? decode(parts[1]) : "" else {
                throw Problem(
                    .unknownQuery, "the query is not percent-encoded UTF-8", hint: "encode it as RFC 3986 says")
            }
            guard known.contains(name) else {
                throw Problem(
                    .unknownQuery, "this address knows no query \"\(name.prefix(40))\"",
                    hint: known.isEmpty ? "leave it out" : "use " + known.sorted().joined(separator: ", "), field: name)
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw Problem(.unknownQuery, "\"\(name)\" is given twice", hint: "give it once", field: name)
            }
        }
        return values
    }

    // MARK: - Body

    static let maxJSONBytes = 1 << 20

    /// The body as one JSON value.
    func json(types: Set<String> = ["application/json"]) async throws -> JSON {
        try requireType(types)
        let buffer = try await bytes(limit: Self.maxJSONBytes)
        do {
            return try buffer.withUnsafeReadableBytes { try JSON(parsing: $0.bindMemory(to: UInt8.self)) }
        } catch let error as JSONError {
            throw Problem(
                .badJSON, "the body is not JSON: \(error)", hint: "check it with a JSON tool, such as `jq . FILE`")
        }
    }

    func bytes(limit: Int) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw Self.tooLarge(limit)
        }
        var whole = ByteBuffer()
        for try await part in request.body {
            guard whole.readableBytes + part.readableBytes <= limit else { throw Self.tooLarge(limit) }
            whole.writeImmutableBuffer(part)
        }
        return whole
    }

    static func tooLarge(_ limit: Int) -> Problem {
        Problem(.tooLarge, "the body is larger than \(limit) bytes", hint: "send less at once; bulk takes many lines")
    }

    /// The media type without parameters, lower case.
    var mediaType: String? {
        guard let text = request.headers[.contentType] else { return nil }
        // As most write it; what follows costs more than finding a piece.
        if text == "application/json" { return text }
        return text.prefix { $0 != ";" }.lowercased().trimmingCharacters(in: .whitespaces)
    }

    func requireType(_ types: Set<String>) throws {
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(
                .mediaType, "the body is compressed (\(encoding.prefix(40)))",
                hint: "send it as it is, without Content-Encoding")
        }
        guard let type = mediaType, types.contains(type) else {
            let given = mediaType.map { "\"\($0.prefix(60))\"" } ?? "none"
            throw Problem(
                .mediaType, "the content type is \(given)",
                hint: "send Content-Type: " + types.sorted().joined(separator: " or "))
        }
    }

    // MARK: - Conditions

    /// The version of `If-Match: "3"`.
    func ifMatch() throws -> Int64 {
        guard let text = request.headers[.ifMatch] else {
            throw Problem(
                .ifMatchRequired, "this change needs If-Match with the version you saw",
                hint: "read the resource and send its ETag as If-Match")
        }
        // A version we never gave is stale by definition.
        return Int64(text.trimmingCharacters(in: .whitespaces).trimmingCharacters(in: ["\""])) ?? -1
    }

    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!

    /// The client's key bound to this request's method, path and body; nil when it sent none.
    func idempotencyKey(body: @autoclosure () -> [UInt8]) throws -> IdempotencyKey? {
        guard let key = request.headers[Self.idempotencyKey] else { return nil }
        guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                .badRequest, "the Idempotency-Key is not 1 to 64 printable characters", hint: "use a UUID")
        }
        let head = Array("\(request.method.rawValue) \(request.uri.description)\n".utf8)
        return IdempotencyKey(key: key, request: SHA256.hash(head + body()))
    }

    var wantsUrdu: Bool { request.headers[.acceptLanguage]?.lowercased().hasPrefix("ur") ?? false }

    /// Of what is written for people: `?lang=` before Accept-Language.
    func language(_ query: [String: String]) throws -> Disclosure.Language {
        guard let tag = query["lang"] else { return wantsUrdu ? .urdu : .english }
        guard ["en", "ur"].contains(tag) else { throw Page.invalid("lang", tag, "en or ur") }
        return Disclosure.Language(tag: tag)
    }
}
