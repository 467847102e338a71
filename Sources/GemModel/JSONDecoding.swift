extension Decodable {
    /// Reads a value from JSON by its `Codable` conformance, strictly: a member that
    /// the type does not have is refused by name, null counts as absent.
    public init(json: JSON, path: String = "") throws(InvalidInput) { self = try Self.reading(json, path: path).value }

    /// The same, and the document with each value as we write it: `"Ideal"` for `"I"`, `"1250.00"` for `"1250"`. All
    /// else stays as it came.
    static func reading(_ json: JSON, path: String = "") throws(InvalidInput) -> (value: Self, document: JSON) {
        let root = Path(root: path)
        do {
            let value = try Node(json: json, path: root).decode(Self.self)
            return (value, root.respellings.reduce(json) { $0.replacing($1.steps[...], with: $1.text) })
        } catch let refusal as InvalidInput {
            throw refusal
        } catch let error as DecodingError {
            throw InvalidInput(decoding: error)
        } catch {
            preconditionFailure("a Decodable threw neither InvalidInput nor DecodingError: \(error)")
        }
    }
}

extension InvalidInput {
    fileprivate init(decoding error: DecodingError) {
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
        case .keyNotFound(let key, let found):
            let path = Path.text(found.codingPath + [key])
            self.init("\(path) is missing", hint: "add \(path)", field: path)
            return
        @unknown default:
            self.init("the document cannot be read", hint: "compare it with docs/protocol.md")
            return
        }
        self.init(
            context.debugDescription, hint: "compare it with docs/protocol.md", field: Path.text(context.codingPath))
    }
}

/// Where in the document we are; built only as deep as the decoder goes.
final class Path {
    let parent: Path?
    let step: String
    /// Kept at the root, for the whole document: where a text stands, and how we write it.
    private(set) var respellings: [(steps: [String], text: String)] = []

    func noteRespelling(as text: String, below steps: [String] = []) {
        guard let parent else { return respellings.append((steps, text)) }
        parent.noteRespelling(as: text, below: [step] + steps)
    }

    init(root: String) {
        parent = nil
        step = root
    }

    init(_ parent: Path, _ step: String) {
        self.parent = parent
        self.step = step
    }

    var text: String {
        guard let parent else { return step }
        let above = parent.text
        return above.isEmpty || step.hasPrefix("[") ? above + step : above + "." + step
    }

    var keys: [any CodingKey] { (parent?.keys ?? []) + (step.isEmpty ? [] : [Step(step)]) }

    static func text(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { text, key in
            let step = key.stringValue
            text += text.isEmpty || step.hasPrefix("[") ? step : "." + step
        }
    }

    struct Step: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// A place in a JSON document, as a decoder.
struct Node: Decoder, SingleValueDecodingContainer {
    let json: JSON
    let path: Path

    var codingPath: [any CodingKey] { path.keys }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = json else { throw mismatch("an object") }
        for member in members where Key(stringValue: member.name) == nil {
            throw Self.unknownMember(
                member.name, at: path, known: MemberNames.all.filter { Key(stringValue: $0) != nil })
        }
        return KeyedDecodingContainer(Members<Key>(members: members, path: path))
    }

    static func unknownMember(_ name: String, at path: Path, known: [String]) -> InvalidInput {
        InvalidInput(
            "gemd knows no member \"\(name)\" here",
            hint: Spelling.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
                ?? "check its spelling and place; docs/protocol.md lists the members",
            field: Path(path, name).text, kind: .unknownMember)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = json else { throw mismatch("a list") }
        return Elements(elements: elements, path: path)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func mismatch(_ expected: String) -> InvalidInput {
        InvalidInput("\(expected) was expected here", hint: "write \(expected)", field: path.text)
    }

    func decodeNil() -> Bool { json == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let value) = json else { throw mismatch("true or false") }
        return value
    }

    func decode(_ type: String.Type) throws -> String {
        if case .string(let text) = json { return text }
        if case .number(let text) = json {
            throw InvalidInput(
                "a number was written where a text in quotes belongs", hint: "write it as text, \"\(text.prefix(40))\"",
                field: path.text)
        }
        throw mismatch("a text in quotes")
    }

