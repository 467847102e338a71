import ArgumentParser
import GemModel
import Testing

@testable import gemctl

@Suite struct ShorthandTests {
    @Test(
        "a weight in carats goes as measured, another unit goes to the daemon",
        arguments: [
            ("1.58ct", "weightCt", "1.58"), ("1.50 ct", "weightCt", "1.50"), ("2CT", "weightCt", "2"),
            ("684mg", "weight", "684 mg"),
            ("0.684 g", "weight", "0.684 g"), ("3ratti", "weight", "3 ratti"),
        ])
    func weight(text: String, name: String, value: String) throws {
        #expect(try Shorthand.weight(text) == JSON.Member(name, .string(value)))
    }

    @Test(
        "a weight without unit or number is refused with an example",
        arguments: ["3.42", "ct", "", "1,58ct", "1..5ct", ".5ct", "-1ct"])
    func badWeight(text: String) {
        let failure = #expect(throws: Failure.self) { try Shorthand.weight(text) }

        #expect(failure?.outcome == .usage)
        #expect(failure?.hint?.contains("1.58ct") == true)
    }

    @Test(
        "sizes take two or three sides",
        arguments: [
            ("9.12x7.05x4.88", #"{"length":"9.12","width":"7.05","depth":"4.88"}"#),
            ("6.5 × 6.5mm", #"{"length":"6.5","width":"6.5"}"#),
            ("9mmX7mmX4mm", #"{"length":"9","width":"7","depth":"4"}"#),
        ])
    func size(text: String, json: String) throws { #expect(try Shorthand.size(text).text == json) }

    @Test("other sizes are refused", arguments: ["9.12", "1x2x3x4", "ax b", "9.12cmx7", ""])
    func badSize(text: String) { #expect(throws: Failure.self) { try Shorthand.size(text) } }

    @Test(
        "money is digits and a currency in either order",
        arguments: [
            ("4200usd", #"{"total":{"amount":"4200","currency":"USD"}}"#),
            ("PKR 185000", #"{"total":{"amount":"185000","currency":"PKR"}}"#),
            ("2650.50usd/ct", #"{"perCarat":{"amount":"2650.50","currency":"USD"}}"#),
        ])
    func price(text: String, json: String) throws { #expect(try Shorthand.price(text, option: "--price").text == json) }

    @Test(
        "money that could be read two ways is refused",
        arguments: ["4200", "4,200usd", "usd", "4200us", "42usd00", "-5usd", "1e3usd"])
    func badPrice(text: String) { #expect(throws: Failure.self) { try Shorthand.price(text, option: "--price") } }

    @Test(
        "a metal is karat, fineness, weight and colour in any order",
        arguments: [
            ("gold:22k:8.42g", #"{"metal":"gold","karat":22,"weightG":"8.42"}"#),
            ("gold:3.1g:yellow:750", #"{"metal":"gold","colour":"yellow","finenessPermille":"750","weightG":"3.1"}"#),
            ("silver:925", #"{"metal":"silver","finenessPermille":"925"}"#), ("platinum", #"{"metal":"platinum"}"#),
        ])
    func metal(text: String, json: String) throws { #expect(try Shorthand.metal(text).text == json) }

    @Test(
        "a metal that says a thing twice or oddly is refused",
        arguments: ["", "22k", "gold:22k:18k", "gold:22.5k", "gold:8oz"])
    func badMetal(text: String) { #expect(throws: Failure.self) { try Shorthand.metal(text) } }

    @Test(
        "a part is a weight, perhaps a count and a stock number",
        arguments: [
            ("6.20ct:60:B-4/1", #"{"weightCt":"6.20","pieces":60,"stockNumber":"B-4/1"}"#),
            ("6.20ct", #"{"weightCt":"6.20"}"#), ("684mg::B-5", #"{"weight":"684 mg","stockNumber":"B-5"}"#),
        ])
    func part(text: String, json: String) throws {
        #expect(try Shorthand.part(text, option: "--into").text == json)
        #expect(throws: Failure.self) { try Shorthand.part("6.20ct:many", option: "--into") }
        #expect(throws: Failure.self) { try Shorthand.part("", option: "--into") }
    }

    @Test("a rate is a currency and rupees, or a metal, an amount and its measure")
    func rates() throws {
        let gold = try Shorthand.metalRate("gold:432100:tola_11.664")

        #expect(try Shorthand.currencyRate("usd:281.40") == .init("USD", "281.40"))
        #expect(
            gold.value.text
                == #"{"amount":"432100","currency":"PKR","per":"tola_11.664","finenessPermille":"999"}"#)
        #expect(try Shorthand.metalRate("silver:31:troy_ounce:925:usd").value["currency"] == "USD")
        for text in ["USD", "USD:x", "US:1", "USD:1:2"] {
            #expect(throws: Failure.self) { try Shorthand.currencyRate(text) }
        }
        for text in ["gold", "gold:1", "gold:x:g", "gold:1:g:999:PKR:x"] {
            #expect(throws: Failure.self) { try Shorthand.metalRate(text) }
        }
        #expect(try Shorthand.askingPrice("metal").text == #"{"metalLinked":true}"#)
        #expect(try Shorthand.mounted("stock:R-17:prong:centre")["setting"]?.string == "prong")
        #expect(throws: Failure.self) { try Shorthand.mounted("R-17:top") }
        #expect(throws: Failure.self) { try Shorthand.money("5usd/ct", option: "--making-charge") }
        #expect(throws: Failure.self) { try Shorthand.carats("5g", option: "--loss") }
    }

    @Test("treatments and origins")
    func others() throws {
        #expect(try Shorthand.treatment("oil:minor").text == #"{"code":"OIL","degree":"minor"}"#)
        #expect(try Shorthand.treatment("DI::Be").text == #"{"code":"DI","filler":"Be"}"#)
        #expect(try Shorthand.origin("pk:Swat").text == #"{"country":"PK","region":"Swat"}"#)
        #expect(throws: Failure.self) { try Shorthand.origin("Pakistan") }
        #expect(throws: Failure.self) { try Shorthand.treatment(":minor") }
        #expect(Shorthand.shape("oval") == "OV")
        #expect(Shorthand.shape("sqem") == "SQEM")
    }

    @Test(
        "an assignment is text, or JSON after :=",
        arguments: [
            ("stone.weightCt=1.60", #"{"stone":{"weightCt":"1.60"}}"#), ("quantity:=3", #"{"quantity":3}"#),
            ("title=a=b", #"{"title":"a=b"}"#),
            ("title=", #"{"title":""}"#), ("title:=null", #"{"title":null}"#),
            ("bullets=[\"a\"]", #"{"bullets":["a"]}"#),
        ])
    func assignment(text: String, json: String) throws {
        let (path, value) = try Shorthand.assignment(text)

        #expect(JSON.object([]).setting(value, at: path[...]).text == json)
    }

    @Test(
        "paths into lists, empty names and broken JSON are refused",
        arguments: ["title", "=x", "a..b=1", "bullets[0]=x", "n:=x", "o={a}"])
    func badAssignment(text: String) {
        let failure = #expect(throws: Failure.self) { try Shorthand.assignment(text) }

        #expect(failure?.outcome == .usage)
    }

    @Test("options become the document of the protocol")
    func document() throws {
        let add = try PieceCommand.Add.parse([
            "--stock", "R-17", "--species", "beryl", "--variety", "emerald", "--weight", "1.58ct", "--size",
            "9.12x7.05x4.88", "--shape",
            "oval", "--treatment", "OIL:minor", "--origin", "PK:Swat", "--price", "4200usd", "--location", "safe/2",
            "--colour", "vivid green",
            "--set", "stone.cut=mixed",
        ])

        #expect(
            try add.document().text
                == #"{"kind":"stone","stockNumber":"R-17","location":"safe/2","price":{"total":{"amount":"4200","currency":"USD"}},"#
                + #""stone":{"species":"beryl","variety":"emerald","weightCt":"1.58","measurementsMm":{"length":"9.12","width":"7.05","depth":"4.88"},"#
                + #""shape":"OV","colour":{"text":"vivid green"},"treatments":[{"code":"OIL","degree":"minor"}],"#
                + #""origin":{"country":"PK","region":"Swat"},"cut":"mixed"}}"#)
    }

    @Test("jewellery is known by its options")
    func jewellery() throws {
        let add = try PieceCommand.Add.parse(["--type", "bangle", "--metal", "gold:22k:8.42g", "--gross", "9.1g"])

        #expect(
            try add.document().text
                == #"{"kind":"jewellery","jewellery":{"type":"bangle","grossWeightG":"9.1","metals":[{"metal":"gold","karat":22,"weightG":"8.42"}]}}"#
        )
    }

    @Test(
        "each kind has its options",
        arguments: [
            (
                ["--kind", "rough", "--species", "topaz", "--weight", "42g", "--pieces", "3"],
                #"{"kind":"rough","rough":{"pieces":3,"species":"topaz","weight":"42 g"}}"#
            ),
            (
                [
                    "--kind", "pearl", "--nature", "bead_cultured", "--shape", "near round", "--weight", "4.2ct",
                    "--colour", "cream",
                ],
                #"{"kind":"pearl","pearl":{"identification":"bead_cultured","weightCt":"4.2","shape":"near_round","bodyColour":"cream"}}"#
            ),
            (
                [
                    "--kind", "parcel", "--species", "corundum", "--pieces", "120", "--weight", "36.4ct", "--grade",
                    "A to B",
                ],
                #"{"kind":"parcel","parcel":{"pieces":120,"gradeRange":"A to B","species":"corundum","totalWeightCt":"36.4"}}"#
            ),
            (
                ["--kind", "strand", "--length", "450", "--gross", "38g"],
                #"{"kind":"strand","strand":{"grossWeightG":"38","lengthMm":"450"}}"#
            ),
            (
                ["--kind", "pair", "--weight", "2.10ct", "--mount", "ruby:1.04ct:oval", "--mount", "piece=R-18"],
                #"{"kind":"pair","pair":{"stones":[{"species":"corundum","variety":"ruby","weightCt":"1.04","shape":"OV"},{"piece":"R-18"}],"totalWeightCt":"2.10"}}"#
            ),
            (
                [
                    "--type", "ring", "--ring-size", "us:7", "--hallmark", "750", "--mount",
                    "side:diamond:12x:0.24ct:round:prong:nt",
                ],
                #"{"kind":"jewellery","jewellery":{"type":"ring","hallmarks":[{"type":"fineness","text":"750"}],"size":{"system":"US","value":"7"},"#
                    + #""stones":[{"role":"side","species":"diamond","count":12,"weightCt":"0.24","shape":"R","setting":"prong","treatments":[{"code":"NT"}]}]}}"#
            ),
        ])
    func kinds(options: [String], json: String) throws {
        let document = try PieceCommand.Add.parse(options).document()

        #expect(document.text == json)
        _ = try Piece(document: document)
    }

    @Test("a variety in place of a species is told the two options it takes")
    func variety() {
        let failure = #expect(throws: Failure.self) { try Shorthand.species("emerald") }

        #expect(failure?.hint == "write --species beryl --variety emerald")
        #expect(throws: Failure.self) { try Shorthand.mount("centre:bright:1ct") }
        #expect(throws: Failure.self) { try Shorthand.mount("ruby:emerald") }
    }

    @Test("an edit keeps nulls, which take members away")
    func patch() throws {
        let edit = try PieceCommand.Edit.parse([
            "R-17", "--price", "4100usd", "--unset", "stone.clarity", "--unset", "title",
        ])

        #expect(
            try edit.patch().text
                == #"{"price":{"total":{"amount":"4100","currency":"USD"}},"stone":{"clarity":null},"title":null}"#)
    }

    @Test("a piece is named by id, stock: or bare number")
    func reference() {
        let id = "01999999-0000-7000-8000-000000000001"

        #expect(Reference.piece(id) == id)
        #expect(Reference.piece("R-17") == "stock:R-17")
        #expect(Reference.piece("stock:R-17") == "stock:R-17")
        #expect(
            Request(.GET, "pieces", Reference.piece("A/1 ü"), query: [("a", nil), ("b", "x&y")]).target
                == "/v1/pieces/stock:A%2F1%20%C3%BC?b=x%26y")
    }

    @Test("ranges are passed on, a bare number means exactly that")
    func range() {
        #expect(PieceCommand.List.range("2ct..5ct") == "2..5")
        #expect(PieceCommand.List.range("..500") == "..500")
        #expect(PieceCommand.List.range("2") == "2..2")
    }

    @Test("keys are version 4 UUIDs, each another")
    func keys() {
        let keys = (0..<200).map { _ in Request.randomKey() }

        #expect(Set(keys).count == 200)
        #expect(
            keys.allSatisfy {
                $0.utf8.count == 36 && Array($0)[14] == "4" && "89ab".contains(Array($0)[19]) && Reference.isUUID($0)
            })
    }
}
