import COpenSSL
package import FoundationEssentials
package import GemCrypto

/// An X.509 certificate: the one owner of its X509. ("Certificate" alone is always a gem's.)
///
/// Safe to share between threads: it is read-only after init, which also fills OpenSSL's cache of extensions.
package struct X509Certificate: ~Copyable, @unchecked Sendable {
    let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        self.raw = raw
        X509_check_purpose(raw, -1, 0)
    }

    /// Reads DER. Trailing bytes are refused.
    package init(der: [UInt8]) throws(OpenSSLError) {
        let read = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            guard let start = buffer.baseAddress else { return nil }
            var at: UnsafePointer<UInt8>? = start
            guard let read = d2i_X509(nil, &at, buffer.count) else { return nil }
            guard at == start + buffer.count else {
                X509_free(read)
                return nil
            }
            return read
        }
        guard let read else { throw OpenSSLError("d2i_X509") }
        self.init(owning: read)
    }

    /// Reads the first certificate of a PEM text.
    package init(pem: [UInt8]) throws(OpenSSLError) {
        let bio = try MemoryBIO(pem)
        guard let read = PEM_read_bio_X509(bio.raw, nil, nil, nil) else { throw OpenSSLError("PEM_read_bio_X509") }
        self.init(owning: read)
    }

    /// All certificates of a PEM text, as DER. Throws when there is none.
    static func all(in pem: [UInt8]) throws(OpenSSLError) -> [[UInt8]] {
        let bio = try MemoryBIO(pem)
        var found: [[UInt8]] = []
        while let read = PEM_read_bio_X509(bio.raw, nil, nil, nil) {
            found.append(try X509Certificate(owning: read).der)
        }
        guard !found.isEmpty else { throw OpenSSLError("PEM_read_bio_X509") }
        // The end of the text is an error of OpenSSL's.
        OpenSSLError.clear()
        return found
    }

    deinit { X509_free(raw) }

    package var der: [UInt8] {
        get throws(OpenSSLError) { try derBytes("i2d_X509") { i2d_X509(raw, $0) } }
    }

    package var pem: [UInt8] {
        get throws(OpenSSLError) {
            let bio = try MemoryBIO()
            guard PEM_write_bio_X509(bio.raw, raw) == 1 else { throw OpenSSLError("PEM_write_bio_X509") }
            return bio.bytes
        }
    }

    /// SHA-256 of the DER, as `openssl x509 -fingerprint -sha256` prints it.
    package var fingerprint: String {
        get throws(OpenSSLError) {
            SHA256.hash(try der).map { Hex.encode([$0]).uppercased() }.joined(separator: ":")
        }
    }

    package var publicKey: PublicKey {
        get throws(OpenSSLError) {
            guard let key = X509_get_pubkey(raw) else { throw OpenSSLError("X509_get_pubkey") }
            return PublicKey(owning: key)
        }
    }

    package var notBefore: Date? { date(X509_get0_notBefore(raw)) }
    package var notAfter: Date? { date(X509_get0_notAfter(raw)) }

    /// The time in which the private key may sign (RFC 3280 §4.2.1.4); nil when the certificate does not say.
    package var privateKeyUsagePeriod: ClosedRange<Date>? {
        guard let found = X509_get_ext_d2i(raw, NID_private_key_usage_period, nil, nil) else { return nil }
        let period = found.assumingMemoryBound(to: PKEY_USAGE_PERIOD.self)
        defer { PKEY_USAGE_PERIOD_free(period) }
        guard let start = date(period.pointee.notBefore), let end = date(period.pointee.notAfter), start <= end else {
            return nil
        }
        return start...end
    }

    /// By its basic constraints alone, whatever its key usage says.
    var isAuthority: Bool { X509_get_extension_flags(raw) & UInt32(EXFLAG_CA) != 0 }

    /// The `X509v3_KU_` bits; 0 when the extension is missing.
    var keyUsage: UInt32 {
        X509_get_extension_flags(raw) & UInt32(EXFLAG_KUSAGE) == 0 ? 0 : X509_get_key_usage(raw)
    }

    /// Dotted object identifiers, sorted; nil when the extension is missing.
    var extendedKeyUsage: [String]? {
        guard let found = X509_get_ext_d2i(raw, NID_ext_key_usage, nil, nil) else { return nil }
        let purposes = OpaquePointer(found)
        defer { EXTENDED_KEY_USAGE_free(purposes) }
        return (0..<gem_sk_ASN1_OBJECT_num(purposes)).map { i in
            var text = [CChar](repeating: 0, count: 128)
            OBJ_obj2txt(&text, Int32(text.count), gem_sk_ASN1_OBJECT_value(purposes, i), 1)
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }.sorted()
    }

    /// Whether a reader that does not know the extended key usage must refuse the certificate.
    var isExtendedKeyUsageCritical: Bool {
        let place = X509_get_ext_by_NID(raw, NID_ext_key_usage, -1)
        return place >= 0 && X509_EXTENSION_get_critical(X509_get_ext(raw, place)) == 1
    }

    /// Whether it bears the name and the signature of that authority.
    func isIssued(by authority: borrowing X509Certificate) -> Bool {
        guard X509_NAME_cmp(X509_get_issuer_name(raw), X509_get_subject_name(authority.raw)) == 0,
            let key = X509_get0_pubkey(authority.raw)
        else { return false }
        let holds = X509_verify(raw, key) == 1
        if !holds { OpenSSLError.clear() }
        return holds
    }

    /// The serial number as `openssl` prints it: hexadecimal, upper case.
    var serialNumber: String? {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(raw), nil) else { return nil }
        defer { BN_free(number) }
        guard let text = BN_bn2hex(number) else { return nil }
        defer { gem_OPENSSL_free(text) }
        return String(cString: text)
    }
}

