import Articles
import Messaging

/// A log with those who read it, as the live process that serves it tells.
struct ServedLog: Sendable {
    /// The process's name and host.
    let process: String
    let host: String
    /// Where the log answers.
    let endpoints: [String]
    let standing: LogStanding

    /// All of them, those of watchers first.
    static func all(of processes: [StatusBoard.Process]) -> [ServedLog] {
        let live = processes.filter(\.isAlive).map(\.heartbeat)
        return (live.filter { $0.kind == "watch" } + live.filter { $0.kind != "watch" }).flatMap { heartbeat in
            (heartbeat.logs ?? []).map { standing in
                ServedLog(
                    process: heartbeat.name, host: heartbeat.host, endpoints: heartbeat.endpoints["log"] ?? [],
                    standing: standing)
            }
        }
    }

    /// Writes what the log is, as members.
    func writeMembers(to writer: inout JSONWriter) {
        writer.field("stream", standing.name)
        writer.field("log", standing.stream.description)
        writer.field("process", process)
        writer.field("host", host)
        writer.field("low", standing.low)
        writer.field("head", standing.head)
        writer.field("bytes", standing.bytes)
        writer.field("limit_bytes", standing.limitBytes)
    }
}
