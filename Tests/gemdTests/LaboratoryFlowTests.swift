import Foundation
import GemModel
import Logging
import PostgresCluster
import Testing

@testable import gemd

/// What happens beside the straight way of an examination: ended, other kinds of pieces, reissued, lost and brought
/// back; and what is made later for certificates that were issued before.
@Suite("The laboratory's days")
struct LaboratoryFlowTests {
    typealias Lab = LaboratoryTests.Lab

    private static let today = String(Date().ISO8601Format().prefix(10))

    /// Examined by two with the same words, approved by both and the approver.
    private func issue(_ lab: Lab, _ draft: String, _ examination: JSON) throws -> Response {
        for name in ["asma", "bilal"] {
            let answer = try lab.post(draft, "examinations", examination, as: name)
            guard answer.status == 201 else { throw TestDaemon.Failure(answer.text) }
        }
        for name in ["asma", "bilal"] {
            let answer = try lab.approve(draft, as: name)
            guard answer.status == 200 else { throw TestDaemon.Failure(answer.text) }
        }
        return try lab.approve(draft, as: "dara")
    }

    private func ask(_ lab: Lab, _ piece: String, _ more: JSON = .object([])) throws -> Response {
        try lab.daemon.request(
            "POST", "/v1/pieces/\(piece)/certificates",
            .object(["class": "examination", "lab": "LAB"]).merging(more), token: lab.dealer.token)
    }

    // MARK: - Ended

    @Test(
        "a request is ended by its dealer or its laboratory, once, and can be made anew",
        arguments: DaemonEngine.allCases)
    func cancelled(engine: DaemonEngine) throws {
        let lab = try Lab(engine)
        let (piece, draft) = try lab.approvedByExaminers()
        let stranger = try lab.daemon.dealer("Other", code: "OTHER").token
        func cancel(_ draft: String, _ token: String) throws -> Response {
            try lab.daemon.request(
                "POST", "/v1/certificates/\(draft)/cancel", .object(["reason": "sold meanwhile"]), token: token)
        }

        let foreign = try cancel(draft, stranger)
        let ended = try cancel(draft, lab.dealer.token)
        let again = try cancel(draft, lab.dealer.token)
        let late = try lab.post(draft, "approve", .object(["approval": .string("x")]), as: "dara")
        let examined = try lab.post(draft, "examinations", Lab.examination(), as: "chaman")
        let claimed = try lab.post(draft, "claim", .object([]), as: "dara")
        let second = try ask(lab, piece)
        let byLab = try cancel(second.id, lab.people["dara"]!.token)
        let third = try ask(lab, piece)

        #expect(foreign.status == 404)
        #expect(ended.status == 200 && ended.json["state"] == "cancelled", "\(ended.text)")
        #expect(statuses(again, late, examined, claimed) == [409, 409, 409, 409], "\(late.text)")
        #expect(statuses(second, byLab, third) == [201, 200, 201], "\(second.text) \(byLab.text)")
        let listed = try lab.daemon.request(
            "GET", "/v1/certificates?state=cancelled", token: lab.people["dara"]!.token)
        #expect(listed.json["items"]?.elements?.count == 2, "\(listed.text)")
        _ = lab.daemon.stop()
        let check = try lab.daemon.check()
        #expect(check.status == 0, "\(check.output)")
    }

    // MARK: - Pearls and jewellery

