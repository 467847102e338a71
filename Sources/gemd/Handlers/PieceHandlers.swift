import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// What a caller may see of pieces.
struct Reach: Sendable {
    var scope: Scope
    var view: PieceRecord.View
}

extension Caller {
    /// A stock number is a name within its own party only.
    func scope(for name: PieceName) -> Scope {
        if case .stock = name { .party(party) } else { reach.scope }
    }
}

enum PieceHandlers {
    static let readers: Permission = .roles([.dealer, .registrar, .exporter, .auditor])
    /// Also a laboratory, by id, while it has a request for the piece.
    static let viewers: Permission = .roles([.dealer, .registrar, .exporter, .auditor, .examiner, .approver])
    static let writers: Permission = .roles([.dealer, .registrar])

    @Sendable static func register(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        if call.mediaType == "application/x-ndjson" { return try await BulkHandlers.register(daemon, call) }
        let query = try call.query(["party"])
        let party = try await daemon.party(for: call.caller, named: query["party"])
        let json = try await call.json(types: ["application/json", "application/x-ndjson"])
        let draft = try Draft(document: json)
        let key = try call.idempotencyKey(body: json.bytes)
        return .kept(try await daemon.register(draft, in: party, by: call.caller, key: key))
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let (record, view) = try await daemon.piece(call)
        return Reply.json(text: record.text(for: view)).with(.eTag, "\"\(record.version)\"")
    }

    @Sendable static func change(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let name = try call.pieceName()
        let version = try call.ifMatch()
        let patch = try await call.json(types: ["application/merge-patch+json", "application/json"])
        guard patch.members != nil else {
            throw Problem(.badJSON, "a patch is a JSON object", hint: "send the members to change, null to remove one")
        }
        let view = call.caller.reach.view
        return .kept(
            try await daemon.inventory.change(
                name, in: call.caller.scope(for: name), by: call.caller.actor, ifVersion: version, patch: patch,
                key: call.idempotencyKey(body: patch.bytes)
            ) { $0.answer(200, for: view) })
    }

    @Sendable static func remove(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let name = try call.pieceName()
        let scope = call.caller.scope(for: name)
        let owner = try await daemon.inventory.piece(name, in: scope)?.party
        try await daemon.inventory.remove(name, in: scope, by: call.caller.actor, ifVersion: call.ifMatch())
        if let owner { daemon.quotas.forget(owner) }
        return .noContent
    }

    /// What a buyer must be told of its stones, in English or Urdu.
    @Sendable static func disclosure(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let language = try call.language(call.query(["lang"]))
        let (record, _) = try await daemon.piece(call)
        let disclosure = try await daemon.inventory.disclosure(of: record, in: language)
        return .json(
            .object([
                "piece": .string(record.id), "version": .integer(Int(record.version)),
                "language": .string(language.tag), "complete": .bool(disclosure.isComplete),
                "text": .string(disclosure.text),
                "stones": .array(
                    disclosure.statements.map { statement in
                        .object([
                            "field": .string(statement.stone.path), "name": .string(statement.stone.name(in: language)),
                            "complete": .bool(statement.isComplete), "text": .string(statement.text),
                        ])
                    }), "care": .array(disclosure.care.map(JSON.string)),
            ])
        ).with(.contentLanguage, language.tag)
    }

