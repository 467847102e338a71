import FoundationEssentials
import GemCrypto

/// An RFC 3161 token taken apart, strictly and in DER: a CMS SignedData over TSTInfo with one signer.
///
/// Wider than our own authority's tokens by what others use: RSA, SHA-384 and SHA-512, further signed attributes.
struct TimestampToken: Sendable {
    /// DER.
    let certificates: [[UInt8]]
    /// Issuer name and serial number of the signer.
    let signerID: [UInt8]
    /// What is signed: the attributes as a SET OF.
    let signedAttributes: [UInt8]
    let digest: Digest
    let signature: [UInt8]
    let messageDigest: [UInt8]
    /// ESSCertIDv2.
    let signerHash: (digest: Digest, hash: [UInt8])
    /// TSTInfo in DER.
    let content: [UInt8]
    /// SHA-256 of what was stamped.
    let imprint: [UInt8]
    /// Cut to the second.
    let time: Date
    /// The request's, without leading zeros.
    let nonce: [UInt8]?

    struct Malformed: Error {
        let reason: String
    }

    static let longest = 32 * 1024

    init(_ bytes: [UInt8]) throws(Malformed) {
        guard bytes.count <= Self.longest else { throw Malformed(reason: "it is longer than 32 kB") }
        do {
            self = try Self.parse(bytes)
        } catch let malformed as Malformed {
            throw malformed
        } catch {
            throw Malformed(reason: "it is damaged or not in DER")
        }
    }

    private static func parse(_ bytes: [UInt8]) throws -> TimestampToken {
        var file = DERReader(bytes[...])
        var contentInfo = try file.readInside(DERReader.sequence)
        guard file.isAtEnd else { throw Malformed(reason: "something follows it") }
        try contentInfo.expect(OID.signedData)
        var wrapper = try contentInfo.readInside(DERReader.context0)
        try contentInfo.end()
        var signedData = try wrapper.readInside(DERReader.sequence)
        try wrapper.end()

        try signedData.expect([DERReader.integer, 1, 3])
        var digests = try signedData.readInside(DERReader.set)
        let declared = try digestAlgorithm(&digests)
        try digests.end()
        var encapsulated = try signedData.readInside(DERReader.sequence)
        guard (try? encapsulated.expect(OID.tstInfo)) != nil else {
            throw Malformed(reason: "it is no time stamp")
        }
        var explicit = try encapsulated.readInside(DERReader.context0)
        try encapsulated.end()
        let content = Array(try explicit.read(DERReader.octetString))
        try explicit.end()
        var certificates: [[UInt8]] = []
        if let set = try signedData.readIfPresent(DERReader.context0) {
            var set = DERReader(set)
            while !set.isAtEnd {
                certificates.append(Array(try set.readWhole(DERReader.sequence)))
                guard certificates.count <= mostCertificates else {
                    throw Malformed(reason: "it holds too many certificates")
                }
            }
        }
        guard Set(certificates).count == certificates.count else {
            throw Malformed(reason: "it holds a certificate twice")
        }
        guard signedData.nextTag != DERReader.context1 else {
            throw Malformed(reason: "it carries revocation lists of its own")
        }
        var signers = try signedData.readInside(DERReader.set)
        try signedData.end()
        var signer = try signers.readInside(DERReader.sequence)
        guard signers.isAtEnd else { throw Malformed(reason: "it holds more than one signature") }

        try signer.expect([DERReader.integer, 1, 1])
        let signerID = Array(try signer.read(DERReader.sequence))
        let digest = try digestAlgorithm(&signer)
        guard digest == declared else { throw Malformed(reason: "its hashes do not agree") }
        let attributes = try signer.readWhole(DERReader.context0)
        let signedAttributes = [DERReader.set] + attributes.dropFirst()
        try signatureAlgorithm(&signer, digest)
        let signature = Array(try signer.read(DERReader.octetString))
        guard signer.isAtEnd else { throw Malformed(reason: "it carries what nobody signed") }

        let read = try attributesIn(signedAttributes)
        let info = try TSTInfo(content)
        return TimestampToken(
            certificates: certificates, signerID: signerID, signedAttributes: signedAttributes,
            digest: digest,
            signature: signature, messageDigest: read.messageDigest, signerHash: read.signerHash,
            content: content,
            info: info)
    }

