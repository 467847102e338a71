import COpenSSL
import FoundationEssentials
import GemCrypto
import GemModel

@testable import GemCert

// The lines about the JSON, the signature file and the certificates in it.

extension NegativeCase {
    private static let council = Council.usual
    static let changed = "Not genuine: this file was changed after signing: its contents are not those that were signed"
    static let declaration = CertificateClass.declaration.headline
    static let examination = CertificateClass.examination.headline

    // MARK: the JSON

    /// A text signed past the linter, as by a thief of the key.
    private static func signed(_ change: (String) -> String) throws -> Verdict {
        let json = Array(change(String(decoding: council.json, as: UTF8.self)).utf8)
        precondition(json != council.json)
        return try council.verify(json: json, signature: council.ceremony.signUnlinted(json), isLogged: false)
    }

    static let json: [NegativeCase] = {
        var list: [NegativeCase] = []
        list.add("one bit in the JSON", .notGenuine, changed) {
            var json = council.json
            json[json.count / 2] ^= 1
            return try council.verify(json: json)
        }
        list.add("a line feed appended", .notGenuine, changed) { try council.verify(json: council.json + [0x0A]) }
        list.add("another certificate's JSON", .notGenuine, changed) {
            try council.verify(json: Council.statement(number: Council.number(418)).bytes)
        }
        list.add(
            "a report's JSON beside a declaration's signature", .notGenuine,
            "Not genuine: the signature file cannot be used: its time stamp was taken away"
        ) { try council.verify(json: Report.usual.json) }
        let twoWays = "Not genuine: the certificate was not written by gemd: it cannot be read in one way only: "
        let index = #""index":4172"#
        list.add("a member twice", .notGenuine, twoWays + "member \"kind\" stands twice at byte …") {
            try signed { $0.replacing(#""kind":"stone""#, with: #""kind":"stone","kind":"pearl""#) }
        }
        list.add(
            "a member twice, hidden by an escape", .notGenuine, twoWays + "member \"kind\" stands twice at byte …"
        ) { try signed { $0.replacing(#""kind":"stone""#, with: #""kind":"stone","k\u0069nd":"pearl""#) } }
        list.add("a lone surrogate", .notGenuine, twoWays + "a surrogate stands alone at byte …") {
            try signed { $0.replacing(#""kind":"stone""#, with: #""kind":"\ud800""#) }
        }
        let canonical = "Not genuine: the certificate was not written by gemd: "
        let spelled = canonical + "it is not in the canonical form: spaces, order or spelling differ"
        list.add(
            "letters not composed (NFD)", .notGenuine,
            canonical + "piece.title: its letters are not composed (Unicode NFC)"
        ) {
            try signed { $0.replacing("Swat emerald", with: "Swat e\u{301}merald") }
        }
        for (name, number) in [
            ("2^53 + 1", "9007199254740993"), ("1e21", "1e21"), ("−0.0", "-0.0"), ("a fraction of nothing", "4172.0"),
        ] {
            list.add(
                name, .notGenuine, canonical + "the number \(number) is not a whole number within ±2^53"
            ) { try signed { $0.replacing(index, with: "\"index\":\(number)") } }
        }
        list.add("a space", .notGenuine, spelled) { try signed { $0.replacing(index, with: "\"index\": 4172") } }
        list.add("NaN", .notGenuine, twoWays + "no JSON value begins at byte …") {
            try signed { $0.replacing(index, with: "\"index\":NaN") }
        }
        let malformed = "Not genuine: this is no well-formed certificate: "
        list.add(
            "a text that turns round (RTL override)", .notGenuine,
            malformed + "piece.title: it holds the hidden character U+202E"
        ) {
            try signed { $0.replacing("Swat emerald", with: "Swat \u{202E}emerald") }
        }
        list.add(
            "a declaration that says there is no treatment", .notGenuine,
            malformed + "piece.stone.treatments[0].code: only a laboratory may say that there is none"
        ) {
            try signed { $0.replacing(#""code":"OIL""#, with: #""code":"NONE""#) }
        }
        list.add(
            "a declaration that calls itself a report", .notGenuine,
            malformed + "class: is not the class that the number shows"
        ) {
            try signed { $0.replacing(#""class":"declaration""#, with: #""class":"examination""#) }
        }
        list.add("other words beside a signature", .notGenuine, changed) {
            try council.verify(json: Array("hello".utf8))
        }
        list.add(
            "no certificate at all", .notGenuine,
            "Not genuine: this is no gemd certificate: it is empty, too long or of another kind"
        ) { try council.ceremony.verifier().verify(.init(json: Array("hello".utf8)), now: Council.today) }
        return list
    }()

    // MARK: the signature file

    private static func with(_ change: (inout DERNode) throws -> Void) throws -> Verdict {
        var node = DERNode(council.signature)
        try change(&node)
        precondition(node.bytes != council.signature)
        return try council.verify(signature: node.bytes)
    }

    static let signature: [NegativeCase] = {
        var list: [NegativeCase] = []
        func unusable(_ reason: String) -> String { "Not genuine: the signature file cannot be used: \(reason)" }
        let damaged = unusable("it is damaged or not in the one form gemd writes (DER)")
        let false_ = "Not genuine: the signature is false: the key it names did not make it"
        let missing = "Not genuine: the signer's certificate is not in the signature file"

        // ContentInfo [1] → SignedData [0]: version, digest algorithms, content, certificates, signer.
        list.add("field: content type", .notGenuine, damaged) { try with { $0[0].value[8] = 3 } }
        list.add("field: version", .notGenuine, damaged) { try with { $0[1, 0, 0].value = [3] } }
        list.add("field: digest algorithms", .notGenuine, unusable("it does not use SHA-256 alone")) {
            try with { $0[1, 0, 1, 0, 0].value[8] = 2 }
        }
        list.add("field: type of the content", .notGenuine, damaged) { try with { $0[1, 0, 2, 0].value[8] = 2 } }
        list.add(
            "field: the signer's certificate", .notGenuine,
            "Not genuine: the signer's certificate was exchanged after signing"
        ) { try with { try $0.flip(certificate: council.ceremony.certificate("signer").der) } }
        list.add(
            "field: the authority's certificate", .notGenuine,
            "Not genuine: it was not signed under the council's root key"
        ) { try with { try $0.flip(certificate: council.ceremony.certificate("issuing").der) } }
        // SignerInfo: version, issuer and serial, digest, signed attributes, algorithm, signature.
        list.add("field: the signer's version", .notGenuine, damaged) { try with { $0[1, 0, 4, 0, 0].value = [3] } }
        list.add("field: the signer's serial number", .notGenuine, missing) {
            try with { $0[1, 0, 4, 0, 1, 1].value[9] ^= 1 }
        }
        list.add("field: the signer's issuer", .notGenuine, missing) {
            try with { $0[1, 0, 4, 0, 1, 0, 0, 0, 1].value[0] ^= 1 }
        }
        list.add("field: the signer's digest", .notGenuine, damaged) {
            try with { $0[1, 0, 4, 0, 2, 0].value[8] = 2 }
        }
        // The attributes in DER's order: content type, signing time, message digest, signing certificate.
        list.add("field: attribute content type", .notGenuine, damaged) {
            try with { $0[1, 0, 4, 0, 3, 0, 1, 0].value[8] = 2 }
        }
        list.add("field: attribute signing time", .notGenuine, false_) {
            try with { $0[1, 0, 4, 0, 3, 1, 1, 0].value[11] ^= 1 }
        }
        list.add("field: attribute message digest", .notGenuine, changed) {
            try with { $0[1, 0, 4, 0, 3, 2, 1, 0].value[0] ^= 1 }
        }
        list.add("field: attribute signing certificate", .notGenuine, false_) {
            try with { $0[1, 0, 4, 0, 3, 3, 1, 0, 0, 0, 0].value[0] ^= 1 }
        }
        list.add(
            "field: an attribute's name", .notGenuine,
            unusable("its signed attributes are not those of a gemd certificate")
        ) {
            try with { $0[1, 0, 4, 0, 3, 3, 0].value[10] ^= 1 }
        }
        list.add("field: algorithm", .notGenuine, unusable("it does not use ECDSA with SHA-256")) {
            try with { $0[1, 0, 4, 0, 4, 0].value[7] = 3 }
        }
        list.add("field: signature", .notGenuine, false_) { try with { $0[1, 0, 4, 0, 5].value[20] ^= 1 } }
        list.add("field: signature, empty", .notGenuine, false_) { try with { $0[1, 0, 4, 0, 5].value = [] } }
        list.add("field: an unsigned attribute", .notGenuine, damaged) {
            try with { node in
                var extra = DERNode(tag: 0xA1, value: [])
                extra.children = [node[1, 0, 4, 0, 3, 0]]
                node[1, 0, 4, 0].children.append(extra)
            }
        }

        list.add("two SignerInfos", .notGenuine, unusable("it holds more than one signature")) {
            try with { $0[1, 0, 4].children.append($0[1, 0, 4, 0]) }
        }
        list.add("the content inside", .notGenuine, unusable("it carries a copy of the content inside")) {
            try with { node in
                var wrapper = DERNode(tag: 0xA0, value: [])
                wrapper.children = [DERNode(tag: 0x04, value: council.json)]
                node[1, 0, 2].children.append(wrapper)
            }
        }
        list.add("certificates and no signature", .notGenuine, unusable("it holds certificates but no signature")) {
            try with {
                $0[1, 0, 1].children = []
                $0[1, 0, 4].children = []
            }
        }
        list.add("trailing garbage", .notGenuine, unusable("something follows the signature")) {
            try council.verify(signature: council.signature + [0])
        }
        list.add("BER's indefinite length", .notGenuine, damaged) {
            try council.verify(signature: DERNode(council.signature).indefinite)
        }
        list.add("a length longer than it need be", .notGenuine, damaged) {
            try council.verify(signature: [0x30, 0x83, 0] + council.signature[2...])
        }
        // (r, n − s) is as true as (r, s): the same certificate, and the log holds the hash of the JSON.
        list.add("malleated s", .genuine, declaration) {
            try with { $0[1, 0, 4, 0, 5].value = DERNode($0[1, 0, 4, 0, 5].value).mirroredS.bytes }
        }
        list.add(
            "no signature file", .cannotTell, "Cannot tell: the signature file (.p7s) was not handed in"
        ) { try council.ceremony.verifier().verify(.init(json: council.json), now: Council.today) }
        return list
    }()

    // MARK: the certificates

    /// The declaration signed by a new key whose certificate has these extensions.
    private static func signed(
        _ nid: Int32? = nil, _ value: String? = nil, issued: Date = Council.issued, notAfterMonths: Int = 360,
        isLogged: Bool = false, now: Date = Council.today
    ) throws -> Verdict {
        let signer = try Signer.make(council, nid, value, notAfterMonths: notAfterMonths)
        return try council.verify(signature: signer.sign(council.json), isLogged: isLogged, now: now)
    }

    static let chain: [NegativeCase] = {
        var list: [NegativeCase] = []
        list.add(
            "a root of the same name", .notGenuine, "Not genuine: it was not signed under the council's root key"
        ) {
            let forger = try Council()
            return try council.verify(json: forger.json, signature: forger.signature, isLogged: false)
        }
        list.add(
            "a root of the same name, travelling in the file", .notGenuine,
            "Not genuine: it was not signed under the council's root key"
        ) {
            let forger = try Council()
            var node = DERNode(forger.signature)
            node[1, 0, 3].children.append(DERNode(try forger.ceremony.certificate("root").der))
            node[1, 0, 3].children.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            return try council.verify(json: forger.json, signature: node.bytes, isLogged: false)
        }
        let purpose = "Not genuine: the signing key was not made for signing documents"
        list.add("EKU none", .notGenuine, purpose) { try signed(NID_ext_key_usage, nil) }
        list.add("EKU serverAuth", .notGenuine, purpose) { try signed(NID_ext_key_usage, "serverAuth") }
        list.add("EKU only email", .notGenuine, purpose) { try signed(NID_ext_key_usage, "emailProtection") }
        list.add(
            "KU without nonRepudiation", .notGenuine,
            "Not genuine: the signing key was not made for lasting signatures (non-repudiation)"
        ) { try signed(NID_key_usage, "critical,digitalSignature") }
        let authority = "Not genuine: it was signed with an authority's own certificate"
        list.add("a CA's certificate as signer", .notGenuine, authority) {
            try signed(NID_basic_constraints, "critical,CA:TRUE")
        }
        list.add("the issuing authority as signer", .notGenuine, authority) {
            try council.verify(
                signature: CMS.sign(
                    council.json, at: Council.issued, key: council.ceremony.key("issuing"),
                    certificate: council.ceremony.certificate("issuing"), chain: CertificateStack()))
        }
        for name in ["cose", "tsa"] {
            list.add(
                "the key \(name) as signer", .notGenuine,
                "Not genuine: the signing key was not made for lasting signatures (non-repudiation)"
            ) {
                let chain = try CertificateStack()
                try chain.push(council.ceremony.certificate("issuing"))
                return try council.verify(
                    signature: CMS.sign(
                        council.json, at: Council.issued, key: council.ceremony.key(name),
                        certificate: council.ceremony.certificate(name), chain: chain))
            }
        }
        list.add(
            "pathlen", .notGenuine,
            "Not genuine: the certificates above the signature do not hold: path length constraint exceeded"
        ) {
            let middleKey = try PrivateKey(generating: .p256)
            let middle = try X509Certificate.make(
                subject: .init(country: nil, organization: "Middle", commonName: "Middle"), key: middleKey,
                extensions: CertificateProfile.issuing.extensions(crlURL: nil), notBefore: Council.founded,
                notAfter: CivilTime(Council.founded).adding(months: 300).date, keyUsedUntil: nil,
                serial: randomBytes(16), issuer: council.ceremony.certificate("issuing"),
                issuerKey: council.ceremony.key("issuing"))
            let signer = try Signer.make(council, issuer: middle, issuerKey: middleKey)
            return try council.verify(signature: signer.sign(council.json, above: middle))
        }
        return list
    }()
}

/// A signing key of our own making, under the issuing authority or one below it.
struct Signer: ~Copyable {
    let key: PrivateKey
    let certificate: X509Certificate
    private let council: Council

    private init(_ council: Council, key: consuming PrivateKey, certificate: consuming X509Certificate) {
        self.council = council
        self.key = key
        self.certificate = certificate
    }

    /// `nid`: the extension that is exchanged, or left out where `value` is nil.
    static func make(
        _ council: Council, _ nid: Int32? = nil, _ value: String? = nil, notAfterMonths: Int = 360
    ) throws -> Signer {
        try make(
            council, nid, value, notAfterMonths: notAfterMonths, issuer: council.ceremony.certificate("issuing"),
            issuerKey: council.ceremony.key("issuing"))
    }

    static func make(
        _ council: Council, _ nid: Int32? = nil, _ value: String? = nil, notAfterMonths: Int = 360,
        issuer: borrowing X509Certificate, issuerKey: borrowing PrivateKey
    ) throws -> Signer {
        let key = try PrivateKey(generating: .p256)
        let certificate = try X509Certificate.make(
            subject: .init(country: "PK", organization: "Gold and Gem Art Promotion Council", commonName: "A signer"),
            key: key,
            extensions: CertificateProfile.signer.extensions(crlURL: nil).compactMap {
                $0.nid == nid ? value.map { (nid!, $0) } : $0
            },
            notBefore: Council.founded, notAfter: CivilTime(Council.founded).adding(months: notAfterMonths).date,
            keyUsedUntil: CivilTime(Council.founded).adding(months: 13).date, serial: randomBytes(16),
            issuer: issuer, issuerKey: issuerKey)
        return Signer(council, key: key, certificate: certificate)
    }

    func sign(_ json: [UInt8]) throws -> [UInt8] {
        let chain = try CertificateStack()
        try chain.push(council.ceremony.certificate("issuing"))
        return try CMS.sign(json, at: Council.issued, key: key, certificate: certificate, chain: chain)
    }

    func sign(_ json: [UInt8], above middle: borrowing X509Certificate) throws -> [UInt8] {
        let chain = try CertificateStack()
        try chain.push(middle)
        try chain.push(council.ceremony.certificate("issuing"))
        return try CMS.sign(json, at: Council.issued, key: key, certificate: certificate, chain: chain)
    }
}

extension DERNode {
    /// One bit in the signature of a certificate that travels in a signature file.
    mutating func flip(certificate: [UInt8]) throws {
        let place = self[1, 0, 3].children.firstIndex { $0.bytes == certificate }!
        self[1, 0, 3, place, 2].value[self[1, 0, 3, place, 2].value.count - 1] ^= 1
        self[1, 0, 3].children.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}
