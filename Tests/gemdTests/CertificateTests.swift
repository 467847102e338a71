import Foundation
import GemInventory
import GemModel
import Testing

@testable import gemd

/// Declarations, their signatures, the public log and the public listener (docs/certificate.md).
@Suite("Certificates")
struct CertificateTests {
    @Test("a short script in another language recomputes the root and folds a proof, and sees a wrong one")
    func anotherLanguage() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Khyber Gems", code: "KHYBER")
        var numbers: [String] = []
        for _ in 0..<7 {
            let piece = try daemon.request(
                "POST", "/v1/pieces", .object(["kind": "stone", "stone": .object(["species": "beryl"])]),
                token: dealer.token)
            let id = try #require(piece.json["id"]?.string)
            let answer = try daemon.request(
                "POST", "/v1/pieces/\(id)/certificates", .object(["class": "declaration"]), token: dealer.token)
            numbers.append(try #require(answer.json["number"]?.string, "\(answer.text)"))
        }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/log_root.py").standardizedFileURL.path

        for number in [numbers[0], numbers[4], numbers[6]] {
            let run = try TestDaemon.run("python3", [script, "http://127.0.0.1:\(daemon.publicPort)", number])
            #expect(run.status == 0, "\(run.error)")
        }
        let wrong = try TestDaemon.run(
            "python3", [script, "http://127.0.0.1:\(daemon.publicPort)", "GGAPCP-26D-000099-00000"])
        #expect(wrong.status != 0)
    }

    let daemon: TestDaemon
    let dealer: (party: String, token: String)

    init() throws {
        daemon = try TestDaemon()
        dealer = try daemon.dealer("Dealer", code: "DEALER")
    }

    func piece(_ stockNumber: String? = nil, with more: JSON = .object([])) throws -> String {
        try daemon.register(Samples.emerald(stockNumber, with: more), token: dealer.token)["id"]!.string!
    }

    func certified() throws -> (piece: String, number: String) {
        let piece = try piece()
        return (piece, try daemon.declare(piece, token: dealer.token).number)
    }

    // MARK: - What is issued

    @Test("a declaration is answered with its number, its statement and where to find it")
    func declaration() throws {
        let piece = try piece()

        let answer = try daemon.declare(piece, token: dealer.token)

        #expect(answer.status == 201)
        #expect(answer.number.wholeMatch(of: /GGAPCP-[0-9]{2}D-000001-[0-9A-Z]{5}/) != nil)
        #expect(answer.headers["location"] == "/v1/certificates/\(answer.number)")
        let statement = answer.json["statement"]
        #expect(statement?["@type"]?.string == "gemd/certificate/1" && statement?["class"]?.string == "declaration")
        #expect(statement?["declarant"]?["party"]?.string == "DEALER")
        let listed = try daemon.request("GET", "/v1/pieces/\(piece)", token: dealer.token).json["certificates"]
        #expect(listed?.elements?.map { $0["number"]?.string } == [answer.number])
    }

