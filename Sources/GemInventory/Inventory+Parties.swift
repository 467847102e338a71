import GemCrypto
package import GemModel

/// A party as it is shown and stored.
package struct PartyRecord: Hashable, Sendable {
    package var id: String
    package var code: String
    package var kind: Party.Kind
    package var name: String
    /// What else is said of it, `nameUr` among it; nothing that is sealed.
    package var details: JSON
    /// The numbers for the registrar and the party itself; ``PersonalData`` opens it.
    package var sealed: [UInt8]?
    package var version: Int64
    package var created: Timestamp

    package var nameUr: String? { details["nameUr"]?.string }

    /// Without what is sealed.
    package var json: JSON { json(opening: nil) }

    /// With the numbers of identity cards, for those who may see them.
    package func json(opening personal: PersonalData?) -> JSON {
        // A box that does not open is another key's; then the numbers are not shown.
        let secret = sealed.flatMap { box in try? personal?.open(box, of: id)?.members } ?? []
        return .object(
            [.init("id", .string(id)), .init("kind", .string(kind.rawValue)), .init("name", .string(name))]
                + (details.members ?? []) + secret + [
                    .init("code", .string(code)), .init("version", .integer(Int(version))),
                    .init("createdAt", .string(created.description)),
                ])
    }

    /// The party as a client would write it.
    func document(opening personal: PersonalData?) -> JSON {
        let system: Set<String> = ["id", "version", "createdAt"]
        return .object((json(opening: personal).members ?? []).filter { !system.contains($0.name) })
    }
}

/// A person or program of a party.
package struct MemberRecord: Hashable, Sendable {
    package var id: String
    package var party: String
    package var name: String
    package var uid: UInt32?
    package var roles: Set<Role>
    /// A login shared by many: its peer uid says nothing, every request needs a token.
    package var isForwarder: Bool
    /// The OpenSSH public key that the person approves with; whether it counts is said by the enrolments.
    package var approvalKey: String?

    package var json: JSON {
        .object([
            "id": .string(id), "party": .string(party), "name": .string(name), "uid": uid.map { .integer(Int($0)) },
            "roles": .array(roles.map(\.rawValue).sorted().map(JSON.string)), "forwarder": isForwarder ? true : nil,
            "approvalKey": approvalKey.map(JSON.string),
        ])
    }
}

extension Inventory {
    static let partyColumns: SQL = "id, code, kind, name, doc, version, created, sealed"

    static func party(_ row: Row) -> PartyRecord {
        PartyRecord(
            id: row.text(0), code: row.text(1), kind: Party.Kind(rawValue: row.text(2)) ?? .dealer, name: row.text(3),
            // Written by us; a damaged document is only not shown.
            details: (try? JSON(parsing: row.text(4))) ?? .object([]), sealed: row.optionalBlob(7), version: row.int(5),
            created: Timestamp(microseconds: row.int(6)))
    }

    /// Adds a party. Its code is made from the name when absent.
    package func add(
        kind: Party.Kind, name: String, nameUr: String?, code: String?, by actor: Actor?
    ) async throws -> PartyRecord {
        let document = JSON.object([
            "kind": .string(kind.rawValue), "name": .string(name), "nameUr": nameUr.map(JSON.string),
            "code": code.map(JSON.string),
        ])
        let draft = try PartyDraft(document: document, id: newID(), personal: nil)
        return try await database.write { try insert(draft, by: actor, tx: $0) }
    }

    /// The same for a request that may be repeated.
    /// - Throws: `.duplicate` when the code or the identity card is another party's.
    package func add(
        _ document: JSON, personal: PersonalData?, by actor: Actor, key: IdempotencyKey?,
        answer: @escaping @Sendable (PartyRecord) -> Answer
    ) async throws -> Answer {
        let draft = try PartyDraft(document: document, id: newID(), personal: personal)
        return try await database.write { tx in
            try once(key, in: actor.party, tx: tx) { answer(try insert(draft, by: actor, tx: tx)) }
        }
    }

