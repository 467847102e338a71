/// Why a file, or one row of it, cannot be read as a table; for people, lower case, without a full stop.
package struct TableError: Error, Hashable, Sendable {
    package var reason: String
    package var hint: String
    /// Counted from 1, the header being row 1; nil when it concerns the file.
    package var row: Int?
    /// Counted from 1.
    package var column: Int?

    package init(_ reason: String, hint: String, row: Int? = nil, column: Int? = nil) {
        self.reason = reason
        self.hint = hint
        self.row = row
        self.column = column
    }

    /// `row 17, column 3`.
    package var place: String? {
        row.map { row in "row \(row)" + (column.map { ", column \($0)" } ?? "") }
    }
}
