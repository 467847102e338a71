import Foundation
import GemInventory

/// What `gemd init` decided for the state's whole life, as the database keeps it.
struct Settings: Sendable {
    var administrator: String
    /// The issuing council's party.
    var issuer: String
    var country: String
    var publicURL: String
    var anchor: Anchor

    static func read(_ inventory: Inventory, _ state: StateDirectory) async throws -> Settings {
        func setting(_ name: String) async throws -> String {
            guard let value = try await inventory.setting(name) else {
                throw StartError("\(state.databaseName): the setting \(name) is missing; restore a backup")
            }
            return value
        }
        return Settings(
            administrator: try await setting("administrator"), issuer: try await setting("issuer"),
            country: try await setting("country"), publicURL: try await setting("public-url"),
            anchor: try await anchor(inventory, state))
    }

    /// The file given at init, else the sibling of the state directory, wherever that now is.
    static func anchor(_ inventory: Inventory, _ state: StateDirectory) async throws -> Anchor {
        Anchor(path: try await inventory.setting("anchor") ?? state.defaultAnchor)
    }
}
