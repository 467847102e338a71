import ArgumentParser
import GemModel

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "Let another party, such as the council, list your pieces.",
        discussion: """
            Taken back, the piece is withdrawn from every market of that party.

            EXAMPLES
              gemctl consent give R-17 R-18 --to GGAPCP --market google
              gemctl consent revoke R-17 --to GGAPCP
            """,
        subcommands: [Give.self, List.self, Revoke.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Who may list a piece, and where.",
            discussion: """
                EXAMPLES
                  gemctl consent list R-17
                """)

        static let columns = [
            Column("PARTY", "to"), Column("MARKETS", "markets"), Column("SINCE", "createdAt"), Column("UNTIL", "until"),
            Column("REVOKED", "revokedAt"),
        ]

        @Argument(help: "Id or stock number.") var piece: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("pieces", Reference.piece(piece), "consents")
                printer.list(try Pages.items(answer), Self.columns, whole: answer.body)
            }
        }
    }

    struct Give: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "give", abstract: "Let a party list pieces on markets.",
            discussion: """
                EXAMPLES
                  gemctl consent give R-17 --to GGAPCP --market google --until 2027-06-30
                  gemctl consent give R-17 R-18 --to GGAPCP --market google --market alibaba
                """)

        @Argument(help: "Ids or stock numbers.") var pieces: [String]
        @Option(help: ArgumentHelp("The party, by id, code or name.", valueName: "party")) var to: String
        @Option(help: ArgumentHelp("Where it may list them; repeatable.", valueName: "market")) var market: [String]
        @Option(help: ArgumentHelp("Last day, such as 2027-06-30.", valueName: "date")) var until: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        /// The end of a day in UTC; a time stays as it is.
        static func time(lastDay text: String) -> String { text.contains("T") ? text : "\(text)T23:59:59.999Z" }

        func run() async throws {
            try await global.talk { client, printer in
                let party = try await client.party(to)
                let document = JSON.object([
                    "to": .string(party), "markets": .array(market.map { .string($0) }),
                    "until": until.map { .string(Self.time(lastDay: $0)) },
                ])
                for piece in pieces {
                    let answer = try await client.send(
                        Request(.POST, "pieces", Reference.piece(piece), "consents").sending(document))
                    try printer.done("\(to) may list \(piece) on \(market.joined(separator: ", "))", answer)
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Take consent back; the piece is withdrawn from that party's markets.",
            discussion: """
                EXAMPLES
                  gemctl consent revoke R-17 --to GGAPCP
                """)

        @Argument(help: "Ids or stock numbers.") var pieces: [String]
        @Option(help: ArgumentHelp("The party, by id, code or name.", valueName: "party")) var to: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let document = JSON.object(["to": .string(try await client.party(to))])
                for piece in pieces {
                    let answer = try await client.send(
                        Request(.DELETE, "pieces", Reference.piece(piece), "consents").sending(document))
                    try printer.done("\(to) may no longer list \(piece)", answer)
                }
            }
        }
    }
}
