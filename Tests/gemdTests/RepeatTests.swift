import GemModel
import Testing

@Suite("Repeated requests")
struct RepeatTests {
    @Test("a party, a member and an export asked for twice under one key are made once")
    func staff() throws {
        let daemon = try TestDaemon()
        let dealer = try daemon.dealer("Khyber Gems", code: "KHYBER")
        let lot = try daemon.request("POST", "/v1/lots", .object(["name": "Dubai"]), token: dealer.token)
        let id = try #require(lot.json["id"]?.string)
        let requests: [(path: String, body: JSON, token: String?)] = [
            ("/v1/parties", .object(["kind": "dealer", "name": "Same name"]), nil),
            ("/v1/parties/\(dealer.party)/members", .object(["name": "Nadia", "roles": ["dealer"]]), nil),
            ("/v1/lots/\(id)/exports", .object(["market": "google"]), dealer.token),
        ]

        for (number, request) in requests.enumerated() {
            let headers = ["Idempotency-Key": "key-\(number)"]
            let first = try daemon.request("POST", request.path, request.body, headers: headers, token: request.token)
            let second = try daemon.request("POST", request.path, request.body, headers: headers, token: request.token)

            #expect(first.status == 201, "\(first.text)")
            #expect(second.status == 201)
            #expect(second.text == first.text)
            #expect(second.headers["location"] == first.headers["location"])
        }
        let parties = try daemon.request("GET", "/v1/parties")
        #expect(parties.json["items"]?.elements?.count { $0["name"] == "Same name" } == 1)
    }
}
