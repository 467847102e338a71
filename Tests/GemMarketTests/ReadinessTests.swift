@testable import GemModel
import Testing

@testable import GemMarket

@Suite("Readiness for Google")
struct ReadinessTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var code: String
        var severity: Readiness.Severity
        var field: String
        var sample = Sample.emerald
        var change: @Sendable (inout Listing) -> Void
        var testDescription: String { "\(code) \(field)" }
    }

    static let cases: [Case] = [
        Case(code: "stock-number-missing", severity: .blocker, field: "stockNumber") { $0.facts.stockNumber = nil },
        Case(code: "too-long", severity: .blocker, field: "stockNumber") {
            $0.dealer = "ACODETHATISLONGERTHANTHEPROTOCOLALLOWSITTOBEEVER"
        },
        Case(code: "title-missing", severity: .blocker, field: "title") { $0.facts.title = nil },
        Case(code: "title-missing", severity: .blocker, field: "title") { $0.facts.title = Line(unchecked: "  ") },
        Case(code: "too-long", severity: .blocker, field: "title") {
            $0.facts.title = Line(unchecked: String(repeating: "ز", count: 151))
        },
        Case(code: "title-all-capitals", severity: .advice, field: "title") {
            $0.facts.title = Line(unchecked: "SWAT EMERALD")
        },
        Case(code: "description-missing", severity: .warning, field: "description") { $0.facts.description = nil },
        Case(code: "too-long", severity: .blocker, field: "description") {
            $0.facts.description = Prose(unchecked: String(repeating: "a", count: 4900))
        },
        Case(code: "illegal-character", severity: .blocker, field: "title") {
            $0.facts.title = Line(unchecked: "Emerald\u{0}")
        },
        Case(code: "illegal-character", severity: .blocker, field: "description") {
            $0.facts.description = Prose(unchecked: "a\u{FFFE}")
        },
        Case(code: "illegal-character", severity: .blocker, field: "stone.colour.text") {
            $0.facts.stone?.colour?.text = Fact(Line(unchecked: "green\u{1B}"))
        },
        Case(code: "link-missing", severity: .blocker, field: "link") { $0.link = nil },
        Case(code: "link-unusable", severity: .blocker, field: "link") {
            $0.link = "https://ggapcp.invalid/p/KHN/R-17"
        },
        Case(code: "link-unusable", severity: .blocker, field: "link") {
            $0.link = "https://gems.example/" + String(repeating: "p", count: 2000)
        },
        Case(code: "image-missing", severity: .blocker, field: "images") { $0.images = [] },
        Case(code: "image-too-small", severity: .blocker, field: "images[0]") {
            $0.images = [Sample.image("a", width: 99, height: 99)]
        },
        Case(code: "image-too-small", severity: .blocker, field: "images[0]", sample: Sample.ring) {
            $0.images = [Sample.image("a", width: 240, height: 240)]
        },
        Case(code: "image-too-small", severity: .warning, field: "images[1]") {
            $0.images = [Sample.image("a"), Sample.image("b", width: 80, height: 80)]
        },
        Case(code: "image-small", severity: .advice, field: "images[0]") {
            $0.images = [Sample.image("a", width: 640, height: 480, original: 640)]
        },
        Case(code: "image-suspect", severity: .warning, field: "images[0]") {
            $0.images = [Sample.image("a", suspect: true)]
        },
        Case(code: "image-address", severity: .blocker, field: "images[0]") {
            $0.images[0].url = "https://gems.example/é.jpg"
        },
        Case(code: "image-address", severity: .blocker, field: "images[0]") {
            $0.images[0].url = "http://gems.example/a.jpg"
        },
        Case(code: "images-too-many", severity: .advice, field: "images") {
            $0.images = (0..<12).map { Sample.image("p\($0)") }
        },
        Case(code: "price-missing", severity: .blocker, field: "price") { $0.facts.price = nil },
        Case(code: "price-zero", severity: .blocker, field: "price") {
            $0.facts.price = Price(total: try! Money(minorUnits: 0, currency: "USD"))
        },
        Case(code: "price-currency", severity: .blocker, field: "price") {
            $0.facts.price = Price(total: try! Money(minorUnits: 100, currency: "PKR"))
        },
        Case(code: "price-per-carat-only", severity: .blocker, field: "price", sample: Sample.diamond) {
            $0.facts.stone?.weightCt = nil
        },
        Case(code: "account-currency", severity: .blocker, field: "account.currency") {
            $0.account = .object([.init("currency", "DOLLARS")])
        },
        Case(code: "account-country", severity: .warning, field: "account.country") {
            $0.account = .object([.init("country", "Pakistan")])
        },
        Case(code: "treatments-missing", severity: .blocker, field: "stone.treatments") {
            $0.facts.stone?.treatments = nil
        },
        Case(code: "treatments-not-tested", severity: .warning, field: "stone.treatments") {
            $0.facts.stone?.treatments = [Treatment(code: .NT)]
        },
        Case(code: "nature-missing", severity: .blocker, field: "stone.nature") { $0.facts.stone?.nature = nil },
        Case(code: "nature-unknown", severity: .blocker, field: "stone.nature") {
            $0.facts.stone?.nature = Fact(.unknown)
        },
        Case(code: "species-missing", severity: .blocker, field: "stone.species") {
            $0.facts.stone?.species = nil
            $0.facts.stone?.variety = nil
        },
        Case(
            code: "treatments-missing", severity: .blocker, field: "jewellery.stones[1].treatments", sample: Sample.ring
        ) {
            $0.facts.jewellery?.stones?[1].treatments = nil
        },
        Case(code: "nature-missing", severity: .blocker, field: "jewellery.stones[0].nature", sample: Sample.ring) {
            $0.facts.jewellery?.stones?[0].nature = nil
        },
        Case(code: "stone-unknown", severity: .blocker, field: "jewellery.stones[0].piece", sample: Sample.ring) {
            $0.facts.jewellery?.stones?[0].piece = Line(unchecked: "R-99")
        },
        Case(code: "bare-gem-name", severity: .blocker, field: "title", sample: Sample.grownDiamond) {
            $0.facts.title = Line(unchecked: "Diamond 1.50 ct")
        },
        Case(code: "bare-gem-name", severity: .warning, field: "description", sample: Sample.grownDiamond) {
            $0.facts.description = Prose(unchecked: "A fine diamond.")
        },
        Case(code: "nature-not-in-title", severity: .blocker, field: "title", sample: Sample.grownDiamond) {
            $0.facts.title = Line(unchecked: "Round brilliant 1.50 ct")
        },
        Case(code: "gold-without-karat", severity: .blocker, field: "jewellery.metals[0].karat", sample: Sample.ring) {
            $0.facts.jewellery?.metals = [.init(metal: .gold)]
        },
        Case(code: "gold-without-karat", severity: .warning, field: "title", sample: Sample.ring) {
            $0.facts.title = Line(unchecked: "Gold ring with emerald and laboratory-grown diamonds")
        },
        Case(code: "fill-factor", severity: .warning, field: "stone.weightCt") {
            $0.facts.stone?.weightCt = Fact(try! Carat("9.58"))
        },
        Case(code: "certificate-cancelled", severity: .blocker, field: "certificates[0]") {
            $0.certificates = [Sample.certificate(.declaration, .withdrawn)]
        },
        Case(code: "certificate-superseded", severity: .advice, field: "certificates[0]") {
            $0.certificates = [Sample.certificate(.declaration, .superseded)]
        },
        Case(code: "certificate-address", severity: .warning, field: "certificates[0].url") {
            $0.certificates[0].url = "https://x.invalid/c/1"
        },
        Case(code: "condition-missing", severity: .warning, field: "jewellery.condition", sample: Sample.ring) {
            $0.facts.jewellery?.condition = nil
        },
        Case(code: "condition-unknown", severity: .blocker, field: "jewellery.condition", sample: Sample.ring) {
            $0.facts.jewellery?.condition = Fact(Line(unchecked: "so-so"))
        },
        Case(code: "jewellery-type-missing", severity: .warning, field: "jewellery.type", sample: Sample.ring) {
            $0.facts.jewellery?.type = nil
        },
        Case(code: "ring-size-missing", severity: .warning, field: "jewellery.size", sample: Sample.ring) {
            $0.facts.jewellery?.size = nil
        },
        Case(code: "metal-missing", severity: .advice, field: "jewellery.metals", sample: Sample.ring) {
            $0.facts.jewellery?.metals = nil
        },
        Case(code: "colour-missing", severity: .advice, field: "jewellery.metals[0].colour", sample: Sample.ring) {
            $0.facts.jewellery?.metals?[0].colour = nil
        },
        Case(code: "colour-names-material", severity: .advice, field: "jewellery.metals[0].colour", sample: Sample.ring)
        {
            $0.facts.jewellery?.metals?[0].colour = Fact(Line(unchecked: "rose gold"))
        },
        Case(code: "department-missing", severity: .advice, field: "department", sample: Sample.ring) {
            $0.facts.department = nil
        },
        Case(code: "department-unknown", severity: .advice, field: "department", sample: Sample.ring) {
            $0.facts.department = Line(unchecked: "horses")
        },
        Case(code: "gtin-wrong", severity: .blocker, field: "gtin") {
            $0.facts.gtin = Line(unchecked: "4006381333932")
        },
        Case(code: "gtin-missing", severity: .warning, field: "gtin") {
            $0.account = .object([.init("gtinExempt", false)])
        },
        Case(code: "too-long", severity: .blocker, field: "brand") {
            $0.facts.brand = Line(unchecked: String(repeating: "b", count: 71))
        },
    ]

    @Test("each rule names field and severity, and a blocker holds the piece", arguments: cases)
    func rule(_ rule: Case) throws {
        let clean = GoogleFeed().readiness(rule.sample)
        let entry = GoogleFeed().entry(for: rule.sample.with(rule.change))

        let finding = try #require(entry.findings.first { $0.code == rule.code && $0.field == rule.field })

        #expect(!clean.contains { $0.code == rule.code && $0.field == rule.field })
        #expect(finding.severity == rule.severity)
        #expect((entry.bytes == nil) == (rule.severity == .blocker))
        #expect(!finding.message.hasSuffix(".") && !finding.hint.hasSuffix("."))
        #expect(finding.piece == rule.sample.piece && finding.market == "google")
        #expect(finding.rule.date.count == 10 && !finding.rule.source.isEmpty)
    }

    @Test("a finding reads as a plain sentence")
    func sentence() throws {
        let finding = try #require(
            GoogleFeed().readiness(Sample.emerald.with { $0.facts.stone?.treatments = nil }).first {
                $0.severity == .blocker
            })

        #expect(
            finding.sentence(stockNumber: "R-17", marketTitle: "Google")
                == "R-17 — Google: you have not said whether the emerald was treated. "
                + "Enter HT, OIL or what was done, or NT if nobody tested it; only a laboratory may say NONE.")
    }

    @Test("a finding has the members of the protocol")
    func json() throws {
        let finding = try #require(
            GoogleFeed().readiness(Sample.emerald.with { $0.facts.price = nil }).first { $0.severity == .blocker })

        #expect(
            finding.json.text
                == #"{"piece":"01936d5a-1111-7000-8000-00000000000a","market":"google","field":"price","severity":"blocker","#
                + #""code":"price-missing","message":"the price is missing","hint":"enter it, for example 4200.00 USD","#
                + #""rule":{"source":"Google Merchant Center help 6324371: price","date":"2026-11-21"}}"#)
    }

    @Test("150 characters of Urdu are taken, whatever their bytes")
    func characters() {
        let title = "زمرد " + String(repeating: "ز", count: 145)

        #expect(GoogleFeed().entry(for: Sample.emerald.with { $0.facts.title = Line(unchecked: title) }).bytes != nil)
    }

    @Test("the markets are found by name")
    func markets() {
        #expect(Markets.named("google")?.fileName == "google.xml")
        #expect(Markets.named("nowhere") == nil)
    }
}
