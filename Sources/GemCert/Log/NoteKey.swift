package import GemCrypto

/// A key that verifies signed notes, as C2SP writes it: `NAME+ID+BASE64`, an Ed25519 key with its name.
package struct NoteKey: Sendable {
    package let name: String
    package let publicKey: PublicKey
    /// SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), its first four bytes.
    package let id: [UInt8]
    private let keyBytes: [UInt8]

    private static let ed25519: UInt8 = 0x01

    package init(name: String, publicKey: PublicKey) throws(OpenSSLError) {
        self.name = name
        self.publicKey = publicKey
        keyBytes = try publicKey.ed25519Bytes
        id = Array(SHA256.hash(Array(name.utf8) + [0x0A, Self.ed25519] + keyBytes).prefix(4))
    }

    /// Reads `text`, one newline at its end allowed; nil when it is malformed or its id is not that of name and key.
    package init?(text: String) {
        let line = text.hasSuffix("\n") ? text.dropLast() : text[...]
        // A key may hold '+' in its Base 64, a name may not.
        let parts = line.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, Self.isName(parts[0]), let id = Hex.decode(parts[1]),
            let typed = Base64.decode(parts[2]), typed.count == 33, typed[0] == Self.ed25519,
            // The only failure is a key of another length, which is excluded.
            let key = try? PublicKey(ed25519: Array(typed.dropFirst())),
            let made = try? NoteKey(name: String(parts[0]), publicKey: key), made.id == id
        else { return nil }
        self = made
    }

    /// The keys of `log.vkey`: a line for each log there was, the present one's last. Nil when one is malformed.
    package static func keys(text: String) -> [NoteKey]? {
        let keys = text.split(separator: "\n").map { NoteKey(text: String($0)) }
        return keys.isEmpty || keys.contains { $0 == nil } ? nil : keys.compactMap { $0 }
    }

    package var text: String {
        "\(name)+\(Hex.encode(id))+\(Base64.encode([Self.ed25519] + keyBytes))"
    }

    /// C2SP signed-note: not empty, no Unicode space, no plus.
    static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace && $0.value >= 0x20 }
    }
}
