import COpenSSL
import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("time stamps")
struct TimestampTests {
    private let report = Report.usual
    private var ceremony: Ceremony { report.lab.council.ceremony }

    private func token() throws -> [UInt8] {
        try #require(try DetachedSignature(report.signature).timestamp)
    }

    /// The report's signature with this token in the place of its own.
    func with(_ token: [UInt8]) throws -> [UInt8] {
        var node = DERNode(report.signature)
        node[1, 0, 4, 0, 6, 0, 1].children = [DERNode(token)]
        return node.bytes
    }

    private func refused(
        _ signature: [UInt8], _ step: Verdict.Step, _ words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let verdict = try report.verify(signature: signature)
        #expect(verdict.outcome == .notGenuine, sourceLocation: sourceLocation)
        #expect(verdict.failed.contains(step), "\(verdict.failed)", sourceLocation: sourceLocation)
        #expect(verdict.headline.contains(words), "\(verdict.headline)", sourceLocation: sourceLocation)
    }

    @Test(
        "an examination and a check are genuine, and every step says so",
        arguments: [.examination(Laboratory.examination), .check(Laboratory.check)] as [Statement.Body])
    func genuine(body: Statement.Body) throws {
        let verdict = try Report(body: body).verify()

        #expect(verdict.outcome == .genuine, "\(verdict.headline)")
        #expect(verdict.certificateClass == body.certificateClass)
        #expect(verdict.headline == body.certificateClass.headline)
        #expect(verdict.notChecked == [.attachments])
    }

