import Foundation
import GemCrypto
import GemModel
import GemPrint
import Testing

@testable import GemCert

/// Papers as they are handed out: printed, signed, and judged by our verifier and by other people's programs.
@Suite struct SignedPaperTests {
    static let issued = CivilTime(text: "2026-11-21T09:30:00.250Z")!.date
    static let ceremony = try! Ceremony(
        Ceremony.Request(
            code: "GGAPCP", name: "Gold and Gem Art Promotion Council", country: "PK",
            publicURL: "https://gems.example", passphrase: nil, rootPassphrase: "root",
            now: CivilTime(text: "2026-11-01T08:00:00.000Z")!.date))

    static func file(_ name: String) -> [UInt8] {
        (ceremony.publicFiles + ceremony.secretFiles).first { $0.name == name }!.bytes
    }

    static let issuer = try! Issuer(
        key: file("signer.key"), passphrase: nil, certificate: file("signer.pem"), issuing: file("issuing.pem"))
    static let verifier = try! Verifier(
        root: file("root.pem"), revocationLists: [file("root.crl"), file("issuing.crl")],
        logKeys: [NoteKey(text: String(decoding: file("log.vkey"), as: UTF8.self))!])

    static let attachments: SignedPDF.Attachments = try! {
        var last: UInt8 = 17
        let number = CertificateNumber(issuer: "GGAPCP", year: 26, certificateClass: .declaration, sequence: 417) { _ in
            last += 1
            return [7, 22, 27, last]
        }!
        let statement = Statement(
            number: number, issuedAt: issued, nonce: [UInt8](repeating: 0xA5, count: 16),
            issuer: .init(code: "GGAPCP", name: "Gold and Gem Art Promotion Council", country: "PK"),
            piece: try JSON(parsing: Array(PressTests.emerald.utf8)), statusList: "https://gems.example/status/1",
            statusIndex: 4172, logOrigin: "gems.example/log", disclosure: "Oil or resin in fissures: minor.",
            limits: "A dealer's declaration. No laboratory examined this stone.",
            verify: "https://gems.example/c/\(number)",
            body: .declaration(.init(party: "SWATGEMS", name: "Swat Gems, Mingora")))
        let json = try statement.bytes
        let leaf = LogEntry(at: issued, kind: .issue, serial: number.serial, sha256: SHA256.hash(json)).leafHash
        let checkpoint = Checkpoint(origin: "gems.example/log", size: 1, root: leaf)
        let proof = TlogProof(
            index: 0, hashes: [], checkpoint: try checkpoint.signed(by: PrivateKey(pem: file("log.key"))))
        return .init(
            statement: json, signature: try issuer.sign(json), proof: proof.bytes,
            issuing: file("issuing.pem") + file("root-and-crls.pem").prefix(0))
    }()

    static func paper(_ form: Paper.Form = .a4, _ language: Disclosure.Language = .english) throws -> [UInt8] {
        try Press().print(
            Paper(
                statement: try JSON(parsing: attachments.statement), photograph: nil, symbol: PressTests.symbol,
                rootFingerprint: SHA256.hash(file("root.pem"))), form: form, language: language)
    }

    static let signed: [UInt8] = try! issuer.sign(
        paper: paper(), attachments: attachments, issuerName: "Gold and Gem Art Promotion Council", now: issued,
        stampedBy: nil)

    static func verdict(_ pdf: [UInt8], _ verifier: Verifier = verifier) -> Verdict {
        verifier.verify(.init(pdf: pdf), now: issued.addingTimeInterval(86_400), status: .valid)
    }

    static func attachmentsReason(_ verdict: Verdict) -> String {
        for step in verdict.steps where step.step == .attachments {
            if case .failed(let reason) = step.result { return reason }
        }
        return ""
    }

    @Test func aSignedPaperIsGenuine() throws {
        for form in Paper.Form.allCases {
            for language in [Disclosure.Language.english, .urdu] {
                let pdf = try Self.issuer.sign(
                    paper: Self.paper(form, language), attachments: Self.attachments, issuerName: "Council (Peshawar)",
                    now: Self.issued, stampedBy: nil)
                let verdict = Self.verdict(pdf)
                #expect(verdict.outcome == .genuine, "\(verdict.steps)")
            }
        }
    }

    @Test func aChangedPaperIsNot() throws {
        let pdf = Self.signed
        // The drawn page, the trailer, an attachment, the signature.
        for at in [200, 3000, pdf.count - 60, pdf.count / 2, pdf.count - 3000] {
            var changed = pdf
            changed[at] ^= 1
            #expect(Self.verdict(changed).outcome != .genuine, "byte \(at)")
        }
        #expect(Self.attachmentsReason(Self.verdict(pdf + [10])).contains("added"))
        #expect(Self.attachmentsReason(Self.verdict(Array(pdf.dropLast()))).contains("cut off"))
        let shadow =
            pdf
            + Array(
                "1 0 obj\n<< /Type /Pages >>\nendobj\nxref\n0 0\ntrailer\n<< /Prev 1 >>\nstartxref\n9\n%%EOF\n".utf8)
        #expect(Self.attachmentsReason(Self.verdict(shadow)).contains("added"))
        let second = pdf + Array("<< /Type /Sig /ByteRange [0 1 2 3] >>".utf8)
        #expect(Self.attachmentsReason(Self.verdict(second)).contains("second signature"))
        #expect(Self.attachmentsReason(Self.verdict(try Self.paper())).contains("no signature"))
    }

