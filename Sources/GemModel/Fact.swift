/// How a value came to be known.
public enum Basis: String, Term {
    case measured, graded, estimated, declared, external, undeterminable
    case notTested = "not_tested"
}

/// A value and its basis (domain §1.0).
///
/// JSON: the bare value (then the basis is that of its block, `declared` unless said), or
/// `{"value":"1.58","basis":"measured"}`, which may also say by whom, when and with what.
public struct Fact<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    public var value: Value
    public var basis: Basis?
    @Indirect public var taken: Taking?

    public init(_ value: Value, basis: Basis? = nil) {
        self.value = value
        self.basis = basis
    }

    /// Whether it is written as the value alone.
    var isBare: Bool { basis == nil && !_taken.isThere }

    private enum CodingKeys: String, CodingKey {
        case value, basis, by, at, instrument
    }

    public init(from decoder: any Decoder) throws {
        guard (decoder as? Node)?.json.members != nil else {
            value = try Value(from: decoder)
            return
        }
        let box = try decoder.container(keyedBy: CodingKeys.self)
        value = try box.decode(Value.self, forKey: .value)
        basis = try box.decodeIfPresent(Basis.self, forKey: .basis)
        let taken = Taking(
            by: try box.decodeIfPresent(Line.self, forKey: .by), at: try box.decodeIfPresent(Moment.self, forKey: .at),
            instrument: try box.decodeIfPresent(Line.self, forKey: .instrument))
        if taken != Taking() { self.taken = taken }
    }

    public func encode(to encoder: any Encoder) throws {
        let taken = taken
        guard basis != nil || taken != nil else { return try value.encode(to: encoder) }
        var box = encoder.container(keyedBy: CodingKeys.self)
        try box.encode(value, forKey: .value)
        try box.encodeIfPresent(basis, forKey: .basis)
        guard let taken else { return }
        try box.encodeIfPresent(taken.by, forKey: .by)
        try box.encodeIfPresent(taken.at, forKey: .at)
        try box.encodeIfPresent(taken.instrument, forKey: .instrument)
    }
}

/// By whom, when and with what a value was found.
public struct Taking: Hashable, Sendable, Codable {
    public var by: Line?
    public var at: Moment?
    public var instrument: Line?
}

/// A member kept apart from the value it belongs to, so that a piece without it stays small to copy.
///
/// Written and read as the plain optional member.
@propertyWrapper
public struct Indirect<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    private indirect enum Box: Hashable, Sendable {
        case none
        case some(Value)
    }

    private var box = Box.none

    public init() {}
    public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    public var wrappedValue: Value? {
        get { if case .some(let value) = box { value } else { nil } }
        set { box = newValue.map(Box.some) ?? .none }
    }

    var isThere: Bool { if case .none = box { false } else { true } }

    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try wrappedValue?.encode(to: encoder) }
}
