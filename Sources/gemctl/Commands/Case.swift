import ArgumentParser
import GemModel

struct CaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Pieces of two parties with one report number, inscription, tag or photograph.",
        discussion: """
            A dealer sees which of its own pieces are in a case; the council sees both sides and closes it.

            EXAMPLES
              gemctl case list --open
              gemctl case show 12
              gemctl case close 12 --outcome different_pieces --note "seen both"
            """,
        subcommands: [List.self, Show.self, Close.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the cases, oldest first.",
            discussion: """
                EXAMPLES
                  gemctl case list
                  gemctl case list --open --all -o csv
                """)

        static let columns = [
            Column("CASE", "id", .right), Column("STATE", "state"),
            Column("SINCE") {
                String(($0["openedAt"]?.string ?? "").prefix(10))
            },
            Column("PIECES") { found in
                (found["pieces"]?.elements ?? []).map { side in
                    [side["dealer"]?.string, side["stockNumber"]?.string ?? side["piece"]?.string].compactMap { $0 }
                        .joined(separator: " ")
                }.joined(separator: ", ")
            },
            Column("SAME") { found in
                (found["keys"]?.elements ?? []).compactMap { $0["kind"]?.string }.joined(separator: ", ")
            },
            Column("STOLEN") { $0["stolen"] == true ? JSON.bool(true).plain : "" }, Column("OUTCOME", "outcome"),
        ]

        @Flag(help: "Only those that still hold pieces back.") var open = false
        @Flag(help: "Every page.") var all = false
        @Option(help: ArgumentHelp("Items a page.", valueName: "n")) var limit: Int?
        @Option(help: ArgumentHelp("The cursor of the page before.", valueName: "cursor")) var after: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let query: [(String, String?)] = [("state", open ? "open" : nil)]
            try await global.talk { client, printer in
                if all {
                    try await Pages.all(
                        "cases", query: query, limit: limit, after: after, Self.columns, client, printer)
                } else {
                    try await Pages.one(
                        "cases", query: query + [("limit", limit.map(String.init)), ("after", after)], Self.columns,
                        client, printer)
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a case: what agrees, and whose pieces.",
            discussion: """
                EXAMPLES
                  gemctl case show 12
                """)

        @Argument(help: "The number.") var number: Int
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("cases", String(number))
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct Close: AsyncParsableCommand {
        enum Outcome: String, ExpressibleByArgument, CaseIterable {
            case different_pieces, agreed, mistyped, recovered
        }

        static let configuration = CommandConfiguration(
            commandName: "close", abstract: "Close a case: its pieces may go to markets again.",
            discussion: """
                Needs the role registrar. The parties see the outcome, never the note.

                EXAMPLES
                  gemctl case close 12 --outcome different_pieces
                  gemctl case close 12 --outcome agreed --note "it is NAMAK's, on memo"
                """)

        @Argument(help: "The number.") var number: Int
        @Option(help: ArgumentHelp("What the council found.", valueName: "outcome")) var outcome: Outcome
        @Option(help: ArgumentHelp("For the council alone.", valueName: "text")) var note: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let form = JSON.object(["outcome": .string(outcome.rawValue), "note": note.map(JSON.string)])
                let answer = try await client.send(Request(.POST, "cases", String(number), "close").sending(form))
                try printer.done("case \(number) closed: \(outcome.rawValue)", answer)
            }
        }
    }
}
