import Foundation
import GemCrypto
import GemModel
import Testing

@testable import GemCert

/// What docs/certificate.md promises a buyer who has nothing but the `openssl` command.
///
/// The only tests with the real clock: the command judges by it.
@Suite("stock openssl")
struct StockOpenSSLTests {
    let council: Council
    let folder: URL

    init() throws {
        let now = CivilTime(Date()).date
        council = try Council(founded: now.addingTimeInterval(-3600), issued: now.addingTimeInterval(-60))
        folder = FileManager.default.temporaryDirectory.appending(path: "gemd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in council.ceremony.publicFiles + council.ceremony.secretFiles { try write(file.name, file.bytes) }
        try write("certificate.json", council.json)
        try write("certificate.json.p7s", council.signature)
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    /// Runs `openssl` in the folder.
    private func openssl(_ arguments: String) throws -> (status: Int32, output: String) {
        try Program.run("openssl", arguments.split(separator: " ").map(String.init), in: folder)
    }

    private static let verify =
        "cms -verify -binary -cades -inform DER -in certificate.json.p7s -content certificate.json -out /dev/null"

    @Test("accepts a certificate with the documented command, by default purpose and with the day's lists")
    func accepts() throws {
        defer { try? FileManager.default.removeItem(at: folder) }

        let plain = try openssl("\(Self.verify) -CAfile root.pem")
        let withLists = try openssl("\(Self.verify) -CAfile root-and-crls.pem -crl_check_all")

        #expect(plain.status == 0, "\(plain.output)")
        #expect(withLists.status == 0, "\(withLists.output)")
        #expect(try council.verify(now: Date()).outcome == .genuine)
    }

    @Test("signs with the same bytes as openssl, but for the signature's own")
    func signsAsWell() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let signed = try openssl(
            "cms -sign -binary -cades -nosmimecap -md sha256 -in certificate.json -signer signer.pem -inkey signer.key "
                + "-certfile issuing.pem -outform DER -out theirs.p7s")
        #expect(signed.status == 0, "\(signed.output)")
        let theirs = Array(try Data(contentsOf: folder.appending(path: "theirs.p7s")))
        let read = try DetachedSignature(theirs)
        let time = try #require(read.signingTime)

        let signer = try CMS.Signer(
            certificate: council.ceremony.certificate("signer"), chain: [council.ceremony.certificate("issuing").der])
        // A signature has 70 to 72 bytes, and the lengths around it go with its own: one as long as theirs comes soon.
        let ours = try #require(
            try (0..<200).lazy.map { _ in try signer.sign(council.json, at: time, with: council.ceremony.key("signer"))
            }
            .first { $0.count == theirs.count })
        // It stands at the end.
        #expect(ours.dropLast(read.signature.count) == theirs.dropLast(read.signature.count))
    }

    @Test("refuses a changed copy, a foreign root, and a signer on the list")
    func refuses() throws {
        defer { try? FileManager.default.removeItem(at: folder) }

        try write("certificate.json", council.json + [0x0A])
        let changed = try openssl("\(Self.verify) -CAfile root.pem")
        try write("certificate.json", council.json)
        try write("foreign.pem", Council.usual.ceremony.file("root.pem"))
        let foreign = try openssl("\(Self.verify) -CAfile foreign.pem")
        let entry = RevocationList.Entry(
            serialNumber: try #require(try council.ceremony.certificate("signer").serialNumber),
            revokedAt: Date().addingTimeInterval(-30), reason: 1)
        let list = try Ceremony.renewedIssuingCRL(
            issuing: council.ceremony.file("issuing.pem"), issuingKey: council.ceremony.key("issuing"),
            revoked: [entry], now: Date())
        try write(
            "revoked.pem",
            Ceremony.rootAndCRLs(
                root: council.ceremony.file("root.pem"), rootCRL: council.ceremony.file("root.crl"), issuingCRL: list))
        let revoked = try openssl("\(Self.verify) -CAfile revoked.pem -crl_check_all")

        #expect(changed.status != 0)
        #expect(foreign.status != 0)
        #expect(revoked.status != 0)
        #expect(revoked.output.contains("certificate revoked"))
    }

    @Test("accepts what the weekly renewal makes")
    func renewal() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let list = try Ceremony.renewedIssuingCRL(
            issuing: council.ceremony.file("issuing.pem"), issuingKey: council.ceremony.key("issuing"), revoked: [],
            now: Date())
        try write(
            "renewed.pem",
            Ceremony.rootAndCRLs(
                root: council.ceremony.file("root.pem"), rootCRL: council.ceremony.file("root.crl"), issuingCRL: list))

        let result = try openssl("\(Self.verify) -CAfile renewed.pem -crl_check_all")

        #expect(result.status == 0, "\(result.output)")
    }

    @Test("finds the chain in order, strictly, and the keys where they belong")
    func chain() throws {
        defer { try? FileManager.default.removeItem(at: folder) }

        for name in ["signer", "cose", "tsa"] {
            let chain = try openssl("verify -x509_strict -CAfile root.pem -untrusted issuing.pem \(name).pem")
            #expect(chain.status == 0, "\(chain.output)")
        }
        let stamp = try openssl("verify -purpose timestampsign -CAfile root.pem -untrusted issuing.pem tsa.pem")
        let mail = try openssl("verify -purpose smimesign -CAfile root.pem -untrusted issuing.pem cose.pem")
        let server = try openssl("verify -purpose sslserver -CAfile root.pem -untrusted issuing.pem signer.pem")

        #expect(stamp.status == 0, "\(stamp.output)")
        #expect(mail.status != 0)
        #expect(server.status != 0)
    }

    @Test("shows the extensions of the contract")
    func extensions() throws {
        defer { try? FileManager.default.removeItem(at: folder) }

        let issuing = try openssl("x509 -in issuing.pem -noout -text").output
        let signer = try openssl("x509 -in signer.pem -noout -text").output
        let stamp = try openssl("x509 -in tsa.pem -noout -text").output
        let list = try openssl("crl -in issuing.crl -inform DER -noout -text").output

        #expect(issuing.contains("CA:TRUE, pathlen:0"))
        #expect(issuing.contains("URI:https://gems.example/pki/root.crl"))
        #expect(signer.contains("X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation\n"))
        #expect(signer.contains("E-mail Protection, 1.3.6.1.5.5.7.3.36"))
        #expect(signer.contains("X509v3 Private Key Usage Period:"))
        #expect(signer.contains("URI:https://gems.example/pki/issuing.crl"))
        #expect(stamp.contains("X509v3 Extended Key Usage: critical\n                Time Stamping"))
        #expect(list.contains("X509v3 CRL Number:"))
        #expect(list.contains("No Revoked Certificates."))
    }

    @Test("reads the keys, those under a passphrase only with it")
    func keys() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("root.key", council.ceremony.rootKey)

        #expect(try openssl("pkey -in signer.key -noout").status == 0)
        #expect(try openssl("pkey -in root.key -passin pass:root -noout").status == 0)
        #expect(try openssl("pkey -in root.key -passin pass:boot -noout").status != 0)
        let form = try openssl("asn1parse -in root.key").output
        #expect(form.contains("PBES2") && form.contains("aes-256-cbc") && form.contains("hmacWithSHA256"))
    }
}
