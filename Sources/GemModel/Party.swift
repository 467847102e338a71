/// An organisation that trades, examines or supervises.
public struct Party: Hashable, Sendable {
    public enum Kind: String, Code {
        case dealer, lab, council
    }
}

/// What a member may do, always within its own party (protocol.md, "Roles").
public enum Role: String, Code {
    case dealer, registrar, examiner, approver, exporter, auditor, admin
}
