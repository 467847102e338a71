extension Piece {
    /// The price of the whole is the price per carat times the weight (domain §1.0: beyond 0.5 % flagged).
    func judgePrices(_ findings: inout [Finding]) {
        func judge(_ price: Price, _ field: String) {
            guard let total = price.total, price.perCarat != nil, let weight,
                let product = Price(perCarat: price.perCarat).total(weight: weight)
            else { return }
            let gap = abs(product.minorUnits - total.minorUnits)
            guard gap > 1, gap * 200 > total.minorUnits else { return }
            findings.append(
                Finding(
                    "price-total", .unusual, field + ".total",
                    "\(weight) ct at \(price.perCarat?.amount ?? "") make \(product.amount) \(product.currency), "
                        + "but the total says \(total.amount)"))
        }
        if let price { judge(price, "price") }
        for (index, price) in (prices ?? []).enumerated() {
            judge(price, "prices[\(index)]")
            let before = [self.price].compactMap { $0 } + (prices ?? []).prefix(index)
            guard let currency = price.currency, before.contains(where: { $0.currency == currency }) else { continue }
            findings.append(
                Finding(
                    "price-currency-twice", .unusual, "prices[\(index)]", "there is another price in \(currency)"))
        }
    }
}

extension Parcel {
    /// Pieces times average weight is the total, as near as the average was rounded.
    func judgeTotals(_ findings: inout [Finding]) {
        guard let pieces = pieces?.value.value, let total = totalWeightCt?.value, let average = averageWeightCt?.value
        else { return }
        let (product, overflow) = average.units.multipliedReportingOverflow(by: Int64(pieces))
        // Half the last decimal of the average, as often as there are pieces; and of the total.
        let slack = power(10, 5 - average.decimals) * Int64(pieces) / 2 + power(10, 5 - total.decimals) / 2
        guard overflow || abs(product - total.units) > slack else { return }
        findings.append(
            Finding(
                "parcel-total", .unusual, "parcel.totalWeightCt",
                "\(pieces) pieces of \(average) ct on average do not make \(total) ct"))
    }
}

extension MatchedStones {
    /// Two of a pair have one species and shape and weigh alike within 5 %; all weigh the total (domain §1.2, §1.8).
    func judgeTotals(isPair: Bool, at path: String, _ findings: inout [Finding]) {
        if isPair, let pieces = pieces?.value.value, pieces != 2 {
            findings.append(
                Finding("pair-count", .unusual, path + ".pieces", "a pair has 2 stones, not \(pieces)"))
        }
        guard let stones, stones.count > 1 else { return }
        if isPair, stones.count == 2 {
            if let one = stones[0].species?.value, let other = stones[1].species?.value, one != other {
                findings.append(
                    Finding("pair-species", .unusual, path + ".stones", "the two are \(one.code) and \(other.code)"))
            }
            if let one = stones[0].shape?.value, let other = stones[1].shape?.value, one != other {
                findings.append(
                    Finding(
                        "pair-shape", .unusual, path + ".stones", "one is \(one.names.en), the other \(other.names.en)")
                )
            }
            if let one = stones[0].oneWeightCt?.value, let other = stones[1].oneWeightCt?.value,
                abs(one.units - other.units) * 20 > max(one.units, other.units)
            {
                findings.append(
                    Finding(
                        "pair-weight", .unusual, path + ".stones", "\(one) and \(other) ct differ by more than 5 %"))
            }
        }
        judgeSum(of: stones, against: totalWeightCt?.value, at: path + ".totalWeightCt", &findings)
    }
}

/// The stones' weights make the total, within 0.02 ct or 0.1 % (domain §1.8).
private func judgeSum(
    of stones: [StoneEntry], against total: Carat?, at field: String, _ findings: inout [Finding]
) {
    guard let total, !stones.isEmpty else { return }
    var sum: Int64 = 0
    for stone in stones {
        guard let weight = stone.weightCt?.value else { return }
        sum += weight.units
    }
    guard abs(sum - total.units) > max(2000, total.units / 1000) else { return }
    findings.append(
        Finding(
            "stones-total", .unusual, field,
            "the stones weigh \(writeDecimal(sum, stored: 5, shown: 2)) ct together, not \(total) ct"))
}

