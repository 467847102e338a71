package import GemModel

/// One piece as a market sees it: everything a feed line is made of, handed in by the daemon.
package struct Listing: Hashable, Sendable {
    /// Where a piece stands, seen from a buyer.
    package enum Status: String, Code {
        case available
        /// Promised, on memo, at a laboratory or on its way: real, but not to be bought now.
        case reserved
        case sold
        /// Taken back, or lost, stolen, destroyed: out of every market.
        case withdrawn
    }

    package struct Image: Hashable, Sendable {
        /// The public address of the 1200 px derivative.
        package var url: String
        package var originalWidth: Int
        package var originalHeight: Int
        /// The derivative's size, which is what a market fetches.
        package var width: Int
        package var height: Int
        package var role: String?
        /// The file decoded with warnings.
        package var isSuspect: Bool

        package init(
            url: String, originalWidth: Int, originalHeight: Int, width: Int, height: Int, role: String? = nil,
            isSuspect: Bool = false
        ) {
            self.url = url
            self.originalWidth = originalWidth
            self.originalHeight = originalHeight
            self.width = width
            self.height = height
            self.role = role
            self.isSuspect = isSuspect
        }
    }

    package struct Certificate: Hashable, Sendable {
        package var number: String
        package var certificateClass: CertificateClass
        /// The public verify page.
        package var url: String?
        package var status: CertificateStatus

        package init(number: String, certificateClass: CertificateClass, url: String? = nil, status: CertificateStatus)
        {
            self.number = number
            self.certificateClass = certificateClass
            self.url = url
            self.status = status
        }
    }

    /// The dealer's code, 2–12 of A–Z 0–9.
    package var dealer: String
    package var dealerName: String
    /// The piece's id.
    package var piece: String
    package var version: Int
    package var status: Status
    package var facts: Piece
    /// In the order they should be shown.
    package var images: [Image]
    package var certificates: [Certificate]
    /// The public page `/p/{dealer}/{stock}`.
    package var link: String?
    /// The party's account at this market, as stored.
    package var account: JSON
    /// Pieces that mounted stones refer to, by the text of the reference.
    package var mounted: [String: Piece]
    /// Of a piece whose price follows its metal: what `facts.price` is made of.
    package var quote: Quote?
    /// Why such a piece has no price.
    package var unquoted: InvalidInput?
    /// The number of an open conflict case: another party has a live piece with the same report, tag or photograph.
    package var openCase: Int?

    package init(
        dealer: String, dealerName: String, piece: String, version: Int, status: Status, facts: Piece,
        images: [Image] = [],
        certificates: [Certificate] = [], link: String? = nil, account: JSON = .object([]),
        mounted: [String: Piece] = [:], openCase: Int? = nil
    ) {
        self.dealer = dealer
        self.dealerName = dealerName
        self.piece = piece
        self.version = version
        self.status = status
        self.facts = facts
        self.images = images
        self.certificates = certificates
        self.link = link
        self.account = account
        self.mounted = mounted
        self.openCase = openCase
    }
}

extension Listing {
    /// The one name of a piece across dealers, in every market: `DEALER-STOCK`.
    ///
    /// A dealer's code holds no hyphen, so the first one parts the two and no two dealers'
    /// names can meet. At most 45 characters; nil without a stock number.
    package var sku: String? { facts.stockNumber.map { "\(dealer)-\($0)" } }

    /// What feeds are sorted by and what must be unique: stock numbers that differ in case alone are one.
    package var sortKey: SortKey { SortKey(folded: (sku ?? "").lowercased(), sku: sku ?? "", piece: piece) }

    package struct SortKey: Hashable, Comparable, Sendable {
        package var folded: String
        package var sku: String
        package var piece: String

        package static func < (a: Self, b: Self) -> Bool {
            if a.folded != b.folded { return a.folded.utf8.lexicographicallyPrecedes(b.folded.utf8) }
            if a.sku != b.sku { return a.sku.utf8.lexicographicallyPrecedes(b.sku.utf8) }
            return a.piece.utf8.lexicographicallyPrecedes(b.piece.utf8)
        }
    }

    package var stones: [DisclosedStone] { facts.disclosedStones { mounted[$0] } }

    /// The best of the living reports; a declaration and a check back nothing.
    package var backing: Disclosure.Backing {
        Disclosure.Backing(livingReports: certificates.filter { $0.status == .valid }.map(\.certificateClass))
    }

    package var disclosure: Disclosure { Disclosure(of: stones, backing: backing) }
}
