import Foundation
import GemModel
import TOMLKit

/// Every setting of the daemon, with its default. `etc/gemd.toml` shows the same; a test compares them.
struct Config: Codable, Equatable, Sendable {
    /// Path of the control socket.
    var socket = "/run/gemd/gemd.sock"
    /// Group that may connect to it; ignored where it does not exist.
    var socketGroup = "gemd"
    /// HOST:PORT of the public listener; empty turns it off.
    var `public` = ""
    /// Address of the proxy before the public listener, whose X-Forwarded-For is believed; empty for none.
    var proxy = ""
    /// trace, debug, info, notice, warning, error or critical.
    var logLevel = "info"
    var limits = Limits()
    var quotas = Quotas()
    var images = Images()
    var timestamp = Timestamp()

    /// An outside time-stamping authority in place of the council's own key.
    struct Timestamp: Codable, Equatable, Sendable {
        /// `http://HOST[:PORT]/PATH`; empty for none.
        var url = ""
        /// File with the authority's own certificate (PEM); no other's stamps are taken.
        var certificate = ""
        /// It must have answered after so long.
        var seconds = 10

        enum CodingKeys: String, CodingKey {
            case url, certificate, seconds
        }
    }

    /// What one party may keep.
    struct Quotas: Codable, Equatable, Sendable {
        var piecesPerParty = 2_000_000
        /// As they were sent, in megabytes of 10⁶ bytes.
        var photographMegabytesPerParty = 50_000

        enum CodingKeys: String, CodingKey {
            case piecesPerParty = "pieces_per_party"
            case photographMegabytesPerParty = "photograph_megabytes_per_party"
        }
    }

    struct Limits: Codable, Equatable, Sendable {
        /// A request's header must be complete this long after its first byte.
        var headerSeconds = 10
        /// A body may be slow this long…
        var bodyGraceSeconds = 5
        /// …then it must come at this rate.
        var bodyBytesPerSecond = 1024
        /// An idle connection is closed after this.
        var idleSeconds = 60
        var connections = 10_000
        var connectionsPerUID = 256
        /// Requests under way at once; more wait a moment for their turn.
        var requestsPerUID = 32
        /// Requests under way at SIGTERM get this long to finish.
        var drainSeconds = 10

        enum CodingKeys: String, CodingKey {
            case headerSeconds = "header_seconds"
            case bodyGraceSeconds = "body_grace_seconds"
            case bodyBytesPerSecond = "body_bytes_per_second"
            case idleSeconds = "idle_seconds"
            case connections
            case connectionsPerUID = "connections_per_uid"
            case requestsPerUID = "requests_per_uid"
            case drainSeconds = "drain_seconds"
        }
    }

    struct Images: Codable, Equatable, Sendable {
        /// Photographs decoded at the same time.
        var workers = 2

        enum CodingKeys: String, CodingKey {
            case workers
        }
    }

    enum CodingKeys: String, CodingKey {
        case socket
        case socketGroup = "socket_group"
        case `public`
        case proxy
        case logLevel = "log_level"
        case limits, quotas, images, timestamp
    }
}

extension Config {
    /// Reads a file; members that are absent keep their defaults. A missing file is the defaults
    /// unless it was asked for by name.
    static func read(_ path: String, mustExist: Bool) throws -> Config {
        guard let data = FileManager.default.contents(atPath: path) else {
            guard mustExist || FileManager.default.fileExists(atPath: path) else { return Config() }
            throw StartError("\(path): cannot be read")
        }
        return try Config(toml: String(decoding: data, as: UTF8.self), name: path)
    }

    /// - Throws: ``StartError`` naming file, key and value seen.
    init(toml: String, name: String) throws {
        let defaults = try TOMLTable(string: TOMLEncoder().encode(Config()))
        let table: TOMLTable
        do { table = try TOMLTable(string: toml) } catch { throw StartError("\(name): \(error)") }
        try Self.overlay(table, on: defaults, name: name, path: "")
        do { self = try TOMLDecoder().decode(Config.self, from: defaults) } catch {
            throw StartError("\(name): \(error)")
        }
        try check(name)
    }

    private static func overlay(_ table: TOMLTable, on defaults: TOMLTable, name: String, path: String) throws {
        for key in table.keys {
            let full = path.isEmpty ? key : "\(path).\(key)"
            guard let known = defaults[key] else {
                let nearest = defaults.keys.min { Spelling.distance($0, key) < Spelling.distance($1, key) } ?? ""
                throw StartError(
                    "\(name): unknown key \(full); did you mean \(path.isEmpty ? nearest : "\(path).\(nearest)")?")
            }
            guard let value = table[key] else { continue }
            if let inner = known.table {
                guard let changes = value.table else { throw StartError("\(name): \(full): \(value) is not a section") }
                try overlay(changes, on: inner, name: name, path: full)
                defaults[key] = inner
            } else {
                guard value.type == known.type else {
                    throw StartError("\(name): \(full): \(value) is not of the kind of its default, \(known)")
                }
                defaults[key] = value
            }
        }
    }

    private func check(_ name: String) throws {
        let ranges: [(String, Int, ClosedRange<Int>)] = [
            ("limits.header_seconds", limits.headerSeconds, 1...300),
            ("limits.body_grace_seconds", limits.bodyGraceSeconds, 1...300),
            ("limits.body_bytes_per_second", limits.bodyBytesPerSecond, 1...1_000_000),
            ("limits.idle_seconds", limits.idleSeconds, 1...86_400),
            ("limits.connections", limits.connections, 1...100_000),
            ("limits.connections_per_uid", limits.connectionsPerUID, 1...100_000),
            ("limits.requests_per_uid", limits.requestsPerUID, 1...100_000),
            ("quotas.pieces_per_party", quotas.piecesPerParty, 1...1_000_000_000),
            ("quotas.photograph_megabytes_per_party", quotas.photographMegabytesPerParty, 1...1_000_000_000),
            ("limits.drain_seconds", limits.drainSeconds, 1...300), ("timestamp.seconds", timestamp.seconds, 1...60),
            ("images.workers", images.workers, 1...64),
        ]
        for (key, value, range) in ranges where !range.contains(value) {
            throw StartError("\(name): \(key): \(value) is not between \(range.lowerBound) and \(range.upperBound)")
        }
    }
}
