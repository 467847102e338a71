import ArgumentParser
import Foundation

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check database, photographs, events, log, anchor and keys of a stopped daemon.",
        discussion: """
            EXAMPLES
              gemd check --state /var/lib/gemd

            While the daemon serves, ask it: `gemctl check`.

            Exit status: 0 sound, 1 findings (one line each), 75 a daemon is using the state, 78 no state.
            """)

    @OptionGroup var state: StateOption

    func run() async throws {
        let directory = state.directory
        try directory.mustBeInitialised()
        let lock = try directory.lock()
        defer { close(lock) }
        try KeyExchange(state: directory).finish()
        let found = try await Soundness(of: directory, isServing: false)
        for note in found.notes { Gemd.say("note: \(note)") }
        for finding in found.findings { print(finding) }
        guard found.isSound else { throw ExitCode(1) }
        print("\(directory.path) is sound")
    }
}
