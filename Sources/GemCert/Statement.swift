package import FoundationEssentials
import GemCrypto
package import GemModel

/// What a certificate says: the value whose canonical JSON is signed, logged and kept for ever.
///
/// Never price, owner or place: who holds a certificate learns what the stone is, not whose it is.
package struct Statement: Sendable {
    package struct Issuer: Hashable, Sendable {
        package var code: String
        package var name: String
        /// ISO 3166-1 alpha-2.
        package var country: String

        package init(code: String, name: String, country: String) {
            self.code = code
            self.name = name
            self.country = country
        }
    }

    package struct Image: Hashable, Sendable {
        package var role: String
        package var mediaType: String
        /// Pixels of the original.
        package var width: Int
        package var height: Int
        /// Of the private original.
        package var sha256: [UInt8]
        /// Of the 1200-pixel derivative, whose bytes are kept for ever so that a buyer can compare.
        package var publicSha256: [UInt8]

        package init(
            role: String, mediaType: String, width: Int, height: Int, sha256: [UInt8], publicSha256: [UInt8]
        ) {
            self.role = role
            self.mediaType = mediaType
            self.width = width
            self.height = height
            self.sha256 = sha256
            self.publicSha256 = publicSha256
        }
    }

    /// Who claims what a declaration says; not who owns the piece.
    package struct Declarant: Hashable, Sendable {
        package var party: String
        package var name: String

        package init(party: String, name: String) {
            self.party = party
            self.name = name
        }
    }

    /// The earlier certificate that this one replaces, bound by the hash of its JSON.
    package struct Superseded: Hashable, Sendable {
        package var number: CertificateNumber
        package var sha256: [UInt8]

        package init(number: CertificateNumber, sha256: [UInt8]) {
            self.number = number
            self.sha256 = sha256
        }
    }

    /// What only one class says.
    package enum Body: Hashable, Sendable {
        case declaration(Declarant)
        case examination(Examination)
        case check(Check)
        case external(External)

        package var certificateClass: CertificateClass {
            switch self {
            case .declaration: .declaration
            case .examination: .examination
            case .check: .check
            case .external: .external
            }
        }

        var members: [JSON.Member] {
            switch self {
            case .declaration(let declarant): [.init("declarant", declarant.json)]
            case .examination(let examination): examination.members
            case .check(let check): check.members
            case .external(let external): external.members
            }
        }
    }

    package var number: CertificateNumber
    /// To the millisecond.
    package var issuedAt: Date
    /// 16 random bytes: the salt that keeps a leaf of the log from being guessed.
    package var nonce: [UInt8]
    package var issuer: Issuer
    /// The facts of the piece, each with its basis.
    package var piece: JSON
    package var images: [Image] = []
    /// The address of the status list, and this certificate's place in it.
    package var statusList: String
    package var statusIndex: Int
    package var logOrigin: String
    package var disclosure: String
    package var limits: String
    /// The page where anybody can check: `https://HOST/c/NUMBER`.
    package var verify: String
    package var body: Body
    package var supersedes: Superseded?
    /// After it the certificate should no longer be relied on; most have none.
    package var expiresAt: Date?
    /// Of the people of an examination or a check, over `draftHash`; a declaration and a copy have none.
    package var approvals: [Approval] = []

    package init(
        number: CertificateNumber, issuedAt: Date, nonce: [UInt8], issuer: Issuer, piece: JSON, statusList: String,
        statusIndex: Int, logOrigin: String, disclosure: String, limits: String, verify: String, body: Body
    ) {
        self.number = number
        self.issuedAt = issuedAt
        self.nonce = nonce
        self.issuer = issuer
        self.piece = piece
        self.statusList = statusList
        self.statusIndex = statusIndex
        self.logOrigin = logOrigin
        self.disclosure = disclosure
        self.limits = limits
        self.verify = verify
        self.body = body
    }

    package static let type = "gemd/certificate/1"
    package static let longest = 64 * 1024
    package static let deepest = 16

    /// The canonical bytes (RFC 8785, Normalization Form C, no newline at the end).
    ///
    /// Null members are left out and texts are composed; all else that is wrong is the linter's to refuse.
    package var bytes: [UInt8] {
        get throws(JSONError) {
            let issue = Issue(
                number: number, issuedAt: issuedAt, nonce: nonce, statusList: statusList, statusIndex: statusIndex,
                logOrigin: logOrigin, verify: verify, approvals: approvals)
            return try JSON.object(draftMembers + issue.members).composed.canonical()
        }
    }

    /// What people approve of it.
    package var draft: Draft {
        get throws(JSONError) { try Draft(members: draftMembers) }
    }

    private var draftMembers: [JSON.Member] {
        Draft.members(
            issuer: issuer, piece: piece, images: images, disclosure: disclosure, limits: limits, body: body,
            supersedes: supersedes, expiresAt: expiresAt)
    }
}

extension Statement.Image {
    var json: JSON {
        .object([
            "role": .string(role), "mediaType": .string(mediaType), "width": .integer(width),
            "height": .integer(height), "sha256": .string(Hex.encode(sha256)),
            "publicSha256": .string(Hex.encode(publicSha256)),
        ])
    }
}
