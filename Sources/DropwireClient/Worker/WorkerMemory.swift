import Articles
import SQLite

/// What a worker remembers from one article to the next: values by name, in a file of the worker's own.
///
/// What is set for an article is committed together with the place in the log and with the article's result, or not at all.
/// It is to be used only within the call that it was given to.
public final class WorkerMemory {
    private let connection: SQLite.Connection

    init(_ connection: SQLite.Connection) { self.connection = connection }

    /// Makes the table.
    static func prepare(_ connection: SQLite.Connection) throws {
        try connection.execute("CREATE TABLE IF NOT EXISTS memory(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
    }

    /// Returns what was remembered under a name; nil where nothing was.
    public func value(_ name: String) throws -> JSONValue? {
        let query = try connection.statement("SELECT value FROM memory WHERE name=?").bind(1, name)
        defer { query.reset() }
        return try query.step() ? JSONReader.read(query.bytes(0)) : nil
    }

    /// Remembers a value under a name; nil forgets it.
    public func set(_ name: String, to value: JSONValue?) throws {
        guard let value else {
            try connection.statement("DELETE FROM memory WHERE name=?").bind(1, name).run()
            return
        }
        var writer = JSONWriter(capacity: 64)
        value.write(to: &writer)
        try connection.statement("INSERT OR REPLACE INTO memory(name, value) VALUES (?, ?)").bind(1, name)
            .bind(2, writer.bytes).run()
    }

    /// Returns the names that begin with some text, in the order of their bytes.
    public func names(beginningWith prefix: String = "", limit: Int = 1000) throws -> [String] {
        var names: [String] = []
        try connection.statement(
            "SELECT name FROM memory WHERE name>=?1 AND substr(name, 1, length(?1))=?1 ORDER BY name LIMIT ?2"
        ).bind(1, prefix).bind(2, limit).forEachRow { names.append($0.string(0)) }
        return names
    }
}
