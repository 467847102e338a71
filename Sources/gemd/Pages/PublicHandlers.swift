import Foundation
import GemCert
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import Mustache
import NIOCore

/// The public listener's pages: plain, server-rendered, without scripts.
enum PublicHandlers {
    @Sendable static func style(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        .bytes(Array(Templates.style.utf8), type: "text/css; charset=utf-8").with(.cacheControl, "public, max-age=3600")
    }

    /// `/c/{number}`: what the certificate says, and that it holds.
    @Sendable static func certificate(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let certificate: CertificateRecord
        do { certificate = try await daemon.certificate(call) } catch let problem as Problem
            where problem.code == .notFound
        {
            return try message(problem.title.capitalisedFirst, problem.hint.capitalisedFirst + ".", status: .notFound)
        }
        let proof = try await daemon.proof(of: certificate)
        let verdict = try await daemon.verdict(
            .init(json: certificate.statement, signature: certificate.signature, proof: proof.bytes))
        let statement = try JSON(parsing: certificate.statement)
        let image = statement["images"]?.elements?.first
        var page: [String: Any] = [
            "title": "\(certificate.number): \(verdict.headline)", "issuer": statement["issuer"]?["name"]?.string ?? "",
            "number": certificate.number, "verdict": verdict.outcome.rawValue, "headline": verdict.headline,
            "facts": facts(statement), "disclosure": statement["disclosure"]?.string ?? "",
            "limits": statement["limits"]?.string ?? "",
            "steps": verdict.steps.map { step in
                switch step.result {
                case .met: ["name": step.step.rawValue, "result": "✓ holds"]
                case .failed(let reason): ["name": step.step.rawValue, "result": "✗ \(reason)"]
                case .notChecked(let reason): ["name": step.step.rawValue, "result": "– not checked: \(reason)"]
                }
            },
        ]
        if let image, let sha256 = image["publicSha256"]?.string, let width = image["width"]?.integer,
            let height = image["height"]?.integer
        {
            let longest = max(width, height, 1)
            page["image"] = "/img/\(sha256).jpg"
            page["width"] = width * min(1200, longest) / longest
            page["height"] = height * min(1200, longest) / longest
        }
        return try html("certificate", page)
    }

    private static func facts(_ statement: JSON) -> [[String: String]] {
        var rows: [[String: String]] = []
        func add(_ name: String, _ json: JSON?) {
            guard let text = json?.string ?? json?["value"]?.string else { return }
            rows.append(["name": name, "value": text])
        }
        let piece = statement["piece"]
        let stone = piece?[piece?["kind"]?.string ?? "stone"]
        add("What", piece?["title"])
        add("Declared by", statement["declarant"]?["name"])
        add("Issued", statement["issuedAt"])
        add("Species", stone?["species"])
        add("Variety", stone?["variety"])
        add("Nature", stone?["nature"])
        let weight = stone?["weightCt"] ?? stone?["totalWeightCt"]
        if let carats = weight?.string ?? weight?["value"]?.string {
            add("Weight", .string(carats + " ct"))
        }
        let sides = ["length", "width", "depth"].compactMap { side in
            stone?["measurementsMm"]?[side]?.string ?? stone?["measurementsMm"]?[side]?["value"]?.string
        }
        if !sides.isEmpty { add("Measurements", .string(sides.joined(separator: " × ") + " mm")) }
        add("Shape", stone?["shape"])
        add("Colour", stone?["colour"]?["text"])
        add("Clarity", stone?["clarity"])
        let jewellery = piece?["jewellery"]
        add("Type", jewellery?["type"])
        if let grams = jewellery?["grossWeightG"]?.string ?? jewellery?["grossWeightG"]?["value"]?.string {
            add("Gross weight", .string(grams + " g"))
        }
        for metal in jewellery?["metals"]?.elements ?? [] {
            let karat =
                metal["karat"]?.integer.map { "\($0) K " } ?? metal["finenessPermille"]?.string.map { $0 + " ‰ " } ?? ""
            add("Metal", .string(karat + (metal["metal"]?.string ?? "")))
        }
        return rows
    }

    /// `/p/{dealer}/{stock}`: a piece that stands in a market.
    @Sendable static func piece(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard
            let piece = try await daemon.inventory.publicPiece(
                dealer: call.parameter("dealer"), stock: call.parameter("stock")),
            let facts = piece.record.piece
        else { return try message("Not on offer", "This piece is not, or no longer, on offer.", status: .notFound) }
        var rows: [[String: String]] = []
        func add(_ name: String, _ value: String?) { if let value { rows.append(["name": name, "value": value]) } }
        add("Stock number", piece.record.stockNumber)
        let terms = facts.searchTerms
        add("Species", terms.species)
        add("Variety", terms.variety)
        add("Weight", terms.weight.map { "\($0) ct" })
        add("Shape", terms.shape)
        add("Colour", terms.colour)
        add("Clarity", terms.clarity)
        for metal in facts.jewellery?.metals ?? [] { add("Metal", metal.label) }
        add("Gross weight", facts.jewellery?.grossWeightG.map { "\($0.value) g" })
        let title = facts.title?.text ?? facts.variety ?? facts.species ?? piece.record.stockNumber
        var page: [String: Any] = [
            "title": title, "dealer": piece.dealer.name, "facts": rows, "disclosure": Issuing.disclosure(of: facts),
            "images": piece.images.compactMap { image, _ in
                image.large.map {
                    ["src": "/img/\($0.sha256).jpg", "width": "\($0.width)", "height": "\($0.height)", "alt": title]
                }
            },
            "certificates": piece.certificates.map { ["number": $0.number, "class": $0.certificateClass.rawValue] },
        ]
        var price = facts.totalPrice
        // One that cannot be quoted is asked for; the page still tells of the piece.
        if facts.isMetalLinked {
            price = try? await daemon.inventory.quote(piece.record, in: nil, onOrBefore: nil).total
        }
        if let price { page["price"] = "\(price.amount) \(price.currency)" }
        if let description = facts.description { page["description"] = description.text }
        return try html("piece", page)
    }

    private static func message(_ title: String, _ text: String, status: HTTPResponse.Status) throws -> Reply {
        try html("message", ["title": title, "text": text], status: status)
    }

    private static func html(_ template: String, _ values: [String: Any], status: HTTPResponse.Status = .ok) throws
        -> Reply
    {
        guard let text = Templates.library.render(values, withTemplate: template) else {
            throw InventoryError.store("the template \(template) is missing")
        }
        return Reply.bytes(ByteBuffer(string: text), type: "text/html; charset=utf-8", status: status)
            .with(
                HTTPField.Name("Content-Security-Policy")!,
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            )
            .with(HTTPField.Name("Referrer-Policy")!, "no-referrer")
            .with(HTTPField.Name("X-Content-Type-Options")!, "nosniff")
            .with(.cacheControl, "public, max-age=60")
    }
}
