import ArgumentParser
import GemModel

struct CertifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certify", abstract: "Issue a certificate for a piece.",
        discussion: """
            A declaration is the dealer's own word, issued at once. For an examination name the laboratory; \
            the answer is then a draft that its examiners complete. \
            Safe to repeat after a lost connection: gemctl does so once by itself.

            EXAMPLES
              gemctl certify R-17
              gemctl certify R-17 --class examination --lab GGAPCP
              gemctl certify R-17 --supersedes NUMBER --reason recut_repolished
              gemctl certify R-17 --json | jq -r .number
            """)

    @Argument(help: "Id or stock number.") var piece: String
    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("declaration: what the dealer says of it.", valueName: "class"))
    var kind = "declaration"
    @Option(help: ArgumentHelp("The laboratory, by code or id.", valueName: "party")) var lab: String?
    @Option(help: ArgumentHelp("The certificate of this class that it replaces.", valueName: "number"))
    var supersedes: String?
    @Option(help: ArgumentHelp("Why it is replaced: `gemctl codes statusReasons`.", valueName: "reason"))
    var reason: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any other member: path=text or path:=json; repeatable.", valueName: "path=value"))
    var assignments: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let more = try object(ofAssignments: assignments)
        try await global.talk { client, printer in
            var document = JSON.object([
                "class": .string(kind), "supersedes": supersedes.map(JSON.string), "reason": reason.map(JSON.string),
            ]).merging(more)
            if let lab { document = document.setting(.string(try await client.party(lab)), at: ["lab"]) }
            let answer = try await client.send(
                Request(.POST, "pieces", Reference.piece(piece), "certificates").sending(document))
            let certificate = try answer.json()
            if let number = certificate["number"]?.string {
                try printer.done("certified \(piece): \(number)", answer, asked: number)
                printer.say(
                    "fetch it with `gemctl certificate get \(number)`, check it with `gemctl verify \(number).json`")
            } else {
                try printer.done("\(kind) of \(piece) begun: draft \(certificate["id"]?.string ?? "?")", answer)
            }
        }
    }
}

struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Look at certificates, fetch their files, examine, approve, suspend.",
        discussion: """
            EXAMPLES
              gemctl certificate show GGAPCP-26D-000417-7QXKD
              gemctl certificate get GGAPCP-26D-000417-7QXKD
              gemctl certificate print GGAPCP-26D-000417-7QXKD --lang ur
              gemctl certificate suspend GGAPCP-26D-000417-7QXKD --reason fraud_suspected
            """,
        subcommands: [
            Show.self, Get.self, Print.self, Drafts.self, ShowDraft.self, Examine.self, Claim.self, Approve.self,
            Cancel.self,
            Bulk.self, Suspend.self, Reinstate.self, Withdraw.self, Supersede.self,
        ],
        aliases: ["cert"])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "What a certificate says and its status today.",
            discussion: """
                This shows what the daemon says; it checks no signature: that is `gemctl verify`.

                EXAMPLES
                  gemctl certificate show GGAPCP-26D-000417-7QXKD
                """)

        @Argument(help: "The certificate's number.") var number: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("certificates", number)
                if printer.format == .table { printer.note("signatures are not checked here: use `gemctl verify`") }
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct Get: AsyncParsableCommand {
        enum Artefact: String, ExpressibleByArgument, CaseIterable {
            case json, p7s
            case proof = "tlog-proof"
            case code = "qr.txt"
            case picture = "qr.svg"
            case pdf

            /// Beside each other under these names, `gemctl verify NUMBER.json` finds them all.
            func fileName(_ number: String) -> String { self == .p7s ? "\(number).json.p7s" : "\(number).\(rawValue)" }
        }

        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Fetch a certificate's files, byte for byte.",
            discussion: """
                Without a kind: json, p7s and tlog-proof, named so that verify finds them together. The paper (pdf) is \
                in the language of --lang.

                EXAMPLES
                  gemctl certificate get GGAPCP-26D-000417-7QXKD
                  gemctl certificate get GGAPCP-26D-000417-7QXKD json -O -
                  gemctl certificate get GGAPCP-26D-000417-7QXKD qr.svg
                  gemctl certificate get GGAPCP-26D-000417-7QXKD pdf --lang ur
                """)

        @Argument(help: "The certificate's number.") var number: String
        @Argument(help: "json, p7s, tlog-proof, qr.txt, qr.svg or pdf.") var kind: Artefact?
        @Flag(help: "The paper as a pocket card.") var card = false
        @Option(
            name: [.customShort("O"), .customLong("out")],
            help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
        var out: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            if out != nil, kind == nil {
                throw Failure(
                    .usage, "-O names one file, but three would be fetched", hint: "say which: json, p7s or tlog-proof")
            }
            guard !card || kind == .pdf else {
                throw Failure(.usage, "--card is a form of the paper", hint: "ask for pdf")
            }
            try await global.talk { client, printer in
                for kind in kind.map({ [$0] }) ?? [.json, .p7s, .proof] {
                    let path = out ?? kind.fileName(number)
                    let request = Request(
                        .GET, "certificates", "\(number).\(kind.rawValue)", query: [("form", card ? "card" : nil)])
                    try await Download.save(request, from: client, to: path)
                    if path != "-" { printer.say(.exactly(path)) }
                }
            }
        }
    }
    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print", abstract: "Fetch a certificate's paper and count the print.",
            discussion: """
                For its dealer, its laboratory and the council. Each print has a number, kept with who made it and \
                when; the file is the same each time. The paper is in the language of --lang.

                EXAMPLES
                  gemctl certificate print GGAPCP-26D-000417-7QXKD
                  gemctl certificate print GGAPCP-26D-000417-7QXKD --card --lang ur
                  gemctl certificate print GGAPCP-26D-000417-7QXKD -O - | lp
                """)

        @Argument(help: "The certificate's number.") var number: String
        @Flag(help: "The paper as a pocket card.") var card = false
        @Option(
            name: [.customShort("O"), .customLong("out")],
            help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
        var out: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let form = card ? "card" : "a4"
                let answer = try await client.send(
                    Request(.POST, "certificates", number, "prints").sending(.object(["form": .string(form)])))
                let print = try answer.json()
                let path = out ?? "\(print["number"]?.string ?? number).pdf"
                try await Download.save(
                    Request(
                        .GET, "certificates", "\(number).pdf", query: [("lang", print["lang"]?.string), ("form", form)]),
                    from: client, to: path)
                // Standard output is the paper's then.
                guard path != "-" else {
                    return printer.note("print \(print["copy"]?.integer ?? 0) of \(number)")
                }
                try printer.done("print \(print["copy"]?.integer ?? 0) of \(number): \(path)", answer, asked: path)
            }
        }
    }
}
