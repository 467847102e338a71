import Synchronization

/// Makes each thing once however many ask for it at once, never more than a few things, and lets nobody wait for ever.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Too many are being made, or this one took too long: it is still being made, and is there when asked for again.
    struct Busy: Error {}

    private let running = Mutex<[Key: Task<Value, any Error>]>([:])
    private let most: Int
    private let patience: Duration

    init(most: Int, patience: Duration) {
        self.most = most
        self.patience = patience
    }

    func value(for key: Key, make: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = try running.withLock { tasks in
            if let task = tasks[key] { return task }
            guard tasks.count < most else { throw Busy() }
            let task = Task { [self] in
                // Whoever asks from now on finds what was made.
                defer { running.withLock { $0[key] = nil } }
                return try await make()
            }
            tasks[key] = task
            return task
        }
        // Waiting for a task cannot be given up, reading a stream can.
        let (answers, answer) = AsyncStream<Result<Value, any Error>>.makeStream(bufferingPolicy: .bufferingOldest(1))
        Task { answer.yield(await task.result) }
        let alarm = Task { [patience] in
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            answer.yield(.failure(Busy()))
        }
        defer { alarm.cancel() }
        for await result in answers { return try result.get() }
        throw CancellationError()
    }
}
