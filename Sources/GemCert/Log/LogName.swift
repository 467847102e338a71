/// A log's name, its origin: `HOST/log` for the first, `HOST/log/2` for the one after a gap, and so on.
///
/// A name has one key and one tree for ever. Where a tree was lost a new name begins, since a smaller or
/// another tree under the old one would be a lie.
package struct LogName: Hashable, Sendable {
    /// Of the first log.
    package let base: String
    /// From 1.
    package let number: Int

    private init(base: String, number: Int) {
        self.base = base
        self.number = number
    }

    package init?(origin: String) {
        // By hand: each batch of certificates asks for the age of both slots of the anchor.
        func isLog(_ text: Substring) -> Bool { text.hasSuffix("/log") && text.utf8.count > 4 }
        if isLog(origin[...]) {
            self.init(base: origin, number: 1)
            return
        }
        guard let slash = origin.lastIndex(of: "/"), isLog(origin[..<slash]) else { return nil }
        let digits = origin[origin.index(after: slash)...]
        // Int reads signs and leading zeros too; written back they would differ.
        guard digits.utf8.count <= 6, let number = Int(digits), number > 1, String(number) == digits else { return nil }
        self.init(base: String(origin[..<slash]), number: number)
    }

    package var origin: String { number == 1 ? base : "\(base)/\(number)" }
    package var next: LogName { LogName(base: base, number: number + 1) }
    /// The same log's earlier ones and itself.
    package var untilHere: [LogName] { (1...number).map { LogName(base: base, number: $0) } }
    /// In `DIR/keys`.
    package var keyFile: String { number == 1 ? "log.key" : "log-\(number).key" }
}
