/// A workbook (Office Open XML, ECMA-376) with one sheet, as the text that a program would save it to.
///
/// Numbers and dates come out as they are meant, not as they look; a formula as itself, so that it is refused as one;
/// merged cells are refused, since nobody can tell which rows or columns they stand for.
package enum Workbook {
    private static let sheetBytes = 192 << 20
    private static let partBytes = 48 << 20
    private static let mostStrings = 2_000_000

    /// The sheet in UTF-8 with commas, row by row where it stands.
    package static func text(of archive: ZipArchive, in directory: String) throws -> Spool {
        if let bad = archive.entries.first(where: { $0.problem != nil }), let problem = bad.problem {
            throw TableError("the part \(bad.name.prefix(60)) of the workbook: \(problem.reason)", hint: problem.hint)
        }
        guard archive.entries.reduce(0, { $0 + $1.size }) <= sheetBytes + 2 * partBytes else {
            throw TableError("the workbook unpacks to more than 288 MB", hint: "save the list as CSV UTF-8")
        }
        let book = try Book(archive)
        let spool = try Spool(in: directory)
        let writer = SheetWriter(spool, book)
        let parser = try XMLParser()
        parser.onStart = writer.start
        parser.onEnd = writer.end
        parser.onText = writer.text
        try parse(book.sheet, of: archive, limit: sheetBytes, parser)
        try writer.finish()
        return spool
    }

    fileprivate static func parse(_ name: String, of archive: ZipArchive, limit: Int, _ parser: XMLParser) throws {
        guard let entry = archive.entry(name) else {
            throw TableError("the workbook has no \(name)", hint: "save it anew as .xlsx")
        }
        do {
            try archive.read(entry, limit: limit) { try parser.parse($0, isLast: false) }
            try parser.parse(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        } catch let error as TableError where error.row == nil {
            throw TableError("the workbook's \(name): \(error.reason)", hint: error.hint)
        }
    }

    /// What the sheet refers to.
    fileprivate struct Book {
        var sheet = ""
        var strings: [String] = []
        /// By style, whether its numbers are dates.
        var dates: [Bool] = []
        var countsFrom1904 = false

        init(_ archive: ZipArchive) throws {
            var sheets: [(name: String, id: String)] = []
            var from1904 = false
            let book = try XMLParser()
            book.onStart = { name, attributes in
                if name == "sheet", attributes["state"] ?? "visible" == "visible" {
                    sheets.append((attributes["name"] ?? "", attributes["id"] ?? ""))
                }
                if name == "workbookPr" { from1904 = ["1", "true"].contains(attributes["date1904"] ?? "") }
            }
            try parse("xl/workbook.xml", of: archive, limit: partBytes, book)
            countsFrom1904 = from1904
            guard sheets.count == 1 else {
                let names = sheets.prefix(8).map { "\"\($0.name.prefix(40))\"" }.joined(separator: ", ")
                throw TableError(
                    "the workbook has \(sheets.count) sheets: \(names)",
                    hint: "save the sheet you mean in a file of its own")
            }
            var targets: [String: String] = [:]
            let relations = try XMLParser()
            relations.onStart = { name, attributes in
                guard name == "Relationship", attributes["TargetMode"] != "External" else { return }
                targets[attributes["Id"] ?? ""] = attributes["Target"]
            }
            try parse("xl/_rels/workbook.xml.rels", of: archive, limit: partBytes, relations)
            let target = targets[sheets[0].id] ?? ""
            sheet = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
            if archive.entry("xl/sharedStrings.xml") != nil { strings = try Self.strings(archive) }
            if archive.entry("xl/styles.xml") != nil { dates = try Self.dates(archive) }
        }

        private static func strings(_ archive: ZipArchive) throws -> [String] {
            var strings: [String] = []
            var current: [UInt8] = []
            // Text to be read aloud stands beside the text itself.
            var (isText, isPhonetic) = (false, false)
            let parser = try XMLParser()
            parser.onStart = { name, _ in
                if name == "si" { current.removeAll(keepingCapacity: true) }
                if name == "rPh" { isPhonetic = true }
                isText = name == "t"
            }
            parser.onEnd = { name in
                if name == "rPh" { isPhonetic = false }
                isText = false
                guard name == "si" else { return }
                guard strings.count < mostStrings else {
                    throw TableError("it has too many texts", hint: "save the list as CSV UTF-8")
                }
                strings.append(String(decoding: current, as: UTF8.self))
            }
            parser.onText = { text in
                if isText, !isPhonetic { current.append(contentsOf: text.lazy.map { UInt8(bitPattern: $0) }) }
            }
            try parse("xl/sharedStrings.xml", of: archive, limit: partBytes, parser)
            return strings
        }

        private static func dates(_ archive: ZipArchive) throws -> [Bool] {
            var formats: [String: String] = [:]
            var styles: [Bool] = []
            var isInCells = false
            let parser = try XMLParser()
            parser.onStart = { name, attributes in
                switch name {
                case "numFmt": formats[attributes["numFmtId"] ?? ""] = attributes["formatCode"]
                case "cellXfs": isInCells = true
                case "xf" where isInCells:
                    let id = attributes["numFmtId"] ?? "0"
                    let number = Int(id) ?? 0
                    styles.append((14...22).contains(number) || formats[id].map(isDate) ?? false)
                default: break
                }
            }
            parser.onEnd = { if $0 == "cellXfs" { isInCells = false } }
            try parse("xl/styles.xml", of: archive, limit: partBytes, parser)
            return styles
        }

        /// Whether a format shows days or years, what stands in quotes and brackets aside.
        private static func isDate(_ format: String) -> Bool {
            var (isQuoted, isBracketed) = (false, false)
            for character in format.utf8 {
                switch character {
                case UInt8(ascii: "\""): isQuoted.toggle()
                case UInt8(ascii: "["): isBracketed = true
                case UInt8(ascii: "]"): isBracketed = false
                case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "y"), UInt8(ascii: "Y"):
                    if !isQuoted, !isBracketed { return true }
                default: break
                }
            }
            return false
        }
    }

    /// Writes the rows of a sheet as they come.
    private final class SheetWriter {
        private let spool: Spool
        private let book: Book
        private var row = 0
        private var cells: [String] = []
        private var width = 0
        private var column = 0
        private var type = ""
        private var style = 0
        private var value: [UInt8] = []
        private var formula: [UInt8]?
        private var place = Place.none

        private enum Place {
            case none, value, formula
        }

        init(_ spool: Spool, _ book: Book) {
            self.spool = spool
            self.book = book
        }

        func start(_ name: String, _ attributes: [String: String]) throws {
            switch name {
            case "row":
                let next = attributes["r"].flatMap { Int($0) } ?? row + 1
                guard next > row, next <= 1_048_576 else {
                    throw TableError("its rows are out of order", hint: "save the workbook anew")
                }
                // A row that is not there is an empty line, so that rows are counted as the program shows them.
                for _ in (row + 1)..<next { try spool.append("\r\n") }
                row = next
                cells = []
                column = 0
            case "c":
                let next = attributes["r"].flatMap(Self.column) ?? column + 1
                guard next > column, next <= 16_384 else {
                    throw TableError("its cells are out of order", hint: "save the workbook anew", row: row)
                }
                guard next <= Table.Limits.standard.columns else {
                    throw TableError(
                        "the row has more than \(Table.Limits.standard.columns) columns",
                        hint: "delete the empty columns and save again", row: row)
                }
                while cells.count < next - 1 { cells.append("") }
                column = next
                type = attributes["t"] ?? "n"
                style = attributes["s"].flatMap { Int($0) } ?? 0
                value = []
                formula = nil
            case "v", "t": place = .value
            case "f":
                place = .formula
                formula = formula ?? []
            case "mergeCell":
                throw TableError(
                    "the cells \(attributes["ref"]?.prefix(20) ?? "?") are merged",
                    hint: "unmerge them and fill each cell")
            default: place = .none
            }
        }

        func text(_ text: UnsafeBufferPointer<CChar>) {
            switch place {
            case .value: value.append(contentsOf: text.lazy.map { UInt8(bitPattern: $0) })
            case .formula: formula?.append(contentsOf: text.lazy.map { UInt8(bitPattern: $0) })
            case .none: break
            }
        }

        func end(_ name: String) throws {
            switch name {
            case "v", "t", "f": place = .none
            case "c": cells.append(try cell())
            case "row":
                // A row that ends early has empty cells at its end, it is not cut off.
                if width == 0, cells.contains(where: { !$0.isEmpty }) { width = cells.count }
                while cells.count < width { cells.append("") }
                try spool.append(Table.line(cells))
            default: break
            }
        }

        func finish() throws { _ = try spool.bytes() }

        private func cell() throws -> String {
            if let formula { return "=" + String(decoding: formula, as: UTF8.self) }
            let text = String(decoding: value, as: UTF8.self)
            switch type {
            case "s":
                guard let index = Int(text), book.strings.indices.contains(index) else {
                    throw TableError(
                        "a cell refers to a text that is not there", hint: "save the workbook anew", row: row)
                }
                return book.strings[index]
            case "str", "inlineStr", "d": return text
            case "b": return text == "1" ? "TRUE" : "FALSE"
            case "e": return "=" + text  // an error is what a formula came to
            default:
                guard !text.isEmpty else { return "" }
                guard let number = Double(text), number.isFinite else {
                    throw TableError("a cell is no number", hint: "save the workbook anew", row: row)
                }
                return book.dates.indices.contains(style) && book.dates[style]
                    ? try date(number) : Self.decimal(number)
            }
        }

        /// `B` of `B17` is 2.
        private static func column(_ reference: String) -> Int? {
            var number = 0
            for byte in reference.utf8 {
                guard byte &- 0x41 < 26 else { break }
                number = number * 26 + Int(byte - 0x40)
                guard number <= 100_000 else { return nil }
            }
            return number == 0 ? nil : number
        }

        /// To 15 digits, as the programs that write workbooks count, and without an exponent.
        static func decimal(_ number: Double) -> String {
            let negative = number < 0
            var (digits, exponent) = significant(number.magnitude)
            while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
            var text = ""
            if digits == [0x30] { return "0" }
            if exponent < 0 {
                text = "0." + String(repeating: "0", count: -exponent - 1) + String(decoding: digits, as: UTF8.self)
            } else if digits.count <= exponent + 1 {
                text =
                    String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: exponent + 1 - digits.count)
            } else {
                text =
                    String(decoding: digits[...exponent], as: UTF8.self) + "."
                    + String(decoding: digits[(exponent + 1)...], as: UTF8.self)
            }
            return (negative ? "-" : "") + text
        }

        /// 15 digits and the power of ten of the first.
        private static func significant(_ number: Double) -> (digits: [UInt8], exponent: Int) {
            guard number > 0 else { return ([0x30], 0) }
            // Shortest digits that read back equal; more than 15 of them are rounding noise.
            var text = Array("\(number)".utf8)
            var exponent = 0
            if let e = text.firstIndex(where: { $0 == UInt8(ascii: "e") }) {
                exponent = Int(String(decoding: text[(e + 1)...], as: UTF8.self)) ?? 0
                text = Array(text[..<e])
            }
            let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
            var digits = text.filter { $0 != UInt8(ascii: ".") }
            exponent += point - 1
            while digits.count > 1, digits[0] == 0x30 {
                digits.removeFirst()
                exponent -= 1
            }
            if digits.count > 15 {
                let isUp = digits[15] >= 0x35
                digits = Array(digits[..<15])
                var index = 14
                if isUp {
                    while index >= 0, digits[index] == 0x39 {
                        digits[index] = 0x30
                        index -= 1
                    }
                    if index >= 0 {
                        digits[index] += 1
                    } else {
                        digits.insert(0x31, at: 0)
                        exponent += 1
                    }
                }
            }
            return (digits, exponent)
        }

        /// `2026-11-21`, with `T14:02:00` when it has a time.
        private func date(_ serial: Double) throws -> String {
            guard (0..<2_958_466).contains(serial) else {
                throw TableError("a date is out of range", hint: "write it as 2026-11-21", row: row)
            }
            var days = Int(serial)
            var seconds = Int(((serial - Double(days)) * 86_400).rounded())
            if seconds == 86_400 { (days, seconds) = (days + 1, 0) }
            // Day 60 of the other count is 29 February 1900, which never was.
            let epoch = book.countsFrom1904 ? -24_107 : days < 60 ? -25_568 : -25_569
            let (year, month, day) = Self.civil(days + epoch)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let text = "\(year)-\(two(month))-\(two(day))"
            return seconds == 0
                ? text : text + "T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        }

        /// Year, month and day of a count of days from 1 January 1970, in the Gregorian calendar.
        private static func civil(_ days: Int) -> (Int, Int, Int) {
            // Counted from 1 March of year 0, so that a leap day ends its year; 146,097 days are 400 years.
            let shifted = days + 719_468
            let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
            let dayOfEra = shifted - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let month = (5 * dayOfYear + 2) / 153
            let day = dayOfYear - (153 * month + 2) / 5 + 1
            let civilMonth = month < 10 ? month + 3 : month - 9
            return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
        }
    }
}
