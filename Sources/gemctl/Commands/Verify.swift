import ArgumentParser
import FoundationEssentials
import GemCert
import GemCrypto
import GemModel
import Glibc

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check certificates, here or by the daemon.",
        discussion: """
            For NUMBER.json the signature is looked for beside it as NUMBER.json.p7s, the proof of the public \
            log as NUMBER.tlog-proof. With --root everything is checked on this machine, without a daemon; \
            take root.pem from the council, never from whoever hands you the certificate. What has become \
            of a certificate since it was issued only the daemon or the council's page can say.

            Exits 0 when genuine, 4 when not, 5 when cancelled, 6 when it cannot be told.

            EXAMPLES
              gemctl verify GGAPCP-26D-000417-7QXKD.json
              gemctl verify GGAPCP-26D-000417-7QXKD.json --root root.pem --log-key log.vkey
              gemctl verify one.json --root root.pem --keys keys.json --status status.jwt
              gemctl verify code.txt --root root.pem --keys keys.json
              gemctl verify 'https://gems.example/c/GGAPCP-26D-000417-7QXKD#2741…'
              gemctl verify one.json --p7s signature.p7s --proof one.tlog-proof -o json
            """)

    @Argument(help: "Certificates: JSON, PDF, or a QR code's text, itself or in a file.") var files: [String]
    @Option(help: ArgumentHelp("The detached signature, when it is not beside the file.", valueName: "file"))
    var p7s: String?
    @Option(help: ArgumentHelp("The log's proof, when it is not beside the file.", valueName: "file"))
    var proof: String?
    @Option(
        help: ArgumentHelp(
            "Check here, under this root certificate (PEM, may hold revocation lists too).", valueName: "file"))
    var root: String?
    @Option(help: ArgumentHelp("With --root: the public keys of the council's logs, log.vkey.", valueName: "file"))
    var logKey: String?
    @Option(help: ArgumentHelp("With --root: a revocation list; repeatable.", valueName: "file"))
    var crl: [String] = []
    @Option(
        help: ArgumentHelp(
            "With --root: the keys of QR codes and status lists, the council's keys.json.", valueName: "file"))
    var keys: String?
    @Option(
        help: ArgumentHelp(
            "With --root and --keys: a saved status list, from the council's page /status/1.", valueName: "file"))
    var status: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// A certificate of 64 kB, a PDF with photographs; no reader takes more.
    private static let maxFileBytes = 16 << 20

    func run() async throws {
        guard files.count == 1 || p7s == nil && proof == nil else {
            throw Failure(
                .usage, "--p7s and --proof belong to one file",
                hint: "verify one at a time, or keep them beside the files")
        }
        guard root != nil || logKey == nil && crl.isEmpty && keys == nil && status == nil else {
            throw Failure(
                .usage, "--log-key, --crl, --keys and --status are for checking here", hint: "give --root root.pem too")
        }
        guard keys != nil || status == nil else {
            throw Failure(.usage, "a status list is checked with the council's keys", hint: "give --keys keys.json too")
        }
        let evidence = try files.map { try Evidence(path: $0, p7s: p7s, proof: proof, limit: Self.maxFileBytes) }
        let printer = global.printer
        var worst = Outcome.ok
        func show(_ report: JSON, whole: [UInt8], _ one: Evidence) {
            if printer.format == .table {
                if one.path != evidence[0].path { printer.console.print("") }
                for line in Self.lines(report, name: one.path, printer) { printer.console.print(line) }
            } else {
                printer.card(report, whole: whole)
            }
            worst = worst.worse(Outcome(verdict: report["verdict"]?.string))
        }
        if let root {
            let verifier = try Self.verifier(root: root, logKey: logKey, lists: crl)
            let here = try Here(verifier: verifier, keys: keys, status: status, limit: Self.maxFileBytes)
            for one in evidence {
                let report = try here.report(on: one)
                show(report, whole: report.bytes, one)
            }
        } else {
            try await global.talk { client, _ in
                do {
                    for one in evidence {
                        let answer = try await client.send(one.request)
                        show(try answer.json(), whole: answer.body, one)
                    }
                } catch let failure as Failure where failure.outcome == .unreachable {
                    throw failure.advising("check it without a daemon: --root root.pem, taken from the council")
                }
            }
        }
        if worst != .ok { throw worst }
    }

    /// A verifier that knows what these files say and nothing else.
    private static func verifier(root: String, logKey: String?, lists: [String]) throws -> Verifier {
        let pem = try FileReader.bytes(of: root, limit: 1 << 22)
        let keys = try logKey.map { path in
            let text = String(decoding: try FileReader.bytes(of: path, limit: 4096), as: UTF8.self)
            guard let keys = NoteKey.keys(text: text) else {
                throw Failure(
                    .failed, "\"\(path)\" is no key of a log",
                    hint: "it has a line for each log, such as gems.example/log+1a2b3c4d+…")
            }
            return keys
        }
        let files = try lists.map { try FileReader.bytes(of: $0, limit: 1 << 26) }
        do {
            return try Verifier(root: pem, revocationLists: ([pem] + files).flatMap(lists(in:)), logKeys: keys ?? [])
        } catch {
            throw Failure(
                .failed, "the root or a revocation list cannot be read: \(error)",
                hint: "--root takes the council's root.pem, --crl its .crl files")
        }
    }

    /// The revocation lists of a PEM file that may hold certificates too; any other file is one list in DER.
    private static func lists(in file: [UInt8]) -> [[UInt8]] {
        let text = String(decoding: file, as: UTF8.self)
        guard text.contains("-----BEGIN ") else { return [file] }
        let end = "-----END X509 CRL-----"
        return text.split(separator: "-----BEGIN X509 CRL-----").dropFirst(
            text.hasPrefix("-----BEGIN X509 CRL-----") ? 0 : 1
        )
        .compactMap { block in
            block.firstRange(of: end).map { Array("-----BEGIN X509 CRL-----\(block[..<$0.upperBound])\n".utf8) }
        }
    }

    /// Verdict and file, the headline, then each step with ✓ met, ✗ failed, – not checked.
    static func lines(_ report: JSON, name: String, _ printer: Printer) -> [String] {
        let (word, colour): (Message, Printer.Colour) =
            switch report["verdict"]?.string {
            case "genuine": ("GENUINE", .green)
            case "cancelled": ("CANCELLED", .yellow)
            case "notGenuine": ("NOT GENUINE", .red)
            default: ("CANNOT TELL", .yellow)
            }
        var lines = ["\(printer.coloured(word.text, colour))  \(name.printable)"]
        if let headline = report["headline"]?.string { lines.append(headline.printable) }
        if let asOf = report["statusAsOf"]?.string {
            lines.append(Message("status as of \(asOf), by the saved status list").text)
        } else if let problem = report["statusProblem"]?.string {
            lines.append(problem.printable)
        }
        let steps = report["steps"]?.elements ?? []
        let width = steps.map { ($0["name"]?.string ?? "").displayWidth }.max() ?? 0
        for step in steps {
            let mark =
                switch step["result"]?.string {
                case "met": printer.coloured("✓", .green)
                case "failed": printer.coloured("✗", .red)
                default: "–"
                }
            let name = (step["name"]?.string ?? "").printable
            let reason =
                step["reason"]?.string ?? (step["result"]?.string == "notChecked" ? Message("not checked").text : "")
            let space = reason.isEmpty ? "" : String(repeating: " ", count: width - name.displayWidth + 2)
            lines.append("  \(mark) \(name)\(space)\(reason.printable)")
        }
        return lines
    }
}

