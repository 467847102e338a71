import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

/// Conflict cases: two parties, one report number (docs/protocol.md, "Conflict cases").
enum CaseHandlers {
    /// The council sees both sides; a dealer that its own piece is in one.
    static let readers: Permission = .roles([.registrar, .auditor, .dealer])
    static let deciders: Permission = .roles([.registrar])

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["state", "after", "limit"])
        let limit = try Page.limit(query)
        let state = try query["state"].map { text in
            guard let state = CaseState(rawValue: text) else { throw Page.invalid("state", text, "open or closed") }
            return state
        }
        let after = try Page.number(query["after"])
        let scope = call.caller.reach.scope
        try await daemon.noteReading(of: "cases?" + (call.request.uri.query ?? ""), by: call.caller)
        let cases = try await daemon.inventory.cases(state, after: after, limit: limit + 1, in: scope)
        return .json(
            .object([
                "items": .array(cases.prefix(limit).map { $0.json(for: scope) }),
                "next": cases.count > limit ? .string(String(cases[limit - 1].number)) : .null,
            ]))
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let scope = call.caller.reach.scope
        guard let found = try await daemon.inventory.conflictCase(call.caseNumber(), in: scope) else {
            throw Problem.notFound
        }
        try await daemon.noteReading(of: "case/\(found.number)", by: call.caller)
        return .json(found.json(for: scope))
    }

    @Sendable static func close(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var outcome: CaseOutcome
            var note: Prose?
        }
        let number = try call.caseNumber()
        let json = try await call.json()
        let form = try Form(json: json)
        guard form.outcome != .settled else {
            let choices = CaseOutcome.allCases.filter { $0 != .settled }.map(\.rawValue).joined(separator: ", ")
            throw Page.invalid("outcome", form.outcome.rawValue, choices)
        }
        return .kept(
            try await daemon.inventory.closeCase(
                number, outcome: form.outcome, note: form.note?.text, by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)
            ) { Answer(status: 200, body: $0.json(for: .all).text) })
    }
}

extension Call {
    fileprivate func caseNumber() throws -> Int64 {
        // What is no number names no case.
        guard let number = Int64(parameter("case")), number > 0 else { throw Problem.notFound }
        return number
    }
}
