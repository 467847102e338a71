import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Synchronization

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
        /// The last states of logs that ended with a gap, as they were known here.
        var closed: [LogGap.Known] = []

        init(_ state: LogState, series: [String: Int]) {
            (origin, size, root) = (state.origin, state.size, state.root)
            self.series = series
        }

        init?(_ json: JSON?) {
            guard let known = LogGap.Known(json) else { return nil }
            (origin, size, root) = (known.origin, known.size, known.root)
            series = (json?["series"]?.members ?? []).reduce(into: [:]) { $0[$1.name] = $1.value.integer }
            closed = (json?["closed"]?.elements ?? []).compactMap { LogGap.Known($0) }
        }

        var json: JSON {
            .object([
                "origin": .string(origin), "size": .integer(size), "root": .string(Hex.encode(root)),
                "series": .object(series.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
                "closed": closed.isEmpty ? nil : .array(closed.map(\.json)),
            ])
        }

        /// A later log is newer whatever its size.
        fileprivate var age: (Int, Int) { (LogName(origin: origin)?.number ?? 0, size) }
    }

    let path: String
    /// What was last found in the file, so that the same bytes need not be read again.
    private let seen = Seen()

    init(path: String) { self.path = path }

    private final class Seen: Sendable {
        let file = Mutex<(bytes: [UInt8], slots: [Content?])?>(nil)
    }

    /// Two slots, written in turn and synced, so that a power cut spoils at most the one that was not
    /// yet relied on. Each holds a line of JSON and the line's SHA-256, filled up with spaces.
    private static let slotBytes = 4096

    /// The newer of the two slots; nil when there is no file.
    func read() throws -> Content? { try readWhole()?.content }

    /// The same, and whether the other slot is damaged: a power cut, which spoils the slot being written, does that
    /// only after its batch was committed.
    private func readWhole() throws -> (content: Content, isHalf: Bool)? {
        guard let slots = try slots() else { return nil }
        guard let newest = slots.compactMap({ $0 }).max(by: { $0.age < $1.age }) else {
            throw StartError("the anchor \(path) is damaged; compare it with the last published checkpoint")
        }
        return (newest, slots.contains { $0 == nil })
    }

    private func slots() throws -> [Content?]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw StartError("the anchor \(path) cannot be read") }
            return nil
        }
        defer { close(descriptor) }
        return try slots(descriptor)
    }

    private func slots(_ descriptor: CInt) throws -> [Content?] {
        var bytes = [UInt8](repeating: 0, count: 2 * Self.slotBytes)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw StartError("the anchor \(path) cannot be read") }
        bytes.removeLast(bytes.count - count)
        return seen.file.withLock { seen in
            if let seen, seen.bytes == bytes { return seen.slots }
            let slots = [0, 1].map { Self.content(Array(bytes.dropFirst($0 * Self.slotBytes).prefix(Self.slotBytes))) }
            seen = (bytes, slots)
            return slots
        }
    }

    private static func content(_ slot: [UInt8]) -> Content? {
        let lines = slot.split(separator: 10, maxSplits: 2)
        guard lines.count >= 2, Hex.encode(SHA256.hash(Array(lines[0]))) == String(decoding: lines[1], as: UTF8.self),
            // A slot whose hash holds was written whole, by us.
            let json = try? JSON(parsing: Array(lines[0]))
        else { return nil }
        return Content(json)
    }

    /// Makes the file with its first content.
    func begin(_ content: Content) throws {
        try StateDirectory.write(try Self.slot(content) + Self.slot(content), to: path, mode: 0o600)
    }

    /// Writes over the older slot; durable when this returns. What was known of logs that ended stays.
    ///
    /// - Returns: whether the file was found as it was left, or was read here for the first time.
    /// - Throws: when it holds a later state than this one, which nobody but we can have come to.
    @discardableResult
    func write(_ content: Content) throws -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw FileError("open \(path)") }
            let isNew = seen.file.withLock { $0 == nil }
            try begin(content)
            return isNew
        }
        defer { close(descriptor) }
        let known = seen.file.withLock { $0?.bytes }
        let slots = try slots(descriptor)
        let isAsLeft = known == nil || seen.file.withLock { $0?.bytes } == known
        if let later = slots.compactMap({ $0 }).first(where: { $0.age > content.age }) {
            throw StartError(
                "the anchor \(path) knows of \(later.size) log entries of \(later.origin), the database has \(content.size): stop here and find out who wrote it"
            )
        }
        let newest = slots[0].map { first in slots[1].map { first.age >= $0.age } ?? true } ?? false
        var content = content
        if let last = newest ? slots[0] : slots[1] {
            content.closed = last.closed
            if last.origin != content.origin {
                content.closed.append(.init(origin: last.origin, size: last.size, root: last.root))
            }
        }
        let slot = try Self.slot(content)
        guard pwrite(descriptor, slot, slot.count, newest ? off_t(Self.slotBytes) : 0) == slot.count else {
            throw FileError("write \(path)")
        }
        guard fdatasync(descriptor) == 0 else { throw FileError.sync("fdatasync \(path)") }
        seen.file.withLock { seen in
            let place = newest ? 1 : 0
            guard seen?.bytes.count == 2 * Self.slotBytes else { return seen = nil }
            seen?.bytes.replaceSubrange(place * Self.slotBytes..<(place + 1) * Self.slotBytes, with: slot)
            seen?.slots[place] = content
        }
        return isAsLeft
    }

    private static func slot(_ content: Content) throws -> [UInt8] {
        let json = content.json.bytes
        var slot = json + [10] + Array(Hex.encode(SHA256.hash(json)).utf8) + [10]
        guard slot.count < slotBytes else { throw StartError("the anchor has grown beyond \(slotBytes) bytes") }
        slot += [UInt8](repeating: UInt8(ascii: " "), count: slotBytes - 1 - slot.count) + [10]
        return slot
    }

    /// Compares the database with the anchor before anything is served (certificates.md §6, "At start").
    ///
    /// A gap that was accepted and waits for its new log passes while the anchor is still the one it was accepted for.
    ///
    /// `isServing` says that a daemon goes on issuing meanwhile; then the database may be any number of batches ahead.
    ///
    /// - Returns: whether the anchor must be brought forward by the one batch that was committed
    ///   when the last run ended.
    func check(_ inventory: Inventory, isServing: Bool = false) async throws -> Bool {
        // Before the database: what is issued between the two looks is then no rollback.
        let read = try readWhole()
        let content = read?.content
        if let gap = try await Gap.accepted(inventory) {
            try gap.check(content, at: path)
            return false
        }
        let state = try await inventory.logState()
        guard let content else {
            guard state.size == 0 else {
                throw StartError(
                    "the anchor \(path) is missing but the log holds \(state.size) entries; put the anchor back"
                )
            }
            return true
        }
        guard content.origin == state.origin else { return try await follows(content, state, inventory) }
        guard state.size >= content.size else {
            throw StartError(
                """
                the database is older than its anchor: it holds \(state.size) log entries, the anchor \(path) knows of \
                \(content.size). It was set back, or restored from an old backup. Restore a newer one, or accept the \
                loss with `gemd restore --accept-gap`
                """)
        }
        if state.size == content.size {
            guard state.root == content.root else {
                throw StartError(
                    "the database and its anchor \(path) hold two different logs of \(state.size) entries (a fork); issuing stops here"
                )
            }
            guard read?.isHalf != true else {
                throw StartError(
                    """
                    half of the anchor \(path) is damaged, and the database is no newer than the other half: it may have \
                    been set back. Put a sound copy of the anchor back. Without one, look at the last published \
                    checkpoint: when it too holds \(state.size) entries, copy the sound half (4,096 bytes) over the other
                    """)
            }
            return false
        }
        let later = try await inventory.checkpoints(of: state.log, after: content.size)
        guard later == [state.size] || isServing else {
            throw StartError(
                "the anchor \(path) is more than one batch behind the database; it was set back or is not being written"
            )
        }
        let root = try await LogTree(inventory, log: state.log).root(size: content.size)
        guard root == content.root else {
            throw StartError(
                "the log in the database does not continue the one in its anchor \(path) (a fork); issuing stops here")
        }
        return true
    }

    /// A database of another log than the anchor's: right only just after a gap was closed, when the new log
    /// holds its first entry alone and that names what stands here.
    private func follows(_ content: Content, _ state: LogState, _ inventory: Inventory) async throws -> Bool {
        guard let known = LogName(origin: content.origin), let stored = LogName(origin: state.origin),
            known.base == stored.base
        else { throw StartError("the anchor \(path) belongs to the log \(content.origin), this is \(state.origin)") }
        guard stored.number > known.number else {
            throw StartError(
                """
                the database is older than its anchor: its last log is \(state.origin), the anchor \(path) knows of \
                \(content.origin). It was set back, or restored from an old backup. Restore a newer one, or accept the \
                loss with `gemd restore --accept-gap`
                """)
        }
        guard state.size == 1, let gap = try await inventory.gap(of: state),
            gap.anchor == .init(origin: content.origin, size: content.size, root: content.root)
        else {
            throw StartError(
                "the anchor \(path) is still that of \(content.origin), the database has come to \(state.origin); it was set back"
            )
        }
        return true
    }
}
