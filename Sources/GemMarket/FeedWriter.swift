/// Writes one feed as chunks, a piece at a time, so that memory does not grow with the lot.
///
/// Pieces come in the order of ``Listing/sortKey``; the bytes then depend on the pieces alone.
/// Every piece is answered: listed, held with its findings, or withdrawn.
package struct FeedWriter: Sendable {
    package enum Outcome: Hashable, Sendable {
        case listed([UInt8], findings: [Readiness])
        case held([Readiness])
        /// Left out of a file that replaces the last one; the bytes say so where a market wants it said.
        case withdrawn([UInt8])

        package var bytes: [UInt8] {
            switch self {
            case .listed(let bytes, findings: _), .withdrawn(let bytes): bytes
            case .held: []
            }
        }
    }

    package enum Failure: Error, Hashable {
        case outOfOrder(sku: String, after: String)
    }

    package let market: any Market
    package private(set) var listed = 0
    package private(set) var held = 0
    package private(set) var withdrawn = 0
    private var last: Listing.SortKey?
    private var lastListedSKU: String?

    package init(_ market: any Market) { self.market = market }

    package func begin(_ channel: Channel) -> [UInt8] { market.header(channel) }

    /// Throws when a piece does not come after the one before it.
    package mutating func add(_ listing: Listing) throws(Failure) -> Outcome {
        let key = listing.sortKey
        if let last, !(last < key) { throw .outOfOrder(sku: key.sku, after: last.sku) }
        last = key
        guard listing.status != .withdrawn else {
            withdrawn += 1
            return .withdrawn(market.withdrawal(of: listing))
        }
        let entry = market.entry(for: listing)
        guard let bytes = entry.bytes else {
            held += 1
            return .held(entry.findings)
        }
        if key.folded == lastListedSKU {
            held += 1
            var twin = Inspection(listing, market: market.name)
            twin.block(
                "stockNumber", "duplicate-id", "another piece in this feed is called \(key.sku) too",
                hint: "give one of them another stock number; capitals do not tell them apart", .uniqueID)
            return .held(entry.findings + twin.findings)
        }
        lastListedSKU = key.folded
        listed += 1
        return .listed(bytes, findings: entry.findings)
    }

    package func end() -> [UInt8] { market.footer() }
}

extension Readiness.Rule {
    static let uniqueID = Self("gemd: one name, one piece", date: "2026-11-21")
}
