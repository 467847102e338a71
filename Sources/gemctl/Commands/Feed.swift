import ArgumentParser
import GemModel

struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "Turn lots into files for marketplaces.",
        discussion: """
            EXAMPLES
              gemctl feed account GGAPCP google --set sellerId=1234567 --set currency=USD
              gemctl feed export "Hong Kong March" --market google -O feed.xml
            """,
        subcommands: [Export.self, Show.self, Get.self, Account.self])

    struct Export: AsyncParsableCommand {
        enum Mode: String, ExpressibleByArgument, CaseIterable {
            case full, delta
        }

        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Make a feed file of a lot.",
            discussion: """
                Without --ready-only a lot with pieces that lack something is refused (exit 8); with it they are \
                held back (exit 10). See `gemctl lot readiness`.

                EXAMPLES
                  gemctl feed export "Hong Kong March" --market google -O feed.xml
                  gemctl feed export "Hong Kong March" --market google --ready-only
                """)

        @Argument(help: "The lot, by id or name.") var lot: String
        @Option(help: "The marketplace, such as google.") var market: String
        @Option(help: "full or delta: all pieces, or what changed since the last export.") var mode = Mode.full
        @Flag(help: "Leave out pieces that are not ready, rather than refusing.") var readyOnly = false
        @Option(
            name: [.customShort("O"), .customLong("out")],
            help: ArgumentHelp("Save the file too; - is standard output.", valueName: "file"))
        var out: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let document = JSON.object([
                    "market": .string(market), "mode": .string(mode.rawValue),
                    "readyOnly": .bool(readyOnly),
                ])
                let answer = try await client.send(
                    Request(.POST, "lots", try await client.lot(lot), "exports").sending(document))
                let export = try answer.json()
                guard let id = export["id"]?.string else {
                    throw Failure(.failed, "the daemon names no export", hint: "check `gemctl version`")
                }
                let held = Held(export)
                let sentence: Message = "export \(id): \(held.ready) listed, \(held.pieces.count) held"
                if out == "-" {
                    printer.note(sentence)
                } else {
                    try printer.done(sentence, answer)
                    if printer.format == .table, !printer.quiet { held.print(printer) }
                }
                if let out {
                    let count = try await Download.save(Request(.GET, "exports", id, "file"), from: client, to: out)
                    if out != "-" { printer.say("\(out): \(count) bytes") }
                }
                if !held.pieces.isEmpty { throw Outcome.partly }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "What went into an export.",
            discussion: """
                EXAMPLES
                  gemctl feed show 0199…
                """)

        @Argument(help: "The export's id.") var id: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("exports", id)
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Fetch an export's file, byte for byte.",
            discussion: """
                EXAMPLES
                  gemctl feed get 0199… -O feed.xml
                """)

        @Argument(help: "The export's id.") var id: String
        @Option(
            name: [.customShort("O"), .customLong("out")],
            help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
        var out: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let count = try await Download.save(Request(.GET, "exports", id, "file"), from: client, to: out)
                if out != "-" { printer.say("\(out): \(count) bytes") }
            }
        }
    }

    struct Account: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "account", abstract: "A party's account at a marketplace.",
            discussion: """
                EXAMPLES
                  gemctl feed account GGAPCP google --set brand=GGAPCP --set gtinExempt:=true
                """)

        @Argument(help: "The party, by id, code or name.") var party: String
        @Argument(help: "The marketplace, such as google.") var market: String
        @Option(
            name: .customLong("set"), help: ArgumentHelp("key=text or key:=json; repeatable.", valueName: "key=value"))
        var assignments: [String]
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let document = try object(ofAssignments: assignments)
            try await global.talk { client, printer in
                let answer = try await client.send(
                    Request(.PUT, "parties", try await client.party(party), "markets", market).sending(document))
                try printer.done("\(party) is set up for \(market)", answer)
            }
        }
    }
}
