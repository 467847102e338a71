import COpenSSL
import FoundationEssentials
import GemCrypto

/// What is to be known about the certificates inside a signature, whatever was signed with them.
///
/// A pure function of the certificates, the pinned root and the revocation lists; that is why a verifier
/// may keep it for the next signature by the same signer.
struct CertificateChain: Sendable {
    /// Nil when no certificate is the one that the signature names.
    let signer: Signer?
    let trust: Findings.Finding
    let purpose: Findings.Finding
    /// When all certificates of the chain are valid at once; nil when they never are.
    let validity: ClosedRange<Date>?
    /// When the signer's private key may sign.
    let keyPeriod: ClosedRange<Date>?
    /// From the signer up, without the root; empty when there is no chain.
    let revocations: [Revocation]

    /// A key of it may be in other hands: what it signed by itself shows no time.
    var isInOtherHands: Bool { revocations.contains(where: \.isInOtherHands) }

    struct Signer: Sendable {
        let key: PublicKey
        /// DER.
        let certificate: [UInt8]
        /// SHA-256 of it.
        let hash: [UInt8]

        init(key: PublicKey, certificate: [UInt8]) {
            self.key = key
            self.certificate = certificate
            hash = SHA256.hash(certificate)
        }
    }

    /// What the key at its end was used for.
    enum Use: UInt8, Sendable {
        case documents, timestamps, codes
    }

    init(
        certificates: [[UInt8]], signerID: [UInt8], use: Use, root: borrowing X509Certificate, lists: RevocationLists
    ) throws(OpenSSLError) {
        let others = try CertificateStack()
        for der in certificates { try others.push(X509Certificate(der: der)) }
        guard let index = certificates.firstIndex(where: { Self.issuerAndSerial(of: $0) == signerID }) else {
            signer = nil
            trust = .failed("the signer's certificate is not in the signature file")
            purpose = .notChecked("the signer's certificate is missing")
            validity = nil
            keyPeriod = nil
            revocations = []
            return
        }
        let leaf = others[index]
        let key = try leaf.publicKey
        signer = Signer(key: key, certificate: certificates[index])
        purpose =
            switch use {
            case .documents: Self.purpose(of: leaf, key)
            case .timestamps: Self.stampingPurpose(of: leaf)
            case .codes: Self.codePurpose(of: leaf, key)
            }
        keyPeriod = leaf.privateKeyUsagePeriod
        var problem: String?
        let chain = try Self.build(from: leaf, others: others, root: root, &problem)
        validity = Self.commonValidity(chain)
        if let problem {
            trust = .failed(problem)
            revocations = []
        } else if chain.count != others.count + 1 {
            trust = .failed("the signature file carries certificates that do not belong to its chain")
            revocations = []
        } else {
            trust = .met
            revocations = lists.look(up: chain)
        }
    }

    /// An outside time-stamping authority, of which this one certificate was pinned and nothing above it is asked.
    ///
    /// Nil when it is not the one that the token names.
    init?(pinned: [UInt8], signerID: [UInt8]) throws(OpenSSLError) {
        guard Self.issuerAndSerial(of: pinned) == signerID else { return nil }
        let leaf = try X509Certificate(der: pinned)
        signer = Signer(key: try leaf.publicKey, certificate: pinned)
        trust = .met
        purpose = Self.stampingPurpose(of: leaf)
        if let notBefore = leaf.notBefore, let notAfter = leaf.notAfter, notBefore <= notAfter {
            validity = notBefore...notAfter
        } else {
            validity = nil
        }
        keyPeriod = leaf.privateKeyUsagePeriod
        revocations = []
    }

    /// An outside authority's certificates under its own root, which was pinned. What that authority took back is not
    /// asked. Nil when they do not lead there.
    init?(outside certificates: [[UInt8]], signerID: [UInt8], under pinned: [UInt8]) throws(OpenSSLError) {
        let root = try X509Certificate(der: pinned)
        guard root.isAuthority else { return nil }
        let chain = try CertificateChain(
            certificates: certificates.filter { $0 != pinned }, signerID: signerID, use: .timestamps, root: root,
            lists: RevocationLists([]))
        guard chain.trust.isMet else { return nil }
        self.init(withoutRevocations: chain)
    }

    private init(withoutRevocations chain: CertificateChain) {
        signer = chain.signer
        trust = chain.trust
        purpose = chain.purpose
        validity = chain.validity
        keyPeriod = chain.keyPeriod
        revocations = []
    }

