import Articles
import Messaging
import ZeroMQ

/// Asks the logs of live processes about their groups, a connection a question: they are few, and asked by people.
final class GroupDesk: Sendable {
    private let context: Context
    private let board: StatusBoard
    private static let deadline = Duration.seconds(4)

    init(context: Context, board: StatusBoard) {
        self.context = context
        self.board = board
    }

    /// What may be done to a group from the page and the API. What forgets a group or its place is left to the command
    /// line, which no link can reach.
    static let actions = ["pause", "resume", "retry-dead", "discard-dead"]

    /// The log of a name: that of its stream, such as `articles`, or its own, where several serve streams of one name.
    func log(_ name: String) throws(Problem) -> ServedLog {
        guard
            let log = ServedLog.all(of: board.processes()).first(where: { log in
                log.standing.name == name || log.standing.stream.description == name
            })
        else { throw .notFound("No live process serves the stream '\(name.prefix(80))'.") }
        return log
    }

    /// Sends GROUP; what the log refuses, and its silence, are told as problems.
    func ask(_ log: ServedLog, _ body: (inout JSONWriter) -> Void) throws(Problem) -> JSONValue {
        guard !log.endpoints.isEmpty else {
            throw Problem(status: 503, detail: "\(log.process) has not told where its log is reached.")
        }
        do {
            let client = CommandClient(context: context, endpoints: log.endpoints)
            let reply = try client.request("GROUP", json: Reply(body).json, deadline: GroupDesk.deadline)
            return try JSONValue(json: reply.json)
        } catch let error as WireError {
            throw Problem(refusal: error)
        } catch {
            throw Problem(
                status: 503, detail: "The log of \(log.process) does not answer.", headers: [("Retry-After", "2")])
        }
    }
}
