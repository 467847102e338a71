import Foundation
import GemCrypto
import GemInventory
import GemModel
import GemTable
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Lists and photographs from elsewhere (protocol.md, "Imports").
enum ImportHandlers {
    static let importers: Permission = .roles([.dealer, .registrar, .admin])
    static let readers: Permission = .roles([.dealer, .registrar, .admin, .auditor])

    private static let csv = "text/csv"
    private static let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    private static let archive = "application/zip"
    private static let tableBytes = 64 << 20
    private static let zipBytes = 512 << 20

    @Sendable static func run(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["kind", "dryRun", "party", "ignore", "map"])
        guard let kind = query["kind"].flatMap({ ImportRecord.Kind(rawValue: $0) }) else {
            throw Page.invalid("kind", query["kind"] ?? "", "pieces or parties")
        }
        guard call.request.headers[Call.idempotencyKey] == nil else {
            throw Problem(
                .badRequest, "an import takes no Idempotency-Key",
                hint: "send the same file again; what is there already is not brought in twice")
        }
        try call.requireType(kind == .pieces ? [csv, workbook, archive] : [csv, workbook])
        let isDryRun = try Page.flag(query, "dryRun")
        let party = try await owner(daemon, call, kind, query)
        let type = call.mediaType ?? ""
        let (file, sha256) = try await receive(daemon, call, limit: type == archive ? zipBytes : tableBytes)
        // Not on the connection's thread: a large file takes as long as many requests.
        return try await withTaskExecutorPreference(globalConcurrentExecutor) {
            let folder = daemon.inventory.blobs.directory + "/tmp"
            let source: Source
            do { source = try Source(file, type: type, in: folder) } catch let error as TableError {
                throw Problem(error)
            } catch let error as SpoolError {
                throw error.isDiskFull ? InventoryError.diskFull : InventoryError.store(error.description)
            }
            var columns: Importing.Columns?
            var document: [JSON.Member] = [.init("bytes", .integer(file.count))]
            var said = "{}"
            if let table = source.table {
                let options = try await options(daemon, table.header, kind, in: party, query)
                let found = try Self.columns(of: table, kind, options)
                if options.isNew, !isDryRun {
                    try await daemon.inventory.keep(mapping: options.json, of: options.header, for: kind, in: party)
                }
                said = options.json.text
                document += [
                    .init("encoding", .string(table.encoding.rawValue)),
                    .init("delimiter", .string(String(Character(Unicode.Scalar(table.delimiter))))),
                    .init("columns", .array(found.summary)),
                ]
                columns = found
            }
            let rows = (source.table?.rowCount ?? 0) + (source.photographs?.entries.count ?? 0)
            let record =
                isDryRun
                ? nil
                : try await daemon.inventory.beginImport(
                    kind, sha256: sha256, options: said, rows: rows, document: .object(document), in: party,
                    by: call.caller.actor)
            let importing = Importing(
                daemon: daemon, call: call, party: party, kind: kind, columns: columns,
                photographs: source.photographs, record: record,
                turn: try record.map { try daemon.liveImports.turn(for: $0.id) }, spool: AnswerSpool(directory: folder))
            let first = JSON.object(
                [
                    .init("import", record.map { .string($0.id) } ?? .null), .init("dryRun", .bool(isDryRun)),
                    .init("sha256", .string(sha256)), .init("rows", .integer(rows)),
                    .init("resumed", .integer(record?.counts.all ?? 0)),
                ] + document)
            return try reply(importing, source.table, first)
        }
    }

    /// What a file holds: a table, photographs, or both.
    private struct Source {
        var table: Table?
        var photographs: Photographs?

        init(_ file: Spool, type: String, in folder: String) throws {
            switch type {
            case workbook:
                table = try Table(Workbook.text(of: ZipArchive(file), in: folder), in: folder)
            case archive:
                let files = try ZipArchive(file)
                var pictures: [ZipArchive.Entry] = []
                var tables: [ZipArchive.Entry] = []
                for entry in files.entries {
                    let isTable = [".csv", ".tsv", ".txt", ".xlsx"].contains { entry.name.lowercased().hasSuffix($0) }
                    if isTable, entry.problem == nil, !entry.name.contains("/"), !entry.name.contains("\\") {
                        tables.append(entry)
                    } else {
                        pictures.append(entry)
                    }
                }
                guard tables.count <= 1 else {
                    throw TableError(
                        "the ZIP holds \(tables.count) lists: \(tables.prefix(8).map(\.name).joined(separator: ", "))",
                        hint: "put one list into each ZIP")
                }
                let packed = pictures.reduce(64 << 20) { $0 + 4 * $1.compressedSize }
                guard pictures.reduce(0, { $0 + $1.size }) <= packed else {
                    throw TableError(
                        "the ZIP unpacks to far more than photographs do", hint: "it was made to do harm; make it anew")
                }
                guard !files.entries.isEmpty else {
                    throw TableError("the ZIP holds no file", hint: "put the photographs into it")
                }
                if let entry = tables.first {
                    let spool = try Spool(in: folder)
                    try files.read(entry, limit: tableBytes) { try spool.append($0) }
                    table =
                        try entry.name.lowercased().hasSuffix(".xlsx")
                        ? Table(Workbook.text(of: ZipArchive(spool), in: folder), in: folder) : Table(spool, in: folder)
                }
                photographs = Photographs(archive: files, entries: pictures)
            default: table = try Table(file, in: folder)
            }
        }
    }

    private static func columns(
        of table: Table, _ kind: ImportRecord.Kind, _ options: Options
    ) throws -> Importing.Columns {
        switch kind {
        case .pieces:
            .pieces(
                try PieceColumns(
                    header: table.header, ignoring: options.ignored, mapping: options.mapping,
                    delimiter: table.delimiter))
        case .parties:
            .parties(try PartyColumns(header: table.header, ignoring: options.ignored, mapping: options.mapping))
        }
    }

    private static func reply(_ importing: Importing, _ table: Table?, _ first: JSON) throws -> Reply {
        try importing.answer(first)
        let body = ResponseBody { writer in
            let spool = importing.spool
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: globalConcurrentExecutor) {
                    defer { spool.finish() }
                    try await importing.run(table)
                }
                while let bytes = try await spool.next() { try await writer.write(bytes) }
                // A store that failed throws here; then the last line is not sent, which tells the client.
                try await group.waitForAll()
            }
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    /// Whose pieces they become; parties are brought in by the council's staff.
    private static func owner(
        _ daemon: Daemon, _ call: Call, _ kind: ImportRecord.Kind, _ query: [String: String]
    ) async throws -> String {
        let roles: Set<Role> = kind == .pieces ? [.dealer, .registrar] : [.registrar, .admin]
        guard call.caller.hasAny(roles) else {
            let names = roles.map(\.rawValue).sorted().joined(separator: " or ")
            throw Problem(.notAllowed, "this needs the role \(names)", hint: "ask the council's administrator for it")
        }
        guard kind == .pieces else {
            if query["party"] != nil {
                throw Problem(.unknownQuery, "parties belong to nobody", hint: "leave party out", field: "party")
            }
            return call.caller.party
        }
        return try await daemon.party(for: call.caller, named: query["party"])
    }

    private static func receive(_ daemon: Daemon, _ call: Call, limit: Int) async throws -> (Spool, String) {
        func tooLarge() -> Problem {
            Problem(.tooLarge, "the file is larger than \(limit >> 20) MB", hint: "cut it into several files")
        }
        if let length = call.request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge() }
        var hasher = SHA256Hasher()
        var count = 0
        do {
            let file = try Spool(in: daemon.inventory.blobs.directory + "/tmp")
            for try await part in call.request.body {
                count += part.readableBytes
                guard count <= limit else { throw tooLarge() }
                try part.withUnsafeReadableBytes {
                    hasher.update($0)
                    try file.append($0)
                }
            }
            return (file, Hex.encode(hasher.finish()))
        } catch let error as SpoolError {
            throw error.isDiskFull ? InventoryError.diskFull : InventoryError.store(error.description)
        }
    }

    /// What is said of the columns, now or when a file with this header came before.
    private struct Options {
        var mapping: [String: String?] = [:]
        var ignored: Set<String> = []
        var header: String
        var isNew = false

        var json: JSON {
            .object([
                "map": .object(
                    mapping.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.map { .string($0) } ?? .null) }),
                "ignore": .array(ignored.sorted().map { .string($0) }),
            ])
        }
    }

    private static func options(
        _ daemon: Daemon, _ header: [String], _ kind: ImportRecord.Kind, in party: String, _ query: [String: String]
    ) async throws -> Options {
        let fingerprint = Hex.encode(SHA256.hash(Array(header.joined(separator: "\u{1F}").utf8)))
        var options = Options(header: fingerprint)
        var said: JSON?
        if query["map"] == nil, query["ignore"] == nil {
            said = try await daemon.inventory.mapping(of: fingerprint, for: kind, in: party)
        } else {
            options.isNew = true
            var map = JSON.object([])
            if let text = query["map"] {
                guard let json = try? JSON(parsing: text), json.members != nil else {  // not JSON: told here
                    throw Page.invalid("map", text, "a JSON object such as {\"Wt.\":\"weightCt\",\"Shelf\":null}")
                }
                map = json
            }
            let ignored = (query["ignore"] ?? "").split(separator: ",").map { JSON.string(String($0)) }
            said = .object(["map": map, "ignore": .array(ignored)])
        }
        for member in said?["map"]?.members ?? [] {
            switch member.value {
            case .string(let name): options.mapping[member.name] = .some(name)
            case .null: options.mapping[member.name] = .some(nil)
            default: throw Page.invalid("map", member.value.text, "the name of a member, or null to leave it out")
            }
        }
        options.ignored = Set((said?["ignore"]?.elements ?? []).compactMap(\.string))
        return options
    }

    // MARK: - Looking

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["limit", "after"])
        let limit = try Page.limit(query)
        let records = try await daemon.inventory.imports(
            in: call.caller.reach.scope, after: query["after"] ?? "", limit: limit + 1)
        return .json(
            .object([
                "items": .array(records.prefix(limit).map { $0.json(isLive: daemon.liveImports.holds($0.id)) }),
                "next": records.count > limit ? .string(records[limit - 1].id) : .null,
            ]))
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let record = try await found(daemon, call)
        return .json(record.json(isLive: daemon.liveImports.holds(record.id)))
    }

    private static func found(_ daemon: Daemon, _ call: Call) async throws -> ImportRecord {
        guard
            let record = try await daemon.inventory.importRecord(
                call.parameter("import"), in: call.caller.reach.scope)
        else { throw Problem.notFound }
        return record
    }

    /// The refused rows as they stood in the file, with a last column `reason`.
    @Sendable static func refused(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let record = try await found(daemon, call)
        let names = (record.document["columns"]?.elements ?? []).map { $0["column"]?.string ?? "" }
        let personal = call.caller.has(.registrar) ? daemon.personal : nil
        let sealed = (record.document["columns"]?.elements ?? []).indices.filter {
            Party.sealedMembers.contains(record.document["columns"]?.elements?[$0]["member"]?.string ?? "")
        }
        let body = ResponseBody { writer in
            // A mark, so that Excel reads the Urdu in it.
            try await writer.write(
                ByteBuffer(string: "\u{FEFF}" + Table.line((names.isEmpty ? ["file"] : names) + ["reason"])))
            var after = 0
            while true {
                let rows = try await daemon.inventory.refusedRows(of: record, after: after, limit: 500)
                var out = ByteBuffer()
                for (_, document) in rows {
                    var cells = (document["cells"]?.elements ?? []).map { $0.string ?? "" }
                    while cells.count < max(1, names.count) { cells.append("") }
                    if let box = document["sealed"]?.string, record.kind == .parties {
                        let closed = (try? personal?.cells(box, of: record.id)) ?? []  // another key's: left out
                        for (index, text) in zip(sealed, closed) where index < cells.count { cells[index] = text }
                    }
                    let problem = document["problem"]
                    let field = problem?["field"]?.string.map { "\($0): " } ?? ""
                    let reason = "\(field)\(problem?["title"]?.string ?? "refused") (\(problem?["hint"]?.string ?? ""))"
                    out.writeString(Table.line(cells + [reason]))
                }
                try await writer.write(out)
                guard let last = rows.last else { break }
                after = last.row
            }
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: "text/csv; charset=utf-8"], body: body).with(
            .cacheControl, "no-store")
    }

    @Sendable static func undo(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let record = try await found(daemon, call)
        let turn = try daemon.liveImports.turn(for: record.id)
        defer { turn.end() }
        defer { daemon.quotas.forget(record.party) }
        let result = try await daemon.inventory.undoImport(
            record.id, in: call.caller.reach.scope, personal: daemon.personal, by: call.caller.actor)
        return .json(
            .object([
                "id": .string(record.id), "state": "undone", "undone": .integer(result.undone),
                "keptCount": .integer(result.keptCount),
                "kept": .array(
                    result.kept.map { kept in
                        .object([
                            "row": .integer(kept.row),
                            record.kind == .pieces ? "stockNumber" : "code": .string(kept.name),
                            "reason": .string(kept.reason),
                        ])
                    }),
            ]))
    }
}
