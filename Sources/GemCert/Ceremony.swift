package import FoundationEssentials
package import GemCrypto
package import GemModel

/// The key ceremony: all that `gemd init` needs, as bytes. Writing them to disk is the caller's.
///
/// Root (35 years) → issuing CA (30 years) → signer, QR and time-stamping keys, all P-256, and the
/// Ed25519 key of the log. The root key comes out apart, under its own passphrase; nothing but the
/// next ceremony needs it.
package struct Ceremony: Sendable {
    /// What is asked of a ceremony.
    package struct Request: Sendable {
        /// The issuer code of certificate numbers.
        package var code: String
        /// At most 64 characters, the bound X.509 sets.
        package var name: String
        /// ISO 3166-1 alpha-2.
        package var country: String?
        /// `https://HOST`, without a path: the base of the revocation lists' addresses and of the log's name.
        package var publicURL: String
        /// Of the keys the daemon uses; nil leaves them plain.
        package var passphrase: String?
        package var rootPassphrase: String
        package var now: Date

        package init(
            code: String, name: String, country: String?, publicURL: String, passphrase: String?,
            rootPassphrase: String, now: Date
        ) {
            self.code = code
            self.name = name
            self.country = country
            self.publicURL = publicURL
            self.passphrase = passphrase
            self.rootPassphrase = rootPassphrase
            self.now = now
        }
    }

    package enum Refusal: Error, Hashable {
        case issuerCode(String)
        case nameLength(Int)
        case country(String)
        case publicURL(String)
    }

    package struct File: Hashable, Sendable {
        package let name: String
        package let bytes: [UInt8]
    }

    package struct Fingerprint: Hashable, Sendable {
        package let name: String
        package let text: String
    }

    /// For everybody, `DIR/pki`.
    package let publicFiles: [File]
    /// For the daemon alone, `DIR/keys`, mode 0600.
    package let secretFiles: [File]
    /// For the safe: PKCS#8 PEM under the root passphrase.
    package let rootKey: [UInt8]
    /// SHA-256 of each certificate and the log's verifier key, to be printed and compared by eye.
    package let fingerprints: [Fingerprint]
    /// The log's name, which never changes.
    package let origin: String

    package init(_ request: Request) throws {
        let host = try Self.host(of: request.publicURL)
        guard CertificateNumber.isIssuerCode(request.code) else { throw Refusal.issuerCode(request.code) }
        guard 1...64 ~= request.name.unicodeScalars.count else { throw Refusal.nameLength(request.name.count) }
        if let country = request.country, country.wholeMatch(of: /[A-Z]{2}/) == nil { throw Refusal.country(country) }
        func subject(_ profile: CertificateProfile) -> DistinguishedName {
            DistinguishedName(
                country: request.country, organization: request.name,
                commonName: "\(request.code) \(profile.commonName)")
        }
        let now = CivilTime(request.now)
        func end(_ profile: CertificateProfile) -> Date {
            now.adding(months: 12 * (profile.years ?? CertificateProfile.issuing.years!)).date
        }
        let rootCRL = "\(request.publicURL)/pki/root.crl"
        let issuingCRL = "\(request.publicURL)/pki/issuing.crl"

        let rootKey = try PrivateKey(generating: .p256)
        let root = try X509Certificate.makeRoot(
            subject: subject(.root), key: rootKey, notBefore: request.now, notAfter: end(.root),
            serial: randomBytes(16))
        let issuingKey = try PrivateKey(generating: .p256)
        let issuing = try X509Certificate.make(
            subject: subject(.issuing), key: issuingKey,
            extensions: CertificateProfile.issuing.extensions(crlURL: rootCRL), notBefore: request.now,
            notAfter: end(.issuing), keyUsedUntil: nil, serial: randomBytes(16), issuer: root, issuerKey: rootKey)

        var publicFiles = [
            File(name: "root.pem", bytes: try root.pem),
            File(name: "issuing.pem", bytes: try issuing.pem),
        ]
        var secretFiles = [File(name: "issuing.key", bytes: try issuingKey.pem(passphrase: request.passphrase))]
        var fingerprints = [
            Fingerprint(name: "root", text: try root.fingerprint),
            Fingerprint(name: "issuing", text: try issuing.fingerprint),
        ]
        var keySet = JSON.null
        for (name, profile) in [("signer", CertificateProfile.signer), ("cose", .cose), ("tsa", .timestamping)] {
            let key = try PrivateKey(generating: .p256)
            let certificate = try X509Certificate.make(
                subject: subject(profile), key: key, extensions: profile.extensions(crlURL: issuingCRL),
                notBefore: request.now, notAfter: end(profile),
                keyUsedUntil: now.adding(months: profile.keyMonths!).date, serial: randomBytes(16), issuer: issuing,
                issuerKey: issuingKey)
            publicFiles.append(File(name: "\(name).pem", bytes: try certificate.pem))
            secretFiles.append(File(name: "\(name).key", bytes: try key.pem(passphrase: request.passphrase)))
            fingerprints.append(Fingerprint(name: name, text: try certificate.fingerprint))
            if profile == .cose { keySet = try Self.keySet(certificate: certificate, issuing: issuing) }
        }

        let logKey = try PrivateKey(generating: .ed25519)
        origin = "\(host)/log"
        let noteKey = try NoteKey(name: origin, publicKey: logKey.publicKey)
        let verifierKey = noteKey.text
        publicFiles += try Self.logFiles([noteKey], keySet: keySet)
        secretFiles.append(File(name: "log.key", bytes: try logKey.pem(passphrase: request.passphrase)))
        fingerprints.append(Fingerprint(name: "log", text: verifierKey))

        let rootList = try RevocationList.make(
            issuer: root, key: rootKey, revoked: [], thisUpdate: request.now,
            nextUpdate: now.adding(months: Self.rootCRLMonths).date)
        let issuingList = try RevocationList.make(
            issuer: issuing, key: issuingKey, revoked: [], thisUpdate: request.now,
            nextUpdate: request.now.addingTimeInterval(Self.issuingCRLSeconds))
        publicFiles.append(File(name: "root.crl", bytes: try rootList.der))
        publicFiles.append(File(name: "issuing.crl", bytes: try issuingList.der))
        publicFiles.append(
            File(name: "root-and-crls.pem", bytes: try root.pem + rootList.pem + issuingList.pem))

        self.publicFiles = publicFiles
        self.secretFiles = secretFiles
        self.rootKey = try rootKey.pem(passphrase: request.rootPassphrase)
        self.fingerprints = fingerprints
    }

    static let rootCRLMonths = 13
    static let issuingCRLSeconds: Double = 30 * 86_400

    /// A fresh key that only this state's daemon uses, PKCS#8 PEM as all keys of `DIR/keys`.
    package static func personalKey(passphrase: String?) throws(OpenSSLError) -> [UInt8] {
        try PrivateKey(generating: .ed25519).pem(passphrase: passphrase)
    }

    /// The secret that stands for it: an Ed25519 signature is always the same for the same text (RFC 8032 §5.1.6),
    /// and nobody else can make it.
    package static func personalSecret(of pem: [UInt8], passphrase: String?) throws(OpenSSLError) -> [UInt8] {
        SHA256.hash(try PrivateKey(pem: pem, passphrase: passphrase).sign(Array("gemd personal data, key 1".utf8)))
    }

    /// A passphrase with 150 bits, in six groups that a hand can copy: `7QXKD-0M2PW-…`.
    package static func freshPassphrase(random: (Int) -> [UInt8] = randomBytes) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let characters = random(30).map { alphabet[Int($0 & 31)] }
        return stride(from: 0, to: 30, by: 5).map { String(characters[$0..<$0 + 5]) }.joined(separator: "-")
    }

    private static func host(of publicURL: String) throws(Refusal) -> String {
        // Strict, because the address goes into certificates and its host names the log for its whole life.
        guard let match = publicURL.wholeMatch(of: /https:\/\/([a-z0-9][a-z0-9.\-]{0,252}(:[0-9]{1,5})?)/) else {
            throw Refusal.publicURL(publicURL)
        }
        return String(match.1)
    }

    /// The set of `keys.json` (RFC 7517): the keys of the QR codes. `kid` is the first 8 bytes of the
    /// SHA-256 of the public key's DER.
    static func keySet(
        certificate: borrowing X509Certificate, issuing: borrowing X509Certificate
    ) throws -> JSON {
        let key = try certificate.publicKey
        let point = try key.p256Point
        let kid = SHA256.hash(try key.subjectPublicKeyInfo).prefix(8)
        func seconds(_ date: Date?) -> JSON { .integer(Int(date!.timeIntervalSince1970)) }
        return JSON.object([
            "keys": .array([
                .object([
                    "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
                    "kid": .string(Base64.encodeURL(kid)),
                    "x": .string(Base64.encodeURL(point.prefix(32))),
                    "y": .string(Base64.encodeURL(point.suffix(32))),
                    "nbf": seconds(certificate.notBefore), "exp": seconds(certificate.notAfter),
                    "x5c": .array([
                        .string(Base64.encode(try certificate.der)), .string(Base64.encode(try issuing.der)),
                    ]),
                ])
            ])
        ])
    }
}

