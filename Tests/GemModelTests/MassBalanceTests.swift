import GemModel
import Testing

@Suite("Mass balance")
struct MassBalanceTests {
    static func carats(_ texts: String...) throws -> [Carat] { try texts.map { try Carat($0) } }

    @Test(
        "0.02 ct or 0.1 % is no imbalance, more needs a reason",
        arguments: [
            ("10.00", ["6.20", "3.80"], nil, true), ("10.00", ["6.20", "3.78"], nil, true),
            ("10.00", ["6.20", "3.82"], nil, true), ("10.00", ["6.20", "3.779"], nil, false),
            ("10.00", ["6.20", "3.82001"], nil, false), ("10.00", ["6.20", "3.00"], "0.80", true),
            ("10.00", ["6.20", "3.00"], "0.83", false), ("1000.00", ["999.00"], nil, true),
            ("1000.00", ["998.99"], nil, false),
        ] as [(String, [String], String?, Bool)])
    func tolerance(input: String, outputs: [String], loss: String?, isKept: Bool) throws {
        let balance = try MassBalance(
            input: Carat(input), outputs: outputs.map { try Carat($0) }, loss: loss.map { try Carat($0) })

        #expect(balance.isKept == isKept)
        if isKept {
            try balance.check(reason: nil, mayGrow: true)
        } else {
            let refusal = #expect(throws: InvalidInput.self) { try balance.check(reason: nil, mayGrow: true) }
            #expect(refusal?.field == "reason")
            try balance.check(reason: Line("the old scale was off"), mayGrow: true)
        }
    }

