import GemModel

/// A certificate on A4: as many pages as its words need, nothing cut.
struct A4 {
    static let width = 595.276
    static let height = 841.89

    let paper: Paper
    let facts: Facts
    let words: PaperWords
    let typesetter: Typesetter

    private let margin = 48.0
    private var inner: Double { Self.width - 2 * margin }
    private var sideWidth: Double { isUrdu ? 150 : 156 }
    private var sideGap: Double { isUrdu ? 14 : 22 }
    private var isUrdu: Bool { words.language == .urdu }
    /// A declaration in Urdu: on one page, as in English, though its lines are twice as high. Its photograph is smaller and
    /// the QR code stands beside that; no letter is smaller. A report has two pages in both.
    private var isDense: Bool { isUrdu && facts.certificateClass == .declaration }
    private var number: String { Facts.clean(paper.statement["number"]?.string ?? "") }
    private var bottom: Double { Self.height - (isUrdu ? 66 : 60) }

    /// Something with a place on a page.
    private struct Piece {
        var page: Int
        var x: Double
        var y: Double
        var setting: Setting
        var line: Int
    }

    private struct Rule {
        var page: Int
        var y: Double
        var x: Double
        var width: Double
    }

    /// Lines placed one after the other, over as many pages as they need.
    private final class Flow {
        var pieces: [Piece] = []
        var rules: [Rule] = []
        var page = 0
        var y: Double
        let top: Double
        let bottom: Double
        /// On the first page, how far down the outline and the code stand beside the text.
        var narrowUntil = 0.0

        var isNarrow: Bool { page == 0 && y < narrowUntil }

        init(y: Double, top: Double, bottom: Double) {
            self.y = y
            self.top = top
            self.bottom = bottom
        }

        /// Moves on when less than `height` is left.
        func keep(_ height: Double) {
            if y + min(height, bottom - top) > bottom {
                page += 1
                y = top
            }
        }
    }

    /// How wide a line may be here.
    private func room(_ flow: Flow) -> Double { flow.isNarrow ? inner - sideWidth - sideGap : inner }

    private var checkTitle: String { words["Check this paper", "یہ کاغذ خود جانچیں"] }

    private var checkText: String {
        words[
            "Scan the code, or type the number at \(paper.host). The file of this paper carries the signed facts "
                + "inside. Its root key must have the fingerprint below, and you must have that from the council "
                + "itself, never from this paper alone.",
            "کوڈ سکین کریں یا نمبر \(Facts.apart(paper.host)) پر لکھیں۔ اس فائل کے اندر دستخط شدہ حقائق موجود ہیں۔ نیچے دیا گیا "
                + "بنیادی کلید کا نشان کونسل سے خود معلوم کریں، صرف اس کاغذ پر بھروسا نہ کریں۔"]
    }

    private var checkShort: String {
        words[
            "The signed facts are inside this file. Its root key must have this fingerprint; have that from the council "
                + "itself, never from this paper alone.",
            "دستخط شدہ حقائق اسی فائل کے اندر ہیں۔ بنیادی کلید کا یہ نشان کونسل سے خود معلوم کریں، صرف اس کاغذ پر بھروسا نہ کریں۔"
        ]
    }

    private var peopleTitle: String {
        switch facts.certificateClass {
        case .declaration: words["Who declares it, and when", "کس کا بیان ہے اور کب کا"]
        case .examination: words["The examination", "جانچ"]
        case .check: words["The comparison", "ملان"]
        case .external: words["The other laboratory’s report", "دوسری لیبارٹری کی رپورٹ"]
        }
    }

    /// Mirrors a box for a page that is read from the right.
    private func x(_ x: Double, _ width: Double) -> Double { isUrdu ? Self.width - x - width : x }

