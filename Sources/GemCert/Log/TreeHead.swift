import GemCrypto

/// The growing right edge of the log's tree: all that appending needs, whatever the tree's size.
///
/// A value: the sequencer appends to a copy and keeps it once the batch is committed.
package struct TreeHead: Hashable, Sendable {
    package private(set) var size: Int
    /// By level, the hashes of its last tile while that is not full; empty where the last tile is full.
    private var edges: [[UInt8]]
    /// By height, the complete subtree of 2^height leaves for each bit set in `size`.
    private var peaks: [[UInt8]]

    /// The empty tree.
    package init() {
        size = 0
        edges = []
        peaks = []
    }

    /// A stored tree's edge. `partialTile` is asked for the last tile of each level that is not full;
    /// nil when one has not exactly the hashes that a tree of this size leaves there.
    package init?(size: Int, partialTile: (Tile.Address) throws -> [UInt8]) rethrows {
        guard size >= 0 else { return nil }
        self.init()
        self.size = size
        peaks = Array(repeating: [], count: Int.bitWidth - size.leadingZeroBitCount)
        var level = 0
        while size >> (8 * level) > 0 {
            let nodes = size >> (8 * level)
            let width = nodes % Tile.width
            var edge: [UInt8] = []
            if width > 0 {
                edge = try partialTile(Tile.Address(level: level, index: nodes / Tile.width, width: width))
                guard edge.count == width * SHA256.byteCount else { return nil }
            }
            edges.append(edge)
            var at = 0
            for height in (0..<8).reversed() where width & (1 << height) != 0 {
                let end = at + SHA256.byteCount << height
                peaks[8 * level + height] = Tile.foldComplete(edge[at..<end])
                at = end
            }
            level += 1
        }
    }

    /// RFC 6962's root of the whole tree.
    package var root: [UInt8] {
        var hasher = SHA256Hasher()
        var root: [UInt8]?
        for peak in peaks where !peak.isEmpty {
            root = root.map { Merkle.nodeHash(peak[...], $0[...], &hasher) } ?? peak
        }
        return root ?? Merkle.emptyRoot
    }

    /// Appends leaves and returns the tiles that are new or grew, lowest level first: about two hashes a leaf.
    package mutating func append(_ leafHashes: [[UInt8]]) -> [Tile] {
        var hasher = SHA256Hasher()
        var full: [Tile] = []
        var touched: Set<Int> = []
        for leaf in leafHashes {
            precondition(leaf.count == SHA256.byteCount)
            var hash = leaf
            var height = 0
            grow(0, hash, at: size, &full)
            touched.insert(0)
            // Binary addition: each bit already set is a subtree that the new one completes to twice its size.
            while size & (1 << height) != 0 {
                hash = Merkle.nodeHash(peaks[height][...], hash[...], &hasher)
                peaks[height] = []
                height += 1
                if height.isMultiple(of: 8) {
                    grow(height / 8, hash, at: size >> height, &full)
                    touched.insert(height / 8)
                }
            }
            if height == peaks.count { peaks.append([]) }
            peaks[height] = hash
            size += 1
        }
        let partial = touched.compactMap { level -> Tile? in
            guard !edges[level].isEmpty else { return nil }
            return Tile(
                address: Tile.Address(
                    level: level, index: (size >> (8 * level)) / Tile.width,
                    width: edges[level].count / SHA256.byteCount),
                hashes: edges[level])
        }
        return (full + partial).sorted {
            ($0.address.level, $0.address.index) < ($1.address.level, $1.address.index)
        }
    }

    private mutating func grow(_ level: Int, _ hash: [UInt8], at node: Int, _ full: inout [Tile]) {
        if level == edges.count { edges.append([]) }
        edges[level] += hash
        guard edges[level].count == Tile.width * SHA256.byteCount else { return }
        full.append(
            Tile(
                address: Tile.Address(level: level, index: node / Tile.width, width: Tile.width),
                hashes: edges[level]))
        edges[level] = []
    }
}
