import ArgumentParser
import GemModel

/// What was lost, and why weights do not balance; what stays of a piece that gives parts away.
struct WeighingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What was lost or cut away, such as 0.05ct.", valueName: "weight")) var loss: String?
    @Option(help: ArgumentHelp("Why the weights do not balance.", valueName: "text")) var reason: String?

    func members() throws -> [JSON.Member] {
        var members: [JSON.Member] = []
        if let loss { members.append(.init("lossCt", try Shorthand.carats(loss, option: "--loss"))) }
        if let reason { members.append(.init("reason", .string(reason))) }
        return members
    }
}

struct RemainderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What stays, as weighed: 3.75ct:40.", valueName: "weight:pieces")) var remainder: String?

    func member() throws -> JSON.Member? {
        guard let remainder else { return nil }
        return .init("remainder", try Shorthand.part(remainder, option: "--remainder"))
    }
}

/// What the commands that take a part of a parcel send of it.
enum Division {
    static func members(
        _ part: String?, _ remainder: RemainderOptions, _ weighing: WeighingOptions
    ) throws -> [JSON.Member] {
        let others = (try remainder.member().map { [$0] } ?? []) + (try weighing.members())
        guard let part else {
            guard others.isEmpty else {
                throw Failure(
                    .usage, "\(others[0].name) is said of no part", hint: "give --part, such as --part 3.80ct:38")
            }
            return []
        }
        return [.init("part", try Shorthand.part(part, option: "--part"))] + others
    }
}

extension PieceCommand {
    struct Split: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "split", abstract: "Divide a parcel or rough into parts, by weight.",
            discussion: """
                The parts and the loss make the whole, within 0.02 ct or 0.1 %; else say the reason. Without \
                --keep or --remainder nothing stays of it.

                EXAMPLES
                  gemctl piece split B-4 --into 6.20ct:60:B-4/1 --into 3.75ct:40 \\
                    --loss 0.05ct
                  gemctl piece split B-4 --into 2.50ct:20 --keep
                  gemctl piece split RO-1 --into 12.40ct:1:T-1 --as stone --loss 29.60ct
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(
            name: .customLong("into"),
            help: ArgumentHelp("A part: 6.20ct:60:B-4/1; repeatable.", valueName: "weight:pieces:stock"))
        var parts: [String]
        @Option(name: .customLong("as"), help: ArgumentHelp("What is cut of rough: stone, pair…", valueName: "kind"))
        var kind: String?
        @Flag(help: "Keep what is left, not weighed again.") var keep = false
        @OptionGroup var remainder: RemainderOptions
        @OptionGroup var weighing: WeighingOptions
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let facts = kind.map { kind in
                JSON.Member("piece", .object([.init("kind", .string(kind)), .init(kind, .object([]))]))
            }
            let list = try parts.map { text in
                JSON.object((try Shorthand.part(text, option: "--into").members ?? []) + (facts.map { [$0] } ?? []))
            }
            var members = [JSON.Member("into", .array(list))] + (try weighing.members())
            if let kept = try remainder.member() {
                guard !keep else {
                    throw Failure(.usage, "--keep and --remainder say the same thing twice", hint: "keep one of them")
                }
                members.append(kept)
            } else if keep {
                members.append(.init("remainder", .object([])))
            }
            let document = JSON.object(members)
            try await global.talk { client, printer in
                let answer = try await client.work(piece, "split", document, tell: printer)
                let made = (try answer.json()["into"]?.elements ?? []).compactMap { $0["stockNumber"]?.string }
                try printer.done(
                    "\(piece) split into \(made.joined(separator: ", "))", answer, asked: made.joined(separator: "\n"))
            }
        }
    }

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "merge", abstract: "Put other parcels into one.",
            discussion: """
                Where they differ in species, nature, treatments or origin, say with --set what the whole is.

