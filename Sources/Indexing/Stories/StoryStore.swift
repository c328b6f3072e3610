import Articles
import FoundationEssentials
package import Messaging
import SQLite
import Telemetry

/// Which articles belong to one story, as the deduplicator's results say it: in a database of its own beside the index,
/// since results are not kept for as long as the archive, and an index may be made again.
///
/// Each row links an article with an article of the same story. Articles that are linked by others between them are one
/// story, whatever id the deduplicator calls it by at the time: so a merge is one more link, and a first article that is
/// withdrawn changes nothing. The ids of articles are all that is kept of them.
package final class StoryStore {
    /// The version of the tables.
    package static let stateVersion = StateVersion("the stories", known: 1, in: .header)

    private let connection: Connection
    /// The places in streams of results up to which they were taken in.
    let cursors: CursorTable
    private let logger = Logger(label: "stories")

    /// Opens the store and makes its tables where there are none.
    package init(path: String) throws {
        connection = try Connection(path: path)
        // What a loss of power takes is read again: the cursor goes with it.
        try connection.configure(durability: .normal)
        cursors = try connection.transaction { [connection] in
            try StoryStore.stateVersion.check(connection)
            let cursors = try CursorTable("story_cursor", in: connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS story_link(
                    number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, story TEXT NOT NULL,
                    generation INTEGER NOT NULL, UNIQUE(article, story));
                CREATE TABLE IF NOT EXISTS story_revision(revision INTEGER NOT NULL);
                INSERT INTO story_revision SELECT 0 WHERE NOT EXISTS(SELECT 1 FROM story_revision);
                """)
            try StoryStore.stateVersion.note(in: connection)
            return cursors
        }
    }

    /// Takes in `result` records and moves the cursor behind them, in one transaction.
    package func apply(_ records: [[UInt8]], next: Cursor) throws {
        try connection.transaction {
            for bytes in records {
                guard RecordType.of(bytes) == .result else { continue }
                do { try take(try JSONDecoder().decode(ResultRecord.self, from: Data(bytes))) } catch {
                    guard error is DecodingError else { throw error }
                    logger.warning(
                        "A result could not be read; its article's story is not known.", [.reason: "\(error)"])
                }
            }
            try cursors.save(next)
        }
    }

    private func take(_ result: ResultRecord) throws {
        guard result.kind == StoryFollower.kind, result.status == .ok, let article = result.articleID,
            let story = result.data["story"]?.stringValue.flatMap({ ArticleID($0) })
        else { return }
        let generation = Int64(result.generation)
        let known = try connection.statement("SELECT max(generation) FROM story_link WHERE article=?")
            .bind(1, article.description)
        let last = try known.step() && !known.isNull(0) ? known.int64(0) : generation
        known.reset()
        guard last <= generation else { return }
        if last < generation {
            // The work was done again: what was said before does not hold, and does not come back.
            try connection.statement("DELETE FROM story_link WHERE article=? AND generation<?")
                .bind(1, article.description).bind(2, generation).run()
            try connection.execute("UPDATE story_revision SET revision=revision+1")
        }
        let merged = (result.data["merged_stories"]?.arrayValue ?? []).compactMap {
            $0.stringValue.flatMap { ArticleID($0) }
        }
        for other in [story] + merged where other != article || last < generation {
            try connection.statement("INSERT OR IGNORE INTO story_link(article, story, generation) VALUES (?, ?, ?)")
                .bind(1, article.description).bind(2, other.description).bind(3, generation).run()
        }
    }
}
