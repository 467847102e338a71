package import FoundationEssentials
import GemCrypto
package import GemModel

extension Verifier {
    /// Says whether a QR code is the council's own, from its text and the council's keys alone.
    ///
    /// `keys` may come from anywhere: a key counts only under the pinned root. `statement` is `NUMBER.json` where it
    /// is at hand; then the two are compared. A code carries no proof of the log and no status.
    package func verify(
        code text: String, keys: KeySet, now: Date, statement: [UInt8]? = nil, status: CertificateStatus? = nil
    ) -> Verdict {
        var findings = Findings()
        let code: QRText
        do throws(QRText.Malformed) { code = try QRText(parsing: text) } catch {
            findings[.form] =
                error.isDamage ? .undecided(error.reason) : .failed("the QR code is false: \(error.reason)")
            return findings.verdict(nil as CertificateClass?, status: nil)
        }
        let slim = code.cose.statement
        findings[.form] = .met
        // One spelling only: the reader takes no other.
        findings[.canonical] = .met
        if code.number != slim.number {
            findings[.form] = .failed("the address names \(code.number), but what was signed is \(slim.number)")
        }
        findings[.log] = .notChecked("a QR code carries no proof of the public log")
        check(code, keys, now: now, &findings)
        if let statement {
            findings[.attachments] =
                SHA256.hash(statement) == slim.sha256
                ? .met : .failed("the QR code is not that of the certificate with this number")
        } else {
            findings[.attachments] = .notChecked("the whole certificate is not at hand here")
        }
        switch status {
        case nil: findings[.status] = .notChecked("nobody was asked what became of it since")
        case .valid: findings[.status] = .met
        case .some(let status): findings[.status] = .failed("it is \(status) today")
        }
        // The code itself does not carry a check's result, and "genuine" alone would be heard as a match.
        if let statement, findings[.attachments].isMet, let facts = try? StatementLinter.check(statement) {
            return findings.verdict(facts, status: status)
        }
        return findings.verdict(
            slim.number.certificateClass, status: status,
            headline: slim.number.certificateClass == .check
                ? "Genuine council check; whether the stone matched stands in the whole certificate only" : nil)
    }

    private func check(_ code: QRText, _ keys: KeySet, now: Date, _ findings: inout Findings) {
        let rest: [Verdict.Step] = [.signature, .chain, .purpose, .time, .revocation]
        guard let named = keys[code.cose.keyID] else {
            for step in rest { findings[step] = .notChecked("the key that the QR code names is not known here") }
            return
        }
        guard let chain = chain(of: named), let signer = chain.signer, named.isNamed(after: signer.key) else {
            for step in rest { findings[step] = .notChecked("the certificates of the QR code's key cannot be read") }
            return
        }
        findings[.chain] = chain.trust
        findings[.purpose] = chain.purpose
        findings[.signature] =
            code.cose.isSigned(by: signer.key)
            ? .met : .failed("the QR code was changed, or made by somebody else: its signature is false")
        let issuedAt = code.cose.statement.issuedAt
        if let period = chain.keyPeriod, let validity = chain.validity, period ~= issuedAt, validity ~= issuedAt {
            findings[.time] =
                issuedAt > now.addingTimeInterval(300)
                ? .undecided("by this computer's clock it was issued in the future") : .met
        } else {
            findings[.time] = .failed("the QR code's key was not in use on \(CivilTime(issuedAt).dayText)")
        }
        findings[.revocation] = Self.revocation(chain, issuedAt: issuedAt, now: now)
    }

    /// A code has no time but the one it tells: a key that was taken back, whenever, has made nothing that counts.
    private static func revocation(_ chain: CertificateChain, issuedAt: Date, now: Date) -> Findings.Finding {
        guard !chain.revocations.isEmpty else { return .notChecked("there is no chain of certificates to look up") }
        for each in chain.revocations {
            if case .revoked(let day, _) = each.state {
                let reason = "the QR code's key was taken back on \(CivilTime(day).dayText)"
                return day <= issuedAt ? .failed(reason) : .undecided(reason + "; ask for the whole certificate")
            }
        }
        for each in chain.revocations {
            if case .noList = each.state { return .notChecked("no revocation list of the authority was handed in") }
            if now > each.nextUpdate {
                return .notChecked("the revocation list is out of date since \(CivilTime(each.nextUpdate).dayText)")
            }
        }
        return .met
    }
}

extension Verifier {
    /// What a saved or fetched status list says of a certificate, or why it says nothing.
    package struct StatusFinding: Hashable, Sendable {
        package let status: CertificateStatus?
        /// Of the list, whole seconds; nil when it cannot be used.
        package let asOf: Date?
        /// Why the list cannot be used; nil when it can.
        package let problem: String?

        /// Of a QR code alone.
        package static let ofCode = StatusFinding(
            status: nil, asOf: nil, problem: "a QR code does not say its certificate's place in the status list")
    }

    /// `lastSeen` is the issue of the newest list seen before: an older one was set back.
    package func status(
        in list: [UInt8], of statement: [UInt8], keys: KeySet, now: Date, lastSeen: Date? = nil
    ) -> StatusFinding {
        func problem(_ reason: String) -> StatusFinding { StatusFinding(status: nil, asOf: nil, problem: reason) }
        let facts: StatementLinter.Facts
        do { facts = try StatementLinter.check(statement) } catch {
            return problem("there is no readable certificate to look for")
        }
        do throws(StatusList.Malformed) {
            let list = try StatusList(list)
            guard let named = keys[list.keyID], let chain = chain(of: named), let signer = chain.signer,
                named.isNamed(after: signer.key)
            else { return problem("the key of the status list is not known here") }
            guard chain.trust.isMet, chain.purpose.isMet, list.isSigned(by: signer.key) else {
                return problem("the status list is not signed by the council")
            }
            // A stolen key could call everything valid again: a list says nothing once its key was taken back.
            for each in chain.revocations {
                if case .revoked(let day, _) = each.state {
                    return problem("the key of the status list was taken back on \(CivilTime(day).dayText)")
                }
            }
            guard list.issuer == facts.issuerCode, list.address == facts.statusList else {
                return problem("the status list is another one than the certificate names")
            }
            guard let period = chain.keyPeriod, period ~= list.issuedAt else {
                return problem("the status list was signed when its key was not in use")
            }
            guard list.issuedAt <= now.addingTimeInterval(300) else {
                return problem("by this computer's clock the status list is from the future")
            }
            guard now <= list.expiresAt else {
                return problem("the status list has been out of date since \(CivilTime(list.expiresAt).dayText)")
            }
            if let lastSeen, list.issuedAt < lastSeen {
                return problem("the status list is older than one seen before")
            }
            guard let status = try list.status(at: facts.statusIndex) else {
                return problem("the status list ends before the certificate's place")
            }
            return StatusFinding(status: status, asOf: list.issuedAt, problem: nil)
        } catch { return problem(error.reason) }
    }
}
