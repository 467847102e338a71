extension Gemstone {
    /// Names, natures and treatments that do not go together.
    func judgeWords(at path: String, _ findings: inout [Finding]) {
        if let text = variety?.value.text { judgeVariety(text, at: path, &findings) }
        if nature?.value == .laboratoryGrown, growthMethod == nil {
            findings.append(
                Finding(
                    "growth-method-missing", .note, path + ".growthMethod",
                    "how the laboratory-grown stone was grown is not said"))
        }
        for (index, treatment) in (treatments ?? []).enumerated() {
            guard let degree = treatment.degree?.text, !treatment.code.knows(degree) else { continue }
            let known = treatment.code.degrees.map(\.code).joined(separator: ", ")
            findings.append(
                Finding(
                    "treatment-degree", .note, "\(path).treatments[\(index)].degree",
                    "\"\(degree)\" is not a degree of \(treatment.code.rawValue)"
                        + (known.isEmpty ? ", which has none" : "; usual are \(known)")))
        }
        judgePadparadscha(at: path, &findings)
    }

    private func judgeVariety(_ text: String, at path: String, _ findings: inout [Finding]) {
        if let known = Variety.named(text), let said = species?.value.code, said != known.species, said != text {
            findings.append(
                Finding(
                    "variety-species", .implausible, path + ".variety",
                    "\(known.code) is a variety of \(known.species), not of \(said)"))
        }
        if PraisingTerms.all.contains(Variety.folded(text)) {
            findings.append(
                Finding(
                    "trade-term", .note, path + ".variety",
                    "\"\(text)\" is a name of the trade; write the variety, and the name into tradeTerms with who claims it"
                ))
        }
    }

    /// A padparadscha's colour must have stood the test of light and dark (LMHC sheet 4).
    private func judgePadparadscha(at path: String, _ findings: inout [Finding]) {
        let names = [variety?.value.text].compactMap { $0 } + (tradeTerms ?? []).map(\.term.text)
        guard names.contains(where: { Variety.folded($0).contains("padparadscha") }),
            tests?.colourStability?.value != .stable
        else { return }
        let unstable = tests?.colourStability?.value == .unstable
        findings.append(
            Finding(
                "padparadscha-stability", unstable ? .implausible : .note, path + ".tests.colourStability",
                unstable
                    ? "a sapphire whose colour is unstable is no padparadscha"
                    : "a padparadscha's colour is tested for stability first"))
    }
}

extension Treatment.Kind {
    func knows(_ degree: String) -> Bool {
        let folded = degree.lowercased()
        return degrees.contains { $0.code.lowercased() == folded }
    }
}

extension Pearl {
    /// That a pearl is natural is shown by X-ray alone, in a laboratory (domain §1.4).
    func judgeIdentification(at path: String, _ findings: inout [Finding]) {
        guard identification?.value == .natural,
            ![.measured, .graded, .external].contains(identification?.basis ?? basis ?? .declared)
        else { return }
        findings.append(
            Finding(
                "pearl-natural-unproven", .unusual, path + ".identification",
                "only a laboratory's X-ray shows that a pearl is natural; name its report, with the basis external"))
    }
}

extension Rough {
    func judgeRough(_ findings: inout [Finding]) {
        if let carats = weightCt?.value, let grams = weightG?.value {
            // Milligrams × 500 are 10⁻⁵ ct; half the last decimal of either scale is no disagreement.
            let slack = 500 * power(10, 3 - grams.decimals) / 2 + power(10, 5 - carats.decimals) / 2
            if abs(carats.units - grams.units * 500) > slack {
                findings.append(
                    Finding(
                        "weight-twice", .unusual, "rough.weightG",
                        "\(carats) ct and \(grams) g are two different weights"))
            }
        }
        guard species?.value.code == "diamond", nature?.value ?? .natural == .natural else { return }
        guard let kimberley else {
            findings.append(
                Finding(
                    "kimberley-missing", .note, "rough.kimberley",
                    "a rough diamond crosses no border without its Kimberley Process certificate"))
            return
        }
        if let country = kimberley.issuingCountry?.code, !kimberley.number.text.uppercased().hasPrefix(country) {
            findings.append(
                Finding(
                    "kimberley-number", .unusual, "rough.kimberley.number",
                    "a Kimberley certificate of \(country) has a number that begins with \(country)"))
        }
        if let issued = kimberley.issuedOn, let expires = kimberley.expiresOn, expires < issued {
            findings.append(
                Finding("kimberley-dates", .unusual, "rough.kimberley.expiresOn", "it expires before it was issued"))
        }
    }
}

func power(_ base: Int64, _ exponent: Int) -> Int64 { (0..<max(0, exponent)).reduce(1) { value, _ in value * base } }
