package import Articles
import FoundationEssentials
package import Messaging
package import SQLite

/// Reads the store, from the writer's connection or from one of its own. It changes nothing.
package final class StoreReader {
    /// The totals since the store was made.
    package struct Totals: Sendable, Equatable {
        /// The results of one kind.
        package struct Results: Sendable, Equatable {
            package var ok: Int64 = 0
            /// Those whose last attempt failed, with those that were given up.
            package var failed: Int64 = 0
            package var skipped: Int64 = 0
            /// Those that were given up.
            package var dead: Int64 = 0
            package var verdicts: [String: Int64] = [:]
        }
        package var files: [String: Int64] = [:]
        package var articles: Int64 = 0
        package var kills: Int64 = 0
        package var results: [String: Results] = [:]
    }

    /// An article as lists show it.
    package struct ArticleRow: Sendable {
        /// Counts arrivals; the place to page from.
        package var row: Int64
        package var position: Position
        package var id: String
        package var source: String
        package var uri: String?
        /// Its own, or that of the version which it replaced.
        package var version: String?
        /// Nil where it is not to be shown.
        package var title: String?
        package var language: String
        package var published: Timestamp?
        package var received: Timestamp?
        package var path: String?
        package var standing: ArticleStanding
        /// What is doubtful of its version.
        package var warning: String?
        /// The version that is shown in its stead.
        package var current: String?
        package var results: [ResultRow] = []
        var streamNumber: Int64

        /// Its words are not to be shown.
        package var isHidden: Bool { standing == .withheld || standing == .killed || standing.isErased }

        /// What a kind of worker found; nil where it has no result, or one that is not ok. It is read anew each time.
        func outcome(of kind: String) -> JSONValue? { results.first { $0.kind == kind && $0.status == "ok" }?.data }
    }

    /// A kill that came in.
    package struct KillRow: Sendable {
        package var position: Position
        package var kill: KillRecord
    }

    /// A result as it stands.
    package struct ResultRow: Sendable {
        package var kind: String
        package var generation: Int64
        package var attempt: Int64
        package var status: String
        package var timeMilliseconds: Int64
        /// The worker's own members, as JSON.
        package var json: [UInt8]

        /// The worker's own members, read.
        package var data: JSONValue { (try? JSONValue(json: json)) ?? .null }
    }

    /// A file's outcome.
    package struct FileRow: Sendable {
        package var position: Position
        package var directory: String
        package var path: String
        package var firstSeq: Int64?
        package var lastSeq: Int64?
        /// The `file` record.
        package var record: [UInt8]
        var streamNumber: Int64
    }

    let connection: Connection
    /// What is looked at for a page of a list.
    var examined = ExaminedRows.Limit()

    /// Makes a reader on a connection.
    package init(connection: Connection) { self.connection = connection }

    /// Opens the store at `path` for reading.
    package convenience init(path: String) throws {
        let connection = try Connection(path: path, mode: .readOnly)
        try connection.execute("PRAGMA cache_size=-2048")
        self.init(connection: connection)
    }

    // MARK: Numbers

    /// The totals.
    package func totals() throws -> Totals {
        var totals = Totals()
        try connection.statement("SELECT name, count FROM total").forEachRow { row in
            let parts = row.string(0).split(separator: "/").map(String.init)
            let count = row.int64(1)
            switch (parts.first, parts.count) {
            case ("articles", 1): totals.articles = count
            case ("kills", 1): totals.kills = count
            // Those held before this store was made were not counted.
            case ("files", 2): totals.files[parts[1]] = max(0, count)
            case ("verdict", 3): totals.results[parts[1], default: .init()].verdicts[parts[2]] = count
            case ("result", 3):
                switch parts[2] {
                case "ok": totals.results[parts[1], default: .init()].ok = count
                case "failed": totals.results[parts[1], default: .init()].failed = count
                case "skipped": totals.results[parts[1], default: .init()].skipped = count
                case "dead": totals.results[parts[1], default: .init()].dead = count
                default: break
                }
            default: break
            }
        }
        return totals
    }

    /// The committed places in the watchers' logs.
    package func cursors() throws -> [Cursor] {
        var cursors: [Cursor] = []
        try connection.statement(
            "SELECT name, epoch, seq, time_ms FROM cursor JOIN stream ON stream.id=cursor.stream ORDER BY name"
        ).forEachRow { row in
            guard let stream = StreamID(row.string(0)) else { return }
            cursors.append(
                Cursor(
                    stream: stream, epoch: UInt32(clamping: row.int64(1)), seq: UInt64(clamping: row.int64(2)),
                    timeMilliseconds: row.int64(3)))
        }
        return cursors
    }

    /// How many of a name arrived in each minute from `first` on, `count` minutes; minutes with none are 0.
    package func history(from first: Int64, minutes count: Int) throws -> [String: [Int64]] {
        var history: [String: [Int64]] = [:]
        try connection.statement("SELECT minute, name, count FROM minute WHERE minute>=? AND minute<?")
            .bind(1, first).bind(2, first + Int64(count)).forEachRow { row in
                history[row.string(1), default: Array(repeating: 0, count: count)][Int(row.int64(0) - first)] =
                    row.int64(2)
            }
        return history
    }

    /// The number of files that lie in quarantine, whole or in part.
    package func quarantineCount() throws -> Int64 { try connection.scalar("SELECT count(*) FROM quarantine") ?? 0 }

    /// The files that lie in quarantine, the last first: their `file` records.
    package func quarantine(
        limit: Int
    ) throws -> [(timeMilliseconds: Int64, stream: StreamID?, record: [UInt8])] {
        var files: [(Int64, StreamID?, [UInt8])] = []
        try connection.statement(
            """
            SELECT time_ms, name, record FROM quarantine LEFT JOIN stream ON stream.id=stream ORDER BY time_ms DESC LIMIT ?
            """
        ).bind(1, limit).forEachRow { files.append(($0.int64(0), StreamID($0.string(1)), $0.bytes(2))) }
        return files
    }

    // MARK: Files

    private static let fileColumns = "name, epoch, seq, time_ms, directory, path, first_seq, last_seq, record, stream"

    /// What became of the file of a path, each time it was dropped, the last first; of a marker or sidecar, what became of
    /// the file that it went with.
    ///
    /// - Parameter path: as its drop directory has it, or whole.
    package func files(path: String, limit: Int = 20) throws -> [FileRow] {
        let files = try filesThemselves(path, limit: limit)
        guard files.isEmpty else { return files }
        // Their names are mostly those of their files with something behind.
        var owner = path[...]
        while let dot = owner.lastIndex(of: "."), owner[dot...].firstIndex(of: "/") == nil {
            owner = owner[..<dot]
            let owners = try filesThemselves(String(owner), limit: limit).filter { try StoreReader.has($0, path) }
            if !owners.isEmpty { return owners }
        }
        return []
    }

    /// A path is that of what belongs to a file.
    private static func has(_ file: FileRow, _ path: String) throws -> Bool {
        let companions = try JSONDecoder().decode(FileRecord.self, from: Data(file.record)).companions ?? []
        return companions.contains { path == $0 || path.hasPrefix("/") && path.hasSuffix("/" + $0) }
    }

    private func filesThemselves(_ path: String, limit: Int) throws -> [FileRow] {
        var files = try filesWithExactly(path, limit: limit)
        var rest = path[...]
        // A whole path is its directory's and then the file's: every ending of it may be the latter.
        while files.isEmpty, path.hasPrefix("/"), let slash = rest.firstIndex(of: "/") {
            rest = rest[rest.index(after: slash)...]
            files = try filesWithExactly(String(rest), limit: limit).filter { file in
                let directory = file.directory.hasSuffix("/") ? file.directory : file.directory + "/"
                return directory + file.path == path
            }
        }
        return files
    }

    /// The files that an article came from.
    package func files(of article: ArticleRow) throws -> [FileRow] {
        guard let path = article.path else { return [] }
        let seq = Int64(clamping: article.position.seq)
        return try filesWithExactly(path, limit: 100).filter { file in
            file.streamNumber == article.streamNumber && (file.firstSeq ?? .max) <= seq && seq <= (file.lastSeq ?? 0)
        }
    }

    private func filesWithExactly(_ path: String, limit: Int) throws -> [FileRow] {
        try files(
            connection.statement(
                """
                SELECT \(StoreReader.fileColumns) FROM file JOIN stream ON stream.id=stream WHERE path=?
                ORDER BY row DESC LIMIT ?
                """
            ).bind(1, path).bind(2, limit))
    }

    /// The files of some rows, in their order.
    func files(rows numbers: [Int64]) throws -> [FileRow] {
        try numbers.flatMap { number in
            try files(
                connection.statement(
                    "SELECT \(StoreReader.fileColumns) FROM file JOIN stream ON stream.id=stream WHERE file.row=?"
                ).bind(1, number))
        }
    }

    private func files(_ query: Statement) throws -> [FileRow] {
        var files: [FileRow] = []
        try query.forEachRow { row in
            files.append(
                FileRow(
                    position: StoreReader.position(row, at: 0), directory: row.string(4), path: row.string(5),
                    firstSeq: row.isNull(6) ? nil : row.int64(6), lastSeq: row.isNull(7) ? nil : row.int64(7),
                    record: row.bytes(8), streamNumber: row.int64(9)))
        }
        return files
    }

    static func position(_ row: Statement, at column: Int) -> Position {
        Position(
            stream: StreamID(row.string(column)) ?? StreamID(bytes: [UInt8](repeating: 0, count: 16))!,
            epoch: UInt32(clamping: row.int64(column + 1)), seq: UInt64(clamping: row.int64(column + 2)),
            timeMilliseconds: row.int64(column + 3))
    }
}
