import ArgumentParser
import GemModel

struct CandidatesCommand: AsyncParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case photograph, measurements
    }

    static let configuration = CommandConfiguration(
        commandName: "candidates", abstract: "Pieces that may be one stone, for the council to look at.",
        discussion: """
            Needs the role registrar or auditor. They are alike, and nothing more: most stones have a twin. With a piece, \
            what is like it, the nearest first; without, all near photographs of different parties, or all stones that \
            agree in weight, size and every grade.

            EXAMPLES
              gemctl candidates 01890000-0000-7000-8000-000000000000
              gemctl candidates --kind measurements --all -o csv
            """)

    static let columns = [
        Column("LIKE") {
            $0["distance"].map { Message("photograph, \($0.plain) bits").text } ?? $0["match"]?.plain ?? ""
        },
        Column("PIECES") { found in
            (found["pieces"]?.elements ?? []).map { "\($0["dealer"]?.plain ?? "") \($0["stockNumber"]?.plain ?? "")" }
                .joined(separator: ", ")
        },
    ]

    @Argument(help: "The piece's id.") var piece: String?
    @Option(help: "photograph or measurements.") var kind: Kind?
    @Flag(help: "Every page.") var all = false
    @Option(help: ArgumentHelp("Items a page.", valueName: "n")) var limit: Int?
    @Option(help: ArgumentHelp("The cursor of the page before.", valueName: "cursor")) var after: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let query: [(String, String?)] = [
            ("piece", piece.map(Reference.piece)), ("kind", kind?.rawValue ?? (piece == nil ? "measurements" : nil)),
        ]
        try await global.talk { client, printer in
            if all {
                try await Pages.all(
                    "candidates", query: query, limit: limit, after: after, Self.columns, client, printer)
            } else {
                try await Pages.one(
                    "candidates", query: query + [("limit", limit.map(String.init)), ("after", after)], Self.columns,
                    client, printer)
            }
        }
    }
}
