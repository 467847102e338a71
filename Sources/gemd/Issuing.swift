import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Logging
import Synchronization

/// From a piece to a certificate: reserve, store the exact bytes, sign, log, answer.
struct Issuing: Sendable {
    let inventory: Inventory
    let seal: Seal
    let sequencer: Sequencer?
    let issuer: PartyRecord
    let country: String
    let publicURL: String
    let logOrigin: String

    /// Issues a dealer's declaration of its own piece; returns when it is included and anchored.
    func declare(
        _ name: PieceName, instead reissue: Reissue? = nil, by caller: Caller, key: IdempotencyKey?
    ) async throws -> Answer {
        guard let signing = seal.signing, let sequencer else { throw Self.noKeys }
        sequencer.retry()
        // Asked before a number is reserved: what cannot be signed must not wait for a signature.
        guard signing.issuer.keyPeriod ~= Date(timeIntervalSince1970: Double(inventory.time.microseconds) / 1e6) else {
            throw Problem(
                .unavailable, "today lies outside the signing key's 13 months, so nothing can be issued",
                hint: "check this machine's clock; if it is right, a new signing key is due", retryAfterSeconds: nil)
        }
        let year = inventory.time.year % 100
        let series = Self.series(.declaration, year: year)
        let outcome: ReserveOutcome
        let linted = Mutex<StatementLinter.Linted?>(nil)
        do {
            outcome = try await inventory.reserve(
                .declaration, for: name, in: caller.party, by: caller.actor, key: key, reissue: reissue,
                series: series
            ) { subject in
                let (reservation, statement) = try reservation(for: subject, year: year)
                linted.withLock { $0 = statement }
                return reservation
            }
        } catch InventoryError.state(let reason) {
            throw Problem(.state, reason, hint: "show it with `gemctl certificate show`; a new one must supersede it")
        }
        let reserved: CertificateRecord
        switch outcome {
        case .answered(let answer): return answer
        case .reserved(let certificate): reserved = certificate
        }
        guard
            let issued = try await sequencer.append(
                Self.logAppend(for: reserved, linted: linted.withLock { $0 }, signing: signing))
        else {
            throw Problem(.inFlight, "the certificate is being finished", hint: "ask for the piece in a moment")
        }
        return try Self.answer(issued, nil, publicURL: publicURL)
    }

    /// Waits until changes of status that followed from something are in the log. They are committed: where the
    /// log must wait, for space or a server, they go in with its next batch.
    func settle(_ logger: Logger) async {
        do { try await sequencer?.settle() } catch {
            logger.warning("changes of certificates wait for the log", metadata: ["reason": "\(error)"])
        }
    }

    /// Changes a certificate's status; returns when the change is included and anchored.
    func change(
        _ number: String, _ change: StatusChange, because reason: StatusReason, text: String?, successor: String?,
        office: String, by caller: Caller, key: IdempotencyKey?
    ) async throws -> Answer {
        guard let sequencer else { throw Self.noKeys }
        let outcome: StatusOutcome
        do {
            outcome = try await inventory.changeStatus(
                of: number, change, because: reason, text: text, successor: successor, office: office,
                by: caller.actor, key: key)
        } catch InventoryError.state(let reason) {
            throw Problem(.state, reason, hint: "show it with `gemctl certificate show \(number)`")
        }
        switch outcome {
        case .answered(let answer): return answer
        case .changed(let number, let seq):
            try await sequencer.settle()
            guard let made = try await inventory.changes(of: number).first(where: { $0.seq == seq }),
                made.logIndex != nil, let certificate = try await inventory.certificate(number)
            else { throw Problem(.inFlight, "the change waits for the log", hint: "ask for it in a moment") }
            return Self.answer(certificate, made)
        }
    }

    private static let noKeys = Problem(
        .unavailable, "this gemd has no signing keys, so it cannot issue",
        hint: "put the keys back into DIR/keys and restart", retryAfterSeconds: nil)

