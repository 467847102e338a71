import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import GemPrint
import HTTPTypes
import HummingbirdCore

enum CertificateHandlers {
    private struct Form: Codable {
        struct Report: Codable {
            var lab: Line
            var number: Line
            var checkedOn: Day
        }
        struct Compared: Codable {
            var number: String?
            var lab: Line?
            var report: Line?
        }
        var `class`: String
        var lab: Line?
        var approver: String?
        /// The certificate of the same class that this one replaces, and why.
        var supersedes: String?
        var reason: StatusReason?
        var report: Report?
        var compares: Compared?
    }

    @Sendable static func issue(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let json = try await call.json()
        // What the other laboratory's report says has names of its own, read apart.
        let fields = json["report"]?["fields"]
        let form = try Form(json: fields == nil ? json : json.merging(.object(["report": .object(["fields": .null])])))
        guard let certificateClass = CertificateClass(rawValue: form.class) else {
            throw Page.invalid("class", form.class, "declaration, examination, check or external")
        }
        guard call.caller.has(.dealer) else {
            throw Problem(
                .notAllowed, "a certificate is issued or asked for by the piece's own dealer", hint: "ask the dealer")
        }
        try only(form, certificateClass)
        let key = try call.idempotencyKey(body: json.bytes)
        let reissue = try reissue(form.supersedes, form.reason)
        switch certificateClass {
        case .declaration, .external:
            return .kept(
                try await daemon.issuing.issue(
                    try word(certificateClass, form, fields), of: call.pieceName(), instead: reissue, by: call.caller,
                    key: key))
        case .examination, .check:
            return .kept(
                try await DraftHandlers.request(
                    daemon, call, certificateClass, form.lab, form.approver, reissue,
                    compares: certificateClass == .check ? try compared(form.compares) : nil, key: key))
        }
    }

    /// Members that go with another class are refused by name, not passed over.
    private static func only(_ form: Form, _ certificateClass: CertificateClass) throws {
        let stray: [(String, Bool)] = [
            ("lab", form.lab != nil && !certificateClass.needsApprovals),
            ("approver", form.approver != nil && !certificateClass.needsApprovals),
            ("report", form.report != nil && certificateClass != .external),
            ("compares", form.compares != nil && certificateClass != .check),
            ("supersedes", form.supersedes != nil && certificateClass == .check),
        ]
        if let (name, _) = stray.first(where: \.1) {
            throw Problem(
                .unknownMember, "\"\(name)\" does not go with a \(certificateClass.rawValue)", hint: "leave it out",
                field: name)
        }
    }

    private static func compared(_ compared: Form.Compared?) throws -> JSON {
        let hint = "send {\"number\":\"…\"} of a certificate, or {\"lab\":\"GIA\",\"report\":\"…\"}"
        guard let compared, (compared.number == nil) != (compared.lab == nil),
            (compared.lab == nil) == (compared.report == nil)
        else { throw Problem(.invalidValue, "what it is compared with is missing", hint: hint, field: "compares") }
        if let text = compared.number {
            guard let number = CertificateNumber(text) else {
                throw Problem(
                    .invalidValue, "\"\(text.prefix(40))\" is no certificate number",
                    hint: "its check character does not fit: probably a typing error", field: "compares.number")
            }
            return .object(["number": .string(number.description)])
        }
        return .object(["lab": compared.lab?.json, "report": compared.report?.json])
    }

    /// What a dealer says, as it is issued at once.
    static func word(_ json: JSON) throws -> DealersWord {
        let fields = json["report"]?["fields"]
        let form = try Form(json: fields == nil ? json : json.merging(.object(["report": .object(["fields": .null])])))
        guard let certificateClass = CertificateClass(rawValue: form.class), !certificateClass.needsApprovals else {
            throw Page.invalid("class", form.class, "declaration or external")
        }
        try only(form, certificateClass)
        // One that is replaced is looked at by itself; passed over, the old one would stay valid unsaid.
        for (name, isThere) in [("supersedes", form.supersedes != nil), ("reason", form.reason != nil)] where isThere {
            throw Problem(
                .unknownMember, "\"\(name)\" does not go with one of many lines",
                hint: "replace a certificate with a request of its own: `gemctl certify PIECE --supersedes NUMBER`",
                field: name)
        }
        return try word(certificateClass, form, fields)
    }

