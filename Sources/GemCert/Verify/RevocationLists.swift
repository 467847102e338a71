import COpenSSL
import FoundationEssentials
import GemCrypto

/// The revocation lists a verifier was given, parsed once.
struct RevocationLists: Sendable {
    /// A box, because an array cannot hold move-only values yet.
    private final class Kept: Sendable {
        let list: RevocationList

        init(_ list: consuming RevocationList) {
            self.list = list
        }
    }

    private let all: [Kept]
    /// Whether any certificate stands on any of them.
    let holdEntries: Bool

    /// Each DER or PEM.
    init(_ lists: [[UInt8]]) throws(OpenSSLError) {
        var all: [Kept] = []
        for bytes in lists { all.append(Kept(try RevocationList(bytes))) }
        holdEntries = all.contains { $0.list.holdsEntries }
        self.all = all
    }

    /// What the newest list of its issuer says about each certificate of a chain but the root.
    func look(up chain: borrowing CertificateStack) -> [Revocation] {
        var answers: [Revocation] = []
        for i in 0..<chain.count - 1 {
            var newest = Revocation(
                isSigner: i == 0, state: .noList, thisUpdate: .distantPast, nextUpdate: .distantPast)
            for kept in all {
                guard let thisUpdate = kept.list.thisUpdate, let nextUpdate = kept.list.nextUpdate,
                    thisUpdate > newest.thisUpdate, kept.list.isSigned(by: chain[i + 1].raw)
                else { continue }
                let entry = kept.list.entry(for: chain[i].raw)
                newest = Revocation(
                    isSigner: i == 0, state: entry.map { .revoked(at: $0.revokedAt, reason: $0.reason) } ?? .good,
                    thisUpdate: thisUpdate, nextUpdate: nextUpdate)
            }
            answers.append(newest)
        }
        return answers
    }
}

/// What the newest list of its issuer says about one certificate.
struct Revocation: Sendable {
    enum State: Sendable {
        case noList
        case good
        case revoked(at: Date, reason: Int)
    }

    /// The signer's own certificate, or one above it.
    let isSigner: Bool
    let state: State
    /// Taken back for a reason that puts the key in other hands, also long before: all but affiliationChanged,
    /// superseded and cessationOfOperation (RFC 5280 §5.3.1).
    var isInOtherHands: Bool {
        if case .revoked(_, let reason) = state { return !(3...5 ~= reason) }
        return false
    }
    /// The list's own days.
    let thisUpdate: Date
    let nextUpdate: Date
}
