import ArgumentParser
import GemModel

struct MemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memo", abstract: "Send pieces out on memo, and take them back.",
        discussion: """
            A piece on memo is promised: it cannot be held, sold to another or sent out again until it is back.

            EXAMPLES
              gemctl memo out R-17 R-18 --to SARAFA --due 2026-12-24
              gemctl memo list --overdue
              gemctl memo return R-17
            """,
        subcommands: [Out.self, List.self, Return.self, Extend.self])

    struct Out: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "out", abstract: "Send pieces to somebody: all of them, or none if one is promised.",
            discussion: """
                EXAMPLES
                  gemctl memo out R-17 R-18 --to SARAFA --due 2026-12-24 --terms "14 days"
                  gemctl memo out R-17 --to "Haji Aslam, Kinari Bazaar" --due 2026-12-24
                """)

        @Argument(help: "Ids or stock numbers.") var pieces: [String]
        @Option(help: ArgumentHelp("A party's id or code, or anybody's name.", valueName: "who")) var to: String
        @Option(help: ArgumentHelp("The day they are due back.", valueName: "date")) var due: String
        @Option(help: ArgumentHelp("What was agreed.", valueName: "text")) var terms: String?
        @Option(help: ArgumentHelp("4200usd, or 2650usd/ct per carat.", valueName: "money")) var price: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let price = try price.map { try Shorthand.price($0, option: "--price") }
            try await global.talk { client, printer in
                let document = JSON.object([
                    "to": .string(to), "due": .string(due), "terms": terms.map(JSON.string), "price": price,
                    "pieces": .array(pieces.map { .string(Reference.piece($0)) }),
                ])
                let request = Request(.POST, "memos").sending(document)
                guard let answer = try await client.submit(request, as: "memo to \(to)", printer) else {
                    throw Outcome.partly
                }
                try printer.done(
                    "\(pieces.joined(separator: ", ")) on memo with \(to), due \(due)", answer,
                    asked: try answer.json()["slip"]?.string)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "What is out on memo, or came in on memo from others.",
            discussion: """
                EXAMPLES
                  gemctl memo list
                  gemctl memo list --overdue
                  gemctl memo list --in
                """)

        static let columns = [
            Column("PIECE", "stockNumber"), Column("TITLE", "title"), Column("WITH", "to.name"),
            Column("DUE") { String(($0["due"]?.string ?? "").prefix(10)) }, Column("STATE", "state"),
            Column("OUTCOME", "outcome"), Column("SLIP", "slip"),
        ]

        @Flag(help: "Only those past their day.") var overdue = false
        @Flag(name: .customLong("in"), help: "What others sent to you.") var incoming = false
        @Flag(help: "Also those that came back or were sold.") var closed = false
        @Flag(help: "Every page.") var all = false
        @Option(help: ArgumentHelp("Items a page.", valueName: "n")) var limit: Int?
        @Option(help: ArgumentHelp("The cursor of the page before.", valueName: "cursor")) var after: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let query: [(String, String?)] = [
                ("kind", "memo"), ("direction", incoming ? "in" : "out"), ("open", closed ? nil : "true"),
                ("overdue", overdue ? "true" : nil),
            ]
            try await global.talk { client, printer in
                if all {
                    try await Pages.all(
                        "movements", query: query, limit: limit, after: after, Self.columns, client, printer)
                } else {
                    try await Pages.one(
                        "movements", query: query + [("limit", limit.map(String.init)), ("after", after)],
                        Self.columns, client, printer)
                }
            }
        }
    }

    struct Return: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "return", abstract: "Take pieces back into stock, from however many memos.",
            discussion: """
                Each piece is taken for itself: those that are not out are named, and the exit status is 10. \
                With - the numbers are read from standard input, one a line, as a scanner types them.

                With --part some of one parcel comes back, and the rest stays out under the same memo.

                EXAMPLES
                  gemctl memo return R-17 R-18
                  gemctl memo return B-4 --part 6.20ct:62:B-4/R
                  gemctl memo return -
                """)

        @Argument(help: "Ids or stock numbers, or - for standard input.") var pieces: [String]
        @Option(help: ArgumentHelp("A part of a parcel: 6.20ct:62.", valueName: "weight:pieces:stock"))
        var part: String?
        @OptionGroup var remainder: RemainderOptions
        @OptionGroup var weighing: WeighingOptions
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let division = try Division.members(part, remainder, weighing)
            guard division.isEmpty else {
                guard pieces.count == 1, pieces != ["-"] else {
                    throw Failure(.usage, "a part is of one piece, not of \(pieces.count)", hint: "name one parcel")
                }
                return try await global.talk { client, printer in
                    let answer = try await client.work(pieces[0], "return", .object(division), tell: printer)
                    let number = try answer.json().at("returned.stockNumber")?.plain ?? ""
                    try printer.done(
                        "\(number) back in stock; the rest of \(pieces[0]) is still out", answer, asked: number)
                }
            }
            let names =
                pieces == ["-"]
                ? try String(decoding: FileReader.bytes(of: "-", limit: 1 << 20), as: UTF8.self)
                    .split(whereSeparator: \.isWhitespace).map(String.init) : pieces
            try await global.talk { client, printer in
                let document = JSON.object(["pieces": .array(names.map { .string(Reference.piece($0)) })])
                let request = Request(.POST, "returns").sending(document)
                guard let answer = try await client.submit(request, as: "return of \(names.count)", printer) else {
                    throw Outcome.partly
                }
                let json = try answer.json()
                try printer.done("\(json["returned"]?.plain ?? "0") back in stock", answer)
                for line in json["items"]?.elements ?? [] {
                    guard let problem = line["problem"] else { continue }
                    printer.note(
                        "\(line["piece"]?.string ?? "?"): \(problem["title"]?.string ?? Message("refused").text)")
                }
                if json["refused"]?.integer ?? 0 > 0 { throw Outcome.partly }
            }
        }
    }

    struct Extend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "extend", abstract: "Give a memo or a hold more time.",
            discussion: """
                EXAMPLES
                  gemctl memo extend R-17 --due 2027-01-15
                """)

        @Argument(help: "Ids or stock numbers.") var pieces: [String]
        @Option(help: ArgumentHelp("The new day.", valueName: "date")) var due: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                for piece in pieces {
                    let answer = try await client.send(
                        Request(.POST, "pieces", Reference.piece(piece), "extend").sending(
                            .object(["due": .string(due)])))
                    try printer.done("\(piece) until \(due)", answer)
                }
            }
        }
    }
}
