import ArgumentParser
import Glibc

enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, json, jsonl, csv
}

enum Language: String, ExpressibleByArgument, CaseIterable, Sendable {
    case en, ur
}

/// What every command takes, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The daemon's socket. [GEMD_SOCKET] (default: \(Endpoint.defaultSocket))", valueName: "path")
    )
    var socket: String?

    @Option(help: ArgumentHelp("ssh://[user@]host[:port] or unix:///path. [GEMD_HOST]", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("File holding the token; else GEMD_TOKEN is used.", valueName: "path"))
    var tokenFile: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Keep what finds no link and send it later; otherwise only with ssh://.")
    var outbox: Bool?

    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("How to print.", valueName: "format"))
    var output: Format = .table

    @Flag(name: .customLong("json"), help: "The same as -o json.")
    var json = false

    @Option(help: ArgumentHelp("Language of all words: en or ur. [GEMD_LANG, LC_MESSAGES]", valueName: "language"))
    var lang: Language?

    @Option(help: ArgumentHelp("Give up when nothing moves for so long.", valueName: "seconds"))
    var timeout: Int = 120

    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print only what was asked for.")
    var quiet = false

    @Flag(help: "No colours. [NO_COLOR]")
    var noColor = false

    var format: Format { json ? .json : output }

    var printer: Printer {
        let console = Console.current
        return Printer(
            console: console, format: format, quiet: quiet,
            colour: console.outputIsTerminal && !noColor && console.setting("NO_COLOR") == nil
                && console.setting("TERM") != "dumb")
    }

    /// Opens no connection yet; the first request does.
    func talk(_ body: (Client, Printer) async throws -> Void) async throws {
        let console = Console.current
        guard timeout > 0 else {
            throw Failure(.usage, "--timeout \(timeout) is too short", hint: "write a number of seconds")
        }
        let printer = printer
        let endpoint = try Endpoint(socket: socket, host: host, setting: console.setting)
        let isRemote = if case .ssh = endpoint { true } else { false }
        let client = Client(
            endpoint: endpoint, token: try token(console, printer), language: language(console),
            timeoutSeconds: timeout, keepsOutbox: outbox ?? isRemote, note: { printer.note($0) })
        do {
            try await body(client, printer)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    private func language(_ console: Console) -> Language? {
        lang ?? Language.settled(console.setting)
    }

    private func token(_ console: Console, _ printer: Printer) throws -> String? {
        var token = console.setting("GEMD_TOKEN")
        if let tokenFile {
            var facts = stat()
            guard stat(tokenFile, &facts) == 0 else {
                throw Failure(
                    .failed, "read token file \"\(tokenFile)\": \(systemError())",
                    hint: "name a file that holds one token")
            }
            if facts.st_mode & 0o077 != 0 {
                printer.note("others may read \"\(tokenFile)\"; close it with `chmod 600 \(tokenFile)`")
            }
            token = String(decoding: try FileReader.bytes(of: tokenFile, limit: 4096), as: UTF8.self)
        }
        guard let token else { return nil }
        let word = token.filter { !$0.isWhitespace && !$0.isNewline }
        guard !word.isEmpty, word.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Failure(.failed, "the token is no token", hint: "it begins with gemd_ and has no spaces")
        }
        return word
    }
}
