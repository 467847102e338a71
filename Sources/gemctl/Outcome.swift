import GemModel

/// The exit status of every command; scripts rely on these numbers.
enum Outcome: Int32, CaseIterable, Sendable {
    case ok = 0
    case failed = 1
    case usage = 2
    case notFound = 3
    /// A file is not what it claims to be.
    case notGenuine = 4
    /// A certificate was revoked or replaced.
    case cancelled = 5
    case cannotTell = 6
    case notAllowed = 7
    /// Changed by someone else, or not possible in its present state.
    case conflict = 8
    case unreachable = 9
    /// An import with refused rows, or a lot with held pieces.
    case partly = 10

    /// What an HTTP status of the daemon means to a script.
    init(status: Int) {
        self =
            switch status {
            case 200..<300: .ok
            case 401, 403: .notAllowed
            case 404: .notFound
            case 409, 412, 428: .conflict
            default: .failed
            }
    }

    /// The verdicts of `POST /v1/verify`.
    init(verdict: String?) {
        self =
            switch verdict {
            case "genuine": .ok
            case "notGenuine": .notGenuine
            case "cancelled": .cancelled
            default: .cannotTell
            }
    }

    /// The one to report when several files were checked.
    func worse(_ other: Outcome) -> Outcome {
        let order: [Outcome] = [.notGenuine, .cancelled, .cannotTell, .ok]
        return order.first { $0 == self || $0 == other } ?? self
    }
}

/// A command that ended otherwise than asked: what happened, what to do, and how to exit.
///
/// Words are lower case without a full stop (STYLE.md §6).
struct Failure: Error, Sendable {
    var outcome: Outcome
    private var words: Message
    private var advice: Message?
    var field: String?
    /// The daemon's own problem document, when it was the daemon that refused.
    var problem: [UInt8]?
    /// The last part of the problem's type, such as `stale`.
    var code: String?
    /// What else is said, one line each.
    var details: [Message] = []

    var title: String { words.text }
    var hint: String? { advice?.text }

    init(_ outcome: Outcome, _ title: Message, hint: Message? = nil, field: String? = nil, code: String? = nil) {
        self.outcome = outcome
        words = title
        advice = hint
        self.field = field
        self.code = code
    }

    /// An `application/problem+json` body (RFC 9457); any other body is shown shortened.
    init(status: Int, body: [UInt8]) {
        let json = try? JSON(parsing: body)  // a proxy's HTML is no JSON; its status still says enough
        outcome = Outcome(status: status)
        words = json?["title"]?.string.map { .exactly($0) } ?? "the daemon answered \(status)"
        advice = json?["hint"]?.string.map { .exactly($0) }
        field = json?["field"]?.string
        code = json?["type"]?.string.map { String($0.split(separator: ":").last ?? "") }
        if json?["title"] != nil { problem = body }
        for finding in json?["findings"]?.elements ?? [] { details += Held.lines(finding).map { "finding: \($0)" } }
        if status >= 500, let id = json?["requestId"]?.string {
            details.append("the daemon's log knows more: request \(id)")
        }
    }

    /// For programs (`-o json`): the daemon's problem as it came, or ours in the same shape.
    var json: [UInt8] {
        if let problem { return problem }
        return JSON.object([
            "type": .string("urn:gemctl:\(code ?? "\(outcome)")"), "title": .string(title),
            "hint": hint.map { .string($0) }, "field": field.map { .string($0) },
            "exit": .integer(Int(outcome.rawValue)),
        ]).bytes
    }

    /// The same with another hint.
    func advising(_ hint: Message) -> Failure {
        var failure = self
        failure.advice = hint
        return failure
    }

    /// For people: the error, where, what to do.
    var lines: [String] {
        var lines: [Message] = ["gemctl: error: \(title)"]
        if let field { lines.append("gemctl: field: \(field)") }
        lines += details.map { "gemctl: \($0)" }
        if let hint { lines.append("gemctl: hint: \(hint)") }
        return lines.map(\.text.printable)
    }
}
