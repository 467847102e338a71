import Foundation
import Testing

@testable import GemTable

/// Lists as shops save them, in every dialect and encoding.
@Suite("Tables")
struct TableTests {
    static func spool(_ bytes: [UInt8]) throws -> Spool {
        let spool = try Spool(in: NSTemporaryDirectory())
        try bytes.withUnsafeBytes { try spool.append($0) }
        return spool
    }

    static func table(_ bytes: [UInt8]) throws -> Table { try Table(spool(bytes), in: NSTemporaryDirectory()) }
    static func table(_ text: String) throws -> Table { try table(Array(text.utf8)) }

    static func rows(_ table: Table) -> [Table.Row] {
        var table = table
        var rows: [Table.Row] = []
        while let row = table.next() { rows.append(row) }
        return rows
    }

    // MARK: - What is written reads back equal

    enum Dialect: CaseIterable, Sendable {
        case excel, semicolon, tab, pipe, quotedAll, oldMac

        var delimiter: String {
            switch self {
            case .semicolon: ";"
            case .tab: "\t"
            case .pipe: "|"
            default: ","
            }
        }
        var lineEnd: String {
            switch self {
            case .excel, .quotedAll: "\r\n"
            case .oldMac: "\r"
            default: "\n"
            }
        }
    }

    static func write(_ rows: [[String]], _ dialect: Dialect) -> String {
        rows.map { row in
            row.map { cell in
                let mustQuote =
                    dialect == .quotedAll || cell.unicodeScalars.contains { "\"\r\n".unicodeScalars.contains($0) }
                    || cell.contains(dialect.delimiter)
                return mustQuote ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }.joined(separator: dialect.delimiter) + dialect.lineEnd
        }.joined()
    }

    static func encode(_ text: String, _ encoding: TextEncoding, marked: Bool) throws -> [UInt8] {
        let mark: [UInt8] =
            switch encoding {
            case .utf8: [0xEF, 0xBB, 0xBF]
            case .utf16LittleEndian: [0xFF, 0xFE]
            case .utf16BigEndian: [0xFE, 0xFF]
            case .windows1252, .windows1256: []
            }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/iconv")
        process.arguments = ["-f", "UTF-8", "-t", encoding.rawValue]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(text.utf8))
        try input.fileHandleForWriting.close()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return (marked ? mark : []) + Array(bytes)
    }

    @Test(
        "random tables of every dialect and encoding read back equal", arguments: Dialect.allCases,
        TextEncoding.allCases)
    func roundTrip(dialect: Dialect, encoding: TextEncoding) throws {
        var random = SystemRandomNumberGenerator()
        let words: [String] =
            switch encoding {
            case .windows1252: ["café", "Gläser", "rubis", "£5", "naïve", "ÅÄÖ", "plain", "12.5"]
            case .windows1256: ["زمرد", "نگ", "سلام", "پشاور", "گلاب", "لاہور", "plain", "12.5"]
            default: ["زمرد", "نگینہ", "café", "emerald", "پشاور کا نگ", "12.5", "𐎠", "x"]
            }
        for _ in 0..<10 {
            let columns = Int.random(in: 2...6, using: &random)
            var rows = [(0..<columns).map { "column\($0)" }]
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                rows.append(
                    (0..<columns).map { column in
                        let glue = [" ", ",", ";", "\t", "|", "\"", "\n", "\r\n"].randomElement(using: &random)!
                        let count = Int.random(in: column == 0 ? 1...2 : 0...3, using: &random)
                        return (0..<count).map { _ in words.randomElement(using: &random)! }.joined(separator: glue)
                    })
            }
            let marked = encoding == .utf8 ? Bool.random(using: &random) : encoding != .windows1252
            let bytes = try Self.encode(Self.write(rows, dialect), encoding, marked: marked)

            let table = try Self.table(bytes)

            #expect(table.header == rows[0])
            #expect(Self.rows(table).map(\.cells) == Array(rows.dropFirst()))
            #expect(table.rowCount == rows.count - 1)
            let hasLetters = rows.dropFirst().joined().contains { $0.unicodeScalars.contains { $0.value > 127 } }
            if hasLetters || marked && encoding != .windows1256 { #expect(table.encoding == encoding) }
        }
    }

    @Test("UTF-16 without a mark is found by its zeros", arguments: [TextEncoding.utf16LittleEndian, .utf16BigEndian])
    func unmarked(encoding: TextEncoding) throws {
        let text = "نام,ضلع,وزن\r\nزمرد,پشاور,1.58\r\n"

        let table = try Self.table(Self.encode(text, encoding, marked: false))

        #expect(table.encoding == encoding && Self.rows(table).first?.cells == ["زمرد", "پشاور", "1.58"])
    }

    @Test("Excel's own line tells the delimiter")
    func sep() throws {
        let table = try Self.table("sep=;\r\na,b;c\r\n1;2\r\n")

        #expect(table.header == ["a,b", "c"] && Self.rows(table).first?.number == 3)
    }

    @Test("Python's csv module and we agree")
    func python() throws {
        let script = """
            import csv, sys, random
            random.seed(7)
            out = csv.writer(sys.stdout, lineterminator=random.choice(["\\r\\n", "\\n"]))
            alphabet = ['a', 'ب', ',', '"', '\\n', ' x', 'é', '12', "'"]
            out.writerow(["c%d" % i for i in range(5)])
            for _ in range(300):
                out.writerow(["k"] + ["k".join(random.choice(alphabet) for _ in range(random.randint(0, 9))).strip() for _ in range(4)])
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.environment = ["PYTHONIOENCODING": "utf-8", "PATH": "/usr/bin:/bin:/usr/local/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = Array(pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()

        let rows = Self.rows(try Self.table(bytes))

        #expect(rows.count == 300 && rows.allSatisfy { $0.problem == nil && $0.cells.count == 5 })
        // Written again by us and read again, it is the same.
        let ours = rows.map { Table.line($0.cells) }.joined()
        #expect(Self.rows(try Self.table("a,b,c,d,e\n" + ours)).map(\.cells) == rows.map(\.cells))
    }

    // MARK: - What is refused

    @Test(
        "what is no number behind a sign is a formula",
        arguments: [
            ("=1", true), ("=HYPERLINK(\"x\")", true), ("+cmd", true), ("-x", true), ("@SUM(A1)", true), ("+", true),
            ("-", false), ("+92 300 1234567", false), ("-1.5", false), ("−1", false), ("1=1", false), ("a@b.c", false),
            ("-1+1", true),
        ])
    func formula(text: String, isRefused: Bool) throws {
        let row = try #require(Self.rows(try Self.table("a,b\n" + Table.line(["x", text]))).first)

        #expect((row.problem != nil) == isRefused)
        if isRefused { #expect(row.problem?.place == "row 2, column 2") }
    }

    @Test("random bytes are refused or read, never more")
    func fuzz() throws {
        var random = SystemRandomNumberGenerator()
        let pieces: [[UInt8]] = [
            [0x22], [0x2C], [10], [13], [0], [0xFF], [0xEF, 0xBB, 0xBF], Array("a".utf8), Array(";".utf8),
            [0xFE, 0xFF],
            [0xC7], Array("sep=".utf8), [9], Array("ب".utf8),
        ]
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).flatMap { _ in
                pieces.randomElement(using: &random)!
            }
            guard let table = try? Self.table(bytes) else { continue }  // a refusal is an answer
            let rows = Self.rows(table)
            #expect(rows.count == table.rowCount)
            #expect(rows.allSatisfy { $0.problem != nil || $0.cells.count == table.header.count })
        }
    }
}
