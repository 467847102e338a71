import ArgumentParser
import GemModel
import Glibc
import NIOCore

/// `import`: lists from elsewhere as the daemon reads them, and photographs.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring in lists of pieces or parties, and photographs.",
        discussion: """
            Takes CSV in any usual encoding, .xlsx, and for pieces a ZIP of photographs that are named by \
            their stock numbers. The same file again changes nothing; one that was interrupted goes on.

            EXAMPLES
              gemctl import stock.csv --dry-run
              gemctl import stock.xlsx --map 'Wt.=weightCt' --ignore Shelf
              gemctl import photographs.zip
              gemctl import artisans.csv --kind parties
              gemctl import undo 01990a3e-…
            """,
        subcommands: [Run.self, List.self, Show.self, Refused.self, Undo.self], defaultSubcommand: Run.self)

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "file", abstract: "Bring in one file; the word may be left out.",
            discussion: """
                Rows that are refused go to FILE.refused.csv, where a column tells why. Exits 10 when there are any.

                EXAMPLES
                  gemctl import stock.csv
                  gemctl import stock.csv --dry-run -o jsonl
                  gemctl import artisans.csv --kind parties --refused /tmp/refused.csv
                """)

        @Argument(help: "CSV, .xlsx or .zip; - reads CSV from standard input.") var file: String
        @Option(help: "pieces or parties.") var kind = "pieces"
        @Flag(help: "Check everything and show what would change; write nothing.") var dryRun = false
        @Option(
            name: .customLong("map"),
            help: ArgumentHelp(
                "Where a column goes, such as 'Wt.=weightCt'; repeatable, and kept for files with the same header.",
                valueName: "column=member"))
        var maps: [String] = []
        @Option(
            help: ArgumentHelp("Leave a column out; repeatable, and kept as --map is.", valueName: "column"))
        var ignore: [String] = []
        @Option(help: ArgumentHelp("Where refused rows go.", valueName: "file")) var refused: String?
        @Option(help: ArgumentHelp("Register for this party (registrar).", valueName: "party")) var party: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let type = try Self.mediaType(file)
            let source = file == "-" ? nil : try FileReader(path: file)
            if file != "-", source?.size == nil {
                throw Failure(.usage, "\"\(file)\" is no regular file", hint: "name a file, or - for standard input")
            }
            let map = try mapping()
            let console = Console.current
            try await global.talk { client, printer in
                let owner = if let party { Optional(try await client.party(party)) } else { String?.none }
                var request = Request(
                    .POST, "imports",
                    query: [
                        ("kind", kind), ("dryRun", dryRun ? "true" : nil), ("party", owner), ("map", map),
                    ]
                ).once()
                let path = file
                request.body = .stream(type: type, length: source?.size) {
                    let reader =
                        path == "-" ? FileReader(borrowing: console.input, name: "-") : try FileReader(path: path)
                    return { try await reader.next() }
                }
                var tally = ImportTally(console: console, isWatched: console.errorIsTerminal && !global.quiet)
                let rejects = dryRun ? RefusedFile(path: refusedPath) : nil
                do {
                    try await client.exchange(request) { body in
                        try await body.lines { line in
                            if printer.format == .json || printer.format == .jsonl { printer.exact(line) }
                            let answer = try JSON(parsing: line)
                            tally.count(answer, printer)
                            if let rejects, (answer["status"]?.integer ?? 0) >= 400 { try rejects.add(answer) }
                        }
                    }
                } catch let failure as Failure where failure.code == "connection-lost" {
                    tally.end()
                    throw tally.cutOff(.exactly(failure.title))
                }
                tally.end()
                guard let totals = tally.totals else { throw tally.cutOff("the daemon's answer broke off") }
                let isRefused = (totals["refused"]?.integer ?? 0) > 0
                if isRefused, let id = tally.id {
                    try await RefusedFile.fetch(id, to: refusedPath, client)
                }
                try rejects?.finish()
                if printer.format == .csv { printer.csv([totals], ImportTally.columns) }
                printer.say(
                    tally.sentence(kind: kind, refusedFile: isRefused ? refusedPath : nil))
                if dryRun { printer.say("Nothing was written (--dry-run).") }
                if isRefused { throw Outcome.partly }
            }
        }

        /// `artisans.csv` → `artisans.refused.csv`.
        private var refusedPath: String {
            if let refused { return refused }
            if file == "-" { return "refused.csv" }
            guard let dot = file.lastIndex(of: "."), !file[dot...].contains("/") else { return file + ".refused.csv" }
            return file[..<dot] + ".refused.csv"
        }

        static func mediaType(_ file: String) throws(Failure) -> String {
            let name = file.lowercased()
            if name.hasSuffix(".xlsx") { return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }
            if name.hasSuffix(".zip") { return "application/zip" }
            if name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") {
                throw Failure(
                    .usage, "\"\(file)\" is JSON lines", hint: "register them with `gemctl piece import \(file)`")
            }
            return "text/csv"
        }

        /// `Wt.=weightCt` and the ignored columns as the JSON of the protocol; nil when nothing is said.
        private func mapping() throws(Failure) -> String? {
            var members: [JSON.Member] = []
            for text in maps {
                guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
                    throw Shorthand.usage(
                        "--map", "\"\(text)\" has no \"=\"", "write column=member, such as Wt.=weightCt")
                }
                let member = String(text[text.index(after: equals)...])
                members.append(.init(String(text[..<equals]), member.isEmpty ? .null : .string(member)))
            }
            // A column's name may hold a comma, so ignoring goes the same way.
            members += ignore.map { .init($0, .null) }
            return members.isEmpty ? nil : JSON.object(members).text
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "What was brought in, the newest first.",
            discussion: """
                EXAMPLES
                  gemctl import list
                """)

        static let columns = [
            Column("ID", "id"), Column("KIND", "kind"), Column("STATE", "state"), Column("ROWS", "rows", .right),
            Column("NEW", "created", .right), Column("CHANGED", "changed", .right),
            Column("THERE", "unchanged", .right), Column("REFUSED", "refused", .right), Column("BEGAN", "beganAt"),
        ]

        @Option(help: "Imports a page, 1 to 500.") var limit: Int?
        @Option(help: ArgumentHelp("Go on after this cursor.", valueName: "cursor")) var after: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                try await Pages.one(
                    "imports", query: [("limit", limit.map(String.init)), ("after", after)], Self.columns, client,
                    printer)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One import: how far it is, and how the file was read.",
            discussion: """
                EXAMPLES
                  gemctl import show 01990a3e-…
                """)

        @Argument(help: "The import's id.") var id: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("imports", id)
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct Refused: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "refused", abstract: "The refused rows of an import, each with its reason.",
            discussion: """
                EXAMPLES
                  gemctl import refused 01990a3e-… --to refused.csv
                """)

        @Argument(help: "The import's id.") var id: String
        @Option(help: ArgumentHelp("Where they go.", valueName: "file")) var to: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                try await RefusedFile.fetch(id, to: to, client)
                printer.say("refused rows → \(to)")
            }
        }
    }

    struct Undo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undo", abstract: "Take back what an import brought in and nobody touched since.",
            discussion: """
                What was changed, promised or certified since stays and is named. Exits 10 when something stays.

                EXAMPLES
                  gemctl import undo 01990a3e-…
                """)

        @Argument(help: "The import's id.") var id: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.send(Request(.DELETE, "imports", id))
                let result = try answer.json()
                let kept = result["keptCount"]?.integer ?? 0
                let undone = result["undone"]?.plain ?? "0"
                try printer.done(
                    kept > 0 ? "\(undone) taken back, \(kept) stay:" : "\(undone) taken back", answer)
                if printer.format == .table {
                    for row in result["kept"]?.elements ?? [] {
                        let name = (row["stockNumber"] ?? row["code"])?.plain ?? "?"
                        printer.say("  row \(row["row"]?.plain ?? "?")  \(name): \(row["reason"]?.plain ?? "")")
                    }
                }
                if kept > 0 { throw Outcome.partly }
            }
        }
    }
}

