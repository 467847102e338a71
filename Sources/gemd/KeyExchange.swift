import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel

/// Puts new keys and certificates in place of the old and destroys the old private keys, so that a crash at any moment
/// leaves the old set or the new one, never a mixture that does not fit.
///
/// All new files are written beside the old as `NAME.next` and synced; then the mark is, which decides. After it each
/// file takes its name, and whoever opens the state next finishes what a crash left; without it they are taken away.
struct KeyExchange: Sendable {
    let state: StateDirectory

    private static let next = ".next"
    private var mark: String { state.keys + "/renewal" }

    /// Relative to DIR; nothing else is ever exchanged, whatever the mark says.
    private static let exchanged =
        KeyRenewal.names.flatMap { ["keys/\($0).key", "pki/\($0).pem"] } + [
            "pki/keys.json", "pki/issuing.crl", "pki/root-and-crls.pem",
        ]

    /// Decided when this returns: the old keys must not be used after. `lists` are revocation lists that come with it.
    func decide(_ renewal: KeyRenewal, lists: [Ceremony.File] = []) throws {
        for file in renewal.secretFiles {
            try StateDirectory.write(file.bytes, to: "\(state.keys)/\(file.name)\(Self.next)", mode: 0o600)
        }
        for file in renewal.publicFiles + lists {
            try StateDirectory.write(file.bytes, to: "\(state.pki)/\(file.name)\(Self.next)", mode: 0o644)
        }
        try StateDirectory.write(Array("the files named .next take their places\n".utf8), to: mark, mode: 0o600)
    }

    /// Finishes an exchange that was decided; takes away one that was not. May be repeated.
    /// - Returns: whether there was one to finish.
    @discardableResult
    func finish() throws -> Bool {
        let files = FileManager.default
        let isDecided = files.fileExists(atPath: mark)
        for path in Self.exchanged.map({ "\(state.path)/\($0)" }) where files.fileExists(atPath: path + Self.next) {
            guard isDecided else {
                try Self.destroy(path + Self.next)
                continue
            }
            if path.hasSuffix(".key"), files.fileExists(atPath: path) { try Self.overwrite(path) }
            guard rename(path + Self.next, path) == 0 else { throw FileError("write \(path)") }
        }
        guard isDecided else { return false }
        // The names before the mark goes: it is what says that they are to be changed.
        try syncDirectory(state.keys)
        try syncDirectory(state.pki)
        guard unlink(mark) == 0 else { throw FileError("remove \(mark)") }
        try syncDirectory(state.keys)
        return true
    }

    private static func destroy(_ path: String) throws {
        try overwrite(path)
        guard unlink(path) == 0 else { throw FileError("remove \(path)") }
    }

    /// Random bytes over a key, to the disk. What the disk keeps elsewhere of it no program reaches.
    private static func overwrite(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileError("open \(path)") }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw FileError("read \(path)") }
        let noise = randomBytes(Int(size))
        guard pwrite(descriptor, noise, noise.count, 0) == noise.count else { throw FileError("write \(path)") }
        guard fsync(descriptor) == 0 else { throw FileError.sync("fsync \(path)") }
    }
}
