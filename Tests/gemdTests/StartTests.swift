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
}
