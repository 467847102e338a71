import Foundation
import GemCrypto
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

enum SystemHandlers {
    @Sendable static func about(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        .json(
            .object([
                "name": "gemd", "version": .string(Daemon.version), "api": "1",
                "features": [
                    "pieces", "bulk", "images", "declarations", "log", "consents", "lots", "feeds", "rates", "division",
                ],
            ]))
    }

    @Sendable static func live(_ daemon: Daemon, _ call: Call) async throws -> Reply { .json(.object(["live": true])) }

    @Sendable static func ready(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        do { try await daemon.inventory.ping() } catch {
            throw Problem(.unavailable, "the database does not answer", hint: "look into gemd's log")
        }
        let warnings = daemon.seal.warnings(
            at: Date(timeIntervalSince1970: Double(daemon.inventory.time.microseconds) / 1e6))
        return .json(
            .object(["ready": true, "warnings": warnings.isEmpty ? nil : .array(warnings.map(JSON.string))]))
    }

    @Sendable static func whoami(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let member = call.caller.member else { throw Access.unknown }
        let party = try await daemon.inventory.party(member.party)
        return .json(
            .object([
                "member": member.json, "party": party?.json,
                "roles": .array(member.roles.map(\.rawValue).sorted().map(JSON.string)),
                "via": .string(call.caller.via.rawValue),
            ]))
    }

    /// What the caller's party keeps and may keep, and what a caller may ask at once.
    @Sendable static func quota(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let usage = try await daemon.quotas.usage(of: call.caller.party)
        func share(_ used: Int, _ kind: Quotas.Kind) -> JSON {
            .object(["used": .integer(used), "limit": .integer(daemon.quotas.limit(of: kind))])
        }
        return .json(
            .object([
                "party": .string(call.caller.party), "pieces": share(usage.pieces, .pieces),
                "photographBytes": share(usage.photographBytes, .photographBytes),
                "requestsAtOnce": .object(["limit": .integer(daemon.config.limits.requestsPerUID)]),
                "connections": .object(["limit": .integer(daemon.config.limits.connectionsPerUID)]),
            ]))
    }

    /// Every coded list with English and Urdu names; the same bytes until gemd is another.
    @Sendable static func codes(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        if call.request.headers[.ifNoneMatch]?.contains(codesTag) == true {
            return Reply(status: .notModified, headers: [.eTag: codesTag], body: ResponseBody())
        }
        return Reply.json(text: CodeList.text).with(.eTag, codesTag).with(.cacheControl, "public, max-age=3600")
    }

    private static let codesTag = "\"" + Hex.encode(Array(SHA256.hash(Array(CodeList.text.utf8)).prefix(16))) + "\""
}
