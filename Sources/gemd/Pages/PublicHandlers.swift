import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import Mustache
import NIOCore

/// The public listener's pages: plain and server-rendered. Scripts add to them, none is needed.
enum PublicHandlers {
    /// Nothing from elsewhere, no inline script or style, and scripts only of this daemon.
    private static let policy = """
        default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'; worker-src 'self'; \
        require-trusted-types-for 'script'; trusted-types gemd
        """

    static let nosniff = (name: HTTPField.Name("X-Content-Type-Options")!, value: "nosniff")

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
            "certificates": piece.certificates.filter { $0.status == .valid }.map {
                ["number": $0.number, "class": $0.certificateClass.rawValue]
            },
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

    static func html(
        _ template: String, _ values: [String: Any], _ words: PageWords = PageWords(.english),
        status: HTTPResponse.Status = .ok
    ) throws -> Reply {
        let values = values.merging(words.values) { $1 }
        guard let text = Templates.library.render(values, withTemplate: template) else {
            throw InventoryError.store("the template \(template) is missing")
        }
        return Reply.bytes(ByteBuffer(string: text), type: "text/html; charset=utf-8", status: status)
            .with(HTTPField.Name("Content-Security-Policy")!, policy)
            .with(HTTPField.Name("Referrer-Policy")!, "no-referrer")
            .with(HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin")
            .with(nosniff.name, nosniff.value)
            .with(.cacheControl, "public, max-age=60").with(.vary, "Accept-Language")
            .with(.contentLanguage, words.language.tag)
    }
}
