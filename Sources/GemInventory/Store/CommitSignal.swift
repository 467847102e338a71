import Synchronization

/// Tells whoever waits that something was committed; what, they read for themselves.
///
/// Nothing is queued for anybody: a reader that is slow or gone holds one entry here and nothing else.
package final class CommitSignal: Sendable {
    private struct State {
        var count: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// How many batches were committed since the start. Read it before looking, then wait after it: nothing is missed.
    package var count: UInt64 { state.withLock { $0.count } }

    func announce() {
        let waiting = state.withLock { state in
            state.count += 1
            guard !state.waiting.isEmpty else { return [UInt64: CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [:] }
            return state.waiting
        }
        for waiter in waiting.values { waiter.resume() }
    }

    /// Returns at the first commit after the `seen`-th, or when the task is cancelled.
    package func wait(after seen: UInt64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let mayGoOn = state.withLock { state in
                    // A cancellation that came before this found nobody to wake.
                    guard state.count == seen, !Task.isCancelled else { return true }
                    state.waiting[id] = waiter
                    return false
                }
                if mayGoOn { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }
}
