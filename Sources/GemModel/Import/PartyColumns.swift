/// How the columns of a list of people and shops become members of a party.
public struct PartyColumns: Sendable {
    enum Place: Hashable, Sendable {
        case importRef
        case text(String)
        case code(String, list: String)
        case lines(String)
        case membership(String)

        var member: String {
            switch self {
            case .importRef: "importRef"
            case .text(let name), .code(let name, _), .lines(let name): name
            case .membership(let name): "memberships." + name
            }
        }
    }

    private let columns: Columns<Place>

    public init(
        header: [String], ignoring: Set<String> = [], mapping: [String: String?] = [:]
    ) throws(InvalidInput) {
        columns = try Columns(
            header, ignoring: ignoring, mapping: mapping, known: Self.known, isOfMarket: { _ in false },
            find: { name throws(InvalidInput) in Self.byName[ColumnName(name).folded] })
        var seen: [Place: String] = [:]
        for column in columns.list {
            guard case .place(let place) = column.fate else { continue }
            if let other = seen.updateValue(column.name, forKey: place) {
                throw InvalidInput(
                    "the columns \"\(other.prefix(60))\" and \"\(column.name.prefix(60))\" say the same thing",
                    hint: "leave one out with ignore=\(column.name.prefix(60))", field: String(column.name.prefix(200)))
            }
        }
    }

    public var summary: [JSON] {
        columns.list.map { column in
            guard case .place(let place) = column.fate else {
                return .object(["column": .string(column.name), "member": .null])
            }
            return .object(["column": .string(column.name), "member": .string(place.member)])
        }
    }

    /// Where the identity card's number stands, if it does: refused rows are kept without it.
    public var sealedColumns: [Int] {
        columns.list.indices.filter { index in
            guard case .place(let place) = columns.list[index].fate else { return false }
            return Party.sealedMembers.contains(place.member)
        }
    }

    /// Names that stand at two places of the table: there are none.
    static var claimedTwice: [String] {
        let names = table.flatMap { Set($0.aliases.split(separator: "|").map { ColumnName.fold($0) }) }
        return Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.map(\.key).sorted()
    }

    private static let byName: [String: Place] = {
        var names: [String: Place] = [:]
        for (place, aliases) in table {
            for alias in aliases.split(separator: "|") { names[ColumnName.fold(alias)] = place }
            if let last = place.member.split(separator: ".").last, names[ColumnName.fold(last)] == nil {
                names[ColumnName.fold(last)] = place
            }
        }
        return names
    }()

    private static let known: [String] = table.flatMap { place, aliases in
        [place.member] + aliases.split(separator: "|").map(String.init)
    }

    private static let table: [(place: Place, aliases: String)] = [
        (.importRef, "import ref|import_ref|import id"),
        (.code("kind", list: "partyKinds"), "kind|party kind"),
        (.text("name"), "name|full name|artisan name|name english|name en|نام انگریزی"),
        (.text("nameUr"), "name urdu|urdu name|name ur|نام|نام اردو"),
        (.text("code"), "code|party code|کوڈ"),
        (.text("tradeName"), "trade name|shop|shop name|business name|دکان|کاروبار"),
        (.code("trade", list: "trades"), "trade|occupation|profession|پیشہ"),
        (.text("craft"), "craft|skill|کام|ہنر"),
        (.code("gender", list: "genders"), "gender|sex|جنس"),
        (.text("cnic"), "cnic|cnic no|cnic number|nic|nicop|identity card|شناختی کارڈ|شناختی کارڈ نمبر"),
        (.text("ntn"), "ntn|tax number|national tax number"),
        (.text("phone"), "phone|phone no|mobile|mobile no|cell|telephone|contact|فون|موبائل|فون نمبر"),
        (.text("whatsapp"), "whatsapp|whatsapp no|واٹس ایپ"),
        (.text("email"), "email|e-mail|mail|ای میل"),
        (.text("district"), "district|city|ضلع|شہر"), (.text("address"), "address|پتہ|پتا"),
        (.text("market"), "market|bazaar|bazar|بازار|منڈی"), (.lines("languages"), "languages|language|زبان"),
        (.membership("body"), "association|membership|member of|انجمن"),
        (.membership("number"), "membership no|membership number"),
        (.membership("validTo"), "membership valid to|valid to"),
    ]

    /// One row as a document that `POST /v1/parties` takes; who is neither laboratory nor council is a dealer.
    public func document(_ cells: [String]) throws(InvalidInput) -> (reference: String?, document: JSON) {
        var reference: String?
        var members: [JSON.Member] = [.init("kind", "dealer")]
        var membership: [JSON.Member] = []
        for (column, cell) in zip(columns.list, cells) where !cell.isEmpty {
            guard case .place(let place) = column.fate else { continue }
            switch place {
            case .importRef:
                guard cell.utf8.count <= 200 else {
                    throw InvalidInput(
                        "the importRef is longer than 200 bytes", hint: "use a shorter one", field: column.name)
                }
                reference = cell
            case .code("kind", _): members[0].value = .string(cell.lowercased())
            case .text(let name): members.append(.init(name, .string(cell)))
            case .code(let name, let list): members.append(.init(name, .string(CodeNames.code(cell, in: list))))
            case .lines(let name): members.append(.init(name, .array(CellText.parts(cell).map { .string($0) })))
            case .membership(let name): membership.append(.init(name, .string(cell)))
            }
        }
        // A list in Urdu alone names everybody all the same.
        if !members.contains(where: { $0.name == "name" }), let urdu = members.first(where: { $0.name == "nameUr" }) {
            members.append(.init("name", urdu.value))
        }
        if !membership.isEmpty { members.append(.init("memberships", .array([.object(membership)]))) }
        return (reference, .object(members))
    }
}