    private func insert(_ draft: PartyDraft, by actor: Actor?, tx: any Transaction) throws -> PartyRecord {
        let time = now()
        let (id, name, kind) = (draft.id, draft.party.name.text, draft.party.kind)
        if let hash = draft.cnicHash, let other = try tx.row("SELECT code FROM party WHERE cnic_hash = \(hash)") {
            throw InventoryError.duplicate(field: "cnic", value: other.text(0))
        }
        let code = try draft.party.code?.text ?? freeCode(for: name, tx: tx)
        let added = try tx.rows(
            """
            INSERT INTO party (id, code, kind, name, doc, version, created, updated, sealed, cnic_hash, phone)
            VALUES (\(id), \(code), \(kind.rawValue), \(name), \(draft.details.text), 1, \(time.microseconds),
                \(time.microseconds), \(draft.sealed), \(draft.cnicHash), \(draft.party.phone?.text))
            ON CONFLICT (code) DO NOTHING RETURNING version
            """)
        guard !added.isEmpty else { throw InventoryError.duplicate(field: "code", value: code) }
        try record(
            "party-added", of: id, in: id, by: actor ?? Actor(party: id, member: "gemd"), at: time,
            ["code": .string(code), "name": .string(name)], tx: tx)
        return PartyRecord(
            id: id, code: code, kind: kind, name: name, details: draft.details, sealed: draft.sealed, version: 1,
            created: time)
    }

    /// The capitals and digits of the name, up to 8, with a number behind if taken.
    private func freeCode(for name: String, tx: any Transaction) throws -> String {
        let letters = name.uppercased().unicodeScalars.filter { ("A"..."Z").contains($0) || ("0"..."9").contains($0) }
        var stem = String(String.UnicodeScalarView(letters.prefix(8)))
        if stem.utf8.count < 2 { stem = "DEALER" }
        for number in 1..<10_000 {
            let code = number == 1 ? stem : "\(stem)\(number)"
            if try tx.row("SELECT 1 FROM party WHERE code = \(code)") == nil { return code }
        }
        throw InventoryError.duplicate(field: "code", value: stem)
    }

    package func party(_ idOrCode: String) async throws -> PartyRecord? {
        try await database.lookUp { tx in
            try tx.row("SELECT \(Self.partyColumns) FROM party WHERE id = \(idOrCode) OR code = \(idOrCode)").map(
                Self.party)
        }
    }

    package func parties(after: String, limit: Int) async throws -> [PartyRecord] {
        try await database.read { tx in
            try tx.rows("SELECT \(Self.partyColumns) FROM party WHERE id > \(after) ORDER BY id LIMIT \(limit)").map(
                Self.party)
        }
    }

    /// Changes a party by a merge patch (RFC 7396) of the version the caller saw; kind and code stay.
    package func changeParty(
        _ id: String, ifVersion: Int64, patch: JSON, personal: PersonalData?, by actor: Actor
    ) async throws -> PartyRecord {
        for fixed in ["id", "kind", "code", "version", "createdAt"] where patch[fixed] != nil {
            throw InvalidInput(
                "\"\(fixed)\" cannot be changed", hint: "leave it out", field: fixed, kind: .unknownMember)
        }
        return try await database.write { tx in
            guard let party = try tx.row("SELECT \(Self.partyColumns) FROM party WHERE id = \(id)").map(Self.party)
            else {
                throw InventoryError.notFound
            }
            guard party.version == ifVersion else { throw InventoryError.stale(current: party.version) }
            return try change(party, by: patch, personal: personal, actor: actor, tx: tx)
        }
    }

    func change(
        _ party: PartyRecord, by patch: JSON, personal: PersonalData?, actor: Actor, tx: any Transaction
    ) throws -> PartyRecord {
        // What cannot be opened must not be written over.
        if party.sealed != nil, personal == nil { throw InventoryError.noPersonalKey }
        let draft = try PartyDraft(
            document: party.document(opening: personal).merging(patch), id: party.id, personal: personal)
        if let hash = draft.cnicHash,
            let other = try tx.row("SELECT code FROM party WHERE cnic_hash = \(hash) AND id <> \(party.id)")
        {
            throw InventoryError.duplicate(field: "cnic", value: other.text(0))
        }
        let time = now()
        var party = party
        (party.name, party.details, party.sealed) = (draft.party.name.text, draft.details, draft.sealed)
        party.version += 1
        try tx.run(
            """
            UPDATE party SET name = \(party.name), doc = \(party.details.text), version = \(party.version),
                updated = \(time.microseconds), sealed = \(party.sealed), cnic_hash = \(draft.cnicHash),
                phone = \(draft.party.phone?.text)
            WHERE id = \(party.id)
            """)
        try record(
            "party-changed", of: party.id, in: party.id, by: actor, at: time, ["name": .string(party.name)], tx: tx)
        return party
    }

    // MARK: - Members

    private static let memberColumns: SQL = "id, party_id, name, uid, roles, forwarder, approval_key"

