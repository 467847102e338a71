extension Piece {
    /// The stone after it was cut or polished again: its new weight, and what else `facts` says of it.
    ///
    /// `facts` are members of its block (`measurementsMm`, `shape`, `cut` …), which stand in the place of the old.
    /// - Throws: `InvalidInput` for a kind that is not cut by itself, and where weight would grow.
    public func recut(to new: Carat, facts: JSON) throws(InvalidInput) -> Piece {
        guard [.stone, .rough, .specimen].contains(kind) else {
            throw InvalidInput(
                "a \(kind.rawValue) is not cut as one", hint: "take the stone out of it first", field: "kind")
        }
        guard let weight else {
            throw InvalidInput(
                "what it weighed before is not known", hint: "enter its old weight first",
                field: kind.rawValue + ".weightCt")
        }
        guard new.units <= weight.units else {
            throw InvalidInput(
                "a stone of \(weight) ct cannot weigh \(new) ct after cutting", hint: "weigh it again",
                field: "weightCt")
        }
        // Sides are said anew or not known: the old ones are gone.
        let block = (json[kind.rawValue] ?? .object([]))
            .merging(.object([.init("weightCt", .null), .init("weightG", .null), .init("measurementsMm", .null)]))
            .setting("weightCt", to: .string(new.description))
        return try Piece(document: json.setting(kind.rawValue, to: block.merging(facts)))
    }

    /// Whether its shape or cut is another.
    public func isOtherShape(than other: Piece) -> Bool {
        block?.shapeFact?.value != other.block?.shapeFact?.value || block?.cut?.value != other.block?.cut?.value
    }
}
