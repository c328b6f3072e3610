import Linux
import Messaging
import SQLite
import TOML

/// The databases: whole, without gaps, and nobody ahead of what he reads.
struct DatabaseExamination {
    private(set) var findings: [Finding] = []
    private let state: String
    /// What one database's examination may take; a large one is looked at in part.
    private static let patience = Duration.seconds(60)

    init(_ configuration: Configuration) {
        state = configuration.stateDirectory
        let paths = BackupOrder.databases.filter { (try? Directory.status(path: "\(state)/\($0)")) ?? nil != nil }
        if paths.isEmpty {
            findings.append(.odd("state", "there are no databases below '\(state)' yet", "start the services"))
        }
        for path in paths { look(at: path) }
        let limit = configuration.watch.maximumLogBytes.bytes
        if paths.contains("watch/log.sqlite") { lookAtLog(limit: limit) }
    }

    private static func examine(_ path: String, _ body: () throws -> Finding) -> Finding {
        do { return try body() } catch let error as SQLiteError where error.isInterrupted {
            return .odd(path, "it is so large that it was not looked through to its end", "nothing need be done")
        } catch let error as SQLiteError where error.isCorrupt {
            return .bad(path, "\(error)", "stop the services and restore a backup (`dropwire restore`)")
        } catch let error as NewerState {
            return .bad(
                path,
                "a later version of dropwire wrote it (\(error.name) has version \(error.version), known is \(error.known))",
                "install the later version again, or restore a backup from before the upgrade (`dropwire restore`)")
        } catch {
            return .bad(path, "\(error)", "run as the user of the services, or as root")
        }
    }

    private func open(_ path: String) throws -> Connection {
        let connection = try Connection(path: "\(state)/\(path)", mode: .readOnly)
        connection.limitTime(DatabaseExamination.patience)
        return connection
    }

    private mutating func look(at path: String) {
        findings.append(
            DatabaseExamination.examine(path) {
                try StateInventory.check(path, at: "\(state)/\(path)")
                let connection = try open(path)
                var problems: [String] = []
                try connection.statement("PRAGMA quick_check(3)").forEachRow { problems.append($0.string(0)) }
                guard problems == ["ok"] else {
                    return .bad(
                        path, "it is damaged: \(problems.joined(separator: "; "))",
                        path == "status/results.sqlite"
                            ? "stop the status service and run `dropwire status --rebuild`; check the disk"
                            : "stop the services and restore a backup (`dropwire restore`); check the disk")
                }
                guard BackupOrder.logs.contains(path) else { return .fine(path, "it is whole") }
                let count = try connection.scalar("SELECT count(*) FROM log") ?? 0
                let span = try connection.scalar("SELECT max(seq)-min(seq)+1 FROM log") ?? 0
                guard count == span else {
                    return .bad(
                        path, "the log has \(count) records where \(span) should be",
                        "restore a backup (`dropwire restore`)")
                }
                return .fine(path, "it is whole, and its log of \(count) records has no gap")
            })
    }

    /// The watcher's log: how full it is, its last time, and where its readers stand.
    private mutating func lookAtLog(limit: Int) {
        let path = "watch/log.sqlite"
        var log: (stream: String, head: Int64, low: Int64)?
        findings.append(
            DatabaseExamination.examine(path) {
                let reader = try LogReader(path: "\(state)/\(path)")
                let head = try reader.head()
                let low = try reader.low(head: head)
                log = (reader.stream.description, Int64(clamping: head), Int64(clamping: low))
                let bytes = try open(path).usedBytes
                let text = "\(bytes >> 20) MiB of \(limit >> 20) MiB (watch.max_log_bytes) are used"
                return bytes > limit - limit / 10
                    ? .odd(
                        path, text, "see who holds retention (`dropwire consumer list`), or raise watch.max_log_bytes")
                    : .fine(path, text)
            })
        findings.append(
            DatabaseExamination.examine("clock") {
                let last = try open(path).scalar("SELECT time_ms FROM log ORDER BY seq DESC LIMIT 1") ?? 0
                let ahead = last - Clocks.wallMilliseconds()
                return ahead > 5000
                    ? .bad(
                        "clock",
                        "the last record was committed \(ListColumns.span(ahead)) in the future: the clock went back",
                        "set the clock (timedatectl); until it has caught up all records have that time")
                    : .fine("clock", "it is not behind the log")
            })
        guard let log else { return }
        let readers = [
            ("deduplicate/state.sqlite", "SELECT seq FROM worker_cursor WHERE stream=?"),
            ("index/index.sqlite", "SELECT seq FROM worker_cursor WHERE stream=?"),
            (
                "status/results.sqlite",
                "SELECT seq FROM cursor WHERE stream=(SELECT id FROM stream WHERE name=?)"
            ),
        ]
        for (path, query) in readers where (try? Directory.status(path: "\(state)/\(path)")) ?? nil != nil {
            findings.append(
                DatabaseExamination.examine("\(path), cursor") {
                    let connection = try open(path)
                    let statement = try connection.statement(query).bind(1, log.stream)
                    defer { withExtendedLifetime(connection) { statement.reset() } }
                    guard try statement.step() else {
                        return .odd("\(path), cursor", "it has read nothing of this log yet", "start its process")
                    }
                    let seq = statement.int64(0)
                    return DatabaseExamination.finding("\(path), cursor", seq, head: log.head, low: log.low)
                })
        }
    }

    private static func finding(_ subject: String, _ seq: Int64, head: Int64, low: Int64) -> Finding {
        if seq > head {
            return .bad(
                subject, "it is at \(seq), and the log ends at \(head): the log was put back to an earlier state",
                "restore the databases of one backup together, or run `dropwire log bump-epoch`")
        }
        if seq + 1 < low {
            return .odd(
                subject, "it is at \(seq), and the log begins at \(low): what lies between is lost to it",
                "keep it in watch.hold, so that retention waits for it")
        }
        return .fine(subject, "it is at \(seq) of \(head)")
    }
}
