import Foundation
import GemModel
import Testing

/// A piece is promised once, whoever asks at the same moment, on every engine.
@Suite("A piece is promised once")
struct PromiseTests {
    private static let later: JSON = "2099-12-31"

    /// The ways to promise a piece, each with what the loser of the race is told of the winner.
    static let promises: [(verb: String, body: JSON)] = [
        ("hold", .object(["until": later, "for": "Dubai Gems"])),
        ("memo", .object(["to": "SARAFA", "due": later])),
        ("transfer", .object(["to": "SARAFA", "kind": "ownership"])),
        ("sell", .object(["to": "Dubai Gems"])),
    ]

    private func shop(on engine: DaemonEngine) throws -> (daemon: TestDaemon, token: String, piece: String) {
        let daemon = try engine.start()
        let dealer = try daemon.dealer("Namak Mandi Gems", code: "NAMAK")
        _ = try daemon.dealer("Sarafa Shop", code: "SARAFA")
        let piece = try daemon.register(Samples.emerald("R-17"), token: dealer.token)["id"]?.string
        return (daemon, dealer.token, try #require(piece))
    }

    /// Everything that would hold the piece: the promises in force, and what its history says of them.
    private func inForce(_ daemon: TestDaemon, _ piece: String, token: String) throws -> Int? {
        try daemon.request("GET", "/v1/movements?piece=\(piece)", token: token).json["items"]?.elements?.count
    }

    @Test("of 32 clients that promise one piece one wins, and 31 are told by whom", arguments: DaemonEngine.allCases)
    func together(engine: DaemonEngine) throws {
        let (daemon, token, piece) = try shop(on: engine)

        let answers = try daemon.together(32, "POST", token: token) { number in
            let body: JSON =
                number % 2 == 0
                ? .object(["to": .string("Shop \(number)"), "due": Self.later])
                : .object(["until": Self.later, "for": .string("Buyer \(number)")])
            return ("/v1/pieces/\(piece)/\(number % 2 == 0 ? "memo" : "hold")", body, nil)
        }

        #expect(answers.filter { $0.status == 201 }.count == 1)
        let lost = answers.filter { $0.status == 409 && $0.problem == "promised" }
        #expect(lost.filter { $0.text.contains("R-17: it is on") && $0.json["hint"] != nil }.count == 31)
        #expect(try inForce(daemon, piece, token: token) == 1)
    }

    @Test("holds, memos, transfers and sales that race leave one promise", arguments: DaemonEngine.allCases)
    func mixed(engine: DaemonEngine) throws {
        let (daemon, token, piece) = try shop(on: engine)

        let answers = try daemon.together(32, "POST", token: token) { number in
            let (verb, body) = Self.promises[number % Self.promises.count]
            return ("/v1/pieces/\(piece)/\(verb)", body, nil)
        }

        // A hold or memo for a buyer may be turned into the sale to that same buyer; nothing else follows a promise.
        let won = answers.enumerated().filter { $0.element.status == 201 }.map { $0.offset % Self.promises.count }
        #expect(won.count == 1 || won.count == 2 && Set(won).contains(3), "\(won)")
        #expect(answers.filter { $0.status != 201 }.allSatisfy { ["promised", "state"].contains($0.problem) })
        let open = try daemon.request("GET", "/v1/movements?open=true&piece=\(piece)", token: token)
        #expect((open.json["items"]?.elements?.count ?? 0) <= 1, "\(open.text)")
        _ = daemon.stop()
        let check = try daemon.check()
        #expect(check.status == 0, "\(check.output)\(check.error)")
    }

    @Test(
        "what is promised is promised to no other, in any order of verbs", arguments: DaemonEngine.allCases,
        [0, 1, 2, 3])
    func inTurn(engine: DaemonEngine, first: Int) throws {
        let (daemon, token, piece) = try shop(on: engine)
        let before = try daemon.request(
            "POST", "/v1/pieces/\(piece)/\(Self.promises[first].verb)", Self.promises[first].body, token: token)
        #expect(before.status == 201, "\(before.text)")

        for (verb, _) in Self.promises.dropLast() {
            let other: JSON =
                verb == "hold"
                ? .object(["until": Self.later, "for": "Karachi Gems"])
                : verb == "memo"
                    ? .object(["to": "Karachi Gems", "due": Self.later])
                    : .object(["to": "SARAFA", "kind": "custody"])
            let answer = try daemon.request("POST", "/v1/pieces/\(piece)/\(verb)", other, token: token)
            #expect(answer.status == 409, "\(verb): \(answer.text)")
        }
    }
}
