package import Articles
package import Messaging
package import SQLite

/// Makes a worker of the deduplicator: judges each article and passes unique ones and revisions on to a stream of its own.
package final class DeduplicationProcessor: StatefulProcessor {
    package let kind = "deduplicate"
    private let deduplicator: Deduplicator
    private let publish: ([LogRecord]) -> Void
    private let replace: ([ReplacedRecord]) -> Void
    private var connection: Connection?
    private let opened: (ArticleLog) -> Void
    private let retention: Duration
    private var log: ArticleLog?
    private var nextTrim = ContinuousClock.now

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - retention: how long records are kept on the stream.
    ///   - opened: called once with the stream of unique articles, when it is open.
    ///   - replace: called after a commit with what has other bytes on the stream since.
    ///   - publish: called after each commit with what was appended to the stream: its ``LogServer`` serves it.
    package init(
        deduplicator: Deduplicator, retention: Duration = .seconds(7 * 86_400),
        opened: @escaping (ArticleLog) -> Void = { _ in },
        replace: @escaping ([ReplacedRecord]) -> Void = { _ in },
        publish: @escaping ([LogRecord]) -> Void
    ) {
        self.deduplicator = deduplicator
        self.retention = retention
        self.opened = opened
        self.publish = publish
        self.replace = replace
    }

    package func prepare(_ connection: Connection) throws {
        let log = try ArticleLog(connection: connection)
        self.log = log
        self.connection = connection
        try deduplicator.prepare(connection)
        opened(log)
    }

    package func apply(_ item: WorkItem) throws -> WorkResult {
        let place = Deduplicator.Place(
            stream: item.position.stream.description, epoch: item.position.epoch, seq: item.position.seq,
            timeMilliseconds: item.position.timeMilliseconds)
        guard try !deduplicator.isKilled(item.article) else { return .skipped("its publisher has withdrawn it") }
        let judgement = try deduplicator.judge(item.article, at: place, record: item.bytes) {
            // The record's own bytes; its topic is a function of the article, the same as on the first stream.
            let topic = Topic.article(source: item.article.source, language: item.article.language)
            _ = try log?.append(topic: topic, record: item.bytes)
        }
        var data = judgement.data
        if !deduplicator.joinedStories.isEmpty {
            // Who follows stories by results has no other way to learn that two of them are one.
            data["merged_stories"] = .array(deduplicator.joinedStories.map { .string($0.description) })
        }
        return .ok(data)
    }

    package func kill(_ kill: KillRecord, bytes: [UInt8], at position: Position) throws {
        // A publisher may send it with every version: once is enough for whoever follows the stream.
        guard let survivors = try deduplicator.kill(source: kill.source, uri: kill.uri) else { return }
        let topic = Topic.article(source: kill.source, language: kill.language ?? "und")
        _ = try log?.append(kill: bytes, topic: topic)
        for survivor in survivors { _ = try log?.append(topic: Topic(stored: survivor.topic), record: survivor.record) }
    }

    package func erase(_ gone: GoneRecord, at position: Position) throws {
        guard let log, let subject = gone.subject else { return }
        let erased = try deduplicator.erase(gone, at: position)
        let hits = try hits(erased, subject, gone.cause)
        var topics = Set(hits.map(\.topic))
        for hit in hits {
            try log.erase(
                hit,
                leaving: GoneRecord(
                    subject, id: hit.id, source: gone.source, cause: gone.cause, reason: gone.reason,
                    erased: gone.erased))
        }
        if case .versions(let source, _) = subject, erased.isNew { topics.formUnion(log.articleTopics(of: source)) }
        let told = GoneRecord(
            subject, source: gone.source, cause: gone.cause, reason: gone.reason, erased: gone.erased,
            seqs: hits.map(\.seq))
        try log.append(gone: told, topics: topics)
        for survivor in erased.survivors {
            _ = try log.append(topic: Topic(stored: survivor.topic), record: survivor.record)
        }
    }

    /// Returns the records of erased articles on the stream of unique ones.
    ///
    /// A record is there soon after its article was committed, so it is looked for from that time on. Where a released copy
    /// stands nobody knows, nor what of an article stands there that has left the window: then all of the stream is looked
    /// at, for an operator's word.
    private func hits(
        _ erased: Deduplicator.Erased, _ subject: ErasureSubject, _ cause: ErasureCause
    ) throws -> [LogScan.Hit] {
        guard let connection else { return [] }
        if erased.isUnknown {
            return cause == .operator ? try LogScan.hits(of: ErasureMatcher([subject]), in: connection) : []
        }
        return try erased.passedOn.flatMap { passed -> [LogScan.Hit] in
            guard let first = try LogScan.firstSeq(at: passed.time, in: connection) else { return [] }
            return try LogScan.hits(
                of: ErasureMatcher([.article(passed.id)]), in: connection, from: first,
                limit: passed.isReleased ? .max : 1)
        }
    }

    package func didRollBack() throws { try log?.forgetAppended() }

    package func didCommit() throws {
        let appended = log?.takeAppended() ?? []
        let replaced = log?.takeReplaced() ?? []
        if !replaced.isEmpty { replace(replaced) }
        if !appended.isEmpty { publish(appended) }
        // Where nothing comes nothing grows, so work is the time to look.
        guard nextTrim <= .now else { return }
        nextTrim = .now + .seconds(60)
        try log?.trim(keeping: retention)
    }
}
