import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore

/// `/c/{number}` and `/verify`: the pages that a buyer sees.
///
/// Both are whole without scripts. With them the browser checks the QR code and files by itself, from the keys and
/// the root that stand in the page.
extension PublicHandlers {
    static let matchNames = ["weight", "length", "width", "depth"]

    /// `/c/{number}`: what the certificate says, and whether it holds.
    @Sendable static func certificate(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(Set(["lang"] + matchNames))
        let words = PageWords(try call.language(query))
        var page = CertificatePage(daemon, words, path: call.request.uri.path)
        let certificate: CertificateRecord
        do { certificate = try await daemon.certificate(call) } catch let problem as Problem
            where problem.code == .notFound
        {
            page.showUnknown(problem, typed: call.parameter("number"), issuer: daemon.issuing.issuer.code)
            return try html("certificate", page.values, words, status: .notFound)
        } catch let problem as Problem where problem.code == .quota {
            page.showTooMany()
            return try html("certificate", page.values, words, status: .tooManyRequests)
                .with(.retryAfter, "\(problem.retryAfterSeconds ?? 2)").with(.cacheControl, "no-store")
        }
        let proof = try await daemon.proof(of: certificate)
        let verdict = try await daemon.verdict(
            .init(json: certificate.statement, signature: certificate.signature, proof: proof.bytes))
        try page.show(certificate, verdict, typed: query)
        return try html("certificate", page.values, words)
    }

    /// `/verify` and `/`: for a number or files; `?number=` leads to that number's page.
    @Sendable static func verifyPage(_ daemon: Daemon, _ call: Call) async throws -> Reply {
        let query = try call.query(["lang", "number"])
        let words = PageWords(try call.language(query))
        if let number = query["number"] {
            // As it was typed, so that the page can say what is wrong with it.
            let typed = CertificateNumber(number)?.description ?? String(number.prefix(60))
            let path = typed.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-"])) ?? ""
            guard !path.isEmpty else { throw Page.invalid("number", number, "a certificate's number") }
            let language = query["lang"] == "ur" ? "?lang=ur" : ""
            return Reply(status: .seeOther, headers: [.location: "/c/\(path)\(language)"], body: ResponseBody())
        }
        let page = CertificatePage(daemon, words, path: "/verify")
        return try html("certificate", page.values, words)
    }
}

/// The values of the template `certificate`.
struct CertificatePage {
    private(set) var values: [String: Any]
    private let words: PageWords
    private let daemon: Daemon

    /// As it is before anything is known: a page for any number.
    init(_ daemon: Daemon, _ words: PageWords, path: String) {
        self.daemon = daemon
        self.words = words
        let isUrdu = words.language == .urdu
        values = [
            "scripts": true, "isUrdu": isUrdu, "query": isUrdu ? "?lang=ur" : "",
            "otherLang": isUrdu ? "en" : "ur", "otherName": isUrdu ? "English" : "اردو",
            "otherHref": "\(path)?lang=\(isUrdu ? "en" : "ur")",
            "title": words("Certificate check"), "issuer": daemon.issuing.issuer.name,
            "issuerCode": daemon.issuing.issuer.code, "numberExample": "\(daemon.issuing.issuer.code)-26D-000001-7M541",
            "root": daemon.seal.rootBase64, "fingerprint": Self.fingerprint(daemon.seal.rootBase64),
            "keys": String(decoding: daemon.seal.publicFiles["keys.json"] ?? [], as: UTF8.self),
            "revoked": daemon.seal.issuingListBase64,
            "outside": daemon.seal.publicFiles[Seal.outsideAuthorities] != nil,
            "served": "\(daemon.inventory.time.microseconds / 1_000_000)",
            "verdict": "cannotTell", "headline": words("Is this certificate genuine?"),
            "lines": [["text": words("Type its number, scan its code, or choose its files.")]],
        ]
    }

    private static func fingerprint(_ base64: String) -> String {
        let digits = Hex.encode(SHA256.hash(Array(Data(base64Encoded: base64) ?? Data()))).uppercased()
        return stride(from: 0, to: digits.count, by: 2).map { String(digits.dropFirst($0).prefix(2)) }
            .joined(separator: ":")
    }

    /// A number that names no certificate of ours.
    mutating func showUnknown(_ problem: Problem, typed: String, issuer: String) {
        values["title"] = words("Certificate check")
        values["number"] = String(typed.prefix(60))
        guard let number = CertificateNumber(typed) else {
            values["headline"] = words("No such certificate")
            let line =
                "The number’s check character does not fit: this is likely a typing error. Compare it with the paper."
            values["lines"] = [["text": words(line)]]
            return
        }
        values["number"] = number.description
        if number.issuer == issuer {
            values["verdict"] = "notGenuine"
            values["headline"] = words("Not issued by {0}", issuer)
            values["lines"] = [["text": words("This number was never issued. Compare it with the paper.")]]
        } else {
            values["headline"] = words("Not issued by {0}", issuer)
            values["lines"] = [["text": words("The number is of another issuer, {0}. Ask there.", number.issuer)]]
        }
    }

