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
        let facts = Facts(statement: paper.statement, language: language)
        let words = PaperWords(
            language: language, certificateClass: facts.certificateClass,
            isMismatch: paper.statement["result"]?.string == "mismatch")
        let number = paper.statement["number"]?.string ?? ""
        let isCard = form == .card
        let canvas = Canvas(
            width: isCard ? Card.width : A4.width, height: isCard ? Card.height : A4.height,
            title: "\(words.headline) \(number)",
            author: paper.statement["issuer"]?["name"]?.string ?? "",
            created: Self.second(paper.statement["issuedAt"]?.string))
        switch form {
        case .a4: A4(paper: paper, facts: facts, words: words, typesetter: typesetter).draw(on: canvas)
        case .card:
            Card(paper: paper, facts: facts, words: words, typesetter: typesetter).draw(on: canvas)
        }
        return try canvas.finish()
    }

    /// Cairo takes no fractions of a second.
    private static func second(_ time: String?) -> String {
        guard let time, time.utf8.count >= 19 else { return "1970-01-01T00:00:00Z" }
        return time.prefix(19) + "Z"
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
