import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import GemPrint
import NIOPosix
import Synchronization

/// Makes each paper once, when it is first asked for, on a thread of its own; afterwards it is a file.
final class Printing: Sendable {
    private struct Wanted: Hashable {
        var number: String
        var form: Paper.Form
        var language: Disclosure.Language
    }

    private let worker = NIOThreadPool(numberOfThreads: 1)
    /// More than these would wait longer than a client does.
    private let flight = SingleFlight<Wanted, String>(most: 32, patience: .seconds(10))

    init() { worker.start() }

    deinit { worker.shutdownGracefully { _ in } }

    /// The press of the one worker: only its thread touches it.
    private struct Warm: @unchecked Sendable {
        let press = Press()
    }
    private let warm = Mutex<Warm?>(nil)

    /// The blob of a paper, made now if nobody asked for it before.
    func paper(
        of certificate: CertificateRecord, form: Paper.Form, language: Disclosure.Language, daemon: Daemon
    ) async throws -> String {
        let wanted = Wanted(number: certificate.number, form: form, language: language)
        let kept = try await kept(wanted, daemon)
        if let kept, !kept.isTakenBack { return kept.paper.sha256 }
        guard let signing = daemon.seal.signing else {
            // What it certifies holds still; nobody can sign a better one here.
            if let kept { return kept.paper.sha256 }
            throw Problem(
                .unavailable, "this gemd has no signing keys, so it cannot make this paper",
                hint: "put the keys back into DIR/keys and restart", retryAfterSeconds: nil)
        }
        do {
            return try await flight.value(for: wanted) { [self] in
                // Between the look above and our turn another may have made it.
                let kept = try await self.kept(wanted, daemon)
                if let kept, !kept.isTakenBack { return kept.paper.sha256 }
                return try await make(
                    certificate, form: form, language: language, daemon: daemon, signing: signing, instead: kept?.paper)
            }
        } catch is SingleFlight<Wanted, String>.Busy {
            throw Problem(
                .unavailable, "many papers are being made just now", hint: "ask again in a moment",
                retryAfterSeconds: 5)
        }
    }

    /// The paper that was made before, and whether a thief could have made such a one: its key was taken back since, and
    /// its time is what it says itself.
    private func kept(
        _ wanted: Wanted, _ daemon: Daemon
    ) async throws -> (paper: PaperRecord, isTakenBack: Bool)? {
        let inventory = daemon.inventory
        guard
            let paper = try await inventory.paper(
                wanted.number, form: wanted.form.rawValue, language: wanted.language.tag)
        else { return nil }
        return (paper, daemon.seal.verifier.isTakenBack(paper: paper.sha256) { inventory.blobs.bytes(paper.sha256) })
    }

    private func make(
        _ certificate: CertificateRecord, form: Paper.Form, language: Disclosure.Language, daemon: Daemon,
        signing: Seal.Signing, instead old: PaperRecord?
    ) async throws -> String {
        let inventory = daemon.inventory
        let proof = try await daemon.proof(of: certificate).bytes
        let code = try QRSymbol(QRText(parsing: await daemon.code(of: certificate)))
        let statement = try JSON(parsing: certificate.statement)
        let seal = daemon.seal
        let files = seal.publicFiles
        let now = Date(timeIntervalSince1970: Double(inventory.time.microseconds) / 1e6)
        let issuerName = daemon.issuing.issuer.name
        let kept = try await worker.runIfActive { [self] in
            let photograph = statement["images"]?.elements?.first?["publicSha256"]?.string.flatMap {
                inventory.blobs.bytes($0)
            }
            let paper = Paper(
                statement: statement, photograph: photograph, symbol: code.rows,
                rootFingerprint: try Verifier.fingerprint(ofRoot: files["root.pem"] ?? []))
            let drawn = try warm.withLock { kept in
                let press = kept ?? Warm()
                kept = press
                return try press.press.print(paper, form: form, language: language)
            }
            let pdf = try signing.issuer.sign(
                paper: drawn,
                attachments: .init(
                    statement: certificate.statement, signature: certificate.signature ?? [], proof: proof,
                    issuing: (files["issuing.pem"] ?? [])
                        + seal.lists(onDayOf: statement).flatMap(Self.pem)),
                issuerName: issuerName, now: now,
                stampedBy: certificate.certificateClass.needsTimestamp ? signing.authority : nil)
            return PaperRecord(
                number: certificate.number, form: form.rawValue, language: language.tag,
                sha256: try inventory.blobs.store(pdf), bytes: pdf.count)
        }
        return try await inventory.keep(kept, instead: old).sha256
    }

    /// A revocation list as PEM, whatever it is kept as.
    private static func pem(_ list: [UInt8]) -> [UInt8] {
        guard list.first == 0x30 else { return list }
        let text = Data(list).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN X509 CRL-----\n\(text)\n-----END X509 CRL-----\n".utf8)
    }
}
