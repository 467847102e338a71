package import FoundationEssentials
import GemCrypto
import GemModel

/// The next keys of a council: signer, QR codes and status lists, time stamps; made by whoever holds the issuing key.
///
/// Certificates as at the first ceremony, under the same names and as long as the issuing authority's; the private keys
/// are used for another 13 months. What was signed with the old ones holds: their certificates stay in the signatures,
/// and the old keys of QR codes stay in the set that everybody has.
package struct KeyRenewal: Sendable {
    /// For everybody: certificates, and the set of keys with the old ones behind the new.
    package let publicFiles: [Ceremony.File]
    /// For the daemon alone, mode 0600.
    package let secretFiles: [Ceremony.File]
    package let fingerprints: [Ceremony.Fingerprint]
    package let keysUsedUntil: Date

    package enum Refusal: Error, Hashable {
        case notTheIssuingKey
        /// A new hierarchy is due, not new keys.
        case issuingHasEnded
        case keySet
        /// A certificate that is to be taken back is another authority's.
        case notByTheIssuingAuthority
    }

    /// The names of the three, as their files have them.
    package static let names = ["signer", "cose", "tsa"]

    /// PEM all; `certificates` are the present ones, by name; `keySet` is `keys.json`.
    package init(
        certificates: [String: [UInt8]], issuing issuingPEM: [UInt8], issuingKey: borrowing PrivateKey, keySet: [UInt8],
        publicURL: String, passphrase: String?, now: Date
    ) throws {
        let issuing = try X509Certificate(pem: issuingPEM)
        guard try issuingKey.publicKey.subjectPublicKeyInfo == issuing.publicKey.subjectPublicKeyInfo else {
            throw Refusal.notTheIssuingKey
        }
        guard let end = issuing.notAfter, now < end else { throw Refusal.issuingHasEnded }
        guard let set = try? JSON(parsing: keySet), let old = set["keys"]?.elements else { throw Refusal.keySet }
        let month = CivilTime(now).adding(months: CertificateProfile.signer.keyMonths ?? 13).date
        keysUsedUntil = min(month, end)
        var publicFiles: [Ceremony.File] = []
        var secretFiles: [Ceremony.File] = []
        var fingerprints: [Ceremony.Fingerprint] = []
        for (name, profile) in zip(Self.names, [CertificateProfile.signer, .cose, .timestamping]) {
            let subject = try DistinguishedName(of: X509Certificate(pem: certificates[name] ?? []))
            let key = try PrivateKey(generating: .p256)
            let certificate = try X509Certificate.make(
                subject: subject, key: key, extensions: profile.extensions(crlURL: "\(publicURL)/pki/issuing.crl"),
                notBefore: now, notAfter: end, keyUsedUntil: keysUsedUntil, serial: randomBytes(16), issuer: issuing,
                issuerKey: issuingKey)
            publicFiles.append(.init(name: "\(name).pem", bytes: try certificate.pem))
            secretFiles.append(.init(name: "\(name).key", bytes: try key.pem(passphrase: passphrase)))
            fingerprints.append(.init(name: name, text: try certificate.fingerprint))
            if profile == .cose {
                let fresh = try Ceremony.keySet(certificate: certificate, issuing: issuing)["keys"]?.elements ?? []
                publicFiles.append(
                    .init(name: "keys.json", bytes: try set.setting("keys", to: .array(fresh + old)).canonical()))
            }
        }
        self.publicFiles = publicFiles
        self.secretFiles = secretFiles
        self.fingerprints = fingerprints
    }

    /// The issuing authority's next revocation list (DER) with these certificates (PEM) on it: their keys may be in other
    /// hands (RFC 5280 §5.3.1, keyCompromise). What stood on the list stays, with the day it has.
    ///
    /// Lists tell whole seconds, and a certificate the thousandth in which it was issued. So the second that begins next is
    /// told, and is the list's own: whatever was signed until now was signed before it, in the time of the list before.
    package static func takingBack(
        _ certificates: [[UInt8]], list: [UInt8], issuing issuingPEM: [UInt8], issuingKey: borrowing PrivateKey,
        now: Date
    ) throws -> [UInt8] {
        let issuing = try X509Certificate(pem: issuingPEM)
        guard try issuingKey.publicKey.subjectPublicKeyInfo == issuing.publicKey.subjectPublicKeyInfo else {
            throw Refusal.notTheIssuingKey
        }
        let second = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        let old = try RevocationList(list)
        var entries = try old.entries
        for pem in certificates {
            let certificate = try X509Certificate(pem: pem)
            guard certificate.isIssued(by: issuing), let serial = certificate.serialNumber else {
                throw Refusal.notByTheIssuingAuthority
            }
            guard !entries.contains(where: { $0.serialNumber == serial }) else { continue }
            entries.append(.init(serialNumber: serial, revokedAt: second.addingTimeInterval(1), reason: 1))
        }
        return try Ceremony.renewedIssuingCRL(
            issuing: issuingPEM, issuingKey: issuingKey, revoked: entries,
            now: max(second, old.thisUpdate ?? second).addingTimeInterval(1))
    }

    /// When the private key of a certificate (PEM) may sign.
    package static func keyPeriod(of certificate: [UInt8]) throws -> ClosedRange<Date> {
        guard let period = try X509Certificate(pem: certificate).privateKeyUsagePeriod else {
            throw Issuer.Refusal.certificateWithoutKeyPeriod
        }
        return period
    }
}
