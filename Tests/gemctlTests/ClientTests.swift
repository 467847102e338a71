import GemModel
import Glibc
import NIOConcurrencyHelpers
import Testing

@testable import gemctl

@Suite struct ClientTests {
    // MARK: Reaching the daemon

    @Test("a socket nobody listens on exits 9 and names the path and the group")
    func refused() async {
        let path: String
        do {
            let server = StubServer { _, _ in }
            path = server.path + "2"
            // Bound and closed: the file stays, nobody answers.
            _ = Listening.bindAndLeave(path)
        }

        let run = await gemctl("whoami", socket: path)

        #expect(run.outcome == .unreachable)
        #expect(run.err.contains("gemctl: error: gemd is not running: nobody answers at \(path)\n"))
        #expect(run.err.contains("gemctl: hint: start it with `systemctl start gemd`; its users are in the group "))
        #expect(run.out.isEmpty)
        unlink(path)
    }

    @Test("a socket that is not there exits 9")
    func absent() async {
        let run = await gemctl("status", "-o", "json", socket: "/nonexistent/gemd.sock")

        #expect(run.outcome == .unreachable)
        #expect(run.err.contains(#""type":"urn:gemctl:unreachable""#))
        #expect(run.err.contains("/nonexistent/gemd.sock"))
    }

    @Test("a socket one may not open names its group")
    func forbidden() {
        let failure = Endpoint.failure(path: "/tmp", errno: EACCES)

        #expect(failure.outcome == .unreachable)
        #expect(failure.title.contains("you may not use the socket /tmp (group "))
        #expect(failure.hint?.contains("adduser") == true)
    }

    // MARK: One request

    @Test("token and language go in headers; the answer's bytes come out as they are")
    func headers() async {
        let seen = NIOLockedValueBox<[String: String]>([:])
        let body = #"{"member" : {"name":"ali"},"party":{"code":"ALI"},"roles":["dealer"],"via":"token"}"#
        let server = StubServer { peer, _ in
            seen.withLockedValue { $0 = peer.head()?.headers ?? [:] }
            peer.answer(body)
        }

        let run = await gemctl(
            "--lang", "ur", "whoami", "--json", socket: server.path, settings: ["GEMD_TOKEN": "gemd_abc"])

        #expect(run.out == body + "\n")
        #expect(seen.withLockedValue { $0["authorization"] } == "Bearer gemd_abc")
        #expect(seen.withLockedValue { $0["accept-language"] } == "ur")
    }

    @Test("a problem of the daemon sets words and exit code")
    func problem() async {
        let problem = #"{"type":"urn:gemd:stale","status":412,"title":"somebody changed R-17","hint":"read it again"}"#
        let server = StubServer { peer, _ in
            while peer.request() != nil {
                peer.answer("412 Precondition Failed", type: "application/problem+json", problem)
            }
        }

        let people = await gemctl("piece", "edit", "R-17", "--title", "x", "--if-match", "3", socket: server.path)
        let program = await gemctl(
            "piece", "edit", "R-17", "--title", "x", "--if-match", "3", "-o", "json", socket: server.path)

        #expect(people.outcome == .conflict)
        #expect(people.err == "gemctl: error: somebody changed R-17\ngemctl: hint: read it again\n")
        #expect(program.err == problem + "\n")
    }