/// Several certificates: the one owner of a stack and of a reference to each certificate on it.
///
/// Safe to share between threads: filled before it is shared, then only read.
struct CertificateStack: ~Copyable, @unchecked Sendable {
    let raw: OpaquePointer

    init() throws(OpenSSLError) {
        guard let raw = gem_sk_X509_new_null() else { throw OpenSSLError("sk_X509_new_null") }
        self.raw = raw
    }

    /// Takes ownership of a stack OpenSSL handed out.
    init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    deinit { gem_sk_X509_pop_free(raw) }

    var count: Int { Int(gem_sk_X509_num(raw)) }

    subscript(i: Int) -> X509Certificate {
        precondition(0..<count ~= i)
        let one = gem_sk_X509_value(raw, Int32(i))!
        X509_up_ref(one)
        return X509Certificate(owning: one)
    }

    func push(_ certificate: borrowing X509Certificate) throws(OpenSSLError) {
        X509_up_ref(certificate.raw)
        guard gem_sk_X509_push(raw, certificate.raw) > 0 else {
            X509_free(certificate.raw)
            throw OpenSSLError("sk_X509_push")
        }
    }
}

/// A time of a certificate or revocation list; nil when it cannot be read.
func date(_ time: UnsafePointer<ASN1_TIME>?) -> Date? {
    guard let time, let bytes = ASN1_STRING_get0_data(time) else { return nil }
    let digits = Array(UnsafeBufferPointer(start: bytes, count: Int(ASN1_STRING_length(time))))
    return CivilTime(asn1: digits[...], isUTCTime: ASN1_STRING_type(time) == V_ASN1_UTCTIME)?.date
}

/// UTCTime to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). The caller frees it.
func asn1Time(_ date: Date) throws(OpenSSLError) -> UnsafeMutablePointer<ASN1_TIME> {
    guard let time = ASN1_TIME_set(nil, Int(date.timeIntervalSince1970.rounded(.down))) else {
        throw OpenSSLError("ASN1_TIME_set")
    }
    return time
}
