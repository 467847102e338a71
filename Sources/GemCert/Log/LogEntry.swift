package import FoundationEssentials
import GemCrypto
import GemModel

/// One line of the public log. Its bytes, canonical JSON, are the leaf.
///
/// Nothing personal and no full number: the hash binds the certificate's JSON, whose nonce keeps the
/// leaf from being guessed, and never the signature, which anybody can vary.
package struct LogEntry: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case issue, suspend, reinstate, withdraw, supersede, lost, stolen, destroyed, enrol, retire, gap
    }

    /// To the millisecond; for an issue the certificate's `issuedAt`.
    package var at: Date
    package var kind: Kind
    /// `GGAPCP-26E-000417`.
    package var serial: String
    /// 32 bytes: of NUMBER.json for an issue, of its canonical JSON for a gap.
    package var sha256: [UInt8]

    /// Only of a gap.
    package var gap: LogGap?

    package init(at: Date, kind: Kind, serial: String, sha256: [UInt8], gap: LogGap? = nil) {
        self.at = at
        self.kind = kind
        self.serial = serial
        self.sha256 = sha256
        self.gap = gap
    }

    package var bytes: [UInt8] {
        // In canonical order as it stands; no value can make it throw.
        JSON.object([
            "at": .string(CivilTime(at).text), "gap": gap?.json, "kind": .string(kind.rawValue),
            "serial": .string(serial),
            "sha256": .string(Hex.encode(sha256)), "v": .integer(1),
        ]).bytes
    }

    package var leafHash: [UInt8] { Merkle.leafHash(bytes) }
}
