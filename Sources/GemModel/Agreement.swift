/// Whether examiners who did not see each other's work found the same (domain §3.2).
///
/// Identity, treatments, origin and grades must be equal; weights may differ by 0.005 ct, lengths by 0.03 mm.
/// Readings of instruments and comments are each examiner's own and are not compared.
public enum Agreement {
    public enum Outcome: Hashable, Sendable {
        /// Fewer have examined than are needed.
        case waiting
        /// Indices of two who agree; the first's words are taken.
        case agreed(Int, Int)
        /// The first two differ in these facts; a third decides.
        case differ([String])
        /// No two of three agree.
        case undecided
    }

    /// In the order they were handed in, each the block of the piece's kind.
    public static func outcome(of findings: [JSON]) -> Outcome {
        guard findings.count >= 2 else { return .waiting }
        for second in 1..<findings.count {
            for first in 0..<second where differences(findings[first], findings[second]).isEmpty {
                return .agreed(first, second)
            }
        }
        return findings.count == 2 ? .differ(differences(findings[0], findings[1])) : .undecided
    }

    /// The paths of the facts in which two differ, `stone.` not written before them.
    public static func differences(_ one: JSON, _ other: JSON) -> [String] {
        var paths: [String] = []
        compare(value(one), value(other), at: "", &paths)
        return paths
    }

    private static let own: Set<String> = ["tests", "comments", "basis"]
    /// Their order says nothing.
    private static let sets: Set<String> = ["treatments", "phenomena"]

    private static func compare(_ one: JSON?, _ other: JSON?, at path: String, _ paths: inout [String]) {
        guard let one, let other else {
            if one != nil || other != nil { paths.append(path) }
            return
        }
        let name = path.split(separator: ".").last.map(String.init) ?? ""
        switch (one, other) {
        case (.object(let left), .object(let right)):
            var names = left.map(\.name)
            for member in right where !names.contains(member.name) { names.append(member.name) }
            for name in names where !own.contains(name) {
                compare(
                    one[name].map(value), other[name].map(value), at: path.isEmpty ? name : "\(path).\(name)", &paths)
            }
        case (.array(let left), .array(let right)):
            if sets.contains(name) {
                if left.map(plain).sorted() != right.map(plain).sorted() { paths.append(path) }
            } else if left.count != right.count {
                paths.append(path)
            } else {
                for (index, pair) in zip(left, right).enumerated() {
                    compare(value(pair.0), value(pair.1), at: "\(path)[\(index)]", &paths)
                }
            }
        default:
            if let tolerance = tolerance(at: path), let left = units(one), let right = units(other) {
                if (left - right).magnitude > tolerance { paths.append(path) }
            } else if plain(one) != plain(other) {
                paths.append(path)
            }
        }
    }

    /// A value without its basis.
    private static func value(_ json: JSON) -> JSON {
        guard let value = json["value"], json["basis"] != nil || json.members?.count == 1 else { return json }
        return value
    }

    /// The text by which two are the same: without bases, members in order.
    private static func plain(_ json: JSON) -> String {
        switch json {
        case .object(let members):
            let kept = members.filter { !own.contains($0.name) }.sorted { $0.name < $1.name }
            return "{" + kept.map { "\($0.name):\(plain(value($0.value)))" }.joined(separator: ",") + "}"
        case .array(let elements): return "[" + elements.map { plain(value($0)) }.joined(separator: ",") + "]"
        default: return units(json).map { "#\($0)" } ?? json.text
        }
    }

    /// In hundred-thousandths.
    private static func tolerance(at path: String) -> UInt64? {
        let name = path.split(separator: ".").last ?? ""
        if name.hasSuffix("eightCt") { return 500 }
        if name.hasSuffix("eightG") { return 1000 }
        return path.contains("measurementsMm") || name.hasSuffix("Mm") ? 3000 : nil
    }

    /// A decimal text in hundred-thousandths; nil for anything else, and for what is longer.
    private static func units(_ json: JSON) -> Int64? {
        guard let text = json.string, text.utf8.count <= 15 else { return nil }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count == 2 ? String(parts[1]) : ""
        guard let first = parts.first, !first.isEmpty, digits.utf8.count <= 5, parts.count == 1 || !digits.isEmpty,
            (String(first) + digits).utf8.allSatisfy({ $0 &- 0x30 < 10 })
        else { return nil }
        return Int64(first + digits + String(repeating: "0", count: 5 - digits.utf8.count))
    }
}

/// How far a request for a laboratory's certificate has come.
public enum DraftState: String, Term {
    /// Examinations are awaited.
    case open
    /// The first two examiners differ; a third is awaited.
    case differ
    /// No two of three agree: nothing can be issued.
    case undecided
    /// What is to be said is agreed; an approver is awaited.
    case agreed
    /// The draft is fixed, and its people sign it.
    case approving
    /// Approved and numbered; being signed.
    case issuing
    case issued
    case cancelled

    /// Whether it still holds the piece's place for its class.
    public var isOpen: Bool { [.open, .differ, .agreed, .approving, .issuing].contains(self) }
    /// Whether its examinations may be seen by the laboratory's people who made none.
    public var isUnblinded: Bool { [.agreed, .approving, .issuing, .issued, .undecided].contains(self) }
}

/// What an examiner hands in beside the facts: how they were found.
public struct ExaminationForm: Codable, Hashable, Sendable {
    public struct Instrument: Codable, Hashable, Sendable {
        public var name: Line
        public var calibratedOn: Day
        public var dueOn: Day?
    }

    public enum Result: String, Code { case match, mismatch }

    public var instruments: [Instrument]?
    public var uncertainty: Line?
    public var comments: Prose?
    public var condition: Line?
    public var methods: [Line]?
    public var deviations: Prose?
    public var receivedOn: Day?
    /// Why an implausible value is right all the same.
    public var reason: Prose?
    /// Of a check alone.
    public var result: Result?
}
