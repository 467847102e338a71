import Foundation
import GemCert
import Logging
import ServiceLifecycle

/// Signs the issuing authority's revocation list anew each week, and says each day what must soon be done with keys.
struct ListRenewal: Service {
    let seal: Seal
    let state: StateDirectory
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var warned: Date?
            while !Task.isCancelled {
                let now = Date()
                // A disk that is full now may have room in an hour; the list is good for weeks yet.
                do {
                    if try seal.renew(state, now: now) { logger.notice("the revocation list was signed anew") }
                } catch { logger.error("the revocation list could not be renewed", metadata: ["reason": "\(error)"]) }
                if warned.map({ now.timeIntervalSince($0) >= 86_400 }) ?? true {
                    warned = now
                    for warning in seal.warnings(at: now) { logger.warning("\(warning)") }
                }
                // Cancelled by the shutdown, which is the way out.
                try? await Task.sleep(for: .seconds(3600))
            }
        }
    }
}
