import ArgumentParser

/// All commands with one Urdu sentence each, for those who do not read the English help.
enum Overview {
    /// `gemctl help ur`; or, where the language is Urdu, a bare `gemctl`, `gemctl help` or `gemctl --help`.
    static func isAsked(_ arguments: [String]) -> Bool {
        if arguments == ["help", "ur"] { return true }
        guard Language.current == .ur else { return false }
        var words = arguments.filter { !$0.hasPrefix("--lang=") }
        if let option = words.firstIndex(of: "--lang") { words.removeSubrange(option..<min(option + 2, words.count)) }
        return words.isEmpty || [["help"], ["--help"], ["-h"]].contains(words)
    }

    static func print(_ console: Console) {
        Language.$current.withValue(.ur) {
            let rows = commands(of: Gemctl.self, below: "gemctl")
            let width = rows.map { $0.name.utf8.count }.max() ?? 0
            console.print(Message(key: Gemctl.configuration.abstract).text)
            for (name, sentence) in rows {
                let isNoun = name.filter { $0 == " " }.count == 1
                if isNoun { console.print("") }
                console.print(name + String(repeating: " ", count: width - name.utf8.count + 2) + sentence.text)
            }
            console.print("")
            console.print(Message("`gemctl COMMAND --help` tells more, in English, with examples").text)
        }
    }

    static func commands(of command: any ParsableCommand.Type, below path: String) -> [(
        name: String, sentence: Message
    )] {
        var rows: [(name: String, sentence: Message)] = []
        for command in command.configuration.subcommands {
            let configuration = command.configuration
            guard configuration.shouldDisplay else { continue }
            let name = "\(path) \(configuration.commandName ?? "")"
            rows.append((name: name, sentence: Message(key: configuration.abstract)))
            rows += commands(of: command, below: name)
        }
        return rows
    }
}
