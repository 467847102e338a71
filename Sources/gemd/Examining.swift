import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel

/// From examinations by people who did not see each other's to a certificate that they approved with their own keys.
///
/// What this decides is decided again by the issuing code over the finished bytes: a row changed in the database
/// gets nothing signed.
struct Examining: Sendable {
    let inventory: Inventory
    let issuing: Issuing
    let enrolments: Enrolments

    /// An instrument's calibration counts for so many days.
    static let longestCalibration: Int64 = 400

    private var today: Day { Day(of: inventory.time, hoursEast: 0) }

    // MARK: - What an examiner hands in

    /// Checks an examination and gives it the form in which it is kept: `{findings, form, examinedOn}`.
    func examination(_ json: JSON, of draft: DraftRecord, kind: Piece.Kind) throws -> JSON {
        let name = kind.rawValue
        let form = try ExaminationForm(json: .object((json.members ?? []).filter { $0.name != name }))
        var findings: JSON = .object([])
        switch draft.certificateClass {
        case .check:
            guard form.result != nil else { throw Self.missing("result", "write match or mismatch") }
            guard json[name] == nil else {
                throw Problem(
                    .unknownMember, "a check compares and grades nothing", hint: "leave \(name) out", field: name)
            }
        default:
            guard form.result == nil else {
                throw Problem(
                    .unknownMember, "an examination has no result", hint: "leave it out, or ask for a check",
                    field: "result")
            }
            guard let block = json[name] else {
                throw Self.missing(name, "send the \(name) as examined, as a piece is written")
            }
            guard form.uncertainty != nil else {
                throw Self.missing("uncertainty", "write it, such as \"weight ± 0.005 ct (k = 2)\"")
            }
            findings = try Self.findings(block, form, kind)
        }
        do throws(StatementLinter.Finding) { try StatementLinter.checkPart(findings) } catch {
            throw Problem(
                .invalidValue, "an examination cannot say this: \(error.reason)",
                hint: "leave it out, or write it anew",
                field: error.path.isEmpty ? name : "\(name).\(error.path)")
        }
        let examinedOn = try checkDays(form)
        return .object([
            "findings": findings, "form": try JSON(parsing: form.jsonText), "examinedOn": .string(examinedOn),
        ])
    }

    private static func missing(_ field: String, _ hint: String) -> Problem {
        Problem(.invalidValue, "\(field) is missing", hint: hint, field: field)
    }

    private static func findings(_ block: JSON, _ form: ExaminationForm, _ kind: Piece.Kind) throws -> JSON {
        var block = graded(block)
        if let comments = form.comments, block["comments"] == nil, kind == .stone {
            block = block.setting("comments", to: .string(comments.text))
        }
        let piece = try Piece(document: .object([.init("kind", .string(kind.rawValue)), .init(kind.rawValue, block)]))
        let implausible = piece.findings.filter { $0.severity == .implausible }
        if let finding = implausible.first, form.reason == nil {
            throw Problem(
                .invalidValue, finding.message, hint: "correct it, or write in reason why it is right",
                field: finding.field, findings: implausible.map(\.json))
        }
        guard let findings = try JSON(parsing: piece.jsonText)[kind.rawValue] else {
            throw missing(kind.rawValue, "send what was examined")
        }
        return findings
    }

    /// Grades are opinions, and treatments findings, whether the examiner says so or not.
    private static func graded(_ block: JSON) -> JSON {
        func grade(_ json: JSON, _ names: [String]) -> JSON {
            names.reduce(json) { json, name in
                guard let value = json[name], value.string != nil else { return json }
                return json.setting(name, to: .object(["value": value, "basis": "graded"]))
            }
        }
        var block = grade(block, ["clarity"])
        if let diamond = block["diamond"] {
            block = block.setting(
                "diamond", to: grade(diamond, ["colour", "clarity", "cut", "polish", "symmetry", "fluorescence"]))
        }
        if let treatments = block["treatments"]?.elements {
            block = block.setting(
                "treatments",
                to: .array(
                    treatments.map {
                        $0["code"] != nil && $0["basis"] == nil ? $0.setting("basis", to: "measured") : $0
                    })
            )
        }
        return block
    }

