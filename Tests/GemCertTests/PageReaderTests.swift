import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// Codes and status lists as gemd makes them, read by the page's own script under node: WebCrypto is the judge.
@Suite("The page's script reads gemd's codes and lists")
struct PageReaderTests {
    /// Of today, since the script looks at its own clock.
    private static let council = try! Council(
        founded: Date().addingTimeInterval(-20 * 86_400), issued: Date().addingTimeInterval(-86_400))

    private static let judge = """
        import { readFileSync } from 'node:fs';
        const page = await import('./check.js');
        const { root, keySet, codes, lists, place } = JSON.parse(readFileSync(0, 'utf8'));
        const rootDER = new Uint8Array(Buffer.from(root, 'base64'));
        const keys = await page.provenKeys(keySet, rootDER);
        const said = async (run) => { try { return await run(); } catch (error) { return 'refused: ' + (error instanceof page.Refusal ? error.message : error.stack); } };
        const answers = { codes: [], lists: [] };
        for (const code of codes) answers.codes.push(await said(() => page.readCode(page.codeOfFragment('#' + code), keys)));
        for (const list of lists) answers.lists.push(await said(async () => JSON.stringify(await page.readStatusList(new Uint8Array(Buffer.from(list)), 'https://gems.example/status/1', place, keySet, rootDER))));
        console.log(JSON.stringify(answers));
        """

    /// Nil, and said so, where there is no node.
    private static func answers(codes: [String], lists: [[UInt8]]) throws -> JSON? {
        let files = Dictionary(uniqueKeysWithValues: council.ceremony.publicFiles.map { ($0.name, $0.bytes) })
        let folder = FileManager.default.temporaryDirectory.appending(path: "gemd-page-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/CPages/files")
        // node takes a file for a module by what stands beside it.
        try Data("{\"type\":\"module\"}".utf8).write(to: folder.appending(path: "package.json"))
        for name in ["check.js", "evidence.js", "log.js"] {
            try FileManager.default.copyItem(at: scripts.appending(path: name), to: folder.appending(path: name))
        }
        try Data(judge.utf8).write(to: folder.appending(path: "judge.mjs"))
        let question = JSON.object([
            "root": .string(Base64.encode(try X509Certificate(pem: files["root.pem"]!).der)),
            "keySet": try JSON(parsing: files["keys.json"]!), "place": .integer(4172),
            "codes": .array(codes.map { .string($0) }),
            "lists": .array(lists.map { .string(String(decoding: $0, as: UTF8.self)) }),
        ])
        try Data(question.bytes).write(to: folder.appending(path: "question"))
        let node = Process()
        node.executableURL = URL(filePath: "/bin/sh")
        node.arguments = ["-c", "command -v node >/dev/null || exit 127; node judge.mjs < question"]
        node.currentDirectoryURL = folder
        let answer = Pipe()
        node.standardOutput = answer
        try node.run()
        let data = try answer.fileHandleForReading.readToEnd() ?? Data()
        node.waitUntilExit()
        guard node.terminationStatus != 127 else {
            print("skipped: there is no node to judge codes and status lists with")
            return nil
        }
        return try JSON(parsing: Array(data).dropLast())
    }

    @Test("a code is read as it was signed, a changed one is refused")
    func codes() throws {
        let statement = try SlimStatement(of: JSON(parsing: Self.council.json), bytes: SHA256.hash(Self.council.json))
        let code = try COSESign1(signing: statement, with: Self.council.ceremony.key("cose"))
        var changed = code.bytes
        changed[changed.count - 70] ^= 1
        guard
            let read = try Self.answers(
                codes: [QRText(publicURL: "https://gems.example", code).digits, QRText.decimal([1] + changed)],
                lists: [])?[
                    "codes"]?.elements
        else { return }

        #expect(read[0]["number"]?.string == Self.council.number.description, "\(read[0])")
        #expect(read[0]["weight"]?.integer == 158_000)
        #expect(read[0]["sha256"]?.string == Hex.encode(SHA256.hash(Self.council.json)))
        #expect(read[1].string?.hasPrefix("refused: ") == true, "\(read[1])")
    }

    @Test("a status is read from its place, a changed list is refused")
    func lists() throws {
        func list(_ changed: [Int: CertificateStatus]) throws -> [UInt8] {
            try StatusList.sign(
                changed, address: "https://gems.example/status/1", issuer: "GGAPCP", at: Date(),
                with: Self.council.ceremony.key("cose"))
        }
        var changed = try list([:])
        changed[changed.count - 20] ^= 1
        guard
            let read = try Self.answers(
                codes: [], lists: [list([:]), list([4172: .stolen, 4173: .withdrawn]), changed])?["lists"]?.elements
        else { return }

        #expect(read[0].string != read[1].string)
        #expect(read[0].string?.hasPrefix("refused") == false, "\(read[0])")
        #expect(read[1].string?.contains("13") == true || read[1].string?.contains("stolen") == true, "\(read[1])")
        #expect(read[2].string?.hasPrefix("refused: ") == true, "\(read[2])")
    }
}