    @Test("no more is cut from rough than it weighed, whatever the reason")
    func rough() throws {
        let balance = try MassBalance(input: Carat("10.00"), outputs: Self.carats("6.00", "4.03"), loss: nil)

        let refusal = #expect(throws: InvalidInput.self) {
            try balance.check(reason: Line("a good cutter"), mayGrow: false)
        }
        #expect(refusal?.field == "into")
    }

    private func parcel(_ weight: String, _ pieces: Int, _ more: String = "") throws -> Piece {
        try KindTests.piece(
            #"{"kind":"parcel","stockNumber":"B-4","title":"10 ct","parcel":{"species":"beryl","pieces":\#(pieces),"totalWeightCt":"\#(weight)"}\#(more)}"#
        )
    }

    @Test("whatever is taken out of a parcel, its parts, the rest and the loss weigh what it weighed")
    func property() throws {
        var random = Seeded(state: 7)
        for _ in 0..<2000 {
            let weight = try #require(
                Carat(units: Int64.random(in: 10_000...5_000_000_000, using: &random), decimals: 5))
            let count = Int.random(in: 2...400, using: &random)
            let whole = try parcel(weight.description, count)
            var left = weight.units
            var parts: [Part] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) where left > 2 {
                let units = Int64.random(in: 1...(left / 2), using: &random)
                parts.append(Part(weight: try #require(Carat(units: units, decimals: 5))))
                left -= units
            }
            let loss = left > 2 ? Carat(units: Int64.random(in: 1...(left / 2), using: &random), decimals: 5) : nil

            let rest = try #require(MassBalance.remainder(of: weight, less: parts.map(\.weight), loss: loss))
            let kept = try whole.remainder(weight: rest, pieces: nil)
            let children = try parts.map { try Piece(document: whole.document(of: $0, at: "into[0]")) }

            let out = children.compactMap(\.weight)
            let balance = MassBalance(input: weight, outputs: out + [try #require(kept.weight)], loss: loss)
            #expect(balance.gap == 0 && out.count == parts.count)
            try balance.check(reason: nil, mayGrow: false)
            let sum = try #require(MassBalance.sum(out + [rest] + (loss.map { [$0] } ?? [])))
            #expect(sum.units == weight.units)
        }
    }

    @Test("a part has the facts of the whole, a price per carat, and no words that tell another weight")
    func part() throws {
        let whole = try parcel(
            "10.00", 100,
            #","description":"100 stones","location":"safe/2","price":{"total":{"amount":"1000.00","currency":"USD"}},"cost":{"total":{"amount":"700.00","currency":"USD"}}"#
        )

        let document = try whole.document(
            of: Part(
                stockNumber: StockNumber("B-4/1"), weight: Carat("6.20"), pieces: Count(60),
                facts: JSON(parsing: #"{"parcel":{"gradeRange":"A"}}"#)), at: "into[0]")

        let piece = try Piece(document: document)
        #expect(piece.species == "beryl" && piece.weight?.description == "6.20" && piece.count == 60)
        #expect(piece.title == nil && piece.description == nil && piece.location?.text == "safe/2")
        #expect(piece.totalPrice?.amount == "620.00" && piece.cost?.perCarat?.amount == "70.00")
        #expect(document["parcel"]?["gradeRange"]?.string == "A")
        let rest = try whole.remainder(weight: Carat("3.80"), pieces: 40)
        #expect(rest.title?.text == "10 ct" && rest.count == 40 && rest.totalPrice?.amount == "380.00")
    }

    @Test("what is cut from rough keeps its nature, species, treatments and origin, not its price")
    func cut() throws {
        let rough = try KindTests.piece(
            """
            {"kind":"rough","stockNumber":"RG-1","price":{"perCarat":{"amount":"20.00","currency":"USD"}},
             "cost":{"total":{"amount":"100.00","currency":"USD"}},"rough":{"species":"beryl","variety":"emerald",
             "nature":"natural","treatments":[{"code":"NT"}],"weightG":"2.000","mine":"Mingora","origin":{"country":"PK"}}}
            """)

        let stone = try Piece(
            document: rough.document(
                of: Part(
                    weight: Carat("1.20"), facts: JSON(parsing: #"{"kind":"stone","stone":{"shape":"OV"}}"#)),
                at: "into[0]"))

        #expect(stone.kind == .stone && stone.variety == "emerald" && stone.weight?.description == "1.20")
        #expect(stone.stone?.treatments?.first?.code == .NT && stone.stone?.origin?.country?.code == "PK")
        #expect(stone.price == nil && stone.cost == nil)
    }

    @Test(
        "a part that cannot be is refused by its place",
        arguments: [
            (#"{}"#, "into[0].weightCt"), (#"{"weightCt":"0"}"#, "into[0].weightCt"),
            (#"{"weightCt":"1","weight":"200 mg"}"#, "into[0].weight"), (#"{"weight":"2 ratti"}"#, "into[0].weight"),
            (#"{"weightCt":"1","pieces":0}"#, "into[0].pieces"), (#"{"weightCt":"1","stock":"R"}"#, "into[0].stock"),
            (#"{"weightCt":"1","piece":7}"#, "into[0]"), (#""6.20""#, "into[0]"),
            (#"{"weightCt":"1","piece":{"kind":"jewellery"}}"#, "into[0].piece.kind"),
            (
                #"{"weightCt":"1","piece":{"parcel":{"totalWeightCt":"2"}}}"#,
                "into[0].piece.parcel.totalWeightCt"
            ),
            (#"{"weightCt":"1","pieces":2,"piece":{"kind":"stone","stone":{}}}"#, "into[0].pieces"),
        ])
    func refused(text: String, field: String) throws {
        let whole = try parcel("10.00", 100)

        let refusal = #expect(throws: InvalidInput.self) {
            try whole.document(of: Part(json: JSON(parsing: text), path: "into[0]"), at: "into[0]")
        }
        #expect(refusal?.field == field, "\(refusal?.reason ?? "")")
    }

    @Test("parcels that are not alike are mixed only when it is said what the whole is")
    func mixed() throws {
        let one = try parcel("10.00", 100, #","cost":{"total":{"amount":"700.00","currency":"USD"}}"#)
        let other = try KindTests.piece(
            #"{"kind":"parcel","stockNumber":"B-5","cost":{"perCarat":{"amount":"60.00","currency":"USD"}},"parcel":{"species":"corundum","totalWeightCt":"5.00"}}"#
        )

        let refusal = #expect(throws: InvalidInput.self) {
            try one.merged(with: [other], weight: Carat("15.00"), pieces: nil, facts: .object([]))
        }
        #expect(refusal?.field == "piece.parcel.species")
        let mixed = try one.merged(
            with: [other], weight: Carat("15.00"), pieces: nil,
            facts: JSON(parsing: #"{"parcel":{"species":"other"}}"#))
        #expect(mixed.weight?.description == "15.00" && mixed.cost?.total?.amount == "1000.00")
    }

    @Test("cutting never makes a stone heavier, and says what a certificate no longer describes")
    func recut() throws {
        let stone = try KindTests.piece(
            #"{"kind":"stone","stone":{"weightCt":"1.58","shape":"OV","measurementsMm":{"length":"9.12","width":"7.05"}}}"#
        )
        func recut(_ weight: String, _ facts: String = "{}") throws -> Piece {
            try stone.recut(to: Carat(weight), facts: JSON(parsing: facts))
        }

        let heavier = #expect(throws: InvalidInput.self) { try recut("1.59") }
        #expect(heavier?.field == "weightCt")
        #expect(try !recut("1.575").isBeyondTolerance(of: stone))
        #expect(try recut("1.5749").isBeyondTolerance(of: stone))
        #expect(try !recut("1.58", #"{"measurementsMm":{"length":"9.09"}}"#).isBeyondTolerance(of: stone))
        #expect(try recut("1.58", #"{"measurementsMm":{"length":"9.089"}}"#).isBeyondTolerance(of: stone))
        #expect(try recut("1.58", #"{"shape":"R"}"#).isOtherShape(than: stone))
    }
}

/// The same throws for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