    private init(
        certificates: [[UInt8]], signerID: [UInt8], signedAttributes: [UInt8], digest: Digest,
        signature: [UInt8],
        messageDigest: [UInt8], signerHash: (digest: Digest, hash: [UInt8]), content: [UInt8],
        info: TSTInfo
    ) {
        self.certificates = certificates
        self.signerID = signerID
        self.signedAttributes = signedAttributes
        self.digest = digest
        self.signature = signature
        self.messageDigest = messageDigest
        self.signerHash = signerHash
        self.content = content
        imprint = info.imprint
        time = info.time
        nonce = info.nonce
    }

    private static let mostCertificates = 6

    /// AlgorithmIdentifier of a hash; its parameters are absent or NULL (RFC 5754 §2).
    private static func digestAlgorithm(_ reader: inout DERReader) throws -> Digest {
        var algorithm = try reader.readInside(DERReader.sequence)
        let name = Array(try algorithm.readWhole(DERReader.objectIdentifier))
        if let parameters = try algorithm.readIfPresent(DERReader.null), !parameters.isEmpty {
            throw DERReader.Malformed()
        }
        try algorithm.end()
        guard let digest = OID.digests[name] else {
            throw Malformed(reason: "it uses a hash other than SHA-2")
        }
        return digest
    }

    /// ECDSA or RSA (PKCS #1 v1.5) with the hash already named; which of them, the key decides.
    private static func signatureAlgorithm(_ reader: inout DERReader, _ digest: Digest) throws {
        var algorithm = try reader.readInside(DERReader.sequence)
        let name = Array(try algorithm.readWhole(DERReader.objectIdentifier))
        if let parameters = try algorithm.readIfPresent(DERReader.null), !parameters.isEmpty {
            throw DERReader.Malformed()
        }
        try algorithm.end()
        guard name == OID.rsa || OID.signatures[name] == digest else {
            throw Malformed(reason: "its signature is of an unknown kind")
        }
    }

    private static func attributesIn(
        _ set: [UInt8]
    ) throws -> (messageDigest: [UInt8], signerHash: (digest: Digest, hash: [UInt8])) {
        var outer = DERReader(set[...])
        var list = try outer.readInside(DERReader.set)
        var found: [[UInt8]: DERReader] = [:]
        while !list.isAtEnd {
            var attribute = try list.readInside(DERReader.sequence)
            let name = Array(try attribute.readWhole(DERReader.objectIdentifier))
            let values = try attribute.readInside(DERReader.set)
            try attribute.end()
            guard found.updateValue(values, forKey: name) == nil, found.count <= 16 else {
                throw Malformed(reason: "its signed attributes cannot be read in one way only")
            }
        }
        guard var contentType = found[OID.contentType], var digest = found[OID.messageDigest],
            var reference = found[OID.signingCertificateV2]
        else {
            throw Malformed(reason: "it does not name the certificate it was signed with (ESSCertIDv2)")
        }
        guard (try? contentType.expect(OID.tstInfo)) != nil else {
            throw Malformed(reason: "it is no time stamp")
        }
        try contentType.end()
        let messageDigest = Array(try digest.read(DERReader.octetString))
        try digest.end()

        var signingCertificate = try reference.readInside(DERReader.sequence)
        try reference.end()
        var ids = try signingCertificate.readInside(DERReader.sequence)
        if !signingCertificate.isAtEnd { _ = try signingCertificate.readWhole(DERReader.sequence) }
        try signingCertificate.end()
        // The first is the signer's; others may name its chain.
        var id = try ids.readInside(DERReader.sequence)
        let hashed = id.nextTag == DERReader.sequence ? try digestAlgorithm(&id) : .sha256
        let hash = Array(try id.read(DERReader.octetString))
        if !id.isAtEnd { _ = try id.readWhole(DERReader.sequence) }
        try id.end()
        return (messageDigest, (hashed, hash))
    }

    /// RFC 3161 §2.4.2.
    private struct TSTInfo {
        let imprint: [UInt8]
        let time: Date
        let nonce: [UInt8]?

