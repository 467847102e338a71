/// The number of one certificate, `GGAPCP-26E-000417-7QXKD`.
///
/// Issuer code, year and class letter, serial of six or more digits, four random characters that
/// keep anybody from walking through certificates by counting, and a check character
/// (ISO 7064 MOD 37,36 over all before it, without hyphens) that catches slips of the pen.
package struct CertificateNumber: Hashable, Sendable, CustomStringConvertible {
    /// 2–12 of A–Z 0–9.
    package let issuer: String
    /// The last two digits of the year.
    package let year: Int
    package let certificateClass: CertificateClass
    package let sequence: Int
    /// Four random characters and the check character.
    package private(set) var tail: String

    package var description: String { "\(serial)-\(tail)" }

    /// What the public log shows: the number without its random part, `GGAPCP-26E-000417`.
    package var serial: String {
        let digits = String(sequence)
        let padding = String(repeating: "0", count: max(0, Self.minimumDigits - digits.count))
        return "\(issuer)-\(year < 10 ? "0" : "")\(year)\(certificateClass.letter)-\(padding)\(digits)"
    }

    /// A fresh number. `random` is asked for four bytes, again while the check character would be I, L, O or U.
    ///
    /// Nil for an issuer code, year or sequence that cannot stand in a number, and when `random` is stuck.
    package init?(
        issuer: String, year: Int, certificateClass: CertificateClass, sequence: Int, random: (Int) -> [UInt8]
    ) {
        guard Self.isIssuerCode(issuer), 0...99 ~= year, 0..<Self.sequenceLimit ~= sequence else { return nil }
        self.issuer = issuer
        self.year = year
        self.certificateClass = certificateClass
        self.sequence = sequence
        self.tail = ""
        let head = serial.utf8.filter { $0 != UInt8(ascii: "-") }
        // One draw in nine is unlucky: a thousand in a row are no chance.
        for _ in 0..<1000 {
            // 32 characters: five bits of each byte, so none is likelier than another.
            let drawn = random(4).map { Self.alphabet[Int($0 & 31)] }
            let check = Self.checkCharacter(over: head + drawn)
            guard Self.alphabet.contains(check) else { continue }
            self.tail = String(decoding: drawn + [check], as: UTF8.self)
            return
        }
        return nil
    }

    /// Reads what people type: either case, with spaces and hyphens anywhere or nowhere.
    ///
    /// Nil when it is no number or its check character does not fit.
    package init?(_ text: String) {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            // Also the no-break space and the hyphens and dashes that word processors put in.
            case " ", "\t", "\n", "\r", "\u{A0}", "-", "\u{2010}"..."\u{2015}": continue
            case "a"..."z": bytes.append(UInt8(scalar.value - 32))
            case "A"..."Z", "0"..."9": bytes.append(UInt8(scalar.value))
            default: return nil
            }
            guard bytes.count <= Self.longest else { return nil }
        }
        let tail = bytes.suffix(5)
        let head = bytes.dropLast(5)
        // The issuer code may hold digits, but the class letter does not: the digits right of it are the serial.
        let digits = head.reversed().prefix { $0 &- UInt8(ascii: "0") < 10 }.reversed()
        let beforeDigits = head.dropLast(digits.count)
        guard tail.count == 5, tail.allSatisfy(Self.alphabet.contains),
            digits.count >= Self.minimumDigits, digits.count == Self.minimumDigits || digits.first != UInt8(ascii: "0"),
            let sequence = Int(String(decoding: digits, as: UTF8.self)), sequence < Self.sequenceLimit,
            let letter = beforeDigits.last,
            let certificateClass = CertificateClass(letter: Character(Unicode.Scalar(letter))),
            let year = Int(String(decoding: beforeDigits.dropLast().suffix(2), as: UTF8.self)), 0...99 ~= year,
            case let issuer = String(decoding: beforeDigits.dropLast(3), as: UTF8.self), Self.isIssuerCode(issuer),
            tail.last == Self.checkCharacter(over: Array(bytes.dropLast()))
        else { return nil }
        self.issuer = issuer
        self.year = year
        self.certificateClass = certificateClass
        self.sequence = sequence
        self.tail = String(decoding: tail, as: UTF8.self)
    }

    package static func isIssuerCode(_ code: String) -> Bool {
        2...12 ~= code.utf8.count && code.utf8.allSatisfy { value($0) != nil }
    }

    private static let minimumDigits = 6
    private static let sequenceLimit = 1_000_000_000_000
    private static let longest = 12 + 3 + 12 + 5

    /// 0–9 A–Z without I, L, O and U, which are misread or spell words.
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static func value(_ character: UInt8) -> Int? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// ISO/IEC 7064 MOD 37,36: the hybrid system with one check character of 0–9 A–Z.
    ///
    /// `characters` are all of 0–9 A–Z.
    static func checkCharacter(over characters: [UInt8]) -> UInt8 {
        var product = 36
        for character in characters {
            let sum = (product + value(character)!) % 36
            product = (sum == 0 ? 36 : sum) * 2 % 37
        }
        let check = (37 - product) % 36
        return UInt8(check < 10 ? Int(UInt8(ascii: "0")) + check : Int(UInt8(ascii: "A")) + check - 10)
    }
}
