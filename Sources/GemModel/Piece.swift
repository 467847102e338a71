/// One noun for everything a dealer registers: what the dealer says of it.
///
/// What gemd adds (id, version, status, findings, images, certificates, times) is
/// kept beside it, never inside, so that a document can be compared and patched.
public struct Piece: Hashable, Sendable {
    public enum Kind: String, Term {
        case stone, rough, pearl, pair, set, strand, parcel, jewellery, specimen
    }

    public struct Notes: Codable, Hashable, Sendable {
        public var `public`: Prose?
        public var buyer: Prose?
        /// Never leaves the dealer's own view.
        public var `private`: Prose?
    }

    public struct Origin: Codable, Hashable, Sendable {
        /// Country of origin in the customs sense.
        public var country: Country?
    }

    public struct Tier: Codable, Hashable, Sendable {
        public var min: Int
        public var price: Money
    }

    public struct Packed: Codable, Hashable, Sendable {
        public var weightG: Gram?
        /// Length, width, height.
        public var sizeMm: [Millimetre]?
    }

    public var kind: Kind
    public var stockNumber: StockNumber?
    public var title: Line?
    public var description: Prose?
    public var bullets: [Line]?
    public var keywords: [Line]?
    @Indirect public var notes: Notes?
    public var externalIds: [SchemeID]?
    public var location: Line?
    public var origin: Origin?
    public var price: Price?
    /// One a currency, beside `price`.
    public var prices: [Price]?
    /// What the dealer paid: seen by the dealer alone.
    @Indirect public var cost: Price?
    /// With freight and duty; like the two below seen by the dealer alone.
    @Indirect public var landedCost: Price?
    /// What it is sent out on memo for.
    @Indirect public var memoPrice: Price?
    /// Below it nothing is sold.
    @Indirect public var minimumPrice: Price?
    public var brand: Line?
    public var department: Line?
    public var gtin: Line?
    public var quantity: Int?
    public var moq: Int?
    public var tiers: [Tier]?
    public var leadTimeDays: Int?
    @Indirect public var packed: Packed?
    public var hs: Line?
    public var packagingText: Line?
    // The facts of its kind: exactly the member of that name is there.
    @Indirect public var stone: Stone?
    @Indirect public var rough: Rough?
    @Indirect public var pearl: Pearl?
    @Indirect public var pair: MatchedStones?
    @Indirect public var set: MatchedStones?
    @Indirect public var strand: Strand?
    @Indirect public var parcel: Parcel?
    @Indirect public var jewellery: Jewellery?
    @Indirect public var specimen: Specimen?
}

extension Piece: Membered {
    init() { self.init(kind: .stone) }

    public init(from decoder: any Decoder) throws { self = try Self.read(decoder) }
    public func encode(to encoder: any Encoder) throws { try write(encoder) }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws {
        try visitor.required("kind", &kind)
        try visitor.member("stockNumber", &stockNumber)
        try visitor.member("title", &title)
        try visitor.member("description", &description)
        try visitor.member("bullets", &bullets)
        try visitor.member("keywords", &keywords)
        try visitor.member("notes", &_notes)
        try visitor.member("externalIds", &externalIds)
        try visitor.member("location", &location)
        try visitor.member("origin", &origin)
        try visitor.member("price", &price)
        try visitor.member("prices", &prices)
        try visitor.member("cost", &_cost)
        try visitor.member("landedCost", &_landedCost)
        try visitor.member("memoPrice", &_memoPrice)
        try visitor.member("minimumPrice", &_minimumPrice)
        try visitor.member("brand", &brand)
        try visitor.member("department", &department)
        try visitor.member("gtin", &gtin)
        try visitor.member("quantity", &quantity)
        try visitor.member("moq", &moq)
        try visitor.member("tiers", &tiers)
        try visitor.member("leadTimeDays", &leadTimeDays)
        try visitor.member("packed", &_packed)
        try visitor.member("hs", &hs)
        try visitor.member("packagingText", &packagingText)
        try visitor.member("stone", &_stone)
        try visitor.member("rough", &_rough)
        try visitor.member("pearl", &_pearl)
        try visitor.member("pair", &_pair)
        try visitor.member("set", &_set)
        try visitor.member("strand", &_strand)
        try visitor.member("parcel", &_parcel)
        try visitor.member("jewellery", &_jewellery)
        try visitor.member("specimen", &_specimen)
    }
}

extension Piece {
    /// Members only gemd writes; a client that sends one is told so.
    public static let systemMembers: Set<String> = [
        "id", "version", "status", "findings", "images", "certificates", "createdAt", "updatedAt",
        "parent",
    ]

    /// Prices that nobody but the dealer sees.
    public static let privatePrices = ["cost", "landedCost", "memoPrice", "minimumPrice"]

    /// Reads and checks a piece as a client sends it.
    public init(document: JSON) throws(InvalidInput) { self = try Self.reading(document: document).piece }

    /// The same, with the text it is kept as: the client's own members in their order, respelled only where needed.
    public static func reading(document: JSON) throws(InvalidInput) -> (piece: Piece, text: String) {
        guard case .object(let members) = document else {
            throw InvalidInput("a piece is a JSON object", hint: "send {\"kind\":\"stone\",…}")
        }
        for member in members where systemMembers.contains(member.name) {
            throw InvalidInput("\"\(member.name)\" is set by gemd", hint: "leave it out", field: member.name)
        }
        let document = try document.withWeightInCarats().withTreatmentLetters()
        let (piece, respelled) = try Piece.reading(document)
        try piece.check()
        return (piece, respelled.text)
    }

    /// The stored form, already checked once.
    public init(stored: JSON) throws(InvalidInput) { try self.init(json: stored) }
}

extension Piece {
    /// Whether the member of that kind is there.
    func holds(_ kind: Kind) -> Bool {
        switch kind {
        case .stone: _stone.isThere
        case .rough: _rough.isThere
        case .pearl: _pearl.isThere
        case .pair: _pair.isThere
        case .set: _set.isThere
        case .strand: _strand.isThere
        case .parcel: _parcel.isThere
        case .jewellery: _jewellery.isThere
        case .specimen: _specimen.isThere
        }
    }
}
