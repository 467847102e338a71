import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

// The lines about the QR code.

extension NegativeCase {
    private static let key = Council.usual.ceremony
    private static let good = QRTests.cose
    private static var keyID: CBOR { .bytes(good.keyID) }

    /// The parts of the signed object put together anew, and not signed again unless the change does.
    private static func parts(_ change: (inout [CBOR]) throws -> Void) throws -> Verdict {
        guard case .tagged(_, .array(var parts)) = try CBOR(good.bytes) else { throw CBOR.Malformed(reason: "test") }
        try change(&parts)
        return try bytes(CBOR.tagged(18, .array(parts)).encoded)
    }

    /// A code with these bytes in the place of the signed object.
    private static func bytes(_ bytes: [UInt8]) throws -> Verdict {
        try QRTests.verdict(QRTests.code.address + "#" + QRText.decimal([1] + bytes))
    }

    /// Signs as COSE would, over any headers and payload: a thief of the key.
    private static func sign(
        _ protected: [UInt8], _ payload: [UInt8], context: String = "Signature1"
    ) throws -> CBOR {
        let message = CBOR.array([.text(context), .bytes(protected), .bytes([]), .bytes(payload)]).encoded
        return .bytes(try ECDSASpelling.plain(key.key("cose").sign(message)))
    }

    /// With this protected header, truly signed.
    private static func header(_ pairs: [(Int64, CBOR)]) throws -> Verdict {
        try parts {
            guard case .bytes(let payload) = $0[2] else { return }
            let bytes = CBOR.map(pairs.map { .init(key: .integer($0.0), value: $0.1) }).encoded
            $0[0] = .bytes(bytes)
            $0[3] = try sign(bytes, payload)
        }
    }

    /// With this payload, truly signed.
    private static func payload(_ bytes: [UInt8]) throws -> Verdict {
        try parts {
            guard case .bytes(let protected) = $0[0] else { return }
            $0[2] = .bytes(bytes)
            $0[3] = try sign(protected, bytes)
        }
    }