    /// The day of the examination: today, or where it is later already.
    private func checkDays(_ form: ExaminationForm) throws -> String {
        let last = inventory.lastDay
        var examined = today
        if let received = form.receivedOn {
            guard received <= last else { throw Self.wrong("receivedOn", "lies in the future") }
            examined = max(examined, received)
        }
        let oldest = Day(
            of: Timestamp(microseconds: inventory.time.microseconds - Self.longestCalibration * 86_400_000_000),
            hoursEast: 0)
        guard form.result != nil || !(form.instruments ?? []).isEmpty else {
            throw Self.missing("instruments", "name each with the day of its calibration")
        }
        for (index, instrument) in (form.instruments ?? []).enumerated() {
            let field = "instruments[\(index)]"
            guard instrument.calibratedOn <= last else {
                throw Self.wrong(field + ".calibratedOn", "lies in the future")
            }
            guard instrument.calibratedOn >= oldest else {
                throw Self.wrong(
                    field + ".calibratedOn", "is more than \(Self.longestCalibration) days ago: calibrate it first")
            }
            examined = max(examined, instrument.calibratedOn)
            if let due = instrument.dueOn, due < today {
                throw Self.wrong(field + ".dueOn", "has passed: calibrate it first")
            }
        }
        return examined.description
    }

    private static func wrong(_ field: String, _ reason: String) -> Problem {
        Problem(.invalidValue, "\(field) \(reason)", hint: "correct the day", field: field)
    }

    // MARK: - The draft

    /// The words that the people of a draft approve.
    func fix(_ draft: DraftRecord, _ subject: CertificateSubject) throws -> [UInt8]? {
        guard let approver = draft.approver, let piece = subject.record.piece else { return nil }
        let kind = piece.kind.rawValue
        let body: Statement.Body
        let facts: JSON
        let disclosure: String
        let limits: String
        switch draft.certificateClass {
        case .check:
            guard let examiner = draft.examiners.first, let form = try Self.form(examiner), let result = form.result,
                let day = examiner.examination?["examinedOn"]?.string
            else { return nil }
            facts = piece.certifiedFacts(id: subject.record.id)
            disclosure = Issuing.text(Disclosure(of: piece.disclosedStones { subject.mounted[$0] }, backing: .dealer))
            limits = Self.checkLimits
            body = .check(
                .init(
                    compared: try Self.record(draft.document["compares"]),
                    result: result == .match ? .match : .mismatch,
                    checkedOn: day, methods: form.methods?.map(\.text) ?? ["compared with the record"],
                    examiners: [.init(member: examiner.member, name: examiner.name)],
                    approver: .init(member: approver.member, name: approver.name)))
        default:
            let findings = draft.examiners.compactMap { $0.examination?["findings"] }
            guard case .agreed(let first, let second) = Agreement.outcome(of: findings),
                let lab = try subjectLab(draft, subject)
            else { return nil }
            let pair = [draft.examiners[first], draft.examiners[second]]
            let seen = JSON.object([.init("kind", .string(kind)), .init(kind, findings[first])])
            facts = .object([
                .init("id", .string(subject.record.id)), .init("kind", .string(kind)), .init("basis", "measured"),
                .init(kind, findings[first]),
            ])
            disclosure = Issuing.text(
                Disclosure(
                    of: try Piece(stored: seen).disclosedStones { subject.mounted[$0] }, backing: .laboratory))
            limits = Self.examinationLimits
            body = .examination(try Self.examination(pair, approver, lab, draft, facts))
        }
        var supersedes: Statement.Superseded?
        if let old = subject.supersedes, let number = CertificateNumber(old.number) {
            supersedes = .init(number: number, sha256: SHA256.hash(old.statement))
        }
        return try GemCert.Draft(
            issuer: issuing.statementIssuer, piece: facts, images: Issuing.images(of: subject), disclosure: disclosure,
            limits: limits, body: body, supersedes: supersedes
        ).bytes
    }

    private static func form(_ person: DraftPerson) throws -> ExaminationForm? {
        try person.examination?["form"].map { try ExaminationForm(json: $0) }
    }

    private static func record(_ compares: JSON?) throws -> Statement.Check.Record {
        if let text = compares?["number"]?.string, let number = CertificateNumber(text) { return .certificate(number) }
        guard let lab = compares?["lab"]?.string, let report = compares?["report"]?.string else {
            throw InventoryError.store("a check names no record")
        }
        return .report(lab: lab, number: report)
    }

    private func subjectLab(_ draft: DraftRecord, _ subject: CertificateSubject) throws -> Statement.Examination.Lab? {
        subject.lab.map { lab in
            let place = ["address", "district"].compactMap { lab.details[$0]?.string }.first
            return .init(code: lab.code, name: lab.name, place: place ?? issuing.country)
        }
    }

