import GemCrypto

extension SignedPDF {
    /// The same with the certificates that the paper's own signature and time stamp carry, and these lists (DER).
    package static func addingEvidence(to paper: [UInt8], lists: [[UInt8]]) throws -> [UInt8] {
        let signature = try DetachedSignature(SignedPDFReader(paper).paperSignature, inPaper: true)
        var certificates = signature.certificates
        if let stamp = signature.timestamp {
            for one in try TimestampToken(stamp).certificates where !certificates.contains(one) {
                certificates.append(one)
            }
        }
        return try addingEvidence(to: paper, certificates: certificates, lists: lists)
    }

    /// A paper with the certificates and revocation lists that judge its signature behind it (PAdES B-LT), so that it can
    /// be judged when none of them can be fetched any more. What was signed stays as it is.
    ///
    /// `certificates` and `lists` are DER.
    package static func addingEvidence(
        to paper: [UInt8], certificates: [[UInt8]], lists: [[UInt8]]
    ) throws(Failure) -> [UInt8] {
        let signed: LateEvidence.Signed
        do { signed = try SignedPDFReader(paper).layout } catch { throw .shape(error.reason) }
        guard signed.end == paper.count,
            let end = SignedPDFReader.first(">>\nendobj\n", in: paper, from: signed.catalog)
        else { throw .shape("evidence was added to it before") }
        var out = paper
        var offsets: [(number: Int, offset: Int)] = []
        func append(_ text: String) { out += Array(text.utf8) }
        func begin(_ number: Int) {
            offsets.append((number, out.count))
            append("\(number) 0 obj\n")
        }
        let store = signed.size
        begin(signed.root)
        out += paper[signed.catalog..<end]
        append("/DSS \(store) 0 R >>\nendobj\n")
        func references(_ first: Int, _ count: Int) -> String {
            (first..<first + count).map { "\($0) 0 R" }.joined(separator: " ")
        }
        begin(store)
        append(
            "<< /Type /DSS /Certs [\(references(store + 1, certificates.count))] "
                + "/CRLs [\(references(store + 1 + certificates.count, lists.count))] >>\nendobj\n")
        for (index, one) in (certificates + lists).enumerated() {
            begin(store + 1 + index)
            append("<< /Length \(one.count) >>\nstream\n")
            out += one
            append("\nendstream\nendobj\n")
        }
        let table = out.count
        append("xref\n")
        for run in runs(offsets) {
            append("\(run[0].number) \(run.count)\n")
            for entry in run { append("\(padded(entry.offset)) 00000 n \n") }
        }
        let id = Hex.encode(signed.id)
        append(
            "trailer\n<< /Size \(store + 1 + certificates.count + lists.count) /Root \(signed.root) 0 R "
                + "/Info \(signed.info) 0 R /Prev \(signed.table) /ID [<\(id)><\(id)>] >>\nstartxref\n\(table)\n%%EOF\n"
        )
        return out
    }
}
