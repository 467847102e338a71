import GemCrypto
import GemModel

/// The keys of QR codes and status lists, as `keys.json` tells them (RFC 7517), each with its certificates.
///
/// A set proves nothing by itself: each key counts only as far as its certificates lead to a pinned root.
package struct KeySet: Sendable {
    struct Key: Sendable {
        let id: [UInt8]
        /// DER, the key's own first.
        let certificates: [[UInt8]]
    }

    let keys: [Key]

    package struct Malformed: Error, Hashable {
        package let reason: String
    }

    package init(_ bytes: [UInt8]) throws(Malformed) {
        guard bytes.count <= 1 << 20, let json = try? JSON(parsing: bytes, maxDepth: 8),
            let list = json["keys"]?.elements, list.count <= 64
        else { throw Malformed(reason: "this is no set of keys (keys.json)") }
        var keys: [Key] = []
        for each in list {
            let certificates = (each["x5c"]?.elements ?? []).prefix(5).compactMap { $0.string.flatMap(Base64.decode) }
            guard let id = each["kid"]?.string.flatMap(Base64.decodeURL), id.count == 8, !certificates.isEmpty else {
                throw Malformed(reason: "a key of the set has no name, or no certificates")
            }
            keys.append(Key(id: id, certificates: certificates))
        }
        self.keys = keys
    }

    /// The key of that name.
    subscript(id: [UInt8]) -> Key? { keys.first { $0.id == id } }
}

extension KeySet.Key {
    /// Whether the name is that of the key in the certificate.
    func isNamed(after key: PublicKey) -> Bool {
        // A key that cannot be written has no name.
        guard let der = try? key.subjectPublicKeyInfo else { return false }
        return Array(SHA256.hash(der).prefix(8)) == id
    }
}
