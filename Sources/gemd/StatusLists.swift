import Dispatch
import Foundation
import GemCert
import GemInventory
import GemModel
import Synchronization

/// The signed status list as it is handed out: made when it is asked for and something changed or an hour passed.
///
/// So it says what is true at the moment it is fetched, and costs nothing while nobody asks. The times that it tells
/// never go backwards, whatever the clock does.
final class StatusLists: Sendable {
    private struct Kept {
        var list: [UInt8]
        var statuses: [Int: CertificateStatus]
        var issuedAt: Date
    }

    private let inventory: Inventory
    private let seal: Seal
    private let issuer: String
    private let address: String
    private let kept = Mutex<Kept?>(nil)
    /// Packing a list of millions of places takes some tens of milliseconds: not for an event loop.
    private let queue = DispatchQueue(label: "gemd.status")

    init(inventory: Inventory, seal: Seal, issuer: String, publicURL: String) {
        self.inventory = inventory
        self.seal = seal
        self.issuer = issuer
        address = Self.address(publicURL: publicURL)
    }

    /// As statements name it.
    static func address(publicURL: String) -> String { "\(publicURL)/status/1" }

    func current() async throws -> [UInt8] {
        let statuses = try await inventory.statuses()
        let now = Date(timeIntervalSince1970: (Double(inventory.time.microseconds) / 1e6).rounded(.down))
        if let fresh = fresh(statuses, now) { return fresh }
        guard let signing = seal.signing else {
            throw Problem(
                .unavailable, "this gemd has no signing keys, so it cannot say how certificates stand",
                hint: "put the keys back into DIR/keys and restart", retryAfterSeconds: nil)
        }
        return try await withCheckedThrowingContinuation { done in
            queue.async {
                done.resume(
                    with: Result {
                        // Another may have made it while this one waited.
                        if let fresh = self.fresh(statuses, now) { return fresh }
                        let last = self.kept.withLock { $0?.issuedAt }
                        let time = max(now, last ?? now)
                        let list = try StatusList.sign(
                            statuses, address: self.address, issuer: self.issuer, at: time, with: signing.codeKey)
                        self.kept.withLock { $0 = Kept(list: list, statuses: statuses, issuedAt: time) }
                        return list
                    })
            }
        }
    }

    private func fresh(_ statuses: [Int: CertificateStatus], _ now: Date) -> [UInt8]? {
        kept.withLock { kept in
            guard let kept, kept.statuses == statuses,
                now.timeIntervalSince(kept.issuedAt) < Double(StatusList.freshFor)
            else { return nil }
            return kept.list
        }
    }
}
