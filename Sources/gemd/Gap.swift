import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel

/// A gap that an operator accepted: the database was restored from a backup older than its anchor, and what
/// was issued in between is lost.
///
/// The lost entries cannot be made again, and the log's key must never sign a smaller or another tree under
/// the same name. So the log is closed as the backup holds it, and a new one, with a new key and name, begins
/// with an entry that says so. `gemd restore` has no keys, so it only puts the gap on record; the first
/// `gemd serve` with keys opens the new log. Each step of that may be repeated.
struct Gap: Sendable {
    /// What the anchor knew. No later anchor is passed over.
    let anchor: Anchor.Content
    let acceptedAt: String
    let reason: String
    /// Of the log that is to begin.
    let name: LogName

    /// More than could be reserved or logged without being anchored yet when the state was lost: the log is at
    /// most one batch ahead of its anchor, and a request under way holds one number.
    private static let unanchored = 10_000
    /// An entry has at most 65,535 bytes. Requests under way at the backup are far fewer.
    private static let mostNamed = 1000

    // MARK: - At the restore

    /// Puts the gap between a restored database and its anchor on record. Throws when there is none.
    static func accept(_ reason: Line, _ inventory: Inventory, _ anchor: Anchor) async throws -> Gap {
        let state = try await inventory.logState()
        guard let known = try anchor.read() else {
            throw StartError(
                "there is no anchor at \(anchor.path), so nothing says that there is a gap; restore without --accept-gap"
            )
        }
        guard let name = LogName(origin: known.origin), let stored = LogName(origin: state.origin),
            name.base == stored.base
        else {
            throw StartError("the anchor \(anchor.path) belongs to the log \(known.origin), this is \(state.origin)")
        }
        guard (stored.number, state.size) < (name.number, known.size) else {
            _ = try await anchor.check(inventory)
            throw StartError(
                """
                there is no gap: the backup holds all \(known.size) log entries that the anchor \(anchor.path) knows of; \
                restore without --accept-gap
                """)
        }
        let time = inventory.time.description
        let document = JSON.object([
            "acceptedAt": .string(time), "anchor": known.json, "reason": .string(reason.text),
        ])
        try await inventory.acceptGap(document.text)
        return Gap(anchor: known, acceptedAt: time, reason: reason.text, name: name.next)
    }

    /// The gap that waits for its new log, if there is one.
    static func accepted(_ inventory: Inventory) async throws -> Gap? {
        guard let text = try await inventory.acceptedGap() else { return nil }
        guard let json = try? JSON(parsing: text),  // we wrote it
            let anchor = Anchor.Content(json["anchor"]), let acceptedAt = json["acceptedAt"]?.string,
            let reason = json["reason"]?.string, let name = LogName(origin: anchor.origin)
        else { throw StartError("the accepted gap in the database cannot be read; restore again") }
        return Gap(anchor: anchor, acceptedAt: acceptedAt, reason: reason, name: name.next)
    }

    /// Nothing may have been issued elsewhere since the gap was accepted.
    func check(_ content: Anchor.Content?, at path: String) throws {
        guard content == anchor else {
            throw StartError(
                "the anchor \(path) is not the one for which the gap was accepted; restore the newest backup again")
        }
    }

    // MARK: - At the first start with keys

