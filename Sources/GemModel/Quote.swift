/// What a piece costs in one currency, with every figure that made it.
///
/// A price said in the currency counts as it stands. The price of a metal-linked piece is the sum over its precious
/// metals of weight × fineness × rate, and its making charge and stones. Any other price is converted. All of it is
/// exact; the total alone is rounded, once, half up to the currency's smallest unit. Values shown of single metals
/// are rounded each for itself.
public struct Quote: Hashable, Sendable {
    public enum Basis: String, Sendable {
        case stated, converted
        case metalLinked = "metal_linked"
    }

    /// One metal's part.
    public struct Share: Hashable, Sendable {
        var metal: Metal.Kind
        var weight: Gram
        /// The member the weight was read from.
        var weightFrom: String
        var fineness: Permille
        var rate: DatedRate
        var value: Money
    }

    public var basis: Basis
    public var total: Money
    public var shares: [Share] = []
    public var makingCharge: Money?
    public var stonesValue: Money?
    /// What was converted.
    public var stated: Money?
    /// The currencies' rates that were needed.
    public var exchange: [DatedRate] = []

    /// Every rate it was made with.
    public var rates: [DatedRate] { shares.map(\.rate) + exchange }

    public var price: JSON { .object(["total": total.json]) }

    public var json: JSON {
        .object([
            "price": price, "basis": .string(basis.rawValue),
            "metals": shares.isEmpty
                ? nil
                : .array(
                    shares.map { share in
                        .object([
                            "metal": .string(share.metal.rawValue), "weightG": .string(share.weight.description),
                            "weightFrom": .string(share.weightFrom),
                            "finenessPermille": .string(share.fineness.description), "rate": share.rate.json,
                            "value": share.value.json,
                        ])
                    }),
            "makingCharge": makingCharge?.json, "stonesValue": stonesValue?.json, "stated": stated?.json,
            "exchange": exchange.isEmpty ? nil : .array(exchange.map(\.json)),
        ])
    }
}

extension Piece {
    /// Whether its price follows the metals' rates.
    public var isMetalLinked: Bool { price?.metalLinked == true }

    /// The price in a currency, by default the one it is asked in, else rupees.
    ///
    /// `rates` gives the newest figure of an item that counts, nil when there is none; `day` says up to when it looked,
    /// for words alone.
    /// - Throws: `InvalidInput` naming what is missing.
    public func quote(
        in currency: String?, upTo day: String, rates: @escaping (RateItem) throws -> DatedRate?
    ) throws -> Quote {
        let stated = ([price].compactMap { $0 } + (prices ?? [])).compactMap { $0.total(weight: weight) }
        let wanted = try Money(
            minorUnits: 0, currency: currency ?? (isMetalLinked ? nil : stated.first?.currency) ?? RateItem.home)
        if let said = stated.first(where: { $0.currency == wanted.currency }) {
            return Quote(basis: .stated, total: said)
        }
        var exchange = Exchange(into: wanted.currency, day: day, lookUp: rates)
        if isMetalLinked, let jewellery {
            return try jewellery.quote(in: wanted, at: &exchange)
        }
        guard let said = stated.first else {
            throw InvalidInput(
                price == nil && prices == nil
                    ? "the piece has no price" : "the price is per carat, and no weight is known",
                hint: "enter a price, or the weight", field: "price")
        }
        let total = try exchange.converted(said).rounded(in: wanted)
        return Quote(basis: .converted, total: total, stated: said, exchange: exchange.used)
    }
}