/// What became of the rows so far, with a bar for whoever looks on.
struct ImportTally {
    static let columns = [
        Column("ROWS", "rows", .right), Column("CREATED", "created", .right), Column("CHANGED", "changed", .right),
        Column("UNCHANGED", "unchanged", .right), Column("REFUSED", "refused", .right),
    ]
    /// Rows shown one by one; the rest is counted.
    private static let shownRows = 20
    private static let barWidth = 22

    private(set) var id: String?
    private(set) var totals: JSON?
    private var rows = 0
    private var answered = 0
    private var shown = 0
    private var lastPermille = -1
    private let began = ContinuousClock.now
    private let console: Console
    private let isWatched: Bool

    init(console: Console, isWatched: Bool) {
        self.console = console
        self.isWatched = isWatched
    }

    mutating func count(_ answer: JSON, _ printer: Printer) {
        if answer["done"] == .bool(true) {
            totals = answer
            return
        }
        guard let status = answer["status"]?.integer else {
            id = answer["import"]?.string
            rows = answer["rows"]?.integer ?? 0
            if let resumed = answer["resumed"]?.integer, resumed > 0 {
                printer.note("going on after \(Self.grouped(resumed)) rows that were settled before")
            }
            for column in answer["columns"]?.elements ?? [] where column["member"] == .null {
                printer.note("the column \"\(column["column"]?.string ?? "")\" is left out")
            }
            return
        }
        answered += 1
        if status >= 400 || answer["changes"] != nil { show(answer, status, printer) }
        let permille = rows > 0 ? min(1000, answered * 1000 / rows) : 0
        if isWatched, permille / 5 != lastPermille / 5 {
            lastPermille = permille
            let full = permille * Self.barWidth / 1000
            let bar = String(repeating: "█", count: full) + String(repeating: " ", count: Self.barWidth - full)
            let seconds = ContinuousClock.now - began
            let tenths = seconds.components.seconds * 10 + seconds.components.attoseconds / 100_000_000_000_000_000
            let told: Message = "\(Self.grouped(answered)) rows  \("\(tenths / 10).\(tenths % 10)") s"
            console.writeError(Array("\r[\(bar)] \(told.text)\u{1B}[K".utf8))
        }
    }