    static let kinds: [(kind: String, piece: String, examined: String, opinions: [String])] = [
        (
            "pearl",
            """
            {"kind":"pearl","title":"Pearl of the Gulf","pearl":{"identification":"undetermined","weightCt":"4.20",
             "shape":"near_round","bodyColour":"cream","treatments":[{"code":"NT"}]}}
            """,
            """
            {"pearl":{"identification":{"value":"natural","basis":"measured"},"environment":"saltwater","weightCt":"4.20",
             "shape":"near_round","bodyColour":"cream","treatments":[{"code":"NONE"}]},
             "instruments":[{"name":"X-ray","calibratedOn":"TODAY"}],"uncertainty":"weight ± 0.01 ct (k = 2)"}
            """, []
        ),
        (
            "jewellery",
            """
            {"kind":"jewellery","title":"Emerald ring","jewellery":{"type":"ring","grossWeightG":"6.46",
             "metals":[{"metal":"gold","karat":18}],
             "stones":[{"role":"centre","count":1,"species":"beryl","variety":"emerald","nature":"natural",
              "treatments":[{"code":"OIL","degree":"minor"}]}]}}
            """,
            """
            {"jewellery":{"type":"ring","grossWeightG":"6.46","metals":[{"metal":"gold","karat":18}],
             "stones":[{"role":"centre","count":1,"species":"beryl","variety":"emerald","nature":"natural",
              "treatments":[{"code":"OIL","degree":"minor","basis":"measured"}]}]},
             "instruments":[{"name":"microscope","calibratedOn":"TODAY"}],"uncertainty":"mass ± 0.01 g (k = 2)"}
            """, []
        ),
    ]

    @Test("a pearl and a piece of jewellery are examined as a stone is", arguments: 0..<2)
    func kinds(index: Int) throws {
        let (kind, piece, examined, _) = Self.kinds[index]
        let lab = try Lab()
        let id = try lab.daemon.register(Samples.json(piece), token: lab.dealer.token)["id"]!.string!
        let asked = try ask(lab, id)
        // Another kind's block is refused by name.
        let wrong = try lab.post(asked.id, "examinations", Lab.examination(), as: "asma")

        let issued = try issue(lab, asked.id, Samples.json(examined.replacing("TODAY", with: Self.today)))

        #expect(wrong.status == 422 || wrong.status == 400, "\(wrong.text)")
        #expect(issued.status == 201, "\(issued.text)")
        let statement = issued.json["statement"]
        #expect(statement?["piece"]?["kind"]?.string == kind)
        #expect(statement?["piece"]?["basis"] == "measured")
        if kind == "pearl" {
            #expect(statement?["piece"]?["pearl"]?["identification"]?["value"] == "natural")
            #expect(statement?["piece"]?["pearl"]?["treatments"]?.elements?.first?["basis"] == "measured")
        } else {
            #expect(statement?["piece"]?["jewellery"]?["stones"]?.elements?.count == 1)
        }
        let page = try lab.daemon.visit("/c/\(issued.number)")
        #expect(page.status == 200 && page.text.contains("Genuine laboratory report"))
        let paper = try lab.daemon.visit("/c/\(issued.number).pdf")
        #expect(paper.status == 200 && paper.body.starts(with: "%PDF-".utf8))
    }

    // MARK: - Reissued

    @Test(
        "a report that is issued anew names the one it replaces, which is superseded", arguments: DaemonEngine.allCases)
    func reissued(engine: DaemonEngine) throws {
        let lab = try Lab(engine)
        let (piece, draft) = try lab.approvedByExaminers()
        let old = try lab.approve(draft, as: "dara").number
        let bare = try ask(lab, piece)
        let asked = try ask(lab, piece, .object(["supersedes": .string(old), "reason": "re_examined"]))
        let waiting = try lab.daemon.request("GET", "/v1/certificates/\(old)").json["status"]

        let issued = try issue(lab, asked.id, Lab.examination(#"{"stone":{"weightCt":"1.57"}}"#))
        let number = issued.number

        #expect(bare.status == 409 && asked.status == 201 && waiting == "valid", "\(bare.text) \(asked.text)")
        #expect(issued.status == 201, "\(issued.text)")
        // ISO/IEC 17025 §7.8.8.3: unique, and it refers to the one it replaces.
        let statement = issued.json["statement"]
        #expect(statement?["supersedes"]?["number"]?.string == old && number != old)
        let replaced = try lab.daemon.request("GET", "/v1/certificates/\(old)").json
        #expect(replaced["status"] == "superseded" && replaced["supersededBy"]?.string == number)
        #expect(replaced["reason"] == "re_examined")
        let oldPage = try lab.daemon.visit("/c/\(old)").text
        #expect(oldPage.contains("A newer certificate has taken this one") && oldPage.contains(number), "\(oldPage)")
        let newPage = try lab.daemon.visit("/c/\(number)").text
        #expect(newPage.contains("<dt>Replaces</dt><dd><bdi>\(old)</bdi></dd>"), "\(newPage)")
        let kinds = try StatusTests.logged(lab.daemon).map { $0["kind"]?.string }
        #expect(kinds.suffix(3) == ["issue", "issue", "supersede"], "\(kinds)")
        _ = lab.daemon.stop()
        let check = try lab.daemon.check()
        #expect(check.status == 0, "\(check.output)")
    }

    // MARK: - Lost and brought back

    @Test("a draft that waits for its approver survives a kill, a backup and a restore")
    func restored() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let (_, draft) = try lab.approvedByExaminers()
        _ = daemon.stop(SIGKILL)
        try daemon.start()
        let file = "\(daemon.directory)/backup.tar"
        let made = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])
        let safe = try bringBack(daemon, from: file, [])

