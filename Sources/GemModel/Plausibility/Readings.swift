/// What instruments read, against a species' constants (domain §4, check algorithm).
///
/// Inside the typical range nothing; inside the envelope a note; outside by no more than the instrument
/// errs unusual; else implausible.
private struct Readings {
    /// RI × 1000.
    var ri: ClosedRange<Double>?
    /// × 10,000, and whether it was read directly rather than taken from the two ends of RI.
    var birefringence: (value: Double, isDirect: Bool)?
    /// × 100.
    var sg: Double?
    /// × 100: 0.05 · (1 ct ÷ weight), at least 0.03.
    var sgError = 3.0
    /// Mohs × 10.
    var hardness: Double?
    var optic: OpticCharacter?

    static let riError = 3.0
    /// Two readings of RI err together.
    static let birefringenceError = 30.0
    static let hardnessError = 5.0

    init(_ tests: GemTests, weight: Carat?) {
        if let pair = tests.ri?.value, pair.count == 2 {
            ri = Double(pair[0].value.units) / 10...Double(pair[1].value.units) / 10
        } else if let spot = tests.spotRi?.value {
            ri = Double(spot.units) / 10...Double(spot.units) / 10
        }
        if let read = tests.birefringence?.value {
            birefringence = (Double(read.units), true)
        } else if let pair = tests.ri?.value, pair.count == 2, pair[0].value < pair[1].value {
            birefringence = (Double(pair[1].value.units - pair[0].value.units), false)
        }
        if let read = tests.sg?.value {
            sg = Double(read.units) / 10
        } else if let weighed = tests.hydrostaticGravity {
            sg = weighed * 100
        }
        if let weight { sgError = max(3, 500_000 / Double(weight.units)) }
        hardness = (tests.hardness?.value).map { Double($0.units) / 10 }
        optic = (tests.opticCharacter?.value.text).flatMap { OpticCharacter($0) }
    }

    var isEmpty: Bool { ri == nil && birefringence == nil && sg == nil && hardness == nil && optic == nil }
}

extension GemTests {
    /// Specific gravity from the two weighings; nil without both, or when the water's is not the lesser.
    var hydrostaticGravity: Double? {
        guard let air = airWeightCt?.value.units, let water = waterWeightCt?.value.units, water < air else {
            return nil
        }
        return Double(air) / Double(air - water)
    }
}

/// How far a reading lies from a range: 0 typical, 1 within the envelope, 2 within the instrument's error of it, 3 beyond;
/// and the distance from the envelope in errors.
private func level(
    _ reading: ClosedRange<Double>, typical: ClosedRange<Int>?, within envelope: ClosedRange<Int>?, error: Double
) -> (level: Int, beyond: Double) {
    guard let outer = envelope ?? typical else { return (0, 0) }
    let low = Double((typical ?? outer).lowerBound)
    let high = Double((typical ?? outer).upperBound)
    // Decimals became binary on the way; a reading on the limit is within it.
    let slack = 1e-6
    if reading.lowerBound >= low - slack, reading.upperBound <= high + slack { return (0, 0) }
    let far = max(Double(outer.lowerBound) - reading.lowerBound, reading.upperBound - Double(outer.upperBound))
    if far <= slack { return (1, 0) }
    return (far <= error + slack ? 2 : 3, far / error)
}

extension Gemstone {
    func judgeReadings(at path: String, _ findings: inout [Finding]) {
        guard let tests else { return }
        judgeWeighing(tests, at: path + ".tests", &findings)
        // A composite has no constants of its own; an imitation has another's.
        if let nature = nature?.value, [.imitation, .assembled, .reconstructed].contains(nature) { return }
        guard let code = species?.value.code, let species = Species.named(code) else { return }
        let readings = Readings(tests, weight: oneWeightCt?.value ?? allWeightCt?.value)
        guard !readings.isEmpty else { return }
        var odd = species.odds(readings, at: path + ".tests")
        if odd.contains(where: { $0.severity != .note }) {
            let candidates = Candidates.best(readings)
            let words = tests.words
            for index in odd.indices where odd[index].severity != .note {
                odd[index].candidates = candidates
                if let best = candidates.first, best.fit == 100, best.species != code, !words.isEmpty {
                    odd[index].message +=
                        "; \(words) fits \(Candidates.name(of: best.species)), not \(species.names.en)"
                }
            }
        }
        findings += odd
    }

