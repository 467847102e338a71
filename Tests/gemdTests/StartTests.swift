import Foundation
import GemModel
import Testing

@Suite("Starting and stopping")
struct StartTests {
    @Test("a fresh daemon says who it is")
    func about() throws {
        let daemon = try TestDaemon()

        let answer = try daemon.request("GET", "/v1")

        #expect(answer.status == 200)
        #expect(answer.json["name"]?.string == "gemd")
        #expect(answer.json["api"]?.string == "1")
    }

    @Test("a revocation list that is a week old is signed anew at start, and stock openssl takes it")
    func revocationList() throws {
        let daemon = try TestDaemon()
        let path = daemon.state + "/pki/issuing.crl"
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        _ = daemon.stop()
        let old = Date(timeIntervalSinceNow: -8 * 86_400)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)

        try daemon.start()

        let after = try Data(contentsOf: URL(fileURLWithPath: path))
        let check = try TestDaemon.run(
            "/usr/bin/openssl",
            ["crl", "-inform", "DER", "-in", path, "-CAfile", daemon.state + "/pki/issuing.pem", "-noout"])
        #expect(after != before)
        #expect(check.error.contains("verify OK"), "\(check.error)")
    }

    private static let cores = ProcessInfo.processInfo.activeProcessorCount

    @Test(
        "threads share no more heaps than cores: each that is made keeps what it gave back",
        .enabled(if: cores <= 4, "with more cores gemd has hardly more threads than may have a heap each"))
    func heaps() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")

        // Threads of sockets, the writer, photographs, the log and papers.
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        _ = try daemon.photograph(piece, token: dealer.token)
        let number = try daemon.declare(piece, token: dealer.token).number
        let paper = try daemon.visit("/c/\(number).pdf")

        let pid = daemon.process.processIdentifier
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").count
        let heaps = try Self.heaps(ofProcess: pid)
        #expect(paper.status == 200)
        #expect(threads > Self.cores + 2)
        // One more is the program's own.
        #expect(heaps + 1 <= Self.cores, "\(heaps) and the program's own for \(threads) threads")
    }

    /// How many heaps glibc made for threads besides the program's own: each is 64 MB of addresses, on a multiple of
    /// that, of which the first part may be used.
    private static func heaps(ofProcess pid: Int32) throws -> Int {
        let size: UInt64 = 64 << 20
        let maps = try String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8).split(separator: "\n")
            .map { line -> (start: UInt64, end: UInt64, access: Substring, isFile: Bool) in
                let fields = line.split(separator: " ")
                let range = fields[0].split(separator: "-").map { UInt64($0, radix: 16) ?? 0 }
                return (range[0], range[1], fields[1], fields.count > 5)
            }
        return zip(maps, maps.dropFirst()).count { used, rest in
            used.start % size == 0 && used.access == "rw-p" && !used.isFile && rest.start == used.end
                && rest.access == "---p" && !rest.isFile && rest.end == used.start + size
        }
    }
}
