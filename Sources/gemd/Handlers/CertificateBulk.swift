import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Many declarations or copies of reports in one request: a line in, a line out (protocol.md, "Bulk").
///
/// Lines are worked on together, so that they share numbers' commits and batches of the log; answers come in order.
enum CertificateBulk {
    private static let longestLine = 64 << 10
    private static let together = 256

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
        var counts = (lines: 0, created: 0, unchanged: 0, refused: 0)
        var source = Lines(call.request.body, longest: longestLine)
        while let lines = try await source.next() {
            var rest = lines[...]
            while !rest.isEmpty {
                let batch = Array(rest.prefix(together))
                rest = rest.dropFirst(together)
                let answers = try await withThrowingTaskGroup(of: (Int, JSON).self) { group in
                    for (index, line) in batch.enumerated() {
                        group.addTask { (index, try await answer(to: line, daemon, call)) }
                    }
                    var answers = [JSON](repeating: .null, count: batch.count)
                    for try await (index, answer) in group { answers[index] = answer }
                    return answers
                }
                var out = ByteBuffer()
                for answer in answers {
                    counts.lines += 1
                    switch answer["status"]?.integer {
                    case 201: counts.created += 1
                    case 200: counts.unchanged += 1
                    default: counts.refused += 1
                    }
                    out.writeString(answer.text + "\n")
                }
                try spool.append(out)
            }
        }
        let last = JSON.object([
            "done": true, "lines": .integer(counts.lines), "created": .integer(counts.created),
            "unchanged": .integer(counts.unchanged), "refused": .integer(counts.refused),
        ])
        try spool.append(ByteBuffer(string: last.text + "\n"))
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
                let answer = try await daemon.issuing.issue(word, of: name, by: call.caller, key: nil)
                let number = try JSON(parsing: answer.body)["number"] ?? .null
                return .object(["line": .integer(line.number), "status": .integer(201), "number": number])
            } catch let problem as Problem where problem.code == .state {
                // The same line again, after a lost connection.
                guard case .declaration = word,
                    let number = try await daemon.inventory.liveCertificate(
                        of: name, in: call.caller.party, .declaration)
                else { return refuse(problem) }
                return .object(["line": .integer(line.number), "status": .integer(200), "number": .string(number)])
            }
        } catch let error as JSONError {
            return refuse(Problem(.badJSON, "the line is not JSON: \(error)", hint: "write one object a line"))
        } catch let error as InvalidInput { return refuse(Problem(error)) } catch let error as Problem {
            return refuse(error)
        } catch let error as InventoryError { return refuse(Problem(error)) }
    }
}