    private static func member(_ row: Row) -> MemberRecord {
        MemberRecord(
            id: row.text(0), party: row.text(1), name: row.text(2), uid: row.optionalInt(3).map(UInt32.init),
            roles: Set(row.text(4).split(separator: ",").compactMap { Role(rawValue: String($0)) }),
            isForwarder: row.int(5) != 0, approvalKey: row.optionalText(6))
    }

    package func addMember(
        to party: String, name: String, uid: UInt32?, roles: Set<Role>, isForwarder: Bool, by actor: Actor?
    ) async throws -> MemberRecord {
        let member = MemberRecord(
            id: newID(), party: party, name: name, uid: uid, roles: roles, isForwarder: isForwarder)
        try await database.write { try insert(member, by: actor, tx: $0) }
        return member
    }

    /// The same for a request that may be repeated.
    package func addMember(
        to party: String, name: String, uid: UInt32?, roles: Set<Role>, isForwarder: Bool, approvalKey: String? = nil,
        by actor: Actor, key: IdempotencyKey?, answer: @escaping @Sendable (MemberRecord) -> Answer
    ) async throws -> Answer {
        let member = MemberRecord(
            id: newID(), party: party, name: name, uid: uid, roles: roles, isForwarder: isForwarder,
            approvalKey: approvalKey)
        return try await database.write { tx in
            try once(key, in: actor.party, tx: tx) {
                try insert(member, by: actor, tx: tx)
                return answer(member)
            }
        }
    }

    private func insert(_ member: MemberRecord, by actor: Actor?, tx: any Transaction) throws {
        let time = now()
        guard try tx.row("SELECT 1 FROM party WHERE id = \(member.party)") != nil else { throw InventoryError.notFound }
        let roles = member.roles.map(\.rawValue).sorted()
        if let key = member.approvalKey,
            try tx.row("SELECT 1 FROM member WHERE approval_key = \(key) AND revoked IS NULL") != nil
        {
            throw InventoryError.duplicate(field: "approvalKey", value: String(key.suffix(12)))
        }
        let added = try tx.rows(
            """
            INSERT INTO member (party_id, id, name, uid, roles, forwarder, created, approval_key)
            VALUES (\(member.party), \(member.id), \(member.name), \(member.uid.map { Int64($0) }),
                \(roles.joined(separator: ",")), \(member.isForwarder ? 1 : 0), \(time.microseconds),
                \(member.approvalKey))
            ON CONFLICT DO NOTHING RETURNING id
            """)
        guard !added.isEmpty else {
            throw InventoryError.duplicate(field: "uid", value: member.uid.map { String($0) } ?? "")
        }
        try record(
            "member-added", of: member.id, in: member.party, by: actor ?? Actor(party: member.party, member: "gemd"),
            at: time, ["name": .string(member.name), "roles": .array(roles.map(JSON.string))], tx: tx)
    }

    package func members(of party: String) async throws -> [MemberRecord] {
        try await database.read { try members(of: party, tx: $0) }
    }

    func members(of party: String, tx: any Transaction) throws -> [MemberRecord] {
        try tx.rows(
            "SELECT \(Self.memberColumns) FROM member WHERE party_id = \(party) AND revoked IS NULL ORDER BY id"
        ).map(Self.member)
    }

    /// Ends a membership and all its tokens; what the person did keeps the name.
    package func removeMember(_ id: String, by actor: Actor) async throws {
        try await database.write { tx in
            let time = now()
            guard
                let row = try tx.row(
                    """
                    UPDATE member SET revoked = \(time.microseconds) WHERE id = \(id) AND revoked IS NULL
                    RETURNING party_id, name
                    """)
            else { throw InventoryError.notFound }
            try tx.run(
                """
                UPDATE token SET revoked = \(time.microseconds)
                WHERE party_id = \(row.text(0)) AND member_id = \(id) AND revoked IS NULL
                """)
            try record(
                "member-removed", of: id, in: row.text(0), by: actor, at: time, ["name": .string(row.text(1))], tx: tx)
        }
    }

    /// Puts on record that a member's key was enrolled, or its enrolment ended, by whoever holds the issuing key.
    package func noteEnrolment(
        of id: String, isRetirement: Bool, role: String, fingerprint: String
    ) async throws {
        try await database.write { tx in
            guard let row = try tx.row("SELECT party_id FROM member WHERE id = \(id)") else {
                throw InventoryError.notFound
            }
            try record(
                isRetirement ? "key-retired" : "key-enrolled", of: id, in: row.text(0),
                by: Actor(party: row.text(0), member: "gemd"), at: now(),
                ["role": .string(role), "key": .string(fingerprint)], tx: tx)
        }
    }

