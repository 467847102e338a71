import ArgumentParser
import GemModel

struct PieceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "piece", abstract: "Register, find, change and import stones and jewellery.",
        discussion: """
            A PIECE is named by its id, by stock:NUMBER, or by the bare stock number.

            EXAMPLES
              gemctl piece add --species beryl --variety emerald --weight 1.58ct
              gemctl piece list --weight 1..3 --sort -weightCt
              gemctl piece edit R-17 --price 4100usd
              gemctl piece import stock.ndjson
            """,
        subcommands: [
            Add.self, List.self, Show.self, Edit.self, Remove.self, History.self, PieceImport.self, Hold.self,
            Release.self,
            Quote.self, Sell.self, Transfer.self, Accept.self, Report.self, Split.self, Merge.self, Recut.self,
            Assemble.self, Disassemble.self, Lineage.self,
        ])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Register one piece.",
            discussion: """
                Prints the piece with its stock number and, on standard error, what looks unusual about it. \
                Safe to repeat after a lost connection: gemctl does so once by itself.

                EXAMPLES
                  gemctl piece add --stock R-17 --species beryl --variety emerald \\
                    --weight 1.58ct --size 9.12x7.05x4.88 --shape oval --treatment OIL:minor \\
                    --origin PK:Swat --price 4200usd --photo r17.jpg
                  gemctl piece add --species diamond --weight 1.01ct --colour F --clarity VS1
                  gemctl piece add --kind rough --species topaz --weight 42g --pieces 3
                  gemctl piece add --kind pearl --nature bead_cultured --weight 4.2ct \\
                    --shape near_round --colour cream
                  gemctl piece add --kind pair --species corundum --variety ruby \\
                    --mount ruby:1.04ct:oval --mount ruby:1.06ct:oval
                  gemctl piece add --kind set --species topaz --weight 9ct --pieces 5
                  gemctl piece add --kind strand --species turquoise --pieces 60 --length 450
                  gemctl piece add --kind parcel --species corundum --pieces 120 \\
                    --weight 36.4ct --grade "A to B"
                  gemctl piece add --kind specimen --species topaz --weight 410g
                  gemctl piece add --type bangle --metal gold:22k:8.42g --gross 9.1g
                  gemctl piece add --type bangle --metal gold:22k:11.66g --price metal \\
                    --making-charge 12000pkr
                  gemctl piece add --type ring --metal gold:18k --hallmark fineness:750 \\
                    --ring-size US:7 --mount centre:emerald:1.10ct:oval:prong
                  gemctl piece add --file piece.json
                  jq -c . piece.json | gemctl piece add --file -
                """)

        @Option(
            help: ArgumentHelp(
                "stone, rough, pearl, pair, set, strand, parcel, jewellery or specimen (default: by the other options).",
                valueName: "kind")) var kind: String?
        @OptionGroup(title: "Facts") var facts: PieceFacts
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("Any other member: path=text or path:=json; repeatable.", valueName: "path=value"))
        var assignments: [String] = []
        @Option(help: ArgumentHelp("The piece as JSON, or - for standard input.", valueName: "file")) var file: String?
        @Option(help: ArgumentHelp("JPEG photograph; repeatable, the first is the face-up view.", valueName: "file"))
        var photo: [String] = []
        @Option(help: ArgumentHelp("Register for this party (registrar).", valueName: "party")) var party: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let document = try document()
            for path in photo { _ = try FileReader(path: path) }  // a wrong name is found before anything is registered
            try await global.talk { client, printer in
                let owner = if let party { Optional(try await client.party(party)) } else { String?.none }
                // Named here, so that its photographs can name it before the daemon has seen it.
                let id = document["id"]?.string ?? UUIDv7.made().description
                let request = Request(.POST, "pieces", query: [("party", owner)]).sending(
                    document.setting(.string(id), at: ["id"]))
                let answer = try await client.submit(request, as: "add \(document.pieceSentence)", printer)
                if let answer { try printer.done("added \(try answer.json().pieceSentence)", answer) }
                var isKept = answer == nil
                for (index, path) in photo.enumerated() {
                    let role = index == 0 ? "face_up" : nil
                    if try await !ImageCommand.add(path, to: id, [("role", role)], client, printer) { isKept = true }
                }
                if isKept { throw Outcome.partly }
            }
        }

        func document() throws -> JSON {
            var document = JSON.object([])
            if let file {
                let bytes = try FileReader.bytes(of: file, limit: 1 << 20)
                do {
                    document = try JSON(parsing: bytes)
                } catch {
                    throw Failure(
                        .failed, "\"\(file)\" is not JSON: \(error)",
                        hint: "for many pieces, one a line, use `gemctl piece import`")
                }
            }
            let kind = kind ?? document["kind"]?.string ?? (facts.isJewellery ? "jewellery" : "stone")
            if document["kind"] == nil || self.kind != nil { document = document.setting(.string(kind), at: ["kind"]) }
            document = try facts.put(into: document, kind: kind)
            for text in assignments {
                let (path, value) = try Shorthand.assignment(text)
                document = document.setting(value, at: path[...])
            }
            guard document.members?.contains(where: { $0.name != "kind" }) == true else {
                throw Failure(
                    .usage, "nothing is said about the piece", hint: "give at least --species and --weight, or --file")
            }
            return document
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Find pieces.",
            discussion: """
                Words are looked for in every text, in English and Urdu: all of them, or
                emer* a beginning, ruby OR spinel either; after -- also -oiled, without it.
                Ranges are low..high with either end open: 2..5, ..500, 3..

                EXAMPLES
                  gemctl piece list swat emerald
                  gemctl piece list "pigeon's blood" --origin PK
                  gemctl piece list --species beryl --weight 2..5 --sort -weightCt
                  gemctl piece list --all -o csv > stock.csv
                  gemctl piece list --facets species,shape --total exact --limit 1
                  gemctl piece list --all -o jsonl | jq .stockNumber
                """)

        static let columns = [
            Column("STOCK", "stockNumber"), Column("KIND", "kind"),
            Column("SPECIES") {
                $0.block?.gemName ?? $0.at("jewellery.type")?.plain ?? ""
            },
            Column("WEIGHT", .right) { piece in
                piece.block?.weightText ?? piece.at("jewellery.grossWeightG")?.string.map { "\($0) g" } ?? ""
            },
            Column("SHAPE") { $0.block?.at("shape")?.plain ?? "" },
            Column("SIZE MM") { $0.block?["measurementsMm"]?.sizeText ?? "" },
            Column("PRICE", .right) { piece in
                piece.at("price.total")?.plain ?? piece.at("price.perCarat").map { "\($0.plain)/ct" }
                    ?? (piece.at("price.metalLinked") == .bool(true) ? Message("by metal").text : "")
            },
            Column("STATUS", "status"), Column("PLACE", "location"), Column("TITLE", "title"),
        ]

        @Argument(help: "Words to look for.") var words: [String] = []
        @Option(help: "stone, jewellery…") var kind: String?
        @Option(help: "Species code.") var species: String?
        @Option(help: "Variety.") var variety: String?
        @Option(help: "Shape, by name or code.") var shape: String?
        @Option(help: "Status code.") var status: String?
        @Option(help: ArgumentHelp("Carats.", valueName: "range")) var weight: String?
        @Option(help: ArgumentHelp("Amount in the pieces' currency.", valueName: "range")) var price: String?
        @Option(help: ArgumentHelp("Country, region or locality of origin.", valueName: "place")) var origin: String?
        @Option(help: ArgumentHelp("true or false.", valueName: "boolean")) var certified: String?
        @Option(help: "A party's pieces (staff).") var party: String?
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp(
                "createdAt, weightCt, price or stockNumber; - before it for the largest first.", valueName: "key"))
        var sort: String?
        @Option(help: "Pieces a page, 1 to 500.") var limit: Int?
        @Option(help: ArgumentHelp("Go on after this cursor.", valueName: "cursor")) var after: String?
        @Flag(help: "All pages.") var all = false
        @Option(help: ArgumentHelp("Count by these, such as species,shape.", valueName: "keys")) var facets: String?
        @Option(help: ArgumentHelp("Count all: exact or estimate.", valueName: "how")) var total: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        /// What the shell gave as one argument is one phrase.
        private static func quoted(_ word: String) -> String {
            word.contains(" ") && !word.contains("\"") ? "\"\(word)\"" : word
        }

        func run() async throws {
            try await global.talk { client, printer in
                let owner = if let party { Optional(try await client.party(party)) } else { String?.none }
                let query: [(String, String?)] = [
                    ("q", words.isEmpty ? nil : words.map(Self.quoted).joined(separator: " ")), ("kind", kind),
                    ("species", species),
                    ("variety", variety),
                    ("shape", shape.flatMap { Shorthand.shape($0).string }), ("status", status),
                    ("weightCt", weight.map(Self.range)),
                    ("price", price.map(Self.range)), ("origin", origin), ("certified", certified), ("party", owner),
                    ("sort", sort),
                    ("facets", facets), ("total", total),
                ]
                if all {
                    try await Pages.all(
                        "pieces", query: query, limit: limit, after: after, Self.columns, client, printer)
                } else {
                    try await Pages.one(
                        "pieces", query: query + [("limit", limit.map(String.init)), ("after", after)], Self.columns,
                        client, printer)
                }
            }
        }

        /// `2ct..5ct` is written by hand as often as `2..5`; a bare `2` means exactly that.
        static func range(_ text: String) -> String {
            let plain = text.lowercased().replacing("ct", with: "")
            return plain.contains("..") ? plain : "\(plain)..\(plain)"
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "All that is known about a piece, and what a buyer must be told.",
            discussion: """
                EXAMPLES
                  gemctl piece show R-17
                  gemctl piece show R-17 --lang ur
                  gemctl piece show stock:R-17 --json | jq .stone
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("pieces", Reference.piece(piece))
                printer.card(try answer.json(), whole: answer.body)
                guard printer.format == .table else { return }
                let disclosure = try await client.get("pieces", Reference.piece(piece), "disclosure").json()
                printer.paragraph(disclosure["text"]?.string ?? "")
            }
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "edit", abstract: "Change facts of a piece.",
            discussion: """
                Reads the piece first and sends its version along: if somebody changes it in between, \
                nothing is overwritten and gemctl exits 8.

                EXAMPLES
                  gemctl piece edit R-17 --price 4100usd --location safe/3
                  gemctl piece edit R-17 --set stone.clarity=eye_clean --unset title
                  gemctl piece edit R-17 --set quantity:=2
                  gemctl piece edit B-4 --kind parcel --pieces 118 --weight 35.9ct
                  gemctl piece edit R-17 --file patch.json --if-match 4
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(help: ArgumentHelp("Its kind, when the facts below are not a stone's.", valueName: "kind")) var kind:
            String?
        @OptionGroup(title: "Facts") var facts: PieceFacts
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("path=text or path:=json; repeatable.", valueName: "path=value"))
        var assignments: [String] = []
        @Option(help: ArgumentHelp("Take a member away; repeatable.", valueName: "path")) var unset: [String] = []
        @Option(help: ArgumentHelp("A merge patch (RFC 7396), or - for standard input.", valueName: "file")) var file:
            String?
        @Option(help: ArgumentHelp("Change only this version.", valueName: "version")) var ifMatch: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let patch = try patch()
            try await global.talk { client, printer in
                let answer = try await client.change("pieces", Reference.piece(piece), patch: patch, ifMatch: ifMatch)
                let piece = try answer.json()
                let sentence: Message =
                    piece["version"]?.integer.map { "changed \(piece.pieceSentence), now version \($0)" }
                    ?? "changed \(piece.pieceSentence)"
                try printer.done(sentence, answer)
            }
        }

        func patch() throws -> JSON {
            var patch = JSON.object([])
            if let file {
                do {
                    patch = try JSON(parsing: try FileReader.bytes(of: file, limit: 1 << 20))
                } catch let error as JSONError {
                    throw Failure(
                        .failed, "\"\(file)\" is not JSON: \(error)",
                        hint: "a patch looks like {\"location\":\"safe/3\"}")
                }
            }
            patch = try facts.put(into: patch, kind: kind)
            for text in assignments {
                let (path, value) = try Shorthand.assignment(text)
                patch = patch.setting(value, at: path[...])
            }
            for text in unset { patch = patch.setting(.null, at: try Shorthand.path(text, option: "--unset")[...]) }
            guard patch.members?.isEmpty == false else {
                throw Failure(
                    .usage, "nothing is to be changed", hint: "say what, such as --price 4100usd or --set path=value")
            }
            return patch
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove a piece that was registered by mistake.",
            discussion: """
                EXAMPLES
                  gemctl piece rm R-17
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(help: ArgumentHelp("Remove only this version.", valueName: "version")) var ifMatch: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                try await client.remove("pieces", Reference.piece(piece), ifMatch: ifMatch)
                printer.say("removed \(piece)")
            }
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "history", abstract: "What happened to a piece, oldest first.",
            discussion: """
                EXAMPLES
                  gemctl piece history R-17
                """)

        static let columns = [
            Column("TIME", "at"), Column("WHAT", "kind"), Column("BY", "by"),
            Column("DETAILS") { event in
                let told: Set<String> = ["seq", "at", "kind", "by", "subject"]
                return JSON.object((event.members ?? []).filter { !told.contains($0.name) }).plain
            },
        ]

        @Argument(help: "Id or stock number.") var piece: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("pieces", Reference.piece(piece), "events")
                printer.list(try Pages.items(answer), Self.columns, whole: answer.body)
            }
        }
    }
}
