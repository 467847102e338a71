import FoundationEssentials
import GemCrypto

/// A `.p7s` taken apart, byte by byte: only the one shape that `CMS.sign` makes, in DER, is read at all.
///
/// Every byte is either fixed, covered by the signature, a certificate, or the signature value itself;
/// so nothing can be added, changed or left out without a verdict noticing.
struct DetachedSignature {
    /// DER, in the order of the file: signer and issuing certificate.
    let certificates: [[UInt8]]
    /// Issuer name and serial number of the signer, as they stand in its certificate.
    let signerID: [UInt8]
    /// What is signed: the attributes as a SET OF (RFC 5652 §5.4).
    let signedAttributes: [UInt8]
    let messageDigest: [UInt8]
    /// ESSCertIDv2: SHA-256 of the signer's certificate.
    let signerHash: [UInt8]
    /// Nil in a paper's signature, whose dictionary says the time.
    let signingTime: Date?
    /// ECDSA-Sig-Value.
    let signature: [UInt8]
    /// The RFC 3161 token, when that is the one unsigned attribute; DER, not yet read.
    let timestamp: [UInt8]?

    struct Malformed: Error {
        let reason: String
    }

    static let longest = 64 * 1024

    /// `inPaper`: that of a PDF, which has no signingTime among its attributes.
    init(_ bytes: [UInt8], inPaper: Bool = false) throws(Malformed) {
        guard bytes.count <= Self.longest else { throw Malformed(reason: "it is longer than 64 kB") }
        do {
            self = try Self.parse(bytes, inPaper)
        } catch let malformed as Malformed {
            throw malformed
        } catch {
            throw Malformed(reason: "it is damaged or not in the one form gemd writes (DER)")
        }
    }

    private static func parse(_ bytes: [UInt8], _ inPaper: Bool) throws -> DetachedSignature {
        var file = DERReader(bytes[...])
        var contentInfo = try file.readInside(DERReader.sequence)
        guard file.isAtEnd else { throw Malformed(reason: "something follows the signature") }
        try contentInfo.expect(OID.signedData)
        var wrapper = try contentInfo.readInside(DERReader.context0)
        try contentInfo.end()
        var signedData = try wrapper.readInside(DERReader.sequence)
        try wrapper.end()

        try signedData.expect(version1)
        let digests = try signedData.read(DERReader.set)
        guard !digests.isEmpty else { throw Malformed(reason: "it holds certificates but no signature") }
        guard Array(digests) == sha256 else { throw Malformed(reason: "it does not use SHA-256 alone") }
        var content = try signedData.readInside(DERReader.sequence)
        try content.expect(OID.data)
        guard content.isAtEnd else { throw Malformed(reason: "it carries a copy of the content inside") }
        let certificates = try certificates(signedData.readInside(DERReader.context0))
        guard signedData.nextTag != DERReader.context1 else {
            throw Malformed(reason: "it carries revocation lists of its own")
        }
        var signers = try signedData.readInside(DERReader.set)
        try signedData.end()
        guard !signers.isAtEnd else { throw Malformed(reason: "it holds certificates but no signature") }
        var signer = try signers.readInside(DERReader.sequence)
        guard signers.isAtEnd else { throw Malformed(reason: "it holds more than one signature") }

        try signer.expect(version1)
        let signerID = Array(try signer.read(DERReader.sequence))
        try signer.expect(sha256)
        let attributes = try signer.readWhole(DERReader.context0)
        // Signed as the SET OF it is, not under the tag it travels with.
        let signedAttributes = [DERReader.set] + attributes.dropFirst()
        guard let algorithm = try? signer.readWhole(DERReader.sequence), Array(algorithm) == ecdsaWithSHA256 else {
            throw Malformed(reason: "it does not use ECDSA with SHA-256")
        }
        let signature = Array(try signer.read(DERReader.octetString))
        let timestamp = signer.isAtEnd ? nil : try readTimestamp(&signer)
        try signer.end()

        let read = try Attributes(signedAttributes, inPaper)
        return DetachedSignature(
            certificates: certificates, signerID: signerID, signedAttributes: signedAttributes,
            messageDigest: read.messageDigest, signerHash: read.signerHash, signingTime: read.signingTime,
            signature: signature, timestamp: timestamp)
    }

    private init(
        certificates: [[UInt8]], signerID: [UInt8], signedAttributes: [UInt8], messageDigest: [UInt8],
        signerHash: [UInt8], signingTime: Date?, signature: [UInt8], timestamp: [UInt8]?
    ) {
        self.certificates = certificates
        self.signerID = signerID
        self.signedAttributes = signedAttributes
        self.messageDigest = messageDigest
        self.signerHash = signerHash
        self.signingTime = signingTime
        self.signature = signature
        self.timestamp = timestamp
    }

