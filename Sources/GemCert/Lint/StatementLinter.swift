package import FoundationEssentials
import GemCrypto
package import GemModel

/// Reads a statement's finished bytes as a stranger would and refuses what a certificate must not say.
///
/// It shares no code with `Statement`, so that one mistake does not pass both. It runs before anything is
/// signed, and again in the verifier.
package enum StatementLinter {
    /// What is wrong, and where: `piece.stone.treatments[0].code`.
    package struct Finding: Error, Hashable, CustomStringConvertible {
        package let path: String
        package let reason: String

        package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
    }

    /// What a verifier goes on with.
    package struct Facts: Hashable, Sendable {
        package let number: CertificateNumber
        package let certificateClass: CertificateClass
        package let issuedAt: Date
        package let issuerCode: String
        package let statusList: String
        package let statusIndex: Int
        package let logOrigin: String
        package let needsTimestamp: Bool
        /// Of a check: the piece is not the one of the record.
        package let isMismatch: Bool
    }

    /// A statement's bytes and what the linter read in them; only the linter makes one.
    package struct Linted: Hashable, Sendable {
        package let bytes: [UInt8]
        package let facts: Facts
        /// The bytes as they were read.
        package let json: JSON
        /// Of the bytes.
        package let sha256: [UInt8]

        package init(_ bytes: [UInt8]) throws(Finding) {
            let isPlain = StatementLinter.isPlain(bytes)
            json = try StatementLinter.read(bytes, isPlain: isPlain)
            facts = try StatementLinter.check(json, isPlain: isPlain)
            self.bytes = bytes
            sha256 = SHA256.hash(bytes)
        }
    }

    package static func check(_ bytes: [UInt8]) throws(Finding) -> Facts {
        let isPlain = isPlain(bytes)
        return try check(read(bytes, isPlain: isPlain), isPlain: isPlain)
    }

    /// Whether it holds nothing but printable ASCII, no escape and no null: then no text in it can hide anything.
    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        // Without a way out of the loop, so that many bytes are looked at together.
        var odd: UInt8 = 0
        for byte in bytes { odd |= (byte &- 0x20 > 0x5E ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0) }
        guard odd == 0 else { return false }
        return !bytes.indices.contains { bytes[$0] == UInt8(ascii: "n") && bytes[$0...].starts(with: "null".utf8) }
    }

    /// The canonical part: one text only for these facts, readable in one way only.
    static func read(_ bytes: [UInt8], isPlain: Bool = false) throws(Finding) -> JSON {
        guard bytes.count <= 65_536 else { throw Finding(path: "", reason: "it is longer than 64 kB") }
        let json = if let read = JSON(canonical: bytes, maxDepth: 16) { read } else { try readLoosely(bytes) }
        if !isPlain { try Walk.composed(json) }
        return json
    }

    /// Finds what is not canonical.
    private static func readLoosely(_ bytes: [UInt8]) throws(Finding) -> JSON {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, maxDepth: 16)
        } catch {
            throw Finding(path: "", reason: "it cannot be read in one way only: \(error)")
        }
        do {
            guard try json.canonical() == bytes else {
                throw Finding(path: "", reason: "it is not in the canonical form: spaces, order or spelling differ")
            }
        } catch let error as JSONError {
            throw Finding(path: "", reason: error.reason)
        } catch let finding as Finding {
            throw finding
        } catch {
            throw Finding(path: "", reason: "\(error)")
        }
        return json
    }

    /// What no certificate may say, asked of a part of one before it is written: so that nobody signs in vain.
    package static func checkPart(_ json: JSON) throws(Finding) {
        try Walk.characters(json)
        try Walk.private(json)
    }

    /// The rest: members, shapes, and what this class may not say.
    static func check(_ json: JSON, isPlain: Bool = false) throws(Finding) -> Facts {
        if !isPlain { try Walk.characters(json) }
        let top = try Members(json, "")
        guard try top.text("@type") == "gemd/certificate/1" else {
            throw top.wrong("@type", "is not gemd/certificate/1")
        }
        guard let number = CertificateNumber(try top.text("number")), try top.text("number") == number.description
        else { throw top.wrong("number", "is no certificate number") }
        guard try top.text("class") == number.certificateClass.rawValue else {
            throw top.wrong("class", "is not the class that the number shows")
        }
        let certificateClass = number.certificateClass
        try top.only(
            members[certificateClass]!,
            mayHave: certificateClass == .examination
                ? ["supersedes", "expiresAt", "deviations"] : ["supersedes", "expiresAt"])

        guard let issuedAt = CivilTime(text: try top.text("issuedAt")) else {
            throw top.wrong("issuedAt", "is not a time like 2026-11-21T09:30:00.000Z")
        }
        guard issuedAt.year % 100 == number.year else {
            throw top.wrong("issuedAt", "is not in the year of the number")
        }
        try top.hex("nonce", digits: 32)
        let issuer = try top.object("issuer")
        try issuer.only(["code", "name", "country"])
        guard try issuer.text("code") == number.issuer else {
            throw issuer.wrong("code", "is not the issuer that the number shows")
        }
        try issuer.filled("name")
        guard isCountry(try issuer.text("country")) else {
            throw issuer.wrong("country", "is no ISO 3166 code")
        }
        try checkImages(top)
        let status = try top.object("status")
        try status.only(["list", "index"])
        try status.address("list")
        let statusIndex = try status.number("index", 0...Int.max)
        let log = try top.object("log")
        try log.only(["origin"])
        try log.filled("origin")
        let needsTimestamp = certificateClass == .examination || certificateClass == .check
        guard try top.text("timestamp") == (needsTimestamp ? "required" : "none") else {
            throw top.wrong("timestamp", "is not what this class needs")
        }
        try top.filled("disclosure")
        try top.filled("limits")
        try top.address("verify")
        guard try top.text("verify").hasSuffix("/c/\(number.description)") else {
            throw top.wrong("verify", "does not lead to this number")
        }
        if top.has("supersedes") {
            let earlier = try top.object("supersedes")
            try earlier.only(["number", "sha256"])
            let text = try earlier.text("number")
            guard CertificateNumber(text)?.description == text, text != number.description else {
                throw earlier.wrong("number", "is not the number of another certificate")
            }
            try earlier.hex("sha256", digits: 64)
        }
        if top.has("expiresAt") {
            guard let end = CivilTime(text: try top.text("expiresAt")), end.date > issuedAt.date else {
                throw top.wrong("expiresAt", "is not a time after issuedAt")
            }
        }
        let piece = try top.object("piece")
        guard !piece.members.isEmpty else { throw top.wrong("piece", "says nothing") }
        let said = JSON.object(piece.members)
        do {
            try Walk.private(said)
            switch certificateClass {
            case .declaration: try Walk.dealersWords(said)
            case .examination: try Walk.laboratorysWords(said)
            case .check: try Walk.comparersWords(said)
            case .external: try Walk.copyistsWords(said)
            }
        } catch {
            throw error.inside("piece")
        }
        switch certificateClass {
        case .declaration: try party(top, "declarant")
        case .examination: try checkExamination(top, issuedAt: issuedAt.date, piece: said)
        case .check: try checkComparison(top, issuedAt: issuedAt.date, number: number)
        case .external: try checkCopy(top, issuedAt: issuedAt.date)
        }

        return Facts(
            number: number, certificateClass: certificateClass, issuedAt: issuedAt.date, issuerCode: number.issuer,
            statusList: try status.text("list"), statusIndex: statusIndex, logOrigin: try log.text("origin"),
            needsTimestamp: needsTimestamp,
            isMismatch: certificateClass == .check && json["result"]?.string == "mismatch")
    }

    private static let members: [CertificateClass: [String]] = {
        let always = [
            "@type", "number", "class", "issuedAt", "nonce", "issuer", "piece", "images", "status", "log", "timestamp",
            "disclosure", "limits", "verify",
        ]
        return [
            .declaration: always + ["declarant"],
            .examination: always + [
                "lab", "condition", "receivedOn", "examinedOn", "examiners", "approver", "methods", "uncertainty",
                "instruments", "scope", "opinions", "approvals",
            ],
            .check: always + [
                "compared", "result", "checkedOn", "methods", "examiners", "approver", "approvals",
            ],
            .external: always + ["report", "recordedBy"],
        ]
    }()

    private static func checkImages(_ top: Members) throws(Finding) {
        let images = try top.array("images")
        for (i, each) in images.enumerated() {
            let image = try Members(each, "images[\(i)]")
            try image.only(["role", "mediaType", "width", "height", "sha256", "publicSha256"])
            try image.filled("role")
            guard isImageType(try image.text("mediaType")) else {
                throw image.wrong("mediaType", "is no kind of image")
            }
            _ = try image.number("width", 1...100_000)
            _ = try image.number("height", 1...100_000)
            try image.hex("sha256", digits: 64)
            try image.hex("publicSha256", digits: 64)
        }
    }
}
