import SQLite

/// The tables of the status service, beside those of its results log on the same connection.
enum StatusSchema {
    /// The version of the tables; a database of a newer version is refused.
    static let version: Int64 = 3

    /// A database that a newer program wrote.
    struct TooNew: Error, CustomStringConvertible {
        let path: String
        let version: Int64
        var description: String {
            "the store in '\(path)' was written by a newer dropwire (schema \(version), this one knows "
                + "\(StatusSchema.version)): install that version again"
        }
    }

    /// Makes the tables where there are none, and those of an older version into this one's. The results log's `meta`
    /// must be there.
    ///
    /// - Parameter judge: called where it is not known which versions of articles are current, within the transaction.
    static func prepare(_ connection: Connection, judge: () throws -> Void) throws {
        try connection.transaction {
            let known = try connection.scalar("SELECT v FROM meta WHERE k='status_schema'")
            if let known, known > version { throw TooNew(path: connection.path, version: known) }
            if known == 1 { try connection.execute(secondVersion) }
            try connection.execute(tables)
            if try connection.scalar("SELECT count(*) FROM pragma_table_info('result') WHERE name='places'") == 0 {
                try connection.execute("ALTER TABLE result ADD COLUMN places TEXT")
            }
            if known == 1 { try judge() }
            try connection.statement("INSERT OR REPLACE INTO meta(k, v) VALUES ('status_schema', ?)")
                .bind(1, version).run()
        }
    }

    /// Articles were hidden or not; now they stand in one of more ways, and kills are rows of their own.
    private static let secondVersion = """
        ALTER TABLE article RENAME COLUMN hidden TO standing;
        ALTER TABLE article ADD COLUMN version TEXT;
        ALTER TABLE article ADD COLUMN warning TEXT;
        DROP INDEX article_uri;
        """

    // Row ids count arrivals: what is listed and paged goes by them, so that a page never shifts under its reader. Keys
    // that are random (an article's id) are kept as short as they can be: each costs an index look-up an insert.
    private static let tables = """
        CREATE TABLE IF NOT EXISTS stream(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
        CREATE TABLE IF NOT EXISTS cursor(
            stream INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS article(
            row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            time_ms INTEGER NOT NULL, id BLOB NOT NULL, source TEXT NOT NULL, uri TEXT, title TEXT,
            language TEXT NOT NULL, published_ms INTEGER, received_ms INTEGER, path TEXT, standing INTEGER NOT NULL,
            version TEXT, warning TEXT, record BLOB NOT NULL, UNIQUE(stream, epoch, seq));
        CREATE INDEX IF NOT EXISTS article_id ON article(id);
        CREATE INDEX IF NOT EXISTS article_source ON article(source, row);
        CREATE INDEX IF NOT EXISTS article_versions ON article(uri, source, standing) WHERE uri IS NOT NULL;
        CREATE INDEX IF NOT EXISTS article_path ON article(path);
        CREATE TABLE IF NOT EXISTS killed(source TEXT NOT NULL, uri TEXT NOT NULL, PRIMARY KEY(source, uri))
            WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS kill(
            row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            time_ms INTEGER NOT NULL, source TEXT NOT NULL, uri TEXT NOT NULL, record BLOB NOT NULL,
            UNIQUE(stream, epoch, seq));
        CREATE INDEX IF NOT EXISTS kill_uri ON kill(uri, source);
        CREATE TABLE IF NOT EXISTS file(
            row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            time_ms INTEGER NOT NULL, directory TEXT NOT NULL, path TEXT NOT NULL, outcome TEXT NOT NULL,
            first_seq INTEGER, last_seq INTEGER, record BLOB NOT NULL, UNIQUE(stream, epoch, seq));
        CREATE INDEX IF NOT EXISTS file_path ON file(path);
        CREATE TABLE IF NOT EXISTS quarantine(
            directory TEXT NOT NULL, path TEXT NOT NULL, time_ms INTEGER NOT NULL, record BLOB NOT NULL,
            PRIMARY KEY(directory, path));
        CREATE INDEX IF NOT EXISTS quarantine_time ON quarantine(time_ms);
        CREATE TABLE IF NOT EXISTS quarantine_gone(
            directory TEXT NOT NULL, path TEXT NOT NULL, part INTEGER NOT NULL, PRIMARY KEY(directory, path, part))
            WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS kind(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
        CREATE TABLE IF NOT EXISTS result(
            stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
            gen INTEGER NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, time_ms INTEGER NOT NULL,
            verdict TEXT, dead INTEGER NOT NULL, record BLOB NOT NULL, places TEXT,
            PRIMARY KEY(stream, epoch, seq, kind)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS total(name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS minute(
            minute INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(minute, name))
            WITHOUT ROWID;
        """
}
