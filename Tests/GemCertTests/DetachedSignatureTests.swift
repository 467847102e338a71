import FoundationEssentials
import GemCrypto
import GemModel
import Testing

@testable import GemCert

@Suite("the signature file")
struct DetachedSignatureTests {
    let council = Council.usual

    /// ContentInfo · [0] · SignedData.
    private let signedData = [1, 0]

    @Test("it has one signer, the four attributes, the issue time, and the chain without the root")
    func shape() throws {
        let signature = try DetachedSignature(council.signature)

        #expect(signature.certificates.count == 2)
        #expect(
            try Set(signature.certificates) == [
                council.ceremony.certificate("signer").der, council.ceremony.certificate("issuing").der,
            ])
        #expect(signature.messageDigest == SHA256.hash(council.json))
        #expect(signature.signingTime.map { CivilTime($0).text } == "2026-11-21T09:30:00.000Z")
        #expect(signature.timestamp == nil)
        #expect(council.signature.count < 2100)
    }

    @Test("signing the same statement again gives another signature over the same attributes")
    func again() throws {
        let again = try council.ceremony.issuer().sign(council.json)

        #expect(again != council.signature)
        #expect(
            try DetachedSignature(again).signedAttributes == DetachedSignature(council.signature).signedAttributes)
    }

    @Test("a bit changed in any byte is noticed")
    func everyByte() throws {
        let verifier = try council.ceremony.verifier()
        for i in council.signature.indices {
            var signature = council.signature
            signature[i] ^= 1 << (i % 8)

            let verdict = verifier.verify(
                .init(json: council.json, signature: signature, proof: council.proof.bytes), now: Council.today,
                status: .valid)

            #expect(verdict.outcome == .notGenuine, "byte \(i)")
            #expect(!Set(verdict.failed).isDisjoint(with: [.form, .signature, .chain]), "byte \(i)")
        }
    }

    @Test("cut short anywhere, or with anything after it, it is refused")
    func cut() throws {
        for count in stride(from: 0, to: council.signature.count, by: 7) {
            #expect(try council.verify(signature: Array(council.signature.prefix(count))).failed == [.form])
        }
        for tail in [[0], [0x0A], [0, 0], council.signature] as [[UInt8]] {
            let verdict = try council.verify(signature: council.signature + tail)
            #expect(verdict.failed == [.form])
            #expect(verdict.headline.contains("something follows the signature"))
        }
    }

    @Test("BER instead of DER is refused: indefinite and overlong lengths")
    func ber() throws {
        let node = DERNode(council.signature)
        let overlong = [node.tag, 0x83, 0] + council.signature[2...]

        for bytes in [node.indefinite, Array(overlong)] {
            let verdict = try council.verify(signature: bytes)
            #expect(verdict.outcome == .notGenuine)
            #expect(verdict.failed == [.form])
        }
    }

    @Test("two signatures in one file are refused")
    func twoSigners() throws {
        var node = DERNode(council.signature)
        let last = node[1, 0].children.count - 1
        node[1, 0, last].children.append(node[1, 0, last, 0])

        try refusedForm(node, "more than one signature")
    }

    @Test("content carried inside is refused")
    func attached() throws {
        var node = DERNode(council.signature)
        var wrapper = DERNode(tag: 0xA0, value: [])
        wrapper.children = [DERNode(tag: 0x04, value: council.json)]
        node[1, 0, 2].children.append(wrapper)

        try refusedForm(node, "a copy of the content")
    }

    @Test("certificates without a signature are refused")
    func certificatesOnly() throws {
        var node = DERNode(council.signature)
        node[1, 0, 1].children = []
        node[1, 0, node[1, 0].children.count - 1].children = []

        try refusedForm(node, "no signature")
    }

    @Test("a signed attribute left out, added, doubled or out of order is refused")
    func attributes() throws {
        let good = DERNode(council.signature)
        let signer = [1, 0, 4, 0]
        let set = good.children[1].children[0].children[4].children[0].children[3]
        #expect(set.children.count == 4 && signer.count == 4)
        func with(_ children: [DERNode]) -> DERNode {
            var node = good
            node[1, 0, 4, 0, 3].children = children
            return node
        }

        for i in 0..<4 {
            var fewer = set.children
            fewer.remove(at: i)
            try refusedForm(with(fewer), "signed attributes")
        }
        try refusedForm(with([set.children[0]] + set.children), nil)
        try refusedForm(with(set.children.reversed()), "order")
        var foreign = set.children[0]
        foreign[0].value[8] = 15
        try refusedForm(with((set.children + [foreign]).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }), nil)
        var valueless = set.children
        valueless[0][1].children = []
        try refusedForm(with(valueless), nil)
        var twoValues = set.children
        twoValues[0][1].children.append(twoValues[0][1, 0])
        try refusedForm(with(twoValues), nil)
    }

    @Test("an unsigned attribute on a declaration is refused, also a time stamp, which it never has")
    func unsignedAttribute() throws {
        var node = DERNode(council.signature)
        // id-aa-signatureTimeStampToken with an empty sequence for a token.
        node[1, 0, 4, 0].children.append(
            DERNode(
                [
                    0xA1, 0x11, 0x30, 0x0F, 0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14, 0x31, 0,
                ].withToken))

        try refusedForm(node, "time stamp")
    }

    @Test("another algorithm, revocation lists inside, certificates out of order or left out are refused")
    func others() throws {
        let good = DERNode(council.signature)

        var weak = good
        weak[1, 0, 4, 0, 4, 0].value[6] = 1  // ecdsa-with-SHA224
        try refusedForm(weak, "ECDSA")
        var lists = good
        var list = DERNode(tag: 0xA1, value: [])
        list.children = [DERNode(council.ceremony.file("root.crl"))]
        lists[1, 0].children.insert(list, at: 4)
        try refusedForm(lists, "revocation lists")
        var swapped = good
        swapped[1, 0, 3].children.reverse()
        try refusedForm(swapped, "order")
        var alone = good
        alone[1, 0, 3].children.removeAll { $0.bytes == (try? council.ceremony.certificate("issuing").der) }
        #expect(try council.verify(signature: alone.bytes).failed == [.chain])
        var orphan = good
        orphan[1, 0, 3].children.removeAll { $0.bytes == (try? council.ceremony.certificate("signer").der) }
        #expect(try council.verify(signature: orphan.bytes).failed == [.chain, .time])
        var stuffed = good
        stuffed[1, 0, 3].children.append(DERNode(try council.ceremony.certificate("cose").der))
        stuffed[1, 0, 3].children.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        #expect(try council.verify(signature: stuffed.bytes).failed == [.chain])
    }

    /// ECDSA lets anybody turn (r, s) into (r, n − s) without the key. The certificate stays what it was, which is
    /// why the log binds the JSON and never these bytes.
    @Test("a signature whose s was mirrored still holds: the same certificate in another skin")
    func mirrored() throws {
        var node = DERNode(council.signature)
        node[1, 0, 4, 0, 5].value = DERNode(node[1, 0, 4, 0, 5].value).mirroredS.bytes

        let verdict = try council.verify(signature: node.bytes)

        #expect(node.bytes != council.signature)
        #expect(verdict.outcome == .genuine)
    }

    @Test("a signature over another certificate's JSON is not this one's")
    func otherSignature() throws {
        var statement = Council.statement(number: Council.number(418))
        statement.nonce[0] = 1
        let other = try council.ceremony.issuer().sign(statement.bytes)

        let verdict = try council.verify(signature: other)

        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.signature])
    }

    private func refusedForm(_ node: DERNode, _ words: String?) throws {
        let verdict = try council.verify(signature: node.bytes)
        #expect(verdict.outcome == .notGenuine)
        #expect(verdict.failed == [.form])
        if let words { #expect(verdict.headline.contains(words)) }
    }
}

extension [UInt8] {
    /// With an empty SEQUENCE as the set's one value, lengths mended.
    fileprivate var withToken: [UInt8] {
        var node = DERNode(self)
        node.children[0].children[1].children = [DERNode(tag: 0x30, value: [])]
        return node.bytes
    }
}