    @Test("the token says when, over the signature and nothing else, with the chain but not the root")
    func token_() throws {
        let token = try TimestampToken(token())
        let signature = try DetachedSignature(report.signature)

        #expect(CivilTime(token.time).text == "2026-11-21T09:30:01.000Z")
        #expect(token.imprint == SHA256.hash(signature.signature))
        #expect(token.digest == .sha256 && token.signerHash.digest == .sha256)
        #expect(
            try Set(token.certificates) == [
                ceremony.certificate("tsa").der, ceremony.certificate("issuing").der,
            ])
        #expect(report.signature.count < 4500)
    }

    @Test("two tokens differ: their serial numbers are random")
    func serials() throws {
        let authority = try ceremony.timestampAuthority()
        let imprint = SHA256.hash([1])

        let tokens = try (0..<4).map { _ in
            try TimestampToken(authority.token(over: imprint, now: Council.issued)).content
        }

        #expect(Set(tokens).count == 4)
    }

    @Test(
        "with the clock moved on it still holds", arguments: ["2027-01-20", "2028-01-21", "2038-11-22"])
    func later(day: String) throws {
        let now = CivilTime(text: day + "T12:00:00.000Z")!.date

        let logged = try report.verify(now: now)
        let unlogged = try report.verify(isLogged: false, now: now)

        // The day's revocation lists tell what is asked: how it stood when the stamp was made.
        #expect(logged.outcome == .genuine)
        #expect(logged.notChecked == [.attachments])
        #expect(unlogged.outcome == .genuine)
        #expect(unlogged.notChecked == [.log, .attachments])
    }

    @Test("a bit changed in any byte is noticed")
    func everyByte() throws {
        let verifier = try ceremony.verifier()
        for i in report.signature.indices {
            var signature = report.signature
            signature[i] ^= 1 << (i % 8)

            let verdict = verifier.verify(
                .init(json: report.json, signature: signature, proof: report.proof), now: Council.today,
                status: .valid)

            #expect(verdict.outcome == .notGenuine, "byte \(i)")
        }
    }

    @Test("a time stamp taken away, or put on a declaration or a copy, is refused")
    func stripped() throws {
        var node = DERNode(report.signature)
        node[1, 0, 4, 0].children.removeLast()
        try refused(node.bytes, .form, "its time stamp was taken away")

        let council = report.lab.council
        let imprint = SHA256.hash(try DetachedSignature(council.signature).signature)
        let token = try ceremony.timestampAuthority().token(over: imprint, now: Council.issued)
        let declaration = try council.verify(signature: CMS.stamping(council.signature, with: token))
        #expect(declaration.failed == [.form])
        #expect(declaration.headline.contains("it has a time stamp, which a declaration never has"))
    }

    @Test("a declaration's signature cannot be dressed as a report's: the class is in what is signed")
    func dressed() throws {
        let council = report.lab.council
        let verdict = try council.ceremony.verifier().verify(
            .init(json: report.json, signature: council.signature), now: Council.today)

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed.contains(.form))
    }

    @Test("a token over another signature, also over the same words signed again, is refused")
    func otherSignature() throws {
        let again = try Report()
        let others = try #require(try DetachedSignature(again.signature).timestamp)

        try refused(with(others), .time, "the time stamp was made for another signature")
        // Anybody can mirror s, but then the stamp is no longer this signature's.
        var node = DERNode(report.signature)
        node[1, 0, 4, 0, 5].value = DERNode(node[1, 0, 4, 0, 5].value).mirroredS.bytes
        try refused(node.bytes, .time, "the time stamp was made for another signature")
    }

    @Test("a token by another council's authority, of the same name, is refused")
    func otherRoot() throws {
        let forger = try Council()
        let imprint = SHA256.hash(try DetachedSignature(report.signature).signature)
        let token = try forger.ceremony.timestampAuthority().token(over: imprint, now: Council.issued)

        try refused(with(token), .time, "the time stamp was not made under the council's root key")
    }

    @Test(
        "the signer's own key cannot stamp, nor any key not made for time stamps alone, critically",
        arguments: [
            nil, "timeStamping", "critical,timeStamping,emailProtection", "emailProtection",
            "critical,serverAuth",
        ])
    func purpose(extendedKeyUsage: String?) throws {
        try refused(
            with(token(by: extendedKeyUsage)), .time,
            "was made with a key that is not for time stamps alone")
    }

    @Test("a stamping key with another key usage is refused, and an authority's own")
    func keyUsage() throws {
        try refused(
            with(token(by: "critical,timeStamping", keyUsage: "critical,keyEncipherment")), .time,
            "not for signatures")
        try refused(
            with(token(by: "critical,timeStamping", basic: "critical,CA:TRUE")), .time, "")
    }

    @Test("the control: a fresh stamping key of the right profile is taken")
    func purposeControl() throws {
        #expect(
            try report.verify(signature: with(token(by: "critical,timeStamping"))).outcome == .genuine)
    }

    @Test("a stamp older than the certificate, or from when the key was not in use, is refused")
    func times() throws {
        for (days, words) in [
            (-1.0, "older than the certificate says"),
            (-40, "when the authority's certificate was not valid"),
            (500, "when the authority's key was not in use"),
        ] {
            try refused(
                with(
                    token(by: "critical,timeStamping", at: Council.issued.addingTimeInterval(days * 86_400))),
                .time, words)
        }
        let minute = try report.verify(
            signature: with(
                token(by: "critical,timeStamping", at: Council.issued.addingTimeInterval(-30))))
        #expect(minute.outcome == .genuine)
    }

    @Test("a stamp from after the signing key's time, by an authority still in use, is refused")
    func afterKeyPeriod() throws {
        try refused(
            with(
                token(
                    by: "critical,timeStamping", months: 40,
                    at: Council.issued.addingTimeInterval(500 * 86_400))),
            .time, "but the signing key was in use")
    }

    @Test("a stamp of tomorrow: this computer's clock may be wrong, so nobody can tell")
    func future() throws {
        let token = try token(by: "critical,timeStamping", at: Council.today.addingTimeInterval(3600))

        let verdict = try report.verify(signature: with(token))

        #expect(verdict.outcome == .cannotTell)
        #expect(verdict.failed == [.time])
    }

    @Test("the certificate in the token exchanged for another of the same key is noticed")
    func exchanged() throws {
        var node = DERNode(try token())
        let old = try ceremony.certificate("tsa")
        let oldBytes = try old.der
        let serial = DERNode(oldBytes)[0, 1].value
        let twin = try X509Certificate.make(
            subject: .init(
                country: "PK", organization: "Gold and Gem Art Promotion Council",
                commonName: "GGAPCP Time-Stamping Authority"),
            key: ceremony.key("tsa"), extensions: CertificateProfile.timestamping.extensions(crlURL: nil),
            notBefore: Council.founded, notAfter: CivilTime(Council.founded).adding(months: 360).date,
            keyUsedUntil: CivilTime(Council.founded).adding(months: 130).date, serial: serial,
            issuer: ceremony.certificate("issuing"), issuerKey: ceremony.key("issuing"))
        let place = try #require(node[1, 0, 3].children.firstIndex { $0.bytes == oldBytes })
        node[1, 0, 3].children[place] = DERNode(try twin.der)

        try refused(with(node.bytes), .time, "was exchanged")
    }

    @Test("a damaged token, with anything added or doubled, is refused as a form")
    func forms() throws {
        let good = DERNode(try token())
        func form(_ words: String, _ change: (inout DERNode) -> Void) throws {
            var node = good
            change(&node)
            try refused(with(node.bytes), .form, words)
        }

        try form("more than one signature") { $0[1, 0, 4].children.append($0[1, 0, 4, 0]) }
        try form("a certificate twice") { $0[1, 0, 3].children.append($0[1, 0, 3, 0]) }
        try form("revocation lists") { node in
            var list = DERNode(tag: 0xA1, value: [])
            list.children = [DERNode(ceremony.file("issuing.crl"))]
            node[1, 0].children.insert(list, at: 4)
        }
        try form("what nobody signed") { node in
            var unsigned = DERNode(tag: 0xA1, value: [])
            unsigned.children = [node[1, 0, 4, 0, 3, 0]]
            node[1, 0, 4, 0].children.append(unsigned)
        }
        try form("hash other than SHA-2") { $0[1, 0, 1, 0, 0].value[8] = 9 }
        try form("signature is of an unknown kind") { $0[1, 0, 4, 0, 4, 0].value[7] = 1 }
        try form("one way only") { $0[1, 0, 4, 0, 3].children.append($0[1, 0, 4, 0, 3, 0]) }
        try form("is no time stamp") { $0[1, 0, 2, 0].value[10] = 5 }
        try form("damaged") { $0[1, 0, 0].value = [1] }
        try refused(with(DERNode(tag: 0x30, value: []).bytes), .form, "damaged")
    }

    @Test("cut short anywhere a token is refused, and never crashes")
    func cut() throws {
        let bytes = try token()
        for count in 0..<bytes.count {
            #expect(throws: TimestampToken.Malformed.self) {
                try TimestampToken(Array(bytes.prefix(count)))
            }
        }
        #expect(throws: TimestampToken.Malformed.self) { try TimestampToken(bytes + [0]) }
    }

    @Test("a retired key stamps nothing more, and the report is not signed")
    func retired() throws {
        let late = CivilTime(text: "2028-01-15T00:00:00.000Z")!.date
        let authority = try ceremony.timestampAuthority()

        #expect(throws: TimestampAuthority.Refusal.outsideKeyPeriod(authority.keyPeriod)) {
            try Report(stamped: late)
        }
    }

    // MARK: revocation

    private func list(_ name: String, at text: String, reason: Int) throws -> [[UInt8]] {
        let serialNumber = try ceremony.certificate(name).serialNumber
        let entry = RevocationList.Entry(
            serialNumber: try #require(serialNumber), revokedAt: try #require(CivilTime(text: text)).date,
            reason: reason)
        return [
            ceremony.file("root.crl"),
            try RevocationList.make(
                issuer: ceremony.certificate("issuing"), key: ceremony.key("issuing"), revoked: [entry],
                thisUpdate: Council.today.addingTimeInterval(-60),
                nextUpdate: Council.today.addingTimeInterval(86_400)
            ).der,
        ]
    }

    @Test("a signer taken back after the stamp harms nothing; before it, the report is not genuine")
    func signerRevoked() throws {
        let after = try report.verify(
            isLogged: false, lists: list("signer", at: "2026-11-21T09:31:00.000Z", reason: 1))
        let before = try report.verify(lists: list("signer", at: "2026-11-21T09:29:00.000Z", reason: 1))

        #expect(after.outcome == .genuine, "\(after.headline)")
        #expect(before.outcome == .notGenuine)
        #expect(before.failed == [.revocation])
        #expect(before.headline.contains("before this was time-stamped"))
    }

    @Test(
        "an authority whose key was lost leaves its earlier stamps to the log; one that merely ended does not"
    )
    func authorityRevoked() throws {
        let lost = try list("tsa", at: "2026-11-21T20:00:00.000Z", reason: 1)
        let ended = try list("tsa", at: "2026-11-21T20:00:00.000Z", reason: 5)
        let before = try list("tsa", at: "2026-11-20T20:00:00.000Z", reason: 5)

        #expect(try report.verify(lists: lost).outcome == .genuine)
        let unlogged = try report.verify(isLogged: false, lists: lost)
        #expect(unlogged.outcome == .cannotTell)
        #expect(unlogged.failed == [.revocation])
        #expect(try report.verify(isLogged: false, lists: ended).outcome == .genuine)
        #expect(try report.verify(lists: before).failed == [.revocation])
    }

    // MARK: another authority's key

    /// A token over the report's signature by a fresh key whose certificate has these extensions.
    func token(
        by extendedKeyUsage: String?, keyUsage: String = "critical,digitalSignature",
        basic: String = "critical,CA:FALSE", months: Int = 13,
        at time: Date = Council.issued.addingTimeInterval(1)
    ) throws -> [UInt8] {
        let key = try PrivateKey(generating: .p256)
        let certificate = try X509Certificate.make(
            subject: .init(country: "PK", organization: "Council", commonName: "Stamps"), key: key,
            extensions: CertificateProfile.timestamping.extensions(crlURL: nil).compactMap { nid, value in
                switch nid {
                case NID_ext_key_usage: extendedKeyUsage.map { (nid, $0) }
                case NID_key_usage: (nid, keyUsage)
                case NID_basic_constraints: (nid, basic)
                default: (nid, value)
                }
            },
            notBefore: Council.founded, notAfter: CivilTime(Council.founded).adding(months: 360).date,
            keyUsedUntil: CivilTime(Council.founded).adding(months: months).date, serial: randomBytes(16),
            issuer: ceremony.certificate("issuing"), issuerKey: ceremony.key("issuing"))
        return try StampForge(
            key: key, certificate: certificate, issuing: ceremony.certificate("issuing").der
        ).token(over: SHA256.hash(DetachedSignature(report.signature).signature), at: time)
    }
}

