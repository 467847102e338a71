/// What kind of statement a certificate is, and so what it may say (docs/certificate.md, §0).
///
/// The class stands in the number, in the headline of every verdict and on the paper;
/// a dealer's own words must never look like a laboratory's.
package enum CertificateClass: String, Hashable, Sendable, CaseIterable {
    /// The dealer for its own piece: weight, size, photographs, the species claimed, known treatments.
    case declaration
    /// A laboratory: two examiners and an approver, all different people.
    case examination
    /// The council: this piece compared with an earlier record on a date.
    case check
    /// A copy of the fields of another laboratory's report.
    case external

    /// The letter in the number.
    package var letter: Character {
        switch self {
        case .declaration: "D"
        case .examination: "E"
        case .check: "C"
        case .external: "X"
        }
    }

    package init?(letter: Character) {
        guard let match = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
        self = match
    }

    /// The class as it is called at the head of a verdict and on the paper.
    package var headline: String {
        switch self {
        case .declaration: "Authentic dealer declaration: no laboratory examined this stone"
        case .examination: "Genuine laboratory report"
        case .check: "Genuine check: this stone was compared with an earlier record"
        case .external: "Authentic copy of another laboratory's report: only that laboratory vouches for it"
        }
    }

    /// Whether the signed bytes must carry an RFC 3161 token: where the issuer's own people vouch for what they saw.
    package var needsTimestamp: Bool { self == .examination || self == .check }

    /// Whether people must have signed the draft with their own keys before it is issued.
    package var needsApprovals: Bool { self == .examination || self == .check }
}

/// What became of a certificate since it was issued; the raw value is its four bits in the status list.
package enum CertificateStatus: UInt8, Hashable, Sendable, CaseIterable {
    case valid = 0
    case withdrawn = 1
    case suspended = 2
    case superseded = 3
    case lost = 0x0C
    case stolen = 0x0D
    /// Destroyed or recut away: the piece described no longer exists.
    case destroyed = 0x0E
}
