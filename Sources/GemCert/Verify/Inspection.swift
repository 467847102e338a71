import FoundationEssentials
import GemCrypto
import GemModel

/// One certificate under the verifier's loupe: the steps, and what each leaves behind for the next.
struct Inspection {
    let artefacts: Verifier.Artefacts
    let now: Date
    private(set) var findings = Findings()
    /// Nil while the JSON cannot be read as a statement.
    private(set) var facts: StatementLinter.Facts?
    private var signature: DetachedSignature?
    private var chain: CertificateChain?
    private var token: TimestampToken?
    private var stampChain: CertificateChain?
    /// Why the time stamp says nothing.
    private var stampProblem: String?

    init(artefacts: Verifier.Artefacts, now: Date) {
        self.artefacts = artefacts
        self.now = now
    }

    private var isLogged: Bool { findings[.log].isMet }

    // MARK: form, canonical

    mutating func readStatement() {
        guard let bytes = artefacts.json else {
            findings[.form] = .notChecked("the certificate (.json) was not handed in")
            findings[.canonical] = .notChecked("the certificate (.json) was not handed in")
            return
        }
        guard bytes.count <= Statement.longest, bytes.first == UInt8(ascii: "{") else {
            findings[.form] = .failed("this is no gemd certificate: it is empty, too long or of another kind")
            findings[.canonical] = .notChecked("this is no gemd certificate")
            return
        }
        findings[.form] = .met
        do {
            let json = try StatementLinter.read(bytes)
            findings[.canonical] = .met
            let facts = try StatementLinter.check(json)
            self.facts = facts
            try checkApprovals(json, facts)
        } catch let broken as ApprovalRule.Broken {
            findings[.form] = .failed("the approvals in this certificate do not hold: \(broken.reason)")
        } catch {
            if findings[.canonical].isMet {
                findings[.form] = .failed("this is no well-formed certificate: \(error)")
            } else {
                findings[.canonical] = .failed("the certificate was not written by gemd: \(error)")
            }
        }
    }

    /// That each person named approved these words, with a key of their own. That the keys are theirs is what the
    /// issuer vouches for.
    private func checkApprovals(_ json: JSON, _ facts: StatementLinter.Facts) throws(ApprovalRule
        .Broken)
    {
        guard facts.certificateClass.needsApprovals else { return }
        _ = try ApprovalRule(json, facts.certificateClass)
    }

    mutating func readSignature() {
        guard let bytes = artefacts.signature else {
            leaveOut("the signature file (.p7s) was not handed in")
            return
        }
        do throws(DetachedSignature.Malformed) {
            let read = try DetachedSignature(bytes)
            if let facts, (read.timestamp != nil) != facts.needsTimestamp {
                throw DetachedSignature.Malformed(
                    reason: facts.needsTimestamp
                        ? "its time stamp was taken away"
                        : "it has a time stamp, which \(facts.certificateClass.article) never has")
            }
            do throws(TimestampToken.Malformed) { token = try read.timestamp.map(TimestampToken.init) } catch {
                throw DetachedSignature.Malformed(reason: "its time stamp cannot be used: \(error.reason)")
            }
            signature = read
        } catch {
            findings[.form] = .failed("the signature file cannot be used: \(error.reason)")
            leaveOut("the signature file cannot be used")
        }
    }

    private mutating func leaveOut(_ reason: String) {
        for step in [Verdict.Step.signature, .chain, .purpose, .time, .revocation] {
            findings[step] = .notChecked(reason)
        }
    }

    // MARK: signature, chain, purpose

    mutating func checkSignature(_ chainOf: (DetachedSignature) throws(OpenSSLError) -> CertificateChain) {
        guard let signature else { return }
        let chain: CertificateChain
        do {
            chain = try chainOf(signature)
        } catch {
            findings[.chain] = .failed("the certificates in the signature file cannot be read")
            findings[.signature] = .notChecked("there is no key to check it with")
            findings[.purpose] = .notChecked("the certificates in the signature file cannot be read")
            return
        }
        self.chain = chain
        findings[.chain] = chain.trust
        findings[.purpose] = chain.purpose
        guard let json = artefacts.json else {
            findings[.signature] = .notChecked("the certificate (.json) was not handed in")
            return
        }
        guard let signer = chain.signer else {
            findings[.signature] = .notChecked("there is no key to check it with")
            return
        }
        if signature.messageDigest != SHA256.hash(json) {
            findings[.signature] = .failed(
                "this file was changed after signing: its contents are not those that were signed")
        } else if !signer.key.verifies(signature.signature, of: signature.signedAttributes) {
            findings[.signature] = .failed("the signature is false: the key it names did not make it")
        } else if signature.signerHash != signer.hash {
            findings[.signature] = .failed("the signer's certificate was exchanged after signing")
        } else {
            findings[.signature] = .met
        }
    }

