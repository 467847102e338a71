/// Where a piece is promised or gone: a hold, a memo, a transfer, a sale, a loss, or into another piece (domain §3.5–3.7).
///
/// A piece has at most one movement in force, and its status is what that movement says. So a
/// piece is never promised twice.
public struct Movement: Hashable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// Kept for somebody until a time; released by itself then.
        case hold
        /// Given into another's hands to show or sell, and due back on a day.
        case memo
        /// Custody handed over and accepted; the owner stays.
        case custody
        /// Ownership handed over and accepted.
        case ownership
        case sale
        case lost, stolen, destroyed
        /// Divided: it is no more, its parts are.
        case split
        /// Put into another parcel.
        case merge
        /// Set into a piece of jewellery.
        case set

        /// What an owner does with his own piece, promising it to nobody; `to` names the piece it went into.
        var isWork: Bool { [.split, .merge, .set].contains(self) }
    }

    public enum State: String, Codable, CaseIterable, Sendable {
        /// Offered, and waiting for the other party's word.
        case pending
        case open
        case closed
    }

    /// The other side: a party of this gemd, or somebody known by name only.
    public struct Counterparty: Codable, Hashable, Sendable {
        /// The party's id; nil for somebody outside.
        public var party: String?
        public var name: String

        public init(party: String? = nil, name: String) {
            self.party = party
            self.name = name
        }

        public func isSame(as other: Counterparty) -> Bool {
            party != nil || other.party != nil ? party == other.party : name.lowercased() == other.name.lowercased()
        }
    }

    public var kind: Kind
    public var state: State
    public var to: Counterparty?
    /// When a hold ends by itself or a memo is due back.
    public var until: Timestamp?

    public init(kind: Kind, state: State = .open, to: Counterparty? = nil, until: Timestamp? = nil) {
        self.kind = kind
        self.state = state
        self.to = to
        self.until = until
    }

    /// The status of a piece while this is in force.
    public var pieceStatus: String {
        switch (kind, state) {
        case (_, .closed): "in_stock"
        case (_, .pending): "in_transit"
        case (.hold, _): "on_hold"
        case (.memo, _), (.custody, _): "on_memo_out"
        case (.ownership, _): "transferred"
        case (.sale, _): "sold"
        case (.lost, _), (.stolen, _), (.destroyed, _): kind.rawValue
        case (.split, _): "split"
        case (.merge, _): "merged"
        case (.set, _): "in_work"
        }
    }

    /// A hold whose time has passed binds nobody, also before it is tidied away.
    public func hasLapsed(at time: Timestamp) -> Bool {
        kind == .hold && state == .open && until.map { $0 <= time } ?? false
    }

    /// Why a piece with this movement in force cannot begin another.
    public enum Conflict: Hashable, Sendable {
        /// Somebody else was promised it.
        case promised(String)
        /// It is no longer there to be promised.
        case gone(String)
    }

    /// Nil when `next` may take this movement's place.
    ///
    /// A held piece may go to whom it is held for; a piece on memo may be sold to its holder. What happened to
    /// a piece, its loss or theft, is recorded whatever was promised.
    public func conflict(with next: Movement) -> Conflict? {
        let whom = to.map { " for \($0.name)" } ?? ""
        let day = until.map { " until \($0.description.prefix(10))" } ?? ""
        switch kind {
        case _ where state == .closed: return nil
        case .sale: return .gone("it was sold" + (to.map { " to \($0.name)" } ?? ""))
        case .ownership where state == .open: return .gone("it belongs to \(to?.name ?? "another party") now")
        case .destroyed: return .gone("it was destroyed")
        case .split: return .gone("it was split into parts")
        case .merge: return .gone("it was put into \(to?.name ?? "another piece")")
        case .set: return .gone("it is set in \(to?.name ?? "a piece of jewellery")")
        case .lost, .stolen:
            if next.kind == .destroyed { return nil }
            return .gone("it was reported \(kind.rawValue)")
        case .hold, .memo, .custody, .ownership:
            if [.lost, .stolen, .destroyed].contains(next.kind) { return nil }
            if kind == .hold {
                if let to, let other = next.to, to.isSame(as: other), next.kind != .hold, !next.kind.isWork {
                    return nil
                }
                return .promised("it is on hold\(whom)\(day)")
            }
            if state == .open, next.kind == .sale, let to, next.to.map(to.isSame(as:)) ?? true { return nil }
            let name = to?.name ?? "somebody"
            return .promised(state == .pending ? "it is offered to \(name)" : "it is on memo with \(name)\(day)")
        }
    }

    /// What ends this movement when the piece comes back to its owner's stock; nil where nothing can.
    public var outcomeOfReturn: String? {
        switch (kind, state) {
        case (_, .closed), (.destroyed, _), (.ownership, .open), (.split, _), (.merge, _), (.set, _): nil
        case (_, .pending): "withdrawn"
        case (.hold, _): "released"
        case (.lost, _), (.stolen, _): "found"
        case (.memo, _), (.custody, _), (.sale, _): "returned"
        }
    }
}

extension Piece {
    /// What a new owner gets: the facts, never what the giver paid, asked, noted or where it lay.
    public var handedOver: Piece {
        var piece = self
        piece.stockNumber = nil
        piece.price = nil
        piece.prices = nil
        piece.tiers = nil
        piece.cost = nil
        piece.landedCost = nil
        piece.memoPrice = nil
        piece.minimumPrice = nil
        piece.moq = nil
        piece.location = nil
        piece.notes = notes?.public.map { Notes(public: $0, buyer: nil, private: nil) }
        return piece
    }
}

/// Whom a movement is with: a party's id or code, or `{"name":"…"}` for somebody without an account.
public enum Whom: Codable, Hashable, Sendable {
    case text(Line)
    case stranger(Line)

    private struct Stranger: Codable {
        var name: Line
    }

    public init(from decoder: any Decoder) throws {
        if let node = decoder as? Node, case .object = node.json {
            self = .stranger(try Stranger(from: decoder).name)
        } else {
            self = .text(try Line(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let line): try line.encode(to: encoder)
        case .stranger(let name): try Stranger(name: name).encode(to: encoder)
        }
    }
}
