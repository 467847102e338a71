import GemCert
import GemInventory
import GemModel
import Logging
import ServiceLifecycle

/// Finishes reports that have their number but no time stamp, because the outside authority went away in between.
struct Finishing: Service {
    let issuing: Issuing
    let logger: Logger
    /// Until it is time to look again; ends when it is cancelled.
    var pause: @Sendable () async -> Void = {
        // Cancelled by the shutdown, which is the way out.
        try? await Task.sleep(for: .seconds(60))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await pause()
                guard !Task.isCancelled else { return }
                do { try await issuing.finishWaiting(logger) } catch {
                    logger.warning("certificates wait for their time stamp", metadata: ["reason": "\(error)"])
                }
            }
        }
    }
}
