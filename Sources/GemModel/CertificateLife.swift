/// What may become of a certificate after it was issued. Each is a kind of entry in the public log.
public enum StatusChange: String, Hashable, Sendable, CaseIterable {
    case suspend, reinstate, withdraw, supersede, lost, stolen, destroyed

    /// As a party's events and messages say it: `certificate-suspended`.
    public var participle: String {
        switch self {
        case .suspend: "suspended"
        case .reinstate: "reinstated"
        case .withdraw: "withdrawn"
        case .supersede: "superseded"
        case .lost, .stolen, .destroyed: rawValue
        }
    }

    /// Where it leads; a piece that is found again may lead back to a suspension.
    package var status: CertificateStatus {
        switch self {
        case .suspend: .suspended
        case .reinstate: .valid
        case .withdraw: .withdrawn
        case .supersede: .superseded
        case .lost: .lost
        case .stolen: .stolen
        case .destroyed: .destroyed
        }
    }
}

/// Why a certificate's status changed (domain §1.7).
public enum StatusReason: String, Term {
    case administrativeError = "administrative_error"
    case identityChanged = "identity_changed"
    case treatmentFound = "treatment_found"
    case recutRepolished = "recut_repolished"
    case reExamined = "re_examined"
    case lostDocument = "lost_document"
    case fraudSuspected = "fraud_suspected"
    case fraudConfirmed = "fraud_confirmed"
    case keyCompromise = "key_compromise"
    /// Never to hide an adverse finding.
    case ownerRequest = "owner_request"
    // What follows by itself from what is recorded of the piece; nobody writes these.
    case measuresChanged = "measures_changed"
    case divided
    case reportedLost = "reported_lost"
    case reportedStolen = "reported_stolen"
    case reportedDestroyed = "reported_destroyed"
    case foundAgain = "found_again"
    case checkMismatch = "check_mismatch"
    case reissued

    /// Whether it follows from another record, so that nobody may give it.
    public var isAutomatic: Bool {
        switch self {
        case .measuresChanged, .divided, .reportedLost, .reportedStolen, .reportedDestroyed, .foundAgain,
            .checkMismatch, .reissued:
            true
        default: false
        }
    }

    /// Found out about the stone or its papers, against its owner's interest.
    public var isAdverse: Bool {
        [.identityChanged, .treatmentFound, .fraudSuspected, .fraudConfirmed, .checkMismatch].contains(self)
    }

    /// What an approver may give it for.
    public var changes: Set<StatusChange> {
        switch self {
        case .administrativeError: [.suspend, .reinstate, .withdraw, .supersede]
        case .identityChanged, .treatmentFound: [.suspend, .withdraw, .supersede]
        case .recutRepolished: [.suspend, .withdraw, .supersede]
        case .reExamined: [.reinstate, .supersede]
        case .lostDocument: [.supersede]
        case .fraudSuspected: [.suspend]
        case .fraudConfirmed: [.withdraw]
        case .keyCompromise: [.suspend, .withdraw, .supersede]
        case .ownerRequest: [.suspend, .reinstate, .withdraw]
        case .measuresChanged, .divided, .checkMismatch: [.suspend]
        case .reportedLost: [.lost]
        case .reportedStolen: [.stolen]
        case .reportedDestroyed: [.destroyed]
        case .foundAgain: [.reinstate]
        case .reissued: [.supersede]
        }
    }

    /// The codes that may be given by hand for a change.
    public static func given(for change: StatusChange) -> [StatusReason] {
        allCases.filter { !$0.isAutomatic && $0.changes.contains(change) }
    }
}

extension CertificateStatus {
    /// Why a change is not possible from here; nil when it is.
    ///
    /// Withdrawn is final. What was superseded or destroyed may only be withdrawn. As long as a piece is lost or
    /// stolen that stands before all else, and only its being found ends it. `before` is why the present status
    /// was reached.
    package func refusal(
        of change: StatusChange, because reason: StatusReason, after before: StatusReason? = nil
    ) -> String? {
        if change == .withdraw {
            if self == .withdrawn { return "it was withdrawn already" }
        } else {
            switch (self, change) {
            case (.withdrawn, _): return "it was withdrawn, which is final"
            case (.superseded, _): return "another certificate has taken its place"
            case (.destroyed, _): return "the piece that it describes no longer exists"
            case (.lost, .reinstate), (.stolen, .reinstate):
                if reason != .foundAgain { return "the piece was reported \(self); its owner reports it found first" }
            case (.lost, .stolen), (.lost, .destroyed), (.stolen, .destroyed): break
            case (.lost, _), (.stolen, _): return "the piece was reported \(self)"
            case (.valid, .reinstate): return "it is valid"
            case (.suspended, .suspend): return "it is suspended already"
            case (.suspended, .reinstate), (.valid, _), (.suspended, _): break
            }
        }
        if reason == .ownerRequest, self == .suspended, let before, before.isAdverse {
            return "it was suspended for \(before.rawValue); an owner's request cannot undo that"
        }
        return nil
    }
}