    /// Weighed in air and water: the quotient is the specific gravity that was written (domain §1.2).
    private func judgeWeighing(_ tests: GemTests, at path: String, _ findings: inout [Finding]) {
        guard let air = tests.airWeightCt?.value, let water = tests.waterWeightCt?.value else { return }
        guard let weighed = tests.hydrostaticGravity else {
            findings.append(
                Finding(
                    "hydrostatic", .implausible, path + ".waterWeightCt",
                    "nothing weighs as much in water, \(water) ct, as in air, \(air) ct; check both"))
            return
        }
        if let said = tests.sg?.value {
            let error = max(0.03, 0.05 * 100_000 / Double(air.units))
            let gap = abs(weighed - Double(said.units) / 1000)
            if gap > error + 1e-9 {
                let hundredths = Int64(min(weighed * 100, 1e9).rounded())
                findings.append(
                    Finding(
                        "hydrostatic", gap > error * 3 ? .implausible : .unusual, path + ".sg",
                        "\(air) ct in air and \(water) ct in water make \(writeDecimal(hundredths, stored: 2, shown: 2)), "
                            + "not \(said)"))
            }
        }
        // The scale of §3.5: two weighings of one stone differ by no more than 0.005 ct, the last decimal shown.
        if let weight = oneWeightCt?.value, abs(weight.units - air.units) > 1000 {
            findings.append(
                Finding(
                    "air-weight", .note, path + ".airWeightCt",
                    "it weighs \(weight) ct, but \(air) ct on the hydrostatic balance"))
        }
    }
}

extension GemTests {
    /// "1.544–1.553 / 2.65".
    fileprivate var words: String {
        var parts: [String] = []
        if let pair = ri?.value, pair.count == 2 {
            parts.append("\(pair[0].value)–\(pair[1].value)")
        } else if let spotRi {
            parts.append("\(spotRi.value)")
        }
        if let sg {
            parts.append("\(sg.value)")
        } else if let weighed = hydrostaticGravity {
            parts.append(writeDecimal(Int64(min(weighed * 100, 1e9).rounded()), stored: 2, shown: 2))
        }
        return parts.joined(separator: " / ")
    }
}

extension Species {
    fileprivate func odds(_ read: Readings, at path: String) -> [Finding] {
        var findings: [Finding] = []
        func report(_ code: String, _ level: Int, _ member: String, _ what: String) {
            guard level > 0 else { return }
            let severity: Finding.Severity = level == 1 ? .note : level == 2 ? .unusual : .implausible
            let degree =
                level == 1
                ? "is not typical of \(names.en), but occurs"
                : level == 2 ? "lies just outside what \(names.en) shows" : "is not that of \(names.en)"
            findings.append(Finding(code, severity, "\(path).\(member)", "\(what) \(degree)"))
        }
        if let reading = read.ri, isJudgedByRI {
            report(
                "ri", level(reading, typical: ri, within: riWithin, error: Readings.riError).level, "ri",
                "the refractive index")
        }
        // Taken from two readings of RI it carries the error of both.
        if let reading = read.birefringence, let level = birefringenceLevel(reading)?.level,
            reading.isDirect || level > 1
        {
            report("birefringence", level, reading.isDirect ? "birefringence" : "ri", "the birefringence")
        }
        if let reading = read.sg {
            let level = level(reading...reading, typical: sg, within: sgWithin, error: read.sgError).level
            report("sg", level, "sg", "the specific gravity")
        }
        if let reading = read.hardness {
            report("hardness", hardnessLevel(reading).level, "hardness", "the hardness")
        }
        if let reading = read.optic {
            report("optic-character", opticLevel(reading), "opticCharacter", "the optic character")
        }
        return findings
    }

