package import FoundationEssentials
import GemCrypto
import GemModel

/// The seal itself: the signing key with its certificates, parsed once and used from any thread.
///
/// Immutable after init, and each signature works on structures of its own; hence Sendable without a lock.
package final class Issuer: Sendable {
    private let key: PrivateKey
    private let signer: CMS.Signer
    /// When the key may sign. After it a new key takes over.
    package let keyPeriod: ClosedRange<Date>

    package enum Refusal: Error, Hashable {
        case keyDoesNotFitCertificate
        case certificateWithoutKeyPeriod
        /// Outside the key's 13 months.
        case outsideKeyPeriod(ClosedRange<Date>)
        case statement(StatementLinter.Finding)
        /// An examination or a check, without its people's approvals being asked.
        case needsApprovals
        /// What is wrong with the approvals, in words.
        case approvals(String)
        /// A declaration or a copy carries no time stamp.
        case needsNoTimestamp
        /// What is wrong with an outside authority's token, in words.
        case timestamp(String)
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
        signer = try CMS.Signer(certificate: certificate, chain: [issuing.der])
        self.key = key
        keyPeriod = period
    }

    /// Lints a statement's bytes and signs them: the bytes of `NUMBER.json.p7s`.
    package func sign(_ statement: [UInt8]) throws -> [UInt8] {
        do { return try sign(StatementLinter.Linted(statement)) } catch let finding as StatementLinter.Finding {
            throw Refusal.statement(finding)
        }
    }

    /// Signs a declaration or a copy that the linter has passed.
    ///
    /// The time is the statement's own `issuedAt`, cut to the second; so signing again after a crash says
    /// the same.
    package func sign(_ statement: StatementLinter.Linted) throws -> [UInt8] {
        guard !statement.facts.certificateClass.needsApprovals else { throw Refusal.needsApprovals }
        return try signed(statement)
    }

    /// Signs an examination or a check with the council's own time stamp.
    ///
    /// `owner` is the code of the party whose piece it is; none of its people may have had a part.
    package func sign(
        _ statement: StatementLinter.Linted, approvedBy ring: EnrolmentRing, owner: String,
        stampedBy authority: TimestampAuthority, now: Date
    ) throws -> [UInt8] {
        // Asked first: signing needs no second thought after it.
        guard authority.keyPeriod ~= now else {
            throw TimestampAuthority.Refusal.outsideKeyPeriod(authority.keyPeriod)
        }
        let unstamped = try sign(statement, approvedBy: ring, owner: owner)
        return try CMS.stamping(
            unstamped.signature, with: authority.token(over: unstamped.imprint, now: now))
    }

    /// The same as far as the signature, for an outside authority to stamp.
    package func sign(
        _ statement: StatementLinter.Linted, approvedBy ring: EnrolmentRing, owner: String
    ) throws -> Unstamped {
        let facts = statement.facts
        guard facts.certificateClass.needsTimestamp else { throw Refusal.needsNoTimestamp }
        do throws(ApprovalRule.Broken) {
            // Out of the very bytes that are signed below, whatever a database says about them.
            let rule = try ApprovalRule(statement.bytes, facts.certificateClass)
            try rule.check(against: ring, owner: owner, at: facts.issuedAt)
        } catch { throw Refusal.approvals(error.reason) }
        let signature = try signed(statement)
        return Unstamped(
            signature: signature, value: try DetachedSignature(signature).signature, facts: facts)
    }

    /// The bytes of a paper outside its hole.
    func signed(paper: [UInt8]) throws -> [UInt8] {
        try signer.sign(paper, at: nil, with: key)
    }

    private func signed(_ statement: StatementLinter.Linted) throws -> [UInt8] {
        guard keyPeriod ~= statement.facts.issuedAt else { throw Refusal.outsideKeyPeriod(keyPeriod) }
        return try signer.sign(statement.bytes, at: statement.facts.issuedAt, with: key)
    }
}

extension Issuer {
    /// A signature that waits for its time stamp. Nobody is handed it as it is: a verifier takes it for stripped.
    package struct Unstamped: Sendable {
        fileprivate let signature: [UInt8]
        /// The signature value, whose hash is stamped.
        package let value: [UInt8]
        private let facts: StatementLinter.Facts

        fileprivate init(signature: [UInt8], value: [UInt8], facts: StatementLinter.Facts) {
            self.signature = signature
            self.value = value
            self.facts = facts
        }

        /// SHA-256 of the signature value: what is stamped.
        package var imprint: [UInt8] { SHA256.hash(value) }

        /// With an outside authority's token, checked as a verifier will check it. Only the certificate (PEM) that
        /// the operator pinned may have made it.
        package func stamped(with token: [UInt8], pinned: [UInt8], now: Date) throws -> [UInt8] {
            let read: TimestampToken
            do throws(TimestampToken.Malformed) { read = try TimestampToken(token) } catch {
                throw Refusal.timestamp("the time stamp cannot be used: \(error.reason)")
            }
            guard
                let chain = try CertificateChain(
                    pinned: X509Certificate(pem: pinned).der, signerID: read.signerID)
            else { throw Refusal.timestamp("the time stamp is not by the authority that was configured") }
            if let problem = read.problem(stamping: value, chain: chain) {
                throw Refusal.timestamp(problem)
            }
            guard read.time >= facts.issuedAt.addingTimeInterval(-60),
                read.time <= now.addingTimeInterval(60)
            else {
                throw Refusal.timestamp(
                    "the time stamp says \(CivilTime(read.time).text), and the clock here \(CivilTime(now).text)"
                )
            }
            return try CMS.stamping(signature, with: token)
        }
    }
}
