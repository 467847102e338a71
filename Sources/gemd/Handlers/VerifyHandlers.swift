import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// `POST /v1/verify`: says whether files are genuine; always 200, the verdict is the answer.
enum VerifyHandlers {
    private static let largestBody = 512 << 10
    private static let largestPaper = 8 << 20

    @Sendable static func verify(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try call.requireType(["application/json", "multipart/form-data", "application/pdf", "text/plain"])
        let body = try await call.bytes(limit: call.mediaType == "application/pdf" ? largestPaper : largestBody)
        let artefacts: Verifier.Artefacts
        switch call.mediaType {
        case "application/json": artefacts = .init(json: Array(body.readableBytesView))
        case "multipart/form-data":
            let parts = try Multipart.parts(
                Array(body.readableBytesView), contentType: call.request.headers[.contentType] ?? "")
            artefacts = .init(json: parts["json"], signature: parts["p7s"], proof: parts["proof"])
        case "text/plain":
            let (verdict, standing) = try await daemon.examine(
                code: String(decoding: body.readableBytesView, as: UTF8.self))
            return .json(Self.answer(verdict, standing))
        default: artefacts = .init(pdf: Array(body.readableBytesView))
        }
        let (verdict, standing) = try await daemon.examine(artefacts)
        return .json(Self.answer(verdict, standing))
    }

    private static func answer(_ verdict: Verdict, _ standing: Standing?) -> JSON {
        verdict.json.merging(verdict.outcome == .cancelled ? standing?.json ?? .object([]) : .object([]))
    }
}

extension Daemon {
    /// The verifier's verdict, with today's status where the certificate is one of ours.
    func verdict(_ artefacts: Verifier.Artefacts) async throws -> Verdict { try await examine(artefacts).verdict }

    /// The same, and how the certificate stands where it is one of ours.
    func examine(_ artefacts: Verifier.Artefacts) async throws -> (verdict: Verdict, standing: Standing?) {
        var standing: Standing?
        // Text that is no JSON has no number; the verifier says what is wrong with it.
        if let json = artefacts.json ?? artefacts.pdf.flatMap(Verifier.statement(inPaper:)),
            json.count <= Statement.longest,
            let number = (try? JSON(parsing: json, maxDepth: Statement.deepest))?["number"]?.string,
            let certificate = try await inventory.certificate(statementSHA256: SHA256.hash(json), number: number)
        {
            standing = Standing(certificate)
        }
        let verdict = seal.verifier.verify(
            artefacts, now: Date(timeIntervalSince1970: Double(inventory.time.microseconds) / 1e6),
            status: standing?.status)
        return (verdict, standing)
    }
}

/// What became of a certificate: why, when, and what took its place.
struct Standing: Sendable {
    var status: CertificateStatus
    var reason: StatusReason?
    var changed: Timestamp?
    var supersededBy: String?

    init(_ certificate: CertificateRecord) {
        status = certificate.status
        reason = certificate.reason
        changed = certificate.changed
        supersededBy = certificate.supersededBy
    }

    /// What a verdict says beside its own words.
    var json: JSON {
        .object([
            "status": .string("\(status)"), "reason": reason.map { .string($0.rawValue) },
            "reasonText": reason.map { .string($0.names.en) },
            "statusChangedAt": changed.map { .string($0.description) },
            "supersededBy": supersededBy.map(JSON.string),
        ])
    }
}

/// The parts of a multipart/form-data body (RFC 7578), by name.
enum Multipart {
    /// A name, a file's name and a type, with room to spare.
    private static let longestHead = 1024

    static func parts(_ body: [UInt8], contentType: String) throws -> [String: [UInt8]] {
        let problem = Problem(
            .badRequest, "the multipart body is malformed",
            hint: "send it as RFC 7578 says, such as `curl -F json=@FILE`")
        guard let range = contentType.range(of: "boundary=") else { throw problem }
        let boundary = contentType[range.upperBound...].prefix { $0 != ";" }.trimmingCharacters(in: ["\"", " "])
        guard (1...70).contains(boundary.utf8.count) else { throw problem }
        let mark = Array("--\(boundary)".utf8)
        let data = Data(body)
        var parts: [String: [UInt8]] = [:]
        guard var at = data.range(of: Data(mark)) else { throw problem }
        while true {
            let rest = data[at.upperBound...]
            if rest.starts(with: Array("--".utf8)) { return parts }
            guard rest.starts(with: Array("\r\n".utf8)), let head = rest.range(of: Data("\r\n\r\n".utf8)),
                let next = data[head.upperBound...].range(of: Data(Array("\r\n".utf8) + mark)), parts.count < 8,
                // What looks for the name goes over a line once for each place where one may begin.
                data.distance(from: rest.startIndex, to: head.lowerBound) <= longestHead
            else { throw problem }
            let headers = String(decoding: rest[rest.startIndex..<head.lowerBound], as: UTF8.self)
            guard let name = headers.firstMatch(of: /(?i)content-disposition:[^\r\n]*[ ;]name="([^"\r\n]{1,40})"/)?.1,
                parts.updateValue(Array(data[head.upperBound..<next.lowerBound]), forKey: String(name)) == nil
            else { throw problem }
            at = next
        }
    }
}
