import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import GemPrint
import Logging
import Testing

@testable import GemCert
@testable import gemd

/// The next keys that sign (docs/operations.md, "The keys that sign").
@Suite("Keys and lists over the years")
struct KeyTests {
    private static let faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
    private static let hasFaketime: ConditionTrait = .enabled(
        if: FileManager.default.fileExists(atPath: faketime), "faketime is missing")

    /// The environment of a process whose clock is that many days ahead. The shared names are never made: without any,
    /// libfaketime starts the program a second time, which then has no arguments.
    private static func ahead(_ days: Int) -> [String: String] {
        ["LD_PRELOAD": faketime, "FAKETIME": "+\(days)d", "FAKETIME_SHARED": "/gemd_test_sem /gemd_test_shm"]
    }

    private func renew(
        _ daemon: TestDaemon, _ options: String..., environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, error: String) {
        try TestDaemon.run(
            TestDaemon.gemd, ["keys", "renew", "--state", daemon.state] + options, environment: environment)
    }

    private func file(_ daemon: TestDaemon, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: daemon.state + "/" + name)))
    }

    private struct Issued {
        var number: String
        var code: String
    }

    private func certify(_ daemon: TestDaemon, _ token: String) throws -> Issued {
        let piece = try daemon.register(Samples.emerald(), token: token)["id"]!.string!
        let answer = try daemon.declare(piece, token: token)
        try #require(answer.status == 201, "\(answer.text)")
        return Issued(
            number: answer.number, code: try daemon.visit("/c/\(answer.number).qr.txt").text)
    }

    /// A daemon with a dealer and one certificate.
    private func certified() throws -> (
        daemon: TestDaemon, dealer: (party: String, token: String), issued: Issued
    ) {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        return (daemon, dealer, try certify(daemon, dealer.token))
    }

    /// By the file's own time, which faketime does not move, the age of the issuing authority's list is told.
    private func ageList(of daemon: TestDaemon, seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -seconds)],
            ofItemAtPath: daemon.state + "/pki/issuing.crl")
    }

    /// The verdicts on the code and on the page.
    private func verdicts(_ daemon: TestDaemon, _ issued: Issued) throws -> [String?] {
        let code = try daemon.request(
            "POST", "/v1/verify", bytes: Array(issued.code.utf8), headers: ["Content-Type": "text/plain"])
        let page = try daemon.visit("/c/\(issued.number)").text
        return [code.json["verdict"]?.string, page.contains("verdict genuine") ? "genuine" : "not genuine"]
    }

    @Test("new keys sign from then on, the old private ones are gone, and what was issued stays good")
    func renewal() throws {
        let (daemon, dealer, before) = try certified()
        let serving = try renew(daemon, "--early")
        _ = daemon.stop()
        let notDue = try renew(daemon)
        let oldKeys = try KeyRenewal.names.map { try file(daemon, "keys/\($0).key") }
        // Held open, as a disk would still have them.
        let held = try KeyRenewal.names.map {
            try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(daemon.state)/keys/\($0).key"))
        }

        let renewed = try renew(daemon, "--early")

        let check = try daemon.check()
        try daemon.start()
        let after = try certify(daemon, dealer.token)
        #expect(serving.status == 75, "\(serving)")
        #expect(notDue.status == 78 && notDue.error.contains("renew them within 60 days before"), "\(notDue)")
        #expect(renewed.status == 0, "\(renewed)")
        #expect(renewed.output.contains("  signer: ") && renewed.output.contains("used until: "))
        for (old, handle) in zip(oldKeys, held) {
            let left = Array(try handle.readToEnd() ?? Data())
            #expect(left.count == old.count && left != old, "a private key is still on the disk")
        }
        #expect(
            !(try FileManager.default.contentsOfDirectory(atPath: daemon.state + "/keys")).contains {
                $0.contains("next")
            })
        #expect(check.status == 0, "\(check)")
        let keys = try daemon.visit("/keys.json").json["keys"]?.elements ?? []
        #expect(keys.count == 2 && keys.allSatisfy { $0["nbf"]?.integer != nil && $0["exp"]?.integer != nil })
        #expect(try verdicts(daemon, before) == ["genuine", "genuine"])
        #expect(try verdicts(daemon, after) == ["genuine", "genuine"])
        let page = try daemon.visit("/c/\(before.number)").text
        for key in keys { #expect(page.contains(try #require(key["kid"]?.string))) }
        var head = try #require(daemon.visit("/status/1").text.split(separator: ".").first.map(String.init))
            .replacing("-", with: "+").replacing("_", with: "/")
        while head.count % 4 > 0 { head += "=" }
        let header = try JSON(parsing: Array(try #require(Data(base64Encoded: head))))
        #expect(header["kid"] == keys.first?["kid"])
        let events = try daemon.request("GET", "/v1/audit", token: try daemon.token(for: .auditor)).text
        #expect(events.contains("keys-renewed"))
    }

    // MARK: - Stolen keys

    private func verify(_ daemon: TestDaemon, paper: [UInt8]) throws -> JSON {
        try daemon.request("POST", "/v1/verify", bytes: paper, headers: ["Content-Type": "application/pdf"]).json
    }

    private func step(_ name: String, of verdict: JSON) -> JSON? {
        verdict["steps"]?.elements?.first { $0["name"]?.string == name }
    }

    private func paper(_ daemon: TestDaemon, _ issued: Issued, level: String = "b") throws -> [UInt8] {
        let answer = try daemon.request("GET", "/v1/certificates/\(issued.number).pdf?level=\(level)")
        try #require(answer.status == 200, "\(answer.text)")
        return answer.body
    }

    /// The revocation lists attached to a paper, DER.
    private func lists(in paper: [UInt8]) throws -> [[UInt8]] {
        let text = String(decoding: paper, as: UTF8.self)
        var lists: [[UInt8]] = []
        for part in text.components(separatedBy: "-----BEGIN X509 CRL-----\n").dropFirst() {
            let base64 = part.components(separatedBy: "-----END")[0].replacing("\n", with: "")
            lists.append(Array(try #require(Data(base64Encoded: base64))))
        }
        return lists
    }

    @Test(
        "stolen keys are taken back: what they signed before holds by the log, for ever; what they sign after does not")
    func stolen() throws {
        let (daemon, dealer, before) = try certified()
        let paperBefore = try paper(daemon, before)
        let json = try daemon.visit("/c/\(before.number).json").body
        let serials = try KeyRenewal.names.map { name in
            try X509Certificate(pem: file(daemon, "pki/\(name).pem")).serialNumber ?? ""
        }
        let firstList = try file(daemon, "pki/issuing.crl")
        // In other hands: whoever has it can go on with it.
        let thief = try Issuer(
            key: file(daemon, "keys/signer.key"), passphrase: nil, certificate: file(daemon, "pki/signer.pem"),
            issuing: file(daemon, "pki/issuing.pem"))
        _ = daemon.stop()

        let renewed = try renew(daemon, "--stolen")

        let staged = try file(daemon, "pki/issuing.crl")
        // The start signs the list anew, as each week.
        try ageList(of: daemon, seconds: 8 * 86_400)
        try daemon.start()
        let after = try certify(daemon, dealer.token)
        #expect(renewed.status == 0 && renewed.output.contains("revocation list"), "\(renewed)")
        for list in [staged, try file(daemon, "pki/issuing.crl")] {
            let entries = try RevocationList(list).entries
            #expect(entries.map(\.serialNumber).sorted() == serials.sorted())
            #expect(entries.allSatisfy { $0.reason == 1 && $0.revokedAt <= Date() + 1 })
        }
        #expect(try verdicts(daemon, before) == ["cannotTell", "genuine"])
        #expect(try verdicts(daemon, after) == ["genuine", "genuine"])

        // The paper of before: its certificate holds, but whose print it is nobody knows any more.
        let old = try verify(daemon, paper: paperBefore)
        #expect(old["verdict"] == "genuine" && step("revocation", of: old)?["result"] == "met", "\(old.text)")
        #expect(step("attachments", of: old)?["reason"]?.string?.contains("compare the two") == true, "\(old.text)")
        #expect(old["headline"]?.string?.hasSuffix("not proven is the print around the certificate") == true)
        // Who asks gets one of the new key, with the lists of the day of issue and of its own.
        let paperAfter = try paper(daemon, before)
        let new = try verify(daemon, paper: paperAfter)
        #expect(paperAfter != paperBefore)
        #expect(new["verdict"] == "genuine" && step("attachments", of: new)?["result"] == "met", "\(new.text)")
        #expect(try paper(daemon, before) == paperAfter, "made anew once, then kept")
        let carried = try lists(in: paperAfter)
        #expect(carried.contains(firstList) && carried.count == 3, "\(carried.count)")

        // The thief backdates one, and writes one of today. Neither is in the log.
        func forge(_ issuedAt: String?) throws -> JSON {
            var text = String(decoding: json, as: UTF8.self)
            text.replace(/"nonce":"[0-9a-f]{32}"/, with: "\"nonce\":\"\(String(repeating: "7", count: 32))\"")
            if let issuedAt { text.replace(/"issuedAt":"[^"]*"/, with: "\"issuedAt\":\"\(issuedAt)\"") }
            let statement = Array(text.utf8)
            let mark = "gemd-test"
            var body = Array("--\(mark)\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n".utf8) + statement
            body += Array("\r\n--\(mark)\r\nContent-Disposition: form-data; name=\"p7s\"\r\n\r\n".utf8)
            body += try thief.sign(statement) + Array("\r\n--\(mark)--\r\n".utf8)
            return try daemon.request(
                "POST", "/v1/verify", bytes: body, headers: ["Content-Type": "multipart/form-data; boundary=\(mark)"]
            ).json
        }
        let backdated = try forge(nil)
        let today = try forge(CivilTime(Date() + 2).text)
        #expect(backdated["verdict"] == "cannotTell", "\(backdated.text)")
        #expect(today["verdict"] == "notGenuine", "\(today.text)")
        #expect(today["headline"]?.string?.contains("taken back") == true, "\(today.text)")
        // Nor does a paper of the thief's around a genuine certificate pass for the council's.
        let reader = try SignedPDFReader(paperBefore)
        let end = try #require(SignedPDFReader.first("%%EOF\n", in: paperBefore, from: 0))
        let drawn = Array(paperBefore[..<end])
        let print = try thief.sign(
            paper: drawn + Array("%%EOF\n".utf8),
            attachments: .init(
                statement: reader.statement, signature: reader.signature, proof: reader.proof,
                issuing: file(daemon, "pki/issuing.pem")),
            issuerName: "Gem Council", now: max(Date() - 1, thief.keyPeriod.lowerBound), stampedBy: nil)
        let forged = try verify(daemon, paper: print)
        #expect(step("attachments", of: forged)?["result"] != "met", "\(forged.text)")
        let events = try daemon.request("GET", "/v1/audit", token: try daemon.token(for: .auditor)).text
        #expect(events.contains("\"stolen\":true"))
        _ = daemon.stop()
        #expect(try daemon.check().status == 0)
    }

    @Test("what is known of a paper is remembered, until a list comes that takes its key back")
    func takenBackLater() async throws {
        let stage = try TestDaemon()
        let dealer = try stage.dealer("Dealer", code: "DEALER")
        _ = stage.stop()
        // From here on there are keys that were taken back, so that papers are looked at.
        _ = try renew(stage, "--stolen")
        try stage.start()
        let issued = try certify(stage, dealer.token)
        _ = stage.stop()
        let state = StateDirectory(stage.state)
        let daemon = try await Daemon.open(
            state, config: Config(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let certificate = try #require(try await daemon.inventory.certificate(issued.number))
        func paper() async throws -> String {
            try await daemon.printing.paper(of: certificate, form: .a4, language: .english, daemon: daemon)
        }
        /// By the lists of that moment, and whether the paper had to be read for it.
        func isTakenBack(_ name: String) -> (Bool, read: Bool) {
            var read = false
            let answer = daemon.seal.verifier.isTakenBack(paper: name) {
                read = true
                return daemon.inventory.blobs.bytes(name)
            }
            return (answer, read)
        }

        let made = try await paper()
        let kept = try await paper()
        let before = isTakenBack(made)
        let list = try RevocationList(file(stage, "pki/issuing.crl"))
        let newer = try Ceremony.renewedIssuingCRL(
            issuing: file(stage, "pki/issuing.pem"),
            issuingKey: PrivateKey(pem: file(stage, "keys/issuing.key"), passphrase: nil),
            revoked: list.entries + [
                RevocationList.Entry(
                    serialNumber: X509Certificate(pem: file(stage, "pki/signer.pem")).serialNumber ?? "",
                    revokedAt: Date(), reason: 1)
            ], now: max(Date(), (list.thisUpdate ?? .distantPast) + 1))
        try Data(newer).write(to: URL(fileURLWithPath: state.pki + "/issuing.crl"))
        // It is read with the next weekly renewal.
        let isRenewed = try daemon.seal.renew(state, now: (RevocationList(newer).thisUpdate ?? Date()) + 8 * 86_400)
        let after = isTakenBack(made)
        let new = try await paper()

        #expect(kept == made && before == (false, read: false))
        #expect(isRenewed && after == (true, read: true))
        #expect(new != made, "one by a stolen key was handed out")
    }

    @Test("keys that signed before can be taken back too, and nobody else's certificates")
    func stolenBefore() throws {
        let daemon = try TestDaemon()
        let stranger = try TestDaemon()
        _ = daemon.stop()
        _ = stranger.stop()
        let former = daemon.directory + "/former.pem"
        try Data(file(daemon, "pki/signer.pem")).write(to: URL(fileURLWithPath: former))
        let serial = try X509Certificate(pem: file(daemon, "pki/signer.pem")).serialNumber
        _ = try renew(daemon, "--early")
        let list = try file(daemon, "pki/issuing.crl")

        let foreign = try renew(daemon, "--stolen", "--also", stranger.state + "/pki/signer.pem")
        let missing = try renew(daemon, "--stolen", "--also", "/nowhere.pem")
        let alone = try renew(daemon, "--also", former)
        let unchanged = try file(daemon, "pki/issuing.crl")
        let taken = try renew(daemon, "--stolen", "--also", former, "--also", former)

        #expect(foreign.status == 78 && foreign.error.contains("issuing.pem issued can be taken back"), "\(foreign)")
        #expect(missing.status == 78 && missing.error.contains("no such file"), "\(missing)")
        #expect(alone.status == 64 && alone.error.contains("give --stolen"), "\(alone)")
        #expect(unchanged == list)
        #expect(taken.status == 0, "\(taken)")
        let entries = try RevocationList(file(daemon, "pki/issuing.crl")).entries
        #expect(entries.count == 4 && entries.contains { $0.serialNumber == serial })
        let newest = try RevocationList(file(daemon, "pki/issuing.crl"))
        #expect(try newest.thisUpdate! > RevocationList(list).thisUpdate!)
    }

    @Test("a paper carries the lists of its certificate's day of issue, whenever it is made", hasFaketime)
    func listsOfTheDay() throws {
        let (daemon, _, issued) = try certified()
        let day = try file(daemon, "pki/issuing.crl")
        _ = daemon.stop()
        try ageList(of: daemon, seconds: 100)
        try daemon.start(environment: Self.ahead(40))

        let made = try paper(daemon, issued)
        let evidence = try paper(daemon, issued, level: "lt")

        let today = try file(daemon, "pki/issuing.crl")
        let carried = try lists(in: made)
        #expect(day != today && carried.contains(day) && carried.contains(today), "\(carried.count)")
        let update = evidence[made.count...]
        for list in [day, today, try file(daemon, "pki/root.crl")] {
            #expect(SignedPDFReader.first("\(list.count) >>\nstream\n", in: Array(update), from: 0) != nil)
            #expect(Data(update).range(of: Data(list)) != nil)
        }
        #expect(try verify(daemon, paper: evidence)["verdict"] == "genuine")
        // Years later by stock tools, with what the paper carries and the root alone: judged at the day of issue.
        let folder = daemon.directory
        try Data(made).write(to: URL(fileURLWithPath: folder + "/N.pdf"))
        let at = Int(Date().timeIntervalSince1970) + 60
        let stock = try TestDaemon.run(
            "sh",
            [
                "-c",
                "cd \(folder) && pdfdetach -saveall N.pdf && cat state/pki/root.pem issuing-and-crls.pem > trust.pem && "
                    + "openssl cms -verify -binary -cades -inform DER -in certificate.json.p7s -content certificate.json "
                    + "-CAfile trust.pem -crl_check_all -attime \(at) -out /dev/null",
            ])
        #expect(stock.status == 0, "\(stock)")
    }

    @Test(
        "a crash while keys are exchanged that were stolen is finished by the next start",
        arguments: [0, 3, 6, 7, 8, 9])
    func brokenWhileStolen(after moved: Int) throws {
        let (daemon, dealer, before) = try certified()
        _ = daemon.stop()
        let state = StateDirectory(daemon.state)
        let old = try KeyRenewal.names.map { try file(daemon, "pki/\($0).pem") }
        let list = try KeyRenewal.takingBack(
            old, list: file(daemon, "pki/issuing.crl"), issuing: file(daemon, "pki/issuing.pem"),
            issuingKey: PrivateKey(pem: file(daemon, "keys/issuing.key"), passphrase: nil), now: Date())
        let lists = try Ceremony.files(
            ofList: list, root: file(daemon, "pki/root.pem"), rootCRL: file(daemon, "pki/root.crl"))
        try KeyExchange(state: state).decide(renewal(of: daemon), lists: lists)
        // As far as it came.
        for name in Self.exchanged.prefix(moved) {
            try #require(rename("\(state.path)/\(name).next", "\(state.path)/\(name)") == 0)
        }
        let again = try renew(daemon, "--stolen")

        try daemon.start()

        #expect(again.status == 78 && again.error.contains("broken off is finished"), "\(again)")
        #expect(try file(daemon, "pki/issuing.crl") == list && file(daemon, "pki/root-and-crls.pem") == lists[1].bytes)
        #expect(try RevocationList(file(daemon, "pki/issuing.crl")).entries.count == 3)
        let after = try certify(daemon, dealer.token)
        #expect(try verdicts(daemon, before) == ["cannotTell", "genuine"])
        #expect(try verdicts(daemon, after) == ["genuine", "genuine"])
    }

    /// In the order they take their places.
    private static let exchanged =
        KeyRenewal.names.flatMap { ["keys/\($0).key", "pki/\($0).pem"] } + [
            "pki/keys.json", "pki/issuing.crl", "pki/root-and-crls.pem",
        ]

    private func renewal(of daemon: TestDaemon) throws -> KeyRenewal {
        try KeyRenewal(
            certificates: Dictionary(
                uniqueKeysWithValues: KeyRenewal.names.map { ($0, try file(daemon, "pki/\($0).pem")) }),
            issuing: file(daemon, "pki/issuing.pem"),
            issuingKey: PrivateKey(pem: file(daemon, "keys/issuing.key"), passphrase: nil),
            keySet: file(daemon, "pki/keys.json"), publicURL: "https://gems.example", passphrase: nil, now: Date())
    }

    @Test("a crash while the files are exchanged is finished by the next start", arguments: 0...7)
    func broken(after moved: Int) throws {
        let (daemon, dealer, before) = try certified()
        _ = daemon.stop()
        let state = StateDirectory(daemon.state)
        let renewal = try renewal(of: daemon)
        try KeyExchange(state: state).decide(renewal)
        // As far as it came.
        for name in Self.exchanged.prefix(moved) {
            try #require(rename("\(state.path)/\(name).next", "\(state.path)/\(name)") == 0)
        }

        try daemon.start()

        let after = try certify(daemon, dealer.token)
        #expect(try verdicts(daemon, before) == ["genuine", "genuine"])
        #expect(try verdicts(daemon, after) == ["genuine", "genuine"])
        #expect(try file(daemon, "pki/signer.pem") == renewal.publicFiles.first { $0.name == "signer.pem" }?.bytes)
        #expect(!FileManager.default.fileExists(atPath: daemon.state + "/keys/renewal"))
    }

    @Test("a renewal that was not decided is taken back: the old keys go on")
    func undecided() throws {
        let daemon = try TestDaemon()
        _ = daemon.stop()
        let old = try file(daemon, "keys/signer.key")
        for name in ["keys/signer.key.next", "pki/signer.pem.next"] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: daemon.state + "/" + name))
        }

        try daemon.start()

        #expect(try file(daemon, "keys/signer.key") == old)
        #expect(!FileManager.default.fileExists(atPath: daemon.state + "/keys/signer.key.next"))
    }

    @Test("without the issuing key, or with one that does not open, nothing is changed")
    func refused() throws {
        let daemon = try TestDaemon()
        _ = daemon.stop()
        let path = daemon.state + "/keys/issuing.key"
        let signer = try file(daemon, "pki/signer.pem")

        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        let missing = try renew(daemon, "--early")
        try FileManager.default.copyItem(atPath: daemon.state + "/keys/signer.key", toPath: path)
        let other = try renew(daemon, "--early")
        try FileManager.default.removeItem(atPath: path)
        try Data("no key".utf8).write(to: URL(fileURLWithPath: path))
        let none = try renew(daemon, "--early")

        #expect(missing.status == 78 && missing.error.contains("issuing.key is missing"), "\(missing)")
        #expect(other.status == 78 && other.error.contains("is not the key of"), "\(other)")
        #expect(none.status == 78 && none.error.contains("does not open"), "\(none)")
        #expect(try file(daemon, "pki/signer.pem") == signer)
    }

    @Test(
        "warned 60 days ahead; after 13 months nothing is issued until there are new keys; all still verifies",
        hasFaketime)
    func thirteenMonths() throws {
        let (daemon, dealer, before) = try certified()
        let early = try daemon.request("GET", "/v1/health/ready").json["warnings"]
        _ = daemon.stop()

        try daemon.start(environment: Self.ahead(340))
        let soon = try daemon.request("GET", "/v1/health/ready").text
        _ = daemon.stop()
        let checked = try TestDaemon.run(
            TestDaemon.gemd, ["check", "--state", daemon.state], environment: Self.ahead(340))
        try daemon.start(environment: Self.ahead(430))
        // A token lasts 90 days.
        let token = try daemon.member(of: dealer.party, roles: ["dealer"])
        let piece = try daemon.register(Samples.emerald(), token: token)["id"]!.string!
        let late = try daemon.declare(piece, token: token)
        let list = try daemon.visit("/status/1")
        _ = daemon.stop()
        let renewed = try renew(daemon, environment: Self.ahead(430))
        try daemon.start(environment: Self.ahead(430))
        let issued = try daemon.declare(piece, token: token)

        #expect(early == nil)
        #expect(soon.contains("`gemd keys renew`: the keys that sign may be used until"), "\(soon)")
        #expect(soon.contains("the root's revocation list is to be renewed"))
        #expect(checked.status == 0 && checked.error.contains("note: stop gemd and run"), "\(checked)")
        #expect(late.status == 503 && late.json["hint"]?.string?.contains("gemd keys renew") == true, "\(late.text)")
        #expect(list.status == 503 && list.text.contains("gemd keys renew"), "\(list.text)")
        #expect(renewed.status == 0, "\(renewed)")
        #expect(issued.status == 201, "\(issued.text)")
        #expect(try verdicts(daemon, before) == ["genuine", "genuine"])
        #expect(try daemon.visit("/status/1").status == 200)
    }

    @Test("the revocation lists of each day stay, and can be had", hasFaketime)
    func formerLists() throws {
        let daemon = try TestDaemon()
        let first = try daemon.visit("/pki/issuing.crl").body
        _ = daemon.stop()

        try ageList(of: daemon, seconds: 100)
        try daemon.start(environment: Self.ahead(9))

        let second = try daemon.visit("/pki/issuing.crl").body
        let names = try FileManager.default.contentsOfDirectory(atPath: daemon.state + "/pki")
            .filter { $0.hasPrefix("issuing-") }.sorted()
        #expect(first != second)
        #expect(names.count == 2)
        #expect(try names.map { try daemon.visit("/pki/\($0)").body } == [first, second])
        let seal = try Seal.read(StateDirectory(daemon.state), origin: "gems.example/log")
        #expect(seal.lists(at: Date() + 60).last == first)
        #expect(seal.lists(at: Date() + 10 * 86_400).last == second)
    }

    @Test("the status list's time never goes backward, also after a restart with the clock set back")
    func clockSetBack() async throws {
        let daemon = try TestDaemon()
        _ = daemon.stop()
        let state = StateDirectory(daemon.state)
        let seal = try Seal.read(state, origin: "gems.example/log")
        let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        /// As a start of gemd at that moment.
        func issue(at time: Date) async throws -> Double {
            let inventory = Inventory(
                database: try Daemon.openDatabase(state.location(), named: "test", for: .writing),
                blobs: try LocalBlobs(directory: state.blobs),
                now: { Timestamp(microseconds: Int64(time.timeIntervalSince1970) * 1_000_000) },
                random: { randomBytes($0) })
            let lists = StatusLists(
                inventory: inventory, seal: seal, issuer: "GGAPCP", publicURL: "https://gems.example")
            return try StatusList(await lists.current()).issuedAt.timeIntervalSince(now).rounded()
        }

        let first = try await issue(at: now + 86_400)
        let back = try await issue(at: now + 100)
        let later = try await issue(at: now + 2 * 86_400)
        let muchLater = try await issue(at: now + 300 * 86_400)
        let corrected = try await issue(at: now + 3 * 86_400)
        let deadBattery = try await issue(at: now - 3000 * 86_400)

        #expect(first == 86_400 && back == first && later == 2 * 86_400)
        // Weeks ahead was a mistake of the clock that nobody believed; before the keys were made it is now wrong.
        #expect(muchLater == 300 * 86_400 && corrected == 3 * 86_400)
        #expect(deadBattery == corrected)
    }
}
