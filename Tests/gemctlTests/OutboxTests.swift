import GemModel
import Glibc
import NIOConcurrencyHelpers
import Testing

@testable import gemctl

@Suite struct OutboxTests {
    private let folder = temporaryDirectory()
    private var settings: [String: String] { ["GEMD_OUTBOX": folder + "/out"] }

    /// A link that is not there yet: the socket's path is free.
    private func offline() -> String { temporaryDirectory() + "/gemd.sock" }

    @Test("without a link a piece and its photograph are kept, then sent once, in order, under their keys")
    func keptAndSent() async throws {
        let photo = folder + "/r17.jpg"
        try Array("not really a jpeg".utf8).write(path: photo)
        let seen = NIOLockedValueBox<[(line: String, key: String, body: [UInt8])]>([])
        let server = StubServer { peer, _ in
            while let (line, headers, body) = peer.request() {
                seen.withLockedValue { $0.append((line, headers["idempotency-key"] ?? "", body)) }
                peer.answer("201 Created", #"{"id":"x","stockNumber":"R-17","sha256":"00"}"#)
            }
        }
        // The same address, with nobody there: the socket is moved away and back.
        let away = server.path + ".away"
        #expect(rename(server.path, away) == 0)

        let kept = await gemctl(
            "--outbox", "piece", "add", "--stock", "R-17", "--species", "beryl", "--photo", photo, socket: server.path,
            settings: settings)
        #expect(kept.outcome == .partly)
        #expect(
            kept.err.contains("kept in the outbox as 1: add ") && kept.err.contains("kept in the outbox as 2: photo"))
        #expect(rename(away, server.path) == 0)
        let sent = await gemctl("outbox", "send", socket: server.path, settings: settings)
        #expect(sent.outcome == .ok && sent.out == "2 sent, 0 refused\n", "\(sent.err)")
        let again = await gemctl("outbox", "send", socket: server.path, settings: settings)
        #expect(again.out == "0 sent, 0 refused\n")

        let requests = seen.withLockedValue { $0 }
        #expect(requests.count == 2)
        let id = try #require(JSON(parsing: requests[0].body)["id"]?.string)
        #expect(UUIDv7(id) != nil)
        #expect(requests[1].line.hasPrefix("POST /v1/pieces/\(id)/images?role=face_up"))
        #expect(requests[1].body == Array("not really a jpeg".utf8))
        #expect(Set(requests.map(\.key)).count == 2 && requests.allSatisfy { !$0.key.isEmpty })
    }

    @Test("what is sent again after a lost answer bears the same key")
    func sameKey() async {
        let keys = NIOLockedValueBox<[String]>([])
        let isDeaf = NIOLockedValueBox(true)
        let server = StubServer { peer, _ in
            while let (_, headers, _) = peer.request() {
                keys.withLockedValue { $0.append(headers["idempotency-key"] ?? "") }
                if isDeaf.withLockedValue({ $0 }) { return }  // done, perhaps, but the answer is lost
                peer.answer("201 Created", #"{"id":"x"}"#)
            }
        }

        let kept = await gemctl(
            "--outbox", "piece", "hold", "R-17", "--until", "2099-01-01", socket: server.path, settings: settings)
        isDeaf.withLockedValue { $0 = false }
        let sent = await gemctl("outbox", "send", socket: server.path, settings: settings)

        #expect(kept.outcome == .partly && sent.outcome == .ok, "\(kept.err)\(sent.err)")
        #expect(Set(keys.withLockedValue { $0 }).count == 1)
    }

    @Test("what the daemon refuses is kept aside with its reason, and the rest is sent")
    func refused() async {
        let path = offline()
        for stock in ["R-17", "R-18"] {
            _ = await gemctl(
                "--outbox", "piece", "hold", stock, "--until", "2099-01-01", socket: path, settings: settings)
        }
        let server = StubServer { peer, _ in
            while let (line, _, _) = peer.request() {
                if line.contains("R-17") {
                    peer.answer(
                        "409 Conflict", type: "application/problem+json",
                        #"{"type":"urn:gemd:promised","title":"R-17: it is on hold"}"#)
                } else {
                    peer.answer("201 Created", "{}")
                }
            }
        }
        #expect(symlink(server.path, path) == 0)

        let sent = await gemctl("outbox", "send", socket: path, settings: settings)
        let list = await gemctl("outbox", "list", "-o", "jsonl", settings: settings)

        #expect(sent.outcome == .partly && sent.out == "1 sent, 1 refused\n", "\(sent.err)")
        #expect(list.out.contains(#""state":"refused""#) && list.out.contains("R-17: it is on hold"))
        #expect(await gemctl("outbox", "drop", "1", settings: settings).outcome == .ok)
        #expect(await gemctl("outbox", "list", settings: settings).out == "nothing found\n")
    }

    @Test("the next command that finds a link sends what waits before itself")
    func inOrder() async {
        let path = offline()
        _ = await gemctl("--outbox", "piece", "hold", "R-17", "--until", "2099-01-01", socket: path, settings: settings)
        let lines = NIOLockedValueBox<[String]>([])
        let server = StubServer { peer, _ in
            while let (line, _, _) = peer.request() {
                lines.withLockedValue { $0.append(line) }
                peer.answer("201 Created", "{}")
            }
        }
        #expect(symlink(server.path, path) == 0)

        let run = await gemctl("--outbox", "piece", "release", "R-17", socket: path, settings: settings)

        #expect(run.outcome == .ok, "\(run.err)")
        #expect(lines.withLockedValue { $0.map { $0.contains("unhold") } } == [false, true])
    }

    @Test("a socket here is an error unless the outbox is asked for; a far host is kept by itself")
    func onlyForFarHosts() async {
        let here = await gemctl("piece", "hold", "R-17", "--until", "2099-01-01", socket: offline(), settings: settings)
        let far = await gemctl(
            "--host", "ssh://nobody@gems.invalid", "piece", "hold", "R-17", "--until", "2099-01-01",
            settings: settings.merging(["GEMD_SSH": "false"]) { $1 })

        #expect(here.outcome == .unreachable)
        #expect(far.outcome == .partly, "\(far.err)")
    }
}

extension [UInt8] {
    fileprivate func write(path: String) throws {
        let file = fopen(path, "w")
        defer { fclose(file) }
        #expect(fwrite(self, 1, count, file) == count)
    }
}
