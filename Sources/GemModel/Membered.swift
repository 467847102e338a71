/// A type that names each member once, for reading and writing alike.
///
/// What `Codable` synthesizes asks a container for every member through several generic layers; a piece has a
/// hundred members, of which a document has thirty. The kinds that come by the thousand are read and written by
/// this instead; to everything else they are `Codable` like all others.
protocol Membered: Codable {
    /// A value of which no member is there yet.
    init()
    /// Shows every member to the visitor, in the order they are written.
    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) throws
}

/// Who reads, writes or lists members. The overloads are for those that are a text in JSON; all else is `Codable`.
protocol MemberVisitor {
    mutating func member<T: Code>(_ name: StaticString, _ field: inout T?) throws
    mutating func member<T: Code>(_ name: StaticString, _ field: inout Fact<T>?) throws
    mutating func member<T: BoundedText>(_ name: StaticString, _ field: inout T?) throws
    mutating func member<T: BoundedText>(_ name: StaticString, _ field: inout Fact<T>?) throws
    mutating func member<Unit>(_ name: StaticString, _ field: inout Fact<Quantity<Unit>>?) throws
    mutating func member(_ name: StaticString, _ field: inout Fact<SpeciesCode>?) throws
    mutating func member<T: Codable>(_ name: StaticString, _ field: inout T?) throws
    mutating func member<T: Codable>(_ name: StaticString, _ field: inout Indirect<T>) throws
    /// One that must be there.
    mutating func required<T: Code>(_ name: StaticString, _ field: inout T) throws
    mutating func required<T: BoundedText>(_ name: StaticString, _ field: inout T) throws
}

extension Membered {
    /// What `init(from:)` does.
    static func read(_ decoder: any Decoder) throws -> Self {
        guard let node = decoder as? Node else { preconditionFailure("documents are read by Node alone") }
        var value = Self()
        var reader = try MemberReader(node)
        try value.visit(&reader)
        try reader.refuseUnknown(in: Self.self)
        return value
    }

    /// What `encode(to:)` does.
    func write(_ encoder: any Encoder) throws {
        guard let writer = encoder as? Writer else { preconditionFailure("documents are written by Writer alone") }
        var members = MemberWriter(writer)
        var value = self
        try value.visit(&members)
    }

    static var memberNames: [String] {
        var names = MemberNameList()
        var value = Self()
        do { try value.visit(&names) } catch { preconditionFailure("listing names reads nothing: \(error)") }
        return names.names
    }
}

/// Takes the members of one JSON object.
struct MemberReader: MemberVisitor {
    private let members: [JSON.Member]
    private let path: Path
    private var taken = 0

    init(_ node: Node) throws {
        guard case .object(let members) = node.json else { throw node.mismatch("an object") }
        self.members = members
        path = node.path
    }

    private mutating func take(_ name: StaticString) -> JSON? {
        guard taken < members.count else { return nil }
        for member in members where name.isSame(as: member.name) {
            taken += 1
            if case .null = member.value { return nil }
            return member.value
        }
        return nil
    }

    private func place(_ name: StaticString) -> Path { Path(path, name.description) }

    /// Reads a text, or leaves what is none to the type's own reading, which knows what to say.
    private mutating func read<T: Codable>(
        _ name: StaticString, _ field: inout T?, _ text: (String) throws -> T
    ) throws {
        guard let json = take(name) else { return }
        guard case .string(let string) = json else {
            field = try Node(json: json, path: place(name)).decode(T.self)
            return
        }
        do { field = try text(string) } catch let refusal as InvalidInput { throw refusal.at(place(name).text) }
    }

    private func code<T: Code>(_ text: String, _ name: StaticString) throws -> T {
        let value = try T.named(text)
        if value.rawValue != text { path.noteRespelling(as: value.rawValue, below: [name.description]) }
        return value
    }

    mutating func member<T: Code>(_ name: StaticString, _ field: inout T?) throws {
        let reader = self
        try read(name, &field) { try reader.code($0, name) }
    }
    mutating func member<T: Code>(_ name: StaticString, _ field: inout Fact<T>?) throws {
        let reader = self
        try read(name, &field) { Fact(try reader.code($0, name)) }
    }
    mutating func member<T: BoundedText>(_ name: StaticString, _ field: inout T?) throws {
        try read(name, &field) { try T($0) }
    }
    mutating func member<T: BoundedText>(_ name: StaticString, _ field: inout Fact<T>?) throws {
        try read(name, &field) { Fact(try T($0)) }
    }
    mutating func member<Unit>(_ name: StaticString, _ field: inout Fact<Quantity<Unit>>?) throws {
        try read(name, &field) { Fact(try Quantity<Unit>($0)) }
    }
    mutating func member(_ name: StaticString, _ field: inout Fact<SpeciesCode>?) throws {
        try read(name, &field) { Fact(try SpeciesCode($0)) }
    }
    mutating func member<T: Codable>(_ name: StaticString, _ field: inout T?) throws {
        guard let json = take(name) else { return }
        field = try Node(json: json, path: place(name)).decode(T.self)
    }
    mutating func member<T: Codable>(_ name: StaticString, _ field: inout Indirect<T>) throws {
        guard let json = take(name) else { return }
        field = Indirect(wrappedValue: try Node(json: json, path: place(name)).decode(T.self))
    }
    mutating func required<T: Code>(_ name: StaticString, _ field: inout T) throws {
        var value: T?
        try member(name, &value)
        field = try there(value, name)
    }
    mutating func required<T: BoundedText>(_ name: StaticString, _ field: inout T) throws {
        var value: T?
        try member(name, &value)
        field = try there(value, name)
    }