extension Ceremony {
    /// `log.vkey` and `keys.json` when these logs' keys are to be known, the present log's last. `keySet` is what
    /// `keys.json` held.
    package static func logFiles(_ keys: [NoteKey], keySet: JSON) throws -> [File] {
        let logs = keys.map { JSON.object(["origin": .string($0.name), "vkey": .string($0.text)]) }
        return [
            File(name: "log.vkey", bytes: Array(keys.map { $0.text + "\n" }.joined().utf8)),
            File(name: "keys.json", bytes: try keySet.setting("logs", to: .array(logs)).canonical()),
        ]
    }

    /// A key for a log that begins after a gap.
    package static func makeLogKey(passphrase: String?) throws(OpenSSLError) -> [UInt8] {
        try PrivateKey(generating: .ed25519).pem(passphrase: passphrase)
    }

    /// The weekly renewal: a fresh list of the issuing CA, good for 30 days, as DER.
    package static func renewedIssuingCRL(
        issuing: [UInt8], issuingKey: borrowing PrivateKey, revoked: [RevocationList.Entry], now: Date
    ) throws(OpenSSLError) -> [UInt8] {
        try RevocationList.make(
            issuer: X509Certificate(pem: issuing), key: issuingKey, revoked: revoked, thisUpdate: now,
            nextUpdate: now.addingTimeInterval(issuingCRLSeconds)
        ).der
    }

