/// A controlled term: a stable ASCII code that programs rely on.
public protocol Code: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable {
    /// Other spellings taken on input, never written.
    static var aliases: [String: Self] { get }
}

extension Code {
    public static var aliases: [String: Self] { [:] }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(rawValue: text) ?? Self.aliases[text] else {
            let codes = Self.allCases.map(\.rawValue)
            throw InvalidInput(
                "\"\(text.prefix(40))\" is not one of the codes gemd knows here",
                hint: "write one of " + codes.joined(separator: ", "))
        }
        if value.rawValue != text { (decoder as? Node)?.path.noteRespelling() }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(rawValue)
    }
}

/// How a value came to be known.
public enum Basis: String, Code {
    case measured, graded, estimated, declared, external, undeterminable
    case notTested = "not_tested"
}

/// A value and its basis. JSON: the bare value (then the basis is that of its
/// block, `declared` unless said), or `{"value":"1.58","basis":"measured"}`.
public struct Fact<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    public var value: Value
    public var basis: Basis?

    public init(_ value: Value, basis: Basis? = nil) {
        self.value = value
        self.basis = basis
    }

    private enum CodingKeys: String, CodingKey {
        case value, basis
    }

    public init(from decoder: any Decoder) throws {
        if let node = decoder as? Node, case .object = node.json {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            value = try box.decode(Value.self, forKey: .value)
            basis = try box.decodeIfPresent(Basis.self, forKey: .basis)
        } else {
            value = try Value(from: decoder)
            basis = nil
        }
    }

    public func encode(to encoder: any Encoder) throws {
        guard let basis else { return try value.encode(to: encoder) }
        var box = encoder.container(keyedBy: CodingKeys.self)
        try box.encode(value, forKey: .value)
        try box.encode(basis, forKey: .basis)
    }
}
