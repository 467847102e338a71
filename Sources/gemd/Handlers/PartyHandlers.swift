import Foundation
import GemCert
import GemInventory
import GemModel
import HTTPTypes

enum PartyHandlers {
    static let staff: Permission = .roles([.admin, .registrar])

    @Sendable static func add(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        _ = try call.query([])
        let json = try await call.json()
        return .kept(
            try await daemon.inventory.add(
                json, personal: daemon.personal, by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { party in
                Answer(
                    status: 201, location: "/v1/parties/\(party.id)", etag: "\"\(party.version)\"",
                    // Answers are kept for repeated requests: never with the number of a card.
                    body: party.json.text)
            })
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

    /// Staff read every party, everybody else their own.
    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let party = try await daemon.inventory.party(call.parameter("party")),
            call.caller.hasAny([.admin, .registrar]) || party.id == call.caller.party
        else { throw Problem.notFound }
        return daemon.show(party, to: call.caller)
    }

    @Sendable static func change(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let version = try call.ifMatch()
        let json = try await call.json(types: ["application/merge-patch+json", "application/json"])
        guard json.members != nil else {
            throw Problem(.badJSON, "a patch is a JSON object", hint: "send the members to change, null to remove one")
        }
        guard let party = try await daemon.inventory.party(call.parameter("party")) else { throw Problem.notFound }
        let changed = try await daemon.inventory.changeParty(
            party.id, ifVersion: version, patch: json, personal: daemon.personal, by: call.caller.actor)
        return daemon.show(changed, to: call.caller)
    }

    // MARK: - Members and tokens

    @Sendable static func addMember(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var name: Line
            var uid: Int?
            var roles: [Role]
            var forwarder: Bool?
            /// An OpenSSH public key: what examiners and approvers sign with.
            var approvalKey: String?
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
        let approvalKey = try form.approvalKey.map { line in
            guard !roles.isDisjoint(with: [.examiner, .approver]) else {
                throw Problem(
                    .invalidValue, "only examiners and approvers have a key", hint: "leave it out", field: "approvalKey"
                )
            }
            do { return try Enrolments.key(line).description } catch let words as Enrolments.Words {
                throw Problem(
                    .invalidValue, "\(words)", hint: "send the line of the .pub file", field: "approvalKey")
            }
        }
        let answer = try await daemon.inventory.addMember(
            to: party.id, name: form.name.text, uid: form.uid.map { UInt32($0) }, roles: roles,
            isForwarder: form.forwarder ?? false, approvalKey: approvalKey, by: call.caller.actor,
            key: call.idempotencyKey(body: json.bytes)
        ) { member in
            Answer(status: 201, location: "/v1/members/\(member.id)", body: member.json.text)
        }
        daemon.access.forget()
        if approvalKey != nil, let id = try JSON(parsing: answer.body)["id"]?.string {
            try await daemon.enrol(id, of: party, for: call.caller)
        }
        return .kept(answer)
    }

    @Sendable static func removeMember(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let member = try await daemon.inventory.member(call.parameter("member")) else { throw Problem.notFound }
        guard member.id != daemon.access.administrator.id else {
            throw Problem(
                .state, "the administrator that init made cannot be removed", hint: "it stands for the machine's root")
        }
        if !member.roles.isDisjoint(with: [.admin, .auditor]), !call.caller.has(.admin) {
            throw Problem(.notAllowed, "only an administrator removes administrators and auditors", hint: "ask one")
        }
        try await daemon.inventory.removeMember(member.id, by: call.caller.actor)
        daemon.access.forget()
        try await daemon.retire(member, for: call.caller)
        return .noContent
    }

    @Sendable static func members(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let party = try await daemon.inventory.party(call.parameter("party")) else { throw Problem.notFound }
        let enrolled = Set(
            daemon.issuing.enrolments.all.filter { $0.retiredAt == nil }.map { "\($0.member) \($0.key)" })
        let items = try await daemon.inventory.members(of: party.id).map { member in
            guard let key = member.approvalKey else { return member.json }
            let state = enrolled.contains("\(member.id) \(key)") ? "enrolled" : "pending"
            return member.json.setting("enrolment", to: .string(state))
        }
        return .json(.object(["items": .array(items), "next": .null]))
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

extension Daemon {
    /// Whether this process may use the issuing key for a caller: the key lies here without a passphrase, and it is
    /// this machine's administrator who asks, by the socket. Whoever can do that could read the key as well.
    private func mayEnrol(_ caller: Caller) -> Bool {
        caller.via == .peer && caller.member?.id == access.administrator.id && issuing.enrolments.keyIsPlain
    }

    private var moment: Date { Date(timeIntervalSince1970: Double(inventory.time.microseconds / 1000) / 1000) }

    /// Enrols a new member's key at once where that may be; else it waits for `gemd enrol`.
    fileprivate func enrol(_ id: String, of party: PartyRecord, for caller: Caller) async throws {
        guard mayEnrol(caller), let member = try await inventory.member(id) else { return }
        do {
            for each in try issuing.enrolments.enrol(member, party: party.code, at: moment, passphrase: nil) {
                try await inventory.noteEnrolment(
                    of: id, isRetirement: false, role: each.role.rawValue, fingerprint: each.key.fingerprint)
            }
        } catch let words as Enrolments.Words {
            throw Problem(
                .state, "the member was added, but the key was not enrolled: \(words)",
                hint: "remove the member and add it with another key")
        }
        try await issuing.sequencer?.settleEnrolments()
    }

    fileprivate func retire(_ member: MemberRecord, for caller: Caller) async throws {
        guard mayEnrol(caller) else { return }
        for each in try issuing.enrolments.retire(member.id, at: moment, passphrase: nil) {
            try await inventory.noteEnrolment(
                of: member.id, isRetirement: true, role: each.role.rawValue, fingerprint: each.key.fingerprint)
        }
        try await issuing.sequencer?.settleEnrolments()
    }

    /// With the numbers of identity cards for the council's registrar and the party's own members alone.
    fileprivate func show(_ party: PartyRecord, to caller: Caller) -> Reply {
        let mayOpen = caller.has(.registrar) || party.id == caller.party && !caller.has(.admin)
        return Reply.json(party.json(opening: mayOpen ? personal : nil)).with(.eTag, "\"\(party.version)\"")
            .with(.cacheControl, "no-store")
    }
}