    private static func word(
        _ certificateClass: CertificateClass, _ form: Form, _ fields: JSON?
    ) throws -> DealersWord {
        guard certificateClass == .external else { return .declaration }
        guard let report = form.report else {
            throw Problem(
                .invalidValue, "the report is missing",
                hint:
                    "send {\"report\":{\"lab\":\"GIA\",\"number\":\"…\",\"fields\":{…},\"checkedOn\":\"2026-11-20\"}}",
                field: "report")
        }
        return .external(
            try ExternalReport(
                lab: report.lab, number: report.number, fields: fields ?? .object([]), checkedOn: report.checkedOn
            ).statement)
    }

    private static func reissue(_ text: String?, _ reason: StatusReason?) throws -> Reissue? {
        guard let text else {
            guard reason == nil else {
                throw Problem(
                    .invalidValue, "a reason goes with the certificate that is replaced",
                    hint: "name it in supersedes, or leave the reason out", field: "reason")
            }
            return nil
        }
        guard let number = CertificateNumber(text) else {
            throw Problem(
                .invalidValue, "\"\(text.prefix(40))\" is no certificate number",
                hint: "its check character does not fit: probably a typing error", field: "supersedes")
        }
        if let reason { try mayBeGiven(reason, for: .supersede) }
        return Reissue(number: number.description, reason: reason ?? .reissued)
    }

    private static func mayBeGiven(_ reason: StatusReason, for change: StatusChange) throws {
        let possible = StatusReason.given(for: change)
        guard possible.contains(reason) else {
            throw Problem(
                .invalidValue, "\(reason.rawValue) is no reason for this",
                hint: "write one of " + possible.map(\.rawValue).joined(separator: ", "), field: "reason")
        }
    }

    @Sendable static func read(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        // A request at a laboratory has an id until it has a number; it is nobody else's business.
        if UUIDv7(call.parameter("number")) != nil { return try await DraftHandlers.read(daemon, call) }
        let certificate = try await daemon.certificate(call)
        let changes = certificate.changed == nil ? [] : try await daemon.inventory.changes(of: certificate.number)
        let prints = try await daemon.inventory.prints(of: certificate.number)
        let json = try Issuing.json(certificate, changes, publicURL: daemon.issuing.publicURL)
        guard !prints.isEmpty else { return .json(json) }
        return .json(
            json.merging(
                .object(["prints": .object(prints.map { .init($0.language, .integer($0.copies)) })])))
    }

    // MARK: - Prints

