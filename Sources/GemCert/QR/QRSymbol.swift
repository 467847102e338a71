import CQREncode

/// The squares of a QR code (ISO/IEC 18004), level M, without a quiet zone.
package struct QRSymbol: Hashable, Sendable {
    /// Squares on a side.
    package let side: Int
    /// Row by row; true is dark.
    package let modules: [Bool]

    package struct TooLong: Error {}

    /// The digits as a numeric segment, the address before them as bytes.
    package init(_ text: QRText) throws {
        guard let input = QRinput_new2(0, QR_ECLEVEL_M) else { throw TooLong() }
        defer { QRinput_free(input) }
        for (mode, segment) in [(QR_MODE_8, text.address + "#"), (QR_MODE_NUM, text.digits)] {
            let bytes = Array(segment.utf8)
            guard QRinput_append(input, mode, Int32(bytes.count), bytes) == 0 else { throw TooLong() }
        }
        guard let code = QRcode_encodeInput(input) else { throw TooLong() }
        defer { QRcode_free(code) }
        side = Int(code.pointee.width)
        // The lowest bit of each byte is the square; the others tell what it is for.
        modules = UnsafeBufferPointer(start: code.pointee.data, count: side * side).map { $0 & 1 == 1 }
    }

    package subscript(row: Int, column: Int) -> Bool { modules[row * side + column] }

    package var rows: [[Bool]] { (0..<side).map { Array(modules[$0 * side..<($0 + 1) * side]) } }

    /// One path of runs, crisp at any size, with the quiet zone of four squares.
    package var svg: String {
        let whole = side + 8
        var path = ""
        for row in 0..<side {
            var column = 0
            while column < side {
                guard self[row, column] else {
                    column += 1
                    continue
                }
                let start = column
                while column < side, self[row, column] { column += 1 }
                path += "M\(start + 4) \(row + 4)h\(column - start)v1h-\(column - start)z"
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(whole) \(whole)" shape-rendering="crispEdges">\
            <rect width="\(whole)" height="\(whole)" fill="#fff"/><path d="\(path)" fill="#000"/></svg>

            """
    }
}
