import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel

/// The log's last state, kept outside the state directory.
///
/// A database that was set back to an older copy looks sound in itself; only what stands
/// elsewhere can tell. Written and synced before an issue is answered.
struct Anchor: Sendable {
    struct Content: Equatable, Sendable {
        var origin: String
        var size: Int
        var root: [UInt8]
        /// How far each certificate series had come.
        var series: [String: Int]
    }

    let path: String

    func read() throws -> Content? {
        guard let data = FileManager.default.contents(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw StartError("the anchor \(path) cannot be read")
            }
            return nil
        }
        guard let json = try? JSON(parsing: Array(data)), let origin = json["origin"]?.string,
            let size = json["size"]?.integer,
            let hex = json["root"]?.string, let root = Hex.decode(hex)
        else { throw StartError("the anchor \(path) is damaged; compare it with the last published checkpoint") }
        let series = (json["series"]?.members ?? []).reduce(into: [String: Int]()) { $0[$1.name] = $1.value.integer }
        return Content(origin: origin, size: size, root: root, series: series)
    }

    func write(_ content: Content) throws {
        let json = JSON.object([
            "origin": .string(content.origin), "size": .integer(content.size),
            "root": .string(Hex.encode(content.root)),
            "series": .object(content.series.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
        ])
        try StateDirectory.write(json.bytes + [10], to: path, mode: 0o600)
    }

    /// Compares the database with the anchor before anything is served (certificates.md §6, "At start").
    ///
    /// - Returns: whether the anchor must be brought forward by the one batch that was committed
    ///   when the last run ended.
    func check(_ inventory: Inventory) async throws -> Bool {
        let state = try await inventory.logState()
        guard let content = try read() else {
            guard state.size == 0 else {
                throw StartError(
                    "the anchor \(path) is missing but the log holds \(state.size) entries; put the anchor back, or give it with --anchor"
                )
            }
            return true
        }
        guard content.origin == state.origin else {
            throw StartError("the anchor \(path) belongs to the log \(content.origin), this is \(state.origin)")
        }
        guard state.size >= content.size else {
            throw StartError(
                """
                the database is older than its anchor: it holds \(state.size) log entries, the anchor \(path) knows of \
                \(content.size). It was set back, or restored from an old backup. Restore a newer one
                """)
        }
        if state.size == content.size {
            guard state.root == content.root else {
                throw StartError(
                    "the database and its anchor \(path) hold two different logs of \(state.size) entries (a fork); issuing stops here"
                )
            }
            return false
        }
        let later = try await inventory.checkpoints(after: content.size)
        guard later == [state.size] else {
            throw StartError(
                "the anchor \(path) is more than one batch behind the database; it was set back or is not being written"
            )
        }
        let root = try await LogTree(inventory).root(size: content.size)
        guard root == content.root else {
            throw StartError(
                "the log in the database does not continue the one in its anchor \(path) (a fork); issuing stops here")
        }
        return true
    }
}