    /// Counts a print that is handed out. The paper is the same file each time: the copy number is in the record, not in it.
    @Sendable static func countPrint(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var lang: String?
            var form: String?
        }
        let certificate = try await daemon.certificate(call)
        let json = try await call.json()
        let wanted = try Form(json: json)
        guard [certificate.party, certificate.lab, daemon.issuing.issuer.id].contains(call.caller.party) else {
            throw Problem(
                .notAllowed, "prints of another party's certificate are not yours to count",
                hint: "anybody may fetch the paper; who hands out prints is its dealer, its laboratory or the council")
        }
        let language = try call.language(wanted.lang.map { ["lang": $0] } ?? [:])
        guard let form = Paper.Form(rawValue: wanted.form ?? "a4") else {
            throw Page.invalid("form", wanted.form ?? "", "a4 or card")
        }
        // A print is counted when there is a paper to print.
        _ = try await daemon.printing.paper(of: certificate, form: form, language: language, daemon: daemon)
        let number = certificate.number
        let answer = try await daemon.inventory.countPrint(
            of: number, form: form.rawValue, language: language.tag, by: call.caller.actor,
            key: call.idempotencyKey(body: json.bytes)
        ) { copy, time in
            let paper = "/v1/certificates/\(number).pdf?lang=\(language.tag)&form=\(form.rawValue)"
            return Answer(
                status: 201, location: paper,
                body: JSON.object([
                    "number": .string(number), "lang": .string(language.tag), "form": .string(form.rawValue),
                    "copy": .integer(copy), "printedAt": .string(time.description), "paper": .string(paper),
                ]).text)
        }
        return .kept(answer)
    }

    // MARK: - Status

    @Sendable static func suspend(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await change(.suspend, daemon, call)
    }
    @Sendable static func reinstate(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await change(.reinstate, daemon, call)
    }
    @Sendable static func withdraw(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await change(.withdraw, daemon, call)
    }
    @Sendable static func supersede(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        try await change(.supersede, daemon, call)
    }

    /// By an approver of the laboratory that issued it, or of the council.
    private static func change(_ change: StatusChange, _ daemon: Daemon, _ call: Call) async throws -> Reply {
        struct Form: Codable {
            var reason: StatusReason
            /// For the file; never shown to the public.
            var text: Prose?
            /// Of a supersession: the number that takes the place.
            var by: String?
        }
        let certificate = try await daemon.certificate(call)
        let json = try await call.json()
        let form = try Form(json: json)
        guard [certificate.lab, daemon.issuing.issuer.id].contains(call.caller.party) else {
            throw Problem(
                .notAllowed, "another laboratory's certificate is not yours to change",
                hint: "ask an approver of the laboratory that issued it, or of the council")
        }
        try mayBeGiven(form.reason, for: change)
        guard (change == .supersede) == (form.by != nil) else {
            throw change == .supersede
                ? Problem(
                    .invalidValue, "the number that takes its place is missing",
                    hint: "send {\"reason\":\"re_examined\",\"by\":\"NUMBER\"}", field: "by")
                : Problem(
                    .unknownMember, "\"by\" goes with a supersession", hint: "leave it out, or use …/supersede",
                    field: "by")
        }
        var successor: String?
        if let by = form.by {
            guard let number = CertificateNumber(by) else {
                throw Problem(
                    .invalidValue, "\"\(by.prefix(40))\" is no certificate number",
                    hint: "its check character does not fit: probably a typing error", field: "by")
            }
            successor = number.description
        }
        let office = try await daemon.inventory.party(call.caller.party)?.code ?? ""
        return .kept(
            try await daemon.issuing.change(
                certificate.number, change, because: form.reason, text: form.text?.text, successor: successor,
                office: office, by: call.caller, key: call.idempotencyKey(body: json.bytes)))
    }

    @Sendable static func statement(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let certificate = try await daemon.certificate(call)
        return .bytes(certificate.statement, type: "application/json")
            .immutable(etag: Hex.encode(SHA256.hash(certificate.statement)))
    }

    @Sendable static func signature(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let certificate = try await daemon.certificate(call)
        let signature = certificate.signature ?? []
        return .bytes(signature, type: "application/pkcs7-signature").immutable(
            etag: Hex.encode(SHA256.hash(signature)))
    }

    @Sendable static func proof(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let certificate = try await daemon.certificate(call)
        return .bytes(try await daemon.proof(of: certificate).bytes, type: "text/plain; charset=utf-8").with(
            .cacheControl, "public, max-age=60")
    }

    /// The signed paper, made once for each language and form and kept byte for byte; `level=lt` puts the revocation lists
    /// of the day of issue and of today behind it.
    @Sendable static func paper(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["lang", "form", "level"])
        guard ["b", "lt"].contains(query["level"] ?? "b") else {
            throw Page.invalid("level", query["level"] ?? "", "b or lt")
        }
        let language = try call.language(query)
        let form = try query["form"].map { text in
            guard let form = Paper.Form(rawValue: text) else { throw Page.invalid("form", text, "a4 or card") }
            return form
        }
        let certificate = try await daemon.certificate(call)
        let blob = try await daemon.printing.paper(
            of: certificate, form: form ?? .a4, language: language, daemon: daemon)
        if query["level"] == "lt" {
            guard let paper = daemon.inventory.blobs.bytes(blob) else { throw Problem.notFound }
            let lists = try daemon.seal.lists(onDayOf: JSON(parsing: certificate.statement))
            return .bytes(try SignedPDF.addingEvidence(to: paper, lists: lists), type: "application/pdf")
                .with(.cacheControl, "public, max-age=3600").with(.vary, "Accept-Language")
        }
        return try daemon.file(blob, type: "application/pdf", for: call).with(.cacheControl, "public, max-age=3600")
            .with(.vary, "Accept-Language")
    }

    // MARK: - The log

    @Sendable static func checkpoint(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let state = try await daemon.log(call)
        return .bytes(state.checkpoint, type: "text/plain; charset=utf-8").with(.cacheControl, "public, max-age=5")
    }

    @Sendable static func tile(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        guard let (level, index, width) = Tile.parse(path: call.parameter("path")) else { throw Problem.notFound }
        let log = try await daemon.log(call).log
        let bytes: [UInt8]
        if let level {
            let hashes = try await daemon.inventory.tile(of: log, level: level, index: index) ?? []
            guard hashes.count >= width * SHA256.byteCount else { throw Problem.notFound }
            bytes = Array(hashes.prefix(width * SHA256.byteCount))
        } else {
            let entries = try await daemon.inventory.logEntries(of: log, from: index * Tile.width, count: width)
            guard entries.count == width, let bundle = Tile.encode(entries: entries) else { throw Problem.notFound }
            bytes = bundle
        }
        return .bytes(bytes, type: "application/octet-stream").immutable(etag: Hex.encode(SHA256.hash(bytes)))
    }

    @Sendable static func publicKeyFile(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let name = call.parameter("name")
        guard let bytes = daemon.seal.publicFiles[name] else { throw Problem.notFound }
        let type =
            switch name.split(separator: ".").last {
            case "crl": "application/pkix-crl"
            case "json": "application/jwk-set+json"
            case "pem": "application/x-pem-file"
            default: "text/plain; charset=utf-8"
            }
        return .bytes(bytes, type: type).with(.cacheControl, "public, max-age=3600")
    }

    @Sendable static func keySet(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        .bytes(daemon.seal.publicFiles["keys.json"] ?? [], type: "application/jwk-set+json").with(
            .cacheControl, "public, max-age=3600")
    }
}

