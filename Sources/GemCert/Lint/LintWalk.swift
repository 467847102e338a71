import GemModel
@_spi(_Unicode) import Swift

extension StatementLinter {
    /// Rules that hold at every depth. Paths are put together only when a fault climbs back up.
    enum Walk {
        /// Normalization Form C everywhere: what looks the same is the same bytes.
        static func composed(_ json: JSON) throws(Finding) {
            try each(json) { text throws(Finding) in
                guard let text, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return }
                guard text.unicodeScalars.elementsEqual(text._nfc) else {
                    throw Finding(path: "", reason: "its letters are not composed (Unicode NFC)")
                }
            }
        }

        /// No null, no control characters, and nothing that turns the direction of the text around it,
        /// with which a reader could be shown something else than is signed.
        static func characters(_ json: JSON) throws(Finding) {
            try each(json) { text throws(Finding) in
                guard let text else { throw Finding(path: "", reason: "is null; what is absent is left out") }
                if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return }
                for scalar in text.unicodeScalars {
                    switch scalar.value {
                    case 0x0A: continue
                    // What is drawn as nothing, or as anybody likes. The joiners U+200C and U+200D stay: Urdu needs them.
                    case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B,
                        0x202A...0x202E, 0x2060...0x206F, 0x3164, 0xE000...0xF8FF, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB,
                        0xE0000...0xE0FFF:
                        let code = String(scalar.value, radix: 16).uppercased()
                        throw Finding(path: "", reason: "it holds the hidden character U+\(code)")
                    default:
                        // The last two code points of every plane are no characters at all.
                        guard scalar.value & 0xFFFE != 0xFFFE else {
                            throw Finding(path: "", reason: "it holds no character")
                        }
                    }
                }
            }
        }

        /// Calls `check` for every text and every member's name, and with nil for null.
        private static func each(_ json: JSON, _ check: (String?) throws(Finding) -> Void) throws(Finding) {
            switch json {
            case .null: try check(nil)
            case .bool, .number: return
            case .string(let text): try check(text)
            case .array, .object:
                try inside(json) { name, value throws(Finding) in
                    if let name { try check(name) }
                    try each(value, check)
                }
            }
        }

        /// Calls `body` for what an array or object holds; a fault inside gets the way to it put in front.
        static func inside(
            _ json: JSON, _ body: (_ name: String?, _ value: JSON) throws(Finding) -> Void
        ) throws(Finding) {
            for member in json.members ?? [] {
                do { try body(member.name, member.value) } catch { throw error.inside(member.name) }
            }
            for (i, element) in (json.elements ?? []).enumerated() {
                do { try body(nil, element) } catch { throw error.inside("[\(i)]") }
            }
        }

        private static let privateNames: Set<String> = [
            "amount", "buyer", "consignee", "currency", "leadtimedays", "location", "makingcharge", "metallinked",
            "moq", "notes",
            "percarat", "seller", "stonesvalue", "tiers",
        ]

        /// A part of a name that gives it away: `purchasePrice`, `ownerName`.
        private static let privateWords = ["price", "cost", "owner"].map { Array($0.utf8) }

        /// Nothing of the trade: what a piece costs, whose it is, where it lies.
        /// What was noted at a test is a finding; what was noted of the piece is its dealer's.
        static func `private`(_ json: JSON, in parent: String? = nil) throws(Finding) {
            try inside(json) { name, value throws(Finding) in
                if let name, parent != "tests" || name != "notes" {
                    let folded = name.lowercased()
                    guard !privateNames.contains(folded), !privateWords.contains(where: { holds(folded, $0) }) else {
                        throw Finding(path: "", reason: "must not stand in a certificate")
                    }
                }
                try `private`(value, in: name ?? parent)
            }
        }

        /// By bytes: the library's search for text in text took half of a signature's time.
        private static func holds(_ text: String, _ word: [UInt8]) -> Bool {
            var rest = text.utf8[...]
            while rest.count >= word.count {
                if rest.starts(with: word) { return true }
                rest = rest.dropFirst()
            }
            return false
        }

        /// A dealer may claim, but neither say "no treatment", nor grade, nor give an origin as its own finding.
        static func dealersWords(_ json: JSON) throws(Finding) {
            try inside(json) { name, value throws(Finding) in
                // A diamond's "identification" tells how it was known from a grown one.
                if name != "diamond" { try pearlsWords(value) }
                switch name {
                case "treatments":
                    guard let list = value.elements, !list.isEmpty else {
                        throw Finding(path: "", reason: "is empty, which would read as no treatment")
                    }
                    for (i, treatment) in list.enumerated() where scalar(treatment["code"] ?? treatment) == "NONE" {
                        throw Finding(path: "[\(i)].code", reason: "only a laboratory may say that there is none")
                    }
                case "basis":
                    guard value.string != "graded" else { throw Finding(path: "", reason: "only a laboratory grades") }
                case "origin":
                    if let basis = value["basis"]?.string, ["measured", "graded", "estimated"].contains(basis) {
                        throw Finding(path: "basis", reason: "only a laboratory gives an origin as its finding")
                    }
                default: break
                }
                try dealersWords(value)
            }
        }

        /// That a pearl is natural is seen by X-ray alone: a dealer may only repeat another's report.
        private static func pearlsWords(_ json: JSON) throws(Finding) {
            guard let said = json["identification"], scalar(said) == "NATURAL" else { return }
            guard (said["basis"] ?? json["basis"])?.string == "external" else {
                throw Finding(
                    path: "identification", reason: "only a laboratory's X-ray shows that a pearl is natural")
            }
        }

        /// A scalar may carry its own basis: `{"value":"NONE","basis":"measured"}`.
        static func scalar(_ json: JSON) -> String? {
            (json.string ?? json["value"]?.string)?.uppercased()
        }
    }
}

extension StatementLinter.Finding {
    /// The same, seen from one level further out.
    func inside(_ outer: String) -> Self {
        let dot = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return Self(path: outer + dot + path, reason: reason)
    }
}
