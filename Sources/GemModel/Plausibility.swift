/// Something about a piece that does not look right. Findings never refuse: an odd
/// stone may be real, and the dealer has it in hand.
public struct Finding: Codable, Hashable, Sendable {
    public enum Severity: String, Code {
        case note, unusual, implausible
    }

    public var code: String
    public var severity: Severity
    public var field: String
    public var message: String
}

extension Piece {
    public var findings: [Finding] {
        guard let stone else { return [] }
        return stone.orderFindings + (stone.fillFactorFinding.map { [$0] } ?? [])
    }
}

extension Stone {
    /// Length is the longer side; a round's two diameters differ by at most 5 % (domain §1.0).
    fileprivate var orderFindings: [Finding] {
        guard let length = measurementsMm?.length?.value, let width = measurementsMm?.width?.value else { return [] }
        var findings: [Finding] = []
        let isRound = shape?.value == .round
        if length < width, !isRound {
            findings.append(
                Finding(
                    code: "measurement-order", severity: .note, field: "stone.measurementsMm",
                    message:
                        "the length \(length) mm is less than the width \(width) mm; usually the longer side is the length"
                ))
        }
        let (short, long) = (min(length.units, width.units), max(length.units, width.units))
        if isRound, (long - short) * 20 > long {
            findings.append(
                Finding(
                    code: "out-of-round", severity: .unusual, field: "stone.measurementsMm",
                    message: "the diameters \(length) and \(width) mm differ by more than 5 %; check them, or the shape"
                ))
        }
        return findings
    }

    /// Weight against size: f = ct ÷ (0.005 · SG · L · W · D), domain §7.1.
    fileprivate var fillFactorFinding: Finding? {
        guard let code = species?.value.code, let species = Species.named(code), let gravity = species.specificGravity,
            let weight = weightCt?.value, let length = measurementsMm?.length?.value,
            let width = measurementsMm?.width?.value, let depth = measurementsMm?.depth?.value,
            let shape = shape?.value,
            let (expected, limits) = fillFactor(shape, length: length, width: width)
        else { return nil }
        // Doubles judge here but are never kept; weight is in 10⁻⁵ ct, lengths in µm, SG × 100 with both ends summed.
        let volume = Double(length.units) * Double(width.units) * Double(depth.units) * 1e-9
        let meanGravity = Double(gravity.lowerBound + gravity.upperBound) / 200
        let factor = Double(weight.units) * 1e-5 / (0.005 * meanGravity * volume)
        let deviation = factor / expected - 1
        let severity: Finding.Severity
        switch abs(deviation) {
        case ...limits.note: return nil
        case ...limits.flag: severity = .note
        case ...(limits.flag * 3): severity = .unusual
        default: severity = .implausible
        }
        let percent = Int((abs(deviation) * 100).rounded(.down))
        return Finding(
            code: "fill-factor", severity: severity, field: "stone.weightCt",
            message:
                "\(weight) ct is \(percent) % \(deviation > 0 ? "more" : "less") than a \(species.name.lowercased()) of "
                + "\(length) × \(width) × \(depth) mm usually weighs; check weight, measurements and species")
    }

    /// The usual f of a shape and how far from it is worth a word (domain §7.1, §7.2; only rounds were
    /// measured); nil where no factor is known (rough, carved).
    private func fillFactor(
        _ shape: Shape, length: Millimetre, width: Millimetre
    ) -> (expected: Double, limits: (note: Double, flag: Double))? {
        let faceted = (note: 0.25, flag: 0.25)
        if cut?.value.isCabochon == true {
            // A dome fills its box about as an ellipsoid does: π/6.
            return (0.5236, (0.40, 0.40))
        }
        switch shape {
        case .round: return (0.3476, (0.08, 0.15))
        case .oval: return (0.3523, faceted)
        case .pear, .heart: return (0.3352, faceted)
        case .marquise: return (0.3295, faceted)
        case .cushion: return (0.4545, faceted)
        case .square: return (0.4716, faceted)
        case .cutCorneredRectangle, .cutCorneredSquare: return (0.4602, faceted)
        case .emerald, .squareEmerald, .octagon, .rectangle, .baguette:
            let ratio = max(1.0, min(2.5, Double(length.units) / Double(width.units)))
            return (0.472 + (ratio - 1) / 1.5 * 0.128, faceted)
        default: return nil
        }
    }
}