/// Checking on this machine, without a daemon and without a network.
private struct Here {
    let verifier: Verifier
    let keys: KeySet?
    let status: [UInt8]?

    init(verifier: Verifier, keys: String?, status: String?, limit: Int) throws {
        self.verifier = verifier
        self.keys = try keys.map { path in
            do { return try KeySet(FileReader.bytes(of: path, limit: 1 << 20)) } catch let error as KeySet.Malformed {
                throw Failure(
                    .failed, "\"\(path)\" cannot be used: \(error.reason)", hint: "it is the council's /keys.json")
            }
        }
        self.status = try status.map { try FileReader.bytes(of: $0, limit: limit) }
    }

    func report(on one: Evidence) throws -> JSON {
        let now = Date()
        if Evidence.mediaType(one.document) == "text/plain" {
            guard let keys else {
                throw Failure(
                    .cannotTell, "a QR code is checked with the council's keys", hint: "give --keys keys.json too")
            }
            return verifier.verify(code: String(decoding: one.document, as: UTF8.self), keys: keys, now: now).json
        }
        let artefacts = try one.artefacts
        guard let keys, let status, let statement = artefacts.json else {
            return verifier.verify(artefacts, now: now).json
        }
        let finding = verifier.status(in: status, of: statement, keys: keys, now: now)
        return verifier.verify(artefacts, now: now, status: finding.status).json.merging(
            .object(
                [
                    finding.asOf.map { .init("statusAsOf", .string(CivilTime($0).text)) },
                    finding.problem.map { .init("statusProblem", .string($0)) },
                ].compactMap { $0 }))
    }
}