extension Jewellery {
    func judge(_ findings: inout [Finding]) {
        for (index, stone) in (stones ?? []).enumerated() {
            stone.judge(at: "jewellery.stones[\(index)]", &findings)
        }
        judgeSum(of: stones ?? [], against: totalWeightCt?.value, at: "jewellery.totalWeightCt", &findings)
        judgeNetMetal(&findings)
        judgeFineness(&findings)
    }

    /// 10⁻⁵ ct of all stones; nil when one of them is not known.
    var stonesWeight: Int64? {
        if let totalWeightCt { return totalWeightCt.value.units }
        var sum: Int64 = 0
        for stone in stones ?? [] {
            guard let weight = stone.weightCt?.value else { return nil }
            sum += weight.units
        }
        return sum
    }

    /// Metal = gross − stones (0.2 g a carat), within 5 % (domain §1.6).
    private func judgeNetMetal(_ findings: inout [Finding]) {
        guard let gross = grossWeightG?.value, let carats = stonesWeight else { return }
        // 10⁻⁵ ct are 2 µg; milligrams, rounded.
        let net = gross.units - (carats + 250) / 500
        guard net > 0 else {
            findings.append(
                Finding(
                    "net-metal", .implausible, "jewellery.grossWeightG",
                    "its stones alone weigh \(writeDecimal((carats + 250) / 500, stored: 3, shown: 2)) g, the whole \(gross) g"
                ))
            return
        }
        func judge(_ said: Int64, _ field: String, _ what: String) {
            let gap = abs(said - net)
            guard gap * 20 > net else { return }
            findings.append(
                Finding(
                    "net-metal", gap * 20 > net * 3 ? .implausible : .unusual, field,
                    "\(what) \(writeDecimal(said, stored: 3, shown: 2)) g, but \(gross) g less the stones leave "
                        + "\(writeDecimal(net, stored: 3, shown: 2)) g"))
        }
        if let said = netWeightG?.value { judge(said.units, "jewellery.netWeightG", "the net weight is") }
        let weights = (metals ?? []).compactMap { $0.weightG?.value.units }
        if let metals, !metals.isEmpty, weights.count == metals.count {
            judge(weights.reduce(0, +), "jewellery.metals", "the metals weigh")
        }
    }

    /// The mark says what the metal is; below the least fineness it may not be sold as precious (domain §1.6, [M2]).
    private func judgeFineness(_ findings: inout [Finding]) {
        let known = (metals ?? []).compactMap(\.fineness)
        for (index, mark) in (hallmarks ?? []).enumerated() where mark.type == .fineness {
            let digits = (mark.text?.text ?? "").filter { $0.isASCII && $0.isNumber }
            guard let stamped = Int64(digits), (100...999).contains(stamped), !known.isEmpty,
                !known.contains(where: { abs($0.units - stamped * 10) <= 30 })
            else { continue }
            findings.append(
                Finding(
                    "hallmark-fineness", .unusual, "jewellery.hallmarks[\(index)].text",
                    "it is stamped \(stamped), but its metal is \(known.map(\.description).joined(separator: " and ")) ‰"
                ))
        }
        for (index, metal) in (metals ?? []).enumerated() {
            let least: Int64? =
                switch metal.metal {
                case .gold: 375
                case .silver: 800
                case .platinum, .palladium: 500
                case .rhodiumPlate, .base: nil
                }
            guard let least, let fineness = metal.fineness, fineness.units < least * 10 else { continue }
            findings.append(
                Finding(
                    "fineness-low", .note, "jewellery.metals[\(index)].finenessPermille",
                    "\(fineness) ‰ is less than the \(least) ‰ from which it may be sold as \(metal.metal.rawValue) in some countries"
                ))
        }
    }
}
