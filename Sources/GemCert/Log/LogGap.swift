package import FoundationEssentials
import GemCrypto
package import GemModel

/// What the first entry of a log says after a gap: which log ended, how much of it is left and how much there
/// was, which numbers are lost, and why. It is public.
package struct LogGap: Hashable, Sendable {
    /// A log's name, size and root at some time.
    package struct Known: Hashable, Sendable {
        package var origin: String
        package var size: Int
        package var root: [UInt8]

        package init(origin: String, size: Int, root: [UInt8]) {
            self.origin = origin
            self.size = size
            self.root = root
        }

        package var json: JSON {
            .object([
                "origin": .string(origin), "root": .string(Hex.encode(root)), "size": .integer(size),
            ])
        }

        package init?(_ json: JSON?) {
            guard let origin = json?["origin"]?.string, let size = json?["size"]?.integer,
                let root = (json?["root"]?.string).flatMap({ Hex.decode($0) }), root.count == SHA256.byteCount
            else { return nil }
            self.init(origin: origin, size: size, root: root)
        }
    }

    /// How a series of serials goes on.
    package struct Series: Hashable, Sendable {
        /// `GGAPCP-26D`.
        package var name: String
        /// Given after the backup and lost with the log; nil when none was.
        package var lost: ClosedRange<Int>?
        /// The next to be given.
        package var next: Int

        package init(name: String, lost: ClosedRange<Int>?, next: Int) {
            self.name = name
            self.lost = lost
            self.next = next
        }

        var json: JSON {
            .object([
                "first": lost.map { .integer($0.lowerBound) }, "last": lost.map { .integer($0.upperBound) },
                "next": .integer(next), "series": .string(name),
            ])
        }

        init?(_ json: JSON) {
            guard let name = json["series"]?.string, let next = json["next"]?.integer else { return nil }
            self.init(name: name, lost: nil, next: next)
            if let first = json["first"]?.integer, let last = json["last"]?.integer, first <= last {
                lost = first...last
            }
        }
    }

    package var acceptedAt: String
    /// The log as the backup holds it; it is closed at this.
    package var backup: Known
    /// The last log as its anchor knows it: what was there before the loss.
    package var anchor: Known
    package var series: [Series]
    /// Serials that the backup holds reserved but not issued: nobody knows what became of them.
    package var unfinished: [String]
    /// The operator's.
    package var reason: String

    package init(
        acceptedAt: String, backup: Known, anchor: Known, series: [Series], unfinished: [String], reason: String
    ) {
        self.acceptedAt = acceptedAt
        self.backup = backup
        self.anchor = anchor
        self.series = series
        self.unfinished = unfinished
        self.reason = reason
    }

    /// In canonical order.
    package var json: JSON {
        .object([
            "acceptedAt": .string(acceptedAt), "anchor": anchor.json, "backup": backup.json, "reason": .string(reason),
            "series": .array(series.map(\.json)), "unfinished": .array(unfinished.map { .string($0) }),
        ])
    }

    /// Of the gap's canonical JSON.
    package var sha256: [UInt8] { SHA256.hash(json.bytes) }

    /// The gap in a log's first entry; nil when that is none.
    package init?(entry: [UInt8]) {
        guard let json = try? JSON(parsing: entry),  // what is no JSON is no gap
            json["kind"]?.string == LogEntry.Kind.gap.rawValue, let gap = json["gap"],
            let acceptedAt = gap["acceptedAt"]?.string, let backup = Known(gap["backup"]),
            let anchor = Known(gap["anchor"]), let reason = gap["reason"]?.string,
            let series = gap["series"]?.elements, let unfinished = gap["unfinished"]?.elements
        else { return nil }
        self.init(
            acceptedAt: acceptedAt, backup: backup, anchor: anchor, series: series.compactMap { Series($0) },
            unfinished: unfinished.compactMap(\.string), reason: reason)
        guard json["sha256"]?.string == Hex.encode(sha256) else { return nil }
    }

    /// The new log's first entry. Its `serial` is the name of the log that ended.
    package func entry(at: Date) -> LogEntry {
        LogEntry(at: at, kind: .gap, serial: backup.origin, sha256: sha256, gap: self)
    }
}
