import Testing

@testable import GemModel

/// What may become of a certificate (docs/certificate.md, "Status").
@Suite("The life of a certificate")
struct CertificateLifeTests {
    /// Every change that is possible from each status with some reason, written out by hand.
    static let possible: [(CertificateStatus, [StatusChange])] = [
        (.valid, [.suspend, .withdraw, .supersede, .lost, .stolen, .destroyed]),
        (.suspended, [.reinstate, .withdraw, .supersede, .lost, .stolen, .destroyed]),
        (.superseded, [.withdraw]), (.withdrawn, []), (.destroyed, [.withdraw]),
        (.lost, [.reinstate, .withdraw, .stolen, .destroyed]), (.stolen, [.reinstate, .withdraw, .destroyed]),
    ]

    @Test("only these changes are possible", arguments: possible)
    func table(status: CertificateStatus, changes: [StatusChange]) {
        let found = StatusChange.allCases.filter { change in
            StatusReason.allCases.contains {
                $0.changes.contains(change) && status.refusal(of: change, because: $0) == nil
            }
        }

        #expect(Set(found) == Set(changes))
    }

    @Test("a lost or stolen piece's certificate comes back only when the piece is found")
    func found() {
        for status in [CertificateStatus.lost, .stolen] {
            #expect(status.refusal(of: .reinstate, because: .foundAgain) == nil)
            #expect(status.refusal(of: .reinstate, because: .reExamined)?.contains("found first") == true)
        }
    }

    @Test("an owner's request cannot undo an adverse finding")
    func ownerRequest() {
        for reason in StatusReason.allCases {
            let reinstated = CertificateStatus.suspended.refusal(of: .reinstate, because: .ownerRequest, after: reason)
            let withdrawn = CertificateStatus.suspended.refusal(of: .withdraw, because: .ownerRequest, after: reason)

            #expect((reinstated != nil) == reason.isAdverse && (withdrawn != nil) == reason.isAdverse, "\(reason)")
        }
    }

    @Test("nobody may give a reason that only follows from a record")
    func automatic() {
        for change in StatusChange.allCases {
            let given = StatusReason.given(for: change)

            #expect(given.filter(\.isAutomatic) == [])
            #expect([.lost, .stolen, .destroyed].contains(change) == given.isEmpty)
        }
    }
}
