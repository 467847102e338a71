import GemCrypto

/// A tile of the log (C2SP tlog-tiles): up to 256 hashes side by side, 32 bytes each.
///
/// Hash i of tile n at level l covers the 256^l leaves from (256·n + i)·256^l on. A tile with 256 hashes
/// never changes again; there is never an empty one.
package struct Tile: Hashable, Sendable {
    package static let width = 256

    /// Where a tile stands and how full it is.
    package struct Address: Hashable, Sendable {
        package let level: Int
        package let index: Int
        /// 1–256.
        package let width: Int

        package init(level: Int, index: Int, width: Int) {
            self.level = level
            self.index = index
            self.width = width
        }

        /// `tile/0/x001/234`, or `tile/0/x001/234.p/7` for one that is not full.
        package var path: String { "tile/\(level)/\(Tile.pathSuffix(index, width))" }

        /// The address as it is in a tree of `size` leaves; nil when that tree has no such tile.
        package init?(level: Int, index: Int, inTreeOf size: Int) {
            let nodes = level < 8 ? size >> (8 * level) : 0
            guard level >= 0, 0..<nodes ~= index * Tile.width else { return nil }
            self.init(level: level, index: index, width: min(Tile.width, nodes - index * Tile.width))
        }
    }

    package let address: Address
    /// `address.width` hashes.
    package let hashes: [UInt8]

    package var isFull: Bool { address.width == Self.width }

    /// The path of the bundle with the entries of leaves 256·`index`…, `tile/entries/x001/234[.p/W]`.
    package static func entriesPath(index: Int, width: Int = width) -> String {
        "tile/entries/\(pathSuffix(index, width))"
    }

    /// Groups of three digits, all but the last marked with an x, so that no folder grows beyond 1,000.
    private static func pathSuffix(_ index: Int, _ width: Int) -> String {
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            groups.append(
                (groups.isEmpty ? "" : "x") + String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1000
        } while rest > 0
        return groups.reversed().joined(separator: "/") + (width == Self.width ? "" : ".p/\(width)")
    }

    /// Reads a path as a client asks for it, below `tile/`: `0/x001/234.p/7` or `entries/000`.
    ///
    /// Level nil stands for entries. Nil for any spelling but the one we write.
    package static func parse(path: some StringProtocol) -> (level: Int?, index: Int, width: Int)? {
        guard path.utf8.count <= 64 else { return nil }
        var parts = String(path).split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count >= 2 else { return nil }
        let kind = parts.removeFirst()
        let level = Int(kind)
        guard kind == "entries" || level.map({ 0..<8 ~= $0 && String($0) == kind }) == true else { return nil }
        var width = Self.width
        if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
            guard let partial = Int(parts.removeLast()) else { return nil }
            parts[parts.count - 1].removeLast(2)
            width = partial
        }
        var index = 0
        for group in parts {
            let digits = group.hasPrefix("x") ? group.dropFirst() : group[...]
            guard digits.utf8.count == 3, let value = Int(digits), index < 1_000_000_000_000 else { return nil }
            index = index * 1000 + value
        }
        // One spelling: what we would write ourselves.
        guard 1...Self.width ~= width, pathSuffix(index, width) == path.dropFirst(kind.count + 1) else { return nil }
        return (level, index, width)
    }
}

// MARK: - Hashes from tiles

extension Tile {
    /// The subtrees of a tree of `size` leaves, for `Merkle`'s proofs, out of its stored tiles.
    ///
    /// `read` may answer with more hashes than asked for, from a later and fuller tile.
    package static func subtrees(
        ofTreeOf size: Int, read: @escaping (Address) throws -> [UInt8]
    ) -> Merkle.Subtree {
        { start, count in
            let height = count.trailingZeroBitCount
            let level = height / 8
            let first = start >> (8 * level)
            guard let address = Address(level: level, index: first / width, inTreeOf: size) else {
                throw Missing(level: level, index: first / width)
            }
            let hashes = try read(address)
            let from = first % width * SHA256.byteCount
            let bytes = (count >> (8 * level)) * SHA256.byteCount
            guard hashes.count >= from + bytes else { throw Missing(level: level, index: address.index) }
            return foldComplete(hashes[from..<from + bytes])
        }
    }

    /// A tile that the store should have and has not, or has too short.
    package struct Missing: Error, Hashable {
        package let level: Int
        package let index: Int
    }

    /// The root over a power of two of hashes.
    static func foldComplete(_ hashes: ArraySlice<UInt8>) -> [UInt8] {
        var hasher = SHA256Hasher()
        var level = Array(hashes)
        while level.count > SHA256.byteCount {
            var next: [UInt8] = []
            next.reserveCapacity(level.count / 2)
            for at in stride(from: 0, to: level.count, by: 2 * SHA256.byteCount) {
                next += Merkle.nodeHash(
                    level[at..<at + SHA256.byteCount], level[at + SHA256.byteCount..<at + 2 * SHA256.byteCount],
                    &hasher)
            }
            level = next
        }
        return level
    }
}

// MARK: - Entries

extension Tile {
    /// A bundle of entries: each with its length before it, two bytes, big-endian. Nil when one is longer than 65,535.
    package static func encode(entries: [[UInt8]]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for entry in entries {
            guard let count = UInt16(exactly: entry.count) else { return nil }
            bytes += [UInt8(count >> 8), UInt8(count & 0xFF)]
            bytes += entry
        }
        return bytes
    }

    /// Nil when the last entry is cut off.
    package static func decodeEntries(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= 2 {
            let count = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard rest.count >= count else { return nil }
            entries.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return rest.isEmpty ? entries : nil
    }
}
