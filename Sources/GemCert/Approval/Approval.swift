package import GemModel

/// One person's word on a draft, as it stands in an examination or a check.
///
/// It carries the public key, so that a stranger can check it with `ssh-keygen -Y verify`; that the key is
/// that person's is what the enrolment says.
package struct Approval: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable, CaseIterable {
        case examiner, approver
    }

    package var member: String
    package var role: Role
    package var signature: SSHSignature

    package init(member: String, role: Role, signature: SSHSignature) {
        self.member = member
        self.role = role
        self.signature = signature
    }

    package var key: ApprovalKey { signature.key }

    package var json: JSON {
        .object([
            "member": .string(member), "role": .string(role.rawValue), "key": .string(key.description),
            "signature": .string(signature.armoured),
        ])
    }

    package struct Refusal: Error, Hashable {
        package let reason: String
    }

    /// Reads it from a statement. The key must be the one that signed, and both be spelled in the one way.
    package init(_ json: JSON) throws(Refusal) {
        guard let members = json.members, members.count == 4, let member = json["member"]?.string,
            let role = json["role"]?.string.flatMap(Role.init(rawValue:)), let key = json["key"]?.string,
            let text = json["signature"]?.string
        else { throw Refusal(reason: "it has not the members of an approval") }
        do throws(SSHSignature.Refusal) {
            let signature = try SSHSignature(armoured: text)
            guard signature.armoured == text else { throw SSHSignature.Refusal(reason: "it is wrapped in another way") }
            guard signature.key.description == key else { throw SSHSignature.Refusal(reason: "another key made it") }
            self.init(member: member, role: role, signature: signature)
        } catch { throw Refusal(reason: "the signature cannot be used: \(error.reason)") }
    }
}
