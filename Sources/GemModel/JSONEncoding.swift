extension Encodable {
    /// This value as JSON, members in the order the type declares them.
    public var json: JSON {
        let target = Slot()
        do {
            try encode(to: target)
        } catch {
            preconditionFailure("our values always have a JSON form: \(error)")
        }
        return target.json ?? .object([])
    }
}

/// Receives one value: a scalar, or the members or elements written into it.
private final class Slot: Encoder, SingleValueEncodingContainer {
    enum Content {
        case empty
        case value(JSON)
        case object([(String, Slot)])
        case array([Slot])
    }

    var content = Content.empty

    var json: JSON? {
        switch content {
        case .empty: nil
        case .value(let value): value
        case .object(let members):
            .object(members.compactMap { name, slot in slot.json.map { JSON.Member(name, $0) } })
        case .array(let slots): .array(slots.map { $0.json ?? .null })
        }
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object = content {} else { content = .object([]) }
        return KeyedEncodingContainer(Members<Key>(slot: self))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .array = content {} else { content = .array([]) }
        return Elements(slot: self)
    }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func add(_ name: String) -> Slot {
        let slot = Slot()
        if case .object(var members) = content {
            content = .empty
            members.append((name, slot))
            content = .object(members)
        }
        return slot
    }
    func append() -> Slot {
        let slot = Slot()
        if case .array(var slots) = content {
            content = .empty
            slots.append(slot)
            content = .array(slots)
        }
        return slot
    }

    func encodeNil() { content = .value(.null) }
    func encode(_ value: Bool) { content = .value(.bool(value)) }
    func encode(_ value: String) { content = .value(.string(value)) }
    func encode(_ value: Int) { content = .value(.integer(value)) }
    func encode(_ value: Int64) { content = .value(.number(String(value))) }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: self) }

    // No other number type stands in our documents.
    func encode(_ value: Double) { preconditionFailure("Double never reaches a document") }
    func encode(_ value: Float) { preconditionFailure("Float never reaches a document") }
    func encode(_ value: Int8) { encode(Int(value)) }
    func encode(_ value: Int16) { encode(Int(value)) }
    func encode(_ value: Int32) { encode(Int(value)) }
    func encode(_ value: UInt) { content = .value(.number(String(value))) }
    func encode(_ value: UInt8) { encode(Int(value)) }
    func encode(_ value: UInt16) { encode(Int(value)) }
    func encode(_ value: UInt32) { encode(Int(value)) }
    func encode(_ value: UInt64) { content = .value(.number(String(value))) }

    struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let slot: Slot
        var codingPath: [any CodingKey] { [] }
        func encodeNil(forKey key: Key) { slot.add(key.stringValue).encodeNil() }
        func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
            try value.encode(to: slot.add(key.stringValue))
        }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> { slot.add(key.stringValue).container(keyedBy: type) }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            slot.add(key.stringValue).unkeyedContainer()
        }
        func superEncoder() -> any Encoder { slot }
        func superEncoder(forKey key: Key) -> any Encoder { slot.add(key.stringValue) }
    }

    struct Elements: UnkeyedEncodingContainer {
        let slot: Slot
        var codingPath: [any CodingKey] { [] }
        var count: Int { if case .array(let slots) = slot.content { slots.count } else { 0 } }
        func encodeNil() { slot.append().encodeNil() }
        func encode<T: Encodable>(_ value: T) throws { try value.encode(to: slot.append()) }
        func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            slot.append().container(keyedBy: type)
        }
        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { slot.append().unkeyedContainer() }
        func superEncoder() -> any Encoder { slot.append() }
    }
}
