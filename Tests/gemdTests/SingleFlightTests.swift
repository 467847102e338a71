import Synchronization
import Testing

@testable import gemd

/// Papers are made once however many ask for them, and nobody waits for ever (Sources/gemd/SingleFlight.swift).
@Suite("One at a time") struct SingleFlightTests {
    /// Something whose making the test holds up.
    final class Gate: Sendable {
        private let (opened, open) = AsyncStream<Void>.makeStream()
        private let (begun, begin) = AsyncStream<Void>.makeStream()
        let made = Mutex(0)

        func make() async -> Int {
            begin.yield()
            for await _ in opened { break }
            return made.withLock {
                $0 += 1
                return $0
            }
        }

        func hasBegun() async { for await _ in begun { return } }
        func letThrough() { open.finish() }
    }

    @Test("many who ask for one thing at once get the same, made once")
    func once() async throws {
        let flight = SingleFlight<String, Int>(most: 4, patience: .seconds(600))
        let gate = Gate()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await flight.value(for: "a") { await gate.make() } }
            await gate.hasBegun()
            for _ in 0..<20 { group.addTask { try await flight.value(for: "a") { await gate.make() } } }
            gate.letThrough()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        // Who came after it was made may have begun it anew; nobody made it beside the first.
        #expect(answers.count == 21 && answers.contains(1))
        #expect(Set(answers).count == gate.made.withLock { $0 })
    }

    @Test("more than the bound are refused at once, and served when there is room")
    func full() async throws {
        let flight = SingleFlight<String, Int>(most: 1, patience: .seconds(600))
        let gate = Gate()
        async let first = flight.value(for: "a") { await gate.make() }
        await gate.hasBegun()
        await #expect(throws: SingleFlight<String, Int>.Busy.self) { try await flight.value(for: "b") { 2 } }
        gate.letThrough()
        #expect(try await first == 1)
        #expect(try await flight.value(for: "b") { 2 } == 2)
    }

    @Test("who waits too long is told so; the thing is made all the same, and who asks again gets it")
    func patience() async throws {
        let flight = SingleFlight<String, Int>(most: 1, patience: .zero)
        let gate = Gate()
        await #expect(throws: SingleFlight<String, Int>.Busy.self) {
            try await flight.value(for: "a") { await gate.make() }
        }
        await gate.hasBegun()
        gate.letThrough()
        // It ends by itself; until then whoever asks is told to wait, never a second one is begun.
        while (try? await flight.value(for: "b") { 7 }) == nil { await Task.yield() }
        #expect(gate.made.withLock { $0 } == 1)
    }

    @Test("a failure reaches everybody who waits, and is not kept")
    func failure() async throws {
        struct Broken: Error {}
        let flight = SingleFlight<String, Int>(most: 2, patience: .seconds(600))
        await #expect(throws: Broken.self) { try await flight.value(for: "a") { throw Broken() } }
        #expect(try await flight.value(for: "a") { 1 } == 1)
    }
}
