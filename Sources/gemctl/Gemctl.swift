import ArgumentParser
import GemModel
import Glibc

@main
struct Gemctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gemctl",
        abstract: "Register gems and jewellery, certify them, check certificates, feed marketplaces.",
        discussion: """
            Talks to gemd over its Unix socket, or over ssh with --host.

            EXAMPLES
              gemctl piece add --species beryl --variety emerald --weight 1.58ct
              gemctl piece list --species beryl --weight 1..3
              gemctl import stock.csv --dry-run
              gemctl certify R-17
              gemctl verify GGAPCP-26D-000001-7QXKD.json
              gemctl --host ssh://ali@gems.example piece list

            EXIT STATUS
              0 done            1 failed        2 wrong usage       3 not found
              4 not genuine     5 cancelled     6 cannot tell       7 not allowed
              8 conflict        9 daemon not reachable             10 partly done
            """,
        version: "gemctl \(VersionCommand.version)",
        subcommands: [
            StatusCommand.self, WhoamiCommand.self, VersionCommand.self, PieceCommand.self, ImportCommand.self,
            ImageCommand.self,
            CertifyCommand.self, VerifyCommand.self, CertificateCommand.self, LotCommand.self, ConsentCommand.self,
            MemoCommand.self, CaseCommand.self, OutboxCommand.self, FeedCommand.self, RatesCommand.self,
            CodesCommand.self, EventsCommand.self, AuditCommand.self, CandidatesCommand.self,
            PartyCommand.self,
            MemberCommand.self, TokenCommand.self, BackupCommand.self, CheckCommand.self, ExplainCommand.self,
            DialCommand.self,
        ])

    @OptionGroup(title: "Global options") var global: GlobalOptions

    static func main() async {
        let outcome = await run(Array(CommandLine.arguments.dropFirst()))
        Glibc.exit(outcome.rawValue)
    }

    /// Runs one command line as the shell would, in the present ``Console``.
    static func run(_ arguments: [String]) async -> Outcome {
        let console = Console.current
        // What programs read does not change with the language.
        let chosen = wantsJSON(arguments) ? nil : Language.chosen(arguments, setting: console.setting)
        return await Language.$current.withValue(chosen ?? .en) { await attempt(arguments, console) }
    }

    private static func attempt(_ arguments: [String], _ console: Console) async -> Outcome {
        if Overview.isAsked(arguments) {
            Overview.print(console)
            return .ok
        }
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .ok
        } catch let failure as Failure {
            return report(failure, arguments, console)
        } catch let outcome as Outcome {
            return outcome
        } catch {
            if exitCode(for: error) == .success {
                console.print(fullMessage(for: error).trimmingNewlines)
                return .ok
            }
            return report(usageFailure(error), arguments, console)
        }
    }

    /// The argument parser's words in our form: what was wrong, then where the help is.
    private static func usageFailure(_ error: any Error) -> Failure {
        guard exitCode(for: error) == .validationFailure else { return Failure(.failed, .exactly("\(error)")) }
        let message = message(for: error).split(separator: "\n").first.map(String.init) ?? ""
        let help = fullMessage(for: error).split(separator: "'").first {
            $0.hasPrefix("gemctl ") && $0.hasSuffix("--help")
        }
        // "The value 'x' is invalid for '-o'. Please provide one of …"
        let parts = message.split(separator: ". Please ", maxSplits: 1).map(String.init)
        let page = help.map(String.init) ?? "gemctl --help"
        return Failure(
            .usage, Message.ofParser((parts.first ?? message).loweringFirst),
            hint: parts.count == 2 ? "\(parts[1].loweringFirst); see `\(page)`" : "see `\(page)`")
    }

    private static func report(_ failure: Failure, _ arguments: [String], _ console: Console) -> Outcome {
        if wantsJSON(arguments) {
            console.writeError(failure.json + [UInt8(ascii: "\n")])
        } else {
            for line in failure.lines { console.printError(line) }
        }
        return failure.outcome
    }

    /// Read from the words themselves, so that an error in the command line comes out as JSON too.
    static func wantsJSON(_ arguments: [String]) -> Bool {
        let options = arguments.prefix { $0 != "--" }
        return options.contains("--json") || options.contains("-ojson") || options.contains("--output=json")
            || zip(options, options.dropFirst()).contains {
                ["-o", "--output"].contains($0) && ["json", "jsonl"].contains($1)
            }
    }
}

/// An outcome that needs no words beyond what was printed: a verdict, refused rows, held pieces.
extension Outcome: Error {}

extension String {
    /// `Unknown option` becomes `unknown option`; a full stop goes.
    var loweringFirst: String {
        let text = hasSuffix(".") ? String(dropLast()) : self
        let second = text.dropFirst().first
        guard let first = text.first, second?.isUppercase != true else { return text }
        return first.lowercased() + text.dropFirst()
    }

    fileprivate var trimmingNewlines: String {
        var text = self[...]
        while text.last == "\n" { text = text.dropLast() }
        return String(text)
    }
}