/// Signs any token at all, put together by hand: OpenSSL would refuse to stamp with a key not made for it.
struct StampForge: ~Copyable {
    let key: PrivateKey
    let certificate: X509Certificate
    let issuing: [UInt8]?

    init(key: consuming PrivateKey, certificate: consuming X509Certificate, issuing: [UInt8]?) {
        self.key = key
        self.certificate = certificate
        self.issuing = issuing
    }

    func token(over imprint: [UInt8], at time: Date, nonce: [UInt8]? = nil, fraction: String = "")
        throws -> [UInt8]
    {
        let sha256: [UInt8] = [0x30, 11, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]
        let tstInfo: [UInt8] = [0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 4]
        func pkcs9(_ tail: [UInt8]) -> [UInt8] {
            DERWriter.element(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9] + tail)
        }
        let digits = CivilTime(time).generalizedText.dropLast() + fraction + "Z"
        let info = DERWriter.element(
            0x30,
            [0x02, 1, 1] + [0x06, 3, 0x2A, 3, 4]
                + DERWriter.element(0x30, sha256 + DERWriter.element(0x04, imprint)) + [0x02, 1, 7]
                + DERWriter.element(0x18, Array(digits.utf8)) + (nonce.map { DERWriter.positive($0) } ?? [])
        )
        let der = try certificate.der
        let body = DERNode(der)[0]
        let id = DERWriter.element(
            0x30,
            DERWriter.element(0x30, DERWriter.element(0x30, DERWriter.element(0x04, SHA256.hash(der)))))
        let attributes = [
            DERWriter.element(0x30, pkcs9([3]) + DERWriter.element(0x31, tstInfo)),
            DERWriter.element(
                0x30, pkcs9([4]) + DERWriter.element(0x31, DERWriter.element(0x04, SHA256.hash(info)))),
            DERWriter.element(0x30, pkcs9([16, 2, 47]) + DERWriter.element(0x31, id)),
        ].sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
        let signature = try key.sign(DERWriter.element(0x31, attributes))
        let signer = DERWriter.element(
            0x30,
            [0x02, 1, 1] + DERWriter.element(0x30, body[3].bytes + body[1].bytes) + sha256
                + DERWriter.element(0xA0, attributes)
                + [0x30, 10, 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
                + DERWriter.element(0x04, signature))
        let signedData = DERWriter.element(
            0x30,
            [0x02, 1, 3] + DERWriter.element(0x31, sha256)
                + DERWriter.element(0x30, tstInfo + DERWriter.element(0xA0, DERWriter.element(0x04, info)))
                + DERWriter.element(0xA0, der + (issuing ?? [])) + DERWriter.element(0x31, signer))
        return DERWriter.element(
            0x30,
            [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2] + DERWriter.element(0xA0, signedData))
    }
}

