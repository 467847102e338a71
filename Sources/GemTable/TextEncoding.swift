import Glibc

/// The encodings in which shops save their lists.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"
    case windows1252 = "WINDOWS-1252"
    case windows1256 = "WINDOWS-1256"

    /// What the bytes are most likely written in, and how many of them are the byte order mark.
    ///
    /// A mark decides; then zero bytes at every second place; then whether all is valid UTF-8; what is left is one of
    /// the two code pages of Windows, told apart by how their letters fall.
    static func found(in bytes: UnsafeRawBufferPointer) throws(TableError) -> (encoding: TextEncoding, mark: Int) {
        func begins(_ mark: [UInt8]) -> Bool {
            bytes.count >= mark.count && bytes.prefix(mark.count).elementsEqual(mark)
        }
        if begins([0xFF, 0xFE, 0, 0]) || begins([0, 0, 0xFE, 0xFF]) {
            throw TableError("the file is in UTF-32", hint: "save it as CSV UTF-8")
        }
        if begins([0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if begins([0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if begins([0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        var zeros = [0, 0]
        let sample = bytes.prefix(64 << 10)
        for (index, byte) in sample.enumerated() where byte == 0 { zeros[index & 1] += 1 }
        // Commas, digits and line ends of a UTF-16 text have a zero each, also where the words are Urdu.
        let many = max(1, sample.count / 32)
        if zeros[1] >= many, zeros[0] * 8 < zeros[1] { return (.utf16LittleEndian, 0) }
        if zeros[0] >= many, zeros[1] * 8 < zeros[0] { return (.utf16BigEndian, 0) }
        if isUTF8(bytes) { return (.utf8, 0) }
        return (codePage(of: bytes), 0)
    }

    /// Arabic script is written in words of many high bytes, of which a dozen letters make most; in the languages of
    /// Windows-1252 a high byte stands among plain ones.
    private static func codePage(of bytes: UnsafeRawBufferPointer) -> TextEncoding {
        // alef, lam, noon, reh, yeh, meem, waw, teh, keheh, kaf, dal, seen, beh, heh goal, heh
        let frequent: Set<UInt8> = [
            0xC7, 0xE1, 0xE4, 0xD1, 0xED, 0xE3, 0xE6, 0xCA, 0x98, 0xDF, 0xCF, 0xD3, 0xC8, 0xC0, 0xE5,
        ]
        // Windows-1252 has nothing at these places; Windows-1256 has peh, tcheh, ddal and gaf there.
        let unassigned: Set<UInt8> = [0x81, 0x8D, 0x8F, 0x90, 0x9D]
        var (high, joined, common) = (0, 0, 0)
        var previous: UInt8 = 0
        for byte in bytes.prefix(4 << 20) {
            if byte >= 0x80 {
                if unassigned.contains(byte) { return .windows1256 }
                high += 1
                if previous >= 0x80 { joined += 1 }
                if frequent.contains(byte) { common += 1 }
            }
            previous = byte
        }
        return joined * 2 > high && common * 3 > high ? .windows1256 : .windows1252
    }

    static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        let count = bytes.count
        while at < count {
            let byte = bytes[at]
            if byte < 0x80 {
                // Eight plain letters at a time.
                while at + 8 <= count,
                    bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                { at += 8 }
                while at < count, bytes[at] < 0x80 { at += 1 }
                continue
            }
            func follows(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
                at + offset < count && range.contains(bytes[at + offset])
            }
            switch byte {
            case 0xC2...0xDF:
                guard follows(1) else { return false }
                at += 2
            case 0xE0...0xEF:
                let second: ClosedRange<UInt8> = byte == 0xE0 ? 0xA0...0xBF : byte == 0xED ? 0x80...0x9F : 0x80...0xBF
                guard follows(1, second), follows(2) else { return false }
                at += 3
            case 0xF0...0xF4:
                let second: ClosedRange<UInt8> = byte == 0xF0 ? 0x90...0xBF : byte == 0xF4 ? 0x80...0x8F : 0x80...0xBF
                guard follows(1, second), follows(2), follows(3) else { return false }
                at += 4
            default: return false
            }
        }
        return true
    }

    /// The same text in UTF-8, in a spool of its own.
    func decoded(_ bytes: UnsafeRawBufferPointer, in directory: String) throws -> Spool {
        guard let converter = iconv_open("UTF-8", rawValue), Int(bitPattern: converter) != -1 else {
            throw TableError("this machine cannot read \(rawValue)", hint: "save the file as CSV UTF-8")
        }
        defer { iconv_close(converter) }
        let spool = try Spool(in: directory)
        var input = UnsafeMutablePointer<CChar>(
            mutating: bytes.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) })
        var left = bytes.count
        var chunk = [CChar](repeating: 0, count: 64 << 10)
        while left > 0 {
            let (result, made, reason) = chunk.withUnsafeMutableBufferPointer { space in
                var output = space.baseAddress
                var room = space.count
                let result = iconv(converter, &input, &left, &output, &room)
                return (result, space.count - room, errno)
            }
            try chunk.withUnsafeBytes { try spool.append(UnsafeRawBufferPointer(rebasing: $0[..<made])) }
            guard result == -1, reason != E2BIG else { continue }
            throw TableError(
                "byte \(bytes.count - left + 1) of the file is no character of \(rawValue)",
                hint: "save the file as CSV UTF-8")
        }
        return spool
    }
}
