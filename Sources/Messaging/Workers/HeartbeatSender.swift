import Lifecycle
import Linux
import Synchronization
package import ZeroMQ

/// Sends the heartbeat of a process that has no worker's loop, every five seconds and when it is asked to.
package final class HeartbeatSender: Service {
    package let name = "heartbeat"
    private static let spacing = Duration.milliseconds(20)
    private let context: Context
    private let endpoints: [String]
    private let make: @Sendable () -> Heartbeat
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)

    /// Makes a sender.
    ///
    /// - Parameter make: called on the sender's thread for each heartbeat.
    package init(context: Context, endpoints: [String], make: @escaping @Sendable () -> Heartbeat) throws {
        self.context = context
        self.endpoints = endpoints
        self.make = make
        self.bell = try WakeUp()
    }

    /// Sends one soon. Safe on any thread.
    package func send() { bell.ring() }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let client = CommandClient(context: context, endpoints: endpoints)
        started()
        while !isDraining.load(ordering: .relaxed) {
            // A status service that is away is no trouble of this process: the next heartbeat tells again.
            _ = try? client.request("HEARTBEAT", json: make().json, deadline: .seconds(2), interrupt: bell)
            _ = Poll.readable([bell.descriptor], timeout: Heartbeat.interval)
            // Many short rests, as where files trickle in, are told at once.
            _ = Poll.readable([], timeout: HeartbeatSender.spacing)
            bell.silence()
        }
    }
}
