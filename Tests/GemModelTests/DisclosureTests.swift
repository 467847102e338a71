import Testing

@testable import GemModel

@Suite("Disclosure")
struct DisclosureTests {
    func stone(_ nature: Nature?, _ variety: String?, species: String? = "beryl", _ treatments: [Treatment]? = nil)
        -> DisclosedStone
    {
        DisclosedStone(path: "stone", species: species, variety: variety, nature: nature, treatments: treatments)
    }

    func treatment(_ code: Treatment.Kind, degree: String? = nil, filler: String? = nil) -> Treatment {
        Treatment(code: code, degree: degree.map { Line(unchecked: $0) }, filler: filler.map { Line(unchecked: $0) })
    }

    @Test("every treatment code has its own sentence", arguments: Treatment.Kind.allCases)
    func everyCode(code: Treatment.Kind) {
        let emerald = stone(.natural, "emerald", [treatment(code)])

        let others = Treatment.Kind.allCases.filter { $0 != code }
            .map { treatment($0).sentence(of: emerald, backing: .laboratory, in: .english) }
        let sentence = treatment(code).sentence(of: emerald, backing: .laboratory, in: .english)

        #expect(sentence.hasSuffix("."))
        #expect(!others.contains(sentence))
    }

    @Test("none, not tested, undeterminable and not said are four different things")
    func fourSilences() {
        func text(_ treatments: [Treatment]?) -> String {
            Disclosure(of: [stone(.natural, "emerald", treatments)], backing: .laboratory).text
        }

        #expect(text([treatment(.NONE)]) == "Disclosure: Natural emerald. No indications of treatment were found.")
        #expect(
            text([treatment(.NT)]) == "Disclosure: Natural emerald. Not tested for treatment: it may have been treated."
        )
        #expect(
            text([treatment(.UND)]) == "Disclosure: Natural emerald. Whether it was treated could not be determined.")
        #expect(text(nil) == "Disclosure: Natural emerald.")
        #expect(!Disclosure(of: [stone(.natural, "emerald")], backing: .laboratory).isComplete)
    }

    @Test("a dealer's none never reads like a laboratory's")
    func dealersNone() {
        let disclosure = Disclosure(
            of: [stone(.natural, "ruby", species: "corundum", [treatment(.NONE)])], backing: .dealer)

        #expect(
            disclosure.text.contains(
                "Not known to be treated, by the dealer's own statement; no laboratory has confirmed it."))
        #expect(!disclosure.text.contains("No indications"))
    }

    @Test("degree and filler are told, and what ruins a filling")
    func degreeAndCare() {
        let disclosure = Disclosure(
            of: [stone(.natural, "emerald", [treatment(.OIL, degree: "minor", filler: "cedar oil")])], backing: .dealer)

        #expect(disclosure.text.contains("oil or wax (minor; filler: cedar oil); this is not permanent."))
        #expect(
            disclosure.text.hasSuffix(
                "Special care: no ultrasonic or steam cleaning, no heat and no solvents, which take out the filling."))
    }

    @Test("a degree of none says it was looked for and not found")
    func degreeNone() {
        let disclosure = Disclosure(
            of: [stone(.natural, "emerald", [treatment(.OIL, degree: "none")])], backing: .laboratory)

        #expect(disclosure.text == "Disclosure: Natural emerald. No indication of oil in fissures was found.")
    }

    @Test(
        "the words of the nature stand immediately before the name",
        arguments: [
            (Nature.natural, "natural emerald"), (.laboratoryGrown, "laboratory-grown emerald"),
            (.imitation, "imitation emerald"),
            (.assembled, "assembled emerald"), (.reconstructed, "reconstructed emerald"), (.unknown, "emerald"),
        ])
    func names(nature: Nature, name: String) {
        #expect(stone(nature, "Emerald").name == name)
        #expect(stone(nature, "synthetic emerald").name == name)
    }

    @Test(
        "the trade's name is found from species and variety",
        arguments: [
            ("corundum", "ruby", "ruby"), ("opal", "fire", "fire opal"), ("lapis-lazuli", nil, "lapis lazuli"),
            ("other", nil, "stone"),
            ("tourmaline", "Paraiba", "paraiba"), ("turquoise", "Nishapur", "Nishapur turquoise"),
            ("diamond", "cubic zirconia", "cubic zirconia"),
            ("other", "Sarfaq", "Sarfaq"), (nil, nil, "stone"), ("quartz", "Rock crystal", "rock crystal"),
        ] as [(String?, String?, String)])
    func bareNames(species: String?, variety: String?, name: String) {
        #expect(stone(nil, variety, species: species).bareName == name)
    }

    @Test("growth is named for a laboratory-grown stone")
    func growth() {
        var diamond = stone(.laboratoryGrown, nil, species: "diamond", [treatment(.NONE)])
        diamond.growthMethod = .cvd

        let text = Disclosure(of: [diamond], backing: .dealer).text

        #expect(text.hasPrefix("Disclosure: Laboratory-grown diamond, CVD growth, made in a laboratory, not mined."))
    }

    @Test("a natural stone that was assembled or pressed is an artificial product")
    func artificial() {
        #expect(stone(.natural, "opal", species: "opal", [treatment(.ASM)]).name == "assembled opal")
        #expect(stone(.natural, "amber", species: "amber", [treatment(.REC)]).name == "reconstructed amber")
    }

    @Test("mounted stones are told one by one, with their role and number")
    func mounted() throws {
        let piece = try Piece(
            document: JSON(
                parsing: """
                    {"kind":"jewellery","jewellery":{"type":"ring","stones":[
                    {"piece":"R-17","role":"centre"},
                    {"role":"side","count":12,"species":"diamond","nature":"laboratory_grown","treatments":[{"code":"HPHT"}]}]}}
                    """))
        let emerald = try Piece(
            document: JSON(
                parsing:
                    #"{"kind":"stone","stone":{"nature":"natural","species":"beryl","variety":"emerald","treatments":[{"code":"OIL"}]}}"#
            ))

        let known = Disclosure(of: piece.disclosedStones { $0 == "R-17" ? emerald : nil }, backing: .dealer)
        let unknown = Disclosure(of: piece.disclosedStones { _ in nil }, backing: .dealer)

        #expect(known.text.hasPrefix("Disclosure: Centre stone: natural emerald. Fissures are filled"))
        #expect(
            known.text.contains(
                "Side stones (12): laboratory-grown diamond, made in a laboratory, not mined. Treated at high pressure")
        )
        #expect(known.isComplete)
        #expect(!unknown.isComplete)
    }
}
