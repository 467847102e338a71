import Foundation
@testable import GemModel
import Testing

@testable import GemMarket

@Suite("XML")
struct XMLTests {
    /// Texts that have broken feeds before; each must come back as it was, or be refused by name.
    static let naughty: [String] = [
        "\"quoted\" and 'single'", "<script>alert(1)</script>", "a & b &amp; c", "]]>", "<![CDATA[x]]>", "<!-- x -->",
        "<?xml version?>",
        "&#0;", "&undefined;", "\u{1F48E} 18K \u{1F469}\u{200D}\u{1F52C}", "زمرد، سوات", "ab\u{5D0}\u{5D1}\u{200F}cd",
        "e\u{301} and é",
        "=1+1", "+SUM(A1)", "-2", "@cmd", "a\tb", "a\nb", "a\r\nb", "a\rb", "  lead and trail  ", "\u{A0}x",
        "\u{FEFF}bom", "\u{85}next",
        "\u{2028}line", "\u{E000}private", "\u{10FFFF}", "\u{FFFD}", "null", "%s %n %00", "\\u0000", "../../etc/passwd",
        "a\u{0}b", "\u{1}", "\u{8}",
        "\u{B}", "\u{C}", "\u{1B}[31m", "\u{1F}", "\u{FFFE}", "\u{FFFF}", "\u{7F}", "\u{9F}", "' OR 1=1 --",
        "{{title}}", "ﷺ", "𝔊𝔢𝔪", "½ ct ≈ 0.5",
    ]

    static func run(_ arguments: [String], input: [UInt8]) throws -> (status: Int32, output: [UInt8])? {
        let tool = ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + arguments[0] }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        guard let tool else { return nil }
        let file = FileManager.default.temporaryDirectory.appending(path: "gemd-feed-\(UUID().uuidString).xml")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = Array(arguments.dropFirst()) + [file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, Array(output))
    }

    static var naughtyListings: [Listing] {
        naughty.enumerated().map { index, text in
            Sample.emerald.with {
                $0.facts.stockNumber = try? StockNumber("N-\(1000 + index)")
                $0.facts.title = Line(unchecked: text)
                $0.facts.description = Prose(unchecked: text)
                $0.facts.brand = Line(unchecked: text)
                $0.facts.stone?.colour?.text = Fact(Line(unchecked: text))
            }
        }
    }

    @Test("the file is well-formed by libxml2")
    func wellFormed() throws {
        let file = try Sample.file(Sample.all + Self.naughtyListings)

        guard let verdict = try Self.run(["xmllint", "--nonet", "--noout"], input: file) else {
            print("skipped: xmllint is not installed (apt-get install libxml2-utils)")
            return
        }

        #expect(verdict.status == 0)
    }

    @Test("naughty texts come back as they were from another reader, or were refused by name")
    func roundTrip() throws {
        let listings = Self.naughtyListings
        let file = try Sample.file(listings)
        let script = """
            import sys, json, xml.etree.ElementTree as E
            g = '{http://base.google.com/ns/1.0}'
            def row(i):
                details = {d.find(g+'attribute_name').text: d.find(g+'attribute_value').text for d in i.findall(g+'product_detail')}
                return [i.find('title').text, i.find('description').text, i.find(g+'brand').text, details['Colour']]
            print(json.dumps({i.find(g+'id').text: row(i) for i in E.parse(sys.argv[1]).getroot().find('channel').findall('item')}))
            """

        guard let answer = try Self.run(["python3", "-c", script], input: file) else {
            print("skipped: python3 is not installed")
            return
        }

        let read = try JSON(parsing: answer.output)
        var refused = 0
        for (text, listing) in zip(Self.naughty, listings) {
            let blockers = GoogleFeed().readiness(listing).filter { $0.severity == .blocker }
            if let row = read[listing.sku ?? ""]?.elements?.map(\.string) {
                #expect(row.count == 4)
                for (value, wanted) in zip(row, [text, listing.buyerDescription, text, text]) {
                    #expect(value.map { Array($0.unicodeScalars) } == Array(wanted.unicodeScalars))
                }
            } else {
                refused += 1
                #expect(
                    Set(blockers.filter { $0.code == "illegal-character" }.map(\.field)) == [
                        "title", "description", "brand", "stone.colour.text",
                    ])
            }
        }
        #expect(refused == 9)
        #expect(read.members?.count == Self.naughty.count - refused)
    }

    @Test("an illegal character is refused by its name")
    func names() {
        #expect(throws: XMLText.Illegal(scalar: "\u{0}")) { try XMLText("a\u{0}") }
        #expect(XMLText.Illegal(scalar: "\u{B}").name == "U+000B")
    }

    @Test(
        "addresses that a market could not fetch are found",
        arguments: [
            ("https://gems.example/img/a.jpg", true), ("https://gems.example/p/KHN/R-17?x=%20", true),
            ("http://gems.example/", false),
            ("https:///x", false), ("https://gems.example/a b", false), ("https://gems.example/%zz", false),
            ("https://gems.invalid/a", false),
            ("https://gems.example/\u{645}", false), ("https://user@gems.example/", false),
            ("https://localhost/", false),
            ("https://gems.example/\"", false), ("javascript:alert(1)", false),
        ])
    func addresses(text: String, isGood: Bool) {
        #expect((WebAddress.fault(in: text) == nil) == isGood)
    }
}
