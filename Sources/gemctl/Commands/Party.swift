import ArgumentParser
import GemModel

struct PartyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "party", abstract: "Dealers, laboratories and the council.",
        discussion: """
            A PARTY is named by its id, its code or its name.

            EXAMPLES
              gemctl party add "Ali Gems" --code ALI
              gemctl party list
            """,
        subcommands: [Add.self, List.self, Show.self, Edit.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a party.",
            discussion: """
                EXAMPLES
                  gemctl party add "Ali Gems"
                  gemctl party add "Gem Laboratory Peshawar" --kind lab --code GLP
                """)

        @Argument(help: "Its name.") var name: String
        @Option(help: "dealer, lab or council.") var kind = "dealer"
        @Option(help: ArgumentHelp("2 to 12 of A–Z and 0–9; made from the name when absent.", valueName: "code"))
        var code: String?
        @Option(help: ArgumentHelp("Its name in Urdu.", valueName: "name")) var nameUr: String?
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("Any other member: path=text or path:=json; repeatable.", valueName: "path=value"))
        var assignments: [String] = []
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let document = JSON.object([
                "kind": .string(kind), "name": .string(name), "nameUr": nameUr.map { .string($0) },
                "code": code.map { .string($0) },
            ]).merging(try object(ofAssignments: assignments))
            try await global.talk { client, printer in
                let answer = try await client.send(Request(.POST, "parties").sending(document))
                let party = try answer.json()
                try printer.done("added \(kind) \(party["code"]?.string ?? name)  \(party["id"]?.string ?? "")", answer)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The parties.",
            discussion: """
                EXAMPLES
                  gemctl party list --all -o csv
                """)

        static let columns = [
            Column("CODE", "code"), Column("KIND", "kind"), Column("NAME", "name"), Column("NAME (URDU)", "nameUr"),
            Column("ID", "id"),
        ]

        @Option(help: "Parties a page, 1 to 500.") var limit: Int?
        @Option(help: ArgumentHelp("Go on after this cursor.", valueName: "cursor")) var after: String?
        @Flag(help: "All pages.") var all = false
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                if all {
                    return try await Pages.all(
                        "parties", query: [], limit: limit, after: after, Self.columns, client, printer)
                }
                try await Pages.one(
                    "parties", query: [("limit", limit.map(String.init)), ("after", after)], Self.columns, client,
                    printer)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One party.",
            discussion: """
                EXAMPLES
                  gemctl party show ALI
                """)

        @Argument(help: "Id, code or name.") var party: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("parties", try await client.party(party))
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "edit", abstract: "Change a party.",
            discussion: """
                EXAMPLES
                  gemctl party edit ALI --set name="Ali & Sons"
                  gemctl party edit ALI --unset nameUr
                """)

        @Argument(help: "Id, code or name.") var party: String
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("path=text or path:=json; repeatable.", valueName: "path=value"))
        var assignments: [String] = []
        @Option(help: ArgumentHelp("Take a member away; repeatable.", valueName: "path")) var unset: [String] = []
        @Option(help: ArgumentHelp("Change only this version.", valueName: "version")) var ifMatch: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            var patch = try object(ofAssignments: assignments)
            for text in unset { patch = patch.setting(.null, at: try Shorthand.path(text, option: "--unset")[...]) }
            guard patch.members?.isEmpty == false else {
                throw Failure(.usage, "nothing is to be changed", hint: "say what, such as --set name=\"Ali & Sons\"")
            }
            try await global.talk { client, printer in
                let answer = try await client.change(
                    "parties", try await client.party(party), patch: patch, ifMatch: ifMatch)
                try printer.done("changed \(party)", answer)
            }
        }
    }
}

