import GemInventory

/// The URL of a database on a server as it came on a command line: checked, and without a password.
struct ServerURL: Sendable {
    private let text: String

    init(_ text: String, option: String) throws {
        self.text = text
        do {
            guard try !StoreLocation.server(url: text, password: nil).hasPasswordInside() else {
                throw StartError(
                    "\(option): the URL holds a password, which others on this machine can read; take it out and give it as the credential database-password"
                )
            }
        } catch InventoryError.store(let reason) { throw StartError("\(option): \(reason)") }
    }

    func location() throws -> StoreLocation { .server(url: text, password: try Credential.read("database-password")) }

    /// From now on the state's rows are there.
    func write(to directory: StateDirectory) throws {
        try StateDirectory.write(Array(text.utf8) + [10], to: directory.databaseURL, mode: 0o600)
    }
}
