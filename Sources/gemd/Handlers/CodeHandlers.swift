import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

/// QR codes, the status list, and whether a stone in hand is the one that a certificate describes.
enum CodeHandlers {
    @Sendable static func text(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let text = try await daemon.code(of: daemon.certificate(call))
        return .bytes(Array((text + "\n").utf8), type: "text/plain; charset=utf-8")
            .immutable(etag: Hex.encode(SHA256.hash(Array(text.utf8))))
    }

    @Sendable static func picture(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let text = try await daemon.code(of: daemon.certificate(call))
        let svg = try QRSymbol(QRText(parsing: text)).svg
        return .bytes(Array(svg.utf8), type: "image/svg+xml").immutable(etag: Hex.encode(SHA256.hash(Array(svg.utf8))))
    }

    @Sendable static func status(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard call.parameter("list") == "1" else { throw Problem.notFound }
        let list = try await daemon.statusLists.current()
        return .bytes(list, type: "application/statuslist+jwt")
            .with(.eTag, "\"\(Hex.encode(SHA256.hash(list).prefix(16)))\"")
            // Short, though the list itself may be used for longer: what was withdrawn should be known soon.
            .with(.cacheControl, "public, max-age=60")
    }

    private struct Measures: Codable {
        var weightCt: String?
        var lengthMm: String?
        var widthMm: String?
        var depthMm: String?
        var mounted: Bool?
    }

    @Sendable static func match(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let certificate = try await daemon.certificate(call)
        let form = try Measures(json: try await call.json())
        func units(_ text: String?, _ field: String, _ decimals: Int) throws -> Int64? {
            guard let text else { return nil }
            guard let value = scaledDecimal(text, decimals: decimals), value > 0 else {
                throw Page.invalid(field, text, "a number such as \(decimals == 5 ? "1.58" : "9.12"), as text")
            }
            return value
        }
        let measured = StoneMatch.Measures(
            weight: try units(form.weightCt, "weightCt", 5), length: try units(form.lengthMm, "lengthMm", 3),
            width: try units(form.widthMm, "widthMm", 3), depth: try units(form.depthMm, "depthMm", 3))
        let slim = try SlimStatement(
            of: JSON(parsing: certificate.statement), bytes: SHA256.hash(certificate.statement))
        let described = StoneMatch.Measures(slim)
        guard let match = StoneMatch(measured, described, isMounted: form.mounted ?? false) else {
            throw Problem(
                .invalidValue, "there is nothing to compare",
                hint: described == StoneMatch.Measures()
                    ? "the certificate gives no weight or measures; compare the photograph"
                    : "give weightCt, lengthMm, widthMm or depthMm as you measured them; of a mounted stone no weight")
        }
        return .json(match.json.merging(.object(["number": .string(certificate.number)])))
    }
}

extension Daemon {
    /// The text of a certificate's QR code; of one from before there were codes it is made now, and kept.
    func code(of certificate: CertificateRecord) async throws -> String {
        if let code = certificate.code { return code }
        guard let signing = seal.signing else {
            throw Problem(
                .unavailable, "this gemd has no signing keys, so it cannot make a QR code",
                hint: "put the keys back into DIR/keys and restart", retryAfterSeconds: nil)
        }
        return try await inventory.keep(
            code: signing.code(for: StatementLinter.Linted(certificate.statement)), of: certificate.number)
    }

    var keySet: KeySet {
        get throws { try KeySet(seal.publicFiles["keys.json"] ?? []) }
    }

    /// The verdict on a QR code's text, compared with the certificate where it is one of ours.
    func examine(code text: String) async throws -> (verdict: Verdict, standing: Standing?) {
        var certificate: CertificateRecord?
        if let number = (try? QRText(parsing: text))?.number {  // else the verifier says what is wrong with it
            certificate = try await inventory.certificate(number.description)
        }
        let standing = certificate.map { Standing($0) }
        let verdict = seal.verifier.verify(
            code: text, keys: try keySet, now: Date(timeIntervalSince1970: Double(inventory.time.microseconds) / 1e6),
            statement: certificate?.statement, status: standing?.status)
        return (verdict, standing)
    }
}
