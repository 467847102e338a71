import ArgumentParser
import GemModel

extension PieceCommand {
    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hold", abstract: "Keep a piece for somebody until a time; it is released by itself then.",
            discussion: """
                EXAMPLES
                  gemctl piece hold R-17 --for "Dubai Gems" --until 2026-12-01
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(help: ArgumentHelp("The last day, or a time.", valueName: "date")) var until: String
        @Option(name: .customLong("for"), help: ArgumentHelp("A party's id or code, or a name.", valueName: "who"))
        var whom: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.move(
                    piece, "hold", ["until": .string(until), "for": whom.map(JSON.string)], tell: printer)
                try printer.done(
                    whom.map { "\(piece) held for \($0) until \(until)" } ?? "\(piece) held until \(until)", answer)
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "release", abstract: "End a hold.",
            discussion: """
                EXAMPLES
                  gemctl piece release R-17
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                try printer.done("\(piece) released", try await client.move(piece, "unhold", tell: printer))
            }
        }
    }

    struct Sell: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sell", abstract: "Record a sale; the piece leaves every market with the next export.",
            discussion: """
                Without --price the asking price counts; one that follows the metal is quoted at the newest \
                rates. The sale keeps the rates it was made at. A piece on memo is sold to whoever has it. Of a \
                parcel a part may be sold; the rest stays where it is.

                EXAMPLES
                  gemctl piece sell R-17 --to "Dubai Gems" --price 4100usd
                  gemctl piece sell B-22 --price 285000pkr
                  gemctl piece sell B-22 --currency usd
                  gemctl piece sell B-4 --part 3.80ct:38
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(help: ArgumentHelp("A party's id or code, or a name.", valueName: "who")) var to: String?
        @Option(help: ArgumentHelp("4200usd, or 2650usd/ct per carat.", valueName: "money")) var price: String?
        @Option(help: ArgumentHelp("Quote it in this currency, at the newest rates.", valueName: "code"))
        var currency: String?
        @Option(help: ArgumentHelp("A part of a parcel: 3.80ct:38.", valueName: "weight:pieces:stock"))
        var part: String?
        @OptionGroup var remainder: RemainderOptions
        @OptionGroup var weighing: WeighingOptions
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            let division = try Division.members(part, remainder, weighing)
            let price = try price.map { try Shorthand.price($0, option: "--price") }
            try await global.talk { client, printer in
                let sale = JSON.object([
                    "to": to.map(JSON.string), "price": price, "currency": currency.map { .string($0.uppercased()) },
                ])
                let answer = try await client.work(
                    piece, "sell", .object((sale.members ?? []) + division), tell: printer)
                let sold: Message = part.map { "\($0) of \(piece) sold" } ?? "\(piece) sold"
                let buyer: Message = to.map { "\(sold) to \($0)" } ?? sold
                let paid = try answer.json().at("price.total")?.plain
                try printer.done(paid.map { "\(buyer) for \($0)" } ?? buyer, answer)
            }
        }
    }

    struct Transfer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "transfer", abstract: "Offer a piece to another party, which accepts or declines.",
            discussion: """
                With the ownership go the facts and photographs; price, cost, place and private notes stay here.

                EXAMPLES
                  gemctl piece transfer R-17 --to SARAFA
                  gemctl piece transfer R-17 --to SARAFA --custody
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Option(help: ArgumentHelp("The party's id or code.", valueName: "party")) var to: String
        @Flag(help: "Hand over custody only; it stays yours.") var custody = false
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.move(
                    piece, "transfer", ["to": .string(to), "kind": .string(custody ? "custody" : "ownership")],
                    tell: printer)
                try printer.done("\(piece) offered to \(to); it accepts with its id", answer)
                printer.say("they type: gemctl piece accept \(try answer.json()["piece"]?.string ?? piece)")
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Accept a piece that another party offered, or decline it.",
            discussion: """
                EXAMPLES
                  gemctl piece accept 01890000-0000-7000-8000-000000000000
                  gemctl piece accept 01890000-0000-7000-8000-000000000000 --decline
                """)

        @Argument(help: "The piece's id, as the other party gives it.") var piece: String
        @Flag(help: "Say no instead.") var decline = false
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer = try await client.move(
                    piece, decline ? "transfer/decline" : "transfer/accept", tell: printer)
                let number = try answer.json()["received"]?["stockNumber"]?.string
                let sentence: Message =
                    decline ? "declined" : number.map { "accepted: it is \($0) here" } ?? "accepted"
                try printer.done(sentence, answer, asked: number)
            }
        }
    }

    struct Report: AsyncParsableCommand {
        enum What: String, ExpressibleByArgument, CaseIterable {
            case lost, stolen, destroyed, found
        }

        static let configuration = CommandConfiguration(
            commandName: "report", abstract: "Record that a piece was lost, stolen, destroyed, or found again.",
            discussion: """
                EXAMPLES
                  gemctl piece report R-17 stolen --police "FIR 12/2026"
                  gemctl piece report R-17 found
                """)

        @Argument(help: "Id or stock number.") var piece: String
        @Argument(help: "lost, stolen, destroyed or found.") var what: What
        @Option(help: ArgumentHelp("What happened.", valueName: "text")) var note: String?
        @Option(help: ArgumentHelp("The police report's number.", valueName: "text")) var police: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run() async throws {
            try await global.talk { client, printer in
                let answer =
                    what == .found
                    ? try await client.move(piece, "return", tell: printer)
                    : try await client.move(
                        piece, "report-\(what.rawValue)",
                        ["note": note.map(JSON.string), "report": police.map(JSON.string)], tell: printer)
                try printer.done(
                    what == .found
                        ? "\(piece) is back in stock" : "\(piece): \(Words.spokenCode(what.rawValue, in: "statuses"))",
                    answer)
            }
        }
    }
}

extension Client {
    /// A movement of one piece; one that finds no link waits in the outbox, and the command ends there.
    fileprivate func move(
        _ piece: String, _ verb: String, _ members: KeyValuePairs<String, JSON?> = [:], tell printer: Printer
    ) async throws -> Answer {
        let document = JSON.object(members.compactMap { name, value in value.map { .init(name, $0) } })
        let segments = ["pieces", Reference.piece(piece)] + verb.split(separator: "/").map(String.init)
        let request = Request(.POST, segments).sending(document)
        guard let answer = try await submit(request, as: "\(verb) \(piece)", printer) else { throw Outcome.partly }
        return answer
    }
}