/// One certificate to be checked, with what was found beside it.
struct Evidence: Sendable {
    var path: String
    var document: [UInt8]
    var signature: [UInt8]?
    var proof: [UInt8]?

    init(path: String, p7s: String?, proof: String?, limit: Int) throws {
        // A code's text may be given itself, since no file is named like an address.
        guard Self.mediaType(Array(path.utf8)) != "text/plain" else {
            self.path = path.firstIndex(of: "#").map { String(path[..<$0]) } ?? path
            document = Array(path.utf8)
            return
        }
        self.path = path
        document = try FileReader.bytes(of: path, limit: limit)
        guard Self.mediaType(document) == "application/json" else { return }
        let stem = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
        signature = try Self.first(
            of: p7s.map { [$0] } ?? ["\(path).p7s", "\(stem).p7s"], given: p7s != nil, limit: limit)
        self.proof = try Self.first(
            of: proof.map { [$0] } ?? ["\(stem).tlog-proof", "\(path).tlog-proof"], given: proof != nil, limit: limit)
    }

    private static func first(of paths: [String], given: Bool, limit: Int) throws -> [UInt8]? {
        guard let path = given ? paths.first : paths.first(where: { access($0, F_OK) == 0 }) else { return nil }
        return try FileReader.bytes(of: path, limit: limit)
    }

    static func mediaType(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: "%PDF-".utf8) { return "application/pdf" }
        return bytes.starts(with: "https://".utf8) || bytes.starts(with: "HTTPS://".utf8)
            ? "text/plain" : "application/json"
    }

    /// What the verifier of this machine takes; it reads JSON certificates and papers.
    var artefacts: Verifier.Artefacts {
        get throws {
            if Self.mediaType(document) == "application/pdf" { return Verifier.Artefacts(pdf: document) }
            guard Self.mediaType(document) == "application/json" else {
                throw Failure(
                    .cannotTell, "\"\(path)\" is neither a certificate's JSON nor its PDF",
                    hint: "leave out --root")
            }
            return Verifier.Artefacts(json: document, signature: signature, proof: proof)
        }
    }

    /// `POST /v1/verify`: the file alone, or a form of `json`, `p7s` and `proof`.
    var request: Request {
        guard signature != nil || proof != nil else {
            return Request(.POST, "verify").sending(document, type: Self.mediaType(document))
        }
        let boundary = "gemctl-\(Request.randomKey())"
        var form: [UInt8] = []
        for (name, type, bytes) in [
            ("json", "application/json", document), ("p7s", "application/pkcs7-signature", signature),
            ("proof", "text/plain", proof),
        ] {
            guard let bytes else { continue }
            form += Array(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(name)\"\r\nContent-Type: \(type)\r\n\r\n"
                    .utf8)
            form += bytes + Array("\r\n".utf8)
        }
        form += Array("--\(boundary)--\r\n".utf8)
        return Request(.POST, "verify").sending(form, type: "multipart/form-data; boundary=\(boundary)")
    }
}
