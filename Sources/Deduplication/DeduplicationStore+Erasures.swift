import Articles
import SQLite

/// Removing what is kept of texts.
extension DeduplicationStore {
    /// The documents of a content, in the order of arrival; over all rows.
    func documents(id: ArticleID) throws -> [DocumentRow] {
        var rows: [DocumentRow] = []
        try connection.statement("SELECT \(Self.columns) FROM dedup_document WHERE id=? ORDER BY doc")
            .bind(1, Self.blob(id)).forEachRow { rows.append(try Self.row($0)) }
        return rows
    }

    /// Marks a document as erased, and removes its record and excerpts.
    func erase(_ document: Int64) throws {
        let traits: DocumentRow.Traits = [.isErased, .isWithheld]
        try connection.statement("UPDATE dedup_document SET traits=traits|?, added=NULL WHERE doc=?")
            .bind(1, traits.rawValue).bind(2, document).run()
        try connection.statement("DELETE FROM dedup_record WHERE doc=?").bind(1, document).run()
    }

    /// Removes a sketch and its shingles, where no document is left whose text they are of.
    ///
    /// - Returns: what was counted of its lines; nil where it stays, or was not there.
    func eraseSketch(_ document: Int64) throws -> [UInt32]? {
        let users = try connection.statement(
            "SELECT EXISTS(SELECT 1 FROM dedup_document WHERE (doc=?1 OR sketch=?1 AND sketch<>doc) AND sketch=?1 "
                + "AND traits&?2=0)"
        ).bind(1, document).bind(2, DocumentRow.Traits.isErased.rawValue)
        defer { users.reset() }
        guard try users.step(), users.int(0) == 0 else { return nil }
        let lines = try lines(document)
        for table in ["dedup_sketch", "dedup_shingles"] {
            try connection.statement("DELETE FROM \(table) WHERE doc=?").bind(1, document).run()
        }
        // A row that names a sketch has one: the next start holds the two to each other.
        try connection.statement("UPDATE dedup_document SET sketch=NULL WHERE doc=?1 AND sketch=?1").bind(1, document)
            .run()
        try connection.statement("UPDATE dedup_document SET sketch=NULL WHERE sketch=? AND sketch<>doc")
            .bind(1, document).run()
        return lines
    }
}
