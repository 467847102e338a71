/// One member of a document that cannot be taken, named by its JSON path.
///
/// Thrown by values while they are read (then `field` is empty) and completed by
/// the decoder with the path, such as `stone.weightCt` or `metals[1].karat`.
public struct InvalidInput: Error, Hashable, Sendable {
    public enum Kind: Sendable {
        case unknownMember
        case invalidValue
    }

    public var kind: Kind
    public var field: String
    /// What is wrong, lower case, without a full stop.
    public var reason: String
    /// What to do about it.
    public var hint: String

    public init(_ reason: String, hint: String, field: String = "", kind: Kind = .invalidValue) {
        self.kind = kind
        self.field = field
        self.reason = reason
        self.hint = hint
    }

    func at(_ path: String) -> InvalidInput {
        var copy = self
        copy.field = field.isEmpty ? path : path.isEmpty ? field : path + "." + field
        return copy
    }
}
