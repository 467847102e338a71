import ArgumentParser
import CHeap
import Foundation
import GemInventory
import Logging

@main
struct Gemd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gemd",
        abstract: "The daemon of gemstones and jewellery: inventory, certificates, market feeds.",
        version: Daemon.version,
        subcommands: [
            Initialise.self, Serve.self, Check.self, Backup.self, Restore.self, Copy.self, Enrol.self, Keys.self,
        ])

    static func main() async {
        // What gemd writes is nobody else's to read.
        umask(0o077)
        // As many threads as run at once can use one each; more would only keep memory.
        gem_limit_heaps(Int32(ProcessInfo.processInfo.activeProcessorCount))
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch let error as StartError {
            say("gemd: error: \(error)")
            Foundation.exit(error.exitCode)
        } catch let error as FileError {
            say("gemd: error: \(error)")
            Foundation.exit(error.isSyncFailure ? 74 : 78)
        } catch { exit(withError: error) }
    }

    /// One line for people, on standard error.
    static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

struct StateOption: ParsableArguments {
    @Option(name: .customLong("state"), help: ArgumentHelp("Directory of all that gemd remembers.", valueName: "DIR"))
    var path = "/var/lib/gemd"

    var directory: StateDirectory { StateDirectory(path) }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the control socket, and the public pages if asked to.",
        discussion: """
            EXAMPLES
              gemd serve --state /var/lib/gemd
              gemd serve --state ./state --socket ./gemd.sock --public 127.0.0.1:8470

            Ends with 0 after SIGTERM, 75 when another daemon holds DIR, 78 when it refuses to start.
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("Path of the control socket.", valueName: "PATH"))
    var socket: String?
    @Option(help: ArgumentHelp("Address of the public listener.", valueName: "HOST:PORT"))
    var `public`: String?
    @Option(help: ArgumentHelp("Configuration file (default /etc/gemd/gemd.toml).", valueName: "FILE"))
    var config: String?

    func run() async throws {
        var settings = try Config.read(config ?? "/etc/gemd/gemd.toml", mustExist: config != nil)
        settings.socket = socket ?? ProcessInfo.processInfo.environment["GEMD_SOCKET"] ?? settings.socket
        settings.public = self.public ?? settings.public
        guard let level = Logger.Level(rawValue: settings.logLevel) else {
            throw StartError(
                "gemd.toml: log_level: \"\(settings.logLevel)\" is none of trace, debug, info, notice, warning, error, critical"
            )
        }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var logger = Logger(label: "gemd")
        logger.logLevel = level
        if !settings.public.isEmpty { _ = try Daemon.endpoint(settings.public) }
        let directory = state.directory
        try directory.mustBeInitialised()
        let lock = try directory.lock()
        defer { close(lock) }
        try await Daemon.open(directory, config: settings, logger: logger).run(logger: logger)
    }
}
