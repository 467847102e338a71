import Foundation
import GemModel
import Testing

@testable import gemd

/// The words of the public pages and what they are served with; Tests/web looks at them in a browser.
@Suite("Pages")
struct PageTests {
    static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources")

    /// Sentences in the pages' code: what is handed to `words(…)`, `say(…)`, or given as a reason.
    static func sentences() throws -> Set<String> {
        var found = Set(PageWords.headings.map(\.1)).union(PageWords.steps.values)
        func look(_ file: String, _ pattern: Regex<(Substring, Substring)>) throws {
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            let before = found.count
            found.formUnion(text.matches(of: pattern).map { String($0.1) })
            #expect(found.count > before, "nothing was found in \(file): the pattern is out of date")
        }
        for script in ["CPages/files/app.js", "CPages/files/check.js"] {
            try look(script, /(?:say|sentence|refuse|cannotTell|Refusal)\(\s*'([^'\n]+)'/)
        }
        try look("CPages/files/evidence.js", /'(something [^'\n]+)'/)
        // The tables of the script: headlines, titles, fates, rows and answers.
        try look("CPages/files/app.js", /(?:[\[:(?]|, )\s*'([A-Z][^'\n]* [^'\n]*)'/)
        try look("gemd/Pages/CertificatePage.swift", /words\(\s*"([^"\n]+)"/)
        try look("gemd/Pages/CertificatePage.swift", /\("?\.[a-z0-9-]+", "([^"\n]+)"\)/)
        try look("gemd/Pages/CertificateFacts.swift", /(?:add|words)\(\s*"([^"\n]+)"/)
        return found
    }

    @Test("every sentence of the pages has its Urdu")
    func missingWords() throws {
        let sentences = try Self.sentences()

        #expect(sentences.filter { PageWords.urdu[$0] == nil }.sorted() == [])
        #expect(sentences.count > 150)
    }

    @Test("every headline of a verdict has its Urdu", arguments: CertificateClass.allCases)
    func headlines(certificateClass: CertificateClass) {
        let parts = certificateClass.headline.split(separator: ": ", maxSplits: 1).map(String.init)

        #expect(parts.map { PageWords.urdu[$0] ?? PageWords.urdu[$0.capitalisedFirst] }.allSatisfy { $0 != nil })
    }

    @Test("an Urdu sentence holds its values, and each letter is in the font that is sent")
    func urdu() {
        for (english, urdu) in PageWords.urdu {
            for place in ["{0}", "{1}"] { #expect(english.contains(place) == urdu.contains(place), "\(english)") }
            let strange = urdu.unicodeScalars.filter { scalar in
                (0x600...0x6FF).contains(scalar.value) && !Self.isInFont(scalar)
            }
            #expect(strange.isEmpty, "\(english): \(strange)")
        }
    }

    /// The ranges of Sources/CPages/nastaliq.sh.
    static func isInFont(_ scalar: Unicode.Scalar) -> Bool {
        [
            0x60C...0x60C, 0x61B...0x61B, 0x61F...0x61F, 0x621...0x63A, 0x640...0x652, 0x654...0x654, 0x657...0x657,
            0x670...0x670, 0x674...0x674, 0x679...0x679, 0x67E...0x67E, 0x686...0x686, 0x688...0x688, 0x691...0x691,
            0x698...0x698, 0x6A9...0x6A9, 0x6AF...0x6AF, 0x6BA...0x6BA, 0x6BE...0x6BE, 0x6C0...0x6C3, 0x6CC...0x6CC,
            0x6D2...0x6D4, 0x6F0...0x6F9,
        ].contains { $0.contains(Int(scalar.value)) }
    }

    @Test("a value stands apart from the direction of the text around it")
    func isolates() {
        #expect(PageWords(.urdu)("Not issued by {0}", "GGAPCP").contains("\u{2068}GGAPCP\u{2069}"))
        #expect(PageWords(.english).day("2026-11-27T01:02:03.000Z") == "27 November 2026")
        #expect(PageWords(.urdu).day("2026-11-27") == "27 نومبر 2026")
        #expect(PageWords(.english).day("no day") == "no day")
    }

    @Test("a page's files are served as what they are, and not sent twice")
    func files() throws {
        let daemon = try TestDaemon()
        let types = try [
            "style.css", "app.js", "check.js", "evidence.js", "log.js", "ur.js", "sw.js", "icon.svg", "nastaliq.woff2",
        ].map {
            let answer = try daemon.visit("/\($0)")
            #expect(answer.status == 200 && answer.headers["x-content-type-options"] == "nosniff")
            return answer.headers["content-type"]?.split(separator: ";").first.map(String.init)
        }

        #expect(
            types == [
                "text/css", "text/javascript", "text/javascript", "text/javascript", "text/javascript",
                "text/javascript", "text/javascript", "image/svg+xml",
                "font/woff2",
            ])
        #expect(try daemon.visit("/nastaliq.OFL.txt").text.contains("SIL OPEN FONT LICENSE"))
        let etag = try daemon.visit("/app.js").headers["etag"]
        let again = try Wire(port: daemon.publicPort).request(
            "GET", "/app.js", bytes: nil, headers: ["If-None-Match": try #require(etag)], token: nil)
        #expect(again.status == 304 && again.body.isEmpty)
    }

    @Test("a typed number leads to its page; the host's own page asks for one")
    func typedNumber() throws {
        let daemon = try TestDaemon()

        #expect(try daemon.visit("/").text == daemon.visit("/verify").text)
        let answer = try daemon.visit("/verify?number=ggapcp+26d+000001+7m541&lang=ur")
        #expect(answer.status == 303 && answer.headers["location"]?.hasPrefix("/c/") == true)
        #expect(answer.headers["location"]?.hasSuffix("?lang=ur") == true)
        let hostile = try daemon.visit("/verify?number=%0D%0ASet-Cookie:%20a%2F..%2F..%3Fx").headers
        #expect(hostile["set-cookie"] == nil && hostile["location"]?.contains("/..") != true)
    }

    @Test("a certificate's page hands out its paper in the page's language, and its files", arguments: ["en", "ur"])
    func handsOut(language: String) throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let issued = try daemon.request(
            "POST", "/v1/pieces/\(piece)/certificates", .object(["class": "declaration"]), token: dealer.token)
        let number = try #require(issued.json["number"]?.string, "\(issued.text)")

        let page = try daemon.visit("/c/\(number)?lang=\(language)").text
        let links = page.matches(of: /<li><a href="([^"]+)" download>/).map { String($0.1) }
        let answers = try links.map { try daemon.visit($0) }

        #expect(links.first == "/c/\(number).pdf?lang=\(language)")
        #expect(links.count == 4 && answers.allSatisfy { $0.status == 200 }, "\(links)")
        #expect(answers.first?.body.starts(with: Array("%PDF-".utf8)) == true)
    }

    @Test("nothing inline, nothing from elsewhere")
    func policy() throws {
        let daemon = try TestDaemon()
        let page = try daemon.visit("/verify")

        let policy = try #require(page.headers["content-security-policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("trusted-types gemd"))
        #expect(!policy.contains("unsafe") && !policy.contains("http"))
        #expect(page.headers["cross-origin-opener-policy"] == "same-origin")
        #expect(page.headers["referrer-policy"] == "no-referrer" && page.headers["set-cookie"] == nil)
        #expect(!page.text.contains("style=") && !page.text.contains(" onclick"))
    }
}
