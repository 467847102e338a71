import GemModel
import Testing

@testable import gemctl

@Suite struct OutcomeTests {
    @Test(
        "every status of the protocol has its exit code",
        arguments: [
            (200, 0), (201, 0), (400, 1), (401, 7), (403, 7), (404, 3), (409, 8), (411, 1), (412, 8), (413, 1),
            (415, 1), (422, 1), (428, 8),
            (429, 1), (500, 1), (503, 1), (507, 1),
        ])
    func status(status: Int, exit: Int32) { #expect(Outcome(status: status).rawValue == exit) }

    @Test(
        "every verdict has its exit code",
        arguments: [("genuine", 0), ("notGenuine", 4), ("cancelled", 5), ("cannotTell", 6), (nil, 6)])
    func verdict(verdict: String?, exit: Int32) { #expect(Outcome(verdict: verdict).rawValue == exit) }

    @Test("of several verdicts the worst is told")
    func worst() {
        #expect(Outcome.ok.worse(.cannotTell) == .cannotTell)
        #expect(Outcome.cannotTell.worse(.cancelled) == .cancelled)
        #expect(Outcome.notGenuine.worse(.cancelled) == .notGenuine)
        #expect(Outcome.ok.worse(.ok) == .ok)
    }

    @Test("a problem becomes error, field, findings and hint; its own bytes are kept for programs")
    func problem() {
        let body = Array(
            #"{"type":"urn:gemd:duplicate","status":409,"title":"stock number R-17 is already in use","hint":"choose another number","field":"stockNumber","findings":[{"message":"heavy"}]}"#
                .utf8)

        let failure = Failure(status: 409, body: body)

        #expect(failure.outcome == .conflict)
        #expect(failure.code == "duplicate")
        #expect(failure.json == body)
        #expect(
            failure.lines == [
                "gemctl: error: stock number R-17 is already in use", "gemctl: field: stockNumber",
                "gemctl: finding: heavy",
                "gemctl: hint: choose another number",
            ])
    }

    @Test("an answer that is no problem document still says its status")
    func noProblem() {
        let failure = Failure(status: 502, body: Array("<html>".utf8))

        #expect(failure.lines == ["gemctl: error: the daemon answered 502"])
        #expect(
            String(decoding: failure.json, as: UTF8.self)
                == #"{"type":"urn:gemctl:failed","title":"the daemon answered 502","exit":1}"#)
    }

    @Test(
        "wrong usage exits 2 in our form",
        arguments: [
            (["piece", "lst"], "unexpected argument 'lst'"),
            (["piece", "list", "--bogus"], "unknown option '--bogus'"),
            (["piece", "show"], "missing expected argument '<piece>'"),
            (["-o", "xml", "status"], "the value 'xml' is invalid for '-o <format>'"),
        ])
    func usage(arguments: [String], words: String) async {
        let run = await runIn(arguments)

        #expect(run.outcome == .usage)
        #expect(run.err.hasPrefix("gemctl: error: \(words)"))
        #expect(run.err.contains("see `gemctl"))
        #expect(run.out.isEmpty)
    }

    @Test("usage errors are JSON too when asked for")
    func usageJSON() async throws {
        let run = await runIn(["piece", "add", "--json"])

        let json = try JSON(parsing: String(run.err.dropLast()))
        #expect(json["type"] == "urn:gemctl:usage")
        #expect(json["exit"] == .integer(2))
    }

    @Test(
        "help is on standard output, exits 0 and shows examples",
        arguments: [
            [], ["piece"], ["piece", "add"], ["piece", "list"], ["piece", "show"], ["piece", "edit"],
            ["piece", "history"], ["import"], ["import", "file"], ["import", "list"], ["import", "show"],
            ["import", "refused"], ["import", "undo"], ["piece", "import"], ["piece", "hold"], ["piece", "release"],
            ["piece", "sell"],
            ["piece", "transfer"], ["piece", "accept"], ["piece", "report"], ["memo"], ["memo", "out"],
            ["memo", "list"],
            ["memo", "return"], ["memo", "extend"], ["outbox"], ["outbox", "list"], ["outbox", "send"],
            ["outbox", "drop"],
            ["piece", "rm"], ["piece", "quote"], ["piece", "split"], ["piece", "merge"], ["piece", "recut"],
            ["piece", "assemble"], ["piece", "disassemble"], ["piece", "lineage"], ["rates"], ["rates", "show"],
            ["rates", "list"], ["rates", "set"],
            ["party"], ["party", "add"], ["party", "list"], ["party", "show"], ["party", "edit"],
            ["member"], ["member", "add"], ["member", "list"], ["consent", "list"],
            ["token"], ["token", "create"], ["token", "list"], ["token", "revoke"], ["image"], ["image", "add"],
            ["image", "get"], ["certify"],
            ["verify"], ["certificate"], ["certificate", "show"], ["cert", "get"], ["consent"], ["consent", "give"],
            ["consent", "revoke"], ["lot"],
            ["lot", "add"], ["lot", "list"], ["lot", "show"], ["lot", "fill"], ["lot", "remove"], ["lot", "readiness"],
            ["feed"],
            ["feed", "export"], ["feed", "show"], ["feed", "get"], ["feed", "account"], ["status"], ["version"],
            ["whoami"], ["explain"],
            ["dial-stdio"], ["events"], ["audit"], ["candidates"], ["case"], ["case", "list"], ["case", "show"],
            ["case", "close"],
        ])
    func help(words: [String]) async {
        let run = await runIn(words + ["--help"])

        #expect(run.outcome == .ok)
        #expect(run.out.contains("EXAMPLES"))
        // An example broken by the width of the page cannot be copied.
        let examples = run.out.split(separator: "EXAMPLES\n").last?.split(separator: "\n\n").first
        #expect(examples?.split(separator: "\n").allSatisfy { $0.hasPrefix("  ") } == true)
        #expect(run.err.isEmpty)
    }

    private func runIn(_ arguments: [String]) async -> Run {
        let out = Box()
        let err = Box()
        let console = Console(setting: { _ in nil }, write: out.add, writeError: err.add)
        let outcome = await Console.$current.withValue(console) { await Gemctl.run(arguments) }
        return Run(outcome: outcome, out: out.text, err: err.text)
    }
}
