import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

/// The council's rates of a day, and what a piece costs at them (docs/protocol.md, "Rates and quotes").
enum RateHandlers {
    /// Of the council; the handler looks at whose member it is.
    static let enterers: Permission = .roles([.exporter, .registrar])

    @Sendable static func set(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let day = try call.day(call.parameter("date"), "date")
        let json = try await call.json()
        let rates = try DayRates(json: json)
        guard try await daemon.inventory.party(call.caller.party)?.kind == .council else {
            throw Problem(
                .notAllowed, "rates are entered by the council", hint: "ask its exporter or registrar to enter them")
        }
        guard day <= daemon.inventory.lastDay else {
            throw Problem(
                .invalidValue, "\(day) has not begun yet", hint: "enter rates on their day, or later", field: "date")
        }
        let version = call.request.headers[.ifMatch] == nil ? nil : try call.ifMatch()
        do {
            let (record, isNew) = try await daemon.inventory.setRates(
                rates, on: day, by: call.caller.actor, ifVersion: version)
            var reply = Reply.json(record.json, status: isNew ? .created : .ok).with(.eTag, "\"\(record.version)\"")
            if isNew { reply.headers[.location] = "/v1/rates/\(day)" }
            return reply
        } catch InventoryError.stale(let current) where version == nil {
            throw Problem(
                .ifMatchRequired, "\(day) has rates already, at version \(current)",
                hint: "read them, and send If-Match: \"\(current)\" with what shall stand in their place")
        }
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let text = call.parameter("date")
        let day = text == "latest" ? daemon.inventory.lastDay : try call.day(text, "date")
        guard let record = try await daemon.inventory.rates(onOrBefore: day) else {
            throw Problem(
                .notFound, "there are no rates on or before \(day)",
                hint: "the council enters them with `gemctl rates set`")
        }
        let reply = Reply.json(record.json)
        // The version is of the day that is answered: no condition for a change of the day that was asked for.
        return record.day == day || text == "latest" ? reply.with(.eTag, "\"\(record.version)\"") : reply
    }

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["limit", "after", "from", "to"])
        let limit = try Page.limit(query)
        let found = try await daemon.inventory.rates(
            from: query["from"].map { try call.day($0, "from") }, to: query["to"].map { try call.day($0, "to") },
            before: query["after"].map { try call.day($0, "after") }, limit: limit + 1)
        return .json(
            .object([
                "items": .array(found.prefix(limit).map(\.json)),
                "next": found.count > limit ? .string(found[limit - 1].day.description) : .null,
            ]))
    }

    @Sendable static func quote(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["currency", "date"])
        let currency = try query["currency"].map { try call.currency($0) }
        let day = try query["date"].map { try call.day($0, "date") }
        let (record, _) = try await daemon.piece(call)
        let quote = try await daemon.inventory.quote(record, in: currency, onOrBefore: day)
        return .json(
            .object([
                "piece": .string(record.id), "stockNumber": .string(record.stockNumber),
                "version": .integer(Int(record.version)), "date": day.map { .string($0.description) },
            ]).merging(quote.json))
    }
}

extension Call {
    func day(_ text: String, _ field: String) throws -> Day {
        do { return try Day(text) } catch { throw Page.invalid(field, text, "a day such as 2026-11-22") }
    }

    /// A code of ISO 4217.
    func currency(_ text: String) throws -> String {
        guard (try? Money(minorUnits: 0, currency: text)) != nil else {
            throw Page.invalid("currency", text, "three capital letters of ISO 4217, such as PKR")
        }
        return text
    }
}