    /// Builds the chain to the pinned root and checks its signatures, name by name, and what each CA may do.
    ///
    /// Not its times: those are judged at the time of issue, by `Verifier`.
    private static func build(
        from leaf: borrowing X509Certificate, others: borrowing CertificateStack, root: borrowing X509Certificate,
        _ problem: inout String?
    ) throws(OpenSSLError) -> CertificateStack {
        guard let store = X509_STORE_new() else { throw OpenSSLError("X509_STORE_new") }
        defer { X509_STORE_free(store) }
        guard X509_STORE_add_cert(store, root.raw) == 1 else { throw OpenSSLError("X509_STORE_add_cert") }
        guard let context = X509_STORE_CTX_new() else { throw OpenSSLError("X509_STORE_CTX_new") }
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_CTX_init(context, store, leaf.raw, others.raw) == 1 else {
            throw OpenSSLError("X509_STORE_CTX_init")
        }
        let parameters = X509_STORE_CTX_get0_param(context)
        guard X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_X509_STRICT)) == 1
        else { throw OpenSSLError("X509_VERIFY_PARAM_set_flags") }
        // 112 bits: P-256 and RSA from 2048; SHA-1 and all below is refused.
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        X509_VERIFY_PARAM_set_depth(parameters, 6)

        if X509_verify_cert(context) != 1 { problem = explain(X509_STORE_CTX_get_error(context)) }
        OpenSSLError.clear()
        guard let chain = X509_STORE_CTX_get1_chain(context) else { throw OpenSSLError("X509_STORE_CTX_get1_chain") }
        return CertificateStack(owning: chain)
    }

    private static func explain(_ code: Int32) -> String {
        switch code {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_CERT_SIGNATURE_FAILURE,
            X509_V_ERR_AKID_SKID_MISMATCH:
            return "it was not signed under the council's root key"
        default:
            let text = X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "error \(code)"
            return "the certificates above the signature do not hold: \(text)"
        }
    }

    /// The signer must be made for signing gems' certificates and for nothing else.
    private static func purpose(of leaf: borrowing X509Certificate, _ key: PublicKey) -> Findings.Finding {
        if leaf.isAuthority { return .failed("it was signed with an authority's own certificate") }
        guard key.isP256 else { return .failed("the signing key is not of the kind (P-256) gemd uses") }
        guard leaf.keyUsage == UInt32(X509v3_KU_DIGITAL_SIGNATURE | X509v3_KU_NON_REPUDIATION) else {
            return .failed("the signing key was not made for lasting signatures (non-repudiation)")
        }
        let purposes = [CertificateProfile.documentSigning, CertificateProfile.emailProtection].sorted()
        guard leaf.extendedKeyUsage == purposes else {
            return .failed("the signing key was not made for signing documents")
        }
        return .met
    }

    /// RFC 3161 §2.3: for time stamps and nothing else, and critically so.
    private static func stampingPurpose(of leaf: borrowing X509Certificate) -> Findings.Finding {
        guard !leaf.isAuthority, leaf.extendedKeyUsage == [CertificateProfile.timeStamping],
            leaf.isExtendedKeyUsageCritical
        else { return .failed("the time stamp was made with a key that is not for time stamps alone") }
        let allowed = UInt32(X509v3_KU_DIGITAL_SIGNATURE | X509v3_KU_NON_REPUDIATION)
        guard leaf.keyUsage != 0, leaf.keyUsage & ~allowed == 0 else {
            return .failed("the time stamp was made with a key that is not for signatures")
        }
        return .met
    }

    /// A key for QR codes and status lists, which can never stand in for the one that signs certificates.
    private static func codePurpose(of leaf: borrowing X509Certificate, _ key: PublicKey) -> Findings.Finding {
        guard !leaf.isAuthority, key.isP256, leaf.keyUsage == UInt32(X509v3_KU_DIGITAL_SIGNATURE),
            leaf.extendedKeyUsage == [CertificateProfile.documentSigning]
        else { return .failed("the key was not made for QR codes and status lists") }
        return .met
    }

    private static func commonValidity(_ chain: borrowing CertificateStack) -> ClosedRange<Date>? {
        var start = Date.distantPast
        var end = Date.distantFuture
        for i in 0..<chain.count {
            guard let notBefore = chain[i].notBefore, let notAfter = chain[i].notAfter else { return nil }
            start = max(start, notBefore)
            end = min(end, notAfter)
        }
        return start <= end ? start...end : nil
    }

    /// IssuerAndSerialNumber (RFC 5652 §10.2.4) of a certificate; nil when it is no certificate.
    static func issuerAndSerial(of certificate: [UInt8]) -> [UInt8]? {
        func parse() throws(DERReader.Malformed) -> [UInt8] {
            var file = DERReader(certificate[...])
            var outer = try file.readInside(DERReader.sequence)
            var body = try outer.readInside(DERReader.sequence)
            _ = try body.read(DERReader.context0)
            let serial = try body.readWhole(DERReader.integer)
            _ = try body.read(DERReader.sequence)
            return Array(try body.readWhole(DERReader.sequence) + serial)
        }
        // What is no certificate names nobody.
        return try? parse()
    }
}
