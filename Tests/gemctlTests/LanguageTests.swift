import ArgumentParser
import Testing

@testable import GemModel
@testable import gemctl

/// gemctl's own words in English and Urdu. That no sentence is missing is held by Tests/catalogue.py.
@Suite("Languages")
struct LanguageTests {
    private func run(_ arguments: [String], _ settings: [String: String] = [:]) async -> Run {
        let (out, err) = (Box(), Box())
        let console = Console(setting: { settings[$0] }, write: out.add, writeError: err.add)
        let outcome = await Console.$current.withValue(console) { await Gemctl.run(arguments) }
        return Run(outcome: outcome, out: out.text, err: err.text)
    }

    @Test(
        "the option wins over the environment, and there GEMD_LANG over the locale",
        arguments: [
            (["--lang", "ur"], [:], "ur"), (["--lang=ur"], ["GEMD_LANG": "en"], "ur"),
            ([], ["GEMD_LANG": "ur", "LC_ALL": "en_GB.UTF-8"], "ur"), ([], ["LC_MESSAGES": "ur_PK.UTF-8"], "ur"),
            ([], ["LANG": "ur_PK"], "ur"), ([], ["LC_ALL": "C", "LANG": "ur_PK"], "en"), ([], [:], "en"),
            (["--lang", "en"], ["LANG": "ur_PK"], "en"), (["--", "--lang", "ur"], [:], "en"),
        ] as [([String], [String: String], String)])
    func chosen(arguments: [String], settings: [String: String], language: String) {
        #expect((Language.chosen(arguments, setting: { settings[$0] }) ?? .en).rawValue == language)
    }

    @Test("an error, its hint and its label are Urdu; names, options and codes stay as they are")
    func failure() async {
        let arguments = ["piece", "add", "--species", "beryl", "--weight", "1.58"]
        let run = await run(arguments, ["LANG": "ur_PK.UTF-8"])

        #expect(run.outcome == .usage)
        #expect(
            run.err == "gemctl: غلطی: --weight: \"1.58\" میں اکائی نہیں\ngemctl: مشورہ: 1.58ct, 684mg, 0.684g لکھیں\n")
    }

    @Test(
        "an error of the argument parser too",
        arguments: [("--bogus", "کوئی اختیار نہیں"), ("extra", "یہاں نہیں آ سکتا")])
    func parser(word: String, words: String) async {
        let run = await run(["--lang", "ur", "status", word])

        #expect(run.outcome == .usage)
        #expect(run.err.contains("'\(word)' \(words)"), "\(run.err)")
        #expect(run.err.contains("دیکھیں"))
    }

    @Test("what programs read is the same in every language")
    func programs() async {
        for arguments in [
            ["explain", "stale", "-o", "json"], ["explain", "-o", "csv"], ["explain", "nonsense", "--json"],
        ] {
            let english = await run(arguments)
            let urdu = await run(arguments, ["GEMD_LANG": "ur"])
            #expect(english.out == urdu.out)
            #expect(arguments.contains("csv") || english.err == urdu.err)
        }
    }

    @Test("a code is explained in Urdu")
    func explained() async {
        let run = await run(["--lang", "ur", "explain", "stale"])

        #expect(run.out.hasPrefix("stale (HTTP 412)\n\nکیا ہوا\n  آپ کے پڑھنے کے بعد"))
        let finding = await self.run(["--lang", "ur", "explain", "fill-factor"])
        #expect(finding.out.hasPrefix("fill-factor (مشاہدہ)\n\nمطلب\n  اس شکل کے لیے"), "\(finding.out)")
    }

    @Test("every explanation is there in Urdu")
    func explanations() {
        for one in Explanation.catalogue {
            for message in [one.happened, one.todo] { #expect(message.text(in: .ur) != message.text(in: .en)) }
        }
    }

    @Test(
        "the overview names every command with an Urdu sentence",
        arguments: [["help", "ur"], ["--lang", "ur", "--help"]])
    func overview(arguments: [String]) async {
        let run = await run(arguments)

        #expect(run.outcome == .ok)
        let commands = Overview.commands(of: Gemctl.self, below: "gemctl")
        #expect(commands.count > 80)
        for (name, sentence) in commands {
            #expect(Catalogue.urdu[sentence.key] != nil, "\(name) has no Urdu")
            #expect(run.out.contains("\n\(name) "))
        }
    }

    @Test("a card's names and codes are Urdu, its figures and units are not")
    func card() throws {
        let json = try JSON(
            parsing:
                #"{"stone":{"shape":"OV","weightCt":{"value":"1.58","basis":"measured"},"treatments":[{"code":"NT"}]}}"#
        )

        let lines = Language.$current.withValue(.ur) { Card.lines(json) }

        #expect(lines[1].hasSuffix("  بیضوی (OV)"), "\(lines)")
        #expect(lines[2].hasPrefix("  وزن") && lines[2].contains("1.58 ct ("))
        #expect(lines[0] == "پتھر")
    }

    @Test("every member of the dictionary has an Urdu name")
    func members() {
        #expect(MemberNames.all.filter { Catalogue.members[$0] == nil } == [])
    }

    @Test("a list's headings are Urdu and its columns still stand below them")
    func headings() {
        let lines = Language.$current.withValue(.ur) {
            Table.lines(
                headers: PieceCommand.List.columns.prefix(3).map(\.header.text), alignments: [.left, .left, .left],
                rows: [["R-17", "stone", "emerald"]], cutting: false)
        }

        #expect(lines[0].hasPrefix("اسٹاک نمبر  قسم"))
        #expect(lines[1] == "R-17        stone  emerald")
    }

    @Test("what is put in stands where the language wants it, and braces in it are left alone")
    func places() {
        let message: Message = "\("{1}") of \("b") sold"

        #expect(message.text(in: .en) == "{1} of b sold")
        #expect(message.text(in: .ur) == "b میں سے {1} فروخت ہوا")
        #expect(Message(key: "{9} {x} {").text(in: .ur) == "{9} {x} {")
    }
}
