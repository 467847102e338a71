/// An organisation or a person that trades, crafts, examines or supervises: what is said of it.
///
/// What gemd adds (id, version, times) is kept beside it. `cnic` and `ntn` are for the registrar and the party itself.
public struct Party: Codable, Hashable, Sendable {
    public enum Kind: String, Code {
        case dealer, lab, council
    }

    /// What it lives by (domain §1.8).
    public enum Trade: String, Term {
        case miner, cutter, artisan, dealer, jeweller, exporter, lab, council, other

        public static let list = "trades"

        public var names: Names {
            switch self {
            case .miner: Names("miner", "کان کن")
            case .cutter: Names("cutter", "تراش کار")
            case .artisan: Names("artisan", "کاریگر")
            case .dealer: Names("dealer", "جوہری")
            case .jeweller: Names("jeweller", "زرگر")
            case .exporter: Names("exporter", "برآمد کنندہ")
            case .lab: Names("laboratory", "لیبارٹری")
            case .council: Names("council", "کونسل")
            case .other: Names("other", "دیگر")
            }
        }
    }

    public enum Gender: String, Term {
        case female, male, other

        public static let list = "genders"
        public static let aliases: [String: Gender] = ["F": .female, "M": .male, "f": .female, "m": .male]

        public var names: Names {
            switch self {
            case .female: Names("female", "عورت")
            case .male: Names("male", "مرد")
            case .other: Names("other", "دیگر")
            }
        }
    }

    public struct Membership: Codable, Hashable, Sendable {
        public var body: Line
        public var number: Line?
        public var validTo: Day?
    }

    public var kind: Kind
    public var name: Line
    public var nameUr: Line?
    /// 2 to 12 of A–Z 0–9; made when absent.
    public var code: PartyCode?
    public var tradeName: Line?
    public var trade: Trade?
    /// What an artisan makes or does: stone cutting, filigree, kundan.
    public var craft: Line?
    public var gender: Gender?
    public var cnic: CNIC?
    /// National tax number.
    public var ntn: Line?
    public var bank: Bank?
    public var phone: Phone?
    public var whatsapp: Phone?
    public var email: Email?
    public var district: Line?
    public var address: Line?
    /// Where its shop is, such as Namak Mandi.
    public var market: Line?
    public var languages: [Line]?
    public var memberships: [Membership]?

    /// Members that are kept encrypted.
    public static let sealedMembers: Set<String> = ["cnic", "ntn", "bank"]

    public init(document: JSON) throws(InvalidInput) { self = try Self.reading(document: document).party }

    /// The same, with the document as it is kept: the client's own members, respelled only where needed.
    public static func reading(document: JSON) throws(InvalidInput) -> (party: Party, document: JSON) {
        let document = document.withoutNulls
        let (party, respelled) = try Party.reading(document)
        guard !party.name.text.isEmpty else {
            throw InvalidInput("the party has no name", hint: "write the party's name", field: "name")
        }
        return (party, respelled)
    }
}

/// Names a party in addresses and feeds.
public struct PartyCode: Codable, Hashable, Sendable {
    public let text: String

    public init(_ text: String) throws(InvalidInput) {
        guard (2...12).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
        else { throw InvalidInput("\"\(text.prefix(40))\" is not a code", hint: "use 2 to 12 of A–Z 0–9") }
        self.text = text
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}

/// The number of a Pakistani identity card: 13 digits, written `17301-1234567-1`.
public struct CNIC: Codable, Hashable, Sendable {
    public let text: String

    /// Takes it with its hyphens or without.
    public init(_ text: String) throws(InvalidInput) {
        let bytes = Array(CellText.number(text, commaIsPoint: false).utf8)
        let hyphens = bytes.indices.filter { bytes[$0] == UInt8(ascii: "-") }
        let digits = bytes.filter { $0 &- 0x30 < 10 }
        guard digits.count == 13, digits[0] != 0x30,
            bytes.count == 13 || bytes.count == 15 && hyphens == [5, 13]
        else {
            // Never repeated in an answer or a log: it may be somebody's.
            throw InvalidInput("this is not the number of an identity card", hint: "write 13 digits as #####-#######-#")
        }
        self.text =
            String(decoding: digits[..<5], as: UTF8.self) + "-" + String(decoding: digits[5..<12], as: UTF8.self) + "-"
            + String(decoding: digits[12...], as: UTF8.self)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        try self.init(text)
        if self.text != text { (decoder as? Node)?.path.noteRespelling(as: self.text) }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}

/// A telephone number with its country (E.164), such as `+923001234567`; one that begins with a single 0 is Pakistani.
public struct Phone: Codable, Hashable, Sendable {
    public let text: String

    public init(_ text: String) throws(InvalidInput) {
        let latin = CellText.number(text, commaIsPoint: false)
        var digits = latin.utf8.filter { $0 &- 0x30 < 10 }
        if latin.hasPrefix("+") {
        } else if digits.starts(with: [0x30, 0x30]) {
            digits.removeFirst(2)
        } else if digits.first == 0x30 {
            digits.replaceSubrange(0..<1, with: [0x39, 0x32])
        } else if digits.count == 10, digits.first == 0x33 {
            // A mobile number that lost its 0 to a spreadsheet.
            digits.insert(contentsOf: [0x39, 0x32], at: 0)
        }
        guard (8...15).contains(digits.count), digits.first != 0x30,
            latin.utf8.allSatisfy({ $0 &- 0x30 < 10 || "+-() ./".utf8.contains($0) })
        else {
            throw InvalidInput("\"\(text.prefix(30))\" is not a telephone number", hint: "write +92 300 1234567")
        }
        self.text = "+" + String(decoding: digits, as: UTF8.self)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        try self.init(text)
        if self.text != text { (decoder as? Node)?.path.noteRespelling(as: self.text) }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}

/// An e-mail address, checked for what every mail program wants: one `@`, a host with a dot, no spaces.
public struct Email: Codable, Hashable, Sendable {
    public let text: String

    public init(_ text: String) throws(InvalidInput) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains(UInt8(ascii: ".")),
            parts[1].first != UInt8(ascii: "."), parts[1].last != UInt8(ascii: "."), text.utf8.count <= 254,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"<>\"(),;:\\[]".utf8.contains($0) })
        else {
            throw InvalidInput("\"\(text.prefix(60))\" is not an e-mail address", hint: "write name@example.com")
        }
        self.text = text
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}

/// What a member may do, always within its own party (protocol.md, "Roles").
public enum Role: String, Code {
    case dealer, registrar, examiner, approver, exporter, auditor, admin
}
