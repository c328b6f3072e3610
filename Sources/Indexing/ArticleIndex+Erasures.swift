package import Articles
package import Messaging
import SQLite

/// Erasing: an article's words leave the archive and the index.
extension ArticleIndex {
    /// Erases one content, or an article with all of its versions, within the caller's transaction. It may precede its
    /// article, and is for ever where it is an operator's word.
    ///
    /// Of a newest version a row stays without its record, so that no older one is shown in its place. The words are out of
    /// the index with ``writeText()``; its segments name them, each by itself and in no order, until they are merged.
    package func erase(_ gone: GoneRecord, at position: Position) throws {
        switch gone.subject {
        case .versions(let source, let uri) where gone.cause == .operator:
            _ = try kill(source: source, uri: uri, at: position)
        case .versions(let source, let uri):
            for row in try versions(source: source, uri: uri) { try erase(row) }
        case .article(let id):
            if gone.cause == .operator { try noteErased(id) }
            for row in try rows(id: id) { try erase(row) }
        case nil: break
        }
    }

    private func erase(_ row: Row) throws {
        if row.state == .current { try takeOut(row.number) }
        guard row.state != .superseded else { return try delete(row.number) }
        try connection.statement("UPDATE document SET state=? WHERE number=?")
            .bind(1, DocumentState.hidden.rawValue).bind(2, row.number).run()
        try connection.statement("DELETE FROM record WHERE number=?").bind(1, row.number).run()
    }

    private func rows(id: ArticleID) throws -> [Row] {
        var rows: [Row] = []
        let text = id.description
        try connection.statement("SELECT \(ArticleIndex.rowColumns) FROM document WHERE \(IndexSchema.holdsContent)")
            .bind(1, ArticleIndex.hash(text)).bind(2, text).forEachRow { rows.append(read($0)) }
        return rows
    }

    private func noteErased(_ id: ArticleID) throws {
        try connection.statement("INSERT OR IGNORE INTO erased(id) VALUES (?)").bind(1, id.description).run()
        hasErased = true
    }

    /// Returns whether a content was erased for ever.
    func isErased(_ id: ArticleID) throws -> Bool {
        guard hasErased else { return false }
        let query = try connection.statement("SELECT 1 FROM erased WHERE id=?").bind(1, id.description)
        defer { query.reset() }
        return try query.step()
    }
}
