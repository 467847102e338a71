import Foundation
import GemCert
import GemCrypto
import GemModel

/// What reads a stranger's bytes. Besides not crashing, each holds what can be said of any input at all: what was
/// changed is not genuine, and what was read has one spelling.
enum Parsers {
    static let all: [String: @Sendable ([UInt8]) -> Void] = [
        "json": json, "cms": cms, "x509": x509, "timestamp": timestamp, "pdf": pdf, "cose": cose, "qr": qr,
        "sshsig": sshsig, "status": status, "keys": keys, "tlog": tlog,
    ]

    // MARK: what the vectors hold

    /// GEMD_VECTORS is the folder of one set, GEMD_SEEDS what `fuzz --seeds` wrote.
    private static func file(_ name: String, in folder: String = "GEMD_VECTORS") -> [UInt8] {
        let path = "\(ProcessInfo.processInfo.environment[folder] ?? ".")/\(name)"
        guard let data = FileManager.default.contents(atPath: path) else { preconditionFailure("there is no \(path)") }
        return Array(data)
    }

    private static let now = CivilTime(text: "2026-11-22T12:00:00.000Z")!.date
    private static let logKeys = NoteKey.keys(text: String(decoding: file("pki/log.vkey"), as: UTF8.self))!
    private static let verifier = try! Verifier(
        root: file("pki/root.pem"), revocationLists: [file("pki/root.crl"), file("pki/issuing.crl")], logKeys: logKeys)
    private static let keySet = try! KeySet(file("pki/keys.json"))
    static let declaration = file("declaration/certificate.json")
    private static let declarationSignature = file("declaration/certificate.json.p7s")
    static let proof = file("declaration/certificate.tlog-proof")
    static let examination = file("examination/certificate.json")
    private static let examinationSignature = file("examination/certificate.json.p7s")
    private static let token = file("examination/token.tst")

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: the parsers

    private static func json(_ bytes: [UInt8]) {
        if let json = try? JSON(parsing: bytes) {
            let again = json.bytes
            precondition((try? JSON(parsing: again)) == json, "what is written reads back as the same")
        }
        let verdict = verifier.verify(.init(json: bytes, signature: declarationSignature), now: now, status: .valid)
        precondition(verdict.outcome != .genuine || bytes == declaration, "a changed certificate is genuine")
        guard let linted = try? StatementLinter.Linted(bytes) else { return }
        precondition((try? JSON(parsing: bytes).canonical()) == bytes, "a text that is not canonical passed")
        _ = try? Draft(of: linted.bytes)
        _ = try? SlimStatement(of: JSON(parsing: bytes), bytes: [UInt8](repeating: 0, count: 32))
    }

    /// The signature of the report and, where it happens to be one, of the declaration; X.509 comes along inside.
    private static func cms(_ bytes: [UInt8]) {
        for (json, good) in [(declaration, declarationSignature), (examination, examinationSignature)] {
            let verdict = verifier.verify(.init(json: json, signature: bytes), now: now, status: .valid)
            guard verdict.outcome == .genuine, bytes != good else { continue }
            // Only s may have been mirrored, which changes nothing before it. Both are one length, or a byte apart.
            precondition(bytes.count.magnitudeOfDifference(good.count) <= 3, "a changed signature file is genuine")
        }
    }

    private static func x509(_ bytes: [UInt8]) {
        if let certificate = try? X509Certificate(der: bytes) {
            _ = certificate.notBefore
            _ = certificate.notAfter
            _ = certificate.privateKeyUsagePeriod
            _ = try? certificate.fingerprint
            _ = try? certificate.publicKey.subjectPublicKeyInfo
        }
        _ = try? X509Certificate(pem: bytes)
        _ = try? Verifier(root: bytes, revocationLists: [bytes], logKeys: [], timestampAuthorities: [bytes])
        guard let strict = try? Verifier(root: file("pki/root.pem"), revocationLists: [bytes], logKeys: logKeys) else {
            return
        }
        _ = strict.verify(.init(json: declaration, signature: declarationSignature), now: now)
    }

    /// As an attribute of the report's signature, and as an authority's answer.
    private static func timestamp(_ bytes: [UInt8]) {
        let request = TimestampRequest(
            imprint: [UInt8](repeating: 1, count: 32), random: { .init(repeating: 1, count: $0) })
        _ = try? request.token(in: bytes)
        guard bytes.count < 60_000 else { return }
        // The token stands last, so that the lengths around it are all that has to fit.
        var signature = examinationSignature
        guard let at = signature.lastPlace(of: token) else { preconditionFailure("the report holds another token") }
        let difference = bytes.count - token.count
        signature.replaceSubrange(at..<at + token.count, with: bytes)
        for place in outerLengths(of: examinationSignature, at: at) {
            let length = Int(examinationSignature[place]) << 8 + Int(examinationSignature[place + 1]) + difference
            guard 256..<65_536 ~= length else { return }
            signature[place] = UInt8(length >> 8)
            signature[place + 1] = UInt8(length & 0xFF)
        }
        let verdict = verifier.verify(.init(json: examination, signature: signature), now: now, status: .valid)
        precondition(verdict.outcome != .genuine || bytes.count == token.count, "a changed time stamp is genuine")
    }

    /// Where the two-byte lengths of the elements around a place stand.
    private static func outerLengths(of der: [UInt8], at place: Int) -> [Int] {
        var found: [Int] = []
        var position = 0
        while position < place {
            guard der[position + 1] == 0x82 else {
                let short = Int(der[position + 1])
                position += 2 + (short < 0x80 ? short : short == 0x81 ? 1 + Int(der[position + 2]) : 0)
                continue
            }
            let end = position + 4 + Int(der[position + 2]) << 8 + Int(der[position + 3])
            if end > place {
                found.append(position + 2)
                position += 4
            } else {
                position = end
            }
        }
        return found
    }

