package import FoundationEssentials
import GemCrypto

/// What an outside time-stamping authority is asked (RFC 3161 §2.4.1, `application/timestamp-query`).
package struct TimestampRequest: Hashable, Sendable {
    /// SHA-256 of the signature value.
    package let imprint: [UInt8]
    /// The answer must repeat it, so that an old one cannot be played again.
    let nonce: [UInt8]?

    init(imprint: [UInt8], nonce: [UInt8]?) {
        self.imprint = imprint
        self.nonce = nonce.map { Array($0.drop { $0 == 0 }) }
    }

    /// With a fresh nonce of 128 bits.
    package init(imprint: [UInt8], random: (Int) -> [UInt8] = randomBytes) {
        self.init(imprint: imprint, nonce: random(16))
    }

    package var bytes: [UInt8] {
        let sha256: [UInt8] = [
            0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, DERReader.null, 0,
        ]
        let stamped = DERWriter.element(
            DERReader.sequence, sha256 + DERWriter.element(DERReader.octetString, imprint))
        let wantsCertificates: [UInt8] = [DERReader.boolean, 1, 0xFF]
        return DERWriter.element(
            DERReader.sequence,
            [DERReader.integer, 1, 1] + stamped + (nonce.map { DERWriter.positive($0) } ?? [])
                + wantsCertificates)
    }

    package struct Refusal: Error, Hashable {
        package let reason: String

        package init(reason: String) { self.reason = reason }
    }

    /// The token out of the answer (`application/timestamp-reply`), when it answers this request.
    ///
    /// Whose it is, is asked when it is used: `Issuer.Unstamped.stamped(with:pinned:)`.
    package func token(in response: [UInt8]) throws(Refusal) -> [UInt8] {
        guard response.count <= TimestampToken.longest + 1024 else {
            throw Refusal(reason: "the answer is too long")
        }
        let token: [UInt8]
        do {
            var file = DERReader(response[...])
            var answer = try file.readInside(DERReader.sequence)
            try file.end()
            var status = try answer.readInside(DERReader.sequence)
            let code = Array(try status.read(DERReader.integer))
            let words = try Self.words(&status)
            _ = try status.readIfPresent(DERReader.bitString)
            try status.end()
            // granted, grantedWithMods
            guard code == [0] || code == [1] else {
                throw Refusal(reason: "the authority refused" + (words.isEmpty ? "" : ": \(words)"))
            }
            token = Array(try answer.readWhole(DERReader.sequence))
            try answer.end()
        } catch let refusal as Refusal {
            throw refusal
        } catch { throw Refusal(reason: "the answer is damaged") }
        let read: TimestampToken
        do { read = try TimestampToken(token) } catch {
            throw Refusal(reason: "its time stamp cannot be used: \(error.reason)")
        }
        guard read.imprint == imprint else {
            throw Refusal(reason: "the time stamp is for something else")
        }
        guard nonce == nil || read.nonce == nonce else {
            throw Refusal(reason: "the time stamp answers another request")
        }
        return token
    }

    /// PKIFreeText, shortened and without anything that could move a cursor.
    private static func words(_ status: inout DERReader) throws(DERReader.Malformed) -> String {
        guard let list = try status.readIfPresent(DERReader.sequence) else { return "" }
        var texts = DERReader(list)
        var words: [String] = []
        while !texts.isAtEnd {
            let text = String(decoding: try texts.read(DERReader.utf8String).prefix(200), as: UTF8.self)
            words.append(
                String(text.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 ? Character($0) : "?" }))
            guard words.count <= 4 else { break }
        }
        return words.joined(separator: "; ")
    }
}

extension TimestampRequest {
    /// That a certificate (PEM) is an authority's own: for time stamps alone, and no CA's.
    package static func checkPinned(_ pem: [UInt8]) throws(Refusal) {
        guard let der = try? X509Certificate(pem: pem).der, let id = CertificateChain.issuerAndSerial(of: der),
            let chain = try? CertificateChain(pinned: der, signerID: id)
        else { throw Refusal(reason: "it is no certificate (PEM)") }
        guard chain.purpose.isMet else { throw Refusal(reason: "it is not made for time stamps alone") }
    }

    /// Why a token does not say that `value` was there now; nil when it does. Only the pinned certificate (PEM) counts.
    package static func problem(
        with token: [UInt8], over value: [UInt8], pinned: [UInt8], now: Date
    ) throws -> String? {
        let read: TimestampToken
        do throws(TimestampToken.Malformed) { read = try TimestampToken(token) } catch {
            return "its time stamp cannot be used: \(error.reason)"
        }
        guard let chain = try CertificateChain(pinned: X509Certificate(pem: pinned).der, signerID: read.signerID) else {
            return "the time stamp is not by the authority that was configured"
        }
        if let problem = read.problem(stamping: value, chain: chain) { return problem }
        guard abs(read.time.timeIntervalSince(now)) <= 60 else {
            return "the time stamp says \(CivilTime(read.time).text), and the clock here \(CivilTime(now).text)"
        }
        return nil
    }
}
