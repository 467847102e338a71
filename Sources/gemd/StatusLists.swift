import Dispatch
import Foundation
import GemCert
import GemInventory
import GemModel
import Synchronization

/// The signed status list as it is handed out: made when it is asked for and something changed or an hour passed.
///
/// So it says what is true at the moment it is fetched, and costs nothing while nobody asks. The times that it tells
/// never go backwards, whatever the clock does and also after a restart: a verifier refuses a list older than one it saw.
final class StatusLists: Sendable {
    private struct Kept {
        var list: [UInt8]
        /// Of the changes that are in it; nil when one was under way.
        var version: Int?
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
        let now = Date(timeIntervalSince1970: (Double(inventory.time.microseconds) / 1e6).rounded(.down))
        // Before the look, so that what is committed meanwhile is looked at again by the next who asks.
        let version = inventory.unlogged.version
        if let fresh = fresh(version, now) { return fresh }
        guard let signing = seal.signing else {
            throw Problem(
                .unavailable, "this gemd has no signing keys, so it cannot say how certificates stand",
                hint: "put the keys back into DIR/keys and restart", retryAfterSeconds: nil)
        }
        let time = try await time(notBefore: now, signing)
        let statuses = try await inventory.statuses()
        return try await withCheckedThrowingContinuation { done in
            queue.async {
                done.resume(
                    with: Result {
                        // Another may have made it while this one waited.
                        if let fresh = self.fresh(version, now) { return fresh }
                        let last = self.kept.withLock { $0?.issuedAt } ?? time
                        let issuedAt = max(time, last)
                        let list = try StatusList.sign(
                            statuses, address: self.address, issuer: self.issuer, at: issuedAt, with: signing.codeKey)
                        self.kept.withLock { $0 = Kept(list: list, version: version, issuedAt: issuedAt) }
                        return list
                    })
            }
        }
    }

    private static let setting = "status-list-issued"

    /// The list's time: now, or when the clock was set back the last one told. Stored before it is told.
    private func time(notBefore now: Date, _ signing: Seal.Signing) async throws -> Date {
        let stored = try await inventory.setting(Self.setting).flatMap { Int($0) }
        let last = max(
            stored.map { Date(timeIntervalSince1970: Double($0)) } ?? .distantPast,
            kept.withLock { $0?.issuedAt } ?? .distantPast)
        var time = max(now, last)
        // A time that lies more than a list's life ahead was the clock's mistake, and no verifier with a right clock
        // believed it; unless it is now that the clock is wrong, as after a dead battery.
        if last.timeIntervalSince(now) > StatusList.lifetime, signing.codePeriod ~= now { time = now }
        guard signing.codePeriod ~= time else {
            throw Problem(
                .unavailable, "today lies outside the 13 months of the key that signs the status list",
                hint: "check this machine's clock; if it is right, make new keys: stop gemd, then `gemd keys renew`",
                retryAfterSeconds: nil)
        }
        if Int(time.timeIntervalSince1970) != stored {
            do {
                try await inventory.set(Self.setting, to: "\(Int(time.timeIntervalSince1970))")
            } catch InventoryError.diskFull {
                // That a certificate was withdrawn must be known also then; only a clock set back could make a later
                // list look older, and that one would be refused, not believed.
            }
        }
        return time
    }

    private func fresh(_ version: Int?, _ now: Date) -> [UInt8]? {
        kept.withLock { kept in
            guard let kept, let version, kept.version == version,
                now.timeIntervalSince(kept.issuedAt) < Double(StatusList.freshFor)
            else { return nil }
            return kept.list
        }
    }
}
