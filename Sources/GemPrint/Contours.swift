/// The outlines of the dark squares of a symbol, each the corners of one closed line: clockwise around what is dark and
/// against the clock around what is light inside it, so that the non-zero rule fills the one and not the other.
enum Contours {
    struct Corner: Hashable {
        var x: Int
        var y: Int
    }

    /// Where an edge leads from its corner; each is a quarter turn clockwise from the one before.
    private static let steps = [(1, 0), (0, 1), (-1, 0), (0, -1)]

    /// Rows from the top, all of one length.
    static func of(_ modules: [[Bool]]) -> [[Corner]] {
        let (height, width) = (modules.count, modules.first?.count ?? 0)
        func isDark(_ x: Int, _ y: Int) -> Bool {
            0..<width ~= x && 0..<height ~= y && modules[y][x]
        }
        // For each corner, the directions in which an edge leaves it, a bit each; dark is on the right.
        var edges = [[UInt8]](repeating: [UInt8](repeating: 0, count: width + 1), count: height + 1)
        for y in 0..<height {
            for x in 0..<width where modules[y][x] {
                if !isDark(x, y - 1) { edges[y][x] |= 1 }
                if !isDark(x + 1, y) { edges[y][x + 1] |= 2 }
                if !isDark(x, y + 1) { edges[y + 1][x + 1] |= 4 }
                if !isDark(x - 1, y) { edges[y + 1][x] |= 8 }
            }
        }
        var contours: [[Corner]] = []
        for y in 0...height {
            // Every closed line runs to the right somewhere.
            for x in 0...width where edges[y][x] & 1 != 0 {
                contours.append(trace(from: Corner(x: x, y: y), &edges))
            }
        }
        return contours
    }

    /// Takes the edges of one line away; where two squares touch at a corner, it turns right and stays with its own.
    private static func trace(from start: Corner, _ edges: inout [[UInt8]]) -> [Corner] {
        var corners: [Corner] = []
        var at = start
        var direction = 0
        while let next = [direction, (direction + 1) % 4, (direction + 3) % 4].first(where: {
            edges[at.y][at.x] & 1 << $0 != 0
        }) {
            if next != direction || corners.isEmpty { corners.append(at) }
            edges[at.y][at.x] &= ~(1 << next)
            direction = next
            at.x += steps[next].0
            at.y += steps[next].1
        }
        return corners
    }
}
