import Messaging
import SQLite

/// The tables of the status service, beside those of its results log on the same connection.
enum StatusSchema {
    /// The version of the tables.
    static let stateVersion = StateVersion(
        "the store of results", known: 5, in: .row(table: "meta", key: "status_schema"))

    /// Makes the tables where there are none, and those of an earlier version into this one's. The results log's `meta`
    /// must be there.
    ///
    /// - Parameter judge: called where it is not known which versions of articles are current, within the transaction.
    static func prepare(_ connection: Connection, judge: () throws -> Void) throws {
        try connection.transaction {
            let found = try stateVersion.check(connection)
            // Two sets of tables had the number 5: the first one knew no hours, and counted otherwise. What has no index
            // of failures has an earlier one, with which each was looked up.
            let isComplete =
                try found == stateVersion.known && has("article_hour", connection) && has("result_failure", connection)
            if let found, !isComplete {
                try stateVersion.upgrade(connection, from: found) { try upgrade(connection, from: found, judge) }
            } else {
                try connection.execute(tables)
            }
            try stateVersion.note(in: connection)
        }
    }

    private static func upgrade(_ connection: Connection, from version: Int64, _ judge: () throws -> Void) throws {
        if version == 1 { try connection.execute(secondVersion) }
        if try isWithoutStreams("quarantine", connection) { try connection.execute(fourthVersion) }
        let hasHours = try has("article_hour", connection)
        try connection.execute("DROP INDEX IF EXISTS result_failed")
        try connection.execute(tables)
        if try connection.scalar("SELECT count(*) FROM pragma_table_info('result') WHERE name='places'") == 0 {
            try connection.execute("ALTER TABLE result ADD COLUMN places TEXT")
        }
        if !hasHours { try connection.execute(fifthVersion) }
        if version == 1 { try judge() }
    }

    /// There is a table or an index of this name.
    private static func has(_ name: String, _ connection: Connection) throws -> Bool {
        try connection.scalar("SELECT 1 FROM sqlite_schema WHERE name='\(name)'") != nil
    }

    /// Articles were hidden or not; now they stand in one of more ways, and kills are rows of their own.
    private static let secondVersion = """
        ALTER TABLE article RENAME COLUMN hidden TO standing;
        ALTER TABLE article ADD COLUMN version TEXT;
        ALTER TABLE article ADD COLUMN warning TEXT;
        DROP INDEX article_uri;
        """

    private static func isWithoutStreams(_ table: String, _ connection: Connection) throws -> Bool {
        let columns = "SELECT count(*) FROM pragma_table_info('\(table)')"
        return try connection.scalar(columns) ?? 0 > 0 && connection.scalar(columns + " WHERE name='stream'") == 0
    }

    /// There was one watcher; another host may have the same paths.
    private static let fourthVersion = """
        CREATE TABLE IF NOT EXISTS quarantine_gone(directory TEXT, path TEXT, part INTEGER);
        ALTER TABLE quarantine RENAME TO quarantine_3;
        ALTER TABLE quarantine_gone RENAME TO quarantine_gone_3;
        DROP INDEX IF EXISTS quarantine_time;
        \(quarantine)
        INSERT INTO quarantine SELECT coalesce((SELECT min(stream) FROM cursor), 1), directory, path, time_ms, record
            FROM quarantine_3;
        INSERT INTO quarantine_gone SELECT coalesce((SELECT min(stream) FROM cursor), 1), directory, path, part
            FROM quarantine_gone_3;
        DROP TABLE quarantine_3;
        DROP TABLE quarantine_gone_3;
        """

    /// There was no history by source and by hour: it is counted from the articles that are there, in steps.
    private static let fifthVersion = """
        DELETE FROM source_day;
        DELETE FROM source;
        DELETE FROM meta WHERE k='sources_counted_to';
        INSERT OR REPLACE INTO meta(k, v) VALUES ('articles_counted_to', (SELECT coalesce(max(row), 0)+1 FROM article));
        """

    private static let quarantine = """
        CREATE TABLE IF NOT EXISTS quarantine(
            stream INTEGER NOT NULL, directory TEXT NOT NULL, path TEXT NOT NULL, time_ms INTEGER NOT NULL,
            record BLOB NOT NULL, PRIMARY KEY(stream, directory, path));
        CREATE INDEX IF NOT EXISTS quarantine_time ON quarantine(time_ms);
        CREATE TABLE IF NOT EXISTS quarantine_gone(
            stream INTEGER NOT NULL, directory TEXT NOT NULL, path TEXT NOT NULL, part INTEGER NOT NULL,
            PRIMARY KEY(stream, directory, path, part)) WITHOUT ROWID;
        """

    // Row ids count arrivals: what is listed and paged goes by them, so that a page never shifts under its reader. Keys
    // that are random (an article's id) are kept as short as they can be: each costs an index look-up an insert. The index
    // of failures has their status, too, which is always the same: without it SQLite reads each one's row to look.
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
        \(quarantine)
        CREATE TABLE IF NOT EXISTS kind(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
        CREATE TABLE IF NOT EXISTS result(
            stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
            gen INTEGER NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, time_ms INTEGER NOT NULL,
            verdict TEXT, dead INTEGER NOT NULL, record BLOB NOT NULL, places TEXT,
            PRIMARY KEY(stream, epoch, seq, kind)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS result_failure ON result(time_ms, stream, epoch, seq, kind, dead, status)
            WHERE status='failed';
        CREATE INDEX IF NOT EXISTS result_dead ON result(kind, stream, epoch, seq) WHERE dead=1;
        CREATE TABLE IF NOT EXISTS wish(
            kind INTEGER NOT NULL, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            action TEXT NOT NULL, time_ms INTEGER NOT NULL, operator TEXT, told_ms INTEGER,
            PRIMARY KEY(kind, stream, epoch, seq)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS total(name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS minute(
            minute INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(minute, name))
            WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS source(
            id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS source_day(
            source INTEGER NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL, hours BLOB,
            PRIMARY KEY(source, day)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS article_hour(
            hour INTEGER PRIMARY KEY, first_row INTEGER NOT NULL, last_row INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS followed_before(
            stream INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS storage_hour(
            name TEXT NOT NULL, hour INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY(name, hour)) WITHOUT ROWID;
        """
}
