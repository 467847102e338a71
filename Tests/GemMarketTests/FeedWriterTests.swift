@testable import GemModel
import Testing

@testable import GemMarket

@Suite("Feed writer")
struct FeedWriterTests {
    @Test("every piece is answered: listed, held or withdrawn")
    func outcomes() throws {
        var writer = FeedWriter(GoogleFeed())
        let held = Sample.diamond.with { $0.facts.price = nil }
        let gone = Sample.emerald.with { $0.status = .withdrawn }

        let outcomes = try [held, gone, Sample.ring].sorted { $0.sortKey < $1.sortKey }.map { try writer.add($0) }

        #expect((writer.listed, writer.held, writer.withdrawn) == (1, 1, 1))
        #expect(outcomes[0].bytes.isEmpty && outcomes[1] == .withdrawn([]))
        guard case .held(let findings) = outcomes[0] else {
            Issue.record("a piece without a price was not held")
            return
        }
        #expect(findings.contains { $0.code == "price-missing" && $0.severity == .blocker })
    }

    @Test("a piece out of order is refused, so the bytes depend on the pieces alone")
    func order() throws {
        var writer = FeedWriter(GoogleFeed())
        _ = try writer.add(Sample.emerald)

        #expect(throws: FeedWriter.Failure.outOfOrder(sku: "KHN-D-204", after: "KHN-R-17")) {
            try writer.add(Sample.diamond)
        }
    }

    @Test("stock numbers that differ in case alone are one name")
    func twins() throws {
        var writer = FeedWriter(GoogleFeed())
        let twin = try Sample.emerald.with {
            $0.facts.stockNumber = try StockNumber("r-17")
            $0.piece = "01936d5a-1111-7000-8000-00000000000b"
        }

        let outcomes = try [Sample.emerald, twin].sorted { $0.sortKey < $1.sortKey }.map { try writer.add($0) }

        guard case .held(let findings) = outcomes[1] else {
            Issue.record("the second of two equal names was listed")
            return
        }
        #expect(findings.contains { $0.code == "duplicate-id" })
        #expect(writer.listed == 1)
    }

    @Test("names of two dealers never meet, and fit the shortest limit of the markets")
    func skus() throws {
        let longest = try Sample.emerald.with {
            $0.dealer = "ABCDEFGHIJKL"
            $0.facts.stockNumber = try StockNumber(String(repeating: "7", count: 32))
        }

        #expect(Sample.emerald.sku == "KHN-R-17")
        #expect(longest.sku?.count == 45)
    }

    @Test("an empty lot is a feed without items")
    func empty() throws {
        let text = String(decoding: try Sample.file([]), as: UTF8.self)

        #expect(text.hasSuffix("</description>\n</channel>\n</rss>\n"))
    }
}
