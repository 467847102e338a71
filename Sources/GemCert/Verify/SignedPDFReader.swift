import FoundationEssentials
import GemCrypto

/// Takes a signed paper apart, byte by byte: after cairo's file only the one update that gemd writes is read at all,
/// and behind that at most one that adds evidence for later (`LateEvidence`).
///
/// Everything in the signed update is fixed, or a number that is worked out again here; so nothing can stand in it
/// that the reader does not know. One pass, no stack, no memory beyond the file's.
struct SignedPDFReader {
    struct Malformed: Error {
        let reason: String
    }

    /// Ours are under 1 MB. Reading takes three times the file at most, which then is under 64 MB.
    static let longest = 16 << 20

    let statement: [UInt8]
    let signature: [UInt8]
    let proof: [UInt8]
    /// The paper's own CMS, and the bytes it signs.
    let paperSignature: [UInt8]
    let signed: [UInt8]
    /// What the signature dictionary says (/M).
    let signedAt: Date
    /// Where the signed part ends and what stands in it, for evidence behind it.
    let layout: LateEvidence.Signed

    init(_ whole: [UInt8]) throws(Malformed) {
        var bytes = whole
        guard bytes.count <= Self.longest, bytes.starts(with: "%PDF-1.".utf8) else {
            throw Malformed(reason: "this is no PDF, or longer than 16 MB")
        }
        guard let rangeAt = Self.first("/ByteRange", in: bytes, from: 0) else {
            throw Malformed(reason: "this PDF carries no signature")
        }
        var at = Cursor(bytes, at: rangeAt)
        try at.expect("/ByteRange [0 ")
        let start = try at.number(digits: 10)
        try at.expect(" ")
        let end = try at.number(digits: 10)
        try at.expect(" ")
        let rest = try at.number(digits: 10)
        try at.expect("]\n/Contents ")
        guard at.position == start, end > start, end <= bytes.count else {
            throw Malformed(reason: "its signature does not cover what it should")
        }
        guard end + rest <= bytes.count else { throw Malformed(reason: "this PDF is cut off") }
        // Only behind what was signed: in front of it, in an attachment, the word is no signature.
        guard Self.first("/ByteRange", in: bytes, from: end + rest) == nil else {
            throw Malformed(reason: "this PDF carries a second signature")
        }
        bytes.removeSubrange((end + rest)...)

        // From the end to the first file's table, and from there forwards.
        guard let table = Self.lastTable(bytes), table > end,
            let trailer = Self.first("trailer\n", in: bytes, from: table),
            let previousAt = Self.first("/Prev ", in: bytes, from: trailer)
        else { throw Self.other }
        var prev = Cursor(bytes, at: previousAt + 6)
        let base = try Base(bytes, table: prev.number(), before: start)

        var update = Cursor(bytes, at: base.end)
        var offsets: [(number: Int, offset: Int)] = []
        func begin(_ number: Int) throws(Malformed) {
            offsets.append((number, update.position))
            try update.expect("\(number) 0 obj\n")
        }
        let field = base.size + 1
        let names = ["certificate.json", "certificate.json.p7s", "certificate.tlog-proof", "issuing-and-crls.pem"]
        let specs = names.indices.map { "\(base.size + 3 + 2 * $0) 0 R" }
        try begin(base.root)
        try update.expect(bytes[base.catalog])
        try update.expect(
            "/AcroForm << /Fields [\(field) 0 R] /SigFlags 3 >> /Perms << /DocMDP \(base.size) 0 R >>\n/Names << "
                + "/EmbeddedFiles << /Names [\(zip(names, specs).map { "(\($0)) \($1)" }.joined(separator: " "))] >> >> "
                + "/AF [\(specs.joined(separator: " "))]\n"
                + "/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >> >>\nendobj\n")
        try begin(base.firstPage)
        try update.expect(bytes[base.page])
        try update.expect("/Annots [\(field) 0 R] >>\nendobj\n")
        try begin(base.size)
        try update.expect("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:")
        let digits = update.take(15)
        guard let time = CivilTime(asn1: digits[...], isUTCTime: false) else {
            throw Malformed(reason: "its signature says no time")
        }
        signedAt = time.date
        try update.expect(") /Name (")
        try update.skipLiteral()
        try update.expect(
            ")\n/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 1 "
                + "/V /1.2 >> >>]\n")
        guard update.position == rangeAt else { throw Self.other }
        update.position = start
        try update.expect("<")
        guard end - start == SignedPDF.hole * 2 + 2,
            let contents = Hex.decode(String(decoding: bytes[(start + 1)..<(end - 1)], as: UTF8.self)),
            let length = Self.derLength(contents), contents[length...].allSatisfy({ $0 == 0 })
        else { throw Malformed(reason: "the hole of its signature holds something else than the signature") }
        paperSignature = Array(contents[..<length])
        update.position = end - 1
        try update.expect(">\n>>\nendobj\n")
        try begin(field)
        try update.expect(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Issuer) /V \(base.size) 0 R /P \(base.firstPage) 0 R "
                + "/Rect [0 0 0 0] /F 132 >>\nendobj\n")
        let types = ["application#2Fjson", "application#2Fpkcs7-signature", "text#2Fplain", "application#2Fx-pem-file"]
        var files: [[UInt8]] = []
        for (index, name) in names.enumerated() {
            let object = base.size + 2 + 2 * index
            try begin(object)
            try update.expect("<< /Type /EmbeddedFile /Subtype /\(types[index]) /Length ")
            let count = try update.number()
            try update.expect(" /Params << /Size \(count) >> >>\nstream\n")
            let file = update.take(count)
            guard file.count == count else { throw Self.other }
            files.append(file)
            try update.expect("\nendstream\nendobj\n")
            try begin(object + 1)
            try update.expect(
                "<< /Type /Filespec /F (\(name)) /UF (\(name)) /AFRelationship /\(index == 0 ? "Source" : "Supplement") "
                    + "/EF << /F \(object) 0 R /UF \(object) 0 R >> >>\nendobj\n")
        }
        guard update.position == table else { throw Self.other }
        try update.expect("xref\n")
        let sorted = offsets.sorted { $0.number < $1.number }
        for (index, entry) in sorted.enumerated() {
            if index == 0 || sorted[index - 1].number + 1 != entry.number {
                var count = 1
                while index + count < sorted.count, sorted[index + count].number == entry.number + count { count += 1 }
                try update.expect("\(entry.number) \(count)\n")
            }
            let text = String(entry.offset)
            try update.expect(String(repeating: "0", count: 10 - text.count) + text + " 00000 n \n")
        }
        let id = Hex.encode(Array(SHA256.hash(files[0]).prefix(16)))
        try update.expect(
            "trailer\n<< /Size \(base.size + 10) /Root \(base.root) 0 R /Info \(base.info) 0 R /Prev \(base.table) "
                + "/ID [<\(id)><\(id)>] >>\nstartxref\n\(table)\n%%EOF\n")
        guard update.position == bytes.count else { throw Self.other }
        statement = files[0]
        signature = files[1]
        proof = files[2]
        signed = Array(bytes[..<start]) + Array(bytes[end...])
        layout = LateEvidence.Signed(
            end: bytes.count, table: table, size: base.size + 10, root: base.root, info: base.info,
            catalog: offsets[0].offset + "\(base.root) 0 obj\n".utf8.count, information: base.information,
            id: Array(SHA256.hash(statement).prefix(16)))
        if whole.count > bytes.count { try LateEvidence.check(whole, behind: layout) }
    }

    private static let other = Malformed(reason: "this PDF was not written by gemd, or was changed after it was signed")

    /// Cairo's file as far as the update leans on it.
    private struct Base {
        let size: Int
        let root: Int
        let info: Int
        let table: Int
        let end: Int
        let firstPage: Int
        /// Dictionaries without their closing `>>`.
        let catalog: Range<Int>
        let page: Range<Int>
        /// Where the dictionary of title and author begins.
        let information: Int

        init(_ bytes: [UInt8], table: Int, before limit: Int) throws(Malformed) {
            self.table = table
            guard table > 0, table < limit else { throw other }
            var at = Cursor(bytes, at: table)
            try at.expect("xref\n0 ")
            let size = try at.number()
            guard size > 3, size < 100_000 else { throw other }
            self.size = size
            try at.expect("\n")
            let entries = at.position
            at.position += 20 * size
            guard at.position < limit else { throw other }
            try at.expect("trailer\n<< /Size \(size)\n   /Root ")
            let root = try at.number()
            try at.expect(" 0 R\n   /Info ")
            info = try at.number()
            try at.expect(" 0 R\n>>\nstartxref\n\(table)\n%%EOF\n")
            end = at.position
            guard end < limit else { throw other }
            self.root = root
            func object(_ number: Int) throws(Malformed) -> Range<Int> {
                guard number > 0, number < size else { throw other }
                var entry = Cursor(bytes, at: entries + 20 * number)
                var at = Cursor(bytes, at: try entry.number(digits: 10))
                guard at.position < table else { throw other }
                try at.expect("\(number) 0 obj\n<<")
                let start = at.position - 2
                guard let end = SignedPDFReader.first("\n>>\nendobj\n", in: bytes, from: start), end < table else {
                    throw other
                }
                return start..<(end + 1)
            }
            func reference(_ key: String, in range: Range<Int>) throws(Malformed) -> Int {
                guard let found = SignedPDFReader.first(key, in: bytes, from: range.lowerBound),
                    found < range.upperBound
                else { throw other }
                var at = Cursor(bytes, at: found + key.utf8.count)
                return try at.number()
            }
            catalog = try object(root)
            let tree = try object(reference("/Pages ", in: catalog))
            firstPage = try reference("/Kids [ ", in: tree)
            page = try object(firstPage)
            information = try object(info).lowerBound
        }
    }

    /// Reads forwards; past the end there is nothing to read, and nothing breaks.
    private struct Cursor {
        let bytes: [UInt8]
        var position: Int

        init(_ bytes: [UInt8], at position: Int) {
            self.bytes = bytes
            self.position = position
        }

        mutating func expect(_ text: String) throws(Malformed) { try expect(Array(text.utf8)[...]) }

        mutating func expect(_ text: ArraySlice<UInt8>) throws(Malformed) {
            guard position >= 0, position <= bytes.count, bytes.count - position >= text.count,
                bytes[position..<position + text.count].elementsEqual(text)
            else { throw other }
            position += text.count
        }

        /// Up to ten digits; with `digits` exactly so many.
        mutating func number(digits: Int? = nil) throws(Malformed) -> Int {
            let from = position
            guard from >= 0 else { throw other }
            while position < bytes.count, position - from < 10, (0x30...0x39).contains(bytes[position]) {
                position += 1
            }
            guard position > from, digits.map({ $0 == position - from }) ?? true,
                let value = Int(String(decoding: bytes[from..<position], as: UTF8.self))
            else { throw other }
            return value
        }

        mutating func take(_ count: Int) -> [UInt8] {
            guard position >= 0, position < bytes.count else { return [] }
            let end = min(bytes.count, position + count)
            defer { position = end }
            return Array(bytes[position..<end])
        }

        mutating func skipLiteral() throws(Malformed) {
            while position < bytes.count, (0x20..<0x7F).contains(bytes[position]),
                bytes[position] != UInt8(ascii: ")"), bytes[position] != UInt8(ascii: "("),
                bytes[position] != UInt8(ascii: "\\")
            { position += 1 }
        }
    }

    static func first(_ text: String, in bytes: [UInt8], from start: Int) -> Int? {
        let pattern = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            pattern.withUnsafeBufferPointer { pattern in
                guard start >= 0, bytes.count >= pattern.count else { return nil }
                var at = start
                let last = bytes.count - pattern.count
                while at <= last {
                    if bytes[at] == pattern[0] {
                        var same = 1
                        while same < pattern.count, bytes[at + same] == pattern[same] { same += 1 }
                        if same == pattern.count { return at }
                    }
                    at += 1
                }
                return nil
            }
        }
    }

    /// What the last `startxref` names; it stands in the last 40 bytes.
    private static func lastTable(_ bytes: [UInt8]) -> Int? {
        guard let at = first("startxref\n", in: bytes, from: max(0, bytes.count - 40)) else { return nil }
        var cursor = Cursor(bytes, at: at + 10)
        return try? cursor.number()
    }

    /// How long the DER structure at the front is; nil when it is none.
    private static func derLength(_ bytes: [UInt8]) -> Int? {
        guard bytes.count > 4, bytes[0] == DERReader.sequence, bytes[1] == 0x82 else { return nil }
        let length = 4 + (Int(bytes[2]) << 8) + Int(bytes[3])
        return length <= bytes.count ? length : nil
    }
}
