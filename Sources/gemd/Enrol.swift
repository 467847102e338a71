import ArgumentParser
import Foundation
import GemCert
import GemInventory
import GemModel

/// The ceremony at which people get the right to approve.
struct Enrol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Enrol a laboratory's examiner or approver with the issuing key, or retire one. Stop gemd first.",
        discussion: """
            Whoever holds the issuing key and its passphrase can enrol people; nobody else can, not even with
            the database. The member and the key are added first: `gemctl member add --approval-key FILE`.
            The passphrase comes from $CREDENTIALS_DIRECTORY/key-passphrase. The log gets its entry at the
            next start of gemd.

            EXAMPLES
              gemd enrol --state /var/lib/gemd --member 0198c000-0000-7000-8000-000000000000
              gemd enrol --state /var/lib/gemd --member 0198c000-0000-7000-8000-000000000000 --retire
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("The member's id.", valueName: "ID")) var member: String
    @Flag(help: "End the member's enrolments for ever.") var retire = false

    func run() async throws {
        let directory = state.directory
        try directory.mustBeInitialised()
        let lock = try directory.lock()
        defer { close(lock) }
        let inventory = try Daemon.openInventory(directory)
        let enrolments = try Enrolments(directory)
        let time = Date(timeIntervalSince1970: Double(inventory.time.microseconds / 1000) / 1000)
        let passphrase = try Seal.passphrase()
        do {
            let changed: [Enrolment]
            if retire {
                changed = try enrolments.retire(member, at: time, passphrase: passphrase)
            } else {
                guard let record = try await inventory.member(member),
                    let party = try await inventory.party(record.party)
                else { throw StartError("there is no member \(member); `gemctl member list PARTY` shows them") }
                changed = try enrolments.enrol(record, party: party.code, at: time, passphrase: passphrase)
            }
            for each in changed {
                try await inventory.noteEnrolment(
                    of: member, isRetirement: retire, role: each.role.rawValue, fingerprint: each.key.fingerprint)
                print("\(retire ? "retired" : "enrolled") \(each.name) (\(each.party)) as \(each.role.rawValue)")
                print("  key \(each.key.fingerprint)")
            }
            if changed.isEmpty { print("nothing to do: \(member) is \(retire ? "not enrolled" : "enrolled already")") }
        } catch let words as Enrolments.Words { throw StartError("\(words)") }
    }
}
