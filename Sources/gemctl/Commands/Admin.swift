import ArgumentParser
import GemModel
import NIOCore
import NIOHTTP1

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Fetch a backup of everything but the keys, while the daemon serves.",
        discussion: """
            Needs the role admin. The file is a tar archive: the database as it stands at this moment, the \
            photographs and feeds it names, and the public keys. It appears when it is whole, on the disk and \
            compared with the daemon's digest. Keys are never in it: keep a copy of DIR/keys apart.

            EXAMPLES
              gemctl backup --to 2026-11-21.tar
              gemctl --host ssh://root@gems.example backup --to /mnt/backup/2026-11-21.tar -o json
            """)

    @Option(help: ArgumentHelp("The new file, on this machine.", valueName: "FILE")) var to: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            let meter = Meter(printer)
            defer { meter.end() }
            let kept = try await Download.keep(
                Request(.POST, "admin", "backup").once(), from: client, as: to,
                progress: { count, head in
                    meter.show(count, of: head.headers.first(name: "Gemd-Archive-Bytes").flatMap { Int($0) })
                })
            meter.end()
            if printer.format == .table {
                printer.say("\(to): \(kept.count) bytes, SHA-256 \(kept.sha256)")
            } else {
                let report = JSON.object([
                    "file": .string(to), "bytes": .integer(kept.count), "sha256": .string(kept.sha256),
                ])
                printer.card(report, whole: report.bytes)
            }
        }
    }

    /// How far a long download has come, on a terminal only, at most once a second.
    private final class Meter {
        private let console: Console?
        private var last = NIODeadline.now()
        private var hasShown = false

        init(_ printer: Printer) {
            let isWanted = printer.console.errorIsTerminal && !printer.quiet && printer.format == .table
            console = isWanted ? printer.console : nil
        }

        func show(_ count: Int, of whole: Int?) {
            guard let console, NIODeadline.now() - last > .seconds(1) else { return }
            last = .now()
            hasShown = true
            let share: Message =
                whole.map { "\(count >> 20) of \($0 >> 20) MB (\(count * 100 / max(1, $0)) %)" } ?? "\(count >> 20) MB"
            console.writeError(Array("\r\(share.text) ".utf8))
        }

        func end() {
            if hasShown { console?.writeError(Array("\r\u{1B}[K".utf8)) }
            hasShown = false
        }
    }
}

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Let the daemon look at everything it keeps, while it serves.",
        discussion: """
            Needs the role admin. Looks at the database's pages, every chain of events, each piece, photograph \
            and certificate, the public logs, the anchor and the keys. Exits 0 when all is sound, 1 when \
            something was found. On a stopped daemon: `gemd check`.

            EXAMPLES
              gemctl check
              gemctl check -o json | jq .findings
            """)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            let answer = try await client.get("admin", "check")
            let report = try answer.json()
            let isSound = report["sound"] == .bool(true)
            if printer.format == .table {
                for note in report["notes"]?.elements ?? [] { printer.note(.exactly(note.plain)) }
                for finding in report["findings"]?.elements ?? [] { printer.console.print(finding.plain.printable) }
                if isSound {
                    let counts = (report["counts"]?.members ?? []).map { count in
                        "\(Words.name(of: count.name).words) \(count.value.plain)"
                    }
                    printer.say("sound: \(counts.joined(separator: ", "))")
                }
            } else {
                printer.card(report, whole: report.bytes)
            }
            if !isSound { throw Outcome.failed }
        }
    }
}
