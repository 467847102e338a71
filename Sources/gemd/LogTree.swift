import GemCert
import GemCrypto
import GemInventory

/// Hashes and proofs out of a log's stored tiles.
struct LogTree: Sendable {
    let inventory: Inventory
    let log: Int

    init(_ inventory: Inventory, log: Int) {
        self.inventory = inventory
        self.log = log
    }

    /// The root of the first `size` entries.
    func root(size: Int) async throws -> [UInt8] {
        guard size > 0 else { return Merkle.emptyRoot }
        return try await withTiles(of: size, index: size - 1) { subtrees in
            try Merkle.root(of: 0..<size, subtrees)
        }
    }

    /// Against the log's newest checkpoint; of a closed log, the last that the backup held.
    func proof(index: Int) async throws -> TlogProof {
        guard let state = try await inventory.logState(log) else { throw InventoryError.notFound }
        let hashes = try await withTiles(of: state.size, index: index) { subtrees in
            try Merkle.inclusionProof(index: index, size: state.size, subtrees)
        }
        return TlogProof(index: index, hashes: hashes, checkpoint: state.checkpoint)
    }

    /// Reads what a proof for `index` needs in one snapshot: the tiles above the leaf, and the right edge.
    private func withTiles<T>(of size: Int, index: Int, _ body: (Merkle.Subtree) throws -> T) async throws -> T {
        var wanted: [(level: Int, index: Int)] = []
        var level = 0
        while size >> (8 * level) > 0 {
            let edge = ((size >> (8 * level)) - 1) / Tile.width
            let own = (index >> (8 * level)) / Tile.width
            wanted.append((level, own))
            if edge != own { wanted.append((level, edge)) }
            level += 1
        }
        let found = try await inventory.tiles(of: log, wanted)
        var tiles: [Int: [Int: [UInt8]]] = [:]
        for (address, hashes) in zip(wanted, found) { tiles[address.level, default: [:]][address.index] = hashes }
        let read = tiles
        return try body(
            Tile.subtrees(ofTreeOf: size) { address in
                guard let hashes = read[address.level]?[address.index] else {
                    throw InventoryError.store("tile \(address.level)/\(address.index) of the log is missing")
                }
                return hashes
            })
    }
}