    private mutating func show(_ answer: JSON, _ status: Int, _ printer: Printer) {
        shown += 1
        guard printer.format == .table, shown <= Self.shownRows else { return }
        if isWatched { console.writeError(Array("\r\u{1B}[K".utf8)) }
        let name = (answer["stockNumber"] ?? answer["code"] ?? answer["photograph"])?.string
        let row = answer["row"]?.plain ?? "?"
        var line = (name.map { "row \(row) \($0): " } ?? "row \(row): " as Message).text
        if let problem = answer["problem"] {
            let title = problem["title"]?.string ?? Message("refused").text
            let field = problem["field"]?.string ?? ""
            // What says its own place, row and column, is told once.
            if title.hasPrefix("row ") { line = title } else { line += (field.isEmpty ? "" : field + ": ") + title }
        }
        for change in answer["changes"]?.elements ?? [] {
            func text(_ json: JSON?) -> String { json == nil || json == .null ? "—" : json!.plain }
            line += (line.hasSuffix(": ") ? "" : "; ")
            line += "\(change["field"]?.plain ?? "") \(text(change["before"])) → \(text(change["after"]))"
        }
        printer.say(.exactly(line))
        if shown == Self.shownRows { printer.note("further rows are only counted") }
    }

    /// Clears the bar.
    func end() { if isWatched { console.writeError(Array("\r\u{1B}[K".utf8)) } }

    func sentence(kind: String, refusedFile: String?) -> Message {
        func count(_ name: String) -> String { Self.grouped(totals?[name]?.integer ?? 0) }
        var parts: [Message] = ["\(count("created")) new"]
        if totals?["changed"]?.integer ?? 0 > 0 { parts.append("\(count("changed")) changed") }
        parts.append(
            kind == "parties"
                ? "\(count("unchanged")) already here (same CNIC or telephone)" : "\(count("unchanged")) already here")
        parts.append(
            refusedFile.map { "\(count("refused")) refused → \($0) (a column 'reason' tells why)" }
                ?? "\(count("refused")) refused")
        return .joined(parts, separator: " · ")
    }

    func cutOff(_ title: Message) -> Failure {
        Failure(
            .failed, "\(title), after \(Self.grouped(answered)) of \(Self.grouped(rows)) rows",
            hint: "run the same import again: it goes on where it was, and nothing is brought in twice",
            code: "cut-off")
    }

    /// `50,000`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text = "," + text }
            text = String(digit) + text
        }
        return text
    }
}

/// The file of refused rows: the daemon's own, or in a dry run what the answers say. Made when there is something.
private final class RefusedFile {
    private let path: String
    private var file: UnsafeMutablePointer<FILE>?

    init(path: String) { self.path = path }

    deinit { if let file { fclose(file) } }

    static func fetch(_ id: String, to path: String, _ client: Client) async throws {
        let target = RefusedFile(path: path)
        try await client.exchange(Request(.GET, "imports", id, "refused")) { body in
            while let piece = try await body.next() { try target.write(Array(piece.readableBytesView)) }
        }
        try target.finish()
    }

    func add(_ answer: JSON) throws {
        if file == nil { try write(Array(CSV.row(["row", "photograph", "reason"]).utf8)) }
        let problem = answer["problem"]
        let field = problem?["field"]?.string.map { "\($0): " } ?? ""
        let reason = "\(field)\(problem?["title"]?.string ?? "refused") (\(problem?["hint"]?.string ?? ""))"
        try write(Array(CSV.row([answer["row"]?.plain ?? "", answer["photograph"]?.string ?? "", reason]).utf8))
    }

    private func write(_ bytes: [UInt8]) throws {
        if file == nil {
            // Others' numbers may stand in it.
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0, let opened = fdopen(descriptor, "w") else {
                throw Failure(
                    .failed, "write \"\(path)\": \(systemError())", hint: "choose another place with --refused")
            }
            file = opened
        }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw Failure(.failed, "write \"\(path)\": \(systemError())")
        }
    }

    func finish() throws {
        guard let file else { return }
        guard fflush(file) == 0 else { throw Failure(.failed, "write \"\(path)\": \(systemError())") }
    }
}
