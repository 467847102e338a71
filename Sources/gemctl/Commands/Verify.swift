import ArgumentParser
import FoundationEssentials
import GemCert
import GemCrypto
import GemModel
import Glibc
import NIOConcurrencyHelpers

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check certificates, here or by the daemon.",
        discussion: """
            A number means NUMBER.json in this folder, else the daemon is asked for its files. For NUMBER.json the \
            signature is looked for beside it as NUMBER.json.p7s, the proof of the public log as NUMBER.tlog-proof. \
            With --root everything is checked on this machine, without a daemon; \
            take root.pem from the council, never from whoever hands you the certificate. What has become \
            of a certificate since it was issued the daemon, the council's page or a saved status list can say. \
            gemctl remembers the newest list it saw and takes no older one.

            With --weight and --size the stone in your hand is compared with the certificate. The weight of a \
            mounted stone is not compared.

            Exits 0 when genuine, 4 when not or when it is not this stone, 5 when cancelled, 6 when it cannot be \
            told: also when the list given with --status says nothing, or the stone must be measured again.

            EXAMPLES
              gemctl verify GGAPCP-26D-000417-7QXKD
              gemctl verify GGAPCP-26D-000417-7QXKD --weight 1.58ct --size 9.12x7.05x4.88
              gemctl verify GGAPCP-26D-000417-7QXKD.json --root root.pem --log-key log.vkey
              gemctl verify one.json --root root.pem --keys keys.json --status status.jwt
              gemctl verify code.txt --root root.pem --keys keys.json
              gemctl verify 'https://gems.example/c/GGAPCP-26D-000417-7QXKD#2741…'
              gemctl verify one.json --p7s signature.p7s --proof one.tlog-proof -o json
            """)

    @Argument(help: "Certificates: number, JSON, PDF, or a QR code's text, itself or in a file.") var files: [String]
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
    @Option(
        help: ArgumentHelp(
            "With --root: an outside time-stamping authority's certificate, or its root (PEM).", valueName: "file"))
    var tsaRoot: String?
    @Option(help: ArgumentHelp("Of the stone in your hand: 1.58ct, 316mg.", valueName: "weight"))
    var weight: String?
    @Option(help: ArgumentHelp("Length x width x depth in millimetres, as measured.", valueName: "size"))
    var size: String?
    @Flag(help: "The stone is set, so that its weight says nothing.") var mounted = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try checkOptions()
        let stone = try StoneInHand(weight: weight, size: size, isMounted: mounted)
        let here = try root.map { root in
            try Here(
                verifier: Self.verifier(root: root, logKey: logKey, lists: crl, tsaRoot: tsaRoot), root: root,
                keys: keys,
                status: status, printer: global.printer)
        }
        // What is read here is read before anybody is asked.
        let found = try files.map { name in
            let path = Evidence.number(name).map { "\($0).json" } ?? name
            let isFetched = Evidence.number(name) != nil && access(path, F_OK) != 0
            return (name: name, evidence: isFetched ? nil : try Evidence(path: path, p7s: p7s, proof: proof))
        }
        var show = Reports(printer: global.printer, stone: stone)
        if let here, found.allSatisfy({ $0.evidence != nil }) {
            for one in found.compactMap(\.evidence) { try show.add(here.report(on: one), one) }
        } else {
            show = try await ask(found, here, show)
        }
        if show.worst != .ok { throw show.worst }
    }

    private func checkOptions() throws(Failure) {
        guard files.count == 1 || p7s == nil && proof == nil else {
            throw Failure(
                .usage, "--p7s and --proof belong to one file",
                hint: "verify one at a time, or keep them beside the files")
        }
        guard root != nil || logKey == nil && crl.isEmpty && keys == nil && status == nil && tsaRoot == nil else {
            throw Failure(
                .usage, "--log-key, --crl, --keys, --status and --tsa-root are for checking here",
                hint: "give --root root.pem too")
        }
        guard keys != nil || status == nil else {
            throw Failure(.usage, "a status list is checked with the council's keys", hint: "give --keys keys.json too")
        }
        guard files.count == 1 || weight == nil && size == nil else {
            throw Failure(
                .usage, "a stone is compared with one certificate", hint: "verify one at a time")
        }
    }

    /// With a daemon: it verifies, or only hands out the files that `here` verifies.
    private func ask(
        _ found: [(name: String, evidence: Evidence?)], _ here: Here?, _ reports: Reports
    ) async throws -> Reports {
        let shown = NIOLockedValueBox(reports)
        try await global.talk { client, _ in
            do {
                for (name, evidence) in found {
                    var evidence = evidence
                    if evidence == nil, let number = Evidence.number(name) {
                        evidence = try await Evidence.fetched(number, over: client)
                    }
                    guard let one = evidence else { continue }
                    if let here {
                        let report = try here.report(on: one)
                        try shown.withLockedValue { try $0.add(report, one) }
                    } else {
                        let answer = try await client.send(one.request)
                        try shown.withLockedValue { try $0.add(answer.json(), whole: answer.body, one) }
                    }
                }
            } catch let failure as Failure where failure.outcome == .unreachable {
                throw failure.advising("check it without a daemon: --root root.pem, taken from the council")
            }
        }
        return shown.withLockedValue { $0 }
    }

    /// A verifier that knows what these files say and nothing else.
    private static func verifier(root: String, logKey: String?, lists: [String], tsaRoot: String?) throws -> Verifier {
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
        let authorities = try tsaRoot.map { [try FileReader.bytes(of: $0, limit: 1 << 20)] } ?? []
        do {
            return try Verifier(
                root: pem, revocationLists: ([pem] + files).flatMap(lists(in:)), logKeys: keys ?? [],
                timestampAuthorities: authorities)
        } catch {
            throw Failure(
                .failed, "the root, a revocation list or --tsa-root cannot be read: \(error)",
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
}

/// Checking on this machine, without a daemon and without a network.
private struct Here {
    let verifier: Verifier
    let keys: KeySet?
    let status: [UInt8]?
    /// Nil when no list was given.
    private let seen: SeenLists?

    init(verifier: Verifier, root: String, keys: String?, status: String?, printer: Printer) throws {
        self.verifier = verifier
        self.keys = try keys.map { path in
            do { return try KeySet(FileReader.bytes(of: path, limit: 1 << 20)) } catch let error as KeySet.Malformed {
                throw Failure(
                    .failed, "\"\(path)\" cannot be used: \(error.reason)", hint: "it is the council's /keys.json")
            }
        }
        self.status = try status.map { try FileReader.bytes(of: $0, limit: Evidence.maxFileBytes) }
        let fingerprint = Hex.encode(try Verifier.fingerprint(ofRoot: FileReader.bytes(of: root, limit: 1 << 22)))
        seen = status == nil ? nil : SeenLists(root: fingerprint, printer: printer)
    }

    /// The verdict's members, and beside them `issuedOn` and what the saved list says.
    func report(on one: Evidence) throws -> JSON {
        let now = Date()
        if Evidence.mediaType(one.document) == "text/plain" {
            guard let keys else {
                throw Failure(
                    .cannotTell, "a QR code is checked with the council's keys", hint: "give --keys keys.json too")
            }
            let text = String(decoding: one.document, as: UTF8.self)
            let issued = try? QRText(parsing: text).cose.statement.issuedAt  // else the verdict says what is wrong
            return verifier.verify(code: text, keys: keys, now: now).json.merging(
                Self.more(issued: issued, problem: status.flatMap { _ in Verifier.StatusFinding.ofCode.problem }))
        }
        let artefacts = try one.artefacts
        let statement = one.statement
        let issued = statement.flatMap { try? JSON(parsing: $0)["issuedAt"]?.string }.flatMap { CivilTime(text: $0) }
        guard let keys, let status, let statement else {
            return verifier.verify(artefacts, now: now).json.merging(Self.more(issued: issued?.date))
        }
        let lastSeen = seen?.lastIssue(of: status)
        let finding = verifier.status(in: status, of: statement, keys: keys, now: now, lastSeen: lastSeen)
        if let asOf = finding.asOf { seen?.note(status, issuedAt: asOf) }
        return verifier.verify(artefacts, now: now, status: finding.status).json.merging(
            Self.more(issued: issued?.date, asOf: finding.asOf, problem: finding.problem))
    }

    private static func more(issued: Date?, asOf: Date? = nil, problem: String? = nil) -> JSON {
        .object(
            [
                issued.map { .init("issuedOn", .string(CivilTime($0).dayText)) },
                asOf.map { .init("statusAsOf", .string(CivilTime($0).text)) },
                problem.map { .init("statusProblem", .string($0)) },
            ].compactMap { $0 })
    }
}
