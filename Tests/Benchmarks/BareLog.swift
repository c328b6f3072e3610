import CSQLite
import Linux

/// The log's table through SQLite's own C functions, with the log's pragmas: what keeping bytes durably costs at least.
final class BareLog {
    private var handle: OpaquePointer?
    private var insert: OpaquePointer?
    private var count: Int64 = 0

    /// Makes the table in a new file, with the index on topics or without it.
    init(path: String, isIndexed: Bool = true) throws {
        let flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        try check(sqlite3_open_v2(path, &handle, flags, nil))
        try execute(
            """
            PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;
            CREATE TABLE log(seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, topic INTEGER NOT NULL, rec BLOB NOT NULL);
            """)
        if isIndexed { try execute("CREATE INDEX log_topic ON log(topic, seq)") }
        try check(sqlite3_prepare_v2(handle, "INSERT INTO log VALUES (?, ?, 1, ?)", -1, &insert, nil))
    }

    deinit {
        sqlite3_finalize(insert)
        sqlite3_close_v2(handle)
    }

    /// Runs a transaction; it is durable at the end.
    func transaction(_ body: () throws -> Void) throws {
        try execute("BEGIN IMMEDIATE")
        try body()
        try execute("COMMIT")
    }

    /// Appends a record.
    func append(_ record: UnsafeRawBufferPointer) throws {
        count += 1
        sqlite3_bind_int64(insert, 1, count)
        sqlite3_bind_int64(insert, 2, Clocks.wallMilliseconds())
        // The bytes live until the statement is reset (SQLITE_STATIC).
        sqlite3_bind_blob(insert, 3, record.baseAddress, Int32(record.count), nil)
        try check(sqlite3_step(insert))
        sqlite3_reset(insert)
    }

    private func execute(_ sql: String) throws { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK || code == SQLITE_DONE else {
            throw BenchmarkFailure("SQLite: \(String(cString: sqlite3_errmsg(handle)))")
        }
    }
}
