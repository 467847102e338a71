/// A table read from a file, row by row: text with delimiters (RFC 4180), in whatever encoding and dialect it came.
///
/// The whole file is looked through before the first row is given: an open quote or an endless line would make every
/// row after it another one, so such a file is refused as a whole. What concerns one row only is told with that row.
///
/// Sendable: the bytes it lends never change, and their spool lives as long as it.
package struct Table: @unchecked Sendable {
    package struct Limits: Sendable {
        package var lineBytes = 64 << 10
        package var columns = 1_000
        package var rows = 250_000
        package static let standard = Limits()
    }

    package struct Row: Sendable {
        /// Counted from 1, the header being row 1; empty lines count.
        package var number: Int
        /// As many as the header has, without spaces around them.
        package var cells: [String]
        /// Why the row cannot be taken; then `cells` are as far as they could be read.
        package var problem: TableError?
    }

    package let header: [String]
    package let encoding: TextEncoding
    package let delimiter: UInt8
    /// Rows that are not empty, the header aside.
    package let rowCount: Int
    /// The number of the last row.
    package let lastNumber: Int

    /// Kept for the bytes it lends.
    private let spool: Spool
    private let bytes: UnsafeRawBufferPointer
    private let limits: Limits
    private var at: Int
    private var number: Int

    /// `directory` is where a decoded copy may lie, without a name.
    package init(_ file: Spool, in directory: String, limits: Limits = .standard) throws {
        var spool = file
        var bytes = try file.bytes()
        guard !bytes.isEmpty else { throw TableError("the file is empty", hint: "choose a file with a header row") }
        if let known = Self.otherFormat(bytes) {
            throw TableError("this is \(known), whatever its name says", hint: "save it as CSV UTF-8, or as .xlsx")
        }
        let (encoding, mark) = try TextEncoding.found(in: bytes)
        bytes = UnsafeRawBufferPointer(rebasing: bytes[mark...])
        if encoding != .utf8 {
            spool = try encoding.decoded(bytes, in: directory)
            bytes = try spool.bytes()
        } else if !TextEncoding.isUTF8(bytes) {
            throw TableError("the file says that it is UTF-8 and is not", hint: "save it again as CSV UTF-8")
        }
        self.spool = spool
        self.bytes = bytes
        self.limits = limits
        self.encoding = encoding
        var start = 0
        var first = 1
        var delimiter = Self.delimiter(in: bytes)
        // Excel's own way to say it: a first line `sep=;`.
        if bytes.count >= 5, bytes.prefix(4).elementsEqual("sep=".utf8),
            bytes.count == 5 || [10, 13].contains(bytes[5])
        {
            delimiter = bytes[4]
            start = min(bytes.count, 6)
            if start < bytes.count, bytes[5] == 13, bytes[start] == 10 { start += 1 }
            first = 2
        }
        self.delimiter = delimiter
        at = start
        number = first
        // One pass over all: the header, the row count, and that every quote is closed.
        var scan = Scanner(bytes: bytes, delimiter: delimiter, limits: limits)
        (scan.at, scan.number) = (start, first)
        var header: [String] = []
        while header.isEmpty, let row = try scan.next(keepingCells: true) {
            if row.cells.allSatisfy(\.isEmpty) { continue }
            if let problem = row.problem { throw problem }
            header = row.cells
            while header.last == "" { header.removeLast() }
        }
        guard !header.isEmpty else {
            throw TableError("the file holds no row", hint: "choose a file with a header row")
        }
        if let empty = header.firstIndex(of: "") {
            throw TableError(
                "a column has no name", hint: "write a name above it, or delete the column", row: scan.number - 1,
                column: empty + 1)
        }
        (at, number) = (scan.at, scan.number)
        var count = 0
        while let row = try scan.next(keepingCells: false) { if !row.isEmpty { count += 1 } }
        guard count <= limits.rows else {
            throw TableError(
                "the file has \(count) rows, more than \(limits.rows)", hint: "cut it into several files")
        }
        rowCount = count
        lastNumber = scan.number - 1
        self.header = header
    }

    /// The next row that is not empty; nil after the last.
    package mutating func next() -> Row? {
        var scan = Scanner(bytes: bytes, delimiter: delimiter, limits: limits)
        (scan.at, scan.number) = (at, number)
        defer { (at, number) = (scan.at, scan.number) }
        while true {
            // Every quote was seen closed when the table was opened.
            guard let found = try? scan.next(keepingCells: true) else { return nil }
            if found.isEmpty { continue }
            var row = Row(number: found.number, cells: found.cells, problem: found.problem)
            while row.cells.count > header.count, row.cells.last == "" { row.cells.removeLast() }
            if row.problem == nil, row.cells.count != header.count {
                row.problem = TableError(
                    "the row has \(row.cells.count) cells, the header \(header.count)",
                    hint: row.cells.count < header.count
                        ? "the row is cut off; complete it" : "put quotes around a text that holds the delimiter",
                    row: row.number)
            }
            return row
        }
    }

    /// What the first bytes say where they cannot be a text.
    private static func otherFormat(_ bytes: UnsafeRawBufferPointer) -> String? {
        let known: [([UInt8], String)] = [
            ([0x50, 0x4B, 3, 4], "a ZIP or Excel file"), ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel file (.xls)"),
            (Array("%PDF".utf8), "a PDF"), ([0xFF, 0xD8, 0xFF], "a photograph"),
            ([0x89, 0x50, 0x4E, 0x47], "a picture"),
            ([0x1F, 0x8B], "a compressed file"), (Array("<!DO".utf8), "a web page"), (Array("<htm".utf8), "a web page"),
        ]
        return known.first { bytes.prefix($0.0.count).elementsEqual($0.0) }?.1
    }

    /// The one of `,` `;` tab `|` that stands most often in the first line outside quotes.
    private static func delimiter(in bytes: UnsafeRawBufferPointer) -> UInt8 {
        let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
        var counts = [Int](repeating: 0, count: candidates.count)
        var isQuoted = false
        for byte in bytes.prefix(64 << 10) {
            if byte == 0x22 { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 10 || byte == 13 {
                if counts.contains(where: { $0 > 0 }) { break }
                continue
            }
            if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return most == 0 ? 0x2C : candidates[counts.firstIndex(of: most)!]
    }
}

/// Cuts bytes into rows and cells.
private struct Scanner {
    struct Found {
        var number: Int
        var cells: [String] = []
        var isEmpty = true
        var problem: TableError?
    }

    let bytes: UnsafeRawBufferPointer
    let delimiter: UInt8
    let limits: Table.Limits
    var at = 0
    var number = 1

    init(bytes: UnsafeRawBufferPointer, delimiter: UInt8, limits: Table.Limits) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.limits = limits
    }

    /// - Throws: where the rows after this one could not be told apart.
    mutating func next(keepingCells keeps: Bool) throws(TableError) -> Found? {
        guard at < bytes.count else { return nil }
        var row = Found(number: number)
        let begin = at
        var column = 0
        number += 1
        while true {
            column += 1
            let (range, isQuoted, hasDoubled, end) = try cell(row: row.number, column: column, from: begin)
            if isQuoted || !range.isEmpty { row.isEmpty = false }
            if column > limits.columns {
                row.problem =
                    row.problem
                    ?? TableError(
                        "the row has more than \(limits.columns) columns",
                        hint: "delete the empty columns and save again",
                        row: row.number)
            } else if keeps {
                let text = text(range, hasDoubled: hasDoubled)
                row.cells.append(text)
                if row.problem == nil { row.problem = Self.problem(of: text, row: row.number, column: column) }
            }
            if end { return row }
        }
    }

    /// One cell; `at` is behind it and its delimiter or line end. `end` when it was the last of its row.
    private mutating func cell(
        row: Int, column: Int, from begin: Int
    ) throws(TableError) -> (range: Range<Int>, isQuoted: Bool, hasDoubled: Bool, end: Bool) {
        var range = at..<at
        var (isQuoted, hasDoubled) = (false, false)
        if at < bytes.count, bytes[at] == 0x22 {
            isQuoted = true
            at += 1
            let start = at
            while true {
                guard at < bytes.count else {
                    throw TableError(
                        "the quote that opens here is never closed",
                        hint: "close it, or write two quotes for one that belongs to the text", row: row, column: column
                    )
                }
                try checkLength(row: row, from: begin)
                if bytes[at] == 0x22 {
                    if at + 1 < bytes.count, bytes[at + 1] == 0x22 {
                        hasDoubled = true
                        at += 2
                        continue
                    }
                    break
                }
                at += 1
            }
            range = start..<at
            at += 1
            guard at == bytes.count || bytes[at] == delimiter || bytes[at] == 10 || bytes[at] == 13 else {
                throw TableError(
                    "text follows the closing quote", hint: "write two quotes for one that belongs to the text",
                    row: row, column: column)
            }
        } else {
            let start = at
            while at < bytes.count {
                let byte = bytes[at]
                if byte == delimiter || byte == 10 || byte == 13 { break }
                at += 1
            }
            range = start..<at
            try checkLength(row: row, from: begin)
        }
        guard at < bytes.count else { return (range, isQuoted, hasDoubled, true) }
        let byte = bytes[at]
        at += 1
        if byte == delimiter { return (range, isQuoted, hasDoubled, false) }
        if byte == 13, at < bytes.count, bytes[at] == 10 { at += 1 }
        return (range, isQuoted, hasDoubled, true)
    }

    private func checkLength(row: Int, from begin: Int) throws(TableError) {
        guard at - begin <= limits.lineBytes else {
            throw TableError(
                "the row is longer than \(limits.lineBytes >> 10) KB",
                hint: "close an open quote, or take the long text out", row: row)
        }
    }

    private func text(_ range: Range<Int>, hasDoubled: Bool) -> String {
        var range = range
        while let last = range.last, bytes[last] == 0x20 || bytes[last] == 0x09 { range = range.dropLast() }
        while let first = range.first, bytes[first] == 0x20 || bytes[first] == 0x09 { range = range.dropFirst() }
        guard hasDoubled else { return String(decoding: bytes[range], as: UTF8.self) }
        var out: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            out.append(bytes[index])
            index += bytes[index] == 0x22 ? 2 : 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// What no cell may hold: it would hide, or be run by the program that opens the list next.
    private static func problem(of text: String, row: Int, column: Int) -> TableError? {
        guard let first = text.utf8.first else { return nil }
        func refuse(_ reason: String, _ hint: String) -> TableError {
            TableError(reason, hint: hint, row: row, column: column)
        }
        for byte in text.utf8 where byte == 0 || byte == 0xEF {
            if byte == 0 { return refuse("the cell holds U+0000", "save the file again as CSV UTF-8") }
            if text.unicodeScalars.contains("\u{FEFF}") {
                return refuse(
                    "the cell holds a byte order mark (U+FEFF)", "two files were put together; take the mark out")
            }
        }
        guard "=+-@".utf8.contains(first), text != "-" else { return nil }
        let isNumber =
            (first == UInt8(ascii: "+") || first == UInt8(ascii: "-"))
            && text.utf8.dropFirst().allSatisfy { $0 &- 0x30 < 10 || " .,-()/%".utf8.contains($0) }
            && text.utf8.contains { $0 &- 0x30 < 10 }
        if isNumber { return nil }
        return refuse(
            "the cell begins with \"\(Character(Unicode.Scalar(first)))\", as a formula does",
            "write the value, not a formula")
    }
}

extension Table {
    /// One row of RFC 4180, each cell in quotes where it must be.
    package static func line(_ cells: some Sequence<String>) -> String {
        cells.map { cell in
            cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 10 || $0 == 13 }
                || cell.utf8.first == 0x20 || cell.utf8.last == 0x20
                ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                : cell
        }.joined(separator: ",") + "\r\n"
    }
}
