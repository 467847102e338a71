import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// The QR code of a certificate and the status list, by the standards' own words, other programs, and hostile hands.
@Suite("QR codes and status lists")
struct QRTests {
    static let council = Council.usual
    static let slim = try! SlimStatement(
        of: JSON(parsing: council.json), bytes: SHA256.hash(council.json))
    static let cose = try! COSESign1(signing: slim, with: council.ceremony.key("cose"))
    static let code = QRText(publicURL: "https://gems.example", cose)
    static let keys = try! KeySet(council.ceremony.publicFiles.first { $0.name == "keys.json" }!.bytes)

    static func verifier() throws -> Verifier {
        let files = Dictionary(uniqueKeysWithValues: council.ceremony.publicFiles.map { ($0.name, $0.bytes) })
        return try Verifier(
            root: files["root.pem"]!, revocationLists: [files["root.crl"]!, files["issuing.crl"]!], logKeys: [])
    }

    static func verdict(_ text: String, statement: [UInt8]? = nil) throws -> Verdict {
        try verifier().verify(code: text, keys: keys, now: Council.today, statement: statement)
    }

    @Test("a code says what was signed, and reads back")
    func readsBack() throws {
        let read = try QRText(parsing: Self.code.text)

        #expect(read == Self.code)
        #expect(read.cose.statement.weight == 158_000)
        #expect(read.cose.statement.measures == [9120, 7050, 4880])
        #expect(read.cose.statement.species == "beryl")
        #expect((200...225).contains(Self.cose.bytes.count))
    }

    @Test("a code verifies from its text and the council's keys alone, and says what it cannot know")
    func verifies() throws {
        let verdict = try Self.verdict(Self.code.text)

        #expect(verdict.outcome == .genuine)
        #expect(verdict.headline.hasPrefix("Authentic dealer declaration"))
        #expect(verdict.headline.hasSuffix("current status not checked"))
        #expect(verdict[.log] == .notChecked("a QR code carries no proof of the public log"))
        #expect(try Self.verdict(Self.code.text, statement: Self.council.json)[.attachments] == .met)
        #expect(try Self.verdict(Self.code.text, statement: [1]).outcome == .notGenuine)
    }

    @Test("every changed byte of the signed object is refused")
    func changed() throws {
        let verifier = try Self.verifier()
        for index in Self.cose.bytes.indices {
            var bytes = Self.cose.bytes
            bytes[index] ^= 1
            let text = Self.code.address + "#" + QRText.decimal([1] + bytes)

            let verdict = verifier.verify(code: text, keys: Self.keys, now: Council.today)

            #expect(verdict.outcome != .genuine, "byte \(index)")
        }
    }

    private static func resigned(_ change: (inout [CBOR]) throws -> Void) throws -> String {
        guard case .tagged(_, .array(var parts)) = try CBOR(cose.bytes) else { return "" }
        try change(&parts)
        return code.address + "#" + QRText.decimal([1] + CBOR.tagged(18, .array(parts)).encoded)
    }

