import Foundation
import GemCert
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

/// Requests at laboratories: from the dealer's asking to the approver's signature (docs/protocol.md, "Laboratories").
enum DraftHandlers {
    static let readers: Permission = .roles([.dealer, .examiner, .approver])
    static let laboratory: Permission = .roles([.examiner, .approver])

    static func request(
        _ daemon: Daemon, _ call: Call, _ certificateClass: CertificateClass, _ lab: Line?, _ approver: String?,
        _ reissue: Reissue?, compares: JSON?, key: IdempotencyKey?
    ) async throws -> Answer {
        guard let lab else {
            throw Problem(.invalidValue, "the laboratory is missing", hint: "name it by code or id", field: "lab")
        }
        guard let party = try await daemon.inventory.party(lab.text) else {
            throw Problem(.invalidValue, "there is no party \(lab.text)", hint: "name it by code or id", field: "lab")
        }
        guard party.kind == .council || party.kind == .lab && certificateClass == .examination else {
            throw Problem(
                .invalidValue,
                certificateClass == .check ? "only the council checks" : "\(party.code) is no laboratory",
                hint: certificateClass == .check ? "name the council" : "name a party of kind lab or council",
                field: "lab")
        }
        if let approver {
            guard let member = try await daemon.inventory.member(approver), member.party == party.id,
                member.roles.contains(.approver)
            else {
                throw Problem(
                    .invalidValue, "\(approver.prefix(40)) is no approver of \(party.code)",
                    hint: "leave it out, or name one by id", field: "approver")
            }
        }
        let document = JSON.object([
            "compares": compares, "approver": approver.map(JSON.string),
            "supersedes": reissue.map { .string($0.number) }, "reason": reissue.map { .string($0.reason.rawValue) },
        ])
        let viewer = call.caller.member
        return try await daemon.inventory.requestDraft(
            certificateClass, of: call.pieceName(), at: party.id, document: document, reissue: reissue,
            in: call.caller.party, by: call.caller.actor, key: key
        ) { draft in
            Answer(
                status: 201, location: "/v1/certificates/\(draft.id)",
                body: draft.json(for: viewer, roles: [.dealer]).text)
        }
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let draft = try await daemon.draft(call)
        return .json(draft.json(for: call.caller.member, roles: call.caller.member?.roles ?? []))
            .with(.cacheControl, "no-store")
    }

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["limit", "after", "state"])
        let limit = try Page.limit(query)
        var state: DraftState?
        if let text = query["state"] {
            guard let known = DraftState(rawValue: text) else {
                throw Page.invalid("state", text, DraftState.allCases.map(\.rawValue).joined(separator: ", "))
            }
            state = known
        }
        let drafts = try await daemon.inventory.drafts(
            of: call.caller.party, atLab: call.caller.hasAny([.examiner, .approver]), state: state,
            after: query["after"] ?? "", limit: limit + 1)
        let roles = call.caller.member?.roles ?? []
        return .json(
            .object([
                "items": .array(drafts.prefix(limit).map { $0.json(for: call.caller.member, roles: roles) }),
                "next": drafts.count > limit ? .string(drafts[limit - 1].id) : .null,
            ])
        ).with(.cacheControl, "no-store")
    }

    @Sendable static func examine(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let draft = try await daemon.draft(call)
        let json = try await call.json()
        guard let member = call.caller.member else { throw Access.unknown }
        guard let piece = try await daemon.inventory.piece(.id(draft.piece), in: .party(draft.party))?.piece else {
            throw Problem.notFound
        }
        let examining = daemon.examining
        let findings = try examining.examination(json, of: draft, kind: piece.kind)
        return .kept(
            try await daemon.inventory.examine(
                draft.id, as: member, findings: findings, key: call.idempotencyKey(body: json.bytes),
                fix: { try examining.fix($0, $1) }
            ) { Answer(status: 201, body: $0.json(for: member, roles: member.roles).text) })
    }

    @Sendable static func claim(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let draft = try await daemon.draft(call)
        struct Form: Codable {}
        let json = try await call.jsonOrNothing()
        _ = try Form(json: json)
        guard let member = call.caller.member else { throw Access.unknown }
        let examining = daemon.examining
        return .kept(
            try await daemon.inventory.claim(
                draft.id, as: member, key: call.idempotencyKey(body: json.bytes), fix: { try examining.fix($0, $1) }
            ) { Answer(status: 200, body: $0.json(for: member, roles: member.roles).text) })
    }

    @Sendable static func approve(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable { var approval: String }
        let draft = try await daemon.draft(call)
        let json = try await call.json()
        let form = try Form(json: json)
        guard let member = call.caller.member else { throw Access.unknown }
        return .kept(
            try await daemon.examining.approve(
                draft, signature: form.approval, by: member, key: call.idempotencyKey(body: json.bytes)
            ) { Answer(status: 200, body: $0.json(for: member, roles: member.roles).text) })
    }

    @Sendable static func cancel(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable { var reason: Prose? }
        let draft = try await daemon.draft(call)
        let json = try await call.jsonOrNothing()
        let form = try Form(json: json)
        let (member, roles) = (call.caller.member, call.caller.member?.roles ?? [])
        return .kept(
            try await daemon.inventory.cancelDraft(
                draft.id, reason: form.reason?.text, by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { Answer(status: 200, body: $0.json(for: member, roles: roles).text) })
    }
}

