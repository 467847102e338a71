import Foundation
import GemModel
import Synchronization
import Testing

@testable import gemd

@Suite("Look-ups of numbers that were never issued")
struct LookUpTests {
    /// A clock that a test moves.
    private final class Clock: Sendable {
        private let time = Mutex(0.0)
        var seconds: Double { time.withLock { $0 } }
        func pass(_ seconds: Double) { time.withLock { $0 += seconds } }
    }

    private func isLetIn(_ lookUps: LookUps, _ address: String, _ number: String = "N") -> Bool {
        (try? lookUps.check(address, asksFor: number)) != nil
    }

    @Test("so many may miss at once, then one in two seconds; other addresses are not touched")
    func bucket() throws {
        let clock = Clock()
        let lookUps = LookUps { clock.seconds }
        for _ in 0..<30 {
            #expect(isLetIn(lookUps, "a"))
            lookUps.missed("a")
        }

        let refusal = #expect(throws: Problem.self) { try lookUps.check("a", asksFor: "N") }

        #expect(refusal?.code == .quota && refusal?.retryAfterSeconds == 2)
        #expect(isLetIn(lookUps, "b"))
        clock.pass(2)
        #expect(isLetIn(lookUps, "a"))
        lookUps.missed("a")
        #expect(!isLetIn(lookUps, "a"))
        clock.pass(3600)
        #expect(isLetIn(lookUps, "a"))
    }

    @Test("what exists is not counted, and what was found lately is answered to anybody")
    func known() {
        let clock = Clock()
        let lookUps = LookUps { clock.seconds }
        lookUps.found("KNOWN")
        for _ in 0..<30 { lookUps.missed("a") }

        #expect(!isLetIn(lookUps, "a", "OTHER"))
        #expect(isLetIn(lookUps, "a", "KNOWN"))
        clock.pass(10_000)
        for _ in 0..<2 { lookUps.found("MORE") }
        for _ in 0..<30 { lookUps.missed("a") }
        #expect(!isLetIn(lookUps, "a", "KNOWN"), "hours later it is asked for anew")
    }

    @Test("memory is bounded, and those beyond it share one bucket")
    func bounded() {
        let clock = Clock()
        let lookUps = LookUps { clock.seconds }
        for i in 0..<LookUps.mostAddresses { lookUps.missed("\(i)") }
        for i in 0..<40 { lookUps.missed("other \(i)") }
        for i in 0..<3 * LookUps.mostNumbers { lookUps.found("\(i)") }

        #expect(!isLetIn(lookUps, "another"))
        #expect(isLetIn(lookUps, "17"), "whoever is remembered has a bucket of its own")
        clock.pass(10)
        lookUps.missed("fresh")
        #expect(isLetIn(lookUps, "another"), "full buckets are forgotten")
    }

    @Test(
        "whom an address stands for",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "20010db800010002"), ("2001:db8:1:2::1", "20010db800010002"), ("x", "x"),
        ])
    func neighbourhood(address: String, counted: String) {
        #expect(Peer.neighbourhood(of: address) == counted)
    }

    /// Well-formed numbers that were never issued.
    private func strangers(_ count: Int) -> [String] {
        var made: [String] = []
        while made.count < count {
            let sequence = 900_000 + made.count
            guard
                let number = CertificateNumber(
                    issuer: "GGAPCP", year: 26, certificateClass: .declaration, sequence: sequence,
                    random: { _ in (0..<4).map { _ in UInt8.random(in: 0..<32) } })
            else { continue }
            made.append(number.description)
        }
        return made
    }

    @Test("a guesser is refused in plain words, on the page too; a certificate that is shown round is not")
    func overTheWire() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Dealer", code: "DEALER")
        let piece = try daemon.register(Samples.emerald(), token: dealer.token)["id"]!.string!
        let known = try daemon.declare(piece, token: dealer.token).number
        _ = try daemon.visit("/c/\(known)")
        let typo = String(known.dropLast()) + (known.hasSuffix("A") ? "B" : "A")

        let typos = try (0..<40).map { _ in try daemon.visit("/c/\(typo).json").status }
        let answers = try strangers(34).map { try daemon.visit("/c/\($0).json").status }
        let refused = try daemon.visit("/c/\(strangers(1)[0]).p7s")
        let page = try daemon.visit("/c/\(strangers(1)[0])?lang=ur")

        #expect(Set(typos) == [404], "a typing error is found without looking")
        #expect(answers.prefix(30).allSatisfy { $0 == 404 } && answers.last == 429, "\(answers)")
        #expect(refused.status == 429 && refused.problem == "quota" && refused.headers["retry-after"] != nil)
        #expect(refused.json["title"]?.string?.contains("never issued") == true)
        #expect(page.status == 429 && page.text.contains("ذرا انتظار کریں") && page.headers["retry-after"] != nil)
        #expect(try daemon.visit("/c/\(known)").status == 200)
        #expect(try daemon.visit("/c/\(known).json").status == 200)
        #expect(try daemon.request("GET", "/v1/certificates/\(strangers(1)[0])").status == 404, "not on the socket")
    }

    @Test("behind a proxy that is named, each of its visitors is counted alone; nobody else can say who they are")
    func proxied() throws {
        let directory = NSTemporaryDirectory() + "/gemd-proxy-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data("proxy = \"127.0.0.1\"\n".utf8).write(to: URL(fileURLWithPath: directory + "/gemd.toml"))
        let behind = try TestDaemon(arguments: ["--config", directory + "/gemd.toml"])
        let open = try TestDaemon()
        func ask(_ daemon: TestDaemon, as visitor: String) throws -> Int {
            try Wire(port: daemon.publicPort).request(
                "GET", "/c/\(strangers(1)[0]).json", bytes: nil, headers: ["X-Forwarded-For": visitor], token: nil
            ).status
        }

        let one = try (0..<40).map { _ in try ask(behind, as: "198.51.100.1, 203.0.113.9") }
        let spoofed = try ask(behind, as: "198.51.100.77, 203.0.113.9")
        let another = try ask(behind, as: "203.0.113.9, 198.51.100.1")
        let direct = try (0..<40).map { try ask(open, as: "198.51.100.\($0)") }

        #expect(one.last == 429 && spoofed == 429 && another == 404)
        #expect(direct.last == 429)
    }
}
