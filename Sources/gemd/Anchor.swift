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

    /// Two slots, written in turn and synced, so that a power cut spoils at most the one that was not
    /// yet relied on. Each holds a line of JSON and the line's SHA-256, filled up with spaces.
    private static let slotBytes = 4096

    /// The newer of the two slots; nil when there is no file.
    func read() throws -> Content? {
        guard let slots = try slots() else { return nil }
        guard let newest = slots.compactMap({ $0 }).max(by: { $0.size < $1.size }) else {
            throw StartError("the anchor \(path) is damaged; compare it with the last published checkpoint")
        }
        return newest
    }

    private func slots() throws -> [Content?]? {
        guard let data = FileManager.default.contents(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw StartError("the anchor \(path) cannot be read")
            }
            return nil
        }
        return [0, 1].map { Self.content(Array(data.dropFirst($0 * Self.slotBytes).prefix(Self.slotBytes))) }
    }

    private static func content(_ slot: [UInt8]) -> Content? {
        let lines = slot.split(separator: 10, maxSplits: 2)
        guard lines.count >= 2, Hex.encode(SHA256.hash(Array(lines[0]))) == String(decoding: lines[1], as: UTF8.self),
            // A slot whose hash holds was written whole, by us.
            let json = try? JSON(parsing: Array(lines[0])), let origin = json["origin"]?.string,
            let size = json["size"]?.integer,
            let hex = json["root"]?.string, let root = Hex.decode(hex)
        else { return nil }
        let series = (json["series"]?.members ?? []).reduce(into: [String: Int]()) { $0[$1.name] = $1.value.integer }
        return Content(origin: origin, size: size, root: root, series: series)
    }

    /// Makes the file with its first content.
    func begin(_ content: Content) throws {
        try StateDirectory.write(try Self.slot(content) + Self.slot(content), to: path, mode: 0o600)
    }

    /// Writes over the older slot; durable when this returns.
    func write(_ content: Content) throws {
        guard let slots = try slots() else { return try begin(content) }
        let newest = slots[0].map { first in slots[1].map { first.size >= $0.size } ?? true } ?? false
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileError("open \(path)") }
        defer { close(descriptor) }
        let slot = try Self.slot(content)
        guard pwrite(descriptor, slot, slot.count, newest ? off_t(Self.slotBytes) : 0) == slot.count else {
            throw FileError("write \(path)")
        }
        guard fdatasync(descriptor) == 0 else { throw FileError.sync("fdatasync \(path)") }
    }

    private static func slot(_ content: Content) throws -> [UInt8] {
        let json = JSON.object([
            "origin": .string(content.origin), "size": .integer(content.size),
            "root": .string(Hex.encode(content.root)),
            "series": .object(content.series.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
        ]).bytes
        var slot = json + [10] + Array(Hex.encode(SHA256.hash(json)).utf8) + [10]
        guard slot.count < slotBytes else { throw StartError("the anchor has grown beyond \(slotBytes) bytes") }
        slot += [UInt8](repeating: UInt8(ascii: " "), count: slotBytes - 1 - slot.count) + [10]
        return slot
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
                    "the anchor \(path) is missing but the log holds \(state.size) entries; put the anchor back"
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
