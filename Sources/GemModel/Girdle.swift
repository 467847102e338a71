/// How thick a diamond's girdle is: one size, or from the thinnest to the thickest place, such as `MED-STK`.
public struct Girdle: Codable, Hashable, Sendable, CustomStringConvertible {
    public enum Size: String, Term {
        case extremelyThin = "ETN"
        case veryThin = "VTN"
        case thin = "THN"
        /// Vendors' own, between thin and medium; never given by a laboratory.
        case slightlyThin = "STN"
        case medium = "MED"
        case slightlyThick = "STK"
        case thick = "THK"
        case veryThick = "VTK"
        case extremelyThick = "ETK"

        /// What people write for it, folded to small letters without blanks.
        fileprivate static let words: [String: Size] = {
            var words: [String: Size] = [
                "xtn": .extremelyThin, "tn": .thin, "m": .medium, "tk": .thick, "xtk": .extremelyThick,
                "sltk": .slightlyThick,
                "slthick": .slightlyThick, "slthin": .slightlyThin, "vthin": .veryThin, "vthick": .veryThick,
            ]
            for size in allCases {
                words[size.rawValue.lowercased()] = size
                words[size.names.en.lowercased().filter { $0 != " " }] = size
            }
            return words
        }()
    }

    /// The codes, or words of a store of an earlier version: those are read, but no longer taken.
    public let text: String

    public var description: String { text }
    var isCoded: Bool { Self.coded(text) == text }

    public init(_ words: String) { text = Self.coded(words) ?? words }

    /// `Medium to Slightly Thick` as `MED-STK`; nil for anything else.
    private static func coded(_ words: String) -> String? {
        let folded = words.lowercased().replacing(" to ", with: "-").filter { $0 != " " && $0 != "." }
        let parts = folded.split(omittingEmptySubsequences: false) { "-–/".contains($0) }
        let sizes = parts.compactMap { Size.words[String($0)] }
        guard sizes.count == parts.count, (1...2).contains(sizes.count) else { return nil }
        let all = Size.allCases
        if sizes.count == 2, let first = all.firstIndex(of: sizes[0]), let last = all.firstIndex(of: sizes[1]),
            first > last
        {
            return nil
        }
        return Set(sizes).count == 1 ? sizes[0].rawValue : sizes.map(\.rawValue).joined(separator: "-")
    }

    public init(from decoder: any Decoder) throws {
        let line = try Line(from: decoder)
        self.init(line.text)
        if text != line.text { (decoder as? Node)?.path.noteRespelling(as: text) }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}
