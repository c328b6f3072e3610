import Articles
import SQLite

/// What is asked of stories as a whole, and the records of copies, which are kept in case that their first is withdrawn.
extension DeduplicationStore {
    /// So many records of a story are kept, the earliest.
    static let keptRecords: Int64 = 8

    /// Makes what belongs to it where there is none.
    func prepareStories() throws {
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS dedup_record(
                doc INTEGER PRIMARY KEY, story INTEGER NOT NULL, topic TEXT NOT NULL, record BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS dedup_record_story ON dedup_record(story);
            CREATE INDEX IF NOT EXISTS dedup_document_uri ON dedup_document(uri_key) WHERE uri_key<>0;
            CREATE INDEX IF NOT EXISTS dedup_document_copy ON dedup_document(sketch) WHERE sketch<>doc;
            CREATE INDEX IF NOT EXISTS dedup_document_story ON dedup_document(story) WHERE verdict<>'unique';
            """)
    }

    /// The versions of an article, in the order of arrival.
    func documents(replacementKey: UInt64) throws -> [DocumentRow] {
        var rows: [DocumentRow] = []
        try connection.statement(
            "SELECT \(Self.columns) FROM dedup_document WHERE uri_key=? AND uri_key<>0 ORDER BY doc"
        ).bind(1, Int64(bitPattern: replacementKey)).forEachRow { rows.append(try Self.row($0)) }
        return rows
    }

    /// The earliest, or the latest, document of a story that passes; stories that were merged into it are others here.
    func document(
        ofStory story: Int64, latest: Bool = false, where isWanted: (DocumentRow) throws -> Bool
    ) throws -> DocumentRow? {
        let starter = try document(story).flatMap { try $0.story == story && isWanted($0) ? $0 : nil }
        if !latest, let starter { return starter }
        let query = try connection.statement(
            """
            SELECT \(Self.columns) FROM dedup_document WHERE story=? AND verdict<>'unique'
            ORDER BY doc \(latest ? "DESC" : "")
            """
        ).bind(1, story)
        defer { query.reset() }
        while try query.step() {
            let row = try Self.row(query)
            if try isWanted(row) { return row }
        }
        return starter
    }

    /// The earliest exact duplicate of a document that passes.
    func copy(of document: Int64, where isWanted: (DocumentRow) throws -> Bool) throws -> DocumentRow? {
        let query = try connection.statement(
            "SELECT \(Self.columns) FROM dedup_document WHERE sketch=? AND sketch<>doc ORDER BY doc"
        ).bind(1, document)
        defer { query.reset() }
        while try query.step() {
            let row = try Self.row(query)
            if try isWanted(row) { return row }
        }
        return nil
    }

    // MARK: Records

    /// Keeps the record of a copy, where its story has not as many as are kept.
    func keep(_ record: [UInt8], topic: String, document: Int64, story: Int64) throws {
        let count = try connection.statement("SELECT count(*) FROM dedup_record WHERE story=?").bind(1, story)
        defer { count.reset() }
        guard try count.step(), count.int64(0) < Self.keptRecords else { return }
        try connection.statement("INSERT OR REPLACE INTO dedup_record(doc, story, topic, record) VALUES (?, ?, ?, ?)")
            .bind(1, document).bind(2, story).bind(3, topic).bind(4, record).run()
    }

    /// The record of a copy that was kept.
    func record(_ document: Int64) throws -> (topic: String, record: [UInt8])? {
        let query = try connection.statement("SELECT topic, record FROM dedup_record WHERE doc=?").bind(1, document)
        defer { query.reset() }
        return try query.step() ? (query.string(0), query.bytes(1)) : nil
    }

    /// Notes that a copy was passed on after all.
    func release(_ document: Int64) throws {
        try connection.statement("UPDATE dedup_document SET traits=traits|? WHERE doc=?")
            .bind(1, DocumentRow.Traits.isReleased.rawValue).bind(2, document).run()
        try connection.statement("DELETE FROM dedup_record WHERE doc=?").bind(1, document).run()
    }

    /// Removes what is kept of the text of a withdrawn article.
    func forgetText(replacementKey: UInt64) throws {
        let key = Int64(bitPattern: replacementKey)
        try connection.statement(
            "DELETE FROM dedup_record WHERE doc IN (SELECT doc FROM dedup_document WHERE uri_key=? AND uri_key<>0)"
        ).bind(1, key).run()
        try connection.statement("UPDATE dedup_document SET added=NULL WHERE uri_key=? AND uri_key<>0").bind(1, key)
            .run()
    }
}