        init(_ bytes: [UInt8]) throws {
            var file = DERReader(bytes[...])
            var info = try file.readInside(DERReader.sequence)
            try file.end()
            try info.expect([DERReader.integer, 1, 1])
            _ = try info.read(DERReader.objectIdentifier)
            var stamped = try info.readInside(DERReader.sequence)
            guard try TimestampToken.digestAlgorithm(&stamped) == .sha256 else {
                throw Malformed(reason: "it stamps another hash than SHA-256")
            }
            imprint = Array(try stamped.read(DERReader.octetString))
            try stamped.end()
            _ = try info.read(DERReader.integer)
            guard let moment = Self.moment(try info.read(DERReader.generalizedTime)) else {
                throw Malformed(reason: "its time is no time")
            }
            time = moment
            _ = try info.readIfPresent(DERReader.sequence)  // accuracy
            if let ordering = try info.readIfPresent(DERReader.boolean), Array(ordering) != [0xFF] {
                throw DERReader.Malformed()
            }
            nonce = try info.readIfPresent(DERReader.integer).map { Array($0.drop { $0 == 0 }) }
            _ = try info.readIfPresent(DERReader.context0)  // the authority's name, which its certificate says
            guard info.isAtEnd else {
                throw Malformed(reason: "it has extensions, which nobody here understands")
            }
        }

        /// GeneralizedTime with a fraction of a second, which is dropped; DER ends it without a zero (X.690 §11.7).
        private static func moment(_ digits: ArraySlice<UInt8>) -> Date? {
            var digits = digits
            if let dot = digits.firstIndex(of: UInt8(ascii: ".")) {
                let fraction = digits[(dot + 1)...].dropLast()
                guard 1...9 ~= fraction.count, fraction.allSatisfy({ 0x30...0x39 ~= $0 }),
                    fraction.last != 0x30,
                    digits.last == UInt8(ascii: "Z")
                else { return nil }
                digits = digits[..<dot] + [UInt8(ascii: "Z")]
            }
            return CivilTime(asn1: digits, isUTCTime: false)?.date
        }
    }

    private enum OID {
        static let signedData: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2]
        static let tstInfo: [UInt8] = [0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 4]
        static let contentType: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3]
        static let messageDigest: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4]
        static let signingCertificateV2: [UInt8] = [
            0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47,
        ]
        static let digests: [[UInt8]: Digest] = [
            [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]: .sha256,
            [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2]: .sha384,
            [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3]: .sha512,
        ]
        /// rsaEncryption, which leaves the hash to the other field.
        static let rsa: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]
        static let signatures: [[UInt8]: Digest] = [
            [0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]: .sha256,
            [0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3]: .sha384,
            [0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 4]: .sha512,
            [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11]: .sha256,
            [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 12]: .sha384,
            [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 13]: .sha512,
        ]
    }
}

extension TimestampToken {
    /// Why this token does not say when that signature was there; nil when it does, and then `time` is when.
    ///
    /// `chain` is its signer's. Revocation is asked apart.
    func problem(stamping signature: [UInt8], chain: CertificateChain) -> String? {
        guard imprint == SHA256.hash(signature) else {
            return "the time stamp was made for another signature"
        }
        guard let signer = chain.signer else {
            return "the certificate of the time-stamping authority is not in the time stamp"
        }
        guard messageDigest == digest.hash(content),
            signer.key.verifies(self.signature, of: signedAttributes, hashed: digest)
        else { return "the time stamp is false: the key it names did not make it" }
        guard signerHash.hash == signerHash.digest.hash(signer.certificate) else {
            return "the certificate of the time-stamping authority was exchanged"
        }
        if case .failed = chain.trust {
            return "the time stamp was not made under the council's root key"
        }
        if case .failed(let reason) = chain.purpose { return reason }
        guard let validity = chain.validity, validity ~= time else {
            return
                "the time stamp is of \(CivilTime(time).dayText), when the authority's certificate was not valid"
        }
        if let keyPeriod = chain.keyPeriod, !(keyPeriod ~= time) {
            return
                "the time stamp is of \(CivilTime(time).dayText), when the authority's key was not in use"
        }
        return nil
    }
}