    @Test("an edit sends the version it read")
    func edit() async {
        let match = NIOLockedValueBox<String?>(nil)
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.answer(#"{"version":7}"#, headers: "ETag: \"7\"\r\n")
            match.withLockedValue { $0 = peer.request()?.headers["if-match"] }
            peer.answer(#"{"stockNumber":"R-17","version":8}"#)
        }

        let run = await gemctl("piece", "edit", "R-17", "--location", "safe/3", socket: server.path)

        #expect(match.withLockedValue { $0 } == "\"7\"")
        #expect(run.out == "changed R-17, now version 8\n")
    }

    @Test("a lost connection is tried once more with the same key, and that is said")
    func retry() async {
        let keys = NIOLockedValueBox<[String]>([])
        let bodies = NIOLockedValueBox<[[UInt8]]>([])
        let server = StubServer { peer, number in
            guard let request = peer.request() else { return }
            keys.withLockedValue { $0.append(request.headers["idempotency-key"] ?? "") }
            bodies.withLockedValue { $0.append(request.body) }
            if number == 0 { return }
            peer.answer("201 Created", #"{"id":"1","stockNumber":"R-17"}"#)
        }

        let run = await gemctl("piece", "add", "--species", "beryl", "--weight", "1.58ct", socket: server.path)

        let sent = keys.withLockedValue { $0 }
        #expect(run.outcome == .ok)
        #expect(run.out == "added R-17\n")
        #expect(run.err == "gemctl: note: the connection was lost; asking once more (nothing is done twice)\n")
        #expect(sent.count == 2 && sent[0] == sent[1] && Reference.isUUID(sent[0]))
        #expect(bodies.withLockedValue { $0[0] == $0[1] && !$0[0].isEmpty })
    }

    @Test("a first asking that still runs is waited for")
    func inFlight() async {
        let server = StubServer { peer, number in
            var asked = 0
            while peer.request() != nil {
                if number == 0 { return }
                asked += 1
                if asked == 1 {
                    peer.answer(
                        "409 Conflict", type: "application/problem+json",
                        #"{"type":"urn:gemd:in-flight","title":"still running"}"#)
                } else {
                    peer.answer("201 Created", #"{"number":"X-26D-000001-AAAAA"}"#)
                }
            }
        }

        let run = await gemctl("certify", "R-17", "-q", "--json", socket: server.path)

        #expect(run.outcome == .ok)
        #expect(run.out == #"{"number":"X-26D-000001-AAAAA"}"# + "\n")
    }

    @Test("--quiet prints the number alone")
    func quietNumber() async {
        let server = StubServer { peer, _ in
            while peer.request() != nil { peer.answer("201 Created", #"{"number":"X-26D-000001-AAAAA"}"#) }
        }

        let run = await gemctl("certify", "R-17", "-q", socket: server.path)

        #expect(run.outcome == .ok)
        #expect(run.out == "X-26D-000001-AAAAA\n")
    }

    @Test("lost twice is an error that says what to do")
    func lostTwice() async {
        let server = StubServer { peer, _ in _ = peer.request() }

        let run = await gemctl("whoami", socket: server.path)

        #expect(run.outcome == .failed)
        #expect(run.err.contains("gemctl: error: gemd closed the connection before its answer was complete\n"))
        #expect(run.err.contains("gemctl: hint: "))
    }

    @Test("silence ends after the timeout")
    func silence() async {
        let server = StubServer { peer, _ in
            _ = peer.request()
            _ = peer.head()
        }

        let run = await gemctl("whoami", "--timeout", "1", socket: server.path)

        #expect(run.outcome == .failed)
        #expect(run.err.contains("gemd has been silent for 1 seconds"))
    }

    @Test("a refusal that comes before the whole body was sent is shown")
    func earlyRefusal() async throws {
        let directory = temporaryDirectory()
        let file = directory + "/big.jpg"
        try write([UInt8](repeating: 7, count: 20 << 20), to: file)
        let server = StubServer { peer, _ in
            _ = peer.head()
            peer.answer(
                "413 Content Too Large", type: "application/problem+json",
                #"{"type":"urn:gemd:too-large","title":"the image is too large"}"#,
                headers: "Connection: close\r\n")
        }

        let run = await gemctl("image", "add", "R-17", file, socket: server.path)

        #expect(run.outcome == .failed)
        #expect(run.err == "gemctl: error: the image is too large\n")
        unlink(file)
        rmdir(directory)
    }

    // MARK: Downloads

    @Test("a download is streamed into a file that appears when it is whole")
    func download() async throws {
        let directory = temporaryDirectory()
        let piece = String(repeating: "x", count: 100_000)
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.beginChunked(type: "image/jpeg")
            for _ in 0..<50 { peer.chunk(piece) }
            peer.send("0\r\n\r\n")
        }

        let run = await gemctl("image", "get", "abc", "-O", directory + "/a.jpg", socket: server.path)

        #expect(run.out == "\(directory)/a.jpg: 5000000 bytes\n")
        #expect(try FileReader.bytes(of: directory + "/a.jpg", limit: 1 << 24).count == 5_000_000)
        unlink(directory + "/a.jpg")
        rmdir(directory)
    }

    @Test("a download that breaks off leaves no file")
    func brokenDownload() async {
        let directory = temporaryDirectory()
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")
        }

        let run = await gemctl("feed", "get", "abc", "-O", directory + "/feed.xml", socket: server.path)

        #expect(run.outcome == .failed)
        #expect(rmdir(directory) == 0)
    }

    // MARK: Lists and verdicts

    @Test("pages are followed by their cursor and joined")
    func pages() async throws {
        let server = StubServer { peer, _ in
            while let request = peer.request() {
                let second = request.line.contains("after=c%2B1")
                peer.answer(
                    second ? #"{"items":[{"stockNumber":"B"}]}"# : #"{"items":[{"stockNumber":"A"}],"next":"c+1"}"#)
            }
        }

        let table = await gemctl("piece", "list", "--all", socket: server.path)
        let json = await gemctl("piece", "list", "--all", "-o", "json", socket: server.path)
        let lines = await gemctl("piece", "list", "--all", "-o", "jsonl", socket: server.path)
        let csv = await gemctl("piece", "list", "--all", "-o", "csv", socket: server.path)

        #expect(table.out.split(separator: "\n").map { $0.split(separator: " ")[0] } == ["STOCK", "A", "B", "2"])
        #expect(json.out == #"{"items":[{"stockNumber":"A"},{"stockNumber":"B"}]}"# + "\n")
        #expect(lines.out == "{\"stockNumber\":\"A\"}\n{\"stockNumber\":\"B\"}\n")
        #expect(
            csv.out
                == "stock,kind,species,weight,shape,size mm,price,status,place,title\r\nA,,,,,,,,,\r\nB,,,,,,,,,\r\n")
    }

    @Test(
        "verify sends what lies beside the file, shows each step, and exits by the verdict",
        arguments: [
            ("genuine", Outcome.ok, "GENUINE"), ("notGenuine", .notGenuine, "NOT GENUINE"),
            ("cancelled", .cancelled, "CANCELLED"),
            ("cannotTell", .cannotTell, "CANNOT TELL"),
        ])
    func verify(verdict: String, outcome: Outcome, word: String) async throws {
        let directory = temporaryDirectory()
        let file = directory + "/N.json"
        try write(Array("{}".utf8), to: file)
        try write(Array("sig".utf8), to: file + ".p7s")
        let body = NIOLockedValueBox("")
        let server = StubServer { peer, _ in
            guard let request = peer.request() else { return }
            body.withLockedValue { $0 = String(decoding: request.body, as: UTF8.self) }
            peer.answer(
                #"{"verdict":"\#(verdict)","headline":"A dealer's word","steps":[{"name":"form","result":"met"},{"name":"signature","result":"failed","reason":"does not match"},{"name":"log","result":"notChecked"}]}"#
            )
        }

        let run = await gemctl("verify", file, socket: server.path)

        #expect(run.outcome == outcome)
        #expect(
            run.out
                == "\(word)  \(file)\nA dealer's word\n  ✓ form\n  ✗ signature  does not match\n  – log        not checked\n"
        )
        #expect(
            body.withLockedValue {
                $0.contains("name=\"json\"") && $0.contains("name=\"p7s\"") && !$0.contains("name=\"proof\"")
            })
        unlink(file)
        unlink(file + ".p7s")
        rmdir(directory)
    }

    @Test("held pieces exit 10 and say what is missing")
    func readiness() async {
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.answer(
                #"{"lot":"l","markets":[{"market":"google","pieces":[{"piece":"1","stockNumber":"R-17","ready":false,"findings":[{"field":"title","severity":"blocker","message":"a title is missing","hint":"write one"}]},{"piece":"2","ready":true,"findings":[]}],"ready":1,"held":1}]}"#
            )
        }

        let run = await gemctl(
            "lot", "readiness", "01999999-0000-7000-8000-000000000001", "--market", "google", socket: server.path)

        #expect(run.outcome == .partly)
        #expect(run.out == "R-17\n  blocker  title: a title is missing; write one\n1 held, 1 ready for google\n")
    }

    @Test("a secret is printed once, alone on standard output")
    func token() async {
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.answer("201 Created", #"{"id":"t1","secret":"gemd_s3cret","expiresAt":"2027-01-01T00:00:00.000Z"}"#)
        }

        let run = await gemctl("token", "create", "m1", socket: server.path)

        #expect(run.out == "gemd_s3cret\n")
        #expect(run.err.contains("only now"))
    }

    /// What comes after a backup's body, and what gemctl says to it.
    static let endings: [(digest: String, ends: Bool, words: String)] = [
        ("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", true, "SHA-256 ba7816bf"),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", true, "has not the digest"),
        ("", true, "has not the digest"), ("", false, "before its answer was complete"),
    ]

    @Test("a backup appears only when it is whole and has the daemon's digest", arguments: endings)
    func backup(digest: String, ends: Bool, words: String) async {
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.beginChunked(type: "application/x-tar")
            peer.chunk("abc")
            if ends { peer.send("0\r\n" + (digest.isEmpty ? "" : "Repr-Digest: sha-256=:\(digest):\r\n") + "\r\n") }
        }
        let file = server.directory + "/backup.tar"

        let run = await gemctl("backup", "--to", file, socket: server.path)

        let isThere = access(file, F_OK) == 0
        #expect((run.out + run.err).contains(words), "\(run.out)\(run.err)")
        #expect(isThere == (run.outcome == .ok) && isThere == words.hasPrefix("SHA"))
        #expect(access(file + ".part", F_OK) != 0)
        unlink(file)
    }