struct MemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "People of a party.",
        discussion: """
            EXAMPLES
              gemctl member add --party ALI --name "Ali Khan" --uid 1001 --role dealer
              gemctl member list --party ALI
            """,
        subcommands: [Add.self, List.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The people of a party, with the ids that `token create` takes.",
            discussion: """
                EXAMPLES
                  gemctl member list --party ALI
                """)

        static let columns = [
            Column("NAME", "name"), Column("UID", "uid", .right), Column("ROLES", "roles"),
            Column("KEY", "enrolment"), Column("ID", "id"),
        ]

        @Option(help: ArgumentHelp("By id, code or name.", valueName: "party")) var party: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("parties", try await client.party(party), "members")
                printer.list(try Pages.items(answer), Self.columns, whole: answer.body)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a person to a party.",
            discussion: """
                With --uid the person's login on this machine is enough; without it a token is needed. \
                A login shared by several people is marked --forwarder: then each request needs a token.

                EXAMPLES
                  gemctl member add --party ALI --name "Ali Khan" --uid 1001 --role dealer
                  gemctl member add --party LAB --name Sana --role examiner --approval-key k.pub
                """)

        @Option(help: ArgumentHelp("By id, code or name.", valueName: "party")) var party: String
        @Option(help: "The person's name.") var name: String
        @Option(help: "The person's user id on the daemon's machine.") var uid: Int?
        @Option(
            help: ArgumentHelp(
                "dealer, registrar, examiner, approver, exporter, auditor or admin; repeatable.", valueName: "role"))
        var role: [String]
        @Flag(help: "A login shared by several people.") var forwarder = false
        @Option(help: ArgumentHelp("File with the ssh public key the person approves with.", valueName: "file"))
        var approvalKey: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let key = try approvalKey.map {
                String(decoding: try FileReader.bytes(of: $0, limit: 16_384), as: UTF8.self)
            }
            let document = JSON.object([
                "name": .string(name), "uid": uid.map { .integer($0) }, "roles": .array(role.map { .string($0) }),
                "forwarder": forwarder ? .bool(true) : nil,
                "approvalKey": key.map { .string($0.filter { $0 != "\n" }) },
            ])
            try await global.talk { client, printer in
                let answer = try await client.send(
                    Request(.POST, "parties", try await client.party(party), "members").sending(document))
                let id = try answer.json()["id"]?.string ?? ""
                try printer.done("added member \(name)  \(id)", answer)
                if uid == nil { printer.say("give a token with `gemctl token create \(id)`") }
            }
        }
    }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Secrets that stand for a member.",
        discussion: """
            EXAMPLES
              gemctl token create 0199… --expires-days 90
              gemctl token revoke 0199…
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a token; its secret is shown once.",
            discussion: """
                EXAMPLES
                  gemctl token create 0199… --expires-days 90
                  gemctl token create 0199… --json | jq -r .secret > token && chmod 600 token
                """)

        @Argument(help: "The member's id.") var member: String
        @Option(help: ArgumentHelp("Days until it expires.", valueName: "days")) var expiresDays: Int?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let document = JSON.object(["expiresDays": expiresDays.map { .integer($0) }])
                let answer = try await client.send(Request(.POST, "members", member, "tokens").once().sending(document))
                let token = try answer.json()
                guard printer.format == .table else { return printer.card(token, whole: answer.body) }
                printer.note("this secret is shown only now; keep it in a file with mode 600, or in GEMD_TOKEN")
                printer.console.print((token["secret"]?.string ?? "").printable)
                let name = token["id"]?.string ?? "?"
                printer.note(
                    token["expiresAt"]?.string.map { "token \(name) expires \($0)" } ?? "token \(name) never expires")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "A member's tokens, without their secrets.",
            discussion: """
                EXAMPLES
                  gemctl token list 0199…
                """)

        static let columns = [
            Column("ID", "id"), Column("CREATED", "createdAt"), Column("EXPIRES", "expiresAt"),
            Column("REVOKED", "revokedAt"),
        ]

        @Argument(help: "The member's id.") var member: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("members", member, "tokens")
                printer.list(try Pages.items(answer), Self.columns, whole: answer.body)
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Make a token useless at once.",
            discussion: """
                EXAMPLES
                  gemctl token revoke 0199…
                """)

        @Argument(help: "The token's id.") var id: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.send(Request(.DELETE, "tokens", id))
                try printer.done("revoked \(id)", answer)
            }
        }
    }
}
