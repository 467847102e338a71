import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Logging
import Synchronization
import Testing

@testable import gemd

/// Reports stamped by an outside authority (docs/operations.md, "An outside time-stamping authority"): the `openssl`
/// command behind a few lines of Python, which can also answer as it should not.
@Suite("An outside time-stamping authority")
struct OutsideAuthorityTests {
    final class Authority {
        let directory: String
        private let process = Process()
        let port: Int

        /// A root, the authority's own key (RSA) and another's, and the server.
        init() throws {
            directory = NSTemporaryDirectory() + "/gemd-tsa-\(UUID().uuidString.prefix(8))"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for (name, text) in [("server.py", Self.server), ("make.sh", Self.make)] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
            }
            let made = try TestDaemon.run("sh", [directory + "/make.sh", directory])
            guard made.status == 0 else { throw TestDaemon.Failure(made.error) }
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", directory + "/server.py", directory]
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }

        deinit {
            // A test's threads block SIGTERM, and their children inherit that.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            try? FileManager.default.removeItem(atPath: directory)  // the system clears what is left
        }

        /// How it answers from now on.
        func answer(_ mode: String) throws {
            try Data(mode.utf8).write(to: URL(fileURLWithPath: directory + "/mode"), options: .atomic)
        }

        func settings(certificate: String = "tsa.pem", port: Int? = nil) -> String {
            """
            [timestamp]
            url = "http://127.0.0.1:\(port ?? self.port)/tsr"
            certificate = "\(directory)/\(certificate)"
            seconds = 1
            """
        }

        private static let make = """
            set -e
            cd "$1"
            openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/CN=Outside Root" -days 3650 -addext keyUsage=critical,keyCertSign,cRLSign
            for name in tsa other plain; do
              openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr -subj "/CN=$name"
              usage=critical,timeStamping; [ $name = plain ] && usage=serverAuth
              printf 'basicConstraints=critical,CA:FALSE\\nsubjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid\\nkeyUsage=critical,digitalSignature\\nextendedKeyUsage=%s\\n' $usage > ext
              openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext -days 3650 -out $name.pem
              printf '[tsa]\\ndefault_tsa = one\\n[one]\\nserial = ./serial\\nsigner_cert = ./%s.pem\\nsigner_key = ./%s.key\\n' $name $name > $name.cnf
              printf 'signer_digest = sha256\\ndefault_policy = 1.2.3.4.1\\ndigests = sha256\\ness_cert_id_alg = sha256\\n' >> $name.cnf
            done
            echo hello > data
            openssl ts -query -data data -sha256 -cert -out stranger.tsq
            """