    /// The dealer's own history: it holds what was paid and where a piece lay.
    @Sendable static func events(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["after", "limit"])
        let limit = try Page.limit(query)
        guard let record = try await daemon.inventory.piece(call.pieceName(), in: .party(call.caller.party)) else {
            throw Problem.notFound
        }
        let events = try await daemon.inventory.events(
            of: record.id, in: .party(record.party), after: try Page.number(query["after"]), limit: limit + 1)
        let items = events.prefix(limit).map(\.1).joined(separator: ",")
        let next = events.count > limit ? "\"\(events[limit - 1].0)\"" : "null"
        return .json(text: "{\"items\":[\(items)],\"next\":\(next)}")
    }

    // MARK: - Lists

    private static let queries: Set<String> = [
        "q", "origin", "limit", "after", "sort", "total", "facets", "weightCt", "price", "certified", "party", "kind",
        "species", "variety", "shape", "status", "colour", "clarity",
    ]

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(queries)
        var reach = call.caller.reach
        if let named = query["party"] {
            reach.scope = .party(try await daemon.party(for: call.caller, named: named, toRead: true))
        }
        var search = PieceSearch()
        search.limit = try Page.limit(query)
        for term in PieceSearch.Term.allCases { search.terms[term] = query[term.rawValue] }
        if let text = query["q"] { search.query = try SearchQuery(text) }
        if let text = query["origin"] {
            search.origin = Country.named(text).map { [$0.code] } ?? FoldedWords(text).list
            guard (1...8).contains(search.origin.count) else {
                throw Page.invalid("origin", text, "a country, region or locality, such as PK or Swat")
            }
        }
        if let text = query["sort"] {
            search.isDescending = text.hasPrefix("-")
            guard let sort = PieceSearch.Sort(rawValue: String(text.drop { $0 == "-" })) else {
                throw Page.invalid(
                    "sort", text, "createdAt, weightCt, price or stockNumber, with - before it for descending")
            }
            search.sort = sort
        }
        search.weight = try Page.range(query["weightCt"], name: "weightCt", decimals: 5)
        search.price = try Page.range(query["price"], name: "price", decimals: 2)
        switch query["certified"] {
        case "true": search.certified = true
        case "false": search.certified = false
        case nil: break
        case let text?: throw Page.invalid("certified", text, "true or false")
        }
        switch query["total"] {
        case "exact": search.total = .exact
        case "estimate": search.total = .estimate
        case nil: break
        case let text?: throw Page.invalid("total", text, "exact or estimate")
        }
        search.facets = try (query["facets"] ?? "").split(separator: ",").map { text in
            guard let term = PieceSearch.Term(rawValue: String(text)) else {
                throw Page.invalid(
                    "facets", String(text), PieceSearch.Term.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return term
        }
        if let cursor = query["after"] { search.after = try Page.after(cursor) }
        try await daemon.noteReading(of: "pieces?" + (call.request.uri.query ?? ""), by: call.caller)
        let page = try await daemon.inventory.search(search, in: reach.scope, for: reach.view)
        var tail = "],\"next\":" + (page.next.map { JSON.string(Page.cursor($0)).text } ?? "null")
        if let total = page.total { tail += ",\"total\":{\"value\":\(total.value),\"exact\":\(total.isExact)}" }
        if !page.facets.isEmpty {
            let facets = page.facets.map { term, counts in
                JSON.Member(term.rawValue, .object(counts.map { .init($0.code, .integer(Int($0.count))) }))
            }
            tail += ",\"facets\":" + JSON.object(facets).text
        }
        var text = ByteBuffer()
        text.reserveCapacity(page.pieces.count + tail.utf8.count + 16)
        text.writeStaticString("{\"items\":[")
        text.writeBytes(page.pieces)
        text.writeString(tail + "}")
        return .bytes(text, type: "application/json")
    }
}

extension PieceRecord {
    func answer(_ status: Int, for view: View) -> Answer {
        Answer(
            status: status, location: status == 201 ? "/v1/pieces/\(id)" : nil, etag: "\"\(version)\"",
            body: text(for: view))
    }
}

extension Call {
    func pieceName() throws -> PieceName {
        guard let name = PieceName(parameter("piece")) else { throw Problem.notFound }
        return name
    }
}

extension Daemon {
    /// The piece a path names, if the caller may see it, and how much of it.
    func piece(_ call: Call) async throws -> (PieceRecord, PieceRecord.View) {
        let name = try call.pieceName()
        if case .id(let id) = name, call.caller.hasAny([.examiner, .approver]),
            !call.caller.hasAny([.dealer, .registrar, .exporter, .auditor])
        {
            guard let record = try await inventory.piece(id, atLab: call.caller.party) else { throw Problem.notFound }
            return (record, .laboratory)
        }
        if let record = try await inventory.piece(name, in: call.caller.scope(for: name)) {
            try await noteReading(of: record.id, by: call.caller)
            return (record, call.caller.reach.view)
        }
        if call.caller.has(.exporter), let record = try await inventory.piece(name, consentedTo: call.caller.party) {
            return (record, .consented)
        }
        throw Problem.notFound
    }

    /// What an auditor reads is itself on record.
    func noteReading(of subject: String, by caller: Caller) async throws {
        guard caller.has(.auditor) else { return }
        try await inventory.noteReading(of: subject, by: caller.actor)
    }

    /// The party a request acts for: the caller's own, or for the council's registrar the one in `?party=`.
    func party(for caller: Caller, named name: String?, toRead: Bool = false) async throws -> String {
        guard let name else { return caller.party }
        guard let party = try await inventory.party(name) else { throw Problem.notFound }
        guard party.id == caller.party || caller.has(.registrar) || toRead && caller.has(.auditor) else {
            throw Problem.notFound
        }
        return party.id
    }
}
