/// The two spellings of an ECDSA signature over P-256: OpenSSL's DER, and r ‖ s as JOSE and COSE write it.
enum ECDSASpelling {
    /// ECDSA-Sig-Value (RFC 3279 §2.2.3) as r ‖ s.
    static func plain(_ der: [UInt8]) throws -> [UInt8] {
        var reader = DERReader(der[...])
        var inside = try reader.readInside(DERReader.sequence)
        var plain: [UInt8] = []
        for _ in 0..<2 {
            let number = try inside.read(DERReader.integer).drop { $0 == 0 }
            plain += [UInt8](repeating: 0, count: 32 - number.count) + number
        }
        return plain
    }

    static func der(_ plain: [UInt8]) -> [UInt8] {
        let numbers = [plain.prefix(32), plain.suffix(32)].map { half -> [UInt8] in
            var number = Array(half.drop { $0 == 0 })
            if number.isEmpty || number[0] >= 0x80 { number.insert(0, at: 0) }
            return [DERReader.integer, UInt8(number.count)] + number
        }
        return [DERReader.sequence, UInt8(numbers[0].count + numbers[1].count)] + numbers[0] + numbers[1]
    }
}
