import Foundation

/// A secret from the service manager's credentials, never from arguments or the environment itself.
enum Credential {
    /// Nil when there is none of that name.
    static func read(_ name: String) throws -> String? {
        guard let directory = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"],
            let data = FileManager.default.contents(atPath: "\(directory)/\(name)")
        else { return nil }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard !text.isEmpty else { throw StartError("\(directory)/\(name) is empty") }
        return text
    }
}
