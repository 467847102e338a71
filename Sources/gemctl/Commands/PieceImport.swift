import ArgumentParser
import GemModel
import Glibc
import NIOConcurrencyHelpers
import NIOCore

/// `piece import`: many pieces, one JSON document a line, streamed both ways at once.
struct PieceImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Register many pieces from a file of JSON lines.",
        discussion: """
            Each line stands alone and is stored for good when answered: importing the same file again \
            changes nothing that is already there. Exits 10 when lines were refused. Lists in CSV or .xlsx go \
            by `gemctl import`.

            EXAMPLES
              gemctl piece import stock.ndjson --refused refused.ndjson
              gemctl piece import stock.ndjson --dry-run
              jq -c .row refused.ndjson > again.ndjson
              zcat stock.ndjson.gz | gemctl piece import - -o jsonl
            """)

    @Argument(help: "File with one piece a line, or - for standard input.") var file: String
    @Flag(help: "Check everything, store nothing.") var dryRun = false
    @Option(help: ArgumentHelp("Write refused lines there, each with its reason.", valueName: "file")) var refused:
        String?
    @Option(help: ArgumentHelp("Register for this party (registrar).", valueName: "party")) var party: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let console = Console.current
        if [".csv", ".xlsx", ".zip"].contains(where: { file.lowercased().hasSuffix($0) }) {
            throw Failure(.usage, "\"\(file)\" is no file of JSON lines", hint: "use `gemctl import \(file)`")
        }
        let source = file == "-" ? FileReader(borrowing: console.input, name: "-") : try FileReader(path: file)
        let rows = refused == nil ? nil : file == "-" ? try SentLines.spool() : try SentLines(path: file)
        let rejects = try refused.map { try Rejects(path: $0) }
        try await global.talk { client, printer in
            let owner = if let party { Optional(try await client.party(party)) } else { String?.none }
            let sentLines = NIOLockedValueBox(0)
            let spooling = file == "-" ? rows : nil
            var request = Request(.POST, "pieces", query: [("dryRun", dryRun ? "true" : nil), ("party", owner)]).once()
            request.body = .stream(type: "application/x-ndjson", length: file == "-" ? nil : source.size) {
                return {
                    guard let piece = try await source.next() else { return nil }
                    // Before it is sent, so that the row is there when its answer comes.
                    try spooling?.append(piece)
                    sentLines.withLockedValue { $0 += piece.readableBytesView.count { $0 == UInt8(ascii: "\n") } }
                    return piece
                }
            }
            var tally = Tally(progress: console.errorIsTerminal && !global.quiet, console: console)
            do {
                try await client.exchange(request) { body in
                    try await body.lines { line in
                        if printer.format == .json || printer.format == .jsonl { printer.exact(line) }
                        let answer = try JSON(parsing: line)
                        tally.count(answer, sent: sentLines.withLockedValue { $0 })
                        guard tally.isRefused(answer), let number = answer["line"]?.integer else { return }
                        if let rejects { try rejects.add(answer, row: try rows?.line(number) ?? []) }
                        tally.show(answer, printer)
                    }
                }
            } catch let failure as Failure where failure.code == "connection-lost" {
                tally.end()
                throw tally.cutOff(.exactly(failure.title))
            }
            tally.end()
            guard tally.isDone else { throw tally.cutOff("the daemon's answer broke off") }
            if printer.format == .csv { printer.csv([tally.json], Tally.columns) }
            printer.say(tally.sentence(refusedFile: tally.refused > 0 ? refused : nil, dryRun: dryRun))
            try rejects?.finish()
            if tally.refused > 0 { throw Outcome.partly }
        }
    }
}

/// What became of the lines so far.
struct Tally {
    static let columns = [
        Column("LINES", "lines", .right), Column("CREATED", "created", .right),
        Column("UNCHANGED", "unchanged", .right), Column("REFUSED", "refused", .right),
    ]
    /// Refused rows named one by one for a person; the rest is counted.
    static let shownRows = 20

    private(set) var answered = 0
    private(set) var created = 0
    private(set) var unchanged = 0
    private(set) var refused = 0
    private(set) var isDone = false
    private let progress: Bool
    private let console: Console

    init(progress: Bool, console: Console) {
        self.progress = progress
        self.console = console
    }

    func isRefused(_ answer: JSON) -> Bool { (answer["status"]?.integer ?? 0) >= 400 }

    mutating func count(_ answer: JSON, sent: Int) {
        if answer["done"] == .bool(true) {
            isDone = true
            return
        }
        answered += 1
        switch answer["status"]?.integer ?? 0 {
        case 201: created += 1
        case 200: unchanged += 1
        default: refused += 1
        }
        if progress, answered % 100 == 0 {
            let told: Message = "\(max(sent, answered)) sent · \(answered) answered · \(refused) refused"
            console.writeError(Array("\r\(told.text)\u{1B}[K".utf8))
        }
    }

