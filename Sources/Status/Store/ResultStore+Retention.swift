import Messaging
import SQLite

extension ResultStore {
    /// How much one step of retention removes at most.
    static let retentionStep = 500

    /// Removes some of what is older than `time`: articles with their results, files, minutes of the history.
    ///
    /// A step is small, so that reports do not wait for it.
    ///
    /// - Returns: whether there may be more to remove.
    package func removeSome(before time: Int64, minutesBefore minute: Int64) throws -> Bool {
        try connection.transaction {
            var ends: [(stream: Int64, epoch: Int64, seq: Int64)] = []
            // Rows stand in the order of their arrival: the oldest are the first. Without an index, or SQLite would take the
            // one that groups, and go through all of it.
            try connection.statement(
                """
                SELECT stream, epoch, max(seq) FROM (SELECT stream, epoch, seq FROM article NOT INDEXED WHERE time_ms<?
                    AND row<(SELECT min(row) FROM article)+?) GROUP BY stream, epoch
                """
            ).bind(1, time).bind(2, ResultStore.retentionStep).forEachRow {
                ends.append(($0.int64(0), $0.int64(1), $0.int64(2)))
            }
            var removed = 0
            for end in ends {
                // By range and not one by one, so that results go too whose article was never seen.
                try connection.statement("DELETE FROM result WHERE stream=? AND epoch=? AND seq<=?")
                    .bind(1, end.stream).bind(2, end.epoch).bind(3, end.seq).run()
                try connection.statement("DELETE FROM article WHERE stream=? AND epoch=? AND seq<=? AND time_ms<?")
                    .bind(1, end.stream).bind(2, end.epoch).bind(3, end.seq).bind(4, time).run()
                removed += connection.changes
            }
            try connection.statement(
                "DELETE FROM file WHERE time_ms<? AND row<(SELECT min(row) FROM file)+?"
            ).bind(1, time).bind(2, ResultStore.retentionStep).run()
            removed += connection.changes
            // That an article is killed stays known for ever; when and why, as long as articles do.
            try connection.statement(
                "DELETE FROM kill WHERE time_ms<? AND row<(SELECT min(row) FROM kill)+?"
            ).bind(1, time).bind(2, ResultStore.retentionStep).run()
            removed += connection.changes
            try connection.execute("DELETE FROM article_hour WHERE last_row<(SELECT min(row) FROM article)")
            try connection.statement("DELETE FROM minute WHERE minute<?").bind(1, minute).run()
            return removed >= ResultStore.retentionStep
        }
    }

    /// Removes some of what is oldest, where the store is larger than `limit`: articles with their results, files, and the
    /// records of the results log that are as old.
    ///
    /// - Returns: whether there may be more to remove.
    package func removeSome(above limit: Int64) throws -> Bool {
        guard try log.usedBytes() > limit else { return false }
        // Where no article is left the log may still be large.
        let end =
            try connection.scalar(
                "SELECT time_ms+1 FROM article WHERE row<(SELECT min(row) FROM article)+\(ResultStore.retentionStep) "
                    + "ORDER BY row DESC LIMIT 1")
            ?? connection.scalar("SELECT time_ms+1 FROM log ORDER BY seq LIMIT 1 OFFSET \(ResultStore.retentionStep)")
        guard let end else { return false }
        _ = try removeSome(before: end, minutesBefore: 0)
        _ = try log.trim(before: end, notPast: log.head)
        try shrink()
        return true
    }

    /// Gives some pages that retention has freed back to the file system.
    package func shrink() throws { try connection.execute("PRAGMA incremental_vacuum(64)") }
}
