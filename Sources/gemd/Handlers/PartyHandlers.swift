import Foundation
import GemInventory
import GemModel
import HTTPTypes

enum PartyHandlers {
    static let staff: Permission = .roles([.admin, .registrar])

    /// What a client says of a party.
    private struct PartyForm: Codable {
        var kind: Party.Kind
        var name: Line
        var nameUr: Line?
        var code: String?
    }

    @Sendable static func add(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        _ = try call.query([])
        let json = try await call.json()
        let form = try PartyForm(json: json)
        if let code = form.code, !isCode(code) { throw Page.invalid("code", code, "2 to 12 of A–Z 0–9") }
        guard !form.name.text.isEmpty else { throw Page.invalid("name", "", "the party's name") }
        return .kept(
            try await daemon.inventory.add(
                kind: form.kind, name: form.name.text, nameUr: form.nameUr?.text, code: form.code,
                by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)
            ) { party in
                Answer(
                    status: 201, location: "/v1/parties/\(party.id)", etag: "\"\(party.version)\"",
                    body: party.json.text)
            })
    }

    static func isCode(_ code: String) -> Bool {
        (2...12).contains(code.utf8.count)
            && code.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["limit", "after"])
        let limit = try Page.limit(query)
        let parties = try await daemon.inventory.parties(after: query["after"] ?? "", limit: limit + 1)
        return .json(
            .object([
                "items": .array(parties.prefix(limit).map(\.json)),
                "next": parties.count > limit ? .string(parties[limit - 1].id) : .null,
            ]))
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let party = try await daemon.inventory.party(call.parameter("party")) else { throw Problem.notFound }
        return .json(party.json).with(.eTag, "\"\(party.version)\"")
    }

    @Sendable static func change(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Patch: Codable {
            var name: Line?
            var nameUr: Line?
        }
        let version = try call.ifMatch()
        let json = try await call.json(types: ["application/merge-patch+json", "application/json"])
        let patch = try Patch(json: json)
        guard let party = try await daemon.inventory.party(call.parameter("party")) else { throw Problem.notFound }
        let changed = try await daemon.inventory.changeParty(
            party.id, ifVersion: version, name: patch.name?.text,
            nameUr: json["nameUr"].map { _ in patch.nameUr?.text },
            by: call.caller.actor)
        return .json(changed.json).with(.eTag, "\"\(changed.version)\"")
    }

    // MARK: - Members and tokens

    @Sendable static func addMember(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var name: Line
            var uid: Int?
            var roles: [Role]
            var forwarder: Bool?
        }
        let json = try await call.json()
        let form = try Form(json: json)
        if let uid = form.uid, !(0..<Int(UInt32.max)).contains(uid) {
            throw Page.invalid("uid", String(uid), "a user id of this machine")
        }
        guard let party = try await daemon.inventory.party(call.parameter("party")) else { throw Problem.notFound }
        let roles = Set(form.roles)
        guard !(roles.contains(.admin) && roles.count > 1) else {
            throw Problem(
                .invalidValue, "an administrator has no other role", hint: "make a second member for the other work",
                field: "roles")
        }
        if roles.contains(.admin) || roles.contains(.auditor), !call.caller.has(.admin) {
            throw Problem(.notAllowed, "only an administrator makes administrators and auditors", hint: "ask one")
        }
        let staffRoles: Set<Role> = [.registrar, .auditor, .admin]
        guard party.kind == .council || roles.isDisjoint(with: staffRoles) else {
            throw Problem(
                .invalidValue, "registrar, auditor and admin belong to the council",
                hint: "add the member to the council's party",
                field: "roles")
        }
        let answer = try await daemon.inventory.addMember(
            to: party.id, name: form.name.text, uid: form.uid.map { UInt32($0) }, roles: roles,
            isForwarder: form.forwarder ?? false, by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
        ) { member in
            Answer(status: 201, location: "/v1/members/\(member.id)", body: member.json.text)
        }
        daemon.access.forget()
        return .kept(answer)
    }

    @Sendable static func members(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let party = try await daemon.inventory.party(call.parameter("party")) else { throw Problem.notFound }
        return .json(
            .object(["items": .array(try await daemon.inventory.members(of: party.id).map(\.json)), "next": .null]))
    }

    private static let longestDays = 90

    @Sendable static func makeToken(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var expiresDays: Int?
        }
        let form = try Form(json: try await call.json())
        let days = form.expiresDays ?? longestDays
        guard (1...longestDays).contains(days) else {
            throw Page.invalid("expiresDays", String(days), "1 to \(longestDays)")
        }
        guard let member = try await daemon.inventory.member(call.parameter("member")) else { throw Problem.notFound }
        if !member.roles.isDisjoint(with: [.admin, .auditor]), !call.caller.has(.admin) {
            throw Problem(
                .notAllowed, "only an administrator makes a token for an administrator or auditor", hint: "ask one")
        }
        let expires = Timestamp(microseconds: daemon.inventory.time.microseconds + Int64(days) * 86_400_000_000)
        let token = try await daemon.inventory.makeToken(for: member, expires: expires, by: call.caller.actor)
        return .json(
            .object([
                "id": .string(token.id), "secret": .string(token.secret), "expiresAt": .string(expires.description),
            ]), status: .created
        ).with(.cacheControl, "no-store")
    }

    @Sendable static func tokens(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let member = try await daemon.inventory.member(call.parameter("member")) else { throw Problem.notFound }
        return .json(.object(["items": .array(try await daemon.inventory.tokens(of: member)), "next": .null]))
    }

    @Sendable static func revokeToken(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await daemon.inventory.revokeToken(call.parameter("token"), in: .all, by: call.caller.actor)
        daemon.access.forget()
        return .noContent
    }
}
