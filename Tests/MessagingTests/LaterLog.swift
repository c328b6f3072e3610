import Articles
import Lifecycle
import Linux
import Synchronization
import ZeroMQ

@testable import Messaging

/// A log of a later version: it passes every request on to one of this version, and adds to each answer whatever the
/// specification lets later versions add.
final class LaterLog: Service {
    let name = "later"
    private let context: Context
    private let endpoint: Endpoint
    private let log: String
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let heard = Mutex<[String: [[UInt8]]]>([:])

    /// - Parameter log: the log that it stands before.
    init(context: Context, endpoint: String, log: String) throws {
        self.context = context
        self.endpoint = try Endpoint(binding: endpoint)
        self.log = log
        bell = try WakeUp()
    }

    /// The json frames that came, by command.
    var requests: [String: [[UInt8]]] { heard.withLock { $0 } }

    func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    func run(started: @Sendable () -> Void) throws {
        let router = try EnvelopeRouter(context: context, endpoints: [endpoint], maximumFrames: 600)
        let client = CommandClient(context: context, endpoints: [log])
        started()
        while !isDraining.load(ordering: .relaxed) {
            _ = try Poller.poll([router.readable, PollEntry(descriptor: bell.descriptor)], timeout: nil)
            bell.silence()
            while let request = try router.receive() {
                heard.withLock { $0[request.command, default: []].append(request.json) }
                do {
                    let reply = try client.request(
                        request.command, json: request.json, payload: request.payload, deadline: .seconds(20),
                        interrupt: bell)
                    try router.reply(to: request, .success(LaterLog.widen(reply)))
                } catch let error as WireError {
                    try router.reply(to: request, .failure(error))
                } catch CommandClient.Failure.interrupted { break }
            }
        }
    }

    /// Adds members at both ends of the json frame and, behind all others, a frame.
    private static func widen(_ reply: Reply) -> Reply {
        let members = reply.json.dropFirst().dropLast()
        let before = Array(#"{"versions":[1,2],"mood":{"is":["fine",1.5,null]},"#.utf8)
        let json = before + members + Array(#","also":[{"low":"x"}],"count_of_all":-1}"#.utf8)
        return Reply(json: json, payload: reply.payload + [Array("a frame of version 1.1".utf8)])
    }
}
