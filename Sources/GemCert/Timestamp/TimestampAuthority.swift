import COpenSSL
package import FoundationEssentials
import GemCrypto

/// The council's own time-stamping authority (RFC 3161): the key that says when a signature was there already.
///
/// It proves little against the council itself, who holds the key; the log with its witnesses does. It shows what was
/// signed before a signer's key was taken back, and that a report was meant to carry a time.
package final class TimestampAuthority: Sendable {
    private let key: PrivateKey
    private let certificate: X509Certificate
    private let chain: CertificateStack
    /// When the key may sign.
    package let keyPeriod: ClosedRange<Date>

    package enum Refusal: Error, Hashable {
        case keyDoesNotFitCertificate
        case certificateWithoutKeyPeriod
        case outsideKeyPeriod(ClosedRange<Date>)
    }

    /// All PEM; the key may be under a passphrase.
    package init(
        key keyPEM: [UInt8], passphrase: String?, certificate certificatePEM: [UInt8],
        issuing issuingPEM: [UInt8]
    ) throws {
        let key = try PrivateKey(pem: keyPEM, passphrase: passphrase)
        let certificate = try X509Certificate(pem: certificatePEM)
        guard try key.publicKey.subjectPublicKeyInfo == certificate.publicKey.subjectPublicKeyInfo
        else {
            throw Refusal.keyDoesNotFitCertificate
        }
        guard let period = certificate.privateKeyUsagePeriod else {
            throw Refusal.certificateWithoutKeyPeriod
        }
        let chain = try CertificateStack()
        try chain.push(X509Certificate(pem: issuingPEM))
        self.key = key
        self.certificate = certificate
        self.chain = chain
        keyPeriod = period
    }

    /// Anything at all of the council's; RFC 3161 wants a policy and fixes none. An arc of UUIDs (X.667), for gemd
    /// has no number of its own: `uuid5(DNS, "gemd/timestamp/1")`.
    package static let policy = "2.25.216870364836503241224583561842902457166"

    /// A token over a hash of SHA-256, in DER. `now` becomes its genTime, cut to the second.
    func token(over imprint: [UInt8], now: Date) throws -> [UInt8] {
        guard keyPeriod ~= now else { throw Refusal.outsideKeyPeriod(keyPeriod) }
        guard let context = TS_RESP_CTX_new() else { throw OpenSSLError("TS_RESP_CTX_new") }
        defer { TS_RESP_CTX_free(context) }
        guard let policy = OBJ_txt2obj(Self.policy, 1) else { throw OpenSSLError("OBJ_txt2obj") }
        defer { ASN1_OBJECT_free(policy) }
        guard TS_RESP_CTX_set_signer_cert(context, certificate.raw) == 1,
            TS_RESP_CTX_set_signer_key(context, key.raw) == 1,
            TS_RESP_CTX_set_certs(context, chain.raw) == 1,
            TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1,
            TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1,
            TS_RESP_CTX_set_def_policy(context, policy) == 1,
            TS_RESP_CTX_add_md(context, EVP_sha256()) == 1,
            TS_RESP_CTX_set_accuracy(context, 1, 0, 0) == 1
        else { throw OpenSSLError("TS_RESP_CTX_set_signer_cert") }
        TS_RESP_CTX_set_serial_cb(context, { _, _ in TimestampAuthority.serial() }, nil)

        var seconds = Int(now.timeIntervalSince1970.rounded(.down))
        let request = try MemoryBIO(TimestampRequest(imprint: imprint, nonce: nil).bytes)
        return try withUnsafeMutablePointer(to: &seconds) { seconds in
            TS_RESP_CTX_set_time_cb(
                context,
                { _, seconds, second, microsecond in
                    second?.pointee = seconds!.load(as: Int.self)
                    microsecond?.pointee = 0
                    return 1
                }, seconds)
            guard let response = TS_RESP_create_response(context, request.raw) else {
                throw OpenSSLError("TS_RESP_create_response")
            }
            defer { TS_RESP_free(response) }
            guard let token = TS_RESP_get_token(response) else { throw OpenSSLError("TS_RESP_get_token") }
            return try derBytes("i2d_PKCS7") { i2d_PKCS7(token, $0) }
        }
    }

    /// At random, so that no counter has to be kept; RFC 3161 §2.4.2 wants it unique up to 160 bits.
    private static func serial() -> UnsafeMutablePointer<ASN1_INTEGER>? {
        var bytes = randomBytes(16)
        bytes[0] = bytes[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return nil }
        defer { BN_free(number) }
        return BN_to_ASN1_INTEGER(number, nil)
    }
}
