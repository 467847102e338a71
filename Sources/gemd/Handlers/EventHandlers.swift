import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// The change feed and the audit (docs/protocol.md, "Events").
enum EventHandlers {
    /// A party's events hold what was paid and where things lie.
    static let readers: Permission = .roles([.dealer, .registrar, .auditor])
    static let auditors: Permission = .roles([.auditor, .admin])

    private static let lastEventID = HTTPField.Name("Last-Event-ID")!
    private static let lines = "application/x-ndjson"
    private static let stream = "text/event-stream"

    @Sendable static func events(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["after"])
        let mayFollow = call.request.headers[.accept]?.contains(stream) ?? false
        let after = try Page.number(query["after"] ?? (mayFollow ? call.request.headers[lastEventID] : nil))
        let party = call.caller.party
        let inventory = daemon.inventory
        if mayFollow {
            return Reply(
                status: .ok, headers: [.contentType: stream, .cacheControl: "no-store"],
                body: following(inventory, party, after: after))
        }
        let body = ResponseBody { writer in
            var page = try await inventory.events(in: party, after: after)
            while !page.lines.isEmpty {
                try await writer.write(ByteBuffer(string: page.lines.joined(separator: "\n") + "\n"))
                page = try await inventory.events(in: party, after: page.last)
            }
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: lines], body: body)
    }

    /// Sends what is there and then what comes, until the reader goes or gemd stops.
    ///
    /// A page is read only when the one before was taken, so a slow reader costs its connection and one page of
    /// memory. It looks at most ten times a second, however much is committed.
    private static func following(_ inventory: Inventory, _ party: String, after: Int64) -> ResponseBody {
        ResponseBody { writer in
            var last = after
            // The reader knows at once that it is heard.
            try await writer.write(ByteBuffer(string: ": gemd\n\n"))
            while !Task.isShuttingDownGracefully {
                let seen = inventory.commits.count
                var page = try await inventory.events(in: party, after: last)
                let isQuiet = page.lines.isEmpty
                while !page.lines.isEmpty {
                    var text = ByteBuffer()
                    var number = page.last - Int64(page.lines.count)
                    for line in page.lines {
                        number += 1
                        text.writeString("id: \(number)\ndata: \(line)\n\n")
                    }
                    try await writer.write(text)
                    last = page.last
                    page = try await inventory.events(in: party, after: last)
                }
                let wasSilent = await wait(inventory.commits, after: seen)
                // So that a reader that is gone is noticed, by the failure to write.
                if isQuiet, wasSilent { try await writer.write(ByteBuffer(string: ": still here\n\n")) }
            }
            try await writer.finish(nil)
        }
    }

    private static let signOfLifeSeconds: Int64 = 15

    /// Until something was committed, and a tenth of a second at least; true when it was time for a sign of life instead.
    private static func wait(_ commits: CommitSignal, after seen: UInt64) async -> Bool {
        await cancelWhenGracefulShutdown {
            // Cancelled by the shutdown, which is the way out.
            try? await Task.sleep(for: .milliseconds(100))
            return await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    await commits.wait(after: seen)
                    return false
                }
                group.addTask {
                    try? await Task.sleep(for: .seconds(signOfLifeSeconds))  // as above
                    return true
                }
                defer { group.cancelAll() }
                return await group.next() ?? false
            }
        }
    }

    /// One pass over all chains. A pass that finds nothing but traces of earlier passes leaves none itself, so
    /// that reading the audit again and again does not fill it.
    @Sendable static func audit(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["after", "party"])
        let cursor = try Self.cursor(query["after"])
        let party: String?
        if let named = query["party"] {
            guard let found = try await daemon.inventory.party(named) else { throw Problem.notFound }
            party = found.id
        } else {
            party = nil
        }
        let (inventory, caller) = (daemon.inventory, call.caller)
        @Sendable func page(_ cursor: Inventory.AuditCursor) async throws -> Inventory.EventPage<Inventory.AuditCursor>
        {
            try await inventory.auditEvents(
                after: cursor, of: party, detailed: caller.has(.auditor), reader: caller.actor)
        }
        let first = try await page(cursor)
        if first.isNews { try await inventory.noteReading(of: Inventory.auditSubject, by: caller.actor) }
        let body = ResponseBody { writer in
            var part = first
            while !part.lines.isEmpty {
                try await writer.write(ByteBuffer(string: part.lines.joined(separator: "\n") + "\n"))
                part = try await page(part.last)
            }
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: lines], body: body)
    }

    /// `PARTY/SEQ` of the last line; nothing for the beginning.
    private static func cursor(_ text: String?) throws -> Inventory.AuditCursor {
        guard let text else { return .init(party: "", seq: 0) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let party = UUIDv7(String(parts[0])), let seq = Int64(parts[1]), seq >= 0 else {
            throw Page.invalid("after", text, "PARTY/SEQ of the last line, such as 0198c000-…/417")
        }
        return .init(party: party.description, seq: seq)
    }
}