    @Test("other algorithms, keys and shapes are refused, each with its words")
    func shapes() throws {
        func header(_ algorithm: Int64?) -> CBOR {
            var pairs = [CBOR.Pair(key: .integer(4), value: .bytes(Self.cose.keyID))]
            if let algorithm { pairs.append(.init(key: .integer(1), value: .integer(algorithm))) }
            return .bytes(CBOR.map(pairs).encoded)
        }
        for algorithm in [nil, -8, 0] as [Int64?] {
            #expect(try Self.verdict(Self.resigned { $0[0] = header(algorithm) }).outcome == .notGenuine)
        }
        let unprotected = try Self.resigned {
            $0[1] = .map([.init(key: .integer(1), value: .integer(-7))])
        }
        #expect(try Self.verdict(unprotected).headline.contains("unprotected header"))
        for count in [63, 65] {
            let text = try Self.resigned { $0[3] = .bytes([UInt8](repeating: 1, count: count)) }
            #expect(try Self.verdict(text).headline.contains("64 bytes"))
        }
        let stranger = try Self.resigned {
            $0[0] = .bytes(
                CBOR.map([
                    .init(key: .integer(1), value: .integer(-7)),
                    .init(key: .integer(4), value: .bytes([UInt8](repeating: 7, count: 8))),
                ]).encoded)
        }
        #expect(try Self.verdict(stranger).outcome == .cannotTell)
        // The signature of the same bytes in another context (Signature instead of Signature1).
        let other = try Self.resigned {
            guard case .bytes(let head) = $0[0], case .bytes(let payload) = $0[2] else { return }
            let message = CBOR.array([.text("Signature"), .bytes(head), .bytes([]), .bytes(payload)]).encoded
            $0[3] = .bytes(try ECDSASpelling.plain(Self.council.ceremony.key("cose").sign(message)))
        }
        #expect(try Self.verdict(other).headline.contains("signature is false"))
        let untagged = try CBOR(Self.cose.bytes)
        guard case .tagged(_, let inner) = untagged else { return }
        #expect(
            try Self.verdict(Self.code.address + "#" + QRText.decimal([1] + inner.encoded)).outcome == .cannotTell)
    }

    @Test("a code under another number's address is no certificate of that number")
    func otherNumber() throws {
        let other = Council.number(418)

        let verdict = try Self.verdict("https://gems.example/c/\(other)#\(Self.code.digits)")

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.headline.contains("but what was signed is"))
    }

    @Test(
        "what was damaged on the way cannot be told, what was forged is refused",
        arguments: [
            ("%23", Verdict.Outcome.cannotTell), ("#0", .notGenuine), ("#x", .cannotTell), ("#", .cannotTell),
        ])
    func damage(mark: String, outcome: Verdict.Outcome) throws {
        let text =
            mark == "#"
            ? Self.code.address + "#" + Self.code.digits.dropLast(40) : Self.code.address + mark + Self.code.digits

        #expect(try Self.verdict(text).outcome == outcome)
    }

    @Test(
        "CBOR has one spelling",
        arguments: [
            "1817": "a long length", "a2010101": "cut short", "a201010102": "a key twice",
            "a202010101": "keys out of order",
            "5f4101ff": "an indefinite length", "818181818181818181f6": "depth", "01ff": "trailing",
            "fb3ff0000000000000": "a float",
            "61ff": "no UTF-8", "9b7fffffffffffffff": "a count of nothing",
        ])
    func cbor(hex: String, why: String) {
        #expect(throws: CBOR.Malformed.self, "\(why)") { try CBOR(Hex.decode(hex)!) }
    }

    @Test("numbers of any length go from one base to the other and back")
    func bases() {
        for bytes in [[1], [1, 0, 0], [0xFF], [UInt8](repeating: 0xFF, count: 300), [1, 0x3B, 0x9A, 0xCA, 0]]
            as [[UInt8]]
        {
            #expect(QRText.bytes(QRText.decimal(bytes)[...]) == bytes)
        }
        #expect(QRText.decimal([1, 0]) == "256")
        #expect(QRText.decimal([0x3B, 0x9A, 0xCA, 0]) == "1000000000")
    }

    // MARK: - The status list

    static func list(
        _ changed: [Int: CertificateStatus], at time: Date = Council.today, issuer: String = "GGAPCP",
        address: String = "https://gems.example/status/1"
    ) throws -> [UInt8] {
        try StatusList.sign(changed, address: address, issuer: issuer, at: time, with: council.ceremony.key("cose"))
    }

    static func finding(_ list: [UInt8], now: Date = Council.today, lastSeen: Date? = nil) throws
        -> Verifier.StatusFinding
    {
        try verifier().status(in: list, of: council.json, keys: keys, now: now, lastSeen: lastSeen)
    }

    @Test("every status is read from its place, and its neighbours are valid", arguments: CertificateStatus.allCases)
    func statuses(status: CertificateStatus) throws {
        let list = try Self.list([4172: status, 4173: .stolen, 4171: .lost, StatusList.places - 1: .withdrawn])
        let read = try StatusList(list)

        #expect(try Self.finding(list).status == status)
        #expect(try read.status(at: 4173) == .stolen)
        #expect(try read.status(at: 4170) == .valid)
        #expect(try read.status(at: StatusList.places - 1) == .withdrawn)
        #expect(try read.status(at: StatusList.places) == nil)
        #expect(list.count < 40_000)
    }

    @Test("a list of another issuer, of another address, expired, set back, changed or from the future says nothing")
    func refused() throws {
        let list = try Self.list([:])
        var changed = list
        changed[list.count - 5] ^= 1
        let week = StatusList.lifetime

        #expect(try Self.finding(Self.list([:], issuer: "OTHER")).problem?.contains("another one") == true)
        #expect(try Self.finding(Self.list([:], address: "https://x/1")).problem?.contains("another one") == true)
        #expect(
            try Self.finding(list, now: Council.today.addingTimeInterval(week + 1)).problem?.contains("out of date")
                == true)
        #expect(
            try Self.finding(list, lastSeen: Council.today.addingTimeInterval(1)).problem?.contains("older") == true)
        #expect(try Self.finding(changed).status == nil)
        #expect(
            try Self.finding(list, now: Council.today.addingTimeInterval(-3600)).problem?.contains("future") == true)
        #expect(try Self.finding(Array("a.b.c".utf8)).status == nil)
        #expect(try Self.finding([]).status == nil)
    }

    // MARK: - Judged by others

    private static let other = """
        import json,sys,base64
        from cwt import COSE, COSEKey
        d=json.load(sys.stdin); jwk=d['keys']['keys'][0]
        k=COSEKey.from_jwk({**{n:jwk[n] for n in ('kty','crv','x','y','alg')},'kid':base64.urlsafe_b64decode(jwk['kid']+'=')})
        b=int(d['digits']).to_bytes(4096,'big').lstrip(b'\\0')[1:]
        try: COSE.new().decode(b,k); print('accepted')
        except Exception as e: print('refused')
        """

    @Test("another COSE library takes our codes and refuses a changed one")
    func otherLibrary() throws {
        guard try Program.run("python3", ["-c", "import cwt"], isQuiet: true).status == 0 else {
            print("skipped: python3 has no cwt (pip install cwt)")
            return
        }
        func judge(_ digits: String) throws -> String {
            let keys = String(
                decoding: Self.council.ceremony.publicFiles.first { $0.name == "keys.json" }!.bytes, as: UTF8.self)
            return try Program.run(
                "python3", ["-c", Self.other], input: Array("{\"digits\":\"\(digits)\",\"keys\":\(keys)}".utf8),
                isQuiet: true
            )
            .output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        var changed = Self.cose.bytes
        changed[changed.count - 1] ^= 1

        #expect(try judge(Self.code.digits) == "accepted")
        #expect(try judge(QRText.decimal([1] + changed)) == "refused")
    }

    @Test("zbarimg reads the printed code")
    func scanned() throws {
        let symbol = try QRSymbol(Self.code)
        // A portable bitmap, eight dots a square: no image library stands between.
        let side = symbol.side + 8
        var image = Array("P1\n\(side * 8) \(side * 8)\n".utf8)
        for row in 0..<side * 8 {
            for column in 0..<side * 8 {
                let (r, c) = (row / 8 - 4, column / 8 - 4)
                let isDark = (0..<symbol.side).contains(r) && (0..<symbol.side).contains(c) && symbol[r, c]
                image.append(isDark ? UInt8(ascii: "1") : UInt8(ascii: "0"))
            }
            image.append(UInt8(ascii: "\n"))
        }
        let path = FileManager.default.temporaryDirectory.appending(path: "gemd-qr-\(UUID()).pbm").path
        try Data(image).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let answer = try Program.run("zbarimg", ["-q", "--raw", path], isQuiet: true)
        guard answer.status != 127 else {
            print("skipped: there is no zbarimg (apt install zbar-tools)")
            return
        }

        #expect(answer.output.trimmingCharacters(in: .whitespacesAndNewlines) == Self.code.text)
        #expect(symbol.svg.hasPrefix("<svg "))
    }
}