                EXAMPLES
                  gemctl piece merge B-4 B-5 B-6
                  gemctl piece merge B-4 B-5 --weight 14.92ct --set parcel.variety="mixed beryl"
                """)

        @Argument(help: "The parcel that the others go into.") var piece: String
        @Argument(help: "Ids or stock numbers of the others.") var others: [String]
        @Option(help: ArgumentHelp("What it weighs now (default: the sum less the loss).", valueName: "weight"))
        var weight: String?
        @Option(help: ArgumentHelp("How many pieces it has now.", valueName: "n")) var pieces: Int?
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("What is true of the whole; repeatable.", valueName: "path=value"))
        var assignments: [String] = []
        @OptionGroup var weighing: WeighingOptions
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            var members = [JSON.Member("from", .array(others.map { .string(Reference.piece($0)) }))]
            if let weight { members.append(try Shorthand.weight(weight)) }
            if let pieces { members.append(.init("pieces", .integer(pieces))) }
            if !assignments.isEmpty { members.append(.init("piece", try object(ofAssignments: assignments))) }
            members += try weighing.members()
            let document = JSON.object(members)
            try await global.talk { client, printer in
                let answer = try await client.work(piece, "merge", document, tell: printer)
                try printer.done(
                    "\(others.joined(separator: ", ")) put into \(try answer.json().pieceSentence)", answer)
            }
        }
    }

    struct Recut: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "recut", abstract: "Record what a stone is after it was cut or polished again.",
            discussion: """
                It never weighs more than before. Its certificates no longer stand for it when it changed by more \
                than 0.005 ct or 0.03 mm.

                EXAMPLES
                  gemctl piece recut R-17 --weight 1.51ct --size 8.90x6.98x4.80
                  gemctl piece recut R-17 --weight 1.40ct --size 6.9x6.9x4.4 --shape round
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(help: ArgumentHelp("What it weighs now.", valueName: "weight")) var weight: String
        @Option(help: ArgumentHelp("Its sides now, in millimetres.", valueName: "LxWxD")) var size: String?
        @Option(help: "Its shape now, by name or code.") var shape: String?
        @Option(help: "Its cut now.") var cut: String?
        @Option(help: ArgumentHelp("Why it was cut.", valueName: "text")) var reason: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            var members = [try Shorthand.weight(weight)]
            if let size { members.append(.init("measurementsMm", try Shorthand.size(size))) }
            if let shape { members.append(.init("shape", Shorthand.shape(shape))) }
            if let cut { members.append(.init("cut", .string(cut))) }
            if let reason { members.append(.init("reason", .string(reason))) }
            let document = JSON.object(members)
            try await global.talk { client, printer in
                let answer = try await client.work(piece, "recut", document, tell: printer)
                try printer.done("cut again: \(try answer.json().pieceSentence)", answer)
                let ended = (try answer.json()["certificates"]?.elements ?? []).filter { $0["live"] == .bool(false) }
                if !ended.isEmpty {
                    let numbers = ended.compactMap { $0["number"]?.string }.joined(separator: ", ")
                    printer.note("no longer stands for it: \(numbers); `gemctl certify \(piece)` makes a new one")
                }
            }
        }
    }

    struct Assemble: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "assemble", abstract: "Set stones of your stock into a piece of jewellery.",
            discussion: """
                EXAMPLES
                  gemctl piece assemble RG-9 --stone R-17:centre:prong --stone M-1:side \\
                    --gross 4.50g
                """)

        @Argument(help: "The piece of jewellery.") var piece: String
        @Option(
            name: .customLong("stone"),
            help: ArgumentHelp("A stone, its role and setting; repeatable.", valueName: "piece:role:setting"))
        var stones: [String]
        @Option(help: ArgumentHelp("What it weighs with them, such as 4.50g.", valueName: "weight")) var gross: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let list = try stones.map { try Shorthand.mounted($0) }
            var members = [JSON.Member("stones", .array(list))]
            if let gross { members.append(.init("grossWeightG", try Shorthand.grams(gross, option: "--gross"))) }
            let document = JSON.object(members)
            try await global.talk { client, printer in
                let answer = try await client.work(piece, "assemble", document, tell: printer)
                try printer.done("\(stones.count) set into \(piece)", answer)
            }
        }
    }

    struct Disassemble: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disassemble", abstract: "Take stones out of a piece of jewellery, back into stock.",
            discussion: """
                Without stones, all that were set into it.

                EXAMPLES
                  gemctl piece disassemble RG-9
                  gemctl piece disassemble RG-9 R-17 --gross 4.18g
                """)

        @Argument(help: "The piece of jewellery.") var piece: String
        @Argument(help: "Ids or stock numbers of stones.") var stones: [String] = []
        @Option(help: ArgumentHelp("What it weighs without them.", valueName: "weight")) var gross: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            var members: [JSON.Member] = []
            if !stones.isEmpty { members.append(.init("stones", .array(stones.map { .string(Reference.piece($0)) }))) }
            if let gross { members.append(.init("grossWeightG", try Shorthand.grams(gross, option: "--gross"))) }
            let document = JSON.object(members)
            try await global.talk { client, printer in
                let answer = try await client.work(piece, "disassemble", document, tell: printer)
                let taken = (try answer.json()["stones"]?.elements ?? []).compactMap { $0["stockNumber"]?.string }
                try printer.done("\(taken.joined(separator: ", ")) back in stock", answer)
            }
        }
    }

    struct Lineage: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lineage", abstract: "What a piece came out of, and what came out of it.",
            discussion: """
                EXAMPLES
                  gemctl piece lineage B-4
                """)

        static let columns = [
            Column("WAY") { ($0["way"]?.string == "from" ? "came from" : "went into" as Message).text },
            Column("PIECE", "stockNumber"),
            Column("HOW", "how"), Column("WEIGHT", .right) { $0["weightCt"]?.string.map { "\($0) ct" } ?? "" },
            Column("STATUS", "status"), Column("TIME", "at"),
        ]

        @Argument(help: "Id or stock number.") var piece: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.get("pieces", Reference.piece(piece), "lineage")
                printer.list(try Pages.items(answer), Self.columns, whole: answer.body)
            }
        }
    }
}

