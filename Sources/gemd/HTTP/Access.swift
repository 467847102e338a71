import GemCrypto
import GemInventory
import GemModel
import HTTPTypes
import HummingbirdCore
import Synchronization

/// Who makes a request, and what that one may do.
struct Caller: Sendable {
    enum Via: String, Sendable {
        case peer, token
    }

    var via: Via
    private let identity: Identity?

    /// Nil for a visitor of the public listener.
    var member: MemberRecord? { identity?.member }

    /// Shared by all requests of a member while it is cached.
    private final class Identity: Sendable {
        let member: MemberRecord
        let roles: Set<Role>
        /// Found once: every request for a piece asks.
        let reach: Reach

        init(_ member: MemberRecord) {
            self.member = member
            roles = member.roles
            if !roles.isDisjoint(with: [.registrar, .auditor]) {
                reach = Reach(scope: .all, view: .staff)
            } else {
                // Who only exports needs neither what was paid nor where a piece lies.
                reach = Reach(scope: .party(member.party), view: roles.contains(.dealer) ? .owner : .consented)
            }
        }
    }

    /// Staff of the council see all pieces without cost; everybody else their own party's.
    var reach: Reach {
        guard let identity else { preconditionFailure("a visitor reaches no pieces; the route must not ask") }
        return identity.reach
    }

    init(member: MemberRecord?, via: Via) {
        identity = member.map { Identity($0) }
        self.via = via
    }

    static let visitor = Caller(member: nil, via: .peer)

    func has(_ role: Role) -> Bool { identity?.roles.contains(role) ?? false }
    func hasAny(_ roles: Set<Role>) -> Bool { identity.map { !$0.roles.isDisjoint(with: roles) } ?? false }

    var party: String {
        guard let identity else { preconditionFailure("a visitor has no party; the route must not ask") }
        return identity.member.party
    }
    var actor: Actor { Actor(party: party, member: member?.id ?? "") }
}

/// Finds the member behind a connection or a token. Denies by default.
struct Access: Sendable {
    let inventory: Inventory
    /// Speaks for the uid that ran init, and for root.
    let administrator: MemberRecord
    private let cache = Cache()

    init(inventory: Inventory, administrator: MemberRecord) {
        self.inventory = inventory
        self.administrator = administrator
    }

    func caller(peer: Peer, authorization: String?) async throws -> Caller {
        if let authorization { return try await caller(token: authorization) }
        guard case .process(let uid) = peer else { throw Self.unknown }
        if let caller = cache.caller(uid) { return caller }
        if uid == 0 || uid == administrator.uid { return Caller(member: administrator, via: .peer) }
        let generation = cache.generation
        guard let member = try await inventory.member(uid: uid) else { throw Self.unknown }
        guard !member.isForwarder else {
            throw Problem(
                .unauthenticated, "this login is shared by many, so gemd cannot tell who you are",
                hint: "set GEMD_TOKEN to your own token")
        }
        let caller = Caller(member: member, via: .peer)
        cache.keep(caller, uid: uid, from: generation)
        return caller
    }

    private func caller(token authorization: String) async throws -> Caller {
        let scheme = authorization.utf8.prefix(7)
        guard scheme.count == 7, Substring(scheme).lowercased() == "bearer " else { throw Self.badToken }
        let secret = String(Substring(authorization.utf8.dropFirst(7)))
        guard secret.hasPrefix("gemd_") else { throw Self.badToken }
        let hash = SHA256.hash(Array(secret.utf8))
        if let found = cache.token(hash) {
            guard found.expires > inventory.time else { throw Self.badToken }
            return found.caller
        }
        let generation = cache.generation
        guard let found = try await inventory.member(token: secret), found.expires > inventory.time else {
            throw Self.badToken
        }
        let caller = Caller(member: found.member, via: .token)
        cache.keep((caller, found.expires), hash: hash, from: generation)
        return caller
    }

    /// Forgets all that was looked up; called after every change of members and tokens, so that
    /// a revoked token fails on the next request.
    func forget() { cache.clear() }

    static let unknown = Problem(
        .unauthenticated, "gemd does not know you",
        hint: "ask the council to add your login, or set GEMD_TOKEN to your token")
    static let badToken = Problem(
        .unauthenticated, "the token is unknown, revoked or expired", hint: "ask for a new one: `gemctl token create`")

    /// Bounded: when full it starts anew.
    private final class Cache: Sendable {
        struct State {
            var members: [UInt32: Caller] = [:]
            var tokens: [[UInt8]: (caller: Caller, expires: Timestamp)] = [:]
            var generation = 0
        }
        private let state = Mutex(State())
        private let limit = 4096

        var generation: Int { state.withLock { $0.generation } }
        func caller(_ uid: UInt32) -> Caller? { state.withLock { $0.members[uid] } }
        func token(_ hash: [UInt8]) -> (caller: Caller, expires: Timestamp)? {
            state.withLock { $0.tokens[hash] }
        }

        /// Kept only if nothing was forgotten since the look-up began.
        func keep(_ caller: Caller, uid: UInt32, from generation: Int) {
            state.withLock { state in
                guard state.generation == generation else { return }
                if state.members.count >= limit { state.members = [:] }
                state.members[uid] = caller
            }
        }
        func keep(_ found: (caller: Caller, expires: Timestamp), hash: [UInt8], from generation: Int) {
            state.withLock { state in
                guard state.generation == generation else { return }
                if state.tokens.count >= limit { state.tokens = [:] }
                state.tokens[hash] = found
            }
        }
        func clear() {
            state.withLock { state in
                state = State(generation: state.generation + 1)
            }
        }
    }
}
