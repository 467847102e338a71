import GemModel

/// What somebody measured of a stone, to be held against a certificate by the rule of ``StoneMatch``.
struct StoneInHand: Sendable {
    private let measured: StoneMatch.Measures
    private let isMounted: Bool

    /// Nil when nothing was measured.
    init?(weight: String?, size: String?, isMounted: Bool) throws(Failure) {
        guard weight != nil || size != nil else {
            guard !isMounted else {
                throw Failure(.usage, "--mounted says nothing by itself", hint: "give --size as you measured it")
            }
            return nil
        }
        var measured = StoneMatch.Measures()
        if let weight { measured.weight = try Self.weight(weight) }
        if let size {
            let sides = try Shorthand.size(size)
            (measured.length, measured.width, measured.depth) = (
                try Self.side(sides["length"], size), try Self.side(sides["width"], size),
                try Self.side(sides["depth"], size)
            )
        }
        self.measured = measured
        self.isMounted = isMounted
    }

    /// In 10⁻⁵ ct; a bare number is carats, as scales show them.
    private static func weight(_ text: String) throws(Failure) -> Int64 {
        let isBare = text.utf8.last.map { 0x30...0x39 ~= $0 } ?? false
        // What is wrong with it in a piece's words does not fit here.
        let carats = try? Weight.carats(isBare ? text + " ct" : text)
        guard let units = carats.flatMap({ scaledDecimal($0, decimals: 5) }), units > 0 else {
            throw Shorthand.usage("--weight", "\"\(text)\" is no weight", "write 1.58ct, 316mg or 0.316g")
        }
        return units
    }

    private static func side(_ json: JSON?, _ text: String) throws(Failure) -> Int64? {
        guard let digits = json?.string else { return nil }
        guard let side = scaledDecimal(digits, decimals: 3), side > 0 else {
            throw Shorthand.usage("--size", "\"\(text)\" is not a size", "write millimetres as 9.12x7.05x4.88")
        }
        return side
    }

    func compare(with described: StoneMatch.Measures) -> Comparison {
        StoneMatch(measured, described, isMounted: isMounted).map(Comparison.found) ?? .nothing
    }

    enum Comparison {
        case found(StoneMatch)
        /// The certificate gives nothing of what was measured.
        case nothing
        /// The certificate is not authentic.
        case notCompared

        /// A near miss may be the gauge's fault.
        var outcome: Outcome {
            switch self {
            case .found(let match): [.match: .ok, .possible: .cannotTell, .mismatch: .notGenuine][match.outcome] ?? .ok
            case .nothing: .cannotTell
            case .notCompared: .ok
            }
        }

        /// As `POST /v1/verify/{number}/match` answers.
        var json: JSON? { if case .found(let match) = self { match.json } else { nil } }

        func lines(_ printer: Printer) -> [String] {
            switch self {
            case .notCompared: return []
            case .nothing:
                return [Message("the certificate gives nothing of what you measured: compare the photograph").text]
            case .found(let match):
                let head: String =
                    switch match.outcome {
                    case .match: printer.coloured(Message("THE STONE FITS").text, .green)
                    case .possible: printer.coloured(Message("IT MAY BE THE STONE: MEASURE AGAIN").text, .yellow)
                    case .mismatch: printer.coloured(Message("NOT THE STONE OF THIS CERTIFICATE").text, .red)
                    }
                let parts = (match.json["measures"]?.elements ?? []).map { part in
                    let mark = ["match": "✓", "possible": "~"][part["result"]?.string ?? ""] ?? "✗"
                    let (name, unit) = Words.name(of: part["name"]?.string ?? "")
                    func value(_ member: String) -> String { (part[member]?.string ?? "") + " " + (unit ?? "") }
                    return "  \(mark) "
                        + Message("\(name): \(value("measured")), the certificate says \(value("certificate"))").text
                }
                let note: Message =
                    match.outcome == .mismatch
                    ? "it is another stone, or it was cut again"
                    : "compare the photograph and any inscription too: many stones share a size"
                return [head] + parts + [note.text]
            }
        }
    }
}