    static let codes: [NegativeCase] = {
        var list: [NegativeCase] = []
        func false_(_ reason: String) -> String { "Not genuine: the QR code is false: \(reason)" }
        let algorithm = false_("it is signed in another way than ES256 with a named key")
        list.add("control: the code as issued", .genuine, declaration + "; current status not checked") {
            try parts { _ in }
        }
        list.add("COSE alg none", .notGenuine, algorithm) { try header([(1, .unsigned(0)), (4, keyID)]) }
        list.add("COSE alg −8", .notGenuine, algorithm) { try header([(1, .integer(-8)), (4, keyID)]) }
        list.add("COSE alg missing", .notGenuine, algorithm) { try header([(4, keyID)]) }
        list.add("COSE kid missing", .notGenuine, algorithm) { try header([(1, .integer(-7))]) }
        list.add(
            "COSE kid unknown", .cannotTell, "Cannot tell: the key that the QR code names is not known here"
        ) { try header([(1, .integer(-7)), (4, .bytes([UInt8](repeating: 7, count: 8)))]) }
        list.add("COSE with a third header", .notGenuine, algorithm) {
            try header([(1, .integer(-7)), (4, keyID), (5, .bytes([1]))])
        }
        let unprotected = false_("it has an unprotected header")
        list.add("COSE alg unprotected", .notGenuine, unprotected) {
            try parts {
                $0[0] = .bytes(CBOR.map([.init(key: .integer(4), value: keyID)]).encoded)
                $0[1] = .map([.init(key: .integer(1), value: .integer(-7))])
            }
        }
        for count in [63, 65] {
            list.add("COSE signature of \(count) bytes", .notGenuine, false_("its signature has not 64 bytes")) {
                try parts { $0[3] = .bytes([UInt8](repeating: 1, count: count)) }
            }
        }
        let signature = "Not genuine: the QR code was changed, or made by somebody else: its signature is false"
        list.add("COSE signature of zeros", .notGenuine, signature) {
            try parts { $0[3] = .bytes([UInt8](repeating: 0, count: 64)) }
        }
        list.add("COSE in another context", .notGenuine, signature) {
            try parts {
                guard case .bytes(let head) = $0[0], case .bytes(let payload) = $0[2] else { return }
                $0[3] = try sign(head, payload, context: "Signature")
            }
        }
        list.add("COSE signed by the signer's key", .notGenuine, signature) {
            try parts {
                guard case .bytes(let head) = $0[0], case .bytes(let payload) = $0[2] else { return }
                let message = CBOR.array([.text("Signature1"), .bytes(head), .bytes([]), .bytes(payload)]).encoded
                $0[3] = .bytes(try ECDSASpelling.plain(key.key("signer").sign(message)))
            }
        }
        // What does not even begin as ours may be ours, cut short: then nothing can be told.
        let cut = "Cannot tell: the digits were cut short, or are of another version"
        list.add("COSE tag missing", .cannotTell, cut) {
            try bytes(Array(good.bytes.dropFirst()))
        }
        list.add("COSE another tag", .cannotTell, cut) {
            try bytes([0xD1] + good.bytes.dropFirst())
        }
        list.add("COSE trailing bytes", .notGenuine, false_("bytes trail behind it")) { try bytes(good.bytes + [0]) }
        list.add("COSE indefinite length", .cannotTell, cut) {
            try bytes([0xD2, 0x9F] + good.bytes.dropFirst(2) + [0xFF])
        }
        list.add("payload of indefinite length", .notGenuine, false_("it has a length that is not told")) {
            try payload([0xBF] + QRTests.slim.cbor.encoded.dropFirst() + [0xFF])
        }
        list.add("COSE with a part less", .cannotTell, cut) { try bytes([0xD2, 0x83] + good.bytes.dropFirst(2)) }
        let statement = QRTests.slim.cbor.encoded
        list.add("payload with a key twice", .notGenuine, false_("a key stands twice")) {
            // Issuer and time, and the time once more.
            try payload([0xA4] + statement.dropFirst() + CBOR.integer(6).encoded + CBOR.integer(0).encoded)
        }
        list.add("header with a key twice", .notGenuine, false_("a key stands twice")) {
            try parts { $0[0] = .bytes([0xA2] + [0x01, 0x26] + [0x01, 0x26]) }
        }
        list.add("payload in another spelling", .notGenuine, false_("it is not in its one deterministic spelling")) {
            try payload([0xB8, 3] + statement.dropFirst())
        }
        list.add("payload of another class than its number", .notGenuine, false_("its class is not that of its number"))
        {
            var cbor = QRTests.slim.cbor
            guard case .map(var claims) = cbor, case .map(var members) = claims[2].value else {
                throw CBOR.Malformed(reason: "test")
            }
            members[1].value = .unsigned(2)
            claims[2].value = .map(members)
            cbor = .map(claims)
            return try payload(cbor.encoded)
        }
        list.add(
            "code under another number", .notGenuine,
            "Not genuine: the address names \(Council.number(418)), but what was signed is \(Council.number())"
        ) { try QRTests.verdict("https://gems.example/c/\(Council.number(418))#\(QRTests.code.digits)") }
        list.add("decimal with leading zeros", .notGenuine, false_("its digits begin with a zero, as none of ours do"))
        {
            try QRTests.verdict(QRTests.code.address + "#0" + QRTests.code.digits)
        }
        list.add("truncated QR", .cannotTell, cut) { try QRTests.verdict(String(QRTests.code.text.dropLast(40))) }
        list.add(
            "fragment percent-encoded by a messenger", .cannotTell,
            "Cannot tell: the address was changed on the way: a messenger wrote its # as %23"
        ) { try QRTests.verdict(QRTests.code.address + "%23" + QRTests.code.digits) }
        list.add(
            "digits percent-encoded by a messenger", .cannotTell,
            "Cannot tell: what stands behind the # is no row of digits"
        ) {
            try QRTests.verdict(
                QRTests.code.address + "#" + QRTests.code.digits.utf8.map { "%" + String($0, radix: 16) }.joined())
        }
        list.add(
            "fragment lost on the way", .cannotTell, "Cannot tell: the address has no signature behind a #"
        ) { try QRTests.verdict(QRTests.code.address) }
        return list
    }()
}

extension NegativeTests {
    @Test("a code cut short anywhere is never called false: nobody can tell")
    func cutShort() throws {
        let verifier = try QRTests.verifier()
        for count in 1..<QRTests.code.digits.count {
            let verdict = verifier.verify(
                code: QRTests.code.address + "#" + QRTests.code.digits.prefix(count), keys: QRTests.keys,
                now: Council.today)
            #expect(verdict.outcome == .cannotTell, "\(count) digits: \(verdict.headline)")
        }
    }
}