    /// A SET OF in DER order, so that its order is fixed as well; no certificate twice.
    private static func certificates(_ set: DERReader) throws -> [[UInt8]] {
        var set = set
        var list: [[UInt8]] = []
        while !set.isAtEnd {
            let next = Array(try set.readWhole(DERReader.sequence))
            guard list.last.map({ $0.lexicographicallyPrecedes(next) }) ?? true else {
                throw Malformed(reason: "its certificates are not in the order DER gives them")
            }
            list.append(next)
            guard list.count <= mostCertificates else { throw Malformed(reason: "it holds too many certificates") }
        }
        return list
    }

    /// Room for an outside chain above our issuing CA; each costs a signature check.
    private static let mostCertificates = 5

    private static func readTimestamp(_ signer: inout DERReader) throws -> [UInt8] {
        var attributes = try signer.readInside(DERReader.context1)
        var attribute = try attributes.readInside(DERReader.sequence)
        try attributes.end()
        try attribute.expect(OID.timestampToken)
        var values = try attribute.readInside(DERReader.set)
        let token = Array(try values.readWhole(DERReader.sequence))
        try values.end()
        try attribute.end()
        return token
    }

    private static let version1: [UInt8] = [DERReader.integer, 1, 1]
    private static let sha256: [UInt8] = [DERReader.sequence, 11] + OID.sha256
    private static let ecdsaWithSHA256: [UInt8] = [DERReader.sequence, 10] + OID.ecdsaWithSHA256
}

/// The four signed attributes; one more, one less, one twice or a value too many is refused.
private struct Attributes {
    let messageDigest: [UInt8]
    let signerHash: [UInt8]
    let signingTime: Date?

    init(_ set: [UInt8], _ inPaper: Bool) throws {
        var outer = DERReader(set[...])
        var list = try outer.readInside(DERReader.set)
        var found: [[UInt8]: DERReader] = [:]
        var previous: ArraySlice<UInt8> = []
        while !list.isAtEnd {
            let whole = try list.readWhole(DERReader.sequence)
            guard previous.isEmpty || previous.lexicographicallyPrecedes(whole) else {
                throw DetachedSignature.Malformed(reason: "its signed attributes are not in the order DER gives them")
            }
            previous = whole
            var parts = DERReader(whole)
            var attribute = try parts.readInside(DERReader.sequence)
            let name = Array(try attribute.readWhole(DERReader.objectIdentifier))
            let values = try attribute.readInside(DERReader.set)
            try attribute.end()
            guard found.updateValue(values, forKey: name) == nil else {
                throw DetachedSignature.Malformed(reason: "a signed attribute stands twice")
            }
            guard found.count <= 4 else { break }
        }
        let always: Set = [OID.contentType, OID.messageDigest, OID.signingCertificateV2]
        guard Set(found.keys) == (inPaper ? always : always.union([OID.signingTime])) else {
            throw DetachedSignature.Malformed(reason: "its signed attributes are not those of a gemd certificate")
        }

        var contentType = found[OID.contentType]!
        try contentType.expect(OID.data)
        try contentType.end()

        var digest = found[OID.messageDigest]!
        messageDigest = Array(try digest.read(DERReader.octetString))
        try digest.end()

        if var time = found[OID.signingTime] {
            let isUTCTime = time.nextTag == DERReader.utcTime
            let digits = try time.read(isUTCTime ? DERReader.utcTime : DERReader.generalizedTime)
            // RFC 5652 §11.3: UTCTime to 2049, GeneralizedTime after.
            guard let moment = CivilTime(asn1: digits, isUTCTime: isUTCTime), isUTCTime || moment.year >= 2050 else {
                throw DetachedSignature.Malformed(reason: "its signing time is no time")
            }
            signingTime = moment.date
            try time.end()
        } else {
            signingTime = nil
        }

        // SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2 }, SHA-256 being the default.
        var reference = found[OID.signingCertificateV2]!
        var signingCertificate = try reference.readInside(DERReader.sequence)
        try reference.end()
        var ids = try signingCertificate.readInside(DERReader.sequence)
        try signingCertificate.end()
        var id = try ids.readInside(DERReader.sequence)
        try ids.end()
        signerHash = Array(try id.read(DERReader.octetString))
        // IssuerSerial says again what the hash already fixes.
        if !id.isAtEnd { _ = try id.readWhole(DERReader.sequence) }
        try id.end()
    }
}

private enum OID {
    static let data: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1]
    static let signedData: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2]
    static let contentType: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3]
    static let messageDigest: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4]
    static let signingTime: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 5]
    static let timestampToken: [UInt8] = [0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14]
    static let signingCertificateV2: [UInt8] = [0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47]
    static let sha256: [UInt8] = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]
    static let ecdsaWithSHA256: [UInt8] = [0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
}
