/// Where a piece stands (domain §1.1).
public enum PieceStatus: String, Term {
    case draft
    case inStock = "in_stock"
    case onHold = "on_hold"
    case onMemoOut = "on_memo_out"
    case memoIn = "memo_in"
    case atLab = "at_lab"
    case inWork = "in_work"
    case inLot = "in_lot"
    case inTransit = "in_transit"
    /// Of whoever gave it away: it belongs to another party now.
    case transferred
    case sold, returned, lost, stolen, destroyed, merged, split
}
