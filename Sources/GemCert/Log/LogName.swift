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
        guard let match = origin.wholeMatch(of: /(.+\/log)(?:\/([1-9][0-9]{0,5}))?/) else { return nil }
        let number = match.2.flatMap { Int($0) } ?? 1
        guard match.2 == nil || number > 1 else { return nil }
        self.init(base: String(match.1), number: number)
    }

    package var origin: String { number == 1 ? base : "\(base)/\(number)" }
    package var next: LogName { LogName(base: base, number: number + 1) }
    /// The same log's earlier ones and itself.
    package var untilHere: [LogName] { (1...number).map { LogName(base: base, number: $0) } }
    /// In `DIR/keys`.
    package var keyFile: String { number == 1 ? "log.key" : "log-\(number).key" }
}
