extension String {
    /// Columns this text takes on a terminal: marks none, East Asian wide characters and emoji two.
    var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// This text, cut to so many columns; the last is then "…".
    func cut(toWidth width: Int) -> String {
        guard displayWidth > width else { return self }
        var out = ""
        var used = 0
        for character in self {
            guard used + character.displayWidth <= width - 1 else { break }
            used += character.displayWidth
            out.append(character)
        }
        return out + "…"
    }

    /// This text on one line, with every character shown that could move the cursor or reorder others.
    ///
    /// Titles come from other parties: an escape sequence in one must not reach the terminal.
    var printable: String {
        if utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
        var out = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: out.append(" ")
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: out.append("\u{FFFD}")
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}

extension Character {
    /// Of the whole grapheme: an emoji of several scalars is one picture of two columns.
    fileprivate var displayWidth: Int {
        if let ascii = asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
        return unicodeScalars.reduce(0) { max($0, $1.columns) }
    }
}

extension Unicode.Scalar {
    fileprivate var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return value == 0xAD ? 1 : 0
        default: break
        }
        if properties.isEmojiPresentation { return 2 }
        switch value {
        // Wide and Fullwidth of UAX #11, in blocks.
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
