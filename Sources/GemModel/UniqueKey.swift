/// What only one live piece may carry: the number of a laboratory's report, an inscription, a tag, a photograph
/// (domain §0.5, §6). Two pieces with one key are a question, never a proof: people mistype, and lasers copy.
public struct UniqueKey: Hashable, Sendable {
    public enum Kind: String, Term {
        case report, inscription, tag, photograph
    }

    public var kind: Kind
    /// In the one spelling that is compared: small letters and digits without spaces, hyphens or accents. Of a report
    /// `gia:2141438171`, of a photograph its SHA-256.
    public var value: String
    /// Where the piece says it, as a JSON path. Two keys are the same wherever they stand.
    public var field: String

    public init(_ kind: Kind, _ value: String, field: String) {
        self.kind = kind
        self.value = value
        self.field = field
    }

    public static func == (a: Self, b: Self) -> Bool { a.kind == b.kind && a.value == b.value }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(value)
    }
}

extension Piece {
    /// The keys that the document holds, each once; empty for nearly every piece, and then at no cost.
    public var uniqueKeys: [UniqueKey] {
        let inscriptions = stone?.diamond?.inscriptions
        guard externalIds != nil || inscriptions != nil else { return [] }
        var keys: [UniqueKey] = []
        func add(_ key: UniqueKey?) {
            if let key, !keys.contains(key) { keys.append(key) }
        }
        for (index, id) in (externalIds ?? []).enumerated() {
            add(UniqueKey(scheme: id.scheme.text, id: id.id.text, field: "externalIds[\(index)]"))
        }
        for (index, text) in (inscriptions ?? []).enumerated() {
            add(UniqueKey(inscription: text.text, field: "stone.diamond.inscriptions[\(index)]"))
        }
        return keys
    }
}

extension UniqueKey {
    /// Laboratories by their folded names, and other ways to write them.
    private static let laboratories: [String: String] = [
        "gia": "gia", "igi": "igi", "hrd": "hrd", "ssef": "ssef", "gubelin": "gubelin", "guebelin": "gubelin",
        "ggl": "gubelin", "grs": "grs", "agl": "agl", "ggtl": "ggtl", "git": "git", "aigs": "aigs", "lotus": "lotus",
        "lotusgemology": "lotus", "ags": "ags", "gcal": "gcal", "egl": "egl", "cgl": "cgl", "dsef": "dsef",
        "icl": "icl", "bellerophon": "bellerophon", "cdtec": "cdtec", "cisgem": "cisgem", "gfco": "gfco",
        "iigj": "iigj", "gtl": "gtl", "gsi": "gsi", "ngtc": "ngtc", "gic": "gic", "gaj": "gaj", "gaaj": "gaj",
    ]

    /// Nil for schemes that say nothing of one single thing, such as a GTIN or a supplier's number.
    init?(scheme: String, id: String, field: String) {
        var name = Self.folded(scheme)
        var isReport = false
        // "GIA-Report No.", "IGI certificate", "SSEF".
        for suffix in ["number", "nr", "no"] where name.hasSuffix(suffix) && name.count > suffix.count + 2 {
            name = String(name.dropLast(suffix.count))
            break
        }
        for suffix in ["certificate", "report", "cert"] where name.hasSuffix(suffix) && name.count > suffix.count + 1 {
            name = String(name.dropLast(suffix.count))
            isReport = true
            break
        }
        if let laboratory = Self.laboratories[name] ?? (isReport ? name : nil) {
            let number = Self.folded(id)
            guard number.count >= 3, Self.tellsOneFromAnother(number) else { return nil }
            self.init(.report, "\(laboratory):\(number)", field: field)
        } else if Self.isTag(name) {
            // The points within an EPC part its numbers.
            let tag = Self.folded(id, keeping: ".")
            guard tag.count >= 4, Self.tellsOneFromAnother(tag) else { return nil }
            self.init(.tag, tag, field: field)
        } else {
            return nil
        }
    }