    func draw(on canvas: borrowing Canvas) {
        let flow = Flow(y: 0, top: 78, bottom: bottom)
        let heroBottom = hero(on: canvas)
        flow.y = heroBottom

        // What is read stands beside the outline and the QR code as long as these last, then in full width.
        let outline = Outline(of: facts.stone)
        let sideX = margin + inner - sideWidth
        let (sideBottom, checkIsAside) = side(on: canvas, x: sideX, y: heroBottom, outline: outline)
        flow.narrowUntil = sideBottom
        heading(words["The piece", "نگ"], note: basisNote, in: flow)
        add(facts.rows, to: flow)
        flow.y += isUrdu ? 4 : 5

        section(
            words["Disclosure and treatments", "اظہارِ حقیقت اور ٹریٹمنٹ"], disclosure, in: flow, size: 9.4, signed: 7.8)
        heading(peopleTitle, in: flow)
        add(people + references, to: flow)
        flow.y += isUrdu ? 1 : 5
        section(words["Limits", "حدود"], limits, in: flow, size: isUrdu ? 8.5 : 8, signed: 6.4)
        if !checkIsAside {
            section(checkTitle, checkText, in: flow, size: 8.4)
            let fingerprint = FingerprintWords.of(paper.rootFingerprint)
            for half in [fingerprint.prefix(8), fingerprint.dropFirst(8)] {
                text(half.joined(separator: "  "), Face(size: 8.6, isBold: true), in: flow, .english)
            }
            text(paper.hexFingerprint, Face(size: 6.8, ink: .quiet), in: flow, .english)
            flow.y += 8
        }
        let count = flow.page + 1
        for page in 0..<count {
            if page > 0 { runningHead(on: canvas) }
            for rule in flow.rules where rule.page == page {
                canvas.line(rule.x, rule.y, rule.x + rule.width, rule.y)
            }
            for piece in flow.pieces where piece.page == page {
                piece.setting.draw(piece.line, on: canvas, x: piece.x, y: piece.y)
            }
            foot(on: canvas, page: page + 1, of: count)
            if page + 1 == count { endMark(on: canvas) }
            canvas.endPage()
        }
    }

    // MARK: - What stands still

    private func band(on canvas: borrowing Canvas, height: Double) {
        canvas.fill(Box(x: 0, y: 0, width: Self.width, height: height), words.colour)
    }

    private func label(
        _ text: String, _ face: Face, on canvas: borrowing Canvas, x: Double, y: Double, width: Double,
        in language: Disclosure.Language? = nil
    ) -> Double {
        let setting = typesetter.set(text, face, width: width, in: language ?? words.language)
        setting.draw(on: canvas, x: x, y: y)
        return y + setting.height
    }

    /// Band, headline, photograph and what the piece is; gives where the rest begins.
    private func hero(on canvas: borrowing Canvas) -> Double {
        let bandHeight = 34.0
        band(on: canvas, height: bandHeight)
        let title = typesetter.set(
            words.band, Face(size: 11, isBold: true, ink: .white), width: 300, in: words.language)
        title.draw(on: canvas, x: x(margin, 300), y: (bandHeight - title.height) / 2)
        // On the far side: set towards the other edge.
        let note = typesetter.set(
            words.bandNote, Face(size: 9, ink: .white), width: 260, in: words.language)
        let noteWidth = note.naturalWidth
        note.draw(
            on: canvas, x: isUrdu ? margin - (260 - noteWidth) : Self.width - margin - noteWidth,
            y: (bandHeight - note.height) / 2)

        var y = bandHeight + 16
        let issuer = Facts.clean(paper.statement["issuer"]?["name"]?.string ?? "")
        let top = y
        y = label(issuer, Face(size: 10, ink: .quiet), on: canvas, x: x(margin, 330), y: y, width: 330)
        let numberSetting = typesetter.set(
            number, Face(size: 11, isBold: true), width: 160, in: .english)
        numberSetting.draw(
            on: canvas, x: isUrdu ? margin : Self.width - margin - numberSetting.naturalWidth, y: top - 1)
        y = label(
            words.headline, Face(size: isUrdu ? 21 : 24, isBold: true, isSerif: true, ink: words.colour),
            on: canvas,
            x: margin, y: y + (isDense ? -5 : isUrdu ? -2 : 2), width: inner)
        y = label(
            words.subline, Face(size: 9.6, ink: .quiet), on: canvas, x: margin,
            y: y + (isDense ? -8 : isUrdu ? -4 : 2),
            width: inner)
        y += isUrdu ? 2 : 6
        canvas.guilloche(Box(x: margin, y: y, width: inner, height: 7), Ink(0xAEB8B2))
        y += isDense ? 12 : 16

        let photoWidth = isDense ? 198.0 : 268
        let photoBox = Box(x: x(margin, photoWidth), y: y, width: photoWidth, height: isDense ? 148.5 : 190)
        var textX = margin
        var photoBottom = y
        if let jpeg = paper.photograph,
            let drawn = canvas.photograph(jpeg, in: photoBox, alignedRight: isUrdu)
        {
            textX = margin + drawn.width + 22
            photoBottom = drawn.bottom
        }
        var edge = Self.width - margin
        if isDense && !paper.symbol.isEmpty {
            edge -= codeWidth
            photoBottom = max(photoBottom, code(on: canvas, x: x(edge, codeWidth), y: y, width: codeWidth))
            edge -= 8
        }
        let width = edge - textX
        let at = x(textX, width)
        var line = y - (isDense ? 13 : isUrdu ? 5 : 4)
        line = label(
            facts.headline, Face(size: isUrdu ? 22 : 25, isBold: true, isSerif: true), on: canvas, x: at,
            y: line,
            width: width)
        if let identity = facts.identity {
            line = label(
                identity, Face(size: 11.5, ink: .quiet), on: canvas, x: at, y: line, width: width)
        }
        line += isUrdu ? 0 : 12
        for (name, value) in keyFacts {
            guard let value, line < photoBox.bottom - (isUrdu ? 12 : 26) else { continue }
            line = label(name, Face(size: 7.6, ink: .quiet), on: canvas, x: at, y: line, width: width)
            let shown = value.utf8.count > 90 ? String(value.prefix(60)) + "…" : value
            let set = typesetter.set(
                facts.directed(shown), Face(size: 12.5, isBold: true), width: width, in: words.language)
            // Nastaliq brings its own air; a number in Latin type has none.
            line -= isUrdu ? (set.isTall ? 9 : 3) : 1
            set.draw(on: canvas, x: at, y: line)
            line += set.height
            line += isUrdu ? (set.isTall ? -4 : 0) : 5
        }
        return max(photoBottom, line) + (isDense ? 10 : 14)
    }

