package import Foundation
package import GemModel

/// The script of the public pages under node: what a browser finds by itself.
package enum PageScript {
    private static let prelude = """
        import { readFileSync } from 'node:fs';
        const page = await import('./check.js');
        const question = JSON.parse(readFileSync(0, 'utf8'));
        const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
        // The day of what is judged, whatever day the tests are run on.
        if (question.now) Date.now = () => question.now * 1000;
        const said = async (check) => {
          try { return await check(); } catch (error) {
            return error instanceof page.Refusal ? error.outcome + ': ' + error.message : 'broken: ' + error.stack;
          }
        };

        """

    /// What `judge` puts into `answer`. It may use the script as `page`, what it is asked as `question`, `bytes` of a
    /// Base64 text, and `said` for a check that may refuse: then the outcome and its reason.
    ///
    /// `question.now`, in seconds, is what the script takes for the time; `files` lie beside it. Nil, and said so,
    /// where there is no node.
    package static func answer(_ judge: String, to question: JSON, files: [String: [UInt8]] = [:]) throws -> JSON? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gemd-page-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func put(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: folder.appending(path: name)) }
        let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/CPages/files")
        for name in ["check.js", "evidence.js", "log.js"] {
            try FileManager.default.copyItem(at: scripts.appending(path: name), to: folder.appending(path: name))
        }
        // node takes a file for a module by what stands beside it.
        try put("package.json", Array(#"{"type":"module"}"#.utf8))
        try put(
            "judge.js", Array((prelude + "let answer;\n" + judge + "\nconsole.log(JSON.stringify(answer));\n").utf8))
        try put("question", question.bytes)
        for (name, bytes) in files { try put(name, bytes) }

        let node = Process()
        node.executableURL = URL(filePath: "/bin/sh")
        node.arguments = [
            "-c", "node -e 'process.exit(globalThis.crypto ? 0 : 1)' || exit 127; exec node judge.js < question",
        ]
        node.currentDirectoryURL = folder
        let output = Pipe()
        node.standardOutput = output
        try node.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        node.waitUntilExit()
        guard node.terminationStatus != 127 else {
            print("skipped: there is no node (20 or later) to run the page's script")
            return nil
        }
        return try JSON(parsing: Array(data).dropLast())
    }

    /// What the script says of each paper, `genuine` and its number or the outcome with the reason: `head` and then the
    /// one or other tail, under a root (DER). Nil where there is no node.
    package static func papers(
        _ tails: [[UInt8]], after head: [UInt8] = [], root: [UInt8], now: Date
    ) throws -> [String]? {
        let question = JSON.object([
            "root": base64(root), "now": .integer(Int(now.timeIntervalSince1970)), "tails": .array(tails.map(base64)),
        ])
        return try answer(
            """
            answer = [];
            const head = readFileSync('head');
            for (const tail of question.tails) {
              const paper = new Uint8Array(Buffer.concat([head, bytes(tail)]));
              answer.push(await said(async () => 'genuine ' + (await page.checkPaper(paper, bytes(question.root))).said.number));
            }
            """, to: question, files: ["head": head])?.elements?.map { $0.string ?? "" }
    }

    package static func base64(_ bytes: [UInt8]) -> JSON { .string(Data(bytes).base64EncodedString()) }
}
