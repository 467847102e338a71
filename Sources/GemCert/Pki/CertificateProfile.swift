import COpenSSL
import FoundationEssentials
import GemCrypto

/// What a certificate of our own hierarchy is for: its extensions, and how long certificate and key last.
enum CertificateProfile: CaseIterable {
    case root
    case issuing
    case signer
    case cose
    case timestamping

    var commonName: String {
        switch self {
        case .root: "Root"
        case .issuing: "Issuing CA"
        case .signer: "Certificate Signer"
        case .cose: "QR Signer"
        case .timestamping: "Time-Stamping Authority"
        }
    }

    var keyUsage: String {
        switch self {
        case .root, .issuing: "critical,keyCertSign,cRLSign"
        case .signer: "critical,digitalSignature,nonRepudiation"
        case .cose, .timestamping: "critical,digitalSignature"
        }
    }

    /// id-kp-documentSigning (RFC 9336) alone would be right for the signer, but stock `openssl cms -verify`
    /// and pdfsig demand emailProtection. The QR key gets it alone, so that it can never stand in for the signer.
    var extendedKeyUsage: String? {
        switch self {
        case .root, .issuing: nil
        case .signer: "emailProtection,\(Self.documentSigning)"
        case .cose: Self.documentSigning
        case .timestamping: "critical,timeStamping"
        }
    }

    static let documentSigning = "1.3.6.1.5.5.7.3.36"
    static let timeStamping = "1.3.6.1.5.5.7.3.8"
    static let emailProtection = "1.3.6.1.5.5.7.3.4"

    /// Nil: as long as its issuer's, so that what it signed verifies with stock tools for decades.
    var years: Int? {
        switch self {
        case .root: 35
        case .issuing: 30
        case .signer, .cose, .timestamping: nil
        }
    }

    /// After these months the private key is destroyed and a new one takes over.
    var keyMonths: Int? { isAuthority ? nil : 13 }

    var isAuthority: Bool { self == .root || self == .issuing }

    /// In the order they are written; names are OpenSSL's.
    func extensions(crlURL: String?) -> [(nid: Int32, value: String)] {
        var list: [(nid: Int32, value: String)] = []
        switch self {
        case .root: list.append((NID_basic_constraints, "critical,CA:TRUE"))
        case .issuing: list.append((NID_basic_constraints, "critical,CA:TRUE,pathlen:0"))
        case .signer, .cose, .timestamping: list.append((NID_basic_constraints, "critical,CA:FALSE"))
        }
        list.append((NID_key_usage, keyUsage))
        if let extendedKeyUsage { list.append((NID_ext_key_usage, extendedKeyUsage)) }
        list.append((NID_subject_key_identifier, "hash"))
        if self != .root { list.append((NID_authority_key_identifier, "keyid:always")) }
        if let crlURL { list.append((NID_crl_distribution_points, "URI:\(crlURL)")) }
        return list
    }
}

/// Who a certificate of our hierarchy names: O and CN, and C when the country is known.
struct DistinguishedName {
    var country: String?
    /// At most 64 characters (ub-organization-name).
    var organization: String
    var commonName: String
}

extension DistinguishedName {
    /// Whom a certificate of ours names.
    init(of certificate: borrowing X509Certificate) throws(OpenSSLError) {
        let name = X509_get_subject_name(certificate.raw)
        func text(_ nid: Int32) -> String? {
            let place = X509_NAME_get_index_by_NID(name, nid, -1)
            guard place >= 0, let entry = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)) else { return nil }
            var bytes: UnsafeMutablePointer<UInt8>?
            let count = ASN1_STRING_to_UTF8(&bytes, entry)
            guard count >= 0, let bytes else { return nil }
            defer { gem_OPENSSL_free(bytes) }
            return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
        }
        guard let organization = text(NID_organizationName), let commonName = text(NID_commonName) else {
            throw OpenSSLError("X509_NAME_get_index_by_NID")
        }
        self.init(country: text(NID_countryName), organization: organization, commonName: commonName)
    }
}

extension X509Certificate {
    /// Makes and signs a certificate; without an issuer it signs itself.
    ///
    /// `serial` is 16 random bytes; the top bit is cleared so that the number is positive.
    static func make(
        subject: DistinguishedName, key: borrowing PrivateKey, extensions: [(nid: Int32, value: String)],
        notBefore: Date, notAfter: Date, keyUsedUntil: Date?, serial: [UInt8],
        issuer: borrowing X509Certificate, issuerKey: borrowing PrivateKey
    ) throws(OpenSSLError) -> X509Certificate {
        try make(
            subject: subject, key: key.raw, extensions: extensions, notBefore: notBefore, notAfter: notAfter,
            keyUsedUntil: keyUsedUntil, serial: serial, issuer: issuer.raw, issuerKey: issuerKey.raw)
    }