    /// What is compared first, beside the photograph.
    private var keyFacts: [(name: String, value: String?)] {
        let statement = paper.statement
        let isDiamond = facts.value(of: "Clarity grade") != nil
        let grades = ["Colour grade", "Clarity grade"].compactMap(facts.shortValue(of:)).joined(
            separator: " · ")
        let report = [statement["report"]?["lab"]?.string, statement["report"]?["number"]?.string]
            .compactMap { $0 }
        return [
            (words["Weight", "وزن"], facts.weight), (words["Measurements", "پیمائش"], facts.measures),
            (
                words["Copied from", "جس کی نقل ہے"],
                report.isEmpty ? nil : Facts.clean(report.joined(separator: " "))
            ),
            (words["Colour and clarity", "رنگ اور صفائی"], isDiamond ? grades : nil),
            (words["Shape", "شکل"], facts.value(of: "Shape")),
            (words["Colour", "رنگ"], facts.value(of: "Colour")),
            (words["Sizes", "ناپ کی حدیں"], facts.value(of: "Sizes")),
            (words["Set with", "جڑے ہوئے نگ"], facts.setWith),
        ]
    }

    /// Outline, QR code and, where there is room, how to check the paper, one above the other; gives their lower edge.
    private func side(on canvas: borrowing Canvas, x left: Double, y: Double, outline: Outline?) -> (
        Double, Bool
    ) {
        var y = y
        let width = sideWidth
        let at = x(left, width)
        if let outline {
            outline.draw(
                on: canvas, in: Box(x: at, y: y, width: width, height: 122), typesetter,
                colour: words.colour)
            y += 132
        }
        if !isDense || paper.symbol.isEmpty { y = code(on: canvas, x: at, y: y, width: width) }
        let fingerprint = FingerprintWords.of(paper.rootFingerprint)
        let lines = stride(from: 0, to: fingerprint.count, by: 4).map {
            fingerprint[$0..<min($0 + 4, fingerprint.count)].joined(separator: " ")
        }
        let block = [
            typesetter.set(
                checkTitle, Face(size: 8.6, isBold: true, ink: words.colour), width: width,
                in: words.language),
            typesetter.set(checkShort, Face(size: isUrdu ? 8.5 : 7.2, ink: .quiet), width: width, in: words.language),
            typesetter.set(
                lines.joined(separator: "\n"), Face(size: 7.4, isBold: true), width: width, in: .english),
            typesetter.set(
                paper.hexFingerprint, Face(size: 5.8, ink: .quiet), width: width, in: .english),
        ]
        let gap = 4.0
        guard y + 14 + block.reduce(0, { $0 + $1.height + gap }) <= bottom else {
            return (y + 14, false)
        }
        y += 14
        for setting in block {
            setting.draw(on: canvas, x: at, y: y)
            y += setting.height + gap
        }
        return (y + 10, true)
    }