    @Test func aReplacedAttachmentIsRefused() throws {
        var other = Self.attachments
        other.proof = Array("nothing".utf8)
        // Signed by the council, but the proof inside is none.
        let pdf = try Self.issuer.sign(
            paper: Self.paper(), attachments: other, issuerName: "Council", now: Self.issued, stampedBy: nil)
        #expect(Self.verdict(pdf).outcome == .notGenuine)
        // The attachment exchanged in a finished paper, same length.
        let from = SignedPDFReader.first("\"nonce\":\"a5", in: Self.signed, from: 0)!
        var changed = Self.signed
        changed[from + 9] = UInt8(ascii: "b")
        #expect(Self.verdict(changed).outcome == .notGenuine)
    }

    @Test func aForgersOwnRootProvesNothing() throws {
        let forger = try Ceremony(
            Ceremony.Request(
                code: "GGAPCP", name: "Gold and Gem Art Promotion Council", country: "PK",
                publicURL: "https://gems.example", passphrase: nil, rootPassphrase: "root",
                now: CivilTime(text: "2026-11-01T08:00:00.000Z")!.date))
        func file(_ name: String) -> [UInt8] {
            (forger.publicFiles + forger.secretFiles).first { $0.name == name }!.bytes
        }
        let issuer = try Issuer(
            key: file("signer.key"), passphrase: nil, certificate: file("signer.pem"), issuing: file("issuing.pem"))
        // True files inside a false paper, and his root beside them.
        var attachments = Self.attachments
        attachments.issuing = file("root.pem")
        let pdf = try issuer.sign(
            paper: Self.paper(), attachments: attachments, issuerName: "Council", now: Self.issued, stampedBy: nil)
        #expect(Self.attachmentsReason(Self.verdict(pdf)).contains("root"))
        #expect(Self.verdict(pdf).outcome == .notGenuine)
    }

    @Test func thousandsOfMutationsNeitherPassNorCrash() throws {
        var state: UInt64 = 1
        func next(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        let updateAt = SignedPDFReader.first("/AcroForm", in: Self.signed, from: 0)! - 200
        let numbers = ["0", "9999999999", "4294967295", "-1", "/ByteRange", "endobj", "xref\n0 1\n", "startxref\n"]
        for round in 0..<3000 {
            var pdf = Self.signed
            switch next(4) {
            case 0: pdf[updateAt + next(pdf.count - updateAt)] = UInt8(next(256))
            case 1: pdf.removeLast(next(pdf.count))
            case 2:
                let at = updateAt + next(pdf.count - updateAt)
                pdf.replaceSubrange(at..<min(pdf.count, at + next(12)), with: Array(numbers[next(numbers.count)].utf8))
            default:
                let at = next(pdf.count)
                pdf.removeSubrange(at..<min(pdf.count, at + next(400)))
            }
            guard pdf != Self.signed else { continue }
            let read = try? SignedPDFReader(pdf)
            // What is read at all must fail by its digest.
            if read != nil { #expect(Self.verdict(pdf).outcome != .genuine, "round \(round)") }
        }
    }

    // MARK: - Other people's programs

    static func run(_ command: String, in directory: URL) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command + " 2>&1"]
        process.currentDirectoryURL = directory
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func has(_ tools: String...) -> Bool {
        for tool in tools where !FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)") {
            print("SKIP: \(tool) is not installed (make deps)")
            return false
        }
        return true
    }

    @Test func otherProgramsAgree() throws {
        guard Self.has("qpdf", "pdfsig", "certutil", "pdfdetach", "openssl", "pdftotext") else { return }
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("paper-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: directory.appendingPathComponent(name))
        }
        try write("paper.pdf", Self.signed)
        try write("root.pem", Self.file("root.pem"))
        var changed = Self.signed
        changed[400] ^= 1
        try write("changed.pdf", changed)

        #expect(try Self.run("qpdf --check paper.pdf", in: directory).status == 0)
        _ = try Self.run(
            "mkdir nss && certutil -N -d sql:nss --empty-password && certutil -A -d sql:nss -n root -t CT,CT,CT -i root.pem",
            in: directory)
        let signature = try Self.run("pdfsig -nssdir sql:nss paper.pdf", in: directory).output
        for words in ["Signature is Valid", "Certificate is Trusted", "Total document signed"] {
            #expect(signature.contains(words), "\(signature)")
        }
        #expect(signature.contains("Not total document signed") == false)
        #expect(
            try !Self.run("pdfsig -nssdir sql:nss changed.pdf", in: directory).output.contains("Signature is Valid"))

        _ = try Self.run("pdfdetach -saveall paper.pdf", in: directory)
        let verify =
            "openssl cms -verify -binary -cades -inform DER -in certificate.json.p7s -content certificate.json "
            + "-CAfile root.pem -out /dev/null -attime 1795251600"
        #expect(try Self.run(verify, in: directory).output.contains("CAdES Verification successful"))
        #expect(
            try Self.run("printf x >> certificate.json; " + verify, in: directory).status != 0)
        #expect(FileManager.default.fileExists(atPath: directory.appendingPathComponent("certificate.tlog-proof").path))
        let text = try Self.run("pdftotext paper.pdf -", in: directory).output
        #expect(text.contains("GGAPCP-26D-000417"))
        #expect(text.contains("Declaration by the dealer"))
    }
}
