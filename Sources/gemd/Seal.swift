import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Synchronization

/// What the daemon signs with and what it verifies by, read once at start.
struct Seal: Sendable {
    private let published: Published
    /// Public files of `DIR/pki`, by name.
    var publicFiles: [String: [UInt8]] { published.files }
    var verifier: Verifier { published.verifier }
    /// Of each log there was; certificates and proofs of all of them hold.
    let logKeys: [NoteKey]
    /// Nil where `DIR/keys` is not there, as after a restore; then nothing can be issued.
    let signing: Signing?

    /// The keys that issue. Immutable; both OpenSSL handles may be used from any thread.
    final class Signing: Sendable {
        let issuer: Issuer
        /// The council's own.
        let authority: TimestampAuthority
        /// Stamps reports and checks instead of it, where one is configured.
        let outside: OutsideAuthority?
        let logKey: PrivateKey
        /// Of QR codes and status lists.
        let codeKey: PrivateKey
        private let codeKeyID: [UInt8]
        /// When it may sign.
        let codePeriod: ClosedRange<Date>

        init(
            issuer: Issuer, authority: TimestampAuthority, outside: OutsideAuthority?, logKey: consuming PrivateKey,
            codeKey: consuming PrivateKey, codePeriod: ClosedRange<Date>
        ) throws {
            self.outside = outside
            self.issuer = issuer
            self.authority = authority
            self.logKey = logKey
            codeKeyID = try COSESign1.keyID(of: codeKey)
            self.codeKey = codeKey
            self.codePeriod = codePeriod
        }

        /// When all three may sign.
        var keysEnd: Date { [issuer.keyPeriod, authority.keyPeriod, codePeriod].map(\.upperBound).min()! }

        /// The text of a certificate's QR code. Made once and kept: signing again would give another.
        func code(for statement: StatementLinter.Linted) throws -> String {
            let json = statement.json
            // The page's address is in the signed bytes, so that a crash in between changes nothing of it.
            guard let page = json["verify"]?.string, case let end = "/c/\(statement.facts.number)", page.hasSuffix(end)
            else { throw InventoryError.store("a statement names no page") }
            let slim = try SlimStatement(of: json, bytes: statement.sha256)
            return QRText(
                publicURL: String(page.dropLast(end.utf8.count)),
                try COSESign1(signing: slim, with: codeKey, keyID: codeKeyID)
            ).text
        }

        /// What people must approve is signed only with their approvals, and stamped; `owner` is the code of the party
        /// whose piece it is.
        func sign(
            _ statement: StatementLinter.Linted, approvedBy ring: EnrolmentRing, owner: String
        ) async throws -> [UInt8] {
            guard statement.facts.certificateClass.needsApprovals else { return try issuer.sign(statement) }
            if let outside {
                let unstamped = try issuer.sign(statement, approvedBy: ring, owner: owner)
                let token = try await outside.token(over: unstamped.value, now: Date())
                return try unstamped.stamped(with: token, pinned: outside.certificate, now: Date())
            }
            return try issuer.sign(
                statement, approvedBy: ring, owner: owner, stampedBy: authority, now: Date())
        }
    }

    private static let publicNames = [
        "root.pem", "issuing.pem", "signer.pem", "cose.pem", "tsa.pem", "root-and-crls.pem", "log.vkey", "keys.json",
        "root.crl",
        "issuing.crl",
    ]

    /// `origin` names the present log, whose key signs.
    static func read(_ state: StateDirectory, origin: String, outside: OutsideAuthority? = nil) throws -> Seal {
        try keep(outside, state)
        let files = try publicFiles(state)
        let logKeys = try logKeys(state)
        guard let logKey = logKeys.first(where: { $0.name == origin }), let name = LogName(origin: origin) else {
            throw StartError("\(state.pki)/log.vkey holds no key of the log \(origin); restore it from a backup")
        }
        do {
            return Seal(
                published: try Published(files, logKeys: logKeys), logKeys: logKeys,
                signing: try signing(state, files, name, logKey, outside))
        } catch let error as StartError { throw error } catch { throw StartError("\(state.pki): \(error)") }
    }

