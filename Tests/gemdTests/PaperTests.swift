import Foundation
import GemCrypto
import GemModel
import PageScript
import Testing

@testable import GemCert

/// Papers as a buyer holds them, of a dealer's declaration and of a laboratory's report, judged by our verifier without a
/// network and by other people's programs: poppler, qpdf, OpenSSL, pyHanko, zbar; today and years later.
@Suite("Papers") struct PaperTests {
    /// Fetched once from one daemon, which is gone afterwards: nothing here needs it any more.
    struct Papers {
        var files: [String: [UInt8]] = [:]
        /// What signs, as a thief of all of it would have it.
        var secrets: [String: [UInt8]] = [:]
        var verifier: Verifier
        var keys: KeySet

        static let names = ["declaration", "examination"].flatMap { kind in
            ["en", "ur", "en-card", "ur-card"].map { "\(kind)-\($0).pdf" }
        }
        static let made = Result { try Papers() }

        private init() throws {
            let lab = try LaboratoryTests.Lab()
            let daemon = lab.daemon
            let piece = try daemon.register(Samples.emerald("P-1"), token: lab.dealer.token)["id"]!.string!
            _ = try daemon.photograph(piece, token: lab.dealer.token)
            let declared = try daemon.declare(piece, token: lab.dealer.token).number
            let (_, draft) = try lab.approvedByExaminers("P-2")
            let examined = try lab.approve(draft, as: "dara").number
            for (kind, number) in [("declaration", declared), ("examination", examined)] {
                for language in ["en", "ur"] {
                    for form in ["a4", "card"] {
                        let answer = try daemon.visit("/c/\(number).pdf?lang=\(language)&form=\(form)")
                        guard answer.status == 200 else { throw TestDaemon.Failure(answer.text) }
                        files["\(kind)-\(language)\(form == "card" ? "-card" : "").pdf"] = answer.body
                    }
                }
                files["\(kind).txt"] = Array(number.utf8)
            }
            for name in ["root.pem", "root.crl", "issuing.crl", "log.vkey", "root-and-crls.pem"] {
                files[name] = try daemon.visit("/pki/\(name)").body
            }
            for name in ["keys/signer.key", "keys/issuing.key", "pki/signer.pem", "pki/issuing.pem"] {
                secrets[name] = Array(try Data(contentsOf: URL(fileURLWithPath: daemon.state + "/" + name)))
            }
            keys = try KeySet(daemon.visit("/keys.json").body)
            let logKeys = String(decoding: files["log.vkey"]!, as: UTF8.self).split(separator: "\n")
                .compactMap { NoteKey(text: String($0)) }
            verifier = try Verifier(
                root: files["root.pem"]!, revocationLists: [files["root.crl"]!, files["issuing.crl"]!],
                logKeys: logKeys)
        }

        subscript(_ name: String) -> [UInt8] { files[name]! }

        func number(_ kind: String) -> String { String(decoding: files[kind + ".txt"]!, as: UTF8.self) }
    }

    let papers: Papers
    let folder: String

