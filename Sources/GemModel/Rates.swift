/// Rupees for one unit of a currency, or money for one measure of a metal; stored in millionths.
public enum RateUnit: QuantityUnit {
    public static let name = "rate"
    public static let decimals = 6
    public static let range: ClosedRange<Int64> = 1...100_000_000_000_000
    public static let example = "281.40"
}
public typealias Rate = Quantity<RateUnit>

/// What a metal's rate is for. A bare `tola` is two different weights (domain/units.json) and refused.
public enum MetalMeasure: String, Term {
    case gram = "g"
    case tola = "tola_11.664"
    case tenGramTola = "tola_10g"
    case troyOunce = "troy_ounce"

    public static let aliases: [String: MetalMeasure] = ["gram": .gram, "ozt": .troyOunce]

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard text != "tola" else {
            throw InvalidInput(
                "a tola is two different weights in the trade", hint: "write tola_11.664 or tola_10g")
        }
        guard let value = Self(rawValue: text) ?? Self.aliases[text] else {
            throw InvalidInput(
                "\"\(text.prefix(40))\" is no measure that metals are quoted by",
                hint: "write one of " + Self.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self = value
    }

    /// A tola is 180 grains of 64.79891 mg, an ounce 480.
    var milligrams: Ratio {
        switch self {
        case .gram: Ratio(1000)
        case .tola: Ratio(116_638_038, 10_000)
        case .tenGramTola: Ratio(10_000)
        case .troyOunce: Ratio(311_034_768, 10_000)
        }
    }
}

/// What a measure of a metal of a fineness costs.
public struct MetalRate: Codable, Hashable, Sendable {
    public var amount: Rate
    public var currency: String
    public var per: MetalMeasure
    /// Of the metal that is quoted: 999 for what the bazaar calls 24 karat.
    public var finenessPermille: Permille

    /// Money for a milligram of it, were it wholly pure.
    var perPureMilligram: Ratio {
        get throws(InvalidInput) {
            try Ratio(amount.units, decimals: RateUnit.decimals) / per.milligrams
                * Ratio(10_000, Int128(finenessPermille.units))
        }
    }
}

/// What a rate is of: `USD`, `gold`.
public enum RateItem: Hashable, Sendable {
    case currency(String)
    case metal(Metal.Kind)

    public var text: String {
        switch self {
        case .currency(let code): code
        case .metal(let kind): kind.rawValue
        }
    }

    /// Nil for what has no rate.
    public init?(_ text: String) {
        if let metal = Metal.Kind(rawValue: text), Self.metals.contains(metal) {
            self = .metal(metal)
        } else if text != RateItem.home, Currency.table[text] != nil {
            self = .currency(text)
        } else {
            return nil
        }
    }

    /// The currency that all rates lead to.
    public static let home = "PKR"
    public static let metals: [Metal.Kind] = [.gold, .silver, .platinum, .palladium]
}

/// One figure of a day.
public enum RateFigure: Hashable, Sendable {
    /// Rupees for one unit of the currency.
    case currency(Rate)
    case metal(MetalRate)

    public var json: JSON {
        switch self {
        case .currency(let rate): .string(rate.description)
        case .metal(let rate): rate.json
        }
    }

    /// As ``json`` writes it.
    public init(_ json: JSON, of item: RateItem) throws(InvalidInput) {
        switch item {
        case .currency: self = .currency(try Rate(json: json))
        case .metal: self = .metal(try MetalRate(json: json))
        }
    }
}

/// A figure and the day it was entered for, which may be earlier than the day it is used on.
public struct DatedRate: Hashable, Sendable {
    public var item: RateItem
    public var day: Day
    public var figure: RateFigure

    public init(item: RateItem, day: Day, figure: RateFigure) {
        self.item = item
        self.day = day
        self.figure = figure
    }

    /// `{currency, date, rate}`, or `{metal, date, amount, currency, per, finenessPermille}`.
    public var json: JSON {
        let day = JSON.Member("date", .string(day.description))
        switch figure {
        case .currency(let rate):
            return .object([.init("currency", .string(item.text)), day, .init("rate", .string(rate.description))])
        case .metal(let rate):
            return .object([.init("metal", .string(item.text)), day] + (rate.json.members ?? []))
        }
    }
}

/// The rates of one day, as the council enters them.
///
/// JSON: `{"currencies":{"USD":"281.40"},"metals":{"gold":{"amount":"432100","currency":"PKR",
/// "per":"tola_11.664","finenessPermille":"999"}}}`; a currency's figure is rupees for one unit of it.
public struct DayRates: Decodable, Hashable, Sendable {
    public var figures: [RateItem: RateFigure] = [:]

