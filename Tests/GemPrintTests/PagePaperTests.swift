import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// Papers in the browser: the page's own script under node takes and refuses what the verifier does.
@Suite("The page's script judges papers as the verifier does") struct PagePaperTests {
    typealias Late = LateEvidenceTests

    private static let judge = """
        import { readFileSync } from 'node:fs';
        const page = await import('./check.js');
        const { root, papers, now } = JSON.parse(readFileSync(0, 'utf8'));
        // The papers' own day, whatever day the tests are run on.
        Date.now = () => now * 1000;
        const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
        const answers = [];
        for (const { head, tail } of papers) {
          const paper = new Uint8Array(Buffer.concat([readFileSync(head), bytes(tail)]));
          try { answers.push('genuine ' + (await page.checkPaper(paper, bytes(root))).said.number); } catch (error) {
            answers.push(error instanceof page.Refusal ? error.outcome + ': ' + error.message : 'broken: ' + error.stack);
          }
        }
        console.log(JSON.stringify(answers));
        """

    /// What the script says of each paper; nil, and said so, where there is no node.
    static func answers(
        _ papers: [[UInt8]], after head: [UInt8] = [], root: [UInt8] = SignedPaperTests.file("root.pem"),
        now: Date = SignedPaperTests.issued.addingTimeInterval(86_400)
    ) throws -> [String]? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gemd-papers-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/CPages/files")
        for name in ["check.js", "evidence.js", "log.js"] {
            try FileManager.default.copyItem(at: scripts.appending(path: name), to: folder.appending(path: name))
        }
        try Data(#"{"type":"module"}"#.utf8).write(to: folder.appending(path: "package.json"))
        try Data(judge.utf8).write(to: folder.appending(path: "judge.js"))
        try Data(head).write(to: folder.appending(path: "head"))
        let question = JSON.object([
            "root": .string(Base64.encode(try X509Certificate(pem: root).der)),
            "now": .integer(Int(now.timeIntervalSince1970)),
            "papers": .array(
                papers.map { .object(["head": "head", "tail": .string(Data($0).base64EncodedString())]) }),
        ])
        try Data(question.bytes).write(to: folder.appending(path: "question"))
        let node = Process()
        node.executableURL = URL(filePath: "/bin/sh")
        node.arguments = ["-c", "command -v node >/dev/null || exit 127; node judge.js < question"]
        node.currentDirectoryURL = folder
        let answer = Pipe()
        node.standardOutput = answer
        try node.run()
        let data = try answer.fileHandleForReading.readToEnd() ?? Data()
        node.waitUntilExit()
        guard node.terminationStatus != 127 else {
            print("skipped: there is no node to judge papers with")
            return nil
        }
        return try JSON(parsing: Array(data).dropLast()).elements?.map { $0.string ?? "" }
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
