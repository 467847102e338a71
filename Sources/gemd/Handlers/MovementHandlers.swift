import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

/// Holds, memos, transfers, sales and losses (docs/protocol.md, "Movements").
enum MovementHandlers {
    static let keepers: Permission = .roles([.dealer])

    // MARK: - Promises

    @Sendable static func hold(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var until: String
            var `for`: Whom?
            var note: Line?
        }
        let json = try await call.json()
        let form = try Form(json: json)
        let until = try daemon.moment(form.until, "until")
        let whom = try await daemon.counterparty(form.for, field: "for", mayBeStranger: true)
        return try await daemon.begin(
            Movement(kind: .hold, to: whom, until: until), call, body: json, .object(["note": form.note?.json]))
    }

    private struct MemoForm: Codable {
        var to: Whom
        var due: String
        var terms: Prose?
        var price: Price?
        var note: Line?
        var pieces: [String]?
    }

    @Sendable static func memo(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.json()
        let form = try MemoForm(json: json)
        guard form.pieces == nil else {
            throw Problem(
                .unknownMember, "this memo is of one piece", hint: "send many to POST /v1/memos", field: "pieces")
        }
        return try await daemon.begin(try await daemon.memo(form.to, form.due), call, body: json, details(form))
    }

    /// One memo of many pieces, under one slip: all of them or none.
    @Sendable static func memos(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.json()
        let form = try MemoForm(json: json)
        let names = try pieceNames(form.pieces)
        let slip = daemon.inventory.makeID()
        let movement = try await daemon.memo(form.to, form.due)
        return .kept(
            try await daemon.inventory.begin(
                movement, of: names, details: details(form).merging(.object(["slip": .string(slip)])),
                in: call.caller.party, by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { begun in
                Answer(
                    status: 201, location: "/v1/movements?slip=\(slip)",
                    body: JSON.object(["slip": .string(slip), "movements": .array(begun.map(\.json))]).text)
            })
    }

    private static func details(_ form: MemoForm) throws -> JSON {
        try form.price?.check(at: "price")
        return .object([
            "terms": form.terms.map { .string($0.text) },
            "price": try form.price.map { try JSON(parsing: $0.jsonText) },
            "note": form.note?.json,
        ])
    }

    @Sendable static func transfer(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        enum What: String, Codable { case custody, ownership }
        struct Form: Codable {
            var to: Whom
            var kind: What
            var note: Line?
        }
        let json = try await call.json()
        let form = try Form(json: json)
        let whom = try await daemon.counterparty(form.to, field: "to", mayBeStranger: false)
        return try await daemon.begin(
            Movement(kind: form.kind == .custody ? .custody : .ownership, state: .pending, to: whom), call, body: json,
            .object(["note": form.note?.json]))
    }

    @Sendable static func sell(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var to: Whom?
            var price: Price?
            /// What a price that is not given is quoted in.
            var currency: String?
            var note: Line?
        }
        let json = try await call.jsonOrNothing()
        let (division, rest) = try Taking.of(json)
        let form = try Form(json: rest)
        try form.price?.check(at: "price")
        if form.price != nil, form.currency != nil {
            throw Problem(
                .invalidValue, "the price says its currency already", hint: "leave currency or price out",
                field: "currency")
        }
        if let currency = form.currency { _ = try call.currency(currency) }
        let whom = try await daemon.counterparty(form.to, field: "to", mayBeStranger: true)
        let details = JSON.object([
            "price": try form.price.map { try JSON(parsing: $0.jsonText) }, "note": form.note?.json,
        ])
        guard let division else {
            return try await daemon.begin(
                Movement(kind: .sale, to: whom), call, body: json, details, currency: form.currency)
        }
        try call.mustNotBeOwn(whom)
        return .kept(
            try await daemon.inventory.sell(
                division.part, of: call.pieceName(), to: whom, details: details, currency: form.currency,
                remainder: division.remainder, division.weighing, in: call.caller.party, by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)
            ) { sale in
                Answer(status: 201, location: "/v1/movements?piece=\(sale.piece)", body: sale.json.text)
            })
    }

    @Sendable static func reportLost(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await report(.lost, daemon, call)
    }
    @Sendable static func reportStolen(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await report(.stolen, daemon, call)
    }
    @Sendable static func reportDestroyed(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await report(.destroyed, daemon, call)
    }

    private static func report(_ kind: Movement.Kind, _ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var note: Prose?
            /// Where and when it was last seen, and the police report's number.
            var place: Line?
            var on: String?
            var report: Line?
        }
        let json = try await call.jsonOrNothing()
        let form = try Form(json: json)
        return try await daemon.begin(
            Movement(kind: kind), call, body: json,
            .object([
                "note": form.note.map { .string($0.text) }, "place": form.place?.json, "on": form.on.map(JSON.string),
                "report": form.report?.json,
            ]))
    }

    // MARK: - Back again

    @Sendable static func unhold(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await daemon.takeBack(call, kinds: [.hold])
    }

    @Sendable static func comeBack(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.jsonOrNothing()
        let (division, rest) = try Taking.of(json)
        // A weight beside it would be taken for a part's: nothing is overlooked.
        _ = try Members(rest, ["part"])
        guard let division else { return try await daemon.takeBack(call, kinds: nil) }
        return .kept(
            try await daemon.inventory.takeBack(
                division.part, of: call.pieceName(), remainder: division.remainder, division.weighing,
                in: call.caller.party, by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { movement, back in
                let own = JSON.object([
                    "piece": .string(back.id), "stockNumber": .string(back.stockNumber),
                    "version": .integer(Int(back.version)),
                ])
                return Answer(
                    status: 201, location: "/v1/pieces/\(back.id)",
                    body: movement.json.merging(.object(["returned": own])).text)
            })
    }

    /// One scan of what came back, from however many memos; each piece for itself.
    @Sendable static func returns(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable { var pieces: [String]? }
        let json = try await call.json()
        let texts = try Form(json: json).pieces
        let names = try pieceNames(texts)
        return .kept(
            try await daemon.inventory.takeBack(
                names, kinds: nil, in: call.caller.party, by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)
            ) { results in
                let lines = zip(texts ?? [], results).map { text, result -> JSON in
                    switch result {
                    case .success(let movement):
                        .object(["piece": .string(text), "status": .integer(200), "movement": movement.json])
                    case .failure(let error):
                        .object([
                            "piece": .string(text), "status": .integer(Problem(error).code.status.code),
                            "problem": Problem(error).json(requestID: call.requestID, inUrdu: call.wantsUrdu),
                        ])
                    }
                }
                let back = results.count { (try? $0.get()) != nil }  // a refusal is in its line
                return Answer(
                    status: 200,
                    body: JSON.object([
                        "items": .array(lines), "returned": .integer(back), "refused": .integer(lines.count - back),
                    ]).text)
            })
    }

    @Sendable static func extend(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var due: String?
            var until: String?
        }
        let json = try await call.json()
        let form = try Form(json: json)
        guard let text = form.due ?? form.until, form.due == nil || form.until == nil else {
            throw Problem(.invalidValue, "the new day is missing", hint: "send {\"due\":\"2026-12-31\"}", field: "due")
        }
        return .kept(
            try await daemon.inventory.extend(
                call.pieceName(), until: daemon.moment(text, form.due == nil ? "until" : "due"), in: call.caller.party,
                by: call.caller.actor, key: call.idempotencyKey(body: json.bytes)
            ) { Answer(status: 200, body: $0.json.text) })
    }

    // MARK: - The other side

    @Sendable static func accept(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await answerTransfer(daemon, call, accepting: true)
    }
    @Sendable static func decline(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await answerTransfer(daemon, call, accepting: false)
    }

    private static func answerTransfer(_ daemon: Daemon, _ call: Call, accepting: Bool) async throws -> Reply {
        // A stock number is a name within its own party only.
        guard case .id(let piece) = try call.pieceName() else { throw Problem.notFound }
        // The receiver may have a new piece on record.
        defer { daemon.quotas.forget(call.caller.party) }
        return .kept(
            try await daemon.inventory.answerTransfer(
                of: piece, accepting: accepting, by: call.caller.actor, key: call.idempotencyKey(body: [])
            ) { movement, received in
                let own = received.map {
                    JSON.object(["stockNumber": .string($0.stockNumber), "version": .integer(Int($0.version))])
                }
                return Answer(
                    status: 201, body: movement.json(for: call.caller.party).merging(.object(["received": own])).text)
            })
    }

    // MARK: - Lists

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["limit", "after", "direction", "kind", "piece", "slip", "open", "overdue"])
        var search = Inventory.MovementSearch()
        let limit = try Page.limit(query)
        search.limit = limit + 1
        search.after = query["after"]
        search.slip = query["slip"]
        if let text = query["direction"] {
            guard let direction = Inventory.MovementSearch.Direction(rawValue: text) else {
                throw Page.invalid("direction", text, "out or in")
            }
            search.direction = direction
        }
        if let text = query["kind"] {
            guard let kind = Movement.Kind(rawValue: text) else {
                throw Page.invalid("kind", text, Movement.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            search.kind = kind
        }
        if let text = query["piece"] {
            guard let name = PieceName(text),
                let record = try await daemon.inventory.piece(name, in: .party(call.caller.party))
            else { throw Problem.notFound }
            search.piece = record.id
        }
        search.isInForce = try Page.flag(query, "open")
        search.isOverdue = try Page.flag(query, "overdue")
        let found = try await daemon.inventory.movements(search, of: call.caller.party)
        let items = found.prefix(limit)
        return .json(
            .object([
                "items": .array(items.map { $0.json(for: call.caller.party) }),
                "next": found.count > limit ? items.last.map { .string($0.id) } ?? .null : .null,
            ]))
    }

    private static func pieceNames(_ texts: [String]?) throws -> [PieceName] {
        guard let texts, !texts.isEmpty else {
            throw Problem(
                .invalidValue, "no piece is named", hint: "send \"pieces\":[\"stock:R-17\",…]", field: "pieces")
        }
        guard texts.count <= 1000 else {
            throw Problem(
                .invalidValue, "\(texts.count) pieces are too many at once", hint: "send at most 1000", field: "pieces")
        }
        return try texts.enumerated().map { index, text in
            guard let name = PieceName(text) else {
                throw Problem(
                    .invalidValue, "\"\(text.prefix(40))\" names no piece", hint: "write an id, or stock:R-17",
                    field: "pieces[\(index)]")
            }
            return name
        }
    }
}