    /// The series that a number's serial is drawn from.
    static func series(_ certificateClass: CertificateClass, year: Int) -> String {
        "certificate/\(year < 10 ? "0" : "")\(year)\(certificateClass.letter)"
    }

    /// Signs stored bytes and makes their log entry; the same for a fresh issue and after a crash.
    static func logAppend(
        for certificate: CertificateRecord, linted: StatementLinter.Linted? = nil, signing: Seal.Signing
    ) throws -> LogAppend {
        let statement: StatementLinter.Linted
        if let linted, linted.bytes == certificate.statement {
            statement = linted
        } else {
            do { statement = try StatementLinter.Linted(certificate.statement) } catch {
                throw Issuer.Refusal.statement(error)
            }
        }
        let entry = LogEntry(
            at: statement.facts.issuedAt, kind: .issue, serial: certificate.serial,
            sha256: SHA256.hash(certificate.statement))
        return LogAppend(
            serial: certificate.serial, data: entry.bytes, leafHash: entry.leafHash, number: certificate.number,
            signature: try signing.issuer.sign(statement))
    }

    private func reservation(for subject: CertificateSubject, year: Int) throws -> (Reservation, StatementLinter.Linted)
    {
        guard let piece = subject.record.piece else {
            throw InventoryError.store("piece \(subject.record.id) is damaged")
        }
        let stones = piece.disclosedStones { subject.mounted[$0] }
        try mayBeDeclared(piece, stones)
        guard
            let number = CertificateNumber(
                issuer: issuer.code, year: year, certificateClass: .declaration, sequence: subject.serial,
                random: { randomBytes($0) })
        else { throw InventoryError.store("no certificate number could be made") }
        let statement = Statement(
            number: number, issuedAt: Date(timeIntervalSince1970: Double(subject.time.microseconds / 1000) / 1000),
            nonce: randomBytes(16), issuer: .init(code: issuer.code, name: issuer.name, country: country),
            piece: piece.certifiedFacts(id: subject.record.id), statusList: "\(publicURL)/status/1",
            statusIndex: subject.statusIndex,
            logOrigin: logOrigin, disclosure: Self.text(Disclosure(of: stones, backing: .dealer)), limits: Self.limits,
            verify: "\(publicURL)/c/\(number)",
            body: .declaration(.init(party: subject.dealer.code, name: subject.dealer.name)))
        var withImages = statement
        withImages.images = subject.images.compactMap { image, role in
            guard let large = image.large, let original = Hex.decode(image.sha256), let shown = Hex.decode(large.sha256)
            else { return nil }
            return Statement.Image(
                role: role, mediaType: "image/jpeg", width: image.width, height: image.height, sha256: original,
                publicSha256: shown)
        }
        if let old = subject.supersedes, let number = CertificateNumber(old.number) {
            withImages.supersedes = .init(number: number, sha256: SHA256.hash(old.statement))
        }
        let bytes = try withImages.bytes
        let linted: StatementLinter.Linted
        do { linted = try StatementLinter.Linted(bytes) } catch {
            throw Problem(
                .invalidValue, "a declaration cannot say this: \(error.reason)",
                hint: "change the piece, then ask again",
                field: error.path)
        }
        return (Reservation(number: number.description, serial: number.serial, statement: bytes), linted)
    }

    /// What only a laboratory may say is refused by name, before the linter would.
    private func mayBeDeclared(_ piece: Piece, _ stones: [DisclosedStone]) throws {
        for stone in stones where stone.isPearl && stone.standing == .natural && !stone.isAttested {
            throw Problem(
                .invalidValue, "only a laboratory's X-ray shows that a pearl is natural",
                hint:
                    "write bead_cultured, non_bead_cultured or undetermined, or name the laboratory's report with the "
                    + "basis external",
                field: stone.path + ".identification")
        }
        for stone in piece.allStones where stone.gem.treatments?.contains(where: { $0.code == .NONE }) == true {
            throw Problem(
                .invalidValue, "only a laboratory may say that a stone has no treatment",
                hint: "write NT (not tested) in \(stone.path).treatments, or ask a laboratory for an examination",
                field: stone.path + ".treatments")
        }
    }

