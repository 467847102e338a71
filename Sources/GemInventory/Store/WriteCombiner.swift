import Dispatch
import Synchronization

/// Group commit: writers that wait together share one transaction.
///
/// A disk sync costs as much as many inserts. While one transaction commits, new
/// writers queue; the next transaction takes all of them, each in its own savepoint,
/// and all are answered after the one commit.
package final class WriteCombiner: Sendable {
    /// One waiting writer. `run` executes in a savepoint, undone if it throws; `settle` is
    /// called once: after the commit (nil), or with what `run` or the commit threw.
    package struct Job: Sendable {
        var run: @Sendable (any Transaction) throws -> Void
        var settle: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isCommitting = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "gemd.writer", qos: .userInitiated)
    /// Runs a batch in one durable transaction and settles every job.
    private let commit: @Sendable ([Job]) -> Void
    /// More would make the first of a batch wait long for the last.
    private let largestBatch = 256
    let commits = CommitSignal()

    init(commit: @escaping @Sendable ([Job]) -> Void) { self.commit = commit }

    func submit(_ job: Job) {
        let mustStart = state.withLock { state in
            state.waiting.append(job)
            defer { state.isCommitting = true }
            return !state.isCommitting
        }
        if mustStart { queue.async { self.drain() } }
    }

    private func drain() {
        while true {
            let batch = state.withLock { state in
                let batch = Array(state.waiting.prefix(largestBatch))
                state.waiting.removeFirst(batch.count)
                if batch.isEmpty { state.isCommitting = false }
                return batch
            }
            if batch.isEmpty { return }
            commit(batch)
            commits.announce()
        }
    }
}
