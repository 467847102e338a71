import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// What a handler gives back.
struct Reply: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    var body: ResponseBody

    static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Reply {
        .json(text: json.text, status: status)
    }

    /// `text` is one JSON value, already written.
    static func json(text: String, status: HTTPResponse.Status = .ok) -> Reply {
        .bytes(ByteBuffer(string: text), type: "application/json", status: status)
    }

    static func bytes(_ buffer: ByteBuffer, type: String, status: HTTPResponse.Status = .ok) -> Reply {
        Reply(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: buffer))
    }

    static func bytes(_ bytes: [UInt8], type: String) -> Reply { .bytes(ByteBuffer(bytes: bytes), type: type) }

    static func kept(_ answer: Answer) -> Reply {
        var reply = Reply.json(text: answer.body, status: .init(integerLiteral: answer.status))
        if let location = answer.location { reply.headers[.location] = location }
        if let etag = answer.etag { reply.headers[.eTag] = etag }
        return reply
    }

    static let noContent = Reply(status: .noContent, body: ResponseBody())

    func with(_ name: HTTPField.Name, _ value: String) -> Reply {
        var reply = self
        reply.headers[name] = value
        return reply
    }

    /// Content that never changes at its address.
    func immutable(etag: String) -> Reply {
        with(.eTag, "\"\(etag)\"").with(.cacheControl, "public, max-age=31536000, immutable")
    }
}
