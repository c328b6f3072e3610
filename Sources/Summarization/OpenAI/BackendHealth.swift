import Linux

/// Whether an endpoint is asked at all: one that fails article after article is left alone for a while, so that its
/// failures do not hold up the stream.
struct BackendHealth {
    private var failures = 0
    /// Milliseconds of the caller's clock.
    private var restsUntil: Int64 = 0
    private(set) var cause = ""

    /// So many articles in a row fail before it rests.
    static let patience = 3
    private static let shortestRest: Int64 = 30_000
    private static let longestRest: Int64 = 600_000

    /// How long it still rests, in milliseconds; 0 where it may be asked.
    func rest(at now: Int64) -> Int64 { max(0, restsUntil - now) }

    /// An article got its summary; returns whether that is news.
    mutating func succeeded() -> Bool {
        defer { self = BackendHealth() }
        return failures >= Self.patience
    }

    /// An article got none; returns whether the endpoint begins to rest with this one.
    mutating func failed(_ failure: BackendFailure, at now: Int64) -> Bool {
        guard failure.isOfEndpoint else { return false }
        failures += 1
        cause = failure.description
        if let wanted = failure.retryAfter { restsUntil = max(restsUntil, now + wanted.wholeMilliseconds) }
        guard failures >= Self.patience else { return false }
        let doublings = min(failures - Self.patience, 5)
        restsUntil = max(restsUntil, now + min(Self.shortestRest << doublings, Self.longestRest))
        return failures == Self.patience
    }
}
