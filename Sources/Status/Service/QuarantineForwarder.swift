import Articles
import Messaging
import ZeroMQ

/// Passes QUARANTINE on to the watcher that owns the directories, without waiting for it.
final class QuarantineForwarder {
    private struct Waiting {
        var request: Request
        var deadline: ContinuousClock.Instant
    }

    private struct Body: Decodable {
        var watcher: String?
    }

    private let context: Context
    private let board: StatusBoard
    private var client: (endpoints: [String], line: CommandClient)?
    private var waiting: [UInt64: Waiting] = [:]
    /// What could not be sent any more when its line was given up.
    private var failed: [Request] = []
    /// The watcher moves files: with many of them that takes a while.
    private static let patience = Duration.seconds(30)

    init(context: Context, board: StatusBoard) {
        self.context = context
        self.board = board
    }

    /// To wait for answers.
    var readable: PollEntry? { waiting.isEmpty ? nil : client?.line.readable }

    /// How long until somebody's patience is over.
    var untilDue: Duration {
        waiting.values.map(\.deadline).min().map { max(.zero, $0 - .now) } ?? .seconds(60)
    }

    /// Sends a request on; its answer comes out of ``answered()``.
    func forward(_ request: Request) throws(WireError) {
        let body = try request.decode(Body.self)
        let watchers = board.processes().filter { process in
            process.heartbeat.kind == "watch" && body.watcher.map { $0 == process.heartbeat.name } ?? true
        }
        guard let watcher = watchers.min(by: { $0.age < $1.age }),
            let endpoints = watcher.heartbeat.endpoints["admin"], !endpoints.isEmpty, waiting.count < 100
        else {
            throw WireError(
                .unavailable, "UNAVAILABLE", "no watcher has told where it is reached; is it running?",
                retryMilliseconds: 5000)
        }
        if client?.endpoints != endpoints {
            failed += waiting.values.map(\.request)
            waiting.removeAll()
            client = (endpoints, CommandClient(context: context, endpoints: endpoints))
        }
        let id = try? client?.line.send(request.command, json: request.json, payload: request.payload)
        guard let id else {
            throw WireError(.unavailable, "UNAVAILABLE", "the watcher takes no commands now", retryMilliseconds: 1000)
        }
        waiting[id] = Waiting(request: request, deadline: .now + QuarantineForwarder.patience)
    }

    /// Returns what was answered, or whose time is over.
    func answered() throws -> [(Request, Result<Reply, WireError>)] {
        var answers: [(Request, Result<Reply, WireError>)] = []
        while let answer = try client?.line.receive() {
            if let entry = waiting.removeValue(forKey: answer.id) { answers.append((entry.request, answer.outcome)) }
        }
        let late = waiting.filter { $0.value.deadline <= .now }
        for (id, entry) in late {
            waiting[id] = nil
            failed.append(entry.request)
        }
        // A line that lost one answer may be stuck; the others' requests went over it too and run out in their turn.
        if !late.isEmpty, waiting.isEmpty { client = nil }
        let error = WireError(.unavailable, "UNAVAILABLE", "the watcher does not answer", retryMilliseconds: 5000)
        answers += failed.map { ($0, .failure(error)) }
        failed.removeAll()
        return answers
    }
}
