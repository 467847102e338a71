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
