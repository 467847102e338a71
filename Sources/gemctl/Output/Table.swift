import GemModel

/// One column of a list: its header, and what it shows of an item.
struct Column: Sendable {
    enum Alignment: Sendable {
        case left, right
    }

    var header: Message
    var alignment: Alignment
    var value: @Sendable (JSON) -> String

    init(_ header: Message, _ alignment: Alignment = .left, value: @escaping @Sendable (JSON) -> String) {
        self.header = header
        self.alignment = alignment
        self.value = value
    }

    /// The value at a dotted path.
    init(_ header: Message, _ path: String, _ alignment: Alignment = .left) {
        self.init(header, alignment) { $0.at(path)?.plain ?? "" }
    }
}

/// Lines of aligned columns, two spaces apart.
enum Table {
    /// Columns beyond this are cut when a person looks on; files get everything.
    static let widestColumn = 44

    static func lines(headers: [String], alignments: [Column.Alignment], rows: [[String]], cutting: Bool) -> [String] {
        let cells = ([headers] + rows).map { row in
            row.map { cutting ? $0.printable.cut(toWidth: widestColumn) : $0.printable }
        }
        var widths = headers.map { _ in 0 }
        for row in cells {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.displayWidth) }
        }
        return cells.map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[index] - cell.displayWidth)
                line += alignments[index] == .right ? space + cell : cell + space
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

/// RFC 4180 rows for people's spreadsheets.
enum CSV {
    static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// A leading `'` keeps a spreadsheet from running a cell that begins like a formula.
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
