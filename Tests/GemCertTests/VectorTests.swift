import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// docs/vectors: artefacts that releases issued, good and bad, each with the verdict it must get for ever.
///
/// One folder a set, with a pki of its own whose secret keys nobody kept; once there it is never changed.
/// `GEMD_UPDATE_VECTORS=2026-11 swift test --filter vectors` makes the set of that name.
@Suite("vectors")
struct VectorTests {
    static let all: [VectorSet] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/vectors").standardizedFileURL
        if let name = ProcessInfo.processInfo.environment["GEMD_UPDATE_VECTORS"] {
            try! VectorWriter.write(VectorSet(folder: folder.appending(path: name)))
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { VectorSet(folder: folder.appending(path: $0)) }.filter {
            FileManager.default.fileExists(atPath: $0.folder.appending(path: "index.json").path)
        }
    }()

    @Test("there is a set")
    func thereIsOne() {
        #expect(Self.all.contains { $0.folder.lastPathComponent == "2026-11" })
    }

    @Test("every artefact gets its verdict, headline and steps", arguments: VectorTests.all)
    func verdicts(set: VectorSet) throws {
        let cases = try set.cases
        #expect(cases.count >= 25)
        for each in cases {
            let name = try #require(each["name"]?.string)
            func file(_ member: String) throws -> [UInt8]? { try each[member]?.string.map { try set.bytes($0) } }
            func files(_ member: String) throws -> [[UInt8]] {
                try (each[member]?.elements ?? []).compactMap(\.string).map { try set.bytes($0) }
            }
            let now = try #require(CivilTime(text: each["now"]?.string ?? "")).date
            let status = each["status"]?.string.flatMap { word in
                CertificateStatus.allCases.first { "\($0)" == word }
            }
            #expect((status == nil) == (each["status"] == nil), "\(name)")
            let verifier = try Verifier(
                root: set.bytes("pki/root.pem"), revocationLists: files("lists"),
                logKeys: try #require(NoteKey.keys(text: String(decoding: set.bytes("pki/log.vkey"), as: UTF8.self))),
                timestampAuthorities: files("timestampAuthorities"))

            let verdict = try verifier.verify(
                .init(json: file("json"), signature: file("p7s"), proof: file("proof")), now: now, status: status)

            #expect(verdict.outcome.rawValue == each["verdict"]?.string, "\(name): \(verdict.headline)")
            #expect(verdict.headline == each["headline"]?.string, "\(name)")
            #expect(verdict.certificateClass?.rawValue == each["class"]?.string, "\(name)")
            #expect(verdict.failed.map(\.rawValue) == (each["failed"]?.elements ?? []).compactMap(\.string), "\(name)")
            #expect(
                verdict.notChecked.map(\.rawValue) == (each["notChecked"]?.elements ?? []).compactMap(\.string),
                "\(name)")
        }
    }

    @Test("drafts, approvals and tokens are what they are of", arguments: VectorTests.all)
    func parts(set: VectorSet) throws {
        let cases = try set.cases.filter { $0["verdict"] == "genuine" && $0["draft"] != nil }
        #expect(cases.count >= 2)
        for each in cases {
            let json = try set.bytes(try #require(each["json"]?.string))
            let draft = try Draft(of: json)
            #expect(try set.bytes(try #require(each["draft"]?.string)) == draft.bytes)
            #expect(each["draftHash"]?.string == draft.hash)
            for approval in each["approvals"]?.elements ?? [] {
                let text = String(decoding: try set.bytes(try #require(approval.string)), as: UTF8.self)
                #expect(try SSHSignature(armoured: text).approves(draft))
            }
            let token = try TimestampToken(set.bytes(try #require(each["token"]?.string)))
            let signature = try DetachedSignature(set.bytes(try #require(each["p7s"]?.string)))
            #expect(token.imprint == SHA256.hash(signature.signature))
        }
    }

    @Test("one statement spelled in another way gives the canonical bytes", arguments: VectorTests.all)
    func canonical(set: VectorSet) throws {
        let spelled = try JSON(parsing: set.bytes("examination/spelled.json"))

        #expect(try spelled.canonical() == set.bytes("examination/certificate.json"))
    }

    @Test("the enrolments are signed under the issuing key", arguments: VectorTests.all)
    func enrolments(set: VectorSet) throws {
        let ring = try EnrolmentRing(parsing: set.bytes("pki/enrolments"), issuing: set.bytes("pki/issuing.pem"))
        let statement = try StatementLinter.Linted(set.bytes("examination/certificate.json"))

        let rule = try ApprovalRule(statement.bytes, .examination)
        try rule.check(against: ring, owner: "SWATGEMS", at: statement.facts.issuedAt)
    }
}

struct VectorSet: Sendable, CustomTestStringConvertible {
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    var cases: [JSON] {
        get throws { try JSON(parsing: bytes("index.json"))["cases"]?.elements ?? [] }
    }
}

/// Makes a set: files, and an index with the verdicts they get today, which whoever adds a set has to look at.
private struct VectorWriter {
    private let set: VectorSet
    private let lab: Laboratory
    private var ceremony: Ceremony { lab.council.ceremony }
    private var cases: [JSON] = []

    private init(_ set: VectorSet) throws {
        self.set = set
        lab = try Laboratory(Council())
    }

    static func write(_ set: VectorSet) throws {
        try FileManager.default.createDirectory(at: set.folder, withIntermediateDirectories: false)
        var writer = try VectorWriter(set)
        try writer.write()
    }

    private func save(_ name: String, _ bytes: [UInt8]) throws {
        let url = set.folder.appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    private static let lists = ["pki/root.crl", "pki/issuing.crl"]
    private static let today = "2026-11-22T12:00:00.000Z"

    private mutating func write() throws {
        for file in ceremony.publicFiles { try save("pki/" + file.name, file.bytes) }
        try save("pki/enrolments", lab.ring.bytes)
        try good()
        try badFiles()
        try badTimes()
        // A case a line, for whoever reads the differences.
        let lines = cases.map(\.text).joined(separator: ",\n")
        try save("index.json", Array("{\"cases\":[\n\(lines)\n]}\n".utf8))
    }

    /// Adds a case with the verdict that it gets today, which the writer has to look at.
    private mutating func add(
        _ name: String, _ why: String, json: String? = nil, p7s: String? = nil, proof: String? = nil,
        lists: [String] = VectorWriter.lists, now: String = VectorWriter.today, status: CertificateStatus? = .valid,
        authorities: [String] = [],
        more: [JSON.Member] = []
    ) throws {
        let verifier = try Verifier(
            root: set.bytes("pki/root.pem"), revocationLists: lists.map(set.bytes),
            logKeys: [ceremony.logKey], timestampAuthorities: authorities.map(set.bytes))
        let verdict = verifier.verify(
            .init(
                json: try json.map(set.bytes), signature: try p7s.map(set.bytes),
                proof: try proof.map(set.bytes)),
            now: CivilTime(text: now)!.date, status: status)
        func strings(_ list: [String]) -> JSON { .array(list.map { .string($0) }) }
        cases.append(
            .object(
                (JSON.object([
                    "name": .string(name), "why": .string(why), "json": json.map { .string($0) },
                    "p7s": p7s.map { .string($0) }, "proof": proof.map { .string($0) }, "lists": strings(lists),
                    "timestampAuthorities": authorities.isEmpty ? nil : strings(authorities), "now": .string(now),
                    "status": status.map { .string("\($0)") }, "verdict": .string(verdict.outcome.rawValue),
                    "class": verdict.certificateClass.map { .string($0.rawValue) },
                    "headline": .string(verdict.headline),
                    "failed": strings(verdict.failed.map(\.rawValue)),
                    "notChecked": strings(verdict.notChecked.map(\.rawValue)),
                ]).members ?? []) + more))
    }

    private mutating func good() throws {
        let council = lab.council
        let external = Laboratory.statement(.external(Laboratory.external))
        let externalJSON = try external.bytes
        for (name, json, signature, number) in [
            ("declaration", council.json, council.signature, council.number),
            ("external", externalJSON, try ceremony.issuer().sign(externalJSON), external.number),
        ] {
            try save("\(name)/certificate.json", json)
            try save("\(name)/certificate.json.p7s", signature)
            try save(
                "\(name)/certificate.tlog-proof",
                Council.log(json, at: Council.issued, number: number, key: ceremony.key("log")).bytes)
            try add(
                name, "as issued", json: "\(name)/certificate.json", p7s: "\(name)/certificate.json.p7s",
                proof: "\(name)/certificate.tlog-proof")
        }
        for body in [Statement.Body.examination(Laboratory.examination), .check(Laboratory.check)] {
            let name = body.certificateClass.rawValue
            let report = try Report(lab, body: body)
            let draft = try Draft(of: report.json)
            try save("\(name)/certificate.json", report.json)
            try save("\(name)/certificate.json.p7s", report.signature)
            try save("\(name)/certificate.tlog-proof", report.proof)
            try save("\(name)/draft.json", draft.bytes)
            try save("\(name)/token.tst", DetachedSignature(report.signature).timestamp!)
            var approvals: [String] = []
            for approval in report.statement.approvals {
                approvals.append("\(name)/\(approval.member).\(approval.role.rawValue).sig")
                try save(approvals.last!, Array(approval.signature.armoured.utf8))
            }
            try add(
                name, "as issued", json: "\(name)/certificate.json", p7s: "\(name)/certificate.json.p7s",
                proof: "\(name)/certificate.tlog-proof",
                more: [
                    .init("draft", .string("\(name)/draft.json")), .init("draftHash", .string(draft.hash)),
                    .init("approvals", .array(approvals.map { .string($0) })),
                    .init("token", .string("\(name)/token.tst")),
                ])
        }
        // Members the other way round and spaces between: another text of the same JSON.
        let members = try JSON(parsing: set.bytes("examination/certificate.json")).members ?? []
        try save(
            "examination/spelled.json", Array(JSON.object(members.reversed()).text.replacing(":{", with: ": {").utf8))
    }

    private let examination = (
        json: "examination/certificate.json", p7s: "examination/certificate.json.p7s",
        proof: "examination/certificate.tlog-proof"
    )
    private let declaration = (
        json: "declaration/certificate.json", p7s: "declaration/certificate.json.p7s",
        proof: "declaration/certificate.tlog-proof"
    )

    private mutating func badFiles() throws {
        let json = try set.bytes(declaration.json)
        let signature = try set.bytes(declaration.p7s)
        let report = try set.bytes(examination.p7s)
        func changed(_ bytes: [UInt8], _ change: (inout DERNode) throws -> Void) rethrows -> [UInt8] {
            var node = DERNode(bytes)
            try change(&node)
            return node.bytes
        }

        try save("bad/line-feed.json", json + [0x0A])
        try add("line-feed", "a line feed at the end", json: "bad/line-feed.json", p7s: declaration.p7s)
        try save(
            "bad/one-letter.json", Array(String(decoding: json, as: UTF8.self).replacing("1.58", with: "7.58").utf8))
        try add(
            "one-letter", "another weight", json: "bad/one-letter.json", p7s: declaration.p7s, proof: declaration.proof)

        let files: [(String, String, [UInt8])] = [
            ("trailing", "a byte after the signature", signature + [0]),
            ("indefinite", "BER's indefinite length", DERNode(signature).indefinite),
            (
                "two-signers", "two SignerInfos",
                changed(signature) { $0[1, 0, 4].children.append($0[1, 0, 4, 0]) }
            ),
            (
                "attached", "the content inside as well",
                changed(signature) {
                    var wrapper = DERNode(tag: 0xA0, value: [])
                    wrapper.children = [DERNode(tag: 0x04, value: json)]
                    $0[1, 0, 2].children.append(wrapper)
                }
            ),
            (
                "certificates-only", "certificates and no signature",
                changed(signature) {
                    $0[1, 0, 1].children = []
                    $0[1, 0, 4].children = []
                }
            ),
            (
                "mirrored", "s replaced by n − s, which anybody can do: still the same certificate",
                changed(signature) { $0[1, 0, 4, 0, 5].value = DERNode($0[1, 0, 4, 0, 5].value).mirroredS.bytes }
            ),
            (
                "token-on-declaration", "a time stamp where none belongs",
                try CMS.stamping(
                    signature,
                    with: ceremony.timestampAuthority().token(
                        over: SHA256.hash(DetachedSignature(signature).signature), now: Council.issued))
            ),
            ("tsa-as-signer", "signed with the time-stamping key", try signed(json, by: "tsa")),
            ("qr-as-signer", "signed with the key of the QR codes", try signed(json, by: "cose")),
        ]
        for (name, why, bytes) in files {
            try save("bad/\(name).p7s", bytes)
            try add(name, why, json: declaration.json, p7s: "bad/\(name).p7s", proof: declaration.proof)
        }

        let forger = try Council()
        try save("bad/foreign-root.p7s", forger.ceremony.issuer().sign(json))
        try add(
            "foreign-root", "signed by another council of the same name", json: declaration.json,
            p7s: "bad/foreign-root.p7s", proof: declaration.proof)
        try add(
            "proof-of-another", "the log proof of another certificate", json: declaration.json, p7s: declaration.p7s,
            proof: examination.proof)

        // What a thief of the signing key could sign, past the linter and past the rule of different people.
        let text = String(decoding: json, as: UTF8.self)
        for (name, why, bytes) in [
            ("no-treatment", "a declaration that says NONE", text.replacing(#""code":"OIL""#, with: #""code":"NONE""#)),
            ("twice", "a member twice", text.replacing(#""kind":"stone""#, with: #""kind":"stone","kind":"pearl""#)),
            ("price", "a price", text.replacing(#""kind":"stone""#, with: #""kind":"stone","price":"12""#)),
        ] {
            try save("bad/\(name).json", Array(bytes.utf8))
            try save("bad/\(name).p7s", ceremony.signUnlinted(Array(bytes.utf8)))
            try add(name, why, json: "bad/\(name).json", p7s: "bad/\(name).p7s")
        }
        var statement = try lab.approved(Laboratory.statement(.examination(Laboratory.examination)))
        let draft = try statement.draft
        statement.approvals[1] = try lab.first.approver.approval(draft, as: "bilal", .examiner)
        try stolen("one-key-twice", "one person approved as two", statement.bytes)
        statement = try lab.approved(Laboratory.statement(.examination(Laboratory.examination)))
        statement.disclosure = "None."
        try stolen("approved-other-words", "the approvals are of other words", statement.bytes)

        let stripped = changed(report) { $0[1, 0, 4, 0].children.removeLast() }
        try save("bad/stripped.p7s", stripped)
        try add("stripped", "the time stamp taken away", json: examination.json, p7s: "bad/stripped.p7s")
        let others = DERNode(try set.bytes("check/token.tst"))
        try save("bad/token-of-another.p7s", changed(report) { $0[1, 0, 4, 0, 6, 0, 1].children = [others] })
        try add(
            "token-of-another", "the time stamp of another signature", json: examination.json,
            p7s: "bad/token-of-another.p7s", proof: examination.proof)
        let imprint = SHA256.hash(try DetachedSignature(report).signature)
        for (name, why, token) in [
            (
                "token-of-a-forger", "stamped by another council of the same name",
                try forger.ceremony.timestampAuthority().token(over: imprint, now: Council.issued)
            ),
            (
                "token-too-old", "stamped a day before it says it was issued",
                try ceremony.timestampAuthority().token(
                    over: imprint, now: Council.issued.addingTimeInterval(-86_400))
            ),
        ] {
            try save("bad/\(name).p7s", CMS.stamping(stripped, with: token))
            try add(name, why, json: examination.json, p7s: "bad/\(name).p7s", proof: examination.proof)
        }
    }

    private mutating func badTimes() throws {
        let serial = try ceremony.certificate("signer").serialNumber!
        for (name, time) in [("before", "2026-11-20T20:00:00.000Z"), ("after", "2026-11-21T20:00:00.000Z")] {
            let list = try RevocationList.make(
                issuer: ceremony.certificate("issuing"), key: ceremony.key("issuing"),
                revoked: [.init(serialNumber: serial, revokedAt: CivilTime(text: time)!.date, reason: 1)],
                thisUpdate: Council.today.addingTimeInterval(-60), nextUpdate: Council.today.addingTimeInterval(86_400))
            try save("bad/revoked-\(name).crl", list.der)
            let lists = ["pki/root.crl", "bad/revoked-\(name).crl"]
            try add(
                "revoked-\(name)", "the signer taken back \(name) the issue, with the log proof",
                json: declaration.json, p7s: declaration.p7s, proof: declaration.proof, lists: lists)
            try add(
                "revoked-\(name)-unlogged", "the same without the log proof", json: declaration.json,
                p7s: declaration.p7s, lists: lists)
            try add(
                "revoked-\(name)-stamped", "a report, whose time stamp tells", json: examination.json,
                p7s: examination.p7s, lists: lists)
        }
        for (name, now) in [
            ("sixty-days", "2027-01-20T12:00:00.000Z"), ("fourteen-months", "2028-01-21T12:00:00.000Z"),
            ("twelve-years", "2038-11-22T12:00:00.000Z"), ("thirty-one-years", "2057-11-22T12:00:00.000Z"),
        ] {
            try add(
                name, "later", json: examination.json, p7s: examination.p7s, proof: examination.proof, now: now,
                status: nil)
            try add(
                "\(name)-declaration", "later", json: declaration.json, p7s: declaration.p7s, proof: declaration.proof,
                now: now, status: nil)
        }
        try add(
            "thirty-one-years-unlogged", "later", json: examination.json, p7s: examination.p7s,
            now: "2057-11-22T12:00:00.000Z")
        try add(
            "clock-behind", "a clock a day slow", json: declaration.json, p7s: declaration.p7s,
            now: "2026-11-20T12:00:00.000Z")
        for status in CertificateStatus.allCases where status != .valid {
            try add(
                "\(status)", "as the status list says today", json: examination.json, p7s: examination.p7s,
                proof: examination.proof, status: status)
        }
        try add("no-signature", "the JSON alone", json: declaration.json)
        try add("no-lists", "no revocation list", json: declaration.json, p7s: declaration.p7s, lists: [])
    }

    private func signed(_ json: [UInt8], by name: String) throws -> [UInt8] {
        let chain = try CertificateStack()
        try chain.push(ceremony.certificate("issuing"))
        return try CMS.sign(
            json, at: Council.issued, key: ceremony.key(name), certificate: ceremony.certificate(name), chain: chain)
    }

    private mutating func stolen(_ name: String, _ why: String, _ json: [UInt8]) throws {
        let signature = try ceremony.signUnlinted(json)
        let token = try ceremony.timestampAuthority().token(
            over: SHA256.hash(DetachedSignature(signature).signature), now: Council.issued)
        try save("bad/\(name).json", json)
        try save("bad/\(name).p7s", CMS.stamping(signature, with: token))
        try add(name, why, json: "bad/\(name).json", p7s: "bad/\(name).p7s")
    }
}
