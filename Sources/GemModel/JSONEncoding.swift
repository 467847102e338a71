extension Encodable {
    /// This value as one JSON text, members in the order the type declares them.
    ///
    /// Written straight into the bytes: registering thousands of pieces a second spends its time here.
    public var jsonText: String {
        let writer = Writer()
        do { try encode(to: writer) } catch { preconditionFailure("our values always have a JSON form: \(error)") }
        writer.close(to: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// This value as JSON, for the places that look into it.
    public var json: JSON {
        do { return try JSON(parsing: jsonText) } catch { preconditionFailure("the writer wrote no JSON: \(error)") }
    }
}

/// Receives a value and writes it; containers still open are closed by whoever asked for the value.
final class Writer: Encoder, SingleValueEncodingContainer {
    var bytes: [UInt8] = []
    /// The closing bracket of each open container, and whether it has a member already.
    private var open: [(end: UInt8, isEmpty: Bool)] = []

    init() { bytes.reserveCapacity(1024) }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var depth: Int { open.count }

    func close(to depth: Int) {
        while open.count > depth { bytes.append(open.removeLast().end) }
    }

    private func begin(_ start: UInt8, _ end: UInt8) -> Int {
        bytes.append(start)
        open.append((end, true))
        return open.count
    }

    /// - Returns: the depth of the object's members.
    func beginObject() -> Int { begin(UInt8(ascii: "{"), UInt8(ascii: "}")) }

    /// Puts the comma before a member of the container at `depth`, closing what stands open inside it.
    func next(at depth: Int) {
        close(to: depth)
        if open[depth - 1].isEmpty { open[depth - 1].isEmpty = false } else { bytes.append(UInt8(ascii: ",")) }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Members<Key>(writer: self, depth: begin(UInt8(ascii: "{"), UInt8(ascii: "}"))))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        Elements(writer: self, depth: begin(UInt8(ascii: "["), UInt8(ascii: "]")))
    }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { bytes.append(contentsOf: "null".utf8) }
    func encode(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }
    func encode(_ value: String) { JSON.write(value, to: &bytes) }
    func encode(_ value: Int) { bytes.append(contentsOf: String(value).utf8) }
    func encode(_ value: Int64) { bytes.append(contentsOf: String(value).utf8) }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: self) }

    // No other number type stands in our documents.
    func encode(_ value: Double) { preconditionFailure("a double never reaches a document") }
    func encode(_ value: Float) { preconditionFailure("a float never reaches a document") }
    func encode(_ value: Int8) { encode(Int(value)) }
    func encode(_ value: Int16) { encode(Int(value)) }
    func encode(_ value: Int32) { encode(Int(value)) }
    func encode(_ value: UInt) { bytes.append(contentsOf: String(value).utf8) }
    func encode(_ value: UInt8) { encode(Int(value)) }
    func encode(_ value: UInt16) { encode(Int(value)) }
    func encode(_ value: UInt32) { encode(Int(value)) }
    func encode(_ value: UInt64) { bytes.append(contentsOf: String(value).utf8) }

    struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let writer: Writer
        let depth: Int
        var codingPath: [any CodingKey] { [] }

        private func name(_ key: Key) {
            writer.next(at: depth)
            JSON.write(key.stringValue, to: &writer.bytes)
            writer.bytes.append(UInt8(ascii: ":"))
        }
        func encodeNil(forKey key: Key) {
            name(key)
            writer.encodeNil()
        }
        func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
            name(key)
            try value.encode(to: writer)
        }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            name(key)
            return writer.container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            name(key)
            return writer.unkeyedContainer()
        }
        func superEncoder() -> any Encoder { writer }
        func superEncoder(forKey key: Key) -> any Encoder {
            name(key)
            return writer
        }
    }

    struct Elements: UnkeyedEncodingContainer {
        let writer: Writer
        let depth: Int
        private(set) var count = 0
        var codingPath: [any CodingKey] { [] }

        init(writer: Writer, depth: Int) {
            self.writer = writer
            self.depth = depth
        }

        private mutating func next() {
            writer.next(at: depth)
            count += 1
        }
        mutating func encodeNil() {
            next()
            writer.encodeNil()
        }
        mutating func encode<T: Encodable>(_ value: T) throws {
            next()
            try value.encode(to: writer)
        }
        mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            next()
            return writer.container(keyedBy: type)
        }
        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            next()
            return writer.unkeyedContainer()
        }
        mutating func superEncoder() -> any Encoder {
            next()
            return writer
        }
    }
}
