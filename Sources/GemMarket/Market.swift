/// One marketplace's feed: what it asks of a piece and how a line is written.
///
/// Callers may assume: pure and deterministic, so the same listing always gives the same
/// entry. Conformers must: write nothing for a piece with a blocker; never guess, shorten
/// or drop a value without a finding; keep elements in a fixed order; put no time into the file.
package protocol Market: Sendable {
    /// As in addresses and on the command line: `google`.
    var name: String { get }
    /// As people call it: "Google".
    var title: String { get }
    var fileName: String { get }
    var mediaType: String { get }

    /// The findings of a piece and, without a blocker among them, its bytes in the file.
    func entry(for listing: Listing) -> Entry
    /// What a full file says of a piece that left the market; empty where leaving it out is enough.
    func withdrawal(of listing: Listing) -> [UInt8]
    func header(_ channel: Channel) -> [UInt8]
    func footer() -> [UInt8]
}

/// What stands at the head of a feed.
package struct Channel: Hashable, Sendable {
    package var title: String
    /// The public address of whoever lists the pieces.
    package var link: String
    package var description: String

    package init(title: String, link: String, description: String) {
        self.title = title
        self.link = link
        self.description = description
    }
}

/// One piece in one market.
package struct Entry: Hashable, Sendable {
    package var findings: [Readiness]
    /// Nil when a blocker holds the piece back.
    package var bytes: [UInt8]?
}

extension Market {
    package func readiness(_ listing: Listing) -> [Readiness] { entry(for: listing).findings }

    package func withdrawal(of listing: Listing) -> [UInt8] { [] }
}

/// The markets gemd writes feeds for. A new one is a file in Feeds/ and its name here.
package enum Markets {
    package static let all: [any Market] = [
        GoogleFeed()
    ]

    package static func named(_ name: String) -> (any Market)? { all.first { $0.name == name } }
}