    private func there<T>(_ value: T?, _ name: StaticString) throws -> T {
        guard let value else {
            let missing = place(name).text
            throw InvalidInput("\(missing) is missing", hint: "add \(missing)", field: missing)
        }
        return value
    }

    /// - Throws: `InvalidInput` naming the first member that the type does not have.
    func refuseUnknown<T: Membered>(in type: T.Type) throws {
        guard taken < members.count else { return }
        let known = T.memberNames
        for member in members where !known.contains(member.name) {
            throw Node.unknownMember(member.name, at: path, known: known)
        }
    }
}

/// Writes the members that are there.
private struct MemberWriter: MemberVisitor {
    private let writer: Writer
    private let depth: Int

    init(_ writer: Writer) {
        self.writer = writer
        depth = writer.beginObject()
    }

    private func name(_ name: StaticString) {
        writer.next(at: depth)
        // Our own names need no escapes.
        writer.bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { writer.bytes.append(contentsOf: $0) }
        writer.bytes.append(UInt8(ascii: "\""))
        writer.bytes.append(UInt8(ascii: ":"))
    }

    private func write<T>(_ name: StaticString, _ fact: Fact<T>?, _ text: (T) -> String) throws {
        guard let fact else { return }
        self.name(name)
        // One that says how it was found is an object.
        if fact.isBare { writer.encode(text(fact.value)) } else { try fact.encode(to: writer) }
    }

    func member<T: Code>(_ name: StaticString, _ field: inout T?) {
        guard let field else { return }
        self.name(name)
        writer.encode(field.rawValue)
    }
    func member<T: Code>(_ name: StaticString, _ field: inout Fact<T>?) throws { try write(name, field, \.rawValue) }
    func member<T: BoundedText>(_ name: StaticString, _ field: inout T?) {
        guard let field else { return }
        self.name(name)
        writer.encode(field.text)
    }
    func member<T: BoundedText>(_ name: StaticString, _ field: inout Fact<T>?) throws { try write(name, field, \.text) }
    func member<Unit>(_ name: StaticString, _ field: inout Fact<Quantity<Unit>>?) throws {
        try write(name, field, \.description)
    }
    func member(_ name: StaticString, _ field: inout Fact<SpeciesCode>?) throws { try write(name, field, \.code) }
    func member<T: Codable>(_ name: StaticString, _ field: inout T?) throws {
        guard let field else { return }
        self.name(name)
        try field.encode(to: writer)
    }
    func member<T: Codable>(_ name: StaticString, _ field: inout Indirect<T>) throws {
        guard field.isThere else { return }
        self.name(name)
        try field.encode(to: writer)
    }
    func required<T: Code>(_ name: StaticString, _ field: inout T) {
        self.name(name)
        writer.encode(field.rawValue)
    }
    func required<T: BoundedText>(_ name: StaticString, _ field: inout T) {
        self.name(name)
        writer.encode(field.text)
    }
}

private struct MemberNameList: MemberVisitor {
    var names: [String] = []

    mutating func member<T: Code>(_ name: StaticString, _ field: inout T?) { names.append(name.description) }
    mutating func member<T: Code>(_ name: StaticString, _ field: inout Fact<T>?) { names.append(name.description) }
    mutating func member<T: BoundedText>(_ name: StaticString, _ field: inout T?) { names.append(name.description) }
    mutating func member<T: BoundedText>(_ name: StaticString, _ field: inout Fact<T>?) {
        names.append(name.description)
    }
    mutating func member<Unit>(_ name: StaticString, _ field: inout Fact<Quantity<Unit>>?) {
        names.append(name.description)
    }
    mutating func member(_ name: StaticString, _ field: inout Fact<SpeciesCode>?) { names.append(name.description) }
    mutating func member<T: Codable>(_ name: StaticString, _ field: inout T?) { names.append(name.description) }
    mutating func member<T: Codable>(_ name: StaticString, _ field: inout Indirect<T>) {
        names.append(name.description)
    }
    mutating func required<T: Code>(_ name: StaticString, _ field: inout T) { names.append(name.description) }
    mutating func required<T: BoundedText>(_ name: StaticString, _ field: inout T) { names.append(name.description) }
}

extension StaticString {
    fileprivate func isSame(as text: String) -> Bool {
        guard text.utf8.count == utf8CodeUnitCount else { return false }
        return withUTF8Buffer { own in text.utf8.elementsEqual(own) }
    }
}
