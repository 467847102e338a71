package import FoundationEssentials
import GemCrypto

/// The seal itself: the signing key with its certificates, parsed once and used from any thread.
///
/// Immutable after init, and each signature works on structures of its own; hence Sendable without a lock.
package final class Issuer: Sendable {
    private let key: PrivateKey
    private let certificate: X509Certificate
    private let issuing: X509Certificate
    private let chain: CertificateStack
    /// When the key may sign. After it a new key takes over.
    package let keyPeriod: ClosedRange<Date>

    package enum Refusal: Error, Hashable {
        case keyDoesNotFitCertificate
        case certificateWithoutKeyPeriod
        /// Outside the key's 13 months.
        case outsideKeyPeriod(ClosedRange<Date>)
        case statement(StatementLinter.Finding)
    }

    /// All PEM; the key may be under a passphrase.
    package init(
        key keyPEM: [UInt8], passphrase: String?, certificate certificatePEM: [UInt8], issuing issuingPEM: [UInt8]
    ) throws {
        let key = try PrivateKey(pem: keyPEM, passphrase: passphrase)
        let certificate = try X509Certificate(pem: certificatePEM)
        let issuing = try X509Certificate(pem: issuingPEM)
        guard try key.publicKey.subjectPublicKeyInfo == certificate.publicKey.subjectPublicKeyInfo else {
            throw Refusal.keyDoesNotFitCertificate
        }
        guard let period = certificate.privateKeyUsagePeriod else { throw Refusal.certificateWithoutKeyPeriod }
        let chain = try CertificateStack()
        try chain.push(issuing)
        self.key = key
        self.certificate = certificate
        self.issuing = issuing
        self.chain = chain
        keyPeriod = period
    }

    /// Lints a statement's bytes and signs them: the bytes of `NUMBER.json.p7s`.
    package func sign(_ statement: [UInt8]) throws -> [UInt8] {
        do { return try sign(StatementLinter.Linted(statement)) } catch let finding as StatementLinter.Finding {
            throw Refusal.statement(finding)
        }
    }

    /// Signs bytes that the linter has passed.
    ///
    /// The time is the statement's own `issuedAt`, cut to the second; so signing again after a crash says
    /// the same.
    package func sign(_ statement: StatementLinter.Linted) throws -> [UInt8] {
        guard keyPeriod ~= statement.facts.issuedAt else { throw Refusal.outsideKeyPeriod(keyPeriod) }
        return try CMS.sign(
            statement.bytes, at: statement.facts.issuedAt, key: key, certificate: certificate, chain: chain)
    }
}
