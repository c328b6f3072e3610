import DropwireClient
import SQLite
import TestSupport

/// A store of the caller's: a table of titles and a checkpoint, in one transaction.
final class CallersStore: Sendable {
    private let path: String

    init(_ path: String) throws {
        self.path = path
        let connection = try open()
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS article(seq INTEGER PRIMARY KEY, title TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS checkpoint(one INTEGER PRIMARY KEY, text TEXT NOT NULL);
            """)
    }

    private func open() throws -> SQLite.Connection {
        let connection = try SQLite.Connection(path: path)
        try connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")
        return connection
    }

    func checkpoint() throws -> Checkpoint? {
        let query = try open().statement("SELECT text FROM checkpoint")
        defer { query.reset() }
        guard try query.step() else { return nil }
        guard let checkpoint = Checkpoint(query.string(0)) else { throw Trouble("it is no checkpoint") }
        return checkpoint
    }

    /// Applies a batch; `body` may throw, and makes a result of an article.
    func apply(_ batch: WorkBatch, _ body: (WorkItem) throws -> WorkResult?) throws {
        let connection = try open()
        try connection.transaction {
            for item in batch.articles {
                // A record that came twice in effect would break the key.
                try connection.statement("INSERT INTO article(seq, title) VALUES (?, ?)")
                    .bind(1, Int64(item.position.seq)).bind(2, item.article.title ?? "").run()
                if let result = try body(item) { batch.report(result, on: item) }
            }
            try connection.statement("INSERT OR REPLACE INTO checkpoint(one, text) VALUES (1, ?)")
                .bind(1, batch.checkpoint.description).run()
        }
    }

    func titles() throws -> [String] {
        var titles: [String] = []
        try open().statement("SELECT title FROM article ORDER BY seq").forEachRow { titles.append($0.string(0)) }
        return titles
    }
}
