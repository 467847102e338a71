import GemInventory
import ServiceLifecycle

/// Once a day: what may be forgotten is forgotten.
struct Housekeeping: Service {
    let inventory: Inventory

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // A full disk now is no reason to stop; tomorrow is another day.
                do { try await inventory.forgetOldKeys() } catch InventoryError.diskFull {}
                // Cancelled by the shutdown, which is the way out.
                try? await Task.sleep(for: .seconds(86_400))
            }
        }
    }
}
