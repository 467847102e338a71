import GemCrypto
import GemModel

/// Many rows of a list of parties, settled together: one look-up for all cards, telephones and references, one insert
/// for many rows. A row a statement would cost ten times the rows themselves.
struct PartyBatch {
    let inventory: Inventory
    /// Who imports.
    let party: String
    let actor: Actor
    let personal: PersonalData?
    let tx: any Transaction

    func settle(_ rows: [ImportRow<PartyDraft>]) throws -> [Inventory.Settled] {
        let present = try Present(rows, in: party, tx: tx)
        var settled: [Inventory.Settled] = []
        var fresh: [(index: Int, draft: PartyDraft)] = []
        var references: [(String, String)] = []
        for (index, row) in rows.enumerated() {
            guard let draft = row.thing else {
                settled.append(.init(outcome: .unread))
                continue
            }
            if let existing = present.party(for: row, draft) {
                let result = try meet(existing, row, draft)
                if case .refused = result.outcome {
                } else if let reference = row.reference {
                    references.append((reference, existing.id))
                }
                settled.append(result)
            } else if let code = draft.party.code?.text, present.codes.contains(code) {
                settled.append(.init(outcome: .refused(.duplicate(field: "code", value: code), [])))
            } else {
                settled.append(.init(outcome: .created(id: draft.id, name: ""), version: 1))
                fresh.append((index, draft))
                if let reference = row.reference { references.append((reference, draft.id)) }
            }
        }
        for (index, code) in try add(fresh.map(\.draft)).enumerated() {
            let (place, draft) = fresh[index]
            settled[place].outcome = .created(id: draft.id, name: code, alike: present.alike(draft))
        }
        try tx.insert(
            references.map { Row(values: [.text(party), .text("parties"), .text($0.0), .text($0.1)]) },
            into: "INSERT INTO import_ref (party_id, kind, ref, subject) VALUES ",
            then: " ON CONFLICT (party_id, kind, ref) DO UPDATE SET subject = excluded.subject")
        return settled
    }

    /// A row whose party is there already.
    private func meet(
        _ existing: PartyRecord, _ row: ImportRow<PartyDraft>, _ draft: PartyDraft
    ) throws -> Inventory.Settled {
        let before = existing.document(opening: nil)
        var said = JSON.object(
            [.init("name", .string(draft.party.name.text))] + (draft.details.members ?? []))
        let changes = before.changes(to: before.merging(said))
        let isSame = changes.isEmpty && (draft.cnicHash == nil || existing.sealed != nil)
        guard row.reference != nil, !isSame else {
            return .init(outcome: .unchanged(id: existing.id, name: existing.code, differing: changes))
        }
        if let cnic = draft.party.cnic { said = said.setting("cnic", to: .string(cnic.text)) }
        do {
            let changed = try inventory.change(existing, by: said, personal: personal, actor: actor, tx: tx)
            return .init(
                outcome: .changed(id: changed.id, name: changed.code, changes), version: changed.version,
                before: before.text)
        } catch let error as InventoryError {
            guard case .duplicate = error else { throw error }
            return .init(outcome: .refused(error, changes))
        } catch let error as InvalidInput { return .init(outcome: .invalid(error)) }
    }

    /// The codes of the new parties, in order.
    private func add(_ drafts: [PartyDraft]) throws -> [String] {
        guard !drafts.isEmpty else { return [] }
        let time = inventory.now()
        let codes = try codes(for: drafts)
        var parties: [Row] = []
        var events: [Row] = []
        for (draft, code) in zip(drafts, codes) {
            let name = draft.party.name.text
            parties.append(
                Row(values: [
                    .text(draft.id), .text(code), .text(draft.party.kind.rawValue), .text(name),
                    .text(draft.details.text), .int(1), .int(time.microseconds), .int(time.microseconds),
                    draft.sealed.map { .blob($0) } ?? .null, draft.cnicHash.map { .blob($0) } ?? .null,
                    draft.party.phone.map { .text($0.text) } ?? .null,
                ]))
            // The first event of its own chain.
            let data = Inventory.eventData(
                "party-added", of: draft.id, in: draft.id, seq: 1, by: actor, at: time,
                ["code": .string(code), "name": .string(name)])
            events.append(
                Row(values: [
                    .text(draft.id), .int(1), .text(draft.id), .text(String(decoding: data, as: UTF8.self)),
                    .blob(SHA256.hash(data)),
                ]))
        }
        try tx.insert(
            parties,
            into: """
                INSERT INTO party (id, code, kind, name, doc, version, created, updated, sealed, cnic_hash, phone) VALUES \

                """)
        try tx.insert(events, into: "INSERT INTO event (party_id, seq, subject, data, hash) VALUES ")
        return codes
    }

