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
    var fact: JSON {
        if let members, members.count <= 2, let value = self["value"], members.count == 1 || self["basis"] != nil {
            return value
        }
        return self
    }

    /// On one line, as a person writes it.
    var plain: String {
        switch self {
        case .null: return ""
        case .bool(let value): return value ? "yes" : "no"
        case .number(let text), .string(let text): return text
        case .array(let elements): return elements.map(\.plain).joined(separator: ", ")
        case .object(let members):
            if let amount = self["amount"]?.string, let currency = self["currency"]?.string, members.count == 2 {
                return "\(amount) \(currency)"
            }
            if let value = self["value"], let basis = self["basis"]?.string, members.count == 2 {
                return "\(value.plain) (\(basis))"
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
            members.count == 2 && (self["amount"] != nil || self["basis"] != nil && self["value"] != nil)
        }
    }
}

/// One resource for a person: a name and a value a line, blocks indented.
enum Card {
    static func lines(_ json: JSON) -> [String] {
        var rows: [(name: String, value: String)] = []
        add(json, depth: 0, to: &rows)
        let width = rows.filter { !$0.value.isEmpty }.map(\.name.displayWidth).max() ?? 0
        return rows.map { name, value in
            value.isEmpty ? name : name + String(repeating: " ", count: width - name.displayWidth) + "  " + value
        }
    }

    private static func add(_ json: JSON, depth: Int, to rows: inout [(name: String, value: String)]) {
        let indent = String(repeating: "  ", count: depth)
        for member in json.members ?? [] {
            let name = indent + member.name.printable
            if let size = size(member) {
                rows.append((name, size))
            } else if member.value.isPlain {
                let text = member.value.plain.printable
                if !text.isEmpty { rows.append((name, text)) }
            } else if case .array(let elements) = member.value {
                if elements.isEmpty { continue }
                for (index, element) in elements.enumerated() {
                    if element.isPlain || element.isShortCode {
                        rows.append((index == 0 ? name : indent, element.plain.printable))
                    } else {
                        rows.append((name + " \(index + 1)", ""))
                        add(element, depth: depth + 1, to: &rows)
                    }
                }
            } else {
                rows.append((name, ""))
                add(member.value, depth: depth + 1, to: &rows)
            }
        }
    }

    private static func size(_ member: JSON.Member) -> String? {
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
