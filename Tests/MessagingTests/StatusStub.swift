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
        let stream: String
        let seq: UInt64
        let kind: String
    }

    struct Heard: Sendable {
        var rows: [ResultRecord] = []
        var stored: [Key: ResultRecord] = [:]
        var duplicates = 0
        var heartbeats: [Heartbeat] = []
        var isDeaf = false
        /// What STREAMS answers.
        var streams: [ServedStreams.Entry] = []
        /// What REPORT and HEARTBEAT say of the store; nil as an older status service.
        var store: String?
        /// What every HEARTBEAT is answered with.
        var wishes: [Wish] = []
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

    /// Sets what is told of the store.
    func setStore(_ name: String) { heard.withLock { $0.store = name } }

    /// Forgets what was stored.
    func forget() { heard.withLock { $0.stored = [:] } }

    /// Sets which processes STREAMS tells of.
    func setStreams(_ streams: [ServedStreams.Entry]) { heard.withLock { $0.streams = streams } }

    /// Sets what every HEARTBEAT is answered with.
    func setWishes(_ wishes: [Wish]) { heard.withLock { $0.wishes = wishes } }

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
            case "HEARTBEAT":
                if let beat = try? request.decode(Heartbeat.self) { heard.heartbeats.append(beat) }
                return Reply { [wishes = heard.wishes, store = heard.store] writer in
                    writer.field("store", store)
                    writer.key("wishes")
                    writer.beginArray()
                    for wish in wishes { wish.write(to: &writer) }
                    // What a later version wants is no reason to do nothing.
                    writer.raw(Array(#"{"action":"sing"}"#.utf8))
                    writer.endArray()
                }
            case "REPORT":
                for row in request.payload {
                    guard let result = try? JSONDecoder().decode(ResultRecord.self, from: Data(row)) else { continue }
                    heard.rows.append(result)
                    let key = Key(stream: result.stream, seq: result.seq, kind: result.kind)
                    if heard.stored[key] != nil { heard.duplicates += 1 }
                    heard.stored[key] = result
                }
            case "STREAMS": return StatusStub.list(heard.streams)
            default: break
            }
            return Reply { [store = heard.store] writer in
                writer.field("stored", request.payload.count)
                writer.field("store", store)
            }
        }
    }

    private static func list(_ streams: [ServedStreams.Entry]) -> Reply {
        Reply { writer in
            writer.key("streams")
            writer.beginArray()
            for entry in streams {
                writer.beginObject()
                writer.field("name", entry.name)
                writer.field("kind", entry.kind)
                writer.field("host", entry.host)
                writer.key("endpoints")
                writer.beginObject()
                writer.array("log", entry.endpoints["log"] ?? [])
                writer.endObject()
                writer.endObject()
            }
            writer.endArray()
        }
    }
}