    // MARK: time stamp

    mutating func checkTimestamp(_ chainOf: (TimestampToken) throws(OpenSSLError) -> CertificateChain) {
        guard let signature, let token else { return }
        do {
            let chain = try chainOf(token)
            stampChain = chain
            stampProblem = token.problem(stamping: signature.signature, chain: chain)
        } catch { stampProblem = "the certificates in the time stamp cannot be read" }
    }

    /// When the signature was there, by its time stamp; nil without one that holds.
    private var stampedAt: Date? { stampProblem == nil ? token?.time : nil }

    // MARK: log

    mutating func checkLog(_ keys: [NoteKey]) {
        guard let bytes = artefacts.proof else {
            findings[.log] = .notChecked("the log proof (.tlog-proof) was not handed in")
            return
        }
        guard !keys.isEmpty else {
            findings[.log] = .notChecked("the key of the council's log is not known here")
            return
        }
        guard let facts, let json = artefacts.json else {
            findings[.log] = .notChecked("there is no readable certificate to look for")
            return
        }
        if let problem = Self.problem(bytes, keys, facts, json) {
            findings[.log] = .failed(problem)
        } else {
            findings[.log] = .met
        }
    }

    private static func problem(
        _ bytes: [UInt8], _ keys: [NoteKey], _ facts: StatementLinter.Facts, _ json: [UInt8]
    ) -> String? {
        let proof: TlogProof
        let checkpoint: Checkpoint
        do throws(TlogProof.Malformed) {
            proof = try TlogProof(parsing: bytes)
        } catch {
            return "the log proof is damaged: \(error.reason)"
        }
        do throws(Checkpoint.Refusal) {
            checkpoint = try Checkpoint(note: proof.checkpoint, verifiedByOneOf: keys)
        } catch {
            switch error {
            case .malformed(let reason): return "the log proof is damaged: \(reason)"
            case .unknownKey: return "the log proof is not signed by the council's log"
            case .badSignature: return "the log's signature in the proof is false"
            case .otherOrigin(let origin): return "the log proof is of another log, \(origin)"
            }
        }
        guard checkpoint.origin == facts.logOrigin else {
            return "the certificate names another log, \(facts.logOrigin)"
        }
        guard proof.index < checkpoint.size else { return "the log proof points past the end of the log" }
        let entry = LogEntry(at: facts.issuedAt, kind: .issue, serial: facts.number.serial, sha256: SHA256.hash(json))
        guard
            Merkle.verifiesInclusion(
                leafHash: entry.leafHash, index: proof.index, size: checkpoint.size, proof: proof.hashes,
                root: checkpoint.root)
        else { return "the log proof does not lead to this certificate" }
        return nil
    }

    // MARK: time

