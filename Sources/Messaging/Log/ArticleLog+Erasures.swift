package import Articles
import SQLite

extension ArticleLog {
    /// Puts a `gone` record in the place of a record, inside the owner's open transaction: the place stays, its words go.
    ///
    /// After COMMIT the owner hands ``takeReplaced()`` to its ``LogServer``, which may have the record in memory.
    package func erase(_ hit: LogScan.Hit, leaving gone: GoneRecord) throws {
        var gone = gone
        gone.seqs = []
        try replace(hit.seq, by: gone.encodeRecord())
    }

    /// Puts other bytes in the place of a record, inside the owner's open transaction.
    package func replace(_ seq: UInt64, by record: [UInt8]) throws {
        precondition(connection.isInTransaction, "a record is replaced in the owner's transaction")
        try connection.statement("UPDATE log SET rec=? WHERE seq=?").bind(1, record).bind(2, Int64(clamping: seq)).run()
        noteReplaced(ReplacedRecord(seq: seq, bytes: record))
    }

    /// Appends a `gone` record inside the owner's open transaction on every topic that the erased articles had, for whoever
    /// has read past their places; it takes effect once however often it comes.
    ///
    /// - Returns: the sequence numbers of its copies; nil where there is no topic.
    @discardableResult
    package func append(gone: GoneRecord, topics: Set<String>) throws -> ClosedRange<UInt64>? {
        guard !topics.isEmpty else { return nil }
        let first = head + 1
        let record = gone.encodeRecord()
        for topic in topics.sorted() { _ = try append(topic: Topic(stored: topic), record: record) }
        return first...head
    }

    /// Returns the topics that the articles of a source have on this log.
    ///
    /// - Parameter source: what stands for it in topics.
    package func articleTopics(of source: String) -> [String] { topicNames(under: "art/\(Topic.part(source))/") }
}
