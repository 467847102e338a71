import Foundation
import GemInventory
import GemMarket
import GemModel
import HTTPTypes

enum LotHandlers {
    static let lotKeepers: Permission = .roles([.dealer, .exporter])
    static let exporters: Permission = .roles([.exporter, .dealer])

    // MARK: - Consents

    @Sendable static func consent(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var to: String
            var markets: [String]
            var until: String?
        }
        let form = try Form(json: try await call.json())
        guard let receiver = try await daemon.inventory.party(form.to) else {
            throw Problem(
                .invalidValue, "there is no party \"\(form.to.prefix(40))\"",
                hint: "write its id or code, such as GGAPCP", field: "to")
        }
        guard receiver.id != call.caller.party else {
            throw Problem(
                .invalidValue, "a party needs no consent for its own pieces", hint: "name the other party", field: "to")
        }
        guard !form.markets.isEmpty else {
            throw Problem(.invalidValue, "no market is named", hint: "write [\"google\"]", field: "markets")
        }
        for (index, market) in form.markets.enumerated() { _ = try daemon.market(market, field: "markets[\(index)]") }
        let until = try form.until.map { text in
            // A bare date is good to its end.
            guard let time = Timestamp(text) ?? Timestamp(text + "T23:59:59.999Z") else {
                throw Page.invalid("until", text, "a time such as 2026-12-31T00:00:00Z")
            }
            return time
        }
        return .json(
            try await daemon.inventory.consent(
                to: call.pieceName(), in: call.caller.party, for: receiver.id, markets: form.markets, until: until,
                by: call.caller.actor), status: .created)
    }

    @Sendable static func revokeConsent(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["to"])
        var named = query["to"]
        if named == nil, let type = call.mediaType, type == "application/json" {
            named = try await call.json()["to"]?.string
        }
        let receiver = try await named.asyncMap { name in
            guard let party = try await daemon.inventory.party(name) else { throw Problem.notFound }
            return party.id
        }
        try await daemon.inventory.revokeConsent(
            to: call.pieceName(), in: call.caller.party, for: receiver, by: call.caller.actor)
        return .noContent
    }

    @Sendable static func consents(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        .json(
            .object([
                "items": .array(
                    try await daemon.inventory.consents(of: call.pieceName(), in: .party(call.caller.party))),
                "next": .null,
            ]))
    }

    // MARK: - Lots

    @Sendable static func add(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var name: Line
            var consignee: Line?
        }
        let json = try await call.json()
        let form = try Form(json: json)
        let document = JSON.object(["consignee": form.consignee.map { .string($0.text) }])
        return .kept(
            try await daemon.inventory.addLot(
                name: form.name.text, document: document, in: call.caller.party, by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)
            ) { lot in
                Answer(status: 201, location: "/v1/lots/\(lot.id)", etag: "\"\(lot.version)\"", body: lot.json.text)
            })
    }

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["limit", "after"])
        let limit = try Page.limit(query)
        let lots = try await daemon.inventory.lots(in: call.caller.party, after: query["after"] ?? "", limit: limit + 1)
        return .json(
            .object([
                "items": .array(lots.prefix(limit).map(\.json)),
                "next": lots.count > limit ? .string(lots[limit - 1].id) : .null,
            ]))
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        Self.shown(try await daemon.lot(call))
    }

    private static func shown(_ lot: LotRecord) -> Reply { .json(lot.json).with(.eTag, "\"\(lot.version)\"") }

    @Sendable static func change(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Patch: Codable {
            var name: Line?
            var consignee: Line?
        }
        let version = try call.ifMatch()
        let json = try await call.json(types: ["application/merge-patch+json", "application/json"])
        let patch = try Patch(json: json)
        let changes = JSON.object((json.members ?? []).filter { $0.name == "consignee" })
        return shown(
            try await daemon.inventory.changeLot(
                call.parameter("lot"), in: call.caller.party, by: call.caller.actor, ifVersion: version,
                name: patch.name?.text,
                patch: changes))
    }

    @Sendable static func put(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        shown(
            try await daemon.inventory.put(
                call.pieceName(), into: call.parameter("lot"), in: call.caller.party, by: call.caller.actor))
    }

    @Sendable static func take(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        shown(
            try await daemon.inventory.take(
                call.pieceName(), outOf: call.parameter("lot"), in: call.caller.party, by: call.caller.actor))
    }

    // MARK: - Markets

    @Sendable static func setAccount(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Account: Codable {
            var sellerId: Line?
            var brand: Line?
            var gtinExempt: Bool?
            var currency: String?
            var location: Line?
            var country: Country?
            var condition: Line?
        }
        let market = try daemon.market(call.parameter("market"), field: "market")
        guard let party = try await daemon.inventory.party(call.parameter("party")), party.id == call.caller.party
        else {
            throw Problem.notFound
        }
        let account = try Account(json: try await call.json())
        if let currency = account.currency { _ = try Money(minorUnits: 0, currency: currency) }
        try await daemon.inventory.setAccount(account.json, market: market.name, of: party.id, by: call.caller.actor)
        return .json(account.json)
    }

    @Sendable static func readiness(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let names = try (call.query(["market"])["market"] ?? "google").split(separator: ",").map(String.init)
        let lot = try await daemon.lot(call)
        var markets: [JSON] = []
        for name in names {
            let market = try daemon.market(name, field: "market")
            markets.append(try await daemon.exporting.readiness(of: lot, in: market))
        }
        return .json(.object(["lot": .string(lot.id), "markets": .array(markets)]))
    }

    @Sendable static func export(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var market: String
            var mode: String?
            var readyOnly: Bool?
        }
        let json = try await call.json()
        let form = try Form(json: json)
        let market = try daemon.market(form.market, field: "market")
        let mode = form.mode ?? "full"
        guard mode == "full" else {
            guard mode == "delta" else { throw Page.invalid("mode", mode, "full or delta") }
            throw Problem(
                .state, "\(market.title) takes the whole file each time", hint: "use mode full", field: "mode")
        }
        let lot = try await daemon.lot(call)
        return .kept(
            try await daemon.exporting.export(
                lot, to: market, readyOnly: form.readyOnly ?? true, by: call.caller.actor,
                key: call.idempotencyKey(body: json.bytes)))
    }

    @Sendable static func readExport(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        .json(try await daemon.export(call).json)
    }

    @Sendable static func exportFile(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let export = try await daemon.export(call)
        let type = Markets.named(export.market)?.mediaType ?? "application/octet-stream"
        return try daemon.file(export.sha256, type: type, for: call)
    }
}

extension Daemon {
    func market(_ name: String, field: String) throws -> any Market {
        guard let market = Markets.named(name) else {
            throw Page.invalid(field, name, Markets.all.map(\.name).joined(separator: ", "))
        }
        return market
    }

    func lot(_ call: Call) async throws -> LotRecord {
        guard let lot = try await inventory.lot(call.parameter("lot"), in: call.caller.party) else {
            throw Problem.notFound
        }
        return lot
    }

    func export(_ call: Call) async throws -> ExportRecord {
        guard let export = try await inventory.export(call.parameter("export"), in: call.caller.party) else {
            throw Problem.notFound
        }
        return export
    }
}

extension Optional {
    fileprivate func asyncMap<T>(_ body: (Wrapped) async throws -> T) async rethrows -> T? {
        if let self { try await body(self) } else { nil }
    }
}