    private let codeWidth = 128.0

    /// The QR code, the number and where to type it; gives their lower edge.
    private func code(on canvas: borrowing Canvas, x: Double, y: Double, width: Double) -> Double {
        var y = y
        if !paper.symbol.isEmpty {
            // 3.2 cm, quiet zone apart: 3 cm is the least a telephone reads well.
            let size = 92.0 * Double(paper.symbol.count + 8) / Double(paper.symbol.count)
            canvas.symbol(
                paper.symbol, in: Box(x: x + (width - size) / 2, y: y, width: size, height: size))
            y += size
        }
        for (text, face) in [
            (number, Face(size: 8.6, isBold: true)), (paper.host, Face(size: 8.6, ink: .quiet)),
        ] {
            let setting = typesetter.set(text, face, width: width, in: .english, place: .centre)
            setting.draw(on: canvas, x: x, y: y)
            y += setting.height + 1
        }
        return y
    }

    private func runningHead(on canvas: borrowing Canvas) {
        band(on: canvas, height: 12)
        let title = typesetter.set(
            words.headline, Face(size: 9, isBold: true, ink: words.colour), width: 320, in: words.language
        )
        title.draw(on: canvas, x: x(margin, 320), y: 44 - title.height / 2)
        let setting = typesetter.set(number, Face(size: 9, isBold: true), width: 170, in: .english)
        setting.draw(
            on: canvas, x: isUrdu ? margin : Self.width - margin - setting.naturalWidth,
            y: 44 - setting.height / 2)
        canvas.line(margin, 64, Self.width - margin, 64)
    }

    private func foot(on canvas: borrowing Canvas, page: Int, of count: Int) {
        let y = Self.height - 48
        canvas.line(margin, y, Self.width - margin, y)
        let left = typesetter.set(
            "\(words.band.capitalisedOnly) · \(Facts.apart(number)) · \(Facts.apart(paper.host))",
            Face(size: 7.4, ink: .quiet), width: 380, in: words.language)
        left.draw(on: canvas, x: x(margin, 380), y: y + 13 - left.height / 2)
        let right = typesetter.set(
            words["Page \(page) of \(count)", "صفحہ \(page) از \(count)"],
            Face(size: 7.4, isBold: true, ink: .quiet),
            width: 100, in: words.language)
        right.draw(
            on: canvas,
            x: isUrdu ? margin - (100 - right.naturalWidth) : Self.width - margin - right.naturalWidth,
            y: y + 13 - right.height / 2)
    }

    /// That nothing follows (ISO/IEC 17025 §7.8.2.1 d).
    private func endMark(on canvas: borrowing Canvas) {
        let end = words[
            "These results concern only the item described here.   — End of document —",
            "یہ نتائج صرف یہاں بیان کیے گئے نگ کے بارے میں ہیں۔   — اختتام —"]
        let mark = typesetter.set(
            end, Face(size: 7.6, isBold: true, ink: .quiet), width: inner, in: words.language,
            place: .centre)
        mark.draw(on: canvas, x: margin, y: Self.height - (isUrdu ? 47.5 : 49) - mark.height)
    }

    // MARK: - What flows

    private func place(_ setting: Setting, in flow: Flow, x: Double) {
        for index in setting.lines.indices {
            flow.keep(setting.lines[index].height)
            flow.pieces.append(Piece(page: flow.page, x: x, y: flow.y, setting: setting, line: index))
            flow.y += setting.lines[index].height
            // Nastaliq's lines reach into the air of the next.
            if isUrdu, index + 1 < setting.lines.count, setting.isTall {
                flow.y -= setting.lines[index].height * 0.08
            }
        }
    }

    /// A short text stays on one page.
    private func text(
        _ text: String, _ face: Face, in flow: Flow, _ language: Disclosure.Language,
        place: Typesetter.Place = .start
    ) {
        var width = room(flow)
        var setting = typesetter.set(text, face, width: width, in: language, place: place)
        let page = flow.page
        flow.keep(min(setting.height, 150))
        if flow.page != page {
            width = room(flow)
            setting = typesetter.set(text, face, width: width, in: language, place: place)
        }
        self.place(setting, in: flow, x: x(margin, width))
    }

