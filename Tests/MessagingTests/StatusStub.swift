import Articles
import FoundationEssentials
import Lifecycle
import Linux
import Synchronization
import Telemetry
import ZeroMQ

@testable import Messaging

/// A small status service: it stores results once a (stream, epoch, seq, kind) and hears heartbeats.
final class StatusStub: Service {
    struct Key: Hashable {
        let seq: UInt64
        let kind: String
    }

    struct Heard: Sendable {
        var rows: [ResultRecord] = []
        var stored: [Key: ResultRecord] = [:]
        var duplicates = 0
        var heartbeats: [Heartbeat] = []
        var isDeaf = false
    }

    let name = "status"
    private let context: Context
    private let endpoint: Endpoint
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let heard = Mutex(Heard())

    init(context: Context, endpoint: String) throws {
        self.context = context
        self.endpoint = try Endpoint(binding: endpoint)
        bell = try WakeUp()
    }

    var state: Heard { heard.withLock { $0 } }

    /// The statuses of all rows that came for a record, in order.
    func statuses(_ seq: UInt64) -> [ResultRecord.Outcome] { state.rows.filter { $0.seq == seq }.map(\.status) }

    /// While it is deaf it takes requests and answers nothing, as a frozen process would.
    func setDeaf(_ isDeaf: Bool) { heard.withLock { $0.isDeaf = isDeaf } }

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
                if state.isDeaf { continue }
                try router.reply(to: request, .success(answer(request)))
            }
        }
    }

    private func answer(_ request: Request) -> Reply {
        heard.withLock { heard in
            switch request.command {
            case "HEARTBEAT": if let beat = try? request.decode(Heartbeat.self) { heard.heartbeats.append(beat) }
            case "REPORT":
                for row in request.payload {
                    guard let result = try? JSONDecoder().decode(ResultRecord.self, from: Data(row)) else { continue }
                    heard.rows.append(result)
                    let key = Key(seq: result.seq, kind: result.kind)
                    if heard.stored[key] != nil { heard.duplicates += 1 }
                    heard.stored[key] = result
                }
            default: break
            }
        }
        return Reply { $0.field("stored", request.payload.count) }
    }
}
