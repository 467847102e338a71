/// One member that two documents have differently.
public struct Change: Hashable, Sendable {
    /// Its JSON path.
    public var field: String
    /// Nil when it was not there.
    public var before: JSON?
    /// Nil when it is no longer there.
    public var after: JSON?

    public init(field: String, before: JSON?, after: JSON?) {
        self.field = field
        self.before = before
        self.after = after
    }

    public var json: JSON {
        .object(["field": .string(field), "before": before ?? .null, "after": after ?? .null])
    }
}

extension JSON {
    /// What differs from here to `other`, member by member; lists are compared as wholes.
    public func changes(to other: JSON, at path: String = "") -> [Change] {
        guard let mine = members, let theirs = other.members else {
            return self == other ? [] : [Change(field: path, before: self, after: other)]
        }
        func inner(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
        var changes: [Change] = []
        for member in mine {
            if let value = other[member.name] {
                changes += member.value.changes(to: value, at: inner(member.name))
            } else {
                changes.append(Change(field: inner(member.name), before: member.value, after: nil))
            }
        }
        for member in theirs where self[member.name] == nil {
            changes.append(Change(field: inner(member.name), before: nil, after: member.value))
        }
        return changes
    }
}

extension JSON {
    /// The merge patch (RFC 7396) that makes this into `other`; nil when they are equal.
    public func patch(to other: JSON) -> JSON? {
        guard let mine = members, let theirs = other.members else { return self == other ? nil : other }
        var patch: [Member] = []
        for member in mine {
            guard let value = other[member.name] else {
                patch.append(Member(member.name, .null))
                continue
            }
            if let inner = member.value.patch(to: value) { patch.append(Member(member.name, inner)) }
        }
        for member in theirs where self[member.name] == nil { patch.append(member) }
        return patch.isEmpty ? nil : .object(patch)
    }
}