    /// Judged at the time of issue, not today: a certificate stays good when its signer's key has retired.
    mutating func checkTime() {
        guard let signature, let chain, let facts else {
            if signature != nil { findings[.time] = .notChecked("the time of issue cannot be read") }
            return
        }
        let issuedAt = facts.issuedAt
        func inUse(_ period: ClosedRange<Date>, _ validity: ClosedRange<Date>) -> String {
            "the signing key was in use from \(day(max(period.lowerBound, validity.lowerBound))) "
                + "to \(day(min(period.upperBound, validity.upperBound)))"
        }
        guard let validity = chain.validity else {
            findings[.time] = .failed("the certificates of the signing key were never valid together")
            return
        }
        guard let keyPeriod = chain.keyPeriod else {
            findings[.time] = .failed("the signing certificate does not say how long its key may be used")
            return
        }
        if let stampProblem {
            findings[.time] = .failed(stampProblem)
        } else if !(validity ~= issuedAt) {
            findings[.time] = .failed(
                "it says that it was issued on \(day(issuedAt)), but the signing certificate was valid "
                    + "from \(day(validity.lowerBound)) to \(day(validity.upperBound))")
        } else if !(keyPeriod ~= issuedAt && signature.signingTime.map { keyPeriod ~= $0 } ?? false) {
            findings[.time] = .failed(
                "it says that it was issued on \(day(issuedAt)), but \(inUse(keyPeriod, validity))")
        } else if signature.signingTime?.timeIntervalSince1970 != issuedAt.timeIntervalSince1970.rounded(.down) {
            findings[.time] = .failed("the certificate and its signature give different times of issue")
        } else if let stampedAt, stampedAt < issuedAt.addingTimeInterval(-Self.stampTolerance) {
            findings[.time] = .failed("its time stamp is older than the certificate says it is itself")
        } else if let stampedAt, !(validity ~= stampedAt && keyPeriod ~= stampedAt) {
            findings[.time] = .failed(
                "it was time-stamped on \(day(stampedAt)), but \(inUse(keyPeriod, validity))")
        } else if max(issuedAt, stampedAt ?? issuedAt) > now.addingTimeInterval(Self.clockTolerance) {
            findings[.time] = .undecided(
                "it says that it was issued on \(day(issuedAt)), which by this computer's clock is still to come")
        } else if now > validity.upperBound && !isLogged && !(stampChain?.validity.map { $0 ~= now } ?? false) {
            findings[.time] = .undecided(
                "the signing certificate ended on \(day(validity.upperBound)); only the log proof can show "
                    + "that this was signed before")
        } else {
            findings[.time] = .met
        }
    }

    /// For clocks that are a little slow.
    private static let clockTolerance: Double = 300
    /// A time stamp is cut to the second, and an outside authority's clock is another.
    private static let stampTolerance: Double = 60

    // MARK: revocation

    mutating func checkRevocation() {
        guard let chain, let facts else {
            if signature != nil { findings[.revocation] = .notChecked("the time of issue cannot be read") }
            return
        }
        guard !chain.revocations.isEmpty else {
            findings[.revocation] = .notChecked("there is no chain of certificates to look up")
            return
        }
        findings[.revocation] = .met
        // A certificate taken back is the worst that a list can say, so those are looked for first.
        for each in chain.revocations {
            guard case .revoked(let day, _) = each.state else { continue }
            let whose = each.isSigner ? "signing certificate" : "issuing authority's certificate"
            if day <= stampedAt ?? facts.issuedAt {
                findings[.revocation] = .failed(
                    "the \(whose) was taken back on \(self.day(day)), before this was "
                        + (stampedAt == nil ? "issued" : "time-stamped"))
                return
            }
            if !isLogged && stampedAt == nil {
                findings[.revocation] = .undecided(
                    "the \(whose) was taken back on \(self.day(day)); only the log proof can show that this "
                        + "was signed before")
                return
            }
        }
        guard !stampIsRevoked() else { return }
        for each in chain.revocations + (stampChain?.revocations ?? []) {
            switch each.state {
            case .revoked: continue
            case .noList:
                findings[.revocation] = .notChecked("no revocation list of the authority was handed in")
                return
            // A list that was good at the time of the stamp tells what is asked.
            case .good where (stampedAt ?? now) > each.nextUpdate:
                findings[.revocation] = .notChecked(
                    "the revocation list is out of date since \(day(each.nextUpdate))")
                return
            case .good: continue
            }
        }
    }

    /// RFC 3161 §4: a lost key makes all its stamps doubtful, also earlier ones; the log can speak for those.
    private mutating func stampIsRevoked() -> Bool {
        guard let stampedAt else { return false }
        for each in stampChain?.revocations ?? [] {
            guard case .revoked(let day, _) = each.state else { continue }
            let whose = each.isSigner ? "time-stamping certificate" : "issuing authority's certificate"
            if day <= stampedAt {
                findings[.revocation] = .failed(
                    "the \(whose) was taken back on \(self.day(day)), before it stamped this")
                return true
            }
            if each.isInOtherHands && !isLogged {
                findings[.revocation] = .undecided(
                    "the \(whose) was taken back on \(self.day(day)); only the log proof can show that this "
                        + "was signed before")
                return true
            }
        }
        return false
    }

    // MARK: status, attachments

    mutating func note(_ status: CertificateStatus?) {
        switch status {
        case nil: findings[.status] = .notChecked("nobody was asked what became of it since")
        case .valid: findings[.status] = .met
        case .some(let status): findings[.status] = .failed("it is \(status) today")
        }
        if artefacts.pdf == nil {
            findings[.attachments] = .notChecked("there is no PDF whose attachments could be compared")
        }
    }

