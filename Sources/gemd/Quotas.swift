import GemInventory
import NIOCore
import NIOPosix
import Synchronization

/// What a party may keep, and what a caller may ask at once.
///
/// All of it is counted in memory: no request reads a row to be counted. A party's usage is read from the store
/// when it is first needed and then kept up as pieces and photographs come in; whatever takes pieces away or hands
/// them over makes it forgotten, to be read again. It may be off by what was under way at that moment, and counts a
/// photograph of two pieces twice until then.
final class Quotas: Sendable {
    enum Kind: Sendable {
        case pieces, photographBytes
    }

    /// Whose requests are counted together: a login's, or with a token the member's, since a login may be shared.
    enum Asker: Hashable, Sendable {
        case login(UInt32)
        case member(String)

        /// Nil for a visitor of the public listener.
        init?(_ caller: Caller, _ peer: Peer) {
            if caller.via == .token, let member = caller.member {
                self = .member(member.id)
            } else if case .process(let uid) = peer {
                self = .login(uid)
            } else {
                return nil
            }
        }
    }

    let limits: Config.Quotas
    private let requestsAtOnce: Int
    private let inventory: Inventory
    private let usages = Mutex((known: [String: Usage](), generation: 0))
    private let asking = Mutex((byAsker: [Asker: Asking](), lastWaiter: 0))

    init(_ config: Config, inventory: Inventory) {
        limits = config.quotas
        requestsAtOnce = config.limits.requestsPerUID
        self.inventory = inventory
    }

    // MARK: - What is kept

    func limit(of kind: Kind) -> Int {
        switch kind {
        case .pieces: limits.piecesPerParty
        case .photographBytes: limits.photographMegabytesPerParty * 1_000_000
        }
    }

    /// Takes as many as there is room for, at most `count`; what was not used in the end is given back.
    func take(_ count: Int, of kind: Kind, for party: String) async throws -> Int {
        while true {
            if let taken = takeKnown(count, of: kind, for: party) { return taken }
            try await load(party)
        }
    }

    /// Takes all of it, or throws and takes nothing.
    func takeAll(_ count: Int, of kind: Kind, for party: String) async throws -> Int {
        guard count > 0 else { return 0 }
        let taken = try await take(count, of: kind, for: party)
        guard taken == count else {
            giveBack(taken, of: kind, for: party)
            throw Self.full(kind, limit: limit(of: kind))
        }
        return taken
    }

    private func takeKnown(_ count: Int, of kind: Kind, for party: String) -> Int? {
        let limit = limit(of: kind)
        return usages.withLock { usages in
            guard let used = usages.known[party]?[kind] else { return nil }
            let taken = max(0, min(count, limit - used))
            usages.known[party]?[kind] = used + taken
            return taken
        }
    }

    func giveBack(_ count: Int, of kind: Kind, for party: String) {
        guard count > 0 else { return }
        usages.withLock { usages in
            guard let used = usages.known[party]?[kind] else { return }
            usages.known[party]?[kind] = max(0, used - count)
        }
    }

    func usage(of party: String) async throws -> Usage {
        while true {
            if let usage = usages.withLock({ $0.known[party] }) { return usage }
            try await load(party)
        }
    }

    /// After pieces were removed or changed hands: the next to ask reads anew.
    func forget(_ parties: String...) {
        usages.withLock { usages in
            usages.generation += 1
            for party in parties { usages.known[party] = nil }
        }
    }

    private func load(_ party: String) async throws {
        let generation = usages.withLock { $0.generation }
        let usage = try await inventory.usage(of: party)
        usages.withLock { usages in
            // Counted by another meanwhile, or already out of date: then that counts, or is read again.
            guard usages.known[party] == nil, usages.generation == generation else { return }
            usages.known[party] = usage
        }
    }

    static func full(_ kind: Kind, limit: Int) -> Problem {
        switch kind {
        case .pieces:
            Problem(
                .quota, "this party may keep \(limit) pieces, and it has as many",
                hint:
                    "remove what was never sold, or ask the council's administrator for more (quotas.pieces_per_party); "
                    + "GET /v1/quota tells how much is used", retryAfterSeconds: nil)
        case .photographBytes:
            Problem(
                .quota, "this party may keep \(limit / 1_000_000) MB of photographs, and this one goes beyond",
                hint: "send it smaller, or ask the council's administrator for more "
                    + "(quotas.photograph_megabytes_per_party); GET /v1/quota tells how much is used",
                retryAfterSeconds: nil)
        }
    }

    // MARK: - What is asked at once

    private struct Asking {
        var underWay = 0
        var waiting: [(number: Int, place: CheckedContinuation<Bool, Never>)] = []
    }

    private static let patience: TimeAmount = .seconds(2)

    /// Lets a request in, at once or when another of the same asker ends; a while later it is refused.
    ///
    /// Whoever is let in calls ``leave(_:)`` after its answer is written.
    func enter(_ asker: Asker) async throws {
        let isIn = asking.withLock { asking in
            guard asking.byAsker[asker, default: Asking()].underWay < requestsAtOnce else { return false }
            asking.byAsker[asker, default: Asking()].underWay += 1
            return true
        }
        if isIn { return }
        guard await place(for: asker) else {
            throw Problem(
                .quota, "\(requestsAtOnce) requests of yours are under way, and none has ended in a while",
                hint: "wait for their answers before you send more (limits.requests_per_uid)", retryAfterSeconds: 2)
        }
    }

    private func place(for asker: Asker) async -> Bool {
        await withCheckedContinuation { continuation in
            let number = asking.withLock { asking -> Int? in
                // One may have ended meanwhile.
                if asking.byAsker[asker, default: Asking()].underWay < requestsAtOnce {
                    asking.byAsker[asker, default: Asking()].underWay += 1
                    return nil
                }
                asking.lastWaiter += 1
                asking.byAsker[asker]?.waiting.append((asking.lastWaiter, continuation))
                return asking.lastWaiter
            }
            guard let number else { return continuation.resume(returning: true) }
            MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: Self.patience) {
                let place = self.asking.withLock { asking -> CheckedContinuation<Bool, Never>? in
                    let waiting = asking.byAsker[asker]?.waiting
                    guard let index = waiting?.firstIndex(where: { $0.number == number }) else { return nil }
                    return asking.byAsker[asker]?.waiting.remove(at: index).place
                }
                place?.resume(returning: false)
            }
        }
    }

    func leave(_ asker: Asker) {
        let next = asking.withLock { asking -> CheckedContinuation<Bool, Never>? in
            guard var now = asking.byAsker[asker] else { return nil }
            guard now.waiting.isEmpty else {
                let next = now.waiting.removeFirst()
                asking.byAsker[asker] = now
                return next.place
            }
            now.underWay -= 1
            asking.byAsker[asker] = now.underWay == 0 ? nil : now
            return nil
        }
        next?.resume(returning: true)
    }
}

extension Usage {
    fileprivate subscript(kind: Quotas.Kind) -> Int {
        get {
            switch kind {
            case .pieces: pieces
            case .photographBytes: photographBytes
            }
        }
        set {
            switch kind {
            case .pieces: pieces = newValue
            case .photographBytes: photographBytes = newValue
            }
        }
    }
}
