import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Logging
import Synchronization

/// What a dealer issues at once, in its own name.
enum DealersWord: Sendable {
    case declaration
    /// A copy of another laboratory's report.
    case external(Statement.External.Report)

    var certificateClass: CertificateClass {
        switch self {
        case .declaration: .declaration
        case .external: .external
        }
    }
}

/// From a piece to a certificate: reserve, store the exact bytes, sign, log, answer.
struct Issuing: Sendable {
    let inventory: Inventory
    let seal: Seal
    let enrolments: Enrolments
    let sequencer: Sequencer?
    let issuer: PartyRecord
    let country: String
    let publicURL: String
    let logOrigin: String

    /// Issues a dealer's declaration of its own piece, or its copy of a report; returns when it is included and anchored.
    func issue(
        _ word: DealersWord, of name: PieceName, instead reissue: Reissue? = nil, by caller: Caller,
        key: IdempotencyKey?
    ) async throws -> Answer {
        try await answer(to: issued(word, of: name, instead: reissue, by: caller, key: key))
    }

    /// The same for one of many, of which only the number is told.
    func number(issuing word: DealersWord, of name: PieceName, by caller: Caller) async throws -> String {
        switch try await issued(word, of: name, instead: nil, by: caller, key: nil) {
        case .now(let certificate, _): certificate.number
        case .before: throw InventoryError.store("a request without a key was known")
        }
    }

    /// What a request for a certificate came to.
    private enum Issued {
        case now(CertificateRecord, saying: JSON)
        /// Under its key it came before.
        case before(Answer)
    }

    private func answer(to issued: Issued) -> Answer {
        switch issued {
        case .now(let certificate, let statement):
            Self.answer(certificate, saying: statement, publicURL: publicURL)
        case .before(let answer): answer
        }
    }

    private func issued(
        _ word: DealersWord, of name: PieceName, instead reissue: Reissue?, by caller: Caller, key: IdempotencyKey?
    ) async throws -> Issued {
        let (signing, sequencer) = try ready()
        let year = inventory.time.year % 100
        let series = Self.series(word.certificateClass, year: year)
        let linted = Mutex<StatementLinter.Linted?>(nil)
        let outcome: ReserveOutcome
        do {
            outcome = try await inventory.reserve(
                word.certificateClass, for: name, in: caller.party, by: caller.actor, key: key, reissue: reissue,
                series: series
            ) { subject in
                let words = try words(of: subject, word)
                return { subject in
                    let (number, bytes) = try issued(
                        words, word.certificateClass, subject, sequence: subject.serial, year: year)
                    // In the writer's transaction, so that what cannot be signed leaves nothing behind.
                    let statement = try lint(bytes, of: word)
                    linted.withLock { $0 = statement }
                    return Reservation(number: number.description, serial: number.serial, statement: bytes)
                }
            }
        } catch InventoryError.certified(let reason) {
            throw Problem(InventoryError.certified(reason))
        } catch InventoryError.state(let reason) {
            throw Problem(
                .state, reason,
                hint: "look at it with `gemctl piece show`, and at its certificates with `gemctl certificate show`")
        }
        return try await finish(outcome, linted.withLock { $0 }, signing, sequencer)
    }

