import Foundation
import GemCrypto
import GemModel
import PageScript
import Testing

@testable import GemCert

/// Papers in the browser: the page's own script under node takes and refuses what the verifier does.
@Suite("The page's script judges papers as the verifier does") struct PagePaperTests {
    typealias Late = LateEvidenceTests

    /// What the script says of each paper; nil, and said so, where there is no node.
    static func answers(
        _ papers: [[UInt8]], after head: [UInt8] = [], now: Date = SignedPaperTests.issued.addingTimeInterval(86_400)
    ) throws -> [String]? {
        try PageScript.papers(
            papers, after: head, root: X509Certificate(pem: SignedPaperTests.file("root.pem")).der, now: now)
    }

    @Test("a paper, with evidence by gemd or by others behind it, is genuine")
    func accepted() throws {
        let papers = [Late.signed, try Late.evidence()] + Late.forms
        guard let answers = try Self.answers(papers) else { return }

        #expect(answers.count == papers.count)
        for answer in answers { #expect(answer.hasPrefix("genuine GGAPCP-26D-"), "\(answer)") }
    }

    @Test("each hostile form is refused, and for the reason that the verifier gives")
    func hostile() throws {
        guard let answers = try Self.answers(Late.hostile.map(\.paper)) else { return }

        #expect(answers.count == Late.hostile.count)
        for (one, answer) in zip(Late.hostile, answers) {
            #expect(answer.hasPrefix("notGenuine: "), "\(one.name): \(answer)")
            if one.words == "second signature" {
                #expect(answer.contains("signed again"), "\(one.name): \(answer)")
            } else {
                #expect(answer.contains(one.words), "\(one.name): \(answer)")
            }
        }
    }

    @Test("a paper made on a day on which its key could not sign, or on none that can be, is refused")
    func days() throws {
        let base = try SignedPaperTests.paper()
        /// By the council's key, past what the issuer would sign.
        func paper(_ seconds: Double) throws -> [UInt8] {
            var pdf = try SignedPDF(
                base: base, attachments: SignedPaperTests.attachments, issuer: "Council",
                signedAt: SignedPaperTests.issued.addingTimeInterval(seconds))
            try pdf.put(SignedPaperTests.issuer.signed(paper: pdf.signed))
            return pdf.bytes
        }
        let day: Double = 86_400
        let cases: [(seconds: Double, verifier: String?, page: String)] = [
            (0, nil, "genuine"), (330 * day, nil, "genuine"), (-30, nil, "genuine"),
            (-120, "which cannot be", "a day that cannot be"), (-10 * day, "which cannot be", "a day that cannot be"),
            (-30 * day, "its signing key was not in use", "signing certificate was not valid"),
            (430 * day, "its signing key was not in use", "its signing key was not in use"),
            (801 * day, "its signing key was not in use", "its signing key was not in use"),
        ]
        let papers = try cases.map { try paper($0.seconds) }
        let now = SignedPaperTests.issued.addingTimeInterval(800 * day)
        for (each, paper) in zip(cases, papers) {
            let verdict = SignedPaperTests.verifier.verify(.init(pdf: paper), now: now)
            #expect((verdict.outcome == .genuine) == (each.verifier == nil), "\(each.seconds): \(verdict.headline)")
            let reason = SignedPaperTests.attachmentsReason(verdict)
            #expect(each.verifier.map(reason.contains) ?? reason.isEmpty, "\(each.seconds): \(reason)")
        }
        let tomorrow = try paper(day)
        let today = SignedPaperTests.issued.addingTimeInterval(day / 2)
        let verdict = SignedPaperTests.verifier.verify(.init(pdf: tomorrow), now: today)
        // This computer's clock may be the wrong one.
        #expect(verdict.outcome == .cannotTell, "\(verdict.headline)")
        #expect(SignedPaperTests.attachmentsReason(verdict).contains("in the future"), "\(verdict.headline)")
        guard let answers = try Self.answers(papers, now: now), let early = try Self.answers([tomorrow], now: today)
        else { return }

        #expect(answers.count == cases.count)
        for (each, answer) in zip(cases, answers) {
            #expect(answer.hasPrefix(each.verifier == nil ? "genuine " : "notGenuine: "), "\(each.seconds): \(answer)")
            #expect(answer.contains(each.page), "\(each.seconds): \(answer)")
        }
        #expect(early == ["cannotTell: by this device’s clock the paper was signed in the future"])
    }

    @Test("an update cannot ask for more work than its bytes")
    func work() throws {
        guard let answers = try Self.answers(Late.costly.map(\.paper)) else { return }

        #expect(answers.map { $0.hasPrefix("genuine") } == Late.costly.map(\.isAccepted), "\(answers)")
        #expect(!answers.contains { $0.hasPrefix("broken") }, "\(answers)")
    }

    @Test("of thousands of changed updates the script takes those that the verifier takes")
    func mutations() throws {
        let updates = [try Late.evidence()] + Late.forms
        var state: UInt64 = 11
        func next(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        // What means the same to some programs and another thing to others.
        let words = [
            "<<", ">>", "[", "]", "(", ")", "<", ">", "/", " 0 R", "obj", "endobj", "xref\n", "trailer", "99", "-", "+",
            "#",
            "#41", " ", "\n", "\r", "\t", "\0", "%", "\\", "0", "00", "null", "true", "/Type", "/DSS", "/Length 0",
            "-0",
            "\u{FEFF}",
        ]
        var tails: [[UInt8]] = []
        for round in 0..<3000 {
            var tail = Array(updates[round % updates.count].dropFirst(Late.signed.count))
            for _ in 0...next(2) {
                let at = next(tail.count)
                switch next(4) {
                case 0: tail[at] = UInt8(next(256))
                case 1: tail.removeSubrange(at..<min(tail.count, at + 1 + next(3)))
                case 2: tail.insert(contentsOf: tail[at..<min(tail.count, at + next(30))], at: next(tail.count))
                default: tail.insert(contentsOf: Array(words[next(words.count)].utf8), at: at)
                }
            }
            tails.append(tail)
        }
        guard let answers = try Self.answers(tails, after: Late.signed) else { return }

        #expect(answers.count == tails.count)
        var accepted = 0
        for (tail, answer) in zip(tails, answers) {
            let takes = (try? SignedPDFReader(Late.signed + tail)) != nil
            #expect(
                answer.hasPrefix("genuine") == takes, "\(answer): \(String(decoding: tail.prefix(600), as: UTF8.self))")
            #expect(!answer.hasPrefix("broken"), "\(answer)")
            if takes { accepted += 1 }
        }
        #expect(accepted > 20, "the changes are too wild to compare anything: \(accepted)")
    }
}
