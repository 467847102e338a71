import ArgumentParser
import GemModel

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Whether the daemon is there, sound, and who you are to it.",
        discussion: """
            Exits 9 when the daemon cannot be reached and 1 when something it needs fails.

            EXAMPLES
              gemctl status
              gemctl --host ssh://ali@gems.example status -o json
            """)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            let api = try await client.get()
            let ready = try await Self.asking { try await client.get("health", "ready") }
            let who = try await Self.asking { try await client.get("whoami") }
            let quota = try await Self.asking { try await client.get("quota") }
            if printer.format == .table {
                var rows = Self.card(ready, who)
                if quota.isFine { rows += Self.usage(try JSON(parsing: quota.body)) }
                let version = try api.json()["version"]?.string ?? "?"
                printer.console.print(Message("gemd \(version) at \(Self.place(of: client.endpoint))").text.printable)
                Card.aligned(rows.map { ($0.text, $1.text.printable) }).forEach(printer.console.print)
            } else {
                let parts = [
                    ("api", api.body), ("ready", ready.body), ("whoami", who.body), ("quota", quota.body),
                ]
                let whole =
                    Array("{".utf8)
                    + parts.map { name, body in Array("\"\(name)\":".utf8) + body }.joined(separator: Array(",".utf8))
                    + Array("}".utf8)
                printer.card(try JSON(parsing: whole), whole: whole)
            }
            if !ready.isFine { throw Outcome.failed }
        }
    }

    /// A refusal is part of the state here, not the end.
    private static func asking(_ get: () async throws -> Answer) async throws -> (isFine: Bool, body: [UInt8]) {
        do {
            return (true, try await get().body)
        } catch let failure as Failure where failure.problem != nil {
            return (false, failure.problem ?? [])
        }
    }

    /// What the party keeps, and may keep.
    private static func usage(_ quota: JSON) -> [(Message, Message)] {
        func share(_ name: String) -> (used: Int, limit: Int)? {
            guard let used = quota[name]?["used"]?.integer, let limit = quota[name]?["limit"]?.integer else {
                return nil
            }
            return (used, limit)
        }
        var rows: [(Message, Message)] = []
        if let (used, limit) = share("pieces") { rows.append(("pieces", "\(used) of \(limit)")) }
        if let (used, limit) = share("photographBytes") {
            rows.append(("photos", "\((used + 999_999) / 1_000_000) of \(limit / 1_000_000) MB"))
        }
        return rows
    }

    private static func place(of endpoint: Endpoint) -> String {
        switch endpoint {
        case .unix(let path): path
        case .ssh: endpoint.description
        }
    }

    private static func card(
        _ ready: (isFine: Bool, body: [UInt8]), _ who: (isFine: Bool, body: [UInt8])
    ) -> [(Message, Message)] {
        let checks = try? JSON(parsing: ready.body)  // shown as far as it can be read
        let reason: Message = checks?["title"]?.string.map { .exactly($0) } ?? "it does not say why"
        var rows: [(Message, Message)] = [("ready", ready.isFine ? "yes" : "NO: \(reason)")]
        if !ready.isFine, let hint = checks?["hint"]?.string { rows.append((.exactly(""), .exactly(hint))) }
        for warning in checks?["warnings"]?.elements ?? [] { rows.append(("to do", .exactly(warning.string ?? ""))) }
        rows.append(("you are", WhoamiCommand.sentence(who.isFine ? try? JSON(parsing: who.body) : nil)))
        return rows
    }
}

struct WhoamiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Which member, party and roles the daemon takes you for.",
        discussion: """
            EXAMPLES
              gemctl whoami
              GEMD_TOKEN=gemd_… gemctl whoami --json
            """)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            let answer = try await client.get("whoami")
            if printer.format == .table {
                printer.console.print(Self.sentence(try answer.json()).text.printable)
            } else {
                printer.card(try answer.json(), whole: answer.body)
            }
        }
    }

    /// `ali of ALI (dealer, exporter), by your login`.
    static func sentence(_ json: JSON?) -> Message {
        guard let json else { return "not known to this daemon: ask an admin for `gemctl member add`, or use a token" }
        func name(_ json: JSON?) -> String {
            json?.string ?? json?["name"]?.string ?? json?["code"]?.string ?? json?["id"]?.string
                ?? Message("nobody").text
        }
        let roles = json["roles"]?.plain ?? ""
        let way: Message = json["via"]?.string == "token" ? "by token" : "by your login"
        let member = name(json["member"])
        let told: Message = roles.isEmpty ? "no roles" : .exactly(roles)
        return json["party"].map { "\(member) of \(name($0)) (\(told)), \(way)" } ?? "\(member) (\(told)), \(way)"
    }
}

struct VersionCommand: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "The versions of gemctl and, when it is there, of the daemon.",
        discussion: """
            EXAMPLES
              gemctl version
            """)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await global.talk { client, printer in
            var daemon: String?
            do {
                daemon = try await client.get().json()["version"]?.string
            } catch let failure as Failure where failure.outcome == .unreachable {
                printer.note(.exactly(failure.title))
            }
            let json = JSON.object(["gemctl": .string(Self.version), "gemd": daemon.map { .string($0) }])
            printer.card(json, whole: json.bytes)
        }
    }
}
