import GemCrypto
import Testing

@testable import GemCert

/// RFC 6962 §2.1 word for word, to compare with: slow, and short enough to be seen right.
enum NaiveTree {
    static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        switch leaves.count {
        case 0: return SHA256.hash([UInt8]())
        case 1: return leaves.first!
        default:
            let middle = leaves.startIndex + split(leaves.count)
            return SHA256.hash([1] + root(leaves[..<middle]) + root(leaves[middle...]))
        }
    }

    static func inclusion(_ index: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        guard leaves.count > 1 else { return [] }
        let left = leaves.prefix(split(leaves.count))
        let right = leaves.dropFirst(left.count)
        return index < left.count
            ? inclusion(index, left) + [root(right)] : inclusion(index - left.count, right) + [root(left)]
    }

    static func consistency(_ old: Int, _ leaves: ArraySlice<[UInt8]>, _ isWhole: Bool = true) -> [[UInt8]] {
        if old == leaves.count { return isWhole ? [] : [root(leaves)] }
        let left = leaves.prefix(split(leaves.count))
        let right = leaves.dropFirst(left.count)
        return old <= left.count
            ? consistency(old, left, isWhole) + [root(right)]
            : consistency(old - left.count, right, false) + [root(left)]
    }

    private static func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }

    static func leaves(_ count: Int) -> [[UInt8]] {
        (0..<count).map { Merkle.leafHash(Array("leaf \($0)".utf8)) }
    }

    static func subtrees(_ leaves: [[UInt8]]) -> Merkle.Subtree {
        { start, count in root(leaves[start..<start + count]) }
    }
}

@Suite("Merkle trees")
struct MerkleTests {
    /// The entries that Certificate Transparency's reference implementations share, and their roots.
    static let entries: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test("the roots of Certificate Transparency's shared test tree, sizes 0 to 8", arguments: 0...8)
    func knownRoots(size: Int) {
        var head = TreeHead()

        _ = head.append(Self.entries.prefix(size).map { Merkle.leafHash($0) })

        #expect(Hex.encode(head.root) == Self.roots[size])
    }

    @Test("inclusion proofs equal RFC 6962's definition and verify, at every size to 300")
    func inclusion() throws {
        let leaves = NaiveTree.leaves(300)
        for size in 1...300 {
            let root = NaiveTree.root(leaves[..<size])
            // Every index up to 66, then a spread: the tree's edges are where proofs go wrong.
            for index in Set(size <= 66 ? Array(0..<size) : [0, 1, size / 3, size / 2, size - 2, size - 1]) {
                let proof = try Merkle.inclusionProof(index: index, size: size, NaiveTree.subtrees(leaves))

                #expect(proof == NaiveTree.inclusion(index, leaves[..<size]))
                #expect(
                    Merkle.verifiesInclusion(
                        leafHash: leaves[index], index: index, size: size, proof: proof, root: root))
            }
        }
    }

    @Test("consistency proofs equal RFC 6962's definition and verify, between all sizes to 300")
    func consistency() throws {
        let leaves = NaiveTree.leaves(300)
        let roots = (0...300).map { NaiveTree.root(leaves[..<$0]) }
        for size in 1...300 {
            for old in Set(size <= 40 ? Array(0...size) : [0, 1, 2, 127, 128, 129, size / 2, size - 1, size])
            where old <= size {
                let proof = try Merkle.consistencyProof(oldSize: old, size: size, NaiveTree.subtrees(leaves))

                if old > 0 { #expect(proof == NaiveTree.consistency(old, leaves[..<size])) }
                #expect(
                    Merkle.verifiesConsistency(
                        oldSize: old, oldRoot: roots[old], size: size, root: roots[size], proof: proof))
            }
        }
    }

    @Test("a proof for another leaf, index or size, longer, shorter or with a short hash, leads elsewhere")
    func wrongInclusion() throws {
        let leaves = NaiveTree.leaves(13)
        let root = NaiveTree.root(leaves[...])
        let proof = try Merkle.inclusionProof(index: 5, size: 13, NaiveTree.subtrees(leaves))
        func holds(_ leaf: Int, _ index: Int, _ size: Int, _ proof: [[UInt8]]) -> Bool {
            Merkle.verifiesInclusion(leafHash: leaves[leaf], index: index, size: size, proof: proof, root: root)
        }

        #expect(holds(5, 5, 13, proof))
        #expect(!holds(6, 5, 13, proof))
        #expect((0..<13).filter { holds(5, $0, 13, proof) } == [5])
        // Sizes with the same path at this index give the same fold: the size is the checkpoint's to vouch for.
        #expect(!holds(5, 5, 5, proof))
        #expect(!holds(5, 5, 8, proof))
        #expect(!holds(5, 13, 13, proof))
        #expect(!holds(5, -1, 13, proof))
        #expect(!holds(5, 5, 13, proof + [proof[0]]))
        #expect(!holds(5, 5, 13, proof.dropLast()))
        #expect(!holds(5, 5, 13, [Array(proof[0].dropLast())] + proof.dropFirst()))
    }

    @Test("a consistency proof between other trees does not verify")
    func wrongConsistency() throws {
        let leaves = NaiveTree.leaves(13)
        let old = NaiveTree.root(leaves[..<6])
        let root = NaiveTree.root(leaves[...])
        let proof = try Merkle.consistencyProof(oldSize: 6, size: 13, NaiveTree.subtrees(leaves))
        func holds(_ oldSize: Int, _ oldRoot: [UInt8], _ size: Int, _ proof: [[UInt8]]) -> Bool {
            Merkle.verifiesConsistency(oldSize: oldSize, oldRoot: oldRoot, size: size, root: root, proof: proof)
        }

        #expect(holds(6, old, 13, proof))
        #expect(!holds(6, root, 13, proof))
        #expect(!holds(7, old, 13, proof))
        #expect(!holds(13, old, 13, []))
        #expect(!holds(14, old, 13, []))
        #expect(!holds(0, old, 13, []))
        #expect(!holds(6, old, 13, []))
        #expect(!holds(6, old, 13, proof + [proof[0]]))
        #expect(!holds(6, old, 13, proof.dropLast()))
    }
}