extension Daemon {
    /// The log a path names by its number; without one, the present log.
    func log(_ call: Call) async throws -> LogState {
        guard let text = call.parameters.first(where: { $0.name == "log" })?.value else {
            return try await inventory.logState()
        }
        guard let number = Int(text), String(number) == text, let state = try await inventory.logState(number) else {
            throw Problem.notFound
        }
        return state
    }

    /// That a certificate is in its log, present or closed.
    func proof(of certificate: CertificateRecord) async throws -> TlogProof {
        guard let log = certificate.log, let index = certificate.logIndex else { throw Problem.notFound }
        return try await LogTree(inventory, log: log).proof(index: index)
    }

    /// The certificate a path names, however its number is typed.
    func certificate(_ call: Call) async throws -> CertificateRecord {
        let text = call.parameter("number")
        guard let number = CertificateNumber(text) else {
            if let dot = text.firstIndex(of: "."), CertificateNumber(String(text[..<dot])) != nil {
                throw Problem(
                    .notFound, "a certificate has no file \"\(text[dot...].prefix(20))\"",
                    hint: "there are .json, .p7s, .pdf, .tlog-proof, .qr.txt and .qr.svg")
            }
            throw Problem(
                .notFound, "there is no such certificate number",
                hint: "its check character does not fit: probably a typing error")
        }
        if let visitor = call.visitor { try lookUps.check(visitor, asksFor: number.description) }
        guard let certificate = try await inventory.certificate(number.description) else {
            if let visitor = call.visitor { lookUps.missed(visitor) }
            throw Problem(
                .notFound, "this certificate was not issued by \(issuing.issuer.code)",
                hint: "compare the number with the paper")
        }
        if call.visitor != nil { lookUps.found(number.description) }
        return certificate
    }
}