extension Jewellery {
    fileprivate func quote(in wanted: Money, at exchange: inout Exchange) throws -> Quote {
        let precious = (metals ?? []).enumerated().filter { RateItem.metals.contains($0.element.metal) }
        guard !precious.isEmpty else {
            throw InvalidInput(
                "no precious metal is named, so there is nothing to price by",
                hint: "enter jewellery.metals, or a price of its own", field: "jewellery.metals")
        }
        var sum = Ratio(0)
        var shares: [Quote.Share] = []
        for (index, metal) in precious {
            let field = "jewellery.metals[\(index)]"
            guard let fineness = metal.fineness else {
                throw InvalidInput(
                    "the fineness of the \(metal.metal.rawValue) is not known",
                    hint: "enter karat or finenessPermille", field: field + ".finenessPermille")
            }
            guard let (weight, source) = weight(of: metal, at: field, isAlone: metals?.count == 1) else {
                throw InvalidInput(
                    "the weight of the \(metal.metal.rawValue) is not known",
                    hint: metals?.count == 1 ? "enter netWeightG, or the metal's weightG" : "enter the metal's weightG",
                    field: field + ".weightG")
            }
            let rate = try exchange.rate(of: .metal(metal.metal), field: field)
            guard case .metal(let figure) = rate.figure else { preconditionFailure("a metal's rate is a metal's") }
            let perMilligram = try figure.perPureMilligram * exchange.factor(of: figure.currency, field: field)
            let value = try Ratio(Int128(weight.units)) * Ratio(Int128(fineness.units), 10_000) * perMilligram
            sum = try sum + value
            shares.append(
                Quote.Share(
                    metal: metal.metal, weight: weight, weightFrom: source, fineness: fineness, rate: rate,
                    value: try value.rounded(in: wanted)))
        }
        for extra in [makingCharge, stonesValue] {
            if let extra { sum = try sum + exchange.converted(extra) }
        }
        return Quote(
            basis: .metalLinked, total: try sum.rounded(in: wanted), shares: shares, makingCharge: makingCharge,
            stonesValue: stonesValue, exchange: exchange.used)
    }

    /// As weighed; of the only metal also the net weight, or gross less stones.
    private func weight(of metal: Metal, at field: String, isAlone: Bool) -> (Gram, String)? {
        if let weight = metal.weightG?.value { return (weight, field + ".weightG") }
        guard isAlone else { return nil }
        if let net = netWeightG?.value { return (net, "jewellery.netWeightG") }
        guard let gross = grossWeightG?.value, let carats = stonesWeight,
            let net = Gram(units: gross.units - (carats + 250) / 500, decimals: carats == 0 ? gross.decimals : 3)
        else { return nil }
        return (net, carats == 0 ? "jewellery.grossWeightG" : "jewellery.grossWeightG less the stones")
    }
}

extension Ratio {
    fileprivate func rounded(in money: Money) throws -> Money {
        let units = try rounded(decimals: money.decimals)
        guard units <= 100_000_000_000_000 else {
            throw InvalidInput("the price would be beyond all money", hint: "check the rates and the weights")
        }
        return try Money(minorUnits: units, currency: money.currency)
    }
}

/// Rates as one quote uses them; remembers which.
private struct Exchange {
    let into: String
    let day: String
    let lookUp: (RateItem) throws -> DatedRate?
    var used: [DatedRate] = []

    init(into: String, day: String, lookUp: @escaping (RateItem) throws -> DatedRate?) {
        self.into = into
        self.day = day
        self.lookUp = lookUp
    }

    func rate(of item: RateItem, field: String) throws -> DatedRate {
        guard let rate = try lookUp(item) else {
            throw InvalidInput(
                "there is no rate for \(item.text) on or before \(day)",
                hint: "the council enters it, such as `gemctl rates set \(day) "
                    + (item == .metal(.gold) ? "--metal gold:432100:tola_11.664`" : "…`"),
                field: field)
        }
        return rate
    }

    /// How much of the wanted currency one unit of this is.
    mutating func factor(of currency: String, field: String) throws -> Ratio {
        guard currency != into else { return Ratio(1) }
        return try rupees(for: currency, field: field) / rupees(for: into, field: field)
    }

    mutating func converted(_ money: Money) throws -> Ratio {
        try Ratio(money.minorUnits, decimals: money.decimals) * factor(of: money.currency, field: "currency")
    }

    private mutating func rupees(for currency: String, field: String) throws -> Ratio {
        guard currency != RateItem.home else { return Ratio(1) }
        let rate = try rate(of: .currency(currency), field: field)
        if !used.contains(rate) { used.append(rate) }
        guard case .currency(let figure) = rate.figure else { preconditionFailure("a currency's rate is a currency's") }
        return Ratio(figure.units, decimals: RateUnit.decimals)
    }
}
