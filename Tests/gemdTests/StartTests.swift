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
}
