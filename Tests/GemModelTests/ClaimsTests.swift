import Testing

@testable import GemModel

@Suite("Claims")
struct ClaimsTests {
    typealias Code = Claims.Fault.Code

    func loose(
        _ nature: Nature, _ species: String, _ variety: String? = nil, _ treatments: [Treatment.Kind] = [.NT],
        backing: Disclosure.Backing = .dealer
    ) -> Claims {
        let stone = DisclosedStone(
            path: "stone", species: species, variety: variety, nature: nature,
            treatments: treatments.map { Treatment(code: $0) })
        return Claims(stones: [stone], jewellery: nil, backing: backing)
    }

    @Test(
        "an artificial stone's title must say so immediately before the name",
        arguments: [
            (Nature.laboratoryGrown, "diamond", "1.02 ct diamond, round", Code.bareName),
            (.laboratoryGrown, "diamond", "Laboratory-grown round diamond", .bareName),
            (.laboratoryGrown, "diamond", "Lab diamond 1.02 ct", .bareName),
            (.laboratoryGrown, "diamond", "Laboratory-grown diamond, better than diamonds", .bareName),
            (.laboratoryGrown, "diamond", "Cultured diamond", .bareName),
            (.laboratoryGrown, "diamond", "Round brilliant 1.02 ct", .natureNotInTitle),
            (.laboratoryGrown, "diamond", "Loose gemstone", .bareName),
            (.laboratoryGrown, "corundum", "Flux rubies", .bareName),
            (.imitation, "beryl", "Faux emerald", .bareName),
            (.imitation, "beryl", "Synthetic emerald", .bareName),
            (.imitation, "quartz", "amethyst CZ", .bareName),
            (.assembled, "opal", "Opal, black", .bareName),
        ])
    func refused(nature: Nature, species: String, title: String, code: Code) {
        let faults = loose(nature, species).faults(inTitle: title)

        #expect(faults.map(\.code).contains(code))
        #expect(faults.allSatisfy { $0.isGrave })
    }

    @Test(
        "a cultured or imitation pearl is called so immediately before the word",
        arguments: [
            (Pearl.Identification.beadCultured, "South Sea pearl necklace", Code.bareName),
            (.beadCultured, "Cultured Akoya pearls", .bareName), (.beadCultured, "Pearls, cultured", .bareName),
            (.nonBeadCultured, "Genuine cultured pearl", .claimsNatural),
            (.beadCultured, "Akoya strand, 7 mm", .natureNotInTitle), (.imitation, "Faux pearl", .bareName),
            (.imitation, "Cultured pearl", .bareName), (.beadCultured, "Akoya cultured pearls", nil),
            (.nonBeadCultured, "Freshwater cultivated pearl on mother of pearl", nil),
            (.imitation, "Imitation pearls", nil), (.natural, "Natural Basra pearl", nil),
        ] as [(Pearl.Identification, String, Code?)])
    func pearls(identification: Pearl.Identification, title: String, code: Code?) {
        let pearl = DisclosedStone(
            path: "pearl", species: "pearl", treatments: [Treatment(code: .NT)], identification: identification)

        let faults = Claims(stones: [pearl], jewellery: nil, backing: .dealer).faults(inTitle: title)

        #expect(code.map { faults.map(\.code).contains($0) } ?? faults.isEmpty, "\(faults)")
        #expect(faults.allSatisfy { $0.clause.hasPrefix("16 CFR 23.2") })
    }

    @Test(
        "a title that discloses is taken",
        arguments: [
            (Nature.laboratoryGrown, "diamond", "Laboratory-grown diamond, 1.02 ct, D VVS1"),
            (.laboratoryGrown, "diamond", "Emerald-cut lab-grown diamond"),
            (.laboratoryGrown, "diamond", "Laboratory grown diamond, loose stone"),
            (.laboratoryGrown, "beryl", "Chatham-created emerald"),
            (.laboratoryGrown, "beryl", "Synthetic emeralds"),
            (.imitation, "corundum", "Simulated ruby"),
            (.assembled, "opal", "Opal triplet"),
            (.reconstructed, "amber", "Pressed amber"),
            (.imitation, "other", "Imitation stone"),
            (.natural, "beryl", "Emerald"),
        ])
    func taken(nature: Nature, species: String, title: String) {
        #expect(loose(nature, species).faults(inTitle: title) == [])
    }

