import Synchronization

/// How often strangers may ask for numbers that were never issued.
///
/// A number's random part keeps anybody from walking through the certificates; this keeps them from trying all of it.
/// Only look-ups that find nothing are counted, by address: a bucket of tokens that fills again. Who has emptied it is
/// refused before it is known whether a number exists, or each refusal would tell. What somebody found within the last
/// hour is answered all the same, so that a guesser does not take a certificate away from who shows it round.
///
/// Memory is bounded, whatever comes: the addresses and numbers of this hour and the one before, so many of each.
final class LookUps: Sendable {
    fileprivate struct Bucket {
        var tokens: Double
        var at: Double
    }

    fileprivate struct State {
        var buckets: [String: Bucket] = [:]
        /// For addresses beyond those that are remembered.
        var others: Bucket
        var found: Set<String> = []
        var foundBefore: Set<String> = []
        var turned = 0.0
    }

    /// So many at once, then so many a second.
    static let burst = 30.0
    static let perSecond = 0.5
    static let mostAddresses = 10_000
    static let mostNumbers = 10_000

    private let seconds: @Sendable () -> Double
    private let state: Mutex<State>

    /// `seconds` never goes backward.
    init(seconds: @escaping @Sendable () -> Double) {
        self.seconds = seconds
        state = Mutex(State(others: Bucket(tokens: Self.burst, at: seconds())))
    }

    /// Throws when this address has asked for too many numbers that do not exist.
    func check(_ address: String, asksFor number: String) throws {
        let now = seconds()
        let wait = state.withLock { state -> Double? in
            if state.found.contains(number) || state.foundBefore.contains(number) { return nil }
            let tokens = Self.filled(state.buckets[address] ?? state.rest(now), now).tokens
            return tokens >= 1 ? nil : (1 - tokens) / Self.perSecond
        }
        guard let wait else { return }
        throw Problem(
            .quota, "too many numbers that were never issued were asked for from your address",
            hint: "compare the number with the paper, and ask again in a moment",
            retryAfterSeconds: max(1, Int(wait.rounded(.up))))
    }

    /// A look-up that found nothing.
    func missed(_ address: String) {
        let now = seconds()
        state.withLock { state in
            if state.buckets[address] == nil, state.buckets.count >= Self.mostAddresses {
                state.buckets = state.buckets.filter { Self.filled($0.value, now).tokens < Self.burst }
            }
            if state.buckets[address] != nil || state.buckets.count < Self.mostAddresses {
                let bucket = Self.filled(state.buckets[address] ?? Bucket(tokens: Self.burst, at: now), now)
                state.buckets[address] = Bucket(tokens: max(0, bucket.tokens - 1), at: now)
            } else {
                let bucket = Self.filled(state.others, now)
                state.others = Bucket(tokens: max(0, bucket.tokens - 1), at: now)
            }
        }
    }

    func found(_ number: String) {
        let now = seconds()
        state.withLock { state in
            if now - state.turned > 3600 || state.found.count >= Self.mostNumbers {
                state.foundBefore = now - state.turned > 7200 ? [] : state.found
                state.found = []
                state.turned = now
            }
            state.found.insert(number)
        }
    }

    private static func filled(_ bucket: Bucket, _ now: Double) -> Bucket {
        Bucket(tokens: min(burst, bucket.tokens + max(0, now - bucket.at) * perSecond), at: now)
    }
}

extension LookUps.State {
    /// The bucket of an address that is not remembered: a full one while there is room for it.
    fileprivate func rest(_ now: Double) -> LookUps.Bucket {
        buckets.count < LookUps.mostAddresses ? .init(tokens: LookUps.burst, at: now) : others
    }
}
