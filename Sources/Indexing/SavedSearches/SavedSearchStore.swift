import Articles
package import Messaging
import SQLite

/// The saved searches, in a database of their own beside the index: they are written while articles are indexed, and
/// outlive an index that is made again.
package final class SavedSearchStore {
    /// The most that are kept.
    package static let limit = 100_000

    /// The version of the table.
    package static let stateVersion = StateVersion("the saved searches", known: 1, in: .header)

    private let connection: Connection

    /// Opens the store and makes its table where there is none.
    package init(path: String) throws {
        connection = try Connection(path: path)
        try connection.configure(durability: .full)
        try connection.transaction {
            try SavedSearchStore.stateVersion.check(connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS saved_search(
                    name TEXT PRIMARY KEY, query TEXT NOT NULL, created_ms INTEGER NOT NULL) WITHOUT ROWID
                """)
            try SavedSearchStore.stateVersion.note(in: connection)
        }
    }

    /// There are too many.
    package struct TooMany: Error, Equatable, CustomStringConvertible {
        package var description: String { "there are \(SavedSearchStore.limit) saved searches, which is the most" }
    }

    /// Saves a search, in place of the one of the same name; returns whether there was one.
    package func save(_ search: SavedSearch) throws -> Bool {
        try connection.transaction {
            let known = try connection.statement("SELECT 1 FROM saved_search WHERE name=?").bind(1, search.name)
            defer { known.reset() }
            let isKnown = try known.step()
            if !isKnown, try connection.scalar("SELECT count(*) FROM saved_search") ?? 0 >= SavedSearchStore.limit {
                throw TooMany()
            }
            try connection.statement("INSERT OR REPLACE INTO saved_search(name, query, created_ms) VALUES (?, ?, ?)")
                .bind(1, search.name).bind(2, search.query).bind(3, search.created.milliseconds).run()
            return isKnown
        }
    }

    /// Removes a search; returns whether it was there.
    package func remove(_ name: String) throws -> Bool {
        try connection.statement("DELETE FROM saved_search WHERE name=?").bind(1, name).run()
        return connection.changes > 0
    }

    /// Returns searches in the order of their names.
    ///
    /// - Parameters:
    ///   - name: only those behind it.
    ///   - limit: at most so many.
    package func searches(behind name: String = "", limit: Int = limit) throws -> [SavedSearch] {
        var searches: [SavedSearch] = []
        try connection.statement(
            "SELECT name, query, created_ms FROM saved_search WHERE name>? ORDER BY name LIMIT ?"
        ).bind(1, name).bind(2, limit).forEachRow {
            searches.append(
                SavedSearch(
                    name: $0.string(0), query: $0.string(1), created: Timestamp(milliseconds: $0.int64(2))))
        }
        return searches
    }

    /// A number that is another one when another connection has written since it was asked for last.
    func change() throws -> Int64 { try connection.scalar("PRAGMA data_version") ?? 0 }
}
