import Foundation
import GemCert
import GemCrypto
import GemModel

/// What docs/vectors has no sample of, made anew with keys that are thrown away: a paper, a code, a status list, an
/// enrolment. `fuzz --seeds FOLDER` writes them, a folder for each parser, and the public keys to FOLDER/pki.
enum Seeds {
    static func write(to folder: String) throws {
        func save(_ name: String, _ bytes: [UInt8]) throws {
            let url = URL(filePath: folder).appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
        let founded = CivilTime(text: "2026-11-01T08:00:00.000Z")!.date
        let issued = CivilTime(text: "2026-11-21T09:30:00.250Z")!.date
        let ceremony = try Ceremony(
            .init(
                code: "GGAPCP", name: "Council", country: "PK", publicURL: "https://gems.example", passphrase: nil,
                rootPassphrase: "root", now: founded))
        func file(_ name: String) -> [UInt8] {
            (ceremony.publicFiles + ceremony.secretFiles).first { $0.name == name }!.bytes
        }
        for each in ceremony.publicFiles { try save("pki/\(each.name)", each.bytes) }

        let json = Parsers.declaration
        let issuer = try Issuer(
            key: file("signer.key"), passphrase: nil, certificate: file("signer.pem"), issuing: file("issuing.pem"))
        let signed = try issuer.sign(
            paper: paper,
            attachments: .init(
                statement: json, signature: issuer.sign(json), proof: Parsers.proof, issuing: file("issuing.pem")),
            issuerName: "Council", now: issued, stampedBy: nil)
        try save("pdf/paper.pdf", signed)
        try save(
            "pdf/evidence.pdf",
            SignedPDF.addingEvidence(
                to: signed, certificates: [X509Certificate(pem: file("issuing.pem")).der], lists: [file("root.crl")]))
        let key = try PrivateKey(pem: file("cose.key"))
        let code = try COSESign1(
            signing: SlimStatement(of: JSON(parsing: json), bytes: SHA256.hash(json)), with: key)
        try save("cose/code", code.bytes)
        try save("qr/code.txt", Array(QRText(publicURL: "https://gems.example", code).text.utf8))
        let list = try StatusList.sign(
            [4172: .stolen, 4173: .lost], address: "https://gems.example/status/1", issuer: "GGAPCP", at: issued,
            with: key)
        try save("status/list.jwt", list)
        let claims = list.split(separator: UInt8(ascii: "."))[1]
        var text = String(decoding: claims, as: UTF8.self).replacing("-", with: "+").replacing("_", with: "/")
        while !text.utf8.count.isMultiple(of: 4) { text += "=" }
        try save("status/claims.json", Array(Data(base64Encoded: text)!))
        var ring = EnrolmentRing()
        let approval = try Approval(JSON(parsing: Parsers.examination)["approvals"]!.elements![0])
        _ = try ring.enrol(
            Enrolment(member: "asma", name: "Asma Khan", party: "LAB", role: .examiner, key: approval.key, at: founded),
            key: PrivateKey(pem: file("issuing.key")), issuing: file("issuing.pem"))
        try save("sshsig/enrolled.jsonl", ring.bytes)
        try save("sshsig/key.pub", Array(approval.key.description.utf8))
    }

    /// The smallest file of the form that cairo writes.
    private static let paper: [UInt8] = {
        let objects = [
            "<< /Type /Pages\n   /Kids [ 2 0 R ]\n   /Count 1\n>>",
            "<< /Type /Page\n   /Parent 1 0 R\n   /MediaBox [ 0 0 9 9 ]\n>>",
            "<< /Producer (cairo 1.16.0)\n>>",
            "<< /Type /Catalog\n   /Pages 1 0 R\n>>",
        ]
        var text = "%PDF-1.5\n"
        var table = "0000000000 65535 f \n"
        for (index, object) in objects.enumerated() {
            let offset = String(text.utf8.count)
            table += String(repeating: "0", count: 10 - offset.utf8.count) + offset + " 00000 n \n"
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let at = text.utf8.count
        text += "xref\n0 5\n\(table)trailer\n<< /Size 5\n   /Root 4 0 R\n   /Info 3 0 R\n>>\nstartxref\n\(at)\n%%EOF\n"
        return Array(text.utf8)
    }()
}
