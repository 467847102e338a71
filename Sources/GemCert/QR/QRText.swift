package import GemModel

/// The text of a certificate's QR code: `https://HOST/c/NUMBER#` and the decimal digits of 0x01 ‖ COSE_Sign1.
///
/// Digits, because they take 3⅓ bits each in a QR code and no program that handles addresses changes them. The byte
/// in front is the format; it also keeps the number from losing zeros.
package struct QRText: Hashable, Sendable {
    package let address: String
    package let digits: String
    package let number: CertificateNumber
    package let cose: COSESign1

    package var text: String { "\(address)#\(digits)" }

    package struct Malformed: Error, Hashable {
        package let reason: String
        /// Whether somebody on the way may have changed it by mistake: then nothing can be told.
        package let isDamage: Bool
    }

    package init(publicURL: String, _ cose: COSESign1) {
        number = cose.statement.number
        address = "\(publicURL)/c/\(number)"
        digits = Self.decimal([Self.format] + cose.bytes)
        self.cose = cose
    }

    private static let format: UInt8 = 1
    package static let longest = 4096

    package init(parsing text: String) throws(Malformed) {
        func damage(_ reason: String) -> Malformed { Malformed(reason: reason, isDamage: true) }
        let text = text.utf8.last == UInt8(ascii: "\n") ? String(text.dropLast()) : text
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ 0x21..<0x7F ~= $0 }),
            text.lowercased().hasPrefix("https://")
        else { throw damage("this is no text of a certificate's QR code") }
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw damage(
                text.contains("%23")
                    ? "the address was changed on the way: a messenger wrote its # as %23"
                    : "the address has no signature behind a #")
        }
        guard let slash = parts[0].lastRange(of: "/c/"),
            let number = CertificateNumber(String(parts[0][slash.upperBound...]))
        else { throw damage("the address names no certificate") }
        guard let first = parts[1].utf8.first, parts[1].utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            throw damage("what stands behind the # is no row of digits")
        }
        guard first != 0x30 else {
            throw Malformed(reason: "its digits begin with a zero, as none of ours do", isDamage: false)
        }
        let bytes = Self.bytes(parts[1])
        // One row in ten that was cut short begins with the format's byte by chance; hardly one with all three.
        guard bytes.starts(with: [Self.format] + COSESign1.beginning) else {
            throw damage("the digits were cut short, or are of another version")
        }
        do throws(COSESign1.Malformed) { cose = try COSESign1(Array(bytes.dropFirst())) } catch {
            throw error.reason == "it is cut short"
                ? damage("the digits were cut short") : Malformed(reason: error.reason, isDamage: false)
        }
        address = String(parts[0])
        digits = String(parts[1])
        self.number = number
    }

    // MARK: - A number in two bases

    /// Big-endian bytes in decimal, without leading zeros.
    static func decimal(_ bytes: [UInt8]) -> String {
        // Base 10⁹, the least significant part first; four bytes at a time, the odd ones at the front.
        var parts: [UInt64] = [0]
        parts.reserveCapacity(bytes.count * 8 / 29 + 1)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.count % 4 == 0 ? 4 : rest.count % 4
            var carry = rest.prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(count)
            for index in parts.indices {
                let value = parts[index] << UInt64(8 * count) | carry
                parts[index] = value % 1_000_000_000
                carry = value / 1_000_000_000
            }
            // Of the first four bytes one part may not be enough.
            while carry > 0 {
                parts.append(carry % 1_000_000_000)
                carry /= 1_000_000_000
            }
        }
        var digits: [UInt8] = []
        digits.reserveCapacity(9 * parts.count)
        for var part in parts {
            for _ in 0..<9 {
                digits.append(UInt8(ascii: "0") + UInt8(part % 10))
                part /= 10
            }
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    static func bytes(_ digits: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        for digit in digits.utf8 {
            var carry = UInt32(digit - 0x30)
            for index in bytes.indices {
                let value = UInt32(bytes[index]) * 10 + carry
                bytes[index] = UInt8(truncatingIfNeeded: value)
                carry = value >> 8
            }
            if carry > 0 { bytes.append(UInt8(carry)) }
        }
        return bytes.reversed()
    }
}

extension Substring {
    fileprivate func lastRange(of mark: String) -> Range<Index>? {
        ranges(of: mark).last
    }
}