    @Test("stock OpenSSL accepts the certificate and refuses it changed")
    func openssl() throws {
        let number = try certified().number
        let folder = daemon.directory
        let statement = try daemon.visit("/c/\(number).json").body
        try Data(statement).write(to: URL(fileURLWithPath: folder + "/a.json"))
        try Data(try daemon.visit("/c/\(number).p7s").body).write(to: URL(fileURLWithPath: folder + "/a.p7s"))
        var changed = statement
        changed[changed.count / 2] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: folder + "/b.json"))
        func verify(_ content: String) throws -> Int32 {
            try TestDaemon.run(
                "openssl",
                [
                    "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", folder + "/a.p7s", "-content",
                    folder + "/" + content, "-CAfile", daemon.state + "/pki/root.pem", "-out", "/dev/null",
                ]
            ).status
        }

        let good = try verify("a.json")
        let bad = try verify("b.json")

        #expect(good == 0)
        #expect(bad != 0)
    }

    @Test("a statement says nothing of cost, price, place or private notes")
    func nothingPrivate() throws {
        let piece = try piece(with: Samples.secrets)
        let number = try daemon.declare(piece, token: dealer.token).number

        let statement = try daemon.visit("/c/\(number).json").text

        let found = ["1234.56", "4200", "safe-word", "cost", "price", "location"].filter(statement.contains)
        #expect(found == [])
    }

    @Test("\"no treatment\" is a laboratory's word")
    func noTreatment() throws {
        let piece = try piece(with: Samples.json(#"{"stone":{"treatments":[{"code":"NONE"}]}}"#))

        let answer = try daemon.declare(piece, token: dealer.token)

        #expect(answer.status == 422)
        #expect(answer.json["field"]?.string == "stone.treatments")
        #expect(try daemon.sql("SELECT count(*) FROM certificate") == [["0"]])
    }

    @Test("a refused declaration uses up no number")
    func noGap() throws {
        _ = try daemon.declare(
            try piece(with: Samples.json(#"{"stone":{"treatments":[{"code":"NONE"}]}}"#)), token: dealer.token)

        #expect(try certified().number.contains("-000001-"))
    }

    @Test("a second live declaration of one piece is refused")
    func second() throws {
        let (piece, number) = try certified()

        let again = try daemon.declare(piece, token: dealer.token)

        #expect(again.status == 409 && again.problem == "state")
        #expect(again.json["title"]?.string?.contains(number) == true)
        #expect(again.json["hint"]?.string?.contains("must supersede it") == true)
    }

    @Test("the heads of a multipart body cost no more than their bytes", .timeLimit(.minutes(1)))
    func multipartHeads() throws {
        let many = String(repeating: "content-disposition:", count: 25_000)
        func parts(_ head: String) throws -> [String: [UInt8]] {
            try Multipart.parts(
                Array("--b\r\n\(head)\r\n\r\n{}\r\n--b--".utf8), contentType: "multipart/form-data; boundary=b")
        }

        #expect(throws: Problem.self) { try parts(many) }
        #expect(throws: Problem.self) { try parts(many + "; name=\"json\"") }
        #expect(
            try parts("Content-Disposition: form-data; name=\"json\"; filename=\"N.json\"") == ["json": [123, 125]])
    }

    @Test("whoever meets a piece that changes all the time is told to ask again, not to supersede anything")
    func changing() {
        let problem = Problem(InventoryError.changing)

        #expect(problem.code == .state && problem.title.contains("changed all the time"))
        #expect(problem.hint == "send it again when whoever changes it has finished")
    }

    @Test("a certified piece cannot be removed")
    func removal() throws {
        let piece = try certified().piece

        let answer = try daemon.request(
            "DELETE", "/v1/pieces/\(piece)", headers: ["If-Match": "\"2\""], token: dealer.token)

        #expect(answer.status == 409 && answer.problem == "state")
    }

    @Test("a change of the piece leaves the certificate as it was signed")
    func bytesAreKept() throws {
        let (piece, number) = try certified()
        let before = try daemon.visit("/c/\(number).json").body

        _ = try daemon.request(
            "PATCH", "/v1/pieces/\(piece)", .object(["title": "another"]), headers: ["If-Match": "\"2\""],
            token: dealer.token)
        _ = daemon.stop(SIGKILL)
        try daemon.start()

        #expect(try daemon.visit("/c/\(number).json").body == before)
    }

    @Test(
        "a class says by name what it lacks",
        arguments: [("examination", "lab"), ("check", "compares"), ("external", "report")])
    func otherClasses(name: String, field: String) throws {
        let answer = try daemon.request(
            "POST", "/v1/pieces/\(try piece())/certificates", .object(["class": .string(name)]), token: dealer.token)

        #expect(answer.status == 422)
        #expect(answer.json["field"]?.string == field)
    }

    // MARK: - Numbers

    @Test("a number is found however it is typed")
    func spellings() throws {
        let number = try certified().number
        let spellings = [
            number, number.lowercased(), number.replacing("-", with: ""), number.replacing("-", with: "%20"),
            " \(number) ".replacing(" ", with: "%20"), number.replacing("-", with: "%E2%80%93"),
        ]

        let missed = try spellings.filter { try daemon.request("GET", "/v1/certificates/\($0)").number != number }

        #expect(missed == [])
    }

    @Test("a wrong check character is called a typing error, an unknown number is not")
    func checkCharacter() throws {
        let number = try certified().number
        let wrong = number.dropLast() + (number.hasSuffix("A") ? "B" : "A")

        let typo = try daemon.request("GET", "/v1/certificates/\(wrong)")
        let page = try daemon.visit("/c/\(wrong)")

        #expect(typo.status == 404 && typo.json["hint"]?.string?.contains("check character") == true)
        #expect(page.status == 404 && page.text.contains("typing error"))
    }

    // MARK: - Crashes and crowds

    @Test("the same key gets the same certificate, whenever the daemon was killed", arguments: 0..<6)
    func killedWhileIssuing(round: Int) throws {
        let piece = try piece()
        let wire = try Wire(unix: daemon.socket)
        let body = #"{"class":"declaration"}"#
        try wire.send(
            """
            POST /v1/pieces/\(piece)/certificates HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(dealer.token)\r\n\
            Idempotency-Key: k-1\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
            """)
        // More rounds let more happen before the end: each look at the log takes a moment.
        for _ in 0..<round * 2 { _ = try daemon.visit("/checkpoint") }
        _ = daemon.stop(SIGKILL)
        try daemon.start()

        let first = try daemon.declare(piece, token: dealer.token, key: "k-1")
        let second = try daemon.declare(piece, token: dealer.token, key: "k-1")

        #expect(first.status == 201 && second.body == first.body, "\(first.text)")
        #expect(try daemon.sql("SELECT count(*) FROM certificate") == [["1"]])
        let checked = try logHolds([first.number])
        #expect(checked.status == 0, "\(checked.error)")
    }

    @Test("an answer that was given is given again after a crash")
    func killedAfterIssuing() throws {
        let piece = try piece()
        let first = try daemon.declare(piece, token: dealer.token, key: "k-1")
        _ = daemon.stop(SIGKILL)
        try daemon.start()

        let second = try daemon.declare(piece, token: dealer.token, key: "k-1")

        #expect(first.status == 201 && second.body == first.body)
    }

    @Test("declarations made at once have numbers of their own and are in the log when they are answered")
    func together() throws {
        let pieces = try (0..<16).map { _ in try piece() }

        let answers = try daemon.together(16, "POST", token: dealer.token) {
            ("/v1/pieces/\(pieces[$0])/certificates", .object(["class": "declaration"]), nil)
        }
        let checked = try logHolds(answers.map(\.number))

        #expect(answers.map(\.status) == [Int](repeating: 201, count: 16))
        let serials = Set(answers.map { String($0.number.dropLast(6)) })
        #expect(serials.count == 16)
        #expect(Set(answers.compactMap { $0.json["logIndex"]?.integer }) == Set(0..<16))
        #expect(checked.status == 0, "\(checked.error)")
    }

    @Test("one piece asked for by sixteen clients at once gets one certificate")
    func sameTogether() throws {
        let piece = try piece()

        let answers = try daemon.together(16, "POST", token: dealer.token) { _ in
            ("/v1/pieces/\(piece)/certificates", .object(["class": "declaration"]), nil)
        }

        #expect(answers.filter { $0.status == 201 }.count == 1)
        #expect(answers.filter { $0.status == 409 }.count == 15)
        #expect(try daemon.sql("SELECT count(*) FROM certificate") == [["1"]])
    }

    // MARK: - The log

    /// Asks a program that shares no code with gemd.
    func logHolds(_ numbers: [String], checkpoints: String = "") throws -> (
        status: Int32, output: String, error: String
    ) {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("faults/log_root.py").path
        return try TestDaemon.run(
            "python3", [script, "http://127.0.0.1:\(daemon.publicPort)"] + numbers, input: checkpoints)
    }

    @Test("every checkpoint ever seen is of one log, also across a crash, and every proof folds")
    func consistency() throws {
        var seen = try daemon.visit("/checkpoint").text
        var numbers: [String] = []
        for round in 0..<6 {
            numbers.append(try certified().number)
            seen += try daemon.visit("/checkpoint").text
            if round == 2 {
                _ = daemon.stop(SIGKILL)
                try daemon.start()
            }
        }

        let checked = try logHolds(numbers, checkpoints: seen)

        #expect(checked.status == 0, "\(checked.error)")
        #expect(checked.output.contains("6 entries, 6 proofs"))
    }

    @Test("a checkpoint of another log is noticed")
    func otherLog() throws {
        _ = try certified()
        let mine = try daemon.visit("/checkpoint").text
        let lines = mine.split(separator: "\n", omittingEmptySubsequences: false)
        let forged = mine.replacing(lines[2], with: String(repeating: "A", count: 43) + "=")

        let checked = try logHolds([], checkpoints: forged)

        #expect(checked.status == 1)
    }

    @Test("a log that outgrows a tile is still one log", .timeLimit(.minutes(2)))
    func manyTiles() throws {
        var numbers: [String] = []
        for _ in 0..<17 {
            let pieces = try (0..<16).map { _ in try piece() }
            let answers = try daemon.together(16, "POST", token: dealer.token) {
                ("/v1/pieces/\(pieces[$0])/certificates", .object(["class": "declaration"]), nil)
            }
            numbers.append(answers[0].number)
        }

        let checked = try logHolds(numbers)

        #expect(checked.status == 0, "\(checked.error)")
        #expect(checked.output.contains("272 entries"))
    }

    @Test("the log tells no full number")
    func logIsBlind() throws {
        let number = try certified().number

        let entries = try daemon.visit("/tile/entries/000.p/1").text

        #expect(entries.contains(String(number.dropLast(6))))
        #expect(!entries.contains(String(number.suffix(5))))
    }

    // MARK: - The verifier

    func verify(_ parts: [(name: String, bytes: [UInt8])]) throws -> JSON {
        var body: [UInt8] = []
        for part in parts {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"; filename=\"f\"\r\n\r\n".utf8)
            body += part.bytes + Array("\r\n".utf8)
        }
        body += Array("--b--\r\n".utf8)
        return try daemon.request(
            "POST", "/v1/verify", bytes: body, headers: ["Content-Type": "multipart/form-data; boundary=b"], token: nil
        ).json
    }

    @Test("a paper is made once, kept byte for byte, and genuine; with a byte behind it is not")
    func paper() throws {
        let number = try certified().number
        for query in ["", "?lang=ur", "?form=card", "?lang=ur&form=card"] {
            let paper = try daemon.visit("/c/\(number).pdf\(query)")
            #expect(paper.status == 200)
            #expect(try daemon.visit("/c/\(number).pdf\(query)").body == paper.body)
            let verdict = try daemon.request(
                "POST", "/v1/verify", bytes: paper.body, headers: ["Content-Type": "application/pdf"], token: nil
            ).json
            #expect(verdict["verdict"] == "genuine", "\(verdict.text)")
            let added = try daemon.request(
                "POST", "/v1/verify", bytes: paper.body + [10], headers: ["Content-Type": "application/pdf"], token: nil
            ).json
            #expect(added["verdict"] == "notGenuine")
        }
        #expect(try daemon.visit("/c/\(number).pdf?form=poster").status == 422)
        #expect(try daemon.visit("/c/\(number).pdf?level=lta").status == 422)
        let plain = try daemon.visit("/c/\(number).pdf?level=b").body
        let longLived = try daemon.visit("/c/\(number).pdf?level=lt")
        let verdict = try daemon.request(
            "POST", "/v1/verify", bytes: longLived.body, headers: ["Content-Type": "application/pdf"], token: nil
        ).json
        #expect(longLived.status == 200 && longLived.body.starts(with: plain) && longLived.body.count > plain.count)
        #expect(verdict["verdict"] == "genuine", "\(verdict.text)")
    }

    @Test("the verifier calls the certificate genuine, a changed one not genuine, and alone cannot tell")
    func verdicts() throws {
        let number = try certified().number
        let statement = try daemon.visit("/c/\(number).json").body
        let signature = try daemon.visit("/c/\(number).p7s").body
        let proof = try daemon.visit("/c/\(number).tlog-proof").body
        let changed = Array(String(decoding: statement, as: UTF8.self).replacing("1.58", with: "2.58").utf8)

        let genuine = try verify([("json", statement), ("p7s", signature), ("proof", proof)])
        let forged = try verify([("json", changed), ("p7s", signature), ("proof", proof)])
        let alone = try daemon.request(
            "POST", "/v1/verify", bytes: statement, headers: ["Content-Type": "application/json"], token: nil)

        #expect(genuine["verdict"]?.string == "genuine", "\(genuine.text)")
        #expect(genuine["headline"]?.string?.contains("no laboratory examined") == true)
        #expect(forged["verdict"]?.string == "notGenuine")
        #expect(alone.status == 200 && alone.json["verdict"]?.string == "cannotTell")
    }

    // MARK: - The public listener

    @Test(
        "the public listener knows no private address",
        arguments: [
            "/v1", "/v1/whoami", "/v1/pieces", "/v1/certificates/GGAPCP-26D-000001-AAAAA", "/v1/verify", "/metrics",
            "/v1/health/ready",
        ])
    func noPrivateAddress(path: String) throws {
        let wire = try Wire(port: daemon.publicPort)

        let answer = try wire.request("GET", path, bytes: nil, headers: [:], token: dealer.token)

        #expect(answer.status == 404)
    }

    @Test("the public listener only reads", arguments: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func onlyReads(method: String) throws {
        let number = try certified().number
        let wire = try Wire(port: daemon.publicPort)

        let answer = try wire.request(method, "/c/\(number)", bytes: [], headers: [:], token: dealer.token)
        let head = try wire.request("HEAD", "/c/\(number)", bytes: nil, headers: [:], token: nil)

        #expect(statuses(answer, head) == [405, 200])
    }

    @Test("only derivatives of a certified piece are public, never the original")
    func images() throws {
        let piece = try piece()
        let photo = try daemon.photograph(piece, token: dealer.token, grey: 90).json
        let other = try daemon.photograph(try self.piece(), token: dealer.token, grey: 200).json
        func derivatives(_ photo: JSON) -> [String] { photo["thumbnails"]!.elements!.map { $0["sha256"]!.string! } }
        func shown(_ hashes: [String]) throws -> [Int] { try hashes.map { try daemon.visit("/img/\($0).jpg").status } }

        let before = try shown(derivatives(photo))
        let number = try daemon.declare(piece, token: dealer.token).number
        let after = try shown(derivatives(photo))
        let never = try shown(derivatives(other) + [photo["sha256"]!.string!])

        #expect(before == [404, 404, 404])
        #expect(after == [200, 200, 200])
        #expect(never == [404, 404, 404, 404])
        let named = try daemon.visit("/c/\(number).json").json["images"]?.elements?.first
        #expect(named?["publicSha256"]?.string == derivatives(photo).last && named?["sha256"] == photo["sha256"])
    }

    @Test("what a dealer writes is text on the page, never markup")
    func escaping() throws {
        let piece = try piece(with: .object(["title": #"<script>alert("x")</script>"#]))
        let number = try daemon.declare(piece, token: dealer.token).number

        let page = try daemon.visit("/c/\(number)")

        #expect(page.status == 200 && page.text.contains("&lt;script&gt;"))
        // The page's own script is a file; nothing of a dealer's becomes one.
        #expect(page.text.components(separatedBy: "<script").count == 2)
        #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
    }

    @Test("only public files of the keys are published")
    func publicFiles() throws {
        let names = ["root.pem", "issuing.crl", "log.vkey", "signer.key", "log.key", "root.key", ""]

        let statuses = try names.map { try daemon.visit("/pki/\($0)").status }

        #expect(statuses == [200, 200, 200, 404, 404, 404, 404])
        #expect(!(try daemon.visit("/pki/root-and-crls.pem").text.contains("PRIVATE")))
    }
}
