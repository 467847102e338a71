import GemModel

/// What no market may be told, whatever its own rules: checked for every feed.
extension Inspection {
    mutating func checkHonesty(of listing: Listing) {
        checkCertificates(listing.certificates)
        if let number = listing.openCase {
            block(
                "cases", "conflict-case",
                "it is already live elsewhere, and the council is asked which is the real one: case \(number)",
                hint: "wait for the council, or correct what was mistyped; until then the piece leaves every market",
                .conflicts)
        }
        for stone in listing.stones { checkDisclosure(of: stone, backing: listing.backing) }
        checkMetals(listing.facts.jewellery)
        let claims = Claims(stones: listing.stones, jewellery: listing.facts.jewellery, backing: listing.backing)
        if let title = listing.facts.title?.text { report(claims.faults(inTitle: title), field: "title") }
        if let description = listing.facts.description?.text {
            report(claims.faults(inDescription: description), field: "description")
        }
        for finding in listing.facts.findings where finding.severity != .note {
            let hint = "check the scale, the measurements and the species; the piece is listed as it stands"
            if finding.severity == .implausible {
                warn(finding.field, finding.code, finding.message, hint: hint, .plausibility)
            } else {
                advise(finding.field, finding.code, finding.message, hint: hint, .plausibility)
            }
        }
    }

    private mutating func report(_ faults: [Claims.Fault], field: String) {
        for fault in faults {
            if fault.isGrave {
                block(field, fault.code.rawValue, fault.message, hint: fault.hint, .federal(fault.clause))
            } else {
                warn(field, fault.code.rawValue, fault.message, hint: fault.hint, .federal(fault.clause))
            }
        }
    }

    private mutating func checkCertificates(_ certificates: [Listing.Certificate]) {
        for (index, certificate) in certificates.enumerated() {
            let field = "certificates[\(index)]"
            switch certificate.status {
            case .valid: break
            case .superseded:
                advise(
                    field, "certificate-superseded", "certificate \(certificate.number) was replaced and is left out",
                    hint: "nothing to do if its successor is with the piece", .certificates)
            case .withdrawn, .suspended, .lost, .stolen, .destroyed:
                let word =
                    switch certificate.status {
                    case .withdrawn: "revoked"
                    case .suspended: "suspended"
                    case .lost: "cancelled because the piece was lost"
                    case .stolen: "cancelled because the piece was stolen"
                    default: "cancelled because the piece no longer exists as described"
                    }
                block(
                    field, "certificate-cancelled",
                    "certificate \(certificate.number) is \(word); the piece is held back",
                    hint: "settle the certificate with its issuer; until then the piece leaves every market",
                    .certificates)
            }
        }
    }

    private mutating func checkDisclosure(of stone: DisclosedStone, backing: Disclosure.Backing) {
        let name = stone.bareName
        if let reference = stone.unresolvedPiece {
            block(
                stone.path + ".piece", "stone-unknown",
                "the facts of the stone \"\(reference)\" set in this piece are not at hand",
                hint: "register that stone, or describe it here", .federal("16 CFR 23.24"))
            return
        }
        if stone.isPearl {
            checkPearl(stone, backing: backing)
        } else {
            checkNature(of: stone, name: name)
        }
        if stone.species == nil && stone.variety == nil {
            block(
                stone.path + ".species", "species-missing", "you have not said what stone it is",
                hint: "enter the species, for example beryl, and the variety, for example emerald", .cibjo)
        }
        guard let treatments = stone.treatments, !treatments.isEmpty else {
            block(
                stone.path + ".treatments", "treatments-missing", "you have not said whether the \(name) was treated",
                hint: "enter HT, OIL or what was done, or NT if nobody tested it; only a laboratory may say NONE",
                .federal("16 CFR 23.24"))
            return
        }
        if treatments.contains(where: { $0.code == .NT }), !(stone.standing?.isArtificial ?? false) {
            warn(
                stone.path + ".treatments", "treatments-not-tested",
                "nobody tested the \(name) for treatment, and buyers are told so",
                hint: "have it tested, or enter what you know of it", .federal("16 CFR 23.24"))
        }
    }

    private mutating func checkNature(of stone: DisclosedStone, name: String) {
        switch stone.nature {
        case nil:
            block(
                stone.path + ".nature", "nature-missing", "you have not said whether the \(name) is natural",
                hint: "enter natural, laboratory_grown, assembled, reconstructed or imitation, or have it examined",
                .federal("16 CFR 23.25(a)"))
        case .unknown:
            block(
                stone.path + ".nature", "nature-unknown", "nobody knows whether the \(name) is natural",
                hint: "have it examined; until then it cannot be offered as \(name)", .federal("16 CFR 23.25(a)"))
        default: break
        }
    }

    /// The bare word says "natural"; that it is, is shown by X-ray alone.
    private mutating func checkPearl(_ stone: DisclosedStone, backing: Disclosure.Backing) {
        let field = stone.path + ".identification"
        switch stone.standing {
        case nil:
            block(
                field, "nature-missing", "you have not said whether the pearl is natural or cultured",
                hint: "enter bead_cultured, non_bead_cultured, imitation, or natural with a laboratory's report",
                .federal("16 CFR 23.20"))
        case .unknown:
            block(
                field, "nature-unknown", "nobody knows whether the pearl is natural or cultured",
                hint: "have it X-rayed; until then it cannot be offered as a pearl", .federal("16 CFR 23.20"))
        case .natural where backing == .dealer && !stone.isAttested:
            block(
                field, "pearl-natural-unproven", "only a laboratory's X-ray shows that a pearl is natural",
                hint: "have it X-rayed and enter the result with the basis external, or enter what it is",
                .federal("16 CFR 23.20"))
        default: break
        }
    }

    private mutating func checkMetals(_ jewellery: Jewellery?) {
        for (index, metal) in (jewellery?.metals ?? []).enumerated() where metal.metal == .gold && metal.fineness == nil
        {
            block(
                "jewellery.metals[\(index)].karat", "gold-without-karat", "you have written gold without its karat",
                hint: "enter karat 18, or finenessPermille 750, as stamped or tested", .federal("16 CFR 23.3(b)"))
        }
    }
}

extension Listing {
    /// The dealer's description, or a line of the facts, and then what the buyer must be told.
    var buyerDescription: String {
        let own = facts.description?.text ?? ""
        let disclosure = disclosure.text
        let text = own.isBlank ? factLine : own
        return disclosure.isEmpty ? text : text + "\n\n" + disclosure
    }
}

extension String {
    /// Spaces alone; a text of invisible characters is not blank but refused by their name.
    var isBlank: Bool { unicodeScalars.allSatisfy { [" ", "\t", "\n", "\r", "\u{A0}"].contains($0) } }
}