    /// The leaves of a serial: of an issuer's code those of its enrolments and retirements.
    package func leaves(ofSerial serial: String) async throws -> [[UInt8]] {
        try await database.read { tx in
            try tx.rows("SELECT leaf FROM log_entry WHERE serial = \(serial)").map { $0.blob(0) }
        }
    }

    /// That the keys that sign were made anew at a ceremony.
    package func noteKeys(
        of party: String, _ fingerprints: [(name: String, sha256: String)], usedUntil: String,
        takingBackTheOld stolen: Bool
    ) async throws {
        try await database.write { tx in
            let members =
                [JSON.Member("usedUntil", .string(usedUntil))] + fingerprints.map { .init($0.name, .string($0.sha256)) }
            try record(
                "keys-renewed", of: party, in: party, by: Actor(party: party, member: "gemd"), at: now(),
                ["keys": .object(members), "stolen": stolen ? true : nil], tx: tx)
        }
    }

    /// Whether the log holds an entry, by its leaf.
    package func isLogged(leaf: [UInt8]) async throws -> Bool {
        try await database.lookUp { try $0.row("SELECT 1 FROM log_entry WHERE leaf = \(leaf)") != nil }
    }

    package func member(_ id: String) async throws -> MemberRecord? {
        try await database.lookUp { tx in
            try tx.row("SELECT \(Self.memberColumns) FROM member WHERE id = \(id) AND revoked IS NULL").map(Self.member)
        }
    }

    package func member(uid: UInt32) async throws -> MemberRecord? {
        try await database.lookUp { tx in
            try tx.row("SELECT \(Self.memberColumns) FROM member WHERE uid = \(Int64(uid)) AND revoked IS NULL").map(
                Self.member)
        }
    }

    // MARK: - Tokens

    /// A fresh 256-bit bearer token; only its hash is kept, so it can be shown once.
    package func makeToken(
        for member: MemberRecord, expires: Timestamp, by actor: Actor
    ) async throws -> (id: String, secret: String) {
        let id = newID()
        let secret = "gemd_" + Hex.encode(random(32))
        let time = now()
        try await database.write { tx in
            try tx.run(
                """
                INSERT INTO token (party_id, member_id, id, hash, created, expires)
                VALUES (\(member.party), \(member.id), \(id), \(SHA256.hash(Array(secret.utf8))), \(time.microseconds),
                    \(expires.microseconds))
                """)
            try record(
                "token-made", of: id, in: member.party, by: actor, at: time,
                ["member": .string(member.id), "expiresAt": .string(expires.description)], tx: tx)
        }
        return (id, secret)
    }

    /// The member a token speaks for, and when it ends; nil for unknown and revoked ones.
    package func member(token secret: String) async throws -> (member: MemberRecord, expires: Timestamp)? {
        let hash = SHA256.hash(Array(secret.utf8))
        return try await database.lookUp { tx in
            guard
                let token = try tx.row(
                    "SELECT party_id, member_id, expires FROM token WHERE hash = \(hash) AND revoked IS NULL"),
                let member = try tx.row(
                    """
                    SELECT \(Self.memberColumns) FROM member
                    WHERE party_id = \(token.text(0)) AND id = \(token.text(1)) AND revoked IS NULL
                    """
                ).map(Self.member)
            else { return nil }
            return (member, Timestamp(microseconds: token.int(2)))
        }
    }

    package func tokens(of member: MemberRecord) async throws -> [JSON] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT id, created, expires, revoked FROM token
                WHERE party_id = \(member.party) AND member_id = \(member.id) ORDER BY id
                """
            ).map { row in
                .object([
                    "id": .string(row.text(0)), "createdAt": .string(Timestamp(microseconds: row.int(1)).description),
                    "expiresAt": .string(Timestamp(microseconds: row.int(2)).description),
                    "revokedAt": row.optionalInt(3).map { .string(Timestamp(microseconds: $0).description) },
                ])
            }
        }
    }

    package func revokeToken(_ id: String, in scope: Scope, by actor: Actor) async throws {
        let time = now()
        try await database.write { tx in
            guard
                let row = try tx.row(
                    """
                    UPDATE token SET revoked = \(time.microseconds)
                    WHERE id = \(id) AND \(scope, "party_id") AND revoked IS NULL RETURNING party_id
                    """)
            else { throw InventoryError.notFound }
            try record("token-revoked", of: id, in: row.text(0), by: actor, at: time, tx: tx)
        }
    }
}
