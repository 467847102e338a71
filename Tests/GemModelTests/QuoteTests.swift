import GemModel
import Testing

@Suite("Rates and quotes")
struct QuoteTests {
    static let day = try! Day("2026-11-22")

    static func rates(_ text: String) throws -> DayRates { try DayRates(json: JSON(parsing: text)) }

    static let bazaar = """
        {"currencies":{"USD":"281.40","AED":"76.62","JPY":"1.8205"},
         "metals":{"gold":{"amount":"432100","currency":"PKR","per":"tola_11.664","finenessPermille":"999"},
                   "silver":{"amount":"5120","currency":"PKR","per":"tola_11.664","finenessPermille":"999"}}}
        """

    static func look(_ rates: DayRates) -> (RateItem) -> DatedRate? {
        { item in rates.figures[item].map { DatedRate(item: item, day: day, figure: $0) } }
    }

    static func quote(_ piece: String, in currency: String?, at text: String = bazaar) throws -> Quote {
        let rates = try rates(text)
        return try KindTests.piece(piece).quote(in: currency, upTo: day.description, rates: look(rates))
    }

    static func bangle(_ metals: String, _ more: String = "") -> String {
        #"{"kind":"jewellery","price":{"metalLinked":true},"jewellery":{"type":"bangle","metals":[\#(metals)]\#(more)}}"#
    }

