import Foundation
import GemInventory
import GemModel

/// The query values of lists, and cursors.
enum Page {
    static func invalid(_ field: String, _ value: String, _ expected: String) -> Problem {
        Problem(
            .invalidValue, "\(field): \"\(value.prefix(60))\" is not possible", hint: "use \(expected)", field: field)
    }

    static func limit(_ query: [String: String]) throws -> Int {
        guard let text = query["limit"] else { return 50 }
        guard let limit = Int(text), (1...500).contains(limit) else { throw invalid("limit", text, "1 to 500") }
        return limit
    }

    static func flag(_ query: [String: String], _ name: String) throws -> Bool {
        switch query[name] {
        case nil, "false": false
        case "true": true
        case let text?: throw invalid(name, text, "true or false")
        }
    }

    static func number(_ text: String?) throws -> Int64 {
        guard let text else { return 0 }
        guard let number = Int64(text), number >= 0 else {
            throw invalid("after", text, "the cursor of the page before")
        }
        return number
    }

    /// `2..5`, `..500`, `2..` or one value; both ends included.
    static func range(_ text: String?, name: String, decimals: Int) throws -> ClosedRange<Int64>? {
        guard let text else { return nil }
        let parts = text.components(separatedBy: "..")
        func value(_ text: String, _ open: Int64) throws -> Int64 {
            if text.isEmpty, parts.count == 2 { return open }
            guard let value = scaledDecimal(text, decimals: decimals) else {
                throw invalid(name, text, "a range such as 2..5 or ..500")
            }
            return value
        }
        guard parts.count <= 2 else { throw invalid(name, text, "a range such as 2..5 or ..500") }
        let low = try value(parts[0], 0)
        let high = parts.count == 2 ? try value(parts[1], .max) : low
        guard low <= high else { throw invalid(name, text, "the smaller value first") }
        return low...high
    }

    /// Opaque to clients: the sort value and the id of the last item.
    static func cursor(_ next: (value: SQL.Value, id: String)) -> String {
        let value: JSON =
            switch next.value {
            case .int(let value): .number(String(value))
            case .text(let text): .string(text)
            case .null, .blob: .null
            }
        let base64 = Data(JSON.array([value, .string(next.id)]).bytes).base64EncodedData()
        return String(
            decoding: base64.lazy.filter { $0 != UInt8(ascii: "=") }.map { byte in
                switch byte {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                default: byte
                }
            }, as: UTF8.self)
    }

    static func after(_ cursor: String) throws -> (value: SQL.Value, id: String) {
        var text = cursor.replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        // Whatever does not read back is no cursor of ours.
        guard let data = Data(base64Encoded: text), let pair = (try? JSON(parsing: Array(data)))?.elements,
            pair.count == 2,
            let id = pair[1].string
        else { throw invalid("after", cursor, "the `next` of the page before, unchanged") }
        switch pair[0] {
        case .number(let text): return (.int(Int64(text) ?? 0), id)
        case .string(let text): return (.text(text), id)
        default: throw invalid("after", cursor, "the `next` of the page before, unchanged")
        }
    }
}
