package import FoundationEssentials
import GemCrypto
import GemModel

/// A paper's PDF signed as PAdES (ETSI EN 319 142-1): one incremental update behind cairo's file, written by hand.
///
/// The update adds the signature field, the signature with its hole, and the certificate's own files as attachments.
/// `SignedPDFReader`, which verifies, shares no code with this.
package struct SignedPDF: Sendable {
    /// What travels inside the paper, so that it can be checked without us. Never the root: one found in a
    /// paper proves nothing.
    package struct Attachments: Sendable {
        package var statement: [UInt8]
        package var signature: [UInt8]
        package var proof: [UInt8]
        /// PEM: the issuing authority's certificate and the revocation lists of the day.
        package var issuing: [UInt8]

        package init(statement: [UInt8], signature: [UInt8], proof: [UInt8], issuing: [UInt8]) {
            self.statement = statement
            self.signature = signature
            self.proof = proof
            self.issuing = issuing
        }
    }

    package enum Failure: Error, Hashable {
        /// The PDF is not in the form that cairo 1.16 writes.
        case shape(String)
        case signatureTooLong(Int)
    }

    /// Bytes of DER that fit into the hole.
    static let hole = 8192

    private(set) var bytes: [UInt8]
    private(set) var contents: Range<Int>

    /// Everything but the signature.
    init(base: [UInt8], attachments: Attachments, issuer: String, signedAt: Date) throws(Failure) {
        let file = try BasePDF(base)
        var out = base
        if out.last != UInt8(ascii: "\n") { out.append(UInt8(ascii: "\n")) }
        var offsets: [(number: Int, offset: Int)] = []
        func append(_ text: String) { out += Array(text.utf8) }
        func begin(_ number: Int) {
            offsets.append((number, out.count))
            append("\(number) 0 obj\n")
        }
        let signature = file.size
        let widget = signature + 1
        let files: [(name: String, type: String, relation: String, bytes: [UInt8])] = [
            ("certificate.json", "application#2Fjson", "Source", attachments.statement),
            ("certificate.json.p7s", "application#2Fpkcs7-signature", "Supplement", attachments.signature),
            ("certificate.tlog-proof", "text#2Fplain", "Supplement", attachments.proof),
            ("issuing-and-crls.pem", "application#2Fx-pem-file", "Supplement", attachments.issuing),
        ]
        let first = signature + 2
        let specs = files.indices.map { "\(first + 2 * $0 + 1) 0 R" }
        let names = zip(files, specs).map { "(\($0.name)) \($1)" }.joined(separator: " ")

        begin(file.catalog.number)
        append(file.catalog.dictionary)
        append(
            "/AcroForm << /Fields [\(widget) 0 R] /SigFlags 3 >> /Perms << /DocMDP \(signature) 0 R >>\n"
                + "/Names << /EmbeddedFiles << /Names [\(names)] >> >> /AF [\(specs.joined(separator: " "))]\n"
                + "/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >> >>\nendobj\n")
        begin(file.page.number)
        append(file.page.dictionary)
        append("/Annots [\(widget) 0 R] >>\nendobj\n")

        begin(signature)
        append(
            "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:\(CivilTime(signedAt).generalizedText)) "
                + "/Name (\(Self.literal(issuer)))\n/Reference [<< /Type /SigRef /TransformMethod /DocMDP "
                + "/TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]\n/ByteRange ")
        let rangeAt = out.count
        let placeholder = "[0 0000000000 0000000000 0000000000]"
        append(placeholder + "\n/Contents ")
        let start = out.count
        append("<")
        out += [UInt8](repeating: UInt8(ascii: "0"), count: Self.hole * 2)
        append(">")
        let end = out.count
        append("\n>>\nendobj\n")

        begin(widget)
        append(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Issuer) /V \(signature) 0 R /P \(file.page.number) 0 R "
                + "/Rect [0 0 0 0] /F 132 >>\nendobj\n")
        for (index, one) in files.enumerated() {
            begin(first + 2 * index)
            append(
                "<< /Type /EmbeddedFile /Subtype /\(one.type) /Length \(one.bytes.count) /Params << /Size "
                    + "\(one.bytes.count) >> >>\nstream\n")
            out += one.bytes
            append("\nendstream\nendobj\n")
            begin(first + 2 * index + 1)
            append(
                "<< /Type /Filespec /F (\(one.name)) /UF (\(one.name)) /AFRelationship /\(one.relation) /EF << /F "
                    + "\(first + 2 * index) 0 R /UF \(first + 2 * index) 0 R >> >>\nendobj\n")
        }
        let xref = out.count
        append("xref\n")
        for run in Self.runs(offsets.sorted { $0.number < $1.number }) {
            append("\(run[0].number) \(run.count)\n")
            for entry in run { append("\(Self.padded(entry.offset)) 00000 n \n") }
        }
        // From the content, so that the same paper keeps its name.
        let id = Hex.encode(Array(SHA256.hash(attachments.statement).prefix(16)))
        append(
            "trailer\n<< /Size \(first + 2 * files.count) /Root \(file.catalog.number) 0 R /Info \(file.info) 0 R /Prev "
                + "\(file.xref) /ID [<\(id)><\(id)>] >>\nstartxref\n\(xref)\n%%EOF\n")
        let range = "[0 \(Self.padded(start)) \(Self.padded(end)) \(Self.padded(out.count - end))]"
        out.replaceSubrange(rangeAt..<rangeAt + placeholder.utf8.count, with: Array(range.utf8))
        bytes = out
        contents = start..<end
    }

    /// What is signed: all but the hole.
    var signed: [UInt8] { Array(bytes[..<contents.lowerBound]) + Array(bytes[contents.upperBound...]) }

    mutating func put(_ signature: [UInt8]) throws(Failure) {
        guard signature.count <= Self.hole else { throw .signatureTooLong(signature.count) }
        let digits = Array(Hex.encode(signature).utf8)
        let at = contents.lowerBound + 1
        bytes.replaceSubrange(at..<at + digits.count, with: digits)
    }

    static func runs(_ entries: [(number: Int, offset: Int)]) -> [[(number: Int, offset: Int)]] {
        var runs: [[(number: Int, offset: Int)]] = []
        for entry in entries {
            if let last = runs.last?.last, last.number + 1 == entry.number {
                runs[runs.count - 1].append(entry)
            } else {
                runs.append([entry])
            }
        }
        return runs
    }

    static func padded(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 10 - text.utf8.count)) + text
    }

    /// A literal string of ASCII (ISO 32000-1 §7.3.4.2); what is not ASCII becomes a question mark.
    private static func literal(_ text: String) -> String {
        String(
            text.unicodeScalars.map { scalar -> Character in
                (0x20..<0x7F).contains(scalar.value) && !"()\\".unicodeScalars.contains(scalar)
                    ? Character(scalar) : "?"
            })
    }
}

