import COpenSSL
package import GemCrypto
package import FoundationEssentials

/// A CRL (RFC 5280 §5): the certificates its issuer took back, as of one day. The one owner of its X509_CRL.
///
/// Only signer, QR, time-stamping and issuing certificates stand on one; a gem's certificate has a status list.
/// Safe to share between threads: read-only after init.
package struct RevocationList: ~Copyable, @unchecked Sendable {
    /// One certificate taken back.
    package struct Entry: Hashable, Sendable {
        /// Hexadecimal, upper case, as `openssl x509 -serial` prints it.
        package var serialNumber: String
        package var revokedAt: Date
        /// The CRLReason of RFC 5280 §5.3.1; 1 is a stolen key.
        package var reason: Int

        package init(serialNumber: String, revokedAt: Date, reason: Int) {
            self.serialNumber = serialNumber
            self.revokedAt = revokedAt
            self.reason = reason
        }
    }

    let raw: OpaquePointer

    /// Reads DER or the first list of a PEM text.
    package init(_ bytes: [UInt8]) throws(OpenSSLError) {
        let read: OpaquePointer?
        if bytes.first == DERReader.sequence {
            read = bytes.withUnsafeBufferPointer {
                var at = $0.baseAddress
                return d2i_X509_CRL(nil, &at, bytes.count)
            }
        } else {
            let bio = try MemoryBIO(bytes)
            read = PEM_read_bio_X509_CRL(bio.raw, nil, nil, nil)
        }
        guard let read else { throw OpenSSLError("d2i_X509_CRL") }
        raw = read
    }

    deinit { X509_CRL_free(raw) }

    package var thisUpdate: Date? { date(X509_CRL_get0_lastUpdate(raw)) }
    package var nextUpdate: Date? { date(X509_CRL_get0_nextUpdate(raw)) }

    package var der: [UInt8] {
        get throws(OpenSSLError) { try derBytes("i2d_X509_CRL") { i2d_X509_CRL(raw, $0) } }
    }

    package var pem: [UInt8] {
        get throws(OpenSSLError) {
            let bio = try MemoryBIO()
            guard PEM_write_bio_X509_CRL(bio.raw, raw) == 1 else { throw OpenSSLError("PEM_write_bio_X509_CRL") }
            return bio.bytes
        }
    }

    /// Whether this list bears the name and the signature of that issuer.
    func isSigned(by issuer: OpaquePointer) -> Bool {
        guard X509_NAME_cmp(X509_CRL_get_issuer(raw), X509_get_subject_name(issuer)) == 0,
            let key = X509_get0_pubkey(issuer)
        else { return false }
        let holds = X509_CRL_verify(raw, key) == 1
        if !holds { OpenSSLError.clear() }
        return holds
    }

    /// When that certificate was taken back and why; nil when it does not stand here.
    func entry(for certificate: OpaquePointer) -> (revokedAt: Date, reason: Int)? {
        var found: OpaquePointer?
        guard X509_CRL_get0_by_cert(raw, &found, certificate) == 1, let found else { return nil }
        return (date(X509_REVOKED_get0_revocationDate(found)) ?? .distantPast, Self.reason(of: found))
    }

    var holdsEntries: Bool { X509_CRL_get_REVOKED(raw).map { gem_sk_X509_REVOKED_num($0) > 0 } ?? false }

    /// All that stand here, so that the next list can go on with them.
    package var entries: [Entry] {
        get throws(OpenSSLError) {
            guard let stack = X509_CRL_get_REVOKED(raw) else { return [] }
            var entries: [Entry] = []
            for i in 0..<gem_sk_X509_REVOKED_num(stack) {
                guard let revoked = gem_sk_X509_REVOKED_value(stack, i),
                    let number = ASN1_INTEGER_to_BN(X509_REVOKED_get0_serialNumber(revoked), nil)
                else { throw OpenSSLError("X509_CRL_get_REVOKED") }
                defer { BN_free(number) }
                guard let digits = BN_bn2hex(number) else { throw OpenSSLError("BN_bn2hex") }
                defer { gem_OPENSSL_free(digits) }
                entries.append(
                    Entry(
                        serialNumber: String(cString: digits),
                        revokedAt: date(X509_REVOKED_get0_revocationDate(revoked)) ?? .distantPast,
                        reason: Self.reason(of: revoked)))
            }
            return entries
        }
    }

    private static func reason(of revoked: OpaquePointer) -> Int {
        guard let value = X509_REVOKED_get_ext_d2i(revoked, NID_crl_reason, nil, nil) else { return 0 }
        let reason = value.assumingMemoryBound(to: ASN1_ENUMERATED.self)
        defer { ASN1_ENUMERATED_free(reason) }
        return ASN1_ENUMERATED_get(reason)
    }

    /// A fresh list. Its number is the second it was made in, which only grows, so no counter has to be kept.
    static func make(
        issuer: borrowing X509Certificate, key: borrowing PrivateKey, revoked: [Entry], thisUpdate: Date,
        nextUpdate: Date
    ) throws(OpenSSLError) -> RevocationList {
        guard let raw = X509_CRL_new() else { throw OpenSSLError("X509_CRL_new") }
        var finished = false
        defer { if !finished { X509_CRL_free(raw) } }

        let start = try asn1Time(thisUpdate)
        defer { ASN1_TIME_free(start) }
        let end = try asn1Time(nextUpdate)
        defer { ASN1_TIME_free(end) }
        guard X509_CRL_set_version(raw, 1) == 1,
            X509_CRL_set_issuer_name(raw, X509_get_subject_name(issuer.raw)) == 1,
            X509_CRL_set1_lastUpdate(raw, start) == 1, X509_CRL_set1_nextUpdate(raw, end) == 1
        else { throw OpenSSLError("X509_CRL_set1_nextUpdate") }

        for entry in revoked { try add(entry, to: raw) }
        X509_CRL_sort(raw)

        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.raw, nil, nil, raw, 0)
        guard let authority = X509V3_EXT_nconf_nid(nil, &context, NID_authority_key_identifier, "keyid:always") else {
            throw OpenSSLError("X509V3_EXT_nconf_nid")
        }
        defer { X509_EXTENSION_free(authority) }
        guard let number = ASN1_INTEGER_new() else { throw OpenSSLError("ASN1_INTEGER_new") }
        defer { ASN1_INTEGER_free(number) }
        guard X509_CRL_add_ext(raw, authority, -1) == 1,
            ASN1_INTEGER_set_int64(number, Int64(thisUpdate.timeIntervalSince1970)) == 1,
            X509_CRL_add1_ext_i2d(raw, NID_crl_number, number, 0, 0) == 1
        else { throw OpenSSLError("X509_CRL_add1_ext_i2d") }

        guard X509_CRL_sign(raw, key.raw, EVP_sha256()) > 0 else { throw OpenSSLError("X509_CRL_sign") }
        finished = true
        return RevocationList(owning: raw)
    }

    private init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    private static func add(_ entry: Entry, to list: OpaquePointer) throws(OpenSSLError) {
        guard let revoked = X509_REVOKED_new() else { throw OpenSSLError("X509_REVOKED_new") }
        var handedOver = false
        defer { if !handedOver { X509_REVOKED_free(revoked) } }

        var number: OpaquePointer?
        defer { BN_free(number) }
        guard BN_hex2bn(&number, entry.serialNumber) == Int32(entry.serialNumber.utf8.count),
            let serial = BN_to_ASN1_INTEGER(number, nil)
        else { throw OpenSSLError("BN_hex2bn \(entry.serialNumber)") }
        defer { ASN1_INTEGER_free(serial) }
        let day = try asn1Time(entry.revokedAt)
        defer { ASN1_TIME_free(day) }
        guard X509_REVOKED_set_serialNumber(revoked, serial) == 1, X509_REVOKED_set_revocationDate(revoked, day) == 1
        else { throw OpenSSLError("X509_REVOKED_set_revocationDate") }
        // RFC 5280 §5.3.1: reason 0 is left out rather than written.
        if entry.reason != 0 {
            guard let reason = ASN1_ENUMERATED_new() else { throw OpenSSLError("ASN1_ENUMERATED_new") }
            defer { ASN1_ENUMERATED_free(reason) }
            guard ASN1_ENUMERATED_set(reason, entry.reason) == 1,
                X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, reason, 0, 0) == 1
            else { throw OpenSSLError("X509_REVOKED_add1_ext_i2d") }
        }
        guard X509_CRL_add0_revoked(list, revoked) == 1 else { throw OpenSSLError("X509_CRL_add0_revoked") }
        handedOver = true
    }
}
