import GemModel
import Testing

@Suite("Pieces of every kind")
struct KindTests {
    static func piece(_ text: String) throws -> Piece { try Piece(document: JSON(parsing: text)) }

    @Test("a piece holds the facts of its kind and of no other", arguments: Piece.Kind.allCases)
    func blocks(kind: Piece.Kind) throws {
        let other = kind == .stone ? "rough" : "stone"

        let missing = #expect(throws: InvalidInput.self) { try Self.piece(#"{"kind":"\#(kind.rawValue)"}"#) }
        #expect(missing?.field == kind.rawValue)
        _ = try Self.piece(#"{"kind":"\#(kind.rawValue)","\#(kind.rawValue)":{}}"#)
        let both = #expect(throws: InvalidInput.self) {
            try Self.piece(#"{"kind":"\#(kind.rawValue)","\#(kind.rawValue)":{},"\#(other)":{}}"#)
        }
        #expect(both?.field == other)
    }

    @Test(
        "a list finds each kind by its own facts",
        arguments: [
            (
                #"{"kind":"rough","rough":{"species":"beryl","variety":"aquamarine","weightG":"12.5","clarity":"eye_clean"}}"#,
                "beryl", "62.50"
            ),
            (
                #"{"kind":"pearl","pearl":{"shape":"near_round","weightCt":"4.20","bodyColour":"cream"}}"#, "pearl",
                "4.20"
            ),
            (
                #"{"kind":"parcel","parcel":{"species":"corundum","pieces":120,"totalWeightCt":"36.40","shape":"R"}}"#,
                "corundum", "36.40"
            ),
            (#"{"kind":"pair","pair":{"species":"corundum","totalWeightCt":"2.10"}}"#, "corundum", "2.10"),
            (#"{"kind":"set","set":{"species":"topaz","totalWeightCt":"9"}}"#, "topaz", "9"),
            (#"{"kind":"strand","strand":{"pieces":60,"pearl":{"shape":"round","weightCt":"300"}}}"#, "pearl", "300"),
            (#"{"kind":"specimen","specimen":{"species":"topaz","weightG":"410"}}"#, "topaz", "2050.0"),
        ])
    func terms(text: String, species: String, weight: String) throws {
        let terms = try Self.piece(text).searchTerms

        #expect(terms.species == species)
        #expect(terms.weight?.description == weight)
    }

    @Test("jewellery is found by its centre stone, but does not weigh what it weighs")
    func jewelleryTerms() throws {
        let terms = try Self.piece(
            #"{"kind":"jewellery","jewellery":{"type":"ring","stones":[{"role":"side","species":"diamond","weightCt":"0.2"},{"role":"centre","species":"beryl","variety":"emerald","weightCt":"1.1"}]}}"#
        ).searchTerms

        #expect(terms.species == "beryl")
        #expect(terms.variety == "emerald")
        #expect(terms.weight == nil)
    }

    @Test(
        "a weight with its unit stands for the carats of every kind",
        arguments: [
            ("rough", "weightCt"), ("pearl", "weightCt"), ("parcel", "totalWeightCt"), ("strand", "totalWeightCt"),
        ])
    func weight(kind: String, member: String) throws {
        let piece = try Self.piece(#"{"kind":"\#(kind)","\#(kind)":{"weight":"2 pearl_grain"}}"#)

        #expect(piece.json[kind]?[member] == "0.5")
    }

    @Test(
        "a bare ratti or tola is refused in every kind", arguments: ["rough", "parcel", "set"])
    func ambiguous(kind: String) {
        let refusal = #expect(throws: InvalidInput.self) {
            try Self.piece(#"{"kind":"\#(kind)","\#(kind)":{"weight":"2 ratti"}}"#)
        }
        #expect(refusal?.field == kind + ".weight")
    }

    @Test(
        "a value may say its basis, by whom, when and with what",
        arguments: [
            #""weightCt":{"value":"1.580","basis":"measured","by":"Aslam","at":"2026-11-20","instrument":"Mettler 3"}"#,
            #""colour":{"text":"vivid green","tone":{"value":6,"basis":"graded"},"saturation":5}"#,
            #""tests":{"ri":[{"value":"1.577","basis":"measured"},"1.584"],"sg":{"value":"2.74","basis":"measured"}}"#,
            #""phenomena":[{"value":"chatoyancy","basis":"graded"}]"#,
            #""clarity":{"value":"eye_clean","at":"2026-11-20T09:30:00Z"}"#,
        ])
    func facts(member: String) throws {
        let text = #"{"kind":"stone","stone":{\#(member)}}"#

        #expect(try Self.piece(text).json.text == text)
    }

    @Test(
        "what cannot be is refused by its member",
        arguments: [
            (#""rough","rough":{"pieces":0}"#, "rough.pieces"), (#""rough","rough":{"pieces":"3"}"#, "rough.pieces"),
            (#""rough","rough":{"weightG":"-1"}"#, "rough.weightG"),
            (#""rough","rough":{"expectedYieldPct":"101"}"#, "rough.expectedYieldPct"),
            (#""parcel","parcel":{"pieces":99999999999}"#, "parcel.pieces"),
            (#""parcel","parcel":{"sizeRange":{"min":"3","max":"2"}}"#, "parcel.sizeRange"),
            (#""parcel","parcel":{"totalWeightCt":1.5}"#, "parcel.totalWeightCt"),
            (#""parcel","parcel":{"totalWeightCt":"1.123456"}"#, "parcel.totalWeightCt"),
            (#""parcel","parcel":{"treatments":[]}"#, "parcel.treatments"),
            (#""pair","pair":{"stones":[{},{},{}]}"#, "pair.stones"),
            (#""pair","pair":{"stones":[{"treatments":[{"code":"NT"},{"code":"HT"}]}]}"#, "pair.stones[0].treatments"),
            (#""set","set":{"separable":"yes"}"#, "set.separable"),
            (#""pearl","pearl":{"shape":"R"}"#, "pearl.shape"),
            (#""pearl","pearl":{"lustre":"bright"}"#, "pearl.lustre"),
            (#""strand","strand":{"pearl":{"treatments":[]}}"#, "strand.pearl.treatments"),
            (#""specimen","specimen":{"tests":{"ri":["1.6","1.5"]}}"#, "specimen.tests.ri"),
            (#""specimen","specimen":{"associated":"quartz"}"#, "specimen.associated"),
            (#""jewellery","jewellery":{"metals":[{"metal":"silver","karat":18}]}"#, "jewellery.metals[0].karat"),
            (#""jewellery","jewellery":{"stones":[{"count":0}]}"#, "jewellery.stones[0].count"),
            (#""jewellery","jewellery":{"hallmarks":[{"year":1e9}]}"#, "jewellery.hallmarks[0].year"),
            (#""jewellery","jewellery":{"plating":"tin"}"#, "jewellery.plating"),
            (#""stone","stone":{"colour":{"tone":11}}"#, "stone.colour.tone"),
            (#""stone","stone":{"tests":{"hardness":"11"}}"#, "stone.tests.hardness"),
            (#""stone","stone":{"comments":"ruby \u202E"}"#, "stone.comments"),
            (#""stone","stone":{"weightCt":{"value":"1","at":"2026-02-30"}}"#, "stone.weightCt.at"),
            (#""stone","stone":{"weightCt":{"basis":"measured"}}"#, "stone.weightCt.value"),
            (#""stone","stone":{},"packed":{"sizeMm":["10","10"]}"#, "packed.sizeMm"),
            (#""stone","stone":{},"tiers":[{"min":0,"price":{"amount":"1","currency":"USD"}}]"#, "tiers[0].min"),
            (
                #""stone","stone":{},"externalIds":[{"scheme":"GIA","id":"1"},{"scheme":"GIA","id":"1"}]"#,
                "externalIds[1]"
            ),
        ])
    func hostile(text: String, field: String) {
        let refusal = #expect(throws: InvalidInput.self) { try Self.piece(#"{"kind":\#(text)}"#) }

        #expect(refusal?.field == field)
        #expect(refusal?.hint.isEmpty == false)
    }

    @Test(
        "an unknown member or code is refused with the nearest known",
        arguments: [
            (#""stone","stone":{"colur":{}}"#, "colour"), (#""stone","stone":{"measurementsMM":{}}"#, "measurementsMm"),
            (#""parcel","parcel":{"weightCt":"3"}"#, "totalWeightCt"),
            (#""stone","stone":{},"stoknumber":"A-1""#, "stockNumber"),
            (#""stone","stone":{"species":"berill"}"#, "beryl"),
            (#""stone","stone":{"clarity":"eyeclean"}"#, "eye_clean"),
        ])
    func nearest(text: String, known: String) {
        let refusal = #expect(throws: InvalidInput.self) { try Self.piece(#"{"kind":\#(text)}"#) }

        #expect(refusal?.hint.contains("did you mean \"\(known)\"?") == true)
    }

    @Test("a number is told to be text, a variety to have a species")
    func hints() {
        let number = #expect(throws: InvalidInput.self) {
            try Self.piece(#"{"kind":"stone","stone":{"weightCt":1.5}}"#)
        }
        #expect(number?.hint == #"write it as text, "1.5""#)
        #expect(number?.field == "stone.weightCt")
        let variety = #expect(throws: InvalidInput.self) {
            try Self.piece(#"{"kind":"stone","stone":{"species":"emerald"}}"#)
        }
        #expect(variety?.hint == #"write "species":"beryl" and "variety":"emerald""#)
    }
}
