import Articles
import Messaging

/// A consumer or a group of a log, as the page and `/api/v1/status` show it.
struct ReaderRow: Sendable {
    var name: String
    /// The stream that it reads.
    var stream: String
    /// The page of a group; nil for a consumer.
    var path: String?
    var lag: UInt64
    var lagSeconds: Int64
    /// Dead letters of a group; nil for a consumer, which has none here.
    var dead: Int?
    /// What else is worth saying.
    var details: [String]
    /// What is wrong, in words; nil where nothing is.
    var trouble: String?

    /// The readers of all logs that live processes serve, those of one log together.
    static func rows(of processes: [StatusBoard.Process]) -> [ReaderRow] {
        let logs = ServedLog.all(of: processes)
        return logs.flatMap { log in
            let isAlone = logs.count { $0.standing.name == log.standing.name } == 1
            let stream = isAlone ? log.standing.name : "\(log.standing.name) of \(log.process) at \(log.host)"
            return log.standing.groups.map { ReaderRow($0, log, stream) }
                + log.standing.consumers.map { ReaderRow($0, stream) }
        }
    }

    private init(_ consumer: ConsumerStanding, _ stream: String) {
        name = consumer.name
        self.stream = stream
        lag = consumer.lag
        lagSeconds = consumer.lagMilliseconds / 1000
        details = consumer.holds ? ["holds retention"] : []
        if consumer.seen == nil { details.append("not seen yet") }
        trouble =
            consumer.lost > 0 ? "retention has removed \(Wording.number(consumer.lost)) records it had to read" : nil
    }

    private init(_ group: GroupStanding, _ log: ServedLog, _ stream: String) {
        name = group.name
        self.stream = stream
        path = GroupPage.path(group.name, stream: log.standing.stream.description)
        lag = group.lag
        lagSeconds = group.lagMilliseconds / 1000
        dead = group.dead
        details = ["group", "\(Wording.number(group.inFlight)) open"]
        if group.isPaused { details.append("paused") }
        if group.holds { details.append("holds retention") }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("stream", stream)
        writer.field("path", path)
        writer.field("lag", lag)
        writer.field("lag_s", lagSeconds)
        writer.field("dead", dead)
        writer.array("details", details)
        writer.field("trouble", trouble)
        writer.endObject()
    }
}
