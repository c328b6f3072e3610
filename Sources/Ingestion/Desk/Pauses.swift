import SQLite

/// The operator's pauses: from which drop directories nothing is taken until somebody says so. They outlive the process.
final class Pauses {
    /// The row that stands for all directories; the ledger counts them from 1.
    private static let everything: Int64 = 0

    private let connection: Connection
    /// When each began, in milliseconds since 1970, by the directory's id in the ledger.
    private var since: [Int64: Int64] = [:]

    /// Reads them from the log's own database.
    init(connection: Connection) throws {
        self.connection = connection
        try connection.execute(
            "CREATE TABLE IF NOT EXISTS pause(directory INTEGER PRIMARY KEY, since_ms INTEGER NOT NULL)")
        try connection.statement("SELECT directory, since_ms FROM pause").forEachRow {
            since[$0.int64(0)] = $0.int64(1)
        }
    }

    /// Since when nothing at all is taken; nil where that is not so.
    var all: Int64? { since[Pauses.everything] }

    /// Since when a directory is paused by itself; nil where it is not.
    subscript(_ directory: Int64) -> Int64? { since[directory] }

    /// Pauses a directory, or all where it is nil. What is paused already goes on being so since then.
    func begin(_ directory: Int64?, at time: Int64) throws {
        let row = directory ?? Pauses.everything
        guard since[row] == nil else { return }
        try connection.transaction {
            try connection.statement("INSERT INTO pause(directory, since_ms) VALUES (?, ?)").bind(1, row).bind(2, time)
                .run()
        }
        since[row] = time
    }

    /// Ends the pause of a directory; where it is nil, every pause.
    func end(_ directory: Int64?) throws {
        try connection.transaction {
            if let directory {
                try connection.statement("DELETE FROM pause WHERE directory=?").bind(1, directory).run()
            } else {
                try connection.execute("DELETE FROM pause")
            }
        }
        if let directory { since[directory] = nil } else { since = [:] }
    }
}
