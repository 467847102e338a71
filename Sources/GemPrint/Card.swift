import GemModel

/// A card for the pocket, ISO/IEC 7810 ID-1: front and back as two pages.
struct Card {
    static let width = 242.646
    static let height = 153.071

    let paper: Paper
    let facts: Facts
    let words: PaperWords
    let typesetter: Typesetter

    private let margin = 11.0
    private var isUrdu: Bool { words.language == .urdu }
    private var number: String { Facts.clean(paper.statement["number"]?.string ?? "") }
    private func x(_ x: Double, _ width: Double) -> Double { isUrdu ? Self.width - x - width : x }

    func draw(on canvas: borrowing Canvas) {
        front(on: canvas)
        canvas.endPage()
        back(on: canvas)
        canvas.endPage()
    }

    /// Only what fits: the A4 paper says the rest.
    private func label(
        _ text: String, _ face: Face, on canvas: borrowing Canvas, x: Double, y: Double, width: Double,
        until bottom: Double, in language: Disclosure.Language? = nil
    ) -> Double {
        let setting = typesetter.set(text, face, width: width, in: language ?? words.language)
        var y = y
        for (index, line) in setting.lines.enumerated() {
            guard y + line.height <= bottom + 0.5 else { break }
            setting.draw(index, on: canvas, x: x, y: y)
            y += line.height
        }
        return y
    }

    private func front(on canvas: borrowing Canvas) {
        canvas.fill(Box(x: 0, y: 0, width: Self.width, height: 23), words.colour)
        let band = typesetter.set(
            words.band, Face(size: isUrdu ? 8 : 8.4, isBold: true, ink: .white), width: 130,
            in: words.language)
        band.draw(on: canvas, x: x(margin, 130), y: 11.5 - band.height / 2)
        let note = typesetter.set(
            words.bandNote, Face(size: isUrdu ? 5.6 : 5.8, ink: .white), width: 110, in: words.language)
        note.draw(
            on: canvas,
            x: isUrdu ? margin - (110 - note.naturalWidth) : Self.width - margin - note.naturalWidth,
            y: 11.5 - note.height / 2)

        var textX = margin
        if let jpeg = paper.photograph,
            let drawn = canvas.photograph(
                jpeg, in: Box(x: x(margin, 104), y: 32, width: 104, height: 86), alignedRight: isUrdu)
        {
            textX = margin + drawn.width + 9
        }
        let width = Self.width - margin - textX
        let at = x(textX, width)
        var y = isUrdu ? 24.0 : 29.0
        let floor = 122.0
        y = label(
            facts.headline, Face(size: isUrdu ? 11.5 : 14, isBold: true, isSerif: true), on: canvas,
            x: at, y: y,
            width: width, until: 70)
        if let identity = facts.identity {
            y = label(
                identity, Face(size: isUrdu ? 6 : 7, ink: .quiet), on: canvas, x: at,
                y: y - (isUrdu ? 5 : 0),
                width: width,
                until: 84)
        }
        y += isUrdu ? -1 : 4
        for value in [facts.weight, facts.measures].compactMap({ $0 }) {
            y = label(
                value, Face(size: 8.2, isBold: true), on: canvas,
                x: isUrdu ? at + width - measured(value, width) : at,
                y: y,
                width: width, until: floor, in: .english)
            y += 1
        }
        let grades = ["Colour grade", "Clarity grade"].compactMap(facts.shortValue(of:)).joined(
            separator: " · ")
        for value in [
            facts.value(of: "Shape"), facts.value(of: "Colour"), grades.isEmpty ? nil : grades,
        ].compactMap({ $0 }) {
            y = label(
                facts.directed(value), Face(size: isUrdu ? 6.2 : 7.4), on: canvas, x: at,
                y: y - (isUrdu ? 2 : 0),
                width: width,
                until: floor)
        }
        canvas.guilloche(
            Box(x: margin, y: 124, width: Self.width - 2 * margin, height: 4), Ink(0xAEB8B2))
        _ = label(
            number, Face(size: 8.6, isBold: true), on: canvas,
            x: isUrdu ? Self.width - margin - measured(number, 200, 8.6) : margin, y: 132, width: 200,
            until: 150,
            in: .english)
        let issued = String((paper.statement["issuedAt"]?.string ?? "").prefix(10))
        let date = typesetter.set(issued, Face(size: 7, ink: .quiet), width: 60, in: .english)
        date.draw(on: canvas, x: isUrdu ? margin : Self.width - margin - date.naturalWidth, y: 133.5)
    }

    private func measured(_ text: String, _ width: Double, _ size: Double = 8.2) -> Double {
        typesetter.set(text, Face(size: size, isBold: true), width: width, in: .english).naturalWidth
    }

    private func back(on canvas: borrowing Canvas) {
        canvas.fill(Box(x: 0, y: 0, width: Self.width, height: 6), words.colour)
        // 3 cm of symbol.
        let size =
            paper.symbol.isEmpty ? 0 : 86.0 * Double(paper.symbol.count + 8) / Double(paper.symbol.count)
        if size > 0 {
            canvas.symbol(
                paper.symbol, in: Box(x: x(margin - 4, size), y: 11, width: size, height: size))
        }
        let textX = margin + size + 4
        let width = Self.width - margin - textX
        let at = x(textX, width)
        var y = 13.0
        y = label(
            words.bandNote, Face(size: isUrdu ? 6.4 : 7.4, isBold: true, ink: words.colour),
            on: canvas, x: at, y: y, width: width, until: 46)
        let disclosure =
            isUrdu ? facts.urduDisclosure ?? "" : Facts.clean(paper.statement["disclosure"]?.string ?? "")
        let setting = typesetter.set(
            disclosure, Face(size: isUrdu ? 5.2 : 5.8), width: width, in: words.language)
        let whole = y + 2 + setting.height <= 112
        y = label(
            whole
                ? disclosure
                : words[
                    "What a buyer must be told of treatments stands on the certificate: \(paper.host)",
                    "ٹریٹمنٹ کی تفصیل سند پر لکھی ہے: \(Facts.apart(paper.host))"],
            Face(size: isUrdu ? 5.2 : 5.8), on: canvas, x: at, y: y + 2, width: width, until: 114)
        var below = 118.0
        below = label(
            number, Face(size: 7, isBold: true), on: canvas, x: margin, y: below, width: 130, until: 150,
            in: .english)
        let host = typesetter.set(paper.host, Face(size: 7, ink: .quiet), width: 110, in: .english)
        host.draw(on: canvas, x: Self.width - margin - host.naturalWidth, y: 118)
        _ = label(
            FingerprintWords.of(paper.rootFingerprint).joined(separator: " "),
            Face(size: 5.4, ink: .quiet), on: canvas,
            x: margin, y: below + 2, width: Self.width - 2 * margin, until: 150, in: .english)
    }
}
