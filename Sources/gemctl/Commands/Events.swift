import ArgumentParser
import GemModel

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "What happened in your party, oldest first.",
        discussion: """
            Each event carries a hash over it and the one before: keep the last, and you notice any change.

            EXAMPLES
              gemctl events
              gemctl events --after 417 -o jsonl
              gemctl events --follow
            """)

    @Option(help: ArgumentHelp("The number of the last event you have.", valueName: "seq")) var after: Int?
    @Flag(help: "Stay, and print new ones as they come.") var follow = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            var request = Request(.GET, "events", query: [("after", after.map(String.init))])
            guard follow else { return try await EventLines.print(request, client, printer) }
            request = request.adding("Accept", "text/event-stream")
            // What came already would come again.
            request.repeats = false
            try await EventLines.print(request, client, printer)
            printer.note("gemd ended the stream")
        }
    }
}

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "What happened in all parties, party by party.",
        discussion: """
            Needs the role auditor or admin, and is itself an event. What dealers paid is left out.

            EXAMPLES
              gemctl audit -o jsonl
              gemctl audit --party NAMAK
            """)

    @Option(help: ArgumentHelp("One party only: its id or code.", valueName: "party")) var party: String?
    @Option(help: ArgumentHelp("PARTY/SEQ of the last event you have.", valueName: "cursor")) var after: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            try await EventLines.print(
                Request(.GET, "audit", query: [("party", party), ("after", after)]), client, printer)
        }
    }
}

/// Events on their way to standard output, one at a time.
enum EventLines {
    static let columns = [Column("SEQ", "seq", .right)] + PieceCommand.History.columns

    static func print(_ request: Request, _ client: Client, _ printer: Printer) async throws {
        try await client.exchange(request) { body in
            var isFirst = true
            try await body.lines { line in
                // Of an event stream only the data is an event; comments are signs of life.
                let data = Array("data: ".utf8)
                guard line.first == UInt8(ascii: "{") || line.starts(with: data) else { return }
                let text = line.first == UInt8(ascii: "{") ? line : Array(line.dropFirst(data.count))
                switch printer.format {
                case .json, .jsonl: printer.exact(text)
                case .csv: printer.csv([try JSON(parsing: text)], columns, header: isFirst)
                case .table:
                    let event = try JSON(parsing: text)
                    let told: Set<String> = ["seq", "at", "kind", "by", "hash"]
                    let rest = JSON.object((event.members ?? []).filter { !told.contains($0.name) }).plain
                    let words = ["seq", "at", "kind"].map { event[$0]?.plain ?? "" } + [rest]
                    printer.console.print(words.joined(separator: "  ").printable)
                }
                isFirst = false
            }
        }
    }
}
