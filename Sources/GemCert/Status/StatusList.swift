package import FoundationEssentials
import GemCrypto
package import GemModel

/// What became of every certificate of a list, four bits each, signed and short-lived (IETF Token Status List).
///
/// A JSON Web Token, so that a browser can check it with what it has. The place of a certificate in the list is
/// random and says nothing of when it was issued; nearly all places are empty, and zlib makes little of them.
package struct StatusList: Sendable {
    /// The list's own address, which statements name.
    package let address: String
    package let issuer: String
    /// Whole seconds.
    package let issuedAt: Date
    package let expiresAt: Date
    let keyID: [UInt8]
    private let signed: [UInt8]
    private let signature: [UInt8]
    /// Two certificates a byte, the even place in the low half.
    private let packed: [UInt8]

    /// How long a list may be used, and for how long it need not be asked for again.
    package static let lifetime: Double = 7 * 86_400
    package static let freshFor = 3600
    package static let places = 1 << 24
    private static let type = "statuslist+jwt"

    package struct Malformed: Error, Hashable {
        package let reason: String
    }

    // MARK: - Writing

    /// `changed` has the certificates that are no longer valid, by their places; all others are valid.
    package static func sign(
        _ changed: [Int: CertificateStatus], address: String, issuer: String, at time: Date,
        with key: borrowing PrivateKey
    ) throws -> [UInt8] {
        let keyID = SHA256.hash(try key.publicKey.subjectPublicKeyInfo).prefix(8)
        var rest = changed.sorted { $0.key < $1.key }[...]
        let packed = try Deflate.compress(count: places / 2) { range, out in
            while let (place, status) = rest.first, range.contains(place / 2) {
                out[place / 2 - range.lowerBound] |= status.rawValue << UInt8(place % 2 * 4)
                rest.removeFirst()
            }
        }
        let seconds = Int(time.timeIntervalSince1970)
        let header = JSON.object(["alg": "ES256", "kid": .string(Base64.encodeURL(keyID)), "typ": .string(type)])
        let claims = JSON.object([
            "sub": .string(address), "iss": .string(issuer), "iat": .integer(seconds),
            "exp": .integer(seconds + Int(lifetime)), "ttl": .integer(freshFor),
            "status_list": .object(["bits": .integer(4), "lst": .string(Base64.encodeURL(packed))]),
        ])
        let signed = "\(Base64.encodeURL(header.bytes)).\(Base64.encodeURL(claims.bytes))"
        let signature = try ECDSASpelling.plain(key.sign(Array(signed.utf8)))
        return Array("\(signed).\(Base64.encodeURL(signature))".utf8)
    }

    // MARK: - Reading

    /// A million certificates with a tenth of them changed are 400 kB.
    private static let longest = 4 << 20

    /// Reads a token; whose key made it is ``isSigned(by:)``'s to say.
    package init(_ bytes: [UInt8]) throws(Malformed) {
        // Before anything is cut up or copied: a file may be of any length.
        guard bytes.count <= Self.longest else { throw Malformed(reason: "the status list is longer than 4 MB") }
        var bytes = bytes[...]
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        func part(_ index: Int) -> [UInt8]? { Base64.decodeURL(parts[index]) }
        guard parts.count == 3, let head = part(0), let body = part(1),
            let signature = part(2), signature.count == 64
        else { throw Malformed(reason: "this is no status list") }
        guard let header = try? JSON(parsing: head, maxDepth: 4), let claims = try? JSON(parsing: body, maxDepth: 4),
            header["typ"]?.string == Self.type, header["alg"]?.string == "ES256",
            let keyID = header["kid"]?.string.flatMap(Base64.decodeURL), keyID.count == 8
        else { throw Malformed(reason: "the status list is signed in another way than ES256 with a named key") }
        guard let address = claims["sub"]?.string, let issuer = claims["iss"]?.string,
            let issued = claims["iat"]?.integer, let expires = claims["exp"]?.integer, 0..<1 << 40 ~= issued,
            issued < expires, expires < 1 << 40,
            claims["status_list"]?["bits"]?.integer == 4,
            let packed = claims["status_list"]?["lst"]?.string.flatMap(Base64.decodeURL)
        else { throw Malformed(reason: "the status list lacks what it must say") }
        self.address = address
        self.issuer = issuer
        issuedAt = Date(timeIntervalSince1970: Double(issued))
        expiresAt = Date(timeIntervalSince1970: Double(expires))
        self.keyID = keyID
        signed = Array(bytes[..<parts[2].startIndex].dropLast())
        self.signature = signature
        self.packed = packed
    }

    package func isSigned(by key: PublicKey) -> Bool { key.verifies(ECDSASpelling.der(signature), of: signed) }

    /// What it says of a place; nil past its end.
    package func status(at place: Int) throws(Malformed) -> CertificateStatus? {
        guard place >= 0, let byte = try Deflate.byte(at: place / 2, of: packed, longest: Self.places / 2) else {
            return nil
        }
        guard let status = CertificateStatus(rawValue: byte >> UInt8(place % 2 * 4) & 0xF) else {
            throw Malformed(reason: "the status list says something that has no meaning here")
        }
        return status
    }
}