    /// What each is known by: its own code, or one that is made for it.
    private func codes(for drafts: [PartyDraft]) throws -> [String] {
        var number = try reserve(drafts.count { $0.party.code == nil })
        func made(for draft: PartyDraft) -> String {
            defer { number += 1 }
            return Self.code(for: draft.party.name.text, number)
        }
        var codes = drafts.map { $0.party.code?.text ?? made(for: $0) }
        // Somebody may have chosen a made one by hand, in this batch too.
        let isMade = drafts.map { $0.party.code == nil }
        var taken = try tx.partyCodes(among: zip(codes, isMade).compactMap { $1 ? $0 : nil })
        taken.formUnion(drafts.compactMap { $0.party.code?.text })
        for (index, draft) in drafts.enumerated() where isMade[index] && taken.contains(codes[index]) {
            repeat {
                codes[index] = made(for: draft)
            } while try taken.contains(codes[index]) || !tx.partyCodes(among: [codes[index]]).isEmpty
        }
        return codes
    }

    /// The first of `count` numbers that nobody else gets.
    private func reserve(_ count: Int) throws -> Int64 {
        guard count > 0 else { return 0 }
        let row = try tx.row(
            """
            INSERT INTO series (name, next) VALUES ('party', \(count))
            ON CONFLICT (name) DO UPDATE SET next = series.next + \(count) RETURNING next
            """)
        return (row?.int(0) ?? 0) - Int64(count) + 1
    }

    /// `ASLAM417`: the name's first capitals and a number.
    private static func code(for name: String, _ number: Int64) -> String {
        var stem = ""
        for byte in name.utf8 where stem.utf8.count < 5 {
            let capital = byte &- 0x61 < 26 ? byte - 32 : byte
            if capital &- 0x41 < 26 { stem.unicodeScalars.append(Unicode.Scalar(capital)) }
        }
        return (stem.isEmpty ? "P" : stem) + String(number)
    }

    /// The parties that are there already and that rows of the batch may mean.
    private struct Present {
        private var byReference: [String: PartyRecord] = [:]
        private var byCard: [[UInt8]: PartyRecord] = [:]
        private var byPhone: [String: [(hasCard: Bool, PartyRecord)]] = [:]
        let codes: Set<String>

        init(_ rows: [ImportRow<PartyDraft>], in party: String, tx: any Transaction) throws {
            let drafts = rows.compactMap(\.thing)
            for part in parts(rows.compactMap { $0.thing == nil ? nil : $0.reference.map { .text($0) } }) {
                let known = try tx.rows(
                    """
                    SELECT p.id, p.code, p.kind, p.name, p.doc, p.version, p.created, p.sealed, r.ref
                    FROM import_ref r JOIN party p ON p.id = r.subject
                    WHERE r.party_id = \(party) AND r.kind = 'parties' AND r.ref IN (\(list: part))
                    """)
                for row in known { byReference[row.text(8)] = Inventory.party(row) }
            }
            for part in parts(drafts.compactMap { $0.cnicHash.map { .blob($0) } }) {
                for row in try tx.rows(
                    "SELECT \(Inventory.partyColumns), cnic_hash FROM party WHERE cnic_hash IN (\(list: part))")
                {
                    byCard[row.blob(8)] = Inventory.party(row)
                }
            }
            for part in parts(drafts.compactMap { draft in draft.party.phone.map { .text($0.text) } }) {
                for row in try tx.rows(
                    """
                    SELECT \(Inventory.partyColumns), phone, cnic_hash FROM party WHERE phone IN (\(list: part))
                    """)
                {
                    byPhone[row.text(8), default: []].append((row.optionalBlob(9) != nil, Inventory.party(row)))
                }
            }
            // Here, and not by the server: asked for an order, it may read all parties in that order instead.
            for (phone, known) in byPhone where known.count > 1 { byPhone[phone] = known.sorted { $0.1.id < $1.1.id } }
            codes = try tx.partyCodes(among: drafts.compactMap { $0.party.code?.text })
        }

        /// By reference, then by identity card, then by a telephone that does not stand for two cards: households
        /// share a telephone, nobody shares a card.
        func party(for row: ImportRow<PartyDraft>, _ draft: PartyDraft) -> PartyRecord? {
            if let found = row.reference.flatMap({ byReference[$0] }) { return found }
            if let hash = draft.cnicHash, let found = byCard[hash] { return found }
            guard let phone = draft.party.phone?.text else { return nil }
            return byPhone[phone]?.first { draft.cnicHash == nil || !$0.hasCard }?.1
        }

        /// Another party that shares the telephone.
        func alike(_ draft: PartyDraft) -> String? { draft.party.phone.flatMap { byPhone[$0.text]?.first?.1.code } }
    }
}

/// As many values as one statement asks for.
private func parts(_ values: [SQL.Value]) -> [[SQL.Value]] {
    stride(from: 0, to: values.count, by: 256).map { Array(values[$0..<min($0 + 256, values.count)]) }
}

extension Transaction {
    /// Those of the codes that parties have.
    fileprivate func partyCodes(among codes: [String]) throws -> Set<String> {
        var found: Set<String> = []
        for part in parts(codes.map { .text($0) }) {
            for row in try rows("SELECT code FROM party WHERE code IN (\(list: part))") { found.insert(row.text(0)) }
        }
        return found
    }
}
