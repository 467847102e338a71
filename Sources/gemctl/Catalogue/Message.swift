/// What gemctl says to a person: an English sentence, and what is put into it.
///
/// The sentence, with `{0}`, `{1}` … for what is put in, is its own key in the ``Catalogue``. It is put into
/// words when it is printed, in ``Language/current``.
struct Message: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        /// A number, a name, a path: the same in every language.
        case text(String)
        indirect case message(Message)
    }

    let key: String
    private let parts: [Part]

    init(key: String, _ parts: [Part] = []) {
        self.key = key
        self.parts = parts
    }

    /// Words of others: the daemon's, which come in the person's language already, or a file's.
    static func exactly(_ text: String) -> Message { Message(key: "{0}", [.text(text)]) }

    static func joined(_ messages: [Message], separator: String) -> Message {
        .exactly(messages.map(\.text).joined(separator: separator))
    }

    var text: String { text(in: Language.current) }

    func text(in language: Language) -> String {
        let template = language == .en ? key : Catalogue.urdu[key] ?? key
        guard !parts.isEmpty else { return template }
        var out = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            out += rest[..<open]
            rest = rest[open...]
            let place = rest.dropFirst().prefix { $0 != "}" }
            if let index = Int(place), parts.indices.contains(index), place.endIndex < rest.endIndex {
                switch parts[index] {
                case .text(let text): out += text
                case .message(let message): out += message.text(in: language)
                }
                rest = rest[rest.index(after: place.endIndex)...]
            } else {
                out += "{"
                rest = rest.dropFirst()
            }
        }
        return out + rest
    }
}

extension Message: ExpressibleByStringInterpolation {
    init(stringLiteral sentence: String) { self.init(key: sentence) }
    init(stringInterpolation: StringInterpolation) {
        self.init(key: stringInterpolation.key, stringInterpolation.parts)
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var key = ""
        fileprivate var parts: [Part] = []

        init(literalCapacity: Int, interpolationCount: Int) { key.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { key += literal }

        mutating func appendInterpolation(_ value: some CustomStringConvertible) { put(.text(value.description)) }
        mutating func appendInterpolation(_ error: any Error) { put(.text("\(error)")) }
        mutating func appendInterpolation(_ message: Message) { put(.message(message)) }

        private mutating func put(_ part: Part) {
            key += "{\(parts.count)}"
            parts.append(part)
        }
    }
}

extension Language {
    /// The language of what is printed now.
    @TaskLocal static var current = Language.en

    /// What the command line and the environment ask for; nil when they say nothing that gemctl knows.
    ///
    /// Read from the words themselves, so that an error in the command line is in that language too.
    static func chosen(_ arguments: [String], setting: (String) -> String?) -> Language? {
        let options = arguments.prefix { $0 != "--" }
        for (option, value) in zip(options, options.dropFirst()) where option == "--lang" {
            return Language(rawValue: value)
        }
        if let option = options.first(where: { $0.hasPrefix("--lang=") }) {
            return Language(rawValue: String(option.dropFirst("--lang=".count)))
        }
        return settled(setting)
    }

    /// What the environment asks for.
    static func settled(_ setting: (String) -> String?) -> Language? {
        for name in ["GEMD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = setting(name) { return Language(rawValue: String(value.prefix(2))) }
        }
        return nil
    }
}

extension Message {
    /// A sentence of the argument parser: what it quotes is put in, the rest is looked up.
    static func ofParser(_ words: String) -> Message {
        var key = ""
        var parts: [Part] = []
        for (index, word) in words.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 0 {
                key += word
            } else {
                key += "'{\(parts.count)}'"
                parts.append(.text(String(word)))
            }
        }
        return Message(key: key, parts)
    }
}