extension Daemon {
    /// The request a path names, for its dealer and the people of its laboratory; to everybody else it is not there.
    func draft(_ call: Call) async throws -> DraftRecord {
        guard let id = UUIDv7(call.parameter("number")), let member = call.caller.member,
            let draft = try await inventory.draft(id.description)
        else { throw Problem.notFound }
        let isDealers = draft.party == member.party && member.roles.contains(.dealer)
        let isLabs = draft.lab == member.party && !member.roles.isDisjoint(with: [.examiner, .approver])
        guard isDealers || isLabs else { throw Problem.notFound }
        return draft
    }
}

extension DraftRecord {
    /// As its dealer, or one of the laboratory's people, may see it.
    ///
    /// Nobody who may still examine learns what another found, or whether anybody has: an examiner sees the others'
    /// findings after handing in his own, the rest of the laboratory when all are in. The dealer sees none, and the
    /// laboratory not whose the piece is.
    func json(for viewer: MemberRecord?, roles: Set<Role>) -> JSON {
        let isLab = viewer?.party == lab && !roles.isDisjoint(with: [.examiner, .approver])
        let hasExamined = examiners.contains { $0.member == viewer?.id }
        let maySee = isLab && (state.isUnblinded || hasExamined)
        // Also whether two differ is for those who are through.
        let shown: DraftState = state == .differ && !maySee ? .open : state
        return .object([
            "id": .string(id), "class": .string(certificateClass.rawValue), "state": .string(shown.rawValue),
            "lab": .string(lab), "piece": .string(piece), "createdAt": .string(created.description),
            "compares": document["compares"], "supersedes": isLab ? nil : document["supersedes"],
            "number": state == .issued ? number.map(JSON.string) : nil,
            "draft": isLab && state.isUnblinded ? statement.flatMap { try? JSON(parsing: $0) } : nil,  // ours
            "sha256": isLab && state.isUnblinded ? sha256.map(JSON.string) : nil,
            "examiners": maySee
                ? .array(
                    examiners.map {
                        .object([
                            "member": .string($0.member), "name": .string($0.name), "examination": $0.examination,
                            "examinedAt": $0.examined.map { .string($0.description) },
                        ])
                    }) : nil,
            "approver": isLab && state.isUnblinded
                ? approver.map { .object(["member": .string($0.member), "name": .string($0.name)]) } : nil,
            "approvals": isLab && state.isUnblinded
                ? .array(
                    people.compactMap { person in
                        person.approved.map {
                            .object([
                                "member": .string(person.member), "role": .string(person.role),
                                "key": person.key.map(JSON.string), "approvedAt": .string($0.description),
                            ])
                        }
                    }) : nil,
        ])
    }
}
