import CPages
import GemCrypto
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// What the pages load besides their own text: scripts, style, icon, the Urdu font with its licence.
///
/// Part of the program, so the binary stands alone. The same files for all pages, so a browser keeps them.
struct PageFiles: Sendable {
    struct File: Sendable {
        let bytes: ByteBuffer
        let type: String
        let etag: String
    }

    static let all = PageFiles()

    private let files: [String: File]

    private init() {
        var files: [String: [UInt8]] = [:]
        var next = gem_page_files_start()
        while let file = next?.pointee, let name = file.name {
            files[String(cString: name)] = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
            next = next?.successor()
        }
        files["ur.js"] = Array("export default \(PageWords.scriptWords.text)\n".utf8)
        // The worker keeps files under this name until any of them changes.
        let version = Hex.encode(
            SHA256.hash(files.sorted { $0.key < $1.key }.flatMap { SHA256.hash($0.value) }).prefix(8))
        files["sw.js"] = Array("const version = \"\(version)\";\n".utf8) + (files["sw.js"] ?? [])
        self.files = files.reduce(into: [:]) { found, file in
            found[file.key] = File(
                bytes: ByteBuffer(bytes: file.value), type: Self.type(of: file.key),
                etag: "\"\(Hex.encode(SHA256.hash(file.value).prefix(16)))\"")
        }
    }

    subscript(name: String) -> File? { files[name] }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "woff2": "font/woff2"
        default: "text/plain; charset=utf-8"
        }
    }
}

extension PublicHandlers {
    /// One of ``PageFiles``, by the last part of the path.
    @Sendable static func file(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let file = PageFiles.all[String(call.request.uri.path.dropFirst())] else { throw Problem.notFound }
        var reply = Reply(status: .ok, headers: [.contentType: file.type, .eTag: file.etag], body: ResponseBody())
        reply.headers[.cacheControl] = file.type.hasPrefix("font/") ? "public, max-age=31536000" : "public, no-cache"
        reply.headers[nosniff.name] = nosniff.value
        if call.request.headers[.ifNoneMatch] == file.etag {
            reply.status = .notModified
        } else {
            reply.body = ResponseBody(byteBuffer: file.bytes)
        }
        return reply
    }
}