    /// Too many numbers that were never issued were asked for from there.
    mutating func showTooMany() {
        values["headline"] = words("Please wait a moment")
        let line =
            "Too many numbers that were never issued were asked for from your address. Then open this page again."
        values["lines"] = [["text": words(line)]]
    }

    mutating func show(_ certificate: CertificateRecord, _ verdict: Verdict, typed: [String: String]) throws {
        let statement = try JSON(parsing: certificate.statement)
        let facts = CertificateFacts(statement, words)
        values["isKnown"] = true
        values["number"] = certificate.number
        values["sha256"] = Hex.encode(SHA256.hash(certificate.statement))
        values["class"] = certificate.certificateClass.rawValue
        values["weight"] = facts.weightCt
        values["sides"] = facts.sides.joined(separator: " ")
        // The list is asked where this page came from: a proxy, or a test, may be elsewhere than the signed address.
        values["statusList"] = statement["status"]?["list"]?.string.flatMap { URL(string: $0)?.path }
        values["statusIndex"] = statement["status"]?["index"]?.integer.map { "\($0)" }
        values["facts"] = facts.rows
        values["canMatch"] = facts.weightCt != nil || !facts.sides.isEmpty
        values["matchFields"] = matchFields(facts, typed)
        showMatch(facts, typed)
        showVerdict(verdict, statement, Standing(certificate))
        showTexts(statement)
        showPicture(statement["images"]?.elements?.first)
        showFiles(certificate, statement)
        values["canonical"] = "\(daemon.issuing.publicURL)/c/\(certificate.number)"
        values["previewTitle"] = "\(certificate.number): \(values["headline"] ?? "")"
        values["preview"] = preview(statement, facts)
    }

    private mutating func showVerdict(_ verdict: Verdict, _ statement: JSON, _ standing: Standing) {
        let parts = verdict.headline.split(separator: ": ", maxSplits: 1).map(String.init)
        var lines: [[String: Any]] = []
        if parts.count > 1 { lines.append(line(parts[1].capitalisedFirst)) }
        let issuer = statement["issuer"]?["name"]?.string ?? ""
        let day = statement["issuedAt"]?.string.map { words.day($0) } ?? ""
        switch verdict.outcome {
        case .genuine: lines.append(["text": words("Issued by {0} on {1}. Not cancelled.", issuer, day)])
        case .cancelled:
            if let reason = standing.reason, let changed = standing.changed {
                let why = words.language == .english ? reason.names.en.capitalisedFirst : reason.names.ur
                lines.append(["text": "\(why) (\(words.day(changed.description)))\(words("."))"])
            }
            lines.append(["text": words("Issued by {0} on {1}.", issuer, day)])
            values["successor"] = standing.supersededBy
        case .notGenuine, .cannotTell: break
        }
        values["verdict"] = verdict.outcome.rawValue
        values["headline"] = words(parts.first ?? verdict.headline)
        values["lines"] = lines
        values["title"] = "\(statement["number"]?.string ?? ""): \(words(parts.first ?? ""))"
        values["steps"] = verdict.steps.compactMap { step in step.step == .attachments ? nil : row(step) }
    }

    /// Reasons that the verifier gives are English where nobody has put them into Urdu.
    private func line(_ english: String) -> [String: Any] {
        let text = translated(english)
        return [
            "text": text + (text.hasSuffix(".") || text.hasSuffix("۔") ? "" : words(".")),
            "isEnglish": words.language != .english && text == english,
        ]
    }

    /// A sentence of the verifier in the page's language, as far as it has one.
    private func translated(_ english: String) -> String {
        guard words.language == .urdu, PageWords.urdu[english] == nil else { return words(english) }
        // A reason at the head of the page begins with a capital letter.
        return UrduReasons.urdu(english) ?? UrduReasons.urdu(english.prefix(1).lowercased() + english.dropFirst())
            ?? english
    }

    private func row(_ answer: Verdict.Answer) -> [String: Any] {
        var row: [String: Any] = [
            "step": answer.step.rawValue, "name": words(PageWords.steps[answer.step.rawValue] ?? answer.step.rawValue),
        ]
        switch answer.result {
        case .met: (row["result"], row["mark"]) = ("met", "✓")
        case .failed(let reason):
            (row["result"], row["mark"], row["word"]) = ("failed", "✗", words("fails"))
            row.merge(self.reason(reason)) { $1 }
        case .notChecked(let reason):
            (row["result"], row["mark"], row["word"]) = ("notChecked", "–", words("not checked"))
            row.merge(self.reason(reason)) { $1 }
        }
        return row
    }

    private func reason(_ english: String) -> [String: Any] {
        let text = translated(english)
        return ["reason": text, "isEnglish": words.language != .english && text == english]
    }

