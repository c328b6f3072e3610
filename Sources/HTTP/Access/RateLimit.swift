/// How many requests a client may make: a bucket of tokens each, which fills at a steady rate.
///
/// Pure: time is given. It is bounded: where there are too many clients at a time, those whose bucket is fullest are
/// forgotten, which gives them at most a full one again.
package struct RateLimit: Sendable {
    /// The limit of each client.
    package struct Configuration: Sendable {
        /// Requests at once, after a pause.
        package var burst: Int
        /// Requests a second in the long run.
        package var perSecond: Double
        /// Clients on this machine are not limited: one of them may be the proxy that all others come through.
        package var exemptsLocal = true

        /// Makes a limit.
        package init(burst: Int, perSecond: Double) {
            precondition(burst > 0 && perSecond > 0, "a rate limit that lets nothing through")
            self.burst = burst
            self.perSecond = perSecond
        }
    }

    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    private let configuration: Configuration
    private let clientLimit: Int
    private var buckets: [String: Bucket] = [:]

    /// Makes the limit for up to `clientLimit` clients at a time.
    package init(_ configuration: Configuration, clientLimit: Int = 10_000) {
        self.configuration = configuration
        self.clientLimit = clientLimit
    }

    /// The clients that are remembered.
    package var clients: Int { buckets.count }

    /// Takes a token for a request of a client; returns nil where there was one, else after how long there will be.
    package mutating func take(_ client: String, at now: ContinuousClock.Instant) -> Duration? {
        if buckets[client] == nil, buckets.count >= clientLimit { forget(at: now) }
        var tokens = buckets[client].map { level(of: $0, at: now) } ?? Double(configuration.burst)
        defer { buckets[client] = Bucket(tokens: tokens, at: now) }
        guard tokens >= 1 else { return .seconds((1 - tokens) / configuration.perSecond) }
        tokens -= 1
        return nil
    }

    private func level(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        let gained = max(0, (now - bucket.at) / .seconds(1)) * configuration.perSecond
        return min(Double(configuration.burst), bucket.tokens + gained)
    }

    /// Forgets the fuller half, so that it has to be done seldom.
    private mutating func forget(at now: ContinuousClock.Instant) {
        let levels = buckets.values.map { level(of: $0, at: now) }.sorted()
        let median = levels[levels.count / 2]
        buckets = buckets.filter { level(of: $0.value, at: now) < median }
    }
}
