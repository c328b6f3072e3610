import Articles
import CSQLite
import Linux
import Messaging
import SQLite

/// Appending to the log against the same rows inserted through SQLite's own C functions with the same pragmas.
enum AppendStage: Stage {
    static let name = "append"

    static func run(in workspace: Workspace) throws -> [Row] {
        var rows: [Row] = []
        let records = workspace.corpus.blocks(2000, of: 4096)
        for (batch, count) in [(1, 3000), (100, 30_000), (500, 30_000)] {
            var indexed: [(figure: Double, baseline: Double)] = []
            var plain: [(figure: Double, baseline: Double)] = []
            for _ in 0..<workspace.options.rounds {
                let log = try measureLog(records, count, batch, workspace)
                indexed.append((log, try measureBare(records, count, batch, isIndexed: true, workspace)))
                plain.append((log, try measureBare(records, count, batch, isIndexed: false, workspace)))
            }
            rows.append(Row(name, "batches of \(batch), bare with the index", rounds: indexed, "records/s"))
            rows.append(Row(name, "batches of \(batch), bare without", rounds: plain, "records/s"))
        }
        return rows
    }

    private static func measureLog(_ records: [[UInt8]], _ count: Int, _ batch: Int, _ workspace: Workspace) throws
        -> Double
    {
        let folder = try workspace.folder("log")
        defer { workspace.remove(folder) }
        let connection = try Connection(path: "\(folder)/log.sqlite")
        try connection.configure(durability: .full)
        let log = try ArticleLog(connection: connection)
        let topic = Topic.article(source: "bench", language: "en")
        return try Stopwatch.rate(count) {
            for start in stride(from: 0, to: count, by: batch) {
                try connection.transaction {
                    for number in start..<min(start + batch, count) {
                        _ = try log.append(topic: topic, record: records[number % records.count])
                    }
                }
                _ = log.takeAppended()
            }
        }
    }

    private static func measureBare(
        _ records: [[UInt8]], _ count: Int, _ batch: Int, isIndexed: Bool, _ workspace: Workspace
    ) throws -> Double {
        let folder = try workspace.folder("bare")
        defer { workspace.remove(folder) }
        var handle: OpaquePointer?
        func check(_ code: Int32) throws {
            guard code == SQLITE_OK || code == SQLITE_DONE else {
                throw BenchmarkFailure("SQLite: \(String(cString: sqlite3_errmsg(handle)))")
            }
        }
        func execute(_ sql: String) throws { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }
        try check(
            sqlite3_open_v2(
                "\(folder)/log.sqlite", &handle, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil))
        defer { sqlite3_close_v2(handle) }
        try execute(
            """
            PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;
            CREATE TABLE log(seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, topic INTEGER NOT NULL, rec BLOB NOT NULL);
            """)
        if isIndexed { try execute("CREATE INDEX log_topic ON log(topic, seq)") }
        var insert: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, "INSERT INTO log VALUES (?, ?, 1, ?)", -1, &insert, nil))
        defer { sqlite3_finalize(insert) }
        return try Stopwatch.rate(count) {
            for start in stride(from: 0, to: count, by: batch) {
                try execute("BEGIN IMMEDIATE")
                for number in start..<min(start + batch, count) {
                    sqlite3_bind_int64(insert, 1, Int64(number + 1))
                    sqlite3_bind_int64(insert, 2, Clocks.wallMilliseconds())
                    try records[number % records.count].withUnsafeBytes {
                        // The bytes live until the statement is reset (SQLITE_STATIC).
                        sqlite3_bind_blob(insert, 3, $0.baseAddress, Int32($0.count), nil)
                        try check(sqlite3_step(insert))
                        sqlite3_reset(insert)
                    }
                }
                try execute("COMMIT")
            }
        }
    }
}