    /// Nil for words of love and `LAB GROWN`, which many stones carry.
    ///
    /// `GIA 2141438171` is that report's number, so that a stone inscribed with it meets the one that has the report.
    init?(inscription: String, field: String) {
        let text = Self.folded(inscription)
        let words = inscription.split { !$0.isLetter && !$0.isNumber }
        if words.count > 1, let laboratory = words.first.flatMap({ Self.laboratories[Self.folded(String($0))] }) {
            let number = Self.folded(words.dropFirst().joined())
            if number.count >= 4, Self.tellsOneFromAnother(number) {
                self.init(.report, "\(laboratory):\(number)", field: field)
                return
            }
        }
        guard text.count >= 5, text.count(where: \.isNumber) >= 3, Self.tellsOneFromAnother(text) else { return nil }
        self.init(.inscription, text, field: field)
    }

    private static func isTag(_ scheme: String) -> Bool {
        ["epc", "rfid", "nfc"].contains { scheme.hasPrefix($0) || scheme.hasSuffix($0) }
            || ["tag", "tid", "uid", "taguid", "chip"].contains(scheme)
    }

    /// It has a digit, and more than one character over and over: `n/a` and `0000` stand for nothing.
    private static func tellsOneFromAnother(_ text: String) -> Bool {
        text.contains(where: \.isNumber) && Set(text).count > 1
    }

    /// Small letters and ASCII digits, without accents, spaces and signs; the same whether an accent was written as one
    /// character or two (Unicode NFC, NFD), in full width, or in Arabic digits.
    static func folded(_ text: String, keeping kept: Unicode.Scalar? = nil) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch FoldedCharacter(scalar) {
            case .letter(let letter): folded.append(contentsOf: FoldedCharacter.lower(FoldedCharacter.bare(letter)))
            case .digit(let digit): folded.append(Unicode.Scalar(digit))
            case .sign(let sign) where sign == kept: folded.append(sign)
            case .mark, .sign: break
            }
        }
        return String(folded)
    }
}

/// How the council ends a conflict case. Both sides' pieces are then free again, so a case stays open for as long as one
/// must be held back.
public enum CaseOutcome: String, Term {
    /// Two pieces: the number or photograph is shared by mistake or chance.
    case differentPieces = "different_pieces"
    /// One piece, and the parties agree on whose it is.
    case agreed
    /// One side had entered it wrongly.
    case mistyped
    /// What was reported stolen came back to its owner.
    case recovered
    /// By itself: one side was sold, gone or corrected. Never chosen.
    case settled
}

/// Whether a conflict case still holds its pieces back.
public enum CaseState: String, Term {
    case open, closed
}

extension PieceStatus {
    /// Whether a piece with this status is somebody's now, so that no other may have the same keys: also one that was
    /// lost or stolen, since that is how it is found.
    public static func isLive(_ status: String) -> Bool {
        !["draft", "sold", "returned", "destroyed", "merged", "split", "transferred"].contains(status)
    }
}

extension Finding {
    private static let conflictCodes: Set<String> = ["live-elsewhere", "seen-again", "registered-twice"]

    /// Whether a finding of this code depends on other pieces, and not on the piece's own facts.
    public static func isOfConflict(code: String?) -> Bool { code.map(conflictCodes.contains) ?? false }

    /// All that a dealer learns: never whose the other piece is, what, or where.
    public static func liveElsewhere(_ key: UniqueKey, case number: Int64) -> Finding {
        Finding(
            "live-elsewhere", .unusual, key.field, "the \(key.kind.names.en) is already live elsewhere, case \(number)")
    }

    /// For the owner of a piece that was reported lost or stolen.
    public static func seenAgain(_ key: UniqueKey, case number: Int64) -> Finding {
        Finding(
            "seen-again", .unusual, key.field,
            "the \(key.kind.names.en) was seen again, case \(number): the council knows where")
    }

    public static func registeredTwice(_ key: UniqueKey, stockNumber: String) -> Finding {
        Finding("registered-twice", .unusual, key.field, "\(stockNumber) has the same \(key.kind.names.en)")
    }
}
