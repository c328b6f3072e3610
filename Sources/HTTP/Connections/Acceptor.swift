import Glibc
import Synchronization

/// Takes connections from all listeners, deals them out to the workers and watches the clock; one thread a server.
///
/// libmicrohttpd could accept for itself, but only on one socket, by one limit for all, and where the process has no
/// descriptor left for its first connection it tries again without a pause.
final class Acceptor: Sendable {
    private let listeners: [Listener]
    private let workers: [Worker]
    private let context: ServerContext
    private let isEnding = Atomic<Bool>(false)
    private let thread = Mutex<pthread_t?>(nil)

    /// After a failure for want of descriptors or memory nothing is accepted for so long.
    private static let pause = Duration.milliseconds(100)
    /// Connections that are taken from one listener before it is the next one's turn.
    private static let turn = 64

    init(listeners: [Listener], workers: [Worker], context: ServerContext) {
        self.listeners = listeners
        self.workers = workers
        self.context = context
    }

    /// Starts the thread, which holds the object until it ends.
    func start() throws(ServerError) {
        var made = pthread_t()
        let itself = Unmanaged.passRetained(self)
        let code = pthread_create(
            &made, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Acceptor>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, itself.toOpaque())
        guard code == 0 else {
            itself.release()
            throw ServerError(operation: "start a thread", cause: String(cString: strerror(code)), code: code)
        }
        let started = made
        thread.withLock { $0 = started }
    }

    /// Ends the thread and stops to listen.
    func stop() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        context.bell.ring()
        if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
        for listener in listeners { listener.close() }
    }

    private func run() {
        var pausedUntil: ContinuousClock.Instant?
        var nextCheck = ContinuousClock.now
        while !isEnding.load(ordering: .sequentiallyConsistent) {
            let now = ContinuousClock.now
            if let end = pausedUntil, now >= end { pausedUntil = nil }
            if now >= nextCheck {
                context.check(at: now)
                nextCheck = now + context.checkInterval
            }
            let listens = pausedUntil == nil && !context.table.isFull
            // Nobody is there: nothing to watch, and no reason to wake.
            var limit = context.table.isEmpty ? nil : nextCheck - now
            if let end = pausedUntil { limit = min(limit ?? end - now, end - now) }
            let called = wait(listens: listens, limit: limit)
            // The wait may have been long: whoever comes then has been there for no time.
            let woken = ContinuousClock.now
            for index in called where !take(from: listeners[index], at: woken) {
                pausedUntil = woken + Acceptor.pause
            }
        }
    }

    /// Returns the listeners that somebody waits at.
    private func wait(listens: Bool, limit: Duration?) -> [Int] {
        var entries = [pollfd(fd: context.bell.descriptor, events: Int16(POLLIN), revents: 0)]
        if listens { entries += listeners.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) } }
        // Rounded up: waking just before a deadline would spin until it.
        let milliseconds = limit.map { Int32(clamping: Int64(max($0, .zero) / .milliseconds(1)) + 1) }
        guard poll(&entries, nfds_t(entries.count), milliseconds ?? -1) > 0 else { return [] }
        if entries[0].revents != 0 { context.bell.silence() }
        return entries.indices.dropFirst().filter { entries[$0].revents != 0 }.map { $0 - 1 }
    }

    /// Takes who waits at a listener; returns false where there is no room in the process for them.
    private func take(from listener: Listener, at now: ContinuousClock.Instant) -> Bool {
        for _ in 0..<Acceptor.turn where !context.table.isFull {
            switch listener.accept() {
            case .nobody: return true
            case .noRoom: return false
            case .connection(let descriptor, let stated):
                let address = context.known(stated)
                guard context.table.admit(address) else {
                    context.statistics.refusedConnections.add()
                    close(descriptor)
                    continue
                }
                let worker = workers.filter { $0.isSecure == listener.endpoint.isSecure }.min { $0.load < $1.load }
                guard let worker else { fatalError("a listener without a worker") }
                let connection = Connection(descriptor: descriptor, address: address, worker: worker, now: now)
                context.table.insert(connection)
                // libmicrohttpd has closed the descriptor where it does not want it.
                if !worker.add(connection) { context.table.remove(connection) }
            }
        }
        return true
    }
}