    /// How the facts are known, as far as a row does not say otherwise.
    private var basisNote: String? {
        facts.commonBasis.map { basis in
            words["\(basis.capitalisedFirst), unless said otherwise", "جہاں کچھ اور نہ لکھا ہو: \(basis)"]
        }
    }

    /// A section's name, and on the far side a quiet word on all of it.
    private func heading(_ text: String, note: String? = nil, in flow: Flow, keeping: Double = 24) {
        let face = Face(size: 10, isBold: true, ink: words.colour)
        flow.keep(
            typesetter.set(text, face, width: room(flow), in: words.language).height + keeping + 12)
        let width = room(flow)
        let setting = typesetter.set(text, face, width: width, in: words.language)
        let (page, top) = (flow.page, flow.y)
        place(setting, in: flow, x: x(margin, width))
        if let note {
            let quiet = typesetter.set(
                note, Face(size: 7.4, ink: .quiet), width: width, in: words.language)
            let drop = (setting.lines.first?.baseline ?? 0) - (quiet.lines.first?.baseline ?? 0)
            flow.pieces.append(
                Piece(
                    page: page,
                    x: isUrdu
                        ? x(margin, width) - (width - quiet.naturalWidth) : margin + width - quiet.naturalWidth,
                    y: top + drop, setting: quiet, line: 0))
        }
        flow.y += isUrdu ? 0 : 2
        flow.rules.append(Rule(page: flow.page, y: flow.y, x: x(margin, width), width: width))
        flow.y += isUrdu ? 1 : 5
    }

    private func section(
        _ title: String, _ body: String, in flow: Flow, size: Double, signed signedSize: Double = 0
    ) {
        let signed = isUrdu ? signedText[title] : nil
        // Where there is no Urdu, the signed words stand alone.
        let language = signed == body ? .english : words.language
        let height = typesetter.set(body, Face(size: size), width: room(flow), in: language).height
        heading(title, in: flow, keeping: min(height, 150))
        text(body, Face(size: size), in: flow, language)
        if let signed, signed != body {
            text(signed, Face(size: signedSize, ink: .quiet), in: flow, .english)
        }
        flow.y += isUrdu ? 2 : 6
    }

    /// The words that were signed stand beneath their Urdu.
    private var signedText: [String: String] {
        [
            words["Disclosure and treatments", "اظہارِ حقیقت اور ٹریٹمنٹ"]: Facts.clean(
                paper.statement["disclosure"]?.string ?? ""),
            words["Limits", "حدود"]: Facts.clean(paper.statement["limits"]?.string ?? ""),
        ]
    }

    /// A row in type: its name, its value and how that is known.
    private struct Cell {
        var name, value: Setting
        var basis: Setting?
        /// What each was set in.
        var nameWidth, valueWidth: Double
        /// From the beginning of the row to its value.
        var indent: Double
        var isSmall: Bool

        /// Of a row that stands beside another.
        var width: Double {
            guard !isSmall, value.lines.count == 1 else { return .infinity }
            return indent + value.naturalWidth + (basis.map { $0.naturalWidth + 6 } ?? 0)
        }
    }

    private static let basisWidth = 84.0
    private static let gutter = 14.0

    private func nameWidth(in width: Double) -> Double { min(92, width * 0.32) }

    private func name(of row: Facts.Row, width: Double) -> Setting {
        typesetter.set(
            Facts.clean(row.name[words.language]), Face(size: 8.6, ink: .quiet), width: width, in: words.language)
    }

    /// `indent` is nil where names have a column of the usual width.
    private func cell(_ row: Facts.Row, indent: Double?, width: Double) -> Cell {
        let nameWidth = nameWidth(in: width)
        let indent = indent ?? nameWidth + 6
        let basis = row.basis.map {
            typesetter.set($0, Face(size: 7.4, ink: .quiet), width: Self.basisWidth, in: words.language)
        }
        let valueWidth = width - indent - 6 - (basis == nil ? 0 : Self.basisWidth)
        return Cell(
            name: name(of: row, width: nameWidth),
            value: typesetter.set(
                facts.directed(row.value), Face(size: row.isSmall ? 5.7 : 9.2), width: valueWidth, in: words.language),
            basis: basis, nameWidth: nameWidth, valueWidth: valueWidth, indent: indent, isSmall: row.isSmall)
    }

