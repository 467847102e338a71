import Foundation
import GemCrypto
import Testing

@testable import GemCert

/// What may stand behind a signed paper, and what may not (certificates.md §10: shadow update, DSS-only update).
@Suite("Evidence behind a signed paper") struct LateEvidenceTests {
    typealias Papers = SignedPaperTests

    static let signed = Papers.signed
    static let layout = try! SignedPDFReader(signed).layout
    /// The signed catalogue, without the closing brackets.
    static let catalog: String = {
        let end = SignedPDFReader.first(">>\nendobj\n", in: signed, from: layout.catalog)!
        return String(decoding: signed[layout.catalog..<end], as: UTF8.self)
    }()
    static let certificate = try! X509Certificate(pem: Papers.file("issuing.pem")).der

    static func evidence() throws -> [UInt8] {
        try SignedPDF.addingEvidence(
            to: signed, certificates: [certificate], lists: [Papers.file("root.crl"), Papers.file("issuing.crl")])
    }

    struct Object {
        var number: Int
        var text: String
        /// Behind the text, as a stream.
        var stream: [UInt8]?
    }

    /// One update as any program may write it; every part of it can be false.
    static func update(
        of paper: [UInt8] = signed, _ objects: [Object], entries: [(number: Int, offset: Int)]? = nil,
        trailer more: String = "", root: Int = layout.root, prev: Int = layout.table, size: Int? = nil,
        end: String = "%%EOF\n"
    ) -> [UInt8] {
        var out = paper
        var offsets: [(number: Int, offset: Int)] = []
        for object in objects {
            offsets.append((object.number, out.count))
            out += Array("\(object.number) 0 obj\n\(object.text)".utf8)
            if let stream = object.stream {
                out += Array("\nstream\n".utf8) + stream + Array("\nendstream".utf8)
            }
            out += Array("\nendobj\n".utf8)
        }
        let table = out.count
        out += Array("xref\n".utf8)
        for entry in (entries ?? offsets).sorted(by: { $0.number < $1.number }) {
            let digits = String(entry.offset)
            let padded = String(repeating: "0", count: 10 - digits.count) + digits
            out += Array("\(entry.number) 1\n\(padded) 00000 n \n".utf8)
        }
        let highest = size ?? (objects.map(\.number) + [layout.size - 1]).max()! + 1
        out += Array(
            "trailer\n<< /Size \(highest) /Root \(root) 0 R /Info \(layout.info) 0 R /Prev \(prev)\(more) >>\nstartxref\n\(table)\n\(end)"
                .utf8)
        return out
    }

    static let store = layout.size
    static var catalogObject: Object { .init(number: layout.root, text: catalog + "/DSS \(store) 0 R >>") }
    static var storeObject: Object {
        .init(number: store, text: "<< /Type /DSS /Certs [\(store + 1) 0 R] >>")
    }
    static var streamObject: Object {
        .init(number: store + 1, text: "<< /Length \(certificate.count) >>", stream: certificate)
    }
    static var plain: [Object] { [catalogObject, storeObject, streamObject] }

