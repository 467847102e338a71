import COpenSSL
import FoundationEssentials
import GemCrypto

/// Writes detached CAdES-B-B (ETSI EN 319 122-1): a CMS SignedData (RFC 5652) in DER with one SignerInfo.
///
/// Signed attributes are contentType, messageDigest, signingCertificateV2 and signingTime and no other.
/// Byte for byte what OpenSSL's CMS_sign would write, but all that is the same in every signature of one certificate
/// is written once; and a paper's signature has no signingTime, which OpenSSL 3.0 always puts in.
/// What is read back is `DetachedSignature`, which shares nothing with this but the reading of DER.
enum CMS {
    /// One certificate's signatures, up to what differs between them.
    struct Signer: Sendable {
        /// SignedData as far as certificates.
        private let head: [UInt8]
        /// SignerInfo as far as digestAlgorithm.
        private let signer: [UInt8]
        private let signingCertificate: [UInt8]

        /// `chain` holds what a verifier needs besides the signer, without the root; all in DER.
        init(certificate: borrowing X509Certificate, chain: [[UInt8]]) throws(OpenSSLError) {
            let der = try certificate.der
            let name = try derBytes("i2d_X509_NAME") { i2d_X509_NAME(X509_get_issuer_name(certificate.raw), $0) }
            let number = try derBytes("i2d_ASN1_INTEGER") {
                i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate.raw), $0)
            }
            head =
                DERWriter.version1 + DERWriter.set(of: [Self.sha256]) + DERWriter.sequence(OID.data)
                + DERWriter.set(of: [der] + chain, as: DERReader.context0)
            signer = DERWriter.version1 + DERWriter.sequence(name + number) + Self.sha256
            // ESSCertIDv2 (RFC 5035 §4): SHA-256 is its default and left out; IssuerSerial names by directoryName.
            let id =
                DERWriter.element(DERReader.octetString, SHA256.hash(der))
                + DERWriter.sequence(DERWriter.sequence(DERWriter.element(0xA4, name)) + number)
            signingCertificate = Self.attribute(
                OID.signingCertificateV2, DERWriter.sequence(DERWriter.sequence(DERWriter.sequence(id))))
        }

        /// Safe on many threads at once.
        ///
        /// Without `time` there is no signingTime: a PDF says it in its dictionary (EN 319 142-1 §5.3).
        func sign(_ content: [UInt8], at time: Date?, with key: borrowing PrivateKey) throws(OpenSSLError) -> [UInt8] {
            var attributes = [
                Self.contentType,
                Self.attribute(
                    OID.messageDigest, DERWriter.element(DERReader.octetString, SHA256.hash(content))),
                signingCertificate,
            ]
            if let time { attributes.append(Self.attribute(OID.signingTime, DERWriter.time(time))) }
            // Signed as the SET OF it is (§5.4), sent under a tag of its own.
            var signed = DERWriter.set(of: attributes)
            let signature = try key.sign(signed)
            signed[0] = DERReader.context0
            let info = DERWriter.sequence(
                signer + signed + Self.ecdsaWithSHA256 + DERWriter.element(DERReader.octetString, signature))
            let data = DERWriter.sequence(head + DERWriter.element(DERReader.set, info))
            return DERWriter.sequence(OID.signedData + DERWriter.element(DERReader.context0, data))
        }

        private static let contentType = attribute(OID.contentType, OID.data)
        // Both without parameters (RFC 5754 §2 and §3.3).
        private static let sha256 = DERWriter.sequence(OID.sha256)
        private static let ecdsaWithSHA256 = DERWriter.sequence(OID.ecdsaWithSHA256)

        private static func attribute(_ type: [UInt8], _ value: [UInt8]) -> [UInt8] {
            DERWriter.sequence(type + DERWriter.element(DERReader.set, value))
        }
    }

    /// The same signature with an RFC 3161 token as unsigned attribute id-aa-signatureTimeStampToken: CAdES-B-T.
    static func stamping(_ signature: [UInt8], with token: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        let read = signature.withUnsafeBufferPointer {
            var at = $0.baseAddress
            return d2i_CMS_ContentInfo(nil, &at, signature.count)
        }
        guard let cms = read else { throw OpenSSLError("d2i_CMS_ContentInfo") }
        defer { CMS_ContentInfo_free(cms) }
        guard let signers = CMS_get0_SignerInfos(cms), gem_sk_CMS_SignerInfo_num(signers) == 1,
            let signer = gem_sk_CMS_SignerInfo_value(signers, 0),
            CMS_unsigned_add1_attr_by_NID(
                signer, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token, Int32(token.count)) == 1
        else { throw OpenSSLError("CMS_unsigned_add1_attr_by_NID") }
        return try derBytes("i2d_CMS_ContentInfo") { i2d_CMS_ContentInfo(cms, $0) }
    }
}

/// What we write, each with tag and length.
private enum OID {
    // PKCS #7 and #9 under 1.2.840.113549.1.
    static let data = pkcs(7, 1)
    static let signedData = pkcs(7, 2)
    static let contentType = pkcs(9, 3)
    static let messageDigest = pkcs(9, 4)
    static let signingTime = pkcs(9, 5)
    static let signingCertificateV2 = pkcs(9, 16, 2, 47)
    /// 2.16.840.1.101.3.4.2.1.
    static let sha256 = DERWriter.element(DERReader.objectIdentifier, [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1])
    /// 1.2.840.10045.4.3.2.
    static let ecdsaWithSHA256 = DERWriter.element(
        DERReader.objectIdentifier, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2])

    private static func pkcs(_ arcs: UInt8...) -> [UInt8] {
        DERWriter.element(DERReader.objectIdentifier, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1] + arcs)
    }
}
