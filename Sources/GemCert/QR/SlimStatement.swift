package import FoundationEssentials
package import GemModel

/// What a QR code says of a certificate: enough to compare it with a stone, and the hash that binds all the rest.
///
/// The payload of certificates.md §5, CWT claims (RFC 8392) with integer keys: 1 issuer, 6 time of issue, −65537 a
/// map of 1 number, 2 class, 3 species, 4 variety, 5 weight in 10⁻⁵ ct, 6 length, width and depth in µm,
/// 7 SHA-256 of the JSON. What a piece does not have is left out.
package struct SlimStatement: Hashable, Sendable {
    package var issuer: String
    /// Whole seconds.
    package var issuedAt: Date
    package var number: CertificateNumber
    package var species: String?
    package var variety: String?
    /// In 10⁻⁵ ct: of the stone, or all stones of a parcel, pair or set.
    package var weight: Int64?
    /// Length, width and depth in µm, all three or none.
    package var measures: [Int64]?
    /// Of `NUMBER.json`.
    package var sha256: [UInt8]

    package init(
        issuer: String, issuedAt: Date, number: CertificateNumber, species: String? = nil, variety: String? = nil,
        weight: Int64? = nil, measures: [Int64]? = nil, sha256: [UInt8]
    ) {
        self.issuer = issuer
        self.issuedAt = issuedAt
        self.number = number
        self.species = species
        self.variety = variety
        self.weight = weight
        self.measures = measures
        self.sha256 = sha256
    }

    static let gem: Int64 = -65537

    var cbor: CBOR {
        var members: [(Int64, CBOR?)] = [
            (1, .text(number.description)), (2, .unsigned(number.certificateClass.code)), (3, species.map(CBOR.text)),
            (4, variety.map(CBOR.text)), (5, weight.map(CBOR.integer)),
            (6, measures.map { .array($0.map(CBOR.integer)) }), (7, .bytes(sha256)),
        ]
        members.removeAll { $0.1 == nil }
        return .map([
            .init(key: .integer(1), value: .text(issuer)),
            .init(key: .integer(6), value: .integer(Int64(issuedAt.timeIntervalSince1970))),
            .init(
                key: .integer(Self.gem), value: .map(members.map { .init(key: .integer($0.0), value: $0.1!) })),
        ])
    }

    init(_ cbor: CBOR) throws(CBOR.Malformed) {
        func fail(_ what: String) -> CBOR.Malformed { CBOR.Malformed(reason: what) }
        guard case .map(let claims) = cbor, claims.count == 3, case .text(let issuer)? = cbor[1],
            case .unsigned(let seconds)? = cbor[6], seconds < 1 << 40, let gem = cbor[Self.gem],
            case .map(let members) = gem, members.allSatisfy({ 1...7 ~= $0.key.small })
        else { throw fail("it has not the claims of a certificate") }
        guard case .text(let text)? = gem[1], let number = CertificateNumber(text), number.description == text,
            number.issuer == issuer
        else { throw fail("its number is none") }
        guard case .unsigned(let code)? = gem[2], code == number.certificateClass.code else {
            throw fail("its class is not that of its number")
        }
        guard case .bytes(let sha256)? = gem[7], sha256.count == 32 else { throw fail("its hash is missing") }
        func word(_ key: Int64) throws(CBOR.Malformed) -> String? {
            switch gem[key] {
            case nil: return nil
            case .text(let text) where (1...64).contains(text.utf8.count): return text
            default: throw fail("its species or variety is none")
            }
        }
        func whole(_ value: CBOR) throws(CBOR.Malformed) -> Int64 {
            guard case .unsigned(let value) = value, value < 1 << 53 else { throw fail("a measure is none") }
            return Int64(value)
        }
        self.init(
            issuer: issuer, issuedAt: Date(timeIntervalSince1970: Double(seconds)), number: number,
            species: try word(3), variety: try word(4), sha256: sha256)
        if let weight = gem[5] { self.weight = try whole(weight) }
        if let three = gem[6] {
            guard case .array(let sides) = three, sides.count == 3 else { throw fail("a measure is none") }
            var measures: [Int64] = []
            for side in sides { measures.append(try whole(side)) }
            self.measures = measures
        }
    }
}

extension CBOR {
    /// The value of a small positive number; 0 for anything else.
    fileprivate var small: UInt64 { if case .unsigned(let value) = self { value } else { 0 } }
}

extension CertificateClass {
    /// As QR codes number the classes.
    var code: UInt64 {
        switch self {
        case .declaration: 1
        case .examination: 2
        case .check: 3
        case .external: 4
        }
    }
}

extension SlimStatement {
    /// What a signed statement says, cut down.
    package init(of statement: JSON, bytes sha256: [UInt8]) throws {
        guard let number = statement["number"]?.string.flatMap({ CertificateNumber($0) }),
            let issuedAt = statement["issuedAt"]?.string.flatMap({ CivilTime(text: $0) }),
            let issuer = statement["issuer"]?["code"]?.string
        else { throw CBOR.Malformed(reason: "it is no statement") }
        let piece = statement["piece"]
        let block = piece?["kind"]?.string.flatMap { piece?[$0] }
        func value(_ json: JSON?) -> String? { json?.string ?? json?["value"]?.string }
        let sides = ["length", "width", "depth"].compactMap { side in
            value(block?["measurementsMm"]?[side]).flatMap { scaledDecimal($0, decimals: 3) }
        }
        self.init(
            issuer: issuer, issuedAt: Date(timeIntervalSince1970: issuedAt.date.timeIntervalSince1970.rounded(.down)),
            number: number, species: value(block?["species"]), variety: value(block?["variety"]),
            weight: value(block?["weightCt"] ?? block?["totalWeightCt"]).flatMap { scaledDecimal($0, decimals: 5) },
            measures: sides.count == 3 ? sides : nil, sha256: sha256)
    }
}

extension StoneMatch.Measures {
    /// What a certificate says of its stone.
    package init(_ slim: SlimStatement) {
        self.init(weight: slim.weight, length: slim.measures?[0], width: slim.measures?[1], depth: slim.measures?[2])
    }
}
