import Glibc

/// One SQL statement and its arguments. Interpolated values never enter the text:
/// they become `$1`, `$2`…, which SQLite and PostgreSQL both accept.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    package enum Value: Hashable, Sendable {
        case null
        case int(Int64)
        case text(String)
        case blob([UInt8])

        package init(_ value: String?) { self = value.map(Value.text) ?? .null }
        package init(_ value: Int64?) { self = value.map(Value.int) ?? .null }
    }

    package var text = ""
    package var arguments: [Value] = []

    package init(stringLiteral text: String) { self.text = text }
    /// For the statements that run by the thousand a second: a text that is made once, with `$1`, `$2`… in it.
    package init(_ text: StaticString, _ arguments: [Value]) {
        self.text = text.description
        self.arguments = arguments
    }
    package init(stringInterpolation parts: Parts) {
        text = parts.text
        arguments = parts.arguments
    }

    package struct Parts: StringInterpolationProtocol {
        var text = ""
        var arguments: [Value] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 3 * interpolationCount)
            arguments.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ value: Value) {
            arguments.append(value)
            text += "$"
            text += String(arguments.count)
        }
        package mutating func appendInterpolation(_ value: String?) {
            appendInterpolation(value.map(Value.text) ?? .null)
        }
        package mutating func appendInterpolation(_ value: Int64?) {
            appendInterpolation(value.map(Value.int) ?? .null)
        }
        package mutating func appendInterpolation(_ value: Int) { appendInterpolation(.int(Int64(value))) }
        package mutating func appendInterpolation(_ value: [UInt8]?) {
            appendInterpolation(value.map(Value.blob) ?? .null)
        }

        /// Splices a part of a statement; its arguments are numbered on from here.
        package mutating func appendInterpolation(_ part: SQL) {
            // By bytes, since every request builds its statements: characters would cost more than the look-up.
            var rest = part.text.utf8[...]
            for argument in part.arguments {
                guard let mark = rest.firstIndex(of: UInt8(ascii: "$")) else {
                    preconditionFailure("fewer marks than arguments")
                }
                text += Substring(rest[..<mark])
                appendInterpolation(argument)
                rest = rest[rest.index(after: mark)...].drop { $0 &- 0x30 < 10 }
            }
            text += Substring(rest)
        }

        /// `($1, $2), ($3, $4)`: one list of values a row, for an INSERT of many.
        package mutating func appendInterpolation(rows: ArraySlice<Row>) {
            for (index, row) in rows.enumerated() {
                text += index == 0 ? "(" : ", ("
                for (column, value) in row.values.enumerated() {
                    if column > 0 { text += ", " }
                    appendInterpolation(value)
                }
                text += ")"
            }
        }

        /// `$1, $2, $3`, for `IN (…)`. Filled up to a power of two with the last value, so that few texts are prepared.
        package mutating func appendInterpolation(list: [Value]) {
            precondition(!list.isEmpty)
            var size = 1
            while size < list.count { size *= 2 }
            for index in 0..<size {
                if index > 0 { text += ", " }
                appendInterpolation(list[min(index, list.count - 1)])
            }
        }

        /// `column = party`, or true for those who see all parties. The only way a party gets into a query.
        package mutating func appendInterpolation(_ scope: Scope, _ column: StaticString) {
            switch scope {
            case .party(let id):
                text += column.description
                text += " = "
                appendInterpolation(id)
            case .all: text += "1 = 1"
            }
        }
    }
}

extension String {
    /// U+0000, which PostgreSQL cannot keep in a text: no engine takes it.
    var hasZeroCharacter: Bool {
        var text = self
        // Each document is looked through on its way in.
        return text.withUTF8 { bytes in bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false }
    }
}

/// Whose rows a query may touch. Made from the caller's rights, asked for by every
/// method that touches a party's rows, so that it cannot be forgotten.
package enum Scope: Hashable, Sendable {
    case party(String)
    /// Staff who see every party.
    case all
}

/// One row of an answer, columns in select order.
package struct Row: Sendable {
    package var values: [SQL.Value]

    package func text(_ column: Int) -> String { optionalText(column) ?? mismatch(column, "text") }
    package func int(_ column: Int) -> Int64 { optionalInt(column) ?? mismatch(column, "an integer") }
    package func blob(_ column: Int) -> [UInt8] { optionalBlob(column) ?? mismatch(column, "a blob") }

    package func optionalText(_ column: Int) -> String? {
        if case .text(let text) = values[column] { text } else { nil }
    }
    package func optionalInt(_ column: Int) -> Int64? {
        if case .int(let value) = values[column] { value } else { nil }
    }
    package func optionalBlob(_ column: Int) -> [UInt8]? {
        if case .blob(let bytes) = values[column] { bytes } else { nil }
    }

    /// STRICT tables and NOT NULL columns make this our bug, never the data's.
    private func mismatch<T>(_ column: Int, _ expected: String) -> T {
        preconditionFailure("column \(column) is \(values[column]), not \(expected)")
    }
}
