import HTTP
import Linux
import Synchronization
import Telemetry

/// Sends the events of `/api/v1/events` to all who follow them, from one thread of its own: each event is made once for all.
///
/// Nothing is kept for a client but its place and, in its ``EventStream``, what it has yet to take, up to a limit. Whoever
/// is cut off comes back with the id of its last event, and what it missed is read from the store again.
final class EventHub: Sendable {
    /// Somebody who has just connected.
    private struct Newcomer: Sendable {
        let stream: EventStream
        let filter: EventFilter
        /// Where it goes on; nil for one that begins, or whose place cannot be used.
        let position: EventPosition?
    }

    private struct State {
        var newcomers: [Newcomer] = []
        var isDraining = false
        var isDismissing = false
    }

    /// The most clients at a time.
    static let maximumClients = 1000

    private let state = Mutex(State())
    private let clients = Atomic<Int>(0)
    private let bell: WakeUp
    private let databasePath: String
    private let logger = Logger(label: "events")

    /// The clients that there are.
    var clientCount: Int { clients.load(ordering: .relaxed) }

    /// Makes a hub over the store at a path.
    init(databasePath: String) throws {
        self.databasePath = databasePath
        bell = try WakeUp()
    }

    /// Takes a client in; what it is sent comes from the hub's thread.
    ///
    /// - Parameter position: where it goes on, by the id of its last event; nil for one that begins.
    func join(_ filter: EventFilter, from position: EventPosition?) throws(Problem) -> EventStream {
        let count = clients.add(1, ordering: .relaxed).newValue
        guard count <= EventHub.maximumClients else {
            clients.subtract(1, ordering: .relaxed)
            throw Problem(
                status: 503, detail: "\(EventHub.maximumClients) clients follow the events already.",
                headers: [("Retry-After", "10")])
        }
        let stream = EventStream(ended: { [self] in
            clients.subtract(1, ordering: .relaxed)
            bell.ring()
        })
        state.withLock { $0.newcomers.append(Newcomer(stream: stream, filter: filter, position: position)) }
        bell.ring()
        return stream
    }

    /// Ends all streams: who may still follow comes back by himself, with his place.
    func dismissAll() {
        state.withLock { $0.isDismissing = true }
        bell.ring()
    }

    /// Ends ``run(_:)``.
    func drain() {
        state.withLock { $0.isDraining = true }
        bell.ring()
    }

    /// Serves the clients until ``drain()``; on a thread of its own.
    ///
    /// - Parameter moment: gathers the overview.
    func run(_ moment: @escaping () throws -> Moment) {
        var desk: EventDesk?
        while true {
            let (newcomers, isDismissing, isDraining) = state.withLock { state in
                defer { (state.newcomers, state.isDismissing) = ([], false) }
                return (state.newcomers, state.isDismissing, state.isDraining)
            }
            guard !isDraining else { return }
            if isDismissing {
                // Those who have come meanwhile were let in by the new list, or come again as well.
                for newcomer in newcomers { newcomer.stream.finish() }
                desk?.dismiss()
                desk = nil
                continue
            }
            do {
                let serving = try desk ?? EventDesk(databasePath: databasePath, moment: moment)
                desk = serving
                for newcomer in newcomers { serving.add(newcomer.stream, newcomer.filter, from: newcomer.position) }
                try serving.turn()
            } catch {
                logger.error("Events could not be read.", [.error: "\(error)"])
                // They come back by themselves, with their places.
                for newcomer in newcomers { newcomer.stream.finish() }
                desk?.dismiss()
                desk = nil
            }
            let isWatched = desk.map { !$0.isIdle } ?? false
            _ = Poll.readable([bell.descriptor], timeout: isWatched ? EventDesk.interval : nil)
            bell.silence()
        }
    }
}
