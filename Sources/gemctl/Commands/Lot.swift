import ArgumentParser
import GemModel

struct LotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lot", abstract: "Collect pieces for a sale, a feed or a shipment.",
        discussion: """
            A LOT is named by its id or its name.

            EXAMPLES
              gemctl lot add "Hong Kong March"
              gemctl lot fill "Hong Kong March" R-17 R-18
              gemctl lot readiness "Hong Kong March" --market google
            """,
        subcommands: [Add.self, List.self, Show.self, Fill.self, Remove.self, Readiness.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Begin a lot.",
            discussion: """
                EXAMPLES
                  gemctl lot add "Hong Kong March"
                  gemctl lot add Tucson --set consignee.name="Ali Gems LLC"
                """)

        @Argument(help: "Its name.") var name: String
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("Any other member: path=text or path:=json; repeatable.", valueName: "path=value"))
        var assignments: [String] = []
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let document = JSON.object(["name": .string(name)]).merging(try object(ofAssignments: assignments))
            try await global.talk { client, printer in
                let answer = try await client.send(Request(.POST, "lots").sending(document))
                try printer.done("added lot \(name)  \(try answer.json()["id"]?.string ?? "")", answer)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Your party's lots.",
            discussion: """
                EXAMPLES
                  gemctl lot list
                """)

        static let columns = [
            Column("NAME", "name"),
            Column("PIECES", .right) { lot in
                lot["pieces"]?.elements.map { String($0.count) } ?? (lot["pieceCount"] ?? lot["pieces"])?.plain ?? ""
            },
            Column("ID", "id"),
        ]

        @Option(help: "Lots a page, 1 to 500.") var limit: Int?
        @Option(help: ArgumentHelp("Go on after this cursor.", valueName: "cursor")) var after: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                try await Pages.one(
                    "lots", query: [("limit", limit.map(String.init)), ("after", after)], Self.columns, client, printer)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One lot.",
            discussion: """
                EXAMPLES
                  gemctl lot show "Hong Kong March"
                """)

        @Argument(help: "Id or name.") var lot: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("lots", try await client.lot(lot))
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct Fill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fill", abstract: "Put pieces into a lot.",
            discussion: """
                EXAMPLES
                  gemctl lot fill "Hong Kong March" R-17 R-18
                """)

        @Argument(help: "Id or name.") var lot: String
        @Argument(help: "Ids or stock numbers.") var pieces: [String]
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let id = try await client.lot(lot)
                for piece in pieces {
                    let answer = try await client.send(Request(.PUT, "lots", id, "pieces", Reference.piece(piece)))
                    try printer.done("\(piece) is in \(lot)", answer)
                }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Take a piece out of a lot.",
            discussion: """
                EXAMPLES
                  gemctl lot remove "Hong Kong March" R-17
                """)

        @Argument(help: "Id or name.") var lot: String
        @Argument(help: "Ids or stock numbers.") var pieces: [String]
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let id = try await client.lot(lot)
                for piece in pieces {
                    let answer = try await client.send(Request(.DELETE, "lots", id, "pieces", Reference.piece(piece)))
                    try printer.done("\(piece) is no longer in \(lot)", answer)
                }
            }
        }
    }

    struct Readiness: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "readiness", abstract: "What a marketplace would still miss, piece by piece.",
            discussion: """
                Exits 10 when a piece is held back.

                EXAMPLES
                  gemctl lot readiness "Hong Kong March" --market google
                """)

        @Argument(help: "Id or name.") var lot: String
        @Option(help: "The marketplace, such as google.") var market: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get(
                    "lots", try await client.lot(lot), "readiness", query: [("market", market)])
                let json = try answer.json()
                let held = Held(json)
                if printer.format == .table {
                    held.print(printer)
                    printer.say("\(held.pieces.count) held, \(held.ready) ready for \(market)")
                } else {
                    printer.list(
                        Held.pieces(json), Held.columns, whole: answer.body)
                }
                if !held.pieces.isEmpty { throw Outcome.partly }
            }
        }
    }
}

/// The pieces a market would not take, of a readiness report or an export.
struct Held {
    static let columns = [
        Column("PIECE") { ($0["stockNumber"] ?? $0["piece"] ?? $0["id"])?.plain ?? "" },
        Column("READY") { $0["ready"]?.plain ?? "" },
        Column("MISSING") { piece in (piece["findings"]?.elements ?? []).map(message).joined(separator: "; ") },
    ]

    var pieces: [JSON]
    var ready: Int

    /// Of `{markets:[{pieces:[{ready, findings}]}]}`, or of an export's `{pieces, held}`.
    init(_ json: JSON) {
        if let held = json["held"]?.elements {
            pieces = held
            ready = json["pieces"]?.integer ?? 0
        } else {
            let all = Self.pieces(json)
            pieces = all.filter { $0["ready"] != .bool(true) }
            ready = all.count - pieces.count
        }
    }

    static func pieces(_ readiness: JSON) -> [JSON] {
        let markets = readiness["markets"]?.elements ?? [readiness]
        return markets.flatMap { $0["pieces"]?.elements ?? $0["items"]?.elements ?? [] }
    }

    /// A block a piece: what blocks it first, and what to do about each.
    func print(_ printer: Printer) {
        for piece in pieces {
            printer.console.print(((piece["stockNumber"] ?? piece["piece"])?.string ?? piece.plain).printable)
            let findings = Self.findings(piece)
            let width = findings.map { ($0["severity"]?.string ?? "").displayWidth }.max() ?? 0
            for finding in findings {
                let severity = finding["severity"]?.string ?? ""
                let mark = severity + String(repeating: " ", count: width - severity.displayWidth)
                let hint = finding["hint"]?.string.map { "; \($0)" } ?? ""
                printer.console.print("  \(mark)  \(Self.message(finding))\(hint)".printable)
            }
        }
    }

    private static func findings(_ piece: JSON) -> [JSON] {
        let all = piece["findings"]?.elements ?? []
        return all.filter { $0["severity"] == "blocker" } + all.filter { $0["severity"] != "blocker" }
    }

    /// One line a finding, each beginning with the piece it is about, if it is about one.
    static func lines(_ piece: JSON) -> [Message] {
        guard let name = (piece["stockNumber"] ?? piece["piece"])?.string else { return [.exactly(message(piece))] }
        let findings = findings(piece).map(message)
        return findings.isEmpty ? ["\(name): held"] : findings.map { "\(name): \($0)" }
    }

    @Sendable static func message(_ finding: JSON) -> String {
        let field = finding["field"]?.string.map { "\($0): " } ?? ""
        return finding["message"]?.string.map { field + $0 } ?? finding.plain
    }
}
