/// Where a party is paid: private, and kept encrypted like its identity card.
public struct Bank: Codable, Hashable, Sendable {
    /// The bank and its branch.
    public var name: Line?
    /// In whose name the account is.
    public var holder: Line?
    public var iban: IBAN?
    /// The account's number where there is no IBAN.
    public var account: Line?
    /// ISO 9362.
    public var bic: Line?
}

/// An international bank account number (ISO 13616), upper case and without blanks.
public struct IBAN: Codable, Hashable, Sendable {
    public let text: String

    /// Takes it in groups of four too. Its check digits (ISO 7064 MOD 97-10) must fit.
    public init(_ text: String) throws(InvalidInput) {
        let bytes = text.uppercased().utf8.filter { $0 != UInt8(ascii: " ") }
        // Never repeated in an answer or a log: it may be somebody's.
        let refusal = InvalidInput(
            "this is no IBAN, or a digit of it is wrong",
            hint: "copy it from the bank's paper: two letters, two digits, then the account")
        func value(_ byte: UInt8) -> Int? {
            switch byte {
            case 0x30...0x39: Int(byte) - 0x30
            case 0x41...0x5A: Int(byte) - 0x41 + 10
            default: nil
            }
        }
        guard (15...34).contains(bytes.count), bytes.prefix(2).allSatisfy({ $0 >= 0x41 }),
            bytes[2...3].allSatisfy({ $0 <= 0x39 })
        else { throw refusal }
        var rest = 0
        for byte in bytes[4...] + bytes[..<4] {
            guard let value = value(byte) else { throw refusal }
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97
        }
        guard rest == 1 else { throw refusal }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}
