import GemCrypto
import Testing

@testable import GemCert

@Suite("appending to the log's tree")
struct TreeHeadTests {
    /// What a store keeps: the last bytes written for each tile.
    private final class Tiles {
        var stored: [String: Tile] = [:]

        func keep(_ tiles: [Tile]) {
            for tile in tiles { stored["\(tile.address.level)/\(tile.address.index)"] = tile }
        }

        func read(_ address: Tile.Address) throws -> [UInt8] {
            guard let tile = stored["\(address.level)/\(address.index)"] else {
                throw Tile.Missing(level: address.level, index: address.index)
            }
            return tile.hashes
        }
    }

    @Test("appending in random batches equals the naive tree, also after a restart between batches")
    func batches() throws {
        var random = Seeded(state: 26)
        for _ in 0..<5 {
            let leaves = NaiveTree.leaves(1500)
            let tiles = Tiles()
            var head = TreeHead()
            var done = 0
            while done < leaves.count {
                let count = min(leaves.count - done, Int.random(in: 1...200, using: &random))
                if Bool.random(using: &random) {
                    let size = head.size
                    head = try #require(try TreeHead(size: size) { Array(try tiles.read($0)) })
                }

                tiles.keep(head.append(Array(leaves[done..<done + count])))
                done += count

                #expect(head.size == done)
                #expect(head.root == NaiveTree.root(leaves[..<done]))
            }
            // Every tile holds what its definition says.
            for tile in tiles.stored.values {
                let span = 1 << (8 * tile.address.level)
                let expected = (0..<tile.address.width).flatMap { i in
                    let from = (tile.address.index * 256 + i) * span
                    return NaiveTree.root(leaves[from..<from + span])
                }
                #expect(tile.hashes == expected)
            }
            let subtrees = Tile.subtrees(ofTreeOf: done, read: tiles.read)
            for index in [0, 255, 256, 511, 1024, 1279, 1280, 1499] {
                #expect(
                    try Merkle.inclusionProof(index: index, size: done, subtrees)
                        == NaiveTree.inclusion(index, leaves[..<done]))
            }
        }
    }

    @Test("proofs for a smaller tree come out of the fuller tiles of a later one")
    func laterTiles() throws {
        let leaves = NaiveTree.leaves(700)
        let tiles = Tiles()
        var head = TreeHead()
        tiles.keep(head.append(leaves))

        let proof = try Merkle.inclusionProof(index: 300, size: 401, Tile.subtrees(ofTreeOf: 401, read: tiles.read))

        #expect(proof == NaiveTree.inclusion(300, leaves[..<401]))
    }

    @Test("the 65,536th leaf completes tiles on two levels and begins a third")
    func levels() throws {
        var head = TreeHead()
        let leaf = Merkle.leafHash([1])
        _ = head.append(Array(repeating: leaf, count: 65_535))

        let tiles = head.append([leaf])

        #expect(tiles.map(\.address.path) == ["tile/0/255", "tile/1/000", "tile/2/000.p/1"])
        #expect(tiles[2].hashes == head.root)
    }

    @Test("a batch of none changes nothing, and an empty tree has the root of nothing")
    func empty() {
        var head = TreeHead()

        let tiles = head.append([])

        #expect(tiles.isEmpty)
        #expect(head.root == SHA256.hash([UInt8]()))
    }

    @Test("an edge with too few or too many hashes is refused")
    func edge() {
        #expect(TreeHead(size: 3) { _ in [UInt8](repeating: 0, count: 64) } == nil)
        #expect(TreeHead(size: 3) { _ in [UInt8](repeating: 0, count: 128) } == nil)
        #expect(TreeHead(size: -1) { _ in [] } == nil)
    }
}

/// A small generator with a seed, so that a failure repeats (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("tiles")
struct TileTests {
    @Test(
        "paths are those of C2SP tlog-tiles",
        arguments: [
            (0, 1_234_067, 256, "tile/0/x001/x234/067"), (0, 0, 7, "tile/0/000.p/7"), (2, 5, 256, "tile/2/005"),
            (1, 999, 1, "tile/1/999.p/1"), (0, 1000, 255, "tile/0/x001/000.p/255"),
        ])
    func paths(level: Int, index: Int, width: Int, path: String) throws {
        #expect(Tile.Address(level: level, index: index, width: width).path == path)
        let read = try #require(Tile.parse(path: path.dropFirst(5)))
        #expect(read == (level, index, width))
    }

    @Test("entries have paths of their own")
    func entriesPath() throws {
        #expect(Tile.entriesPath(index: 1_234_067) == "tile/entries/x001/x234/067")
        let read = try #require(Tile.parse(path: "entries/x001/x234/067.p/3"))
        #expect(read == (nil, 1_234_067, 3))
    }

    @Test(
        "a path in any other spelling is refused",
        arguments: [
            "", "0", "0/", "0/1", "0/0001", "0/x000/001", "0/001/002", "0/x001", "00/000", "-1/000", "8/000",
            "0/000.p", "0/000.p/", "0/000.p/0", "0/000.p/256", "0/000.p/257", "0/000.p/07", "0/-01", "0/+01",
            "0/000/", "/0/000", "entries", "entry/000", "0/../000", "0/٠٠٠", "0/x001/x002/x003/x004/x005/006",
        ])
    func refused(path: String) {
        #expect(Tile.parse(path: path) == nil)
    }

    @Test("entries go into a bundle and come back; a cut bundle is refused")
    func entries() throws {
        let entries: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 9, count: 65_535)]
        let bundle = try #require(Tile.encode(entries: entries))

        #expect(bundle.starts(with: [0, 3, 1, 2, 3, 0, 0, 0xFF, 0xFF, 9]))
        #expect(Tile.decodeEntries(bundle) == entries)
        #expect(Tile.decodeEntries(Array(bundle.dropLast())) == nil)
        #expect(Tile.decodeEntries([0]) == nil)
        #expect(Tile.encode(entries: [[UInt8](repeating: 0, count: 65_536)]) == nil)
    }
}