extension Line {
    fileprivate var json: JSON { .string(text) }
}

/// A part that is sold or comes back, and what stays.
private struct Taking {
    var part: Part
    var remainder: Remainder
    var weighing: Weighing

    /// Nil without `part`; with it, the body's other members.
    static func of(_ json: JSON) throws -> (Taking?, rest: JSON) {
        guard let part = json["part"], part != .null else { return (nil, json) }
        let own = ["part", "remainder", "lossCt", "reason"]
        let members = try Members(.object((json.members ?? []).filter { own.contains($0.name) }), own)
        let taking = Taking(
            part: try Part(json: part, path: "part"), remainder: try members.remainder(or: .left),
            weighing: try members.weighing())
        return (taking, .object((json.members ?? []).filter { !own.contains($0.name) }))
    }
}

extension Call {
    fileprivate func mustNotBeOwn(_ whom: Movement.Counterparty?) throws {
        guard whom?.party != caller.party else {
            throw Problem(.invalidValue, "that is your own party", hint: "name another", field: "to")
        }
    }

    /// A body that may be left out.
    func jsonOrNothing() async throws -> JSON {
        mediaType == nil && (request.headers[.contentLength] ?? "0") == "0" ? .object([]) : try await json()
    }
}

extension Daemon {
    fileprivate func counterparty(
        _ whom: Whom?, field: String, mayBeStranger: Bool
    ) async throws -> Movement.Counterparty? {
        let text: String
        switch whom {
        case nil: return nil
        case .stranger(let name)?:
            guard mayBeStranger else {
                throw Problem(
                    .invalidValue, "a transfer needs a party that can accept it",
                    hint: "write its id or code; send a stranger a memo", field: field)
            }
            return Movement.Counterparty(name: name.text)
        case .text(let line)?: text = line.text
        }
        if let party = try await inventory.party(text) {
            return Movement.Counterparty(party: party.id, name: party.name)
        }
        // What looks like a code and is none is more likely mistyped than a name.
        guard mayBeStranger, text.contains(where: { $0.isLowercase || $0.isWhitespace || !$0.isASCII }) else {
            throw Problem(
                .invalidValue, "there is no party \"\(text.prefix(40))\"",
                hint: "write its id or code, or {\"name\":\"…\"} for somebody without an account", field: field)
        }
        return Movement.Counterparty(name: text)
    }

