package import GemModel

/// What a paper is printed from.
package struct Paper: Sendable {
    package enum Form: String, Hashable, Sendable, CaseIterable {
        case a4, card
    }

    /// The signed statement.
    package var statement: JSON
    /// JPEG, as it is kept; passed into the PDF byte for byte.
    package var photograph: [UInt8]?
    /// The modules of the QR symbol, rows from the top, without quiet zone; empty for none.
    package var symbol: [[Bool]]
    /// SHA-256 of the root certificate.
    package var rootFingerprint: [UInt8]

    package init(statement: JSON, photograph: [UInt8]?, symbol: [[Bool]], rootFingerprint: [UInt8]) {
        self.statement = statement
        self.photograph = photograph
        self.symbol = symbol
        self.rootFingerprint = rootFingerprint
    }
}

/// Prints papers with fonts that stay warm. Of one thread at a time.
///
/// The same paper gives the same bytes as long as the fonts are the same: the file's only date is `issuedAt`.
package final class Press {
    private let typesetter = Typesetter()

    package init() {}

    package func print(_ paper: Paper, form: Paper.Form, language: Disclosure.Language) throws
        -> [UInt8]
    {
        let words = Self.words(paper, language)
        let canvas = Canvas(width: form.width, height: form.height, Self.title(paper, words))
        draw(paper, form, words, on: canvas)
        return try canvas.finish()
    }

    /// The same pages, drawn but not written.
    package func record(_ paper: Paper, form: Paper.Form, language: Disclosure.Language) -> Recording {
        let words = Self.words(paper, language)
        let canvas = Canvas(recordingWidth: form.width, height: form.height)
        draw(paper, form, words, on: canvas)
        return Recording(canvas.takePages(), form, Self.title(paper, words))
    }

    private func draw(_ paper: Paper, _ form: Paper.Form, _ words: PaperWords, on canvas: borrowing Canvas) {
        let facts = Facts(statement: paper.statement, language: words.language)
        switch form {
        case .a4: A4(paper: paper, facts: facts, words: words, typesetter: typesetter).draw(on: canvas)
        case .card: Card(paper: paper, facts: facts, words: words, typesetter: typesetter).draw(on: canvas)
        }
    }

    private static func words(_ paper: Paper, _ language: Disclosure.Language) -> PaperWords {
        PaperWords(
            language: language, certificateClass: paper.statement.certificateClass,
            isMismatch: paper.statement["result"]?.string == "mismatch")
    }

    private static func title(_ paper: Paper, _ words: PaperWords) -> Canvas.Title {
        Canvas.Title(
            title: "\(words.headline) \(paper.statement["number"]?.string ?? "")",
            author: paper.statement["issuer"]?["name"]?.string ?? "",
            created: second(paper.statement["issuedAt"]?.string))
    }

    /// Cairo takes no fractions of a second.
    private static func second(_ time: String?) -> String {
        guard let time, time.utf8.count >= 19 else { return "1970-01-01T00:00:00Z" }
        return time.prefix(19) + "Z"
    }
}

extension Paper.Form {
    var width: Double { self == .card ? Card.width : A4.width }
    var height: Double { self == .card ? Card.height : A4.height }
}

extension JSON {
    /// Of a statement.
    var certificateClass: CertificateClass {
        self["class"]?.string.flatMap(CertificateClass.init(rawValue:)) ?? .declaration
    }
}

extension Paper {
    /// `2026-11-21`, and the time of day in UTC.
    static func moment(_ text: String) -> String {
        text.utf8.count >= 16 ? "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC" : text
    }

    /// `gems.example`, of the address where anybody can check.
    var host: String {
        let address = statement["verify"]?.string ?? ""
        let rest = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
        return Facts.clean(String(rest.prefix { $0 != "/" }))
    }

    var hexFingerprint: String {
        let digits = Array("0123456789ABCDEF")
        return stride(from: 0, to: rootFingerprint.count, by: 2).map { at in
            rootFingerprint[at..<min(at + 2, rootFingerprint.count)].map {
                "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])"
            }.joined()
        }.joined(separator: " ")
    }
}
