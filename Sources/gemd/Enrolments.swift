import Foundation
import GemCert
import GemCrypto
import GemInventory
import GemModel
import Synchronization

/// The people whose approvals count, as the file beside the public keys says; each line is signed by the issuing key.
///
/// Whoever holds the issuing key can enrol people, and nobody else. So this process enrols by itself only where that
/// key lies without a passphrase, and only for the administrator of this machine; else `gemd enrol` does it.
final class Enrolments: Sendable {
    let path: String
    private let keyPath: String
    private let issuing: [UInt8]
    private let ring: Mutex<EnrolmentRing>

    var all: [Enrolment] { ring.withLock { $0.enrolments } }
    var current: EnrolmentRing { ring.withLock { $0 } }

    init(_ state: StateDirectory) throws {
        path = state.enrolled
        keyPath = state.keys + "/issuing.key"
        guard let issuing = FileManager.default.contents(atPath: state.pki + "/issuing.pem") else {
            throw StartError("\(state.pki)/issuing.pem is missing; restore it from a backup")
        }
        self.issuing = Array(issuing)
        do {
            // None is there until the first person is enrolled.
            let bytes = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
            ring = Mutex(try EnrolmentRing(parsing: bytes, issuing: self.issuing))
        } catch { throw StartError("\(path) cannot be used: \(error); restore it from a backup") }
    }

    /// How a key stands for a member and role at a moment.
    func isInForce(_ key: ApprovalKey, of member: String, as role: Enrolment.Role, at moment: Date) -> Bool {
        all.contains {
            $0.member == member && $0.role == role && $0.key == key && $0.at <= moment
                && $0.retiredAt.map { moment < $0 } ?? true
        }
    }

    /// Whether the issuing key lies here without a passphrase.
    var keyIsPlain: Bool {
        guard let key = FileManager.default.contents(atPath: keyPath) else { return false }
        return !String(decoding: key, as: UTF8.self).contains("ENCRYPTED")
    }

    private func withKey<T>(_ passphrase: String?, _ body: (borrowing PrivateKey) throws -> T) throws -> T {
        guard let key = FileManager.default.contents(atPath: keyPath) else {
            throw StartError("\(keyPath) is missing; enrolling needs the issuing key")
        }
        let opened: PrivateKey
        do { opened = try PrivateKey(pem: Array(key), passphrase: passphrase) } catch {
            throw StartError("\(keyPath) does not open; give its passphrase as the credential key-passphrase")
        }
        return try body(opened)
    }

    /// Enrols a member's key for each of its roles that approve; durable when this returns.
    func enrol(_ member: MemberRecord, party: String, at time: Date, passphrase: String?) throws -> [Enrolment] {
        guard let line = member.approvalKey else { throw Words("this member has no key to enrol") }
        let key = try Self.key(line)
        return try withKey(passphrase) { issuingKey in
            var added: [Enrolment] = []
            for role in Self.roles(of: member)
            where !isInForce(key, of: member.id, as: role, at: time) {
                let enrolment = Enrolment(
                    member: member.id, name: member.name, party: party, role: role, key: key, at: time)
                try change { try $0.enrol(enrolment, key: issuingKey, issuing: issuing) }
                added.append(enrolment)
            }
            return added
        }
    }

    /// Ends all of a member's enrolments for ever.
    func retire(_ member: String, at time: Date, passphrase: String?) throws -> [Enrolment] {
        let living = all.filter { $0.member == member && $0.retiredAt == nil }
        guard !living.isEmpty else { return [] }
        return try withKey(passphrase) { issuingKey in
            for each in living {
                try change {
                    try $0.retire(
                        member: member, role: each.role, key: each.key, at: time, key: issuingKey, issuing: issuing)
                }
            }
            return living
        }
    }

    private func change(_ body: (inout EnrolmentRing) throws -> [UInt8]) throws {
        try ring.withLock { ring in
            var next = ring
            do { _ = try body(&next) } catch let refusal as EnrolmentRing.Refusal { throw Self.words(refusal) }
            // The whole file anew: after a crash it is the old or the new one.
            try StateDirectory.write(next.bytes, to: path, mode: 0o644)
            ring = next
        }
    }

    static func roles(of member: MemberRecord) -> [Enrolment.Role] {
        (member.roles.contains(.examiner) ? [.examiner] : []) + (member.roles.contains(.approver) ? [.approver] : [])
    }

    static func key(_ line: String) throws -> ApprovalKey {
        do { return try ApprovalKey(line: line) } catch { throw Words(error.reason) }
    }

    /// Why something is refused, for a caller to put into its own form.
    struct Words: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    private static func words(_ refusal: EnrolmentRing.Refusal) -> Words {
        switch refusal {
        case .line(let number, let reason): Words("line \(number): \(reason)")
        case .keyOfAnother(let member): Words("this key is enrolled for another person, \(member)")
        case .alreadyEnrolled: Words("this key is enrolled already")
        case .notEnrolled: Words("this key is not enrolled")
        case .retired: Words("this key was retired, which is for ever; make a new one")
        case .otherPerson(let name, let party): Words("this member is enrolled as \(name) of \(party)")
        case .notTheIssuingKey: Words("the key in DIR/keys is not the issuing key")
        }
    }

    // MARK: - The log

    /// The log's entries for every enrolment and retirement, in the order of the file. Made of what the file holds
    /// and nothing else, so that a start can find those that a crash kept from the log.
    func entries(issuer: String) throws -> [LogAppend] {
        try all.flatMap { enrolment -> [LogAppend] in
            var first = enrolment
            first.retiredAt = nil
            var entries = [
                LogEntry(at: first.at, kind: .enrol, serial: issuer, sha256: SHA256.hash(try first.bytes))
            ]
            if let retired = enrolment.retiredAt {
                entries.append(
                    LogEntry(at: retired, kind: .retire, serial: issuer, sha256: SHA256.hash(try enrolment.bytes)))
            }
            return entries.map { LogAppend(serial: issuer, data: $0.bytes, leafHash: $0.leafHash) }
        }
    }
}

extension StateDirectory {
    /// Public, and so among what backups take.
    var enrolled: String { pki + "/enrolled.jsonl" }
}
