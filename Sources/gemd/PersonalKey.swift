import Foundation
import GemCert
import GemCrypto
import GemInventory
import Logging

/// The key that seals the numbers of identity cards: `DIR/keys/personal.key`, under the passphrase of all keys there.
///
/// Made by `gemd init`; for a state of before, at the first start with keys. It is in no backup, as no key is: who restores a state puts `keys` back from
/// where it was kept, or the numbers stay closed.
enum PersonalKey {
    private static let setting = "personal-key"

    /// Nil where no number can be sealed or opened: without keys, or with another state's.
    static func open(_ state: StateDirectory, _ inventory: Inventory, logger: Logger) async throws -> PersonalData? {
        guard FileManager.default.fileExists(atPath: state.keys) else { return nil }
        let path = "\(state.keys)/personal.key"
        let passphrase = try Seal.passphrase()
        let known = try await inventory.setting(setting)
        do {
            var pem = FileManager.default.contents(atPath: path).map { Array($0) }
            if pem == nil, known == nil {
                let made = try Ceremony.personalKey(passphrase: passphrase)
                try StateDirectory.write(made, to: path, mode: 0o600)
                pem = made
            }
            guard let pem else {
                logger.warning("\(path) is missing: numbers of identity cards are neither shown nor taken")
                return nil
            }
            let personal = PersonalData(secret: try Ceremony.personalSecret(of: pem, passphrase: passphrase))
            guard known ?? personal.fingerprint == personal.fingerprint else {
                logger.warning("\(path) is another state's: numbers of identity cards are neither shown nor taken")
                return nil
            }
            if known == nil { try await inventory.set(setting, to: personal.fingerprint) }
            return personal
        } catch is OpenSSLError {
            throw StartError("\(path): key-passphrase does not open it; give the one it was made with")
        }
    }
}
