import GemModel
// The standard library composes text for its own comparisons but has not published that yet;
// Foundation's version would bring 40 MB of tables along.
@_spi(_Unicode) import Swift

extension String {
    /// Normalization Form C (UAX #15): one sequence of code points for each text that looks the same.
    var composed: String {
        if utf8.allSatisfy({ $0 < String.firstByteOfMarks }) { return self }
        var text = ""
        text.unicodeScalars.append(contentsOf: _nfc)
        return text
    }

    var isComposed: Bool {
        // `==` would call both forms equal; the bytes tell them apart.
        utf8.allSatisfy { $0 < String.firstByteOfMarks } || utf8.elementsEqual(composed.utf8)
    }

    /// All below U+0300, whose UTF-8 begins 0xCC, is composed as it stands.
    private static let firstByteOfMarks: UInt8 = 0xCC
}

extension JSON {
    /// With every string and name in Normalization Form C.
    var composed: JSON {
        // Nearly everything is, and is not made anew.
        if isComposed { return self }
        return switch self {
        case .string(let text): .string(text.composed)
        case .array(let elements): .array(elements.map(\.composed))
        case .object(let members): .object(members.map { Member($0.name.composed, $0.value.composed) })
        case .null, .bool, .number: self
        }
    }

    private var isComposed: Bool {
        switch self {
        case .string(let text): text.isComposed
        case .array(let elements): elements.allSatisfy(\.isComposed)
        case .object(let members): members.allSatisfy { $0.name.isComposed && $0.value.isComposed }
        case .null, .bool, .number: true
        }
    }
}