    /// Rows one under the other. In Urdu, whose lines are twice as high, values stand close to their names, and short
    /// rows beside each other in pairs.
    private func add(_ rows: [Facts.Row], to flow: Flow) {
        var indent: Double?
        if isUrdu {
            let names = rows.map { name(of: $0, width: nameWidth(in: room(flow))).naturalWidth }
            indent = names.max().map { min(92, $0 + 4) + 6 }
        }
        var rest = rows[...]
        while let row = rest.popFirst() {
            flow.keep(12)
            let width = room(flow)
            var line = [cell(row, indent: indent, width: width)]
            if isUrdu, let next = rest.first.map({ cell($0, indent: indent, width: width) }),
                max(line[0].width, next.width) <= (width - Self.gutter) / 2
            {
                rest.removeFirst()
                line.append(next)
            }
            add(line, width: width, to: flow)
        }
    }

    /// The value of a row alone may take as many lines and pages as it needs.
    private func add(_ cells: [Cell], width: Double, to flow: Flow) {
        let column = (width - Self.gutter * Double(cells.count - 1)) / Double(cells.count)
        var settings: [(setting: Setting, x: Double)] = []
        for (index, cell) in cells.enumerated() {
            let left = margin + Double(index) * (column + Self.gutter)
            settings.append((cell.value, x(left + cell.indent, cell.valueWidth)))
            settings.append((cell.name, x(left, cell.nameWidth)))
            if let basis = cell.basis {
                let wide = cells.count > 1 ? basis.naturalWidth : Self.basisWidth
                settings.append((basis, x(left + column - wide, Self.basisWidth)))
            }
        }
        // All stand on one line, whatever their script.
        let isTall = settings.contains(where: \.setting.isTall)
        if isUrdu && !isTall { flow.y += 3 }
        let baseline = settings.compactMap(\.setting.lines.first?.baseline).max() ?? 0
        func drop(_ setting: Setting) -> Double { baseline - (setting.lines.first?.baseline ?? 0) }
        flow.keep(settings.map { drop($0.setting) + ($0.setting.lines.first?.height ?? 0) }.max() ?? 0)
        let (page, y) = (flow.page, flow.y)
        var below = y
        let value = settings.removeFirst()
        for (setting, at) in settings {
            var line = y + drop(setting)
            for index in setting.lines.indices {
                flow.pieces.append(Piece(page: page, x: at, y: line, setting: setting, line: index))
                line += setting.lines[index].height
            }
            below = max(below, line)
        }
        flow.y += drop(value.setting)
        place(value.setting, in: flow, x: value.x)
        if flow.page == page { flow.y = max(flow.y, below) }
        // Nastaliq brings its own air; a line of Latin type alone has none.
        flow.y += isUrdu ? (isTall ? isDense ? -5 : -3.5 : 1.5) : 1.2
    }

    private var disclosure: String {
        let signed = Facts.clean(paper.statement["disclosure"]?.string ?? "")
        guard isUrdu else { return signed }
        return facts.urduDisclosure ?? signed
    }

    private var limits: String {
        isUrdu ? words.urduLimits : Facts.clean(paper.statement["limits"]?.string ?? "")
    }

    private func row(_ en: String, _ ur: String, _ value: String?) -> Facts.Row? {
        value.map { .init(name: Names(en, ur), value: Facts.clean($0)) }
    }