    // The figures were reckoned with another program's exact fractions.
    @Test(
        "a metal-linked price is weight × fineness × rate and the charges, rounded once",
        arguments: [
            (bangle(#"{"metal":"gold","karat":22,"weightG":"11.664"}"#), nil, "396206.46 PKR"),
            (
                bangle(
                    #"{"metal":"gold","karat":22,"weightG":"11.664"}"#,
                    #","makingCharge":{"amount":"12000","currency":"PKR"}"#), "PKR", "408206.46 PKR"
            ),
            (
                bangle(
                    #"{"metal":"gold","karat":22,"weightG":"11.664"}"#,
                    #","makingCharge":{"amount":"12000","currency":"PKR"}"#), "USD", "1450.63 USD"
            ),
            (bangle(#"{"metal":"silver","finenessPermille":"925","weightG":"3.20"}"#), nil, "1300.64 PKR"),
            (bangle(#"{"metal":"gold","karat":22}"#, #","netWeightG":"11.664""#), nil, "396206.46 PKR"),
            (
                bangle(#"{"metal":"gold","karat":22}"#, #","grossWeightG":"11.864","totalWeightCt":"1.00""#), nil,
                "396206.46 PKR"
            ),
            (
                bangle(
                    #"{"metal":"gold","karat":22,"weightG":"11.664"},{"metal":"silver","finenessPermille":"925","weightG":"3.20"},{"metal":"base","weightG":"1"}"#,
                    #","stonesValue":{"amount":"100.00","currency":"USD"}"#), "PKR", "425647.10 PKR"
            ),
        ])
    func metal(piece: String, currency: String?, total: String) throws {
        let quote = try Self.quote(piece, in: currency)

        #expect("\(quote.total.amount) \(quote.total.currency)" == total)
        #expect(quote.basis == .metalLinked)
    }

    @Test("a rate by the ounce in dollars prices in rupees, dirhams and dollars alike")
    func ounce() throws {
        let rates = """
            {"currencies":{"USD":"281.40","AED":"76.62"},
             "metals":{"gold":{"amount":"2650.55","currency":"USD","per":"troy_ounce","finenessPermille":"999.9"}}}
            """
        let ring = Self.bangle(
            #"{"metal":"gold","karat":18,"weightG":"8.42"}"#, #","makingCharge":{"amount":"5000","currency":"PKR"}"#)

        let totals = try ["USD", "PKR", "AED"].map { try Self.quote(ring, in: $0, at: rates).total.amount }

        #expect(totals == ["555.97", "156449.53", "2041.89"])
    }

    @Test("a price said in the currency counts as it stands, another is converted and says at what")
    func stated() throws {
        let stone = """
            {"kind":"stone","stone":{"weightCt":"1.58"},"price":{"perCarat":{"amount":"2650.00","currency":"USD"}},
             "prices":[{"total":{"amount":"1200000.00","currency":"PKR"}}]}
            """

        let rupees = try Self.quote(stone, in: "PKR")
        let dollars = try Self.quote(stone, in: nil)
        let dirhams = try Self.quote(stone, in: "AED")
        let yen = try Self.quote(stone, in: "JPY")

        #expect(rupees.basis == .stated && rupees.total.amount == "1200000.00" && rupees.rates.isEmpty)
        #expect(dollars.basis == .stated && dollars.total.amount == "4187.00")
        #expect(dirhams.basis == .converted && dirhams.total.amount == "15377.47")
        #expect(dirhams.rates.map(\.item.text) == ["USD", "AED"])
        #expect(yen.total.amount == "647197")
    }

    @Test(
        "what is missing is named",
        arguments: [
            (bangle(#"{"metal":"platinum","finenessPermille":"950","weightG":"4"}"#), "PKR", "no rate for platinum"),
            (bangle(#"{"metal":"gold","karat":22,"weightG":"4"}"#), "EUR", "no rate for EUR"),
            (bangle(#"{"metal":"gold","karat":22}"#), "PKR", "the weight of the gold is not known"),
            (
                bangle(#"{"metal":"gold","karat":22},{"metal":"base"}"#, #","netWeightG":"9""#), "PKR",
                "the weight of the gold"
            ),
            (bangle(#"{"metal":"gold","weightG":"4"}"#), "PKR", "the fineness of the gold is not known"),
            (bangle(#"{"metal":"base","weightG":"4"}"#), "PKR", "no precious metal"),
            (#"{"kind":"stone","stone":{}}"#, "PKR", "the piece has no price"),
            (
                #"{"kind":"stone","stone":{},"price":{"perCarat":{"amount":"1","currency":"USD"}}}"#, "PKR",
                "no weight is known"
            ),
            (bangle(#"{"metal":"gold","karat":22,"weightG":"4"}"#), "XXX", "is not a currency"),
        ])
    func missing(piece: String, currency: String, reason: String) throws {
        let refusal = #expect(throws: InvalidInput.self) { try Self.quote(piece, in: currency) }

        #expect(refusal?.reason.contains(reason) == true, "\(refusal?.reason ?? "")")
    }

    @Test("the longest figures are priced or refused, never cut")
    func longest() throws {
        let rates = """
            {"currencies":{"USD":"99999999.999999","KWD":"0.000001"},
             "metals":{"gold":{"amount":"99999999.999999","currency":"USD","per":"tola_11.664","finenessPermille":"0.1"}}}
            """
        let heavy = Self.bangle(#"{"metal":"gold","finenessPermille":"999.9","weightG":"999999.999"}"#)

        for currency in ["USD", "PKR", "KWD"] {
            #expect(throws: InvalidInput.self) { try Self.quote(heavy, in: currency, at: rates) }
        }
    }

    @Test(
        "rates that cannot be are refused by their place",
        arguments: [
            (#"{"currencies":{"USD":"0"}}"#, "currencies.USD"), (#"{"currencies":{"USD":"-1"}}"#, "currencies.USD"),
            (#"{"currencies":{"USD":281.4}}"#, "currencies.USD"), (#"{"currencies":{"PKR":"1"}}"#, "currencies.PKR"),
            (#"{"currencies":{"usd":"1"}}"#, "currencies.usd"), (#"{"currencies":{"XYZ":"1"}}"#, "currencies.XYZ"),
            (#"{"currencies":{"USD":"1.1234567"}}"#, "currencies.USD"), (#"{}"#, ""), (#"{"currencies":{}}"#, ""),
            (#"{"rates":{}}"#, "rates"), (#"{"currencies":[]}"#, "currencies"),
            (#"{"metals":{"base":{}}}"#, "metals.base"), (#"{"metals":{"gold":{}}}"#, "metals.gold.amount"),
            (
                #"{"metals":{"gold":{"amount":"1","currency":"PKR","per":"tola","finenessPermille":"999"}}}"#,
                "metals.gold.per"
            ),
            (
                #"{"metals":{"gold":{"amount":"1","currency":"PKR","per":"ratti","finenessPermille":"999"}}}"#,
                "metals.gold.per"
            ),
            (
                #"{"metals":{"gold":{"amount":"1","currency":"RS","per":"g","finenessPermille":"999"}}}"#,
                "metals.gold.currency"
            ),
            (
                #"{"metals":{"gold":{"amount":"1","currency":"PKR","per":"g","finenessPermille":"1000.1"}}}"#,
                "metals.gold.finenessPermille"
            ),
            (#"{"metals":{"gold":{"amount":"1","currency":"PKR","per":"g"}}}"#, "metals.gold.finenessPermille"),
        ])
    func refused(text: String, field: String) throws {
        let refusal = #expect(throws: InvalidInput.self) { try Self.rates(text) }

        #expect(refusal?.field == field, "\(refusal?.reason ?? "")")
    }

    @Test("rates read back what they were written as")
    func roundTrip() throws {
        let rates = try Self.rates(Self.bazaar)

        #expect(try DayRates(json: rates.json) == rates)
    }

    @Test("a rate that moved by more than a fifth is told, also where it is quoted another way")
    func jumps() throws {
        let before = try Self.rates(Self.bazaar)
        func told(_ text: String) throws -> [String] {
            try Self.rates(text).findings(since: Self.look(before)).map(\.field)
        }

        #expect(try told(#"{"currencies":{"USD":"337.68","AED":"61.296"}}"#) == [])
        #expect(
            try told(#"{"currencies":{"USD":"337.69","AED":"61.295","EUR":"9"}}"#)
                == ["currencies.AED", "currencies.USD"])
        // The same gold by the gram; then a tola's price written for a gram.
        #expect(
            try told(
                #"{"metals":{"gold":{"amount":"37046.23","currency":"PKR","per":"g","finenessPermille":"999"}}}"#) == []
        )
        #expect(
            try told(
                #"{"metals":{"gold":{"amount":"432100","currency":"PKR","per":"g","finenessPermille":"999"}}}"#)
                == ["metals.gold"])
    }

    @Test(
        "only a piece of jewellery's own price follows its metal, and then says no amount",
        arguments: [
            (#"{"kind":"stone","stone":{},"price":{"metalLinked":true}}"#, "price.metalLinked"),
            (
                #"{"kind":"jewellery","jewellery":{},"price":{"metalLinked":true,"total":{"amount":"1","currency":"PKR"}}}"#,
                "price.metalLinked"
            ),
            (#"{"kind":"jewellery","jewellery":{},"prices":[{"metalLinked":true}]}"#, "prices[0].metalLinked"),
            (#"{"kind":"jewellery","jewellery":{},"cost":{"metalLinked":true}}"#, "cost.metalLinked"),
            (#"{"kind":"jewellery","jewellery":{},"price":{"metalLinked":false}}"#, "price"),
        ])
    func linked(piece: String, field: String) {
        let refusal = #expect(throws: InvalidInput.self) { try KindTests.piece(piece) }

        #expect(refusal?.field == field)
    }

    @Test("two prices in one currency are told")
    func twice() throws {
        let piece = try KindTests.piece(
            """
            {"kind":"stone","stone":{},"price":{"total":{"amount":"5","currency":"USD"}},
             "prices":[{"total":{"amount":"9","currency":"PKR"}},{"perCarat":{"amount":"6","currency":"USD"}}]}
            """)

        #expect(piece.findings.map(\.code) == ["price-currency-twice"] && piece.findings[0].field == "prices[1]")
    }
}
