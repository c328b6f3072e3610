import Articles
import Linux
import Messaging
import ZeroMQ

/// Passes QUARANTINE and FILE on to the watcher that owns the directory, without waiting for it.
final class WatcherForwarder {
    private struct Waiting {
        var request: Request
        var deadline: ContinuousClock.Instant
    }

    /// The line to one watcher, and what waits for its answer.
    private final class Line {
        let client: CommandClient
        var waiting: [UInt64: Waiting] = [:]

        init(_ client: CommandClient) { self.client = client }
    }

    /// What says which watcher is meant.
    private struct Body: Decodable {
        var watcher: String?
        var stream: StreamID?
        var directory: String?
    }

    /// The commands that are passed on.
    static let commands = ["QUARANTINE", "FILE"]

    private let context: Context
    private let board: StatusBoard
    /// By the addresses of the watcher.
    private var lines: [[String]: Line] = [:]
    /// The watcher moves files: with many of them that takes a while.
    private static let patience = Duration.seconds(30)
    private static let most = 100

    init(context: Context, board: StatusBoard) {
        self.context = context
        self.board = board
    }

    /// To wait for answers.
    var readable: [PollEntry] { lines.values.flatMap { $0.waiting.isEmpty ? [] : $0.client.readable } }

    /// How long until somebody's patience is over.
    var untilDue: Duration {
        let first = lines.values.flatMap(\.waiting.values).map(\.deadline).min()
        return first.map { max(.zero, $0 - .now) } ?? .seconds(60)
    }

    /// Sends a request on; its answer comes out of ``answered()``.
    func forward(_ request: Request) throws(WireError) {
        let endpoints = try endpoints(of: watcher(for: request))
        let count = lines.values.reduce(0) { $0 + $1.waiting.count }
        guard count < WatcherForwarder.most else {
            throw WireError(.busy, "BUSY", "\(count) requests wait for watchers already", retryMilliseconds: 1000)
        }
        let line = lines[endpoints] ?? Line(CommandClient(context: context, endpoints: endpoints))
        lines[endpoints] = line
        guard let id = try? line.client.send(request.command, json: request.json, payload: request.payload) else {
            throw WireError(.unavailable, "UNAVAILABLE", "the watcher takes no commands now", retryMilliseconds: 1000)
        }
        line.waiting[id] = Waiting(request: request, deadline: .now + WatcherForwarder.patience)
    }

    private func watcher(for request: Request) throws(WireError) -> ServedStreams.Entry {
        let body = try request.decode(Body.self)
        let heartbeats = board.processes().map(\.heartbeat)
        do throws(WatcherChoice) {
            return try WatcherChoice.watcher(
                body.watcher, stream: body.stream, directory: body.directory, among: heartbeats)
        } catch {
            guard heartbeats.contains(where: { $0.kind == "watch" }) else {
                throw WireError(.unavailable, "UNAVAILABLE", error.description, retryMilliseconds: 5000)
            }
            throw .badRequest("\(request.command): \(error)")
        }
    }

    private func endpoints(of watcher: ServedStreams.Entry) throws(WireError) -> [String] {
        let host = ProcessInformation.hostName
        let endpoints = watcher.addresses(of: "admin", from: host)
        guard !endpoints.isEmpty else {
            throw WireError(
                .unavailable, "UNAVAILABLE",
                "\(watcher.label(on: host)) has no address for this that can be reached from \(host): see [watch] admin",
                retryMilliseconds: 5000)
        }
        return endpoints
    }

    /// Returns what was answered, or whose time is over.
    func answered() throws -> [(Request, Result<Reply, WireError>)] {
        var answers: [(Request, Result<Reply, WireError>)] = []
        for (endpoints, line) in lines {
            while let answer = try line.client.receive() {
                if let entry = line.waiting.removeValue(forKey: answer.id) {
                    answers.append((entry.request, answer.outcome))
                }
            }
            let late = line.waiting.filter { $0.value.deadline <= .now }
            let error = WireError(.unavailable, "UNAVAILABLE", "the watcher does not answer", retryMilliseconds: 5000)
            for (id, entry) in late {
                line.waiting[id] = nil
                answers.append((entry.request, .failure(error)))
            }
            // A line that lost one answer may be stuck; the others' requests went over it too and run out in their turn.
            if !late.isEmpty, line.waiting.isEmpty { lines[endpoints] = nil }
        }
        return answers
    }
}
