// What the compiler's own coding of a type calls for each optional member, in place of the library's functions of
// the same name. Most members of a piece are absent: asking for the name first spares the library's generic
// machinery, which took a third of the time of reading a diamond.

extension KeyedDecodingContainer {
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        contains(key) ? try decode(type, forKey: key) : nil
    }

    /// A wrapped member that is absent is nil.
    func decode<Value>(_ type: Indirect<Value>.Type, forKey key: Key) throws -> Indirect<Value> {
        contains(key) ? Indirect(wrappedValue: try decode(Value.self, forKey: key)) : Indirect()
    }
}

extension KeyedEncodingContainer {
    mutating func encodeIfPresent<Value: Encodable>(_ member: Value?, forKey key: Key) throws {
        if let member { try encode(member, forKey: key) }
    }

    /// A wrapped member that is nil is left out.
    mutating func encode<Value>(_ member: Indirect<Value>, forKey key: Key) throws {
        if let value = member.wrappedValue { try encode(value, forKey: key) }
    }
}