    private static func publicFiles(_ state: StateDirectory) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in publicNames {
            guard let data = FileManager.default.contents(atPath: "\(state.pki)/\(name)") else {
                throw StartError("\(state.pki)/\(name) is missing; restore it from a backup")
            }
            files[name] = Array(data)
        }
        files[outsideAuthorities] = FileManager.default.contents(atPath: "\(state.pki)/\(outsideAuthorities)").map {
            Array($0)
        }
        // The lists of former days: a paper of then is judged by them.
        for name in try FileManager.default.contentsOfDirectory(atPath: state.pki) where isFormerList(name) {
            files[name] = FileManager.default.contents(atPath: "\(state.pki)/\(name)").map { Array($0) }
        }
        return files
    }

    /// The certificates of outside time-stamping authorities that were ever used: what they stamped is judged by them.
    static let outsideAuthorities = "tsa-outside.pem"

    private static func keep(_ outside: OutsideAuthority?, _ state: StateDirectory) throws {
        guard let outside else { return }
        let path = "\(state.pki)/\(outsideAuthorities)"
        let kept = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let mine = outside.pem
        guard !kept.contains(mine) else { return }
        try StateDirectory.write(Array((kept + mine).utf8), to: path, mode: 0o644)
    }

    /// `issuing-20261127T034700Z.crl`.
    private static func isFormerList(_ name: String) -> Bool {
        name.wholeMatch(of: /(root|issuing)-[0-9]{8}T[0-9]{6}Z\.crl/) != nil
    }

    /// Keeps a list under the day and second it was made, so that those of any day of issue can be had later.
    private static func keepList(_ list: [UInt8], of name: String, _ state: StateDirectory) throws {
        guard let path = Ceremony.start(ofList: list).map({ "\(state.pki)/\(name)-\(stamp($0)).crl" }),
            !FileManager.default.fileExists(atPath: path)
        else { return }
        try StateDirectory.write(list, to: path, mode: 0o644)
    }

    private static func stamp(_ date: Date) -> String {
        CivilTime(date).text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// The revocation lists in force at a moment, root's and issuing authority's, as far as they were kept.
    func lists(at moment: Date) -> [[UInt8]] {
        let latest = Self.stamp(moment)
        let files = publicFiles
        return ["root", "issuing"].compactMap { name in
            let former = files.keys.filter { $0.hasPrefix("\(name)-") && $0.hasSuffix(".crl") }
                .filter { $0.dropFirst(name.count + 1).dropLast(4) <= latest }
            return former.max().flatMap { files[$0] } ?? files["\(name).crl"]
        }
    }

    /// Those of a certificate's day of issue, by which it is judged for ever, and today's where these are others.
    func lists(onDayOf statement: JSON) -> [[UInt8]] {
        let issued = statement["issuedAt"]?.string.flatMap { CivilTime(text: $0)?.date }
        let today = ["root.crl", "issuing.crl"].compactMap { publicFiles[$0] }
        return today.reduce(into: issued.map(lists(at:)) ?? []) { all, list in
            if !all.contains(list) { all.append(list) }
        }
    }

    /// Signs the issuing authority's list anew when that is due, and hands out and uses the new one.
    func renew(_ state: StateDirectory, now: Date) throws -> Bool {
        guard try Self.renewRevocationList(state, now: now) else { return false }
        try published.exchange(Self.publicFiles(state))
        return true
    }

    /// What somebody must soon do, in words: for the log, readiness and `gemd check`.
    func warnings(at now: Date) -> [String] {
        var warnings: [String] = []
        func ends(_ end: Date, _ soon: String, _ over: String) {
            guard end.timeIntervalSince(now) < Self.noticeSeconds else { return }
            let day = CivilTime(end).dayText
            warnings.append(end <= now ? "\(over) \(day)" : "\(soon) \(day)")
        }
        if let end = publicFiles["root.crl"].flatMap(Ceremony.end(ofList:)) {
            ends(
                end, "the root's revocation list is to be renewed at a ceremony, with the root key, before",
                "the root's revocation list is to be renewed at a ceremony, with the root key; it ended on")
        }
        if let end = publicFiles["issuing.crl"].flatMap(Ceremony.end(ofList:)), end <= now {
            ends(
                end, "",
                "the issuing authority's revocation list is signed anew when gemd runs with its keys; it ended on")
        }
        if let signing {
            ends(
                signing.keysEnd, "stop gemd and run `gemd keys renew`: the keys that sign may be used until",
                "nothing can be issued: stop gemd and run `gemd keys renew`; the keys that sign were good until")
        }
        return warnings
    }

    /// 60 days: time for a ceremony to be called.
    static let noticeSeconds: Double = 60 * 86_400

    /// The keys in `pki/log.vkey`.
    static func logKeys(_ state: StateDirectory) throws -> [NoteKey] {
        guard let data = FileManager.default.contents(atPath: "\(state.pki)/log.vkey"),
            let keys = NoteKey.keys(text: String(decoding: data, as: UTF8.self))
        else { throw StartError("\(state.pki)/log.vkey holds no verifier key; restore it from a backup") }
        return keys
    }

    private static func signing(
        _ state: StateDirectory, _ files: [String: [UInt8]], _ log: LogName, _ noteKey: NoteKey,
        _ outside: OutsideAuthority?
    ) throws -> Signing? {
        guard FileManager.default.fileExists(atPath: state.keys) else { return nil }
        func key(_ name: String) throws -> [UInt8] {
            guard let data = FileManager.default.contents(atPath: "\(state.keys)/\(name)") else {
                throw StartError(
                    "\(state.keys)/\(name) is missing; put the key back, or move \(state.keys) away to serve without issuing"
                )
            }
            return Array(data)
        }
        let passphrase = try Self.passphrase()
        do {
            let logKey = try PrivateKey(pem: key(log.keyFile), passphrase: passphrase)
            guard try NoteKey(name: log.origin, publicKey: logKey.publicKey).id == noteKey.id else {
                throw StartError(
                    "\(state.keys)/\(log.keyFile) is not the key of \(log.origin) in \(state.pki)/log.vkey")
            }
            return try Signing(
                issuer: Issuer(
                    key: key("signer.key"), passphrase: passphrase, certificate: files["signer.pem"]!,
                    issuing: files["issuing.pem"]!),
                authority: try TimestampAuthority(
                    key: key("tsa.key"), passphrase: passphrase, certificate: files["tsa.pem"]!,
                    issuing: files["issuing.pem"]!),
                outside: outside, logKey: logKey, codeKey: try PrivateKey(pem: key("cose.key"), passphrase: passphrase),
                codePeriod: try KeyRenewal.keyPeriod(of: files["cose.pem"]!))
        } catch let error as StartError { throw error } catch Issuer.Refusal.keyDoesNotFitCertificate {
            throw unfit(state, "signer")
        } catch TimestampAuthority.Refusal.keyDoesNotFitCertificate {
            throw unfit(state, "tsa")
        } catch {
            throw StartError(
                passphrase == nil
                    ? "\(state.keys): the keys do not open; if they are encrypted, give key-passphrase as a credential"
                    : "\(state.keys): key-passphrase does not open the keys; give the one they were made with")
        }
    }

    private static func unfit(_ state: StateDirectory, _ name: String) -> StartError {
        StartError(
            "\(state.keys)/\(name).key is not the key of \(state.pki)/\(name).pem; put the newest of both back, or make "
                + "new ones with `gemd keys renew`")
    }

    /// Signs the issuing authority's revocation list anew when it is a week old; it is good for 30 days
    /// (certificates.md §2). Looked at when gemd starts, and each hour while it runs.
    /// - Returns: whether there is a new one.
    @discardableResult
    static func renewRevocationList(_ state: StateDirectory, now: Date) throws -> Bool {
        let files = FileManager.default
        let path = "\(state.pki)/issuing.crl"
        for name in ["root", "issuing"] {
            if let list = files.contents(atPath: "\(state.pki)/\(name).crl") {
                try keepList(Array(list), of: name, state)
            }
        }
        guard let key = files.contents(atPath: "\(state.keys)/issuing.key"),
            let present = files.contents(atPath: path),
            let written = try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date,
            // A restored file is young, whatever stands in it.
            now.timeIntervalSince(min(written, Ceremony.start(ofList: Array(present)) ?? written)) > 7 * 86_400,
            let root = files.contents(atPath: "\(state.pki)/root.pem"),
            let issuing = files.contents(atPath: "\(state.pki)/issuing.pem"),
            let rootList = files.contents(atPath: "\(state.pki)/root.crl")
        else { return false }
        do {
            let list = try Ceremony.renewedIssuingCRL(
                issuing: Array(issuing), issuingKey: PrivateKey(pem: Array(key), passphrase: passphrase()),
                revoked: RevocationList(Array(present)).entries,
                // Never of the same second as the last: the newer of two is believed.
                now: max(now, (Ceremony.start(ofList: Array(present)) ?? .distantPast).addingTimeInterval(1)))
            try keepList(list, of: "issuing", state)
            try StateDirectory.write(list, to: path, mode: 0o644)
            try StateDirectory.write(
                Ceremony.rootAndCRLs(root: Array(root), rootCRL: Array(rootList), issuingCRL: list),
                to: "\(state.pki)/root-and-crls.pem", mode: 0o644)
            return true
        } catch let error as OpenSSLError { throw StartError("renew \(path): \(error)") }
    }

    static func passphrase() throws -> String? { try Credential.read("key-passphrase") }
}