    /// When a revocation list was made; nil when it cannot be read.
    package static func start(ofList bytes: [UInt8]) -> Date? {
        guard let list = try? RevocationList(bytes) else { return nil }  // as below
        return list.thisUpdate
    }

    /// When a revocation list has to be replaced by a newer one; nil when it cannot be read.
    package static func end(ofList bytes: [UInt8]) -> Date? {
        // What cannot be read has no end to warn of; starting refuses it with words.
        guard let list = try? RevocationList(bytes) else { return nil }
        return list.nextUpdate
    }

    /// The files of `DIR/pki` that change with the issuing authority's list (DER).
    package static func files(
        ofList issuingCRL: [UInt8], root: [UInt8], rootCRL: [UInt8]
    ) throws(OpenSSLError) -> [File] {
        [
            File(name: "issuing.crl", bytes: issuingCRL),
            File(
                name: "root-and-crls.pem", bytes: try rootAndCRLs(root: root, rootCRL: rootCRL, issuingCRL: issuingCRL)),
        ]
    }

    /// The file a buyer hands to `openssl cms -verify -crl_check_all -CAfile`: root and lists, as PEM.
    package static func rootAndCRLs(
        root: [UInt8], rootCRL: [UInt8], issuingCRL: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        try X509Certificate(pem: root).pem + RevocationList(rootCRL).pem + RevocationList(issuingCRL).pem
    }
}
