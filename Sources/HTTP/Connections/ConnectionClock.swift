/// How far a connection is, and until when it has to be further: whoever sends a byte a second does not hold it for
/// long.
///
/// libmicrohttpd's own time-out begins anew with every byte. Pure: ``Connection`` acts.
struct ConnectionClock {
    /// What is waited for.
    enum Phase {
        /// The head of a request: since the connection's begin, or since the reply before.
        case head
        /// The rest of a request's body.
        case body
        /// The handler: that is our own time.
        case handler
        /// The client takes the reply.
        case reply
        /// An event stream, which has no end.
        case events
    }

    /// The most time that the phases may take, each in all.
    struct Limits: Sendable {
        var head: Duration
        var body: Duration
        var reply: Duration
    }

    private(set) var phase = Phase.head
    private var since: ContinuousClock.Instant

    init(now: ContinuousClock.Instant) { since = now }

    /// Goes on to a phase.
    mutating func enter(_ phase: Phase, at now: ContinuousClock.Instant) {
        self.phase = phase
        since = now
    }

    /// The client has had its time.
    func isOver(at now: ContinuousClock.Instant, _ limits: Limits) -> Bool {
        switch phase {
        case .head: now - since >= limits.head
        case .body: now - since >= limits.body
        case .reply: now - since >= limits.reply
        case .handler, .events: false
        }
    }
}
