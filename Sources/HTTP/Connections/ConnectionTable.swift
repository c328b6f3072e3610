import Glibc
import Synchronization

/// The open connections of a server, by descriptor.
final class ConnectionTable: Sendable {
    private struct State {
        var limits: ConnectionLimits
        var connections: [Int32: Connection] = [:]
    }

    private let state: Mutex<State>
    /// Called when one goes and there had been no room for another.
    private let hasRoom: @Sendable () -> Void

    init(limits: ConnectionLimits, hasRoom: @escaping @Sendable () -> Void) {
        state = Mutex(State(limits: limits))
        self.hasRoom = hasRoom
    }

    var isFull: Bool { state.withLock { $0.limits.isFull } }
    var isEmpty: Bool { state.withLock { $0.connections.isEmpty } }
    var count: Int { state.withLock { $0.connections.count } }
    /// All of them, in no order.
    var all: [Connection] { state.withLock { Array($0.connections.values) } }

    /// Counts a client in; returns false where it is to be turned away.
    func admit(_ address: ClientAddress) -> Bool { state.withLock { $0.limits.admit(address) } }

    /// Puts a connection in that was admitted.
    func insert(_ connection: Connection) {
        state.withLock { state in
            // One that libmicrohttpd gave up before it had begun with it: it says nothing, but closes the descriptor.
            if let forgotten = state.connections.updateValue(connection, forKey: connection.descriptor) {
                state.limits.leave(forgotten.address)
                forgotten.worker.forget(forgotten)
            }
        }
    }

    /// Returns the connection with a descriptor.
    func connection(at descriptor: Int32) -> Connection? { state.withLock { $0.connections[descriptor] } }

    /// Takes a connection out whose descriptor is about to be closed.
    func remove(_ connection: Connection) {
        let wasFull = state.withLock { state in
            guard state.connections[connection.descriptor] === connection else { return false }
            state.connections[connection.descriptor] = nil
            let wasFull = state.limits.isFull
            state.limits.leave(connection.address)
            return wasFull
        }
        if wasFull { hasRoom() }
    }
}
