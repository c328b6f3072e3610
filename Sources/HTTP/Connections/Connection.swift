import Glibc
import Synchronization

/// What is known about one connection, from its acceptance to its close.
final class Connection: Sendable {
    /// The socket, which is libmicrohttpd's to close.
    let descriptor: Int32
    let address: ClientAddress
    /// Who it is, on a socket of the file system.
    let peer: PeerCredentials?
    /// The thread that serves it.
    let worker: Worker
    private let state: Mutex<State>

    private struct State {
        var clock: ConnectionClock
        /// libmicrohttpd has begun with it and not yet ended: the descriptor is this connection's and nobody else's.
        var isServed = false
        var events: EventStream?
    }

    /// The other side has shut down its side of the connection; Glibc's Swift module lacks the name.
    private static let hungUp: Int16 = 0x2000

    init(descriptor: Int32, address: ClientAddress, worker: Worker, now: ContinuousClock.Instant) {
        self.descriptor = descriptor
        self.address = address
        self.worker = worker
        peer = address == .unix ? PeerCredentials(of: descriptor) : nil
        state = Mutex(State(clock: ConnectionClock(now: now)))
    }

    /// libmicrohttpd begins with it.
    func begin() { state.withLock { $0.isServed = true } }

    /// libmicrohttpd is about to close the socket.
    func end() { state.withLock { $0.isServed = false } }

    /// Goes on to a phase.
    func enter(_ phase: ConnectionClock.Phase) {
        let now = ContinuousClock.now
        state.withLock { $0.clock.enter(phase, at: now) }
    }

    /// Cuts it off where the client has had its time.
    func check(at now: ContinuousClock.Instant, _ limits: ConnectionClock.Limits) {
        state.withLock { state in
            // The shut-down is an event that wakes libmicrohttpd, which then closes it.
            if state.isServed, state.clock.isOver(at: now, limits) { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    // MARK: Event streams

    /// Makes the reply an event stream.
    func attach(_ stream: EventStream) { state.withLock { $0.events = stream } }

    /// Takes note that the reply has ended, and goes on to the next request.
    func endReply() {
        let now = ContinuousClock.now
        let ended = state.withLock { state in
            state.clock.enter(.head, at: now)
            return state.events.take()
        }
        ended?.end()
    }

    /// Ends the event stream, if there is one.
    func endEvents() { state.withLock { $0.events }?.finish() }

    /// Ends the event stream where the client has gone, else keeps it alive.
    func checkEvents(at now: ContinuousClock.Instant, heartbeat: Duration) {
        let (stream, isGone) = state.withLock { state -> (EventStream?, Bool) in
            guard state.isServed, let events = state.events else { return (nil, false) }
            // A connection that sleeps is not watched by libmicrohttpd.
            var entry = pollfd(fd: descriptor, events: Connection.hungUp, revents: 0)
            return (events, poll(&entry, 1, 0) > 0)
        }
        if isGone { stream?.finish() } else { stream?.beat(at: now, interval: heartbeat) }
    }

    /// Cuts it off.
    func cut() {
        state.withLock { state in
            if state.isServed { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }
}