    /// Closes the log and opens the next: key, public files, database, anchor, in this order. A crash
    /// before the database's commit repeats it all with the same key; after it, the anchor is brought forward.
    func open(_ state: StateDirectory, _ inventory: Inventory, settings: Settings, issuer: PartyRecord) async throws {
        let anchorFile = settings.anchor
        try check(try anchorFile.read(), at: anchorFile.path)
        let present = try await inventory.logState()
        // All keys that issue must be there and open, so that the new one is kept under the same passphrase.
        _ = try Seal.read(state, origin: present.origin)
        let key = try makeKey(state)
        let series = try await series(inventory, issuer: issuer.code)
        let gap = LogGap(
            acceptedAt: acceptedAt, backup: present.known,
            anchor: .init(origin: anchor.origin, size: anchor.size, root: anchor.root), series: series.map(\.public),
            unfinished: try await inventory.unfinishedCertificates().prefix(Self.mostNamed).map(\.serial),
            reason: reason)
        let milliseconds = inventory.time.microseconds / 1000
        let entry = gap.entry(at: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
        var head = TreeHead()
        let tiles = head.append([entry.leafHash])
        let checkpoint = Checkpoint(origin: name.origin, size: head.size, root: head.root)
        let opened = LogState(
            log: name.number, origin: name.origin, size: head.size, root: head.root,
            checkpoint: try checkpoint.signed(by: key))
        try await inventory.open(
            LogOpening(
                state: opened, entry: .init(serial: entry.serial, data: entry.bytes, leafHash: entry.leafHash),
                tiles: tiles.map { .init(level: $0.address.level, index: $0.address.index, hashes: $0.hashes) },
                series: Dictionary(uniqueKeysWithValues: series.map { ($0.stored, $0.last) })),
            after: present, by: Actor(party: issuer.id, member: "gemd"))
        try anchorFile.write(
            .init(opened, series: try await inventory.certificateSeries()))
    }

    /// The new log's key, durable and published before anything is signed with it; the one of an opening that
    /// was broken off is taken again.
    private func makeKey(_ state: StateDirectory) throws -> PrivateKey {
        let passphrase = try Seal.passphrase()
        let path = "\(state.keys)/\(name.keyFile)"
        if !FileManager.default.fileExists(atPath: path) {
            try StateDirectory.write(try Ceremony.makeLogKey(passphrase: passphrase), to: path, mode: 0o600)
        }
        var keys = try Seal.logKeys(state)
        // Also of logs in between, opened and lost again after this backup, if their keys were kept.
        for each in name.untilHere where !keys.contains(where: { $0.name == each.origin }) {
            let path = "\(state.keys)/\(each.keyFile)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            keys.append(try NoteKey(name: each.origin, publicKey: Self.key(path, passphrase).publicKey))
        }
        guard let keySet = FileManager.default.contents(atPath: "\(state.pki)/keys.json"),
            let json = try? JSON(parsing: Array(keySet))  // whatever is wrong with it, a backup has it right
        else { throw StartError("\(state.pki)/keys.json cannot be read; restore it from a backup") }
        for file in try Ceremony.logFiles(keys, keySet: json) {
            try StateDirectory.write(file.bytes, to: "\(state.pki)/\(file.name)", mode: 0o644)
        }
        return try Self.key(path, passphrase)
    }

    private static func key(_ path: String, _ passphrase: String?) throws -> PrivateKey {
        guard let data = FileManager.default.contents(atPath: path) else { throw FileError("read \(path)") }
        do { return try PrivateKey(pem: Array(data), passphrase: passphrase) } catch {
            throw StartError("\(path) cannot be read: \(error); is key-passphrase the right one?")
        }
    }

    /// Each certificate series, moved past every number that can have been given.
    private func series(
        _ inventory: Inventory, issuer: String
    ) async throws -> [(stored: String, last: Int, public: LogGap.Series)] {
        let backup = try await inventory.certificateSeries()
        // This year's own may have begun in the batch that was not anchored.
        let thisYear = Issuing.series(.declaration, year: inventory.time.year % 100)
        return Set(backup.keys).union(anchor.series.keys).union([thisYear]).sorted().map { name in
            let (kept, known) = (backup[name] ?? 0, anchor.series[name] ?? 0)
            let last = max(kept, known) + Self.unanchored
            return (
                name, last,
                LogGap.Series(
                    name: "\(issuer)-\(name.split(separator: "/").last ?? "")",
                    lost: known > kept ? kept + 1...known : nil, next: last + 1)
            )
        }
    }
}

extension LogState {
    var known: LogGap.Known { .init(origin: origin, size: size, root: root) }
}

extension Inventory {
    /// The gap that a log begins with; nil for the first log.
    func gap(of log: LogState) async throws -> LogGap? {
        try await logEntries(of: log.log, from: 0, count: 1).first.flatMap { LogGap(entry: $0) }
    }
}
