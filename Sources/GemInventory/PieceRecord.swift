package import GemModel

/// A piece as it is stored: the dealer's document and what gemd keeps beside it.
package struct PieceRecord: Hashable, Sendable {
    package var id: String
    package var party: String
    package var version: Int64
    package var status: String
    package var created: Timestamp
    package var updated: Timestamp
    package var stockNumber: String
    /// The dealer's document, one JSON object with `stockNumber`.
    package var document: String
    /// `findings`, `images` and `certificates`: one JSON object with these members.
    package var attached: String

    /// Who looks, for what may not be seen (protocol.md, "Roles").
    package enum View: Sendable {
        case owner
        /// The council's registrar and auditors: without the dealer's own prices and photographs' times.
        case staff
        /// A party the piece was consented to: also without location and private notes.
        case consented
        /// The people of a laboratory who are to examine it: what it is said to be, and nothing that tells whose it is.
        case laboratory
    }

    static let columns: SQL = "id, party_id, version, status, created, updated, doc, attached, stock_number"

    init(_ view: some RowView) {
        let row = Row(values: (0..<9).map(view.value))
        id = row.text(0)
        party = row.text(1)
        version = row.int(2)
        status = row.text(3)
        created = Timestamp(microseconds: row.int(4))
        updated = Timestamp(microseconds: row.int(5))
        document = row.text(6)
        attached = row.text(7)
        stockNumber = row.text(8)
    }

    init(
        id: String, party: String, version: Int64, status: String, at time: Timestamp, stockNumber: String,
        document: String, attached: String
    ) {
        self.id = id
        self.party = party
        self.version = version
        self.status = status
        created = time
        updated = time
        self.stockNumber = stockNumber
        self.document = document
        self.attached = attached
    }

    /// The JSON text a caller gets.
    package func text(for view: View) -> String {
        if view == .laboratory { return anonymous }
        let document = view == .owner ? document : hidden(for: view)
        let attached = view == .owner ? attached : Self.withoutTaking(attached)
        var text: [UInt8] = []
        text.reserveCapacity(document.utf8.count + attached.utf8.count + 200)
        let row: [SQL.Value] = [
            .text(id), .null, .int(version), .text(status), .int(created.microseconds), .int(updated.microseconds),
            .text(document), .text(attached),
        ]
        Self.write(Row(values: row), to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The owner's text of a row of ``columns``, spliced from the stored texts, unparsed: the hot path.
    static func write(_ row: some RowView, to text: inout [UInt8]) {
        func put(_ literal: StaticString) {
            text.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
        }
        func putTime(_ column: Int) {
            guard case .int(let microseconds) = row.value(column) else { return }
            text.append(contentsOf: Timestamp(microseconds: microseconds).description.utf8)
        }
        /// An object's members behind a comma, its closing brace with them.
        func splice(_ column: Int) {
            let brace = text.count
            row.append(column, to: &text)
            text[brace] = UInt8(ascii: ",")
        }
        put("{\"id\":\"")
        row.append(0, to: &text)
        put("\",\"version\":")
        if case .int(let version) = row.value(2) { text.append(contentsOf: String(version).utf8) }
        put(",\"status\":\"")
        row.append(3, to: &text)
        put("\",\"createdAt\":\"")
        let created = text.count
        putTime(4)
        put("\",\"updatedAt\":\"")
        // Of most pieces the same, and writing a date is dearer than copying one.
        if case (.int(let first), .int(let last)) = (row.value(4), row.value(5)), first == last {
            // One by one: a slice of the text would hold on to it, and appending would copy it all.
            for index in created..<created + 24 { text.append(text[index]) }
        } else {
            putTime(5)
        }
        put("\"")
        splice(6)
        text.removeLast()
        splice(7)
    }

    private var anonymous: String {
        guard let json, let kind = json["kind"]?.string else { return "{\"kind\":null}" }
        return JSON.object([
            .init("id", .string(id)), .init("version", .integer(Int(version))), .init("kind", .string(kind)),
            .init(kind, json[kind] ?? .null), .init("images", .array(images)),
        ]).text
    }

    private func hidden(for view: View) -> String {
        var patch = Piece.privatePrices.map { JSON.Member($0, .null) }
        if view == .consented {
            patch += [
                .init("location", .null), .init("notes", .object([.init("private", .null), .init("buyer", .null)])),
            ]
        }
        guard let json else { return "{\"kind\":null}" }
        let visible = json["notes"] == nil ? patch.filter { $0.name != "notes" } : patch
        return json.merging(.object(visible)).text
    }

    /// What gemd keeps beside a piece, for others than its owner: a photograph's time and device say where who was.
    static func withoutTaking(_ attached: String) -> String {
        guard attached.contains("\"takenAt\"") || attached.contains("\"device\""),
            let json = try? JSON(parsing: attached)  // written by us
        else { return attached }
        let images = (json["images"]?.elements ?? []).map {
            $0.merging(.object([.init("takenAt", .null), .init("device", .null)]))
        }
        return json.setting("images", to: .array(images)).text
    }

    package var json: JSON? { try? JSON(parsing: document) }  // written by us; `gemd check` reports a damaged one
    package var attachedJSON: JSON? { try? JSON(parsing: attached) }  // as above

    /// Whether a document says the same; the order of members says nothing.
    func hasDocument(equalTo text: String) throws -> Bool {
        if document == text { return true }
        return try json?.canonical() == JSON(parsing: text).canonical()
    }

    package var piece: Piece? { json.flatMap { try? Piece(stored: $0) } }  // as above
    /// Told without reading the document. In a text inside it the quotes would be escaped.
    var hasNoImages: Bool {
        let member = Array("\"images\":[]".utf8)
        let text = attached.utf8
        return text.indices.contains { text[$0] == member[0] && text[$0...].starts(with: member) }
    }
    package var images: [JSON] { attachedJSON?["images"]?.elements ?? [] }
    package var certificates: [JSON] { attachedJSON?["certificates"]?.elements ?? [] }
}

/// How a caller names a piece: its id, or `stock:<number>` of its own party.
package enum PieceName: Hashable, Sendable {
    case id(String)
    case stock(String)

    /// Nil for a text that can name nothing.
    package init?(_ text: String) {
        if text.hasPrefix("stock:") {
            // An impossible stock number names no piece.
            guard let number = try? StockNumber(String(text.dropFirst(6))) else { return nil }
            self = .stock(number.folded)
        } else {
            guard let id = UUIDv7(text) else { return nil }
            self = .id(id.description)
        }
    }

    var condition: SQL {
        switch self {
        case .id(let id): "id = \(id)"
        case .stock(let key): "stock_key = \(key)"
        }
    }
}
