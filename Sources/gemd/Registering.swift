import GemInventory
import GemModel
import Synchronization

/// Registration within a party's quota: what is new is counted, what is there already is let through.
extension Daemon {
    /// Many pieces in one commit, each for itself; the results are in the order of the drafts.
    ///
    /// `tried` is how many a dry run found new before: it counts as if they had been kept.
    func register(
        _ drafts: [Draft], in party: String, by actor: Actor, dryRun: Bool, tried: Int = 0
    ) async throws -> [Result<Registration, Problem>] {
        var tried = tried
        var results: [Result<Registration, Problem>] = []
        results.reserveCapacity(drafts.count)
        var rest = drafts[...]
        while !rest.isEmpty {
            let room = try await quotas.take(rest.count + tried, of: .pieces, for: party)
            quotas.giveBack(min(room, tried), of: .pieces, for: party)
            let taken = max(0, room - tried)
            // Without room nothing new may come; what is there and equal is still told so.
            let part = taken > 0 ? rest.prefix(taken) : rest
            var unused = taken
            defer { quotas.giveBack(unused, of: .pieces, for: party) }
            for result in try await inventory.register(Array(part), in: party, by: actor, dryRun: dryRun || taken == 0)
            {
                switch result {
                case .success(.created) where taken == 0:
                    results.append(.failure(Quotas.full(.pieces, limit: quotas.limit(of: .pieces))))
                case .success(let registration):
                    if case .created = registration {
                        if dryRun { tried += 1 } else { unused -= 1 }
                    }
                    results.append(.success(registration))
                case .failure(let error): results.append(.failure(Problem(error)))
                }
            }
            rest = rest.dropFirst(part.count)
        }
        return results
    }

    /// One piece, answered once for its key.
    func register(_ draft: Draft, in party: String, by caller: Caller, key: IdempotencyKey?) async throws -> Answer {
        let taken = try await quotas.take(1, of: .pieces, for: party)
        if taken == 0 {
            if let key, let answer = try await inventory.keptAnswer(key, of: caller.party) { return answer }
            let result = try await inventory.register([draft], in: party, by: caller.actor, dryRun: true)[0]
            if case .created = try result.get() {
                throw Quotas.full(.pieces, limit: quotas.limit(of: .pieces))
            }
        }
        let view = caller.reach.view
        let isNew = Atomic(false)
        defer { if !isNew.load(ordering: .relaxed) { quotas.giveBack(taken, of: .pieces, for: party) } }
        return try await inventory.register(draft, in: party, by: caller.actor, key: key) { registration in
            switch registration {
            case .created(let record):
                isNew.store(true, ordering: .relaxed)
                return record.answer(201, for: view)
            case .unchanged(let record): return record.answer(200, for: view)
            }
        }
    }
}
