import ArgumentParser
import GemModel

struct CodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codes", abstract: "The codes that pieces are written in, with their names.",
        discussion: """
            Without a list, the names of the lists.

            EXAMPLES
              gemctl codes
              gemctl codes treatments
              gemctl codes varieties -o csv
            """)

    private static let columns = [
        Column("CODE", "code"), Column("ENGLISH", "en"), Column("URDU", "ur"),
        Column("MORE") { entry in
            entry["species"]?.plain ?? entry["degrees"]?.elements?.compactMap { $0["code"]?.string }.joined(
                separator: " ")
                ?? ""
        },
    ]

    @Argument(help: "A list, such as shapes or treatments.") var list: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            let answer = try await client.get("codes")
            let lists = try answer.json()
            guard let list else {
                let rows = (lists.members ?? []).map { list in
                    JSON.object(["list": .string(list.name), "codes": .integer(list.value.elements?.count ?? 0)])
                }
                return printer.list(
                    rows, [Column("LIST", "list"), Column("CODES", "codes", .right)], whole: answer.body)
            }
            guard let entries = lists[list]?.elements else {
                throw Failure(
                    .usage, "there is no list \"\(list)\"",
                    hint: "`gemctl codes` names them: \((lists.members ?? []).map(\.name).joined(separator: ", "))")
            }
            printer.list(entries, Self.columns, whole: JSON.array(entries).bytes)
        }
    }
}
