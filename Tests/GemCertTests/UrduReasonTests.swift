import Foundation
import GemModel
import Testing

@testable import GemCert

@Suite("The verifier's reasons in Urdu")
struct UrduReasonTests {
    /// What stands between quotes after these, with `{0}` … for what is put in.
    private static func reasons() throws -> Set<String> {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/GemCert")
        var found: Set<String> = []
        for name in [
            "Verify/Inspection.swift", "Verify/CertificateChain.swift", "Verify/CodeInspection.swift",
            "Timestamp/TimestampToken.swift",
        ] {
            var text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            if name.hasPrefix("Timestamp") {
                text = String(text[try #require(text.range(of: "func problem(stamping")).lowerBound...])
            }
            // Sentences over several lines are one.
            text.replace(/"\s*\n?\s*\+\s*"/, with: "")
            let before = found.count
            for match in text.matches(
                of:
                    /(?:failed|undecided|notChecked|problem|leaveOut|return|problem:|[?:])\s*\(?\s*"((?:[^"\\]|\\\((?:[^()"]|\([^()"]*\))*\)|\\.)+)"/
            ) {
                var count = 0
                let key = String(match.1).replacing(/\\\((?:[^()]|\([^()]*\))*\)/) { _ in
                    defer { count += 1 }
                    return "{\(count)}"
                }
                // What ends with a blank goes on with a word that is chosen; the whole is in the table.
                if key.contains(" "), !key.hasSuffix(" "), !key.hasPrefix("error ") { found.insert(key) }
            }
            #expect(found.count > before, "nothing was found in \(name): the pattern is out of date")
        }
        return found
    }

    @Test("every reason has its Urdu")
    func missing() throws {
        let reasons = try Self.reasons()

        #expect(reasons.filter { UrduReasons.sentences[$0] == nil && UrduReasons.urdu($0) == nil }.sorted() == [])
        #expect(reasons.count > 60)
    }

    @Test("values stand in their places, and a reason within a reason is Urdu too")
    func values() {
        let period = UrduReasons.urdu(
            "it says that it was issued on 2026-11-01, but the signing key was in use from 2026-11-02 to 2027-12-02")
        let nested = UrduReasons.urdu("Not genuine: this PDF was changed after signing")
        let log = UrduReasons.urdu("the log proof is of another log, gems.example/log")

        #expect(period?.contains("\u{2068}2026-11-01\u{2069}") == true && period?.contains("2027-12-02") == true)
        #expect(nested == "اصلی نہیں: \u{2068}دستخط کے بعد پی ڈی ایف بدلی گئی ہے\u{2069}")
        #expect(log?.hasSuffix("\u{2068}gems.example/log\u{2069}") == true)
        #expect(UrduReasons.urdu("something nobody says") == nil)
    }

    @Test("each Urdu sentence holds the places of its English")
    func places() {
        for (english, urdu) in UrduReasons.sentences {
            for place in ["{0}", "{1}", "{2}"] {
                #expect(english.contains(place) == urdu.contains(place), "\(english)")
            }
        }
    }

    @Test("every headline of a verdict has its Urdu")
    func headlines() throws {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/GemCert/Verify/Verdict.swift")
        let text = try String(contentsOf: source, encoding: .utf8)
        let headlines = text.matches(of: /verdict\(\.\w+, "([^"\\]+)"\)/).map { String($0.1) }

        #expect(headlines.count >= 7)
        for headline in headlines + CertificateClass.allCases.map(\.headline) {
            #expect(UrduReasons.urdu(headline) != nil, "\(headline)")
        }
    }
}
