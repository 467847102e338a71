import Foundation
import GemInventory
import GemModel
import GemTable
import HTTPTypes
import NIOCore
import Synchronization

/// Imports that are being worked on, so that no file is brought in twice at once.
final class LiveImports: Sendable {
    private let ids = Mutex<Set<String>>([])

    func holds(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }

    /// Held while an import is worked on, until it ends or nobody holds it any more.
    final class Turn: Sendable {
        private let imports: LiveImports
        private let id: String
        private let hasEnded = Atomic(false)

        fileprivate init(_ imports: LiveImports, _ id: String) {
            self.imports = imports
            self.id = id
        }

        deinit { end() }

        func end() {
            guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
            imports.ids.withLock { _ = $0.remove(id) }
        }
    }

    func turn(for id: String) throws -> Turn {
        guard ids.withLock({ $0.insert(id).inserted }) else {
            throw Problem(
                .inFlight, "this file is being imported now",
                hint: "see how far it is with `gemctl import show \(id)`")
        }
        return Turn(self, id)
    }
}

/// A dealer's list or photographs on their way in: the file is read as a table, each row becomes what a single request
/// would send, batches share a commit, and each row is answered.
struct Importing: Sendable {
    enum Columns: Sendable {
        case pieces(PieceColumns)
        case parties(PartyColumns)

        var summary: [JSON] {
            switch self {
            case .pieces(let columns): columns.summary
            case .parties(let columns): columns.summary
            }
        }

        /// Where numbers of identity cards stand.
        var sealed: [Int] {
            switch self {
            case .pieces: []
            case .parties(let columns): columns.sealedColumns
            }
        }
    }

    let daemon: Daemon
    let call: Call
    let party: String
    let kind: ImportRecord.Kind
    let columns: Columns?
    let photographs: Photographs?
    /// Nil in a dry run.
    let record: ImportRecord?
    let turn: LiveImports.Turn?
    let spool: AnswerSpool

    /// Rows a commit takes.
    private static let piecesAtOnce = 256
    private static let partiesAtOnce = 1_024

    /// A row as it was read, before it is settled.
    private struct Read<Thing: Sendable>: Sendable {
        var row: ImportRow<Thing>
        var problem: Problem?
        var findings: [JSON] = []
    }

    func run(_ table: Table?) async throws {
        // What came in by the way of lists is counted anew by whoever asks next.
        defer { daemon.quotas.forget(party) }
        var counts = ImportRecord.Counts()
        var seen = Seen()
        if let table, let columns {
            let skipped = try await pass(table, &counts)
            let sealed = columns.sealed
            switch columns {
            case .pieces(let columns):
                // What a dry run found new counts as if it had been kept.
                let tried = Mutex(0)
                try await settle(table, from: skipped, atOnce: Self.piecesAtOnce, &counts, &seen) { row, cells, seen in
                    try piece(row, cells, columns, &seen)
                } commit: { rows in
                    // Taken before, so that others who register meanwhile find no more room than there is.
                    let before = tried.withLock { $0 }
                    let taken = try await daemon.quotas.take(rows.count + before, of: .pieces, for: party)
                    var unused = taken
                    defer { daemon.quotas.giveBack(unused, of: .pieces, for: party) }
                    let outcomes = try await daemon.inventory.importPieces(
                        rows, into: record?.id, in: party, room: max(0, taken - before), by: call.caller.actor,
                        refusal: { refusal(of: $1, cells: $0, sealing: sealed) })
                    let made = outcomes.count { if case .created = $0 { true } else { false } }
                    if record == nil { tried.withLock { $0 += made } } else { unused -= made }
                    return outcomes
                }
            case .parties(let columns):
                let personal = daemon.personal
                try await settle(table, from: skipped, atOnce: Self.partiesAtOnce, &counts, &seen) { row, cells, seen in
                    try party(row, cells, columns, personal, &seen)
                } commit: { rows in
                    try await daemon.inventory.importParties(
                        rows, into: record?.id, in: party, personal: personal, by: call.caller.actor,
                        refusal: { refusal(of: $1, cells: $0, sealing: sealed) })
                }
            }
        }
        try await photographs?.attach(
            self, after: table?.lastNumber ?? 0, announced: record == nil ? seen.stock : [], &counts)
        if let record { _ = try await daemon.inventory.endImport(record.id, in: party, by: call.caller.actor) }
        // Before the last line, so that whoever has read it may undo at once.
        turn?.end()
        try answer(
            .object([
                "done": true, "import": record.map { .string($0.id) } ?? .null, "rows": .integer(counts.all),
                "created": .integer(counts.created), "changed": .integer(counts.changed),
                "unchanged": .integer(counts.unchanged), "refused": .integer(counts.refused),
            ]))
    }

    func json(of problem: Problem) -> JSON { problem.json(requestID: call.requestID, inUrdu: call.wantsUrdu) }

    func answer(_ json: JSON) throws { try spool.append(ByteBuffer(string: json.text + "\n")) }

