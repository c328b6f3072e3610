import Articles
import FoundationEssentials
import Messaging
package import SQLite

/// Makes the full text anew from the archive, beside the one that is searched and written meanwhile.
///
/// A new table is filled in the order of the documents, a slice a transaction, from any process; whoever writes articles
/// takes out of it, too, what leaves the index behind its place (``ArticleIndex/writeText()``), and what comes has higher
/// numbers, so that the filling gets there. With the last slice the two change their names in one transaction. What is
/// killed in between goes on where the last committed slice ended. Searches see one table or the other, which say the same.
package final class TextRebuild {
    /// How far it is.
    package struct Progress: Sendable, Equatable {
        /// Articles whose text was put into the new table, and how many were shown when it was begun.
        package var done: Int
        package var total: Int
        /// The new text is searched, and nothing is left of the old one.
        package var isFinished: Bool

        /// Makes one.
        package init(done: Int, total: Int, isFinished: Bool) {
            self.done = done
            self.total = total
            self.isFinished = isFinished
        }
    }

    /// The index is not of the kind that this version writes.
    package struct NotPrepared: Error, CustomStringConvertible {
        package let path: String
        package var description: String {
            "rebuild the text of '\(path)': another version of Dropwire made it; start `dropwire index` of this one once"
        }
    }

    /// The table that is filled.
    static let table = "article_text_new"
    /// The one that was searched before, on its way out.
    private static let old = "article_text_old"

    private let connection: Connection
    private let index: ArticleIndex
    private var progress = Progress(done: 0, total: 0, isFinished: false)

    /// Takes a connection of its own to an index that ``ArticleIndex/prepare()`` has prepared.
    package init(connection: Connection) throws {
        self.connection = connection
        index = try ArticleIndex(connection: connection)
    }

    /// The first document that is not in the new table yet; nil where none is filled.
    static func place(_ connection: Connection) throws -> Int64? {
        try connection.scalar("SELECT v FROM index_meta WHERE k='rebuild'")
    }

    /// Leaves nothing of one that was begun; inside the caller's transaction.
    static func forget(_ connection: Connection) throws {
        try connection.execute(
            "DELETE FROM index_meta WHERE k='rebuild'; DROP TABLE IF EXISTS \(table); DROP TABLE IF EXISTS \(old)")
    }

    /// Begins, or goes on with what was begun.
    ///
    /// - Parameter isAnew: what was begun is thrown away.
    /// - Returns: how far an earlier one came.
    package func begin(isAnew: Bool = false) throws -> Progress {
        try connection.transaction {
            try IndexSchema.stateVersion.check(connection)
            guard try IndexSchema.isCurrent(connection) else { throw NotPrepared(path: connection.path) }
            if isAnew { try TextRebuild.forget(connection) }
            if try TextRebuild.place(connection) == nil {
                try connection.execute(IndexSchema.text(table: TextRebuild.table))
                try connection.execute("INSERT INTO index_meta VALUES ('rebuild', 1)")
            }
            progress = Progress(
                done: try countArticles(before: TextRebuild.place(connection) ?? 1),
                total: try countArticles(before: .max), isFinished: false)
        }
        return progress
    }

    /// Takes the next step in a transaction: fills in some articles, puts the new table in its place, or removes a part of the
    /// old one.
    ///
    /// - Parameter bytes: about so much of records is read, which bounds how long writers wait.
    /// - Throws: also what `isBusy`, where writers are faster: then it is to be called again.
    package func step(bytes: Int = 1 << 20) throws -> Progress {
        progress = try connection.transaction {
            guard try IndexSchema.isCurrent(connection) else { throw NotPrepared(path: connection.path) }
            var progress = progress
            if try connection.scalar("SELECT 1 FROM sqlite_schema WHERE name='\(TextRebuild.old)'") != nil {
                try sweep(bytes)
            } else if let place = try TextRebuild.place(connection) {
                progress.done += try fill(from: place, bytes)
            } else {
                progress.isFinished = true
            }
            return progress
        }
        return progress
    }

    private func countArticles(before place: Int64) throws -> Int {
        let query = try connection.statement("SELECT count(*) FROM document WHERE state=0 AND number<?").bind(1, place)
        defer { query.reset() }
        return try query.step() ? query.int(0) : 0
    }

    /// Returns how many articles it filled in.
    private func fill(from place: Int64, _ limit: Int) throws -> Int {
        let documents = try connection.statement(
            "SELECT number, bytes FROM document JOIN record USING (number) WHERE state=0 AND number>=? ORDER BY number"
        ).bind(1, place)
        defer { documents.reset() }
        var size = 0
        var count = 0
        while try documents.step() {
            let record = try index.packer.record(documents.bytes(1))
            let article = try JSONDecoder().decode(Article.self, from: Data(record))
            try index.write(
                index.tokenizer.read(article), number: documents.int64(0), isIn: true, table: TextRebuild.table)
            size += record.count
            count += 1
            if size >= limit {
                try connection.statement("UPDATE index_meta SET v=? WHERE k='rebuild'")
                    .bind(1, documents.int64(0) + 1).run()
                return count
            }
        }
        try connection.execute(
            """
            ALTER TABLE article_text RENAME TO \(TextRebuild.old);
            ALTER TABLE \(TextRebuild.table) RENAME TO article_text;
            DELETE FROM index_meta WHERE k='rebuild'
            """)
        return count
    }

    /// To drop a large table at once would keep writers waiting for as long as it takes to read it.
    private func sweep(_ bytes: Int) throws {
        // A row of FTS5's data has about 4 KB; what it opens the table by stands in those up to 10.
        try connection.execute(
            """
            DELETE FROM \(TextRebuild.old)_data WHERE id IN
                (SELECT id FROM \(TextRebuild.old)_data WHERE id>10 LIMIT \(max(1, bytes / 1024)))
            """)
        if connection.changes == 0 { try connection.execute("DROP TABLE \(TextRebuild.old)") }
    }
}