    private static func examination(
        _ pair: [DraftPerson], _ approver: DraftPerson, _ lab: Statement.Examination.Lab, _ draft: DraftRecord,
        _ facts: JSON
    ) throws -> Statement.Examination {
        let forms = try pair.compactMap { try form($0) }
        var instruments: [Statement.Instrument] = []
        var methods: [String] = []
        for form in forms {
            for each in form.instruments ?? [] {
                let instrument = Statement.Instrument(
                    name: each.name.text, calibratedOn: each.calibratedOn.description, dueOn: each.dueOn?.description)
                if !instruments.contains(instrument) { instruments.append(instrument) }
            }
            for method in form.methods ?? [] where !methods.contains(method.text) { methods.append(method.text) }
        }
        if methods.isEmpty {
            for instrument in instruments where !methods.contains(instrument.name) { methods.append(instrument.name) }
        }
        let requested = String(draft.created.description.prefix(10))
        let days = pair.compactMap { $0.examination?["examinedOn"]?.string }
        return Statement.Examination(
            lab: lab,
            condition: forms.lazy.compactMap(\.condition).first?.text ?? "received without remark",
            receivedOn: forms.compactMap { $0.receivedOn?.description }.min() ?? requested,
            examinedOn: max(days.max() ?? requested, requested),
            examiners: pair.map { .init(member: $0.member, name: $0.name) },
            approver: .init(member: approver.member, name: approver.name), methods: methods,
            deviations: forms.lazy.compactMap(\.deviations).first?.text,
            uncertainty: forms.first?.uncertainty?.text ?? "not stated", instruments: instruments,
            scope: "The results relate only to the item examined.",
            opinions: Statement.Examination.opinions(in: facts))
    }

    static let examinationLimits = """
        This is the laboratory's opinion at the date of examination, by the methods named. It says nothing of value. \
        A stone can be treated later. Compare weight, measurements and photographs with the piece in hand.
        """
    static let checkLimits = """
        The piece was compared with the record named, on the day named, and with nothing else. No new grading was made. \
        Compare weight, measurements and photographs with the piece in hand.
        """

    // MARK: - Approvals

    /// Takes one person's signature; the approver's, which is the last, issues the certificate.
    func approve(
        _ draft: DraftRecord, signature text: String, by member: MemberRecord, key: IdempotencyKey?,
        answer: @escaping @Sendable (DraftRecord) -> Answer
    ) async throws -> Answer {
        // Sent again, it finds the draft issued.
        if let kept = try await inventory.keptAnswer(key, in: member.party) { return kept }
        guard let statement = draft.statement, draft.state == .approving else {
            throw Problem(
                .state, "the draft is \(draft.state.rawValue): it awaits no approval",
                hint: "look at it with `gemctl certificate draft \(draft.id)`")
        }
        let isApprover = draft.approver?.member == member.id
        let named = try JSON(parsing: statement)["examiners"]?.elements?.map { $0["member"]?.string }
        guard isApprover || named?.contains(member.id) == true else {
            throw Problem(
                .notAllowed, "you have no part in this draft", hint: "its examiners and its approver sign it")
        }
        let words = try GemCert.Draft(of: statement)
        let signature = try checked(text, over: words)
        let role: Enrolment.Role = isApprover ? .approver : .examiner
        guard enrolments.isInForce(signature.key, of: member.id, as: role, at: now) else {
            throw Problem(
                .notAllowed, "the key \(signature.key.fingerprint) is not enrolled for you as \(role.rawValue)",
                hint: "sign with the key that was enrolled, or have this one enrolled at a ceremony")
        }
        guard isApprover else {
            return try await inventory.approve(
                draft.id, as: member, approvalKey: signature.key.description, signature: signature.armoured, key: key,
                answer: answer)
        }
        return try await issuing.issue(draft, words, signature, by: member, key: key)
    }

    private var now: Date { Date(timeIntervalSince1970: Double(inventory.time.microseconds) / 1e6) }

    private func checked(_ text: String, over words: GemCert.Draft) throws -> SSHSignature {
        let signature: SSHSignature
        do { signature = try SSHSignature(armoured: text) } catch {
            throw Problem(
                .invalidValue, "the approval cannot be read: \(error.reason)",
                hint: "send what `ssh-keygen -Y sign -n gemd-approval` wrote", field: "approval")
        }
        guard signature.approves(words) else {
            throw Problem(
                .invalidValue, "the approval is not over this draft",
                hint: "sign the text \(words.hash) without a newline, with -n gemd-approval", field: "approval")
        }
        return signature
    }
}
