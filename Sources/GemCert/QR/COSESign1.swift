import GemCrypto

/// A slim statement signed as COSE_Sign1 (RFC 9052 §4.2), tag 18, ES256, with the key's name in the protected header.
///
/// About 214 bytes. OpenSSL writes an ECDSA signature as DER; COSE wants r ‖ s, 32 bytes each.
package struct COSESign1: Hashable, Sendable {
    package let bytes: [UInt8]
    /// The first 8 bytes of the SHA-256 of the key's SubjectPublicKeyInfo.
    package let keyID: [UInt8]
    package let statement: SlimStatement
    private let payload: [UInt8]
    private let protected: [UInt8]
    private let signature: [UInt8]

    package struct Malformed: Error, Hashable {
        package let reason: String
    }

    private static let algorithm: Int64 = -7
    private static let tag: UInt64 = 18
    /// The tag, and an array of four.
    static let beginning: [UInt8] = [0xD2, 0x84]

    /// How a key is named; reckoned once for each key, since writing it out costs more than a signature.
    package static func keyID(of key: borrowing PrivateKey) throws -> [UInt8] {
        Array(SHA256.hash(try key.publicKey.subjectPublicKeyInfo).prefix(8))
    }

    /// `keyID` is the key's own.
    package init(signing statement: SlimStatement, with key: borrowing PrivateKey, keyID: [UInt8]) throws {
        let protected = CBOR.map([
            .init(key: .integer(1), value: .integer(Self.algorithm)), .init(key: .integer(4), value: .bytes(keyID)),
        ]).encoded
        let payload = statement.cbor.encoded
        let signature = try ECDSASpelling.plain(key.sign(Self.toBeSigned(protected, payload)))
        self.keyID = keyID
        self.statement = statement
        self.payload = payload
        self.protected = protected
        self.signature = signature
        bytes =
            CBOR.tagged(
                Self.tag, .array([.bytes(protected), .map([]), .bytes(payload), .bytes(signature)])
            ).encoded
    }

    package init(signing statement: SlimStatement, with key: borrowing PrivateKey) throws {
        try self.init(signing: statement, with: key, keyID: Self.keyID(of: key))
    }

    /// Reads one strictly; whose key made it is ``isSigned(by:)``'s to say.
    package init(_ bytes: [UInt8]) throws(Malformed) {
        do throws(CBOR.Malformed) {
            guard case .tagged(Self.tag, .array(let parts)) = try CBOR(bytes), parts.count == 4,
                case .bytes(let protected) = parts[0], case .map(let unprotected) = parts[1],
                case .bytes(let payload) = parts[2], case .bytes(let signature) = parts[3]
            else { throw CBOR.Malformed(reason: "it is no COSE_Sign1") }
            guard unprotected.isEmpty else { throw CBOR.Malformed(reason: "it has an unprotected header") }
            let header = try CBOR(protected)
            guard case .map(let members) = header, members.count == 2,
                header[1] == .integer(Self.algorithm), case .bytes(let keyID)? = header[4], keyID.count == 8
            else { throw CBOR.Malformed(reason: "it is signed in another way than ES256 with a named key") }
            guard signature.count == 64 else { throw CBOR.Malformed(reason: "its signature has not 64 bytes") }
            self.bytes = bytes
            self.keyID = keyID
            self.payload = payload
            self.protected = protected
            self.signature = signature
            statement = try SlimStatement(CBOR(payload))
        } catch { throw Malformed(reason: error.reason) }
    }

    package func isSigned(by key: PublicKey) -> Bool {
        key.verifies(ECDSASpelling.der(signature), of: Self.toBeSigned(protected, payload))
    }

    /// Sig_structure (RFC 9052 §4.4).
    private static func toBeSigned(_ protected: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        CBOR.array([.text("Signature1"), .bytes(protected), .bytes([]), .bytes(payload)]).encoded
    }
}
