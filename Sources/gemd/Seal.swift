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
        let authority: TimestampAuthority
        let logKey: PrivateKey
        /// Of QR codes and status lists.
        let codeKey: PrivateKey
        private let codeKeyID: [UInt8]

        init(
            issuer: Issuer, authority: TimestampAuthority, logKey: consuming PrivateKey, codeKey: consuming PrivateKey
        ) throws {
            self.issuer = issuer
            self.authority = authority
            self.logKey = logKey
            codeKeyID = try COSESign1.keyID(of: codeKey)
            self.codeKey = codeKey
        }

        /// The text of a certificate's QR code. Made once and kept: signing again would give another.
        func code(for statement: StatementLinter.Linted) throws -> String {
            let json = statement.json
            // The page's address is in the signed bytes, so that a crash in between changes nothing of it.
            guard let page = json["verify"]?.string, let end = page.range(of: "/c/", options: .backwards) else {
                throw InventoryError.store("a statement names no page")
            }
            let slim = try SlimStatement(of: json, bytes: SHA256.hash(statement.bytes))
            return QRText(
                publicURL: String(page[..<end.lowerBound]),
                try COSESign1(signing: slim, with: codeKey, keyID: codeKeyID)
            ).text
        }

        /// What people must approve is signed only with their approvals, and stamped; `owner` is the code of the party
        /// whose piece it is.
        func sign(
            _ statement: StatementLinter.Linted, approvedBy ring: EnrolmentRing, owner: String
        ) throws -> [UInt8] {
            guard statement.facts.certificateClass.needsApprovals else { return try issuer.sign(statement) }
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
    static func read(_ state: StateDirectory, origin: String) throws -> Seal {
        let files = try publicFiles(state)
        let logKeys = try logKeys(state)
        guard let logKey = logKeys.first(where: { $0.name == origin }), let name = LogName(origin: origin) else {
            throw StartError("\(state.pki)/log.vkey holds no key of the log \(origin); restore it from a backup")
        }
        do {
            return Seal(
                published: try Published(files, logKeys: logKeys), logKeys: logKeys,
                signing: try signing(state, files, name, logKey))
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
        return files
    }

    /// Signs the issuing authority's list anew when that is due, and hands out and uses the new one.
    func renew(_ state: StateDirectory, now: Date) throws -> Bool {
        guard try Self.renewRevocationList(state, now: now) else { return false }
        try published.exchange(Self.publicFiles(state))
        return true
    }

    /// When the root's own revocation list ends; nil when it cannot be read.
    var rootListEnds: Date? { publicFiles["root.crl"].flatMap { Ceremony.end(ofList: $0) } }

    /// The keys in `pki/log.vkey`.
    static func logKeys(_ state: StateDirectory) throws -> [NoteKey] {
        guard let data = FileManager.default.contents(atPath: "\(state.pki)/log.vkey"),
            let keys = NoteKey.keys(text: String(decoding: data, as: UTF8.self))
        else { throw StartError("\(state.pki)/log.vkey holds no verifier key; restore it from a backup") }
        return keys
    }

    private static func signing(
        _ state: StateDirectory, _ files: [String: [UInt8]], _ log: LogName, _ noteKey: NoteKey
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
                logKey: logKey, codeKey: try PrivateKey(pem: key("cose.key"), passphrase: passphrase))
        } catch let error as StartError { throw error } catch {
            throw StartError(
                passphrase == nil
                    ? "\(state.keys): the keys do not open; if they are encrypted, give key-passphrase as a credential"
                    : "\(state.keys): key-passphrase does not open the keys; give the one they were made with")
        }
    }

    /// Signs the issuing authority's revocation list anew when it is a week old; it is good for 30 days
    /// (certificates.md §2). Looked at when gemd starts, and each hour while it runs.
    /// - Returns: whether there is a new one.
    @discardableResult
    static func renewRevocationList(_ state: StateDirectory, now: Date) throws -> Bool {
        let files = FileManager.default
        let path = "\(state.pki)/issuing.crl"
        guard let key = files.contents(atPath: "\(state.keys)/issuing.key"),
            let written = try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date,
            now.timeIntervalSince(written) > 7 * 86_400,
            let root = files.contents(atPath: "\(state.pki)/root.pem"),
            let issuing = files.contents(atPath: "\(state.pki)/issuing.pem"),
            let rootList = files.contents(atPath: "\(state.pki)/root.crl")
        else { return false }
        do {
            let list = try Ceremony.renewedIssuingCRL(
                issuing: Array(issuing), issuingKey: PrivateKey(pem: Array(key), passphrase: passphrase()), revoked: [],
                now: now)
            try StateDirectory.write(list, to: path, mode: 0o644)
            try StateDirectory.write(
                Ceremony.rootAndCRLs(root: Array(root), rootCRL: Array(rootList), issuingCRL: list),
                to: "\(state.pki)/root-and-crls.pem", mode: 0o644)
            return true
        } catch let error as OpenSSLError { throw StartError("renew \(path): \(error)") }
    }

    static func passphrase() throws -> String? { try Credential.read("key-passphrase") }
}
