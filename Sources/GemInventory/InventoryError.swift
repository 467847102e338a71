/// What a caller of the inventory can act on; words for people are made elsewhere.
package enum InventoryError: Error, Hashable, Sendable {
    case notFound
    /// The stock number, code or uid is taken.
    case duplicate(field: String, value: String)
    /// The resource is at another version than the caller saw.
    case stale(current: Int64)
    /// The resource is in a state that does not allow this.
    case state(String)
    /// The piece has a live certificate of the class.
    case certified(String)
    /// The piece changed each time that something was to be made from it.
    case changing
    /// The piece is promised to somebody; to whom, and until when.
    case promised(String)
    /// The same idempotency key came with another body.
    case keyReused
    /// The request with this idempotency key is still being worked on.
    case inFlight
    case tooCostly
    /// The party keeps as many pieces as it may.
    case full
    /// Numbers of identity cards cannot be kept: the key that seals them is not here.
    case noPersonalKey
    /// A text has U+0000; nothing with it is kept or found.
    case zeroCharacter
    case busy
    case diskFull
    /// The disk refused a sync; the process must end.
    case syncFailed(String)
    /// Another gemd writes to the store.
    case inUse(String)
    /// The server of the store does not answer, or does not let us in.
    case unreachable(String)
    /// The store cannot be opened or does not keep its promises.
    case store(String)
}
