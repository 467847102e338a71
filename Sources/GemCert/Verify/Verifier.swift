package import FoundationEssentials
package import GemCrypto
package import GemModel
import Synchronization

/// Says whether a certificate is genuine, from its files and from what the verifier knew before:
/// the pinned root, the logs' keys and the revocation lists. Needs no network, no clock and no database.
///
/// The root and the log's key come from somewhere else than the certificate; one found beside it proves nothing.
/// Any thread may call it; the only state is what it has seen, chains and papers, each behind a lock.
package final class Verifier: Sendable {
    /// The files a buyer holds. Without the signature nothing can be told; the proof is evidence on top.
    package struct Artefacts: Hashable, Sendable {
        /// `NUMBER.json`
        package var json: [UInt8]?
        /// `NUMBER.json.p7s`
        package var signature: [UInt8]?
        /// `NUMBER.tlog-proof`
        package var proof: [UInt8]?
        /// A signed paper, which carries the three inside.
        package var pdf: [UInt8]?

        package init(pdf: [UInt8]) { self.pdf = pdf }

        package init(json: [UInt8]?, signature: [UInt8]? = nil, proof: [UInt8]? = nil) {
            self.json = json
            self.signature = signature
            self.proof = proof
        }
    }

    private let root: X509Certificate
    private let lists: RevocationLists
    let logKeys: [NoteKey]
    /// Certificates of outside time-stamping authorities, DER.
    private let timestampAuthorities: [[UInt8]]
    private let chains = Mutex<[[UInt8]: CertificateChain]>([:])
    /// Whether each of these papers was taken back, by its name.
    private let papers = Mutex<[String: Bool]>([:])

    /// `logKeys`: of each log the council ever had. Root as PEM, lists each DER or PEM. A new revocation list needs a new verifier.
    ///
    /// `timestampAuthorities`: certificates (PEM, one or several) of outside authorities that the council used, their
    /// own or a root above them; the council's needs none.
    package init(
        root: [UInt8], revocationLists: [[UInt8]], logKeys: [NoteKey],
        timestampAuthorities: [[UInt8]] = []
    ) throws(OpenSSLError) {
        self.root = try X509Certificate(pem: root)
        lists = try RevocationLists(revocationLists)
        self.logKeys = logKeys
        var authorities: [[UInt8]] = []
        for pem in timestampAuthorities { authorities += try X509Certificate.all(in: pem) }
        self.timestampAuthorities = authorities
    }

    /// `status` is what the status list says today; nil when nobody asked.
    package func verify(_ artefacts: Artefacts, now: Date, status: CertificateStatus? = nil) -> Verdict {
        var artefacts = artefacts
        var paper: Result<SignedPDFReader, SignedPDFReader.Malformed>?
        if let pdf = artefacts.pdf {
            do throws(SignedPDFReader.Malformed) {
                let reader = try SignedPDFReader(pdf)
                paper = .success(reader)
                (artefacts.json, artefacts.signature, artefacts.proof) = (
                    reader.statement, reader.signature, reader.proof
                )
            } catch { paper = .failure(error) }
        }
        var inspection = Inspection(artefacts: artefacts, now: now)
        inspection.readStatement()
        inspection.readSignature()
        inspection.checkSignature(chain)
        inspection.checkTimestamp(chain)
        // Before the time: the log is what shows that an old signature is old.
        inspection.checkLog(logKeys)
        inspection.checkTime()
        inspection.checkRevocation()
        if let paper { inspection.checkPaper(paper, chain, chain) }
        inspection.note(status)
        return inspection.findings.verdict(inspection.facts, status: status)
    }

    /// Whether a paper's own signature says nothing any more: whoever has its key may have made it, on any day.
    /// What is certified inside may hold all the same.
    ///
    /// `name` is the SHA-256 of the bytes, under which the answer is remembered: for the lists of this verifier it is
    /// for ever the same. Bytes that are asked for and are not there are of no taken-back paper.
    package func isTakenBack(paper name: String, bytes: () -> [UInt8]?) -> Bool {
        guard lists.holdEntries else { return false }
        if let known = papers.withLock({ $0[name] }) { return known }
        guard let bytes = bytes() else { return false }
        let isTakenBack = isTakenBack(paper: bytes)
        papers.withLock {
            if $0.count >= Self.mostPapers { $0.removeAll() }
            $0[name] = isTakenBack
        }
        return isTakenBack
    }

    /// About a megabyte.
    private static let mostPapers = 8192

    private func isTakenBack(paper: [UInt8]) -> Bool {
        guard let reader = try? SignedPDFReader(paper),
            let signature = try? DetachedSignature(reader.paperSignature, inPaper: true),
            let chain = try? chain(of: signature)
        else { return false }
        let stamp = signature.timestamp.flatMap { try? TimestampToken($0) }.flatMap { try? self.chain(of: $0) }
        return chain.isInOtherHands && (stamp?.isInOtherHands ?? true)
    }

    /// SHA-256 of a root certificate in PEM: what a paper shows and the council publishes.
    package static func fingerprint(ofRoot pem: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        SHA256.hash(try X509Certificate(pem: pem).der)
    }

    /// The certificate inside a paper, to ask for its status; nil when the paper cannot be read.
    package static func statement(inPaper pdf: [UInt8]) -> [UInt8]? { try? SignedPDFReader(pdf).statement }

    private func chain(of signature: DetachedSignature) throws(OpenSSLError) -> CertificateChain {
        try chain(of: signature.certificates, signerID: signature.signerID, use: .documents)
    }

    private func chain(of token: TimestampToken) throws(OpenSSLError) -> CertificateChain {
        try kept(token.certificates, token.signerID, .timestamps) { () throws(OpenSSLError) in
            for pinned in timestampAuthorities {
                if let chain = try CertificateChain(pinned: pinned, signerID: token.signerID) { return chain }
            }
            for pinned in timestampAuthorities {
                let chain = try CertificateChain(
                    outside: token.certificates, signerID: token.signerID, under: pinned)
                if let chain { return chain }
            }
            return try CertificateChain(
                certificates: token.certificates, signerID: token.signerID, use: .timestamps, root: root, lists: lists)
        }
    }

    private func chain(
        of certificates: [[UInt8]], signerID: [UInt8], use: CertificateChain.Use
    ) throws(OpenSSLError) -> CertificateChain {
        try kept(certificates, signerID, use) { () throws(OpenSSLError) in
            try CertificateChain(certificates: certificates, signerID: signerID, use: use, root: root, lists: lists)
        }
    }

    /// Chains are kept by the hash of their certificates: two of a verification's three signatures saved. When they
    /// are valid and what was taken back is part of them; whether that is good enough is asked each time.
    private func kept(
        _ certificates: [[UInt8]], _ signerID: [UInt8], _ use: CertificateChain.Use,
        else make: () throws(OpenSSLError) -> CertificateChain
    ) throws(OpenSSLError) -> CertificateChain {
        let key = Self.name(certificates, signerID, use)
        if let kept = chains.withLock({ $0[key] }) { return kept }
        let chain = try make()
        // Only chains that hold, so that strangers' files cannot push ours out.
        if chain.trust.isMet {
            chains.withLock {
                if $0.count >= Self.mostChains { $0.removeAll() }
                $0[key] = chain
            }
        }
        return chain
    }

    private static let mostChains = 64

    /// Of these very bytes in this order: DER tells where each of them ends.
    private static func name(
        _ certificates: [[UInt8]], _ signerID: [UInt8], _ use: CertificateChain.Use
    ) -> [UInt8] {
        var hasher = SHA256Hasher()
        hasher.update([use.rawValue])
        hasher.update(signerID)
        for certificate in certificates { hasher.update(certificate) }
        return hasher.finish()
    }

    /// Of a key for QR codes and status lists; nil when its certificates cannot be read.
    func chain(of key: KeySet.Key) -> CertificateChain? {
        guard let signerID = CertificateChain.issuerAndSerial(of: key.certificates[0]) else { return nil }
        // What OpenSSL cannot read is no certificate.
        return try? chain(of: key.certificates, signerID: signerID, use: .codes)
    }
}