    init() throws {
        papers = try Papers.made.get()
        folder = NSTemporaryDirectory() + "/papers-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, bytes) in papers.files { try write(name, bytes) }
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func clear() { try? FileManager.default.removeItem(atPath: folder) }

    /// In the folder, by a shell, with both outputs.
    func run(_ command: String) throws -> (status: Int32, output: String) {
        let made = try TestDaemon.run("bash", ["-c", "cd \"$0\" && { \(command); } 2>&1", folder])
        return (made.status, made.output)
    }

    func has(_ tools: String...) -> Bool {
        for tool in tools where !FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)") {
            print("SKIP: \(tool) is not installed (make deps)")
            return false
        }
        return true
    }

    func trustRoot() throws {
        let made = try run(
            "mkdir nss && certutil -N -d sql:nss --empty-password && certutil -A -d sql:nss -n root -t CT,CT,CT -i root.pem"
        )
        #expect(made.status == 0, "\(made.output)")
    }

    // MARK: - Our own verifier

    @Test("each paper is genuine without a network, carries a time stamp exactly where it must, and not a byte more")
    func genuine() throws {
        defer { clear() }
        for name in Papers.names {
            let verdict = papers.verifier.verify(.init(pdf: papers[name]), now: Date())
            #expect(verdict.outcome == .genuine, "\(name): \(verdict.steps)")
            let reader = try SignedPDFReader(papers[name])
            let signature = try DetachedSignature(reader.paperSignature, inPaper: true)
            #expect((signature.timestamp != nil) == name.hasPrefix("examination"), "\(name)")
            let added = papers.verifier.verify(.init(pdf: papers[name] + [10]), now: Date())
            #expect(added.outcome == .notGenuine, "\(name)")
        }
    }

    /// A CMS without its unsigned attributes, and all lengths put right.
    static func stripped(_ cms: [UInt8]) throws -> [UInt8] {
        typealias DER = DERWriter
        let (sequence, set, context0) = (DERReader.sequence, DERReader.set, DERReader.context0)
        var outer = DERReader(cms[...])
        var content = try outer.readInside(sequence)
        let type = try content.readWhole(DERReader.objectIdentifier)
        var explicit = try content.readInside(context0)
        var signed = try explicit.readInside(sequence)
        var before = Array(try signed.readWhole(DERReader.integer))
        before += try signed.readWhole(set)
        before += try signed.readWhole(sequence)
        before += try signed.readWhole(context0)
        var signers = try signed.readInside(set)
        var signer = try signers.readInside(sequence)
        var kept = Array(try signer.readWhole(DERReader.integer))
        kept += try signer.readWhole(sequence)
        kept += try signer.readWhole(sequence)
        kept += try signer.readWhole(context0)
        kept += try signer.readWhole(sequence)
        kept += try signer.readWhole(DERReader.octetString)
        #expect(signer.nextTag == DERReader.context1)
        return DER.element(
            sequence,
            Array(type)
                + DER.element(
                    context0,
                    DER.element(sequence, before + DER.element(set, DER.element(sequence, kept)))))
    }

    @Test("a report's paper whose time stamp was taken away is refused with the right words")
    func strippedStamp() throws {
        defer { clear() }
        let paper = papers["examination-en.pdf"]
        let reader = try SignedPDFReader(paper)
        let bare = try Self.stripped(reader.paperSignature)
        let start = try #require(SignedPDFReader.first("/Contents <", in: paper, from: 0)) + 11
        var changed = paper
        let digits = Array(Hex.encode(bare).utf8)
        changed.replaceSubrange(
            start..<start + SignedPDF.hole * 2,
            with: digits + [UInt8](repeating: 0x30, count: SignedPDF.hole * 2 - digits.count))

        let verdict = papers.verifier.verify(.init(pdf: changed), now: Date())

        #expect(try DetachedSignature(bare, inPaper: true).timestamp == nil)
        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.steps.contains { $0.result == .failed("the paper's time stamp was taken away") })
    }

    // MARK: - The page's script

    /// What the script of the pages says under node; nil where there is none.
    func page(_ pdfs: [[UInt8]], now: Date = Date()) throws -> [String]? {
        try PageScript.papers(pdfs, root: X509Certificate(pem: papers["root.pem"]).der, now: now)
    }

    @Test(
        "in the browser each paper is genuine as it is for the verifier, with evidence behind it too; no byte may change"
    )
    func inTheBrowser() throws {
        defer { clear() }
        var good: [(name: String, pdf: [UInt8])] = []
        for name in Papers.names {
            let evidence = try SignedPDF.addingEvidence(
                to: papers[name], lists: [papers["root.crl"], papers["issuing.crl"]])
            good += [(name, papers[name]), (name + " with evidence", evidence)]
        }
        var changed: [(name: String, pdf: [UInt8])] = []
        for name in Papers.names where name.hasPrefix("examination") {
            let pdf = papers[name]
            let stamp = try #require(SignedPDFReader.first("/Contents <", in: pdf, from: 0)) + 11
            let token = try #require(DetachedSignature(SignedPDFReader(pdf).paperSignature, inPaper: true).timestamp)
            let digits = try #require(SignedPDFReader.first(Hex.encode(token.suffix(20)), in: pdf, from: stamp))
            // The page, the statement, the paper's signature, the time stamp's signature, the last line.
            for at in [400, pdf.count / 2, stamp + 700, digits, pdf.count - 3] {
                var bad = pdf
                bad[at] = bad[at] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
                changed.append(("\(name), byte \(at)", bad))
            }
        }
        for (name, pdf) in good {
            let verdict = papers.verifier.verify(.init(pdf: pdf), now: Date())
            #expect(verdict.outcome == .genuine, "\(name): \(verdict.headline)")
        }
        for (name, pdf) in changed {
            let verdict = papers.verifier.verify(.init(pdf: pdf), now: Date())
            #expect(verdict.outcome == .notGenuine, "\(name): \(verdict.headline)")
        }
        guard let answers = try page((good + changed).map(\.pdf)) else { return }

        #expect(answers.count == good.count + changed.count)
        for (each, answer) in zip(good, answers) {
            let number = papers.number(each.name.hasPrefix("declaration") ? "declaration" : "examination")
            #expect(answer == "genuine \(number)", "\(each.name): \(answer)")
        }
        for (each, answer) in zip(changed, answers.dropFirst(good.count)) {
            #expect(answer.hasPrefix("notGenuine: "), "\(each.name): \(answer)")
        }
    }

    @Test("a report's paper may be stamped while its key is in use, not before the report and not after that")
    func stampedOn() throws {
        defer { clear() }
        let original = papers["examination-en.pdf"]
        let reader = try SignedPDFReader(original)
        let end = try #require(SignedPDFReader.first("%%EOF\n", in: original, from: 0)) + 6
        let issuer = try Issuer(
            key: papers.secrets["keys/signer.key"]!, passphrase: nil, certificate: papers.secrets["pki/signer.pem"]!,
            issuing: papers.secrets["pki/issuing.pem"]!)
        // An authority that is in use long before and after the key that signs.
        let issuing = try X509Certificate(pem: papers.secrets["pki/issuing.pem"]!)
        let key = try PrivateKey(generating: .p256)
        let start = issuer.keyPeriod.lowerBound
        let authority = try TimestampAuthority(
            key: key.pem(), passphrase: nil,
            certificate: X509Certificate.make(
                subject: .init(country: "PK", organization: "Gem Council", commonName: "Stamps"), key: key,
                extensions: CertificateProfile.timestamping.extensions(crlURL: nil),
                notBefore: start.addingTimeInterval(-86_400), notAfter: CivilTime(start).adding(months: 200).date,
                keyUsedUntil: CivilTime(start).adding(months: 40).date, serial: [7, 7, 7], issuer: issuing,
                issuerKey: PrivateKey(pem: papers.secrets["keys/issuing.key"]!, passphrase: nil)
            ).pem, issuing: papers.secrets["pki/issuing.pem"]!)
        let issued = try #require(
            JSON(parsing: reader.statement)["issuedAt"]?.string.flatMap { CivilTime(text: $0)?.date })
        func paper(stamped time: Date) throws -> [UInt8] {
            var pdf = try SignedPDF(
                base: Array(original[..<end]),
                attachments: .init(
                    statement: reader.statement, signature: reader.signature, proof: reader.proof,
                    issuing: papers.secrets["pki/issuing.pem"]!), issuer: "Gem Council", signedAt: issued)
            let signature = try issuer.signed(paper: pdf.signed)
            let value = try DetachedSignature(signature, inPaper: true).signature
            try pdf.put(CMS.stamping(signature, with: authority.token(over: SHA256.hash(value), now: time)))
            return pdf.bytes
        }
        let day: Double = 86_400
        let cases: [(time: Date, verifier: String?, page: String)] = [
            (issued.addingTimeInterval(60), nil, "genuine"), (issued.addingTimeInterval(3 * day), nil, "genuine"),
            (issuer.keyPeriod.upperBound.addingTimeInterval(-60), nil, "genuine"),
            (
                issuer.keyPeriod.upperBound.addingTimeInterval(60), "when its signing key was not in use",
                "notGenuine: it says a time at which its signing key was not in use"
            ),
            (
                start.addingTimeInterval(-3600), "certificate was not valid",
                "notGenuine: it says a time at which its signing"
            ),
            (
                issued.addingTimeInterval(801 * day), "when its signing key was not in use",
                "notGenuine: it says a time at which its signing key was not in use"
            ),
        ]
        let made = try cases.map { try paper(stamped: $0.time) }
        let now = issued.addingTimeInterval(800 * day)
        for (each, pdf) in zip(cases, made) {
            let verdict = papers.verifier.verify(.init(pdf: pdf), now: now)
            #expect((verdict.outcome == .genuine) == (each.verifier == nil), "\(each.time): \(verdict.headline)")
            #expect(each.verifier.map(verdict.headline.contains) ?? true, "\(each.time): \(verdict.headline)")
        }
        guard let answers = try page(made, now: now) else { return }

        #expect(answers.count == cases.count)
        for (each, answer) in zip(cases, answers) { #expect(answer.hasPrefix(each.page), "\(each.time): \(answer)") }
    }

    @Test("a declaration is one page in English and in Urdu, a report two")
    func pages() throws {
        defer { clear() }
        for (name, count) in [
            ("declaration-en", 1), ("declaration-ur", 1), ("examination-en", 2), ("examination-ur", 2),
        ] {
            let text = String(decoding: papers[name + ".pdf"], as: UTF8.self)
            #expect(text.contains("/Type /Pages") && text.contains("/Count \(count)\n"), "\(name)")
        }
    }

    // MARK: - Other people's programs

    @Test("qpdf and pdfsig accept each paper, trust its root, and find nothing behind the signature")
    func poppler() throws {
        defer { clear() }
        guard has("qpdf", "pdfsig", "certutil") else { return }
        try trustRoot()
        for name in Papers.names {
            let check = try run("qpdf --check \(name)")
            #expect(check.status == 0, "\(check.output)")
            let signature = try run("pdfsig -nssdir sql:nss \(name)").output
            for words in ["Signature is Valid", "Certificate is Trusted", "Total document signed"] {
                #expect(signature.contains(words), "\(name): \(signature)")
            }
            #expect(!signature.contains("Not total document signed"))
            var changed = papers[name]
            changed[changed.count / 3] ^= 1
            try write("changed.pdf", changed)
            #expect(try !run("pdfsig -nssdir sql:nss changed.pdf").output.contains("Signature is Valid"))
        }
    }

    /// A Python that has pyHanko: what `make test` installed, else the machine's.
    static let python: String? = {
        let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../.build/tools/bin/python").standardizedFileURL.path
        for python in [own, "python3"] {
            let made = try? TestDaemon.run(python, ["-c", "import pyhanko.sign.validation"])
            if made?.status == 0 { return python }
        }
        print("SKIP: pyHanko is not installed (make tools)")
        return nil
    }()
    static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../tools/papers.py").standardizedFileURL.path

    func pyHanko(_ arguments: String, by python: String) throws -> (status: Int32, output: String) {
        try run("'\(python)' '\(Self.script)' \(arguments)")
    }

    @Test("pyHanko finds each paper intact, trusted and whole, the report's stamp too; a changed one it refuses")
    func pyHankoAgrees() throws {
        defer { clear() }
        guard let python = Self.python else { return }
        for name in ["declaration-en.pdf", "declaration-ur-card.pdf", "examination-ur.pdf", "examination-en-card.pdf"] {
            let found = try pyHanko("verdict root.pem \(name)", by: python)
            let isStamped = name.hasPrefix("examination")
            let stamp = isStamped ? "stamp=INTACT:TRUSTED" : "stamp=None"
            #expect(found.status == 0, "\(found.output)")
            for words in [
                "ok=True", "summary=INTACT:TRUSTED", "coverage=ENTIRE_FILE", "docmdp=True", "level=NONE", stamp,
            ] {
                #expect(found.output.contains(words), "\(name): \(found.output)")
            }
            var changed = papers[name]
            let at = try #require(SignedPDFReader.first("/CreationDate", in: changed, from: 0))
            changed[at + 20] ^= 1
            try write("changed.pdf", changed)
            #expect(try pyHanko("verdict root.pem changed.pdf", by: python).output.contains("ok=False"))
            // Somebody else's root.
            let forger = try Ceremony(
                Ceremony.Request(
                    code: "GGAPCP", name: "Gem Council", country: "PK", publicURL: "https://gems.example",
                    passphrase: nil, rootPassphrase: "r", now: Date().addingTimeInterval(-3600)))
            try write("foreign.pem", forger.publicFiles.first { $0.name == "root.pem" }!.bytes)
            #expect(try pyHanko("verdict foreign.pem \(name)", by: python).output.contains("ok=False"))
        }
    }

    @Test("evidence put behind a paper, by pyHanko or by us, is accepted by both; a page drawn over it by neither")
    func evidence() throws {
        defer { clear() }
        guard let python = Self.python, has("qpdf", "pdfsig", "certutil", "openssl") else { return }
        try trustRoot()
        for name in ["declaration-en.pdf", "examination-ur-card.pdf"] {
            let made = try pyHanko("evidence root.pem \(name) theirs.pdf root.crl issuing.crl", by: python)
            #expect(made.status == 0, "\(made.output)")
            let theirs = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/theirs.pdf")))
            #expect(theirs.count > papers[name].count)
            let verdict = papers.verifier.verify(.init(pdf: theirs), now: Date())
            #expect(verdict.outcome == .genuine, "\(verdict.steps)")

            let reader = try SignedPDFReader(papers[name])
            let signature = try DetachedSignature(reader.paperSignature, inPaper: true)
            let ours = try SignedPDF.addingEvidence(
                to: papers[name], certificates: signature.certificates,
                lists: [papers["root.crl"], papers["issuing.crl"]])
            try write("ours.pdf", ours)
            for file in ["theirs.pdf", "ours.pdf"] {
                let found = try pyHanko("verdict root.pem \(file)", by: python).output
                for words in ["ok=True", "INTACT:TRUSTED", "docmdp=True", "level=LTA_UPDATES"] {
                    #expect(found.contains(words), "\(file): \(found)")
                }
                let check = try run("qpdf --check \(file)")
                #expect(check.status == 0, "\(check.output)")
                #expect(try run("pdfsig -nssdir sql:nss \(file)").output.contains("Signature is Valid"))
            }
        }
    }

    // MARK: - The code on the paper

    @Test(
        "the code is read from the printed page at 300 dpi, also blurred and turned, and proves itself offline",
        arguments: ["declaration-en", "declaration-ur", "examination-en-card", "examination-ur-card"])
    func scanned(name: String) throws {
        defer { clear() }
        guard has("pdftoppm", "zbarimg", "convert") else { return }
        // The card's code is on its back.
        let page = name.hasSuffix("card") ? 2 : 1
        let drawn = try run("pdftoppm -r 300 -gray -png -singlefile -f \(page) \(name).pdf page")
        #expect(drawn.status == 0, "\(drawn.output)")
        for change in ["-resize 100%", "-blur 0x2", "-rotate 7", "-blur 0x1.5 -rotate 7", "-rotate 187 -resize 60%"] {
            let changed = try run("/usr/bin/convert page.png -background white \(change) changed.png")
            #expect(changed.status == 0, "\(changed.output)")
            let read = try TestDaemon.run(
                "zbarimg", ["--raw", "-q", "-Sdisable", "-Sqrcode.enable", folder + "/changed.png"])
            let text = read.output.trimmingCharacters(in: .newlines)
            #expect(read.status == 0, "\(name) \(change): \(read.error)")
            let statement = try SignedPDFReader(papers[name + ".pdf"]).statement
            let verdict = papers.verifier.verify(code: text, keys: papers.keys, now: Date(), statement: statement)
            #expect(verdict.outcome == .genuine, "\(name) \(change): \(verdict.steps)")
            #expect(
                text.hasPrefix(
                    "https://gems.example/c/\(papers.number(name.hasPrefix("d") ? "declaration" : "examination"))#"))
        }
    }

    // MARK: - Years later

    @Test(
        "sixty days, fourteen months and twelve years later, without a network, the documented recipe accepts an old paper",
        arguments: [60, 425, 4383])
    func later(days: Int) throws {
        defer { clear() }
        guard has("faketime", "pdfdetach", "openssl", "pdfsig", "certutil") else { return }
        // No way out to any network, where the machine lets us.
        let alone = try run("unshare -rn true").status == 0 ? "unshare -rn " : ""
        let then = "\(alone)faketime -f +\(days)d "
        let now = Date().addingTimeInterval(Double(days) * 86_400)
        try trustRoot()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/check_timestamp.sh").standardizedFileURL.path
        for name in ["declaration-en.pdf", "examination-ur.pdf", "examination-en-card.pdf"] {
            let detached = try run("\(then)pdfdetach -saveall \(name)")
            #expect(detached.status == 0, "\(detached.output)")
            let verify =
                "openssl cms -verify -binary -cades -inform DER -in certificate.json.p7s -content certificate.json"
            let cms = try run("\(then)\(verify) -CAfile root.pem -out /dev/null")
            #expect(cms.output.contains("CAdES Verification successful"), "\(cms.output)")
            let signature = try run("\(then)pdfsig -nssdir sql:nss \(name)").output
            for words in ["Signature is Valid", "Certificate is Trusted", "Total document signed"] {
                #expect(signature.contains(words), "\(name): \(signature)")
            }
            if name.hasPrefix("examination") {
                let stamp = try run("\(then)sh '\(script)' certificate.json.p7s root.pem")
                #expect(stamp.status == 0 && stamp.output.contains("Verification: OK"), "\(stamp.output)")
            }
            // That the clock is really moved: the day's lists are out of date by then.
            let stale = try run("\(then)\(verify) -CAfile root-and-crls.pem -crl_check_all -out /dev/null")
            #expect(stale.output.contains("CRL has expired"), "\(stale.output)")
            #expect(papers.verifier.verify(.init(pdf: papers[name]), now: now).outcome == .genuine)
        }
    }
}