    func show(_ answer: JSON, _ printer: Printer) {
        guard printer.format == .table, refused <= Self.shownRows else { return }
        if progress { console.writeError(Array("\r\u{1B}[K".utf8)) }
        let problem = answer["problem"]
        let field = problem?["field"]?.string.map { "\($0): " } ?? ""
        let reason = problem?["title"]?.string ?? Message("refused").text
        let line: Message = "line \(answer["line"]?.plain ?? "?"): \(field + reason)"
        printer.console.print(line.text.printable)
        if refused == Self.shownRows {
            printer.note("further refused lines are only counted; --refused FILE keeps them all")
        }
    }

    /// Clears the line of progress.
    func end() { if progress, answered >= 100 { console.writeError(Array("\r\u{1B}[K".utf8)) } }

    func sentence(refusedFile: String?, dryRun: Bool) -> Message {
        let counts: Message = "\(created) new · \(unchanged) already there · \(refused) refused"
        let told: Message = refusedFile.map { "\(counts) → \($0)" } ?? counts
        return dryRun ? "\(told) (nothing was stored: --dry-run)" : told
    }

    func cutOff(_ title: Message) -> Failure {
        Failure(
            .failed,
            "\(title), after \(answered) answered lines (\(created) new, \(unchanged) already there, \(refused) refused)",
            hint:
                "answered lines are kept; run the same import again, nothing is registered twice if the pieces have stock numbers",
            code: "cut-off")
    }

    var json: JSON {
        .object([
            "lines": .integer(answered), "created": .integer(created), "unchanged": .integer(unchanged),
            "refused": .integer(refused),
        ])
    }
}

/// The lines of the input by number, read again from disk: answers may lag any number of lines behind.
final class SentLines: Sendable {
    private struct State {
        var offset: off_t = 0
        var line = 0
        var window: ArraySlice<UInt8> = []
    }

    private let descriptor: CInt
    private let state = NIOLockedValueBox(State())

    init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(.failed, "open \"\(path)\": \(systemError())") }
    }

    private init(descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// A nameless file that ``append(_:)`` fills, for standard input.
    static func spool() throws -> SentLines {
        var name = Array("\(Console.current.setting("TMPDIR") ?? "/tmp")/gemctl.XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else {
            throw Failure(.failed, "make a temporary file: \(systemError())", hint: "check TMPDIR")
        }
        unlink(name)
        return SentLines(descriptor: descriptor)
    }

    func append(_ piece: ByteBuffer) throws {
        var rest = piece.readableBytesView[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                throw Failure(.failed, "keep the sent lines: \(systemError())", hint: "make room in TMPDIR")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// The bytes of a line, counted from 1; asked for in rising order.
    func line(_ number: Int) throws -> [UInt8] {
        try state.withLockedValue { state in
            while true {
                if let end = state.window.firstIndex(of: UInt8(ascii: "\n")) {
                    state.line += 1
                    let line = Array(state.window[..<end])
                    state.window = state.window[(end + 1)...]
                    if state.line == number { return line }
                    continue
                }
                var piece = [UInt8](repeating: 0, count: FileReader.pieceBytes)
                let count = pread(descriptor, &piece, piece.count, state.offset)
                guard count >= 0 else { throw Failure(.failed, "read the sent lines: \(systemError())") }
                if count == 0 { return state.line + 1 == number ? Array(state.window) : [] }
                state.offset += off_t(count)
                state.window = ArraySlice(Array(state.window) + piece[..<count])
            }
        }
    }
}

/// The file of refused lines: `{line, status, title, hint?, field?, row}`, the row as it was sent.
private final class Rejects {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>

    init(path: String) throws {
        guard let file = fopen(path, "we") else {
            throw Failure(.failed, "write \"\(path)\": \(systemError())", hint: "choose another place with --refused")
        }
        self.path = path
        self.file = file
    }

    deinit { fclose(file) }

    func add(_ answer: JSON, row: [UInt8]) throws {
        let problem = answer["problem"]
        // A row that is no JSON is kept as text.
        let document = (try? JSON(parsing: row)) ?? .string(String(decoding: row, as: UTF8.self))
        let line =
            JSON.object([
                "line": answer["line"], "status": answer["status"], "title": problem?["title"],
                "hint": problem?["hint"],
                "field": problem?["field"], "row": document,
            ]).bytes + [UInt8(ascii: "\n")]
        guard fwrite(line, 1, line.count, file) == line.count else {
            throw Failure(.failed, "write \"\(path)\": \(systemError())")
        }
    }

    func finish() throws {
        guard fflush(file) == 0 else { throw Failure(.failed, "write \"\(path)\": \(systemError())") }
    }
}
