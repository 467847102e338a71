import ArgumentParser
import GemModel

/// `certificate suspend`, `reinstate`, `withdraw`, `supersede`: an approver's decisions.
struct StatusChangeOptions: ParsableArguments {
    @Argument(help: "The certificate's number.") var number: String
    @Option(help: ArgumentHelp("A code: `gemctl codes statusReasons`.", valueName: "reason")) var reason: String
    @Option(help: ArgumentHelp("For the file; never shown to the public.", valueName: "text")) var text: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(
        _ change: String, by successor: String? = nil, _ sentence: @escaping @Sendable (String, String) -> Message
    ) async throws {
        let form = JSON.object([
            "reason": .string(reason), "text": text.map(JSON.string), "by": successor.map(JSON.string),
        ])
        try await global.talk { client, printer in
            let answer = try await client.send(Request(.POST, "certificates", number, change).sending(form))
            try printer.done(sentence(number, reason), answer, asked: number)
        }
    }
}

extension CertificateCommand {
    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "suspend", abstract: "Suspend a certificate until something is settled (approver).",
            discussion: """
                EXAMPLES
                  gemctl certificate suspend NUMBER --reason fraud_suspected --text "two papers"
                """)

        @OptionGroup var options: StatusChangeOptions

        func run() async throws { try await options.run("suspend") { "suspended \($0): \($1)" } }
    }

    struct Reinstate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reinstate", abstract: "Let a suspended certificate hold again (approver).",
            discussion: """
                EXAMPLES
                  gemctl certificate reinstate GGAPCP-26D-000417-7QXKD --reason re_examined
                """)

        @OptionGroup var options: StatusChangeOptions

        func run() async throws { try await options.run("reinstate") { "reinstated \($0): \($1)" } }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Withdraw a certificate for ever (approver).",
            discussion: """
                EXAMPLES
                  gemctl certificate withdraw NUMBER --reason treatment_found
                """)

        @OptionGroup var options: StatusChangeOptions

        func run() async throws { try await options.run("withdraw") { "withdrew \($0): \($1)" } }
    }

    struct Supersede: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "supersede", abstract: "Say that another certificate has taken its place (approver).",
            discussion: """
                EXAMPLES
                  gemctl certificate supersede OLD --by NEW --reason recut_repolished
                """)

        @OptionGroup var options: StatusChangeOptions
        @Option(help: ArgumentHelp("The certificate that takes its place.", valueName: "number")) var by: String

        func run() async throws { try await options.run("supersede", by: by) { "superseded \($0): \($1)" } }
    }
}
