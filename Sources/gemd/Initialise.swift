import ArgumentParser
import Foundation
import GemInventory
import GemModel

struct Initialise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new state: database, keys, anchor.",
        discussion: """
            EXAMPLES
              gemd init --state /var/lib/gemd --issuer GGAPCP --name "Gold and Gem Art Promotion Council" \\
                        --public-url https://v.ggapcp.example
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("The issuer's code in every certificate number: 2–12 of A–Z 0–9.", valueName: "CODE"))
    var issuer: String
    @Option(help: ArgumentHelp("The issuer's name on certificates.", valueName: "NAME"))
    var name: String?

    @Option(help: ArgumentHelp("Base of every public address, https.", valueName: "URL"))
    var publicURL: String?

    func run() async throws {
        let directory = state.directory
        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty else {
            throw StartError("\(directory.path) is not empty; choose another --state, or move it away")
        }
        let inventory = try Daemon.openInventory(directory)
        let council = try await inventory.add(
            kind: .council, name: name ?? issuer, nameUr: nil, code: issuer, by: nil)
        let administrator = try await inventory.addMember(
            to: council.id, name: "administrator", uid: getuid(), roles: [.admin], isForwarder: false, by: nil)
        try await inventory.set("administrator", to: administrator.id)
        try await inventory.set("issuer", to: council.id)
    }
}
