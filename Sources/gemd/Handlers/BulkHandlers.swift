import Foundation
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Many pieces in one request: a line in, a line out (protocol.md, "Bulk").
enum BulkHandlers {
    private static let longestLine = 64 << 10

    @Sendable static func register(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["party", "dryRun"])
        guard call.request.headers[Call.idempotencyKey] == nil else {
            throw Problem(
                .badRequest, "a bulk request takes no Idempotency-Key", hint: "give each line its stock number or id")
        }
        try call.requireType(["application/x-ndjson"])
        let party = try await daemon.party(for: call.caller, named: query["party"])
        let isDryRun = query["dryRun"] == "true"
        guard [nil, "true", "false"].contains(query["dryRun"]) else {
            throw Page.invalid("dryRun", query["dryRun"] ?? "", "true or false")
        }
        let spool = AnswerSpool(directory: daemon.inventory.blobs.directory + "/tmp")
        let inUrdu = call.wantsUrdu
        let body = ResponseBody { writer in
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Not on the connection's thread: reading the next lines goes on while the last are committed, and
                // thousands of lines must not keep other connections waiting.
                group.addTask(executorPreference: globalConcurrentExecutor) {
                    defer { spool.finish() }
                    try await Intake(
                        daemon: daemon, party: party, call: call, isDryRun: isDryRun, inUrdu: inUrdu, spool: spool
                    ).run()
                }
                while let bytes = try await spool.next() { try await writer.write(bytes) }
                // A body that broke off throws here; then the last line is not sent, which tells the client.
                try await group.waitForAll()
            }
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    /// Lines that were read and wait for their commit: those that came while the one before was under way.
    private final class Waiting: Sendable {
        private struct State {
            var reads: [Intake.Read] = []
            var bytes = 0
            var hasEnded = false
            var reader: CheckedContinuation<Void, Never>?
            var settler: CheckedContinuation<Void, Never>?
        }

        private let state = Mutex(State())
        /// A larger commit makes no line cheaper, and memory stays bounded.
        private static let mostReads = 1024
        private static let mostBytes = 1 << 20

        /// Waits while enough is waiting. False when nobody takes any more.
        func put(_ reads: [Intake.Read], bytes: Int) async -> Bool {
            let settler = state.withLock { state in
                state.reads += reads
                state.bytes += bytes
                defer { state.settler = nil }
                return state.settler
            }
            settler?.resume()
            await withCheckedContinuation { reader in
                let isFull = state.withLock { state in
                    let isFull =
                        !state.hasEnded && (state.reads.count >= Self.mostReads || state.bytes >= Self.mostBytes)
                    if isFull { state.reader = reader }
                    return isFull
                }
                if !isFull { reader.resume() }
            }
            return state.withLock { !$0.hasEnded }
        }

        /// All that waits, as soon as something does; nil when all was taken and no more will come.
        func take() async -> [Intake.Read]? {
            await withCheckedContinuation { settler in
                let mustWait = state.withLock { state in
                    let mustWait = state.reads.isEmpty && !state.hasEnded
                    if mustWait { state.settler = settler }
                    return mustWait
                }
                if !mustWait { settler.resume() }
            }
            let (reads, reader) = state.withLock { state in
                let reads = state.reads
                (state.reads, state.bytes) = ([], 0)
                defer { state.reader = nil }
                return (reads, state.reader)
            }
            reader?.resume()
            return reads.isEmpty ? nil : reads
        }

        /// Neither side will come again.
        func end() {
            let (reader, settler) = state.withLock { state in
                state.hasEnded = true
                defer { (state.reader, state.settler) = (nil, nil) }
                return (state.reader, state.settler)
            }
            reader?.resume()
            settler?.resume()
        }
    }

    /// Reads lines, commits them in batches, and spools their answers.
    private struct Intake {
        let daemon: Daemon
        let party: String
        let call: Call
        let isDryRun: Bool
        let inUrdu: Bool
        let spool: AnswerSpool
        let totals = Totals()

        final class Totals: Sendable {
            let counts = Mutex((lines: 0, created: 0, unchanged: 0, refused: 0))
        }

        typealias Read = (number: Int, draft: Result<Draft, Problem>)

