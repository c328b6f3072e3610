import Messaging
import SQLite

/// The tables of the index and archive, beside the worker's own in one database.
///
/// `document` has a row for every record that was kept, narrow enough to be read whole by a searcher; the records
/// themselves stand apart in `record`, compressed (``RecordPacker``). A row never changes but for its state, and its number
/// is never used again (`index_meta` has the last one), so what a searcher read once stays true. Every index costs each
/// commit a page: a row is found by `key_hash`, which is that of its id where it has no `uri`, and only else by `id_hash`.
///
/// `article_text` holds no text (contentless): rows leave it by the `'delete'` command with the values that went in, which
/// the stored record gives again. Its own table of document lengths is left out (`columnsize=0`), since `document.words`
/// has them where a searcher reads them all at once.
enum IndexSchema {
    /// The version of the tables.
    static let stateVersion = StateVersion("the index", known: 4, in: .row(table: "index_meta", key: "schema"))

    /// The columns of `article_text`, in their order.
    static let columns = ["title", "text", "byline", "keywords"]

    static let tables = """
        CREATE TABLE IF NOT EXISTS index_meta(k TEXT PRIMARY KEY, v INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS index_name(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,
            UNIQUE(kind, name));
        CREATE TABLE IF NOT EXISTS document(
            number INTEGER PRIMARY KEY, state INTEGER NOT NULL, words INTEGER NOT NULL,
            date_ms INTEGER NOT NULL, source INTEGER NOT NULL, language INTEGER NOT NULL, stream INTEGER NOT NULL,
            epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL, key_hash INTEGER NOT NULL,
            id_hash INTEGER NOT NULL, id TEXT NOT NULL, uri TEXT, version TEXT, section INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX IF NOT EXISTS document_key ON document(key_hash);
        CREATE INDEX IF NOT EXISTS document_content ON document(id_hash) WHERE uri IS NOT NULL;
        CREATE TABLE IF NOT EXISTS record(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS killed(
            source TEXT NOT NULL, uri TEXT NOT NULL, stream INTEGER NOT NULL, epoch INTEGER NOT NULL,
            seq INTEGER NOT NULL, PRIMARY KEY(source, uri)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS erased(id TEXT PRIMARY KEY) WITHOUT ROWID;
        """

    /// The full text. Its pages are merged in larger steps than by default: a news index is written all day.
    static func text(table: String) -> String {
        """
        CREATE VIRTUAL TABLE IF NOT EXISTS \(table) USING fts5(
            \(columns.joined(separator: ", ")), content='', columnsize=0, tokenize='\(ArticleTokenizer.name)');
        INSERT INTO \(table)(\(table), rank) VALUES ('hashsize', \(16 << 20));
        """
    }

    /// The condition that a row of `document` holds a content: its id, whose hash is `?1`, is `?2`.
    static let holdsContent = """
        id=?2 AND number IN (
            SELECT number FROM document WHERE key_hash=?1 AND uri IS NULL
            UNION ALL SELECT number FROM document WHERE id_hash=?1 AND uri IS NOT NULL)
        """

    /// What a row of `index_name` names.
    enum NameKind: Int { case source = 0, language, stream, section }

    /// What an older version of Dropwire left to be done to what it stored.
    struct Arrears: OptionSet {
        let rawValue: Int

        /// No document has its section yet.
        static let sections = Arrears(rawValue: 1)
        /// The text was tokenized otherwise and must be written again.
        static let text = Arrears(rawValue: 2)
    }

    /// Checks, makes or upgrades the tables; returns what is left to be done with what they hold.
    static func prepare(_ connection: Connection) throws -> Arrears {
        let found = try stateVersion.check(connection)
        try connection.execute(tables)
        var arrears: Arrears = []
        if let found, found < stateVersion.known {
            if found == 1 {
                try connection.execute("ALTER TABLE document ADD COLUMN section INTEGER NOT NULL DEFAULT 0")
                arrears.insert(.sections)
            }
            // Records that the second one stored stay as they are: ``RecordPacker`` reads both forms.
            try connection.execute(
                """
                DROP INDEX IF EXISTS document_id;
                DROP INDEX IF EXISTS document_position;
                INSERT OR REPLACE INTO index_meta SELECT 'last', seq FROM sqlite_sequence WHERE name='document'
                """)
        }
        try stateVersion.note(in: connection)
        try connection.execute(
            "INSERT OR IGNORE INTO index_meta VALUES ('identity', \(Int64.random(in: 1...Int64.max)))")
        let tokenizer = try value("tokenizer", connection)
        if tokenizer == Int64(ArticleTokenizer.version) { return arrears }
        try connection.execute("DROP TABLE IF EXISTS article_text")
        try TextRebuild.forget(connection)
        try connection.execute(text(table: "article_text"))
        try connection.execute("INSERT OR REPLACE INTO index_meta VALUES ('tokenizer', \(ArticleTokenizer.version))")
        if tokenizer != nil { arrears.insert(.text) }
        return arrears
    }

    /// Whether the tables and their text are of this version.
    static func isCurrent(_ connection: Connection) throws -> Bool {
        let isThere = try connection.scalar("SELECT 1 FROM sqlite_schema WHERE name='index_meta'") != nil
        return try isThere && value("schema", connection) == stateVersion.known
            && value("tokenizer", connection) == Int64(ArticleTokenizer.version)
    }

    /// The highest number that any document ever had.
    static func lastNumber(_ connection: Connection) throws -> Int64 {
        let highest = try connection.scalar("SELECT max(number) FROM document") ?? 0
        return max(try value("last", connection) ?? 0, highest)
    }

    /// Keeps the number of the last document, should it go.
    static func save(lastNumber: Int64, _ connection: Connection) throws {
        try connection.statement("INSERT OR REPLACE INTO index_meta VALUES ('last', ?)").bind(1, lastNumber).run()
    }

    /// The number by which this index is told from any other.
    static func identity(_ connection: Connection) throws -> Int64 { try value("identity", connection) ?? 0 }

    private static func value(_ name: String, _ connection: Connection) throws -> Int64? {
        try connection.scalar("SELECT v FROM index_meta WHERE k='\(name)'")
    }
}

/// What a row of `document` is.
enum DocumentState: Int {
    /// The shown version: its text is in the index.
    case current = 0
    /// An older version, kept.
    case superseded
    /// The newest version, withheld or canceled by its publisher.
    case hidden
}