    @Test("an artificial stone is never natural or real")
    func natural() {
        let faults = loose(.laboratoryGrown, "diamond").faults(inTitle: "Real laboratory-grown diamond")

        #expect(faults.map(\.code) == [.claimsNatural])
    }

    @Test("beside a natural stone only the artificial stone's name is judged")
    func mixed() throws {
        let emerald = DisclosedStone(path: "a", species: "beryl", variety: "emerald", nature: .natural)
        let diamond = DisclosedStone(path: "b", species: "diamond", nature: .laboratoryGrown)
        let ring = Jewellery(type: Fact(.ring), metals: [.init(metal: .gold, karat: 18)])
        let claims = Claims(stones: [emerald, diamond], jewellery: ring, backing: .dealer)

        #expect(claims.faults(inTitle: "Emerald ring with laboratory-grown diamonds, 18K gold") == [])
        #expect(claims.faults(inTitle: "Emerald and diamond ring").map(\.code) == [.bareName])
        #expect(claims.faults(inTitle: "Emerald ring").map(\.isGrave) == [false])
    }

    @Test("a name that natural and artificial stones share must be disclosed at least once")
    func shared() {
        let centre = DisclosedStone(path: "a", species: "diamond", nature: .natural)
        let side = DisclosedStone(path: "b", species: "diamond", nature: .laboratoryGrown)
        let claims = Claims(stones: [centre, side], jewellery: Jewellery(type: Fact(.ring)), backing: .dealer)

        #expect(claims.faults(inTitle: "Diamond ring").map(\.isGrave) == [true])
        #expect(claims.faults(inTitle: "Diamond ring with laboratory-grown diamonds") == [])
    }

    @Test("glass filling is named in the title")
    func glass() {
        let claims = loose(.natural, "corundum", "ruby", [.HT, .GF])

        #expect(claims.faults(inTitle: "Ruby 3.10 ct").map(\.code) == [.fillingNotInTitle])
        #expect(claims.faults(inTitle: "Glass-filled ruby 3.10 ct") == [])
    }

    @Test(
        "a claim of no treatment is held against the treatments",
        arguments: [
            ("Unheated sapphire", [Treatment.Kind.HT], Code.claimContradicted),
            ("No oil emerald", [.OIL], .claimContradicted),
            ("Untreated emerald", [.NONE], .claimUnproven), ("No-heat sapphire", [.NT], .claimUnproven),
        ])
    func treatmentClaims(title: String, treatments: [Treatment.Kind], code: Code) {
        #expect(loose(.natural, "corundum", nil, treatments).faults(inTitle: title).map(\.code) == [code])
        if code == .claimUnproven {
            #expect(loose(.natural, "corundum", nil, treatments, backing: .laboratory).faults(inTitle: title) == [])
        }
    }

    @Test("certified needs a laboratory's report")
    func certified() {
        #expect(loose(.natural, "beryl").faults(inTitle: "Certified emerald").map(\.code) == [.certifiedWithoutReport])
        #expect(loose(.natural, "beryl", backing: .laboratory).faults(inTitle: "Certified emerald") == [])
    }

    @Test(
        "gold needs its karat",
        arguments: [
            ("Gold ring", 18, false, Code.goldWithoutKarat), ("Gold ring", nil, true, .goldWithoutKarat),
            ("18K gold ring", 18, false, nil),
            ("18 karat rose gold ring", 18, false, nil), ("Ring, gold 750", 18, false, nil),
            ("22kt gold bangle", 22, false, nil),
            ("Gold-plated ring", 18, false, nil), ("Golden ring", 18, false, nil),
        ] as [(String, Int?, Bool, Code?)])
    func gold(title: String, karat: Int?, isGrave: Bool, code: Code?) {
        let ring = Jewellery(type: Fact(.ring), metals: [.init(metal: .gold, karat: karat)])

        let faults = Claims(stones: [], jewellery: ring, backing: .dealer).faults(inTitle: title)

        #expect(faults.map(\.code) == [code].compactMap { $0 })
        #expect(faults.allSatisfy { $0.isGrave == isGrave })
    }

    @Test("silver is not sold as gold")
    func silver() {
        let ring = Jewellery(type: Fact(.ring), metals: [.init(metal: .silver)])

        let faults = Claims(stones: [], jewellery: ring, backing: .dealer).faults(inTitle: "18K gold ring")

        #expect(faults.map(\.code) == [.goldNotInMetals])
    }
}