extension Client {
    /// Work on one piece; without a link it waits in the outbox, and the command ends there.
    func work(_ piece: String, _ verb: String, _ document: JSON, tell printer: Printer) async throws -> Answer {
        let request = Request(.POST, "pieces", Reference.piece(piece), verb).sending(document)
        guard let answer = try await submit(request, as: "\(verb) \(piece)", printer) else { throw Outcome.partly }
        return answer
    }
}

extension Shorthand {
    /// `6.20ct:60:B-4/1`: weight, perhaps pieces, perhaps a stock number.
    static func part(_ text: String, option: String) throws(Failure) -> JSON {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(\.trimmingSpaces)
        var members = [try weight(String(parts[0]))]
        if parts.count > 1, !parts[1].isEmpty {
            guard let pieces = Int(parts[1]) else {
                throw usage(option, "\"\(parts[1])\" is no count of pieces", "write 6.20ct:60, or 6.20ct:60:B-4/1")
            }
            members.append(.init("pieces", .integer(pieces)))
        }
        if parts.count > 2 { members.append(.init("stockNumber", .string(String(parts[2])))) }
        return .object(members)
    }

    /// `0.05ct`.
    static func carats(_ text: String, option: String) throws(Failure) -> JSON {
        let weight = try weight(text)
        guard weight.name == "weightCt" else {
            throw usage(option, "\"\(text)\" is not in carats", "write it in carats, such as 0.05ct")
        }
        return weight.value
    }

    private static var rolesAndSettings: String {
        (StoneEntry.Role.allCases.map(\.rawValue) + StoneEntry.Setting.allCases.map(\.rawValue)).joined(separator: ", ")
    }

    /// `R-17:centre:prong`: a piece, then its role and setting in any order.
    static func mounted(_ text: String) throws(Failure) -> JSON {
        let isStock = text.hasPrefix("stock:")
        let parts = text.dropFirst(isStock ? 6 : 0).split(separator: ":").map { String($0.trimmingSpaces) }
        guard let piece = parts.first else {
            throw usage("--stone", "\"\(text)\" names no piece", "write R-17, or R-17:centre:prong")
        }
        var members = [JSON.Member("piece", .string(Reference.piece(piece)))]
        for word in parts.dropFirst() {
            if StoneEntry.Role(rawValue: word) != nil {
                members.append(.init("role", .string(word)))
            } else if StoneEntry.Setting(rawValue: word) != nil {
                members.append(.init("setting", .string(word)))
            } else {
                throw usage(
                    "--stone", "\"\(word)\" is neither a role nor a setting",
                    "write one of \(Self.rolesAndSettings)")
            }
        }
        return .object(members)
    }
}