    fileprivate func memo(_ to: Whom, _ due: String) async throws -> Movement {
        Movement(
            kind: .memo, to: try await counterparty(to, field: "to", mayBeStranger: true),
            until: try moment(due, "due"))
    }

    /// A time to come; a bare date is good to its end.
    fileprivate func moment(_ text: String, _ field: String) throws -> Timestamp {
        guard let time = Timestamp(text) ?? Timestamp(text + "T23:59:59.999Z") else {
            throw Page.invalid(field, text, "a day such as 2026-12-31, or a time such as 2026-12-31T18:00:00Z")
        }
        guard time > inventory.time else {
            throw Problem(.invalidValue, "\(field): \(text) is past", hint: "name a day to come", field: field)
        }
        return time
    }

    fileprivate func begin(
        _ movement: Movement, _ call: Call, body: JSON, _ details: JSON, currency: String? = nil
    ) async throws -> Reply {
        try call.mustNotBeOwn(movement.to)
        return .kept(
            try await inventory.begin(
                movement, of: [call.pieceName()], details: details, currency: currency, in: call.caller.party,
                by: call.caller.actor, key: call.idempotencyKey(body: body.bytes)
            ) { begun in
                Answer(status: 201, location: "/v1/movements?piece=\(begun[0].piece)", body: begun[0].json.text)
            })
    }

    fileprivate func takeBack(_ call: Call, kinds: Set<Movement.Kind>?) async throws -> Reply {
        .kept(
            try await inventory.takeBack(
                [call.pieceName()], kinds: kinds, in: call.caller.party, by: call.caller.actor,
                key: call.idempotencyKey(body: [])
            ) { results in Answer(status: 201, body: try results[0].get().json.text) })
    }
}
