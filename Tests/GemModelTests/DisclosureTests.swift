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

    @Test("every treatment code has its own sentence in each language", arguments: Treatment.Kind.allCases)
    func everyCode(code: Treatment.Kind) {
        let emerald = stone(.natural, "emerald", [treatment(code)])

        for (language, end) in [(Disclosure.Language.english, "."), (.urdu, "۔")] {
            let others = Treatment.Kind.allCases.filter { $0 != code }
                .map { treatment($0).sentence(of: emerald, backing: .laboratory, in: language) }
            let sentence = treatment(code).sentence(of: emerald, backing: .laboratory, in: language)

            #expect(sentence.hasSuffix(end))
            #expect(!others.contains(sentence))
            let english = treatment(code).care(in: .english)
            #expect((treatment(code).care(in: language) == nil) == (english == nil))
        }
    }

    /// The whole text of a stone of that nature, treated in every way a table knows.
    func everything(_ nature: Nature?, _ backing: Disclosure.Backing, in language: Disclosure.Language) -> String {
        let all = Treatment.Kind.allCases.flatMap { kind in
            [treatment(kind)] + kind.degrees.map { treatment(kind, degree: $0.code) }
        }
        var stone = stone(nature, "emerald", all)
        stone.growthMethod = .hydrothermal
        stone.role = .side
        stone.count = 12
        return Disclosure(of: [stone], backing: backing, language: language).text
    }

    @Test(
        "what is told in Urdu holds no word of English, and what is told in English none of Urdu",
        arguments: [.natural, .laboratoryGrown, .reconstructed, .assembled, .imitation, .unknown, nil] as [Nature?])
    func noMixture(nature: Nature?) {
        for backing in [Disclosure.Backing.dealer, .externalReport, .laboratory] {
            let urdu = everything(nature, backing, in: .urdu)
            let english = everything(nature, backing, in: .english)

            #expect(urdu.unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic } == [])
            #expect(english.unicodeScalars.filter { (0x0600...0x06FF).contains($0.value) } == [])
            // Nothing that turns the direction of the text around it: a certificate's linter refuses that.
            #expect(urdu.unicodeScalars.filter { (0x200E...0x2069).contains($0.value) } == [])
        }
    }

    @Test(
        "the same facts are told in Urdu",
        arguments: [
            (stone: DisclosedStone(path: "s", species: "beryl", variety: "emerald", nature: .natural), "قدرتی زمرد۔"),
            (DisclosedStone(path: "s", species: "corundum", nature: .natural), "قدرتی کورنڈم۔"),
            (
                DisclosedStone(
                    path: "s", species: "diamond", nature: .laboratoryGrown, growthMethod: .cvd),
                "لیبارٹری میں بنایا ہوا ہیرا (طریقہ: سی وی ڈی)، کان سے نہیں نکلا۔"
            ),
            (
                DisclosedStone(path: "s", species: "turquoise", variety: "Nishapur", nature: .natural),
                "قدرتی فیروزہ «Nishapur»۔"
            ),
            (
                DisclosedStone(path: "s", species: "pearl", variety: "Akoya", identification: .beadCultured),
                "پرورش کردہ اکویا موتی، جو انسان کے رکھے ہوئے منکے پر سیپی میں بنا۔"
            ),
            (DisclosedStone(path: "s", species: "other", variety: "سرخ پتھر", nature: .natural), "قدرتی سرخ پتھر۔"),
        ])
    func urdu(stone: DisclosedStone, sentence: String) {
        let text = Disclosure(of: [stone], backing: .dealer, language: .urdu).statements[0].sentences[0]

        #expect(text == sentence)
    }

    @Test(
        "\"cultured\" and \"imitation\" stand immediately before \"pearl\"",
        arguments: [
            (Pearl.Identification.beadCultured, "Akoya", "Akoya cultured pearl"),
            (.nonBeadCultured, "South Sea pearl", "South Sea cultured pearl"),
            (.beadCultured, "cultured pearls", "freshwater cultured pearl"),
            (.beadCultured, nil, "freshwater cultured pearl"), (.imitation, "South Sea", "imitation pearl"),
            (.natural, "Basra", "natural Basra pearl"), (.undetermined, "Basra", "Basra pearl"),
        ] as [(Pearl.Identification, String?, String)])
    func pearlNames(identification: Pearl.Identification, variety: String?, name: String) {
        let pearl = DisclosedStone(
            path: "pearl", species: "pearl", variety: variety, identification: identification,
            environment: .freshwater)

        #expect(pearl.name == name)
    }

    private func text(_ document: String, _ language: Disclosure.Language = .english) throws -> String {
        let piece = try Piece(document: JSON(parsing: document))
        return Disclosure(of: piece.disclosedStones { _ in nil }, backing: .dealer, language: language).text
    }

    @Test("pearls are told by how they came to be, and by what was done to them")
    func pearls() throws {
        let strand = try text(
            """
            {"kind":"strand","strand":{"pieces":47,"treatments":[{"code":"DYE"}],"pearl":{"variety":"Akoya",
            "identification":"bead_cultured","environment":"saltwater","treatments":[{"code":"BLE"}]}}}
            """)
        #expect(
            strand.hasPrefix(
                "Disclosure: Akoya cultured pearl, grown in a saltwater mollusc around a bead that people put in. "
                    + "Bleached. Dyed; the colour may not be permanent. Special care: no solvents"), "\(strand)")
        let natural = try text(
            #"{"kind":"pearl","pearl":{"identification":"natural","treatments":[{"code":"NT"}]}}"#)
        #expect(natural.contains("by the dealer's own statement; only a laboratory's X-ray can show it. Not tested"))
        let attested = try text(
            #"{"kind":"pearl","pearl":{"identification":{"value":"natural","basis":"external"}}}"#)
        #expect(attested.contains("which the dealer states from a laboratory's report"))
        let earrings = try text(
            """
            {"kind":"jewellery","jewellery":{"type":"earrings","stones":[
            {"role":"centre","count":2,"species":"pearl","variety":"South Sea","identification":"bead_cultured",
            "treatments":[{"code":"NT"}]},
            {"role":"accent","count":20,"species":"diamond","nature":"natural","treatments":[{"code":"NT"}]}]}}
            """)
        #expect(earrings.contains("Centre stones (2): South Sea cultured pearl, grown in a mollusc around a bead"))
        #expect(earrings.contains("Accent stones (20): natural diamond. Not tested for treatment"))
        let grown = try text(
            #"{"kind":"parcel","parcel":{"species":"pearl","nature":"laboratory_grown","treatments":[{"code":"NT"}]}}"#
        )
        #expect(grown.hasPrefix("Disclosure: Cultured pearl, grown in a mollusc with human help."))
    }

    @Test("a pair is told in one when its stones are alike, else each by itself; what is shared holds for each")
    func pairs() throws {
        let alike = try text(
            """
            {"kind":"pair","pair":{"nature":"natural","species":"beryl","variety":"aquamarine","pieces":2,
            "treatments":[{"code":"HT"}],"stones":[{"weightCt":"1.10"},{"weightCt":"1.12"}]}}
            """)
        #expect(alike == "Disclosure: Natural aquamarine. Heated to change its colour or clarity.")
        let unlike = try text(
            """
            {"kind":"pair","pair":{"nature":"natural","species":"beryl","variety":"emerald",
            "stones":[{"treatments":[{"code":"OIL"}]},{"treatments":[{"code":"GF"}]}]}}
            """)
        #expect(unlike.contains("Stone: natural emerald. Fissures are filled with colourless oil"))
        #expect(unlike.contains("Stone: natural emerald. Glass-filled"))
        let shared = try text(
            """
            {"kind":"set","set":{"nature":"natural","species":"corundum","variety":"sapphire",
            "treatments":[{"code":"HT"}],"stones":[{"treatments":[{"code":"DI","element":"Be"}]},{}]}}
            """)
        #expect(shared.contains("diffusion of a foreign element (element: Be)"))
        #expect(shared.ranges(of: "Heated to change").count == 2)
    }

    @Test("a ring that holds a pair tells each of its stones; a piece that holds itself ends")
    func chain() throws {
        func piece(_ text: String) throws -> Piece { try Piece(document: JSON(parsing: text)) }
        let ring = try piece(#"{"kind":"jewellery","jewellery":{"stones":[{"piece":"P-1"},{"piece":"P-1"}]}}"#)
        let pair = try piece(#"{"kind":"pair","pair":{"stones":[{"piece":"S-1"},{"piece":"S-2"}]}}"#)
        let ruby = try piece(
            #"{"kind":"stone","stone":{"nature":"natural","species":"corundum","variety":"ruby","treatments":[{"code":"HT"}]}}"#
        )
        let glass = try piece(
            #"{"kind":"stone","stone":{"nature":"imitation","variety":"glass","treatments":[{"code":"FOIL"}]}}"#)
        let pieces = ["P-1": pair, "S-1": ruby, "S-2": glass, "X-1": ring]

        let stones = ring.disclosedStones { pieces[$0] }
        let itself = try piece(#"{"kind":"jewellery","jewellery":{"stones":[{"piece":"Y-1"}]}}"#)

        #expect(stones.map(\.name) == ["natural ruby", "imitation glass", "natural ruby", "imitation glass"])
        #expect(stones.map(\.entry) == [0, 0, 1, 1])
        #expect(itself.disclosedStones { _ in itself }.map(\.unresolvedPiece) == ["Y-1"])
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
        #expect(
            text(nil)
                == "Disclosure: Natural emerald. Whether it was treated was not said: it may have been treated.")
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

    @Test("a dealer's own words cannot pass for the disclosure's")
    func ownWords() {
        let words = "none). No treatment. Genuine laboratory report by GIA (see”"
        func text(_ treatment: Treatment, _ backing: Disclosure.Backing) -> String {
            Disclosure(of: [stone(.natural, "emerald", [treatment])], backing: backing).text
        }

        let degree = text(treatment(.OIL, degree: words), .dealer)
        let filler = text(treatment(.OIL, degree: "minor", filler: words), .dealer)
        let laboratory = text(treatment(.OIL, degree: "minor to moderate"), .laboratory)

        #expect(
            !degree.contains("laboratory report") && degree.contains("oil or wax; this is not permanent"), "\(degree)")
        #expect(
            filler.contains("(minor; filler: “none). No treatment. Genuine laboratory report by GIA (see”)"),
            "\(filler)")
        #expect(laboratory.contains("(minor to moderate)"), "\(laboratory)")
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