    private mutating func showTexts(_ statement: JSON) {
        values["hasDisclosure"] = true
        values["signedDisclosure"] = statement["disclosure"]?.string ?? ""
        values["limits"] = statement["limits"]?.string ?? ""
        if words.language != .english, let text = Self.disclosure(ofCertified: statement["piece"], in: words.language) {
            values["disclosure"] = text
        }
    }

    /// In another language than the signed one, from the signed facts; nil where these name a piece that is not here.
    private static func disclosure(ofCertified facts: JSON?, in language: Disclosure.Language) -> String? {
        // What is no piece to this gemd was signed by another: then the signed words stand alone.
        guard let facts, let piece = try? Piece(stored: facts.merging(.object(["id": .null, "basis": .null]))) else {
            return nil
        }
        let stones = piece.disclosedStones { _ in nil }
        guard stones.allSatisfy({ $0.unresolvedPiece == nil }) else { return nil }
        return Issuing.text(Disclosure(of: stones, backing: .dealer, language: language))
    }

    private mutating func showPicture(_ image: JSON?) {
        guard let sha256 = image?["publicSha256"]?.string, let width = image?["width"]?.integer,
            let height = image?["height"]?.integer
        else { return }
        let longest = max(width, height, 1)
        values["image"] = "/img/\(sha256).jpg"
        values["previewImage"] = "\(daemon.issuing.publicURL)/img/\(sha256).jpg"
        values["width"] = width * min(1200, longest) / longest
        values["height"] = height * min(1200, longest) / longest
    }

    private mutating func showFiles(_ certificate: CertificateRecord, _ statement: JSON) {
        let base = "/c/\(certificate.number)"
        values["files"] = [
            (".pdf?lang=\(words.language == .urdu ? "ur" : "en")", "The certificate on paper (PDF)"),
            (".json", "The certificate (JSON)"), (".p7s", "Its signature (p7s)"),
            (".tlog-proof", "Proof that it is in the public log"),
        ].map { ["href": base + $0, "name": words($1)] }
        values["technicalRows"] = [
            ("SHA-256", values["sha256"] as? String), ("Log", statement["log"]?["origin"]?.string),
            (words("Entry of the log"), certificate.logIndex.map { "\($0)" }),
            (words("Time of issue"), statement["issuedAt"]?.string),
            (words("Status list"), statement["status"]?["list"]?.string),
            (words("Root key (SHA-256)"), values["fingerprint"] as? String),
        ].compactMap { name, value in value.map { ["name": name, "value": $0] } }
    }

    private func matchFields(_ facts: CertificateFacts, _ typed: [String: String]) -> [[String: String]] {
        var fields = [(id: String, name: String)]()
        if facts.weightCt != nil { fields.append(("weight", words("Weight") + " (ct)")) }
        for (id, name) in zip(["length", "width", "depth"], ["Length", "Width", "Depth"]).prefix(facts.sides.count) {
            fields.append((id, words(name) + " (mm)"))
        }
        return fields.map { ["id": $0.id, "name": $0.name, "value": String((typed[$0.id] ?? "").prefix(12))] }
    }

    /// The answer to the form without scripts.
    private mutating func showMatch(_ facts: CertificateFacts, _ typed: [String: String]) {
        guard PublicHandlers.matchNames.contains(where: { typed[$0] != nil }) else { return }
        let match = PageMatch(typed, against: facts)
        values["matchClass"] = match.isUnreadable ? "cannotTell" : match.result?.style ?? "cannotTell"
        let sentence =
            match.isUnreadable
            ? words("Write numbers such as 1.58.")
            : words(match.result?.sentence ?? "Fill in at least one value that the certificate has.")
        values["matchAnswer"] = sentence
        if !match.isUnreadable {
            values["matchRows"] = match.rows.map { ["row": "\(words($0.name)): \(words($0.result.word))"] }
        }
    }

    /// What a messenger shows under a link.
    private func preview(_ statement: JSON, _ facts: CertificateFacts) -> String {
        let piece = statement["piece"]
        let stone = piece?[piece?["kind"]?.string ?? "stone"]
        let parts: [String?] = [
            piece?["title"]?.string
                ?? (stone?["variety"]?.string.map { words.code($0, of: "varieties") }
                    ?? stone?["species"]?.string.map { words.code($0, of: "species") }),
            facts.weightCt.map { $0 + " ct" },
            facts.sides.isEmpty ? nil : facts.sides.joined(separator: " × ") + " mm",
            statement["issuer"]?["name"]?.string,
        ]
        return parts.compactMap { $0 }.joined(separator: " · ")
    }
}

extension Seal {
    /// The issuing authority's revocation list, by which scripts judge what is signed.
    fileprivate var issuingListBase64: String {
        guard let list = publicFiles["issuing.crl"], let der = try? RevocationList(list).der else { return "" }
        return Data(der).base64EncodedString()
    }

    /// The root certificate's DER in Base64: what stands between the lines of its PEM.
    fileprivate var rootBase64: String {
        String(decoding: publicFiles["root.pem"] ?? [], as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("-----") }.joined()
    }
}