    /// Issues what a laboratory's people have approved, with the approver's signature as the last.
    ///
    /// The finished bytes are put to the rule of different people before they are stored, so that what cannot be
    /// signed leaves nothing behind; and again when they are signed.
    func issue(
        _ draft: DraftRecord, _ words: GemCert.Draft, _ signature: SSHSignature, by member: MemberRecord,
        key: IdempotencyKey?
    ) async throws -> Answer {
        let (signing, sequencer) = try ready()
        try await signing.outside?.prove(now: Self.date(inventory.time))
        let year = inventory.time.year % 100
        let linted = Mutex<StatementLinter.Linted?>(nil)
        let outcome = try await inventory.approveAndReserve(
            draft.id, as: member, approvalKey: signature.key.description, signature: signature.armoured, key: key,
            series: Self.series(draft.certificateClass, year: year)
        ) { draft, subject in
            // What is stored now, and not what was looked at before: both must be what was signed.
            guard let stored = draft.statement, stored == words.bytes else {
                throw Problem(.state, "the draft changed meanwhile", hint: "look at it again before you approve it")
            }
            let approvals = try draft.people.compactMap { person -> Approval? in
                guard let text = person.signature, let role = Enrolment.Role(rawValue: person.role) else { return nil }
                return Approval(member: person.member, role: role, signature: try SSHSignature(armoured: text))
            }
            let (number, bytes) = try issued(
                words, draft.certificateClass, subject, sequence: subject.serial, year: year, approvals: approvals)
            let statement: StatementLinter.Linted
            do {
                statement = try StatementLinter.Linted(bytes)
                _ = try signing.issuer.sign(
                    statement, approvedBy: enrolments.current, owner: subject.dealer.code)
            } catch let finding as StatementLinter.Finding {
                throw Problem(
                    .state, "this cannot be issued: \(finding.path) \(finding.reason)",
                    hint: "cancel the draft and ask again")
            } catch let refusal as Issuer.Refusal {
                throw Problem(
                    .state, "this cannot be issued: \(Self.words(refusal))",
                    hint: "the people who signed, their keys and their enrolments must be those of the draft")
            }
            linted.withLock { $0 = statement }
            return Reservation(number: number.description, serial: number.serial, statement: bytes)
        }
        return try await answer(to: finish(outcome, linted.withLock { $0 }, signing, sequencer))
    }

    private static func words(_ refusal: Issuer.Refusal) -> String {
        switch refusal {
        case .approvals(let reason): reason
        default: "\(refusal)"
        }
    }

    private func ready() throws -> (Seal.Signing, Sequencer) {
        guard let signing = seal.signing, let sequencer else { throw Self.noKeys }
        sequencer.retry()
        // Asked before a number is reserved: what cannot be signed must not wait for a signature.
        let now = Date(timeIntervalSince1970: Double(inventory.time.microseconds) / 1e6)
        guard [signing.issuer.keyPeriod, signing.authority.keyPeriod, signing.codePeriod].allSatisfy({ $0 ~= now })
        else {
            throw Problem(
                .unavailable, "today lies outside the signing keys' 13 months, so nothing can be issued",
                hint: "check this machine's clock; if it is right, make new keys: stop gemd, then `gemd keys renew`",
                retryAfterSeconds: nil)
        }
        return (signing, sequencer)
    }

    private func finish(
        _ outcome: ReserveOutcome, _ linted: StatementLinter.Linted?, _ signing: Seal.Signing, _ sequencer: Sequencer
    ) async throws -> Issued {
        let reserved: CertificateRecord
        switch outcome {
        case .answered(let answer): return .before(answer)
        case .reserved(let certificate): reserved = certificate
        }
        let statement = try linted ?? Self.lint(reserved)
        let append: LogAppend
        do {
            append = try await Self.logAppend(
                for: reserved, linted: statement, signing: signing, ring: enrolments.current,
                owner: reserved.certificateClass.needsApprovals
                    ? inventory.party(reserved.party)?.code ?? "" : "")
        } catch var problem as Problem where problem.code == .unavailable {
            problem.hint =
                "the number \(reserved.serial) is reserved; gemd finishes it by itself when the authority answers"
            throw problem
        }
        guard let issued = try await sequencer.append(append) else {
            throw Problem(.inFlight, "the certificate is being finished", hint: "ask for the piece in a moment")
        }
        return .now(issued, saying: statement.json)
    }

    private static func lint(_ certificate: CertificateRecord) throws(Issuer.Refusal) -> StatementLinter.Linted {
        do { return try StatementLinter.Linted(certificate.statement) } catch { throw .statement(error) }
    }

