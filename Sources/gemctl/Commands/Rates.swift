import ArgumentParser
import GemModel

struct RatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rates", abstract: "The council's rates of currencies and metals, day by day.",
        discussion: """
            EXAMPLES
              gemctl rates show
              gemctl rates list --from 2026-11-01
              gemctl rates set 2026-11-22 --metal gold:432100:tola_11.664
            """,
        subcommands: [Show.self, List.self, Set.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "The newest rates, or those that held on a day.",
            discussion: """
                Where nothing was entered for the day, the newest before it hold; the answer names its own day.

                EXAMPLES
                  gemctl rates show
                  gemctl rates show 2026-11-22 --json
                """)

        @Argument(help: "A day such as 2026-11-22.") var date: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("rates", date ?? "latest")
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Days with their rates, newest first.",
            discussion: """
                EXAMPLES
                  gemctl rates list
                  gemctl rates list --from 2026-11-01 --to 2026-11-30 -o csv
                """)

        static let columns = [
            Column("DATE", "date"),
            Column("CURRENCIES") { day in
                (day["currencies"]?.members ?? []).map { "\($0.name) \($0.value.plain)" }.joined(separator: ", ")
            },
            Column("METALS") { day in
                (day["metals"]?.members ?? []).map { metal in
                    let (money, per) = (metal.value["amount"]?.plain ?? "", metal.value["per"]?.plain ?? "")
                    return Message("\(metal.name) \(money) \(metal.value["currency"]?.plain ?? "") per \(per)").text
                }.joined(separator: ", ")
            },
        ]

        @Option(help: ArgumentHelp("Not before this day.", valueName: "date")) var from: String?
        @Option(help: ArgumentHelp("Not after this day.", valueName: "date")) var to: String?
        @Flag(help: "Every page.") var all = false
        @Option(help: ArgumentHelp("Days a page.", valueName: "n")) var limit: Int?
        @Option(help: ArgumentHelp("The cursor of the page before.", valueName: "cursor")) var after: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let query = [("from", from), ("to", to)]
                if all {
                    try await Pages.all(
                        "rates", query: query, limit: limit, after: after, Self.columns, client, printer)
                } else {
                    try await Pages.one(
                        "rates", query: query + [("limit", limit.map(String.init)), ("after", after)], Self.columns,
                        client, printer)
                }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Enter rates of a day (the council's exporter or registrar).",
            discussion: """
                A currency's rate is rupees for one of it. A metal's is an amount for a measure: g, tola_11.664, \
                tola_10g or troy_ounce; of 999 and in PKR unless said otherwise. What is not named stays as it is. \
                Sales and exports made before keep the rates they were made at.

                EXAMPLES
                  gemctl rates set 2026-11-22 --currency USD:281.40 --currency AED:76.62 \\
                    --metal gold:432100:tola_11.664 --metal silver:5120:tola_11.664:999
                  gemctl rates set 2026-11-22 --metal platinum:1540.20:troy_ounce:999.5:USD
                  gemctl rates set 2026-11-22 --drop AED
                """)

        @Argument(help: "The day, such as 2026-11-22.") var date: String
        @Option(help: ArgumentHelp("USD:281.40; repeatable.", valueName: "code:rate")) var currency: [String] = []
        @Option(help: ArgumentHelp("gold:432100:tola_11.664; repeatable.", valueName: "metal:amount:measure"))
        var metal: [String] = []
        @Option(help: ArgumentHelp("Take a wrong figure away, such as AED or gold; repeatable.", valueName: "name"))
        var drop: [String] = []
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            var currencies = try currency.map { try Shorthand.currencyRate($0) }
            var metals = try metal.map { try Shorthand.metalRate($0) }
            for name in drop {
                RateItem(name.lowercased()) == nil
                    ? currencies.append(.init(name.uppercased(), .null))
                    : metals.append(.init(name.lowercased(), .null))
            }
            guard !currencies.isEmpty || !metals.isEmpty else {
                throw Failure(
                    .usage, "no rate is given", hint: "write --currency USD:281.40 or --metal gold:432100:tola_11.664")
            }
            let patch = JSON.object(["currencies": .object(currencies), "metals": .object(metals)])
            try await global.talk { client, printer in
                let present = try await client.rates(of: date)
                let kept = JSON.object(["currencies": present?["currencies"], "metals": present?["metals"]])
                var request = Request(.PUT, "rates", date).sending(kept.merging(patch).withoutNulls)
                if let version = present?["version"]?.integer { request = request.adding("If-Match", "\"\(version)\"") }
                let answer = try await client.send(request)
                try printer.done("rates of \(date) entered", answer)
            }
        }
    }
}

extension PieceCommand {
    struct Quote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "quote", abstract: "What a piece costs in a currency at a day's rates, and how that is made.",
            discussion: """
                EXAMPLES
                  gemctl piece quote B-22
                  gemctl piece quote B-22 --currency usd --date 2026-11-22
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(help: ArgumentHelp("USD, PKR… (default: the price's own).", valueName: "code")) var currency: String?
        @Option(help: ArgumentHelp("At the rates of this day (default: the newest).", valueName: "date"))
        var date: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let request = Request(
                    .GET, ["pieces", Reference.piece(piece), "quote"],
                    query: [("currency", currency?.uppercased()), ("date", date)])
                let answer = try await client.send(request)
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }
}

extension Client {
    /// What is entered for that very day; nil when nothing is.
    fileprivate func rates(of date: String) async throws -> JSON? {
        do {
            let rates = try await get("rates", date).json()
            return rates["date"]?.string == date ? rates : nil
        } catch let failure as Failure where failure.outcome == .notFound {
            return nil
        }
    }
}