    /// Answers the rows that were settled before the import was interrupted; the number of the last.
    private func pass(_ table: Table, _ counts: inout ImportRecord.Counts) async throws -> Int {
        guard let record, record.done > 0 else { return 0 }
        var table = table
        var refused: ArraySlice<(row: Int, document: JSON)> = []
        var out = ByteBuffer()
        while let row = table.next(), row.number <= record.done {
            if refused.isEmpty {
                refused = try await daemon.inventory.refusedRows(of: record, after: row.number - 1, limit: 500)[...]
                // None left: nothing more is asked.
                if refused.isEmpty { refused = [(.max, .null)] }
            }
            if let next = refused.first, next.row == row.number {
                refused = refused.dropFirst()
                counts.refused += 1
                out.writeString(
                    JSON.object([
                        "row": .integer(row.number), "status": next.document["status"],
                        "problem": next.document["problem"],
                    ]).text + "\n")
            } else {
                counts.unchanged += 1
                out.writeString("{\"row\":\(row.number),\"status\":200}\n")
            }
            if out.readableBytes > 32 << 10 {
                try spool.append(out)
                out.clear()
            }
        }
        try spool.append(out)
        return record.done
    }

    /// Reads and checks the next rows while the ones before are being committed.
    private func settle<Thing: Sendable>(
        _ table: Table, from done: Int, atOnce: Int, _ counts: inout ImportRecord.Counts, _ seen: inout Seen,
        read: @escaping @Sendable (Int, Table.Row, inout Seen) throws -> Read<Thing>,
        commit: @escaping @Sendable ([ImportRow<Thing>]) async throws -> [ImportOutcome]
    ) async throws {
        var table = table
        var batch: [Read<Thing>] = []
        while true {
            try Task.checkCancellation()
            let previous = batch
            async let settled = commit(previous.map(\.row))
            var next: [Read<Thing>] = []
            while next.count < atOnce, let row = table.next() {
                // What was settled before counts for finding rows that say the same thing twice.
                let read = try read(row.number, row, &seen)
                if row.number > done { next.append(read) }
            }
            let outcomes = try await settled
            if !previous.isEmpty { try answer(previous, outcomes, &counts) }
            if next.isEmpty { return }
            batch = next
        }
    }

    // MARK: - Reading rows

    /// What rows of the file are known by, so that two of them cannot be taken for one.
    private struct Seen {
        private var rows: [String: Int] = [:]

        mutating func note(_ key: String, row: Int) -> Int? {
            if let other = rows[key] { return other }
            rows[key] = row
            return nil
        }

        /// Folded stock numbers: a dry run's photographs may be of pieces that are not registered yet.
        var stock: Set<String> { Set(rows.keys.filter { $0.hasPrefix("s") }.map { String($0.dropFirst()) }) }
    }

    private func piece(
        _ number: Int, _ row: Table.Row, _ columns: PieceColumns, _ seen: inout Seen
    ) throws -> Read<Draft> {
        do {
            if let problem = row.problem { throw Problem(problem) }
            let (reference, document) = try columns.document(row.cells)
            let draft = try Draft(document: document)
            guard reference != nil || draft.piece.stockNumber != nil else {
                throw Problem(
                    .invalidValue, "the row has neither a stock number nor an importRef",
                    hint: "give it one of them, so that the same file again does not register it twice",
                    field: "stockNumber")
            }
            let keys = [reference.map { "r" + $0 }, draft.piece.stockNumber.map { "s" + $0.folded }].compactMap(\.self)
            for key in keys {
                if let other = seen.note(key, row: number) {
                    throw Problem(
                        .duplicate, "row \(other) has the same \(key.hasPrefix("r") ? "importRef" : "stock number")",
                        hint: "leave one of the two rows", field: key.hasPrefix("r") ? "importRef" : "stockNumber")
                }
            }
            let findings = draft.hasFindings ? draft.piece.findings.map(\.json) : []
            return Read(
                row: ImportRow(number: number, cells: row.cells, reference: reference, thing: draft), findings: findings
            )
        } catch {
            return refused(number, row.cells, try Self.problem(error), sealing: [])
        }
    }

    private func party(
        _ number: Int, _ row: Table.Row, _ columns: PartyColumns, _ personal: PersonalData?, _ seen: inout Seen
    ) throws -> Read<PartyDraft> {
        do {
            if let problem = row.problem { throw Problem(problem) }
            let (reference, document) = try columns.document(row.cells)
            let draft = try PartyDraft(document: document, id: daemon.inventory.freshID(), personal: personal)
            let party = draft.party
            guard reference != nil || party.cnic != nil || party.phone != nil else {
                throw Problem(
                    .invalidValue, "the row has neither a CNIC, a telephone nor an importRef",
                    hint: "give it one of them, so that nobody is registered twice", field: "cnic")
            }
            // Households share a telephone, so it tells a person only where there is no card.
            let phone = party.cnic == nil ? party.phone?.text : nil
            let keys = [
                (reference.map { "r" + $0 }, "importRef"), (party.cnic.map { "c" + $0.text }, "cnic"),
                (phone.map { "p" + $0 }, "phone"), (party.code.map { "k" + $0.text }, "code"),
            ]
            for case (let key?, let field) in keys {
                if let other = seen.note(key, row: number) {
                    throw Problem(
                        .duplicate, "row \(other) has the same \(field)", hint: "leave one of the two rows",
                        field: field)
                }
            }
            return Read(row: ImportRow(number: number, cells: row.cells, reference: reference, thing: draft))
        } catch {
            return refused(number, row.cells, try Self.problem(error), sealing: columns.sealedColumns)
        }
    }

