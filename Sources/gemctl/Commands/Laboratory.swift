import ArgumentParser
import Foundation
import GemModel

// The work of a laboratory, and of who asks it: drafts, examinations, approvals.

extension CertificateCommand {
    struct Drafts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drafts", abstract: "Requests at your laboratory, or for your own pieces.",
            discussion: """
                EXAMPLES
                  gemctl certificate drafts
                  gemctl certificate drafts --state approving
                """)

        static let columns = [
            Column("ID", "id"), Column("CLASS", "class"), Column("STATE", "state"), Column("PIECE", "piece"),
            Column("NUMBER", "number"), Column("ASKED", "createdAt"),
        ]

        @Option(help: ArgumentHelp("Only these: `gemctl codes draftStates`.", valueName: "state")) var state: String?
        @Option(help: ArgumentHelp("At most so many.", valueName: "count")) var limit: Int?
        @Option(help: ArgumentHelp("Go on behind this cursor.", valueName: "cursor")) var after: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let query: [(String, String?)] = [
                ("state", state), ("limit", limit.map(String.init)), ("after", after),
            ]
            try await global.talk { client, printer in
                try await Pages.one("certificates", query: query, Self.columns, client, printer)
            }
        }
    }

    struct ShowDraft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "draft", abstract: "What a request is at, and the words that are to be approved.",
            discussion: """
                EXAMPLES
                  gemctl certificate draft 0199…
                  gemctl certificate draft 0199… --json | jq .draft
                """)

        @Argument(help: "The draft's id.") var id: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("certificates", id)
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct Examine: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "examine", abstract: "Hand in your examination, which cannot be changed after.",
            discussion: """
                The file is JSON: the stone, pearl or jewellery as examined, instruments with the day of their \
                calibration, uncertainty; for a check result and methods.

                EXAMPLES
                  gemctl certificate examine 0199… examination.json
                  gemctl certificate examine 0199… --set result=match --set 'methods:=["weight"]'
                """)

        @Argument(help: "The draft's id.") var id: String
        @Argument(help: "The JSON file, or - for standard input.") var file: String?
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("A member: path=text or path:=json; repeatable.", valueName: "path=value"))
        var assignments: [String] = []
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            var document = JSON.object([])
            if let file { document = try JSON(parsing: FileReader.bytes(of: file, limit: 1 << 20)) }
            document = document.merging(try object(ofAssignments: assignments))
            let body = document
            try await global.talk { client, printer in
                let answer = try await client.send(Request(.POST, "certificates", id, "examinations").sending(body))
                try printer.done("examined \(id): \(try answer.json()["state"]?.string ?? "?")", answer, asked: id)
            }
        }
    }

    struct Claim: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "claim", abstract: "Take on the approval of a draft that names no approver.",
            discussion: """
                EXAMPLES
                  gemctl certificate claim 0199…
                """)

        @Argument(help: "The draft's id.") var id: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.send(Request(.POST, "certificates", id, "claim").sending(.object([])))
                try printer.done("you approve \(id)", answer, asked: id)
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "approve", abstract: "Sign a draft with your own key; the approver's signature issues it.",
            discussion: """
                Without a key or a signature this prints the line that makes one. Read the draft first: \
                `gemctl certificate draft`.

                EXAMPLES
                  gemctl certificate approve 0199…
                  gemctl certificate approve 0199… --key ~/.ssh/id_ed25519
                  gemctl certificate approve 0199… --signature draft.sig
                """)

        @Argument(help: "The draft's id.") var id: String
        @Option(help: ArgumentHelp("Your private key: ssh-keygen signs with it.", valueName: "file")) var key: String?
        @Option(help: ArgumentHelp("What `ssh-keygen -Y sign` wrote.", valueName: "file")) var signature: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let draft = try await client.get("certificates", id).json()
                guard let sha256 = draft["sha256"]?.string, sha256.allSatisfy({ $0.isHexDigit }),
                    sha256.utf8.count == 64
                else {
                    throw Failure(
                        .conflict,
                        "the draft is \(draft["state"]?.string ?? "unknown"): there is nothing to approve yet",
                        hint: "look at it with `gemctl certificate draft \(id)`")
                }
                let text: String
                if let signature {
                    text = String(decoding: try FileReader.bytes(of: signature, limit: 16_384), as: UTF8.self)
                } else if let key {
                    text = try Self.sign(sha256, with: key)
                } else {
                    let line = "printf %s \(sha256) | ssh-keygen -Y sign -n gemd-approval -f KEY > approval.sig"
                    printer.console.print(line)
                    printer.note("then: gemctl certificate approve \(id) --signature approval.sig")
                    return
                }
                let answer = try await client.send(
                    Request(.POST, "certificates", id, "approve").sending(.object(["approval": .string(text)])))
                if let number = try answer.json()["number"]?.string {
                    try printer.done("approved \(id) and issued \(number)", answer, asked: number)
                } else {
                    try printer.done("approved \(id)", answer, asked: id)
                }
            }
        }

        /// ssh-keygen asks for the key's passphrase itself, on the terminal.
        private static func sign(_ sha256: String, with key: String) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["ssh-keygen", "-q", "-Y", "sign", "-n", "gemd-approval", "-f", key]
            let (input, output) = (Pipe(), Pipe())
            process.standardInput = input
            process.standardOutput = output
            do { try process.run() } catch {
                throw Failure(.failed, "run ssh-keygen: \(String(describing: error))", hint: "install openssh-client")
            }
            input.fileHandleForWriting.write(Data(sha256.utf8))
            try input.fileHandleForWriting.close()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw Failure(.failed, "ssh-keygen made no signature", hint: "check the key: ssh-keygen -y -f \(key)")
            }
            return text
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "End a request that is not issued.",
            discussion: """
                EXAMPLES
                  gemctl certificate cancel 0199… --reason "sold meanwhile"
                """)

        @Argument(help: "The draft's id.") var id: String
        @Option(help: ArgumentHelp("For the file.", valueName: "text")) var reason: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let form = JSON.object(["reason": reason.map(JSON.string)])
                let answer = try await client.send(Request(.POST, "certificates", id, "cancel").sending(form))
                try printer.done("cancelled \(id)", answer, asked: id)
            }
        }
    }

    struct Bulk: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bulk", abstract: "Declare many pieces, a line each.",
            discussion: """
                Each line names a piece and a class, and is answered when its certificate is in the log. The same \
                file again changes nothing. Exits 10 when lines were refused.

                EXAMPLES
                  gemctl certificate bulk lines.ndjson
                  jq -c '{piece:.id,class:"declaration"}' pieces.jsonl | gemctl certificate bulk -
                """)

        @Argument(help: "File with one JSON object a line, or - for standard input.") var file: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let console = Console.current
            let source = file == "-" ? FileReader(borrowing: console.input, name: "-") : try FileReader(path: file)
            try await global.talk { client, printer in
                var request = Request(.POST, "certificates", "bulk").once()
                request.body = .stream(type: "application/x-ndjson", length: file == "-" ? nil : source.size) {
                    { try await source.next() }
                }
                var last: JSON?
                try await client.exchange(request) { body in
                    try await body.lines { line in
                        if printer.format == .json || printer.format == .jsonl { printer.exact(line) }
                        let answer = try JSON(parsing: line)
                        if answer["done"] != nil { last = answer }
                        guard let problem = answer["problem"], let number = answer["line"]?.integer else { return }
                        printer.note("line \(number): \(problem["title"]?.string ?? "refused")")
                    }
                }
                guard let last else {
                    throw Failure(
                        .failed, "the daemon's answer broke off", hint: "send the file again: nothing is done twice")
                }
                let refused = last["refused"]?.integer ?? 0
                printer.say(
                    "\(last["created"]?.integer ?? 0) certified, \(last["unchanged"]?.integer ?? 0) were already, \(refused) refused"
                )
                if refused > 0 { throw Outcome.partly }
            }
        }
    }
}

extension MemberCommand {
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "End a membership, its tokens and its key.",
            discussion: """
                Where the issuing key is under a passphrase, retire the key with `gemd enrol --retire` too.

                EXAMPLES
                  gemctl member remove 0199…
                """)

        @Argument(help: "The member's id.") var member: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.send(Request(.DELETE, "members", member))
                try printer.done("removed \(member)", answer)
            }
        }
    }
}