    private enum CodingKeys: String, CodingKey {
        case currencies, metals
    }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        if box.contains(.currencies) {
            let currencies = try box.nestedContainer(keyedBy: Path.Step.self, forKey: .currencies)
            for key in currencies.allKeys where currencies.contains(key) {
                guard case .currency? = RateItem(key.stringValue) else {
                    throw InvalidInput(
                        key.stringValue == RateItem.home
                            ? "a rupee is always one rupee" : "\"\(key.stringValue.prefix(40))\" is not a currency",
                        hint: key.stringValue == RateItem.home
                            ? "leave PKR out; the others are told in it" : "write three capital letters of ISO 4217",
                        field: Path.text(currencies.codingPath + [key]))
                }
                figures[.currency(key.stringValue)] = .currency(try currencies.decode(Rate.self, forKey: key))
            }
        }
        if box.contains(.metals) {
            let metals = try box.nestedContainer(keyedBy: Path.Step.self, forKey: .metals)
            for key in metals.allKeys where metals.contains(key) {
                let field = Path.text(metals.codingPath + [key])
                guard case .metal(let metal)? = RateItem(key.stringValue) else {
                    throw InvalidInput(
                        "\"\(key.stringValue.prefix(40))\" is not a metal that is quoted",
                        hint: "write one of " + RateItem.metals.map(\.rawValue).joined(separator: ", "), field: field)
                }
                let rate = try metals.decode(MetalRate.self, forKey: key)
                do { _ = try Money(minorUnits: 0, currency: rate.currency) } catch {
                    throw error.at(field + ".currency")
                }
                guard rate.finenessPermille.units <= 10_000 else {
                    throw InvalidInput(
                        "no metal is finer than 1000 ‰", hint: "write 999, or the fineness that is quoted",
                        field: field + ".finenessPermille")
                }
                figures[.metal(metal)] = .metal(rate)
            }
        }
        guard !figures.isEmpty else {
            throw InvalidInput("no rate is given", hint: "send {\"currencies\":{\"USD\":\"281.40\"}}")
        }
    }

    public init(_ figures: [RateItem: RateFigure]) { self.figures = figures }

    /// `currencies` and `metals`, each in the order of its codes.
    public var json: JSON {
        var (currencies, metals): ([JSON.Member], [JSON.Member]) = ([], [])
        for (item, figure) in figures.sorted(by: { $0.key.text < $1.key.text }) {
            switch item {
            case .currency: currencies.append(.init(item.text, figure.json))
            case .metal: metals.append(.init(item.text, figure.json))
            }
        }
        return .object(["currencies": .object(currencies), "metals": .object(metals)])
    }

    /// What moved by more than a fifth since it was last entered: kept, and told.
    public func findings(since earlier: (RateItem) throws -> DatedRate?) throws -> [Finding] {
        var findings: [Finding] = []
        for (item, figure) in figures.sorted(by: { $0.key.text < $1.key.text }) {
            guard let before = try earlier(item) else { continue }
            let (field, now, then): (String, Ratio, Ratio)
            switch (figure, before.figure) {
            case (.currency(let rate), .currency(let old)):
                field = "currencies.\(item.text)"
                (now, then) = (Ratio(Int128(rate.units)), Ratio(Int128(old.units)))
            case (.metal(let rate), .metal(let old)) where rate.currency == old.currency:
                field = "metals.\(item.text)"
                (now, then) = (try rate.perPureMilligram, try old.perPureMilligram)
            default: continue
            }
            guard try Ratio.differByMoreThanAFifth(now, from: then) else { continue }
            findings.append(
                Finding(
                    "rate-jump", .unusual, field,
                    "\(item.text) is more than 20 % off the rate of \(before.day), \(before.figure.words)"))
        }
        return findings
    }
}

extension RateFigure {
    fileprivate var words: String {
        switch self {
        case .currency(let rate): rate.description
        case .metal(let rate): "\(rate.amount) \(rate.currency) per \(rate.per.rawValue) of \(rate.finenessPermille) ‰"
        }
    }
}
