import GemModel
import NIOCore

/// One request of the control protocol.
struct Request: Sendable {
    enum Method: String, Sendable {
        case GET, POST, PUT, PATCH, DELETE
    }

    enum Body: Sendable {
        case none
        case bytes([UInt8], type: String)
        /// `open` starts from the first byte each time; nil length is sent chunked.
        case stream(type: String, length: Int?, open: @Sendable () throws -> @Sendable () async throws -> ByteBuffer?)
    }

    var method: Method
    var target: String
    var headers: [(String, String)] = []
    var body = Body.none
    /// Whether asking twice does what asking once does: a GET, or a body that is the same again under one Idempotency-Key.
    var repeats: Bool

    init(_ method: Method, _ segments: String..., query: [(String, String?)] = []) {
        self.init(method, segments, query: query)
    }

    /// `segments` follow `/v1` and are escaped; a query entry without a value is left out.
    init(_ method: Method, _ segments: [String], query: [(String, String?)] = []) {
        self.method = method
        target = "/v1" + segments.map { "/" + Self.escape($0) }.joined()
        let query = query.compactMap { name, value in value.map { "\(name)=\(Self.escape($0))" } }
        if !query.isEmpty { target += "?" + query.joined(separator: "&") }
        repeats = method == .GET || method == .PUT
        if method == .POST || method == .PATCH {
            headers.append(("Idempotency-Key", Self.randomKey()))
            repeats = true
        }
    }

    func sending(_ json: JSON, type: String = "application/json") -> Request { sending(json.bytes, type: type) }

    func sending(_ bytes: [UInt8], type: String) -> Request {
        var request = self
        request.body = .bytes(bytes, type: type)
        return request
    }

    /// A regular file is sent with its length and again on a retry; anything else once, chunked.
    func sending(file path: String, type: String) throws -> Request {
        var request = self
        let size = try FileReader(path: path).size
        request.body = .stream(type: type, length: size) {
            let reader = try FileReader(path: path)
            return { try await reader.next() }
        }
        if size == nil { request.repeats = false }
        return request
    }

    func adding(_ name: String, _ value: String) -> Request {
        var request = self
        request.headers.append((name, value))
        return request
    }

    /// A bulk body: the daemon refuses an Idempotency-Key here, each line carries its own identity.
    func once() -> Request {
        var request = self
        request.headers.removeAll { $0.0 == "Idempotency-Key" }
        request.repeats = false
        return request
    }

    /// RFC 3986 unreserved characters and the colon of `stock:R-17` stay.
    static func escape(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            if byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-._~:".utf8.contains(byte) {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return out
    }

    /// A version 4 UUID (RFC 9562).
    static func randomKey() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & ~0xF000 | 0x4000
        let low = generator.next() & ~(0b11 << 62) | 0b10 << 62
        let hex = [high, low].map {
            String(repeating: "0", count: $0.leadingZeroBitCount / 4) + ($0 == 0 ? "" : String($0, radix: 16))
        }
        .joined()
        var text = ""
        for (index, digit) in hex.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }
}

/// What came back, whole.
struct Answer: Sendable {
    /// The resource's version, as `If-Match` wants it.
    var etag: String?
    /// Whether the body is NDJSON.
    var isLines: Bool
    /// Exactly as sent.
    var body: [UInt8]

    /// The body read as JSON.
    func json() throws(Failure) -> JSON {
        do {
            return try JSON(parsing: body)
        } catch {
            throw Failure(
                .failed, "the daemon's answer is not JSON: \(error)",
                hint: "check that gemctl and gemd are of one version: `gemctl version`")
        }
    }
}