        private static let server = """
            import http.server, os, subprocess, sys, threading
            folder = sys.argv[1]
            os.chdir(folder)
            stop = threading.Event()

            def reply(query, name="tsa"):
                with open("query", "wb") as file: file.write(query)
                done = subprocess.run(["openssl", "ts", "-reply", "-config", name + ".cnf", "-queryfile", "query", "-out", "reply"],
                                      capture_output=True)
                with open("reply", "rb") as file: return file.read()

            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    body = self.rfile.read(int(self.headers["Content-Length"]))
                    mode = open("mode").read() if os.path.exists("mode") else "good"
                    with open("asked", "a") as file: file.write(mode + " " + self.path + " " + self.headers["Content-Type"] + "\\n")
                    status, kind, answer = 200, "application/timestamp-reply", b""
                    if mode == "hang": stop.wait(30); return
                    if mode == "close": return
                    if mode == "once" and not os.path.exists("failed"):
                        open("failed", "w").close()
                        status = 503
                    elif mode == "500": status = 500
                    elif mode == "huge": answer = b"0" * (1 << 20)
                    elif mode == "page": kind, answer = "text/html", b"<html>"
                    elif mode == "garbage": answer = b"\\x30\\x03\\x02\\x01\\x00"
                    elif mode == "refused": answer = bytes.fromhex("30053003020102")
                    elif mode == "other": answer = reply(body, "other")
                    elif mode == "stranger": answer = reply(open("stranger.tsq", "rb").read())
                    elif mode == "nonce":
                        at = body.rindex(b"\\x01\\x01\\xff") - 1
                        answer = reply(body[:at] + bytes([body[at] ^ 1]) + body[at + 1:])
                    else: answer = reply(body)
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

                def log_message(self, *_): pass

            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            print(server.server_port, flush=True)
            server.serve_forever()
            """
    }

    private func lab(_ authority: Authority) throws -> LaboratoryTests.Lab {
        let path = authority.directory + "/gemd.toml"
        try Data(authority.settings().utf8).write(to: URL(fileURLWithPath: path))
        let lab = try LaboratoryTests.Lab()
        _ = lab.daemon.stop()
        try lab.daemon.start(["--config", path])
        return lab
    }

    @Test(
        "stamps a report; our verifier, its page and stock openssl take it, and a verifier that was not told of it does not"
    )
    func good() throws {
        let authority = try Authority()
        let lab = try lab(authority)
        let (_, draft) = try lab.approvedByExaminers()

        let issued = try lab.approve(draft, as: "dara")

        try #require(issued.status == 201, "\(issued.text)")
        let folder = authority.directory
        for kind in ["json", "p7s"] {
            let path = "\(folder)/N.json" + (kind == "p7s" ? ".p7s" : "")
            try Data(try lab.daemon.visit("/c/\(issued.number).\(kind)").body).write(to: URL(fileURLWithPath: path))
        }
        let page = try lab.daemon.visit("/c/\(issued.number)").text
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/check_timestamp.sh").path
        func stock(_ arguments: String...) throws -> Int32 {
            try TestDaemon.run("sh", [script, folder + "/N.json.p7s", lab.daemon.state + "/pki/root.pem"] + arguments)
                .status
        }
        let gemctl = TestDaemon.products.appendingPathComponent("gemctl").path
        func verify(_ more: String...) throws -> (status: Int32, output: String, error: String) {
            try TestDaemon.run(
                gemctl, ["verify", folder + "/N.json", "--root", lab.daemon.state + "/pki/root.pem"] + more)
        }
        #expect(page.contains("verdict genuine") && page.contains("data-outside"), "\(page.prefix(3000))")
        #expect(try stock(folder + "/tsa.pem") == 0)
        #expect(try stock(folder + "/ca.pem") == 0)
        #expect(try stock(folder + "/other.pem") != 0 && stock() != 0)
        #expect(try verify("--tsa-root", folder + "/tsa.pem").status == 0)
        let byRoot = try verify("--tsa-root", folder + "/ca.pem")
        #expect(byRoot.status == 0, "\(byRoot)")
        #expect(try verify("--tsa-root", folder + "/other.pem").status == 4)
        #expect(try verify().status == 4)
        let published = try lab.daemon.visit("/pki/tsa-outside.pem").text
        #expect(published.contains("BEGIN CERTIFICATE"))
        _ = lab.daemon.stop()
        #expect(try lab.daemon.check().status == 0, "the check knows the authority from the state alone")
        // Without the setting the council's own key stamps again, and what the other stamped still holds.
        try lab.daemon.start()
        #expect(try lab.daemon.visit("/c/\(issued.number)").text.contains("verdict genuine"))
        let asked = try String(contentsOfFile: folder + "/asked", encoding: .utf8)
        #expect(asked.split(separator: "\n").allSatisfy { $0 == "good /tsr application/timestamp-query" }, "\(asked)")
    }

    @Test(
        "an authority that does not answer as it should: 503 in plain words, and nothing is half-made",
        arguments: [
            ("nonce", "another request"), ("stranger", "something else"), ("other", "not by the authority"),
            ("huge", "longer than a time stamp"), ("hang", "in time"), ("500", "it answered 500"),
            ("page", "none of RFC 3161"), ("garbage", "damaged"), ("close", "closed the connection"),
        ])
    func hostile(mode: String, words: String) throws {
        let authority = try Authority()
        let lab = try lab(authority)
        let (piece, draft) = try lab.approvedByExaminers()
        try authority.answer(mode)

        let refused = try lab.approve(draft, as: "dara")
        let numbers = try lab.daemon.sql("SELECT count(*) FROM certificate")
        let state = try lab.get(draft, as: "dara").json["state"]
        try authority.answer("good")
        let issued = try lab.approve(draft, as: "dara")

        #expect(refused.status == 503 && refused.problem == "unavailable", "\(refused.text)")
        #expect(refused.json["title"]?.string?.contains(words) == true, "\(refused.text)")
        #expect(refused.headers["retry-after"] != nil)
        #expect(numbers == [["0"]] && state == "approving")
        #expect(issued.status == 201, "\(issued.text)")
        #expect(!piece.isEmpty)
    }

    @Test("it is asked again where the first time it did not come through; an own declaration needs none")
    func again() throws {
        let authority = try Authority()
        let lab = try lab(authority)
        let (_, draft) = try lab.approvedByExaminers()
        try authority.answer("once")
        let issued = try lab.approve(draft, as: "dara")
        try authority.answer("hang")

        let piece = try lab.daemon.register(Samples.emerald(), token: lab.dealer.token)["id"]!.string!
        let declared = try lab.daemon.declare(piece, token: lab.dealer.token)

        #expect(issued.status == 201, "\(issued.text)")
        #expect(declared.status == 201)
    }

    /// A laboratory with one report issued, and one that has its number and no stamp yet: its authority answered a moment
    /// ago, so it was trusted to.
    private func reserved() throws -> (
        authority: Authority, lab: LaboratoryTests.Lab, draft: String, answer: Response
    ) {
        let authority = try Authority()
        let lab = try lab(authority)
        let (_, first) = try lab.approvedByExaminers("A-1")
        let (_, second) = try lab.approvedByExaminers("A-2")
        _ = try lab.approve(first, as: "dara")
        try authority.answer("500")
        return (authority, lab, second, try lab.approve(second, as: "dara"))
    }

    @Test("one that goes away after the number was reserved: the report is finished when it is back")
    func awayInBetween() throws {
        let (authority, lab, draft, waiting) = try reserved()
        let reserved = try lab.daemon.sql("SELECT count(*) FROM certificate WHERE state = 'reserved'")
        try authority.answer("good")
        _ = lab.daemon.stop()
        try lab.daemon.start(["--config", authority.directory + "/gemd.toml"])

        #expect(
            waiting.status == 503 && waiting.json["hint"]?.string?.contains("is reserved") == true, "\(waiting.text)")
        #expect(reserved == [["1"]])
        #expect(try lab.daemon.sql("SELECT count(*) FROM certificate WHERE state = 'issued'") == [["2"]])
        #expect(try lab.get(draft, as: "dara").json["state"] == "issued")
    }

    /// Rounds of the minute loop, as the test calls them.
    private struct Rounds: Sendable {
        private let begins: AsyncStream<Void>
        private let begin: AsyncStream<Void>.Continuation
        private let ends: AsyncStream<Void>
        private let end: AsyncStream<Void>.Continuation

        init() {
            (begins, begin) = AsyncStream.makeStream()
            (ends, end) = AsyncStream.makeStream()
        }

        /// The loop's pause: one round has ended, the next has not begun.
        @Sendable func pause() async {
            end.yield()
            for await _ in begins { return }
        }

        /// Returns when the loop has come to its next pause.
        func ended() async { for await _ in ends { return } }

        func next() async {
            begin.yield()
            await ended()
        }
    }

    @Test("each minute what waits is tried again, until the authority answers; younger ones are left to their requests")
    func everyMinute() async throws {
        let (authority, lab, _, _) = try reserved()
        _ = lab.daemon.stop()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let daemon = try await Daemon.open(
            StateDirectory(lab.daemon.state), config: Config(toml: authority.settings(), name: "gemd.toml"),
            logger: logger)
        let sequencer = try #require(daemon.issuing.sequencer)
        let reserved = try #require(
            lab.daemon.sql("SELECT reserved FROM certificate WHERE state = 'reserved'").first.flatMap { Int64($0[0]) })
        let later = Mutex<Int64>(60)
        let inventory = Inventory(
            database: try Daemon.openDatabase(
                StateDirectory(lab.daemon.state).location(), named: "test", for: .writing),
            blobs: daemon.inventory.blobs,
            now: { Timestamp(microseconds: reserved + later.withLock { $0 } * 1_000_000) }, random: { randomBytes($0) })
        let issuing = Issuing(
            inventory: inventory, seal: daemon.seal, enrolments: daemon.issuing.enrolments, sequencer: sequencer,
            issuer: daemon.issuing.issuer, country: daemon.issuing.country, publicURL: daemon.issuing.publicURL,
            logOrigin: daemon.issuing.logOrigin)
        func waiting() async throws -> Int { try await inventory.unfinishedCertificates().count }
        func asked() throws -> Int {
            try String(contentsOfFile: authority.directory + "/asked", encoding: .utf8).split(separator: "\n").count
        }
        let rounds = Rounds()
        let log = Task { try await sequencer.run() }
        let loop = Task { try await Finishing(issuing: issuing, logger: logger, pause: rounds.pause).run() }
        await rounds.ended()

        let before = try asked()
        await rounds.next()
        let young = (try await waiting(), try asked())
        later.withLock { $0 = 180 }
        await rounds.next()
        let away = (try await waiting(), try asked())
        try authority.answer("good")
        await rounds.next()
        let back = try await waiting()
        await rounds.next()
        let idle = try asked()
        loop.cancel()
        log.cancel()
        try await loop.value
        try? await log.value  // cancelled by the test

        #expect(young == (1, before), "a request may still be at work")
        #expect(away.0 == 1 && away.1 > before, "a refusal does not end the loop")
        #expect(back == 0)
        #expect(try idle == away.1 + 1 && asked() == idle, "what is finished is not asked for again")
        #expect(try lab.daemon.sql("SELECT count(*) FROM certificate WHERE state = 'issued'") == [["2"]])
    }

    @Test("a start with an authority that is away goes on, and what waits is not lost")
    func awayAtStart() throws {
        let (authority, lab, _, _) = try reserved()
        _ = lab.daemon.stop()

        try lab.daemon.start(["--config", authority.directory + "/gemd.toml"])

        #expect(try lab.daemon.sql("SELECT count(*) FROM certificate WHERE state = 'reserved'") == [["1"]])
        #expect(try lab.daemon.request("GET", "/v1/health/ready").status == 200)
    }

    @Test(
        "settings that cannot be are refused at start",
        arguments: [
            ("https://127.0.0.1/", "tsa.pem", "https adds nothing"), ("ftp://a/", "tsa.pem", "is not http"),
            ("http://127.0.0.1:99999/", "tsa.pem", "is not http"),
            ("http://127.0.0.1/", "missing.pem", "cannot be read"),
            ("http://127.0.0.1/", "plain.pem", "not made for time stamps alone"),
            ("http://127.0.0.1/", "ca.pem", "not made for time stamps alone"),
            ("http://127.0.0.1/", "data", "no certificate"), ("", "tsa.pem", "no timestamp.url"),
        ])
    func settings(url: String, certificate: String, words: String) throws {
        let authority = try Authority()
        let daemon = try TestDaemon()
        _ = daemon.stop()
        let path = authority.directory + "/gemd.toml"
        let text = "[timestamp]\nurl = \"\(url)\"\ncertificate = \"\(authority.directory)/\(certificate)\"\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))

        let run = try TestDaemon.run(
            TestDaemon.gemd,
            ["serve", "--state", daemon.state, "--socket", daemon.socket, "--config", path])

        #expect(run.status == 78 && run.error.contains("timestamp.") && run.error.contains(words), "\(run.error)")
    }
}
