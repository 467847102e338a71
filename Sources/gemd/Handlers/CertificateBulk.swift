import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Many declarations or copies of reports in one request: a line in, a line out (protocol.md, "Bulk").
///
/// Lines are worked on together, so that they share numbers' commits and batches of the log; answers come in order.
enum CertificateBulk {
    private static let longestLine = 64 << 10
    private static let together = 768

    @Sendable static func issue(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard call.request.headers[Call.idempotencyKey] == nil else {
            throw Problem(
                .badRequest, "a bulk request takes no Idempotency-Key",
                hint: "send the same lines again: a piece that has its declaration keeps it")
        }
        try call.requireType(["application/x-ndjson"])
        let spool = AnswerSpool(directory: daemon.inventory.blobs.directory + "/tmp")
        let body = ResponseBody { writer in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: globalConcurrentExecutor) {
                    defer { spool.finish() }
                    try await run(daemon, call, spool)
                }
                while let bytes = try await spool.next() { try await writer.write(bytes) }
                try await group.waitForAll()
            }
            try await writer.finish(nil)
        }
        return Reply(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    private static func run(_ daemon: Daemon, _ call: Call, _ spool: AnswerSpool) async throws {
        let answers = InOrder(spool)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var source = Lines(call.request.body, longest: longestLine)
            // Whoever has ended is kept by the group until it is asked.
            var (begun, ended) = (0, 0)
            while let lines = try await source.next() {
                for line in lines {
                    // Counted from the first that is not answered: what waits for it is bounded, too.
                    while begun - answers.given >= together || begun - ended >= 2 * together {
                        try await group.next()
                        ended += 1
                    }
                    group.addTask { [begun] in try answers.give(await answer(to: line, daemon, call), at: begun) }
                    begun += 1
                }
            }
            try await group.waitForAll()
        }
        try spool.append(ByteBuffer(string: answers.last.text + "\n"))
    }

    /// Answers come as they are ready and leave in the order of the lines.
    private final class InOrder: Sendable {
        private struct State {
            var given = 0
            var waiting: [Int: JSON] = [:]
            var created = 0
            var unchanged = 0
        }

        private let state = Mutex(State())
        private let spool: AnswerSpool

        init(_ spool: AnswerSpool) { self.spool = spool }

        var given: Int { state.withLock(\.given) }

        func give(_ answer: JSON, at place: Int) throws {
            try state.withLock { state in
                state.waiting[place] = answer
                var out = ByteBuffer()
                while let next = state.waiting.removeValue(forKey: state.given) {
                    state.given += 1
                    switch next["status"]?.integer {
                    case 201: state.created += 1
                    case 200: state.unchanged += 1
                    default: break
                    }
                    out.writeString(next.text + "\n")
                }
                if out.readableBytes > 0 { try spool.append(out) }
            }
        }

        /// The line after all answers.
        var last: JSON {
            let state = state.withLock { $0 }
            return .object([
                "done": true, "lines": .integer(state.given), "created": .integer(state.created),
                "unchanged": .integer(state.unchanged),
                "refused": .integer(state.given - state.created - state.unchanged),
            ])
        }
    }

    private static func answer(to line: Lines.Line, _ daemon: Daemon, _ call: Call) async throws -> JSON {
        func refuse(_ problem: Problem) -> JSON {
            .object([
                "line": .integer(line.number), "status": .integer(problem.code.status.code),
                "problem": problem.json(requestID: call.requestID, inUrdu: call.wantsUrdu),
            ])
        }
        guard let bytes = line.bytes else {
            return refuse(Problem(.tooLarge, "the line is longer than 64 KB", hint: "send it by itself"))
        }
        do {
            let json = try bytes.withUnsafeReadableBytes { try JSON(parsing: $0.bindMemory(to: UInt8.self)) }
            guard let text = json["piece"]?.string, let name = PieceName(text) else {
                return refuse(
                    Problem(
                        .invalidValue, "the line names no piece",
                        hint: "write {\"piece\":\"stock:R-17\",\"class\":\"declaration\"}",
                        field: "piece"))
            }
            let word = try CertificateHandlers.word(.object((json.members ?? []).filter { $0.name != "piece" }))
            do {
                let number = try await daemon.issuing.number(issuing: word, of: name, by: call.caller)
                return .object(["line": .integer(line.number), "status": .integer(201), "number": .string(number)])
            } catch let problem as Problem where problem.code == .state {
                // The same line again, after a lost connection.
                guard case .declaration = word else { return refuse(problem) }
                guard
                    let number = try await daemon.inventory.liveCertificate(
                        of: name, in: call.caller.party, .declaration)
                else {
                    // A line beside this one, or another request, has only reserved its number yet.
                    guard try await daemon.inventory.hasReserved(.declaration, of: name, in: call.caller.party) else {
                        return refuse(problem)
                    }
                    return refuse(
                        Problem(
                            .inFlight, "the piece's declaration is just being issued",
                            hint: "send the line again in a moment"))
                }
                return .object(["line": .integer(line.number), "status": .integer(200), "number": .string(number)])
            }
        } catch let error as JSONError {
            return refuse(Problem(.badJSON, "the line is not JSON: \(error)", hint: "write one object a line"))
        } catch let error as InvalidInput { return refuse(Problem(error)) } catch let error as Problem {
            return refuse(error)
        } catch let error as InventoryError { return refuse(Problem(error)) }
    }
}