    func decode(_ type: Int.Type) throws -> Int {
        guard let value = json.integer else {
            if case .string(let text) = json, Int(text) != nil {
                throw InvalidInput(
                    "a text was written where a whole number belongs",
                    hint: "write it without quotes, \(text.prefix(20))",
                    field: path.text)
            }
            throw mismatch("a whole number")
        }
        return value
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        do { return try T(from: self) } catch let refusal as InvalidInput where refusal.field.isEmpty {
            throw refusal.at(path.text)
        }
    }

    // Our documents hold no other number: decimals are strings.
    func decode(_ type: Double.Type) throws -> Double { throw mismatch("a decimal in quotes") }
    func decode(_ type: Float.Type) throws -> Float { throw mismatch("a decimal in quotes") }
    func decode(_ type: Int8.Type) throws -> Int8 { throw mismatch("a whole number") }
    func decode(_ type: Int16.Type) throws -> Int16 { throw mismatch("a whole number") }
    func decode(_ type: Int32.Type) throws -> Int32 { throw mismatch("a whole number") }
    func decode(_ type: Int64.Type) throws -> Int64 { Int64(try decode(Int.self)) }
    func decode(_ type: UInt.Type) throws -> UInt { throw mismatch("a whole number") }
    func decode(_ type: UInt8.Type) throws -> UInt8 { throw mismatch("a whole number") }
    func decode(_ type: UInt16.Type) throws -> UInt16 { throw mismatch("a whole number") }
    func decode(_ type: UInt32.Type) throws -> UInt32 { throw mismatch("a whole number") }
    func decode(_ type: UInt64.Type) throws -> UInt64 { throw mismatch("a whole number") }
}

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [JSON.Member]
    let path: Path

    var codingPath: [any CodingKey] { path.keys }
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    func value(_ key: Key) -> JSON? {
        let name = key.stringValue
        for member in members where member.name == name {
            if case .null = member.value { return nil }
            return member.value
        }
        return nil
    }

    func node(_ key: Key) throws -> Node {
        guard let json = value(key) else {
            let missing = Path(path, key.stringValue).text
            throw InvalidInput("\(missing) is missing", hint: "add \(missing)", field: missing)
        }
        return Node(json: json, path: Path(path, key.stringValue))
    }

    func contains(_ key: Key) -> Bool {
        let name = key.stringValue
        for member in members where member.name == name {
            if case .null = member.value { return false }
            return true
        }
        return false
    }
    func decodeNil(forKey key: Key) -> Bool { value(key) == nil }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try node(key).decode(type) }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let json = value(key) else { return nil }
        return try Node(json: json, path: Path(path, key.stringValue)).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try node(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try node(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { Node(json: .object(members), path: path) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try node(key) }
}

private struct Elements: UnkeyedDecodingContainer {
    let elements: [JSON]
    let path: Path
    var currentIndex = 0

    init(elements: [JSON], path: Path) {
        self.elements = elements
        self.path = path
    }

    var codingPath: [any CodingKey] { path.keys }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    mutating func node() throws -> Node {
        guard !isAtEnd else {
            throw InvalidInput("the list is too short", hint: "add the missing entry", field: path.text)
        }
        defer { currentIndex += 1 }
        return Node(json: elements[currentIndex], path: Path(path, "[\(currentIndex)]"))
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, elements[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try node().decode(type) }
    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try node().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try node().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try node() }
}

extension JSON {
    /// With the text at that place written otherwise; a step into a list is `[index]`.
    fileprivate func replacing(_ steps: ArraySlice<String>, with text: String) -> JSON {
        guard let step = steps.first else { return .string(text) }
        switch self {
        case .object(var members):
            guard let index = members.firstIndex(where: { $0.name == step }) else { return self }
            members[index].value = members[index].value.replacing(steps.dropFirst(), with: text)
            return .object(members)
        case .array(var elements):
            guard let index = Int(step.dropFirst().dropLast()), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].replacing(steps.dropFirst(), with: text)
            return .array(elements)
        default: return self
        }
    }
}
