import ArgumentParser
import GemModel

struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Photographs of pieces.",
        discussion: """
            EXAMPLES
              gemctl image add R-17 front.jpg back.jpg
              gemctl image get 3f0a… --edge 1200 -O r17.jpg
            """,
        subcommands: [Add.self, Get.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add photographs to a piece.",
            discussion: """
                EXAMPLES
                  gemctl image add R-17 front.jpg back.jpg
                  gemctl image add R-17 mark.jpg --role inscription
                  gemctl image add R-17 a.jpg --taken-at 2026-11-21 --device "Canon R5"
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Argument(help: "JPEG files.") var files: [String]
        @Option(help: ArgumentHelp("What they show, such as face_up; `gemctl codes imageRoles`.", valueName: "role"))
        var role: String?
        @Option(help: ArgumentHelp("When they were taken; for your party alone.", valueName: "time")) var takenAt:
            String?
        @Option(help: ArgumentHelp("With what; for your party alone.", valueName: "device")) var device: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            for path in files { _ = try FileReader(path: path) }  // a wrong name is found before anything is sent
            try await global.talk { client, printer in
                var isKept = false
                let facts = [("role", role), ("takenAt", takenAt), ("device", device)]
                for path in files where try await !ImageCommand.add(path, to: piece, facts, client, printer) {
                    isKept = true
                }
                if isKept { throw Outcome.partly }
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Fetch a photograph.",
            discussion: """
                Without --edge it is the private original.

                EXAMPLES
                  gemctl image get 3f0a… --edge 480 -O r17.jpg
                  gemctl image get 3f0a… -O - | feh -
                """)

        @Argument(help: "SHA-256 of the original, or of the public copy.") var sha256: String
        @Option(help: ArgumentHelp("Longest side in pixels: 160, 480 or 1200.", valueName: "pixels")) var edge: Int?
        @Option(
            name: [.customShort("O"), .customLong("out")],
            help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
        var out: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let path = out ?? "\(sha256.prefix(16))\(edge.map { "-\($0)" } ?? "").jpg"
                let count = try await Download.save(
                    Request(.GET, "images", sha256, query: [("edge", edge.map(String.init))]), from: client, to: path)
                if path != "-" { printer.say("\(path): \(count) bytes") }
            }
        }
    }

    /// Sends one photograph and says how it was taken; false when it waits in the outbox.
    static func add(
        _ path: String, to piece: String, _ facts: [(String, String?)], _ client: Client, _ printer: Printer
    ) async throws -> Bool {
        let request = try Request(.POST, "pieces", Reference.piece(piece), "images", query: facts).sending(
            file: path, type: "image/jpeg")
        guard let answer = try await client.submit(request, as: "photo \(path) of \(piece)", printer) else {
            return false
        }
        let image = try answer.json()
        let size = "\(image["width"]?.plain ?? "?") × \(image["height"]?.plain ?? "?")"
        try printer.done("photo \(path): \(size), \(image["sha256"]?.string ?? "")", answer)
        if let suspect = image["suspect"], suspect != .null, suspect != .bool(false) {
            printer.note(
                suspect.string.map { "\(path): the file looks damaged: \($0)" } ?? "\(path): the file looks damaged")
        }
        let near = (image["near"]?.elements ?? []).map { $0["stockNumber"]?.string ?? $0.plain }
        if !near.isEmpty { printer.note("\(path): looks like the photograph of \(near.joined(separator: ", "))") }
        return true
    }
}
