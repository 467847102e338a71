import GemModel

/// What the public pages say besides the facts, in the language that was asked for.
///
/// Signed words stay as they were signed; a page in Urdu shows them apart, marked as English. The English sentence
/// is the key of its Urdu, here and in the pages' scripts, which read the same table as `/ur.js`.
struct PageWords: Sendable {
    let language: Disclosure.Language

    init(_ language: Disclosure.Language) { self.language = language }

    /// The Urdu of an English sentence of a page, or the sentence itself. `{0}`, `{1}` are the values, each isolated
    /// from the direction of the text around it.
    func callAsFunction(_ english: String, _ values: String...) -> String {
        var text = language == .english ? english : Self.urdu[english] ?? english
        for (i, value) in values.enumerated() { text = text.replacing("{\(i)}", with: "\u{2068}\(value)\u{2069}") }
        return text
    }

    /// A code of a list of ``CodeList`` in words; in English the pages show the codes themselves.
    func code(_ text: String, of list: String?) -> String {
        guard language == .urdu, let list else { return text }
        let code = list == "varieties" ? Variety.named(text)?.code ?? text : text
        return CodeList.named(list)?.names(of: code)?.ur ?? text
    }

    /// A code in words, in either language; what is no code of the list is left as it is.
    func name(of text: String, in list: String) -> String {
        let code = list == "varieties" ? Variety.named(text)?.code ?? text : text
        return CodeList.named(list)?.names(of: code)?[language] ?? text
    }

    /// A day such as "27 November 2026", of an RFC 3339 time or day; what is none is left as it is.
    func day(_ text: String) -> String {
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, Self.months.indices ~= parts[1] - 1 else { return text }
        return "\(parts[2]) \(self(Self.months[parts[1] - 1])) \(parts[0])"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// For every template: its language, the direction of its text, and its headings.
    var values: [String: Any] {
        var values: [String: Any] = ["lang": language.tag, "dir": language == .urdu ? "rtl" : "ltr"]
        for (name, english) in Self.headings { values[name] = self(english) }
        return values
    }

    /// The table as the pages' scripts read it, with the names of what a QR code may say.
    static var scriptWords: JSON {
        var words = urdu
        for list in ["species", "varieties"] {
            for entry in CodeList.named(list)?.entries ?? [] { words[entry.code] = entry.names.ur }
        }
        return .object(words.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }

    static let headings = [
        ("whatWasChecked", "What was checked"), ("disclosureHeading", "What a buyer must be told"),
        ("limitsHeading", "What this certificate does not say"), ("signedHeading", "As it was signed"),
        ("checkYourself", "Check it without us"), ("photographOf", "Photograph of the certified piece"),
        ("compare", "Compare it with the piece in your hand."), ("certificateWord", "Certificate"),
        ("skip", "Go to the result"), ("checkTitle", "Certificate check"), ("resultWord", "Result"),
        ("seeSuccessor", "See the certificate that replaced it:"), ("another", "Check another certificate"),
        ("numberLabel", "Certificate number"), ("checkButton", "Check"),
        ("filesLabel", "Or choose its files"),
        (
            "filesHint",
            "The PDF, or the .json and .p7s files together, or a photograph of the code. They are checked on this device and sent nowhere."
        ),
        ("noCookies", "This page sets no cookies and does not follow you."),
        ("codeSays", "What the signed code says"), ("factsHeading", "What it certifies"),
        (
            "codeFirst",
            "Without a connection only what the signed code says can be shown. Open this address again with a connection for the photograph and all facts."
        ),
        ("matchHeading", "Is this the stone?"),
        ("matchHint", "Weigh and measure the stone, and write what you found."), ("matchButton", "Compare"),
        ("filesHeading", "Files"), ("technical", "Technical details"),
        (
            "checkYourselfText",
            "Get the issuer’s root certificate from the issuer, not from here. Then, with OpenSSL alone:"
        ),
        ("rootLabel", "Fingerprint of the root (SHA-256); compare it with what the issuer printed:"),
    ]

    /// The steps of the verifier, as what is true when they hold.
    static let steps = [
        "form": "It is a well-formed certificate", "canonical": "It can be read in one way only",
        "signature": "The signature fits, letter for letter",
        "chain": "The signer was appointed under the issuer’s root key",
        "purpose": "The key was made for signing certificates", "time": "It was signed while the key was in use",
        "revocation": "The key had not been taken back", "log": "It stands in the public log",
        "status": "Not cancelled or replaced", "attachments": "The paper’s attachments are the certificate",
    ]
}

extension Metal {
    /// "22 قیراط سونا".
    var urduLabel: String {
        if let karat { return "\(karat) قیراط \(metal.names.ur)" }
        if let finenessPermille { return "\(finenessPermille) ‰ \(metal.names.ur)" }
        return metal.names.ur
    }
}
