import Glibc

/// What a photograph looks like, in 64 bits: near pictures differ in few of them.
///
/// The signs of its 64 slowest waves against their median (a DCT hash, "pHash"). Bytes, size, brightness and a narrow
/// margin leave most bits alone; another stone, or the same from another side, changes about half.
package struct Likeness: Hashable, Sendable {
    package let bits: UInt64

    package init(bits: UInt64) { self.bits = bits }

    /// Pictures this far apart or less are near. Documented in docs/protocol.md, measured in LikenessTests. As many bits
    /// are set in each, so distances are even.
    package static let limit = 6
    private static let side = 32
    private static let waves = 8

    /// `miniature`: 32 rows of 32 greys, upright. Nil for a plain surface, whose bits would be noise.
    init?(miniature: [UInt8]) {
        precondition(miniature.count == Self.side * Self.side)
        let levels = miniature.sorted()
        guard Int(levels[levels.count * 19 / 20]) - Int(levels[levels.count / 20]) >= 12 else { return nil }
        var rows = [Float](repeating: 0, count: Self.side * Self.waves)
        for y in 0..<Self.side {
            for u in 0..<Self.waves {
                var sum: Float = 0
                for x in 0..<Self.side { sum += Float(miniature[y * Self.side + x]) * Self.cosines[u * Self.side + x] }
                rows[y * Self.waves + u] = sum
            }
        }
        var strengths = [Float](repeating: 0, count: Self.waves * Self.waves)
        for v in 0..<Self.waves {
            for u in 0..<Self.waves {
                var sum: Float = 0
                for y in 0..<Self.side { sum += rows[y * Self.waves + u] * Self.cosines[v * Self.side + y] }
                strengths[v * Self.waves + u] = sum
            }
        }
        // The first is the brightness of the whole, which says nothing.
        let median = strengths.dropFirst().sorted()[31]
        bits = strengths.dropFirst().enumerated().reduce(0) { bits, wave in
            wave.element > median ? bits | 1 << UInt64(wave.offset) : bits
        }
    }

    /// cos((2x + 1)uπ / 64), wave by wave.
    private static let cosines: [Float] = (0..<waves).flatMap { u in
        (0..<side).map { x in Float(cos(Double((2 * x + 1) * u) * .pi / Double(2 * side))) }
    }

    /// In how many bits two differ, 0 to 63.
    package func distance(to other: Likeness) -> Int { (bits ^ other.bits).nonzeroBitCount }

    // MARK: - How near ones are found

    /// Its four bands of 16 bits, each as one number with the band's own. Of two within ``limit`` at least one band
    /// differs in at most one bit (6 = 4 · 1 + 2).
    var slots: [Int64] { (0..<4).map { Self.slot($0, UInt16(truncatingIfNeeded: bits >> (16 * UInt64($0)))) } }

    /// The slots of everything that can be near: each band as it is, and with one bit turned.
    var probes: [Int64] {
        (0..<4).flatMap { band in
            let value = UInt16(truncatingIfNeeded: bits >> (16 * UInt64(band)))
            return [Self.slot(band, value)] + (0..<16).map { Self.slot(band, value ^ (1 << UInt16($0))) }
        }
    }

    private static func slot(_ band: Int, _ value: UInt16) -> Int64 { Int64(band) << 16 | Int64(value) }
}
