import GemCrypto
import GemModel
import GemPrint
import Testing

@testable import GemCert

/// What can be wrong with a paper, a line each, with the words a person reads; the rest of that list is GemCertTests'
/// `NegativeCase`.
@Suite("every way for a paper to be wrong gets its verdict and its words")
struct NegativePaperTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let headline: String
        let make: @Sendable () throws -> [UInt8]

        var testDescription: String { name }
    }

    private static let signed = SignedPaperTests.signed

    /// The numbers of the ByteRange: where the hole begins and ends, and how long the rest is.
    private static let range: (start: Int, end: Int, rest: Int) = {
        let at = SignedPDFReader.first("/ByteRange [0 ", in: signed, from: 0)! + 14
        func number(_ index: Int) -> Int {
            Int(String(decoding: signed[(at + 11 * index)..<(at + 11 * index + 10)], as: UTF8.self))!
        }
        return (number(0), number(1), number(2))
    }()

    private static func ranged(_ start: Int, _ end: Int, _ rest: Int, from: Character = "0") -> [UInt8] {
        func padded(_ number: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: 10 - text.utf8.count) + text
        }
        var pdf = signed
        let at = SignedPDFReader.first("/ByteRange [0 ", in: signed, from: 0)! + 12
        let text = "\(from) \(padded(start)) \(padded(end)) \(padded(rest))"
        pdf.replaceSubrange(at..<at + text.utf8.count, with: Array(text.utf8))
        return pdf
    }

    private static func replaced(_ old: String, _ new: String) -> [UInt8] {
        precondition(old.utf8.count == new.utf8.count)
        let at = SignedPDFReader.first(old, in: signed, from: 0)!
        var pdf = signed
        pdf.replaceSubrange(at..<at + old.utf8.count, with: Array(new.utf8))
        return pdf
    }

    /// Put together with these attachments, under the signature of the true paper: all its numbers fit.
    private static func rebuilt(_ change: (inout SignedPDF.Attachments) -> Void) throws -> [UInt8] {
        var attachments = SignedPaperTests.attachments
        change(&attachments)
        var pdf = try SignedPDF(
            base: SignedPaperTests.paper(), attachments: attachments, issuer: "Gold and Gem Art Promotion Council",
            signedAt: SignedPaperTests.issued)
        try pdf.put(SignedPDFReader(signed).paperSignature)
        return pdf.bytes
    }

    static let cases: [Case] = {
        let foreign = "Not genuine: this PDF was not written by gemd, or was changed after it was signed"
        let uncovered = "Not genuine: its signature does not cover what it should"
        let hole = "Not genuine: the hole of its signature holds something else than the signature"
        let added =
            "Not genuine: something was added to this PDF after it was signed: it is not the evidence that may be added"
        let cut = "Not genuine: this PDF is cut off"
        let changed = "Not genuine: this PDF was changed after signing"
        let changedFile =
            "Not genuine: this file was changed after signing: its contents are not those that were signed"
        let (start, end, rest) = range
        var list: [Case] = []
        func add(_ name: String, _ headline: String, _ make: @escaping @Sendable () throws -> [UInt8]) {
            list.append(Case(name: name, headline: headline, make: make))
        }
        add("ByteRange not from 0", foreign) { ranged(start, end, rest, from: "1") }
        add("ByteRange whose first part ends too early", uncovered) { ranged(start - 1, end, rest) }
        add("ByteRange whose first part ends inside the Contents", uncovered) { ranged(start + 1, end, rest) }
        add("ByteRange that overlaps", uncovered) { ranged(start, start - 100, rest + end - start + 100) }
        add("ByteRange whose second part begins inside the Contents", hole) { ranged(start, end - 1, rest + 1) }
        add("ByteRange whose hole is larger than the Contents", hole) { ranged(start, end + 1, rest - 1) }
        add("ByteRange not to EOF", foreign) { ranged(start, end, rest - 1) }
        add("ByteRange past EOF", cut) { ranged(start, end, rest + 1) }
        add("ByteRange without a hole", uncovered) { ranged(start, start, rest + end - start) }
        add("ByteRange beyond all bounds", uncovered) { ranged(start, 9_999_999_999, 9_999_999_999) }
        add("a hole with a byte behind the signature", hole) {
            var pdf = signed
            pdf[end - 2] = UInt8(ascii: "1")
            return pdf
        }
        add("shadow update: other words on the page", added) {
            signed
                + Array(
                    "1 0 obj\n<< /Type /Pages >>\nendobj\nxref\n0 0\ntrailer\n<< /Prev 1 >>\nstartxref\n9\n%%EOF\n".utf8
                )
        }
        add("shadow update: another signature field", added) {
            signed
                + Array(
                    "99 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (Second) >>\nendobj\nstartxref\n9\n%%EOF\n"
                        .utf8)
        }
        add("a second signature", "Not genuine: this PDF carries a second signature") {
            signed
                + Array(
                    "99 0 obj\n<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 0000000009 0000000019 0000000009]\n/Contents <30> >>\nendobj\n%%EOF\n"
                        .utf8)
        }
        add("one line feed appended", added) { signed + [10] }
        add("cut by a byte", cut) { signed.dropLast() }
        add("an attachment with a letter exchanged", foreign) {
            replaced("\"nonce\":\"a5", "\"nonce\":\"b5")
        }
        add("the proof replaced", changed) {
            // As good as before, but not what was signed.
            try rebuilt {
                let text = String(decoding: $0.proof, as: UTF8.self)
                $0.proof = Array(text.replacing("index 0\n", with: "extra AAAA\nindex 0\n").utf8)
            }
        }
        add("the proof replaced by garbage", "Not genuine: the log proof is damaged: not text") {
            try rebuilt { $0.proof = $0.proof.reversed() }
        }
        add("another JSON, and its hash in the trailer", changedFile) {
            try rebuilt {
                let text = String(decoding: $0.statement, as: UTF8.self)
                $0.statement = Array(text.replacing("\"nonce\":\"a5", with: "\"nonce\":\"b5").utf8)
            }
        }
        add("the root put in", changed) { try rebuilt { $0.issuing += SignedPaperTests.file("root.pem") } }
        add("an attachment renamed", foreign) { replaced("/UF (certificate.json)", "/UF (certificate.jsom)") }
        add("an attachment's place moved", foreign) { replaced("/EF << /F ", "/EF << /G ") }
        add("a field more that is drawn", foreign) { replaced("/Rect [0 0 0 0]", "/Rect [0 0 9 9]") }
        add("a script in the catalogue", foreign) { replaced("/Extensions << /ESIC", "/OpenAction << /JS  ") }
        add("the page itself", changed) {
            var pdf = signed
            pdf[400] ^= 1
            return pdf
        }
        add("no signature", "Not genuine: this PDF carries no signature") { try SignedPaperTests.paper() }
        add("no PDF", "Not genuine: this is no PDF, or longer than 16 MB") { Array("hello".utf8) }
        return list
    }()

    @Test("a line of the list", arguments: cases)
    func line(each: Case) throws {
        let verdict = SignedPaperTests.verdict(try each.make())

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.headline == each.headline)
        #expect(verdict.certificateClass == nil)
    }

    @Test("a byte changed at every edge the ByteRange has is noticed")
    func edges() {
        let (start, end, rest) = Self.range
        for at in [0, start - 1, start, start + 1, end - 2, end - 1, end, end + 1, end + rest - 1] {
            var pdf = Self.signed
            pdf[at] ^= 1
            #expect(SignedPaperTests.verdict(pdf).outcome == .notGenuine, "byte \(at)")
        }
    }

    @Test("a piece that is called /ByteRange has a paper like any other")
    func title() throws {
        let text = String(decoding: SignedPaperTests.attachments.statement, as: UTF8.self)
        let json = Array(text.replacing("Emerald from Mingora", with: "Emerald /ByteRange [0 1 2 3] endobj").utf8)
        #expect(json != SignedPaperTests.attachments.statement)
        let facts = try StatementLinter.check(json)
        let leaf = LogEntry(
            at: SignedPaperTests.issued, kind: .issue, serial: facts.number.serial, sha256: SHA256.hash(json)
        ).leafHash
        var attachments = SignedPaperTests.attachments
        attachments.statement = json
        attachments.signature = try SignedPaperTests.issuer.sign(json)
        attachments.proof =
            TlogProof(
                index: 0, hashes: [],
                checkpoint: try Checkpoint(origin: "gems.example/log", size: 1, root: leaf).signed(
                    by: PrivateKey(pem: SignedPaperTests.file("log.key")))
            ).bytes
        let pdf = try SignedPaperTests.issuer.sign(
            paper: SignedPaperTests.paper(), attachments: attachments, issuerName: "Council",
            now: SignedPaperTests.issued, stampedBy: nil)

        let verdict = SignedPaperTests.verdict(pdf)

        #expect(verdict.outcome == .genuine, "\(verdict.headline)")
    }
}
