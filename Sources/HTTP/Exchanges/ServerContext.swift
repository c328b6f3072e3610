import Synchronization

/// What all threads of one server share.
final class ServerContext: Sendable {
    let configuration: Server.Configuration
    let handler: Server.Handler
    /// Wakes the thread that accepts.
    let bell: Bell
    let table: ConnectionTable
    let statistics = Server.Statistics()
    /// How often the clock of the connections is looked at.
    let checkInterval: Duration
    private let limits: ConnectionClock.Limits
    private let rateLimit: Mutex<RateLimit?>
    private let isStopping = Atomic<Bool>(false)

    init(configuration: Server.Configuration, bell: Bell, handler: @escaping Server.Handler) {
        self.configuration = configuration
        self.handler = handler
        self.bell = bell
        table = ConnectionTable(
            limits: ConnectionLimits(
                total: configuration.connectionLimit, perAddress: configuration.connectionLimitPerAddress,
                keptForLocal: configuration.connectionsKeptForLocal),
            hasRoom: { bell.ring() })
        rateLimit = Mutex(configuration.rateLimit.map { RateLimit($0) })
        limits = .init(
            head: configuration.headTimeout, body: configuration.bodyTimeout, reply: configuration.replyTimeout)
        let shortest = min(limits.head, limits.body, limits.reply, configuration.eventStreamHeartbeat)
        checkInterval = min(max(shortest / 10, .milliseconds(20)), .seconds(1))
    }

    /// Cuts off whose time is over, and keeps the event streams alive.
    func check(at now: ContinuousClock.Instant) {
        for connection in table.all {
            connection.check(at: now, limits)
            connection.checkEvents(at: now, heartbeat: configuration.eventStreamHeartbeat)
        }
    }

    /// An address with what the configuration says of it.
    func known(_ address: ClientAddress) -> ClientAddress {
        guard !configuration.unlimited.isEmpty, let numeric = NetworkAddress(address.text) else { return address }
        var known = address
        known.isUnlimited = configuration.unlimited.contains { $0.contains(numeric) }
        return known
    }

    /// Returns how long a client has to wait for its next request; nil where it need not.
    func wait(for address: ClientAddress) -> Duration? {
        guard let limit = configuration.rateLimit, !address.isUnlimited, !(limit.exemptsLocal && address.isLocal)
        else { return nil }
        let now = ContinuousClock.now
        let wait = rateLimit.withLock { $0?.take(address.group, at: now) }
        if wait != nil { statistics.limitedRequests.add() }
        return wait
    }

    /// Makes a connection's reply an event stream.
    func attach(_ stream: EventStream, to connection: Connection) {
        connection.attach(stream)
        // Either this sees the flag or `endEventStreams` sees the stream.
        if isStopping.load(ordering: .sequentiallyConsistent) { stream.finish() }
    }

    /// Ends all event streams, now and from now on: libmicrohttpd must not be stopped while one of them sleeps.
    func endEventStreams() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        for connection in table.all { connection.endEvents() }
    }
}
