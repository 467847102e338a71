/// A tree of ASN.1 elements, to take a signature apart, change it and put it together again with right lengths.
struct DERNode {
    var tag: UInt8
    /// Of a primitive element.
    var value: [UInt8] = []
    /// Of a constructed one.
    var children: [DERNode] = []

    init(tag: UInt8, value: [UInt8]) {
        self.tag = tag
        self.value = value
    }

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        self.init(&rest)
        precondition(rest.isEmpty)
    }

    private init(_ rest: inout ArraySlice<UInt8>) {
        tag = rest.removeFirst()
        var length = Int(rest.removeFirst())
        if length >= 0x80 {
            let count = length & 0x7F
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        var contents = rest.prefix(length)
        rest = rest.dropFirst(length)
        if tag & 0x20 == 0 {
            value = Array(contents)
        } else {
            while !contents.isEmpty { children.append(DERNode(&contents)) }
        }
    }

    var bytes: [UInt8] {
        let contents = contents
        if contents.count < 0x80 { return [tag, UInt8(contents.count)] + contents }
        let length = withUnsafeBytes(of: contents.count.bigEndian) { Array($0.drop { $0 == 0 }) }
        return [tag, 0x80 | UInt8(length.count)] + length + contents
    }

    var contents: [UInt8] { tag & 0x20 == 0 ? value : children.flatMap(\.bytes) }

    /// In BER's indefinite form, end-of-contents octets at the end.
    var indefinite: [UInt8] { [tag, 0x80] + contents + [0, 0] }

    subscript(path: Int...) -> DERNode {
        get { path.reduce(self) { $0.children[$1] } }
        set { set(path[...], newValue) }
    }

    private mutating func set(_ path: ArraySlice<Int>, _ node: DERNode) {
        guard let first = path.first else {
            self = node
            return
        }
        children[first].set(path.dropFirst(), node)
    }
}