/// The few places of cairo's file that the update names. Cairo 1.16 writes a classic cross-reference table; a test holds it.
private struct BasePDF {
    struct Object {
        var number: Int
        /// Without the closing `>>`.
        var dictionary: String
    }

    let size: Int
    let info: Int
    let xref: Int
    let catalog: Object
    let page: Object

    init(_ bytes: [UInt8]) throws(SignedPDF.Failure) {
        guard let trailerAt = Self.last("trailer\n", in: bytes),
            let table = Self.number(after: "startxref\n", in: bytes[trailerAt...]),
            table < trailerAt, bytes[table...].starts(with: "xref\n0 ".utf8)
        else { throw .shape("it has no classic cross-reference table at its end") }
        let trailer = bytes[trailerAt...]
        guard let size = Self.number(after: "/Size ", in: trailer),
            let root = Self.number(after: "/Root ", in: trailer),
            let info = Self.number(after: "/Info ", in: trailer)
        else { throw .shape("its trailer names no catalogue") }
        self.size = size
        self.info = info
        xref = table
        // Entries of 20 bytes follow the line "0 SIZE".
        guard let lineEnd = bytes[(table + 5)...].firstIndex(of: UInt8(ascii: "\n")) else {
            throw .shape("its cross-reference table is cut off")
        }
        func object(_ number: Int) -> Object? {
            let entry = lineEnd + 1 + number * 20
            guard number > 0, number < size, entry + 10 < trailerAt,
                let offset = Int(String(decoding: bytes[entry..<entry + 10], as: UTF8.self)), offset < table,
                bytes[offset...].starts(with: "\(number) 0 obj\n".utf8),
                let end = Self.first("\nendobj", in: bytes[offset..<table])
            else { return nil }
            let body = String(decoding: bytes[(offset + "\(number) 0 obj\n".utf8.count)..<end], as: UTF8.self)
            guard body.hasSuffix(">>") else { return nil }
            return Object(number: number, dictionary: String(body.dropLast(2)))
        }
        guard let catalog = object(root),
            let pages = Self.number(after: "/Pages ", in: Array(catalog.dictionary.utf8)[...]),
            let tree = object(pages), let first = Self.number(after: "/Kids [ ", in: Array(tree.dictionary.utf8)[...]),
            let page = object(first), !page.dictionary.contains("/Annots")
        else { throw .shape("it has no first page of the form that is known here") }
        self.catalog = catalog
        self.page = page
    }

    static func first(_ text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let pattern = Array(text.utf8)
        guard bytes.count >= pattern.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - pattern.count)).first { bytes[$0...].starts(with: pattern) }
    }

    static func last(_ text: String, in bytes: [UInt8]) -> Int? {
        let pattern = Array(text.utf8)
        guard bytes.count >= pattern.count else { return nil }
        return (0...(bytes.count - pattern.count)).last {
            bytes[$0] == pattern[0] && bytes[$0...].starts(with: pattern)
        }
    }

    static func number(after text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        guard let at = first(text, in: bytes) else { return nil }
        let digits = bytes[(at + text.utf8.count)...].prefix { (0x30...0x39).contains($0) }
        return digits.count <= 10 ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }
}

extension Issuer {
    /// Signs a paper with its attachments. The statement says when it was issued; `now` when the paper was made.
    package func sign(
        paper: [UInt8], attachments: SignedPDF.Attachments, issuerName: String, now: Date,
        stampedBy authority: TimestampAuthority?
    ) throws -> [UInt8] {
        let statement: StatementLinter.Linted
        do { statement = try StatementLinter.Linted(attachments.statement) } catch { throw Refusal.statement(error) }
        guard keyPeriod ~= now else { throw Refusal.outsideKeyPeriod(keyPeriod) }
        guard (authority != nil) == statement.facts.certificateClass.needsTimestamp else {
            throw Refusal.needsNoTimestamp
        }
        var pdf = try SignedPDF(base: paper, attachments: attachments, issuer: issuerName, signedAt: now)
        var signature = try signed(paper: pdf.signed)
        if let authority {
            let value = try DetachedSignature(signature, inPaper: true).signature
            signature = try CMS.stamping(signature, with: authority.token(over: SHA256.hash(value), now: now))
        }
        try pdf.put(signature)
        return pdf.bytes
    }
}
