import Articles
import Linux
import Messaging
import ZeroMQ

/// Asks logs by GROUP to give dead letters out again, or to forget them, without waiting for the answers.
///
/// The dead letters of workers without state stand with the log that shares the work out, in a group of the kind's name.
final class GroupLines {
    /// What a log said.
    struct Answer {
        var wishes: [ResultStore.GroupWish]
        var outcome: Result<JSONValue, WireError>
    }

    private final class Line {
        let client: CommandClient
        var asked: (request: UInt64, wishes: [ResultStore.GroupWish], deadline: ContinuousClock.Instant)?

        init(_ client: CommandClient) { self.client = client }
    }

    /// The most sequence numbers of one request.
    static let portion = 500

    private let context: Context
    /// By the addresses of the log.
    private var lines: [[String]: Line] = [:]
    private static let patience = Duration.seconds(10)

    init(context: Context) { self.context = context }

    /// To wait for answers.
    var readable: [PollEntry] { lines.values.flatMap { $0.asked == nil ? [] : $0.client.readable } }

    /// Sends the wishes, which are of one stream, kind and action; nothing where the log has yet to answer the last ones.
    func ask(_ wishes: [ResultStore.GroupWish], at endpoints: [String]) {
        guard let first = wishes.first else { return }
        let line = lines[endpoints] ?? Line(CommandClient(context: context, endpoints: endpoints))
        lines[endpoints] = line
        guard line.asked == nil else { return }
        let json = Reply { writer in
            writer.field("group", first.key.kind)
            writer.field("action", "\(first.action.rawValue)-dead")
            writer.field("dead_max", 0)
            writer.array("seqs", wishes.map(\.key.seq))
        }.json
        guard let request = try? line.client.send("GROUP", json: json) else { return }
        line.asked = (request, wishes, .now + GroupLines.patience)
    }

    /// Returns what was answered. Silence is no answer: what was asked for is asked for again.
    func answered() throws -> [Answer] {
        var answers: [Answer] = []
        for (endpoints, line) in lines {
            while let answer = try line.client.receive() {
                guard let asked = line.asked, asked.request == answer.id else { continue }
                line.asked = nil
                answers.append(
                    Answer(
                        wishes: asked.wishes,
                        outcome: answer.outcome.map { (try? JSONValue(json: $0.json)) ?? .null }))
            }
            if let asked = line.asked, asked.deadline <= .now || line.client.isRefused { lines[endpoints] = nil }
        }
        return answers
    }
}