        let issued = try lab.approve(draft, as: "dara")

        #expect(made.status == 0 && safe.status == 0, "\(made.error) \(safe.error)")
        #expect(issued.status == 201, "\(issued.text)")
        _ = daemon.stop()
        #expect(try daemon.check().status == 0)
    }

    @Test("a report lost with the machine is issued again after the gap, under another number in the new log")
    func gap() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        let (_, draft) = try lab.approvedByExaminers()
        let file = "\(daemon.directory)/backup.tar"
        _ = try TestDaemon.run(TestDaemon.gemd, ["backup", "--state", daemon.state, "--to", file])
        let lost = try lab.approve(draft, as: "dara")
        let restored = try bringBack(daemon, from: file, ["--accept-gap", "--reason", "the disk was lost"])

        let waiting = try lab.get(draft, as: "dara")
        let issued = try lab.approve(draft, as: "dara")

        #expect(lost.status == 201 && restored.status == 0, "\(restored.error)")
        #expect(waiting.json["state"] == "approving" && waiting.json["approvals"]?.elements?.count == 2)
        #expect(issued.status == 201 && issued.number != lost.number, "\(issued.text)")
        #expect(issued.json["statement"]?["log"]?["origin"] == "gems.example/log/2")
        #expect(try daemon.visit("/c/\(lost.number)").status == 404)
        _ = daemon.stop()
        let check = try daemon.check()
        #expect(check.status == 0, "\(check.output)")
    }

    /// The state is gone, and comes back from a backup with the keys from the safe.
    private func bringBack(_ daemon: TestDaemon, from file: String, _ arguments: [String]) throws -> (
        status: Int32, output: String, error: String
    ) {
        _ = daemon.stop()
        let safe = daemon.directory + "/safe"
        try FileManager.default.copyItem(atPath: daemon.state + "/keys", toPath: safe)
        try FileManager.default.removeItem(atPath: daemon.state)
        let restored = try TestDaemon.run(
            TestDaemon.gemd, ["restore", "--from", file, "--state", daemon.state] + arguments)
        guard restored.status == 0 else { return restored }
        try FileManager.default.copyItem(atPath: safe, toPath: daemon.state + "/keys")
        try daemon.start()
        return restored
    }

    // MARK: - Made later

    @Test(
        "a certificate from before there were codes gets one when it is asked for, and keeps it",
        arguments: DaemonEngine.allCases)
    func lateCode(engine: DaemonEngine) throws {
        let daemon: TestDaemon
        let table: String
        switch engine {
        case .sqlite: (daemon, table) = (try engine.start(), "certificate")
        case .postgres:
            let cluster = try PostgresCluster.shared.get()
            let schema = try cluster.makeSchema()
            (daemon, table) = (try TestDaemon(database: cluster.url(schema: schema)), "\(schema).certificate")
        }
        let dealer = try daemon.dealer("Dealer", code: "DEALER").token
        let piece = try daemon.register(Samples.emerald(), token: dealer)["id"]!.string!
        let number = try daemon.declare(piece, token: dealer).number
        func code() throws -> String { try daemon.visit("/c/\(number).qr.txt").text }
        let first = try code()
        _ = daemon.stop()
        let forget = "UPDATE \(table) SET code = NULL"
        switch engine {
        case .sqlite: try daemon.sql(forget)
        case .postgres: try PostgresCluster.shared.get().sql(forget)
        }
        try daemon.start()

        // All at once: one is kept, and all are told that one.
        let wires = try (0..<6).map { _ in
            let wire = try Wire(port: daemon.publicPort)
            try wire.send("GET /c/\(number).qr.txt HTTP/1.1\r\nHost: a\r\n\r\n")
            return wire
        }
        let made = Set(try wires.map { try $0.response().text })
        _ = daemon.stop()
        try daemon.start()
        let later = try code()
        let verdict = try daemon.request(
            "POST", "/v1/verify", bytes: Array(later.utf8), headers: ["Content-Type": "text/plain"]
        ).json

        #expect(made.count == 1 && made.first == later && later != first)
        #expect(verdict["verdict"] == "genuine", "\(verdict.text)")
    }

    /// Tells what was logged to whoever waits for it.
    private struct Listening: LogHandler {
        let heard: AsyncStream<String>.Continuation
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { heard.yield("\(event.message)") }
    }

    @Test("a revocation list that is a week old is signed anew while gemd runs; what is handed out goes with it")
    func renewal() async throws {
        let daemon = try TestDaemon()
        _ = daemon.stop()
        let state = StateDirectory(daemon.state)
        let seal = try Seal.read(state, origin: "gems.example/log")
        let (before, bundle) = (seal.publicFiles["issuing.crl"], seal.publicFiles["root-and-crls.pem"])
        let path = state.pki + "/issuing.crl"
        func age(_ days: Double) throws {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -days * 86_400)], ofItemAtPath: path)
        }
        try age(6)
        let young = try seal.renew(state, now: Date())
        try age(8)
        let (heard, continuation) = AsyncStream<String>.makeStream()
        let service = ListRenewal(
            seal: seal, state: state, logger: Logger(label: "test") { _ in Listening(heard: continuation) })
        let running = Task { try await service.run() }
        for await line in heard where line.contains("signed anew") { break }
        running.cancel()
        try await running.value

        #expect(!young)
        #expect(seal.publicFiles["issuing.crl"] != before && seal.publicFiles["root-and-crls.pem"] != bundle)
        #expect(seal.publicFiles["issuing.crl"] == FileManager.default.contents(atPath: path).map { Array($0) })
        let text = try TestDaemon.run(
            "openssl",
            ["crl", "-in", path, "-inform", "DER", "-noout", "-verify", "-CAfile", state.pki + "/issuing.pem"])
        #expect(text.error.contains("verify OK"), "\(text.error)")
        // The renewed one is what the daemon starts with, and hands out.
        try daemon.start()
        #expect(try daemon.visit("/pki/issuing.crl").body == seal.publicFiles["issuing.crl"])
    }

    // MARK: - As it is typed

    @Test("a laboratory's day by gemctl: examine, look, approve with one's own key, cancel, and declare many")
    func typed() throws {
        let lab = try Lab()
        let daemon = lab.daemon
        func type(_ words: [String], as token: String) throws -> (status: Int32, text: String) {
            let run = try TestDaemon.run(
                TestDaemon.products.appendingPathComponent("gemctl").path, ["--socket", daemon.socket] + words,
                environment: ["GEMD_TOKEN": token])
            return (run.status, run.output + run.error)
        }
        func person(_ name: String) -> String { lab.people[name]!.token }
        let (_, draft) = try lab.request("R-1")
        let file = daemon.directory + "/examination.json"
        try Lab.examination().text.write(toFile: file, atomically: true, encoding: .utf8)

        let early = try type(["certificate", "approve", draft], as: person("asma"))
        let first = try type(["certificate", "examine", draft, file], as: person("asma"))
        let twice = try type(["certificate", "examine", draft, file], as: person("asma"))
        let wrong = try type(
            ["certificate", "examine", draft, file, "--set", "stone.species=kryptonite"], as: person("bilal"))
        let second = try type(["certificate", "examine", draft, file], as: person("bilal"))
        let list = try type(["certificate", "drafts", "--state", "approving"], as: person("dara"))
        let shown = try type(["certificate", "draft", draft], as: person("dara"))
        let line = try type(["certificate", "approve", draft], as: person("asma"))
        let others = try type(["certificate", "approve", draft, "--key", lab.key("bilal")], as: person("asma"))
        let one = try type(["certificate", "approve", draft, "--key", lab.key("asma")], as: person("asma"))
        let tooEarly = try type(["certificate", "approve", draft, "--key", lab.key("dara")], as: person("dara"))
        let sha256 = try #require(
            lab.get(draft, as: "bilal").json["sha256"]?.string, "\(first.text) \(wrong.text) \(second.text)")
        let saved = daemon.directory + "/bilal.sig"
        try lab.sign(sha256, as: "bilal").write(toFile: saved, atomically: true, encoding: .utf8)
        let two = try type(["certificate", "approve", draft, "--signature", saved], as: person("bilal"))
        let three = try type(["certificate", "approve", draft, "--key", lab.key("dara")], as: person("dara"))

        #expect(early.status != 0 && early.text.contains("nothing to approve yet"), "\(early.text)")
        #expect(first.status == 0 && first.text.contains("examined \(draft): open"), "\(first.text)")
        #expect(twice.status != 0 && twice.text.contains("cannot be changed"), "\(twice.text)")
        #expect(wrong.status != 0 && wrong.text.contains("kryptonite"), "\(wrong.text)")
        #expect(second.status == 0 && second.text.contains("approving"), "\(second.text)")
        #expect(list.text.contains(draft) && list.text.contains("approving"), "\(list.text)")
        #expect(shown.status == 0 && shown.text.contains("Asma") && shown.text.contains("Dara"), "\(shown.text)")
        #expect(line.text.contains("printf %s \(sha256) | ssh-keygen -Y sign -n gemd-approval"), "\(line.text)")
        #expect(others.status != 0 && others.text.contains("not enrolled for you"), "\(others.text)")
        #expect(one.status == 0 && one.text.contains("approved \(draft)"), "\(one.text)")
        #expect(tooEarly.status != 0 && tooEarly.text.contains("Bilal has not approved it yet"), "\(tooEarly.text)")
        #expect(two.status == 0, "\(two.text)")
        #expect(three.status == 0 && three.text.contains("approved \(draft) and issued GGAPCP-"), "\(three.text)")

        let (_, other) = try lab.request("R-2")
        let ended = try type(["certificate", "cancel", other, "--reason", "sold meanwhile"], as: lab.dealer.token)
        let again = try type(["certificate", "cancel", other], as: lab.dealer.token)
        #expect(ended.status == 0 && ended.text.contains("cancelled \(other)"), "\(ended.text)")
        #expect(again.status != 0 && again.text.contains("cancelled"), "\(again.text)")

        let lines = daemon.directory + "/lines.ndjson"
        try """
        {"piece":"stock:R-1","class":"declaration"}
        {"piece":"stock:R-2","class":"declaration"}
        {"piece":"stock:R-9","class":"declaration"}

        """.write(toFile: lines, atomically: true, encoding: .utf8)
        let bulk = try type(["certificate", "bulk", lines], as: lab.dealer.token)
        let same = try type(["certificate", "bulk", lines], as: lab.dealer.token)
        #expect(bulk.status == 10 && bulk.text.contains("2 certified, 0 were already, 1 refused"), "\(bulk.text)")
        #expect(bulk.text.contains("line 3:"), "\(bulk.text)")
        #expect(same.text.contains("0 certified, 2 were already, 1 refused"), "\(same.text)")
    }
}
