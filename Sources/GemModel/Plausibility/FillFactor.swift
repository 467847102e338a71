extension Gemstone {
    /// Length is the longer side; a round's two diameters differ by at most 5 % (domain §1.0).
    func judgeSides(at path: String, _ findings: inout [Finding]) {
        guard let sides = measurementsMm, let length = sides.length?.value, let width = sides.width?.value else {
            return
        }
        let isRound = shapeFact?.value == .round
        if length < width, !isRound {
            findings.append(
                Finding(
                    "measurement-order", .note, path + ".measurementsMm",
                    "the length \(length) mm is less than the width \(width) mm; usually the longer side is the length"
                ))
        }
        let (short, long) = (min(length.units, width.units), max(length.units, width.units))
        if isRound, (long - short) * 20 > long {
            findings.append(
                Finding(
                    "out-of-round", .unusual, path + ".measurementsMm",
                    "the diameters \(length) and \(width) mm differ by more than 5 %; check them, or the shape"))
        }
    }

    /// Weight against size: f = ct ÷ (0.005 · SG · L · W · D), domain §7.1.
    func judgeFillFactor(at path: String, _ findings: inout [Finding]) {
        guard let sides = measurementsMm, let length = sides.length?.value, let width = sides.width?.value,
            let depth = sides.depth?.value, let code = species?.value.code, let species = Species.named(code),
            let gravity = species.sg ?? species.sgWithin, let weight = oneWeightCt?.value,
            let shape = shapeFact?.value,
            let (expected, limits) = fillFactor(shape, length: length, width: width)
        else { return }
        // Doubles judge here but are never kept; weight is in 10⁻⁵ ct, lengths in µm, SG × 100 with both ends summed.
        let volume = Double(length.units) * Double(width.units) * Double(depth.units) * 1e-9
        let meanGravity = Double(gravity.lowerBound + gravity.upperBound) / 200
        let factor = Double(weight.units) * 1e-5 / (0.005 * meanGravity * volume)
        let deviation = factor / expected - 1
        let severity: Finding.Severity
        switch abs(deviation) {
        case ...limits.note: return
        case ...limits.flag: severity = .note
        case ...(limits.flag * 3): severity = .unusual
        default: severity = .implausible
        }
        // A wrong diameter can make this as large as the numbers allow.
        let percent = Int(min(abs(deviation) * 100, 999_999).rounded(.down))
        findings.append(
            Finding(
                "fill-factor", severity, path + ".weightCt",
                "\(weight) ct is \(percent) % \(deviation > 0 ? "more" : "less") than a \(species.name.lowercased()) of "
                    + "\(length) × \(width) × \(depth) mm usually weighs; check weight, measurements and species"))
    }

    /// The usual f of a shape and how far from it is worth a word (domain §7.1, §7.2; only rounds were
    /// measured); nil where no factor is known (rough, carved).
    private func fillFactor(
        _ shape: Shape, length: Millimetre, width: Millimetre
    ) -> (expected: Double, limits: (note: Double, flag: Double))? {
        let faceted = (note: 0.25, flag: 0.25)
        switch cut?.value {
        case .cabochon?, .sugarloaf?, .doubleCabochon?, .buffTop?:
            // A dome fills its box about as an ellipsoid does: π/6.
            return (0.5236, (0.40, 0.40))
        case .carved?, .tumbled?, .bead?, .fantasy?: return nil
        default: break
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

extension Stone {
    /// A diamond's depth % against its measurements: depth ÷ mean diameter of a round, else ÷ width (domain §1.3).
    func judgeDepth(_ findings: inout [Finding]) {
        guard let said = diamond?.depthPct?.value, let sides = measurementsMm, let length = sides.length?.value,
            let width = sides.width?.value, let depth = sides.depth?.value, let shape = shape?.value
        else { return }
        // µm and hundredths of a percent, all whole: |20,000 · D − pct · (L + W)| is the gap × 100 · (L + W).
        let across = shape == .round ? length.units + width.units : 2 * width.units
        let gap = abs(20_000 * depth.units - said.units * across)
        let severity: Finding.Severity
        switch gap {
        case ...(30 * across): return
        case ...(100 * across): severity = .note
        case ...(300 * across): severity = .unusual
        default: severity = .implausible
        }
        let measured = writeDecimal((200_000 * depth.units / across + 5) / 10, stored: 2, shown: 1)
        findings.append(
            Finding(
                "depth-percent", severity, "stone.diamond.depthPct",
                "a depth of \(said) % was written, \(length) × \(width) × \(depth) mm make \(measured) %; check both"))
    }
}
