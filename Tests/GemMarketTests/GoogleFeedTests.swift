import Foundation
@testable import GemModel
import Testing

@testable import GemMarket

@Suite("Google feed")
struct GoogleFeedTests {
    let feed = GoogleFeed()

    func text(_ listing: Listing) -> String { String(decoding: feed.entry(for: listing).bytes ?? [], as: UTF8.self) }

    @Test("the samples have no blocker", arguments: Sample.all)
    func ready(listing: Listing) {
        let blockers = feed.readiness(listing).filter { $0.severity == .blocker }

        #expect(blockers == [])
    }

    @Test(
        "golden files",
        arguments: [
            ("stone", Sample.emerald), ("diamond", Sample.diamond), ("grown-diamond", Sample.grownDiamond),
            ("ring", Sample.ring),
        ])
    func golden(name: String, listing: Listing) throws {
        let made = try Sample.file([listing])
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/google-\(name).xml")

        if ProcessInfo.processInfo.environment["GEMD_UPDATE_GOLDEN"] == "1" { try Data(made).write(to: file) }

        #expect(String(decoding: made, as: UTF8.self) == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    @Test("the bytes do not depend on the order of the pieces, nor on the run")
    func deterministic() throws {
        let first = try Sample.file(Sample.all)

        for _ in 0..<5 { #expect(try Sample.file(Sample.all.shuffled()) == first) }
    }

    @Test(
        "a price has the decimals of its currency",
        arguments: [
            ("USD", "4200.00", "4200.00 USD"), ("JPY", "620000", "620000 JPY"), ("KWD", "1290.500", "1290.500 KWD"),
        ])
    func prices(currency: String, amount: String, written: String) throws {
        let money = try Money(json: .object([.init("amount", .string(amount)), .init("currency", .string(currency))]))
        let listing = Sample.emerald.with {
            $0.facts.price = Price(total: money)
            $0.account = .object([.init("currency", .string(currency))])
        }

        #expect(text(listing).contains("<g:price>\(written)</g:price>"))
    }

    @Test("a price per carat becomes the price of the whole")
    func perCarat() { #expect(text(Sample.diamond).contains("<g:price>2201.00 USD</g:price>")) }

    @Test("the price in the account's currency is taken among several")
    func severalCurrencies() throws {
        let listing = try Sample.emerald.with {
            $0.account = .object([.init("currency", "PKR")])
            $0.facts.prices = [Price(total: try Money(minorUnits: 118_000_000, currency: "PKR"))]
        }

        #expect(text(listing).contains("<g:price>1180000.00 PKR</g:price>"))
    }

    @Test(
        "what cannot be bought now is out of stock",
        arguments: [(Listing.Status.available, "in_stock"), (.reserved, "out_of_stock"), (.sold, "out_of_stock")])
    func availability(status: Listing.Status, word: String) {
        #expect(text(Sample.emerald.with { $0.status = status }).contains("<g:availability>\(word)</g:availability>"))
    }

    @Test("a quantity of 0 is out of stock")
    func noneLeft() {
        #expect(
            text(Sample.emerald.with { $0.facts.quantity = 0 }).contains(
                "<g:availability>out_of_stock</g:availability>"))
    }

    @Test(
        "each kind of jewellery has its category",
        arguments: [
            (Jewellery.Kind.ring, 200), (.earrings, 194), (.pendant, 192), (.necklace, 196), (.bracelet, 191),
            (.bangle, 191), (.brooch, 197),
            (.anklet, 189), (.cufflink, 193), (.nosePin, 190), (.tikka, 188), (.jhumar, 188), (.set, 6463),
            (.watch, 201), (.other, 188),
        ])
    func categories(kind: Jewellery.Kind, number: Int) {
        let written = text(Sample.ring.with { $0.facts.jewellery?.type = Fact(kind) })

        #expect(written.contains("<g:google_product_category>\(number)</g:google_product_category>"))
    }

    @Test("loose stones are 198 and specimens 218")
    func looseStones() {
        #expect(text(Sample.emerald).contains("<g:google_product_category>198<"))
        #expect(text(Sample.emerald.with { $0.facts.kind = .specimen }).contains("<g:google_product_category>218<"))
    }

    @Test("without a GTIN identifier_exists is no; with one it is written")
    func identifiers() {
        let coded = text(Sample.ring.with { $0.facts.gtin = Line(unchecked: "4006381333931") })

        #expect(text(Sample.ring).contains("<g:identifier_exists>no</g:identifier_exists>"))
        #expect(coded.contains("<g:gtin>4006381333931</g:gtin>"))
        #expect(!coded.contains("identifier_exists"))
    }

    @Test("every treatment is told in the line", arguments: Treatment.Kind.allCases)
    func disclosure(code: Treatment.Kind) throws {
        let listing = Sample.emerald.with {
            $0.facts.title = Line(unchecked: "Glass-filled or other emerald doublet")
            $0.facts.title = Line(
                unchecked: code == .ASM
                    ? "Assembled emerald" : code == .REC ? "Reconstructed emerald" : "Glass-filled emerald")
            $0.facts.description = nil
            $0.facts.stone?.treatments = [Treatment(code: code)]
        }

        let sentence = try #require(listing.disclosure.statements.first?.sentences.last)
        let escaped = sentence.replacing("'", with: "&apos;")

        // Once in the description, once in the details.
        #expect(text(listing).components(separatedBy: escaped).count == 3)
    }

    @Test("what is the dealer's own never leaves")
    func privacy() {
        let written = text(Sample.emerald)

        for secret in ["1900", "safe/2", "Mingora"] { #expect(!written.contains(secret)) }
    }

    @Test("only an examination is called a laboratory's report")
    func certificateWords() {
        for kind in CertificateClass.allCases {
            let written = text(Sample.emerald.with { $0.certificates = [Sample.certificate(kind)] })

            #expect(written.contains("<g:section_name>Laboratory report</g:section_name>") == (kind == .examination))
            #expect(written.contains("<g:attribute_value>GGAPCP-26\(kind.letter)-000417-7QXKD</g:attribute_value>"))
        }
    }

    @Test("a laboratory-grown stone has no origin and is named so wherever it is named")
    func grown() {
        let written = text(Sample.grownDiamond)

        #expect(!written.contains("Origin"))
        #expect(written.contains("<g:product_type>Loose stones &gt; Laboratory-grown diamond</g:product_type>"))
        for part in written.lowercased().components(separatedBy: "diamond").dropLast() {
            #expect(part.hasSuffix("laboratory-grown "))
        }
    }

    @Test("at most ten further photos are written")
    func images() {
        let written = text(Sample.emerald.with { $0.images = (0..<14).map { Sample.image("p\($0)") } })

        #expect(written.components(separatedBy: "<g:additional_image_link>").count == 11)
        #expect(written.components(separatedBy: "<g:image_link>").count == 2)
    }

    @Test("a Pakistani ring size keeps its system in the text")
    func ringSize() {
        let written = text(
            Sample.ring.with { $0.facts.jewellery?.size = .init(system: .PK, value: Fact(Line(unchecked: "18"))) })

        #expect(written.contains("<g:size>PK 18</g:size>"))
        #expect(!written.contains("size_system"))
    }
}
