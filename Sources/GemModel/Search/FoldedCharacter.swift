/// A character as comparisons see it, whatever its script: the one place where letters, digits and marks are told
/// apart, for search words, unique keys and the names of columns alike.
///
/// Unique keys are stored as they were folded: what a character becomes here may not change.
enum FoldedCharacter {
    /// A letter as it stands, of ASCII the small one; see ``lower(_:)``, ``urdu(_:)`` and ``bare(_:)``.
    case letter(Unicode.Scalar)
    /// Of any script, as its ASCII byte.
    case digit(UInt8)
    /// A mark on a letter, or what stretches letters and holds them together: nothing remains of it.
    case mark
    /// All else; ASCII for full-width forms.
    case sign(Unicode.Scalar)

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0..<0x80: self = Self.ascii(UInt8(scalar.value))
        // Full-width forms lie at a fixed distance from ASCII.
        case 0xFF01...0xFF5E: self = Self.ascii(UInt8(scalar.value - 0xFEE0))
        // Joiners, kashida, and the apostrophe within a word.
        case 0x200C, 0x200D, 0x0640, 0x2019: self = .mark
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
            case .decimalNumber: self = .digit(UInt8(ascii: "0") + UInt8(scalar.properties.numericValue ?? 0))
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter: self = .letter(scalar)
            default: self = .sign(scalar)
            }
        }
    }

    static func ascii(_ byte: UInt8) -> FoldedCharacter {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): .letter(Unicode.Scalar(byte))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter(Unicode.Scalar(byte | 0x20))
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit(byte)
        default: .sign(Unicode.Scalar(byte))
        }
    }

    static func lower(_ letter: Unicode.Scalar) -> String.UnicodeScalarView {
        letter.properties.lowercaseMapping.unicodeScalars
    }

    /// Arabic keyboards' letters as Urdu's own, and letters that one word is often written with either way.
    static func urdu(_ letter: Unicode.Scalar) -> Unicode.Scalar? {
        switch letter.value {
        case 0x0643: "ک"
        case 0x064A, 0x0649: "ی"
        case 0x0629, 0x06C3, 0x0647, 0x06C2, 0x06D5, 0x06BE: "ہ"
        case 0x0671: "ا"
        default: nil
        }
    }

    /// A letter without the marks that Unicode can also write behind it.
    static func bare(_ letter: Unicode.Scalar) -> Unicode.Scalar {
        switch letter.value {
        case 0..<0x80: return letter
        case 0x0622, 0x0623, 0x0625: return "\u{0627}"
        case 0x0624: return "\u{0648}"
        case 0x0626: return "\u{064A}"
        case 0x06C0: return "\u{06D5}"
        case 0x06C2: return "\u{06C1}"
        case 0x06D3: return "\u{06D2}"
        default: break
        }
        // LATIN SMALL LETTER U WITH DIAERESIS
        guard let name = letter.properties.name, let end = name.firstRange(of: " WITH ")?.lowerBound,
            name.hasPrefix("LATIN "), let last = name[..<end].split(separator: " ").last, last.utf8.count == 1
        else { return letter }
        return last.unicodeScalars.first ?? letter
    }
}
