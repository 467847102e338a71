/// "Did you mean": the known word nearest to one that is not known.
package enum Spelling {
    /// Nil when none is near: more than a third of the letters would have to change.
    package static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let folded = word.lowercased().prefix(80)
        var best: (word: String, distance: Int, letters: Int)?
        for candidate in words {
            let other = candidate.lowercased()
            let letters = distance(String(folded), other)
            var far = letters
            // One word within the other, such as weightCt in totalWeightCt.
            let (short, long) = folded.count < other.count ? (String(folded), other) : (other, String(folded))
            if short.count >= 4, long.contains(short) { far = min(far, 2) }
            guard far <= max(2, max(folded.count, other.count) / 3) else { continue }
            if best.map({ (far, letters) < ($0.distance, $0.letters) }) ?? true { best = (candidate, far, letters) }
        }
        return best?.word
    }

    /// Levenshtein's distance.
    package static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
