import Foundation
import GemModel
import Testing

@testable import gemctl
@testable import gemd

/// Papers as they are made and handed out (docs/protocol.md, "Prints").
@Suite("Prints") struct PrintTests {
    @Test(
        "prints are counted for each language, by those who may, and the paper stays as it is",
        arguments: DaemonEngine.allCases)
    func counted(engine: DaemonEngine) throws {
        let stage = try StatusTests.Stage(engine)
        let (piece, number) = try stage.certified()
        let daemon = stage.daemon
        let path = "/v1/certificates/\(number)/prints"
        func count(_ body: String, key: String? = nil, token: String? = nil) throws -> Response {
            try daemon.request(
                "POST", path, Samples.json(body), headers: key.map { ["Idempotency-Key": $0] } ?? [:],
                token: token ?? stage.dealer.token)
        }

        let before = try daemon.visit("/c/\(number).pdf?lang=ur").body
        let first = try count(#"{"lang":"ur"}"#)
        let second = try count(#"{"lang":"ur","form":"card"}"#, key: "k-1")
        let again = try count(#"{"lang":"ur","form":"card"}"#, key: "k-1")
        let english = try count("{}", token: stage.approver)
        let stranger = try daemon.dealer("Stranger", code: "STRANGER").token
        let refused = try count("{}", token: stranger)
        let shown = try daemon.request("GET", "/v1/certificates/\(number)").json

        #expect(first.status == 201 && first.json["copy"]?.integer == 1 && first.json["lang"] == "ur", "\(first.text)")
        #expect(second.json["copy"]?.integer == 2 && again.body == second.body)
        #expect(second.json["paper"]?.string == "/v1/certificates/\(number).pdf?lang=ur&form=card")
        #expect(second.headers["location"] == second.json["paper"]?.string)
        #expect(english.json["copy"]?.integer == 1 && english.json["form"] == "a4")
        #expect(refused.status == 403)
        #expect(shown["prints"] == Samples.json(#"{"en":1,"ur":2}"#), "\(shown.text)")
        #expect(try count(#"{"lang":"fr"}"#).status == 422)
        #expect(try count(#"{"form":"poster"}"#).status == 422)
        #expect(try count(#"{"copy":7}"#).status == 400)
        // The machine's administrator keeps the daemon, and hands out no papers.
        #expect(try daemon.request("POST", path, .object([])).status == 403)
        #expect(try daemon.visit("/c/\(number).pdf?lang=ur").body == before)
        let events = try daemon.request("GET", "/v1/pieces/\(piece)/events", token: stage.dealer.token).json["items"]
        let printed = events?.elements?.filter { $0["kind"] == "certificate-printed" } ?? []
        #expect(printed.count == 3, "\(events?.text ?? "")")
    }

    @Test("what nobody certified cannot be printed")
    func absent() throws {
        let stage = try StatusTests.Stage()
        let answer = try stage.daemon.request(
            "POST", "/v1/certificates/GGAPCP-26D-000001-AAAAA/prints", .object([]), token: stage.dealer.token)
        #expect(answer.status == 404)
    }

    /// The files under a directory.
    private static func files(_ directory: String) -> Set<String> {
        Set(FileManager.default.enumerator(atPath: directory)?.allObjects as? [String] ?? [])
    }

    @Test("many first requests at once draw the paper once and leave one file", arguments: DaemonEngine.allCases)
    func simultaneous(engine: DaemonEngine) async throws {
        let stage = try StatusTests.Stage(engine)
        let (_, number) = try stage.certified()
        let daemon = stage.daemon
        let blobs = daemon.state + "/blobs"
        let before = Self.files(blobs)

        let papers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try daemon.visit("/c/\(number).pdf?lang=ur").body } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }

        #expect(papers.count == 1 && papers.first?.starts(with: "%PDF-1.5".utf8) == true)
        let new = Self.files(blobs).subtracting(before).filter { $0.split(separator: "/").last!.count == 64 }
        #expect(new.count == 1, "\(new)")
    }

    @Test("gemctl fetches a print, says its number, and fetches the card as a card")
    func gemctl() throws {
        let stage = try StatusTests.Stage()
        let (_, number) = try stage.certified()
        let daemon = stage.daemon
        let program = TestDaemon.products.appendingPathComponent("gemctl").path
        func run(_ arguments: String...) throws -> (status: Int32, output: String, error: String) {
            try TestDaemon.run(
                program, arguments + ["--socket", daemon.socket],
                environment: ["GEMD_TOKEN": stage.dealer.token, "GEMD_LANG": "en", "HOME": daemon.directory])
        }
        let (paper, card) = (daemon.directory + "/p.pdf", daemon.directory + "/c.pdf")

        let first = try run("certificate", "print", number, "-O", paper)
        let second = try run("certificate", "print", number, "--card", "-O", card)
        let got = try run("certificate", "get", number, "pdf", "--card", "-O", daemon.directory + "/g.pdf")

        #expect(first.status == 0 && first.output == "print 1 of \(number): \(paper)\n", "\(first)")
        #expect(second.output == "print 2 of \(number): \(card)\n", "\(second)")
        #expect(got.status == 0, "\(got)")
        func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
        #expect(try bytes(paper) == daemon.visit("/c/\(number).pdf").body)
        #expect(try bytes(card) == daemon.visit("/c/\(number).pdf?form=card").body)
        #expect(try bytes(daemon.directory + "/g.pdf") == bytes(card))
    }
}
