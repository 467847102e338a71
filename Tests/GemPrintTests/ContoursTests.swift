import Testing

@testable import GemPrint

@Suite struct ContoursTests {
    /// Winding number of the middle of each square, as a renderer fills it.
    private static func filled(_ contours: [[Contours.Corner]], _ width: Int, _ height: Int) -> [[Bool]] {
        (0..<height).map { y in
            (0..<width).map { x in
                var winding = 0
                for contour in contours {
                    for (from, to) in zip(contour, contour.dropFirst() + contour.prefix(1)) where from.x == to.x {
                        guard from.x > x, min(from.y, to.y)...(max(from.y, to.y) - 1) ~= y else { continue }
                        winding += to.y > from.y ? 1 : -1
                    }
                }
                return winding != 0
            }
        }
    }

    @Test func outlinesFillTheSameSquares() {
        var symbols: [[[Bool]]] = [
            [], [[false]], [[true]], [[true, false], [false, true]], [[false, true], [true, false]],
            [[true, true, true], [true, false, true], [true, true, true]],
            PressTests.symbol.prefix(21).map { Array($0.prefix(21)) },
        ]
        // All of 3 × 3.
        for bits in 0..<512 { symbols.append((0..<3).map { y in (0..<3).map { bits >> (y * 3 + $0) & 1 == 1 } }) }
        for symbol in symbols {
            let contours = Contours.of(symbol)
            #expect(Self.filled(contours, symbol.first?.count ?? 0, symbol.count) == symbol)
            for contour in contours {
                // Each corner turns, and none is passed twice in a row: nothing is longer than it must be.
                for (from, to) in zip(contour, contour.dropFirst() + contour.prefix(1)) {
                    #expect((from.x == to.x) != (from.y == to.y))
                }
            }
        }
    }
}
