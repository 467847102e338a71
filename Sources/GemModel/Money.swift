/// An amount in one currency: whole minor units (ISO 4217).
///
/// JSON: `{"amount":"1250.00","currency":"USD"}`; written with all decimals the
/// currency has, so yen carry none and Kuwaiti dinars three.
public struct Money: Codable, Hashable, Sendable {
    public let minorUnits: Int64
    public let currency: String

    private enum CodingKeys: String, CodingKey {
        case amount, currency
    }

    public init(minorUnits: Int64, currency: String) throws(InvalidInput) {
        guard Self.decimals(of: currency) != nil else {
            throw InvalidInput(
                "\"\(currency.prefix(40))\" is not a currency",
                hint: "write three capital letters of ISO 4217, such as PKR")
        }
        self.minorUnits = minorUnits
        self.currency = currency
    }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        let currency = try box.decode(String.self, forKey: .currency)
        let amount = try box.decode(String.self, forKey: .amount)
        func path(_ member: String) -> String { Path.text(decoder.codingPath + [Path.Step(member)]) }
        let probe: Money
        do { probe = try Money(minorUnits: 0, currency: currency) } catch { throw error.at(path("currency")) }
        let decimals = probe.decimals
        guard let (units, _) = readDecimal(amount, decimals: decimals), units <= 100_000_000_000_000 else {
            throw InvalidInput(
                "\"\(amount.prefix(40))\" is not an amount in \(currency)",
                hint:
                    "write digits and at most \(decimals) decimals, such as \"\(decimals == 0 ? "1250" : "1250.00")\"",
                field: path("amount"))
        }
        self.init(checked: units, currency: currency)
        if self.amount != amount, let path = (decoder as? Node)?.path {
            path.noteRespelling(as: self.amount, below: ["amount"])
        }
    }

    private init(checked units: Int64, currency: String) {
        minorUnits = units
        self.currency = currency
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: CodingKeys.self)
        try box.encode(amount, forKey: .amount)
        try box.encode(currency, forKey: .currency)
    }

    public var decimals: Int { Self.decimals(of: currency) ?? 2 }

    /// `1250.00`: point decimal, no grouping.
    public var amount: String { writeDecimal(minorUnits, stored: decimals, shown: decimals) }

    private static func decimals(of currency: String) -> Int? { Currency.table[currency]?.decimals }
}

/// What a piece is asked for, in one currency: for the whole or per carat.
public struct Price: Hashable, Sendable {
    public var total: Money?
    public var perCarat: Money?
    /// Of a piece of jewellery: it follows its metals' rates instead (``Piece/quote(in:upTo:rates:)``).
    public var metalLinked: Bool?

    public init(total: Money? = nil, perCarat: Money? = nil) {
        self.total = total
        self.perCarat = perCarat
    }

    /// Nil when it follows the metal.
    var currency: String? { (total ?? perCarat)?.currency }

    /// The price of the whole: as said, or per carat × weight, rounded half up.
    public func total(weight: Carat?) -> Money? {
        if let total { return total }
        guard let perCarat, let weight else { return nil }
        let (high, low) = perCarat.minorUnits.multipliedFullWidth(by: weight.units)
        guard high < 25_000 else { return nil }
        var (quotient, rest) = Int64(100_000).dividingFullWidth((high, low))
        if rest >= 50_000 { quotient += 1 }
        rest = 0
        return try? Money(minorUnits: quotient, currency: perCarat.currency)  // the currency was checked when read
    }
}

extension Price: Membered {
    init() { self.init(total: nil) }

    public init(from decoder: any Decoder) throws { self = try Self.read(decoder) }
    public func encode(to encoder: any Encoder) throws { try write(encoder) }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws {
        try visitor.member("total", &total)
        try visitor.member("perCarat", &perCarat)
        try visitor.member("metalLinked", &metalLinked)
    }
}
