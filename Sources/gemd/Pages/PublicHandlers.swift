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
        let words = PageWords(try call.language(call.query(["lang"])))
        let certificate: CertificateRecord
        do { certificate = try await daemon.certificate(call) } catch let problem as Problem
            where problem.code == .notFound
        {
            return try message(
                problem.title.capitalisedFirst, problem.hint.capitalisedFirst + ".", status: .notFound)
        }
        let proof = try await daemon.proof(of: certificate)
        let verdict = try await daemon.verdict(
            .init(json: certificate.statement, signature: certificate.signature, proof: proof.bytes))
        let statement = try JSON(parsing: certificate.statement)
        let image = statement["images"]?.elements?.first
        var page: [String: Any] = [
            "title": "\(certificate.number): \(verdict.headline)", "issuer": statement["issuer"]?["name"]?.string ?? "",
            "number": certificate.number, "verdict": verdict.outcome.rawValue, "headline": verdict.headline,
            "facts": facts(statement, words), "signedDisclosure": statement["disclosure"]?.string ?? "",
            "limits": statement["limits"]?.string ?? "",
            "steps": verdict.steps.map { step in
                switch step.result {
                case .met: ["name": step.step.rawValue, "result": "✓ " + words("holds")]
                case .failed(let reason): ["name": step.step.rawValue, "result": "✗ \(reason)"]
                case .notChecked(let reason):
                    ["name": step.step.rawValue, "result": "– \(words("not checked")): \(reason)"]
                }
            },
        ]
        if words.language != .english, let text = disclosure(ofCertified: statement["piece"], in: words.language) {
            page["disclosure"] = text
        }
        if let image, let sha256 = image["publicSha256"]?.string, let width = image["width"]?.integer,
            let height = image["height"]?.integer
        {
            let longest = max(width, height, 1)
            page["image"] = "/img/\(sha256).jpg"
            page["width"] = width * min(1200, longest) / longest
            page["height"] = height * min(1200, longest) / longest
        }
        return try html("certificate", page, words)
    }

    /// In another language than the signed one, from the signed facts; nil where these name a piece that is not here.
    private static func disclosure(ofCertified facts: JSON?, in language: Disclosure.Language) -> String? {
        // What is no piece to this gemd was signed by another: then the signed words stand alone.
        guard let facts, let piece = try? Piece(stored: facts.merging(.object(["id": .null, "basis": .null]))) else {
            return nil
        }
        let stones = piece.disclosedStones { _ in nil }
        guard stones.allSatisfy({ $0.unresolvedPiece == nil }) else { return nil }
        return Issuing.text(Disclosure(of: stones, backing: .dealer, language: language))
    }

    private static func facts(_ statement: JSON, _ words: PageWords) -> [[String: String]] {
        var rows: [[String: String]] = []
        func add(_ name: String, _ json: JSON?, of list: String? = nil) {
            guard let text = json?.string ?? json?["value"]?.string else { return }
            rows.append(["name": words(name), "value": words.code(text, of: list)])
        }
        let piece = statement["piece"]
        let stone = piece?[piece?["kind"]?.string ?? "stone"]
        add("What", piece?["title"])
        add("Declared by", statement["declarant"]?["name"])
        add("Issued", statement["issuedAt"])
        add("Species", stone?["species"], of: "species")
        add("Variety", stone?["variety"], of: "varieties")
        add("Nature", stone?["nature"], of: "natures")
        add("Pearl", (stone?["pearl"] ?? stone)?["identification"], of: "pearlIdentifications")
        add("Water", (stone?["pearl"] ?? stone)?["environment"], of: "pearlEnvironments")
        let weight = stone?["weightCt"] ?? stone?["totalWeightCt"]
        if let carats = weight?.string ?? weight?["value"]?.string {
            add("Weight", .string(carats + " ct"))
        }
        let sides = ["length", "width", "depth"].compactMap { side in
            stone?["measurementsMm"]?[side]?.string ?? stone?["measurementsMm"]?[side]?["value"]?.string
        }
        if !sides.isEmpty { add("Measurements", .string(sides.joined(separator: " × ") + " mm")) }
        add("Shape", stone?["shape"], of: piece?["kind"]?.string == "pearl" ? "pearlShapes" : "shapes")
        add("Colour", stone?["colour"]?["text"])
        add("Clarity", stone?["clarity"], of: "clarities")
        let jewellery = piece?["jewellery"]
        add("Type", jewellery?["type"], of: "jewelleryTypes")
        if let grams = jewellery?["grossWeightG"]?.string ?? jewellery?["grossWeightG"]?["value"]?.string {
            add("Gross weight", .string(grams + " g"))
        }
        for metal in jewellery?["metals"]?.elements ?? [] {
            let karat =
                metal["karat"]?.integer.map { "\($0) K " } ?? metal["finenessPermille"]?.string.map { $0 + " ‰ " } ?? ""
            add("Metal", .string(karat + words.code(metal["metal"]?.string ?? "", of: "metals")))
        }
        return rows
    }

    /// `/p/{dealer}/{stock}`: a piece that stands in a market.
    @Sendable static func piece(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let words = PageWords(try call.language(call.query(["lang"])))
        guard
            let piece = try await daemon.inventory.publicPiece(
                dealer: call.parameter("dealer"), stock: call.parameter("stock")),
            let facts = piece.record.piece
        else { return try message("Not on offer", "This piece is not, or no longer, on offer.", status: .notFound) }
        var rows: [[String: String]] = []
        func add(_ name: String, _ value: String?, of list: String? = nil) {
            if let value { rows.append(["name": words(name), "value": words.code(value, of: list)]) }
        }
        add("Stock number", piece.record.stockNumber)
        let terms = facts.searchTerms
        add("Species", terms.species, of: "species")
        add("Variety", terms.variety, of: "varieties")
        add("Weight", terms.weight.map { "\($0) ct" })
        add("Shape", terms.shape, of: facts.isOfPearls ? "pearlShapes" : "shapes")
        add("Colour", terms.colour)
        add("Clarity", terms.clarity, of: "clarities")
        for metal in facts.jewellery?.metals ?? [] {
            add("Metal", words.language == .english ? metal.label : metal.urduLabel)
        }
        add("Gross weight", facts.jewellery?.grossWeightG.map { "\($0.value) g" })
        let title = facts.title?.text ?? facts.variety ?? facts.species ?? piece.record.stockNumber
        var page: [String: Any] = [
            "title": title, "dealer": piece.dealer.name, "facts": rows,
            "disclosure": Issuing.text(
                Disclosure(
                    of: facts.disclosedStones { piece.mounted[$0] },
                    backing: .init(
                        livingReports: piece.certificates.filter { $0.status == .valid }.map(\.certificateClass)),
                    language: words.language)),
            "images": piece.images.compactMap { image, _ in
                image.large.map {
                    ["src": "/img/\($0.sha256).jpg", "width": "\($0.width)", "height": "\($0.height)", "alt": title]
                }
            },
            "certificates": piece.certificates.map { ["number": $0.number, "class": $0.certificateClass.rawValue] },
        ]
        var price = facts.totalPrice
        if facts.isMetalLinked {
            do {
                price = try await daemon.inventory.quote(piece.record, in: nil, onOrBefore: nil).total
            } catch is InvalidInput {}  // no rate or weight: the page still tells of the piece
        }
        if let price { page["price"] = "\(price.amount) \(price.currency)" }
        if let description = facts.description { page["description"] = description.text }
        return try html("piece", page, words)
    }

    private static func message(_ title: String, _ text: String, status: HTTPResponse.Status) throws -> Reply {
        try html("message", ["title": title, "text": text], status: status)
    }

    private static func html(
        _ template: String, _ values: [String: Any], _ words: PageWords = PageWords(.english),
        status: HTTPResponse.Status = .ok
    ) throws -> Reply {
        let values = values.merging(words.values) { $1 }
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
            .with(.cacheControl, "public, max-age=60").with(.vary, "Accept-Language")
            .with(.contentLanguage, words.language.tag)
    }
}
