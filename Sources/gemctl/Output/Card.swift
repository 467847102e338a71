import GemModel

extension JSON {
    /// The value at a dotted path; `{"value":…,"basis":…}` stands for its value.
    func at(_ path: String) -> JSON? {
        var value = self
        for name in path.split(separator: ".") {
            guard let next = value[String(name)] else { return nil }
            value = next
        }
        return value.fact
    }

    /// The value alone of a value that carries its basis.
    var fact: JSON { isFact ? self["value"] ?? self : self }

    /// A value with its basis, and perhaps by whom, when and with what it was found.
    var isFact: Bool {
        guard let members, self["value"] != nil else { return false }
        return members.allSatisfy { ["value", "basis", "by", "at", "instrument"].contains($0.name) }
    }

    /// The block of its kind.
    var block: JSON? { self["kind"]?.string.flatMap { self[$0] } }

    /// On one line, as a person writes it.
    var plain: String {
        switch self {
        case .null: return ""
        case .bool(let value): return (value ? "yes" : "no" as Message).text
        case .number(let text), .string(let text): return text
        case .array(let elements): return elements.map(\.plain).joined(separator: ", ")
        case .object(let members):
            if let amount = self["amount"]?.string, let currency = self["currency"]?.string, members.count == 2 {
                return "\(amount) \(currency)"
            }
            if isFact, let value = self["value"] {
                let said = members.filter { $0.name != "value" }.map(Words.said)
                return "\(value.plain) (\(said.joined(separator: ", ")))"
            }
            if let code = self["code"]?.string {
                return ([code] + members.filter { $0.name != "code" }.map(\.value.plain)).joined(separator: ", ")
            }
            return members.map { "\($0.name) \($0.value.plain)" }.joined(separator: ", ")
        }
    }

    /// A code with a word or two, such as a treatment.
    fileprivate var isShortCode: Bool { self["code"] != nil && (members?.count ?? 0) <= 4 }

    /// Whether ``plain`` says it all on one line.
    fileprivate var isPlain: Bool {
        switch self {
        case .null, .bool, .number, .string: true
        case .array(let elements): elements.allSatisfy(\.isPlain) && elements.allSatisfy { $0["code"] == nil }
        case .object(let members):
            isFact && self["value"]?.elements == nil || members.count == 2 && self["amount"] != nil
        }
    }
}

/// One resource for a person: a name and a value a line in words, blocks indented.
enum Card {
    static func lines(_ json: JSON) -> [String] {
        var rows: [(name: String, value: String)] = []
        add(json, of: "", depth: 0, to: &rows)
        return aligned(rows)
    }

    static func aligned(_ rows: [(name: String, value: String)]) -> [String] {
        let width = rows.filter { !$0.value.isEmpty }.map(\.name.displayWidth).max() ?? 0
        return rows.map { name, value in
            value.isEmpty ? name : name + String(repeating: " ", count: width - name.displayWidth) + "  " + value
        }
    }

    private static func add(
        _ json: JSON, of block: String, depth: Int, to rows: inout [(name: String, value: String)]
    ) {
        let indent = String(repeating: "  ", count: depth)
        for member in json.members ?? [] {
            let (words, unit) = Words.name(of: member.name)
            let name = indent + words.printable
            func plain(_ json: JSON) -> String { text(json, unit: unit, of: member.name, in: block) }
            if let size = size(member) {
                rows.append((name, size))
            } else if member.value.isPlain {
                let text = plain(member.value)
                if !text.isEmpty { rows.append((name, text)) }
            } else if case .array(let elements) = member.value.fact {
                for (index, element) in elements.enumerated() {
                    if element.isPlain || element.isShortCode {
                        rows.append((index == 0 ? name : indent, plain(element)))
                    } else {
                        rows.append((name + " \(index + 1)", ""))
                        add(element, of: member.name, depth: depth + 1, to: &rows)
                    }
                }
            } else {
                rows.append((name, ""))
                add(member.value, of: member.name, depth: depth + 1, to: &rows)
            }
        }
    }

    /// A value on one line: codes in words, the unit behind it, the basis in brackets.
    private static func text(_ json: JSON, unit: String?, of member: String, in block: String) -> String {
        if json.isFact, let value = json["value"] {
            let rest = (json.members ?? []).filter { $0.name != "value" }.map(Words.said)
            let said = rest.isEmpty ? "" : " (\(rest.joined(separator: ", ")))"
            return text(value, unit: unit, of: member, in: block) + said.printable
        }
        if let elements = json.elements, !elements.isEmpty {
            return elements.map { text($0, unit: unit, of: member, in: block) }.joined(separator: ", ")
        }
        if let code = json["code"]?.string, json.isShortCode {
            let rest = (json.members ?? []).filter { $0.name != "code" }.map(Words.said)
            return ([Words.code(code, of: member, in: block) ?? code] + rest).joined(separator: ", ").printable
        }
        let plain = json.string.flatMap { Words.code($0, of: member, in: block) } ?? json.plain
        return (plain.isEmpty || unit == nil ? plain : "\(plain) \(unit ?? "")").printable
    }

    private static func size(_ member: JSON.Member) -> String? {
        if member.name == "sizeRange", let min = member.value["min"]?.string, let max = member.value["max"]?.string {
            return "\(min)–\(max) mm".printable
        }
        guard member.name == "measurementsMm", let text = member.value.sizeText else { return nil }
        return text + " mm"
    }
}

extension JSON {
    /// `9.12 × 7.05 × 4.88` of a `measurementsMm`.
    var sizeText: String? {
        let sides = ["length", "width", "depth"].compactMap { at($0)?.string }
        return sides.isEmpty ? nil : sides.joined(separator: " × ").printable
    }
}