    /// Signs what was reserved earlier and was not finished. Of such a row nobody knows whose hands it went through.
    ///
    /// Approvals stand in what is published: a row with some that were given for another certificate, or for none that
    /// went through the approver's hands, is refused.
    static func resumed(
        _ certificate: CertificateRecord, _ inventory: Inventory, signing: Seal.Signing, ring: EnrolmentRing
    ) async throws -> LogAppend {
        guard let owner = try await inventory.party(certificate.party)?.code else {
            throw Issuer.Refusal.approvals("nobody knows whose piece it is")
        }
        if certificate.certificateClass.needsApprovals {
            guard certificate.draftSHA256 == GemCert.Draft.sha256(of: certificate.statement) else {
                throw Issuer.Refusal.approvals("its approvals were not given for this certificate")
            }
        }
        return try await logAppend(for: certificate, signing: signing, ring: ring, owner: owner)
    }

    /// Tries again what has its number but no time stamp. Younger ones are still in their own request's hands.
    func finishWaiting(_ logger: Logger) async throws {
        let (signing, sequencer) = try ready()
        for certificate in try await inventory.unfinishedCertificates(
            reservedBefore: inventory.time.microseconds - 120_000_000)
        where certificate.certificateClass.needsTimestamp {
            do {
                _ = try await sequencer.append(
                    Self.resumed(certificate, inventory, signing: signing, ring: enrolments.current))
                logger.notice("a certificate was finished", metadata: ["serial": "\(certificate.serial)"])
            } catch let refusal as Issuer.Refusal {
                logger.error(
                    "a certificate cannot be finished",
                    metadata: ["serial": "\(certificate.serial)", "reason": "\(refusal)"])
            }
        }
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
    ///
    /// `owner` is the code of the party whose piece it is; only of a laboratory's certificates it is asked.
    static func logAppend(
        for certificate: CertificateRecord, linted: StatementLinter.Linted? = nil, signing: Seal.Signing,
        ring: EnrolmentRing, owner: String
    ) async throws -> LogAppend {
        let statement =
            if let linted, linted.bytes == certificate.statement { linted } else { try lint(certificate) }
        let entry = LogEntry(
            at: statement.facts.issuedAt, kind: .issue, serial: certificate.serial, sha256: statement.sha256)
        let data = entry.bytes
        var certificate = certificate
        certificate.signature = try await signing.sign(statement, approvedBy: ring, owner: owner)
        certificate.code = try signing.code(for: statement)
        return LogAppend(
            serial: certificate.serial, data: data, leafHash: Merkle.leafHash(data), certificate: certificate)
    }

    private func number(_ certificateClass: CertificateClass, year: Int, sequence: Int) throws -> CertificateNumber {
        guard
            let number = CertificateNumber(
                issuer: issuer.code, year: year, certificateClass: certificateClass, sequence: sequence,
                random: { randomBytes($0) })
        else { throw InventoryError.store("no certificate number could be made") }
        return number
    }

    private static func date(_ time: Timestamp) -> Date {
        Date(timeIntervalSince1970: Double(time.microseconds / 1000) / 1000)
    }

    var statementIssuer: Statement.Issuer { .init(code: issuer.code, name: issuer.name, country: country) }

    static func images(of subject: CertificateSubject) -> [Statement.Image] {
        subject.images.compactMap { image, role in
            guard let large = image.large, let original = Hex.decode(image.sha256), let shown = Hex.decode(large.sha256)
            else { return nil }
            return Statement.Image(
                role: role, mediaType: "image/jpeg", width: image.width, height: image.height, sha256: original,
                publicSha256: shown)
        }
    }

    private func lint(_ bytes: [UInt8], of word: DealersWord) throws -> StatementLinter.Linted {
        do { return try StatementLinter.Linted(bytes) } catch {
            throw Problem(
                .invalidValue,
                "\(word.certificateClass == .external ? "a copy of a report" : "a declaration") cannot say this: \(error.reason)",
                hint: "change the piece, then ask again",
                field: error.path)
        }
    }

    /// All of a statement but what comes with its number.
    private func words(of subject: CertificateSubject, _ word: DealersWord) throws -> GemCert.Draft {
        guard let piece = subject.record.piece else {
            throw InventoryError.store("piece \(subject.record.id) is damaged")
        }
        let stones = piece.disclosedStones { subject.mounted[$0] }
        let declarant = Statement.Declarant(party: subject.dealer.code, name: subject.dealer.name)
        let body: Statement.Body
        switch word {
        case .declaration:
            try mayBeDeclared(piece, stones)
            body = .declaration(declarant)
        case .external(let report): body = .external(.init(report: report, recordedBy: declarant))
        }
        return try GemCert.Draft(
            issuer: statementIssuer, piece: piece.certifiedFacts(id: subject.record.id),
            images: Self.images(of: subject),
            disclosure: Self.text(
                Disclosure(of: stones, backing: word.certificateClass == .external ? .externalReport : .dealer)),
            limits: word.certificateClass == .external ? Self.externalLimits : Self.limits, body: body,
            supersedes: subject.supersedes.flatMap { old in
                CertificateNumber(old.number).map { .init(number: $0, sha256: SHA256.hash(old.statement)) }
            })
    }

    private func issued(
        _ words: GemCert.Draft, _ certificateClass: CertificateClass, _ subject: CertificateSubject, sequence: Int,
        year: Int, approvals: [Approval] = []
    ) throws -> (CertificateNumber, [UInt8]) {
        let number = try number(certificateClass, year: year, sequence: sequence)
        let bytes = try words.issued(
            Statement.Issue(
                number: number, issuedAt: Self.date(subject.time), nonce: randomBytes(16),
                statusList: "\(publicURL)/status/1", statusIndex: subject.statusIndex, logOrigin: logOrigin,
                verify: "\(publicURL)/c/\(number)", approvals: approvals))
        return (number, bytes)
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

    static let externalLimits = """
        This is a copy of what another laboratory's report says, as its dealer wrote it down on the day named. Only that \
        laboratory vouches for it; the issuer vouches only for who copied it, when, and that not a letter was changed \
        since. Look the report up with that laboratory. A stone can be treated later.
        """

    // MARK: - Answers

    /// What is told of a certificate that was issued, or of a change of its status.
    static func answer(
        _ certificate: CertificateRecord, _ change: StatusChangeRecord?, publicURL: String
    ) throws -> Answer {
        if let change { return answer(certificate, change) }
        return answer(certificate, saying: try JSON(parsing: certificate.statement), publicURL: publicURL)
    }

    private static func answer(
        _ certificate: CertificateRecord, saying statement: JSON, publicURL: String
    ) -> Answer {
        // The statement's own bytes, spliced in as they are: they are most of it.
        var body = json(certificate, [], saying: statement, shown: nil, publicURL: publicURL).bytes
        body.removeLast()
        body += Array(",\"statement\":".utf8)
        body += certificate.statement
        body.append(UInt8(ascii: "}"))
        return Answer(
            status: 201, location: "/v1/certificates/\(certificate.number)", body: String(decoding: body, as: UTF8.self)
        )
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
        return json(certificate, changes, saying: statement, shown: statement, publicURL: publicURL)
    }

    private static func json(
        _ certificate: CertificateRecord, _ changes: [StatusChangeRecord], saying statement: JSON, shown: JSON?,
        publicURL: String
    ) -> JSON {
        let base = "\(publicURL)/c/\(certificate.number)"
        return .object([
            "number": .string(certificate.number), "status": .string("\(certificate.status)"),
            "statusChangedAt": certificate.changed.map { .string($0.description) },
            "reason": certificate.reason.map { .string($0.rawValue) },
            "class": .string(certificate.certificateClass.rawValue), "issuedAt": statement["issuedAt"],
            "statement": shown, "supersedes": statement["supersedes"],
            "supersededBy": certificate.supersededBy.map(JSON.string),
            "logIndex": certificate.logIndex.map { .integer($0) },
            "changes": changes.isEmpty ? nil : .array(changes.map(\.json)),
            "artefacts": .object([
                "page": .string(base), "json": .string(base + ".json"), "p7s": .string(base + ".p7s"),
                "pdf": .string(base + ".pdf"),
                "tlog-proof": .string(base + ".tlog-proof"),
                "qr.txt": .string(base + ".qr.txt"), "qr.svg": .string(base + ".qr.svg"),
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