    private func refused<Thing>(
        _ number: Int, _ cells: [String], _ problem: Problem, sealing sealed: [Int]
    ) -> Read<Thing> {
        Read(
            row: ImportRow(
                number: number, cells: [], thing: nil, refusal: refusal(problem, cells: cells, sealing: sealed)),
            problem: problem)
    }

    /// What is not a refusal of this row ends the import.
    private static func problem(_ error: any Error) throws -> Problem {
        switch error {
        case let error as Problem: error
        case let error as InvalidInput: Problem(error)
        case InventoryError.noPersonalKey: Problem(InventoryError.noPersonalKey)
        default: throw error
        }
    }

    /// What is kept of a refused row. Numbers of identity cards are sealed.
    func refusal(_ problem: Problem, cells: [String], sealing sealed: [Int]) -> String {
        var open = cells
        var closed: [String] = []
        for index in sealed where index < cells.count {
            closed.append(cells[index])
            open[index] = ""
        }
        // Without its key the number is left out; the row can still be found by its other cells.
        let box = closed.isEmpty ? nil : record.flatMap { try? daemon.personal?.seal(cells: closed, of: $0.id) }
        return JSON.object([
            "status": .integer(problem.code.status.code),
            "problem": json(of: problem),
            "cells": .array(open.map { .string($0) }), "sealed": box.map { .string($0) },
        ]).text
    }

    /// The same for a row that the store refuses.
    private func refusal(of outcome: ImportOutcome, cells: [String], sealing sealed: [Int]) -> String {
        refusal(Self.problem(of: outcome), cells: cells, sealing: sealed)
    }

    private static func problem(of outcome: ImportOutcome) -> Problem {
        switch outcome {
        case .refused(.duplicate("stockNumber", let value), let changes) where !changes.isEmpty:
            Problem(
                .duplicate, "stock number \(value) is there already, and different",
                hint: "add a column importRef to change what is there, or give the row another number",
                field: "stockNumber")
        case .refused(let error, _): Problem(error)
        case .invalid(let error): Problem(error)
        case .created, .unchanged, .changed, .unread: preconditionFailure("no refusal")
        }
    }

    // MARK: - Answers

    private func answer<Thing>(
        _ reads: [Read<Thing>], _ outcomes: [ImportOutcome], _ counts: inout ImportRecord.Counts
    ) throws {
        let nameMember = kind == .pieces ? "stockNumber" : "code"
        var out = ByteBuffer()
        func line(_ status: Int, _ read: Read<Thing>, id: String, name: String, changes: [Change], findings: [JSON]) {
            out.writeString("{\"row\":\(read.row.number),\"status\":\(status),\"id\":\"\(id)\",\"\(nameMember)\":")
            out.writeString(JSON.string(name).text)
            if !findings.isEmpty { out.writeString(",\"findings\":\(JSON.array(findings).text)") }
            if !changes.isEmpty { out.writeString(",\"changes\":\(JSON.array(changes.map(\.json)).text)") }
            out.writeString("}\n")
        }
        for (read, outcome) in zip(reads, outcomes) {
            switch outcome {
            case .created(let id, let name, let alike):
                counts.created += 1
                let shared = alike.map { code in
                    JSON.object([
                        "code": "shared-telephone", "severity": "note", "field": "phone",
                        "message": .string("party \(code) has the same telephone"),
                    ])
                }
                line(201, read, id: id, name: name, changes: [], findings: read.findings + (shared.map { [$0] } ?? []))
            case .unchanged(let id, let name, let differing):
                counts.unchanged += 1
                line(200, read, id: id, name: name, changes: differing, findings: [])
            case .changed(let id, let name, let changes):
                counts.changed += 1
                line(200, read, id: id, name: name, changes: changes, findings: read.findings)
            case .refused, .invalid, .unread:
                counts.refused += 1
                let problem = read.problem ?? Self.problem(of: outcome)
                var changes: [Change] = []
                if case .refused(_, let found) = outcome { changes = found }
                let json = JSON.object([
                    "row": .integer(read.row.number), "status": .integer(problem.code.status.code),
                    "problem": json(of: problem),
                    "changes": changes.isEmpty ? nil : .array(changes.map(\.json)),
                ])
                out.writeString(json.text + "\n")
            }
        }
        try spool.append(out)
    }
}

extension Problem {
    init(_ error: TableError) {
        self.init(
            .invalidValue, (error.place.map { $0 + ": " } ?? "") + error.reason, hint: error.hint, field: error.place)
    }
}
