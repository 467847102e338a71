import FoundationEssentials
import GemCrypto
import GemModel

/// The rule of different people, read out of the very bytes that are to be signed, or that were.
///
/// An examination: two examiners or more and an approver; a check: one examiner and an approver. All are
/// different people with different keys, and each has approved this draft.
struct ApprovalRule {
    struct Broken: Error, Hashable {
        let reason: String
    }

    /// As they stand in the statement, all verified, with the name that the statement gives each person.
    let approvals: [(approval: Approval, name: String)]
    /// The day of the examination or check, its first moment in UTC; nil when none is named.
    private let workedOn: Date?

    /// `statement` has passed the linter.
    init(_ statement: [UInt8], _ certificateClass: CertificateClass) throws(Broken) {
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: statement, maxDepth: Statement.deepest) } catch {
            throw Broken(reason: error.reason)
        }
        try self.init(json, certificateClass)
    }

    init(_ json: JSON, _ certificateClass: CertificateClass) throws(Broken) {
        let draft: Draft
        do throws(JSONError) { draft = try Draft(of: json) } catch { throw Broken(reason: error.reason) }
        let people = (json["examiners"]?.elements ?? []) + [json["approver"] ?? .null]
        let members = people.compactMap { $0["member"]?.string }
        let names = people.compactMap { $0["name"]?.string }
        guard members.count == people.count, names.count == people.count, let approver = members.last else {
            throw Broken(reason: "it does not name its people")
        }
        let examiners = members.dropLast()
        let needed = certificateClass == .examination ? 2 : 1
        guard Set(examiners).count == examiners.count else { throw Broken(reason: "it names an examiner twice") }
        guard examiners.count >= needed else {
            throw Broken(reason: needed == 2 ? "it names fewer than two examiners" : "it names no examiner")
        }
        guard !examiners.contains(approver) else { throw Broken(reason: "its approver is one of its examiners") }

        var approvals: [Approval] = []
        for (i, each) in (json["approvals"]?.elements ?? []).enumerated() {
            do { approvals.append(try Approval(each)) } catch {
                throw Broken(reason: "approval \(i + 1): \(error.reason)")
            }
        }
        // One for each person named and no other.
        var named: [(approval: Approval, name: String)] = []
        for (i, member) in members.enumerated() {
            let role = i < examiners.count ? Approval.Role.examiner : .approver
            guard let approval = approvals.first(where: { $0.member == member && $0.role == role }) else {
                throw Broken(reason: "the \(role.rawValue) \(member) has not approved it")
            }
            named.append((approval, names[i]))
        }
        guard approvals.count == named.count else { throw Broken(reason: "somebody it does not name approved it") }
        guard Set(approvals.map(\.key)).count == approvals.count else {
            throw Broken(reason: "one key approved it twice, so one person did")
        }
        for approval in approvals where !approval.signature.approves(draft) {
            throw Broken(reason: "the \(approval.role.rawValue) \(approval.member) did not approve these words")
        }
        self.approvals = named
        workedOn = (json["examinedOn"] ?? json["checkedOn"])?.string.flatMap {
            CivilTime(text: $0 + "T00:00:00.000Z")?.date
        }
    }

    /// Approvals stand in what is published, and whoever forges rows could hand them in again, years later.
    private static let longestWait: Double = 32 * 86_400

    /// The same for who issues: each key is enrolled for that person and role, and nobody is of the owner's party.
    func check(against ring: EnrolmentRing, owner: String, at moment: Date) throws(Broken) {
        guard let workedOn, moment.timeIntervalSince(workedOn) <= Self.longestWait else {
            throw Broken(reason: "it was examined more than a month ago, and approvals count no longer")
        }
        for (approval, name) in approvals {
            let who = "the \(approval.role.rawValue) \(approval.member)"
            guard let enrolment = ring.find(approval, at: moment) else {
                throw Broken(reason: "the key of \(who) is not enrolled for it at this time")
            }
            guard enrolment.name == name else {
                throw Broken(reason: "\(who) is enrolled under another name")
            }
            guard enrolment.party != owner else { throw Broken(reason: "\(who) is of the owner's party") }
        }
    }
}