    /// Envelope: the table's range and the error of two readings on each side. Taken from the ends of RI it may be
    /// less than the whole, so only more is odd.
    fileprivate func birefringenceLevel(_ read: (value: Double, isDirect: Bool)) -> (level: Int, beyond: Double)? {
        guard let range = birefringence, isJudgedByRI else { return nil }
        let value = read.isDirect ? read.value : max(read.value, Double(range.lowerBound))
        let error = Int(Readings.birefringenceError)
        let envelope = max(0, range.lowerBound - error)...range.upperBound + error
        return level(value...value, typical: range, within: envelope, error: Readings.birefringenceError)
    }

    fileprivate func hardnessLevel(_ read: Double) -> (level: Int, beyond: Double) {
        let envelope = hardness.lowerBound - 5...hardness.upperBound + 5
        return level(read...read, typical: hardness, within: envelope, error: Readings.hardnessError)
    }

    /// Another class is unusual, another sign a note; an aggregate of any doubly refracting mineral reads as one.
    fileprivate func opticLevel(_ read: OpticCharacter) -> Int {
        guard let optic, read.kind != optic.kind else {
            guard let optic, let said = read.isPositive, let expected = optic.isPositive else { return 0 }
            return said == expected ? 0 : 1
        }
        if read.kind == .aggregate || optic.kind == .aggregate {
            return read.kind == .isotropic || optic.kind == .isotropic ? 2 : 0
        }
        return 2
    }
}

/// Which species and simulants the readings suit best.
private enum Candidates {
    /// The best five, best first; of equal ones those first whose ranges are narrow and so tell more, species before
    /// simulants.
    static func best(_ read: Readings) -> [Finding.Candidate] {
        var all: [(code: String, fit: Int, width: Int)] = []
        for species in Species.table {
            var distances: [Double] = []
            if let reading = read.ri, species.ri != nil || species.riWithin != nil {
                distances.append(
                    distance(level(reading, typical: species.ri, within: species.riWithin, error: Readings.riError)))
            }
            if let reading = read.birefringence, let found = species.birefringenceLevel(reading) {
                distances.append(distance(found))
            }
            if let reading = read.sg {
                distances.append(
                    distance(
                        level(reading...reading, typical: species.sg, within: species.sgWithin, error: read.sgError)))
            }
            if let reading = read.hardness { distances.append(distance(species.hardnessLevel(reading))) }
            if let reading = read.optic { distances.append(Double(species.opticLevel(reading))) }
            let (ri, sg) = (species.ri ?? species.riWithin, species.sg ?? species.sgWithin)
            if !distances.isEmpty {
                all.append((species.code, fit(distances), (ri?.count ?? 1000) + (sg?.count ?? 1000)))
            }
        }
        for simulant in Simulant.table {
            var distances: [Double] = []
            if let reading = read.ri {
                distances.append(distance(level(reading, typical: simulant.ri, within: nil, error: Readings.riError)))
            }
            if let reading = read.birefringence, reading.isDirect, let range = simulant.birefringence {
                distances.append(
                    distance(
                        level(
                            reading.value...reading.value, typical: range, within: nil,
                            error: Readings.birefringenceError)))
            }
            if let reading = read.sg {
                distances.append(
                    distance(level(reading...reading, typical: simulant.sg, within: nil, error: read.sgError)))
            }
            if !distances.isEmpty { all.append((simulant.code, fit(distances), simulant.ri.count + simulant.sg.count)) }
        }
        let order = all.indices.sorted { (-all[$0].fit, all[$0].width, $0) < (-all[$1].fit, all[$1].width, $1) }
        return order.prefix(5).filter { all[$0].fit > 0 }.map { .init(species: all[$0].code, fit: all[$0].fit) }
    }

    private static func distance(_ found: (level: Int, beyond: Double)) -> Double {
        found.level < 2 ? Double(found.level) * 0.25 : 1 + found.beyond
    }

    /// 100 when every reading is typical, falling with the sum of the distances.
    private static func fit(_ distances: [Double]) -> Int { Int((100 / (1 + distances.reduce(0, +))).rounded()) }

    static func name(of code: String) -> String {
        Species.named(code)?.names.en ?? Simulant.table.first { $0.code == code }?.names.en ?? code
    }
}