    /// Never empty: of a piece without stones it says so much.
    static func text(_ disclosure: Disclosure) -> String {
        let text = disclosure.text
        guard text.isEmpty else { return text }
        return Names(
            "The dealer has disclosed no treatment and no test was made.",
            "بیچنے والے نے کوئی ٹریٹمنٹ نہیں بتائی اور کوئی جانچ نہیں ہوئی۔")[disclosure.language]
    }

    static let limits = """
        This is the dealer's own declaration at its date. No laboratory examined the piece, and the issuer does not vouch \
        for what it says; it vouches only for who declared it, when, and that not a letter was changed since. \
        A stone can be treated later. Compare weight, measurements and photographs with the piece in hand.
        """

    // MARK: - Answers

    /// What is told of a certificate that was issued, or of a change of its status.
    static func answer(
        _ certificate: CertificateRecord, _ change: StatusChangeRecord?, publicURL: String
    ) throws -> Answer {
        if let change { return answer(certificate, change) }
        return Answer(
            status: 201, location: "/v1/certificates/\(certificate.number)",
            body: try json(certificate, [], publicURL: publicURL).text)
    }

    private static func answer(_ certificate: CertificateRecord, _ change: StatusChangeRecord) -> Answer {
        Answer(
            status: 200,
            body: JSON.object([
                "number": .string(certificate.number), "status": .string("\(change.status)"),
                "statusChangedAt": .string(change.at.description), "kind": .string(change.change.rawValue),
                "reason": .string(change.reason.rawValue),
                "supersededBy": change.change == .supersede ? certificate.supersededBy.map(JSON.string) : nil,
                "logIndex": change.logIndex.map { .integer($0) },
            ]).text)
    }

    static func json(
        _ certificate: CertificateRecord, _ changes: [StatusChangeRecord], publicURL: String
    ) throws -> JSON {
        let statement = try JSON(parsing: certificate.statement)
        let base = "\(publicURL)/c/\(certificate.number)"
        return .object([
            "number": .string(certificate.number), "status": .string("\(certificate.status)"),
            "statusChangedAt": certificate.changed.map { .string($0.description) },
            "reason": certificate.reason.map { .string($0.rawValue) },
            "class": .string(certificate.certificateClass.rawValue), "issuedAt": statement["issuedAt"],
            "statement": statement, "supersedes": statement["supersedes"],
            "supersededBy": certificate.supersededBy.map(JSON.string),
            "logIndex": certificate.logIndex.map { .integer($0) },
            "changes": changes.isEmpty ? nil : .array(changes.map(\.json)),
            "artefacts": .object([
                "page": .string(base), "json": .string(base + ".json"), "p7s": .string(base + ".p7s"),
                "tlog-proof": .string(base + ".tlog-proof"),
            ]),
        ])
    }
}

extension Piece {
    /// What a certificate says of the piece: every fact with its basis, and nothing about price, place or owner.
    func certifiedFacts(id: String) -> JSON {
        var facts: [JSON.Member] = [
            .init("id", .string(id)), .init("kind", .string(kind.rawValue)), .init("basis", "declared"),
        ]
        if let title { facts.append(.init("title", .string(title.text))) }
        if let origin { facts.append(.init("origin", origin.json)) }
        if let block = json[kind.rawValue] {
            // What is paid, and papers that name a trader: no matter of a certificate.
            let patch = JSON.object(
                ["makingCharge", "stonesValue", "suggestedPrice", "priceBasis", "kimberley"].map { .init($0, .null) })
            facts.append(.init(kind.rawValue, block.merging(patch)))
        }
        return .object(facts)
    }
}
