package import GemModel

/// What a verifier found, in words a jeweller understands: the same on the terminal, in the protocol and on the page.
package struct Verdict: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        case genuine
        /// Genuine when issued, but withdrawn, suspended, superseded, lost, stolen or destroyed since.
        case cancelled
        case notGenuine
        case cannotTell
    }

    /// The questions, in the order they are asked and shown.
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case form, canonical, signature, chain, purpose, time, revocation, log, status, attachments
    }

    package enum Result: Hashable, Sendable {
        case met
        case failed(String)
        case notChecked(String)
    }

    package struct Answer: Hashable, Sendable {
        package let step: Step
        package let result: Result
    }

    package let outcome: Outcome
    /// Only of a certificate that is, or was, genuine: of any other it is a mere claim.
    package let certificateClass: CertificateClass?
    package let headline: String
    /// One for each step, in order.
    package let steps: [Answer]

    package subscript(step: Step) -> Result {
        // Every verdict answers every step.
        steps.first { $0.step == step }!.result
    }

    /// The value of `POST /v1/verify` and of `gemctl verify -o json`.
    package var json: JSON {
        .object([
            "verdict": .string(outcome.rawValue),
            "class": certificateClass.map { .string($0.rawValue) },
            "headline": .string(headline),
            "steps": .array(
                steps.map { answer in
                    switch answer.result {
                    case .met: .object(["name": .string(answer.step.rawValue), "result": "met"])
                    case .failed(let reason):
                        .object([
                            "name": .string(answer.step.rawValue), "result": "failed", "reason": .string(reason),
                        ])
                    case .notChecked(let reason):
                        .object([
                            "name": .string(answer.step.rawValue), "result": "notChecked", "reason": .string(reason),
                        ])
                    }
                }),
        ])
    }
}

/// The steps' findings as they come in, and what they add up to.
struct Findings {
    /// `undecided` fails its step, but for want of evidence: it makes the verdict "cannot tell", not "not genuine".
    enum Finding {
        case met
        case failed(String)
        case undecided(String)
        case notChecked(String)

        var isMet: Bool { if case .met = self { true } else { false } }
    }

    /// Of a paper: what is printed around a proven certificate may be anybody's.
    var isPrintUnproven = false
    private var found: [Verdict.Step: Finding] = [:]

    subscript(step: Verdict.Step) -> Finding {
        get { found[step] ?? .notChecked("nothing to check it with") }
        set { found[step] = newValue }
    }

    /// Without these there is no saying that a certificate is genuine.
    private static let indispensable: [Verdict.Step] = [.form, .canonical, .signature, .chain, .purpose, .time]

    func verdict(_ facts: StatementLinter.Facts?, status: CertificateStatus?) -> Verdict {
        // What a buyer must hear first of a check is its result.
        verdict(
            facts?.certificateClass, status: status,
            headline: facts?.isMismatch == true
                ? "Genuine check: this stone does not match the earlier record" : nil)
    }

    /// `headline` in place of the class's own.
    func verdict(
        _ certificateClass: CertificateClass?, status: CertificateStatus?, headline: String? = nil
    ) -> Verdict {
        let steps = Verdict.Step.allCases.map { Verdict.Answer(step: $0, result: result(self[$0])) }
        func verdict(_ outcome: Verdict.Outcome, _ headline: String) -> Verdict {
            let isOrWasGenuine = outcome == .genuine || outcome == .cancelled
            return Verdict(
                outcome: outcome, certificateClass: isOrWasGenuine ? certificateClass : nil, headline: headline,
                steps: steps)
        }
        if let reason = firstFailure { return verdict(.notGenuine, "Not genuine: \(reason)") }
        if let reason = firstDoubt { return verdict(.cannotTell, "Cannot tell: \(reason)") }
        guard let certificateClass else { return verdict(.cannotTell, "Cannot tell: there is no certificate to check") }
        let unproven = isPrintUnproven ? "; not proven is the print around the certificate" : ""
        let headline = (headline ?? certificateClass.headline) + unproven
        switch status {
        case nil: return verdict(.genuine, "\(headline); current status not checked")
        case .valid: return verdict(.genuine, headline)
        case .withdrawn: return verdict(.cancelled, "Cancelled: issued by this council, but withdrawn since")
        case .suspended: return verdict(.cancelled, "Cancelled for now: this certificate is suspended")
        case .superseded: return verdict(.cancelled, "Cancelled: a newer certificate has taken this one's place")
        case .lost: return verdict(.cancelled, "Cancelled: this piece was reported lost")
        case .stolen: return verdict(.cancelled, "Cancelled: this piece was reported stolen")
        case .destroyed: return verdict(.cancelled, "Cancelled: the piece described no longer exists")
        }
    }

    /// A changed file usually fails several steps; that it was changed is what the reader needs to hear.
    private var firstFailure: String? {
        let order = [.signature] + Verdict.Step.allCases.filter { $0 != .signature && $0 != .status }
        return order.lazy.compactMap { if case .failed(let reason) = self[$0] { reason } else { nil } }.first
    }

    private var firstDoubt: String? {
        for step in Verdict.Step.allCases {
            switch self[step] {
            case .undecided(let reason): return reason
            case .notChecked(let reason) where Self.indispensable.contains(step): return reason
            default: continue
            }
        }
        return nil
    }

    private func result(_ finding: Finding) -> Verdict.Result {
        switch finding {
        case .met: .met
        case .failed(let reason), .undecided(let reason): .failed(reason)
        case .notChecked(let reason): .notChecked(reason)
        }
    }
}
