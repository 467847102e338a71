import ArgumentParser
import GemModel

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "What waits on this machine for a link to the daemon.",
        discussion: """
            With --host ssh://…, or with --outbox, what cannot be sent is kept here and the exit status is 10. \
            It is sent in its order, each thing once, with the next command that finds a link or by `outbox send`.

            EXAMPLES
              gemctl --host ssh://ali@gems.example memo return R-17
              gemctl outbox list
              gemctl --host ssh://ali@gems.example outbox send
            """,
        subcommands: [List.self, Send.self, Drop.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "What waits, and what was refused.",
            discussion: """
                EXAMPLES
                  gemctl outbox list
                """)

        static let columns = [
            Column("NO", "number", .right), Column("SINCE", "at"), Column("STATE", "state"), Column("WHAT", "summary"),
            Column("TO", "endpoint"), Column("REASON", "reason"),
        ]

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let outbox = try Outbox(setting: Console.current.setting)
            let items = try outbox.items().map { item in
                JSON.object([
                    "number": .integer(item.number), "at": item.header["at"],
                    "state": item.isRefused ? "refused" : "waiting", "summary": .string(item.summary),
                    "endpoint": item.header["endpoint"],
                    "reason": item.isRefused ? outbox.reason(of: item)?["title"] : nil,
                ])
            }
            global.printer.list(items, Self.columns, whole: JSON.object(["items": .array(items)]).bytes)
        }
    }

    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "send", abstract: "Send what waits for this daemon, oldest first.",
            discussion: """
                What the daemon refuses stays in the outbox with its reason; the exit status is 10 then.

                EXAMPLES
                  gemctl --host ssh://ali@gems.example outbox send
                """)

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let outbox = try Outbox(setting: Console.current.setting)
                let (sent, refused) = try await outbox.send(over: client) { item, result in
                    tell(item, result, printer)
                }
                printer.say("\(sent) sent, \(refused) refused")
                if refused > 0 { throw Outcome.partly }
            }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Throw away what was refused, or waits.",
            discussion: """
                EXAMPLES
                  gemctl outbox drop 3
                """)

        @Argument(help: "Its number in the list.") var number: Int
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let outbox = try Outbox(setting: Console.current.setting)
            guard let item = try outbox.items().first(where: { $0.number == number }) else {
                throw Failure(.notFound, "the outbox has no \(number)", hint: "see `gemctl outbox list`")
            }
            try outbox.drop(item)
            global.printer.say("dropped \(number): \(item.summary)")
        }
    }

    static func tell(_ item: Outbox.Item, _ result: Result<Answer, Failure>, _ printer: Printer) {
        switch result {
        case .success: printer.note("sent \(item.number): \(item.summary)")
        case .failure(let failure): printer.note("refused \(item.number): \(item.summary): \(failure.title)")
        }
    }
}