    @Test("evidence by our own writer is accepted, and what was signed is still read")
    func own() throws {
        let paper = try Self.evidence()

        #expect(Papers.verdict(paper).outcome == .genuine, "\(Papers.verdict(paper).steps)")
        #expect(paper.starts(with: Self.signed))
        #expect(try SignedPDFReader(paper).statement == SignedPDFReader(Self.signed).statement)
        #expect(throws: SignedPDF.Failure.self) {
            try SignedPDF.addingEvidence(to: paper, certificates: [], lists: [])
        }
    }

    /// Updates as other programs write them.
    static let forms: [[UInt8]] = {
        let vri = Object(
            number: store,
            text:
                "<< /Certs [\(store + 1) 0 R] /VRI << /0123456789ABCDEF0123456789ABCDEF01234567 \(store + 2) 0 R >> >>"
        )
        let one = Object(
            number: store + 2,
            text: "<< /Type /VRI /TU (D:20270101000000Z) /Cert [\(store + 1) 0 R] /CRL [] >>")
        let extended = Object(
            number: layout.root,
            text: catalog.replacing(
                "/Extensions <<",
                with: "/DSS \(store) 0 R /Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >>")
                + ">>")
        let direct = Object(
            number: layout.root, text: catalog + "/DSS << /Type /DSS /Certs [\(store) 0 R] >> >>")
        var first = streamObject
        first.number = store
        return [
            plain, [catalogObject, vri, streamObject, one], [extended, storeObject, streamObject], [direct, first],
        ].map { update($0) }
    }()

    @Test("forms that other programs write are accepted")
    func accepted() {
        for paper in Self.forms {
            let verdict = Papers.verdict(paper)
            #expect(verdict.outcome == .genuine, "\(verdict.steps)")
        }
    }

    /// Updates that ask for more work or memory than their bytes do; the first is harmless but for that, and accepted.
    static let costly: [(paper: [UInt8], isAccepted: Bool)] = {
        let array = "[" + String(repeating: "\(store + 1) 0 R ", count: 20_000) + "]"
        let entries = (0..<20_000).map { "/S\($0) \(store + 3) 0 R " }.joined()
        let named: [Object] = [
            catalogObject, .init(number: store, text: "<< /Certs [\(store + 1) 0 R] /VRI << \(entries) >> >>"),
            streamObject,
            .init(number: store + 2, text: array), .init(number: store + 3, text: "<< /Cert \(store + 2) 0 R >>"),
        ]
        let marks = "x" + String(repeating: "\u{301}\u{323}\u{328}", count: 300_000)
        let numbers = String(repeating: "0 ", count: 4_000_000)
        return [
            (update(named), true),
            (update([catalogObject, .init(number: store, text: "<< /Certs [\(numbers)] >>"), streamObject]), false),
            (
                update([.init(number: layout.root, text: catalog + "/\(marks)a 1 /\(marks)b 2 /DSS \(store) 0 R >>")]),
                false
            ),
            (update([.init(number: layout.root, text: catalog + "/X [\(numbers)] /DSS \(store) 0 R >>")]), false),
        ]
    }()

    @Test("an update cannot ask for more work than its bytes")
    func work() {
        for (index, one) in Self.costly.enumerated() {
            let start = ContinuousClock.now
            #expect((Papers.verdict(one.paper).outcome == .genuine) == one.isAccepted, "\(index)")
            #expect(ContinuousClock.now - start < .seconds(60), "\(index)")
        }
    }

    /// Each is the accepted update but for one thing.
    static let hostile: [(name: String, paper: [UInt8], words: String)] = {
        let page = try! #require(SignedPDFReader.first("/Kids [ ", in: signed, from: 0))
        let firstPage = Int(
            String(decoding: signed[(page + 8)...].prefix { (0x30...0x39).contains($0) }, as: UTF8.self))!
        func changed(_ change: (String) -> String) -> Object {
            .init(number: layout.root, text: change(catalog) + "/DSS \(store) 0 R >>")
        }
        let rest = [storeObject, streamObject]
        let offset = signed.count + 1
        return [
            (
                "a page is drawn anew",
                update(plain + [.init(number: firstPage, text: "<< /Type /Page /Parent 1 0 R >>")]), "replaces a part"
            ),
            (
                "an object of the paper is overridden by evidence",
                update([
                    catalogObject, .init(number: store, text: "<< /Certs [4 0 R] >>"),
                    .init(number: 4, text: streamObject.text, stream: certificate),
                ]), "replaces a part"
            ),
            (
                "the signature field is replaced",
                update(plain + [.init(number: layout.size - 9, text: "<< /Type /Annot >>")]), "replaces a part"
            ),
            ("a script runs when it is opened", update([changed { $0 + "/OpenAction 4 0 R " }] + rest), "catalogue"),
            (
                "the attachments are other ones",
                update([changed { $0.replacing("(certificate.json)", with: "(certificate.xml)") }] + rest), "catalogue"
            ),
            (
                "the permission to change nothing is gone",
                update([changed { $0.replacing("/DocMDP", with: "/FieldMDP") }] + rest), "catalogue"
            ),
            ("other pages", update([changed { $0.replacing("/Pages ", with: "/Pages 1") }] + rest), "catalogue"),
            (
                "an extension nobody knows",
                update(
                    [changed { $0.replacing("/Extensions <<", with: "/Extensions << /EVIL << /ExtensionLevel 1 >>") }]
                        + rest),
                "catalogue"
            ),
            (
                "a version of PDF that there is not", update([changed { $0 + "/Version /0.1 " }] + rest), "catalogue"
            ),
            (
                "no evidence at all",
                update([.init(number: layout.root, text: catalog + ">>")]), "not the evidence"
            ),
            (
                "evidence in the paper's own objects",
                update([catalogObject, .init(number: store, text: "<< /Certs [\(layout.size - 2) 0 R] >>")]),
                "points into the paper"
            ),
            (
                "the store is an object of the paper",
                update([.init(number: layout.root, text: catalog + "/DSS 4 0 R >>")]), "points into the paper"
            ),
            (
                "an object that nothing leads to", update(plain + [.init(number: store + 2, text: "<< /S /URI >>")]),
                "more than evidence"
            ),
            (
                "evidence of another kind",
                update([
                    catalogObject, .init(number: store, text: "<< /Certs [] /Annots [\(store + 1) 0 R] >>"),
                    streamObject,
                ]),
                "not the evidence"
            ),
            (
                "a stream that is none of DER",
                update([
                    catalogObject, storeObject,
                    .init(number: store + 1, text: "<< /Length 4 >>", stream: [1, 2, 3, 4]),
                ]),
                "not the evidence"
            ),
            (
                "a stream with another filter",
                update([
                    catalogObject, storeObject,
                    .init(
                        number: store + 1, text: "<< /Length \(certificate.count) /Filter /Crypt >>",
                        stream: certificate
                    ),
                ]), "not the evidence"
            ),
            (
                "a page hidden in a stream, for programs that look for one",
                update([
                    catalogObject, storeObject,
                    .init(
                        number: store + 1, text: "<< /Length 27 /Filter /FlateDecode >>",
                        stream: Array("5 0 obj\n<< /Type /Page >>\n\n".utf8)),
                ]), "more than evidence"
            ),
            (
                "a table that leads into the signed part",
                update(
                    plain,
                    entries: [(layout.root, offset), (store, layout.catalog - 8), (store + 1, offset)]),
                "not the evidence"
            ),
            (
                "a table that does not name an object",
                update(plain, entries: [(layout.root, signed.count)]), "not the evidence"
            ),
            (
                "a table that names one more of the paper's objects",
                update(
                    [storeObject, streamObject],
                    entries: [
                        (store, signed.count), (layout.root, layout.catalog - 8),
                    ]), "not the evidence"
            ),
            ("one object twice", update(plain + [storeObject]), "not the evidence"),
            ("another beginning", update(plain, root: store), "not the evidence"),
            ("the signed table left out", update(plain, prev: 0), "not the evidence"),
            ("a hidden second table", update(plain, trailer: " /XRefStm 17"), "not the evidence"),
            ("encryption", update(plain, trailer: " /Encrypt \(store) 0 R"), "not the evidence"),
            ("another identifier", update(plain, trailer: " /ID [<00><00>]"), "not the evidence"),
            ("a size that hides objects", update(plain, size: 3), "not the evidence"),
            (
                "so much space behind that programs guess",
                update(plain, end: "%%EOF\n" + String(repeating: "\n", count: 2000)), "not the evidence"
            ),
            ("bytes behind the end", update(plain, end: "%%EOF\n1 0 obj\n"), "not the evidence"),
            ("two updates", update(of: update(plain), plain), "not the evidence"),
            (
                "a second signature",
                update(
                    plain + [
                        .init(number: store + 2, text: "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>")
                    ]), "second signature"
            ),
            (
                "another title",
                update(plain + [.init(number: layout.info, text: "<< /Title (Laboratory report) >>")]),
                "title or author"
            ),
            (
                "a comment", update([.init(number: layout.root, text: catalog + "% \n/DSS \(store) 0 R >>")] + rest),
                "not the evidence"
            ),
            (
                "one name twice in the catalogue",
                update([changed { $0 + "/DSS 4 0 R " }] + rest), "not the evidence"
            ),
        ]
    }()

    @Test("an update with anything else in it is a shadow, whatever it hides behind", arguments: hostile.map(\.name))
    func shadow(name: String) throws {
        let one = try #require(Self.hostile.first { $0.name == name })

        let verdict = Papers.verdict(one.paper)

        #expect(verdict.outcome == .notGenuine)
        let reason = Papers.attachmentsReason(verdict)
        #expect(reason.contains(one.words), "\(reason)")
        #expect(reason.contains("added to this PDF after it was signed") || reason.contains("second signature"))
    }

    @Test("a byte less than the signed part, and evidence in front of it, are refused")
    func cutOff() throws {
        let paper = try Self.evidence()
        #expect(Papers.verdict(Array(paper.dropLast(20))).outcome == .notGenuine)
        var moved = paper
        moved.remove(at: Self.signed.count - 1)
        #expect(Papers.verdict(moved).outcome == .notGenuine)
    }

    @Test("thousands of changed updates neither crash the reader nor change what it reads")
    func mutations() throws {
        let paper = try Self.evidence()
        let statement = try SignedPDFReader(paper).statement
        var state: UInt64 = 7
        func next(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        let words = [
            "<<", ">>", "[", "(", "<", "/", "0 R", "obj", "endobj", "xref\n", "trailer", "9999999999", "-", "#",
        ]
        for _ in 0..<4000 {
            var changed = paper
            let at = Self.signed.count + next(paper.count - Self.signed.count)
            switch next(3) {
            case 0: changed[at] = UInt8(next(256))
            case 1: changed.removeSubrange(at..<min(changed.count, at + 1 + next(60)))
            default: changed.insert(contentsOf: Array(words[next(words.count)].utf8), at: at)
            }
            guard let read = try? SignedPDFReader(changed) else { continue }
            #expect(read.statement == statement)
        }
        var deep = Self.update([.init(number: Self.layout.root, text: String(repeating: "<</a", count: 100_000))])
        #expect(Papers.verdict(deep).outcome == .notGenuine)
        deep = Self.update([.init(number: Self.layout.root, text: String(repeating: "[", count: 100_000))])
        #expect(Papers.verdict(deep).outcome == .notGenuine)
    }
}
