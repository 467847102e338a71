import FoundationEssentials
import GemModel
import Testing

@testable import GemCert

/// What can be wrong with a certificate, a line each, with the verdict it gets and the words a person reads: the one
/// list of all. `NegativeTests` runs it; those of the paper stand in GemPrintTests' `NegativePaperTests`. Where a case
/// also has a test of its own, that looks at more (every bit, every length); here it is the words that are held.
struct NegativeCase: Sendable, CustomTestStringConvertible {
    /// What a verifier said, as a person sees it.
    struct Seen {
        let outcome: Verdict.Outcome
        let headline: String
        /// The reasons of the steps that were not met, in order.
        let reasons: [String]

        init(_ verdict: Verdict) {
            outcome = verdict.outcome
            headline = verdict.headline
            reasons = verdict.steps.compactMap {
                switch $0.result {
                case .met: nil
                case .failed(let reason), .notChecked(let reason): "\($0.step.rawValue): \(reason)"
                }
            }
        }

        /// With what a status list had to say against itself.
        init(_ verdict: Verdict, _ problem: String?) {
            self.init(verdict, more: problem.map { ["list: \($0)"] } ?? [])
        }

        private init(_ verdict: Verdict, more: [String]) {
            let seen = Seen(verdict)
            (outcome, headline, reasons) = (seen.outcome, seen.headline, seen.reasons + more)
        }
    }

    let name: String
    let outcome: Verdict.Outcome
    /// Exact; or as far as its `…`, behind which stands the place of a byte.
    let headline: String
    /// One of `Seen.reasons`, where the headline alone does not tell.
    let reason: String?
    let make: @Sendable () throws -> Seen

    var testDescription: String { name }
}

extension [NegativeCase] {
    /// A case that a verdict alone tells.
    mutating func add(
        _ name: String, _ outcome: Verdict.Outcome, _ headline: String, _ reason: String? = nil,
        make: @escaping @Sendable () throws -> Verdict
    ) {
        append(.init(name: name, outcome: outcome, headline: headline, reason: reason) { .init(try make()) })
    }

    mutating func addList(
        _ name: String, _ outcome: Verdict.Outcome, _ headline: String, _ reason: String? = nil,
        make: @escaping @Sendable () throws -> NegativeCase.Seen
    ) {
        append(.init(name: name, outcome: outcome, headline: headline, reason: reason, make: make))
    }
}

@Suite("every way to be wrong gets its verdict and its words")
struct NegativeTests {
    static let all =
        NegativeCase.json + NegativeCase.signature + NegativeCase.chain + NegativeCase.times + NegativeCase.status
        + NegativeCase.stamps + NegativeCase.log + NegativeCase.codes

    @Test("a line of the list", arguments: all)
    func line(each: NegativeCase) throws {
        let seen = try each.make()

        #expect(seen.outcome == each.outcome)
        if let end = each.headline.firstIndex(of: "…") {
            #expect(seen.headline.hasPrefix(each.headline[..<end]), "\(seen.headline)")
        } else {
            #expect(seen.headline == each.headline)
        }
        if let reason = each.reason { #expect(seen.reasons.contains(reason), "\(seen.reasons)") }
    }

    @Test("no line stands twice")
    func once() {
        #expect(Set(Self.all.map(\.name)).count == Self.all.count)
        #expect(Self.all.count >= 100)
    }
}
