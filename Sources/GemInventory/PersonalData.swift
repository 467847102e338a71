import GemCrypto
package import GemModel

/// Seals the numbers of identity cards, so that the database, its backups and its logs hold none in the clear.
///
/// A box is AES-256-GCM over the JSON of the sealed members, bound to its party's id; the keyed hash (HMAC-SHA-256)
/// finds the same card again without opening anything. Both keys come from one secret that lies with the state's keys.
package struct PersonalData: Sendable {
    private let box: AESGCM
    private let hashKey: [UInt8]

    package init(secret: [UInt8]) {
        guard let box = AESGCM(key: HMACSHA256.authenticate(Array("gemd/personal/seal".utf8), key: secret)) else {
            preconditionFailure("HMAC-SHA-256 has the length of the key")
        }
        self.box = box
        hashKey = HMACSHA256.authenticate(Array("gemd/personal/find".utf8), key: secret)
    }

    /// Tells one secret from another without saying anything of it.
    package var fingerprint: String { Hex.encode(HMACSHA256.authenticate(Array("fingerprint".utf8), key: hashKey)) }

    func seal(_ members: JSON, of party: String) throws -> [UInt8] {
        try box.seal(members.bytes, context: Array(party.utf8))
    }

    /// Nil when the box is not this party's, or was sealed with another secret.
    func open(_ sealed: [UInt8], of party: String) throws -> JSON? {
        try box.open(sealed, context: Array(party.utf8)).flatMap { try? JSON(parsing: $0) }  // sealed as JSON by us
    }

    /// Cells of a refused row that may not lie open; `import` binds them to it. Hexadecimal.
    package func seal(cells: [String], of importID: String) throws -> String {
        Hex.encode(try seal(.array(cells.map { .string($0) }), of: importID))
    }

    package func cells(_ sealed: String, of importID: String) throws -> [String]? {
        try Hex.decode(sealed).flatMap { try open($0, of: importID)?.elements?.map { $0.string ?? "" } }
    }

    package func hash(_ cnic: CNIC) -> [UInt8] { HMACSHA256.authenticate(Array(cnic.text.utf8), key: hashKey) }
}

/// A checked party on its way into the store. Made outside the transaction, on any thread.
package struct PartyDraft: Sendable {
    package var party: Party
    package var id: String
    /// Everything but kind, name, code and what is sealed: one JSON object.
    var details: JSON
    var sealed: [UInt8]?
    package var cnicHash: [UInt8]?

    /// - Throws: `.noPersonalKey` when the party has a number to be sealed and there is no key to seal it with.
    package init(document: JSON, id: String, personal: PersonalData?) throws {
        let (party, document) = try Party.reading(document: document)
        self.party = party
        self.id = id
        let members = document.members ?? []
        let kept: Set<String> = ["kind", "name", "code"]
        details = .object(members.filter { !kept.contains($0.name) && !Party.sealedMembers.contains($0.name) })
        let secret = members.filter { Party.sealedMembers.contains($0.name) }
        guard !secret.isEmpty else { return }
        guard let personal else { throw InventoryError.noPersonalKey }
        sealed = try personal.seal(.object(secret), of: id)
        cnicHash = party.cnic.map { personal.hash($0) }
    }
}
