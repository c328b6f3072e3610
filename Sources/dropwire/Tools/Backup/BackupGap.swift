import Messaging
import SQLite

/// Records that nobody could read any more who is put back from a backup: a reader's place was copied first, and retention had
/// removed what comes after it by the time that the log was copied.
///
/// Where a reader is holds retention up; where its copy is does not. It takes a reader that is far behind, or a log at its
/// size limit, and a copy that takes long.
struct BackupGap: Error, Equatable, CustomStringConvertible {
    /// The database of who has not read them.
    let reader: String
    /// The database of the log.
    let log: String
    let first: UInt64
    let last: UInt64

    var description: String {
        "while the backup was made, retention removed the records \(first) to \(last) of \(log), which \(reader) has not "
            + "read in its copy: make it again; where that does not help, raise `retention` or `max_log_bytes`"
    }

    /// Up to which record (`seq`) each reader has read a stream, by its database below the state directory.
    private static let readers = [
        "index/index.sqlite": "SELECT stream, seq FROM worker_cursor",
        "deduplicate/state.sqlite": "SELECT stream, seq FROM worker_cursor",
        "index/stories.sqlite": "SELECT stream, seq FROM story_cursor",
        "index/webhooks.sqlite": "SELECT stream, seq FROM webhook",
    ]
    /// The same of a log's groups, which share it out up to `high`: the first record that is not done is the next one.
    private static let groups = """
        SELECT '', min(high, coalesce((SELECT min(seq) - 1 FROM work WHERE work.name=work_group.name), high))
        FROM work_group
        """

    /// Returns the oldest record of each log in a state directory, or in a backup, by the log's database.
    static func oldest(of logs: [String], in directory: String) throws -> [String: UInt64] {
        var oldest: [String: UInt64] = [:]
        for log in logs {
            let reader = try LogReader(path: "\(directory)/\(log)")
            oldest[log] = try reader.low(head: reader.head())
        }
        return oldest
    }

    /// Finds a gap in a backup.
    ///
    /// - Parameters:
    ///   - paths: the databases that it holds.
    ///   - before: the oldest records when it was begun: what was missed before that is no fault of the backup.
    static func find(in backup: String, _ paths: [String], logs: [BackupManifest.Log], before: [String: UInt64]) throws
        -> BackupGap?
    {
        let oldest = try oldest(of: logs.map(\.path), in: backup)
        for log in logs {
            guard let begin = before[log.path], let low = oldest[log.path], low > begin else { continue }
            for path in paths {
                guard let sql = path == "\(log.path)-groups" ? groups : readers[path] else { continue }
                var next: UInt64?
                try Connection(path: "\(backup)/\(path)", mode: .readOnly).statement(sql).forEachRow { row in
                    guard row.string(0).isEmpty || row.string(0) == log.stream.description else { return }
                    next = min(next ?? .max, UInt64(clamping: row.int64(1)) + 1)
                }
                if let next, (begin..<low).contains(next) {
                    return BackupGap(reader: path, log: log.path, first: next, last: low - 1)
                }
            }
        }
        return nil
    }
}
