/// One noun for everything a dealer registers: what the dealer says of it.
///
/// What gemd adds (id, version, status, findings, images, certificates, times) is
/// kept beside it, never inside, so that a document can be compared and patched.
public struct Piece: Codable, Hashable, Sendable {
    public enum Kind: String, Code {
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
    public var notes: Notes?
    public var externalIds: [SchemeID]?
    public var location: Line?
    public var origin: Origin?
    public var price: Price?
    /// One a currency, beside `price`.
    public var prices: [Price]?
    /// What the dealer paid: seen by the dealer alone.
    public var cost: Price?
    public var brand: Line?
    public var department: Line?
    public var gtin: Line?
    public var quantity: Int?
    public var moq: Int?
    public var tiers: [Tier]?
    public var leadTimeDays: Int?
    public var packed: Packed?
    public var hs: Line?
    public var packagingText: Line?
    public var stone: Stone?
    public var jewellery: Jewellery?
}

extension Piece {
    /// Members only gemd writes; a client that sends one is told so.
    public static let systemMembers: Set<String> = [
        "id", "version", "status", "findings", "images", "certificates", "createdAt", "updatedAt",
    ]

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
        let document = try document.withWeightInCarats()
        let (piece, isRespelled) = try Piece.reading(document)
        try piece.check()
        return (piece, isRespelled ? piece.jsonText : document.text)
    }

    /// The stored form, already checked once.
    public init(stored: JSON) throws(InvalidInput) { try self.init(json: stored) }

    private func check() throws(InvalidInput) {
        switch kind {
        case .stone:
            guard stone != nil else {
                throw InvalidInput(
                    "a stone needs its facts", hint: "add \"stone\":{…} with species and weight", field: "stone")
            }
            try refuse(jewellery, "jewellery")
        case .jewellery:
            guard let jewellery else {
                throw InvalidInput(
                    "a piece of jewellery needs its facts", hint: "add \"jewellery\":{…}", field: "jewellery")
            }
            try refuse(stone, "stone")
            do { try jewellery.check() } catch { throw error.at("jewellery") }
        case .rough, .pearl, .pair, .set, .strand, .parcel, .specimen:
            throw InvalidInput(
                "pieces of kind \"\(kind.rawValue)\" cannot be registered yet",
                hint: "this release takes stone and jewellery",
                field: "kind")
        }
        if let treatments = stone?.treatments { try check(treatments, at: "stone.treatments") }
        if let tone = stone?.colour?.tone, !(0...10).contains(tone) {
            throw InvalidInput("a tone of \(tone) cannot be", hint: "write 0 to 10", field: "stone.colour.tone")
        }
        if let saturation = stone?.colour?.saturation, !(1...6).contains(saturation) {
            throw InvalidInput(
                "a saturation of \(saturation) cannot be", hint: "write 1 to 6", field: "stone.colour.saturation")
        }
        if let ri = stone?.tests?.ri, ri.count != 2 || ri[0] > ri[1] {
            throw InvalidInput(
                "RI needs a low and a high reading", hint: "write [\"1.577\",\"1.584\"]", field: "stone.tests.ri")
        }
        for (name, value) in [("quantity", quantity), ("moq", moq), ("leadTimeDays", leadTimeDays)] {
            if let value, value < 0 || value > 1_000_000 {
                throw InvalidInput("\(name) cannot be \(value)", hint: "write 0 or more", field: name)
            }
        }
        if let price { try check(price, at: "price") }
        if let cost { try check(cost, at: "cost") }
        for (index, price) in (prices ?? []).enumerated() { try check(price, at: "prices[\(index)]") }
    }

    private func refuse(_ block: (some Any)?, _ name: String) throws(InvalidInput) {
        guard block != nil else { return }
        throw InvalidInput(
            "a piece of kind \"\(kind.rawValue)\" has no \"\(name)\"", hint: "take it out, or correct kind", field: name
        )
    }

    private func check(_ treatments: [Treatment], at field: String) throws(InvalidInput) {
        guard let first = treatments.first else {
            throw InvalidInput(
                "an empty list of treatments says nothing", hint: "write NT if nobody tested", field: field)
        }
        if treatments.count > 1, treatments.contains(where: { [.NONE, .NT].contains($0.code) }) {
            throw InvalidInput(
                "\(first.code.rawValue) stands beside another treatment", hint: "keep NONE or NT alone, or take it out",
                field: field)
        }
    }

    private func check(_ price: Price, at field: String) throws(InvalidInput) {
        guard price.total != nil || price.perCarat != nil else {
            throw InvalidInput("a price needs total or perCarat", hint: "add one of them", field: field)
        }
        if let total = price.total, let perCarat = price.perCarat, total.currency != perCarat.currency {
            throw InvalidInput("total and perCarat are in two currencies", hint: "use one", field: field)
        }
    }
}

// MARK: - What lists are searched and sorted by

extension Piece {
    public var weight: Carat? { stone?.weightCt?.value }
    public var species: String? { stone?.species?.value.code }
    public var variety: String? { stone?.variety?.value.text }
    public var shape: String? { stone?.shape?.value.rawValue }
    /// For diamonds the grade, else the words.
    public var colour: String? { stone?.diamond?.colour?.value.rawValue ?? stone?.colour?.text?.value.text }
    public var clarity: String? { stone?.diamond?.clarity?.value.rawValue ?? stone?.clarity?.value.rawValue }
    public var totalPrice: Money? { price?.total(weight: weight) }
}