@Suite("an outside time-stamping authority")
struct OutsideTimestampTests {
    private let lab = Laboratory.usual
    private var council: Council { lab.council }

    /// A self-signed authority of its own.
    private func authority() throws -> StampForge {
        let key = try PrivateKey(generating: .p256)
        let root = try X509Certificate.makeRoot(
            subject: .init(country: "CH", organization: "Stamps", commonName: "Root"), key: key,
            notBefore: Council.founded, notAfter: CivilTime(Council.founded).adding(months: 120).date,
            serial: randomBytes(16))
        let leafKey = try PrivateKey(generating: .p256)
        let leaf = try X509Certificate.make(
            subject: .init(country: "CH", organization: "Stamps", commonName: "TSA"), key: leafKey,
            extensions: CertificateProfile.timestamping.extensions(crlURL: nil),
            notBefore: Council.founded,
            notAfter: CivilTime(Council.founded).adding(months: 60).date, keyUsedUntil: nil,
            serial: randomBytes(16), issuer: root, issuerKey: key)
        return StampForge(key: leafKey, certificate: leaf, issuing: try root.der)
    }

    private let json = Report.usual.json

    private func unstamped() throws -> Issuer.Unstamped {
        try council.ceremony.issuer().sign(
            StatementLinter.Linted(json), approvedBy: lab.ring, owner: "SWATGEMS")
    }