    // MARK: paper

    /// That the paper around the attachments is the issuer's own, whole and of its time.
    mutating func checkPaper(
        _ paper: Result<SignedPDFReader, SignedPDFReader.Malformed>,
        _ chainOf: (DetachedSignature) throws(OpenSSLError) -> CertificateChain,
        _ stampChainOf: (TimestampToken) throws(OpenSSLError) -> CertificateChain
    ) {
        switch paper {
        case .failure(let malformed): findings[.attachments] = .failed(malformed.reason)
        case .success(let reader):
            do {
                findings[.attachments] = try judge(reader, chainOf, stampChainOf)
                if case .notChecked = findings[.attachments] { findings.isPrintUnproven = true }
            } catch let malformed as DetachedSignature.Malformed {
                findings[.attachments] = .failed("the paper's signature cannot be used: \(malformed.reason)")
            } catch let malformed as TimestampToken.Malformed {
                findings[.attachments] = .failed("the paper's time stamp cannot be used: \(malformed.reason)")
            } catch {
                findings[.attachments] = .failed("the certificates in the paper's signature cannot be read")
            }
        }
    }

    private func judge(
        _ reader: SignedPDFReader, _ chainOf: (DetachedSignature) throws(OpenSSLError) -> CertificateChain,
        _ stampChainOf: (TimestampToken) throws(OpenSSLError) -> CertificateChain
    ) throws -> Findings.Finding {
        let signature = try DetachedSignature(reader.paperSignature, inPaper: true)
        let chain = try chainOf(signature)
        for finding in [chain.trust, chain.purpose] {
            if case .failed(let reason) = finding { return .failed("of the paper itself: \(reason)") }
        }
        guard let signer = chain.signer, signature.messageDigest == SHA256.hash(reader.signed) else {
            return .failed("this PDF was changed after signing")
        }
        guard signer.key.verifies(signature.signature, of: signature.signedAttributes),
            signature.signerHash == signer.hash
        else { return .failed("the paper's signature is false: the key it names did not make it") }
        guard let facts else { return .met }
        guard (signature.timestamp != nil) == facts.needsTimestamp else {
            return .failed(
                facts.needsTimestamp
                    ? "the paper's time stamp was taken away"
                    : "the paper has a time stamp, which \(facts.certificateClass.article) never has")
        }
        var time = reader.signedAt
        var stampChain: CertificateChain?
        if let bytes = signature.timestamp {
            let token = try TimestampToken(bytes)
            let chain = try stampChainOf(token)
            if let problem = token.problem(stamping: signature.signature, chain: chain) { return .failed(problem) }
            time = token.time
            for each in chain.revocations {
                if case .revoked(let date, _) = each.state, date <= time {
                    return .failed("the paper's time stamp was made with a key that was taken back on \(day(date))")
                }
            }
            stampChain = chain
        }
        guard let validity = chain.validity, let period = chain.keyPeriod, validity ~= time, period ~= time else {
            return .failed("the paper was signed on \(day(time)), when its signing key was not in use")
        }
        guard time >= facts.issuedAt.addingTimeInterval(-Self.stampTolerance) else {
            return .failed("the paper says that it was signed on \(day(time)), which cannot be")
        }
        for each in chain.revocations {
            guard case .revoked(let date, _) = each.state else { continue }
            if date <= time {
                return .failed(
                    "the paper's signing certificate was taken back on \(day(date)), before the paper was signed")
            }
            // A thief writes any day into a paper; only a stamp with a key that nobody stole shows that it is older.
            if each.isInOtherHands && stampChain?.isInOtherHands ?? true {
                return .notChecked(
                    "the paper's signing certificate was taken back on \(day(date)), so only the certificate inside is "
                        + "proven, not the print around it: compare the two")
            }
        }
        guard time <= now.addingTimeInterval(Self.clockTolerance) else {
            return .undecided("by this computer's clock the paper was signed in the future")
        }
        return .met
    }

    private func day(_ date: Date) -> String { CivilTime(date).dayText }
}

extension CertificateClass {
    /// As it stands in a sentence.
    fileprivate var article: String {
        switch self {
        case .declaration: "a declaration"
        case .examination: "an examination"
        case .check: "a check"
        case .external: "a copy of another's report"
        }
    }
}