    private static func pdf(_ bytes: [UInt8]) {
        let verdict = papers.verifier.verify(.init(pdf: bytes), now: now, status: .valid)
        if verdict.outcome == .genuine {
            // Evidence may stand behind it; s may have been mirrored, which has its place in the hole.
            let hole = papers.hole
            precondition(
                bytes.starts(with: papers.seed[..<hole.lowerBound])
                    && bytes.dropFirst(hole.upperBound).starts(with: papers.seed[hole.upperBound...]),
                "a changed paper is genuine")
        }
        _ = Verifier.statement(inPaper: bytes)
    }

    /// The council of the seeds, so that what hangs on a paper's signature is reached as well.
    private static let papers: (verifier: Verifier, seed: [UInt8], hole: Range<Int>) = {
        let root = file("pki/root.pem", in: "GEMD_SEEDS")
        let seed = file("pdf/paper.pdf", in: "GEMD_SEEDS")
        let mark = Array("/Contents <".utf8)
        let start = seed.indices.first { seed[$0...].starts(with: mark) }! + mark.count
        return (
            try! Verifier(root: root, revocationLists: [], logKeys: logKeys), seed,
            start..<seed[start...].firstIndex(of: UInt8(ascii: ">"))!
        )
    }()

    private static func cose(_ bytes: [UInt8]) {
        guard let read = try? COSESign1(bytes) else { return }
        precondition(read.bytes == bytes)
        let code = QRText(publicURL: "https://gems.example", read)
        guard let again = try? QRText(parsing: code.text) else { return precondition(code.text.utf8.count > 4096) }
        precondition(again.cose == read, "a code reads back as another")
        let verdict = verifier.verify(code: code.text, keys: keySet, now: now)
        precondition(verdict.outcome != .genuine, "a code that nobody signed is genuine")
    }

    private static func qr(_ bytes: [UInt8]) {
        // The vectors' council did not sign the seed.
        let verdict = verifier.verify(code: text(bytes), keys: keySet, now: now, statement: declaration)
        precondition(verdict.outcome != .genuine, "a code that nobody signed is genuine")
    }

    private static func sshsig(_ bytes: [UInt8]) {
        let line = text(bytes)
        if let key = try? ApprovalKey(line: line) {
            precondition((try? ApprovalKey(line: key.description)) == key)
            _ = key.fingerprint
        }
        _ = try? EnrolmentRing(parsing: bytes, issuing: file("pki/issuing.pem"))
        guard let signature = try? SSHSignature(armoured: line) else { return }
        precondition((try? SSHSignature(armoured: signature.armoured)) == signature, "an approval has two spellings")
        _ = signature.verifies(bytes)
    }

    /// As a whole list, as the claims of one, and as its packed places.
    private static func status(_ bytes: [UInt8]) {
        func read(_ token: [UInt8]) {
            guard let list = try? StatusList(token) else { return }
            for place in [0, 4172, StatusList.places] { _ = try? list.status(at: place) }
            let found = verifier.status(in: token, of: declaration, keys: keySet, now: now)
            precondition(found.status == nil, "a status list that nobody signed is believed")
        }
        read(bytes)
        let header = Data(#"{"alg":"ES256","kid":"AAAAAAAAAAA","typ":"statuslist+jwt"}"#.utf8)
        func token(_ claims: [UInt8]) -> [UInt8] {
            Array("\(url(header)).\(url(Data(claims))).\(url(Data(repeating: 1, count: 64)))".utf8)
        }
        read(token(bytes))
        read(
            token(
                Array(
                    #"{"exp":2,"iat":1,"iss":"X","status_list":{"bits":4,"lst":"\#(url(Data(bytes)))"},"sub":"x"}"#.utf8
                )))
    }

    private static func url(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func keys(_ bytes: [UInt8]) {
        guard let set = try? KeySet(bytes) else { return }
        _ = verifier.status(in: statusList, of: declaration, keys: set, now: now)
    }

    /// Names the key of the vectors' keys.json; nobody signed it.
    private static let statusList: [UInt8] = {
        let keys = try! JSON(parsing: file("pki/keys.json"))
        let kid = keys["keys"]!.elements![0]["kid"]!.string!
        let header = #"{"alg":"ES256","kid":"\#(kid)","typ":"statuslist+jwt"}"#
        let claims = #"{"exp":2,"iat":1,"iss":"X","status_list":{"bits":4,"lst":"AAAA"},"sub":"x"}"#
        return Array("\(url(Data(header.utf8))).\(url(Data(claims.utf8))).\(url(Data(repeating: 1, count: 64)))".utf8)
    }()

    private static func tlog(_ bytes: [UInt8]) {
        let verdict = verifier.verify(
            .init(json: declaration, signature: declarationSignature, proof: bytes), now: now, status: .valid)
        if verdict.outcome == .genuine, let proof = try? TlogProof(parsing: bytes),
            let good = try? TlogProof(parsing: self.proof)
        {
            precondition(proof.index == good.index && proof.hashes == good.hashes, "a changed proof leads to the root")
        }
        _ = try? Checkpoint(note: bytes, verifiedByOneOf: logKeys)
        _ = NoteKey.keys(text: text(bytes))
    }
}

extension Int {
    fileprivate func magnitudeOfDifference(_ other: Int) -> UInt { (self - other).magnitude }
}

extension [UInt8] {
    fileprivate func lastPlace(of part: [UInt8]) -> Int? {
        guard count >= part.count else { return nil }
        return (0...(count - part.count)).last { self[$0...].starts(with: part) }
    }
}
