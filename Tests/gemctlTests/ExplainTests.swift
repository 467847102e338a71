import Foundation
import GemModel
import Testing

@testable import gemctl

@Suite struct ExplainTests {
    /// The codes of protocol.md, "Errors".
    static let codes = [
        "bad-json", "unknown-member", "unknown-query", "unauthenticated", "not-allowed", "not-found", "duplicate",
        "promised", "state",
        "not-ready", "in-flight", "public-url-not-set", "too-large", "stale", "media-type", "invalid-value",
        "key-reused", "image",
        "if-match-required", "quota", "unavailable", "too-costly", "disk-full",
    ]

    @Test("every code of the protocol is explained", arguments: codes)
    func explained(code: String) async {
        let run = await gemctl("explain", "urn:gemd:\(code)", socket: "/nonexistent")

        #expect(run.outcome == .ok)
        #expect(run.out.contains("What to do"))
        #expect(run.err.isEmpty)
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every code that the sources write into a finding.
    private static func written() throws -> Set<String> {
        var codes: Set<String> = ["ri", "birefringence", "sg", "hardness", "optic-character", "shared-telephone"]
        let folder = root.appending(path: "Sources")
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        where name.hasSuffix(".swift") && !name.hasPrefix("GemMarket") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            for match in text.matches(of: /\bFinding\(\s*"([a-z-]+)"/) { codes.insert(String(match.1)) }
        }
        return codes
    }

    @Test("every finding is in the list of codes, in docs/protocol.md and explained, and no other is")
    func findings() async throws {
        let listed = Set((CodeList.named("findings")?.entries ?? []).map(\.code))
        let document = try String(contentsOf: Self.root.appending(path: "docs/protocol.md"), encoding: .utf8)
        let table = document.split(separator: "**Findings** never refuse").last?.split(separator: "Karat is one of")
            .first
        let documented = Set((table ?? "").matches(of: /`([a-z-]+)`/).map { String($0.1) })

        #expect(listed == (try Self.written()))
        #expect(listed.subtracting(documented) == [])
        for code in listed {
            let run = await gemctl("explain", code, socket: "/nonexistent")
            #expect(run.outcome == .ok && run.out.contains("What it means"), "\(code): \(run.err)")
        }
    }

    @Test("no code stands twice")
    func unique() { #expect(Set(Explanation.catalogue.map(\.code)).count == Explanation.catalogue.count) }

    @Test("an unknown code exits 3")
    func unknown() async {
        let run = await gemctl("explain", "nonsense", socket: "/nonexistent")

        #expect(run.outcome == .notFound)
        #expect(
            run.err == "gemctl: error: \"nonsense\" is no code of gemd\ngemctl: hint: `gemctl explain` lists them all\n"
        )
    }
}