    private let moment = Council.issued.addingTimeInterval(2)

    @Test("its token is taken when its certificate was pinned, here and by the verifier")
    func pinned() throws {
        let authority = try authority()
        let pinned = try authority.certificate.pem
        let unstamped = try unstamped()
        let request = TimestampRequest(imprint: unstamped.imprint)
        let answer = try authority.token(
            over: unstamped.imprint, at: moment, nonce: request.nonce, fraction: ".25")
        let token = try request.token(in: Self.response(answer))

        let signature = try unstamped.stamped(with: token, pinned: pinned, now: moment)

        let known = try council.ceremony.verifier(timestampAuthorities: [pinned])
        let stranger = try council.ceremony.verifier()
        #expect(
            known.verify(.init(json: json, signature: signature), now: Council.today).outcome == .genuine)
        let verdict = stranger.verify(.init(json: json, signature: signature), now: Council.today)
        #expect(verdict.failed == [.time])
        #expect(verdict.headline.contains("not made under the council's root key"))
    }

    @Test("what it answers is checked before it is used")
    func checked() throws {
        let authority = try authority()
        let pinned = try authority.certificate.pem
        let other = try self.authority()
        let unstamped = try unstamped()
        func refused(_ words: String, _ token: [UInt8], pinned: [UInt8]) {
            do {
                _ = try unstamped.stamped(with: token, pinned: pinned, now: moment)
                Issue.record("taken: \(words)")
            } catch Issuer.Refusal.timestamp(let reason) {
                #expect(reason.contains(words), "\(reason)")
            } catch { Issue.record("\(error)") }
        }

        refused(
            "not by the authority that was configured",
            try other.token(over: unstamped.imprint, at: moment),
            pinned: pinned)
        refused(
            "another signature", try authority.token(over: SHA256.hash([0]), at: moment), pinned: pinned)
        refused(
            "the clock here",
            try authority.token(over: unstamped.imprint, at: moment.addingTimeInterval(3600)),
            pinned: pinned)
        refused(
            "the clock here",
            try authority.token(over: unstamped.imprint, at: moment.addingTimeInterval(-3600)),
            pinned: pinned)
        refused("cannot be used", [0x30, 0], pinned: pinned)
    }

    @Test(
        "the request is DER with SHA-256, a nonce and the wish for certificates; each nonce is fresh")
    func request() throws {
        let request = TimestampRequest(
            imprint: SHA256.hash([1]), random: { [UInt8](repeating: 0x8F, count: $0) })
        let node = DERNode(request.bytes)

        #expect(node.bytes == request.bytes)
        #expect(node[0].value == [1])
        #expect(node[1, 1].value == SHA256.hash([1]))
        #expect(node[2].value == [0] + [UInt8](repeating: 0x8F, count: 16))
        #expect(node[3].value == [0xFF])
        #expect(
            TimestampRequest(imprint: SHA256.hash([1])) != TimestampRequest(imprint: SHA256.hash([1])))
    }

    @Test("an answer that refuses, is damaged, or belongs to another request is refused")
    func responses() throws {
        let authority = try authority()
        let imprint = SHA256.hash([1])
        let request = TimestampRequest(imprint: imprint)
        let good = Self.response(try authority.token(over: imprint, at: moment, nonce: request.nonce))
        func reason(_ response: [UInt8]) -> String? {
            do throws(TimestampRequest.Refusal) {
                _ = try request.token(in: response)
                return nil
            } catch { return error.reason }
        }

        #expect(reason(good) == nil)
        let words = DERWriter.element(0x30, DERWriter.element(0x0C, Array("no\u{1B}money".utf8)))
        #expect(
            reason(DERWriter.element(0x30, DERWriter.element(0x30, [0x02, 1, 2] + words)))
                == "the authority refused: no?money")
        #expect(
            reason(Self.response(try authority.token(over: imprint, at: moment)))
                == "the time stamp answers another request")
        #expect(
            reason(
                Self.response(try authority.token(over: SHA256.hash([2]), at: moment, nonce: request.nonce))
            )
                == "the time stamp is for something else")
        #expect(reason(good + [0]) == "the answer is damaged")
        for count in stride(from: 0, to: good.count, by: 11) {
            #expect(reason(Array(good.prefix(count))) != nil)
        }
    }

    private static func response(_ token: [UInt8]) -> [UInt8] {
        DERWriter.element(0x30, [0x30, 3, 0x02, 1, 0] + token)
    }
}

extension DERNode {
    /// An ECDSA-Sig-Value with n − s for s, which anybody can compute.
    var mirroredS: DERNode {
        let order = Hex.decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")!
        let s =
            [UInt8](repeating: 0, count: max(0, 32 - children[1].value.count))
            + children[1].value.suffix(32)
        var borrow = 0
        var difference = [UInt8](repeating: 0, count: 32)
        for i in (0..<32).reversed() {
            let value = Int(order[i]) - Int(s[i]) - borrow
            borrow = value < 0 ? 1 : 0
            difference[i] = UInt8(value & 0xFF)
        }
        var node = self
        node.children[1].value = Array(DERNode(DERWriter.positive(difference)).value)
        return node
    }
}
