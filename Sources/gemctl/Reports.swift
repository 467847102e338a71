import FoundationEssentials
import GemCert
import GemModel

/// Shows each verdict as it comes, and knows the worst of them.
struct Reports: Sendable {
    let printer: Printer
    let stone: StoneInHand?
    private(set) var worst = Outcome.ok
    private var isFirst = true

    init(printer: Printer, stone: StoneInHand?) {
        self.printer = printer
        self.stone = stone
    }

    /// A report made here.
    mutating func add(_ report: JSON, _ one: Evidence) throws { try add(report, whole: report.bytes, one) }

    /// `whole`: the daemon's own bytes, shown to programs as they came unless a stone is compared.
    mutating func add(_ report: JSON, whole: [UInt8], _ one: Evidence) throws {
        let verdict = report["verdict"]?.string
        worst = worst.worse(Outcome(verdict: verdict))
        if report["statusProblem"] != nil { worst = worst.worse(.cannotTell) }
        var (report, whole) = (report, whole)
        var comparison: StoneInHand.Comparison?
        if let stone {
            // What a false certificate says of a stone says nothing of this one.
            let isAuthentic = verdict == "genuine" || verdict == "cancelled"
            comparison = isAuthentic ? stone.compare(with: one.measures) : .notCompared
            worst = worst.worse(comparison?.outcome ?? .ok)
            report = report.setting("stone", to: comparison?.json ?? .null)
            whole = report.bytes
        }
        if printer.format == .table {
            if !isFirst { printer.console.print("") }
            let lines = lines(report, name: one.path) + (comparison?.lines(printer) ?? [])
            for line in lines { printer.console.print(line) }
        } else {
            printer.card(report, whole: whole)
        }
        isFirst = false
    }

    private static let unchecked = "; current status not checked"

    /// Verdict and file, the headline, then each step with ✓ met, ✗ failed, – not checked.
    private func lines(_ report: JSON, name: String) -> [String] {
        let verdict = report["verdict"]?.string
        let (word, colour): (Message, Printer.Colour) =
            switch verdict {
            case "genuine": ("GENUINE", .green)
            case "cancelled": ("CANCELLED", .yellow)
            case "notGenuine": ("NOT GENUINE", .red)
            default: ("CANNOT TELL", .yellow)
            }
        var lines = ["\(printer.coloured(word.text, colour))  \(name.printable)"]
        if let headline = report["headline"]?.string {
            let isUnchecked = headline.hasSuffix(Self.unchecked)
            if verdict == "genuine", isUnchecked, let day = report["issuedOn"]?.string {
                lines.append(Self.inWords(String(headline.dropLast(Self.unchecked.count))))
                lines.append(Message("authentic as issued on \(day); current status not checked").text)
            } else {
                lines.append(Self.inWords(headline))
            }
        }
        if let text = report["statusAsOf"]?.string, let asOf = CivilTime(text: text) {
            let when = "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
            let age = Self.age(Date().timeIntervalSince(asOf.date))
            lines.append(
                (verdict == "genuine"
                    ? Message("not withdrawn as of \(when), by the saved status list (\(age))")
                    : Message("as of \(when), by the saved status list (\(age))")).text)
        } else if let problem = report["statusProblem"]?.string {
            lines.append(Self.inWords(problem))
        }
        return lines + steps(report["steps"]?.elements ?? [])
    }

    private static func age(_ seconds: Double) -> Message {
        let minutes = max(0, Int(seconds / 60))
        if minutes < 120 { return "\(minutes) minutes old" }
        if minutes < 48 * 60 { return "\(minutes / 60) hours old" }
        return "\(minutes / 1440) days old"
    }

    /// What the verifier says, in the person's language as far as there is one.
    private static func inWords(_ english: String) -> String {
        ((Language.current == .ur ? UrduReasons.urdu(english) : nil) ?? english).printable
    }

    private func steps(_ steps: [JSON]) -> [String] {
        let width = steps.map { ($0["name"]?.string ?? "").displayWidth }.max() ?? 0
        return steps.map { step in
            let mark =
                switch step["result"]?.string {
                case "met": printer.coloured("✓", .green)
                case "failed": printer.coloured("✗", .red)
                default: "–"
                }
            let name = (step["name"]?.string ?? "").printable
            let reason =
                step["reason"]?.string.map(Self.inWords)
                ?? (step["result"]?.string == "notChecked" ? Message("not checked").text : "")
            let space = reason.isEmpty ? "" : String(repeating: " ", count: width - name.displayWidth + 2)
            return "  \(mark) \(name)\(space)\(reason)"
        }
    }
}