        /// Reads and checks the next lines while the ones before are being committed. What was read is committed at
        /// once when nothing else is, whether or not more lines come.
        func run() async throws {
            let waiting = Waiting()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { waiting.end() }
                    var source = Lines(call.request.body, longest: longestLine)
                    while let lines = try await source.next() {
                        let bytes = lines.reduce(0) { $0 + ($1.bytes?.readableBytes ?? 0) }
                        guard await waiting.put(lines.map(Self.read), bytes: bytes) else { return }
                    }
                }
                group.addTask {
                    defer { waiting.end() }
                    while let reads = await waiting.take() { try await settle(reads) }
                }
                try await group.waitForAll()
            }
            let counts = totals.counts.withLock { $0 }
            let last = JSON.object([
                "done": true, "lines": .integer(counts.lines), "created": .integer(counts.created),
                "unchanged": .integer(counts.unchanged), "refused": .integer(counts.refused),
            ])
            try spool.append(ByteBuffer(string: last.text + "\n"))
        }

        private static func read(_ line: Lines.Line) -> Read {
            guard let bytes = line.bytes else {
                return (
                    line.number,
                    .failure(Problem(.tooLarge, "the line is longer than 64 KB", hint: "send this piece by itself"))
                )
            }
            do {
                let json = try bytes.withUnsafeReadableBytes { try JSON(parsing: $0.bindMemory(to: UInt8.self)) }
                return (line.number, .success(try Draft(document: json)))
            } catch let error as JSONError {
                return (
                    line.number,
                    .failure(Problem(.badJSON, "the line is not JSON: \(error)", hint: "write one piece a line"))
                )
            } catch let error as InvalidInput { return (line.number, .failure(Problem(error))) } catch {
                preconditionFailure("reading a piece throws nothing else: \(error)")
            }
        }

        /// One commit for all lines that can be read; a store that fails refuses each of them.
        private func settle(_ reads: [Read]) async throws {
            guard !reads.isEmpty else { return }
            let drafts = reads.compactMap { try? $0.draft.get() }  // the refused ones are answered as they are
            var results: [Result<Registration, Problem>] = []
            if !drafts.isEmpty {
                do {
                    results = try await daemon.register(
                        drafts, in: party, by: call.caller.actor, dryRun: isDryRun,
                        tried: isDryRun ? totals.counts.withLock { $0.created } : 0)
                } catch {
                    let failure = Problem(error as? InventoryError ?? .store(String(describing: error)))
                    results = drafts.map { _ in .failure(failure) }
                }
            }
            try spool.append(answers(to: reads, results: results))
        }

        private func answers(to reads: [Read], results: [Result<Registration, Problem>]) -> ByteBuffer {
            var results = results.makeIterator()
            var out = ByteBuffer()
            totals.counts.withLock { counts in
                for (number, draft) in reads {
                    counts.lines += 1
                    let result = draft.flatMap { _ in
                        guard let result = results.next() else { preconditionFailure("a result for each draft") }
                        return result
                    }
                    switch result {
                    case .success(.created(let record)):
                        counts.created += 1
                        accept(number, 201, record, &out)
                    case .success(.unchanged(let record)):
                        counts.unchanged += 1
                        accept(number, 200, record, &out)
                    case .failure(let problem):
                        counts.refused += 1
                        refuse(number, problem, &out)
                    }
                }
            }
            return out
        }

        private func accept(_ number: Int, _ status: Int, _ record: PieceRecord, _ out: inout ByteBuffer) {
            // `attached` begins with the findings; only odd pieces have any.
            let findings =
                record.attached.hasPrefix("{\"findings\":[]") ? [] : record.attachedJSON?["findings"]?.elements ?? []
            out.writeString("{\"line\":\(number),\"status\":\(status),\"id\":\"\(record.id)\",\"stockNumber\":")
            out.writeString(JSON.string(record.stockNumber).text)
            out.writeString(",\"findings\":\(JSON.array(findings).text)}\n")
        }

        private func refuse(_ number: Int, _ problem: Problem, _ out: inout ByteBuffer) {
            let json = JSON.object([
                "line": .integer(number), "status": .integer(problem.code.status.code),
                "problem": problem.json(requestID: call.requestID, inUrdu: inUrdu),
            ])
            out.writeString(json.text + "\n")
        }
    }
}