    static func makeRoot(
        subject: DistinguishedName, key: borrowing PrivateKey, notBefore: Date, notAfter: Date, serial: [UInt8]
    ) throws(OpenSSLError) -> X509Certificate {
        try make(
            subject: subject, key: key.raw, extensions: CertificateProfile.root.extensions(crlURL: nil),
            notBefore: notBefore, notAfter: notAfter, keyUsedUntil: nil, serial: serial, issuer: nil,
            issuerKey: key.raw)
    }

    private static func make(
        subject: DistinguishedName, key: OpaquePointer, extensions: [(nid: Int32, value: String)],
        notBefore: Date, notAfter: Date, keyUsedUntil: Date?, serial: [UInt8],
        issuer: OpaquePointer?, issuerKey: OpaquePointer
    ) throws(OpenSSLError) -> X509Certificate {
        guard let raw = X509_new() else { throw OpenSSLError("X509_new") }
        // Not yet an X509Certificate: that would fill OpenSSL's cache of extensions before there are any.
        var finished = false
        defer { if !finished { X509_free(raw) } }

        guard X509_set_version(raw, 2) == 1 else { throw OpenSSLError("X509_set_version") }
        var positive = serial
        positive[0] = positive[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(positive, Int32(positive.count), nil) else { throw OpenSSLError("BN_bin2bn") }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(raw)) != nil else {
            throw OpenSSLError("BN_to_ASN1_INTEGER")
        }

        let start = try asn1Time(notBefore)
        defer { ASN1_TIME_free(start) }
        let end = try asn1Time(notAfter)
        defer { ASN1_TIME_free(end) }
        guard X509_set1_notBefore(raw, start) == 1, X509_set1_notAfter(raw, end) == 1 else {
            throw OpenSSLError("X509_set1_notAfter")
        }

        let name = X509_get_subject_name(raw)
        if let country = subject.country { try add(NID_countryName, country, to: name) }
        try add(NID_organizationName, subject.organization, to: name)
        try add(NID_commonName, subject.commonName, to: name)
        guard X509_set_issuer_name(raw, issuer.map { X509_get_subject_name($0) } ?? name) == 1,
            X509_set_pubkey(raw, key) == 1
        else { throw OpenSSLError("X509_set_pubkey") }

        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer ?? raw, raw, nil, nil, 0)
        for (nid, value) in extensions {
            guard let made = X509V3_EXT_nconf_nid(nil, &context, nid, value) else {
                throw OpenSSLError("X509V3_EXT_nconf_nid \(value)")
            }
            defer { X509_EXTENSION_free(made) }
            guard X509_add_ext(raw, made, -1) == 1 else { throw OpenSSLError("X509_add_ext") }
        }
        if let keyUsedUntil { try addKeyUsagePeriod(notBefore, keyUsedUntil, to: raw) }

        guard X509_sign(raw, issuerKey, EVP_sha256()) > 0 else { throw OpenSSLError("X509_sign") }
        finished = true
        return X509Certificate(owning: raw)
    }

    private static func add(_ nid: Int32, _ text: String, to name: OpaquePointer?) throws(OpenSSLError) {
        guard X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, Array(text.utf8), Int32(text.utf8.count), -1, 0) == 1
        else { throw OpenSSLError("X509_NAME_add_entry_by_NID \(text)") }
    }

    private static func addKeyUsagePeriod(
        _ start: Date, _ end: Date, to raw: OpaquePointer
    ) throws(OpenSSLError) {
        guard let period = PKEY_USAGE_PERIOD_new() else { throw OpenSSLError("PKEY_USAGE_PERIOD_new") }
        defer { PKEY_USAGE_PERIOD_free(period) }
        period.pointee.notBefore = ASN1_GENERALIZEDTIME_new()
        period.pointee.notAfter = ASN1_GENERALIZEDTIME_new()
        guard ASN1_GENERALIZEDTIME_set_string(period.pointee.notBefore, CivilTime(start).generalizedText) == 1,
            ASN1_GENERALIZEDTIME_set_string(period.pointee.notAfter, CivilTime(end).generalizedText) == 1,
            X509_add1_ext_i2d(raw, NID_private_key_usage_period, period, 0, 0) == 1
        else { throw OpenSSLError("X509_add1_ext_i2d") }
    }
}
