import Dispatch
import Synchronization

/// Where long looks at the whole state run: one thread of low priority, so that neither the event loops nor
/// the cooperative pool wait for a disk, and one backup and one check at a time.
final class Care: TaskExecutor {
    private let queue = DispatchQueue(label: "gemd.care", qos: .utility)
    private let busy = Mutex<Set<String>>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Held while the work runs, until it ends or nobody holds it any more.
    final class Turn: Sendable {
        private let care: Care
        private let work: String
        private let hasEnded = Atomic(false)

        fileprivate init(_ care: Care, _ work: String) {
            self.care = care
            self.work = work
        }

        deinit { end() }

        /// Before the last byte is sent, so that whoever has read it may ask again at once.
        func end() {
            guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
            care.busy.withLock { _ = $0.remove(work) }
        }
    }

    func turn(for work: String) throws -> Turn {
        guard busy.withLock({ $0.insert(work).inserted }) else {
            throw Problem(.state, "another \(work) is running", hint: "wait until it is done")
        }
        return Turn(self, work)
    }
}
