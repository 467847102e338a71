import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

/// What the council may look at: pieces that may be one (docs/protocol.md, "Candidates").
enum CandidateHandlers {
    static let readers: Permission = .roles([.registrar, .auditor])

    @Sendable static func list(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["piece", "kind", "after", "limit"])
        let limit = try Page.limit(query)
        // Reads much of the store: one at a time, so that it takes one reader from everybody else.
        let turn = try daemon.care.turn(for: "look for candidates")
        defer { turn.end() }
        try await daemon.noteReading(of: "candidates?" + (call.request.uri.query ?? ""), by: call.caller)
        do {
            switch (query["piece"], query["kind"]) {
            case (let piece?, nil):
                guard query["after"] == nil, let name = PieceName(piece),
                    let record = try await daemon.inventory.piece(name, in: call.caller.scope(for: name))
                else { throw Problem.notFound }
                return page(try await daemon.inventory.candidates(of: record).prefix(limit), next: nil)
            case (nil, "measurements"):
                let after = try query["after"].map(Self.cursor)
                let found = try await daemon.inventory.repeats(after: after, limit: limit)
                return page(found.items[...], next: found.next.map(Self.text))
            case (nil, "photograph"):
                let found = try await daemon.inventory.nearPhotographs(after: query["after"], limit: limit)
                return page(found.items[...], next: found.next)
            case (nil, let kind?): throw Page.invalid("kind", kind, "photograph or measurements")
            default:
                throw Problem(
                    .invalidValue, "say of what: a piece, or a kind",
                    hint: "use ?piece=ID, or ?kind=photograph or ?kind=measurements", field: "kind")
            }
        } catch InventoryError.tooCostly {
            throw Problem(
                .tooCostly, "looking through all pieces takes longer than 10 s",
                hint: "ask for one piece with ?piece=ID, or at a quiet hour")
        }
    }

    private static func page(_ items: ArraySlice<Candidate>, next: String?) -> Reply {
        .json(.object(["items": .array(items.map(\.json)), "next": next.map(JSON.string) ?? .null]))
    }

    private static func text(_ cursor: [String]) -> String {
        Data(JSON.array(cursor.map(JSON.string)).bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func cursor(_ text: String) throws -> [String] {
        var padded = text.replacing("-", with: "+").replacing("_", with: "/")
        while padded.utf8.count % 4 != 0 { padded += "=" }
        // Whatever does not read back is no cursor of ours.
        guard let data = Data(base64Encoded: padded), let parts = (try? JSON(parsing: Array(data)))?.elements,
            case let cursor = parts.compactMap(\.string), cursor.count == 5, Int64(cursor[0]) != nil
        else { throw Page.invalid("after", text, "the `next` of the page before, unchanged") }
        return cursor
    }
}
