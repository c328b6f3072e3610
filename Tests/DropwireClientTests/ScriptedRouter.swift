import Articles
import FoundationEssentials
import Lifecycle
import Linux
import Synchronization
import ZeroMQ

@testable import Messaging

/// A server that answers as a test says: a log that goes wrong, or a status service.
final class ScriptedRouter: Service {
    typealias Answer = @Sendable (Request) -> Result<Reply, WireError>?

    let name = "router"
    private let context: Context
    private let endpoint: Endpoint
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let answer: Answer

    /// - Parameter answer: nil says nothing at all.
    init(_ context: Context, _ address: String, answer: @escaping Answer) throws {
        self.context = context
        endpoint = try Endpoint(binding: address)
        bell = try WakeUp()
        self.answer = answer
    }

    func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    func run(started: @Sendable () -> Void) throws {
        let router = try EnvelopeRouter(context: context, endpoints: [endpoint], maximumFrames: 600)
        started()
        while !isDraining.load(ordering: .relaxed) {
            _ = try Poller.poll([router.readable, PollEntry(descriptor: bell.descriptor)], timeout: nil)
            bell.silence()
            while let request = try router.receive() {
                if let outcome = answer(request) { try router.reply(to: request, outcome) }
            }
        }
    }
}

/// What a status service was told.
final class Told: Sendable {
    struct State: Sendable {
        var rows: [ResultRecord] = []
        var heartbeats: [Heartbeat] = []
    }
    private let state = Mutex(State())
    var value: State { state.withLock { $0 } }

    /// The last word on each record.
    var results: [UInt64: ResultRecord] { value.rows.reduce(into: [:]) { $0[$1.seq] = $1 } }

    /// A status service that stores everything.
    func service(_ context: Context, _ address: String) throws -> RunningThread {
        try RunningThread(
            ScriptedRouter(context, address) { [self] request in
                state.withLock { state in
                    switch request.command {
                    case "HEARTBEAT":
                        if let beat = try? request.decode(Heartbeat.self) { state.heartbeats.append(beat) }
                    case "REPORT":
                        state.rows += request.payload.compactMap {
                            try? JSONDecoder().decode(ResultRecord.self, from: Data($0))
                        }
                    default: break
                    }
                }
                return .success(Reply { $0.field("stored", request.payload.count) })
            })
    }
}
