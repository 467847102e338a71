import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// What docs/certificate.md promises a buyer of a report who has nothing but the `openssl` command; and years later.
@Suite("stock openssl: time stamps")
struct StockTimestampTests {
    private let report: Report
    private let folder: URL

    init() throws {
        let now = CivilTime(Date()).date
        let council = try Council(
            founded: now.addingTimeInterval(-3600), issued: now.addingTimeInterval(-120))
        report = try Report(Laboratory(council), issued: now.addingTimeInterval(-120))
        folder = FileManager.default.temporaryDirectory.appending(path: "gemd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in council.ceremony.publicFiles { try write(file.name, file.bytes) }
        try write("certificate.json", report.json)
        try write("certificate.json.p7s", report.signature)
        try write("token.der", try #require(DetachedSignature(report.signature).timestamp))
        try write("value", try DetachedSignature(report.signature).signature)
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    private func run(_ program: String, _ arguments: String) throws -> (status: Int32, output: String) {
        try Program.run(program, arguments.split(separator: " ").map(String.init), in: folder)
    }

    private func openssl(_ arguments: String) throws -> (status: Int32, output: String) {
        try run("/usr/bin/openssl", arguments)
    }

    private static let cms =
        "cms -verify -binary -cades -inform DER -in certificate.json.p7s -content certificate.json -out /dev/null"
    private static let ts = "ts -verify -token_in -in token.der -data value"

    @Test("accepts signature and token with the documented commands, and refuses others")
    func accepts() throws {
        defer { try? FileManager.default.removeItem(at: folder) }

        let signature = try openssl("\(Self.cms) -CAfile root.pem")
        let withLists = try openssl("\(Self.cms) -CAfile root-and-crls.pem -crl_check_all")
        let token = try openssl("\(Self.ts) -CAfile root.pem")
        try write("value", SHA256.hash([1]))
        let other = try openssl("\(Self.ts) -CAfile root.pem")
        try write("foreign.pem", Council.usual.ceremony.file("root.pem"))
        let foreign = try openssl("\(Self.ts) -CAfile foreign.pem")
        try write("certificate.json", report.json + [0x0A])
        let changed = try openssl("\(Self.cms) -CAfile root.pem")

        #expect(signature.status == 0, "\(signature.output)")
        #expect(withLists.status == 0, "\(withLists.output)")
        #expect(token.status == 0, "\(token.output)")
        #expect(other.status != 0)
        #expect(foreign.status != 0)
        #expect(changed.status != 0)
    }

    @Test("what the token says is what the contract says")
    func text() throws {
        defer { try? FileManager.default.removeItem(at: folder) }

        let text = try openssl("ts -reply -token_in -in token.der -text").output

        #expect(text.contains("Policy OID: \(TimestampAuthority.policy)"), "\(text)")
        #expect(text.contains("Hash Algorithm: sha256"))
        #expect(text.contains("Accuracy: 0x01 seconds"))
        #expect(text.contains("Ordering: no"))
        #expect(text.contains("Nonce: unspecified"))
    }

    @Test("the buyer's script prints the time, and refuses a signature whose stamp is not its own")
    func script() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/check_timestamp.sh").standardizedFileURL.path

        let good = try run("/bin/sh", "\(script) certificate.json.p7s root.pem")
        try write("declaration.p7s", Council.usual.signature)
        let none = try run("/bin/sh", "\(script) declaration.p7s root.pem")
        var node = DERNode(report.signature)
        node[1, 0, 4, 0, 5].value = DERNode(node[1, 0, 4, 0, 5].value).mirroredS.bytes
        try write("mirrored.p7s", node.bytes)
        let mirrored = try run("/bin/sh", "\(script) mirrored.p7s root.pem")

        #expect(good.status == 0 && good.output.contains("Verification: OK"), "\(good.output)")
        #expect(good.output.contains("Time stamp: "))
        #expect(none.status == 1 && none.output.contains("there is no time stamp"), "\(none.output)")
        #expect(mirrored.status != 0, "\(mirrored.output)")
    }

    @Test("an answer by the openssl command's own authority is read by our codec")
    func reply() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let ceremony = report.lab.council.ceremony
        try write("tsa.key", ceremony.file("tsa.key"))
        try write("serial", Array("07\n".utf8))
        try write(
            "tsa.cnf",
            Array(
                """
                [tsa]
                default_tsa = t
                [t]
                serial = serial
                signer_cert = tsa.pem
                certs = issuing.pem
                signer_key = tsa.key
                signer_digest = sha512
                default_policy = 1.2.3.4
                digests = sha256
                ess_cert_id_alg = sha512

                """.utf8))
        let unstamped = try ceremony.issuer().sign(
            StatementLinter.Linted(report.json), approvedBy: report.lab.ring, owner: "SWATGEMS")
        let request = TimestampRequest(imprint: unstamped.imprint)
        try write("q.tsq", request.bytes)

        let made = try openssl("ts -reply -config tsa.cnf -queryfile q.tsq -out a.tsr")

        #expect(made.status == 0, "\(made.output)")
        let answer = Array(try Data(contentsOf: folder.appending(path: "a.tsr")))
        let signature = try unstamped.stamped(
            with: request.token(in: answer), pinned: ceremony.file("tsa.pem"), now: Date())
        #expect(
            try ceremony.verifier().verify(.init(json: report.json, signature: signature), now: Date())
                .outcome
                == .genuine)
    }

    @Test(
        "with the clock moved by sixty days, fourteen months and twelve years stock openssl still accepts both",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/faketime"), "faketime is missing"),
        arguments: [60, 425, 4383])
    func later(days: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }

        let signature = try run(
            "/usr/bin/faketime", "-f +\(days)d openssl \(Self.cms) -CAfile root.pem")
        let token = try run("/usr/bin/faketime", "-f +\(days)d openssl \(Self.ts) -CAfile root.pem")
        // That the clock is really moved: the day's lists are out of date by then.
        let stale = try run(
            "/usr/bin/faketime",
            "-f +\(days)d openssl \(Self.cms) -CAfile root-and-crls.pem -crl_check_all")

        #expect(signature.status == 0, "\(signature.output)")
        #expect(token.status == 0, "\(token.output)")
        #expect(stale.output.contains("CRL has expired"), "\(stale.output)")
        let now = Date().addingTimeInterval(Double(days) * 86_400)
        #expect(try report.verify(now: now).outcome == .genuine)
        #expect(try report.lab.council.verify(now: now).outcome == .genuine)
    }
}
