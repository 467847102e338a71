/// A controlled term: a stable ASCII code that programs rely on.
public protocol Code: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable {
    /// Other spellings taken on input, never written.
    static var aliases: [String: Self] { get }
}

extension Code {
    public static var aliases: [String: Self] { [:] }

    /// By its code or another spelling of it.
    static func named(_ text: String) throws(InvalidInput) -> Self {
        if let value = Self(rawValue: text) ?? Self.aliases[text] { return value }
        let codes = Self.allCases.map(\.rawValue)
        let near = Spelling.nearest(to: text, among: codes)
        throw InvalidInput(
            "\"\(text.prefix(40))\" is not one of the codes gemd knows here",
            hint: (near.map { "did you mean \"\($0)\"? " } ?? "") + "write one of " + codes.joined(separator: ", "))
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = try Self.named(text)
        if rawValue != text { (decoder as? Node)?.path.noteRespelling(as: rawValue) }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(rawValue)
    }
}

/// A code of the data dictionary: `GET /v1/codes` lists it with its names.
///
/// The same enum validates and is listed, so the list cannot lag behind.
public protocol Term: Code {
    /// The name of its list, such as `shapes`.
    static var list: String { get }
    var names: Names { get }
}

/// What a code is called, for people.
public struct Names: Hashable, Sendable {
    public var en: String
    public var ur: String

    public init(_ en: String, _ ur: String) {
        self.en = en
        self.ur = ur
    }
}
