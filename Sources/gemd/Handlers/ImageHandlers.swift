import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOPosix

enum ImageHandlers {
    @Sendable static func upload(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["role", "takenAt", "device"])
        let role = try said("role", query) { text throws(InvalidInput) in try PhotographRole.of(text) } ?? .faceUp
        let takenAt = try said("takenAt", query) { text throws(InvalidInput) in try Moment(text) }
        let device = try said("device", query) { text throws(InvalidInput) in try Line(text) }
        try call.requireType(["image/jpeg"])
        let name = try call.pieceName()
        let scope = call.caller.scope(for: name)
        // Before 25 MB are taken in for a piece that is not there.
        guard let record = try await daemon.inventory.piece(name, in: scope) else { throw Problem.notFound }
        let upload = try LocalBlobs.Draft(in: daemon.inventory.blobs)
        let limit = Photograph.Limits.standard.bytes
        if let length = call.request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        // Counted as it comes; what is refused in the end, or was there already, is given back.
        var counted = 0
        defer { daemon.quotas.giveBack(counted, of: .photographBytes, for: record.party) }
        let expected = call.request.headers[.contentLength].flatMap { Int($0) } ?? 0
        counted += try await daemon.quotas.takeAll(expected, of: .photographBytes, for: record.party)
        for try await part in call.request.body {
            guard upload.count + part.readableBytes <= limit else { throw tooLarge }
            let more = upload.count + part.readableBytes - counted
            counted += try await daemon.quotas.takeAll(more, of: .photographBytes, for: record.party)
            try part.withUnsafeReadableBytes { try upload.append($0) }
        }
        let image: ImageRecord
        do {
            image = try await daemon.imageWorkers.runIfActive { try daemon.inventory.keep(upload) }
        } catch let error as PhotographError { throw Problem(error) }
        let key = try call.idempotencyKey(body: Array(image.sha256.utf8))
        let answer = try await daemon.inventory.attach(
            image, role: role.rawValue, takenAt: takenAt, device: device, to: .id(record.id), in: scope,
            by: call.caller.actor, key: key)
        if !record.images.contains(where: { $0["sha256"]?.string == image.sha256 }) { counted = 0 }
        return .kept(answer)
    }

    /// A value of the query, refused by its name.
    private static func said<Value>(
        _ name: String, _ query: [String: String], _ read: (String) throws(InvalidInput) -> Value
    ) throws -> Value? {
        guard let text = query[name] else { return nil }
        do { return try read(text) } catch {
            throw Problem(.invalidValue, error.reason, hint: error.hint, field: name)
        }
    }

    private static let tooLarge = Problem(
        .tooLarge, "the photograph is larger than 25 MB", hint: "save it as JPEG with quality 90, or at half the size")

    @Sendable static func download(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let sha256 = call.parameter("sha256").lowercased()
        let edge = try call.query(["edge"])["edge"].map { text in
            guard let edge = Int(text), [160, 480, 1200].contains(edge) else {
                throw Page.invalid("edge", text, "160, 480 or 1200")
            }
            return edge
        }
        var blob = try await daemon.inventory.blob(ofImage: sha256, edge: edge, in: call.caller.reach.scope)
        // A laboratory sees the small ones of what it examines: an original may tell whose it is.
        if blob == nil, edge != nil, call.caller.hasAny([.examiner, .approver]),
            let owner = try await daemon.inventory.owner(ofImage: sha256, atLab: call.caller.party)
        {
            blob = try await daemon.inventory.blob(ofImage: sha256, edge: edge, in: .party(owner))
        }
        guard let blob else { throw Problem.notFound }
        return try daemon.file(blob, type: "image/jpeg", for: call).with(
            .cacheControl, "private, max-age=31536000, immutable")
    }

    /// On the public listener: derivatives only, by their own hash.
    @Sendable static func show(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let sha256 = call.parameter("sha256").lowercased()
        guard try await daemon.inventory.isPublic(derivative: sha256) else { throw Problem.notFound }
        return try daemon.file(sha256, type: "image/jpeg", for: call).immutable(etag: sha256)
    }
}

extension Daemon {
    /// A blob as an answer, streamed in pieces.
    func file(_ sha256: String, type: String, for call: Call) throws -> Reply {
        if call.request.headers[.ifNoneMatch] == "\"\(sha256)\"" {
            return Reply(status: .notModified, body: ResponseBody()).with(.eTag, "\"\(sha256)\"")
        }
        guard inventory.blobs.holds(sha256) else { throw InventoryError.store("blob \(sha256) is missing") }
        let file = try OpenFile(inventory.blobs.path(sha256))
        let body = ResponseBody(contentLength: file.size) { writer in
            var offset = 0
            while offset < file.size {
                let chunk = try file.read(from: offset)
                offset += chunk.readableBytes
                try await writer.write(chunk)
            }
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: type, .eTag: "\"\(sha256)\""], body: body)
    }
}

extension Problem {
    init(_ error: PhotographError) {
        func image(_ title: String, _ hint: String) -> Problem { Problem(.image, title, hint: hint) }
        self =
            switch error {
            case .notJPEG(.empty): image("the body is empty", "send the photograph's bytes as the request's body")
            case .notJPEG(.heic), .notJPEG(.avif):
                image(
                    "this is a HEIC or AVIF picture, whatever its name says",
                    "on an iPhone choose Settings › Camera › Formats › Most Compatible, or share it as JPEG; then send that"
                )
            case .notJPEG(let format?):
                image(
                    "this is a \(format.rawValue.uppercased()) file, whatever its name says",
                    "save it as JPEG: open it and choose Export or Save as, JPEG, quality 90")
            case .notJPEG(nil): image("this is no picture gemd knows", "send a JPEG photograph")
            case .tooManyBytes:
                Problem(.tooLarge, "the photograph is larger than 25 MB", hint: "save it with quality 90")
            case .tooManyPixels:
                image("the photograph has more pixels than gemd decodes", "save it at 80 megapixels or less")
            case .sideTooLong: image("the photograph is longer than 20,000 pixels on a side", "save it smaller")
            case .tooManyScans: image("the JPEG is made of too many scans", "save it again as a baseline JPEG")
            case .truncated:
                image("the photograph is cut off", "send it again; the file may not have been copied whole")
            case .broken(let reason): image("the JPEG is damaged: \(reason)", "save it again, or take a new photograph")
            case .outOfMemory, .unreadable:
                Problem(.unavailable, "the photograph could not be decoded now", hint: "send it again in a moment")
            }
    }
}
