import FoundationEssentials
import GemModel
import PageScript
import Testing

@testable import GemCert

/// A certificate's two files and the times they tell: the page's own script under node says what the verifier says.
@Suite("The page's script judges files as the verifier does")
struct PageFilesTests {
    private struct Case {
        var name: String
        var json: [UInt8]
        var signature: [UInt8]
        var now = Council.today.addingTimeInterval(800 * 86_400)
        var outcome: Verdict.Outcome
        /// Of the page's answer.
        var words = ""
    }

    private static func cases() throws -> [Case] {
        let ceremony = Council.usual.ceremony
        /// A report, stamped so long after its issue by an authority whose key lasts so long.
        func report(
            _ name: String, _ outcome: Verdict.Outcome, _ words: String = "", stampedAfter seconds: Double,
            months: Int = 13, now: Date? = nil
        ) throws -> Case {
            let token = try TimestampTests().token(
                by: "critical,timeStamping", months: months, at: Council.issued.addingTimeInterval(seconds))
            var made = Case(
                name: name, json: Report.usual.json, signature: try TimestampTests().with(token), outcome: outcome,
                words: words)
            if let now { made.now = now }
            return made
        }
        /// A declaration that says one time of issue, and its signature another; past linter and issuer.
        func declaration(
            _ name: String, _ outcome: Verdict.Outcome, _ words: String = "", days: Double = 0, signed: Double = 0,
            now: Date? = nil
        ) throws -> Case {
            let issued = Council.issued.addingTimeInterval(days * 86_400)
            let json = try Council.statement(
                issuedAt: issued, number: Council.number(year: CivilTime(issued).year % 100)
            ).bytes
            let chain = try CertificateStack()
            try chain.push(ceremony.certificate("issuing"))
            let signature = try CMS.sign(
                json, at: issued.addingTimeInterval(signed * 86_400), key: ceremony.key("signer"),
                certificate: ceremony.certificate("signer"), chain: chain)
            var made = Case(name: name, json: json, signature: signature, outcome: outcome, words: words)
            if let now { made.now = now }
            return made
        }
        let day: Double = 86_400
        return [
            try report("stamped at once", .genuine, stampedAfter: 1),
            try report("stamped three days later", .genuine, stampedAfter: 3 * day),
            try report("stamped eleven months later", .genuine, stampedAfter: 330 * day),
            try report("stamped by a clock half a minute slow", .genuine, stampedAfter: -30),
            try report("stamped a minute before", .notGenuine, "of another time", stampedAfter: -62),
            try report("stamped a day before", .notGenuine, "of another time", stampedAfter: -day),
            try report(
                "stamped when the authority's key was no longer in use", .notGenuine, "its key was not in use",
                stampedAfter: 500 * day),
            try report(
                "stamped before the authority's key was made", .notGenuine, "its key was not in use",
                stampedAfter: -40 * day),
            try report(
                "stamped when the signing key was no longer in use", .notGenuine, "its signing key was not in use",
                stampedAfter: 500 * day, months: 40),
            try report(
                "stamped tomorrow", .cannotTell, "in the future", stampedAfter: day, now: Council.issued + day / 2),
            try declaration("issued today", .genuine),
            try declaration("issued eleven months later", .genuine, days: 330),
            try declaration("issued tomorrow", .cannotTell, "in the future", days: 1, now: Council.issued),
            try declaration(
                "issued when the signing key was no longer in use", .notGenuine, "its signing key was not in use",
                days: 430),
            try declaration(
                "issued before the signing key was made", .notGenuine, "its signing certificate was not valid",
                days: -30),
            try declaration(
                "signed when the signing key was no longer in use, and dated back", .notGenuine,
                "different times of issue", signed: 430),
        ]
    }

    @Test("times that a certificate, its signature and its time stamp tell")
    func times() throws {
        let cases = try Self.cases()
        let ceremony = Council.usual.ceremony
        let verifier = try ceremony.verifier()
        for each in cases {
            let verdict = verifier.verify(.init(json: each.json, signature: each.signature), now: each.now)
            #expect(verdict.outcome == each.outcome, "\(each.name): \(verdict.headline)")
        }
        let judge = """
            answer = [];
            for (const { json, p7s, now } of question.cases) {
              Date.now = () => now * 1000;
              answer.push(await said(async () => 'genuine: ' + (await page.checkFiles(bytes(json), bytes(p7s), bytes(question.root))).number));
            }
            """
        guard
            let answers = try PageScript.answer(
                judge,
                to: .object([
                    "root": PageScript.base64(ceremony.certificate("root").der),
                    "cases": .array(
                        cases.map {
                            .object([
                                "json": PageScript.base64($0.json), "p7s": PageScript.base64($0.signature),
                                "now": .integer(Int($0.now.timeIntervalSince1970)),
                            ])
                        }),
                ]))?.elements
        else { return }

        #expect(answers.count == cases.count)
        for (each, answer) in zip(cases, answers) {
            let text = answer.string ?? ""
            #expect(text.hasPrefix("\(each.outcome): ") && text.contains(each.words), "\(each.name): \(text)")
        }
    }
}