    /// Who stands behind it: ISO/IEC 17025 §7.8.2.1 line by line for an examination.
    private var people: [Facts.Row] {
        let statement = paper.statement
        func person(_ json: JSON?) -> String? { json?["name"]?.string }
        var rows: [Facts.Row?] = [
            row(
                "Declared by", "بیان کرنے والا",
                person(statement["declarant"])),
            row("Recorded by", "درج کرنے والا", person(statement["recordedBy"])),
        ]
        let lab = statement["lab"]
        rows.append(row("Laboratory", "لیبارٹری", lab?["name"]?.string))
        rows.append(row("Place", "مقام", lab?["place"]?.string))
        rows.append(row("Condition", "حالت", statement["condition"]?.string))
        for examiner in statement["examiners"]?.elements ?? [] {
            rows.append(row("Examined by", "جانچنے والا", person(examiner)))
        }
        rows.append(row("Approved by", "منظور کرنے والا", person(statement["approver"])))
        let methods = (statement["methods"]?.elements ?? []).compactMap(\.string)
        if !methods.isEmpty { rows.append(row("Methods", "طریقے", methods.joined(separator: "; "))) }
        rows.append(row("Deviations", "طریقے سے ہٹ کر", statement["deviations"]?.string))
        rows.append(row("Uncertainty", "غیر یقینی", statement["uncertainty"]?.string))
        for instrument in statement["instruments"]?.elements ?? [] {
            guard let name = instrument["name"]?.string else { continue }
            let calibrated = instrument["calibratedOn"]?.string.map {
                words[", calibrated on ", "، پیمانہ درست کیا گیا "] + facts.part($0)
            }
            let due = instrument["dueOn"]?.string.map {
                words[", next by ", "، اگلی بار "] + facts.part($0)
            }
            rows.append(
                Facts.Row(
                    name: Names("Instrument", "آلہ"),
                    value: facts.part(Facts.clean(name)) + (calibrated ?? "") + (due ?? "")))
        }
        rows.append(row("Scope", "دائرہ", statement["scope"]?.string))
        let opinions = (statement["opinions"]?.elements ?? []).compactMap(\.string).map(
            facts.name(ofPath:))
        if !opinions.isEmpty {
            rows.append(
                row("Opinions", "آراء", opinions.joined(separator: words[", ", "، "]).capitalisedFirst))
        }
        if let compared = statement["compared"] {
            rows.append(
                row(
                    "Compared with", "جس سے ملایا",
                    compared["number"]?.string
                        ?? [compared["lab"]?.string, compared["report"]?.string].compactMap { $0 }.joined(
                            separator: " ")))
        }
        switch statement["result"]?.string {
        case "match": rows.append(row("Result", "نتیجہ", words["It matches", "ملتا ہے"]))
        case "mismatch": rows.append(row("Result", "نتیجہ", words["It does not match", "نہیں ملتا"]))
        default: break
        }
        rows.append(row("Checked on", "ملانے کی تاریخ", statement["checkedOn"]?.string))
        if let report = statement["report"] {
            rows.append(
                row(
                    "Report", "رپورٹ",
                    [report["lab"]?.string, report["number"]?.string].compactMap { $0 }.joined(separator: " ")
                ))
            rows.append(row("Last checked", "آخری بار دیکھا", report["checkedOn"]?.string))
            for field in report["fields"]?.members ?? [] {
                rows.append(row(field.name, field.name, Facts.text(field.value)))
            }
        }
        return rows.compactMap { $0 }
    }

    private var references: [Facts.Row] {
        let statement = paper.statement
        func text(_ name: String) -> String? { statement[name]?.string }
        let issued = text("issuedAt").map { time in
            let log = statement["log"]?["origin"]?.string.map {
                words[", in the public log \($0)", "، عوامی رجسٹر \(facts.part($0)) میں"]
            }
            return facts.part(Paper.moment(time)) + (log ?? "")
        }
        return [
            row("Received", "موصول", text("receivedOn")),
            row("Examined", "جانچ کی تاریخ", text("examinedOn")),
            issued.map { .init(name: Names("Issued", "جاری"), value: $0) },
            row("Valid until", "تک درست", text("expiresAt").map(Paper.moment)),
            row("Replaces", "اس کی جگہ", statement["supersedes"]?["number"]?.string),
            statement["images"]?.elements?.first?["publicSha256"]?.string.map {
                .init(
                    name: Names("Photograph, SHA-256", "تصویر، SHA-256"), value: Facts.clean($0),
                    isSmall: true)
            },
        ].compactMap { $0 }
    }
}

extension Setting {
    /// Whether it holds Nastaliq.
    var isTall: Bool { (lines.first?.height ?? 0) > 22 }

    /// As wide as its widest line.
    var naturalWidth: Double { lines.map(\.width).max() ?? 0 }
}

extension String {
    /// `DEALER’S DECLARATION` → `Dealer’s declaration`.
    var capitalisedOnly: String { prefix(1) + dropFirst().lowercased() }
}

extension Facts {
    /// Made from the signed facts; nil where these name a piece that is not here.
    var urduDisclosure: String? {
        guard let piece,
            let read = try? GemModel.Piece(stored: piece.merging(.object(["id": .null, "basis": .null])))
        else { return nil }
        let stones = read.disclosedStones { _ in nil }
        guard !stones.isEmpty, stones.allSatisfy({ $0.unresolvedPiece == nil }) else { return nil }
        let backing: Disclosure.Backing =
            certificateClass == .examination
            ? .laboratory : certificateClass == .external ? .externalReport : .dealer
        return Disclosure(of: stones, backing: backing, language: .urdu).text
    }
}
