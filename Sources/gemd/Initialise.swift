import ArgumentParser
import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Logging

struct Initialise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract:
            "Make a new state: database, keys, anchor. With --public-url alone on an existing one: change its address.",
        discussion: """
            EXAMPLES
              gemd init --state /var/lib/gemd --issuer GGAPCP --name "Gold and Gem Art Promotion Council" \\
                        --public-url https://v.ggapcp.example --root-key-out /media/safe/root.key
              gemd init --state /var/lib/gemd --public-url https://gems.example
              gemd init --state /var/lib/gemd --issuer GGAPCP --database 'postgres://gemd@db.example/gemd'

            The password of a database comes from the credential database-password, or from where libpq
            looks for one (PGPASSFILE, PGSERVICEFILE); never from the URL.

            Prints the fingerprints of all keys. The root key is written apart, under a passphrase that
            is printed once: take both to the safe.
            """)

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("The issuer's code in every certificate number: 2–12 of A–Z 0–9.", valueName: "CODE"))
    var issuer: String?
    @Option(help: ArgumentHelp("The issuer's name on certificates.", valueName: "NAME"))
    var name: String?
    @Option(help: ArgumentHelp("The issuer's country, ISO 3166-1 alpha-2.", valueName: "CC"))
    var country = "PK"
    @Option(help: ArgumentHelp("Base of every public address: https://HOST.", valueName: "URL"))
    var publicURL: String?
    @Option(
        help: ArgumentHelp(
            "Where the log's last state is kept, outside DIR (default DIR-anchor/log).", valueName: "FILE"))
    var anchor: String?
    @Option(
        help: ArgumentHelp(
            "A PostgreSQL database to keep the rows in (default: a file inside DIR). Without a password.",
            valueName: "URL"))
    var database: String?
    @Option(help: ArgumentHelp("Where the root key goes (default DIR-root.key).", valueName: "FILE"))
    var rootKeyOut: String?

    func run() async throws {
        let directory = state.directory
        if directory.isInitialised, issuer == nil, let publicURL { return try await move(directory, to: publicURL) }
        guard let issuer else {
            throw StartError("--issuer is missing; give the code that certificate numbers begin with, such as GGAPCP")
        }
        try checkEmpty(directory)
        let anchor = try anchorPath(directory)
        let rootKeyPath = try outside(directory, rootKeyOut ?? directory.path + "-root.key", option: "--root-key-out")
        let database = try database.map { try ServerURL($0, option: "--database") }
        if let database { try await checkEmpty(database) }
        let publicURL = publicURL ?? "https://\(issuer.lowercased()).invalid"
        let rootPassphrase = Ceremony.freshPassphrase()
        let passphrase = try Seal.passphrase()
        let ceremony = try ceremony(issuer, publicURL, passphrase: passphrase, rootPassphrase: rootPassphrase)

        do {
            try make(directory, ceremony, anchor: anchor, rootKeyPath: rootKeyPath)
            try database?.write(to: directory)
            try await fill(directory, ceremony, issuer: issuer, publicURL: publicURL, anchor: anchor)
        } catch {
            // Half a state must not be taken for a whole one; what was there before was nothing.
            try? FileManager.default.removeItem(atPath: directory.path)
            throw error
        }
        report(
            ceremony, rootKeyPath: rootKeyPath, rootPassphrase: rootPassphrase, isPlain: passphrase == nil,
            publicURL: publicURL)
    }

    // MARK: - Before anything is written

    private func checkEmpty(_ directory: StateDirectory) throws {
        // A path that is not there is empty.
        let contents = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        guard contents.isEmpty else {
            throw StartError("\(directory.path) is not empty; choose another --state, or move it away")
        }
    }

    /// Before any key is made: the server is there, lets us in, keeps its promises and holds nothing yet.
    private func checkEmpty(_ database: ServerURL) async throws {
        let store = try Daemon.openDatabase(database.location(), named: "--database", for: .writing)
        guard try await StoreCopy.isEmpty(store) else {
            throw StartError("--database: it holds rows of a gemd already; give an empty schema or database")
        }
    }

    private func anchorPath(_ directory: StateDirectory) throws -> Anchor {
        let anchor = Anchor(path: try outside(directory, anchor ?? directory.defaultAnchor, option: "--anchor"))
        guard try anchor.read() == nil else {
            throw StartError("\(anchor.path) is the anchor of another log; choose another --anchor, or move it away")
        }
        return anchor
    }

    private func outside(_ directory: StateDirectory, _ path: String, option: String) throws -> String {
        let absolute = StateDirectory(path).path
        guard !absolute.hasPrefix(directory.path + "/"), absolute != directory.path else {
            throw StartError(
                "\(option): \(absolute) lies inside the state directory; choose a place outside, better on another disk"
            )
        }
        return absolute
    }

    private func ceremony(
        _ issuer: String, _ publicURL: String, passphrase: String?, rootPassphrase: String
    ) throws -> Ceremony {
        do {
            return try Ceremony(
                .init(
                    code: issuer, name: name ?? issuer, country: country, publicURL: publicURL, passphrase: passphrase,
                    rootPassphrase: rootPassphrase, now: Date()))
        } catch let refusal as Ceremony.Refusal { throw Self.words(refusal) }
    }

    private static func words(_ refusal: Ceremony.Refusal) -> StartError {
        switch refusal {
        case .issuerCode(let code): StartError("--issuer: \"\(code)\" is not 2 to 12 of A–Z 0–9")
        case .nameLength(let length): StartError("--name: \(length) characters; certificates take 1 to 64")
        case .country(let code): StartError("--country: \"\(code)\" is not two capital letters of ISO 3166, such as PK")
        case .publicURL(let url):
            StartError("--public-url: \"\(url)\" is not https:// and a host name in lower case, without a path")
        }
    }

    // MARK: - Writing

    private func make(_ directory: StateDirectory, _ ceremony: Ceremony, anchor: Anchor, rootKeyPath: String) throws {
        let files = FileManager.default
        for path in [directory.path, directory.keys, directory.pki, folder(of: anchor.path), folder(of: rootKeyPath)] {
            try files.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        guard !files.fileExists(atPath: rootKeyPath) else {
            throw StartError("\(rootKeyPath) is there already; choose another --root-key-out")
        }
        for file in ceremony.publicFiles {
            try StateDirectory.write(file.bytes, to: "\(directory.pki)/\(file.name)", mode: 0o644)
        }
        for file in ceremony.secretFiles {
            try StateDirectory.write(file.bytes, to: "\(directory.keys)/\(file.name)", mode: 0o600)
        }
        try StateDirectory.write(ceremony.rootKey, to: rootKeyPath, mode: 0o600)
    }

    private func fill(
        _ directory: StateDirectory, _ ceremony: Ceremony, issuer: String, publicURL: String, anchor: Anchor
    ) async throws {
        let inventory = try Daemon.openInventory(directory)
        let council = try await inventory.add(kind: .council, name: name ?? issuer, nameUr: nil, code: issuer, by: nil)
        let administrator = try await inventory.addMember(
            to: council.id, name: "administrator", uid: getuid(), roles: [.admin], isForwarder: false, by: nil)
        var settings = [
            "administrator": administrator.id, "issuer": council.id, "country": country, "public-url": publicURL,
        ]
        if self.anchor != nil { settings["anchor"] = anchor.path }
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) { try await inventory.set(name, to: value) }
        // Now, so that it is among the keys that are taken to the safe.
        _ = try await PersonalKey.open(directory, inventory, logger: Logger(label: "gemd"))
        guard let signing = try Seal.read(directory, origin: ceremony.origin).signing else {
            throw StartError("\(directory.keys): the keys were not written")
        }
        let empty = Checkpoint(origin: ceremony.origin, size: 0, root: Merkle.emptyRoot)
        try await inventory.beginLog(
            origin: ceremony.origin, root: empty.root, checkpoint: try empty.signed(by: signing.logKey))
        try anchor.begin(.init(try await inventory.logState(), series: [:]))
    }

    /// A stopped daemon's public address. What was issued under the old one keeps it.
    private func move(_ directory: StateDirectory, to publicURL: String) async throws {
        guard publicURL.wholeMatch(of: /https:\/\/[a-z0-9][a-z0-9.\-]{0,252}(:[0-9]{1,5})?/) != nil else {
            throw Self.words(.publicURL(publicURL))
        }
        let lock = try directory.lock()
        defer { close(lock) }
        try await Daemon.openInventory(directory).set("public-url", to: publicURL)
        Gemd.say("public address: \(publicURL)")
    }

    private func folder(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    private func report(
        _ ceremony: Ceremony, rootKeyPath: String, rootPassphrase: String, isPlain: Bool, publicURL: String
    ) {
        print("fingerprints (SHA-256); print them and compare them by eye:")
        for fingerprint in ceremony.fingerprints { print("  \(fingerprint.name): \(fingerprint.text)") }
        print("root key: \(rootKeyPath)")
        print("root passphrase (shown once): \(rootPassphrase)")
        print("whoever holds the issuing key and its passphrase can enrol people who approve reports; write that down")
        if isPlain {
            Gemd.say(
                "gemd: warning: the signing keys are kept without a passphrase; give one as the credential key-passphrase"
            )
        }
        if publicURL.hasSuffix(".invalid") {
            Gemd.say(
                "gemd: warning: no --public-url; exports are refused until `gemd init --public-url https://HOST` sets one"
            )
        }
    }
}
