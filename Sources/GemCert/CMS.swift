import COpenSSL
import FoundationEssentials
import GemCrypto

/// Signs detached CAdES-B-B (ETSI EN 319 122-1): a CMS SignedData in DER with one SignerInfo.
///
/// Signed attributes are contentType, messageDigest, signingCertificateV2 and signingTime and no other.
/// What is read back is `DetachedSignature`, which shares no code with this.
enum CMS {
    /// `chain` holds what a verifier needs besides the signer, without the root.
    ///
    /// Safe on many threads at once: key and certificates are only read, all else is made here.
    ///
    /// Without `time` there is no signingTime: a PDF says it in its dictionary (EN 319 142-1 §5.3).
    static func sign(
        _ content: [UInt8], at time: Date?, key: borrowing PrivateKey, certificate: borrowing X509Certificate,
        chain: borrowing CertificateStack
    ) throws(OpenSSLError) -> [UInt8] {
        let flags = UInt32(CMS_BINARY | CMS_DETACHED | CMS_CADES | CMS_NOSMIMECAP | CMS_PARTIAL)
        guard let cms = CMS_sign(nil, nil, chain.raw, nil, flags) else { throw OpenSSLError("CMS_sign") }
        defer { CMS_ContentInfo_free(cms) }
        guard let signer = CMS_add1_signer(cms, certificate.raw, key.raw, EVP_sha256(), flags) else {
            throw OpenSSLError("CMS_add1_signer")
        }
        if let time {
            // Given here, because OpenSSL would otherwise take the machine's clock.
            let signingTime = try asn1Time(time)
            defer { ASN1_TIME_free(signingTime) }
            guard
                CMS_signed_add1_attr_by_NID(
                    signer, NID_pkcs9_signingTime, ASN1_STRING_type(signingTime), signingTime, -1) == 1
            else { throw OpenSSLError("CMS_signed_add1_attr_by_NID") }
        }
        let input = try MemoryBIO(content)
        guard CMS_final(cms, input.raw, nil, flags) == 1 else { throw OpenSSLError("CMS_final") }
        if time == nil { try removeSigningTime(cms, signer, key: key) }
        return try derBytes("i2d_CMS_ContentInfo") { i2d_CMS_ContentInfo(cms, $0) }
    }

    /// OpenSSL 3.0 puts the machine's time into every signature: it is taken out, and the rest signed again.
    private static func removeSigningTime(
        _ cms: OpaquePointer, _ signer: OpaquePointer, key: borrowing PrivateKey
    ) throws(OpenSSLError) {
        let place = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1)
        guard place >= 0, let attribute = CMS_signed_delete_attr(signer, place) else {
            throw OpenSSLError("CMS_signed_delete_attr")
        }
        X509_ATTRIBUTE_free(attribute)
        let unsigned = try derBytes("i2d_CMS_ContentInfo") { i2d_CMS_ContentInfo(cms, $0) }
        guard let attributes = try? DetachedSignature(unsigned, inPaper: true).signedAttributes else {
            throw OpenSSLError("CMS_signed_delete_attr")
        }
        let signature = try key.sign(attributes)
        guard ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer), signature, Int32(signature.count)) == 1 else {
            throw OpenSSLError("ASN1_STRING_set")
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
