import GemInventory
import GemModel
import ServiceLifecycle

/// What happens by itself: lapsed holds are released when their time comes, old keys forgotten once a day.
struct Housekeeping: Service {
    let inventory: Inventory

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var forgotten = Timestamp(microseconds: 0)
            while !Task.isCancelled {
                let now = inventory.time
                var next: Timestamp?
                // A full disk now is no reason to stop; the next round tries again.
                do {
                    if now.microseconds - forgotten.microseconds > 86_400_000_000 {
                        try await inventory.forgetOldKeys()
                        forgotten = now
                    }
                    next = try await inventory.releaseLapsedHolds()
                } catch InventoryError.diskFull {}
                // At most a minute, since a new hold may end before all known ones.
                let wait = min(60_000_000, max(0, (next?.microseconds ?? .max) - now.microseconds))
                // Cancelled by the shutdown, which is the way out.
                try? await Task.sleep(for: .microseconds(wait))
            }
        }
    }
}
