package import GemCrypto

/// The Merkle tree of RFC 6962 §2.1 over SHA-256: hashes, roots and proofs. Hashes are 32 bytes.
package enum Merkle {
    package static func leafHash(_ entry: [UInt8]) -> [UInt8] {
        var hasher = SHA256Hasher()
        return leafHash(entry, &hasher)
    }

    /// With a hasher of the caller's, for many leaves at a time.
    package static func leafHash(_ entry: [UInt8], _ hasher: inout SHA256Hasher) -> [UInt8] {
        hasher.update([0x00])
        hasher.update(entry)
        return hasher.finish()
    }

    package static func nodeHash(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var hasher = SHA256Hasher()
        return nodeHash(left[...], right[...], &hasher)
    }

    static func nodeHash(
        _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, _ hasher: inout SHA256Hasher
    ) -> [UInt8] {
        hasher.update([0x01])
        hasher.update(left)
        hasher.update(right)
        return hasher.finish()
    }

    /// The root of no leaves: the hash of nothing.
    package static let emptyRoot = SHA256.hash([UInt8]())

    /// The largest power of two below `count`, which is at least 2: the size of the left subtree.
    static func split(_ count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}

// MARK: - Making proofs

extension Merkle {
    /// Where a subtree's hash comes from: complete and aligned, `count` a power of two, `start` its multiple.
    package typealias Subtree = (_ start: Int, _ count: Int) throws -> [UInt8]

    /// The hash over leaves `range`, from complete subtrees.
    package static func root(of range: Range<Int>, _ subtree: Subtree) throws -> [UInt8] {
        guard !range.isEmpty else { return emptyRoot }
        let count = range.count
        if count & (count - 1) == 0 && range.lowerBound % count == 0 { return try subtree(range.lowerBound, count) }
        let middle = range.lowerBound + split(count)
        return try nodeHash(
            root(of: range.lowerBound..<middle, subtree), root(of: middle..<range.upperBound, subtree))
    }

    /// RFC 6962 §2.1.1: from the leaf's sibling up to the root's child.
    ///
    /// `index < size`.
    package static func inclusionProof(index: Int, size: Int, _ subtree: Subtree) throws -> [[UInt8]] {
        precondition(0..<size ~= index)
        var proof: [[UInt8]] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = range.lowerBound + split(range.count)
            if index < middle {
                proof.append(try root(of: middle..<range.upperBound, subtree))
                range = range.lowerBound..<middle
            } else {
                proof.append(try root(of: range.lowerBound..<middle, subtree))
                range = middle..<range.upperBound
            }
        }
        return proof.reversed()
    }

    /// RFC 6962 §2.1.2: that the tree of `oldSize` is the beginning of that of `size`.
    ///
    /// `0 ≤ oldSize ≤ size`; empty when the sizes are equal or the old tree is empty.
    package static func consistencyProof(oldSize: Int, size: Int, _ subtree: Subtree) throws -> [[UInt8]] {
        precondition(0...size ~= oldSize)
        guard oldSize > 0, oldSize < size else { return [] }
        var proof: [[UInt8]] = []
        var range = 0..<size
        var isWholeOldTree = true
        while range.upperBound != oldSize {
            let middle = range.lowerBound + split(range.count)
            if oldSize <= middle {
                proof.append(try root(of: middle..<range.upperBound, subtree))
                range = range.lowerBound..<middle
            } else {
                proof.append(try root(of: range.lowerBound..<middle, subtree))
                range = middle..<range.upperBound
                isWholeOldTree = false
            }
        }
        if !isWholeOldTree { proof.append(try root(of: range, subtree)) }
        return proof.reversed()
    }
}

// MARK: - Checking proofs

extension Merkle {
    /// The root that a leaf and its proof lead to (RFC 9162 §2.1.3.2); nil when the proof is too long or too short.
    package static func root(
        fromLeaf leafHash: [UInt8], index: Int, size: Int, proof: [[UInt8]]
    ) -> [UInt8]? {
        guard 0 <= index, index < size, leafHash.count == SHA256.byteCount else { return nil }
        var (node, last, hash) = (index, size - 1, leafHash)
        for step in proof {
            guard last != 0, step.count == SHA256.byteCount else { return nil }
            if node & 1 == 1 || node == last {
                hash = nodeHash(step, hash)
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = nodeHash(hash, step)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 ? hash : nil
    }

    package static func verifiesInclusion(
        leafHash: [UInt8], index: Int, size: Int, proof: [[UInt8]], root expected: [UInt8]
    ) -> Bool {
        root(fromLeaf: leafHash, index: index, size: size, proof: proof) == expected
    }

    /// RFC 9162 §2.1.4.2. An empty tree is the beginning of every tree and needs an empty proof.
    package static func verifiesConsistency(
        oldSize: Int, oldRoot: [UInt8], size: Int, root: [UInt8], proof: [[UInt8]]
    ) -> Bool {
        guard 0 <= oldSize, oldSize <= size, proof.allSatisfy({ $0.count == SHA256.byteCount }) else { return false }
        if oldSize == size { return proof.isEmpty && oldRoot == root }
        if oldSize == 0 { return proof.isEmpty && oldRoot == emptyRoot }
        // A complete old tree is its own first step.
        let steps = oldSize & (oldSize - 1) == 0 ? [oldRoot] + proof : proof
        guard let first = steps.first, !proof.isEmpty else { return false }
        var (node, last) = (oldSize - 1, size - 1)
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var (oldHash, hash) = (first, first)
        for step in steps.dropFirst() {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                oldHash = nodeHash(step, oldHash)
                hash = nodeHash(step, hash)
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = nodeHash(hash, step)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == oldRoot && hash == root
    }
}