    @Test("a check's findings go to standard output and make it fail; empty lines before the answer are passed over")
    func check() async {
        let server = StubServer { peer, _ in
            _ = peer.request()
            peer.answer(
                "\n\n" + #"{"sound":false,"findings":["blob 3f is missing"],"notes":["n"],"counts":{"pieces":2}}"#)
        }

        let run = await gemctl("check", socket: server.path)

        #expect(run.outcome == .failed && run.out == "blob 3f is missing\n")
        #expect(run.err == "gemctl: note: n\n")
    }

    @Test("a token file that others may read is warned of")
    func tokenFile() async throws {
        let directory = temporaryDirectory()
        try write(Array("gemd_x\n".utf8), to: directory + "/token")
        let seen = NIOLockedValueBox<String?>(nil)
        let server = StubServer { peer, _ in
            seen.withLockedValue { $0 = peer.head()?.headers["authorization"] }
            peer.answer("{}")
        }

        chmod(directory + "/token", 0o644)
        let open = await gemctl("whoami", "--token-file", directory + "/token", socket: server.path)
        chmod(directory + "/token", 0o600)
        let closed = await gemctl("whoami", "--token-file", directory + "/token", socket: server.path)

        #expect(open.err.contains("others may read"))
        #expect(closed.err.isEmpty)
        #expect(seen.withLockedValue { $0 } == "Bearer gemd_x")
        unlink(directory + "/token")
        rmdir(directory)
    }
}

func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    fclose(file)
}

enum Listening {
    /// Leaves a socket file behind that nobody listens on.
    static func bindAndLeave(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        mkdir(path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }, 0o700)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            } == 0
        }
    }
}
