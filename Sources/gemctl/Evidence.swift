import FoundationEssentials
import GemCert
import GemCrypto
import GemModel
import Glibc

/// One certificate to be checked, with what was found beside it.
struct Evidence: Sendable {
    var path: String
    var document: [UInt8]
    var signature: [UInt8]?
    var proof: [UInt8]?

    /// A certificate of 64 kB, a PDF with photographs.
    static let maxFileBytes = 16 << 20

    /// The number that `name` is, when there is no file of that name; its file in this folder may lie here.
    static func number(_ name: String) -> CertificateNumber? {
        guard access(name, F_OK) != 0, mediaType(Array(name.utf8)) != "text/plain" else { return nil }
        return CertificateNumber(name)
    }

    /// A certificate by its number: from this folder when its file is here, else from the daemon.
    static func fetched(_ number: CertificateNumber, over client: Client) async throws -> Evidence {
        func get(_ kind: String) async throws -> [UInt8] {
            try await client.get("certificates", "\(number).\(kind)").body
        }
        var evidence = Evidence(number: number.description, document: try await get("json"))
        evidence.signature = try await get("p7s")
        evidence.proof = try await get("tlog-proof")
        return evidence
    }

    private init(number: String, document: [UInt8]) {
        path = number
        self.document = document
    }

    init(path: String, p7s: String?, proof: String?, limit: Int = maxFileBytes) throws {
        // A code's text may be given itself, since no file is named like an address.
        guard Self.mediaType(Array(path.utf8)) != "text/plain" else {
            self.path = path.firstIndex(of: "#").map { String(path[..<$0]) } ?? path
            document = Array(path.utf8)
            return
        }
        self.path = path
        document = try FileReader.bytes(of: path, limit: limit)
        try checkName()
        guard Self.mediaType(document) == "application/json" else { return }
        let stem = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
        signature = try Self.first(
            of: p7s.map { [$0] } ?? ["\(path).p7s", "\(stem).p7s"], given: p7s != nil, limit: limit)
        self.proof = try Self.first(
            of: proof.map { [$0] } ?? ["\(stem).tlog-proof", "\(path).tlog-proof"], given: proof != nil, limit: limit)
    }

    /// A file named after one certificate that holds another would be taken for the one.
    private func checkName() throws(Failure) {
        let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
        guard let named = CertificateNumber(name), let statement,
            let held = (try? JSON(parsing: statement))?["number"]?.string.flatMap({ CertificateNumber($0) }),
            held != named
        else { return }
        throw Failure(
            .notGenuine, "\"\(path)\" is named after \(named.description) and holds \(held.description)",
            hint: "whoever renamed it may be showing you another stone's certificate")
    }

    private static func first(of paths: [String], given: Bool, limit: Int) throws -> [UInt8]? {
        guard let path = given ? paths.first : paths.first(where: { access($0, F_OK) == 0 }) else { return nil }
        return try FileReader.bytes(of: path, limit: limit)
    }

    static func mediaType(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: "%PDF-".utf8) { return "application/pdf" }
        return bytes.starts(with: "https://".utf8) || bytes.starts(with: "HTTPS://".utf8)
            ? "text/plain" : "application/json"
    }

    /// What the verifier of this machine takes; it reads JSON certificates and papers.
    var artefacts: Verifier.Artefacts {
        get throws {
            if Self.mediaType(document) == "application/pdf" { return Verifier.Artefacts(pdf: document) }
            guard Self.mediaType(document) == "application/json" else {
                throw Failure(
                    .cannotTell, "\"\(path)\" is neither a certificate's JSON nor its PDF",
                    hint: "leave out --root")
            }
            return Verifier.Artefacts(json: document, signature: signature, proof: proof)
        }
    }

    /// `NUMBER.json`, also out of a paper; nil when there is none that could be read.
    var statement: [UInt8]? {
        switch Self.mediaType(document) {
        case "application/pdf": Verifier.statement(inPaper: document)
        case "application/json": document
        default: nil
        }
    }

    /// What it says of the stone, once it is known to be authentic.
    var measures: StoneMatch.Measures {
        if Self.mediaType(document) == "text/plain" {
            let code = try? QRText(parsing: String(decoding: document, as: UTF8.self))  // verified before
            return code.map { StoneMatch.Measures($0.cose.statement) } ?? StoneMatch.Measures()
        }
        guard let statement,
            let slim = try? SlimStatement(of: JSON(parsing: statement), bytes: SHA256.hash(statement))
        else { return StoneMatch.Measures() }
        return StoneMatch.Measures(slim)
    }

    /// `POST /v1/verify`: the file alone, or a form of `json`, `p7s` and `proof`.
    var request: Request {
        guard signature != nil || proof != nil else {
            return Request(.POST, "verify").sending(document, type: Self.mediaType(document))
        }
        let boundary = "gemctl-\(Request.randomKey())"
        var form: [UInt8] = []
        for (name, type, bytes) in [
            ("json", "application/json", document), ("p7s", "application/pkcs7-signature", signature),
            ("proof", "text/plain", proof),
        ] {
            guard let bytes else { continue }
            form += Array(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(name)\"\r\nContent-Type: \(type)\r\n\r\n"
                    .utf8)
            form += bytes + Array("\r\n".utf8)
        }
        form += Array("--\(boundary)--\r\n".utf8)
        return Request(.POST, "verify").sending(form, type: "multipart/form-data; boundary=\(boundary)")
    }
}
